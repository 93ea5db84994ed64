"""What `perfeval explain` tells: every kind of step, in the field's words, with its clause."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from perfeval.explaining import Explained, Explanation, Step, clause, explain
from perfeval.explaining.clauses import common
from perfeval.explaining.summary import OUTCOMES, particulars, summary
from perfeval.messages import render
from perfeval.policy import list_policies, load_policy
from perfeval.policy.model import CERTAINTIES
from perfeval.reviewing import review
from perfeval.scoring import ScoreResult, score
from tests.scoring import Row, write
from tests.scoring import run as scored

Run = Callable[..., tuple[int, str, str]]
PUBLISHED = Path(__file__).parent / "data" / "published" / "selfeval.csv"
EXAMPLE = ("--actuals", "examples/actuals.csv", "--specs", "specs")


@pytest.fixture(name="run")
def run_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    from perfeval.cli import main

    monkeypatch.setenv("COLUMNS", "100")

    def command(*words: str) -> tuple[int, str, str]:
        status = main([*words, "--lang", "en"] if "--lang" not in words else list(words))
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def indicator(folder: Path, target: Row, actual: Row | None, policy: str = "general") -> Explained:
    """The explanation of one indicator of 20 points."""
    actuals = [] if actual is None else [{"indicator": "甲", **actual}]
    actuals.append({"indicator": "乙", "actual": "1"})
    targets = [{"indicator": "甲", "weight": "20", **target},
               {"indicator": "乙", "weight": "80", "target": "≥ 1 人"}]  # fmt: skip
    result = scored(folder, targets, actuals, policy=policy)
    return next(iter(explain(result).projects())).indicators[0]


def told(steps: tuple[Step, ...], lang: str = "zh") -> list[str]:
    return [render(step.template, step.values, lang) for each in steps for _, step in each.walk()]


ARITHMETIC: list[tuple[Row, Row, str, list[str]]] = [
    # What is asked, what was done, under which policy, and the words that must be told.
    ({"target": "≥ 9000 人"}, {"actual": "0.8万人"}, "general",
     ["换算：0.8 万人 = 0.8 × 10000 = 8000 人（小数点右移 4 位）", "8000 ≥ 9000 不成立：未达成",
      "完成率 = 实际值 ÷ 目标值 = 8000 ÷ 9000 ≈ 0.8889", "系数 ≈ 0.8889：比例法，系数就是完成率",
      "满分 × 系数 = 20 × 8000 ÷ 9000 ≈ 17.7778", "四舍五入到两位小数：17.7778 → 17.78",
      "得分 17.78（满分 20）"]),
    ({"target": "≥ 48 万元"}, {"actual": "482,300元"}, "general",
     ["读作 482300 元", "换算：482300 元 = 482300 ÷ 10000 = 48.23 万元（小数点左移 4 位）",
      "48.23 ≥ 48 成立：达成", "系数 = 1：比例法，达到 1 及以上取此值"]),
    ({"target": "≤ 10 万元"}, {"actual": "15"}, "general",
     ["完成率 = 目标值 ÷ 实际值 = 10 ÷ 15 ≈ 0.6667", "得分 13.33（满分 20）"]),
    ({"target": "≤ 10 万元"}, {"actual": "15"}, "provincial",
     ["完成率 = 2 − 实际值 ÷ 目标值 = 2 − 15 ÷ 10 = 0.5", "满分 × 系数 = 20 × 0.5 = 10"]),
    ({"target": "≤ 10 万元"}, {"actual": "25"}, "provincial",
     ["完成率 = 2 − 实际值 ÷ 目标值 = 2 − 25 ÷ 10 = −0.5",
      "系数 = 0：比例法，不到 0 时取此值"]),
    ({"target": "≤ 10 万元"}, {"actual": "0"}, "general",
     ["系数 = 1：实际值 0 好于任何完成率所能表示"]),
    ({"target": "= 0 件"}, {"actual": "1"}, "general",
     ["系数 = 0：目标值 0 不能作除数，只看是否达到；没有达到", "得分 0.00（满分 20）"]),
    ({"target": "≤ 0 件"}, {"actual": "0"}, "general",
     ["系数 = 1：目标值 0 不能作除数，只看是否达到；已达到"]),
    ({"target": "= 0 件"}, {"actual": "-1"}, "general",
     ["−1 = 0 不成立：未达成", "系数 = 1：目标值为 0，−1 ≤ 0，按达到计"]),
    ({"target": "> 5 人"}, {"actual": "5"}, "general",
     ["5 > 5 不成立：未达成", "实际值恰好等于目标值：按达到计分", "得分 20.00（满分 20）"]),
    ({"target": "≥ 100 人", "pass_threshold": "0.6"}, {"actual": "59"}, "general",
     ["系数 = 0：低于及格线 0.6"]),
    ({"target": "≥ 100 人", "pass_threshold": "0.6"}, {"actual": "60"}, "general",
     ["达到该指标的及格线 0.6", "系数 = 0.6：比例法，系数就是完成率"]),
    ({"target": "≥ 95 %", "rule": "satisfaction"}, {"actual": "85"}, "mof-2021",
     ["按满意度法计分：指标自己指定", "满意度法只看实际值，不看目标值，取 85",
      "系数 = (85 − 60) ÷ (90 − 60) ≈ 0.8333：满意度法，从 60 到 90 之间由 0 升到 1",
      "满分 × 系数 = 20 × (85 − 60) ÷ (90 − 60) ≈ 16.6667"]),
    ({"target": "≥ 3 人", "rule": "direct"}, {"actual": "2"}, "general",
     ["达标法只看是否达到目标，取 0", "得分 0.00（满分 20）"]),
    ({"target": "≥ 1000 人", "weight": "0.05"}, {"actual": "300"}, "general",
     ["恰好半分，进位：0.015 → 0.02"]),
    ({"target": "≥ 3 人"}, {"actual": "3", "deduction": "1.5"}, "general",
     ["减去扣分：20.00 − 1.5 = 18.50", "得分 18.50（满分 20）"]),
    ({"target": "≥ 3 人"}, {"actual": "0", "deduction": "1.5"}, "general",
     ["减去扣分：0.00 − 1.5 不足 0 分，按 0.00 计"]),
]  # fmt: skip

UNDECIDED: list[tuple[Row, Row | None, list[str]]] = [
    ({"target": "≥ 3 人"}, None,
     ["实际值没有填写，什么情况都有可能", "最低 0.00 分", "最高 20.00 分"]),
    ({"target": "≥ 3 人"}, {"actual": "大约五六个"}, ["尚不能确定，按最低和最高各计一次："]),
    ({"target": "≥ 3 人"}, {"actual": "达成"}, ["“达成”不是数，不能与目标值比较"]),
    ({"target": "≥ 3 人"}, {"actual": "5%"}, ["5% 不能换算为 人：单位种类不同，或含义不清"]),
    ({"target": "≥ 400 人"}, {"actual": "200余人"},
     ["读作不少于 200 人：没有写出准确数", "最低 10.00 分", "系数 = 1：实际值再大也是如此"]),
    ({"target": "≤ 50 人"}, {"actual": "200余人"},
     ["系数 = 0：实际值再大也是如此", "最高 5.00 分"]),
    ({"target": "≥ 150 人"}, {"actual": "200余人"}, ["尚不能确定，但最低和最高得分相同："]),
    ({"target": "3 人"}, {"actual": "3"}, ["没有写明方向（≥ ≤ = > <），无从判定"]),
    ({"target": "效果明显"}, {"actual": "部分达成"},
     ["由人判断落在哪一档", "实际值自己说明了完成情况：“部分达成”",
      "落在“部分达成”档：系数 0.6 至 0.8",
      "档内的系数还没有给出，须由人给出", "最低 12.00 分", "最高 16.00 分"]),
    ({"target": "效果明显"}, {"actual": "部分达成(70%)"},
     ["系数 = 0.7：由人在档内给出", "得分 14.00（满分 20）"]),
    ({"target": "效果明显"}, {"actual": "部分达成(90%)"}, ["给出的系数 0.9 不在这一档之内"]),
    ({"target": "优"}, {"actual": "良"}, ["判定条件：不低于“优”", "“良”低于“优”：没有达到要求"]),
    ({"target": "良"}, {"actual": "优"}, ["“优”不低于“良”：达成", "落在“达成”档：系数 0.8 至 1"]),
    ({"target": "9月底前"}, {"actual": "8月"},
     ["判定条件：不迟于 2023-09-30", "2023-08-31 不迟于 2023-09-30：按时", "系数 = 1：按时完成"]),
    ({"target": "9月底前"}, {"actual": "10月15日"}, ["2023-10-15 迟于 2023-09-30：逾期"]),
    # A deadline with two readings: what is printed is what was compared.
    ({"target": "9月前"}, {"actual": "8月"},
     ["判定条件：从严不迟于 2023-08-31，从宽不迟于 2023-09-30",
      "2023-08-31 不迟于 2023-08-31（从严）：按时", "系数 = 1：按时完成"]),
    ({"target": "9月前"}, {"actual": "9月"},
     ["2023-09-01 至 2023-09-30 对照期限 2023-08-31（从严）或 2023-09-30（从宽）："
      "可能按时，也可能逾期",
      "最低 0.00 分", "最高 20.00 分"]),
    ({"target": "9月前"}, {"actual": "10月"}, ["2023-10-01 迟于 2023-09-30（从宽）：逾期"]),
    ({"target": "2023年9月15日前"}, {"actual": "2023年9月15日"},
     ["2023-09-15 对照期限 2023-09-14（从严）或 2023-09-15（从宽）：可能按时，也可能逾期"]),
    ({"target": "9月底前"}, {"actual": "2023年"},
     ["2023-01-01 至 2023-12-31 对照期限 2023-09-30：可能按时，也可能逾期"]),
    ({"target": "≥ 3 人", "rule": "graded"}, {"actual": "3"}, ["3 人 ≥ 3 人 成立"]),
]  # fmt: skip


@pytest.mark.parametrize(("target", "actual", "policy", "words"), ARITHMETIC)
def test_arithmetic(
    tmp_path: Path, target: Row, actual: Row, policy: str, words: list[str]
) -> None:
    """The steps, in their order, in the words of a self-evaluation."""
    target = {"rule": "proportional", "pass_threshold": "", **target}
    lines = told(indicator(tmp_path, target, actual, policy).derivation.steps)
    assert [line for line in lines if line in words] == words, lines


@pytest.mark.parametrize(("target", "actual", "words"), UNDECIDED)
def test_what_is_judged_or_not_certain(
    tmp_path: Path, target: Row, actual: Row | None, words: list[str]
) -> None:
    lines = told(indicator(tmp_path, target, actual).derivation.steps)
    assert [line for line in lines if line in words] == words, lines


def test_what_does_not_apply_leaves_its_points_to_the_others(tmp_path: Path) -> None:
    targets = [{"indicator": name, "weight": weight, "target": "≥ 3 人"}
               for name, weight in (("甲", "20"), ("乙", "80"))]  # fmt: skip
    actuals = [{"indicator": "甲", "actual": "", "applicable": "否"},
               {"indicator": "乙", "actual": "2"}]  # fmt: skip
    spent = [{"budget": "100", "spent": "76"}]
    project = next(iter(explain(scored(tmp_path, targets, actuals, spent)).projects()))
    first, second = (told(each.derivation.steps) for each in project.indicators)
    assert first[-2:] == ["实际值：不适用", "不计分：该指标不适用"]
    for line in (
        "满分 = 分值 × 折算比例 = 80 × 100 ÷ 80 × 90 ÷ 100 = 90",
        "不适用的指标不计，100 分中余 80 分，其分值由其他指标按比例分摊",
        "预算执行参与计分，指标由 100 分折算为 90 分",
    ):
        assert line in second
    assert told(project.derivation.steps) == [
        "指标（1 项）：60.00 = 60.00",
        "不适用（1 项）：甲；其分值由其他指标按比例分摊",
        "预算执行：7.60 分（满分 10）",
        "预算执行率 = 全年执行数 ÷ 全年（调整）预算数 = 76 ÷ 100 = 0.76",
        "分值 × 执行率 = 10 × 76 ÷ 100 = 7.6",
        "总分 = 60.00 + 7.60 = 67.60",
        "等级：中",
        "67.60 ≥ 60，且 < 80：中",
        "再得 12.40 分即为良",
    ]


def test_a_project_tells_what_could_still_change(tmp_path: Path) -> None:
    targets = [{"indicator": "甲", "weight": "70", "target": "≥ 3 人", "core": "是"},
               {"indicator": "乙", "weight": "30", "target": "≥ 3 人"}]  # fmt: skip
    result = scored(tmp_path, targets, [{"indicator": "甲", "actual": "3"}])
    project = next(iter(explain(result).projects()))
    assert told(project.derivation.steps) == [
        "指标（2 项）最低：70.00 + 0.00 = 70.00",
        "指标（2 项）最高：70.00 + 30.00 = 100.00",
        "总分最低 = 70.00",
        "总分最高 = 100.00",
        "等级：中或优，尚未确定",
        "70.00 ≥ 60，且 < 80：中",
        "100.00 ≥ 90：优",
        "待定共 30.00 分：",
        "乙：30.00 分",
        "核心指标（1 项），与其他指标同样计分：",
        "甲：达成",
    ]


def test_a_review_tells_claim_difference_decision_and_findings(tmp_path: Path) -> None:
    """The claim of S14 that is plainly wrong (docs/published-review.md)."""
    decisions = write(tmp_path / "decisions.csv", [{
        "project": "S14", "indicator": "烘干包装设备", "decision": "扣分", "deduction": "8.96",
        "role": "复核组长", "date": "2024-03-01", "reason": "仅完成 20 套",
    }])  # fmt: skip
    project = explain(review(PUBLISHED, decisions=decisions)).project("S14")
    found = next(each for each in project.indicators if each.indicator == "烘干包装设备")
    assert told(found.claim) == [
        "表中没有印符号，按指标含义推定为 ≥",
        "自评 9.30 分，重算 0.34 分，相差 9.30 − 0.34 = 8.96",
        "复核决定：扣分，按 0.34 分计（复核组长，2024-03-01：仅完成 20 套）",
    ]
    assert [row["code"] for row in found.findings] == ["R102", "R702"]
    lines = told(project.derivation.steps)
    assert "这里只有表的一部分，各项之和不代表整个项目" in lines
    assert not any(line.startswith("等级") for line in lines)


def test_a_sign_is_assumed_only_where_there_is_one(tmp_path: Path) -> None:
    """Words have no sign: nothing was assumed for them, and nothing is said of it."""
    for project in explain(review(PUBLISHED)).projects():
        for each in project.indicators:
            assert not any(line.rstrip().endswith("推定为") for line in told(each.claim)), each


def test_a_project_without_a_total_is_shown_without_one(run: Run) -> None:
    """S01 (docs/published-review.md) claims execution, but prints no amounts."""
    asked = ("explain", "S01", "--claims", str(PUBLISHED))
    _, out, _ = run(*asked, "--lang", "zh")
    assert re.search(r"S01 +—$", out, re.MULTILINE)
    assert "总分最" not in out
    assert "总分：—" in out
    _, out, _ = run(*asked, "--format", "json")
    project = json.loads(out)["projects"][0]
    assert [project[name] for name in ("score", "low", "high")] == [None, None, None]


@pytest.mark.parametrize(
    ("target", "key"),
    [("≤ 0 件", "zero-target"), ("= 0 件", "zero-target"), ("≥ 0 件", "no-ratio"),
     ("< 0 件", "no-ratio"), ("= -5 %", "no-ratio"), ("≤ -5 %", "no-ratio")],
)  # fmt: skip
def test_only_what_is_known_of_zero_is_called_verified(
    tmp_path: Path, target: str, key: str
) -> None:
    """Of ≤ 0 and = 0 deployed systems are known; negative targets and ≥ 0 follow from them."""
    steps = indicator(tmp_path, {"target": target}, {"actual": "-5"}).derivation.steps
    assert [step.key for step in steps if step.kind == "zero-target"] == [key]
    assert common()[key].certainty == {"zero-target": "verified", "no-ratio": "inferred"}[key]


def test_reviews_explain_every_claim() -> None:
    """All 97 published rows, also those without weight, target or actual."""
    result = review(PUBLISHED)
    explained = [each for project in explain(result).projects() for each in project.indicators]
    assert sorted(each.row for each in explained) == list(range(97))
    claims = result.claims
    for each in explained:
        assert (each.derivation.low, each.derivation.high) == claims.select("low", "high").row(
            each.row
        )


def _steps(explanation: Explanation) -> Iterator[Step]:
    for project in explanation.projects():
        yield from (step for _, step in project.derivation.walk())
        for each in project.indicators:
            yield from (step for _, step in each.derivation.walk())


@pytest.mark.parametrize("policy", list_policies())
def test_every_key_rests_on_something(tmp_path: Path, policy: str) -> None:
    """Each key that a step names has a source, in both languages, and says how sure it is."""
    targets: list[Row] = []
    actuals: list[Row] = []
    cases = [(target, actual) for target, actual, _, _ in ARITHMETIC]
    for target, actual in (*cases, *((target, actual) for target, actual, _ in UNDECIDED)):
        name = {"indicator": f"指标{len(targets)}"}
        targets.append({"weight": "3", **name, **target})
        actuals += [{**name, **actual}] if actual else []
    spent = [{"budget": "100", "spent": "76"}]
    explanation = explain(scored(tmp_path, targets, actuals, spent, policy=policy))
    keys = {step.key for step in _steps(explanation)} - {""}
    assert {"rounding", "bounds", "units", "levels", "deadline", "zero-target"} <= keys
    for key in keys:
        found = clause(key, explanation.policy)
        assert found is not None, key
        assert found.source.zh
        assert found.source.en
        assert bool(found.text.zh) == bool(found.text.en)
        assert found.certainty in CERTAINTIES


def test_clauses_say_which_policy_of_the_chain_states_a_key() -> None:
    policy = load_policy("mof-2021")
    satisfaction = clause("choose.when", policy)
    less = clause('operators."≤"', policy)
    assert satisfaction is not None
    assert less is not None
    assert (satisfaction.policy, satisfaction.certainty) == ("mof-2021", "inferred")
    assert (less.policy, less.certainty) == ("general", "verified")
    assert all(each.text.zh and each.text.en for each in common().values())


def test_a_clause_of_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'schema = 1\nid = "own"\nname = "本地"\nextends = "general"\n'
        '[source]\ntext = "某文件"\ncertainty = "verified"\n'
        '[clauses."operator"]\ntext = "第三条"\n',
        encoding="utf-8",
    )
    from perfeval.problems import InputError

    with pytest.raises(InputError, match=r'own.toml:8: .*"operator".*no key.*operators'):
        load_policy(str(path))


def _example() -> ScoreResult:
    return score("examples/actuals.csv", "specs", "examples/execution.csv")


def test_a_batch_is_summed_up_by_the_ways_it_was_scored() -> None:
    result = _example()
    explanation = explain(result)
    ways = summary(explanation)
    counts = result.receipt["counts"]["indicators"]
    assert ways["indicators"].sum() == counts["total"]
    assert ways["low"].sum() == result.indicators["low"].sum()
    assert ways["high"].sum() == result.indicators["high"].sum()
    outcomes = dict(ways.group_by("outcome").agg(n=ways["indicators"].sum()).iter_rows())
    assert set(outcomes) <= set(OUTCOMES)
    special = particulars(explanation)
    assert special["not-applicable"] == counts["not_applicable"]
    assert special["refused"] == counts["rejected"]
    # The columns say the same as the steps.
    steps = [
        {step.kind for _, step in each.derivation.walk()}
        for project in explanation.projects()
        for each in project.indicators
    ]
    assert special["conversion"] == sum("conversion" in kinds for kinds in steps)
    assert special["deduction"] == sum("deduction" in kinds for kinds in steps)


@pytest.mark.parametrize("named", ["50011023T000003385078", "机关事业单位退休干部管理及活动专项",
                                   " 机关事业单位退休干部管理及活动专项 "])  # fmt: skip
def test_a_project_is_named_by_code_or_name(run: Run, named: str) -> None:
    status, out, err = run("explain", named, *EXAMPLE)
    assert (status, err) == (0, "")
    assert "50011023T000003385078" in out.splitlines()[1]
    assert "One indicator step by step: add its name" in out


def test_one_indicator_in_full(run: Run) -> None:
    status, out, _ = run("explain", "212001", "就创培训", *EXAMPLE, "--lang", "zh")
    assert status == 0
    assert out.splitlines()[3:14] == [
        "就创培训  产出指标 / 数量指标".ljust(84) + "4.90",
        "|- 目标值写作“≥ 60 场”  specs/212001.toml:37",
        "|  `- 判定条件：实际值 ≥ 60 场",
        "|- 实际值写作“57”  examples/actuals.csv:5",
        "|- 57 ≥ 60 不成立：未达成",
        "|- 完成率 = 实际值 ÷ 目标值 = 57 ÷ 60 = 0.95  [1]",
        "|- 系数 = 0.95：比例法，系数就是完成率  [2]",
        "|- 满分 = 分值 × 折算比例 = 5 × 100 ÷ 97 ≈ 5.1546",
        "|  `- 不适用的指标不计，100 分中余 97 分，其分值由其他指标按比例分摊  [3]",
        "|- 满分 × 系数 = 5 × 100 ÷ 97 × 0.95 ≈ 4.8969",
        "|- 四舍五入到两位小数：4.8969 → 4.90  [4]",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", ["80", "120"])
def test_no_line_is_wider_than_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, lang: str, width: str
) -> None:
    from perfeval.reports.text import width as cells

    monkeypatch.setenv("COLUMNS", width)
    for words in (["职业技能鉴定专项", "--all"], ["212001"], ["--summary"]):
        status, out, _ = run("explain", *words, *EXAMPLE, "--lang", lang)
        assert status == 0
        assert max(map(cells, out.splitlines())) <= int(width)


MISTAKES = [
    (["走访"], "there is no project of the code or name 走访"),
    (["机关事业单位退休干部管理"],
     "did you mean 机关事业单位退休干部管理及活动专项?"),
    (["385078"], "did you mean 50011023T000003385078?"),
    (["212001", "就创培讯"], "has no indicator 就创培讯 (did you mean 就创培训?)"),
    (["212001", "甲"], "has no indicator 甲; it has 城镇新增就业, 公务服务机构职业介绍"),
    ([], "name the project to explain, or --summary for the whole batch"),
    (["212001", "--summary"], "--summary is for the whole batch; leave the project out"),
    (["212001", "--claims", "a.csv"], "leave --actuals and --execution out"),
    (["212001", "--decisions", "a.csv"], "--decisions belong to --claims; name these too"),
    (["212001", "-o", "a.pdf"], "does not tell the format; add --format, one of text, json"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), MISTAKES)
def test_mistakes(run: Run, words: list[str], message: str) -> None:
    status, out, err = run("explain", *words, *EXAMPLE)
    assert (status, out) == (2, "")
    assert message in err


def test_actuals_of_the_working_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one(tmp_path)
    monkeypatch.chdir(tmp_path)
    status, out, _ = run("explain", "P1", "--specs", "specs.csv")
    assert status == 0
    assert "走访慰问" in out
    (tmp_path / "actuals.xlsx").write_bytes(b"")
    status, _, err = run("explain", "P1", "--specs", "specs.csv")
    assert status == 2
    assert "both actuals.xlsx, actuals.csv are here; name the actuals" in err
    (tmp_path / "actuals.xlsx").unlink()
    (tmp_path / "actuals.csv").unlink()
    status, _, err = run("explain", "P1", "--specs", "specs.csv")
    assert status == 2
    assert "name the actuals with --actuals FILE" in err


def one(folder: Path) -> None:
    explain_files(
        folder,
        [{"indicator": "甲", "target": "≥ 9000 人"}],
        [{"indicator": "甲", "actual": "8000"}],
    )


def test_names_are_text_and_nothing_else(run: Run, tmp_path: Path) -> None:
    """What would act on a terminal is shown; braces in names are no fields."""
    name = "甲\x1b[31m{score}"
    targets = [{"indicator": name, "target": "≥ 3 {amount}"}]
    result = explain_files(tmp_path, targets, [{"indicator": name, "actual": "{written}"}])
    status, out, _ = run("explain", "P1", "--all", *result)
    assert status == 0
    assert "\x1b" not in out
    assert "甲\\x1b[31m{score}" in out
    assert "{written}" in out


def explain_files(folder: Path, targets: Sequence[Row], actuals: Sequence[Row]) -> list[str]:
    scored(folder, targets, actuals)
    return ["--actuals", str(folder / "actuals.csv"), "--specs", str(folder / "specs.csv")]


def test_json(run: Run, tmp_path: Path) -> None:
    """Stable keys, exact values as decimals or fractions, the same bytes every time."""
    files = explain_files(tmp_path, [{"indicator": "甲", "target": "≥ 9000 人"}],
                          [{"indicator": "甲", "actual": "8000"}])  # fmt: skip
    status, out, _ = run("explain", "P1", "甲", *files, "--format", "json")
    assert status == 0
    assert run("explain", "P1", "甲", *files, "--format", "json")[1] == out
    content = json.loads(out)
    assert list(content) == ["receipt", "projects", "clauses"]
    project = content["projects"][0]
    assert list(project) == ["project", "name", "department", "score", "low", "high", "grade",
                             "derivation", "findings", "indicators"]  # fmt: skip
    found = project["indicators"][0]
    assert list(found) == ["level1", "level2", "indicator", "core", "met", "status", "score",
                           "low", "high", "target_place", "actual_place", "derivation", "claim",
                           "findings"]  # fmt: skip
    assert found["score"] == 88.89
    ratio = next(step for step in found["derivation"] if step["kind"] == "ratio")
    assert ratio == {
        "kind": "ratio",
        "text": "ratio = actual ÷ target = 8000 ÷ 9000 ≈ 0.8889",
        "expression": "8000 ÷ 9000",
        "value": "8/9",
        "key": 'operators."≥"',
        "children": [],
    }
    assert content["clauses"]['operators."≥"']["certainty"] == "verified"
    assert [each["code"] for each in found["findings"]] == ["A303"]


def test_json_of_a_batch(run: Run) -> None:
    status, out, _ = run("explain", "--summary", *EXAMPLE, "--format", "json")
    assert status == 0
    content = json.loads(out)
    assert list(content) == ["receipt", "ways", "particulars"]
    assert sum(way["indicators"] for way in content["ways"]) == 171


def test_a_file_is_written_and_no_input_replaced(run: Run, tmp_path: Path) -> None:
    files = explain_files(tmp_path, [{"indicator": "甲", "target": "≥ 9 人"}],
                          [{"indicator": "甲", "actual": "8"}])  # fmt: skip
    path = tmp_path / "explained.txt"
    assert run("explain", "P1", *files, "-o", str(path))[0] == 0
    assert "走访慰问" in path.read_text("utf-8")
    before = (tmp_path / "actuals.csv").read_bytes()
    status, _, _ = run("explain", "P1", *files, "--format", "json", "-o", files[1])
    assert status == 2
    assert (tmp_path / "actuals.csv").read_bytes() == before


def test_the_guide_knows_every_kind_of_step() -> None:
    text = Path("docs/explain.md").read_text("utf-8")
    sources = Path("perfeval/explaining").glob("*.py")
    made = re.compile(r'\b(?:Step|stated)\(\s*"([a-z-]+)"')
    kinds = {kind for source in sources for kind in made.findall(source.read_text("utf-8"))}
    assert len(kinds) > 40
    assert {kind for kind in kinds if f"`{kind}`" not in text} == set()


def test_the_example_of_the_guide_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path("docs/explain.md").read_text("utf-8")
    block = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert block
    exec(compile(block[1], "explain.md", "exec"), {})
    assert "ratio = actual ÷ target = 10468 ÷ 10000 = 1.0468" in capsys.readouterr().out

"""What `review` promises: every claim recomputed, every objection with its arithmetic and place."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perfeval
from perfeval.problems import InputError
from perfeval.reviewing import ReviewResult, review
from tests.conftest import Run
from tests.scoring import run as run_score
from tests.scoring import write

PUBLISHED = Path(__file__).parent / "data" / "published" / "selfeval.csv"
SATISFACTION = {
    "project": "P1",
    "project_name": "走访慰问",
    "department": "某局",
    "level1": "满意度指标",
    "level2": "服务对象满意度指标",
    "indicator": "服务对象满意度",
    "target": "≥ 90 %",
    "weight": "10",
    "actual": "95",
    "score": "10",
    # A few rows of a table: their sums say nothing.
    "partial": "1",
}


def reviewed(folder: Path, rows: Sequence[dict[str, str]], **options: Any) -> ReviewResult:
    return review(
        write(folder / "claims.csv", [{**SATISFACTION, **row} for row in rows]), **options
    )


def codes(result: ReviewResult) -> list[str]:
    return result.findings["code"].to_list()


def test_published_self_evaluations() -> None:
    """Reviewed by hand in docs/published-review.md."""
    result = review(PUBLISHED)
    found = result.findings.select("code", "line").rows()
    assert found == [
        ("R102", 37),
        ("R104", 23), ("R104", 26),
        ("R201", 14), ("R201", 15), ("R201", 16), ("R201", 17), ("R201", 18), ("R201", 19),
        ("R202", 11),
        ("R203", 4), ("R203", 5), ("R203", 7), ("R203", 8), ("R203", 9), ("R203", 10), ("R203", 25),
        ("R203", 74),
        ("R205", 39), ("R205", 46),
        ("R208", 55), ("R208", 63), ("R208", 77), ("R208", 93),
        ("R301", 72),
        ("R303", 2),
        ("R304", 47),
        ("R305", 72),
        ("R605", 93),
    ]  # fmt: skip
    assert result.receipt["counts"]["claims"] == {
        "agreeing": 50, "above": 1, "below": 2, "not_recomputed": 22, "unclaimed": 22,
    }  # fmt: skip
    totals = dict(result.projects.select("project", "claimed_total").iter_rows())
    assert {name: totals[name] for name in ("S05", "S07", "S19", "S20", "S24")} == {
        "S05": 10_000, "S07": 9_600, "S19": 9_955, "S20": 10_000, "S24": 9_862,
    }  # fmt: skip


def test_the_page_about_them_is_true() -> None:
    result = review(PUBLISHED)
    page = (Path(__file__).parents[1] / "docs" / "published-review.md").read_text("utf-8")
    listed = page[page.index("## What is found") : page.index("No finding is wrong")]
    told = {
        (table, code)
        for line in listed.splitlines()
        if line.startswith(("| S", "| N"))
        for table in re.findall(r"[SN][0-9]{2}", line.split("|")[1])
        for code in re.findall(r"R[0-9]{3}", line.split("|")[2])
    }
    assert told == set(result.findings.select("project", "code").rows())
    claims = result.receipt["counts"]["claims"]
    said = " ".join(page.split())
    assert (
        f"{sum(claims.values()) - claims['unclaimed']} of the {sum(claims.values())} rows claim"
        f" points; {claims['agreeing']} claims agree with what is recomputed, {claims['above']} is"
        f" above, {claims['below']} are below, {claims['not_recomputed']} cannot be recomputed"
    ) in said


def test_the_arithmetic_is_told(tmp_path: Path) -> None:
    row = {
        "indicator": "烘干包装设备",
        "target": "≥ 550",
        "weight": "9.3",
        "actual": "20",
        "score": "9.3",
    }
    result = reviewed(tmp_path, [row])
    from perfeval.reports.findings import records

    told = next(iter(records(result.findings, "en")))
    assert told["message"] == (
        "20 of ≥ 550 is 3.64 %; 9.3 × 0.0364 = 0.34 (General, proportional: actual ÷ target);"
        " claimed 9.30"
    )
    assert told["values"]["points"] == 8.96
    assert result.risk.row(0, named=True)["at_stake"] == 8.96


@pytest.mark.parametrize(
    ("row", "policy", "said"),
    [
        (
            {"target": "≤ 10 万元", "actual": "15"},
            "general",
            "15 for ≤ 10 万元: target ÷ actual is 66.67 %; 10 × 0.6667 = 6.67 (General,"
            " proportional); claimed 10.00",
        ),
        (
            {"target": "≤ 10 万元", "actual": "15", "score": "5"},
            "general",
            "15 for ≤ 10 万元: target ÷ actual is 66.67 %; 10 × 0.6667 = 6.67 (General,"
            " proportional); claimed 5.00; 5.00 is exactly what policy provincial gives, by 2 −"
            " actual ÷ target",
        ),
        (
            {"target": "≤ 10 万元", "actual": "15"},
            "provincial",
            "15 for ≤ 10 万元: 2 − actual ÷ target is 50 %; 10 × 0.5 = 5.00 (A province's system,"
            " proportional); claimed 10.00",
        ),
        (
            {"target": "≤ 0 起", "actual": "1"},
            "general",
            "a target of 0 has no ratio, and 1 misses ≤ 0 起; 10 × 0 = 0.00 (General,"
            " proportional); claimed 10.00",
        ),
        (
            {"target": "≥ 90 %", "actual": "75"},
            "mof-2021",
            "(75 − 60) ÷ (90 − 60) = 0.5, whatever the target ≥ 90 %; 10 × 0.5 = 5.00 (Central"
            " guideline of 2021, satisfaction rate); claimed 10.00",
        ),
        (
            {"target": "9月前", "actual": "12月"},
            "general",
            "12月 is too late for 9月前, which is worth 0 to 0.8 of the points by a person's"
            " judgement: 0.00 to 8.00 of 10 (General, bands of judgement); claimed 10.00",
        ),
        (
            {"target": "9月前", "actual": "8月", "score": "6"},
            "general",
            "8月 is in time for 9月前; 10 × 1 = 10.00 (General); claimed 6.00",
        ),
        (
            {"operator": "定性", "target": "有效", "actual": "达成(85%)"},
            "general",
            "达成(85%) for 定性 有效 is 85 % by judgement; 10 × 0.85 = 8.50 (General, bands of"
            " judgement); claimed 10.00",
        ),
        (
            {"operator": "定性", "target": "有效", "actual": "部分达成"},
            "general",
            "部分达成 for 定性 有效 is worth 0.6 to 0.8 of the points by a person's judgement: 6.00"
            " to 8.00 of 10 (General, bands of judgement); claimed 10.00",
        ),
        (
            {"target": "≥ 300 人", "actual": "不超过200人"},
            "general",
            "不超过200人 is no single number; against ≥ 300 人 it gives 0.00 to 6.67 of 10 points"
            " (General, proportional); claimed 10.00",
        ),
        (
            {"target": "≥ 100 人", "actual": "80", "deduction": "2"},
            "general",
            "80 of ≥ 100 人 is 80 %; 10 × 0.8 = 8.00 (General, proportional: actual ÷ target);"
            " claimed 10.00; the deduction of 2 leaves 6.00",
        ),
    ],
)
def test_the_arithmetic_of_every_curve(
    tmp_path: Path, row: dict[str, str], policy: str, said: str
) -> None:
    from perfeval.reports.findings import records

    result = reviewed(tmp_path, [row], policy=policy)
    told = {record["code"]: record for record in records(result.findings, "en")}
    [code] = {"R102", "R103", "R104"} & set(told)
    assert told[code]["message"] == said


def test_at_stake_is_the_sum_of_its_reasons(tmp_path: Path) -> None:
    rows = [
        {"actual": "45", "score": "10"},
        {"indicator": "家长满意度", "actual": "80", "score": "9"},
        {"indicator": "资料完整", "target": "", "actual": "", "score": "10"},
    ]
    result = reviewed(tmp_path, rows)
    told = result.risk.row(0, named=True)
    parts = [reason["points"] * reason["chance"] for reason in told["reasons"]]
    assert told["at_stake"] == pytest.approx(sum(parts))
    assert [reason["code"] for reason in told["reasons"]] == ["R201", "R102", "R103"]


@given(st.randoms(use_true_random=False), st.integers(1, 30))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_score_gives_review_accepts(tmp_path: Path, source: random.Random, count: int) -> None:
    """Claims taken from `score` agree, in any order of rows; a cent more does not."""
    policy = source.choice(["general", "provincial", "chongqing"])
    targets, actuals = [], []
    for number in range(count):
        operator, target = source.choice("≥≤=><"), source.randint(1, 500)
        name = f"指标{number}"
        weight = str(source.randint(1, 2000) / 100)
        targets.append({"indicator": name, "target": f"{operator} {target} 个", "weight": weight})
        actuals.append({"indicator": name, "actual": str(source.randint(1, 700))})
    scored = run_score(tmp_path, targets, actuals, policy=policy).indicators
    rows = [
        {**SATISFACTION, **target, **actual, "score": f"{score // 100}.{score % 100:02}"}
        for target, actual, score in zip(targets, actuals, scored["score"], strict=True)
    ]
    source.shuffle(rows)
    agreed = review(write(tmp_path / "claims.csv", rows), policy=policy)
    assert agreed.receipt["counts"]["claims"]["agreeing"] == count
    assert not agreed.findings.filter(pl.col("code").str.starts_with("R1")).height
    row = source.choice(rows)
    cents = round(float(row["score"]) * 100) + 1
    row["score"] = f"{cents // 100}.{cents % 100:02}"
    one = review(write(tmp_path / "claims.csv", rows), policy=policy)
    told = one.findings.filter(pl.col("code").is_in(["R101", "R102", "R103"]))
    assert told["indicator"].to_list() == [row["indicator"]]


def test_approved_targets_are_what_is_scored(tmp_path: Path) -> None:
    approved = write(tmp_path / "specs.csv", [{**SATISFACTION, "target": "≥ 90 %"}])
    changed = {"target": "≥ 80 %", "actual": "81", "score": "10"}
    result = reviewed(tmp_path, [changed], specs=approved)
    assert codes(result) == ["R102", "R501"]
    assert result.claims["low"].to_list() == [900]
    adjusted = {**changed, "target": "≥ 90 %", "target_adjusted": "≥ 80 %"}
    assert codes(reviewed(tmp_path, [adjusted], specs=approved)) == []


def test_an_actual_stays_in_the_unit_that_the_form_prints(tmp_path: Path) -> None:
    specs = {**SATISFACTION, "indicator": "培训人数", "target": "≥ 0.01 万人", "level2": "数量指标"}
    approved = write(tmp_path / "specs.csv", [{**specs, "level1": "产出指标"}])
    row = {"indicator": "培训人数", "target": "≥ 100 人", "actual": "50", "score": "10"}
    result = reviewed(tmp_path, [row], specs=approved)
    assert result.claims["low"].to_list() == [500]
    assert codes(result) == ["R102"]


def test_a_filled_table_of_decisions_is_never_replaced(tmp_path: Path, run: Run) -> None:
    path = decide(tmp_path, [{"decision": "采纳"}])
    status, _, err = run("review", str(PUBLISHED), "--to-decide", str(path))
    assert status == 2
    assert "is there already, perhaps with decisions in it" in err
    assert "采纳" in path.read_text("utf-8")


def test_actuals_of_the_contract_are_reviewed_against_specs(tmp_path: Path) -> None:
    approved = write(tmp_path / "specs.csv", [SATISFACTION])
    short = {name: SATISFACTION[name] for name in ("project", "indicator", "score")}
    claims = write(tmp_path / "actuals.csv", [{**short, "actual": "45"}])
    result = review(claims, specs=approved)
    # Without a printed weight the approved one would be a guess at what was claimed of.
    assert codes(result) == ["R208"]
    with pytest.raises(InputError, match="has no targets"):
        review(claims)


def test_a_folder_is_read_with_its_subfolders(tmp_path: Path) -> None:
    (tmp_path / "乙").mkdir()
    write(tmp_path / "甲.csv", [{**SATISFACTION, "project": "P1"}])
    write(tmp_path / "乙" / "丙.csv", [{**SATISFACTION, "project": "P2"}])
    result = review(tmp_path)
    assert result.projects["project"].to_list() == ["P2", "P1"] or set(
        result.projects["project"]
    ) == {"P1", "P2"}
    assert len(result.receipt["inputs"]) == 2
    empty = tmp_path / "丁"
    empty.mkdir()
    with pytest.raises(InputError, match="holds no self-evaluations"):
        review(empty)


def test_one_code_in_two_files_is_two_self_evaluations(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, [SATISFACTION]) for name in ("a.csv", "b.csv")]
    result = review(paths)
    assert result.projects["project"].to_list() == ["P1", "P1#2"]
    assert codes(result) == ["R404"]


def many(folder: Path, count: int) -> Path:
    rows = [
        {
            **SATISFACTION,
            "project": f"P{number}",
            "department": f"部门{number % 4}",
            "actual": str(70 + number % 30),
            "budget": str(10 + number),
            "spent": str(9 + number),
        }
        for number in range(count)
    ]
    return write(folder / "many.csv", rows)


def test_a_sample_can_be_drawn_again(tmp_path: Path) -> None:
    path = many(tmp_path, 200)
    first, again, other = (review(path, sample=30, seed=seed).sample for seed in (2026, 2026, 2027))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.equals(again)
    assert not first["project"].equals(other["project"])
    assert len(first) == first["project"].n_unique() == 30
    # Every stratum that the sample reaches has its share.
    strata = ["department", "risk_band", "money_band"]
    shares = first.group_by(strata).agg(pl.len(), pl.col("stratum_size", "drawn").first())
    assert (shares["len"] == shares["drawn"]).all()
    assert ((shares["drawn"] - shares["stratum_size"] * 30 / 200).abs() < 1).all()
    everyone = review(path, sample=500).sample
    assert everyone is not None
    assert len(everyone) == 200


def decide(folder: Path, rows: Sequence[dict[str, str]]) -> Path:
    blank = {
        "project": "P1",
        "indicator": "服务对象满意度",
        "role": "复核组长",
        "date": "2026-11-25",
        "reason": "样本偏少",
    }
    return write(folder / "decisions.csv", [{**blank, **row} for row in rows])


@pytest.mark.parametrize(
    ("decision", "decided"),
    [
        ({"decision": "采纳"}, 10_00),
        ({"decision": "扣分"}, 5_00),
        ({"decision": "扣分", "deduction": "1.5"}, 8_50),
        ({"decision": "备注"}, 10_00),
        ({"decision": "accept"}, 10_00),
    ],
)
def test_decisions(tmp_path: Path, decision: dict[str, str], decided: int) -> None:
    rows = [{"actual": "45", "score": "10"}, {"indicator": "家长满意度", "score": "10"}]
    result = reviewed(tmp_path, rows, decisions=decide(tmp_path, [decision]))
    totals = result.projects.row(0, named=True)
    assert (totals["claimed_total"], totals["decided_total"]) == (20_00, 10_00 + decided)
    assert result.changes is not None
    assert result.changes.row(0, named=True)["role"] == "复核组长"


def test_what_is_dropped_leaves_its_points_to_the_others(tmp_path: Path) -> None:
    rows = [
        {"actual": "45", "score": "10", "weight": "30"},
        {"indicator": "家长满意度", "weight": "60", "score": "50.01"},
    ]
    result = reviewed(tmp_path, rows, decisions=decide(tmp_path, [{"decision": "剔除"}]))
    # 50.01 × 90 ÷ 60, rounded half up.
    assert result.projects["decided_total"].to_list() == [75_02]


@pytest.mark.parametrize("written", ["'=满意度", "''=满意度", "'+满意度"])
def test_decisions_find_names_that_are_guarded_against_spreadsheets(
    tmp_path: Path, written: str, run: Run
) -> None:
    row = {**SATISFACTION, "indicator": written, "actual": "45"}
    claims = write(tmp_path / "claims.csv", [row])
    sheet = tmp_path / "to-decide.csv"
    assert run("review", str(claims), "--to-decide", str(sheet))[0] == 0
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        (told,) = csv.DictReader(file)
    assert told["indicator"] == written
    said = {"decision": "扣分", "role": "复核组长", "date": "2026-11-25", "reason": "未达标"}
    decided = write(tmp_path / "decided.csv", [{**told, **said}])
    assert review(claims, decisions=decided).projects["decided_total"].to_list() == [500]


def test_a_decision_on_another_row_is_not_applied(tmp_path: Path) -> None:
    sheet = tmp_path / "to-decide.csv"
    from perfeval.reports.review_table import write_decisions

    rows = [{"actual": "45", "score": "10"}]
    with sheet.open("wb") as file:
        write_decisions(reviewed(tmp_path, rows), file, "zh")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    assert [row["三级指标"] for row in told] == ["服务对象满意度"]
    said = {
        "复核意见": "扣分",
        "复核人角色": "复核组长",
        "复核日期": "2026-11-25",
        "理由": "未达标",
    }
    decided = [{**told[0], **said}]
    path = write(tmp_path / "decided.csv", decided)
    assert reviewed(tmp_path, rows, decisions=path).projects["decided_total"].to_list() == [500]
    later = reviewed(tmp_path, [{"actual": "50", "score": "10"}], decisions=path)
    assert later.projects["decided_total"].to_list() == [1000]
    assert "R701" in codes(later)
    assert later.receipt["counts"]["decisions"] == {"read": 1, "applied": 0, "stale": 1}


def test_what_is_decided_is_no_longer_at_stake(tmp_path: Path) -> None:
    rows = [
        {"actual": "45", "score": "10"},
        {"indicator": "家长满意度", "actual": "81", "score": "10"},
    ]
    before = reviewed(tmp_path, rows).risk.row(0, named=True)
    assert (before["at_stake"], before["settled"]) == (6.0, 0.0)
    decided = decide(tmp_path, [{"decision": "扣分"}])
    after = reviewed(tmp_path, rows, decisions=decided).risk.row(0, named=True)
    assert (after["at_stake"], after["settled"]) == (1.0, 5.0)
    assert [reason["indicator"] for reason in after["reasons"]] == ["家长满意度"]
    noted = decide(tmp_path, [{"decision": "备注"}])
    assert reviewed(tmp_path, rows, decisions=noted).risk["at_stake"].to_list() == [6.0]


def test_a_project_as_a_whole_can_be_decided(tmp_path: Path, run: Run) -> None:
    row = {**SATISFACTION, "budget": "100", "spent": "50", "execution_score": "9"}
    claims = write(tmp_path / "claims.csv", [row])
    sheet = tmp_path / "to-decide.csv"
    assert run("review", str(claims), "--to-decide", str(sheet))[0] == 0
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        [told] = csv.DictReader(file)
    assert told["indicator"] == ""
    assert "50 ÷ 100 × 10 is 5.00 points; claimed 9.00" in told["finding"]
    said = {"decision": "扣分", "role": "复核组长", "date": "2026-11-25", "reason": "按执行数"}
    path = write(tmp_path / "decided.csv", [{**told, **said}])
    # 9 − 5 is taken off where no deduction is named.
    result = review(claims, decisions=path)
    assert result.projects.select("claimed_total", "decided_total").rows() == [(19_00, 15_00)]
    assert result.risk.select("at_stake", "settled").rows() == [(0.0, 4.0)]
    changed = write(tmp_path / "claims.csv", [{**row, "spent": "60"}])
    later = review(changed, decisions=path)
    assert later.projects["decided_total"].to_list() == [19_00]
    assert "R701" in codes(later)
    twice = write(tmp_path / "twice.csv", [{**told, **said}, {**told, **said, "decision": "剔除"}])
    with pytest.raises(InputError) as error:
        review(claims, decisions=twice)
    assert "the project as a whole is decided more than once" in str(error.value)
    assert "only an indicator can be dropped" in str(error.value)


def test_before_and_after_stand_side_by_side(tmp_path: Path, run: Run) -> None:
    """In the terminal, JSON and CSV: both totals, and who decided, when and why."""
    row = {**SATISFACTION, "actual": "45", "partial": ""}
    claims = str(write(tmp_path / "claims.csv", [row]))
    decided = str(decide(tmp_path, [{"decision": "扣分"}]))
    _, out, _ = run("review", claims, "--decisions", decided)
    assert "P1 走访慰问: claimed 10.00 差, decided 5.00 差" in out
    assert "服务对象满意度: 10.00 → 5.00, deduct by 复核组长 2026-11-25: 样本偏少" in out
    _, out, _ = run("review", claims, "--decisions", decided, "--format", "json")
    told = json.loads(out)
    assert (told["projects"][0]["claimed_total"], told["projects"][0]["decided_total"]) == (10, 5)
    [change] = told["changes"]
    assert (change["claimed"], change["decided"], change["decision"]) == (10, 5, "deduct")
    assert (change["role"], change["date"], change["reason"]) == (
        "复核组长",
        "2026-11-25",
        "样本偏少",
    )
    _, out, _ = run("review", claims, "--decisions", decided, "--format", "csv")
    [line] = csv.DictReader(out.splitlines())
    assert (line["project_claimed"], line["project_decided"]) == ("10.00", "5.00")
    assert (line["claimed"], line["decided"]) == ("10.00", "5.00")
    assert (line["role"], line["date"], line["decision_reason"]) == (
        "复核组长", "2026-11-25", "样本偏少",
    )  # fmt: skip


def test_a_run_that_fails_says_what_it_has_written(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perfeval.reports import as_json

    def fail(*_: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(as_json, "write_review", fail)
    claims = str(write(tmp_path / "claims.csv", [{**SATISFACTION, "actual": "45"}]))
    sheet, output = tmp_path / "to-decide.csv", tmp_path / "out.json"
    status, _, err = run("review", claims, "--to-decide", str(sheet), "-o", str(output))
    assert status == 2
    assert "nothing was written" in err
    assert not sheet.exists()
    assert not output.exists()
    status, _, err = run("review", claims, "--to-decide", str(sheet), "--format", "json")
    assert status == 2
    assert f"written before that: {sheet}" in err
    assert sheet.exists()


def test_decisions_that_cannot_be_used_are_told_all_at_once(tmp_path: Path) -> None:
    path = decide(
        tmp_path,
        [
            {"decision": "通过"},
            {"decision": "采纳", "project": "P9"},
            {"decision": "采纳", "indicator": "满意度"},
            {"decision": "采纳", "role": "", "reason": "", "date": ""},
            {"decision": "扣分", "deduction": "一点"},
            {"decision": "采纳", "deduction": "3", "indicator": "家长满意度"},
        ],
    )
    with pytest.raises(InputError) as error:
        reviewed(tmp_path, [{}, {"indicator": "家长满意度"}], decisions=path)
    text = str(error.value)
    for words in (
        ":2: the decision is “通过”; one of 采纳, 扣分, 剔除, 备注 is expected",
        ":3: no self-evaluation of the batch is of the project P9",
        ":4: the project's self-evaluation has no indicator 满意度",
        ":5: who decided is missing",
        ":5: the decision has no reason",
        ":5: when it was decided is missing",
        ":6: the deduction is “一点”",
        ":7: a deduction of 3 stands beside another decision than 扣分",
    ):
        assert words in text


def test_the_command(run: Run, tmp_path: Path) -> None:
    status, out, err = run("review", str(PUBLISHED))
    assert (status, err) == (0, "")
    assert out.startswith("Reviewed 15 self-evaluations with 97 rows by policy General (general)\n")
    assert "claimed 100.00 优, recomputed 40.00–100.00, at stake 60" in out
    assert max(map(len, out.splitlines())) <= 100
    assert run("review", str(PUBLISHED), "--fail-on", "error")[0] == 1
    status, out, _ = run("review", str(PUBLISHED), "--format", "json", "--sample", "3")
    content = json.loads(out)
    assert content["projects"][0]["project"] == "S05"
    assert content["projects"][0]["at_stake"] == 60
    assert len(content["projects"]) == 15
    assert sum(len(project["claims"]) for project in content["projects"]) == 97
    assert len(content["sample"]) == 3
    assert content["receipt"]["sample"] == {"asked": 3, "drawn": 3, "seed": 0}
    target = tmp_path / "out.csv"
    assert run("review", str(PUBLISHED), "-o", str(target))[0] == 0
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 97
    assert [row["flags"] for row in rows if row["indicator"] == "烘干包装设备"] == ["R102"]
    parquet = tmp_path / "out.parquet"
    assert run("review", str(PUBLISHED), "-o", str(parquet))[0] == 0
    assert pl.read_parquet(parquet).height == 97


def test_the_python_api() -> None:
    result = perfeval.review(PUBLISHED)
    assert result.risk["project"][0] == "S05"

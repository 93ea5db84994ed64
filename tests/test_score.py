"""What `score` promises: every row ends somewhere, nothing is guessed, totals are exact."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfeval.problems import InputError
from tests.scoring import SPEC, one, run


@pytest.mark.parametrize(
    ("target", "actual", "met", "low", "high", "status", "policy"),
    [
        # numbers
        ("≥ 550 个", "20", False, 364, 364, "scored", "general"),
        ("≥ 100 人", "100人", True, 10000, 10000, "scored", "general"),
        ("> 100 人", "100", False, 10000, 10000, "scored", "general"),
        ("= 10 次", "12", False, 10000, 10000, "scored", "general"),
        ("≤ 100 天", "150", False, 6667, 6667, "scored", "general"),
        ("≤ 100 天", "150", False, 5000, 5000, "scored", "provincial"),
        ("≤ 0 起", "0起", True, 10000, 10000, "scored", "general"),
        ("≤ 0 起", "1", False, 0, 0, "scored", "general"),
        # conversion by shifting the decimal point
        ("≥ 0.57 万元", "5700元", True, 10000, 10000, "scored", "general"),
        ("≥ 1 亿元", "9999.99万元", False, 10000, 10000, "scored", "general"),
        ("≥ 33 万人", "297000人", False, 9000, 9000, "scored", "general"),
        ("≥ 90 %", "九成", True, 10000, 10000, "scored", "general"),
        ("≥ 90 %", "百分之八十一", False, 9000, 9000, "scored", "general"),
        # a scale word alone is never put before a unit that has one
        ("≥ 2 万亩", "1.2万", None, 0, 10000, "undecided", "general"),
        ("≥ 2 万亩", "1.2万亩", False, 6000, 6000, "scored", "general"),
        ("≤ 10 万元", "5万", None, 0, 10000, "undecided", "general"),
        ("≥ 5000 人", "1.2万", True, 10000, 10000, "scored", "general"),
        # other kinds of unit are never compared
        ("≥ 1000 人", "1200人次", None, 0, 10000, "undecided", "general"),
        ("≥ 90 %", "0.95", False, 106, 106, "scored", "general"),
        # bounds
        ("≥ 200 人", "200余人", True, 10000, 10000, "scored", "general"),
        ("≥ 400 人", "200余人", None, 5000, 10000, "undecided", "general"),
        ("≤ 400 人", "200余人", None, 0, 10000, "undecided", "general"),
        ("≥ 400 人", "约400", None, 0, 10000, "undecided", "general"),
        ("200余人", "210", True, 10000, 10000, "scored", "general"),
        ("近200人", "300", None, 0, 10000, "undecided", "general"),
        ("≥ 100 %", "≥100%", True, 10000, 10000, "scored", "general"),
        # nothing is made into a number that is none
        ("≤ 30 万元", "完成", None, 0, 10000, "undecided", "general"),
        ("≥ 50 个", "", None, 0, 10000, "undecided", "general"),
        ("≥ 50 个", "完成20个,其余30个在建", None, 0, 10000, "undecided", "general"),
        ("50 个", "60", None, 0, 10000, "undecided", "general"),
        # qualitative
        ("定性 效果明显", "达成", True, 8000, 10000, "undecided", "general"),
        ("定性 效果明显", "达成(95%)", True, 9500, 9500, "scored", "general"),
        ("定性 效果明显", "部分达成", False, 6000, 8000, "undecided", "general"),
        ("定性 效果明显", "部分达成(70%)", False, 7000, 7000, "scored", "general"),
        ("定性 效果明显", "部分达成(70%)", False, 7000, 7000, "scored", "hubei-2020"),
        ("定性 效果明显", "部分达成", False, 5000, 8000, "undecided", "hubei-2020"),
        ("定性 效果明显", "未达成", False, 0, 6000, "undecided", "general"),
        ("定性 效果明显", "效果明显", True, 8000, 10000, "undecided", "general"),
        ("定性 效果明显", "已完成100%", True, 10000, 10000, "scored", "general"),
        ("定性 效果明显", "部分达成(95%)", False, 0, 10000, "undecided", "general"),
        ("定性 高", "高", True, 8000, 10000, "undecided", "general"),
        ("定性 高", "中", False, 0, 8000, "undecided", "general"),
        ("定性 好", "较好", False, 0, 8000, "undecided", "general"),
        # dates
        ("9月前", "7月", True, 10000, 10000, "scored", "general"),
        ("9月底前", "2023年9月", True, 10000, 10000, "scored", "general"),
        ("9月底前", "2024年1月", False, 0, 8000, "undecided", "general"),
        ("9月前", "9月", None, 0, 10000, "undecided", "general"),
        ("2023年12月", "11月", True, 10000, 10000, "scored", "general"),
        ("≤ 12月", "11月", True, 10000, 10000, "scored", "general"),
        ("2月底前", "2月29日", None, 0, 10000, "undecided", "general"),
        ("11月底前", "部分达成(70%)", False, 7000, 7000, "scored", "general"),
        ("9月前", "7", None, 0, 10000, "undecided", "general"),
        ("9月前", "9月前", True, 10000, 10000, "scored", "general"),
        ("7月15日前", "7月", None, 0, 10000, "undecided", "general"),
    ],
)
def test_one_indicator(
    tmp_path: Path,
    target: str,
    actual: str,
    met: bool | None,
    low: int,
    high: int,
    status: str,
    policy: str,
) -> None:
    row = one(tmp_path, target, actual, policy)
    assert (row["met"], row["low"], row["high"], row["status"]) == (met, low, high, status)
    assert row["score"] == row["low"]


@pytest.mark.parametrize(
    ("actual", "code"),
    [
        ("NaN", "A107"),
        ("inf", "A107"),
        ("#DIV/0!", "A107"),
        ("1234567890.1234567", "A107"),
    ],
)
def test_unusable_actuals_are_rejected(tmp_path: Path, actual: str, code: str) -> None:
    row = one(tmp_path, "≥ 10 个", actual)
    assert row["status"] == "rejected"
    assert (row["low"], row["high"]) == (0, 10000)
    assert row["flags"] == [code]


@pytest.mark.parametrize(
    ("rule", "target", "actual", "low", "high"),
    [
        ("direct", "≥ 100 人", "99", 0, 0),
        ("direct", "≥ 100 人", "100", 10000, 10000),
        ("direct", "定性 效果明显", "部分达成", 0, 0),
        ("direct", "9月底前", "10月", 0, 0),
        ("satisfaction", "≥ 95 %", "75", 5000, 5000),
        ("satisfaction", "≥ 95 %", "59.9", 0, 0),
        ("graded", "≥ 100 人", "100", 8000, 10000),
        ("graded", "≥ 100 人", "99", 0, 8000),
        ("graded", "≥ 90 %", "达成", 8000, 10000),
        ("graded", "≥ 90 %", "部分达成(70%)", 7000, 7000),
        ("proportional", "≥ 100 人", "60", 6000, 6000),
    ],
)
def test_rules_of_an_indicator(
    tmp_path: Path, rule: str, target: str, actual: str, low: int, high: int
) -> None:
    """财预〔2021〕101号: four rules, chosen per indicator."""
    row = one(tmp_path, {"target": target, "rule": rule}, actual)
    assert (row["low"], row["high"]) == (low, high)


@pytest.mark.parametrize(("actual", "score"), [("60", 6000), ("59.99", 0), ("100", 10000)])
def test_pass_threshold(tmp_path: Path, actual: str, score: int) -> None:
    target = {"target": "≥ 100 人", "rule": "proportional", "pass_threshold": "0.6"}
    assert one(tmp_path, target, actual)["score"] == score


def test_satisfaction_is_chosen_by_its_level(tmp_path: Path) -> None:
    target = {"target": "≥ 95 %", "level1": "满意度指标", "level2": "服务对象满意度指标"}
    assert one(tmp_path, target, "75", "mof-2021")["score"] == 5000
    assert one(tmp_path, target, "75", "mof-2020")["score"] == 7895


@pytest.mark.parametrize(
    ("target", "low", "code"),
    [
        ({"target": "", "operator": "≥", "unit": "人"}, 0, "T101"),
        ({"target": "", "operator": "定性"}, 8000, None),
        ({"target": "建筑面积2.6万平方米,展示面积1万平方米", "operator": "≥"}, 0, "T102"),
        ({"target": "50 个"}, 0, "T103"),
        ({"target": "50", "operator": "正向", "unit": "个"}, 0, "T103"),
        ({"target": "28.8万元", "operator": "≤", "unit": "%"}, 0, "U101"),
        ({"target": "5万", "operator": "≥", "unit": "万元"}, 0, "U101"),
        ({"target": "≥5", "operator": "≤", "unit": "天"}, 0, "T102"),
    ],
)
def test_targets_that_decide_nothing(
    tmp_path: Path, target: dict[str, str], low: int, code: str | None
) -> None:
    result = run(tmp_path, [{"indicator": "甲", **target}], [{"indicator": "甲", "actual": "达成"}])
    row = result.indicators.row(0, named=True)
    assert (row["low"], row["high"], row["status"]) == (low, 10000, "undecided")
    found = [c for c in result.findings["code"].to_list() if c[0] in "TU"]
    assert found == ([] if code is None else [code])


def test_a_unit_inside_the_target_is_converted_to_the_column(tmp_path: Path) -> None:
    target = {"target": "1.2万元", "operator": "≥", "unit": "元"}
    row = one(tmp_path, target, "6000")
    assert (row["target_number"], row["unit"], row["score"]) == (12000.0, "元", 5000)


@pytest.mark.parametrize(
    ("target", "actual", "words"),
    [
        ("≥ 400 人", "约400", "rough"),
        ("≥ 400 人", "200余人", "only a bound"),
        ("9月前", "9月", "full date"),
        ("≥ 400 人", "完成", "no number"),
        ("≥ 400 人", "男200人,女150人", "more than one number"),
        ("定性 效果明显", "有些效果", "write 达成"),
        ("9月前", "7", "no date"),
    ],
)
def test_unreadable_actuals_say_why(tmp_path: Path, target: str, actual: str, words: str) -> None:
    result = run(
        tmp_path, [{"indicator": "甲", "target": target}], [{"indicator": "甲", "actual": actual}]
    )
    finding = result.findings.filter(pl.col("code") == "A202").row(0, named=True)
    assert words in finding["template"]


def test_unknown_rule_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no rule propotional.*proportional"):
        one(tmp_path, {"target": "≥ 95 %", "rule": "propotional"}, "75")


def test_a_rule_for_percentages_refuses_other_units(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rule satisfaction needs a target in %.*人"):
        one(tmp_path, {"target": "≥ 95 人", "rule": "satisfaction"}, "75")


@pytest.mark.parametrize(
    ("deduction", "score"), [("2", 8000), ("0.25", 8175), ("82", 0), ("200", 0), ("", 8200)]
)
def test_deductions_stop_at_zero(tmp_path: Path, deduction: str, score: int) -> None:
    row = one(tmp_path, "≥ 100 人", {"actual": "82", "deduction": deduction})
    assert row["score"] == score
    assert row["status"] == "scored"


@pytest.mark.parametrize("deduction", ["-1", "0.001", "两分吧", "NaN"])
def test_other_deductions_are_rejected(tmp_path: Path, deduction: str) -> None:
    row = one(tmp_path, "≥ 100 人", {"actual": "82", "deduction": deduction})
    assert (row["status"], row["flags"]) == ("rejected", ["A107"])


@pytest.mark.parametrize("level1", ["满意度", "满意度指标", "满意度 指标"])
def test_levels_are_known_with_and_without_their_suffix(tmp_path: Path, level1: str) -> None:
    target = {"target": "≥ 90 %", "level1": level1, "level2": "服务对象满意度"}
    assert one(tmp_path, target, "75", "mof-2021")["score"] == 5000


def test_a_project_of_which_nothing_applies_has_no_grade(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": "≥ 9 人", "weight": "100"}],
        [{"indicator": "甲", "actual": "3", "applicable": "否"}],
    )
    assert result.projects.select("score", "grade").row(0) == (0, None)
    assert "A304" in result.findings["code"].to_list()
    assert result.indicators["actual"].to_list() == ["3"]
    assert result.receipt["counts"]["indicators"]["without_actual"] == 0


def test_no_points_are_said_to_be_lost_at_full_marks(tmp_path: Path) -> None:
    """2.22777773 × 0.9 is 2.004999957: 2.00 are full marks, and nothing is lost."""
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": "≥ 5 人", "weight": "2.22777773"}],
        [{"indicator": "甲", "actual": "5"}],
        [{"budget": "1", "spent": "1"}],
    )
    assert result.indicators["score"].to_list() == [200]
    assert "A303" not in result.findings["code"].to_list()


def test_a_required_reason_that_is_missing_is_a_warning(tmp_path: Path) -> None:
    """Guangxi: a written reason from 1.3 times on; elsewhere it is worth a look."""
    target = {"indicator": "甲", "target": "≥ 100 人"}
    severities = []
    for policy, reason in (("guangxi", ""), ("guangxi", "扩大了范围"), ("general", "")):
        actual = {"indicator": "甲", "actual": "130", "reason": reason}
        findings = run(tmp_path, [target], [actual], policy=policy).findings
        severities += findings.filter(pl.col("code") == "A301")["severity"].to_list()
    assert severities == ["warning", "info", "info"]


def test_repeated_execution_rows_are_rejected_with_a_reason(tmp_path: Path) -> None:
    row = {"budget": "10", "spent": "9"}
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": "≥ 9 人"}],
        [{"indicator": "甲", "actual": "9"}],
        [row, row],
    )
    assert result.execution["score"].to_list() == [900]
    assert result.receipt["counts"]["execution_rows"]["rejected"] == 1
    assert ("A105", 3) in result.findings.select("code", "line").rows()


def test_a_name_that_two_projects_share_asks_for_the_code(tmp_path: Path) -> None:
    targets = [{"indicator": "甲", "target": "≥ 9 人", "project": code} for code in ("P1", "P2")]
    actual = {"indicator": "甲", "actual": "9", "project": "走访慰问"}
    result = run(tmp_path, targets, [actual])
    finding = result.findings.filter(pl.col("code") == "A101").row(0, named=True)
    assert "several projects" in finding["template"]


def test_an_unknown_policy_in_the_settings_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "perfeval.toml").write_text('# settings\npolicy = "chongqin"\n', "utf-8")
    from perfeval.checking import check

    run(tmp_path, [{"indicator": "甲", "target": "≥ 9 人"}], [{"indicator": "甲", "actual": "9"}])
    with pytest.raises(InputError, match=r"perfeval\.toml:2: unknown policy.*chongqing"):
        check(tmp_path / "specs.csv")


def test_weights_that_nothing_can_be_scored_by_are_refused_all_at_once(tmp_path: Path) -> None:
    """Published tables without weights (固原市原州区自然资源局 2022) can be checked only."""
    targets = [
        {"indicator": str(number), "target": "≥ 9 人", "weight": weight}
        for number, weight in enumerate(["", "20", "-20", "0", *[""] * 30])
    ]
    with pytest.raises(InputError) as error:
        run(tmp_path, targets, [{"indicator": "0", "actual": "9"}], policy="no-such-policy")
    messages = [problem.text().removeprefix(f"{tmp_path}/") for problem in error.value.problems]
    assert messages[0] == "specs.csv:2: weight (权重) is missing; fill it in"
    assert messages[20] == "weight (权重): 11 more rows with the same problem"
    assert messages[21].startswith("specs.csv:4: weight (权重) is -20, below zero")
    assert "unknown policy" in messages[22]
    assert len(messages) == 23


def test_what_does_not_apply_leaves_its_points_to_the_others(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        [
            {"indicator": "甲", "target": "≥ 100 人", "weight": "40"},
            {"indicator": "乙", "target": "≥ 100 人", "weight": "30"},
            {"indicator": "丙", "target": "≥ 100 人", "weight": "30"},
        ],
        [
            {"indicator": "甲", "actual": "100"},
            {"indicator": "乙", "actual": "50"},
            {"indicator": "丙", "actual": "", "applicable": "否"},
        ],
    )
    rows = result.indicators.select("status", "points", "score").rows()
    assert rows[0] == ("scored", pytest.approx(57.142857), 5714)
    assert rows[1] == ("scored", pytest.approx(42.857143), 2143)
    assert rows[2] == ("not_applicable", 0.0, 0)
    assert result.projects["score"].to_list() == [7857]
    assert result.projects["points"].to_list() == [100.0]


def test_execution_takes_its_points_from_the_indicators(tmp_path: Path) -> None:
    """Chongqing: indicators carry 90 of 100, execution is linear (76 % gives 7.6)."""
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": "≥ 100 人"}],
        [{"indicator": "甲", "actual": "100"}],
        [{"budget_initial": "50", "budget": "100", "spent": "76"}],
        "chongqing",
    )
    assert result.indicators["score"].to_list() == [9000]
    assert result.execution.select("rate", "score", "status").row(0) == (0.76, 760, "scored")
    assert result.projects.select("score", "points", "grade").row(0) == (9760, 100.0, "优")


def test_without_execution_data_an_optional_policy_keeps_all_points(tmp_path: Path) -> None:
    target, actual = {"indicator": "甲", "target": "≥ 100 人"}, {"indicator": "甲", "actual": "80"}
    result = run(tmp_path, [target], [actual], None, "chongqing")
    assert result.projects.select("score", "grade").row(0) == (8000, "良")
    assert result.execution.is_empty()


def test_without_execution_data_a_policy_that_needs_it_leaves_the_grade_open(
    tmp_path: Path,
) -> None:
    target = {"indicator": "甲", "target": "≥ 100 人", "weight": "90"}
    result = run(tmp_path, [target], [{"indicator": "甲", "actual": "95"}], None, "mof-2020")
    row = result.projects.row(0, named=True)
    assert (row["low"], row["high"], row["grade"]) == (8550, 9550, "良–优")
    assert "A401" in result.findings["code"].to_list()


@pytest.mark.parametrize(
    ("budget", "spent", "low", "high", "rate", "code"),
    [
        ("250000.00元", "215,457.6元", 862, 862, 0.8618304, None),
        ("25万元", "215457.6元", 862, 862, 0.8618304, None),
        ("329.77", "338.31", 1000, 1000, 1.02589684, "A402"),
        ("0", "0", 0, 1000, None, "A401"),
        ("", "76", 0, 1000, None, "A401"),
        ("100", "一百人", 0, 1000, None, "A401"),
        ("100", "50万", 0, 1000, None, "A401"),
        ("100万", "50", 0, 1000, None, "A401"),
        ("100", "100.001", 1000, 1000, 1.00001, "A402"),
        ("100", "inf", 0, 1000, None, "A107"),
    ],
)
def test_execution(
    tmp_path: Path,
    budget: str,
    spent: str,
    low: int,
    high: int,
    rate: float | None,
    code: str | None,
) -> None:
    """86.18 % of 250,000.00 was published as 86.19 %; 338.31 of 329.77 without a score."""
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": "≥ 100 人"}],
        [{"indicator": "甲", "actual": "100"}],
        [{"budget_initial": "", "budget": budget, "spent": spent}],
    )
    row = result.execution.row(0, named=True)
    assert (row["low"], row["high"]) == (low, high)
    assert row["rate"] == (None if rate is None else pytest.approx(rate, abs=1e-8))
    assert (code is None) or code in result.findings["code"].to_list()


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    targets = [
        {"indicator": "甲", "target": "≥ 100 人", "weight": "20"},
        {"indicator": "乙", "target": "≥ 100 人", "weight": "20"},
        {"indicator": "丙", "target": "≥ 100 人", "weight": "20"},
        {"indicator": "丁", "target": "≥ 90 %", "weight": "20"},
        {"indicator": "丁", "target": "≥ 90 %", "weight": "20", "level2": "质量指标"},
    ]
    actuals = [
        {"indicator": "甲", "actual": "100"},
        {"indicator": "甲", "actual": "100"},
        {"indicator": "乙", "actual": "90"},
        {"indicator": "乙", "actual": "91"},
        {"indicator": "丙", "actual": "完成"},
        {"indicator": "丁", "actual": "95"},
        {"indicator": "丁", "actual": "95", "level2": "质量"},
        {"indicator": "戊", "actual": "95"},
        {"indicator": "甲", "actual": "95", "project": "P2"},
    ]
    result = run(tmp_path, targets, actuals)
    rows = result.receipt["counts"]["rows"]
    assert rows == {"read": 9, "scored": 2, "undecided": 1, "rejected": 6, "not_applicable": 0}
    found = result.findings.filter(pl.col("code").str.starts_with("A1"))
    assert sorted(found.select("code", "line").rows()) == [
        ("A101", 10),
        ("A102", 9),
        ("A103", 7),
        ("A104", 4),
        ("A104", 5),
        ("A105", 3),
    ]
    statuses = dict(result.indicators.select("indicator", "status").rows())
    assert statuses["乙"] == "rejected"
    assert result.receipt["counts"]["indicators"]["without_actual"] == 2


def test_rows_without_a_name_are_rejected_and_say_so(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": "≥ 100 人"}],
        [{"indicator": "", "actual": "1"}, {"indicator": "甲", "actual": "1", "project": ""}],
    )
    assert result.receipt["counts"]["rows"]["rejected"] == 2
    templates = result.findings.filter(pl.col("code").str.starts_with("A10"))["template"].to_list()
    assert "names no project" in templates[0]
    assert "names no indicator" in templates[1]


def test_one_indicator_twice_can_be_checked_but_not_filled_in(tmp_path: Path) -> None:
    targets = [
        {"indicator": "服务人数", "target": "≥ 100 人", "weight": "50"},
        {"indicator": "服务 人数", "target": "≥ 200 人", "weight": "50"},
    ]
    result = run(tmp_path, targets, [{"indicator": "服务人数", "actual": "150", "level2": "数量"}])
    found = result.findings.select("code", "line").rows()
    assert ("D101", 3) in found
    assert ("A103", 2) in found
    assert result.projects.select("low", "high").row(0) == (0, 10000)


def test_names_match_after_nfkc_without_spaces_and_brackets(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        [{"indicator": "服务对象满意度（%）", "target": "≥ 90 %"}],
        [{"indicator": "服务对象 满意度【％】", "actual": "90", "project": "走访 慰问"}],
    )
    assert result.indicators["status"].to_list() == ["scored"]


def test_near_names_are_suggested_and_never_taken(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        [{"indicator": "慰问退干干部", "target": "≥ 9000 人"}],
        [{"indicator": "慰问退休干部", "actual": "9000"}],
    )
    assert result.indicators["status"].to_list() == ["undecided"]
    finding = result.findings.filter(pl.col("code") == "A102").row(0, named=True)
    assert "慰问退干干部" in finding["values"]


def test_weights_that_sum_to_90_are_told_with_the_other_convention(tmp_path: Path) -> None:
    """The fund audit project of the Qijiang disclosure of 2023: 20+20+10+20+20."""
    targets = [
        {"indicator": str(i), "target": "≥ 1 次", "weight": weight}
        for i, weight in enumerate(["20", "20", "10", "20", "20"])
    ]
    result = run(tmp_path, targets, [{"indicator": "0", "actual": "1"}], policy="chongqing")
    finding = result.findings.filter(pl.col("code") == "W101").row(0, named=True)
    assert "90 would fit" in finding["template"]
    assert json.loads(finding["values"])["found"] == 90


def test_a_rule_that_crashes_is_a_finding_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perfeval.rules import registry

    registry.catalogue()
    broken = replace(registry._REGISTRY["W101"], find=lambda tables: 1 / 0)  # type: ignore[arg-type, return-value]
    monkeypatch.setitem(registry._REGISTRY, "W101", broken)
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": "≥ 100 人"}],
        [{"indicator": "甲", "actual": "100"}],
    )
    assert result.projects["score"].to_list() == [10000]
    crashed = result.findings.filter(pl.col("code") == "P001").row(0, named=True)
    assert "ZeroDivisionError" in crashed["values"]
    assert "W101" in crashed["values"]


@given(st.randoms(use_true_random=False), st.integers(1, 40))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_row_order_changes_nothing_and_totals_are_sums(
    tmp_path: Path, rnd: random.Random, n: int
) -> None:
    targets = [
        {
            "project": f"P{i % 5}",
            "project_name": f"项目{i % 5}",
            "indicator": f"指标{i}",
            "target": f"{rnd.choice(['≥', '≤', '=', '定性'])} {rnd.randint(1, 500)} 人",
            "weight": str(rnd.choice([5, 10, 22.5, 20])),
        }
        for i in range(n)
    ]
    actuals = [
        {
            "project": f"P{i % 5}",
            "indicator": f"指标{i}",
            "actual": rnd.choice([str(rnd.randint(0, 600)), "", "200余人", "部分达成", "nan"]),
            "applicable": rnd.choice(["", "是", "否"]),
            "deduction": rnd.choice(["", "1.5"]),
        }
        for i in range(n)
    ]
    result = run(tmp_path, targets, actuals)
    key = ["project", "indicator"]
    assert (result.indicators["low"] <= result.indicators["high"]).all()
    assert (result.indicators["high"] <= (result.indicators["points"] * 100 + 0.5)).all()
    sums = result.indicators.group_by("project").agg(pl.col("score", "low", "high").sum())
    totals = result.projects.select("project", "score", "low", "high")
    assert sums.sort("project").equals(totals.sort("project"), null_equal=True)
    counted = result.receipt["counts"]["rows"]
    assert counted["read"] == n == sum(v for k, v in counted.items() if k != "read")

    rnd.shuffle(actuals)
    rnd.shuffle(targets)
    again = run(tmp_path, targets, actuals)
    compared = [*key, "met", "ratio", "coefficient", "score", "low", "high", "status", "flags"]
    assert (
        result.indicators.select(compared)
        .sort(key)
        .equals(again.indicators.select(compared).sort(key))
    )


def test_unit_changes_change_nothing(tmp_path: Path) -> None:
    """万元, 元 and 亿元 for one and the same amount score alike, to the cent."""
    scores = {
        one(tmp_path, f"≥ {target}", actual)["score"]
        for target in ("21.5457万元", "215457元", "0.00215457亿元")
        for actual in ("19.39113万元", "193911.3元", "0.001939113亿元")
    }
    assert scores == {9000}


def test_check_takes_families_codes_and_names(tmp_path: Path) -> None:
    from perfeval.checking import check

    target = {"indicator": "甲", "target": "100 人", "weight": "50"}
    run(tmp_path, [target], [{"indicator": "甲", "actual": "1"}])
    specs = tmp_path / "specs.csv"

    def codes(**chosen: list[str]) -> list[str]:
        return check(specs, **chosen).findings["code"].to_list()  # type: ignore[arg-type]

    assert codes() == ["C402", "C404", "T103", "W101"]
    assert codes(select=["W"]) == codes(ignore=["operator-missing", "C"]) == ["W101"]
    assert codes(select=["T103", "weights-total"]) == ["T103", "W101"]
    with pytest.raises(InputError, match=r"no rule is called weight-total .*weights-total"):
        codes(select=["weight-total"])


def test_the_public_api(tmp_path: Path) -> None:
    import perfeval

    run(tmp_path, [{"indicator": "甲", "target": "≥ 9 人"}], [{"indicator": "甲", "actual": "9"}])
    result = perfeval.score(tmp_path / "actuals.csv", tmp_path / "specs.csv")
    assert result.projects["grade"].to_list() == ["优"]
    checked = perfeval.check(tmp_path / "specs.csv")
    assert checked.findings["code"].to_list() == ["C402", "C404"]  # no benefit, one quantity
    assert perfeval.load_policy("general").id == "general"
    specs = perfeval.load(tmp_path / "specs.csv")
    assert len(specs.indicators) == 1
    assert perfeval.score(tmp_path / "actuals.csv", specs).receipt == result.receipt
    assert SPEC["project"] == "P1"

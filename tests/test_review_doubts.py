"""What is in doubt stays in doubt: nothing is summed or deducted as if it were known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from perfeval.problems import InputError
from perfeval.reports.findings import records
from perfeval.reports.review_table import write_decisions
from tests.scoring import write
from tests.test_review import SATISFACTION, codes, decide, reviewed

SHARE = {"target": "≥ 95 %", "actual": "0.96"}


def test_a_share_for_a_percentage_is_not_recomputed(tmp_path: Path) -> None:
    result = reviewed(tmp_path, [SHARE])
    assert codes(result) == ["R209"]
    claim = result.claims.row(0, named=True)
    assert (claim["status"], claim["low"], claim["high"]) == ("undecided", 0, 1000)
    assert result.receipt["counts"]["claims"]["not_recomputed"] == 1
    project = result.projects.row(0, named=True)
    assert (project["recomputed_low"], project["recomputed_high"]) == (0, 1000)
    percent = reviewed(tmp_path, [{**SHARE, "actual": "0.96%"}])
    assert percent.claims["status"].to_list() == ["scored"]
    assert codes(percent) == ["R102"]


CHONGQING = [
    {"indicator": name, "target": target, "weight": weight, "actual": actual, "partial": ""}
    for name, target, weight, actual in (
        ("培训人数", "≥ 400 人", "50", "400"),
        ("合格率", "≥ 90 %", "30", "95"),
        ("群众满意度", "≥ 90 %", "20", "100"),
    )
]
EXECUTION = {"budget": "100", "spent": "76", "execution_score": "7.6"}


def test_claims_on_weights_that_execution_scales(tmp_path: Path) -> None:
    """Weights of 100 beside execution are worth 90: what `score --execution` gives agrees."""
    scores = ("45", "27", "18")
    rows = [
        {**row, **EXECUTION, "score": claimed}
        for row, claimed in zip(CHONGQING, scores, strict=True)
    ]
    result = reviewed(tmp_path, rows, policy="chongqing")
    assert [code for code in codes(result) if code != "R305"] == []
    assert result.claims["low"].to_list() == [4500, 2700, 1800]
    project = result.projects.row(0, named=True)
    assert (project["claimed_total"], project["recomputed_low"]) == (9760, 9760)
    assert "× 90 ÷ 100" in result.notes[-1].text("en")
    rows[0] = {**rows[0], "actual": "200"}
    told = reviewed(tmp_path, rows, policy="chongqing")
    assert "R102" in codes(told)
    assert told.claims["low"].to_list() == [2250, 2700, 1800]


def test_no_recomputed_total_is_above_the_policys(tmp_path: Path) -> None:
    """Claims on weights of 100 beside ten for execution follow the weights; the total does not."""
    rows = [{**row, **EXECUTION, "score": row["weight"]} for row in CHONGQING]
    result = reviewed(tmp_path, rows, policy="chongqing")
    assert result.claims["low"].to_list() == [5000, 3000, 2000]
    project = result.projects.row(0, named=True)
    assert (project["claimed_total"], project["recomputed_low"]) == (10760, 9760)
    assert "R403" in codes(result)


def test_decisions_leave_the_sample_as_it_was(tmp_path: Path) -> None:
    rows = [
        {"project": f"P{number}", "actual": str(70 + number), "score": "10"} for number in range(12)
    ]
    decided = decide(
        tmp_path, [{"project": f"P{number}", "decision": "采纳"} for number in range(6)]
    )
    before, after = (
        reviewed(tmp_path, rows, sample=5, seed=7, **more).sample
        for more in ({}, {"decisions": decided})
    )
    assert before is not None
    assert after is not None
    assert before.equals(after)


def test_a_deduction_that_says_too_little_or_too_much_is_refused(tmp_path: Path) -> None:
    rows = [SHARE, {"indicator": "家长满意度", "score": "5"}]
    decisions = decide(
        tmp_path,
        [
            {"decision": "扣分"},
            {"decision": "扣分", "indicator": "家长满意度", "deduction": "5.01"},
        ],
    )
    with pytest.raises(InputError) as error:
        reviewed(tmp_path, rows, decisions=decisions)
    assert ":2: nothing is recomputed for 服务对象满意度; fill in the deduction" in str(error.value)
    assert ":3: the deduction of 5.01 is more than the 5.00 points" in str(error.value)


def test_an_unusable_claim_is_in_no_sum(tmp_path: Path) -> None:
    rows = [
        {"score": "-5", "total": "15", "partial": ""},
        {"indicator": "家长满意度", "score": "10", "partial": ""},
    ]
    found = codes(reviewed(tmp_path, rows))
    assert "R207" in found
    assert "R401" not in found


def test_reasons_and_decisions_are_told_in_the_readers_language(tmp_path: Path) -> None:
    specs = write(tmp_path / "specs.csv", [{**SATISFACTION, "project": "P2", "project_name": "乙"}])
    decided = decide(tmp_path, [{"decision": "扣分", "deduction": "1", "evidence": "00000000"}])
    result = reviewed(tmp_path, [{}], specs=specs, decisions=decided)
    told = {each["code"]: each["message"] for each in records(result.findings, "zh")}
    assert "the project" not in told["R505"]
    assert "“扣分”" in told["R701"]
    assert (
        "“deduct”"
        in {each["code"]: each["message"] for each in records(result.findings, "en")}["R701"]
    )


def test_one_of_two_rows_alike_can_be_decided(tmp_path: Path) -> None:
    rows = [{"score": "9"}, {"indicator": "家长满意度"}, {"score": "10"}]
    assert codes(reviewed(tmp_path, rows)).count("D101") == 1
    unclear = decide(
        tmp_path,
        [{"decision": "采纳"}, {"decision": "采纳", "level2": "满意度", "occurrence": "3"}],
    )
    with pytest.raises(InputError) as error:
        reviewed(tmp_path, rows, decisions=unclear)
    assert "服务对象满意度 stands in several rows of the self-evaluation (2, 4)" in str(error.value)
    decisions = decide(tmp_path, [{"decision": "扣分", "deduction": "1", "occurrence": "2"}])
    result = reviewed(tmp_path, rows, decisions=decisions)
    assert result.changes is not None
    assert result.changes.select("row", "claimed", "decided").rows() == [(2, 1000, 900)]
    beyond = decide(tmp_path, [{"decision": "采纳", "occurrence": "3"}])
    with pytest.raises(InputError) as error:
        reviewed(tmp_path, rows, decisions=beyond)
    assert "a number from 1 to 2 is expected" in str(error.value)


def test_rows_alike_are_told_apart_in_the_table_to_decide_in(tmp_path: Path) -> None:
    path = tmp_path / "to-decide.csv"
    with path.open("wb") as file:
        write_decisions(reviewed(tmp_path, [{"actual": "45"}, {}]), file, "zh")
    with path.open(encoding="utf-8-sig", newline="") as file:
        told = [(row["三级指标"], row["第几个"]) for row in csv.DictReader(file)]
    assert told == [("服务对象满意度", "1"), ("服务对象满意度", "2")]


def test_a_sample_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a sample of 0 projects is none"):
        reviewed(tmp_path, [{}], sample=0)


def test_a_projects_recomputed_total_is_that_of_the_projects_list(tmp_path: Path) -> None:
    """Weights of 100 beside ten points of execution give no recomputed total above 100."""
    row = {"budget": "100", "spent": "100", "execution_score": "10", "partial": ""}
    rows = [{**row, "weight": "50", "score": "50", "indicator": name} for name in ("甲", "乙")]
    decided = decide(tmp_path, [{"indicator": "", "decision": "采纳"}])
    result = reviewed(tmp_path, rows, decisions=decided)
    assert result.changes is not None
    [(claimed, low, high)] = result.changes.select("claimed", "low", "high").rows()
    assert (claimed, low, high) == (110_00, 100_00, 100_00)
    totals = result.projects.select("recomputed_low", "recomputed_high").rows()
    assert totals == [(low, high)]
    # Without a weight nobody knows the total.
    blank = [{**rows[0], "weight": ""}, rows[1]]
    changes = reviewed(tmp_path, blank, decisions=decided).changes
    assert changes is not None
    assert changes.select("low", "high").rows() == [(None, None)]

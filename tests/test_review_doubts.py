"""What is in doubt stays in doubt: nothing is summed or deducted as if it were known."""

from __future__ import annotations

from pathlib import Path

from tests.test_review import codes, reviewed

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

"""What is in doubt stays in doubt: nothing is recomputed, summed or deducted as if it were known."""

from __future__ import annotations

from pathlib import Path

from perfeval.reviewing import review
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

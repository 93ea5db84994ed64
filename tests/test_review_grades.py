"""Totals and grades as claimed beside recomputed ones: told only where they can be."""

from __future__ import annotations

import polars as pl
import pytest

from perfeval.policy import load_policy
from perfeval.reviewing.grades import with_grades, with_recomputed

SOUND = {
    "claimed_total": 9500, "decided_total": 9500, "low_sum": 7400,
    "high_sum": 7400, "execution_claimed": 1000,
    "execution_low": 950, "all_weighed": True, "all_claimed": True, "partial": False,
    "full_sum": 9000, "execution_points": 10,
}  # fmt: skip
SCHEMA = {
    name: pl.Boolean if isinstance(value, bool) else pl.Int64 for name, value in SOUND.items()
}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, (8350, 8350, "良", "优")),
        ({"high_sum": 9000}, (8350, 9950, "良–优", "优")),
        ({"execution_low": None}, (None, None, None, "优")),
        ({"execution_claimed": None, "execution_low": None}, (7400, 7400, "中", "优")),
        ({"all_weighed": False}, (None, None, None, None)),
        ({"all_claimed": False}, (8350, 8350, "良", None)),
        ({"partial": True}, (8350, 8350, None, None)),
    ],
)
def test_grades(other: dict[str, object], expected: tuple[object, ...]) -> None:
    frame = pl.DataFrame([{**SOUND, **other}], schema=SCHEMA)
    policy = load_policy("general")
    told = with_grades(with_recomputed(frame, policy), policy).select(
        "recomputed_low", "recomputed_high", "recomputed_grade", "claimed_grade"
    )
    assert told.row(0) == expected

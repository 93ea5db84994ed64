"""How projects are distributed: what is still open stands in no definite grade or total."""

from __future__ import annotations

import polars as pl

from perfeval.policy import load_policy
from perfeval.reports import distribution

POLICY = load_policy("general")


def test_an_open_project_has_no_definite_place() -> None:
    """S05 of docs/published-review.md: 40 to 100 points, 差–优, 880 万元."""
    grades = pl.Series(["差–优", "优", "中", None])
    totals = pl.Series([4000, 10_000, 6999, None], dtype=pl.Int64)
    budget = pl.Series([880.0, 9.99, 10.0, 5.0])
    assert distribution.by_grade({"": grades}, POLICY) == {
        "优": [1], "良": [0], "中": [1], "差": [0], None: [1],
    }  # fmt: skip
    by_total = distribution.by_total({"": totals}, {"": grades}, POLICY)
    assert {least: n for least, (n,) in by_total.items() if n} == {65: 1, 95: 1, None: 1}
    by_money = distribution.by_money(budget, grades, POLICY)
    assert by_money["差"] == [0] * len(distribution.BUDGETS)
    assert by_money[None] == [0, 0, 0, 0, 1, 0, 0]
    assert (by_money["优"], by_money["中"]) == ([1, *[0] * 6], [0, 1, *[0] * 5])


def test_without_open_projects_nothing_stands_apart() -> None:
    grades, totals = pl.Series(["优"]), pl.Series([9100])
    assert None not in distribution.by_grade({"": grades}, POLICY)
    assert None not in distribution.by_total({"": totals}, {"": grades}, POLICY)
    assert None not in distribution.by_money(pl.Series([1.0]), grades, POLICY)

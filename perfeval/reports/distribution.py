"""How the projects of a batch are distributed: by grade, by total, by money and grade.

One computation for pages, workbooks, JSON and terminal. A project whose grade could still change
stands in no definite grade and at no definite total, but apart: under None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from perfeval.policy import Policy

WIDTH_OF_SCORES = 500
"""Hundredths of a point that a step of the distribution of totals covers."""

FULL = 10_000
BUDGETS = (0, 10, 50, 100, 500, 1000, 5000)
"""万元, the lower ends of the bands."""

_LEAST_STEP, _MOST_STEP = 16, FULL // WIDTH_OF_SCORES


def by_grade(series: Mapping[str, pl.Series], policy: Policy) -> dict[str | None, list[int]]:
    """How many projects have which grade, the policy's best first, per series of grades."""
    counts: dict[str | None, list[int]] = {grade.name: [0] * len(series) for grade in policy.grades}
    for number, grades in enumerate(series.values()):
        for grade, n in grades.drop_nulls().value_counts().iter_rows():
            own = counts.setdefault(grade if grade in counts else None, [0] * len(series))
            own[number] += n
    return counts


def by_total(
    totals: Mapping[str, pl.Series], grades: Mapping[str, pl.Series], policy: Policy
) -> dict[int | None, list[int]]:
    """How many projects have how many points: by the lower end of steps of five, per series.

    totals: hundredths; grades: those that the totals have.
    """
    import polars as pl

    names = [grade.name for grade in policy.grades]
    found: list[dict[int, int]] = []
    undecided = []
    for name, total in totals.items():
        settled = total.filter(grades[name].is_in(names))
        steps = (settled.clip(0, FULL - 1) // WIDTH_OF_SCORES).cast(pl.Int64).value_counts()
        found.append(dict(steps.iter_rows()))
        undecided.append(total.count() - settled.count())
    first = min((step for counts in found for step in counts), default=12)
    values: dict[int | None, list[int]] = {
        step * WIDTH_OF_SCORES // 100: [counts.get(step, 0) for counts in found]
        for step in range(min(first, _LEAST_STEP), _MOST_STEP)
    }
    if any(undecided):
        values[None] = undecided
    return values


def by_money(budget: pl.Series, grade: pl.Series, policy: Policy) -> dict[str | None, list[int]]:
    """How many projects of which budget have which grade: a count for each of `BUDGETS`."""
    import polars as pl

    placed = (
        pl.DataFrame({"budget": budget, "grade": grade})
        .drop_nulls()
        .with_columns(
            column=pl.sum_horizontal(
                (pl.col("budget") >= low).cast(pl.Int32) for low in BUDGETS[1:]
            )
        )
    )
    counts: dict[str | None, list[int]] = {each.name: [0] * len(BUDGETS) for each in policy.grades}
    for name, column, n in placed.group_by("grade", "column").len().iter_rows():
        own = counts.setdefault(name if name in counts else None, [0] * len(BUDGETS))
        own[column] += n
    return counts

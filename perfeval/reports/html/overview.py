"""What every page shows above its list: figures, charts with their numbers, departments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.reports import distribution
from perfeval.reports.html import charts
from perfeval.reports.values import decimal

if TYPE_CHECKING:
    import polars as pl

    from perfeval.policy import Policy

MOST_DEPARTMENTS = 15
"""Departments that are drawn; the table beside has them all."""

CLAIMED, RECOMPUTED = N_("claimed"), N_("recomputed")


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure: what it is, how much, and what belongs to it."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: titles, and rows whose first cell is a heading.

    `numbers` are the columns that are set to the right.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    note: str = ""


def grades(series: Mapping[str, pl.Series], policy: Policy, lang: str) -> charts.Chart:
    """How many projects have which grade; the grades that could still change stand together."""
    counts = distribution.by_grade(series, policy)
    return charts.bars(
        render(N_("Grades"), {}, lang),
        render(N_("Grade"), {}, lang),
        {_named(grade, lang): own for grade, own in counts.items()},
        [render(name, {}, lang) for name in series],
        render(N_("projects"), {}, lang),
    )


def _named(grade: str | None, lang: str) -> str:
    return render(N_("open"), {}, lang) if grade is None else grade


def scores(
    totals: Mapping[str, pl.Series], grades: Mapping[str, pl.Series], policy: Policy, lang: str
) -> charts.Chart:
    """How many projects have how many points, in steps of five; those that are open, apart."""
    counts = distribution.by_total(totals, grades, policy)
    return charts.bars(
        render(N_("Total points, in steps of five"), {}, lang),
        render(N_("points from"), {}, lang),
        {_named(None if least is None else str(least), lang): own for least, own in counts.items()},
        [render(name, {}, lang) for name in totals],
        render(N_("projects"), {}, lang),
    )


def money(budget: pl.Series, grade: pl.Series, policy: Policy, lang: str) -> charts.Chart | None:
    """How many projects of which budget (万元) have which grade; None where no budget is known."""
    counts = distribution.by_money(budget, grade, policy)
    if not any(map(any, counts.values())):
        return None
    least = {each.name: decimal(float(each.at_least)) for each in policy.grades[:-1]}
    lines = [
        f"{grade} ≥ {least[grade]}" if grade in least else _named(grade, lang) for grade in counts
    ]
    columns = [f"{low}–{high}" for low, high in pairwise(distribution.BUDGETS)]
    columns.append(f"≥ {distribution.BUDGETS[-1]}")
    axes = (
        render(N_("budget, 万元"), {}, lang),
        render(N_("Grade"), {}, lang),
        render(N_("Number of projects, by budget and grade"), {}, lang),
    )
    return charts.heat(
        render(N_("Money against score"), {}, lang), columns, lines, [*counts.values()], axes
    )


def departments(frame: pl.DataFrame, series: Mapping[str, str], lang: str) -> charts.Chart | None:
    """The first departments of `frame`, their means in the columns that `series` names."""
    known = frame.drop_nulls(list(series.values()))
    values = [
        (row["department"] or "—", [row[column] for column in series.values()])
        for row in known.head(MOST_DEPARTMENTS).iter_rows(named=True)
    ]
    if len(values) < 2:
        return None
    return charts.spans(
        render(N_("Departments compared"), {}, lang),
        render(N_("Department"), {}, lang),
        values,
        [render(name, {}, lang) for name in series],
        render(N_("mean of the totals"), {}, lang),
    )


def policy_note(policy: Policy, lang: str) -> dict[str, Any]:
    """The policy's name and where it comes from, for the foot of the page."""
    chinese = lang == "zh"
    return {
        "name": policy.name if chinese else policy.name_en,
        "id": policy.id,
        "source": (policy.source if chinese else policy.source_en).strip(),
    }

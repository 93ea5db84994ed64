"""What every page shows above its list: figures, charts with their numbers, departments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.reports.html import charts
from perfeval.reports.values import point_range

if TYPE_CHECKING:
    import polars as pl

    from perfeval.policy import Policy

WIDTH_OF_SCORES = 500
"""Hundredths of a point that a bar of the distribution covers."""

MOST_DEPARTMENTS = 15
"""Departments that are drawn; the table beside has them all."""

_MONEY = (0, 10, 50, 100, 500, 1000, 5000)
"""万元, the lower ends of the bands."""

FULL = 10_000
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
    names = [grade.name for grade in policy.grades]
    counts = {name: [0] * len(series) for name in names}
    still = render(N_("open"), {}, lang)
    for number, values in enumerate(series.values()):
        for grade, n in values.drop_nulls().value_counts().iter_rows():
            own = counts.setdefault(grade if grade in names else still, [0] * len(series))
            own[number] += n
    return charts.bars(
        render(N_("Grades"), {}, lang),
        render(N_("Grade"), {}, lang),
        counts,
        [render(name, {}, lang) for name in series],
        render(N_("projects"), {}, lang),
    )


def scores(series: Mapping[str, pl.Series], lang: str) -> charts.Chart:
    """How many projects have how many points, in steps of five."""
    import polars as pl

    found = [
        dict(
            ((values.drop_nulls().clip(0, FULL - 1) // WIDTH_OF_SCORES).cast(pl.Int64))
            .value_counts()
            .iter_rows()
        )
        for values in series.values()
    ]
    first = min((step for counts in found for step in counts), default=12)
    values = {
        f"{step * 5}": [counts.get(step, 0) for counts in found]
        for step in range(min(first, 16), FULL // WIDTH_OF_SCORES)
    }
    chart = charts.bars(
        render(N_("Total points, in steps of five"), {}, lang),
        render(N_("points from"), {}, lang),
        values,
        [render(name, {}, lang) for name in series],
        render(N_("projects"), {}, lang),
    )
    return chart


def money(budget: pl.Series, score: pl.Series, policy: Policy, lang: str) -> charts.Chart | None:
    """How many projects of which budget (万元) have which points; None where no budget is known."""
    import polars as pl

    known = pl.DataFrame({"budget": budget, "score": score}).drop_nulls()
    if known.is_empty():
        return None
    limits = [int(100 * grade.at_least) for grade in policy.grades]
    lines = [f"{grade.name} ≥ {point_range(c, c).removesuffix('.00')}" for grade, c in
             zip(policy.grades[:-1], limits[:-1], strict=True)]  # fmt: skip
    lines.append(policy.grades[-1].name)
    columns = [f"{low}–{high}" for low, high in pairwise(_MONEY)]
    columns.append(f"≥ {_MONEY[-1]}")
    placed = known.select(
        column=pl.sum_horizontal((pl.col("budget") >= low).cast(pl.Int32) for low in _MONEY[1:]),
        line=pl.sum_horizontal((pl.col("score") < low).cast(pl.Int32) for low in limits[:-1]),
    )
    counts = {
        (row[1], row[0]): row[2] for row in placed.group_by("column", "line").len().iter_rows()
    }
    table = [
        [counts.get((line, column), 0) for column in range(len(columns))]
        for line in range(len(lines))
    ]
    axes = (
        render(N_("budget, 万元"), {}, lang),
        render(N_("Grade"), {}, lang),
        render(N_("Number of projects, by budget and grade"), {}, lang),
    )
    return charts.heat(render(N_("Money against score"), {}, lang), columns, lines, table, axes)


def mean(values: pl.Expr) -> pl.Expr:
    """The mean of whole hundredths, rounded half up; null of nothing."""
    return (2 * values.sum() + values.count()) // (2 * values.count())


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


def receipt_lines(receipt: Mapping[str, Any], lang: str) -> Iterable[str]:
    """What the result was computed from: version, policy and inputs with their hashes."""
    chosen = receipt["policy"]
    yield f"perfeval {receipt['perfeval']}"
    template = N_("Policy {id} ({name}), sha256 {sha256}")
    yield render(template, {key: chosen[key] for key in ("id", "name", "sha256")}, lang)
    template = N_("Input {path}: rows {rows}, {encoding}, sha256 {sha256}")
    for each in receipt["inputs"]:
        yield render(template, each, lang)

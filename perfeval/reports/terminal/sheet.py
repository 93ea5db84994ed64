"""The sheet of `score`: departments with their projects, what lost points and why, the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import TYPE_CHECKING

from perfeval.messages import N_, render
from perfeval.reports.terminal.attention import attention
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.terminal.project_lines import Columns, full_marks
from perfeval.reports.terminal.verdict import verdict
from perfeval.reports.text import HELD, clean, shorten, wrap
from perfeval.reports.values import decimal, point_range

if TYPE_CHECKING:
    import polars as pl

    from perfeval.policy import Policy
    from perfeval.scoring import ScoreResult

MOST_PROJECTS = 40
_CHOSEN = {
    "argument": N_("Policy: {name} ({id}), chosen with --policy"),
    "specs": N_("Policy: {name} ({id}), chosen in the perfeval.toml of the target tables"),
    "default": N_("Policy: {name} ({id}), as none was chosen; --policy chooses another"),
}


def sheet(result: ScoreResult, look: Look) -> Iterator[Line]:
    """The whole sheet, line by line; no line is wider than `look.width`."""
    yield from _policy(result, look)
    yield from _projects(result, look)
    yield from attention(result, look)
    yield []
    yield from verdict(result, look)


def _policy(result: ScoreResult, look: Look) -> Iterator[Line]:
    policy = result.policy
    name = policy.name if look.lang == "zh" else policy.name_en
    values = {"name": clean(name), "id": clean(policy.id)}
    template = _CHOSEN[result.receipt["policy"]["chosen"]]
    yield from _wrapped(render(template, values, look.lang), look, "dim")
    if policy.execution and len(result.execution):
        template = N_("Budget execution carries {weight} points, the indicators {points}")
        share = {"weight": policy.execution.weight, "points": policy.execution.indicators}
    else:
        template = N_("No budget execution is scored: the indicators carry all {points} points")
        share = {"points": policy.total}
    shares = {name: decimal(float(value)) for name, value in share.items()}
    yield from _wrapped(render(template, shares, look.lang), look, "dim")


def _wrapped(text: str, look: Look, style: str = "", indent: int = 0) -> Iterator[Line]:
    for line in wrap(text, look.width - indent):
        yield [(" " * indent + line, style)]


def _projects(result: ScoreResult, look: Look) -> Iterator[Line]:
    import polars as pl

    projects = result.projects.with_row_index("position").join(
        _full_marks(result), on="project", how="left", maintain_order="left"
    )
    projects = projects.with_columns(pl.col("full").fill_null(0))
    shown = projects
    bounded = len(projects) > MOST_PROJECTS and not look.everything
    if bounded:
        # The reader of a long list looks for trouble first.
        shown = projects.sort("low", "position").head(MOST_PROJECTS)
    departments = projects.group_by("department").agg(first=pl.col("position").min())
    shown = shown.join(departments, on="department").sort("first", "position")
    if bounded:
        yield []
        values = {"shown": len(shown), "total": len(projects)}
        template = N_("The {shown} lowest of {total} projects")
        yield [(render(template, values, look.lang), "bold")]
    columns = Columns(list(shown.iter_rows(named=True)), look)
    for department, group in groupby(shown.iter_rows(named=True), lambda row: row["department"]):
        yield []
        yield from _department(department, result, look)
        yield columns.head()
        for row in group:
            yield columns.line(row, result.policy)
    signs = dict(zip(("certain", "possible", "lost"), look.bar_signs, strict=True))
    template = N_("{certain} scored  {possible} undecided  {lost} lost")
    yield [(render(template, signs, look.lang), "dim")]
    if bounded:
        rest = projects.join(shown, on="position", how="anti")
        others = {"projects": len(rest), "grades": _grades(rest, result.policy)}
        template = N_("… another {projects} projects: {grades}. --all shows them")
        yield from _wrapped(render(template, others, look.lang), look, "dim")


def _department(name: str, result: ScoreResult, look: Look) -> Iterator[Line]:
    import polars as pl

    projects = result.projects.filter(pl.col("department") == name)
    title = clean(name) or render(N_("No department given"), {}, look.lang)
    yield [(shorten(title, look.width), "bold")]
    graded = projects.filter(pl.col("grade").is_not_null())
    low, high = (_average(graded[column]) for column in ("low", "high"))
    values: dict[str, object] = {
        "projects": len(projects),
        "grades": _grades(graded, result.policy),
        "average": point_range(low, high),
        "without": len(projects) - len(graded),
    }
    template = N_("Projects: {projects} ({grades}); average {average}")
    if graded.is_empty():
        template = N_("Projects: {projects}, none of which can be graded")
    elif len(graded) < len(projects):
        template = N_(
            "Projects: {projects} ({grades}); average {average}, without the projects that have no"
            " grade: {without}"
        )
    yield from _wrapped(render(template, values, look.lang), look)


def _full_marks(result: ScoreResult) -> pl.DataFrame:
    """The most that each project could reach, in hundredths: `full`."""
    import polars as pl

    parts = [
        result.indicators.select("project", full=full_marks(pl.col("points"))),
        result.execution.select("project", full=full_marks(pl.col("weight"))),
    ]
    return pl.concat(parts).group_by("project").agg(pl.col("full").sum())


def _average(hundredths: pl.Series) -> int | None:
    """The mean in hundredths, rounded half up; None of nothing."""
    if hundredths.is_empty():
        return None
    return floor(Fraction(int(hundredths.sum()), len(hundredths)) + Fraction(1, 2))


def _sum(amounts: pl.Series) -> Decimal:
    return sum((Decimal(repr(amount)) for amount in amounts), Decimal(0))


def _grades(projects: pl.DataFrame, policy: Policy) -> str:
    """How many projects have which grade: the certain ones best first, then the open ones."""
    counts = dict(projects.drop_nulls("grade").group_by("grade").len().iter_rows())
    rank = {grade.name: place for place, grade in enumerate(policy.grades)}

    def order(name: str) -> tuple[bool, list[int]]:
        return name not in rank, [rank.get(part, 0) for part in reversed(name.split("–"))]

    return " · ".join(f"{clean(name)}{HELD}{counts[name]}" for name in sorted(counts, key=order))

"""The sheet of `check`: findings by project with the rows they are about, then the verdict.

Projects with errors come first. Where there are many findings, those of a kind are told by the
first few and a count, and what is left out is counted exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.problems import place_of
from perfeval.reports.findings import place
from perfeval.reports.terminal.check_verdict import check_verdict
from perfeval.reports.terminal.finding_blocks import block, counted, finding, heading
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import HELD, clean, shorten, wrap
from perfeval.tables import PLACE, SEVERITIES

if TYPE_CHECKING:
    import polars as pl

    from perfeval.checking import CheckResult

MOST_FINDINGS = 100
MOST_OTHERS = 20
MOST_LIKE = 4
"""Most findings of one rule in one project that are shown one by one."""

MOST_KINDS = 12
_RANK = {name: number for number, name in enumerate(SEVERITIES)}


def findings_sheet(result: CheckResult, look: Look) -> Iterator[Line]:
    """The findings, the suppressed ones where everything is asked for, and the verdict."""
    import polars as pl

    found = _ordered(result)
    of_projects = pl.col("name_of_project").is_not_null()
    yield from _projects(found.filter(of_projects), result, look)
    yield from _others(found.filter(~of_projects), look)
    if look.everything:
        yield from _suppressed(result, look)
    yield from check_verdict(result, look)


def _ordered(result: CheckResult) -> pl.DataFrame:
    """The findings as they are told: project by project, what concerns all of it first.

    Added columns: name_of_project (null where it is not one of the tables'), group (the project, or
    the file where there is none), place, rank (0 is the worst), about, and of the group's findings
    of the same rule number and like, which one it is and how many there are.
    """
    import polars as pl

    projects = result.projects.select(
        "project", name_of_project="name", place=pl.int_range(pl.len())
    )
    about = {rule.code: str(rule.about) for rule in result.rules}
    is_known = pl.col("name_of_project").is_not_null()
    of_indicator = pl.col("row").is_not_null() | pl.col("indicator").is_not_null()
    kind = ("group", "code")
    return (
        result.findings.join(projects, on="project", how="left", maintain_order="left")
        .with_columns(
            group=pl.when(is_known).then("project").otherwise(pl.col("file").fill_null("")),
            rank=pl.col("severity").replace_strict(_RANK, return_dtype=pl.Int64),
            about=pl.col("code").replace_strict(about, default="", return_dtype=pl.String),
            of_indicator=of_indicator,
        )
        .with_columns(worst=pl.col("rank").min().over("group"))
        .sort(
            "worst", "place", "group", "of_indicator", "row", "file", "sheet", "line", "rank",
            "code",
            maintain_order=True,
        )
        .with_columns(number=pl.int_range(pl.len()).over(kind), like=pl.len().over(kind))
        .with_row_index("position")
    )  # fmt: skip


def _shown(found: pl.DataFrame, most: int, look: Look) -> pl.DataFrame:
    """What is shown of `found`: group by group, the worst of each first, few of a kind."""
    import polars as pl

    if look.everything:
        return found
    few = found.filter((pl.col("number") < MOST_LIKE) | (pl.col("like") == MOST_LIKE + 1))
    return few.sort("worst", "place", "group", "rank", "position").head(most).sort("position")


def _projects(found: pl.DataFrame, result: CheckResult, look: Look) -> Iterator[Line]:
    import polars as pl

    shown = _shown(found, MOST_FINDINGS, look)
    listed = found.filter(pl.col("group").is_in(shown["group"].unique().to_list()))
    counts = _counts(listed)
    more = _kinds(listed.join(shown, on="position", how="anti", maintain_order="left"))
    targets = _targets(shown, result)
    for group, rows in groupby(shown.iter_rows(named=True), lambda row: row["group"]):
        own = list(rows)
        yield heading(own[0]["name_of_project"], group, counts[group], look)
        yield from _blocks(own, targets, look)
        yield from _more(more.get(group, {}), look)
        yield []
    rest = found.join(listed, on="position", how="anti")
    if len(rest):
        template = N_("… another {projects} projects with {n} findings: {kinds}. --all shows them")
        values = {
            "projects": rest["group"].n_unique(),
            "n": len(rest),
            "kinds": _said(rest, look.lang),
        }
        yield from _wrapped(render(template, values, look.lang), look, "dim")
        yield []


def _others(found: pl.DataFrame, look: Look) -> Iterator[Line]:
    """Findings that belong to no project, by file; what is about the run itself is always told."""
    import polars as pl

    if found.is_empty():
        return
    of_the_run = pl.col("code").str.starts_with("P")
    shown = pl.concat(
        [found.filter(of_the_run), _shown(found.filter(~of_the_run), MOST_OTHERS, look)]
    ).sort("position")
    title = render(N_("Belonging to no project"), {}, look.lang)
    yield heading(title, "", _severities(found), look)
    yield from _blocks(list(shown.iter_rows(named=True)), {}, look)
    hidden = found.join(shown, on="position", how="anti", maintain_order="left")
    kinds: dict[str, int] = {}
    for each in _kinds(hidden).values():
        kinds |= {code: kinds.get(code, 0) + n for code, n in each.items()}
    yield from _more(kinds, look)
    yield []


def _blocks(
    rows: Sequence[dict[str, Any]], targets: Mapping[int, dict[str, Any]], look: Look
) -> Iterator[Line]:
    def where(row: dict[str, Any]) -> tuple[Any, ...]:
        return *(row[name] for name in ("row", *PLACE)), row["indicator"]

    for _, own in groupby(rows, where):
        found = list(own)
        yield from block(found, targets.get(found[0]["row"]), look)


def _targets(shown: pl.DataFrame, result: CheckResult) -> dict[int, dict[str, Any]]:
    """The rows that are quoted, by their number."""
    import polars as pl

    rows = shown["row"].drop_nulls().unique().to_list()
    columns = ("row", "level2", "indicator", "own_operator", "target", "unit", "weight")
    quoted = result.targets.select(columns).filter(pl.col("row").is_in(rows))
    return {row["row"]: row for row in quoted.iter_rows(named=True)}


def _more(kinds: Mapping[str, int], look: Look) -> Iterator[Line]:
    """What of a project is not shown, by rule."""
    if not kinds:
        return
    told = list(kinds.items())[:MOST_KINDS]
    values = {
        "n": sum(kinds.values()),
        "kinds": " · ".join(f"{code}{HELD}{n}" for code, n in told)
        + (" · …" if len(kinds) > MOST_KINDS else ""),
    }
    template = N_("… another {n}: {kinds}. --all shows them")
    for text in wrap(render(template, values, look.lang), look.width - 2):
        yield [("  " + text, "dim")]


def _counts(found: pl.DataFrame) -> dict[str, dict[str, int]]:
    """By group: how many findings there are of each severity."""
    counts: dict[str, dict[str, int]] = {}
    for group, severity, n in found.group_by("group", "severity").len().iter_rows():
        counts.setdefault(group, {})[severity] = n
    return counts


def _severities(found: pl.DataFrame) -> dict[str, int]:
    return dict(found.group_by("severity").len().iter_rows())


def _said(found: pl.DataFrame, lang: str) -> list[str]:
    return [text for text, _ in counted(_severities(found), lang)]


def _kinds(hidden: pl.DataFrame) -> dict[str, dict[str, int]]:
    """By group: how many findings of which rule there are, the most severe rules first."""
    counts: dict[str, dict[str, int]] = {}
    kinds = hidden.group_by("group", "rank", "code").len().sort("group", "rank", "code")
    for group, _, code, n in kinds.iter_rows():
        own = counts.setdefault(group, {})
        own[code] = own.get(code, 0) + n
    return counts


def _suppressed(result: CheckResult, look: Look) -> Iterator[Line]:
    """Every finding that is kept back, and why."""
    if result.suppressed.is_empty():
        return
    title = render(N_("Suppressed"), {}, look.lang)
    yield heading(title, "", _severities(result.suppressed), look)
    for row in result.suppressed.iter_rows(named=True):
        where = (place(row), row["project"], row["indicator"])
        said = clean(" ".join(part for part in where if part))
        yield [("  " + shorten(said, look.width - 2), "dim")]
        yield from finding(row, look)
        settings = place_of(row["settings_file"], row["settings_line"])
        values = {"reason": row["reason"], "place": settings}
        template = N_("suppressed: {reason} ({place})")
        for text in wrap(clean(render(template, values, look.lang)), look.width - 4):
            yield [("    " + text, "dim")]
    yield []


def _wrapped(text: str, look: Look, style: str) -> Iterable[Line]:
    return ([(line, style)] for line in wrap(clean(text), look.width))

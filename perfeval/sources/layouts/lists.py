"""Lists: one row per indicator, or per project's execution, of many projects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from perfeval.messages import N_
from perfeval.problems import Problem
from perfeval.sources import delimited, headings
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.grids import Grid
from perfeval.sources.layouts.headers import Header
from perfeval.sources.layouts.labels import words
from perfeval.sources.layouts.rows import listed
from perfeval.sources.specs_table import SPECS
from perfeval.sources.table import ACTUALS, EXECUTION, Source

SPEC_ROWS, ACTUAL_ROWS, EXECUTION_ROWS = "specs", "actuals", "execution"
TABLES = {SPEC_ROWS: SPECS, ACTUAL_ROWS: ACTUALS, EXECUTION_ROWS: EXECUTION}
"""The kinds of rows that a list can hold, and their columns."""

_BLANK_WEIGHTS = N_(
    "{count} indicators have no weight (权重, 分值) and count 0 points: {cells}; fill them in"
)
_OUTSIDE = N_("{count} cells stand under no heading and were left out: {cells}; check them")
_OF_TARGETS = ("operator", "target", "unit")
_LEAD = 3  # first filled cells of a row that can say that it is a sum


@dataclass(slots=True)
class List:
    """A list of a grid: its rows as cells of text, and what may be read of it.

    `below` and `summed` are its rows, as indices of the grid's rows, without and with a sum (合计);
    `sums` are the cells of the latter, which no source has; `sources` holds, per kind
    of table that its columns make up (`SPEC_ROWS` …), the cells with the columns found; `errors`
    what it lacks to be one of the kinds that it looks like, and what keeps its rows from being used
    as that.
    """

    grid: Grid
    header: Header
    last: int
    below: list[int]
    summed: list[int]
    sums: pl.DataFrame
    sources: dict[str, Source] = field(default_factory=dict)
    errors: dict[str, list[Problem]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> tuple[int, int]:
        """The first and the last of its rows, as indices of the grid's rows."""
        return self.header.last + 1, self.last


def read_list(grid: Grid, header: Header, end: int, repeated: frozenset[int]) -> List | None:
    """The list below `header`, in rows before `end`; None for one without rows."""
    below = [
        row
        for row in range(header.last + 1, end)
        if row not in repeated and row not in grid.outside
    ]
    sums = [row for row in below if _is_sum(grid, row)]
    rows = sorted(set(below).difference(sums))
    if not rows:
        return None
    width = len(header.names)
    found = List(grid, header, rows[-1], rows, sums, _cells(grid, sums, width))
    named = [bool(name) for name in header.names]
    outside: list[tuple[int, int]] = []
    for row in rows:
        texts = grid.rows[row]
        if len(texts) > width or not all(named[: len(texts)]):
            outside += [
                (row, at)
                for at, text in enumerate(texts)
                if text and (at >= width or not named[at])
            ]
    if outside:
        found.problems.append(grid.problem(_OUTSIDE, listed(grid, outside)))
    _match(found, rows)
    used = {at for source in found.sources.values() for at in source.match.positions.values()}
    found.problems += [
        problem
        for (row, column), problem in grid.doubts.items()
        if column in used and header.last < row <= found.last
    ]
    return found


def _cells(grid: Grid, rows: list[int], width: int) -> pl.DataFrame:
    """Some rows as columns of text, with their places."""
    cells = [[*grid.rows[row][:width], *[""] * (width - len(grid.rows[row]))] for row in rows]
    columns = zip(*cells, strict=True) if cells else ([] for _ in range(width))
    return pl.DataFrame(
        {
            "line": [grid.lines[row] for row in rows],
            "sheet": [grid.sheet_at(row) for row in rows],
            **{str(at): column for at, column in enumerate(columns)},
        },
        schema={"line": pl.Int64, "sheet": pl.String} | {str(at): pl.String for at in range(width)},
    )


def _match(found: List, rows: list[int]) -> None:
    """Which kinds of table the columns make up."""
    grid, header = found.grid, found.header
    cells = _cells(grid, rows, len(header.names))
    known = {name for text in header.names for name in headings.meanings(text) or ()}
    kinds = []
    if "indicator" not in known:
        kinds.append(EXECUTION_ROWS)
    elif "target" in known and "weight" in known:
        kinds.append(SPEC_ROWS)
    if "indicator" in known and ("actual" in known or not kinds):
        kinds.append(ACTUAL_ROWS)
    for kind in kinds:
        match = by_name(headings.match(header.names, TABLES[kind]), header)
        if match.problems:
            found.errors[kind] = [
                grid.problem(each.template, each.values, header.last) for each in match.problems
            ]
            continue
        if not found.sources:
            found.problems += [
                grid.problem(each.template, each.values, header.last) for each in match.unread
            ]
        surplus = pl.DataFrame(schema=delimited.SURPLUS)
        found.sources[kind] = Source(cells, surplus, match, grid.file)
        if kind == SPEC_ROWS:
            found.errors[kind] = _uncomputed(grid, rows, match)
            column = match.positions["weight"]
            blank = [(row, column) for row in rows if grid.text(row, column) in EMPTY]
            if blank:
                found.problems.append(grid.problem(_BLANK_WEIGHTS, listed(grid, blank)))


def _uncomputed(grid: Grid, rows: list[int], match: headings.Match) -> list[Problem]:
    """What is said of targets that are formulas without their results."""
    columns = [match.positions[name] for name in _OF_TARGETS if name in match.positions]
    cells = (grid.uncomputed(row, column) for row in rows for column in columns)
    return [problem for problem in cells if problem]


def by_name(match: headings.Match, header: Header) -> headings.Match:
    """A list without codes names its projects by their names."""
    known = [headings.meanings(name) or () for name in header.names]
    at = next((place for place, columns in enumerate(known) if "project_name" in columns), None)
    if "project" in match.positions or at is None:
        return match
    missing = tuple(name for name in match.missing if name != "project")
    return replace(match, positions={**match.positions, "project": at}, missing=missing)


def _is_sum(grid: Grid, row: int) -> bool:
    filled = [text for text in grid.rows[row] if text][:_LEAD]
    return any(headings.compared(text) in words().sums for text in filled)

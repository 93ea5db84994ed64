"""The indicator rows below the headings of a form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfeval.messages import N_
from perfeval.problems import Problem
from perfeval.sources import headings
from perfeval.sources.disclosure import levels
from perfeval.sources.disclosure.form import NARRATIVE
from perfeval.sources.disclosure.lines import join
from perfeval.sources.grids import Grid
from perfeval.sources.layouts import labels
from perfeval.sources.layouts.headers import Header

UNSTATED = "未列明"
"""The level of an indicator whose form names none."""

_TEXT = ("level1", "level2", "indicator", "reason")
_CONTENT = ("indicator", "target", "target_adjusted", "actual", "weight", "score")
_NUMBERED = re.compile(r"^指标\s*[\d一二三四五六七八九十]+\s*[:：.、．]\s*")
_FOOT = ("remarks", "grade", labels.CONTACT, "total_score", "outcome", *NARRATIVE)
_BROKEN_SLASH = re.compile(r"\s*\n\s*/\s*|\s*/\s*\n\s*")  # 万元/公里 in a narrow cell
_MOST_CELLS = 8  # addresses of cells that a message lists


@dataclass(slots=True)
class Body:
    """The rows of a form: each a mapping from what a column holds to its text, with `row`.

    `total` is the row of sums, where there is one; `end` the index of the first row that belongs to
    the form no more, `foot` that of the first below its indicators.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    total: dict[str, str] = field(default_factory=dict)
    total_row: int | None = None
    foot: int = 0
    problems: list[Problem] = field(default_factory=list)


def read_rows(grid: Grid, header: Header, repeated: frozenset[int], end: int) -> Body:
    """The indicators below `header`, up to the row `end`; `repeated` are headings of a new page.

    Levels are filled down; sums, signatures and remarks are no indicators.
    """
    while end > header.last + 1 and end - 1 in grid.outside:
        end -= 1
    body = Body(foot=end)
    level1 = level2 = ""
    outside: list[tuple[int, int]] = []
    words: list[int] = []  # rows outside of tables since the last indicator
    for row in range(header.last + 1, end):
        if row in repeated or _heads_page(grid, row):
            continue
        if row in grid.outside:
            # Between the tables of a document there is text of every kind; a page holds its form.
            words += [] if grid.edges else [row]
            continue
        outside += _filled(grid, words)
        words = []
        lead = next((column for column in range(len(grid.rows[row])) if grid.text(row, column)), 0)
        word = headings.compared(grid.text(row, lead))
        if word in labels.words().sums or _is_sum(grid, row, header, labels.words().sums):
            cells = cells_of(grid, row, header.columns)
            partial = _is_sum(grid, row, header, labels.words().subtotals)
            filled = cells.get("weight") or cells.get("score")
            if filled and not partial and word not in labels.words().subtotals:
                body.total, body.total_row = cells, row
            continue
        if _is_foot(grid, row, lead, header):
            body.foot = row
            break
        cells = cells_of(grid, row, header.columns)
        if not any(_own(grid, row, header.columns.get(name)) for name in _CONTENT):
            if not _only_levels(grid, row, header):
                outside += _filled(grid, [row])
            level1, level2 = _fill(cells, level1, level2)
            continue
        level1, level2 = _fill(cells, level1, level2)
        cells["level1"], cells["level2"] = level1 or _family(level2), level2
        cells["indicator"] = _name(cells.get("indicator", ""))
        if not any(cells.get(name) for name in _CONTENT):
            continue  # the row of a blank form
        body.rows.append(cells)
        body.places.append(row)
        body.problems += _doubts(grid, row, header)
    if words and body.foot == end:
        body.foot = words[0]
    if outside:
        template = N_(
            "{count} cells between the indicators have no place in a table and were left out:"
            " {cells}; check them"
        )
        body.problems.append(grid.problem(template, listed(grid, outside)))
    return body


def _filled(grid: Grid, rows: list[int]) -> list[tuple[int, int]]:
    return [(row, at) for row in rows for at in range(len(grid.rows[row])) if grid.own(row, at)]


def listed(grid: Grid, cells: list[tuple[int, int]]) -> dict[str, object]:
    """The values `count` and `cells` of a message about cells whose text it must not repeat."""
    shown = [grid.address(row, column) for row, column in cells[:_MOST_CELLS]]
    return {"count": len(cells), "cells": (*shown, *(["…"] if len(cells) > _MOST_CELLS else []))}


def cells_of(grid: Grid, row: int, columns: dict[str, int]) -> dict[str, str]:
    """The cells of a row by what they hold, without the line breaks of a narrow column."""
    found = {}
    for name, column in columns.items():
        text = grid.text(row, column)
        if name in _TEXT:
            found[name] = join(text.split("\n"))
        else:
            found[name] = " ".join(_BROKEN_SLASH.sub("/", text).split())
    return found


def _own(grid: Grid, row: int, column: int | None) -> str:
    return "" if column is None else grid.own(row, column)


def _name(text: str) -> str:
    name = _NUMBERED.sub("", text)
    return "" if name in labels.words().blanks else name


def _fill(cells: dict[str, str], level1: str, level2: str) -> tuple[str, str]:
    """The levels that hold from this row on: a new level 1 ends the level 2 above it."""
    above = cells.get("level1", "")
    if above and above != level1:
        level1, level2 = above, ""
    return level1, cells.get("level2", "") or level2


def _family(level2: str) -> str:
    """The level 1 that a level 2 belongs to, for a form that does not name it."""
    family = levels.family(level2)
    return f"{family}{levels.SUFFIX}" if family else UNSTATED


def _is_sum(grid: Grid, row: int, header: Header, words: frozenset[str]) -> bool:
    """Whether one of the levels or the name is one of `words`, so that the row is a sum."""
    columns = (header.columns.get(name) for name in ("level1", "level2", "indicator"))
    return any(
        column is not None and headings.compared(grid.text(row, column)) in words
        for column in columns
    )


def _is_foot(grid: Grid, row: int, lead: int, header: Header) -> bool:
    text = grid.text(row, lead)
    if labels.is_contact(text):
        return True
    name = labels.label_of(text)
    if name in _FOOT and grid.own(row, lead):
        return True
    inline = labels.words().inline.match(text)
    return inline is not None and lead not in header.columns.values()


def _heads_page(grid: Grid, row: int) -> bool:
    """Whether a row is a title, number or unit that a new page repeats above the rows."""
    filled = [text for at in range(len(grid.rows[row])) if (text := grid.own(row, at))]
    return bool(grid.sheets and filled) and all(map(labels.heads_table, filled))


def _only_levels(grid: Grid, row: int, header: Header) -> bool:
    columns = {header.columns.get(name) for name in ("level1", "level2")}
    filled = {at for at in range(len(grid.rows[row])) if grid.own(row, at)}
    return filled <= columns or all(at < min(header.columns.values()) for at in filled)


def _doubts(grid: Grid, row: int, header: Header) -> list[Problem]:
    return [
        grid.doubts[row, column]
        for column in header.columns.values()
        if (row, column) in grid.doubts
    ]

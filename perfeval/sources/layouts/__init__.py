"""Layouts: the tables that grids hold, recognised by their headings wherever they stand.

Three are known. A **target table** has labelled cells (项目名称, 项目编码, 当年预算 …) and the
indicators of one project below them; a **self-evaluation** has what was achieved and scored beside
the targets, and a block of funds; a **list** has one row per indicator of many projects, or one per
project's budget execution. The order of columns, titles and blank rows above them, several tables
in a sheet and several sheets in a file make no difference.

    headings.toml (beside), labels.toml   what headings and labels are called
    flow       the tables of a document that make up one form
    headers    heading rows and their columns
    labels, funds, rows                   the parts of a form
    form, lists                           a form, a list
    regions    the cells of what they hold
    frames     what they hold, in the shapes that the rest of the program uses
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from perfeval.messages import N_, Said
from perfeval.problems import InputError, Problem
from perfeval.sources import headings
from perfeval.sources.disclosure import contacts
from perfeval.sources.files import InputFile
from perfeval.sources.grids import Book, Grid, read_book
from perfeval.sources.layouts.flow import begins, differs, joined
from perfeval.sources.layouts.form import EVALUATION, TARGETS, Form, read_form
from perfeval.sources.layouts.headers import Header, find_headers, nearest
from perfeval.sources.layouts.labels import label_of
from perfeval.sources.layouts.lists import (
    ACTUAL_ROWS,
    EXECUTION_ROWS,
    SPEC_ROWS,
    List,
    read_list,
)
from perfeval.sources.layouts.regions import regions_of
from perfeval.sources.places import Region

__all__ = ["Contents", "Form", "List", "contents_of", "lacking", "read_contents"]

DOCUMENT = "docx"
_MOST_UNKNOWN = 5  # sheets without a known table that are told one by one

PLAIN = "plain"
"""The layout of a list that is read at column speed, without looking for headings."""

LAYOUTS = {
    PLAIN: N_("plain list"),
    TARGETS: N_("target table"),
    EVALUATION: N_("self-evaluation form"),
    "chongqing": N_("self-evaluation form of Chongqing"),
    SPEC_ROWS: N_("list of target tables"),
    ACTUAL_ROWS: N_("list of actuals"),
    EXECUTION_ROWS: N_("list of budget execution"),
}
_RECOGNISED = N_("{layout}: {project}, indicators: {count} (rows {first} to {last})")
_RECOGNISED_LIST = N_("{layouts}: rows {first} to {last}")
_UNKNOWN_TABLE = N_("the table here is of no known layout; it is left out")
UNKNOWN_PAGE = N_("no table of indicators is recognised on this page; its table is left out")
"""What is said of a ruled table of a PDF that is of no known layout."""
_NO_TABLE = N_(
    "no table is recognised here{remark}. Known are target tables and self-evaluation forms (they"
    " have a heading row with 三级指标, 指标值 or 实际完成值, and 权重 or 分值) and lists (with"
    " 项目编码 or 项目名称 too)"
)
_LACKS = N_("its headings are {found}; for a {nearest} they lack {lacks}")
_WANTED = {
    TARGETS: ("indicator", "target", "weight"),
    EVALUATION: ("indicator", "actual", "score"),
    EXECUTION_ROWS: ("project", "budget", "spent"),
    SPEC_ROWS: ("indicator", "target", "weight"),
    ACTUAL_ROWS: ("indicator", "actual"),
}
_FOUND = N_(
    ": the headings nearest to one are {found} (row {row}); for a {nearest} they lack {lacks}"
)


@dataclass(frozen=True)
class Contents:
    """What a file of forms and lists holds.

    `notes` say what was recognised and what else is worth knowing; `problems` what is doubtful or
    was left out.
    """

    input: InputFile
    forms: tuple[Form, ...]
    lists: tuple[List, ...]
    notes: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Where its tables stand, and what they hold in them."""
        return tuple(region for each in self._tables for region in regions_of(each))

    @property
    def layouts(self) -> tuple[str, ...]:
        """What each form and list was recognised as, a key of `LAYOUTS`."""
        return tuple(_layouts(each)[0] for each in self._tables)

    @property
    def _tables(self) -> tuple[Form | List, ...]:
        return (*self.forms, *self.lists)


def read_contents(path: str | Path, data: bytes | None = None) -> Contents:
    """The forms and lists in the file at `path` (whose content may be given as `data`).

    Raises `InputError` where it cannot be read or holds no table of a known layout; then it tells
    what was found instead.
    """
    return contents_of(read_book(path, data))


def contents_of(book: Book) -> Contents:
    """The forms and lists in the grids of a file; raises `InputError` as `read_contents` does."""
    forms: list[Form] = []
    lists: list[List] = []
    unknown: list[Grid] = []
    for grid in joined(book.grids) if book.kind == DOCUMENT else book.grids:
        before = len(forms) + len(lists)
        _read_grid(grid, forms, lists)
        if grid.rows and len(forms) + len(lists) == before:
            unknown.append(grid)
    if not forms and not lists:
        if not unknown:
            raise InputError.of(
                N_("the file holds no text; a table of indicators is expected"), file=book.file
            )
        raise InputError(map(_unknown, unknown[:_MOST_UNKNOWN]))
    tables: list[Form | List] = [*forms, *lists]
    notes = [*book.notes, *map(_note, tables)]
    template = UNKNOWN_PAGE if book.kind == "pdf" else _UNKNOWN_TABLE
    notes += [grid.problem(template) for grid in unknown]
    problems = [problem for each in tables for problem in each.problems]
    return Contents(book.input, tuple(forms), tuple(lists), tuple(notes), tuple(problems))


def _read_grid(grid: Grid, forms: list[Form], lists: list[List]) -> None:
    found = find_headers(grid)
    starts = _starts(grid, found)
    position = 0
    while position < len(found):
        header = found[position]
        first = starts[position] or 0
        following = position + 1
        # Headings without the beginning of another form above them are those of a new page.
        repeated: set[int] = set()
        while following < len(found):
            again, start = found[following], starts[following]
            if start is not None and not _repeats(grid, range(first, header.first), start, again):
                break
            repeated.update(range(again.first if start is None else start, again.last + 1))
            following += 1
        end = starts[following] if following < len(found) else None
        end = len(grid.rows) if end is None else end
        if header.is_list:
            read = read_list(grid, header, end, frozenset(repeated))
            lists += [read] if read else []
        else:
            forms.append(read_form(grid, header, first, end, frozenset(repeated)))
        position = following


def _repeats(grid: Grid, above: range, start: int, header: Header) -> bool:
    """Whether what stands above headings on a new page only repeats what stands above the first."""
    if grid.sheet_at(start) == grid.sheet_at(above.start):
        return False
    said = {tuple(grid.rows[row]) for row in above}
    return all(tuple(grid.rows[row]) in said for row in range(start, header.first))


def _starts(grid: Grid, found: list[Header]) -> list[int | None]:
    """The row with which each table begins; None for headings that go on with the table above."""
    starts: list[int | None] = []
    before = 0
    for number, header in enumerate(found):
        start = next((row for row in range(before, header.first) if begins(grid, row)), None)
        if start is None and number and differs(header, found[number - 1]):
            start = header.first
        starts.append(start if number else 0)
        before = header.last + 1
    return starts


def _layouts(table: Form | List) -> tuple[str, ...]:
    if isinstance(table, List):
        return tuple(table.sources) or tuple(table.errors)
    return ("chongqing",) if table.kind == EVALUATION and table.is_chongqing else (table.kind,)


def _note(table: Form | List) -> Problem:
    """What was recognised."""
    layouts = tuple(Said(LAYOUTS[name]) for name in _layouts(table))
    first, last = table.grid.span(*table.rows)
    values: dict[str, object] = {"first": first, "last": last, "layouts": layouts}
    template = _RECOGNISED_LIST
    if isinstance(table, Form):
        values |= {"layout": layouts[0], "project": table.project, "count": len(table.body.rows)}
        template = _RECOGNISED
    return Problem(template, values, table.grid.file, None, table.grid.sheet_at(table.rows[0]))


def _unknown(grid: Grid) -> Problem:
    """What a grid without a known table holds instead."""
    near = nearest(grid)
    if near is None:
        return grid.problem(_NO_TABLE, {"remark": ""})
    row, names = near
    known = {column for name in names for column in headings.meanings(name) or ()}
    layouts = (TARGETS, EVALUATION, EXECUTION_ROWS)
    layout = max(layouts, key=lambda name: len(known.intersection(_WANTED[name])))
    lacks = [headings.label(column) for column in _WANTED[layout] if column not in known]
    values = {
        "remark": _FOUND,
        "found": headings.listed(headings.short(name, 20) for name in _without_persons(names)),
        "row": grid.lines[row],
        "nearest": Said(LAYOUTS[layout]),
        "lacks": tuple(lacks),
    }
    return grid.problem(_NO_TABLE, values)


def lacking(contents: Contents, layout: str) -> list[Problem]:
    """What the headings of each list of a file lack for being of `layout`, a key of `LAYOUTS`."""
    problems = []
    for table in contents.lists:
        grid, header = table.grid, table.header
        names = [name for name in header.names if name]
        known = {column for name in names for column in headings.meanings(name) or ()}
        lacks = [headings.label(column) for column in _WANTED[layout] if column not in known]
        if lacks:
            values = {
                "found": headings.listed((headings.short(name, 20) for name in names), 20),
                "nearest": Said(LAYOUTS[layout]),
                "lacks": tuple(lacks),
            }
            problems.append(grid.problem(_LACKS, values, header.last))
    return problems


def _without_persons(names: list[str]) -> list[str]:
    """Headings, without the cells that follow the label of a person."""
    return [
        name
        for before, name in zip(["", *names], names, strict=False)
        if label_of(before) != "contact" and not contacts.LED.search(name)
    ]

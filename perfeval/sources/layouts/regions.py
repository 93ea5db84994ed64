"""Where forms and lists stand, and in which cells the values that are read of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from perfeval.sources import headings
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.disclosure.form import NARRATIVE
from perfeval.sources.grids import Grid, column_letter
from perfeval.sources.layouts.form import EVALUATION, Form
from perfeval.sources.layouts.headers import Header
from perfeval.sources.layouts.lists import EXECUTION_ROWS, List, by_name
from perfeval.sources.places import Region
from perfeval.sources.table import CLAIMS

_LABELLED = {
    **{name: name for name in (*NARRATIVE, "name", "department", "type")},
    "code": "project",
    "total": "budget_total",
    **{name: f"budget_{name}" for name in ("superior", "local", "other")},
}
"""What the labelled cells of a form hold, and what a project's table calls it."""

_EXECUTION = {"weight", "rate", "score"}


@dataclass(slots=True)
class _Sheet:
    lines: list[int] = field(default_factory=list)
    cells: dict[tuple[int, str], str] = field(default_factory=dict)


class _Places:
    """Gathers the regions of one table."""

    def __init__(self, grid: Grid, columns: Mapping[str, int]) -> None:
        self._grid, self._columns = grid, columns
        self._letters = {name: column_letter(at) for name, at in columns.items()}
        self._sheets: dict[str | None, _Sheet] = {}

    def note_rows(self, rows: Iterable[int]) -> None:
        """Rows of the table: only what does not stand in its column is noted by itself."""
        grid = self._grid
        plain = not grid.copies and not grid.edges
        for row in rows:
            self._sheet(row).lines.append(grid.lines[row])
            if not plain:
                for name, column in self._columns.items():
                    if (row, column) in grid.copies or (
                        grid.edges and grid.letters(row, column) != self._letters[name]
                    ):
                        self.note(row, name, row, column)

    def note_row(self, row: int) -> None:
        """A row that is no row of the table, and has its columns."""
        for name, column in self._columns.items():
            self.note(row, name, row, column)

    def note(self, row: int, name: str, at: int, column: int) -> None:
        """What `row` has as `name` stands in this cell, or the first of those merged with it."""
        grid = self._grid
        first = grid.copies.get((at, column), (at, column))
        # A cell is told by its address alone, so it must be on the sheet of what it belongs to;
        # what is merged over the end of a page stands on both.
        if grid.sheet_at(first[0]) == grid.sheet_at(row):
            at, column = first
        if grid.sheet_at(at) == grid.sheet_at(row):
            address = f"{grid.letters(at, column)}{grid.lines[at]}"
            self._sheet(row).cells[grid.lines[row], name] = address

    def _sheet(self, row: int) -> _Sheet:
        return self._sheets.setdefault(self._grid.sheet_at(row), _Sheet())

    def regions(self) -> tuple[Region, ...]:
        """One for each sheet on which the table stands."""
        return tuple(
            Region(
                self._grid.file,
                sheet,
                min(found.lines, default=1),
                max(found.lines, default=0),
                self._letters,
                found.cells,
            )
            for sheet, found in self._sheets.items()
        )


def regions_of(table: Form | List) -> tuple[Region, ...]:
    """Where a form or list stands."""
    return _of_form(table) if isinstance(table, Form) else _of_list(table)


def _of_form(form: Form) -> tuple[Region, ...]:
    grid, columns, body = form.grid, form.header.columns, form.body
    places = _Places(grid, columns)
    places.note_rows(body.places)
    adjusted = columns.get("target_adjusted")
    if adjusted is not None:
        # What the row asks for; see `form.target_of`.
        for row, cells in zip(body.places, body.rows, strict=True):
            if cells.get("target_adjusted", "") not in EMPTY:
                places.note(row, "target", row, adjusted)
    for label, name in _LABELLED.items():
        cell = form.labels.cells.get(label)
        if cell:
            places.note(form.first, name, cell.row, cell.column)
    if form.kind == EVALUATION:
        _note_funds(form, places)
        _note_sums(form, places)
    return places.regions()


def _note_funds(form: Form, places: _Places) -> None:
    """The row of the block of funds that counts."""
    funds, row = form.funds, form.funds.row
    if row is None:
        return
    for name, column in funds.columns.items():
        places.note(row, name, row, column)
        if name in _EXECUTION:
            places.note(row, f"execution_{name}", row, column)
    columns = funds.columns
    lead = columns.get("spent") or columns.get("budget") or min(columns.values())
    places.note(row, "project", row, lead)


def _note_sums(form: Form, places: _Places) -> None:
    """The total and the grade: in the row of sums, or labelled (see `claimed` and `frames`)."""
    labelled = form.labels.cells
    total, grade = labelled.get("total_score"), labelled.get("grade")
    columns, summed = form.header.columns, form.body.total_row
    for each in (total, grade):
        if each and total:
            places.note(each.row, "total", total.row, total.column)
    for row in (summed, *(each.row for each in (total, grade) if each)):
        if row is not None and grade:
            places.note(row, "grade", grade.row, grade.column)
    if summed is not None:
        places.note_row(summed)
        if form.body.total.get("score", "") not in EMPTY:
            places.note(summed, "total", summed, columns["score"])
        elif total:
            places.note(summed, "total", total.row, total.column)


def _of_list(table: List) -> tuple[Region, ...]:
    columns = _columns(table)
    places = _Places(table.grid, columns)
    places.note_rows(table.below)
    for row in table.summed:
        places.note_row(row)
        if "score" in columns:
            places.note(row, "total", row, columns["score"])
    return places.regions()


def _columns(table: List) -> dict[str, int]:
    """What the columns of a list hold, as far as any of its readers knows them."""
    header: Header = table.header
    found = dict(by_name(headings.match(header.names, CLAIMS), header).positions)
    for source in table.sources.values():
        found |= source.match.positions
    if EXECUTION_ROWS in table.sources and "score" in found:
        found["execution_score"] = found["score"]
    return found

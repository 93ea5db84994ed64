"""A form's layout on a sheet: labels, what is known, and where each field stands."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from perfeval.forms import Cell as FormCell
from perfeval.forms import Form, first_indicator, places
from perfeval.reports.text import clean
from perfeval.reports.workbook.book import BODY, CENTRED, HEADING, PLAIN, TITLE, Look, height
from perfeval.reports.workbook.fields import Row, Shown
from perfeval.reports.workbook.grid import Grid

TOP = 2
"""Rows above the form's own: its title and its subtitle."""

_LEAST = 20.0  # points of height
_LEVELS = ("level1", "level2")

Show = Callable[[str, int | None], Shown]


class Layout:
    """A form laid out for some indicators.

    places: where a field stands, (row, column) by (field, number of the indicator or None). first,
    last: the rows of the first and the last indicator. bottom: the form's last row.
    """

    def __init__(self, grid: Grid, form: Form, indicators: list[Row]) -> None:
        self.grid = grid
        self.form = form
        self.indicators = indicators
        self.first = TOP + first_indicator(form)
        self.last = self.first + len(indicators) - 1
        self.bottom = TOP + len(form.rows) + len(indicators) - 2
        self.places: dict[tuple[str, int | None], tuple[int, int]] = {}

    def write(self, subtitle: str, show: Show) -> None:
        """Write everything but formulas; `show` tells what a field of a row shows."""
        sheet, form = self.grid.sheet, self.form
        for column, width in enumerate(form.widths):
            sheet.set_column(column, column, width)
        for line, (text, look) in enumerate(((form.title, TITLE), (subtitle, PLAIN))):
            centred = {**look, "align": "center"}
            self.grid.merge(line, 0, 1, len(form.widths), centred)
            self.grid.text(line, 0, text, centred)
        sheet.set_row(0, 28)
        for number, row, placed in places(form, len(self.indicators)):
            line = TOP + number
            indicator = line - self.first if row.each else None
            texts = []
            for column, down, cell in placed:
                text = self._cell(line, column, down, cell, indicator, show)
                if down == 1 and not self._is_shared(cell, indicator):
                    texts.append((text, sum(form.widths[column : column + cell.across])))
            sheet.set_row(line, max(_LEAST, row.height, height(texts)))
        self._merge_groups()

    def _cell(
        self,
        line: int,
        column: int,
        down: int,
        cell: FormCell,
        indicator: int | None,
        show: Show,
    ) -> str:
        """Write a cell; returns the text that its row must be high enough for."""
        look: Look = HEADING if cell.label is not None else {**BODY, "align": cell.align}
        shown: Shown = cell.label or cell.text
        if cell.field:
            self.places[cell.field, indicator] = line, column
            shown = show(cell.field, indicator)
        if not cell.group:
            self.grid.merge(line, column, down, cell.across, look)
        if isinstance(shown, str):
            self.grid.text(line, column, shown, look)
            return shown
        if cell.field == "actual" and indicator is not None:
            look = self._with_unit(look, self.indicators[indicator]["unit"])
        self.grid.number(line, column, shown, look)
        return ""

    def _with_unit(self, look: Look, unit: str) -> Look:
        """A number that shows its unit, where the form has no column for it, and stays a number."""
        unit = clean(unit).replace('"', "")
        if "unit" in self.form.fields or not unit:
            return look
        return {**look, "num_format": f'General"{unit}"'}

    def _is_shared(self, cell: FormCell, indicator: int | None) -> bool:
        """Whether a grouped cell is one with its neighbour's above or below."""
        if not cell.group or indicator is None:
            return False
        beside = self.indicators[max(0, indicator - 1) : indicator + 2]
        own = _group(cell.field, self.indicators[indicator])
        return sum(_group(cell.field, row) == own for row in beside) > 1

    def _merge_groups(self) -> None:
        """Make one cell of equal neighbours below one another."""
        for cell in (cell for row in self.form.rows for cell in row.cells if cell.group):
            numbered = enumerate(self.indicators)
            for _, run in groupby(numbered, lambda pair: _group(cell.field, pair[1])):  # noqa: B023
                own = [number for number, _ in run]
                line, column = self.places[cell.field, own[0]]
                self.grid.merge(line, column, len(own), 1, CENTRED)
                self.grid.text(line, column, self.indicators[own[0]][cell.field], CENTRED)


def _group(field: str, row: Row) -> tuple[Any, ...]:
    """What must be equal for cells to be one; level 2 stays within its level 1."""
    upto = _LEVELS[: _LEVELS.index(field) + 1] if field in _LEVELS else (field,)
    return tuple(row[name] for name in upto)

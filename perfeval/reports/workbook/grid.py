"""A sheet of formulas: cells are written together with the values they have now."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from perfeval.reports.workbook.book import Book, Look
from perfeval.reports.workbook.expression import Cell, Cells, Expression, Value


class Grid:
    """A sheet of `book`; rows and columns count from 0. `values` holds what its cells hold."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet
        self.values: dict[str, Value] = {}

    def text(self, row: int, column: int, text: str, look: Look) -> None:
        """Text in a cell, or a blank cell of that look."""
        self.values[xl_rowcol_to_cell(row, column)] = text or None
        self.book.text(self.sheet, row, column, text, look)

    def number(self, row: int, column: int, value: float | None, look: Look) -> None:
        """A number in a cell, or a blank cell."""
        self.values[xl_rowcol_to_cell(row, column)] = value
        self.book.number(self.sheet, row, column, value, look)

    def formula(
        self, row: int, column: int, formula: Expression, look: Look, value: Value = None
    ) -> None:
        """A formula in a cell; `value` is what it comes to where we know better than our floats."""
        found = formula.value(self.values) if value is None else value
        self.values[xl_rowcol_to_cell(row, column)] = found
        self.sheet.write_formula(row, column, f"={formula}", self.book.style(look), found)

    def merge(self, row: int, column: int, down: int, across: int, look: Look) -> None:
        """Make one cell of several; what it shows is written to its first cell afterwards."""
        if down * across > 1:
            style = self.book.style(look)
            self.sheet.merge_range(row, column, row + down - 1, column + across - 1, "", style)

    def validate(self, row: int, column: int, options: dict[str, Any]) -> None:
        """Set what may be entered in a cell."""
        self.sheet.data_validation(row, column, row, column, options)


def at(row: int, column: int) -> Cell:
    """The cell of a row and a column.

    >>> str(at(4, 7))
    'H5'
    """
    return Cell(xl_rowcol_to_cell(row, column))


def fixed(row: int, column: int) -> Cell:
    """The same, where a copied formula should keep it."""
    return Cell(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def down(column: int, first: int, last: int) -> Cells:
    """The cells of a column from one row to another."""
    return Cells(xl_col_to_name(column), first + 1, last + 1)

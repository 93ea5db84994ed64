"""A grid: what one sheet or page holds, as rows of text whose places are known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from perfeval.messages import N_
from perfeval.problems import InputError, Problem
from perfeval.quantity.cells import UNCOMPUTED
from perfeval.sources.files import InputFile
from perfeval.sources.grids.bounds import MOST_CELLS, MOST_COLUMNS, MOST_DOUBTS

NO_RESULT = N_(
    "the cell holds the formula {text} without its result; open the file in a spreadsheet program,"
    " let it compute, and save it"
)
_LONGEST_FORMULA = 80

Position = tuple[int, int]
"""A cell: the index of its row in `rows`, and its column counted from 0."""

Range = tuple[int, int, int, int]
"""A merged range: first and last row as numbered in the sheet, first and last column from 0."""


@dataclass(slots=True)
class Grid:
    """What one sheet, page or text table holds.

    `rows` are the rows with any text, each as long as its last filled cell; `lines` are their
    numbers in the sheet, from 1. Cells hold what a reader sees, without blanks at their ends; a
    merged cell's text stands in each of its cells, and `copies` maps those that are not its first
    to it. `sheet` is None where the file has none (CSV); where a table goes on over pages or
    tables of a document, `sheets` holds that of each row, and `sheet` is the first. `doubts` holds
    the cells whose text may not be what is meant, with the reason.

    Of pages and documents, `outside` are the rows that are lines of text and no rows of a table;
    of documents, `edges` are the columns at which the cells of each row begin, and where the last
    one ends.
    """

    file: str
    sheet: str | None
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    copies: dict[Position, Position] = field(default_factory=dict)
    hidden: bool = False
    hidden_lines: frozenset[int] = frozenset()
    doubts: dict[Position, Problem] = field(default_factory=dict)
    outside: set[int] = field(default_factory=set)
    edges: list[tuple[int, ...]] = field(default_factory=list)
    sheets: list[str | None] = field(default_factory=list)

    def sheet_at(self, row: int) -> str | None:
        """The sheet, or table of a document, that a row stands in."""
        return self.sheets[row] if self.sheets else self.sheet

    def span(self, first: int, last: int) -> tuple[int | str, int | str]:
        """The numbers of the first and the last of some rows, with their sheets where needed."""
        one, other = (
            self.lines[row]
            if self.sheet_at(row) == self.sheet
            else f"{self.sheet_at(row)}!{self.lines[row]}"
            for row in (first, last)
        )
        return one, other

    def text(self, row: int, column: int) -> str:
        """The text of a cell, "" beyond the row's end."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def own(self, row: int, column: int) -> str:
        """The text of a cell that is not the copy of a merged one, else ""."""
        return "" if (row, column) in self.copies else self.text(row, column)

    def address(self, row: int, column: int) -> str:
        """A cell as a spreadsheet names it: E12; as 表2!E12 where another sheet is meant."""
        sheet = self.sheet_at(row)
        address = f"{self.letters(row, column)}{self.lines[row]}"
        return address if sheet == self.sheet else f"{sheet}!{address}"

    def letters(self, row: int, column: int) -> str:
        """The letters of a cell; in a document, where merged cells are one, its cells count."""
        if row < len(self.edges):
            column = max(0, bisect_right(self.edges[row][:-1], column) - 1)
        return column_letter(column)

    def problem(
        self,
        template: str,
        values: Mapping[str, object] | None = None,
        row: int | None = None,
        column: int | None = None,
    ) -> Problem:
        """A problem with this grid, at a row or cell of it."""
        line = None if row is None else self.lines[row]
        sheet = self.sheet if row is None else self.sheet_at(row)
        letter = None if row is None or column is None else self.letters(row, column)
        return Problem(template, values or {}, self.file, line, sheet, letter)

    def uncomputed(self, row: int, column: int) -> Problem | None:
        """What is said of a cell that holds a formula without its result, where it does."""
        text = self.text(row, column)
        if not text.startswith(UNCOMPUTED):
            return None
        return self.problem(NO_RESULT, {"text": text.removeprefix(UNCOMPUTED)}, row, column)

    def fill(self, merged: Iterable[Range], room: Room) -> None:
        """Write the text of merged cells into all of their cells, and note the copies."""
        for top, bottom, left, right in merged:
            first = bisect_left(self.lines, top)
            last = bisect_right(self.lines, bottom)
            if first == last or self.lines[first] != top or not self.text(first, left):
                continue
            text = self.rows[first][left]
            right = min(right, MOST_COLUMNS - 1)
            for row in range(first, last):
                cells = self.rows[row]
                room.take(right + 1 - min(left, len(cells)))
                cells.extend([""] * (right + 1 - len(cells)))
                for column in range(left, right + 1):
                    if (row, column) != (first, left):
                        cells[column] = text
                        self.copies[row, column] = (first, left)


@dataclass(slots=True)
class Room:
    """How many more cells a file may fill, and how many more doubts are kept."""

    file: str
    cells: int = MOST_CELLS
    doubts: int = MOST_DOUBTS

    def take(self, cells: int) -> None:
        """Count `cells` more; raises `InputError` where the file holds more than is read of it."""
        self.check(cells)
        self.cells -= cells

    def check(self, cells: int) -> None:
        """Raise `InputError` where there is no room for `cells` more."""
        if cells > self.cells:
            raise InputError.of(
                N_(
                    "the file has more than {most} cells, the most that is read of one; divide it,"
                    " or give the table as CSV or Parquet"
                ),
                file=self.file,
                most=MOST_CELLS,
            )


@dataclass(frozen=True, slots=True)
class Book:
    """The grids of a file in its order, and what is worth saying of the file itself.

    `kind` is what the file is by its content: xlsx, ods, xls, docx, pdf or text. Those of a Word
    document are parts of one text, and a table may go on in the next of them.
    """

    file: str
    kind: str
    grids: tuple[Grid, ...]
    input: InputFile
    notes: tuple[Problem, ...] = ()


class Rows:
    """Gathers the cells of one grid, in the order of the file, within the bounds of `Room`."""

    def __init__(self, file: str, sheet: str | None, room: Room) -> None:
        self.grid = Grid(file, sheet)
        self.hidden: set[int] = set()
        self._room = room
        self._cells: list[str] = []
        self._line = 0

    def begin(self, line: int) -> list[str]:
        """Go on to the row numbered `line`; returns its cells, to which filled ones are added."""
        self._end()
        if self.grid.lines and line <= self.grid.lines[-1]:
            template = N_(
                "the rows of the sheet are out of order; the file is damaged: open and save it"
                " again"
            )
            raise InputError([Problem(template, {}, self.grid.file, line, self.grid.sheet)])
        self._line = line
        return self._cells

    def put(self, column: int, text: str, doubt: str = "", shape: str = "") -> None:
        """Fill a cell of the row.

        `doubt` is the template of what makes its {text} uncertain, perhaps its {format}, `shape`.
        """
        if not text and not doubt:
            return
        if column >= MOST_COLUMNS:
            template = N_(
                "the cell holds text: no table of indicators goes beyond column {last}; delete what"
                " stands there"
            )
            values: dict[str, object] = {"last": column_letter(MOST_COLUMNS - 1)}
            raise InputError([self._problem(template, values, column)])
        cells = self._cells
        missing = column - len(cells)
        if missing < 0:
            cells[column] = text
        else:
            if missing:
                cells += [""] * missing
            cells.append(text)
        if doubt and self._room.doubts > 0:
            self._room.doubts -= 1
            values = {"text": text.removeprefix(UNCOMPUTED), "format": shape}
            self.grid.doubts[len(self.grid.rows), column] = self._problem(doubt, values, column)

    def put_formula(self, column: int, formula: str) -> None:
        """Fill a cell with a formula whose result nobody knows: a text that is never a value."""
        self.put(column, f"{UNCOMPUTED}{formula[:_LONGEST_FORMULA]}", NO_RESULT)

    def _problem(self, template: str, values: dict[str, object], column: int) -> Problem:
        grid = self.grid
        return Problem(template, values, grid.file, self._line, grid.sheet, column_letter(column))

    def _end(self) -> None:
        if self._cells:
            self._room.take(len(self._cells))
            self.grid.rows.append(self._cells)
            self.grid.lines.append(self._line)
            self._cells = []

    def finish(self, merged: Iterable[Range] = (), hidden: bool = False) -> Grid:
        """The grid, once all rows are there."""
        self._end()
        grid = self.grid
        grid.fill(merged, self._room)
        grid.hidden = hidden
        grid.hidden_lines = frozenset(self.hidden.intersection(grid.lines))
        return grid


def column_letter(column: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letter(0), column_letter(27), column_letter(16383)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column, counted from 0, of its letters; -1 for what is none.

    >>> column_number("A"), column_number("XFD"), column_number("")
    (0, 16383, -1)
    """
    if len(letters) > 4 or not letters.isalpha() or not letters.isascii():
        return -1
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1

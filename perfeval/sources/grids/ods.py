"""OpenDocument spreadsheets (.ods): what each cell shows stands in the file itself."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from perfeval.names import BLANKS
from perfeval.problems import InputError, Problem
from perfeval.sources.grids import formats
from perfeval.sources.grids.archive import PROTECTED, Archive, Attributes, attribute, local
from perfeval.sources.grids.bounds import MOST_COLUMNS
from perfeval.sources.grids.grid import Grid, Range, Room, Rows
from perfeval.sources.grids.xlsx import MACROS, refuse_many_sheets

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"

_AROUND = re.compile(r"([^\d.]*?)[-−]?[\d.,\s]*\d(?:[eE][-+]?\d+)?(.*)", re.S)
_TRUTHS = ("TRUE", "FALSE")
_IDLE = " \t-+()¥￥$"


def read_ods(archive: Archive) -> tuple[list[Grid], list[Problem]]:
    """The grids of an OpenDocument spreadsheet, and what is said of it."""
    if "META-INF/manifest.xml" in archive:
        _refuse_encrypted(archive)
    reader = _Reader(archive)
    archive.parse("content.xml", reader.start, reader.end, reader.text)
    macros = any(name.startswith(("Basic/", "Scripts/")) for name in archive.names)
    return reader.grids, [Problem(MACROS, {}, archive.file)] if macros else []


def _refuse_encrypted(archive: Archive) -> None:
    def start(name: str, _: Attributes) -> None:
        if local(name) == "encryption-data":
            raise InputError.of(PROTECTED, file=archive.file)

    archive.parse("META-INF/manifest.xml", start)


class _Reader:
    """One pass over content.xml."""

    def __init__(self, archive: Archive) -> None:
        self.grids: list[Grid] = []
        self._archive = archive
        self._room = Room(archive.file)
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._rows: Rows | None = None
        self._merged: list[Range] = []
        self._table: Attributes = {}
        self._line = self._column = self._row_repeats = 0
        self._row_hidden = False
        self._row: list[tuple[int, Attributes, str]] = []  # the filled cells of the row
        self._cell: Attributes | None = None
        self._paragraphs: list[list[str]] = []
        self._depth = 0  # of what does not belong to the cell's text (comments, drawings)
        self._taking = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        tag = local(name)
        if self._depth:
            self._depth += 1
            return
        if tag == "table":
            self._table, self._merged, self._line = attributes, [], 0
            refuse_many_sheets(len(self.grids) + 1, self._archive.file)
            name = attribute(attributes, "name")
            self._rows = Rows(self._archive.file, name, self._room)
        elif tag == "table-row":
            self._row, self._column = [], 0
            self._row_repeats = _repeats(attributes, "number-rows-repeated")
            self._row_hidden = attribute(attributes, "visibility") in ("collapse", "filter")
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._paragraphs = attributes, []
        elif tag in ("annotation", "frame", "shapes") or (self._cell is None and tag == "p"):
            self._depth = 1
        elif self._cell is not None and tag == "p":
            self._paragraphs.append([])
            self._taking = True
        elif self._taking and tag in ("s", "tab", "line-break"):
            blank = {"s": " ", "tab": "\t", "line-break": "\n"}[tag]
            self._paragraphs[-1].append(blank * min(_repeats(attributes, "c"), 100))
        elif tag == "style":
            self._style = attribute(attributes, "name")
        elif tag == "table-properties" and attribute(attributes, "display") == "false":
            self._hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._depth:
            self._depth -= 1
            return
        tag = local(name)
        if tag == "p":
            self._taking = False
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif tag == "table-row":
            self._end_row()
        elif tag == "table" and self._rows:
            style = attribute(self._table, "style-name")
            self.grids.append(self._rows.finish(self._merged, style in self._hidden_styles))
            self._rows = None

    def text(self, data: str) -> None:
        """A piece of text."""
        if self._taking and not self._depth:
            self._paragraphs[-1].append(data)

    def _end_cell(self, cell: Attributes) -> None:
        repeats = _repeats(cell, "number-columns-repeated")
        shown = "\n".join("".join(pieces) for pieces in self._paragraphs).strip(BLANKS)
        wide = _repeats(cell, "number-columns-spanned")
        high = _repeats(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            left, line = self._column, self._line + 1
            self._merged.append((line, line + high - 1, left, left + wide - 1))
        if shown or attribute(cell, "formula"):
            # A repeated cell beyond the last column is refused where it is put.
            count = min(repeats, max(1, MOST_COLUMNS + 1 - self._column))
            self._row += [(self._column + step, cell, shown) for step in range(count)]
        self._column += repeats

    def _end_row(self) -> None:
        repeats, rows = self._row_repeats, self._rows
        if rows is not None and self._row:
            first = rows.begin(self._line + 1)
            for column, cell, shown in self._row:
                self._put(rows, column, cell, shown)
            self._room.check(repeats * len(first))
            for line in range(self._line + 2, self._line + 1 + repeats):
                rows.begin(line).extend(first)
            if self._row_hidden:
                rows.hidden.update(range(self._line + 1, self._line + 1 + repeats))
        self._line += repeats

    def _put(self, rows: Rows, column: int, cell: Attributes, shown: str) -> None:
        kind = attribute(cell, "value-type")
        value = attribute(cell, "value")
        if not kind:
            formula = attribute(cell, "formula").partition(":")[2] or "="
            if shown:
                rows.put(column, shown)
            else:
                rows.put_formula(column, formula)
        elif kind in ("float", "percentage", "currency") and value:
            text, doubt = _number(kind, value, shown)
            rows.put(column, text, doubt, shown)
        elif kind == "date":
            rows.put(column, _day(attribute(cell, "date-value"), shown))
        elif kind == "boolean":
            rows.put(column, "TRUE" if attribute(cell, "boolean-value") == "true" else "FALSE")
        else:
            rows.put(column, shown)


def _number(kind: str, value: str, shown: str) -> formats.Shown:
    """A number with all its digits, and with what its format writes around it."""
    try:
        number = float(Decimal(value))
    except (ArithmeticError, ValueError):
        return shown, ""
    if kind == "percentage":
        text, doubt = formats.plain(number, shift=2)
        return f"{text}%", doubt
    if shown.upper() in _TRUTHS:
        return shown.upper(), ""
    text, doubt = formats.plain(number)
    around = _AROUND.fullmatch(shown)
    if around is None:
        return text, doubt or formats.SHOWN_OTHERWISE
    before, after = (part.strip(_IDLE) for part in around.groups())
    if kind == "currency":
        return text, doubt
    return f"{before}{text}{after}", doubt


def _day(value: str, shown: str) -> str:
    """A date in what is shown of it."""
    try:
        day = datetime.fromisoformat(value)
    except ValueError:
        return shown
    if "月" in shown and "日" not in shown:
        return formats.dated(day, "ym" if "年" in shown else "m")
    if "月" in shown and "年" not in shown:
        return formats.dated(day, "md")
    return formats.dated(day, "ymdh")


def _repeats(attributes: Attributes, name: str) -> int:
    text = attribute(attributes, name)
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1

"""A workbook being written: sheets with sound names, styles by what they look like, safe text.

Text is stored as text, whatever it begins with, and never becomes a formula or a link; what looks
like a formula is marked so that it stays text when a person edits the cell. The same content gives
the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfeval import __version__
from perfeval.messages import N_
from perfeval.neutral import is_formula
from perfeval.problems import InputError
from perfeval.reports.text import ELLIPSIS, wrap

MOST_SHEETS = 1000
"""As many as perfeval reads itself."""

MOST_ROWS = 1_048_576
FONT, SIZE = "宋体", 10
LINE = 14.5
"""Points that a line of text takes at `SIZE`, whichever font stands in for `FONT`."""

_A4 = 9
_LONGEST_NAME = 31  # of a sheet, in UTF-16 units
_LONGEST_TEXT = 32_767  # of a cell
_LONGEST_FOOTER = 80
_CREATED = datetime(2020, 1, 1)  # a workbook has a date; ours tells nothing, so bytes repeat
_WIDE = str.maketrans("[]:*?/\\'()", "［］：＊？／＼’（）")
_RESERVED = "history"

Look = dict[str, Any]

BODY: Look = {"valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#808080"}
CENTRED: Look = {**BODY, "align": "center"}
HEADING: Look = {**CENTRED, "bold": True, "bg_color": "#DCE6F1"}
INPUT: Look = {**BODY, "bg_color": "#FFF9DB", "locked": False}
TITLE: Look = {"bold": True, "font_size": 16, "font_name": "黑体", "valign": "vcenter"}
PLAIN: Look = {"valign": "vcenter", "text_wrap": True}


class Book:
    """A workbook that is kept in memory until `content` is asked for."""

    def __init__(self, title: str) -> None:
        self._buffer = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": SIZE},
        }
        self._book = xlsxwriter.Workbook(self._buffer, options)
        self._book.set_properties(
            {"title": title, "author": f"perfeval {__version__}", "created": _CREATED}
        )
        self._styles: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = {_RESERVED}

    def style(self, look: Look) -> Format:
        """The cell format that looks like `look`, in XlsxWriter's properties."""
        key = tuple(sorted(look.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(look)
        return self._styles[key]

    def name(self, wanted: str) -> str:
        """A name for a sheet that is like `wanted`, allowed, and not used before in this book."""
        plain = "".join(char for char in wanted.translate(_WIDE) if char.isprintable()).strip()
        for number in range(1, MOST_SHEETS + 2):
            mark = f"（{number}）" if number > 1 else ""
            name = _cut(plain or "—", _LONGEST_NAME - len(mark)) + mark
            if name.casefold() not in self._names:
                break
        self._names.add(name.casefold())
        return name

    def sheet(self, name: str) -> Worksheet:
        """A new sheet after the others; `name` is one that `self.name` has given."""
        if len(self._book.worksheets()) >= MOST_SHEETS:
            template = N_(
                "the workbook would have more than {most} sheets, more than any program opens with"
                " ease; take fewer projects or departments at a time, or another format"
            )
            raise InputError.of(template, most=MOST_SHEETS)
        return self._book.add_worksheet(name)

    def text(self, sheet: Worksheet, row: int, column: int, text: str, look: Look) -> None:
        """`text` in a cell, as it is; a blank cell of that look where there is none."""
        if row >= MOST_ROWS:
            template = N_(
                "a sheet holds {most} rows at most, and this one would have more; take fewer"
                " projects at a time, or another format"
            )
            raise InputError.of(template, most=MOST_ROWS)
        if is_formula(text):
            look = {**look, "quote_prefix": True}
        if len(text) > _LONGEST_TEXT:
            text = text[: _LONGEST_TEXT - 1] + ELLIPSIS
        if text:
            sheet.write_string(row, column, text, self.style(look))
        else:
            sheet.write_blank(row, column, None, self.style(look))

    def link(
        self, sheet: Worksheet, row: int, column: int, name: str, text: str, look: Look
    ) -> None:
        """`text` in a cell, leading to the sheet called `name`."""
        look = {**look, "font_color": "#0563C1", "underline": 1, "quote_prefix": is_formula(text)}
        url = f"internal:{quoted(name)}!A1"
        sheet.write_url(row, column, url, self.style(look), text)

    def number(
        self, sheet: Worksheet, row: int, column: int, value: float | None, look: Look
    ) -> None:
        """A number in a cell, or a blank cell."""
        if value is None:
            sheet.write_blank(row, column, None, self.style(look))
        else:
            sheet.write_number(row, column, value, self.style(look))

    def content(self) -> memoryview:
        """The bytes of the file; nothing can be written any more."""
        self._book.close()
        return self._buffer.getbuffer()


def quoted(name: str) -> str:
    """The name of a sheet as formulas write it.

    >>> quoted("城乡'保障'")
    "'城乡''保障'''"
    """
    return "'" + name.replace("'", "''") + "'"


def printed(sheet: Worksheet, *, landscape: bool, footer: str = "") -> None:
    """Set `sheet` up for A4: as wide as the paper, page numbers below."""
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    escaped = footer[:_LONGEST_FOOTER].replace("&", "&&")
    # The size comes first: behind it a footer that begins with digits would be a part of it.
    sheet.set_footer(f'&L&8&"{FONT},Regular"{escaped}&R&8&P / &N')


def height(texts: Iterable[tuple[str, float]]) -> float:
    """Points that a row needs for its texts, each in a cell of a width in characters."""
    lines = max((lines_in(text, width) for text, width in texts), default=1)
    return min(409.0, lines * LINE + 4)


def lines_in(text: str, width: float) -> int:
    """Lines that `text` takes in a cell that is `width` characters wide."""
    cells = max(2, int(width))
    return sum(len(wrap(part, cells)) for part in text.split("\n"))


def _cut(name: str, length: int) -> str:
    """The beginning of `name` in at most `length` UTF-16 units."""
    while len(name.encode("utf-16-le")) > 2 * length:
        name = name[:-1]
    return name.strip()

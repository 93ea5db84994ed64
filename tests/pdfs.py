"""PDFs as departments print them, for tests: sheets typeset with lines around their cells.

The font is STSong-Light, one of those that every reader of PDF supplies, so no file of a font is
needed. Cells are wrapped as office programs do it, merged cells are drawn as one, and a table goes
on over pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from perfeval.sources.layouts.labels import heads_table

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

_NOT_FIRST = "，。、；：！？）》〉”’」』】%,.;:!?)]"
_NOT_LAST = "（《〈“‘「『【("

Write = Callable[[Worksheet], Any]


@dataclass
class Style:
    """How sheets are set: in points, from the edges of the page; `widths` are shares."""

    size: float = 9.0
    page: tuple[float, float] = A4
    margin: float = 50.0
    pad: float = 3.0
    widths: Sequence[float] = ()
    centred: bool = True
    repeat: int = 0  # rows above the first page break that each page repeats
    header: str = ""
    footer: str = ""  # {page} is its number
    turned: int = 0  # quarters by which the page is to be turned when it is shown
    sideways: bool = False  # the table stands on its side on an upright page
    together: bool = False  # several sheets to a page
    sides: bool = True  # lines at the left and the right of the table
    lines: bool = True


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The lines of a text in `room`: words of letters stay whole, signs keep off the ends."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for unit in _units(paragraph):
            if line and width(line + unit.rstrip(), size) > room:
                rest = unit.lstrip()
                found.append(line + unit[: len(unit) - len(rest)])  # a blank stays at the end
                line = rest
            else:
                line += unit
            while width(line.rstrip(), size) > room and len(line) > 1:  # a word beyond the room
                cut = max(1, int(len(line) * room / width(line, size)))
                found.append(line[:cut])
                line = line[cut:]
        found.append(line)
    return found


def _units(text: str) -> list[str]:
    """What is not divided: words of letters with their blank, signs with what they belong to."""
    found: list[str] = []
    for character in text:
        last = found[-1] if found else ""
        latin = character.isascii() and not character.isspace()
        if last and (
            (latin and last[-1].isascii() and not last[-1].isspace())
            or (character.isspace() and last[-1].isascii())
            or character in _NOT_FIRST
            or last[-1] in _NOT_LAST
        ):
            found[-1] += character
        else:
            found.append(character)
    return found


def width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


@dataclass
class Paper:
    """Pages while they are filled."""

    canvas: Canvas
    style: Style
    y: float = 0.0
    number: int = 0
    fresh: bool = field(default=False)

    @property
    def size(self) -> tuple[float, float]:
        """The size of the page as it is read."""
        width, height = self.style.page
        return (height, width) if self.style.sideways else (width, height)

    def begin(self) -> None:
        """Go on to a new page."""
        if self.number:
            self.end()
        self.number += 1
        if self.style.turned:
            self.canvas.setPageRotation(90 * self.style.turned)
        if self.style.sideways:
            self.canvas.rotate(90)
            self.canvas.translate(0, -self.style.page[0])
        self.canvas.setLineWidth(0.5)
        self.y = self.size[1] - self.style.margin
        self._line(self.style.header, self.size[1] - 25)
        self._line(self.style.footer.format(page=self.number), 20)

    def end(self) -> None:
        """Finish the page."""
        self.canvas.showPage()

    def _line(self, text: str, y: float) -> None:
        self.canvas.setFont(FONT, 8)
        self.canvas.drawCentredString(self.size[0] / 2, y, text)

    def room(self, height: float) -> bool:
        """Whether so much more fits onto the page."""
        return self.y - height >= self.style.margin

    def words(self, text: str) -> None:
        """A line outside of the table."""
        size = self.style.size
        if not self.room(2 * size):
            self.begin()
        self.y -= 1.6 * size
        self.canvas.setFont(FONT, size)
        self.canvas.drawCentredString(self.size[0] / 2, self.y, text)
        self.y -= 0.5 * size

    def cell(self, text: str, x: float, y: float, width: float, height: float) -> None:
        """A cell with its upper left corner at x, y."""
        style, canvas = self.style, self.canvas
        if style.lines and style.sides:
            canvas.rect(x, y - height, width, height)
        elif style.lines:
            canvas.line(x, y, x + width, y)
            canvas.line(x, y - height, x + width, y - height)
            if x > style.margin + 1:
                canvas.line(x, y, x, y - height)
        if not text:
            return
        lines = wrapped(text, style.size, width - 2 * style.pad)
        leading = 1.25 * style.size
        top = y - (height - leading * len(lines)) / 2 - style.size
        canvas.setFont(FONT, style.size)
        for number, line in enumerate(lines):
            if style.centred and len(text) < 40:
                canvas.drawCentredString(x + width / 2, top - leading * number, line.rstrip())
            else:
                canvas.drawString(x + style.pad, top - leading * number, line)


def typeset(path: Path, sheets: Iterable[Write], style: Style | None = None) -> Path:
    """A PDF of sheets, each as the function writes it that `books` and tests have."""
    style = style or Style()
    page = style.page[::-1] if style.turned % 2 else style.page  # the library swaps them itself
    canvas = Canvas(str(path), pagesize=page)
    paper = Paper(canvas, style)
    for number, write in enumerate(sheets):
        sheet = openpyxl.Workbook().active
        assert isinstance(sheet, Worksheet)
        write(sheet)
        if number == 0 or not style.together:
            paper.begin()
        _set(paper, sheet)
    paper.end()
    canvas.save()
    return path


Span = tuple[int, int, int, int]  # first row, last row, first column, last column


def _set(paper: Paper, sheet: Worksheet) -> None:
    style = paper.style
    rows, columns = sheet.max_row, sheet.max_column
    texts = {(c.row, c.column): _shown(c.value) for r in sheet.iter_rows() for c in r}
    spans = {
        (m.min_row, m.min_col): (m.min_row, m.max_row, m.min_col, m.max_col)
        for m in sheet.merged_cells.ranges
    }
    hidden = {
        (row, column)
        for top, bottom, left, right in spans.values()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    shares = list(style.widths) or [1.0] * columns
    full = paper.size[0] - 2 * style.margin
    xs = [style.margin + full * sum(shares[:n]) / sum(shares[:columns]) for n in range(columns + 1)]
    cells: list[Span] = [
        spans.get((row, column), (row, row, column, column))
        for row in range(1, rows + 1)
        for column in range(1, columns + 1)
        if (row, column) not in hidden
    ]
    heights = _heights(cells, texts, xs, rows, style)
    first = 1
    while all(not text or heads_table(text) for text in _row(texts, first)):
        for text in filter(None, _row(texts, first)):
            paper.words(text)
        first += 1
    repeated = range(first, first + style.repeat)
    row = first
    while row <= rows:
        end, height = row, 0.0
        while end <= rows and paper.room(height + heights[end]):
            height += heights[end]
            end += 1
        end = max(end, row + 1)  # a row beyond the page is cut off, and no test has one
        _draw(paper, cells, texts, xs, heights, range(row, end))
        if end <= rows:
            paper.begin()
            if style.repeat:
                _draw(paper, cells, texts, xs, heights, repeated)
        row = end
    paper.y -= style.size


def _row(texts: dict[tuple[int, int], str], row: int) -> list[str]:
    return [text for (own, _), text in texts.items() if own == row]


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _heights(
    cells: Sequence[Span],
    texts: dict[tuple[int, int], str],
    xs: Sequence[float],
    rows: int,
    style: Style,
) -> dict[int, float]:
    heights = dict.fromkeys(range(1, rows + 1), 1.25 * style.size + 2 * style.pad)
    for top, bottom, left, right in sorted(cells, key=lambda span: span[1] - span[0]):
        text = texts.get((top, left), "")
        lines = wrapped(text, style.size, xs[right] - xs[left - 1] - 2 * style.pad)
        wanted = 1.25 * style.size * len(lines) + 2 * style.pad
        missing = wanted - sum(heights[row] for row in range(top, bottom + 1))
        if text and missing > 0:
            heights[bottom] += missing
    return heights


def _draw(
    paper: Paper,
    cells: Sequence[Span],
    texts: dict[tuple[int, int], str],
    xs: Sequence[float],
    heights: dict[int, float],
    rows: range,
) -> None:
    """Rows on one page; a cell that a page break divides has its text in the first part."""
    tops: dict[int, float] = {}
    for row in rows:
        tops[row] = paper.y
        paper.y -= heights[row]
    for top, bottom, left, right in cells:
        begin, end = max(top, rows.start), min(bottom, rows.stop - 1)
        if begin > end:
            continue
        height = sum(heights[row] for row in range(begin, end + 1))
        text = texts.get((top, left), "") if begin == top else ""
        paper.cell(text, xs[left - 1], tops[begin], xs[right] - xs[left - 1], height)

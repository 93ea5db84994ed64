"""What a page holds, from top to bottom: ruled tables with their cells, and lines beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from perfeval.messages import N_
from perfeval.problems import InputError
from perfeval.sources.disclosure.lines import PAGE_NUMBER
from perfeval.sources.grids import bounds
from perfeval.sources.grids.pdf import text
from perfeval.sources.grids.pdf.process import Page
from perfeval.sources.grids.pdf.ruled import Table, TooManyEdgesError, find_tables
from perfeval.sources.grids.pdf.text import UNREADABLE, Glyph, Line

Place = tuple[int, int]

_UNREADABLE = N_(
    "the PDF does not say what some characters of the cell are: {text}; look at the page and"
    " correct the value"
)
_OVER_EDGE = N_(
    "the text runs over the edge of its cell, so that it is not certain to be whole: {text}; look"
    " at the page"
)
_TOO_MANY = N_(
    "page {page} of the PDF has more than {most} lines that do not join, which no form has; give"
    " its table as a workbook (.xlsx)"
)
_TITLE = re.compile(r"\S{2,60}表(?:[（(][^（()）]{1,16}[)）])?$")
_ANNEX = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]+(?:\s*[-－—–.．]\s*\d+)*\s*[:：]?$")
_UNIT = re.compile(r"[（(]?\s*(?:金额)?单位\s*[:：]\s*\S{1,4}\s*[）)]?$")
_YEAR = re.compile(r"[（(]?\s*[12]\d{3}\s*年度?\s*[）)]?$")
_LABEL = re.compile(r"[^\s\d]\s*[:：]")  # not that of a time of day
_DIGITS = re.compile(r"\d+")
_NEAR = 4.0  # points by which a line that each page repeats may lie elsewhere
_ASTRIDE = 0.2  # of the size of a glyph, by which it lies over the edge of its cell
_EDGE_LINES = 3  # lines at the top and the bottom of a page that may be its header and footer


@dataclass(slots=True)
class Cell:
    """The text of a cell, its lines, and what is doubtful about it."""

    text: str
    lines: list[Line]
    doubt: str = ""


@dataclass(slots=True)
class Ruled:
    """A ruled table and the cells with text, by the place of each."""

    table: Table
    cells: dict[Place, Cell] = field(default_factory=dict)

    @property
    def top(self) -> float:
        """Where it begins on the page."""
        return self.table.top


@dataclass(slots=True)
class Words:
    """Texts beside one another outside all tables."""

    texts: list[str]
    base: float

    @property
    def top(self) -> float:
        """Where it stands on the page."""
        return self.base

    @property
    def key(self) -> str:
        """The text without blanks and whatever its digits are, as pages repeat it."""
        return _DIGITS.sub("#", "".join("".join(self.texts).split()))

    @property
    def is_title(self) -> bool:
        """Whether it can be the title of a table."""
        return len(self.texts) == 1 and _TITLE.fullmatch("".join(self.texts[0].split())) is not None

    @property
    def is_titular(self) -> bool:
        """Whether it says something of the table below: its title, number, unit or year."""
        return self.is_title or all(
            any(shape.fullmatch(each.strip()) for shape in (_ANNEX, _UNIT, _YEAR))
            for each in self.texts
        )


Block = Ruled | Words


@dataclass(slots=True)
class PageBlocks:
    """The blocks of a page from top to bottom; `pictures` counts its pictures."""

    number: int
    blocks: list[Block]
    pictures: int = 0
    missing: bool = False
    characters: int = 0
    unreadable: int = 0

    @property
    def tables(self) -> list[Ruled]:
        """The ruled tables of the page."""
        return [block for block in self.blocks if isinstance(block, Ruled)]


def read_blocks(pages: Iterable[Page], file: str) -> list[PageBlocks]:
    """The blocks of all pages, without the headers, footers and numbers of the pages."""
    found = [_read_page(page, file) for page in pages]
    _drop_running(found)
    return found


def _read_page(page: Page, file: str) -> PageBlocks:
    try:
        tables = find_tables(page.rules or (), bounds.MOST_PAGE_EDGES, page.dots or ())
    except TooManyEdgesError:
        values = {"page": page.number, "most": bounds.MOST_PAGE_EDGES}
        raise InputError.of(_TOO_MANY, file=file, **values) from None
    # Of tables within one another the inner one has the text.
    inner = sorted(
        range(len(tables)),
        key=lambda index: (
            (tables[index].right - tables[index].left) * (tables[index].bottom - tables[index].top)
        ),
    )
    glyphs: dict[tuple[int, Place] | None, list[Glyph]] = {}
    over: Counter[tuple[int, Place]] = Counter()
    for run in text.runs(page):
        before: Glyph | None = None
        place: tuple[int, Place] | None = None
        for glyph in run:
            here = _place(tables, inner, glyph)
            if before is None or here == place or text.apart(before, glyph):
                place = here
            elif place is not None and not glyph.text.isspace():
                over[place] += 1
            if place is not None and not glyph.text.isspace():
                over[place] += 2 * (glyph.shown is not None or _crosses(tables, place, glyph))
            glyphs.setdefault(place, []).append(glyph)
            before = glyph
    blocks: list[Block] = [Ruled(table) for table in tables]
    for spot, own in glyphs.items():
        if spot is None:
            continue
        index, at = spot
        ruled = blocks[index]
        assert isinstance(ruled, Ruled)
        cell = _cell(tables[index], at, own)
        if cell.text:
            cell.doubt = cell.doubt or (_OVER_EDGE if over[spot] > 1 else "")
            ruled.cells[at] = cell
    blocks = [block for block in blocks if isinstance(block, Words) or block.cells]
    blocks += _words(glyphs.get(None, []))
    blocks.sort(key=lambda block: block.top)
    inked = [each for each in page.text if not each.isspace()]
    return PageBlocks(
        page.number, blocks, page.pictures, page.missing, len(inked), inked.count(UNREADABLE)
    )


def _place(tables: list[Table], inner: list[int], glyph: Glyph) -> tuple[int, Place] | None:
    x, y = text.middle(glyph)
    # What lies across the edge of a table belongs to it: a cell that a page break divides.
    for height in (y, glyph.base, glyph.base - 0.8 * glyph.size):
        for index in inner:
            place = tables[index].place(x, height)
            if place:
                return index, place
    return None


def _crosses(tables: list[Table], place: tuple[int, Place], glyph: Glyph) -> bool:
    """Whether a glyph lies across the upper or the lower edge of its cell."""
    index, (row, column) = place
    table = tables[index]
    last = row
    while last + 1 < len(table.owner) and table.owner[last + 1][column] == (row, column):
        last += 1
    slack = _ASTRIDE * glyph.size
    high = glyph.base - 0.8 * glyph.size < table.ys[row] - slack
    return high or glyph.base > table.ys[last + 1] + slack


def _cell(table: Table, place: Place, glyphs: list[Glyph]) -> Cell:
    row, column = place
    last = column
    while last + 1 < len(table.xs) - 1 and table.owner[row][last + 1] == place:
        last += 1
    found = text.lines(glyphs)
    whole = text.cell_text(found, table.xs[column], table.xs[last + 1])
    unclear = any(each == UNREADABLE or "\ue000" <= each <= "\uf8ff" for each in whole)
    return Cell(whole, found, _UNREADABLE if unclear else "")


def _words(glyphs: list[Glyph]) -> Iterator[Words]:
    """Lines outside of tables; texts far from one another on one line are told apart."""
    row: list[Line] = []
    for line in text.lines(glyphs, text.COLUMN):
        if row and abs(line.base - row[0].base) > 0.5 * line.size:
            yield Words([each.text.strip() for each in row], row[0].base)
            row = []
        row.append(line)
    if row:
        yield Words([each.text.strip() for each in row], row[0].base)


def _drop_running(pages: list[PageBlocks]) -> None:
    """Leave out what pages repeat at their edges, and their numbers."""
    edges = [_edge_words(page) for page in pages]
    seen: dict[str, list[tuple[int, float]]] = {}
    for page, words in zip(pages, edges, strict=True):
        for each in words:
            seen.setdefault(each.key, []).append((page.number, each.base))
    for page, words in zip(pages, edges, strict=True):
        dropped = set()
        for each in words:
            again = any(
                number != page.number and abs(base - each.base) <= _NEAR
                for number, base in seen[each.key]
            )
            number = any(map(PAGE_NUMBER.fullmatch, (*each.texts, " ".join(each.texts))))
            bare = all(one.isdigit() for one in each.texts) and len(each.texts) == 1
            if number or bare or (again and not each.is_titular and not _is_labelled(page, each)):
                dropped.add(id(each))
        page.blocks = [block for block in page.blocks if id(block) not in dropped]


def _is_labelled(page: PageBlocks, words: Words) -> bool:
    """Whether a line above the tables can be labels with their values, which forms repeat too."""
    above = page.tables and words.base < page.tables[0].top
    return bool(above) and any(map(_LABEL.search, words.texts))


def _edge_words(page: PageBlocks) -> list[Words]:
    """The lines above the first and below the last table, as far as they are near the edges."""
    before: list[Words] = []
    for block in page.blocks:
        if isinstance(block, Ruled) or len(before) == _EDGE_LINES:
            break
        before.append(block)
    after: list[Words] = []
    for block in reversed(page.blocks):
        if isinstance(block, Ruled) or len(after) == _EDGE_LINES or block in before:
            break
        after.append(block)
    return before + after

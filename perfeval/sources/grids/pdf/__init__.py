"""PDF with a text layer: its ruled tables as grids, joined over pages, and its text as lines.

    extract    glyphs and ruled lines, taken out by pypdfium2 in a process of its own
    process    the bounds around it
    dashes     dashes and dots → lines
    ruled      lines → tables and their cells
    text       glyphs → the text of a cell, whole again where it was wrapped
    blocks     a page from top to bottom, without its header, footer and number
    joining    tables that go on over pages → grids
    reading    the text of all pages in the order of reading, for the readers of texts

Nothing is guessed of text that has no ruled lines around it: no grid is made of it, and it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfeval.messages import N_
from perfeval.problems import InputError, Problem
from perfeval.sources.grids.grid import Grid, Room
from perfeval.sources.grids.pdf.blocks import PageBlocks, read_blocks
from perfeval.sources.grids.pdf.joining import grids
from perfeval.sources.grids.pdf.process import is_pdf, read_pages
from perfeval.sources.grids.pdf.reading import page_of, placed, reading_lines

__all__ = ["Document", "is_pdf", "page_of", "placed", "read_pdf", "reading_lines"]

_NO_TEXT = N_(
    "the pages of the PDF are pictures (a scan), there is no text in them to read; ask for the file"
    " it was printed from (a workbook or document), or put the numbers into a workbook"
)
_EMPTY = N_("the PDF holds no text; a table of indicators is expected")
_NO_TABLES = N_(
    "the PDF holds text, but no ruled table (cells with lines around them), and what stands in"
    " columns without lines is not guessed; give the table as a workbook (.xlsx), or print it with"
    " its lines"
)
_UNREADABLE = N_(
    "the PDF does not say what the characters of its text are (its fonts have no mapping): {count}"
    " of {all} cannot be read; print it to a new PDF from the original, or give its table as a"
    " workbook (.xlsx)"
)
_PICTURES = N_("pages {pages} are pictures without text (scans); nothing is read of them")
_TEXT_PAGES = N_(
    "pages {pages} hold text without ruled lines; no table is read of them, and nothing is guessed"
)
_BROKEN = N_(
    "pages {pages}: short pieces of what may be dashed lines lie in a table and do not make up"
    " lines for certain; rows or columns may be one here that are two: look at the page"
)
_MISSING = N_("pages {pages} are damaged and cannot be read; get the file again")


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF holds: its pages with their blocks, its grids, and what is to be said of it."""

    file: str
    pages: tuple[PageBlocks, ...]
    grids: tuple[Grid, ...]
    notes: tuple[Problem, ...]

    def require_tables(self) -> None:
        """Raise `InputError` where no table is ruled."""
        if not self.grids:
            raise InputError.of(_NO_TABLES, file=self.file)


def read_pdf(data: bytes, file: str) -> Document:
    """A PDF's pages and ruled tables; raises `InputError` where there is no text to read.

    The places of its grids are pages and the rows on them, lines of text and rows of tables counted
    from the top.
    """
    pages = read_blocks(read_pages(data, file), file)
    missing = [page.number for page in pages if page.missing]
    characters = sum(page.characters for page in pages)
    unreadable = sum(page.unreadable for page in pages)
    if len(missing) == len(pages):
        raise InputError.of(_MISSING, file=file, pages=_spans(missing))
    if not characters:
        scanned = any(page.pictures for page in pages)
        raise InputError.of(_NO_TEXT if scanned else _EMPTY, file=file)
    if unreadable > characters / 4:
        raise InputError.of(_UNREADABLE, file=file, count=unreadable, all=characters)
    told = (
        (_MISSING, missing),
        (_PICTURES, [page.number for page in pages if page.pictures and not page.characters]),
        (_TEXT_PAGES, [page.number for page in pages if page.blocks and not page.tables]),
        (_BROKEN, [page.number for page in pages if any(t.table.broken for t in page.tables)]),
    )
    notes = [
        Problem(template, {"pages": _spans(numbers)}, file) for template, numbers in told if numbers
    ]
    return Document(file, tuple(pages), tuple(grids(pages, file, Room(file))), tuple(notes))


def _spans(numbers: Sequence[int]) -> str:
    """Numbers in short.

    >>> _spans([1, 2, 3, 7])
    '1–3, 7'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(one) if one == last else f"{one}–{last}" for one, last in found)

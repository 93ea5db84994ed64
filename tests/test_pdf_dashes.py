"""PDFs whose lines are dashed or dotted: a table all the same, or told."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Side
from reportlab.pdfgen.canvas import Canvas

from perfeval.problems import InputError
from perfeval.sources.grids import read_book
from tests import office
from tests.broken_lines import Draw, pieces, solid, table, told

ROWS = [[f"甲{row}{column}" for column in range(4)] for row in range(5)]
DOUBT = "pages 1: short pieces of what may be dashed lines lie in a table"

BROKEN = {
    "told": told(6, 4),
    "told-dots": told(1, 2),
    "dashes": pieces(6, 4),
    "wide-gaps": pieces(6, 9),
    "long-dashes": pieces(14, 6),
    "short-dashes": pieces(3, 3),
    "points": pieces(0, 2),
    "areas": pieces(6, 4, shape="area"),
    "squares": pieces(0.5, 1.5, shape="area"),
    "circles": pieces(0, 2, shape="circle"),
}


@pytest.mark.parametrize("inner", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("around", ["solid", "broken"])
def test_broken_lines_are_lines(inner: Draw, around: str, tmp_path: Path) -> None:
    path = table(tmp_path / "form.pdf", ROWS, solid if around == "solid" else inner, inner)
    read = read_book(path)
    assert [grid.rows for grid in read.grids] == [ROWS]
    assert not read.notes


@pytest.mark.parametrize("gaps", [(4, 7.5), (4, 5, 9)])
def test_pieces_without_regular_gaps_are_told(gaps: tuple[float, ...], tmp_path: Path) -> None:
    path = table(tmp_path / "form.pdf", ROWS, solid, pieces(6, *gaps))
    read = read_book(path)
    assert [grid.rows for grid in read.grids] != [ROWS]
    assert any(DOUBT in note.text() for note in read.notes)


def test_a_table_of_which_only_the_frame_is_certain_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "form.pdf", ROWS, solid, pieces(6, 4, 11, 5))
    with pytest.raises(InputError, match="no ruled table"):
        read_book(path)


def test_boxes_for_digits_are_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path))
    for x in range(60, 160, 16):  # in the first cell of the second row
        canvas.rect(x, 745, 11, 11)
    table(path, ROWS, solid, solid, canvas)
    read = read_book(path)
    assert [grid.rows for grid in read.grids] == [ROWS]
    assert not read.notes


@office.needs_office
def test_borders_that_libreoffice_prints_broken(tmp_path: Path) -> None:
    books = []
    for style in ("dashed", "dotted", "hair", "mediumDashDot"):
        book = openpyxl.Workbook()
        side = Side(style=style)
        for row in ROWS:
            book.active.append(row)
        for cell in (cell for row in book.active.iter_rows() for cell in row):
            cell.border = Border(side, side, side, side)
        books.append(tmp_path / f"{style}.xlsx")
        book.save(books[-1])
    for printed in office.convert(books, "pdf", tmp_path):
        read = read_book(printed)
        assert [grid.rows for grid in read.grids] == [ROWS], printed.name
        assert not read.notes

"""Grids: what a sheet shows arrives as text, with its place, whichever program saved the file."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.sources.grids import Grid, read_book
from perfeval.sources.grids.formats import shower
from perfeval.sources.grids.grid import column_letter, column_number

BOOKS = Path(__file__).with_name("data") / "books"


def doubts(grid: Grid) -> list[str]:
    return [problem.text() for problem in grid.doubts.values()]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Grid]:
    """The grid of a workbook with these cells: address → value, or value and number format."""

    def make(cells: dict[str, Any], *merged: str) -> Grid:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = "表"
        for address, value in cells.items():
            content, shape = value if isinstance(value, tuple) else (value, "General")
            sheet[address] = content
            sheet[address].number_format = shape
        for area in merged:
            sheet.merge_cells(area)
        workbook.save(tmp_path / "book.xlsx")
        return read_book(tmp_path / "book.xlsx").grids[0]

    return make


# The same workbook (made with openpyxl) as LibreOffice 7 saved it in each format; in the old
# format, which keeps a result with every formula and knows booleans, nothing is lost either.
@pytest.mark.parametrize("name", ["features.xlsx", "features.ods", "features.xls"])
def test_every_format_holds_what_its_cells_show(name: str) -> None:
    book = read_book(BOOKS / name)
    data, hidden, empty = book.grids
    assert (data.sheet, data.lines) == ("数据", [1, 2, 3, 4, 5, 6, 7])
    assert data.rows[1] == ["95%", "95.26%", "10", "2023-09-01", "9月", "2023年9月", "≥95%"]
    assert data.rows[2][:4] == ["1,000", "#DIV/0!", "95", "TRUE"]
    assert data.rows[2][4:] == ["5.00110230000034E+17", "1234.5", "0.95"]
    assert data.rows[6] == ["", "第一行\n第二行"]
    [doubt] = doubts(data)
    assert doubt.startswith(f"{BOOKS / name}:数据!E3: the number 5.00110230000034E+17 has more")
    assert (hidden.sheet, hidden.hidden, hidden.lines) == ("隐藏表", True, [3])
    assert hidden.rows == [["", "", "在隐藏的表里"]]
    assert (empty.sheet, empty.rows) == ("空表", [])
    assert [note.text() for note in book.notes] == [
        f"{BOOKS / name}:数据: 1 rows with text are hidden (the first is row 6); they are read",
        f"{BOOKS / name}:隐藏表: the sheet is hidden; it is read like the others",
    ]


@pytest.mark.parametrize("name", ["features.xlsx", "features.ods", "features.xls"])
def test_merged_cells_are_filled_and_marked(name: str) -> None:
    data = read_book(BOOKS / name).grids[0]
    assert data.rows[0] == ["项目支出绩效自评表"] * 7
    assert [data.own(0, column) for column in (0, 1, 6)] == ["项目支出绩效自评表", "", ""]
    assert data.copies[4, 0] == (3, 0)
    assert data.rows[4] == ["产出指标", "乙"]


@pytest.mark.parametrize("name", ["表.et", "表.xls"])
def test_wps_files_are_read_by_their_content(tmp_path: Path, name: str) -> None:
    shutil.copy(BOOKS / "features.xls", tmp_path / name)
    assert read_book(tmp_path / name).kind == "xls"
    shutil.copy(BOOKS / "features.xlsx", tmp_path / "表.et")
    assert read_book(tmp_path / "表.et").kind == "xlsx"
    assert not [note for note in read_book(tmp_path / "表.et").notes if "ends in" in note.text()]


def test_what_is_typed_as_text_stays_as_typed(book: Callable[..., Grid]) -> None:
    grid = book({"A1": "0.95", "B1": "1,000", "C1": " 95 % ", "D1": "007", "E1": "=", "F1": "1E5"})
    assert grid.rows == [["0.95", "1,000", "95 %", "007", "=", "1E5"]]


@pytest.mark.parametrize(
    ("number", "shape", "shown"),
    [
        (0.95, "0%", "95%"),
        (0.57, "0.00%", "57%"),
        (1.2345, "0%", "123.45%"),
        (10.0, "General", "10"),
        (10.0, "0.00", "10"),
        (0.1 + 0.2, "General", "0.3"),
        (-5.5, "0.00_);[Red]\\(0.00\\)", "-5.5"),
        (215457.6, "#,##0.00", "215457.6"),
        (12.5, '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "12.5"),
        (0.0, '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "0"),
        (45170.0, "yyyy/m/d", "2023-09-01"),
        (45170.0, '[$-804]yyyy"年"m"月"d"日";@', "2023-09-01"),
        (45170.0, 'yyyy"年"m"月"', "2023年9月"),
        (45170.0, 'm"月"', "9月"),
        (45170.0, 'm"月"d"日"', "9月1日"),
        (45170.5, "yyyy-mm-dd hh:mm", "2023-09-01 12:00:00"),
        (0.5, "h:mm", "12:00"),
        (95.0, '"≥"0"%"', "≥95%"),
        (50.0, 'G/通用格式"人"', "50人"),
        (5.0, "[DBNum1][$-804]General", "5"),
        (0.5, "# ?/?", "0.5"),
        (5.0, "@", "5"),
    ],
)
def test_a_number_arrives_as_its_format_means_it(number: float, shape: str, shown: str) -> None:
    assert shower(shape)(number) == (shown, "")


@pytest.mark.parametrize(
    ("number", "shape"),
    [
        (12345.0, "0!.0,"),
        (1.0, '"达标"'),
        (5.0, "[>=3]0;0.0"),
        (0.0, "0;-0;"),
        (45170.0, "dddd"),
        (4.0, '0"第1档"'),
    ],
)
def test_a_format_that_shows_something_else_is_told(
    book: Callable[..., Grid], number: float, shape: str
) -> None:
    grid = book({"B2": (number, shape)})
    [told] = doubts(grid)
    assert "book.xlsx:表!B2: the cell holds" in told
    assert shape in told
    assert grid.rows == [["", f"{number:g}"]]


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active["A1"] = datetime.date(2023, 9, 1)
    workbook.save(tmp_path / "mac.xlsx")
    assert read_book(tmp_path / "mac.xlsx").grids[0].rows == [["2023-09-01"]]


def test_no_day_is_made_of_a_number_that_is_none() -> None:
    assert shower("yyyy/m/d")(-1.0)[0] == "-1"
    assert "no day" in shower("yyyy/m/d")(-1.0)[1]


def test_a_formula_without_its_result_is_never_blank(book: Callable[..., Grid]) -> None:
    grid = book({"A1": 5, "B1": "=A1*2"})
    assert grid.rows == [["5", "公式 =A1*2"]]
    [told] = doubts(grid)
    assert "book.xlsx:表!B1: the cell holds the formula =A1*2 without its result" in told


def test_error_values_arrive_as_such(book: Callable[..., Grid]) -> None:
    assert book({"A1": "#DIV/0!", "B1": "#N/A"}).rows == [["#DIV/0!", "#N/A"]]


def test_blank_rows_take_no_place_and_lines_are_the_sheets_own(book: Callable[..., Grid]) -> None:
    grid = book({"B3": "甲", "D9": "乙", "A12": "  "})
    assert (grid.lines, grid.rows) == ([3, 9], [["", "甲"], ["", "", "", "乙"]])


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("指标,目标\n走访,12\n", "utf-8"),
        ("指标,目标\n走访,12\n", "utf-8-sig"),
        ("指标\t目标\n走访\t12\n", "gb18030"),
        ("指标;目标\n走访;12\n", "gbk"),
        ('指标,目标\n"走访",12\n', "utf-16"),
    ],
)
def test_a_text_table_is_a_grid_too(tmp_path: Path, content: str, encoding: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode(encoding))
    [grid] = read_book(path).grids
    assert (grid.sheet, grid.lines) == (None, [1, 2])
    assert grid.rows == [["指标", "目标"], ["走访", "12"]]


@given(st.floats(allow_nan=False, min_value=-1e14, max_value=1e14))
@settings(deadline=None)
def test_a_plain_number_keeps_all_that_a_spreadsheet_keeps(number: float) -> None:
    shown, doubt = shower("General")(number)
    assert doubt == ""
    assert float(shown) == float(f"{number:.15g}")
    assert "e" not in shown.lower()


@given(st.integers(0, 16383))
@settings(deadline=None)
def test_columns_and_their_letters(number: int) -> None:
    assert column_number(column_letter(number)) == number

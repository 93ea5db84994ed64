from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.problems import InputError
from perfeval.reports.workbook import book as module
from perfeval.reports.workbook.book import BODY, Book, height, lines_in


def read(book: Book) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(book.content()))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=8))
@settings(deadline=None)
def test_names_of_sheets_are_allowed_and_unique_whatever_is_wanted(wanted: list[str]) -> None:
    book = Book("")
    names = [book.name(each) for each in wanted]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\'()")
        assert name.casefold() != "history"
        book.sheet(name)  # XlsxWriter refuses what Excel would
    assert read(book).sheetnames == names


def test_a_long_name_keeps_its_beginning() -> None:
    book = Book("")
    name = "滨江区住房和城乡建设局城市更新与老旧小区改造工作领导小组办公室（本级）"
    assert book.name(name) == name[:31]
    assert book.name(name) == name[:28] + "（2）"
    assert book.name("History") == "History（2）"


@pytest.mark.parametrize("text", ["=1+1", "+86 10", "-1月工资", "@SUM(A1)", "\t=1", "'=1", "=100%"])
def test_text_stays_text_to_the_letter(text: str) -> None:
    book = Book("")
    book.text(book.sheet("a"), 0, 0, text, BODY)
    cell = read(book)["a"]["A1"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_what_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    book = Book("")
    sheet = book.sheet("a")
    for row, text in enumerate(("=1+1", "-5", "慰问")):
        book.text(sheet, row, 0, text, BODY)
    book.link(sheet, 3, 0, "a", "=1+1", BODY)
    marks = [cell.quotePrefix for (cell,) in read(book)["a"].iter_rows()]
    assert marks == [True, False, False, True]


def test_a_text_that_is_too_long_for_a_cell_shows_that_it_is_cut() -> None:
    book = Book("")
    book.text(book.sheet("a"), 0, 0, "长" * 40_000, BODY)
    value = read(book)["a"]["A1"].value
    assert (len(value), value[-2:]) == (32_767, "长…")


def test_too_many_sheets_and_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SHEETS", 1)
    book = Book("")
    sheet = book.sheet(book.name("a"))
    with pytest.raises(InputError, match="more than 1 sheets"):
        book.sheet(book.name("b"))
    with pytest.raises(InputError, match="a sheet holds 1048576 rows at most"):
        book.text(sheet, 1_048_576, 0, "x", BODY)


def test_the_same_content_gives_the_same_bytes() -> None:
    def content() -> bytes:
        book = Book("标题")
        book.text(book.sheet("a"), 0, 0, "x", BODY)
        return bytes(book.content())

    assert content() == content()


def test_rows_are_as_high_as_their_longest_text() -> None:
    assert lines_in("项目名称", 8) == 1
    assert lines_in("项目名称", 7) == 2
    assert lines_in("a\nb", 8) == 2
    assert height([("项目名称", 8), ("项目名称", 4)]) > height([("项目名称", 8)])
    assert height([("字" * 10_000, 8)]) == 409

"""Actuals and execution data: what people's files look like, and what is wrong with them."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import os
import random
import tempfile
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfeval import tables
from perfeval.names import BLANKS, suggest
from perfeval.neutral import neutralised
from perfeval.problems import InputError
from perfeval.reviewing.decisions import DECISIONS
from perfeval.sources import delimited, headings
from perfeval.sources.budget_csv import BUDGET
from perfeval.sources.files import decode
from perfeval.sources.layouts.funds import FUND_COLUMNS
from perfeval.sources.layouts.headers import FORM_COLUMNS
from perfeval.sources.specs_table import SPECS
from perfeval.sources.table import (
    ACTUALS,
    CLAIMS,
    EXECUTION,
    Sheet,
    read_actuals,
    read_execution,
)

HEAD = "project,indicator,actual\n"


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def writer(content: str | bytes, name: str = "actuals.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return writer


def cells(sheet: Sheet, *columns: str) -> list[tuple[Any, ...]]:
    return sheet.frame.select(columns or ("project", "indicator", "actual", "line")).rows()


def refused(path: Path, reader: Any = read_actuals) -> str:
    with pytest.raises(InputError) as error:
        reader(path)
    for problem in error.value.problems:
        assert problem.file == str(path)
    return str(error.value)


# What is read


def test_a_plain_table(write: Any) -> None:
    path = write("project,indicator,actual,unit,reason\nP1,走访,12,次,\nP2,慰问, 9 ,人次,推迟\n")
    sheet = read_actuals(path)
    assert tables.check(sheet.frame, tables.ACTUALS) is sheet.frame
    assert sheet.frame.rows() == [
        ("P1", "走访", "12", "", "次", "", "", "", "", str(path), None, 2),
        ("P2", "慰问", "9", "", "人次", "", "推迟", "", "", str(path), None, 3),
    ]
    assert sheet.input.path == str(path)
    assert sheet.input.rows == 2
    assert sheet.input.encoding == "utf-8"
    assert len(sheet.input.sha256) == 64
    assert sheet.malformed.is_empty()


def test_headings_as_the_field_writes_them(write: Any) -> None:
    path = write(
        "序号,* 项目编码,项目名称,二级指标,三级指标,年度指标值,全年完成值（必填）,计量单位,"
        "自评得分,偏差原因分析,扣分,是否适用,备注\n"
        "1,P1,某项目,数量指标,走访,≥12,12,次,10,无,1,是,x\n"
    )
    assert read_actuals(path).frame.row(0)[:9] == (
        "P1", "走访", "12", "数量指标", "次", "10", "无", "1", "是",
    )  # fmt: skip


@pytest.mark.parametrize("unit", ["单位", "度量单位", "计量单位", "Unit", "UNIT_OF_MEASURE"])
def test_a_table_without_departments_means_its_unit(write: Any, unit: str) -> None:
    path = write(f"项目,指标,实际值,{unit}\nP1,走访,12,次\n")
    assert cells(read_actuals(path), "project", "unit") == [("P1", "次")]


def test_a_heading_of_two_meanings_yields_to_a_clear_one(write: Any) -> None:
    path = write("单位,项目编码,项目,指标,实际值,计量单位\n人社局,P1,退管,走访,12,次\n")
    assert cells(read_actuals(path), "project", "unit") == [("P1", "次")]


SPELLINGS = {
    "project": "项目编码 项目代码 项目 PROJECT",
    "indicator": "三级指标 指标名称 指标 绩效指标",
    "actual": "实际完成值 全年完成值 完成值 实际值",
    "level2": "二级指标 Level_2",
    "unit": "度量单位 绩效度量单位 计量单位 单位",
    "score": "得分 自评得分",
    "reason": "偏差原因 偏差原因分析 原因",
    "deduction": "扣分",
    "applicable": "是否适用 适用",
    "budget_initial": "年初预算数 年初预算",
    "budget": "全年预算数 调整预算数 全年(调整)预算数 全年（调整）预算数",
    "spent": "全年执行数 执行数 支出数",
}


@pytest.mark.parametrize(
    ("column", "spelling"),
    [(column, spelling) for column, names in SPELLINGS.items() for spelling in names.split()],
)
def test_spellings_of_headings(column: str, spelling: str) -> None:
    kind = ACTUALS if column in ACTUALS.columns else EXECUTION
    assert headings.match([spelling], kind).positions == {column: 0}


def test_only_four_spellings_have_two_meanings() -> None:
    book = tomllib.loads(Path(headings.__file__).with_name("headings.toml").read_text("utf-8"))
    spellings = [name for names in book["columns"].values() for name in names]
    spellings += [*book["columns"], *book["ignored"]["names"]]
    spellings.remove("说明")  # ignored beside another column of reasons
    counts = Counter(name.lower().replace("_", "").replace(" ", "") for name in spellings)
    twice = {"单位", "项目", "project", "code", "预算数"}
    assert {name for name, count in counts.items() if count > 1} == twice
    known = (SPECS, ACTUALS, EXECUTION, CLAIMS, DECISIONS, BUDGET)
    lists = {column for table in known for column in table.columns}
    assert lists | {*FORM_COLUMNS, *FUND_COLUMNS} == set(book["columns"])


def test_execution_amounts_carry_the_unit_of_their_heading(write: Any) -> None:
    path = write(
        "项目编码,年初预算数（万元）,全年（调整）预算数(元),执行数\n"
        "P1,100,1314000,98.5\nP2,,1000万元,\nP3,1,/,2\n"
    )
    sheet = read_execution(path)
    assert tables.check(sheet.frame, tables.EXECUTION) is sheet.frame
    assert cells(sheet, "project", "budget_initial", "budget", "spent", "score", "line") == [
        ("P1", "100", "1314000元", "98.5", "", 2),
        ("P2", "", "1000万元", "", "", 3),
        ("P3", "1", "/", "2", "", 4),
    ]


TEXT = "项目编码,指标,实际值\r\nP1,走访老干部人数,1\r\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("gb2312", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings(write: Any, encoding: str, told: str) -> None:
    sheet = read_actuals(write(TEXT.encode(encoding)))
    assert cells(sheet) == [("P1", "走访老干部人数", "1", 2)]
    assert sheet.input.encoding == told


def test_utf_16_of_either_order() -> None:
    assert decode("\ufeff指标".encode("utf-16-be")) == ("指标", "utf-16")
    assert decode("\ufeff指标".encode("utf-16-le")) == ("指标", "utf-16")


def test_a_character_of_four_bytes_in_gb18030(write: Any) -> None:
    text = TEXT.replace("走访老干部人数", "\u3ce0洲乡走访")
    assert cells(read_actuals(write(text.encode("gb18030")))) == [("P1", "\u3ce0洲乡走访", "1", 2)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_are_told_by_the_headings(write: Any, separator: str) -> None:
    text = 'project,indicator,actual,reason\nP1,走访,12,"a,b;c\td"\n'
    row = [list(COLUMNS), ["P1", "走访", "12", "a,b;c\td"]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(row)
    sheet = read_actuals(write(text if separator == "," else stream.getvalue()))
    assert cells(sheet, "project", "reason") == [("P1", "a,b;c\td")]


def test_lines_are_those_of_the_file(write: Any) -> None:
    path = write(
        '\n\nproject,indicator,actual,reason\nP1,a,1,"one\ntwo\n\nfour"\n\n,,,\nP2,b,2,\n'
        ' , ,\u3000,\nP3,c,3,"x"'
    )
    assert cells(read_actuals(path), "project", "line") == [("P1", 4), ("P2", 10), ("P3", 12)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(write: Any, end: str) -> None:
    path = write(end.join(["project,indicator,actual", "P1,a,1", "", "P2,b,2", ""]))
    assert cells(read_actuals(path)) == [("P1", "a", "1", 2), ("P2", "b", "2", 4)]


def test_cells_lose_the_blanks_around_them_only(write: Any) -> None:
    path = write(HEAD + '\u3000P1\xa0,"\n 走 访\t", \ufeff1 2\u200b\n')
    assert cells(read_actuals(path)) == [("P1", "走 访", "1 2", 2)]


def test_short_rows_and_trailing_separators_are_blank_cells(write: Any) -> None:
    path = write("project,indicator,actual,reason,,\nP1,a\nP2,b,2,r,,\nP3,c,3,r\n")
    sheet = read_actuals(path)
    assert cells(sheet, "project", "actual", "reason", "line") == [
        ("P1", "", "", 2),
        ("P2", "2", "r", 3),
        ("P3", "3", "r", 4),
    ]
    assert sheet.malformed.is_empty()


def test_rows_with_too_many_cells_are_set_apart(write: Any) -> None:
    path = write(HEAD + "P1,a,1,200\nP2,b,2\n\nP3,c,3,," + "x" * 200 + "\n")
    sheet = read_actuals(path)
    assert cells(sheet) == [("P2", "b", "2", 3)]
    assert sheet.malformed.select("file", "line", "cells", "expected").rows() == [
        (str(path), 2, 4, 3),
        (str(path), 5, 5, 3),
    ]
    assert sheet.malformed["text"][0] == "P1,a,1,200"
    assert len(sheet.malformed["text"][1]) == 80
    assert sheet.input.rows == 3


def test_a_split_number_below_a_blank_heading_is_not_taken(write: Any) -> None:
    path = write("project,indicator,actual,\nP1,a,1,200\nP2,b,2,\n")
    sheet = read_actuals(path)
    assert cells(sheet, "project") == [("P2",)]
    assert sheet.malformed["line"].to_list() == [2]


def test_trailing_separators_are_no_cells_if_every_row_has_them(write: Any) -> None:
    sheet = read_actuals(write(HEAD + "P1,a,1,,\nP2,b,2,,\n\nP3,c,3,\n"))
    assert cells(sheet, "project", "actual") == [("P3", "3")]
    assert sheet.malformed["line"].to_list() == [2, 3]
    sheet = read_actuals(write(HEAD + "P1,a,1,\nP2,b,2,\n\nP3,c,3,\n"))
    assert cells(sheet, "project", "actual") == [("P1", "1"), ("P2", "2"), ("P3", "3")]


def test_a_split_number_is_found_also_before_blank_cells(write: Any) -> None:
    path = write("project,indicator,actual,reason\nP1,a,1,000,\nP2,b,2,\n")
    sheet = read_actuals(path)
    assert cells(sheet, "project") == [("P2",)]
    assert sheet.malformed.select("line", "text", "cells").rows() == [(2, "P1,a,1,000,", 5)]


def test_a_stray_quotation_mark_is_text(write: Any) -> None:
    path = write(HEAD + 'P1,5" 屏,1\nP2,"b",2\n')
    assert cells(read_actuals(path)) == [("P1", '5" 屏', "1", 2), ("P2", "b", "2", 3)]


def test_a_pipe_is_read_like_a_file() -> None:
    reading, writing = os.pipe()
    os.write(writing, (HEAD + "P1,a,1\n").encode())
    os.close(writing)
    try:
        assert cells(read_actuals(f"/dev/fd/{reading}")) == [("P1", "a", "1", 2)]
    finally:
        os.close(reading)


def test_a_large_table_keeps_every_row_and_line(write: Any) -> None:
    rows = "".join(f"P{i},指标{i % 7},{i}.5\n" for i in range(200_000))
    frame = read_actuals(write(HEAD + rows)).frame
    assert frame.height == 200_000
    assert (frame["line"] == pl.int_range(2, 200_002, eager=True)).all()
    assert frame.row(-1)[:3] == ("P199999", "指标2", "199999.5")


# Parquet


def parquet(path: Path, **columns: Any) -> Path:
    pl.DataFrame({"project": ["P1"], "indicator": ["走访"]} | columns).write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pl.Series([100.0]), "100"),
        (pl.Series([0.1]), "0.1"),
        (pl.Series([99999999999999.9]), "99999999999999.9"),
        (pl.Series([0.1], dtype=pl.Float32), "0.1"),
        (pl.Series([float("nan")]), "NaN"),
        (pl.Series([float("inf")]), "inf"),
        (pl.Series([9007199254740993]), "9007199254740993"),
        (pl.Series([Decimal("215457.60")]), "215457.60"),
        (pl.Series([True]), "true"),
        (pl.Series([datetime.date(2023, 12, 1)]), "2023-12-01"),
        (pl.Series([datetime.datetime(2023, 12, 1)]), "2023-12-01"),
        (pl.Series([datetime.datetime(2023, 12, 1, 8, 30)]), "2023-12-01 08:30:00"),
        (pl.Series(["≥50个"]), "≥50个"),
        (pl.Series(["部分达成"], dtype=pl.Categorical), "部分达成"),
        (pl.Series([" 1 "]), "1"),
        (pl.Series([None], dtype=pl.Float64), ""),
        (pl.Series([None], dtype=pl.Null), ""),
    ],
)
def test_parquet_cells_as_they_would_be_typed(tmp_path: Path, value: pl.Series, text: str) -> None:
    sheet = read_actuals(parquet(tmp_path / "a.parquet", actual=value))
    assert sheet.frame["actual"].to_list() == [text]
    assert sheet.input.encoding == "parquet"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@settings(deadline=None, max_examples=40)
@example([-0.0, 1e16, 1e22, 5e-324, 123456789.125])
def test_no_digit_of_a_float_is_lost(numbers: list[float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.parquet")
        count = len(numbers)
        frame = {"project": ["P"] * count, "indicator": ["i"] * count, "actual": numbers}
        pl.DataFrame(frame).write_parquet(path)
        assert [float(cell) for cell in read_actuals(path).frame["actual"]] == numbers


def test_parquet_is_known_by_its_content_and_rows_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "really-parquet.csv"
    rows = {"项目编码": ["P1", "", "P2"], "指标": ["a", None, "b"], "完成值": [1, None, 2]}
    pl.DataFrame(rows).write_parquet(path)
    assert cells(read_actuals(path)) == [("P1", "a", "1", 1), ("P2", "b", "2", 3)]


def test_parquet_with_lists_is_refused(tmp_path: Path) -> None:
    message = refused(parquet(tmp_path / "a.parquet", actual=[[1, 2]]))
    assert "column actual holds List(Int64)" in message


def test_parquet_without_a_column_is_refused(tmp_path: Path) -> None:
    message = refused(parquet(tmp_path / "a.parquet", actul=[1]))
    assert "unknown heading “actul”; did you mean actual" in message


def test_broken_parquet_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", actual=[1])
    path.write_bytes(path.read_bytes()[:40])
    assert "begins like a Parquet file but cannot be read" in refused(path)


# What is wrong with a file


def test_a_missing_file_with_a_near_name(write: Any) -> None:
    written = write(HEAD)
    message = refused(written.with_name("actual.csv"))
    assert f"no such file; did you mean {written}?" in message
    assert "no such file" in refused(written.with_name("zzz.parquet"))
    assert "no folder" in refused(written.parent / "nowhere" / "actuals.csv")


def test_a_folder(tmp_path: Path) -> None:
    assert "this is a folder" in refused(tmp_path)


def test_a_device() -> None:
    assert "this is a device, not a file" in refused(Path("/dev/zero"))


def test_a_link_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "loop.csv"
    path.symlink_to(path)
    assert "cannot be read" in refused(path)


def test_no_permission(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(HEAD)
    monkeypatch.setattr(Path, "open", deny)  # the tests may run as a user who may read anything
    assert "no permission to read this file" in refused(path)


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", "  \r\n\t"])
def test_an_empty_file(write: Any, content: str) -> None:
    assert "the file is empty" in refused(write(content))


def test_nothing_but_separators(write: Any) -> None:
    assert "nothing but separators" in refused(write(",,,\n,,\n"))


@pytest.mark.parametrize("rows", ["", "\n", ",,\n , ,\n"])
def test_headings_without_rows(write: Any, rows: str) -> None:
    assert "headings but no rows" in refused(write(HEAD + rows))


def test_unknown_heading(write: Any) -> None:
    message = refused(write("project,indicator,actul\nP1,a,1\n"))
    assert ":1: unknown heading “actul”; did you mean actual" in message
    assert "no column for" not in message  # one mistake is told once


def test_unknown_heading_in_chinese(write: Any) -> None:
    message = refused(write("项目编码,指标,实际完成直,得份\nP1,a,1,2\n"))
    assert ":1: unknown heading “实际完成直”; did you mean 实际完成值" in message
    assert "得份" not in message  # of an optional column: no reason to refuse


def test_a_missing_column_that_no_heading_is_near(write: Any) -> None:
    message = refused(write("project,indicator,zzz\nP1,a,1\n"))
    assert "no column for actual (实际完成值)" in message
    assert "zzz" not in message


def test_columns_that_nobody_knows_are_told_and_not_read(write: Any) -> None:
    content = "序号,项目编码,指标,实际完成值,得份,填报科室\n1,P1,a,3,2,办公室\n"
    path = write(content)
    sheet = read_actuals(path)
    assert [problem.text() for problem in sheet.problems] == [
        f"{path}:1: the column of the unknown heading “得份” is not read; did you mean 得分?",
        f"{path}:1: the column of the unknown heading “填报科室” is not read",
    ]
    assert cells(sheet) == [("P1", "a", "3", 2)]


def test_only_what_is_not_there_is_meant(write: Any) -> None:
    """A second column of a heading that is there already is no misspelling of it."""
    sheet = read_actuals(write("project,indicator,actual,actual2\nP1,a,1,2\n"))
    assert [problem.template.endswith("is not read") for problem in sheet.problems] == [True]


def test_what_stands_in_a_column_of_persons_is_never_told(write: Any) -> None:
    head = "项目编码,指标,实际完成值,联系人（必填）,电话\n"
    sheet = read_actuals(write(head + "P1,走访,1,000,张三,13800138000\n", "a.csv"))
    assert sheet.malformed["text"].to_list() == ["P1,走访,1"]
    nameless = "项目编码,指标,实际完成值,,联系人\nP1,走访,1,13800138000,张三\n"
    message = refused(write(nameless, "b.csv"))
    assert "1 cells (first: …)" in message


def test_many_unknown_headings_are_counted(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def counted(name: str, *rest: Any, **more: Any) -> list[str]:
        searched.append(name)
        return suggest(name, *rest, **more)

    monkeypatch.setattr("perfeval.sources.headings.suggest", counted)
    names = ",".join(f"actul{i}" for i in range(1000))
    sheet = read_actuals(write(f"project,indicator,actual,{names}\nP1,a,1\n"))
    assert len(sheet.problems) == headings.MOST_UNKNOWN + 1
    assert "980 more headings are unknown; their columns are not read" in sheet.problems[-1].text()
    assert len(searched) < 300


def test_many_headings_for_one_column_are_bounded(write: Any) -> None:
    message = refused(write("project,indicator" + ",actual" * 1000 + "\nP1,a,1\n"))
    assert "columns 3, 4, 5, 6, 7, 8, 9, 10, … all hold actual" in message


def test_missing_column(write: Any) -> None:
    message = refused(write("project,indicator\nP1,a\n"))
    assert (
        ":1: no column for actual (实际完成值); add it with one of these headings: actual / 实际"
        in message
    )


def test_missing_column_of_execution(write: Any) -> None:
    message = refused(write("项目编码,年初预算数\nP1,1\n"), read_execution)
    assert "no column for budget (全年预算数), spent (全年执行数); add" in message
    assert "全年执行数" in message


@pytest.mark.parametrize("second", ["actual", "实际值", "Actual "])
def test_duplicate_column(write: Any, second: str) -> None:
    message = refused(write(f"project,indicator,actual,{second}\nP1,a,1,2\n"))
    assert "columns 3, 4 all hold actual" in message


def test_column_without_a_heading(write: Any) -> None:
    message = refused(write("project,,indicator,actual\nP1,,a,1\nP1,走访,b,1\n"))
    assert ":3: column 2 has no heading, but 1 cells (first: 走访)" in message


def test_an_empty_column_without_a_heading_is_no_loss(write: Any) -> None:
    path = write("project,,indicator,actual\nP1, ,a,1\n")
    assert cells(read_actuals(path)) == [("P1", "a", "1", 2)]


def test_headings_below_a_title(write: Any) -> None:
    message = refused(write("2023年绩效自评表,,\n" + HEAD + "P1,a,1\n"))
    assert ":1: the headings seem to stand in line 2" in message


def test_no_heading_known(write: Any) -> None:
    message = refused(write("P1,走访,12\nP2,慰问,9\n"))
    assert "none of the headings is known: P1, 走访, 12 (read as utf-8)" in message
    assert "at least project (项目编码), indicator (三级指标), actual (实际完成值)" in message


def test_text_of_another_encoding_has_no_known_heading(write: Any) -> None:
    message = refused(write("項目,指標,實際值\nP1,走訪,1\n".encode("big5")))
    assert "none of the headings is known" in message
    assert "gb18030" in message


def test_undecodable_bytes(write: Any) -> None:
    message = refused(write("project,indicator,actual\nP1,é,1\n".encode("latin-1")))
    assert ":2: byte 0xE9 at offset 28 cannot be read as UTF-8, GB18030" in message


def test_a_bad_byte_in_utf_8_is_not_taken_for_gb18030(write: Any) -> None:
    good = "项目编码,指标,实际值\nP1,走访".encode()
    message = refused(write(good + b"\xc1\xcb,1\n"))
    assert f":2: byte 0xC1 at offset {len(good)} cannot be read as UTF-8;" in message


AMOUNTS = "project,indicator,actual\r\n" + "".join(
    f"P{row},A{row},{row}0元\r\n" for row in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        AMOUNTS,  # every byte is valid UTF-8: 10Ԫ
        AMOUNTS + "P10,目标人数,5人\r\n",  # valid UTF-8 up to the last line
        "project,indicator,actual\nP1,12路,5\nP2,3楼,6元\n",
        "project,indicator,actual\nP1,A级,茅\n",
    ],
)
def test_gb18030_that_begins_like_utf_8(write: Any, text: str) -> None:
    sheet = read_actuals(write(text.encode("gb18030")))
    assert sheet.input.encoding == "gb18030"
    assert sheet.frame["actual"][0] == text.splitlines()[1].rsplit(",")[-1]
    assert decode(text.encode()) == (text, "utf-8")
    assert decode(text.encode("utf-8-sig")) == (text, "utf-8-sig")


@pytest.mark.parametrize("name", ["Café", "Müller", "São Paulo", "µm", "m²", "25 °C", "Школа №1"])
def test_letters_of_other_languages_stay_utf_8(write: Any, name: str) -> None:
    text = f"project,indicator,actual\nP1,{name},5\n"
    sheet = read_actuals(write(text))
    assert (sheet.input.encoding, sheet.frame["indicator"][0]) == ("utf-8", name)


@pytest.mark.parametrize("name", ["Россия", "ÉTÉ", "Übung 3", "×5"])
def test_letters_that_gb2312_has_no_characters_for_stay_utf_8(name: str) -> None:
    assert max(name) < "\u0800"
    assert decode(f"P1,{name}".encode()) == (f"P1,{name}", "utf-8")


def test_letters_alone_that_are_characters_of_gb2312_too_are_taken_for_these() -> None:
    # Nothing tells ±5 in UTF-8 from 卤5 in GB18030; one Chinese character anywhere does.
    assert decode("P1,±5".encode()) == ("P1,卤5", "gb18030")
    assert decode("P1,Школа".encode()) == ("P1,楔泻芯谢邪", "gb18030")
    assert decode("P1,±5,天".encode()) == ("P1,±5,天", "utf-8")


def test_one_chinese_character_before_the_damage_is_enough() -> None:
    with pytest.raises(InputError, match="cannot be read as UTF-8;"):
        decode("Ԫ,人,".encode() + "人".encode("gb18030"))


def test_a_bad_byte_after_a_byte_order_mark(write: Any) -> None:
    message = refused(write(b"\xef\xbb\xbfproject\xff"))
    assert ":1: byte 0xFF at offset 10 cannot be read as UTF-8;" in message


def test_half_a_character_of_utf_16(write: Any) -> None:
    assert "cannot be read as UTF-16" in refused(write(TEXT.encode("utf-16")[:-1]))


def test_a_nul_character(write: Any) -> None:
    message = refused(write(HEAD + "P1,a,1\nP2,\0b,1\n"))
    assert ":3: the text holds a NUL character (column 4)" in message


def test_utf_16_without_a_mark(write: Any) -> None:
    assert "UTF-16 without a byte order mark" in refused(write(HEAD.encode("utf-16-le")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "an Excel workbook (.xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel or Word file"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"\x1f\x8b\x08\x00", "a compressed file (gzip)"),
        (b"{\\rtf1\\ansi", "a Rich Text file"),
        (b"<html><table>", "a web page or XML"),
    ],
)
def test_files_of_other_kinds(write: Any, content: bytes, words: str) -> None:
    assert f"this is {words}" in refused(write(content))


def test_a_quote_that_is_never_closed(write: Any) -> None:
    message = refused(write(HEAD + 'P1,a,1\nP2,"b,1\nP3,c,1\n'))
    assert ':3: a quotation mark (") in the row that begins here is never closed' in message


def test_a_cell_that_goes_on_after_its_quote(write: Any) -> None:
    message = refused(write(HEAD + 'P1,a,1\nP2,"b"c,1\n'))
    assert ":3: a cell of the row that begins here goes on after its closing quot" in message


def test_a_quote_that_swallows_the_file(write: Any) -> None:
    message = refused(write(HEAD + 'P1,"a,1\n' + "P2,b,1\n" * 30_000))
    assert ":2: a cell of the row that begins here has more than 131072 characters" in message


def test_a_cell_without_end(write: Any) -> None:
    message = refused(write(HEAD + "P1,a,1\nP2,b," + "9" * 200_000 + "\n"))
    assert ":3: a cell of the row that begins here has more than 131072" in message


def test_a_broken_quote_in_the_headings(write: Any) -> None:
    assert "is never closed" in refused(write('project,"indicator,actual\nP1,a,1\n'))


# For any table

CELL = st.text(
    st.one_of(
        st.sampled_from("\",;\t\n\r \u3000\u200b\x85\u2028\x0b\x1c'#人次。≥5"),
        # Control characters beyond ASCII (Cc) are no text: what GB18030 makes of them may look
        # like damaged UTF-8.
        st.characters(exclude_categories=("Cs", "Cn", "Cc")),
    ),
    max_size=8,
)
ROW = st.tuples(CELL, CELL, CELL, CELL)
COLUMNS = ("project", "indicator", "actual", "reason")


@given(
    rows=st.lists(ROW, max_size=8),
    blanks=st.lists(st.integers(0, 2), min_size=9, max_size=9),
    separator=st.sampled_from(delimited.SEPARATORS),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
@settings(deadline=None, max_examples=300)
def test_any_table_is_read_back_with_its_lines(
    rows: list[tuple[str, ...]],
    blanks: list[int],
    separator: str,
    quoting: Any,
    end: str,
    encoding: str,
) -> None:
    text, expected = "", []
    for number, row in enumerate([COLUMNS, *rows]):
        text += end * blanks[number]
        line = len(io.StringIO(text, newline=None).read().split("\n"))
        stream = io.StringIO(newline="")
        # A writer of lines that end in "\n" leaves "\r" without quotes before Python 3.13.
        quotes: Any = csv.QUOTE_ALL if any("\r" in cell for cell in row) else quoting
        writer = csv.writer(stream, delimiter=separator, quoting=quotes, lineterminator=end)
        writer.writerow(map(neutralised, row))
        text += stream.getvalue()
        stripped = tuple(cell.strip(BLANKS) for cell in row)
        if number and any(stripped):
            expected.append((*stripped, line))
    data = text.encode(encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "actuals.csv")
        path.write_bytes(data)
        if encoding in ("utf-8", "gb18030") and decode(data)[1] != encoding:
            assert encoding == "gb18030" or max(text) < "\u0800"
            return  # bytes that are valid in both
        if not expected:
            assert "headings but no rows" in refused(path)
            return
        sheet = read_actuals(path)
    assert cells(sheet, *COLUMNS, "line") == expected
    assert sheet.malformed.is_empty()


@given(st.text(st.sampled_from('a,"\n\r; 5'), max_size=30))
@settings(deadline=None, max_examples=500)
@example("5\n5,,,")
@example('"5""\n"\r\n\n;,5,a')
def test_both_ways_through_a_table_agree(body: str) -> None:
    text = "x,y,z\n" + body
    clean = delimited._parse_clean(text, ",", 3, 1)
    if clean is None:
        return
    slow = delimited._parse_any(text, ",", ["x", "y", "z"], 1, None)
    assert slow.surplus.is_empty()
    assert _filled(clean) == _filled(slow.frame)


def _filled(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return [row for row in frame.rows() if any(cell.strip(BLANKS) for cell in row[1:])]


def test_the_fast_way_is_taken_for_tables_in_order() -> None:
    assert delimited._parse_clean('x,y,z\n1,"a\n""b""",3\n\n4,5\n', ",", 3, 1) is not None


@given(
    st.one_of(
        st.binary(max_size=200),
        st.builds(lambda tail: HEAD.encode() + tail, st.binary(max_size=200)),
        st.builds(lambda tail: b"PAR1" + tail, st.binary(max_size=200)),
    )
)
@settings(deadline=None, max_examples=400)
def test_no_bytes_raise_anything_but_an_input_error(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "actuals.csv")
        path.write_bytes(data)
        try:
            sheet = read_actuals(path)
        except InputError:
            return
    assert sheet.frame.drop("sheet").null_count().sum_horizontal().item() == 0
    assert sheet.input.rows == sheet.frame.height + sheet.malformed.height


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_parquet_file_raises_nothing_but_an_input_error(
    tmp_path: Path, seed: int
) -> None:
    source = random.Random(seed)
    path = parquet(tmp_path / "a.parquet", actual=[12.5])
    data = bytearray(path.read_bytes())
    for _ in range(source.randint(1, 30)):
        data[source.randrange(4, len(data))] = source.randrange(256)
    path.write_bytes(data)
    with contextlib.suppress(InputError):
        read_actuals(path)

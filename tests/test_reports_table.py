from __future__ import annotations

import csv
import json
from decimal import Decimal
from functools import partial
from io import BytesIO, StringIO
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.neutral import restored_text
from perfeval.reports.table import write_csv, write_parquet
from perfeval.reports.tabular import FINDINGS_KEY, RECEIPT_KEY
from perfeval.reports.text import escaped
from perfeval.scoring import ScoreResult
from tests.results import result

COLUMNS = [
    "project", "name", "department", "project_score", "project_low", "project_high",
    "project_grade", "level1", "level2", "indicator", "operator", "target", "unit", "weight",
    "points", "actual", "met", "ratio", "coefficient", "score", "low", "high", "status", "flags",
    "reason",
]  # fmt: skip


def csv_rows(scored: ScoreResult, **options: bool) -> list[dict[str, str]]:
    file = BytesIO()
    write_csv(scored, file, **options)
    return list(csv.DictReader(StringIO(file.getvalue().decode(), newline="")))


def parquet(scored: ScoreResult) -> pl.DataFrame:
    file = BytesIO()
    write_parquet(scored, file, "en")
    file.seek(0)
    return pl.read_parquet(file)


def several(**more: Any) -> ScoreResult:
    projects = [{"project": name, "score": score} for name, score in (("b", 2600), ("a", 1760))]
    indicators = [
        {"project": name, "indicator": f"{name}{i}", "score": score}
        for name, i, score in (("a", 0, 1000), ("b", 0, 600), ("b", 1, 2000))
    ]
    return result(projects, indicators, [{"project": "a", "score": 760}], **more)


def test_csv_has_the_keys_of_the_json_and_the_project_in_every_row() -> None:
    rows = csv_rows(several())
    assert list(rows[0]) == COLUMNS
    assert [(row["project"], row["indicator"]) for row in rows] == [
        ("b", "b0"),
        ("b", "b1"),
        ("a", "a0"),
        ("a", "预算执行率"),
    ]
    assert rows[-1]["level1"] == "预算执行"
    assert (rows[-1]["target"], rows[-1]["actual"], rows[-1]["ratio"]) == ("100", "76", "0.76")


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_the_rows_of_a_project_sum_to_its_total(name: str) -> None:
    rows: list[dict[str, Any]] = list(csv_rows(several()))
    if name == "parquet":
        rows = list(parquet(several()).iter_rows(named=True))
    for project in "ab":
        own = [row for row in rows if row["project"] == project]
        assert sum(Decimal(row["score"]) for row in own) == Decimal(own[0]["project_score"])


def test_csv_numbers_are_plain_text() -> None:
    (row,) = csv_rows(result([{"score": 1800}], [{"score": 34, "ratio": 2 / 3, "met": None}]))
    assert row["project_score"] == "18.00"
    assert row["score"] == "0.34"
    assert row["ratio"] == "0.666666666667"
    assert row["met"] == ""
    assert row["target"] == "9000"
    (row,) = csv_rows(result(indicators=[{"ratio": float("inf"), "flags": ["A301", "A303"]}]))
    assert row["ratio"] == ""
    assert row["met"] == "false"
    assert row["flags"] == "A301 A303"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+86 10", "'+86 10"),
        ("-1月工资", "'-1月工资"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\n=1"),
        ("=100%", "'=100%"),
        ("-5", "-5"),
        ("+0.5%", "+0.5%"),
        ("=", "="),
        ("-", "-"),
        ("≥ 90", "≥ 90"),
        ("a=b", "a=b"),
        ("'=1", "''=1"),
        ("'-5", "''-5"),
        ("'引号'", "'引号'"),
        ("", ""),
        ("a\x1b[31m\u202eb\tc", "a\\x1b[31m\\u202eb\tc"),
    ],
)
def test_csv_cells_never_run_as_formulas(name: str, cell: str) -> None:
    (row,) = csv_rows(result(indicators=[{"indicator": name}]))
    assert row["indicator"] == cell


def test_every_text_column_of_csv_is_neutralised() -> None:
    texts = ("level1", "level2", "indicator", "operator", "target", "unit", "actual", "reason")
    bad = dict.fromkeys(texts, "=cmd|1") | {"target_number": None, "actual_number": None}
    heads = dict.fromkeys(("project", "name", "department", "grade"), "=cmd|1")
    (row,) = csv_rows(result([heads], [bad | {"project": "=cmd|1"}]))
    assert not any(value.startswith("=") for value in row.values())


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_csv_keeps_every_row_and_cell_whatever_the_names(names: list[str]) -> None:
    scored = result(indicators=[{"indicator": name} for name in names])
    rows = csv_rows(scored)
    kept = [restored_text(row["indicator"]) for row in rows]
    shown = [escaped(name, keep="\t\r\n") for name in names]
    assert kept == [name.replace("\r\n", "\n").replace("\r", "\n") for name in shown]


def test_csv_of_nothing_has_its_header() -> None:
    file = BytesIO()
    write_csv(result([], []), file)
    assert file.getvalue().decode().strip().split(",") == COLUMNS


def test_csv_for_excel_begins_with_a_byte_order_mark() -> None:
    file = BytesIO()
    write_csv(result(), file, bom=True)
    assert file.getvalue().startswith(b"\xef\xbb\xbfproject,")


def test_parquet_keeps_types_and_receipt() -> None:
    scored = several(findings=[{}])
    file = BytesIO()
    write_parquet(scored, file, "en")
    file.seek(0)
    frame = pl.read_parquet(file)
    assert frame.columns == [
        *COLUMNS[:12], "target_number", *COLUMNS[12:16], "actual_number", *COLUMNS[16:]
    ]  # fmt: skip
    for name in ("project_score", "project_low", "project_high", "score", "low", "high"):
        assert frame.schema[name] == pl.Decimal(18, 2)
    assert frame.schema["ratio"] == pl.Float64
    assert frame.schema["met"] == pl.Boolean
    assert frame.schema["flags"] == pl.List(pl.String)
    assert frame["score"].to_list() == [Decimal(n) for n in ("6.00", "20.00", "10.00", "7.60")]
    assert frame["target"].to_list() == ["≥ 9000 人"] * 3 + [None]
    file.seek(0)
    metadata = pl.read_parquet_metadata(file)
    assert json.loads(metadata[RECEIPT_KEY]) == scored.receipt
    (found,) = json.loads(metadata[FINDINGS_KEY])
    assert found["message"] == "2 points are lost and no reason is given (偏差原因)"


@pytest.mark.parametrize("write", [write_csv, partial(write_parquet, lang="zh")])
def test_the_same_result_gives_the_same_bytes(write: Any) -> None:
    files = BytesIO(), BytesIO()
    for file in files:
        write(several(), file)
    assert files[0].getvalue() == files[1].getvalue()

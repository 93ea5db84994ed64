"""The workbook of a review: the same figures as its JSON, text that stays text."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import perfeval
from perfeval.reports import as_json
from perfeval.reports.workbook.review import write_review_workbook
from perfeval.reviewing import ReviewResult
from tests.office import convert, needs_office
from tests.office import read as read_sheets

PUBLISHED = Path(__file__).parent / "data" / "published" / "selfeval.csv"


@pytest.fixture(scope="module")
def result() -> ReviewResult:
    return perfeval.review(PUBLISHED, sample=3)


def content(result: ReviewResult, lang: str = "en") -> bytes:
    file = BytesIO()
    write_review_workbook(result, file, lang)
    return file.getvalue()


def rows(book: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings."""
    head, *rest = book[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def test_the_sheets_hold_what_json_holds(result: ReviewResult) -> None:
    file = BytesIO()
    as_json.write_review(result, file, "en")
    told = json.loads(file.getvalue())
    book = openpyxl.load_workbook(BytesIO(content(result)))
    assert book.sheetnames == [
        "Summary", "Projects by risk", "Departments compared", "Distribution",
        "Indicators side by side", "Findings", "Sample",
    ]  # fmt: skip
    assert [
        (row["Department"], row["Mean claimed"], row["Mean recomputed"], row["At stake"])
        for row in rows(book, "Departments compared")
    ] == [
        (each["department"], each["mean_claimed"], each["mean_recomputed"], each["at_stake"])
        for each in told["departments"]
    ]
    assert [
        (row["Grade"], row["Claimed"], row["Recomputed"])
        for row in rows(book, "Distribution")
        if row["Of"] == "Grades"
    ] == [
        (each["grade"] or "open", each["claimed"], each["recomputed"])
        for each in told["distribution"]["grades"]
    ]
    listed = rows(book, "Projects by risk")
    assert [row["Code"] for row in listed] == [each["project"] for each in told["projects"]]
    assert [row["Claimed total"] for row in listed] == [
        each["claimed_total"] for each in told["projects"]
    ]
    assert [row["Grade recomputed"] for row in listed] == [
        each["recomputed_grade"] for each in told["projects"]
    ]
    claims = rows(book, "Indicators side by side")
    assert len(claims) == sum(len(each["claims"]) for each in told["projects"])
    (missed,) = [row for row in claims if row["Indicator"] == "烘干包装设备"]
    assert [missed[name] for name in ("Claimed", "Recomputed", "Difference", "Findings")] == [
        9.3, 0.34, 8.96, "R102",
    ]  # fmt: skip
    assert [row["Message"] for row in rows(book, "Findings")] == [
        each["message"] for each in told["findings"]
    ]
    assert [row["Code"] for row in rows(book, "Sample")] == [
        each["project"] for each in told["sample"]
    ]


def test_the_same_review_gives_the_same_bytes(result: ReviewResult) -> None:
    assert content(result, "zh") == content(result, "zh")


def test_decisions_stand_beside_what_they_change(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["project", "indicator", "decision", "role", "date", "reason"])
        writer.writerow(["S14", "烘干包装设备", "扣分", "复核组长", "2026-11-25", "=未完成"])
    decided = perfeval.review(PUBLISHED, decisions=path)
    book = openpyxl.load_workbook(BytesIO(content(decided, "zh")))
    (row,) = rows(book, "处理意见")
    assert (row["自评"], row["处理后"], row["处理意见"]) == (9.3, 0.34, "扣分")
    # What looks like a formula is text.
    assert (row["原因"], book["处理意见"]["I2"].data_type) == ("=未完成", "s")


@needs_office
def test_it_opens_in_libreoffice(result: ReviewResult, tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    path.write_bytes(content(result, "zh"))
    (again,) = convert([path], "xlsx", tmp_path)
    sheets = read_sheets(again)
    names = ["汇总", "风险清单", "部门对比", "分布情况", "指标对照", "问题清单", "抽样"]
    assert list(sheets) == names
    assert sheets["风险清单"][1][1] == "S05"

"""The Qijiang disclosure as the PDF that was published: its tables, ruled and page by page.

Texts and amounts are those of `data/qijiang-hrss-2023.txt`; which column an amount stands in, which
a text does not show, is taken from `specs/budget.csv`. The lines, merged cells and page breaks are
those of the form.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests import books
from tests.pdfs import Write

SEED = Path(__file__).with_name("data") / "qijiang-hrss-2023.txt"
SPECS = Path(__file__).parents[1] / "specs"
DEPARTMENT = "重庆市綦江区人力资源和社会保障局（本级）"

_ROW = re.compile(r"(\d{7}|\d{5}|\d{3})\s+(.+?)(?: [\d,.]+)*$")

# Headings row by row: the text, and behind it how many columns and rows it takes where more than
# one; "." is a place that the row above takes.
_HEADS = {
    "附件4-1": [
        "收入*2 支出*5",
        "项目 预算数 项目 合计 一般公共预算财政拨款 政府性基金预算财政拨款"
        " 国有资本经营预算财政拨款",
    ],
    "附件4-2": ["功能分类科目*2 2023年预算数*3", "科目编码 科目名称 小计 基本支出 项目支出"],
    "附件4-3": ["经济分类科目*2 2023年基本支出*3", "科目编码 科目名称 合计 人员经费 公用经费"],
    "附件4-4": [
        "2023年预算数*6",
        "合计*1*2 因公出国（境）费*1*2 公务用车购置及运行费*3 公务接待费*1*2",
        ". . 小计 公务用车购置费 公务用车运行费 .",
    ],
    "附件4-5": [
        "科目编码*1*2 科目名称*1*2 本年政府性基金预算财政拨款支出*3",
        ". . 合计 基本支出 项目支出",
    ],
    "附件4-6": ["收入*2 支出*2", "项目 预算数 项目 预算数"],
    "附件4-7": [
        "科目*2 合计*1*2 上年结转*1*2 一般公共预算拨款收入*1*2 政府性基金预算拨款收入*1*2"
        " 国有资本经营预算拨款收入*1*2 事业收入预算*2 事业单位经营收入预算*1*2 其他收入预算*1*2"
        " 用事业基金弥补收支差额*1*2",
        "科目编码 科目名称 . . . . . 非教育收费收入预算 教育收费收入预算 . . .",
    ],
    "附件4-8": [
        "科目编码 科目名称 合计 基本支出 项目支出 上缴上级支出 事业单位经营支出 对下级单位补助支出",
    ],
    "附件4-9": [
        "项目*1*2 合计*1*2 上年结转*1*2 一般公共预算拨款收入*1*2 政府性基金预算拨款收入*1*2"
        " 国有资本经营预算拨款收入*1*2 事业收入预算*2 事业单位经营收入预算*1*2 其他收入预算*1*2"
        " 用事业基金弥补收支差额*1*2",
        ". . . . . . 非教育收费收入预算 教育收费收入预算 . . .",
    ],
}
_COLUMNS = {
    "附件4-1": ("total", "general", "government_fund", "state_capital"),
    "附件4-2": ("total", "basic", "project"),
    "附件4-3": ("total", "personnel", "operating"),
    "附件4-4": ("total", "abroad", "vehicles", "vehicle_purchase", "vehicle_running", "reception"),
    "附件4-6": ("total",),
    "附件4-8": ("total", "basic", "project", "to_superior", "operations", "to_subordinate"),
}
_SIDES = {
    "附件4-1": [
        ("一、本年收入", "一、本年支出"),
        ("一般公共预算拨款", "社会保障和就业支出"),
        ("政府性基金预算拨款", "卫生健康支出"),
        ("国有资本经营预算拨款", "住房保障支出"),
        ("二、上年结转", "节能环保支出"),
        ("一般公共预算拨款", ""),
        ("政府性基金预算拨款", ""),
        ("国有资本经营预算拨款", ""),
        ("", "二、结转下年"),
        ("收入总数", "支出总数"),
    ],
    "附件4-6": [
        ("一般公共预算拨款收入", "社会保障和就业支出"),
        ("政府性基金预算拨款收入", "卫生健康支出"),
        ("国有资本经营预算拨款收入", "住房保障支出"),
        ("事业收入预算", "节能环保支出"),
        ("事业单位经营收入预算", ""),
        ("其他收入预算", ""),
        ("本年收入合计", "本年支出合计"),
        ("用事业基金弥补收支差额", "结转下年"),
        ("上年结转", ""),
        ("收入总计", "支出总计"),
    ],
}
_PLAIN = {"附件4-5": [], "附件4-7": [], "附件4-9": ["合计", "货物类", "服务类", "工程类"]}

Amounts = dict[tuple[str, str], list[dict[str, str]]]


def amounts() -> Amounts:
    """The amounts of budget.csv by table and label: those of each row, in their order."""
    found: Amounts = {}
    lines: dict[tuple[str, str, str], dict[str, str]] = {}
    with (SPECS / "budget.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["table"], row["label"], row["source_line"] + row["code"])
            if key not in lines:
                lines[key] = {}
                found.setdefault((row["table"], row["label"]), []).append(lines[key])
            lines[key][row["column"]] = f"{float(row['amount'] or 0):,.2f}"
    return found


def sheets(specs: Sequence[Mapping[str, Any]]) -> list[Write]:
    """The document page by page: 附件4-1 … 4-9, then the target tables `specs`."""
    parts = re.split(r"^附件(4-\d+)$", SEED.read_text("utf-8"), flags=re.MULTILINE)[1:]
    known = amounts()
    found: list[Write] = []
    for number, text in zip(parts[::2], parts[1::2], strict=True):
        if f"附件{number}" in _HEADS:
            title = text.split("单位：")[0].strip()
            found.append(
                partial(_page, number=f"附件{number}", title=title, text=text, known=known)
            )
    return found + [partial(books.target_table, spec=spec) for spec in specs]


def _page(sheet: Worksheet, number: str, title: str, text: str, known: Amounts) -> None:
    for each in (number, title, "单位：万元"):
        sheet.append([each])
    for line, row in enumerate(_HEADS[number], sheet.max_row + 1):
        column = 1
        for heading in row.split():
            name, *spans = heading.split("*")
            columns, rows = map(int, (*spans, "1", "1")[:2])
            if name != ".":
                sheet.cell(line, column, name)
                if rows * columns > 1:
                    sheet.merge_cells(
                        start_row=line, end_row=line + rows - 1,
                        start_column=column, end_column=column + columns - 1,
                    )  # fmt: skip
            column += columns
    for cells in _rows(number, text, known):
        sheet.append(cells)
    note = re.search(r"^备注：.*$", text, flags=re.MULTILINE)
    if note:
        sheet.append([note[0]])


def _rows(number: str, text: str, known: Amounts) -> list[list[str]]:
    columns = _COLUMNS.get(number, ())

    def cells(label: str, names: Sequence[str] = columns) -> list[str]:
        rows = known.get((number, label), [])
        row = rows.pop(0) if rows else {}
        return [row.get(name, "") for name in names]

    if number in _SIDES:
        return [
            [left, *cells(left, ("total",)), right, *cells(right)] for left, right in _SIDES[number]
        ]
    if number in _PLAIN:
        return [[label] for label in _PLAIN[number]]
    if number == "附件4-4":
        return [cells("")]
    found = []
    for line in text.split("\n"):
        row = _ROW.match(line.strip())
        if row:
            found.append([row[1], row[2], *cells(row[2])])
        elif line.strip().startswith("合计  "):
            found.append(["", "合计", *cells("合计")])
    return found

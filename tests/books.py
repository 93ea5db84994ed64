"""Workbooks as departments have them, for tests: target tables, self-evaluations, lists.

The tables themselves are real: those of `specs/`, and the published ones of tests/data/published:
selfeval.csv and targets.csv (each row names its source; values as printed, names shortened).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

DATA = Path(__file__).with_name("data") / "published"

Case = list[dict[str, str]]


def published(name: str) -> dict[str, Case]:
    """The published tables of a file, by their number."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {case: list(group) for case, group in groupby(rows, lambda row: row["case_id"])}


class Writer:
    """Writes a sheet row by row; cells are (text, width in columns) or a text of one column."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.row = 0

    def add(self, *cells: Any) -> int:
        """A row; returns its number."""
        self.row += 1
        column = 1
        for cell in cells:
            text, width = cell if isinstance(cell, tuple) else (cell, 1)
            if text not in (None, ""):
                written = self.sheet.cell(self.row, column, text)
                if isinstance(text, str):
                    written.data_type = "s"  # "=100%" is typed as text, not as a formula
            if width > 1:
                self.sheet.merge_cells(
                    start_row=self.row, end_row=self.row,
                    start_column=column, end_column=column + width - 1,
                )  # fmt: skip
            column += width
        return self.row

    def merge_down(self, column: int, first: int, last: int) -> None:
        """Merge a column's cells of some rows."""
        if last > first:
            self.sheet.merge_cells(
                start_row=first, end_row=last, start_column=column, end_column=column
            )


def target_table(sheet: Worksheet, spec: Mapping[str, Any]) -> None:
    """A target table in the layout of 附件4-11, or of 附件4-10 for a whole department."""
    writer = Writer(sheet)
    overall = spec.get("type") == "部门整体支出"
    title = "部门（单位）整体支出绩效目标表" if overall else "财政资金项目支出绩效目标表"
    writer.add("附件4-10" if overall else "附件4-11")
    writer.add((f"{spec['year']}年{title}", 7))
    (_overall_head if overall else _project_head)(writer, spec)
    names = (
        ("绩效指标性质", "绩效指标值", "绩效度量单位")
        if overall
        else ("指标性质", "指标值", "度量单位")
    )
    writer.add("一级指标", "二级指标", "三级指标", *names, "权重")
    _indicators(writer, spec["indicators"])
    writer.add("其他说明")


def _project_head(writer: Writer, spec: Mapping[str, Any]) -> None:
    narrative, budget = spec.get("narrative", {}), spec.get("budget", {})
    writer.add("", "", "", "", "", "", "单位：万元")
    writer.add("申报单位", (spec["department"], 3), "项目编码", (spec["code"], 2))
    writer.add("项目名称", (spec["name"], 6))
    writer.add("项目类型", spec["type"], "联系人", "某某", "联系电话", ("00000000", 2))
    writer.add(("当年预算（万元)", 2), (budget.get("total"), 5))
    for label, key in (("上级资金", "superior"), ("本级资金", "local"), ("其他资金", "other")):
        writer.add((label, 2), (budget.get(key), 5))
    for label, key in (
        ("项目概况", "overview"), ("立项依据", "basis"), ("当年实施进度计划", "schedule"),
        ("当年整体绩效目标", "goal"),
    ):  # fmt: skip
        writer.add(label, (narrative.get(key), 6))
    writer.add(("当年绩效指标", 7))


def _overall_head(writer: Writer, spec: Mapping[str, Any]) -> None:
    amounts = [
        round(float(spec["budget"][key]) * 10_000, 2) for key in ("total", "basic", "project")
    ]
    total, basic, project = (f"{amount:,.2f}" for amount in amounts)
    writer.add("预算部门", (spec["department"], 6))
    first = writer.add("总体资金情况（元）", "预算支出总额", ("基本支出", 2), ("项目支出", 2))
    writer.add("", "", "合计", "财政拨款", "合计", "财政拨款")
    last = writer.add("", total, basic, basic, project, project)
    writer.merge_down(1, first, last)
    first = writer.add("部门整体绩效情况", "整体绩效目标", (spec["narrative"]["goal"], 5))
    writer.merge_down(1, first, first + 1)
    writer.add("", ("年度绩效指标", 6))


def _indicators(writer: Writer, indicators: Sequence[Mapping[str, Any]]) -> None:
    """Rows with merged levels; operator, value and unit in columns of their own."""
    first = writer.row + 1
    for indicator in indicators:
        sign, value, *unit = str(indicator["target"]).split(" ")
        writer.add(
            indicator["level1"], indicator["level2"], indicator["name"], sign,
            float(value) if value.replace(".", "").isdigit() else value, " ".join(unit),
            float(indicator["weight"]),
        )  # fmt: skip
    _merge_levels(writer, indicators, first)


def _merge_levels(
    writer: Writer, rows: Sequence[Mapping[str, Any]], first: int, at: int = 1
) -> None:
    for column, keys in ((at, ("level1",)), (at + 1, ("level1", "level2"))):
        line = first
        for _, group in groupby(rows, lambda row: [row[key] for key in keys]):  # noqa: B023
            count = len(list(group))
            if rows[line - first][keys[-1]]:
                writer.merge_down(column, line, line + count - 1)
            line += count


def evaluation(sheet: Worksheet, case: Case) -> None:
    """A published self-evaluation in the national layout, with the columns that its source has."""
    head = case[0]
    writer = Writer(sheet)
    optional = [
        (name, key)
        for name, key in (
            ("指标性质", "operator_col"),
            ("度量单位", "unit_col"),
            ("分值", "weight"),
        )
        if any(row[key] for row in case)
    ]
    names = [name for name, _ in optional]
    width = 7 + len(names)
    writer.add(("项目支出绩效自评表", width))
    writer.add((f"（{head['year'] or 2022}年度）", width))
    writer.add(("项目名称", 2), (head["project"], width - 2))
    writer.add(
        ("主管部门", 2), (head["department"], 2), "实施单位", (head["department"], width - 5)
    )
    unit = "元" if head["budget_adjusted_wan"].endswith("元") else "万元"
    block = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    first = writer.add((f"项目资金（{unit}）", 2), "", *block)
    funds = [
        head[key].removesuffix("元")
        for key in (
            "budget_initial_wan", "budget_adjusted_wan", "executed_wan", "exec_weight",
            "exec_rate_pct", "exec_score",
        )
    ]  # fmt: skip
    writer.add("", "", "年度资金总额", *funds)
    last = writer.add("", "", "其中：财政拨款", "90", "89.974", "89.974", "—", "", "—")
    sheet.merge_cells(start_row=first + 1, end_row=last, start_column=1, end_column=2)
    first = writer.add("年度总体目标", ("预期目标", 4), ("实际完成情况", width - 5))
    writer.add("", ("完成年度工作。", 4), ("已经完成。", width - 5))
    writer.merge_down(1, first, first + 1)
    heading = writer.add(
        "绩效指标", "一级指标", "二级指标", "三级指标", *names[:-1] if "分值" in names else names,
        "年度指标值", "实际完成值", *(["分值"] if "分值" in names else []), "得分",
        "偏差原因分析及改进措施",
    )  # fmt: skip
    for row in case:
        before = [row[key] for name, key in optional if name != "分值"]
        points = [row["weight"]] if "分值" in names else []
        writer.add(
            "", row["level1"], row["level2"], row["name"], *before, row["target_raw"],
            row["actual_raw"], *points, row["score"],
        )  # fmt: skip
    _merge_levels(writer, case, heading + 1, at=2)
    writer.merge_down(1, heading, writer.row)
    full = ["100"] if "分值" in names else []
    writer.add(("总分", 6 + len(optional) - len(full)), *full, head["published_total"])
    writer.add("填表人：某某", "", "", "联系电话：00000000")


def save(path: Path, sheets: Iterable[tuple[str, Any]]) -> Path:
    """A workbook of sheets, each written by a function that takes it."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, write in sheets:
        write(workbook.create_sheet(name))
    workbook.save(path)
    return path


def rows_of(rows: Sequence[Sequence[Any]]) -> Any:
    """What writes plain rows, from the first column of the first row on."""

    def write(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(list(row))

    return write


def spec_files(folder: Path) -> Iterator[Path]:
    """The TOML files of specs in a folder."""
    return (path for path in sorted(folder.glob("*.toml")) if path.name != "perfeval.toml")

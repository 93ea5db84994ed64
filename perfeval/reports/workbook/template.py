"""The workbook that a department fills in: targets locked, input cells coloured and explained.

Its headings are those that the readers know, so that what is filled in comes back through
`perfeval score`. Input cells are text cells: what is typed stays as it is typed (in other cells a
spreadsheet makes a date of 9-30 and 0.95 of 95%).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from perfeval.messages import N_, render
from perfeval.names import BLANKS
from perfeval.policy import Policy
from perfeval.reports.values import decimal
from perfeval.reports.workbook import entries
from perfeval.reports.workbook.book import (
    BODY,
    CENTRED,
    HEADING,
    INPUT,
    PLAIN,
    TITLE,
    Book,
    height,
    printed,
    quoted,
)

if TYPE_CHECKING:
    import polars as pl
    from xlsxwriter.worksheet import Worksheet

Row = dict[str, Any]

# Heading and width in characters: what is given, then what is filled in.
_GIVEN = {
    "project": ("项目编码", 12),
    "project_name": ("项目名称", 20),
    "level1": ("一级指标", 9),
    "level2": ("二级指标", 10),
    "indicator": ("三级指标", 24),
    "operator": ("指标性质", 6),
    "target": ("指标值", 10),
    "unit": ("度量单位", 7),
    "weight": ("权重", 5),
}
_FILLED = {
    "actual": ("实际完成值", 15),
    "reason": ("偏差原因", 24),
    "applicable": ("是否适用", 7),
    "notes": ("备注", 10),
}
_MONEY = {
    "project": ("项目编码", 24),
    "project_name": ("项目名称", 40),
    "budget_initial": ("年初预算数（万元）", 16),
    "budget": ("全年预算数（万元）", 16),
    "spent": ("全年执行数（万元）", 16),
}
_ACTUAL = len(_GIVEN)
_APPLIES = list(_FILLED).index("applicable") + _ACTUAL
_AREAS = 100  # ranges that one validation is given for
_SHADED = {"bg_color": "#F2F2F2"}
_TEXT = {"num_format": "@"}


def write_template(
    projects: pl.DataFrame,
    targets: pl.DataFrame,
    policy: Policy,
    file: BinaryIO,
    lang: str,
) -> None:
    """The workbook to fill in for `projects` and their `targets` (as `read_targets` gives them).

    One sheet of instructions, one per department, and where `policy` scores it one for budget
    execution. Raises `InputError` where it does not fit into a workbook.
    """
    book = Book(render(N_("Actuals to fill in"), {}, lang))
    first = book.sheet(book.name(render(N_("Instructions"), {}, lang)))
    by_project: dict[str, list[Row]] = {}
    for row in targets.iter_rows(named=True):
        by_project.setdefault(row["project"], []).append(row)
    departments: dict[str, list[Row]] = {}
    for project in projects.iter_rows(named=True):
        departments.setdefault(project["department"], []).append(project)
    listed = []
    for department, own in departments.items():
        name = book.name(department)
        last = _department(book, name, department, own, by_project, policy, lang)
        listed.append((department, name, last))
    if policy.execution is not None:
        _execution(book, projects, lang)
    _instructions(book, first, listed, policy, lang)
    file.write(book.content())


def _department(
    book: Book,
    name: str,
    department: str,
    projects: list[Row],
    by_project: dict[str, list[Row]],
    policy: Policy,
    lang: str,
) -> int:
    """A department's sheet; the number of its last row."""
    sheet = book.sheet(name)
    _head(book, sheet, {**_GIVEN, **_FILLED})
    asked: dict[entries.Entry, list[int]] = {}
    at = 0
    for number, project in enumerate(projects):
        shade = _SHADED if number % 2 else {}
        for target in by_project.get(project["project"], []):
            at += 1
            _row(book, sheet, at, project, target, shade)
            asked.setdefault(_entry(target, policy, lang), []).append(at)
    for entry, lines in asked.items():
        _validate(sheet, entry, lines, lang)
    if at:
        sheet.data_validation(1, _APPLIES, at, _APPLIES, entries.applies_entry(lang))
    sheet.autofilter(0, 0, max(at, 1), len(_GIVEN) + len(_FILLED) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{at + 1}"})
    _finish(sheet, department, frozen=5)
    return at + 1


def _row(
    book: Book, sheet: Worksheet, at: int, project: Row, target: Row, shade: dict[str, Any]
) -> None:
    is_number = target["way"] == "number"
    texts = {
        "project": project["project"],
        "project_name": project["name"],
        "level1": target["level1"],
        "level2": target["level2"],
        "indicator": target["indicator"],
        "operator": target["operator"],
        "target": decimal(target["target_number"]) if is_number else target["target"],
        "unit": target["unit"],
    }
    for column, (key, (_, _)) in enumerate(_GIVEN.items()):
        look = {**(CENTRED if key in ("operator", "target", "unit", "weight") else BODY), **shade}
        if key == "weight":
            book.number(sheet, at, column, target["weight"], look)
        else:
            book.text(sheet, at, column, _shown(texts[key] or ""), {**look, **_TEXT})
    for column in range(_ACTUAL, _ACTUAL + len(_FILLED)):
        sheet.write_blank(at, column, None, book.style({**INPUT, **_TEXT}))
    given = ((_shown(texts[key] or ""), size) for key, (_, size) in list(_GIVEN.items())[:8])
    sheet.set_row(at, max(20.0, height(given)))


def _entry(target: Row, policy: Policy, lang: str) -> entries.Entry:
    match target["way"]:
        case "number" if policy.rules[target["rule"]].ratio == "band":
            return entries.judged_entry("", policy, lang)
        case "number":
            return entries.number_entry(target["unit"], lang)
        case "deadline":
            return entries.deadline_entry(lang)
        case "judged":
            return entries.judged_entry(target["level"] or "", policy, lang)
    return entries.free_entry(lang)


def _validate(sheet: Worksheet, entry: entries.Entry, lines: list[int], lang: str) -> None:
    """Set the validation of an entry on the input cells of these rows."""
    areas = list(_areas(lines))
    for start in range(0, len(areas), _AREAS):
        some = areas[start : start + _AREAS]
        first, last = some[0]
        options = entry.validation(_cell(first), lang)
        if len(some) > 1:
            options["multi_range"] = " ".join(
                _cell(one) if one == other else f"{_cell(one)}:{_cell(other)}"
                for one, other in some
            )
        sheet.data_validation(first, _ACTUAL, last, _ACTUAL, options)


def _areas(lines: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring numbers, as their first and last."""
    for _, run in groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
        own = [line for _, line in run]
        yield own[0], own[-1]


def _cell(line: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(line, _ACTUAL))


def _execution(book: Book, projects: pl.DataFrame, lang: str) -> None:
    """The sheet for budget execution, one row per project."""
    name = book.name("预算执行")
    sheet = book.sheet(name)
    _head(book, sheet, _MONEY)
    at = 0
    for at, project in enumerate(projects.iter_rows(named=True), 1):
        for column, key in enumerate(("project", "name")):
            book.text(sheet, at, column, _shown(project[key]), {**BODY, **_TEXT})
        total = decimal(project["budget_total"])
        book.text(sheet, at, 2, total or "", {**INPUT, **_TEXT})
        for column in (3, 4):
            sheet.write_blank(at, column, None, book.style({**INPUT, **_TEXT}))
        given = ((_shown(project["project"]), 24), (_shown(project["name"]), 40))
        sheet.set_row(at, max(20.0, height(given)))
    if at:
        options = entries.money_entry(lang).validation("C2", lang)
        sheet.data_validation(1, 2, at, 4, options)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{at + 1}"})
    _finish(sheet, name, frozen=2)


def _head(book: Book, sheet: Worksheet, columns: dict[str, tuple[str, int]]) -> None:
    for column, (heading, size) in enumerate(columns.values()):
        sheet.set_column(column, column, size)
        book.text(sheet, 0, column, heading, HEADING)
    sheet.set_row(0, height(columns.values()) + 6)


def _finish(sheet: Worksheet, footer: str, frozen: int) -> None:
    """What every sheet to fill in has: a header that stays, a lock, a sound print."""
    sheet.freeze_panes(1, frozen)
    sheet.repeat_rows(0)
    printed(sheet, landscape=True, footer=footer)
    allowed = ("format_columns", "format_rows", "autofilter", "sort")
    sheet.protect("", dict.fromkeys(allowed, True))


def _shown(text: str) -> str:
    """`text` without signs that show nothing; names are compared without them."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char not in BLANKS or char.isspace())


def _instructions(
    book: Book,
    sheet: Worksheet,
    listed: list[tuple[str, str, int]],
    policy: Policy,
    lang: str,
) -> None:
    """The first sheet: what to fill in, how, and how much is left to fill in."""
    sheet.hide_gridlines(2)
    for column, size in enumerate((62, 12, 12)):
        sheet.set_column(column, column, size)
    book.text(sheet, 0, 0, render(N_("How to fill in the actuals"), {}, lang), TITLE)
    sheet.set_row(0, 30)
    at = 1
    for number, template in enumerate(_steps(policy), 1):
        text = f"{number}. " + render(template, {"policy": policy.name}, lang)
        sheet.merge_range(at, 0, at, 2, "", book.style(PLAIN))
        book.text(sheet, at, 0, text, PLAIN)
        sheet.set_row(at, height([(text, 86)]) + 2)
        at += 1
    at += 1
    for column, template in enumerate((N_("Department"), N_("Indicators"), N_("Filled in"))):
        book.text(sheet, at, column, render(template, {}, lang), HEADING)
    for department, name, last in listed:
        at += 1
        book.link(sheet, at, 0, name, _shown(department), BODY)
        book.number(sheet, at, 1, last - 1, CENTRED)
        filled = f"=COUNTA({quoted(name)}!{_cell(1)}:{_cell(max(last - 1, 1))})"
        sheet.write_formula(at, 2, filled, book.style(CENTRED), 0)
        sheet.set_row(at, 20)
    printed(sheet, landscape=False)
    sheet.protect("", {})


def _steps(policy: Policy) -> Iterator[str]:
    yield N_(
        "Fill in the coloured cells only. The other cells hold the approved targets and are locked."
    )
    yield N_(
        "实际完成值: write the figure. A bare number is in the unit of its row; another unit is"
        " written behind the number (1.2万元). Thousands may have commas."
    )
    yield N_("Shares: write 95 or 95%. Do not write 0.95 for 95 percent.")
    yield N_("Deadlines: write when it was finished, such as 2023年9月 or 2023年9月30日.")
    yield N_(
        "Qualitative indicators: choose a word from the list and write the coefficient behind it:"
        " 达成(95%), 部分达成(70%), 未达成(30%). Without the coefficient the score stays a range."
    )
    yield N_("偏差原因: write it for every indicator that is missed, or far above its target.")
    yield N_(
        "是否适用: choose 否 where an indicator does not apply this year; its points go to the"
        " other indicators of the project. Blank means 是."
    )
    if policy.execution is not None:
        yield N_("预算执行: fill in the adjusted budget and what was spent, in 万元 (last sheet).")
    yield N_("What is not known stays blank; do not write 无 or a slash for zero.")
    yield N_(
        "When it is filled in: perfeval score with this file's name. Scoring policy: {policy}."
    )

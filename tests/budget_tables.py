"""Made-up tables of amounts, printed as the text of a disclosure prints them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from perfeval.budget_form import table_forms
from perfeval.sources.disclosure.amounts import Amount, read_amounts
from perfeval.sources.disclosure.lines import split_lines

DEPARTMENT = "重庆市某县教育委员会"

# The headings as a program sets them, broken over lines.
HEADINGS = {
    "附件4-1": "收入 支出\n\n项目 预算数 项目 合计\n"
    "一般公共预算财政\n\n拨款\n政府性基金预算财\n\n政拨款\n国有资本经营预算\n\n财政拨款",
    "附件4-2": "功能分类科目 2024年预算数\n\n科目编码 科目名称 小计 基本支出 项目支出",
    "附件4-3": "经济分类科目 2024年基本支出\n\n科目编码 科目名称 合计 人员经费 公用经费",
    "附件4-4": "2024年预算数\n\n合计 因公出国（境）费\n公务用车购置及运行费\n\n公务接待费\n"
    "小计 公务用车购置费 公务用车运行费",
    "附件4-5": "科目编码 科目名称\n本年政府性基金预算财政拨款支出\n\n合计 基本支出 项目支出",
    "附件4-6": "收入 支出\n\n项目 预算数 项目 预算数",
    "附件4-8": "科目编码 科目名称 合计 基本支出 项目支出"
    " 上缴上级支出 事业单位经营支出 对下级单位补助支出",
}  # fmt: skip


def page(
    number: str,
    rows: Iterable[str],
    *,
    department: str = DEPARTMENT,
    unit: str = "单位：万元",
    headings: str | None = None,
    gap: str = "\n\n",
) -> str:
    """One page of a table: annex number, title, unit, headings, rows."""
    headings = HEADINGS[number] if headings is None else headings
    title = department + table_forms()[number].name
    return gap.join(("", number, title, unit, headings, *rows, ""))


def read_text(text: str, departments: Sequence[str] = ()) -> tuple[list[Amount], list[str]]:
    """The amounts of a text, and the problems as a user reads them."""
    amounts, problems = read_amounts(split_lines(text), "disclosure.txt", departments)
    return amounts, [problem.text() for problem in problems]


def read_page(number: str, *rows: str, **how: str) -> tuple[list[Amount], list[str]]:
    """The amounts and problems of a table on one page."""
    return read_text(page(number, rows, **how))


def told(amounts: Iterable[Amount]) -> list[str]:
    """Amounts as code, column and amount."""
    return [f"{each.code} {each.column} {each.amount}" for each in amounts]


def cells(amounts: Mapping[str, Decimal], columns: Sequence[str], *, comma: bool = True) -> str:
    """The amounts of a row as a text shows them: those that are there, in the order of columns."""
    form = ",f" if comma else "f"
    return " ".join(format(amounts[column], form) for column in columns if column in amounts)


def write(text: str) -> Path:
    """A file with a text."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(text)
    return Path(file.name)

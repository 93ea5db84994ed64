"""The pages that are made from the program's own data: python docs/make.py renews them.

Rules, policies, commands and headings are told where they are decided; a test holds the pages to
them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import perfeval
from perfeval.policy import list_policies, load_policy
from perfeval.reports.pages.policy import describe
from perfeval.reports.pages.rule import handbook
from perfeval.reviewing.claims import CLAIMS
from perfeval.reviewing.decisions import DECISIONS
from perfeval.rules import catalogue
from perfeval.sources.budget_csv import BUDGET
from perfeval.sources.specs_table import SPECS
from perfeval.sources.table import ACTUALS, EXECUTION
from perfeval.usage import parsers

HERE = Path(__file__).parent

_TABLES = (
    ("绩效目标表 / Target tables", SPECS),
    ("实际完成值 / Actuals", ACTUALS),
    ("预算执行 / Budget execution", EXECUTION),
    ("自评表 / Self-evaluations", CLAIMS),
    ("处理意见 / Decisions", DECISIONS),
    ("预算收支表金额 / Amounts of budget tables (budget.csv)", BUDGET),
)


def policies(lang: str) -> str:
    """Every shipped policy in plain words."""
    title, told = {
        "zh": ("评分口径", "本页由评分口径的数据生成。一个口径一节，同样的文字可在终端里查看："),
        "en": (
            "Scoring policies",
            "This page is made from the policies' own data; a terminal shows the same text:",
        ),
    }[lang]
    lines = [f"# {title}", "", told, "", "    perfeval policy chongqing"]
    for name in list_policies():
        head, *body = describe(load_policy(name), lang).rstrip().split("\n")
        lines += ["", f"## {head}"]
        for section in "\n".join(body).strip("\n").split("\n\n"):
            heading, *text = section.split("\n")
            if text:
                lines += ["", f"### {heading}", "", "```text", *text, "```"]
            else:
                lines += ["", f"`{heading}`"]
    return "\n".join(lines) + "\n"


def commands(lang: str) -> str:
    """Every command with its arguments and options."""
    title, told, what, means = {
        "zh": ("命令", "由程序的说明生成；`perfeval 命令 --help` 显示的一样。", "参数", "说明"),
        "en": (
            "Commands",
            "This page is made from the program's own help, as `perfeval COMMAND --help` shows it.",
            "argument",
            "meaning",
        ),
    }[lang]  # fmt: skip
    lines = [f"# {title}", "", told]
    program, each = parsers(lang)
    for name, parser in each.items():
        lines += ["", f"## perfeval {name}", "", str(parser.description), ""]
        lines += [f"| {what} | {means} |", "|---|---|"]
        for action in parser._actions:
            if action.dest != "help":
                metavar = f" {action.metavar}" if action.option_strings and action.metavar else ""
                names = ", ".join(action.option_strings) or str(action.metavar)
                lines += [f"| `{_cell(names + metavar)}` | {_cell(str(action.help))} |"]
        if parser.epilog:
            lines += ["", parser.epilog]
    lines += ["", str(program.epilog)]
    return "\n".join(lines) + "\n"


def columns() -> str:
    """The columns of every kind of table, with the spellings of their headings."""
    data = Path(perfeval.__file__).with_name("sources") / "headings.toml"
    known = tomllib.loads(data.read_text("utf-8"))["columns"]
    lines = [
        "# 表格的列名 / Column headings",
        "",
        "CSV、Parquet 和工作簿中的表，列名用哪一种写法都可以，列的先后不限；比较时不计空格、"
        "全角半角、括号里的备注和大小写。**必填**的列用粗体。本页由程序读取的数据生成。",
        "",
        "Headings may be any of these spellings, in any order; blanks, widths, remarks in brackets"
        " and case do not count. Columns in **bold** are required. Made from the data that the"
        " readers use.",
    ]
    for title, table in _TABLES:
        lines += ["", f"## {title}", "", "| 列 / column | 写法 / spellings |", "|---|---|"]
        for column in table.columns:
            name = f"**`{column}`**" if column in table.required else f"`{column}`"
            lines += [f"| {name} | {'、'.join(known.get(column, ()))} |"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


PAGES: dict[str, Callable[[], str]] = {
    "核查规则.md": lambda: handbook(catalogue(), "zh"),
    "rules.md": lambda: handbook(catalogue(), "en"),
    "评分口径.md": lambda: policies("zh"),
    "scoring-policies.md": lambda: policies("en"),
    "命令.md": lambda: commands("zh"),
    "commands.md": lambda: commands("en"),
    "columns.md": columns,
}
"""File name → the page as it has to be."""


def stale() -> Iterator[str]:
    """The pages that are not as they have to be."""
    for name, make in PAGES.items():
        page = HERE / name
        if not page.exists() or page.read_text("utf-8") != make():
            yield name


if __name__ == "__main__":
    for name in list(stale()):
        (HERE / name).write_text(PAGES[name](), "utf-8")
        print(f"docs/{name}")

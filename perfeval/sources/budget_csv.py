"""The amounts of budget tables from budget.csv, which lies with the specs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from perfeval import tables
from perfeval.budget_form import UNDECIDED, table_forms
from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import Problem, did_you_mean
from perfeval.sources.files import InputFile
from perfeval.sources.headings import Table, label
from perfeval.sources.table import read_table
from perfeval.sources.toml_values import DIGITS

BUDGET = Table(
    columns=("department", "table", "code", "label", "column", "amount", "source_line"),
    required=("department", "table", "code", "column", "amount"),
)
_AMOUNT = r"^-?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,6})?$"
_KEY = ("department", "table", "code", "column", "source_line")
_VALUE = 60  # characters of a cell that a message shows


@dataclass(frozen=True, slots=True)
class BudgetFile:
    """What a budget.csv holds, not yet checked against `tables.BUDGET`, and what is wrong in it.

    `unread` tells the columns that are not read.
    """

    frame: pl.DataFrame
    problems: tuple[Problem, ...]
    input: InputFile
    unread: tuple[Problem, ...]


def read_budget(path: str | Path) -> BudgetFile:
    """The amounts in the table at `path`; raises `InputError` as `read_table` does.

    What is told with its line: an amount that is no number of at most 15 digits, six of them after
    the point; a table and a column that the form does not have; the same amount twice.
    """
    sheet = read_table(path, BUDGET)
    cells = sheet.frame.with_columns(
        pl.col("amount").str.normalize("NFKC"), pl.col("source_line").replace("", None)
    )
    clean = pl.col("amount").str.contains(_AMOUNT) & (
        pl.col("amount").str.replace_all("[^0-9]", "").str.strip_chars_start("0").str.len_chars()
        <= DIGITS
    )
    number = pl.col("amount").str.replace_all(",", "")
    frame = cells.select(
        "department",
        "table",
        "code",
        "label",
        "column",
        pl.when(clean).then(number).cast(tables.AMOUNT).alias("amount"),
        pl.when(clean)
        .then(number.str.extract(r"\.(\d+)").str.len_chars().fill_null(0).cast(pl.Int64))
        .alias("decimals"),
        pl.col("source_line").cast(pl.Int64, strict=False),
        *tables.PLACE,
    )
    problems = [
        *_told(
            cells.filter(~clean & (pl.col("amount") != "")),
            "amount",
            N_("{column} is “{value}”; a number in 万元 with at most six decimals is expected, such"
               " as 3940.91"),
        ),
        *_told(
            cells.filter(frame["source_line"].is_null() & cells["source_line"].is_not_null()),
            "source_line",
            N_("{column} is “{value}”; the number of a line is expected, such as 23"),
        ),
        *_told(
            cells.filter((pl.col("amount") != "") & (pl.col("code") == "")),
            "code",
            N_("{column} is missing; fill it in"),
        ),
        *_told(
            sheet.malformed.with_columns(pl.col("text").alias("amount")),
            "amount",
            N_("the row has more cells than the table has columns: {value}; a number with a"
               ' thousands comma needs quotes ("1,000")'),
        ),
        *_unknown(frame),
        *_repeated(frame),
    ]  # fmt: skip
    return BudgetFile(frame, tuple(problems), sheet.input, sheet.problems)


def _told(rows: pl.DataFrame, column: str, template: str) -> list[Problem]:
    """A problem per row; those past `SHOWN` are counted."""
    found = [
        Problem(template, {"column": label(column), "value": value}, file, line, sheet)
        for value, file, sheet, line in rows.head(tables.SHOWN)
        .select(pl.col(column).str.head(_VALUE), *tables.PLACE)
        .iter_rows()
    ]
    if rows.height > tables.SHOWN:
        more = N_("{column}: {count} more rows with the same problem")
        values = {"column": label(column), "count": rows.height - tables.SHOWN}
        found.append(Problem(more, values, rows["file"][0]))
    return found


def _unknown(frame: pl.DataFrame) -> list[Problem]:
    """Tables that the form does not have, and columns that its tables do not have."""
    forms = table_forms()
    problems = []
    pairs = frame.group_by("table", "column", "file", maintain_order=True).agg(
        pl.col("line").first(), pl.col("amount").is_not_null().any().alias("filled")
    )
    told = set()
    for table, column, file, line, filled in pairs.iter_rows():
        form = forms.get(table)
        known: Sequence[str]
        if form is None:
            found, known = table, tuple(forms)
            template = N_("there is no table “{found}”{remark}; the tables are {known}")
        elif column in (*form.columns, UNDECIDED) or not filled:
            continue
        else:
            found, known = column, (*form.columns, UNDECIDED)
            template = N_("table {table} has no column “{found}”{remark}; it has {known}")
        if found not in told:
            told.add(found)
            near = did_you_mean(suggest(found, known))
            values = {"table": table, "found": found[:_VALUE], "known": known, **near}
            problems.append(Problem(template, values, file, line))
    return problems


def _repeated(frame: pl.DataFrame) -> list[Problem]:
    """Amounts that stand in the table a second time."""
    decided = frame.filter(pl.col("column") != UNDECIDED)
    later = decided.with_columns(first=pl.col("line").first().over(_KEY)).filter(
        pl.col("line") != pl.col("first")
    )
    template = N_("this amount of {table} {code}, column {column}, stands in line {first} already")
    return [
        Problem(template, row, row["file"], row["line"])
        for row in later.select("table", "code", "column", "first", *tables.PLACE)
        .head(tables.SHOWN)
        .iter_rows(named=True)
    ]

"""Family B: sums inside one budget table."""

from __future__ import annotations

import polars as pl

from perfeval.budget_form import UNDECIDED, table_forms
from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.amounts import NONE, ROW, parents, uncertain, written_out
from perfeval.rules.budget.differences import differences
from perfeval.tables import PLACE as ROW_PLACE

_PARTS = N_(
    "{where}, {item}, {heading}: {found} is printed, but the parts add up to {expected} ({parts});"
    " difference {difference} 万元"
)
_ROWS = ("item", "step", *ROW_PLACE, "project")


@rule(
    "B201",
    "row-not-sum-of-columns",
    "error",
    N_(
        "{where}, {item}: {heading} is {found}, but the columns that make it up are {parts},"
        " together {expected}; difference {difference} 万元"
    ),
    about="amount",
)
def row_not_sum_of_columns(tables: Tables) -> pl.DataFrame:
    """A row of a budget table is not the sum of its columns.

    **What it does.** Adds up, in each row, the columns that make up another: 小计 = 基本支出 +
    项目支出, 合计 = 人员经费 + 公用经费, the 三公 expenses, the funds of the tables of revenue
    and expenditure. Rows with an undecided column are left out. A difference that the rounding of
    the addends explains is a note.

    **Why it matters.** Each row is one sum of money, told in parts. If the parts are not the sum,
    a published number is wrong, and the sums above it may be, too.

    **Fails.** 205 教育支出: 小计 10.00, 基本支出 4.00, 项目支出 5.00.

    **Repair.** Look the row up in the budget system and correct the wrong number; if the text of
    the document is right, correct `budget.csv`.
    """
    found = tables.amounts
    sums = pl.DataFrame(
        [
            {"table": form.number, "column": part, "whole": column}
            for form in table_forms().values()
            for column, parts in form.sums.items()
            for part in parts
        ]
    )
    rows = found.filter(~pl.col("open"))
    parts = (
        rows.join(sums, on=["table", "column"], maintain_order="left")
        .group_by(*ROW, "whole", maintain_order=True)
        .agg(
            pl.col(_ROWS).first(),
            expected=pl.col("amount").sum(),
            addends=pl.len(),
            parts=written_out(pl.col("amount")),
        )
    )
    wholes = rows.group_by(*ROW, "column").agg(found=pl.col("amount").sum())
    compared = parts.rename({"whole": "column"}).join(
        wholes, on=[*ROW, "column"], how="left", maintain_order="left"
    )
    return differences(
        compared.with_columns(pl.col("found").fill_null(NONE), where="table"), "parts"
    )


@rule("B202", "code-not-sum-of-its-parts", "error", _PARTS, about="amount")
def code_not_sum_of_its_parts(tables: Tables) -> pl.DataFrame:
    """The amount of a class or section is not the sum of its subordinate codes.

    **What it does.** Adds up, in each column, the codes below a code (20801, 20805 … below 208,
    2080101 … below 20801, 30101 … below 301) and compares. Where the column of some amounts is
    undecided, only the totals are compared. A difference that the rounding of the addends
    explains is a note.

    **Why it matters.** The classification is a hierarchy: what a class spends is spent under its
    items. A difference means that an item is missing, stands twice or has another number.

    **Fails.** 205 is 10.00, of which 20502 is 6.00 and 20509 is 3.00.

    **Repair.** Add the missing item, or correct the number that differs from the budget system.
    """
    return _parts(tables, pl.col("code").str.contains(r"^\d+$"))


@rule("B203", "total-not-sum-of-its-parts", "error", _PARTS, about="amount")
def total_not_sum_of_its_parts(tables: Tables) -> pl.DataFrame:
    """A total of a budget table is not the sum of the rows that it stands for.

    **What it does.** Adds up, in each column, the highest codes of a table and compares with its
    row 合计; and in the tables of revenue and expenditure the lines of 本年收入, 上年结转 and
    本年支出, 本年收入 and 上年结转 for 收入总数, 本年支出 and 结转下年 for 支出总数. Where the
    column of some amounts is undecided, only the totals are compared. A difference that the
    rounding of the addends explains is a note.

    **Why it matters.** The total is what other tables and the approval refer to.

    **Fails.** 本年收入 is 100.00, 上年结转 is 20.00 and 收入总数 is 125.00.

    **Repair.** Add the missing row, or correct the number that differs from the budget system.
    """
    return _parts(tables, ~pl.col("code").str.contains(r"^\d+$"))


def _parts(tables: Tables, which: pl.Expr) -> pl.DataFrame:
    """Rows whose amounts are not the sums of those of their parts, column by column."""
    found = tables.amounts
    own = found.join(
        parents(found).select("department", "table", code="parent").unique(), on=ROW, how="semi",
        maintain_order="left",
    ).filter(which)  # fmt: skip
    # From here on `code` is that of the sum.
    parts = (
        found.join(parents(found), on=ROW, maintain_order="left")
        .with_columns(code="parent")
        .join(own.select(ROW).unique(), on=ROW, how="semi", maintain_order="left")
    )
    families = pl.concat([own, parts], how="diagonal").group_by(ROW).agg(
        pl.col("open", "lost").any()
    )  # fmt: skip
    sums = parts.group_by(*ROW, "column", maintain_order=True).agg(
        expected=pl.col("amount").sum(), addends=pl.len(), parts=written_out(pl.col("amount"))
    )
    printed = own.group_by(*ROW, "column", maintain_order=True).agg(found=pl.col("amount").sum())
    places = own.group_by(ROW, maintain_order=True).agg(pl.col(_ROWS).first())
    compared = (
        printed.join(
            sums, on=[*ROW, "column"], how="full", coalesce=True, maintain_order="left_right"
        )
        .join(families, on=ROW, maintain_order="left")
        .filter(pl.col("column").is_not_null() & ~uncertain())
        .join(places, on=ROW, maintain_order="left")
        .with_columns(
            pl.col("found", "expected").fill_null(NONE),
            pl.col("addends").fill_null(0),
            pl.col("parts").fill_null("—"),
            where="table",
        )
    )
    return differences(compared, "parts")


@rule(
    "B204",
    "revenue-not-expenditure",
    "error",
    N_(
        "{where}: total revenue is {found}, total expenditure {expected}; difference {difference}"
        " 万元"
    ),
    about="amount",
)
def revenue_not_expenditure(tables: Tables) -> pl.DataFrame:
    """Total revenue and total expenditure of a table differ.

    **What it does.** Compares 收入总数 (收入总计) with 支出总数 (支出总计) in the tables that
    show both sides (附件4-1, 附件4-6).

    **Why it matters.** A department's budget balances: what comes in, with what was carried over,
    is spent or carried over again.

    **Fails.** 收入总数 is 120.00, 支出总数 is 125.00.

    **Repair.** Look for a source or an expense that is missing on one side, often 上年结转 or
    结转下年.
    """
    totals = tables.amounts.filter(pl.col("column") == "total")
    spent = totals.filter(pl.col("code") == "expenditure").select(
        "department", "table", expected="amount"
    )
    compared = (
        totals.filter(pl.col("code") == "revenue")
        .join(spent, on=["department", "table"], maintain_order="left")
        .rename({"amount": "found"})
        .with_columns(addends=pl.lit(2), where="table")
    )
    return differences(compared)


@rule(
    "B205",
    "column-undecided",
    "info",
    N_(
        "{where}: the column of some amounts is undecided in {count} rows, first {item}: {parts};"
        " fill the columns in, so that the sums can be checked"
    ),
    about="column",
)
def column_undecided(tables: Tables) -> pl.DataFrame:
    """Amounts of a budget table are in no certain column, so that their sums are not checked.

    **What it does.** Counts the rows of each table that have amounts with the column `undecided`.

    **Why it matters.** Empty cells leave no trace in the text of a document. Where neither the
    row nor the sums above and below it say which column an amount stands in, `perfeval import`
    does not guess, and no rule on that column looks at the row. Often the reason is a sum that is
    wrong: then no way of reading the row fits.

    **Fails.** `205 教育支出 10.00 10.00` in a table that prints no sum of it.

    **Repair.** Look at the document and replace `undecided` in `budget.csv` by the column:
    `basic`, `project`, or the others of the table.
    """
    undecided = tables.printed.filter(pl.col("column") == UNDECIDED)
    rows = undecided.group_by(*ROW, *ROW_PLACE, "label", maintain_order=True).agg(
        parts=written_out(pl.col("amount"))
    )
    first = rows.group_by("department", "table", maintain_order=True).agg(
        pl.col(*ROW_PLACE, "parts").first(),
        item=pl.format("{} {}", "code", "label").first(),
        count=pl.len().cast(pl.Int64),
    )
    return first.join(
        tables.own_projects, on="department", how="left", maintain_order="left"
    ).select(*PROJECT_PLACE, "item", "parts", "count", where="table")

"""Money as rules compare it: the amounts of budget tables by row and column, exactly.

Everything is in 万元 as Decimal. A difference that rounding explains is told apart from a real one
by `by_rounding`: every printed number may be off by half a step in its table's last digit, and so
may a sum by half a step for each of its addends and for itself.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from perfeval.budget_form import UNDECIDED, parent_codes, table_forms
from perfeval.names import normalise
from perfeval.tables import AMOUNT
from perfeval.tables import PLACE as ROW_PLACE

ROW = ("department", "table", "code")
NONE = pl.lit(Decimal(0)).cast(AMOUNT)

_NUMBER = r"^[0-9A-Za-z]+\s*[-—－_]?\s*"
_FINEST = 6
_MOST_ADDENDS = 8  # that a message writes out


def with_department_key(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with its departments as they are compared: without number, bracket variants, blanks.

    Each distinct name is read once.
    """
    names = frame.select("department").unique().with_columns(
        key=normalise(pl.col("department").str.strip_chars().str.replace(_NUMBER, ""))
    )  # fmt: skip
    return (
        frame.join(names, on="department", how="left", maintain_order="left")
        .with_columns(department="key")
        .drop("key")
    )


def money(number: pl.Expr) -> pl.Expr:
    """A float64 as the decimal number it was written as; null beyond any budget."""
    return number.cast(pl.String).cast(AMOUNT, strict=False)


def shown(amount: pl.Expr) -> pl.Expr:
    """An amount as a value of a message."""
    return amount.cast(pl.Float64)


def by_rounding(difference: pl.Expr, addends: pl.Expr | int, step: pl.Expr) -> pl.Expr:
    """Whether a sum of rounded `addends` can be off by `difference`; a single one cannot."""
    count = pl.lit(addends) if isinstance(addends, int) else addends
    return (count > 1) & (difference.abs() * 2 <= (count + 1) * step)


def plain(amount: pl.Expr) -> pl.Expr:
    """An amount as text, without zeros at its end."""
    return amount.cast(pl.Float64).cast(pl.String).str.strip_suffix(".0")


def written_out(amount: pl.Expr) -> pl.Expr:
    """The addends of a group as one text, "749.01 + 2900.82"."""
    texts = plain(amount)
    more = pl.when(amount.len() > _MOST_ADDENDS).then(pl.lit(" + …")).otherwise(pl.lit(""))
    return texts.head(_MOST_ADDENDS).str.join(" + ") + more


def amounts(budget: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The printed amounts as rules use them: one row per department, table, code and column.

    Tables without any amount are left out; a code that stands twice is added up. Columns:
    department (as compared), table, code, label, column (null for an undecided one), amount, item
    (what a message calls the row), step (one in the last digit that the table prints), open
    (whether the row has undecided amounts), lost (whether its total is one of them), file, line,
    project. `own` has the project of each department's own table.
    """
    steps = {digits: Decimal(1).scaleb(-digits) for digits in range(_FINEST + 1)}
    coded = pl.col("code").str.contains(r"^\d+$")
    name = pl.when(coded).then(pl.format("{} {}", "code", "label")).otherwise("label")
    printed = with_department_key(budget.filter(pl.col("amount").is_not_null()))
    # Few rows are open: they are looked for once, and not in every row's own group.
    undecided = printed.filter(pl.col("column") == UNDECIDED).select(ROW).unique()
    totals = printed.filter(pl.col("column") == "total").select(ROW)
    lost = undecided.join(totals, on=ROW, how="anti").with_columns(lost=True)
    flags = undecided.with_columns(open=True).join(lost, on=ROW, how="left")
    return (
        printed.join(own, on="department", how="left", maintain_order="left")
        .join(flags, on=ROW, how="left", maintain_order="left")
        .with_columns(
            pl.col("open", "lost").fill_null(False),
            column=pl.col("column").replace(UNDECIDED, None),
            item=pl.coalesce(name.str.strip_chars().replace("", None), "table"),
            step=pl.col("decimals")
            .max()
            .over("department", "table")
            .replace_strict(steps, return_dtype=AMOUNT),
        )
        .group_by(*ROW, "column", maintain_order=True)
        .agg(
            pl.col("amount").sum(),
            pl.col("label", "item", "step", "open", "lost", *ROW_PLACE, "project").first(),
        )
    )


def with_headings(found: pl.DataFrame) -> pl.DataFrame:
    """`found` with what a message calls each column of its table, as `heading`."""
    headings = [
        {"table": form.number, "column": column, "heading": spellings[0]}
        for form in table_forms().values()
        for column, spellings in form.headings.items()
    ]
    return found.join(
        pl.DataFrame(headings), on=["table", "column"], how="left", maintain_order="left"
    )


def uncertain() -> pl.Expr:
    """Whether an amount's column may lack amounts that are undecided."""
    return pl.when(pl.col("column") == "total").then("lost").otherwise("open")


def parents(rows: pl.DataFrame) -> pl.DataFrame:
    """The row that each row is a part of: `ROW` and parent, the nearest that its table has.

    Rows of which no table has a parent are left out.
    """
    codes = rows["code"].unique().to_list()
    known = pl.DataFrame(
        [(code, parent, rank) for code in codes for rank, parent in enumerate(parent_codes(code))],
        schema={"code": pl.String, "parent": pl.String, "rank": pl.Int64},
        orient="row",
    )
    distinct = rows.select(ROW).unique(maintain_order=True)
    there = distinct.rename({"code": "parent"})
    return (
        distinct.join(known, on="code")
        .join(there, on=["department", "table", "parent"], how="semi")
        .sort("rank", maintain_order=True)
        .unique(ROW, keep="first", maintain_order=True)
        .select(*ROW, "parent")
    )


def wholes(found: pl.DataFrame) -> pl.DataFrame:
    """What each table comes to in each of its columns: its row 合计, or its highest codes together.

    Columns: department, table, column, amount (0 where nothing is printed), addends, step, file,
    line, project. `found` is what `amounts` gives. What may lack undecided amounts is left out.
    """
    keys = ["department", "table"]
    total = pl.col("code") == "total"
    rows = found.filter(total | pl.col("code").str.contains(r"^\d{3}$")).with_columns(total=total)
    rows = rows.filter(pl.col("total") | ~pl.col("total").any().over(keys))
    columns = [
        {"table": form.number, "column": column}
        for form in table_forms().values()
        for column in form.columns
    ]
    sums = rows.group_by(*keys, "column").agg(pl.col("amount").sum(), pl.len().alias("addends"))
    return (
        rows.group_by(keys, maintain_order=True)
        .agg(pl.col("step", *ROW_PLACE, "project").first(), pl.col("open", "lost").any())
        .join(pl.DataFrame(columns), on="table", maintain_order="left")
        .filter(~uncertain())
        .join(sums, on=[*keys, "column"], how="left", maintain_order="left")
        .with_columns(pl.col("amount").fill_null(NONE), pl.col("addends").fill_null(0))
        .drop("open", "lost")
    )

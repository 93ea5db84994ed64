"""Family B: the tables of all revenue and of all expenditure (附件4-7, 4-8) against 附件4-6."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import Tables, rule
from perfeval.rules.amounts import NONE
from perfeval.rules.budget.differences import differences
from perfeval.tables import PLACE as ROW_PLACE

_EMPTY = N_("{where_found} is printed without any amount, while {item} is {expected} in 附件4-6")
_OF = {"附件4-7": "revenue", "附件4-8": "expenditure.current"}
"""The tables, and the row of 附件4-6 that each of them breaks down."""


@rule(
    "B305",
    "summary-differs",
    "error",
    N_(
        "{where_found} comes to {found}, but {item} is {expected} in 附件4-6; difference"
        " {difference} 万元{remark}"
    ),
    about="amount",
)
def summary_differs(tables: Tables) -> pl.DataFrame:
    """The table of all revenue or of all expenditure (附件4-7, 附件4-8) contradicts 附件4-6.

    **What it does.** Compares the total of 附件4-7 with 收入总计, that of 附件4-8 with
    本年支出合计, and names the classes that 附件4-2 has and 附件4-8 lacks. A table that is
    printed without any amount is a warning, a difference of rounding a note.

    **Why it matters.** These tables break down the totals of 附件4-6; a reader who looks for a
    class of expenditure finds it nowhere else. In the Qijiang disclosure of 2023, 附件4-8 shows
    one class of four (3,649.83 of 4,284.87), and 附件4-7 nothing.

    **Fails.** 本年支出合计 is 4,284.87 in 附件4-6; 附件4-8 has 208 with 3,649.83 and no other
    class.

    **Repair.** Print the tables in full.
    """
    of = pl.DataFrame({"where_found": list(_OF), "code": list(_OF.values())})
    all_funds = tables.amounts.filter(
        (pl.col("table") == "附件4-6") & (pl.col("column") == "total")
    ).join(of, on="code", maintain_order="left")
    expected = all_funds.select(
        "department", "where_found", "item", "step", "project", expected="amount"
    )
    totals = tables.wholes.filter(pl.col("column") == "total").select(
        "department", "addends", *ROW_PLACE, found="amount", where_found="table"
    )
    empty = tables.printed.filter(pl.col("amount").is_null()).select(
        "department",
        pl.lit(0, pl.UInt32).alias("addends"),
        *ROW_PLACE,
        found=NONE,
        where_found="table",
    )
    lacks = pl.col("missing").is_not_null() & (pl.col("where_found") == "附件4-8")
    compared = (
        pl.concat([totals, empty])
        .join(expected, on=["department", "where_found"], maintain_order="left")
        .join(_missing(tables.amounts), on="department", how="left", maintain_order="left")
        .with_columns(
            where=pl.format("{}、附件4-6", "where_found"),
            heading=pl.lit("合计"),
            empty=pl.col("addends") == 0,
            addends=pl.col("addends") + 1,
            remark=pl.when(lacks).then(pl.lit(N_("; it lacks {missing}"))).otherwise(pl.lit("")),
            missing=pl.when(lacks).then("missing").otherwise(pl.lit("")),
        )
    )
    return (
        differences(compared, "where_found", "missing", "remark", "empty")
        .with_columns(
            severity=pl.when("empty").then(pl.lit("warning")).otherwise("severity"),
            template=pl.when("empty").then(pl.lit(_EMPTY)).otherwise("template"),
        )
        .drop("empty")
    )


def _missing(amounts: pl.DataFrame) -> pl.DataFrame:
    """The classes that 附件4-2 has and 附件4-8 lacks, by department, as one text."""
    classes = amounts.filter(pl.col("code").str.contains(r"^\d{3}$"))
    by_function = classes.filter(pl.col("table") == "附件4-2")
    summary = classes.filter(pl.col("table") == "附件4-8")
    lacking = by_function.join(
        summary, on=["department", "code"], how="anti", maintain_order="left"
    )
    return lacking.group_by("department").agg(
        missing=pl.col("item").unique(maintain_order=True).str.join("、")
    )

"""Family B: basic expenditure by economic nature (附件4-3) against the other tables."""

from __future__ import annotations

import polars as pl

from perfeval.rules import Tables, rule
from perfeval.rules.budget.across import SAME
from perfeval.rules.budget.differences import against, side_by_side

_THREE_PUBLIC = {
    "30212": "abroad",
    "31013": "vehicle_purchase",
    "30231": "vehicle_running",
    "30217": "reception",
}
"""Lines of 附件4-3, and the columns of 附件4-4 that contain them."""

_TWINS = {
    "2080505": "30108",
    "2080506": "30109",
    "2101103": "30111",
    "2210201": "30113",
}
"""The same money by function and by economic nature: pension, annuity, medical aid for civil
servants, housing fund."""


def _total(tables: Tables, number: str) -> pl.DataFrame:
    return tables.amounts.filter((pl.col("table") == number) & (pl.col("column") == "total"))


@rule("B303", "basic-expenditure-differs", "error", SAME, about="amount")
def basic_expenditure_differs(tables: Tables) -> pl.DataFrame:
    """Basic expenditure by economic nature (附件4-3) is not that by function (附件4-2).

    **What it does.** Compares the total of 附件4-3 with the sum of the column 基本支出 of
    附件4-2. Nothing is compared where that sum may lack amounts whose column is undecided. A
    difference that the rounding of the addends explains is a note.

    **Why it matters.** 附件4-3 breaks down the basic expenditure of 附件4-2, and nothing else.

    **Fails.** 合计 of 附件4-3 is 836.86; the basic expenditure in 附件4-2 adds up to 839.14.

    **Repair.** Find the expense that one table counts as basic and the other as a project's.
    """
    totals = tables.wholes
    by_nature = totals.filter((pl.col("table") == "附件4-3") & (pl.col("column") == "total"))
    by_function = totals.filter((pl.col("table") == "附件4-2") & (pl.col("column") == "basic"))
    compared = by_nature.rename({"amount": "found"}).join(
        by_function.select("department", expected="amount", more="addends"),
        on="department",
        maintain_order="left",
    )
    compared = compared.with_columns(
        item=pl.lit("合计"), heading=pl.lit("基本支出"), addends=pl.col("addends") + pl.col("more")
    )
    return against(compared, "附件4-3", "附件4-2")


@rule("B304", "three-public-below-their-lines", "error", SAME, about="amount")
def three_public_below_their_lines(tables: Tables) -> pl.DataFrame:
    """One of the three public expenses (附件4-4) is less than its line in 附件4-3.

    **What it does.** Compares travel abroad with 30212, the purchase of vehicles with 31013,
    their running with 30231 and receptions with 30217. 附件4-4 may have more, as it includes what
    projects spend. A difference of rounding is a note.

    **Why it matters.** The three public expenses (三公) are capped and published; what is missing
    from them is spent outside the cap.

    **Fails.** 公务接待费 is 5.44 in 附件4-3 (30217) and 4.44 in 附件4-4.

    **Repair.** Add the missing expense to 附件4-4, or correct the line of 附件4-3.
    """
    kinds = pl.DataFrame({"code": list(_THREE_PUBLIC), "column": list(_THREE_PUBLIC.values())})
    lines = (
        _total(tables, "附件4-3")
        .join(kinds, on="code", maintain_order="left", suffix="_shown")
        .select("department", "item", column="column_shown", expected="amount")
    )
    shown = tables.wholes.filter(pl.col("table") == "附件4-4").rename({"amount": "found"})
    compared = lines.join(shown, on=["department", "column"], maintain_order="left")
    compared = compared.filter(pl.col("found") < pl.col("expected"))
    return against(compared.with_columns(addends=pl.lit(2)), "附件4-4", "附件4-3")


@rule("B306", "same-money-classified-differently", "warning", SAME, about="amount")
def same_money_classified_differently(tables: Tables) -> pl.DataFrame:
    """The same money is another sum by function (附件4-2) than by economic nature (附件4-3).

    **What it does.** Compares the basic expenditure of items that have a twin in the other
    classification: 2080505 and 30108 (pensions), 2080506 and 30109 (annuities), 2101103 and 30111
    (medical aid for civil servants), 2210201 and 30113 (housing fund). A difference of rounding
    is a note.

    **Why it matters.** The two classifications are two views of one budget. Where twins differ,
    one of them is filed under another code, and the spending cannot be followed. In the Qijiang
    disclosure of 2023, 4.32 of medical aid for civil servants (2101103) appears as 医疗费
    (30114), while 公务员医疗补助缴费 (30111) is empty.

    **Fails.** 2101103 has 4.32 of basic expenditure, 30111 has nothing.

    **Repair.** File the expense under its code in both classifications.
    """
    twins = pl.DataFrame({"code": list(_TWINS), "twin": list(_TWINS.values())})
    by_function = tables.amounts.filter(pl.col("table") == "附件4-2").join(
        twins, on="code", maintain_order="left"
    )
    by_nature = _total(tables, "附件4-3").with_columns(twin="code")
    by_nature = by_nature.filter(pl.col("twin").is_in(list(_TWINS.values())))
    compared = (
        side_by_side(
            by_function.filter(pl.col("column") == "basic"), by_nature, "department", "twin"
        )
        .join(_total(tables, "附件4-2"), on="department", how="semi", maintain_order="left")
        .join(_total(tables, "附件4-3"), on="department", how="semi", maintain_order="left")
        # What is undecided may be basic.
        .join(
            by_function.filter("open"), on=["department", "twin"], how="anti", maintain_order="left"
        )
        .with_columns(heading=pl.lit("基本支出"))
    )
    return against(compared, "附件4-2", "附件4-3")

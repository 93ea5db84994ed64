"""Family B: the two sides of a budget (附件4-1) against the tables that show them again."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import normalise
from perfeval.rules import Tables, rule
from perfeval.rules.amounts import NONE, by_rounding
from perfeval.rules.budget.differences import PLACE_OF, against, side_by_side

SAME = N_(
    "{item}, {heading}: {found} in {where_found}, but {expected} in {where_expected}; difference"
    " {difference} 万元"
)
_APPROPRIATIONS = tuple(
    f"revenue.current.{fund}" for fund in ("general", "government_fund", "state_capital")
)
_LINE = "expenditure.current."


@rule("B301", "appropriation-differs", "error", SAME, about="amount")
def appropriation_differs(tables: Tables) -> pl.DataFrame:
    """The tables of fiscal and of all revenue (附件4-1, 附件4-6) contradict each other.

    **What it does.** Compares what both tables show: each appropriation of the year, and, where
    附件4-6 has no revenue but appropriations, what is carried over, each line of expenditure and
    all totals. Where the department has revenue of its own, a line of 附件4-6 may be more than
    that of 附件4-1, never less. A difference of rounding is a note.

    **Why it matters.** 附件4-1 is the part of 附件4-6 that appropriations pay for.

    **Fails.** 一般公共预算拨款收入 is 100.00 in 附件4-6, 一般公共预算拨款 is 110.00 in 附件4-1.

    **Repair.** Correct the table that differs from the budget system.
    """
    totals = tables.amounts.filter(pl.col("column") == "total")
    appropriated = pl.col("code").is_in(_APPROPRIATIONS)
    own = (pl.col("code") == "revenue.fund_balance") | (
        pl.col("code").str.starts_with("revenue.current.") & ~appropriated
    )
    # By which fund money was carried over, 附件4-1 alone tells.
    alone = pl.col("code").str.starts_with("revenue.carried_in.")
    all_funds, fiscal = (
        totals.filter((pl.col("table") == table) & ~alone) for table in ("附件4-6", "附件4-1")
    )
    earning = all_funds.filter(own & (pl.col("amount") != 0))["department"].unique()
    differs = (
        appropriated
        | ~pl.col("department").is_in(earning.implode())
        | (pl.col("found") < pl.col("expected"))
    )
    compared = (
        side_by_side(all_funds.filter(~own), fiscal, "department", "code")
        .join(all_funds, on="department", how="semi", maintain_order="left")
        .join(fiscal, on="department", how="semi", maintain_order="left")
        .filter(differs)
        .with_columns(heading=pl.lit("预算数"))
    )
    return against(compared, "附件4-6", "附件4-1")


@rule("B302", "expenditure-by-function-differs", "error", SAME, about="amount")
def expenditure_by_function_differs(tables: Tables) -> pl.DataFrame:
    """The expenditure of a fund by function (附件4-2, 附件4-5) contradicts 附件4-1.

    **What it does.** Compares the classes (208, 210 …) of 附件4-2 with the lines of 附件4-1 in
    the column of the general budget, those of 附件4-5 with the column of the government fund, by
    name. These tables may hold the money of the year alone: then 附件4-1 has more by what the
    fund carried over, and no line may be less. If neither is so, the sums are told; else each
    line that differs. A difference of rounding is a note.

    **Why it matters.** Both show the same money of the same fund.

    **Fails.** 教育支出 is 100.00 in 附件4-2 and 110.00 in 附件4-1, other lines agree.

    **Repair.** Correct the table that differs from the budget system.
    """
    return pl.concat(
        [
            _by_function(tables, "general", "附件4-2"),
            _by_function(tables, "government_fund", "附件4-5"),
        ]
    )


def _by_function(tables: Tables, fund: str, other: str) -> pl.DataFrame:
    sides = tables.amounts.filter(pl.col("table") == "附件4-1")
    spent = sides.filter(pl.col("code").str.starts_with(_LINE))
    lines = spent.filter(pl.col("column") == fund).with_columns(
        name=pl.col("code").str.strip_prefix(_LINE)
    )
    classes = tables.amounts.filter(
        (pl.col("table") == other) & pl.col("code").str.contains(r"^\d{3}$")
    )
    totals = classes.filter(pl.col("column") == "total").with_columns(
        name=normalise(pl.col("label"))
    )
    carried = sides.filter(pl.col("code") == f"revenue.carried_in.{fund}").select(
        "department", carried="amount"
    )
    # Tables that are printed without any amount are compared, too.
    printed = tables.printed.filter(pl.col("table") == other).select("department").unique()
    compared = (
        side_by_side(totals, lines, "department", "name")
        .join(spent, on="department", how="semi", maintain_order="left")
        .join(printed, on="department", how="semi", maintain_order="left")
        .join(spent.filter("open"), on="department", how="anti", maintain_order="left")
        .join(classes.filter("lost"), on="department", how="anti", maintain_order="left")
        .join(carried, on="department", how="left", maintain_order="left")
        .with_columns(
            heading=pl.lit("合计"),
            carried=pl.col("carried").fill_null(NONE),
            all=(pl.col("expected") - pl.col("found")).sum().over("department"),
            count=pl.len().over("department") * 2,
        )
    )

    def is_none(amount: pl.Expr) -> pl.Expr:
        return (amount == 0) | by_rounding(amount, pl.col("count"), pl.col("step"))

    same = is_none(pl.col("all"))
    of_year = (pl.col("carried") != 0) & is_none(pl.col("all") - pl.col("carried"))
    by_line = compared.filter(same | (of_year & (pl.col("found") > pl.col("expected"))))
    sums = (
        compared.filter(~same & ~of_year)
        .group_by("department", maintain_order=True)
        .agg(
            pl.col("found", "expected").sum(),
            pl.col(*PLACE_OF, "heading").first(),
            addends=pl.len() * 2,
        )
        .with_columns(item=pl.lit("合计"))
    )
    differing = pl.concat([_without_renamed(by_line), sums], how="diagonal_relaxed")
    return against(differing, other, "附件4-1")


def _without_renamed(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` without pairs of which each is in one table alone, with the same amount.

    A name may be written otherwise, or cut where it was broken over lines.
    """
    found = lines.filter(pl.col("expected") == 0)
    expected = lines.filter(pl.col("found") == 0)
    pairs = found.join(
        expected, left_on=["department", "found"], right_on=["department", "expected"]
    )
    names = pl.concat(
        [pairs.select("department", "name"), pairs.select("department", name="name_right")]
    )
    return lines.join(names, on=["department", "name"], how="anti", maintain_order="left")

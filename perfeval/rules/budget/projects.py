"""Family B: the budget that a target table states."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import Tables, rule
from perfeval.rules.amounts import money, written_out
from perfeval.rules.budget.differences import differences

_SOURCES = ("superior", "local", "other")
_DIVISION = ("basic", "project")
_CENT = pl.lit("0.01").cast(pl.Decimal(38, 6))
_FINEST = pl.lit("0.000001").cast(pl.Decimal(38, 6))


@rule(
    "B101",
    "sources-not-total",
    "error",
    N_(
        "the budget is {found}, but its sources are {parts}, together {expected}; difference"
        " {difference} 万元"
    ),
    about="budget",
)
def sources_not_total(tables: Tables) -> pl.DataFrame:
    """The sources of a project's money do not add up to its budget.

    **What it does.** Adds up 上级资金, 本级资金 and 其他资金 and compares with 当年预算. A source
    that is not stated counts as nothing, if another one is stated. What the rounding of the
    sources explains is a note.

    **Why it matters.** The project is approved for its total and paid from its sources; execution
    is measured against the total.

    **Fails.** `total = 255.50`, `superior = 107.00`, `local = 138.50`.

    **Repair.** Correct the source or the total, or add the source that is missing.
    """
    return _compared(tables, _SOURCES)


@rule(
    "B102",
    "expenditure-not-divided",
    "error",
    N_(
        "total expenditure is {found}, but basic and project expenditure are {parts}, together"
        " {expected}; difference {difference} 万元"
    ),
    about="budget",
)
def expenditure_not_divided(tables: Tables) -> pl.DataFrame:
    """Basic and project expenditure do not add up to a department's total.

    **What it does.** Adds up 基本支出 and 项目支出 of a department's own target table (附件4-10)
    and compares with 预算支出总额. What rounding explains is a note.

    **Why it matters.** The department's targets are set for all of its money.

    **Fails.** `total = 100.00`, `basic = 40.00`, `project = 50.00`.

    **Repair.** Correct the amount that differs from 附件4-2 or 附件4-8.
    """
    return _compared(tables, _DIVISION)


def _compared(tables: Tables, parts: tuple[str, ...]) -> pl.DataFrame:
    names = [f"budget_{name}" for name in parts]
    stated = tables.projects.with_columns(
        money(pl.col(name)) for name in ("budget_total", *names)
    ).filter(pl.col("budget_total").is_not_null() & pl.any_horizontal(pl.col(names).is_not_null()))
    addends = pl.concat_list(names).list.drop_nulls()
    whole_cents = pl.all_horizontal(
        (pl.col(name).fill_null(0) % _CENT) == 0 for name in ("budget_total", *names)
    )
    compared = stated.with_row_index("place").with_columns(
        where=pl.lit("[budget]"),
        item=pl.col("name"),
        heading=pl.lit("total"),
        found=pl.col("budget_total"),
        addends=addends.list.len(),
        step=pl.when(whole_cents).then(_CENT).otherwise(_FINEST),
        department=pl.col("project"),
    )
    sums = (
        compared.select("place", amount=addends)
        .explode("amount")
        .group_by("place")
        .agg(expected=pl.col("amount").sum(), parts=written_out(pl.col("amount")))
    )
    return differences(compared.join(sums, on="place", maintain_order="left"), "parts")

"""Family B: the budget that a target table states."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from perfeval.messages import N_
from perfeval.rules import Tables, rule
from perfeval.rules.amounts import NONE, plain
from perfeval.rules.budget.differences import differences
from perfeval.tables import AMOUNT

_SOURCES = ("superior", "local", "other")
_DIVISION = ("basic", "spending")
_CENT = pl.lit(Decimal("0.01")).cast(AMOUNT)
_FINEST = pl.lit(Decimal("0.000001")).cast(AMOUNT)


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
    stated = tables.budgets.filter(
        pl.col("total").is_not_null() & pl.any_horizontal(pl.col(parts).is_not_null())
    )
    expected = pl.sum_horizontal(pl.col(name).fill_null(NONE) for name in parts).cast(AMOUNT)
    off = stated.with_columns(expected=expected).filter(pl.col("total") != pl.col("expected"))
    whole_cents = pl.all_horizontal(
        (pl.col(name).fill_null(NONE) % _CENT) == 0 for name in ("total", *parts)
    )
    texts = [plain(pl.col(name)) for name in parts]
    compared = off.with_columns(
        department="project",
        where=pl.lit("[budget]"),
        item="name",
        heading=pl.lit("total"),
        found="total",
        addends=pl.sum_horizontal(pl.col(name).is_not_null() for name in parts),
        step=pl.when(whole_cents).then(_CENT).otherwise(_FINEST),
        parts=pl.concat_str(texts, separator=" + ", ignore_nulls=True),
    )
    return differences(compared, "parts")

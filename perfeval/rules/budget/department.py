"""Family B: the department's own target table (附件4-10) and its projects against the budget."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.amounts import NONE, by_rounding, shown
from perfeval.rules.budget.differences import differences
from perfeval.tables import PLACE as ROW_PLACE

_CENT = pl.lit(Decimal("0.01")).cast(pl.Decimal(38, 6))
_COVERING = ("附件4-8", "附件4-2")
"""Tables that divide all expenditure into basic and project; the first counts."""


_TOTALS = ("expenditure.current", "expenditure", "revenue.current")
"""The rows of 附件4-6 (附件4-1) that a department's total may be; the first is meant."""


def _own(tables: Tables) -> pl.DataFrame:
    """The departments' own target tables, one a year."""
    return tables.budgets.filter("overall").unique(
        ["department", "year"], keep="first", maintain_order=True
    )


def _of_one_year(tables: Tables) -> pl.DataFrame:
    """Those of departments with but one: the budget tables do not say which year they are of."""
    return _own(tables).filter(pl.len().over("department") == 1)


@rule(
    "B307",
    "department-total-differs",
    "error",
    N_(
        "the department's target table has {found} of total expenditure, but {item} is {expected}"
        " in {where_expected}; difference {difference} 万元"
    ),
    about="budget",
)
def department_total_differs(tables: Tables) -> pl.DataFrame:
    """The total of a department's target table is not that of its budget.

    **What it does.** Compares 预算支出总额 (附件4-10) with 本年支出合计 of 附件4-6, or with
    本年支出 of 附件4-1 where there is no 附件4-6. The totals with 结转下年, and of the year's
    revenue alone, are as good. What rounding explains is a note.

    **Why it matters.** The department's targets are set for all of its money: with another total
    it is not clear what they are the targets of.

    **Fails.** `total = 4300.00` where 本年支出合计 is 4,284.87.

    **Repair.** Correct the total in the target table; it is in 元 there, in 万元 elsewhere.
    """
    sides = tables.amounts.filter(
        pl.col("table").is_in(["附件4-1", "附件4-6"]) & (pl.col("column") == "total")
    ).filter(pl.col("table") == pl.col("table").max().over("department"))
    lines = sides.filter(pl.col("code").str.starts_with("expenditure.current."))
    there = sides.filter(pl.col("code").is_in(_TOTALS)).join(
        lines.group_by("department").agg(addends=pl.len() + 2), on="department", how="left"
    )
    compared = (
        _of_one_year(tables)
        .select(*PROJECT_PLACE, "department", found="total")
        .join(
            there.select(
                "department", "item", "step", "code", "addends", expected="amount", there="table"
            ),
            on="department",
            maintain_order="left_right",
        )
        .with_columns(
            pl.col("addends").fill_null(2),
            where=pl.format("附件4-10、{}", "there"),
            where_expected="there",
            heading=pl.lit("预算支出总额"),
        )
    )
    difference = pl.col("found") - pl.col("expected")
    fits = by_rounding(difference, pl.col("addends"), pl.col("step"))
    fit = pl.when(difference == 0).then(0).when(fits).then(1).otherwise(2)
    rank = pl.col("code").replace_strict(_TOTALS, range(len(_TOTALS)))
    nearest = compared.sort(fit, rank, maintain_order=True).unique(
        "department", keep="first", maintain_order=True
    )
    return differences(nearest, "where_expected")


@rule(
    "B308",
    "department-division-differs",
    "error",
    N_(
        "the department's target table has {basic} of basic and {spending} of project expenditure,"
        " {where_expected} has {basic_there} and {spending_there}: {difference} 万元 is divided"
        " otherwise{remark}"
    ),
    about="budget",
)
def department_division_differs(tables: Tables) -> pl.DataFrame:
    """A department's target table divides its money otherwise than its budget.

    **What it does.** Where 附件4-8 (else 附件4-2) comes to the same total as the department's
    target table (附件4-10), compares basic and project expenditure. If one project alone has a
    budget of the difference, it is named.

    **Why it matters.** Basic expenditure keeps the department running and is checked by norms,
    project expenditure is what targets are set for. In the Qijiang disclosure of 2023 the target
    table has 2.28 more of basic expenditure than 附件4-2: the budget of the allowance for
    bereaved families, which is a project with targets of its own.

    **Fails.** `basic = 839.14` where the basic expenditure in 附件4-2 adds up to 836.86.

    **Repair.** File the expense in question under basic or project in both tables.
    """
    grid = tables.wholes.filter(pl.col("table").is_in(_COVERING))
    there = grid.filter(pl.col("column") == "total").select(
        "department", "table", "addends", "step", total_there="amount"
    )
    for column, name in (("basic", "basic_there"), ("project", "spending_there")):
        part = grid.filter(pl.col("column") == column)
        there = there.join(
            part.select("department", "table", pl.col("amount").alias(name)),
            on=["department", "table"], maintain_order="left",
        )  # fmt: skip
    compared = _of_one_year(tables).drop_nulls(["total", "basic", "spending"]).join(
        there, on="department", maintain_order="left"
    )  # fmt: skip

    def agrees(here: str, printed: str) -> pl.Expr:
        difference = pl.col(here) - pl.col(printed)
        return (difference == 0) | by_rounding(difference, pl.col("addends") + 2, pl.col("step"))

    off = (
        compared.filter(agrees("total", "total_there"))
        .sort(pl.col("table").replace_strict(_COVERING, [0, 1]), maintain_order=True)
        .unique("department", keep="first", maintain_order=True)
        .filter(~(agrees("basic", "basic_there") & agrees("spending", "spending_there")))
        .with_columns(difference=(pl.col("basic") - pl.col("basic_there")).abs())
    )
    named = _projects_of_amount(tables, off)
    amounts = ("basic", "spending", "basic_there", "spending_there", "difference")
    return off.join(named, on="department", how="left", maintain_order="left").select(
        *PROJECT_PLACE,
        *(shown(pl.col(name)).alias(name) for name in amounts),
        pl.col("named").fill_null(""),
        where_expected="table",
        remark=pl.when(pl.col("named").is_not_null())
        .then(pl.lit(N_("; that is the budget of {named}")))
        .otherwise(pl.lit("")),
    )


def _projects_of_amount(tables: Tables, off: pl.DataFrame) -> pl.DataFrame:
    """The only project of a department whose budget is the difference, by department."""
    budgets = tables.budgets.filter(~pl.col("overall")).select(
        "department", budget="total", named=pl.format("{} {}", "project", "name")
    )
    return (
        budgets.join(off.select("department", "difference", "step"), on="department")
        .filter((pl.col("budget") - pl.col("difference")).abs() <= pl.col("step"))
        .filter(pl.len().over("department") == 1)
        .select("department", "named")
    )


_MORE = N_(
    "the target tables of {count} projects ask for {found}, but the department has {expected} for"
    " projects: {difference} 万元 too much"
)
_LESS = N_(
    "the target tables of {count} projects come to {found}, but the department has {expected} for"
    " projects: {difference} 万元 have no target table"
)
_CARRIED = N_(
    "the target tables of {count} projects come to {found}, but the department has {expected} for"
    " projects: {difference} 万元 have no target table, no more than what was carried over from"
    " last year ({carried})"
)


@rule("B309", "projects-not-project-expenditure", "error", _MORE, about="budget")
def projects_not_project_expenditure(tables: Tables) -> pl.DataFrame:
    """The budgets of a department's projects do not come to its project expenditure.

    **What it does.** Adds up the budgets of the projects that have target tables and compares
    with the project expenditure of the department's own table (附件4-10), else of 附件4-8 or
    附件4-2. More than the department has is an error; less is a warning, as money without
    targets; and a note where what was carried over from last year (上年结转) explains it. What
    the rounding of the budgets explains is not told.

    **Why it matters.** Performance management is to cover all spending (中发〔2018〕34号), and no
    project may count on money that the department does not have.

    **Fails.** Projects of 60.00 and 50.00 in a department with 100.00 of project expenditure.

    **Repair.** Write the missing target tables, or correct the budgets that are not the approved
    ones.
    """
    year = ["department", "year"]
    asked = (
        tables.budgets.filter(~pl.col("overall"))
        .group_by(year, maintain_order=True)
        .agg(
            pl.col(*ROW_PLACE).first(),
            found=pl.col("total").sum(),
            count=pl.len().cast(pl.Int64),
            known=pl.col("total").is_not_null().all(),
        )
    )
    printed = (
        tables.wholes.filter(pl.col("table").is_in(_COVERING) & (pl.col("column") == "project"))
        .sort(pl.col("table").replace_strict(_COVERING, [0, 1]), maintain_order=True)
        .unique("department", keep="first", maintain_order=True)
        .select("department", printed="amount")
    )
    carried = (
        tables.amounts.filter(
            pl.col("table").is_in(["附件4-1", "附件4-6"])
            & (pl.col("code") == "revenue.carried_in")
            & (pl.col("column") == "total")
        )
        .group_by("department")
        .agg(carried=pl.col("amount").max())
    )
    own = _own(tables).select(
        *year, "project", "spending", *(pl.col(name).alias(f"{name}_own") for name in ROW_PLACE)
    )
    stated = pl.col("file_own").is_not_null()
    compared = asked.join(own, on=year, how="left", nulls_equal=True, maintain_order="left")
    for more in (printed, carried):
        compared = compared.join(more, on="department", how="left", maintain_order="left")
    # The budget tables do not say which year they are of.
    one_year = pl.len().over("department") == 1
    difference = pl.col("found") - pl.col("expected")
    off = (
        compared.with_columns(
            expected=pl.coalesce("spending", pl.when(one_year).then("printed")),
            carried=pl.col("carried").fill_null(NONE),
        )
        .filter((difference != 0) & ~by_rounding(difference, pl.col("count") + 1, _CENT))
        .filter(pl.col("known") | (difference > 0))
    )
    less = difference < 0
    explained = less & (-difference <= pl.col("carried"))
    return off.select(
        "project",
        "count",
        *(pl.when(stated).then(f"{name}_own").otherwise(name).alias(name) for name in ROW_PLACE),
        found=shown(pl.col("found")),
        expected=shown(pl.col("expected")),
        difference=shown(difference.abs()),
        carried=shown(pl.col("carried")),
        severity=pl.when(explained)
        .then(pl.lit("info"))
        .when(less)
        .then(pl.lit("warning"))
        .otherwise(pl.lit("error")),
        template=pl.when(explained)
        .then(pl.lit(_CARRIED))
        .when(less)
        .then(pl.lit(_LESS))
        .otherwise(pl.lit(_MORE)),
    )

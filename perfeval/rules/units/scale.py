"""U4: numbers that another scale of their unit would explain."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity.conversion import shifted
from perfeval.rules import NUMERIC, PLACE, WRITTEN, Tables, means, rule
from perfeval.rules.tables import IN_SHARES, OF_COSTS

_WAN = 4  # the power of ten between 元 and 万元, the unit of budgets
_FAR = 100  # times the budget that no cost of a project can be


@rule(
    "U401",
    "percent-as-ratio",
    "warning",
    N_("{target} is next to nothing for such a rate: is it {percent} %?"),
    about="target",
)
def percent_as_ratio(tables: Tables) -> pl.DataFrame:
    """A ratio between 0 and 1 stands where a percentage is asked for.

    **What it does.** Finds rates that should be high (satisfaction, coverage, pass rates) with a
    target above 0 and up to 1 in %. Rates that should be low may well be 0.5 %.

    **Why it matters.** A workbook shows 0.95 as 95 % and hands over 0.95; as 0.95 % the target is
    reached by anybody.

    **Fails.** `验收合格率 ≥ 0.95 %`

    **Repair.** `验收合格率 ≥ 95 %`
    """
    found = tables.indicators.filter(
        NUMERIC
        & IN_SHARES
        & (pl.col("power") == -2)
        & pl.col("target_number").is_between(0, 1, closed="right")
        & means("share_of_whole")
        & means("larger_is_better")
        & pl.col("operator").is_in(["≥", ">", "=", ""])
    )
    percent = shifted(found["target_number"], pl.repeat(2, len(found), dtype=pl.Int32, eager=True))
    return found.select(*PLACE, target=WRITTEN, percent=percent)


@rule(
    "U402",
    "money-in-another-scale",
    "warning",
    N_("{target}, while the project's budget is {budget} 万元: is the unit 万元 or 元?"),
    about="unit",
)
def money_in_another_scale(tables: Tables) -> pl.DataFrame:
    """An amount of money that the project's budget contradicts by a scale.

    **What it does.** Compares targets in money with the project's budget: amounts that are the
    budget's own number in the other unit (90 元 where the budget is 90 万元), and costs of more
    than a hundred times the budget. Effects may be larger than any budget and are not meant.

    **Why it matters.** A cost of 90 元 is exceeded by everybody, one of 900000 万元 by nobody.

    **Fails.** `项目总成本 ≤ 90 元`, where the budget is 90 万元

    **Repair.** `项目总成本 ≤ 90 万元`
    """
    budgets = tables.projects.select("project", budget="budget_total").filter(pl.col("budget") > 0)
    frame = tables.indicators.filter(
        NUMERIC & (pl.col("dimension") == "金额") & pl.col("power").is_in([0, _WAN])
    ).join(budgets, on="project", how="inner", maintain_order="left")
    if frame.is_empty():
        return frame
    in_yuan = pl.col("power") == 0
    by_wan = frame.select(wan=pl.when(in_yuan).then(-_WAN).otherwise(0).cast(pl.Int32))["wan"]
    up = pl.repeat(_WAN, len(frame), dtype=pl.Int32, eager=True)
    frame = frame.with_columns(
        in_wan=shifted(frame["target_number"], by_wan), budget_in_yuan=shifted(frame["budget"], up)
    )
    same_number = (
        pl.when(in_yuan)
        .then(pl.col("target_number") == pl.col("budget"))
        .otherwise(pl.col("target_number") == pl.col("budget_in_yuan"))
    )
    cost = (means("cost") | OF_COSTS) & ~means("average") & ~means("set_price")
    found = frame.filter(same_number | (cost & (pl.col("in_wan") > _FAR * pl.col("budget"))))
    return found.select(*PLACE, target=WRITTEN, budget="budget")

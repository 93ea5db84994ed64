"""D104 and D105: budget execution as an indicator."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PLACE, Tables, rule
from perfeval.rules.pairs import is_execution
from perfeval.tables import PLACE as ROW_PLACE

_SEVERAL = N_(
    "{count} indicators with {points} points together measure one thing, how much of the budget is"
    " spent: {indicators}; replace them by what the money is for"
)
_BESIDE = N_(
    "{count} indicators with {points} points together measure one thing, how much of the budget is"
    " spent: {indicators}; policy {policy} gives it {execution} points of its own, so replace them"
    " by what the money is for"
)


def _execution(tables: Tables) -> pl.DataFrame:
    """The indicators of budget execution, with the number of them in their project."""
    return tables.compared.filter(is_execution()).with_columns(count=pl.len().over("project"))


@rule("D104", "execution-several-times", "warning", _SEVERAL)
def execution_several_times(tables: Tables) -> pl.DataFrame:
    """Several indicators of a project measure how much of its budget is spent.

    **What it does.** Finds projects in which two or more names say so: 预算完成率, 支付进度率,
    预算年度执行率, 资金使用率, 结余率. Names about the time of payment (资金拨付及时率) or the
    keeping of rules are not meant. One finding for each project; D105 tells a single one.

    **Why it matters.** A project that does nothing but spend its money earns most of its points. In
    the Qijiang disclosure of 2023 three indicators of each 运转性项目 say that the budget is to be
    spent to 100 %, with 60 of 100 points, two of them filed as 数量指标 and one as 社会效益.

    **Fails.** 预算完成率 = 100 %, 支付进度率 = 100 % and 预算年度执行率 = 100 % in one project

    **Repair.** Leave execution to the points that the policy has for it, and ask for outputs.
    """
    execution = tables.policy.execution
    found = (
        _execution(tables)
        .filter(pl.col("count") > 1)
        .group_by("project", maintain_order=True)
        .agg(
            pl.first(*ROW_PLACE, "indicator", "row", "count"),
            # Decimals of few digits: their nearest sum is the exact one.
            points=pl.col("weight").sum().round(6),
            indicators=pl.col("indicator"),
            lines=pl.col("line"),
        )
    )
    if execution is None:
        return found
    return found.with_columns(
        template=pl.lit(_BESIDE),
        policy=pl.lit(tables.policy.id),
        execution=pl.lit(float(execution.weight)),
    )


@rule(
    "D105",
    "execution-beside-its-points",
    "warning",
    N_(
        "this is how much of the budget is spent, for which policy {policy} has {execution} points"
        " of its own; replace it by what the money is for"
    ),
)
def execution_beside_its_points(tables: Tables) -> pl.DataFrame:
    """An indicator measures budget execution, which the policy scores by itself.

    **What it does.** Under a policy that gives budget execution points of its own, finds a
    project's only indicator whose name says how much of the budget is spent. Where there are
    several, D104 tells them together.

    **Why it matters.** 财预〔2020〕10号 has 10 points for execution beside the indicators. An
    indicator of it counts the same money twice, and takes the place of an output: 年度预算执行率
    ≥ 95 % has 20 points among the 数量指标 of two projects of the Qijiang disclosure of 2023.

    **Fails.** 年度预算执行率 ≥ 95 %

    **Repair.** Replace it by an output or a benefit of the project.
    """
    execution = tables.policy.execution
    found = _execution(tables)
    if execution is None:
        return found.clear().select(PLACE)
    return found.filter(pl.col("count") == 1).select(
        *PLACE,
        policy=pl.lit(tables.policy.id),
        execution=pl.lit(float(execution.weight)),
    )

"""X103 and X105: one indicator in several projects of a department."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PLACE, Tables, rule
from perfeval.rules.asked import LESS, MORE
from perfeval.rules.likeness import same
from perfeval.rules.pairs import (
    LARGE,
    OFFICE_AND_NAME,
    beside,
    how_alike,
    numbers,
    once,
    once_in_each_project,
    placed,
)

NEAR = 1.25
"""How many times as large another count of the same may be."""

_UNIT = N_(
    "{asked} here, {other_asked} in {other_name} ({other_project} line {other_line}){remark}: the"
    " department has this indicator in two units, {count} and {others} times; use one, or say in"
    " the names what differs"
)
_OPERATOR = N_(
    "{asked} here, {other_asked} in {other_name} ({other_project} line {other_line}){remark}: the"
    " department has this indicator with two operators, in {count} and {others} projects; use one"
)


@rule("X103", "indicator-in-other-unit-or-operator", "warning", _UNIT, about="unit")
def indicator_in_other_unit_or_operator(tables: Tables) -> pl.DataFrame:
    """A department has one indicator in two units, or with two operators.

    **What it does.** Groups the indicators of a department and year by name, exact or normalised
    (without numbering, units and targets inside it), and finds those whose units measure different
    things (人 and 人次, not 元 and 万元), or, between projects, whose operators differ. One finding
    for each unit or operator that is not the most frequent, at its first indicator, with the
    numbers of both. A warning where the unit is the other's times (人, 人次) and where operators
    point in opposite directions, else worth a look: 培训 may be counted in 期 and in 人, though it
    would be better to say so. = 100 % is the same as ≥ 100 %, > as ≥. Budget execution is left out
    (D104, D105).

    **Why it matters.** Numbers in two units cannot be added or compared, and what is counted by
    visits in one table and by people in the other is soon counted as whatever is more. In the
    Qijiang disclosure of 2023 服务办事群众 is counted in 人 by four projects, in 人次 by a fifth.

    **Fails.** 服务办事群众 ≥ 110000 人 in one project, ≥ 110000 人次 in another

    **Repair.** One unit and one operator for one name.
    """
    rows = numbers(tables)
    units = _minorities(rows.filter(pl.col("measure") != ""), OFFICE_AND_NAME, "measure")
    times = once("measure") == once("measure_other")
    units = units.with_columns(template=pl.lit(_UNIT), sure=times)

    full = (pl.col("measure") == "比例") & (pl.col("amount") >= 1)
    way = (
        pl.when(pl.col("operator").is_in(MORE) | full)
        .then(pl.lit("more"))
        .when(pl.col("operator").is_in(LESS))
        .then(pl.lit("less"))
        .otherwise(pl.lit("equal"))
    )
    by = (*OFFICE_AND_NAME, "measure")
    operators = _minorities(once_in_each_project(rows.with_columns(way=way), by), by, "way")
    opposed = (pl.col("way") != "equal") & (pl.col("way_other") != "equal")
    operators = operators.with_columns(template=pl.lit(_OPERATOR), sure=opposed)
    found = pl.concat([units, operators], how="diagonal").sort("row", maintain_order=True)
    return placed(beside(tables.compared, found), tables).select(
        *PLACE,
        "template",
        "asked",
        "count",
        "other_asked",
        "other_project",
        "other_name",
        "other_line",
        "others",
        *how_alike(),
        severity=pl.when("sure").then(pl.lit("warning")).otherwise(pl.lit("info")),
    )


@rule(
    "X105",
    "one-fact-in-two-numbers",
    "info",
    N_(
        "{asked} here, {other_asked} in {others} other projects of the department, first in"
        " {other_name} ({other_project} line {other_line}){remark}; if it is one fact, write one"
        " number"
    ),
    about="target",
)
def one_fact_in_two_numbers(tables: Tables) -> pl.DataFrame:
    """What looks like one fact of a department has another number in one of its projects.

    **What it does.** Finds indicators of one name (exact or normalised), unit and operator that two
    or more projects of a department have with the same number of at least 1000, and another project
    with a number near it, at most a quarter more or less. Such numbers are not each project's own,
    or they would not agree. Shares and durations are left out, and so are numbers farther apart:
    服务人数 is 5000 人次 in two projects and 28000 in a third, which serves others.

    **Why it matters.** One of the numbers is out of date or made up. In the Qijiang disclosure of
    2023 the bureau serves 100000 人 in three projects and 110000 人 in that of its office building.

    **Fails.** 服务办事群众 ≥ 100000 人 in two projects, ≥ 110000 人 in a third

    **Repair.** Write the number that was counted into all of them, or ask in each for what it
    adds.
    """
    rows = numbers(tables).filter(pl.col("added") & (pl.col("amount") >= LARGE))
    by = (*OFFICE_AND_NAME, "measure", "operator")
    found = _minorities(once_in_each_project(rows, by), by, "amount").filter(pl.col("others") > 1)
    ratio = pl.col("amount") / pl.col("amount_other")
    found = found.filter(ratio.is_between(1 / NEAR, NEAR)).drop("amount", "amount_other")
    return placed(beside(tables.compared, found), tables).select(
        *PLACE,
        "asked",
        "other_asked",
        "other_project",
        "other_name",
        "other_line",
        "others",
        *how_alike(),
    )


def _minorities(rows: pl.DataFrame, by: tuple[str, ...], what: str) -> pl.DataFrame:
    """Pairs of two values of `what` in rows alike in `by`: each value beside the most frequent.

    row and other are the first rows that have them (of equally frequent values the first is
    `other`), count and others how many have them.
    """
    values = rows.group_by(*by, what).agg(pl.first("row", "name_key"), count=pl.len())
    values = values.filter(pl.struct(by).is_duplicated())
    most = values.sort("count", "row", descending=[True, False]).unique(by, keep="first")
    found = values.join(most, on=by, suffix="_other", nulls_equal=True)
    found = found.filter(pl.col("row") != pl.col("row_other")).sort("row")
    return same(found).with_columns(
        found.select(what, f"{what}_other", "count", others="count_other")
    )

"""D101 to D103: one thing that a project asks for twice."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import are_distinct
from perfeval.rules import CHECK, PLACE, REVIEW, SCORE, Tables, rule
from perfeval.rules.asked import LESS
from perfeval.rules.likeness import MEANING
from perfeval.rules.pairs import (
    NAME_AND_LEVEL,
    beside,
    how_alike,
    in_project,
    is_execution,
    is_twice,
    once,
    placed,
)

SMALLEST = 50
"""Least number that two indicators of one unit do not share by chance."""

TELLING = 3
"""Least significant digits of a number that two indicators of any unit do not share by chance."""


@rule(
    "D101",
    "indicator-twice",
    "error",
    N_("the project has {indicator} already in line {first}, under the same level 2"),
    commands=(CHECK, SCORE, REVIEW),
)
def indicator_twice(tables: Tables) -> pl.DataFrame:
    """A project has one indicator twice under the same level 2.

    **What it does.** Compares project, level 2 and name after NFKC, without spaces, with brackets
    made alike.

    **Why it matters.** What is achieved once is paid for twice, and no actual can say which of the
    two it is for: `score` leaves both undecided. A self-evaluation has its actual in the row, so
    `review` recomputes both; a decision says which it is for (第几个).

    **Fails.** 服务办事群众 twice under 社会效益指标

    **Repair.** Remove one, or give them the names of what they really count.
    """
    named = tables.targets.select(*PLACE, "name_key", "level2_key")
    if are_distinct(*named.select(NAME_AND_LEVEL)):
        return named.clear().select(*PLACE, first="line")
    several = named.filter(pl.struct(NAME_AND_LEVEL).is_duplicated())
    several = several.with_columns(first=pl.first("line").over(NAME_AND_LEVEL))
    return several.filter(is_twice()).select(*PLACE, "first")


@rule(
    "D102",
    "indicator-near-twice",
    "warning",
    N_(
        "line {other_line} asks for much the same: {other} {other_asked}, here {asked}{remark};"
        " keep one, or say in their names what differs"
    ),
)
def indicator_near_twice(tables: Tables) -> pl.DataFrame:
    """Two indicators of a project are named nearly alike and count in one kind of unit.

    **What it does.** Compares the indicators of each project whose units measure the same. Names
    are alike if they are the same under another level 2 (exact); if they are the same without
    numbering, units and targets inside the name, without words that say nothing (全年, 开展, 数量,
    人数) and with one spelling for what has several (满意率, 满意度) (normalised); or, where
    operator and target are the same too, if they have the same signs in any order and one has some
    more, at a similarity of 85 % or above (meaning words). The similarity is twice the signs in
    common ÷ the signs of both names; words that hardly tell apart (企业, 人员) are one sign. A sign
    in another's place makes another thing (完成率, 合格率), and so do words that tell apart (未,
    新增, 城镇, 学生, a year). The finding says which of the three it rests on. Where a project has
    more than 60 names in one kind of unit and with the same words that tell apart, these are not
    compared by meaning words. D101 tells the same name under the same level 2, D104 several
    indicators of budget execution, X102 targets that cannot both be reached.

    **Why it matters.** One achievement is paid for twice, or one shortfall is punished twice. In
    the Qijiang disclosure of 2023 the department has 企业劳动合同签订率 ≥ 90 % among its outputs
    and 劳动合同签订率 ≥ 90 % among its benefits: contracts that nobody but employers sign.

    **Fails.** 企业劳动合同签订率 and 劳动合同签订率, both ≥ 90 %

    **Repair.** Keep one of them, or give both the names of what they really count.
    """
    alike = pl.col("likeness") != MEANING
    same_target = pl.col("operator").eq(pl.col("operator_other")) & (
        pl.col("amount").eq_missing(pl.col("amount_other"))
        & (pl.col("amount").is_not_null() | pl.col("target").eq(pl.col("target_other")))
    )
    found = in_project(tables).filter(~pl.col("exclusive").fill_null(False) & (alike | same_target))
    found = found.sort("similarity", "other", descending=[True, False]).unique("row", keep="first")
    return placed(found.sort("row"), tables).select(
        *PLACE, "asked", "other", "other_asked", "other_line", *how_alike()
    )


@rule(
    "D103",
    "benefit-repeats-output",
    "info",
    N_(
        "this benefit repeats the number of line {other_line}: {other} {other_asked}, here {asked};"
        " say what changes, not once more how many"
    ),
)
def benefit_repeats_output(tables: Tables) -> pl.DataFrame:
    """A benefit counts what an output of the project has counted already.

    **What it does.** Finds benefits with the same number as an output of their project, at least
    50, where both count the same: people (人 and 人次 are taken for each other, as are 户 and
    户次), money, or things in one unit. A number of people inside the name counts too
    (评审1000名专业技术人才). In different units a number of three or more significant digits is
    needed (1550 件, 1550 人次). Shares and times are no counts; upper limits (≤) are left out.
    Pairs with nearly the same name are left to D102, those with one name in two units to X103.

    **Why it matters.** A benefit is what the output changes. If it is the output's own number, one
    achievement is paid for twice. In the Qijiang disclosure of 2023 工资津贴保障人数 ≥ 60 人 and
    带动大学生就业 ≥ 60 人 are the same sixty people, and 职称评审人数 ≥ 1000 人 returns as
    评审1000名专业技术人才 and as 服务参与评审人数 ≥ 1000 人次: 60 of that project's 100 points.

    **Fails.** The output 发放人数 ≥ 500 人 beside the benefit 服务人数 ≥ 500 人次

    **Repair.** Ask for what changes for these people, such as the share of them in work a year
    later.
    """
    counted = pl.col("added") & pl.col("amount").is_not_null()
    people = pl.col("name_key").str.extract("(?:^|[^每0-9])([0-9]{2,9})(?:名|人|位)", 1)
    counts = tables.compared.select(
        "row",
        "project",
        "class1",
        "class2",
        "same_name",
        count=pl.when(counted).then("amount").otherwise(people.cast(pl.Float64)),
        unit=pl.when(counted).then(once("measure")).otherwise(pl.lit("人")),
        wanted=~pl.col("operator").is_in(LESS) & ~is_execution(),
    ).filter(pl.col("wanted") & (pl.col("count") >= SMALLEST))
    digits = pl.col("count").cast(pl.Int64, strict=False).cast(pl.String).str.strip_chars_end("0")
    counts = counts.with_columns(
        unit=pl.when(digits.str.len_chars() < TELLING).then("unit").otherwise(pl.lit("any"))
    )
    by = ["project", "count", "unit"]
    cost = pl.col("class2").str.contains("成本").fill_null(False)
    outputs = counts.filter((pl.col("class1") == "产出指标") & ~cost)
    outputs = outputs.unique(by, keep="first", maintain_order=True).select(
        *by, "same_name", other="row"
    )
    pairs = counts.filter(pl.col("class1") == "效益指标").join(outputs, on=by, suffix="_other")
    pairs = pairs.filter(pl.col("same_name") != pl.col("same_name_other"))
    alike = tables.like_in_project
    alike = pl.concat([alike.select("row", "other"), alike.select(row="other", other="row")])
    pairs = pairs.join(alike, on=["row", "other"], how="anti").select("row", "other").sort("row")
    return placed(beside(tables.compared, pairs), tables).select(
        *PLACE, "asked", "other", "other_asked", "other_line"
    )

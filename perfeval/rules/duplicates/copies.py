"""D106 and D107: what one project asks for, in another."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PLACE, PROJECT_PLACE, Tables, means, rule
from perfeval.rules.likeness import same
from perfeval.rules.pairs import (
    LARGE,
    OFFICE_AND_NAME,
    beside,
    how_alike,
    numbers,
    once_in_each_project,
    placed,
)

FEWEST = 3
"""Least indicators, besides satisfaction, that two projects share by more than chance."""

MOST = 200
"""Most indicators of a project that is compared with others."""

_ALL = N_(
    "all {count} indicators, with their targets and weights, are those of {first_name} ({first});"
    " ask for what this project achieves"
)
_ALL_OF_SEVERAL = N_(
    "all {count} indicators, with their targets and weights, are those of {first_name} ({first})"
    " and of {projects} projects in all; ask for what each of them achieves"
)
_BUT_ONE = N_(
    "all indicators but {different}, with their targets and weights, are those of {first_name}"
    " ({first}); ask for what this project achieves"
)


@rule("D106", "indicators-copied", "info", _ALL)
def indicators_copied(tables: Tables) -> pl.DataFrame:
    """A project has the indicators of another project, or all of them but one.

    **What it does.** Compares whole sets of indicators of projects of one year, of any department:
    names (without remarks and units inside them), operators, numbers, units and weights. Sets are
    told that have at least three indicators beside satisfaction, each at the later project, which
    names the first. Sets that differ in one indicator are told if the others are at least three
    beside satisfaction. Departments' overall tables, and projects with more than 200 indicators,
    are left out.

    **Why it matters.** Indicators that fit two projects say what neither of them is for, and what
    is achieved once may be counted in both. In the Qijiang disclosure of 2023 the two projects
    2023年运转性项目 share all five indicators with 10 万元 and with 80.2 万元, and the two of
    乡镇人才队伍 all but one, with the same sixty people and the same 5000 人次 in each.

    **Fails.** 走访慰问 ≥ 10 人, 座谈会 ≥ 3 次, 回访率 ≥ 90 % in two projects

    **Repair.** Ask in each project for what its own money achieves; merge projects that do the
    same.
    """
    items = _items(tables)
    items = items.with_columns(
        count=pl.len().over("project"),
        key=pl.col("item").sum().over("project"),
        tell=pl.col("tells").sum().over("project"),
    ).filter(pl.col("count") <= MOST)
    sets = items.filter(pl.col("tell") >= FEWEST).unique("project", maintain_order=True)
    sets = _with_first(sets)
    copy = pl.col("first") != pl.col("project")
    several = pl.col("projects") > 2
    copies = sets.filter(copy).with_columns(
        template=pl.when(several).then(pl.lit(_ALL_OF_SEVERAL)).otherwise(pl.lit(_ALL))
    )
    rest = items.join(copies, on="project", how="anti").with_columns(
        key=pl.col("key") - pl.col("item"), tell=pl.col("tell") - pl.col("tells")
    )
    rest = _with_first(rest.filter(pl.col("tell") >= FEWEST))
    near = rest.filter(copy).unique("project", keep="first", maintain_order=True)
    near = near.with_columns(template=pl.lit(_BUT_ONE), different="indicator")
    values = ["project", "first", "count", "template"]
    found = pl.concat(
        [copies.select(*values, "projects"), near.select(*values, "different")], how="diagonal"
    )
    return (
        tables.projects.select(PROJECT_PLACE)
        .join(found, on="project", maintain_order="left")
        .join(
            tables.projects.select(first="project", first_name="name"),
            on="first",
            how="left",
            maintain_order="left",
        )
    )


@rule(
    "D107",
    "one-count-in-several-projects",
    "info",
    N_(
        "{projects} projects of the department ask for {asked} by this name, first {other_name}"
        " ({other_project} line {other_line}){remark}; if it is one achievement, let one project"
        " have it, and ask in the others for what they add"
    ),
)
def one_count_in_several_projects(tables: Tables) -> pl.DataFrame:
    """Several projects of a department have one large number of one thing as their target.

    **What it does.** Finds indicators of one name (exact or normalised, as D102 tells), unit,
    operator and number that three or more projects of a department and year have, where the number
    is at least 1000 and adds up (people, money, things). One finding, at the second of these
    projects. Shares and durations are left out: every project may ask for 90 %. X105 tells projects
    that have another number.

    **Why it matters.** Whoever comes to the counter once is counted in every project. In the
    Qijiang disclosure of 2023 服务办事群众 ≥ 100000 人 is worth 20 points in each of three
    projects.

    **Fails.** 服务办事群众 ≥ 100000 人 in three projects of one department

    **Repair.** Leave the number to the project that pays for the service.
    """
    rows = numbers(tables).filter(pl.col("added") & (pl.col("amount") >= LARGE))
    by = [*OFFICE_AND_NAME, "measure", "operator", "amount"]
    rows = once_in_each_project(rows, by)
    found = rows.filter(pl.struct(by).is_duplicated()).with_columns(
        pl.first("row", "name_key").over(by).name.suffix("_other"), projects=pl.len().over(by)
    )
    found = found.filter((pl.col("row") != pl.col("row_other")) & (pl.col("projects") > 2))
    found = found.unique(by, keep="first", maintain_order=True)
    pairs = same(found).with_columns(found["projects"])
    return placed(beside(tables.compared, pairs), tables).select(
        *PLACE,
        "asked",
        "projects",
        "other_project",
        "other_name",
        "other_line",
        *how_alike(),
    )


def _items(tables: Tables) -> pl.DataFrame:
    """A row for each different thing that a project asks for.

    Columns: project, year, indicator, item (a number for what is asked for, the same in every
    project; sums of `MOST` of them are as good as different for different sets), and tells (0 for
    satisfaction, which every project asks for, else 1).
    """
    number = pl.col("target_number")
    text = pl.when(number.is_null()).then("target").alias("text")
    asked = pl.struct("same_name", "operator", number, text, "unit", "weight")
    return (
        tables.compared.filter(~pl.col("overall"))
        .select(
            "project",
            "year",
            "indicator",
            item=asked.hash() // 2**8,
            tells=(~means("satisfaction")).cast(pl.Int64),
        )
        .unique(["project", "item"], keep="first", maintain_order=True)
    )


def _with_first(sets: pl.DataFrame) -> pl.DataFrame:
    """Those of `sets` that are in several projects, with first, the first of them, and projects."""
    same = ["year", "count", "key"]
    return sets.filter(pl.struct(same).is_duplicated()).with_columns(
        first=pl.first("project").over(same), projects=pl.len().over(same)
    )

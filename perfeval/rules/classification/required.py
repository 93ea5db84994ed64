"""C4: classes that a target table needs."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, means, rule
from perfeval.rules.classes import classes, groups
from perfeval.rules.classification.filed import (
    HOW_WELL,
    IN_TIME,
    QUALITY,
    QUANTITY,
    SATISFACTION,
    TIMELINESS,
)

_OUTPUT, _BENEFIT, _SATISFACTION = "产出指标", "效益指标", "满意度指标"


@rule(
    "C401",
    "no-output",
    "error",
    N_("the table has no output indicator (产出指标): say what the money pays for, in numbers"),
    about="level1",
)
def no_output(tables: Tables) -> pl.DataFrame:
    """A table has no output.

    **What it does.** Finds projects without an indicator under 产出指标. Where a level is unknown
    or misplaced, C101 and C102 tell that instead. A department's own table is left out.

    **Why it matters.** Without outputs nobody can see what the money bought. Under 财预〔2020〕10号
    outputs have 50 of 100 points.

    **Fails.** A table of benefits and satisfaction only.

    **Repair.** Add what is delivered: how much of it, how good, and when.
    """
    return _lacking(tables, _rows(tables), _OUTPUT).select(PROJECT_PLACE)


@rule(
    "C402",
    "no-benefit",
    "warning",
    N_(
        "the table has no benefit indicator (效益指标): say what changes by what the money pays for"
    ),
    about="level1",
)
def no_benefit(tables: Tables) -> pl.DataFrame:
    """A table has no benefit.

    **What it does.** Finds projects without an economic, social or ecological benefit or a lasting
    effect. Satisfaction is none of these, even under 效益指标. Where a level is unknown or
    misplaced, C101 and C102 tell that instead. A department's own table is left out.

    **Why it matters.** The work may all be done and nothing be better for it. Under
    财预〔2020〕10号 benefits have 30 of 100 points. A party school published thirteen indicators of
    a course and none of its effect (黄石市 2022).

    **Fails.** A table of outputs and satisfaction only.

    **Repair.** Add what the outputs are for.
    """
    return _lacking(tables, _rows(tables), _BENEFIT).select(PROJECT_PLACE)


@rule(
    "C403",
    "policy-group-missing",
    "warning",
    N_("the table has no {group}; policy {policy} gives that group {points} points"),
    about="level1",
)
def policy_group_missing(tables: Tables) -> pl.DataFrame:
    """A table lacks a level-1 group that its policy always has.

    **What it does.** Finds projects without an indicator in a group that every structure of the
    policy has (`weights.level1`): satisfaction under `mof-2020`. Outputs and benefits are C401's
    and C402's. Where a level is unknown or misplaced, C101 and C102 tell that instead. A
    department's own table is left out.

    **Why it matters.** The points of the group have nowhere to go, or were given to another.

    **Fails.** Outputs of 50 and benefits of 40 points under `mof-2020`.

    **Repair.** Add 服务对象满意度, with 10 points taken from the benefits.
    """
    policy = tables.policy
    usual, *others = _structures(tables) or [{}]
    always = {
        group: float(points)
        for group, points in usual.items()
        if group not in (_OUTPUT, _BENEFIT) and all(group in each for each in others)
    }
    if not always:
        return tables.projects.clear()
    rows = _rows(tables)
    found = [
        _lacking(tables, rows, group).select(
            *PROJECT_PLACE, group=pl.lit(group), policy=pl.lit(policy.id), points=pl.lit(points)
        )
        for group, points in always.items()
    ]
    return pl.concat(found)


@rule(
    "C404",
    "one-kind-of-output",
    "info",
    N_("all outputs ({rows}) are of one kind, {kind}: say also how good they are, or when"),
    about="level2",
)
def one_kind_of_output(tables: Tables) -> pl.DataFrame:
    """All outputs of a table are of one kind.

    **What it does.** Finds projects whose output indicators all are quantities, or all of another
    one class. What C201 and C203 would file elsewhere counts as of its right class. Budget
    execution (C205) is no output. C405 speaks instead where the whole table has fewer than three
    kinds. A department's own table is left out.

    **Why it matters.** Much can be done badly or late. It is a note, as small recurrent projects
    often count only: most of the Qijiang disclosure of 2023 do, and the handling of disputes and
    certifications among them had every reason to state quality and time.

    **Fails.** 处理案件 ≥ 900 件 and 召开会议 = 16 次 as the only outputs.

    **Repair.** Add 质量指标 / 调解成功率 / ≥ 60 %.
    """
    rows = _rows(tables)
    found = (
        _without(rows.filter("output"), _few_kinds(rows))
        .group_by("project")
        .agg(kind=pl.col("kind").min(), other=pl.col("kind").max(), rows=pl.len())
        .filter(pl.col("kind") == pl.col("other"))
    )
    return _placed(found, tables).select(*PROJECT_PLACE, "rows", "kind")


@rule(
    "C405",
    "few-kinds",
    "warning",
    N_(
        "the whole table measures {kinds} and nothing else; add what is missing of quality, time,"
        " cost and satisfaction"
    ),
    about="level2",
)
def few_kinds(tables: Tables) -> pl.DataFrame:
    """A whole table has fewer than three kinds of indicators.

    **What it does.** Counts the classes of level 2 of projects that have outputs and benefits; a
    table without either is C401's and C402's. A department's own table is left out.

    **Why it matters.** One number for the work and one for its effect can be reached while the
    project is late, dear and unwelcome.

    **Fails.** Two quantities and a social benefit, and nothing else.

    **Repair.** Add quality, timeliness, cost or satisfaction, whichever the project is judged by.
    """
    found = (
        _few_kinds(_rows(tables))
        .group_by("project", maintain_order=True)
        .agg(kinds=pl.col("kind").unique(maintain_order=True))
    )
    return _placed(found, tables).select(*PROJECT_PLACE, "kinds")


def _structures(tables: Tables) -> list[dict[str, Fraction]]:
    """The policy's points by group, as tables are grouped."""
    policy = tables.policy
    return [
        dict(zip(groups([*each]), each.values(), strict=True))
        for each in (policy.level1, *policy.alternatives)
        if each
    ]


def _rows(tables: Tables) -> pl.DataFrame:
    """The indicators of projects, of which every level is known and at its place.

    Columns: project; group (satisfaction is one wherever it stands); kind, the class of level 2
    that the indicator is of; output, whether it is one. Tables of departments are left out.
    """
    known = [*classes()["level1"], *(name for each in _structures(tables) for name in each)]
    group = (
        pl.when(pl.col("class2") == SATISFACTION)
        .then(pl.lit(_SATISFACTION))
        .when(pl.col("group").is_in(known) & ~pl.col("misplaced"))
        .then("group")
    )
    quantity = pl.col("class2") == QUANTITY
    kind = (
        pl.when(quantity & IN_TIME)
        .then(pl.lit(TIMELINESS))
        .when(quantity & HOW_WELL)
        .then(pl.lit(QUALITY))
        .otherwise(pl.col("class2").fill_null(pl.col("level2")))
    )
    # What is spent is no output, wherever it is filed.
    output = (group == _OUTPUT) & ~means("budget_execution")
    rows = tables.indicators.remove(pl.col("overall")).select(
        "project", group=group, kind=kind, output=output
    )
    return _without(rows, rows.filter(pl.col("group").is_null()))


def _few_kinds(rows: pl.DataFrame) -> pl.DataFrame:
    """The `rows` of projects with outputs and benefits, but fewer than three kinds."""
    kinds = rows.group_by("project").agg(kinds=pl.col("kind").n_unique())
    few = rows.join(kinds.filter(pl.col("kinds") < 3), on="project", maintain_order="left")
    for group in (_OUTPUT, _BENEFIT):
        few = few.join(few.filter(pl.col("group") == group), on="project", how="semi")
    return few


def _lacking(tables: Tables, rows: pl.DataFrame, group: str) -> pl.DataFrame:
    """The projects of `rows` that have nothing in `group`."""
    has = rows.group_by("project").agg(has=(pl.col("group") == group).any())
    return _placed(has.remove("has"), tables)


def _without(frame: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The rows of `frame` that belong to none of the projects of `others`."""
    if others.is_empty():
        return frame
    return frame.join(others, on="project", how="anti", maintain_order="left")


def _placed(found: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """`found` (per project) with the place of the project, in the order of the projects."""
    return tables.projects.join(found, on="project", how="inner", maintain_order="left")

"""W1: the weights of single indicators, and what they have in common."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.policy import list_policies, load_policy
from perfeval.rules import PLACE, PROJECT_PLACE, Tables, rule
from perfeval.rules.weights.points import (
    millionths,
    shares,
    shown,
    sound,
    structures,
    sums,
    told,
    ways,
)

_MISSING = N_("the indicator has no weight; write the points that it is worth")
_ALL_MISSING = N_(
    "none of the {count} indicators has a weight; the table can be checked, but not scored"
)
_ZERO = N_("the weight is 0, so that the indicator counts for nothing; give it points or remove it")
_ALL_ZERO = N_("the weights of all {count} indicators are 0; write the points they are worth")


@rule("W104", "weight-missing-or-zero", "error", _MISSING, about="weight")
def weight_missing_or_zero(tables: Tables) -> pl.DataFrame:
    """An indicator has no weight, or the weight 0.

    **What it does.** Finds indicators whose weight is blank (an error) or 0 (a warning). A table
    that has no weights at all is one finding, a warning: some places publish them so.

    **Why it matters.** Without points an indicator says nothing about the result, and `perfeval
    score` refuses a table in which weights are missing. 固原市原州区 2022 and 岳阳县 2022 published
    tables without any.

    **Fails.** Four indicators, of which one has a blank weight.

    **Repair.** Write the weight. What is only an explanation of the row above (其中：…) is no
    indicator of its own: leave it out.
    """
    weight, by = pl.col("weight"), "project"
    missing, zero = weight.is_null(), weight == 0
    rows = tables.targets.filter(missing | zero)
    counts = tables.targets.join(rows, on=by, how="semi")
    counts = counts.group_by(by).agg(count=pl.len(), missing=missing.sum(), zeros=zero.sum())
    rows = rows.join(counts, on=by, how="left", maintain_order="left")
    alike = pl.max_horizontal("missing", "zeros") == pl.col("count")
    single = rows.remove(alike).select(
        *PLACE,
        "count",
        severity=pl.when(missing).then(pl.lit("error")).otherwise(pl.lit("warning")),
        template=pl.when(missing).then(pl.lit(_MISSING)).otherwise(pl.lit(_ZERO)),
    )
    whole = rows.filter(alike).unique(by, keep="first", maintain_order=True)
    whole = tables.projects.select(PROJECT_PLACE).join(
        whole.select(by, "count", "missing"), on=by, how="inner", maintain_order="left"
    )
    everywhere = pl.when(pl.col("missing") > 0).then(pl.lit(_ALL_MISSING))
    whole = whole.select(
        *PROJECT_PLACE,
        "count",
        severity=pl.lit("warning"),
        template=everywhere.otherwise(pl.lit(_ALL_ZERO)),
    )
    return pl.concat([whole, single], how="diagonal_relaxed")


@rule(
    "W105",
    "weight-negative",
    "error",
    N_("the weight is {weight}; points are never below zero: check the sign"),
    about="weight",
)
def weight_negative(tables: Tables) -> pl.DataFrame:
    """A weight is below zero.

    **What it does.** Finds weights below zero.

    **Why it matters.** An indicator that takes points away when it is reached turns the table
    around, and `perfeval score` refuses it. Points that a reviewer takes off are no weight: they
    stand with the actuals (deduction).

    **Fails.** `weight = -20`

    **Repair.** `weight = 20`
    """
    return tables.targets.filter(pl.col("weight") < 0).select(*PLACE, "weight")


@rule(
    "W106",
    "weight-dominates",
    "warning",
    N_("{weight} of the project's {total} points hang on this indicator alone; share them out"),
    about="weight",
)
def weight_dominates(tables: Tables) -> pl.DataFrame:
    """One indicator has more than half of a project's points.

    **What it does.** Compares each weight with the sum of the project's, in projects of at least
    three indicators with points. Of two, one nearly always has more than half: what such a table
    lacks is told by C405.

    **Why it matters.** The grade hangs on one number: a project that misses 60 of 100 points is 差,
    whatever else it reaches.

    **Fails.** Weights of 60, 20, 10 and 10.

    **Repair.** Share out the points, or split what the indicator measures.
    """
    rows = sound(tables.targets).filter(pl.col("weight") > 0)
    totals = sums(rows).filter(pl.col("rows") > 2)
    rows = rows.join(totals, on="project", how="inner", maintain_order="left")
    return rows.filter(2 * millionths(pl.col("weight")) > pl.col("millionths")).select(
        *PLACE, "weight", total=shown("millionths")
    )


@rule(
    "W107",
    "weights-equal",
    "info",
    N_(
        "all {rows} indicators weigh {weight}, whatever they measure ({shares}); weigh them by"
        " importance"
    ),
    about="weight",
)
def weights_equal(tables: Tables) -> pl.DataFrame:
    """All indicators of a project have the same weight, although they stand under several levels.

    **What it does.** Finds projects of at least four indicators under at least two level-1 groups
    in which all weights are equal. Where equal weights give the groups the points that a policy
    (this one, or one that comes with perfeval) has for them, nothing is said: ten points each for
    five outputs, three benefits and satisfaction is 50/30/10.

    **Why it matters.** Points that were divided by the number of rows say nothing about what
    matters, and a row more or less moves them from outputs to benefits. Most project tables of the
    Qijiang disclosure of 2023 give 20 points to each of five indicators.

    **Fails.** Five indicators of 20 points: two outputs, two benefits, satisfaction.

    **Repair.** Give the groups the policy's points, and within a group most to what matters most.
    """
    rows = sound(tables.indicators)
    equal = rows.group_by("project").agg(
        rows=pl.len(), weight=pl.col("weight").min(), highest=pl.col("weight").max()
    )
    equal = equal.filter(
        (pl.col("weight") == pl.col("highest")) & (pl.col("weight") > 0) & (pl.col("rows") > 3)
    )
    found = shares(rows.join(equal, on="project", how="semi", maintain_order="left"))
    several = {key: way for key, way in ways(found).items() if len(way) > 1}
    policies = [tables.policy, *map(load_policy, list_policies() if several else [])]
    known = [each for policy in policies for each in structures(policy)]
    uneven = {key: told(way) for key, way in several.items() if way not in known}
    return (
        found.filter(pl.col("key").is_in(list(uneven)))
        .join(equal, on="project", how="left", maintain_order="left")
        .join(tables.projects, on="project", how="left", maintain_order="left")
        .select(
            *PROJECT_PLACE,
            "rows",
            "weight",
            shares=pl.col("key").replace_strict(uneven, return_dtype=pl.List(pl.String)),
        )
    )

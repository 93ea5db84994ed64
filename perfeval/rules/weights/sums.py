"""W1: what the weights of a project, and of its level-1 groups, sum to."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from perfeval.messages import N_
from perfeval.rules import CHECK, PLACE, PROJECT_PLACE, SCORE, Tables, rule
from perfeval.rules.weights.points import (
    Shares,
    in_millionths,
    shares,
    shown,
    sound,
    structures,
    sums,
    told,
    ways,
)

_PLAIN = N_("the weights sum to {found}; policy {policy} expects {expected}")
_TEMPLATES = {
    (90, 100): N_(
        "the weights sum to {found}; policy {policy} expects {expected} (90 would fit the"
        " convention in which budget execution has the other 10 points)"
    ),
    (100, 90): N_(
        "the weights sum to {found}; policy {policy} expects {expected} (100 would fit the"
        " convention in which indicators are scaled to make room for budget execution)"
    ),
}


@rule("W101", "weights-total", "error", _PLAIN, about="weight", commands=(CHECK, SCORE))
def weights_total(tables: Tables) -> pl.DataFrame:
    """The weights of a target table do not sum to the policy's total.

    **What it does.** Adds up the weights of each project's indicators and compares the sum with the
    total of the policy (`weights.total`). Where weights are missing or negative, W104 and W105 say
    so instead.

    **Why it matters.** With other weights every point is worth more or less than the policy says,
    and projects can no longer be compared. A sum of 90 is often no slip: under 财预〔2020〕10号 ten
    points belong to budget execution, so that a table's own weights are 90, and a table of the one
    convention was filled in under the other. Two projects of the Qijiang disclosure of 2023 (the
    fund audit and the grass-roots awards) sum to 90 in a document whose others sum to 100.

    **Fails.** Five indicators with the weights 20, 20, 20, 20, 10 under `chongqing` (100).

    **Repair.** Correct the weight that is wrong, or score under the policy that the table was made
    for: `--policy mof-2020` where its weights are to sum to 90.
    """
    policy = tables.policy
    right = [0, in_millionths(policy.total)]
    found = sums(sound(tables.targets)).filter(~pl.col("millionths").is_in(right))
    template = pl.lit(_PLAIN)
    for (sum_, total), hint in _TEMPLATES.items():
        if total == policy.total:
            template = (
                pl.when(pl.col("millionths") == sum_ * 10**6).then(pl.lit(hint)).otherwise(template)
            )
    return found.join(tables.projects, on="project", how="left", maintain_order="left").select(
        *PROJECT_PLACE,
        template=template,
        found=shown("millionths"),
        policy=pl.lit(policy.id),
        expected=pl.lit(float(policy.total)),
    )


@rule(
    "W102",
    "group-points",
    "error",
    N_(
        "{level1} prints {printed} points, but the {rows} indicators under it sum to {found};"
        " correct the weights or the printed points"
    ),
    about="weight",
)
def group_points(tables: Tables) -> pl.DataFrame:
    """The points printed with a level 1 are not the sum of its indicators' weights.

    **What it does.** Reads the points that a table prints with its level-1 word, as in
    产出指标(50分) or (50分) alone, and compares them with the sum of the weights under it. Where
    weights are missing or negative, W104 and W105 say so instead. If the file holds a part of a
    table only, rows are missing and nothing is wrong.

    **Why it matters.** The table contradicts itself: one of the two numbers is not what was
    approved. Many printed forms state the points per group (池州市贵池区 2022: 50, 30 and 10).

    **Fails.** 产出指标(50分) over indicators that weigh 10.3, 9.3, 10.8 and 10.3.

    **Repair.** Correct the weight that is wrong, add the row that is missing, or print what the
    weights sum to.
    """
    rows = tables.indicators.filter(pl.col("printed_points").is_not_null().any().over("project"))
    group = ["project", "group"]
    # 产出指标(50分) may stand in the first row only; two numbers for one level 1 are two blocks.
    one = pl.col("printed_points").drop_nulls().n_unique().over(group) == 1
    rows = rows.with_columns(
        printed=pl.when(one)
        .then(pl.col("printed_points").max().over(group))
        .otherwise("printed_points")
    ).filter(pl.col("printed").is_not_null())
    first = rows.unique([*group, "printed"], keep="first", maintain_order=True)
    off = sums(sound(rows), "group", "printed").filter(
        pl.col("millionths") != (pl.col("printed") * 1e6).round().cast(pl.Int64)
    )
    return first.join(off, on=[*group, "printed"], how="inner", maintain_order="left").select(
        *PLACE, "level1", "printed", "rows", found=shown("millionths")
    )


@rule(
    "W103",
    "level1-structure",
    "warning",
    N_("the level-1 groups have {found}; policy {policy} gives them {expected}"),
    about="weight",
)
def level1_structure(tables: Tables) -> pl.DataFrame:
    """The weights are not shared out over level 1 as the policy has it.

    **What it does.** Adds up the weights of each level-1 group and compares them with the policy's
    points per group (`weights.level1`): with the structure that has the table's own groups, where a
    policy has several, else with the first. Satisfaction counts as a group of its own even where it
    stands under the benefits. Says nothing where the policy sets no groups, of a department's own
    table, and where another rule speaks of the cause: a wrong total (W101), a group that is missing
    (C401 to C403) or unknown (C101).

    **Why it matters.** 财预〔2020〕10号 gives outputs 50, benefits 30 and satisfaction 10 points of
    100, with 10 for budget execution. Where outputs take the points of the benefits, doing the work
    counts for more than what came of it.

    **Fails.** Outputs 40, benefits 40, satisfaction 10 under `mof-2020`.

    **Repair.** Share out the points as the policy has them, or write the structure that your place
    prescribes into a policy of its own.
    """
    policy = tables.policy
    known = structures(policy)
    rows = tables.indicators.filter(~pl.col("overall") & bool(known))
    total = pl.col("millionths").list.sum()
    found = shares(sound(rows)).filter(total == in_millionths(policy.total))
    judged = {key: _misfit(way, known) for key, way in ways(found).items()}
    misfits = pl.DataFrame(
        [{"key": key, **each} for key, each in judged.items() if each],
        schema={"key": pl.String, "found": pl.List(pl.String), "expected": pl.List(pl.String)},
    )
    off = found.join(misfits, on="key", how="inner", maintain_order="left")
    return off.join(tables.projects, on="project", how="left", maintain_order="left").select(
        *PROJECT_PLACE, "found", "expected", policy=pl.lit(policy.id)
    )


def _misfit(way: Shares, known: Sequence[Shares]) -> dict[str, list[str]] | None:
    """What the groups have and should have; None where that is right, or not known."""
    alike = [each for each in known if each.keys() == way.keys()]
    unknown = way.keys() - set().union(*known)
    missing = set(known[0]).intersection(*known) - way.keys()
    if way in known or (not alike and (unknown or missing)):
        return None
    return {"found": told(way), "expected": told([*alike, *known][0])}

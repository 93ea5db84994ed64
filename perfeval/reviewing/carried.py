"""Whether claims follow the weights as printed, or scaled to what budget execution leaves.

Most self-evaluations print weights that leave the points of execution aside already. Where they sum
to the policy's total instead and execution is claimed beside them, the claims can only be in
proportion (20 of 100 are 18 of 90) or on weights that are too many (R403): each project's own
claims tell which.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from perfeval.policy import Policy
from perfeval.rules.tables import LIKE_A_SHARE
from perfeval.scoring.actuals import meet_targets
from perfeval.scoring.indicators import score_indicators
from perfeval.scoring.totals import Scaling

AS_SHARE = "share-for-percent"
"""The doubt about a number up to 1 where a percentage is meant: a cell that shows 95 % is 0.95."""


def score(
    targets: pl.DataFrame,
    matched: pl.DataFrame,
    policy: Policy,
    carried: pl.Series,
    share: Fraction,
) -> pl.DataFrame:
    """`targets` met by `matched` and scored; `carried`: the rows whose weight is times `share`."""
    usable = matched["rejected"].is_null()
    frame = _with_shares(meet_targets(targets, matched, policy)).with_columns(
        pl.col("weight").fill_null(0.0),
        excluded=matched["excluded"] & usable,
        refused=~usable,
    )
    none = pl.Series("scale", [], dtype=pl.UInt32)
    return score_indicators(
        frame, policy, Scaling((Fraction(1), share), none), carried.cast(pl.UInt32)
    )


def share_of(policy: Policy) -> Fraction:
    """What the indicators carry of the policy's total where execution is scored."""
    return policy.execution.indicators / policy.total if policy.execution else Fraction(1)


def carried(
    targets: pl.DataFrame,
    matched: pl.DataFrame,
    claimed: pl.Series,
    projects: pl.DataFrame,
    policy: Policy,
) -> pl.Series:
    """Which rows belong to projects whose claims follow the scaled points.

    Of the projects with weights that sum to the policy's total beside execution those with more
    claims that agree when scaled; at a tie, with more claims of full marks when scaled.
    """
    executed = projects.filter(
        (pl.col("execution_score") != "") | ((pl.col("budget") != "") & (pl.col("spent") != ""))
    )["project"]
    total = float(policy.total)
    weighed = pl.col("weight").is_not_null().all() & ((pl.col("weight").sum() - total).abs() < 5e-3)
    whole = (
        targets.filter(pl.col("project").is_in(executed.implode()))
        .group_by("project")
        .agg(fits=weighed)
        .filter("fits")["project"]
    )
    found = targets["project"].is_in(whole.implode())
    share = share_of(policy)
    if share == 1 or not found.any():
        return pl.repeat(False, len(targets), eager=True)
    rows = found.arg_true()
    some, actuals = (frame[rows].drop("row").with_row_index("row") for frame in (targets, matched))
    claims = claimed.gather(rows)
    counts = some.select("project")
    for name, of_all in (("plain", False), ("scaled", True)):
        chosen = pl.repeat(of_all, len(some), eager=True)
        again = score(some, actuals, policy, chosen, share)
        decided = (again["doubt"] == "") & (again["issue"] == "")
        agrees = decided & (claims >= again["low"]) & (claims <= again["high"])
        counts = counts.with_columns(
            agrees.fill_null(False).alias(name), (claims == again["full"]).alias(f"{name}_full")
        )
    follows = (
        counts.group_by("project")
        .agg(pl.exclude("project").sum())
        .filter(
            (pl.col("scaled") > pl.col("plain"))
            | (
                (pl.col("scaled") == pl.col("plain"))
                & (pl.col("scaled_full") > pl.col("plain_full"))
            )
        )["project"]
    )
    return targets["project"].is_in(follows.implode())


def _with_shares(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with the doubt `AS_SHARE`: what is meant is not ours to guess, so nothing decides."""
    doubtful = LIKE_A_SHARE & (pl.col("doubt") == "")
    return frame.with_columns(
        *(pl.when(~doubtful).then(end).alias(end) for end in ("low", "high")),
        doubt=pl.when(doubtful).then(pl.lit(AS_SHARE)).otherwise("doubt"),
    )

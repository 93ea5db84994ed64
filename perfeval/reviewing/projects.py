"""What each self-evaluation says of its project as a whole, beside what follows from its rows."""

from __future__ import annotations

import numpy as np
import polars as pl

from perfeval.compile import Way, assemble
from perfeval.kernel import evaluate
from perfeval.policy import Policy
from perfeval.quantity import read_column
from perfeval.reviewing.recompute import hundredths, points
from perfeval.scoring.execution import match_execution
from perfeval.tables import PLACE

_WHOLE = 10_000
"""Hundredths of the scale of 100 on which some forms print the score of execution."""
_ROUNDED = 50  # hundredths by which a rate that is printed in whole per cent may be off

_YES = ("1", "是", "true", "yes", "y", "部分")


def claimed_projects(projects: pl.DataFrame, claims: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`projects` (from `perfeval.reviewing.claims`) with numbers, and the sums over `claims`.

    Added columns; points are int64 hundredths, amounts 万元, null where nothing can be read:

    - budget_initial, budget, spent; doubt ("" or why the amounts give no rate); written_budget,
      written_spent
    - execution_weight_number (as printed), execution_points (full marks: that, or the policy's),
      execution_claimed, execution_low (what the amounts give), rate (printed, %), rate_decimals;
      execution_scale: out of what the score is printed, where that is not its full marks
    - total_claimed; parts_claimed: the sum below the indicators, where both stand;
      total_is_parts: whether it is that of the indicators alone; partial
    - claimed_sum, low_sum, high_sum, full_sum over the indicators, all_claimed, any_claimed,
      all_usable (each a number ≥ 0), all_weighed, indicators, carried (see `recompute`)
    """
    frame = _with_amounts(projects)
    read = read_column(frame["execution_rate"])
    plain = (read["kind"] == "number") & read["unit"].is_in(["", "%"])
    decimals = frame["execution_rate"].str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0)
    usual = float(policy.execution.weight) if policy.execution else None
    frame = frame.with_columns(
        execution_weight_number=points(frame["execution_weight"]),
        execution_claimed=hundredths(points(frame["execution_score"])),
        execution_usual=pl.lit(usual, pl.Float64),
        rate=read["number"].set(~plain, None),
        rate_decimals=decimals,
        total_claimed=hundredths(points(frame["total"])),
        parts_claimed=hundredths(points(frame["parts_total"])),
        partial=frame["partial"].str.to_lowercase().is_in(_YES),
    ).with_columns(grade=pl.col("grade").str.strip_chars())
    sums = claims.group_by("project").agg(
        claimed_sum=pl.col("claimed").sum(),
        low_sum=pl.col("low").sum(),
        high_sum=pl.col("high").sum(),
        full_sum=pl.col("full").sum(),
        carried=pl.col("carried").any(),
        all_claimed=pl.col("claimed").is_not_null().all(),
        any_claimed=pl.col("claimed").is_not_null().any(),
        all_usable=(pl.col("claimed") >= 0).fill_null(False).all(),
        all_weighed=pl.col("weighed").all(),
        indicators=pl.len(),
    )
    frame = frame.join(sums, on="project", how="left", maintain_order="left")
    return _with_execution(_on_one_scale(frame).with_columns(total_is_parts=_is_of_parts(frame)))


def _on_one_scale(frame: pl.DataFrame) -> pl.DataFrame:
    """Execution in points of the whole, where a form prints its score, or its weight too, of 100.

    A weight of 100 beside indicators that have points of their own is a scale; a score above its
    own weight is on that of 100 where the amounts give it there, or the total follows from it.
    """
    printed, usual = pl.col("execution_weight_number"), pl.col("execution_usual")
    claimed, total = pl.col("execution_claimed"), pl.col("total_claimed")
    left = (10_000 - pl.col("full_sum")) / 100
    whole = ((printed == 100) & (pl.col("full_sum") > 0)).fill_null(False)
    weight = (
        pl.when(~whole)
        .then(pl.coalesce(printed, usual))
        .when(pl.col("all_weighed") & (left > 0) & (left < 100))
        .then(left)
        .otherwise(usual)
    )
    frame = frame.with_columns(execution_points=weight)
    full = (pl.col("execution_points") * 100).round(0).cast(pl.Int64)
    scaled = (claimed * full + _WHOLE // 2) // _WHOLE
    rate = pl.min_horizontal(pl.col("spent") / pl.col("budget"), 1.0) * _WHOLE
    follows = (pl.col("doubt") == "") & ((claimed - rate).abs() <= _ROUNDED)
    adds_up = ~pl.col("partial") & (total == pl.col("claimed_sum") + scaled)
    above = (claimed > full) & (claimed <= _WHOLE) & (follows | adds_up).fill_null(False)
    other = (full < _WHOLE) & (whole | above) & claimed.is_not_null()
    return frame.with_columns(
        execution_claimed=pl.when(other).then(scaled).otherwise(claimed),
        execution_scale=pl.when(other.fill_null(False)).then(pl.lit(_WHOLE / 100)),
    ).drop("execution_usual")


def _is_of_parts(frame: pl.DataFrame) -> pl.Expr:
    """Whether the printed total is that of the indicators alone: by the weight beside it.

    Where the indicators have all hundred points, execution on its own scale stands beside them.
    """
    beside = pl.lit(hundredths(points(frame["total_weight"])))
    apart = (
        pl.col("execution_scale").is_not_null()
        & (pl.col("full_sum") == _WHOLE)
        & (pl.col("total_claimed") == pl.col("claimed_sum"))
    )
    scaled = pl.col("carried") & (pl.col("total_claimed") == pl.col("claimed_sum"))
    of_indicators = (
        (beside == pl.col("full_sum"))
        & pl.col("execution_claimed").is_not_null()
        & (pl.col("execution_points") > 0)
    )
    return pl.any_horizontal(kind.fill_null(False) for kind in (of_indicators, apart, scaled))


def _with_amounts(projects: pl.DataFrame) -> pl.DataFrame:
    rows = projects.select("project", "budget_initial", "budget", "spent", *PLACE).with_columns(
        score=pl.lit("")
    )
    read = match_execution(rows, projects)
    initial = read_column(projects["budget_initial"])
    return projects.with_columns(
        budget=read["budget"],
        spent=read["spent"],
        written_budget=read["written_budget"],
        written_spent=read["written_spent"],
        doubt=read["doubt"],
        budget_initial=initial["number"].set(~initial["unit"].is_in(["", "万元"]), None),
    )


def _with_execution(frame: pl.DataFrame) -> pl.DataFrame:
    """execution_low: the printed weight times spent ÷ budget, as execution is scored everywhere."""
    sound = ((frame["doubt"] == "") & frame["execution_points"].is_not_null()).to_numpy()
    rows = np.flatnonzero(sound)
    some = frame[rows]
    program = assemble(
        [Way("≥", "actual/target")],
        np.zeros(len(some), np.intp),
        some["budget"].to_numpy(),
        some["execution_points"].to_numpy(),
    )
    result = evaluate(program, some["spent"].to_numpy()[program.order])
    low = np.zeros(len(frame), np.int64)
    low[rows] = result.score[np.argsort(program.order)]
    return frame.with_columns(execution_low=pl.Series(low).set(pl.Series(~sound), None))

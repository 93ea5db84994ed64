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

_YES = ("1", "是", "true", "yes", "y", "部分")


def claimed_projects(projects: pl.DataFrame, claims: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`projects` (from `perfeval.reviewing.claims`) with numbers, and the sums over `claims`.

    Added columns; points are int64 hundredths, amounts 万元, null where nothing can be read:

    - budget_initial, budget, spent; doubt ("" or why the amounts give no rate); written_budget,
      written_spent
    - execution_weight_number (as printed), execution_points (that, or the policy's),
      execution_claimed, execution_low (what the amounts give), rate (printed, %), rate_decimals
    - total_claimed; partial; claimed_sum, low_sum, high_sum, full_sum over the indicators,
      all_claimed, all_weighed, indicators
    """
    frame = _with_amounts(projects)
    read = read_column(frame["execution_rate"])
    plain = (read["kind"] == "number") & read["unit"].is_in(["", "%"])
    decimals = frame["execution_rate"].str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0)
    weight = points(frame["execution_weight"])
    usual = float(policy.execution.weight) if policy.execution else None
    frame = frame.with_columns(
        execution_weight_number=weight,
        execution_points=weight.fill_null(usual) if usual is not None else weight,
        execution_claimed=hundredths(points(frame["execution_score"])),
        rate=read["number"].set(~plain, None),
        rate_decimals=decimals,
        total_claimed=hundredths(points(frame["total"])),
        partial=frame["partial"].str.to_lowercase().is_in(_YES),
    ).with_columns(grade=pl.col("grade").str.strip_chars())
    sums = claims.group_by("project").agg(
        claimed_sum=pl.col("claimed").sum(),
        low_sum=pl.col("low").sum(),
        high_sum=pl.col("high").sum(),
        full_sum=pl.col("full").sum(),
        all_claimed=pl.col("claimed").is_not_null().all(),
        all_weighed=pl.col("weighed").all(),
        indicators=pl.len(),
    )
    return _with_execution(frame).join(sums, on="project", how="left", maintain_order="left")


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

"""Indicators with their actuals → program → met, ratio, coefficient, score and status."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from perfeval.compile import GIVEN, Way, assemble
from perfeval.kernel import evaluate
from perfeval.policy import Policy
from perfeval.program import MET, MISSED, UNKNOWN, Flags, Floats, Program, Rows
from perfeval.scoring.targets import COMPARISONS, NUMBER
from perfeval.scoring.totals import Scaling
from perfeval.settle import full_marks

_MET = {MET: True, MISSED: False, UNKNOWN: None}


@dataclass(frozen=True)
class _Range:
    """`Result` for actuals that are ranges: what is certain, between low and high."""

    met: Flags
    ratio: Floats
    coefficient: Floats
    low: np.ndarray
    high: np.ndarray


def compile_indicators(
    frame: pl.DataFrame, policy: Policy, scaling: Scaling, scale: pl.Series
) -> Program:
    """The program of `frame` (targets as read, with `rule`), `scale` indexing `scaling.scales`."""
    compared = [
        (operator, rule)
        for operator in COMPARISONS
        for rule, content in policy.rules.items()
        if policy.ratio(rule, operator) != "band"
    ]
    ways = [GIVEN] + [
        Way(operator, policy.ratio(rule, operator), policy.rules[rule].curve.knots)
        for operator, rule in compared
    ]
    codes = pl.DataFrame(
        {
            "operator": [operator for operator, _ in compared],
            "rule": [rule for _, rule in compared],
            "code": np.arange(1, len(ways)),
        }
    )
    rows = frame.select(
        "operator",
        "rule",
        "weight",
        is_number=pl.col("way") == NUMBER,
        # What a person judges has no number to compare with, and needs none.
        target=pl.when(pl.col("way") == NUMBER)
        .then("target_number")
        .when(pl.col("issue") == "")
        .then(pl.lit(1.0)),
        threshold=pl.when(pl.col("way") == NUMBER).then("pass_threshold").fill_null(0.0),
    ).join(codes, on=["operator", "rule"], how="left", maintain_order="left")
    way = rows.select(pl.when("is_number").then("code").fill_null(0))["code"]
    return assemble(
        ways,
        way.to_numpy(),
        rows["target"].fill_null(np.nan).to_numpy(),
        rows["weight"].to_numpy(),
        scales=scaling.scales,
        scale=scale.to_numpy(),
        pass_threshold=rows["threshold"].to_numpy(),
    )


def _evaluate(program: Program, low: Floats, high: Floats) -> _Range:
    """Evaluate ranges (float64[n], in program order): at both ends, and at the target between."""
    result = evaluate(program, low)
    outcome = _Range(result.met, result.ratio, result.coefficient, result.score, result.high)
    wide: Rows = np.flatnonzero(low < high)
    if not wide.size:
        return outcome
    some = program.take(wide)
    between = np.clip(some.target, low[wide], high[wide])
    ends = [evaluate(some, values) for values in (low[wide], high[wide], between)]

    def every(name: str) -> np.ndarray:
        return np.stack([getattr(end, name) for end in ends])

    met, coefficient, score = every("met"), every("coefficient"), every("score")
    outcome.met[wide] = np.where((met == met[0]).all(axis=0), met[0], UNKNOWN)
    outcome.ratio[wide] = np.nan
    same = (coefficient == coefficient[0]).all(axis=0)
    outcome.coefficient[wide] = np.where(same, coefficient[0], np.nan)
    outcome.low[wide] = score.min(axis=0)
    outcome.high[wide] = every("high").max(axis=0)
    return outcome


def score_indicators(
    frame: pl.DataFrame, policy: Policy, scaling: Scaling, scale: pl.Series
) -> pl.DataFrame:
    """`frame` (from `meet_targets`, with `excluded` and `refused`) with its scores.

    Added: points (full marks after scaling), full (the same in int64 hundredths), scale (the exact
    factor from weight to points, as "9/10"), met, ratio, coefficient, score, low, high (int64
    hundredths; a deduction is taken off, never below 0) and status. The range that was scored is
    kept as actual_low and actual_high.
    """
    program = compile_indicators(frame, policy, scaling, scale)
    ends = frame.select(pl.col("low", "high").fill_null(np.nan))
    low, high = (ends[name].to_numpy()[program.order] for name in ("low", "high"))
    outcome = _evaluate(program, low, high)
    back = np.empty(len(program), np.intp)
    back[program.order] = np.arange(len(program))

    def column(values: np.ndarray) -> pl.Series:
        return pl.Series(values[back])

    deduction = (pl.col("deduction_number") * 100).round().cast(pl.Int64)
    judged = pl.when(pl.col("judged").is_not_null()).then(pl.col("judged") == "reached")
    counts = ~pl.col("excluded")
    factors = pl.Series([str(factor) for factor in scaling.scales], dtype=pl.String)
    scored = frame.with_columns(
        actual_low="low",
        actual_high="high",
        scale=factors.gather(scale.cast(pl.UInt32)),
        points=(column(program.points) / 100).round(6),
        full=column(full_marks(program, np.arange(len(program)))),
        met=pl.when(pl.col("way") == NUMBER)
        .then(column(outcome.met).replace_strict(_MET, return_dtype=pl.Boolean))
        .otherwise(judged),
        # Only a comparison has a ratio; an actual of 0 that should be small has none in numbers.
        ratio=pl.when(pl.col("way") == NUMBER).then(column(outcome.ratio)),
        coefficient=column(outcome.coefficient),
        low=column(outcome.low),
        high=column(outcome.high),
    ).with_columns(
        pl.when(pl.col("ratio").is_finite()).then(pl.col("ratio").round(12)).alias("ratio"),
        pl.when(pl.col("coefficient").is_finite())
        .then(pl.col("coefficient").round(12))
        .alias("coefficient"),
        *(
            pl.when(counts)
            .then(pl.max_horizontal(pl.col(end) - deduction, pl.lit(0)))
            .otherwise(0)
            .alias(end)
            for end in ("low", "high")
        ),
        points=pl.when(counts).then("points").otherwise(0.0),
        full=pl.when(counts).then("full").otherwise(0),
        status=pl.when(pl.col("excluded"))
        .then(pl.lit("not_applicable"))
        .when(pl.col("refused"))
        .then(pl.lit("rejected"))
        .when((pl.col("doubt") == "") & (pl.col("issue") == "") & (pl.col("low") == pl.col("high")))
        .then(pl.lit("scored"))
        .otherwise(pl.lit("undecided")),
    )
    return scored.with_columns(
        score="low",
        **{name: pl.when(counts).then(name) for name in ("met", "ratio", "coefficient")},
    )

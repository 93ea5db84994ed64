"""What the rules about claims share: the arithmetic that is shown, and doubt about operators.

Points are shown as points; `points` among a finding's values is what is at stake.
"""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.reviewing.operators import MEANING, NAME
from perfeval.rules import PLACE
from perfeval.rules.tables import LIKE_A_SHARE

RATIO = N_(
    "{actual} of {target} is {percent} %; {weight} × {coefficient} = {recomputed} ({policy});"
    " claimed {claimed}{remark}"
)
_RATIOS = {
    "actual/target": N_(
        "{actual} of {target} is {percent} %; {weight} × {coefficient} = {recomputed} ({policy}:"
        " actual ÷ target); claimed {claimed}{remark}"
    ),
    "target/actual": N_(
        "{actual} for {target}: target ÷ actual is {percent} %; {weight} × {coefficient} ="
        " {recomputed} ({policy}); claimed {claimed}{remark}"
    ),
    "2 - actual/target": N_(
        "{actual} for {target}: 2 − actual ÷ target is {percent} %; {weight} × {coefficient} ="
        " {recomputed} ({policy}); claimed {claimed}{remark}"
    ),
}
"""The arithmetic by what the policy's curve was read at; `RATIO` for all else."""
NO_RATIO = N_(
    "{actual} against {target} gives {recomputed} of {weight} points ({policy}); claimed"
    " {claimed}{remark}"
)
RANGE = N_(
    "{actual} against {target} gives {recomputed} to {most} of {weight} points ({policy}); claimed"
    " {claimed}{remark}"
)
_ASSUMED = {
    NAME: N_("; the operator {operator} is taken from the indicator's name"),
    MEANING: N_("; the table prints no operator, {operator} is assumed from what the name means"),
}


def points(column: str) -> pl.Expr:
    """Hundredths of a point as points."""
    return (pl.col(column) / 100).round(2)


def is_assumed() -> pl.Expr:
    """Whether the indicator's operator is assumed from its meaning alone."""
    return (pl.col("operator_from") == MEANING).fill_null(False)


def sure(severity: str, unsure: str) -> pl.Expr:
    """`severity` where the table prints the operator, `unsure` where it is assumed."""
    return pl.when(is_assumed()).then(pl.lit(unsure)).otherwise(pl.lit(severity))


def told(claims: pl.DataFrame, at_stake: pl.Expr, **more: pl.Expr) -> pl.DataFrame:
    """Findings about `claims`, with the arithmetic that led to them.

    `at_stake` is in hundredths of a point.
    """
    shown = {
        "coefficient": pl.col("coefficient").round(4),
        "actual": pl.col("written_actual"),
        "target": pl.col("asked"),
        "percent": (pl.col("ratio") * 100).round(2),
        "recomputed": points("low"),
        "most": points("high"),
        "claimed": points("claimed"),
        "points": (at_stake / 100).round(2),
        "remark": pl.col("operator_from")
        .replace_strict(_ASSUMED, default="", return_dtype=pl.String)
        .fill_null(""),
        "template": pl.when(pl.col("low") != pl.col("high"))
        .then(pl.lit(RANGE))
        .when(pl.col("ratio").is_null() | pl.col("coefficient").is_null())
        .then(pl.lit(NO_RATIO))
        .otherwise(
            pl.col("ratio_kind").replace_strict(_RATIOS, default=RATIO, return_dtype=pl.String)
        ),
    }
    return claims.select(*PLACE, "weight", "operator", "policy", "ratio_kind", **{**shown, **more})


def share_for_percent() -> pl.Expr:
    """Whether a number up to 1 stands where a percentage is meant: a cell that shows 95 % is 0.95.

    What is meant is not ours to guess; rule R209 asks, and the others say nothing of such a claim.
    """
    found = (pl.col("unit") == "%") & (pl.col("inner_unit").fill_null("") == "") & LIKE_A_SHARE
    return found.fill_null(False)

"""What the rules about claims share: the arithmetic that is shown, and doubt about operators.

Points are shown as points; `points` among a finding's values is what is at stake.
"""

from __future__ import annotations

import polars as pl

from perfeval.policy import Policy
from perfeval.reviewing.operators import MEANING
from perfeval.rules import PLACE, ROW_PLACE
from perfeval.rules.review import arithmetic


def points(column: str) -> pl.Expr:
    """Hundredths of a point as points."""
    return (pl.col(column) / 100).round(2)


def is_assumed() -> pl.Expr:
    """Whether the indicator's operator is assumed from its meaning alone."""
    return (pl.col("operator_from") == MEANING).fill_null(False)


def sure(severity: str, unsure: str) -> pl.Expr:
    """`severity` where the table prints the operator, `unsure` where it is assumed."""
    return pl.when(is_assumed()).then(pl.lit(unsure)).otherwise(pl.lit(severity))


def told(
    claims: pl.DataFrame | pl.LazyFrame, policy: Policy, at_stake: pl.Expr, **more: pl.Expr
) -> pl.DataFrame:
    """Findings about `claims`, with the arithmetic that led to them.

    `at_stake` is in hundredths of a point.
    """
    shown = {
        **_shown(policy, at_stake),
        "ratio_kind": pl.col("ratio_kind"),
        "fits": pl.col("fits"),
        "remark": arithmetic.remarks(),
        "template": arithmetic.sentence(policy),
        **arithmetic.values(policy),
    }
    return claims.lazy().select(*PLACE, **{**shown, **more}).collect()


def plainly(
    claims: pl.DataFrame | pl.LazyFrame, policy: Policy, at_stake: pl.Expr, **more: pl.Expr
) -> pl.DataFrame:
    """Findings about `claims` in a rule's own words, without arithmetic; `at_stake` as above."""
    return claims.lazy().select(*PLACE, **{**_shown(policy, at_stake), **more}).collect()


def _shown(policy: Policy, at_stake: pl.Expr) -> dict[str, pl.Expr]:
    return {
        "weight": pl.col("marks"),
        "declared": pl.col("weight"),
        "operator": pl.col("operator"),
        "actual": pl.col("written_actual"),
        "target": pl.col("asked"),
        "recomputed": points("low"),
        "recomputed_high": points("high"),
        "claimed": points("claimed"),
        "points": (at_stake / 100).round(2),
        "policy": pl.lit(policy.id),
    }


def placed(claimed: pl.DataFrame, of: str) -> pl.DataFrame:
    """Self-evaluations, placed where their `of` ("execution", "total") stands, if it does."""
    known = pl.col(f"{of}_line").is_not_null()
    return claimed.with_columns(
        pl.when(known).then(f"{of}_{name}").otherwise(name).alias(name) for name in ROW_PLACE
    )

"""What each project's total and grade are as claimed, as recomputed, and as decided."""

from __future__ import annotations

import polars as pl

from perfeval.policy import Policy
from perfeval.scoring.totals import grade_of, grades


def with_recomputed(projects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`projects` with recomputed_low and recomputed_high, their totals in int64 hundredths.

    They are never above the policy's, and null where a weight is not printed, or execution is
    claimed whose amounts are not.
    """
    known = pl.col("all_weighed") & (
        pl.col("execution_claimed").is_null() | pl.col("execution_low").is_not_null()
    )
    whole = ~pl.col("partial").fill_null(False)
    executed = pl.col("execution_low").fill_null(0)
    used = pl.when(pl.col("execution_low").is_not_null()).then("execution_points").fill_null(0)
    # Weights that sum to more than execution leaves of the total count in proportion.
    left = (float(policy.total) - used) * 100
    factor = pl.when(whole & (pl.col("full_sum") > left)).then(left / pl.col("full_sum"))
    return projects.with_columns(
        pl.when(known)
        .then(
            (pl.col(f"{end}_sum") * factor.fill_null(1.0) + 1e-6).round(0).cast(pl.Int64) + executed
        )
        .alias(f"recomputed_{end}")
        for end in ("low", "high")
    )


def with_grades(projects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`projects` (with claimed, decided and recomputed totals) with the grades of these.

    Added columns: recomputed_grade (`良–优` where it is open), claimed_grade and decided_grade.
    Without all rows, weights and claims of a project there is no grade.
    """
    whole = ~pl.col("partial").fill_null(False)
    recomputed = pl.Series(grades(projects["recomputed_low"], projects["recomputed_high"], policy))
    claimed = whole & pl.col("all_claimed") & pl.col("all_weighed")
    return projects.with_columns(
        *(
            pl.when(claimed).then(grade_of(pl.col(f"{name}_total"), policy)).alias(f"{name}_grade")
            for name in ("claimed", "decided")
        ),
        recomputed_grade=pl.when(whole & pl.col("recomputed_low").is_not_null()).then(recomputed),
    )

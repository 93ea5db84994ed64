"""A review at a glance: its departments compared, claims and recomputed scores distributed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.reports import distribution

if TYPE_CHECKING:
    import polars as pl

    from perfeval.reviewing import ReviewResult


def mean(values: pl.Expr) -> pl.Expr:
    """The mean of whole hundredths, rounded half up; null of nothing."""
    return (2 * values.sum() + values.count()) // (2 * values.count())


def departments(result: ReviewResult) -> pl.DataFrame:
    """The departments, most at stake first: sums, and means (hundredths) of their totals.

    claimed and low are the means over the comparable projects, those with a grade before and after;
    lower counts grades that fall for certain.
    """
    import polars as pl

    rank = {grade.name: number for number, grade in enumerate(result.policy.grades)}
    before, after = (
        pl.col(name).replace_strict(rank, default=None, return_dtype=pl.Int64)
        for name in ("claimed_grade", "recomputed_grade")
    )
    both = _both()
    return (
        _projects(result)
        .group_by("department", maintain_order=True)
        .agg(
            projects=pl.len(),
            budget=pl.col("budget").sum(),
            claimed=mean(pl.col("claimed_total").filter(both)),
            low=mean(pl.col("recomputed_low").filter(both)),
            lower=(after > before).sum(),
            at_stake=pl.col("at_stake").sum().round(4),
            errors=pl.col("errors").sum(),
            warnings=pl.col("warnings").sum(),
        )
        .sort("at_stake", descending=True, maintain_order=True)
    )


def comparable(result: ReviewResult) -> pl.DataFrame:
    """The projects with a grade before and after, riskiest first, as `result` has them."""
    return _projects(result).filter(_both())


def distributions(result: ReviewResult) -> dict[str, list[dict[str, Any]]]:
    """How many comparable projects have which grade, total, and budget with grade; None: open."""
    both = comparable(result)
    grades = {"claimed": both["claimed_grade"], "recomputed": both["recomputed_grade"]}
    totals = {"claimed": both["claimed_total"], "recomputed": both["recomputed_low"]}
    by_money = distribution.by_money(both["budget"], both["recomputed_grade"], result.policy)
    return {
        "grades": [
            {"grade": grade, **dict(zip(grades, counts, strict=True))}
            for grade, counts in distribution.by_grade(grades, result.policy).items()
        ],
        "totals": [
            {"at_least": least, **dict(zip(totals, counts, strict=True))}
            for least, counts in distribution.by_total(totals, grades, result.policy).items()
        ],
        "money": [
            {"grade": grade, "budget_at_least": least, "projects": n}
            for grade, counts in by_money.items()
            for least, n in zip(distribution.BUDGETS, counts, strict=True)
            if n
        ],
    }


def _both() -> pl.Expr:
    import polars as pl

    return pl.col("claimed_grade").is_not_null() & pl.col("recomputed_grade").is_not_null()


def _projects(result: ReviewResult) -> pl.DataFrame:
    return result.risk.join(result.projects, on="project", how="left", maintain_order="left")

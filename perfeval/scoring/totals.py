"""From indicators to projects: what a weight is worth, the total, and the grade."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import polars as pl

from perfeval.exact import fraction
from perfeval.names import begins
from perfeval.policy import Policy
from perfeval.scoring.match import for_rows


@dataclass(frozen=True)
class Scaling:
    """Factors from declared weight to points: `scales`, and `of` (uint32) for each project."""

    scales: tuple[Fraction, ...]
    of: pl.Series


def scaling(targets: pl.DataFrame, projects: pl.DataFrame, policy: Policy) -> Scaling:
    """What a declared weight is multiplied with, project by project.

    `projects` holds `executed`, whether execution is scored, which leaves the indicators fewer
    points; where `targets` have `excluded` rows (not applicable), the others share their points in
    proportion, as one published form does it.
    """
    carried = policy.execution.indicators if policy.execution else policy.total
    plain = (Fraction(1), carried / policy.total)
    partly = targets.clear()
    if targets["excluded"].any():
        partly = targets.filter(pl.col("excluded").any().over("project"))
    weights = partly.group_by("project", maintain_order=True).agg("weight", "excluded")
    scales = list(plain)
    special: dict[str, Fraction] = {}
    for project, declared, excluded in weights.iter_rows():
        exact = [fraction(weight) for weight in declared]
        kept = sum(w for w, out in zip(exact, excluded, strict=True) if not out)
        special[project] = sum(exact, Fraction(0)) / kept if kept else Fraction(1)
    of = projects["executed"].cast(pl.UInt32).to_numpy().copy()
    for position, (project, executed) in enumerate(
        projects.select("project", "executed").iter_rows() if special else ()
    ):
        if project in special:
            of[position] = len(scales)
            scales.append(special[project] * plain[int(executed)])
    return Scaling(tuple(scales), pl.Series("scale", of))


def grade_limits(policy: Policy) -> list[tuple[int, str]]:
    """The least total of each grade in whole hundredths, best first, with its name."""
    return [(ceil(100 * grade.at_least), grade.name) for grade in policy.grades]


def grade_of(total: pl.Expr, policy: Policy) -> pl.Expr:
    """The grade of a total in hundredths; the lower end belongs to the better grade."""
    best_first = grade_limits(policy)
    name = pl.lit(best_first[-1][1])
    for cents, better in reversed(best_first[:-1]):
        name = pl.when(total >= cents).then(pl.lit(better)).otherwise(name)
    return name


def grades(low: pl.Series, high: pl.Series, policy: Policy) -> pl.Series:
    """The grade of totals in hundredths; `良–优` where the bounds do not yet agree.

    Grades are half-open on the rounded total: 90.00 is already 优.
    """
    frame = pl.DataFrame({"low": low, "high": high}).with_columns(
        worst=grade_of(pl.col("low"), policy), best=grade_of(pl.col("high"), policy)
    )
    return frame.select(
        pl.when(pl.col("worst") == pl.col("best"))
        .then("worst")
        .otherwise(pl.concat_str("worst", pl.lit("–"), "best"))
        .alias("grade")
    )["grade"]


def places(codes: pl.Series, projects: pl.Series) -> pl.Series:
    """The position (uint32) of each code among `projects`, which are distinct and hold them all."""
    first = begins(codes)
    heads = codes.filter(first)
    if len(heads) == len(projects) and (heads == projects).all():
        return first.cast(pl.UInt32).cum_sum() - 1
    known = projects.to_frame("code").with_row_index("place")
    return codes.to_frame("code").join(known, on="code", how="left", maintain_order="left")["place"]


def totals(
    projects: pl.DataFrame, indicators: pl.DataFrame, place: pl.Series, execution: pl.DataFrame
) -> pl.DataFrame:
    """`projects` with score, low, high (int64 hundredths), met, weight, points and counts.

    `place` is the position of each indicator's project. Totals are sums of rounded scores, so they
    are exact and independent of order. met is true where every applicable indicator meets its
    target, false where one misses it, else null.
    """
    applies = pl.col("status") != "not_applicable"
    sums = ("score", "low", "high", "points")  # all 0 where an indicator does not apply
    by_project = indicators.select(
        place.alias("row"),
        "weight",
        *sums,
        undecided=pl.col("status").is_in(["undecided", "rejected"]),
        applies=applies,
        missed=applies & pl.col("met").eq(False).fill_null(False),
        open=applies & pl.col("met").is_null(),
    )
    by_project = by_project.group_by("row", maintain_order=True).agg(
        pl.col("weight").sum().round(6),
        *(pl.col(name).sum() for name in (*sums, "undecided")),
        *(pl.col(name).any() for name in ("applies", "missed", "open")),
        indicators=pl.len(),
    )
    by_project = by_project.with_columns(
        met=pl.when(pl.col("missed"))
        .then(pl.lit(False))
        .when(pl.col("applies") & ~pl.col("open"))
        .then(pl.lit(True)),
    ).drop("applies", "missed", "open")
    executed = execution.select(
        "project",
        "weight",
        "score",
        "low",
        "high",
    ).rename(lambda name: name if name == "project" else f"execution_{name}")
    frame = projects.hstack(for_rows(by_project, len(projects)).get_columns()).join(
        executed, on="project", how="left", maintain_order="left"
    )
    return frame.with_columns(
        *(
            (pl.col(name).fill_null(0) + pl.col(f"execution_{name}").fill_null(0)).alias(name)
            for name in ("score", "low", "high")
        ),
        indicator_points="points",
        points=(pl.col("points").fill_null(0.0) + pl.col("execution_weight").fill_null(0.0)).round(
            6
        ),
        weight=pl.col("weight").fill_null(0.0),
        indicators=pl.col("indicators").fill_null(0).cast(pl.Int64),
        undecided=pl.col("undecided").fill_null(0).cast(pl.Int64),
    ).drop([f"execution_{name}" for name in ("weight", "score", "low", "high")])

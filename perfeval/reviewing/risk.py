"""Which projects are worth a person's time first: points at stake, added up in the open.

Every finding about a claim names the points that hang on it. They count by how sure the finding is
(`CHANCE`), each indicator once, with the finding that puts most at stake; what concerns the project
as a whole is added. What a reviewer has decided is no longer at stake. Nothing is learned or
weighted in secret: the reasons add up to the sum.
"""

from __future__ import annotations

import polars as pl

CHANCE = {"error": 1.0, "warning": 0.5, "info": 0.1}
"""How much of the points at stake is expected to fall, by the severity of the finding."""

_MOST_REASONS = 8


def risk(
    projects: pl.DataFrame, findings: pl.DataFrame, settled: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row per project, most at stake first; `settled` as `perfeval.reviewing.decisions` has it.

    Columns: project, at_stake (points, float64 of 4 decimals), errors, warnings, notes, reasons (a
    list of structs: code, indicator, points, chance; they add up to at_stake unless there are more
    than 8), reasons_left_out; settled (what was at stake and is decided, float64). Ties go by
    errors, warnings, notes, money, and the order of input.
    """
    told = findings.with_row_index("number").filter(pl.col("project").is_not_null())
    told = told.with_columns(
        points=pl.col("values").str.json_path_match("$.points").cast(pl.Float64).fill_null(0.0),
        chance=pl.col("severity").replace_strict(CHANCE, return_dtype=pl.Float64),
    ).with_columns(stake=(pl.col("points") * pl.col("chance")).round(4))
    # An indicator's points can be lost only once.
    one = ["project", "row"]
    per_row = (
        told.filter(pl.col("row").is_not_null())
        .sort("stake", "number", descending=[True, False])
        .unique(one, keep="first", maintain_order=True)
    )
    counted = pl.concat([per_row, told.filter(pl.col("row").is_null())]).filter(pl.col("stake") > 0)
    counted, decided = _open(counted, settled)
    reasons = (
        counted.sort("stake", "number", descending=[True, False])
        .group_by("project", maintain_order=True)
        .agg(
            at_stake=pl.col("stake").sum().round(4),
            reasons=pl.struct("code", "indicator", "points", "chance").head(_MOST_REASONS),
            reasons_left_out=(pl.len().cast(pl.Int64) - _MOST_REASONS).clip(0),
        )
    )
    counts = told.group_by("project").agg(
        (pl.col("severity") == severity).sum().alias(name)
        for severity, name in (("error", "errors"), ("warning", "warnings"), ("info", "notes"))
    )
    frame = projects.select("project", "budget").with_row_index("order")
    for part in (reasons, counts, decided):
        frame = frame.join(part, on="project", how="left", maintain_order="left")
    return (
        frame.with_columns(
            pl.col("at_stake", "settled").fill_null(0.0),
            pl.col("errors", "warnings", "notes", "reasons_left_out").fill_null(0).cast(pl.Int64),
            pl.col("reasons").fill_null([]),
        )
        .sort(
            "at_stake", "errors", "warnings", "notes", "budget", "order",
            descending=[True, True, True, True, True, False], nulls_last=True,
        )
        .drop("budget", "order")
    )  # fmt: skip


def _open(counted: pl.DataFrame, settled: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The stakes that are still open, and per project the sum of those that are decided."""
    key = ["project", "row"]
    if settled is None:
        none = counted.head(0)
        return counted, none.select("project", settled="stake")
    done = counted.join(settled, on=key, how="semi", nulls_equal=True)
    left = counted.join(settled, on=key, how="anti", nulls_equal=True, maintain_order="left")
    return left, done.group_by("project").agg(settled=pl.col("stake").sum().round(4))

"""Which claim a reviewer's decision is for: by project, name, level 2 and, at last, by count."""

from __future__ import annotations

import polars as pl

from perfeval.names import with_keys
from perfeval.scoring.match import AMBIGUOUS, REPEATED, UNKNOWN_INDICATOR, UNKNOWN_PROJECT


def occurrences(claims: pl.DataFrame) -> pl.Series:
    """Per claim which one of its project, name and level 2 it is ("1", "2" …), as listed.

    "" where nothing else has that name (and that level 2, if the claim has one).
    """
    named = with_keys(claims.select("project", "indicator", "level2"))
    name = ["project", "name_key"]
    blank = pl.col("level2_key") == ""
    turns = [
        pl.when(pl.len().over(key) > 1).then(pl.int_range(1, pl.len() + 1).over(key))
        for key in (name, [*name, "level2_key"])
    ]
    turn = pl.when(blank).then(turns[0]).otherwise(turns[1])
    return named.select(turn.cast(pl.String).fill_null("")).to_series()


def addressed(rows: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """`rows` of decisions (with `code`, the project) with `row`, the claim that each is for.

    A name that a project has once is enough. Of several the level 2 decides, and of those that it
    leaves (of all, where none is given) `occurrence`, which counts from 1 as the self-evaluation
    lists them. Added besides: rejected, why there is no such claim or it is decided already;
    places, where those that fit stand (line, or sheet!row).
    """
    rows = with_keys(rows).with_row_index("position")
    known = with_keys(claims.select("row", "project", "indicator", "level2", "sheet", "line"))
    sheet = pl.when(pl.col("sheet").is_null()).then(pl.lit("")).otherwise(pl.col("sheet") + "!")
    known = known.select(
        "name_key",
        code="project",
        claim="row",
        level="level2_key",
        place=sheet + pl.col("line").cast(pl.String),
    )
    alone = pl.len().over("position") == 1
    fitting = (
        rows.select("position", "code", "name_key", "level2_key")
        .join(known, on=["code", "name_key"], how="inner", maintain_order="left_right")
        .filter(
            alone | (pl.col("level2_key") == "") | (pl.col("level") == pl.col("level2_key")),
        )
        .group_by("position")
        .agg(claims="claim", places="place")
    )
    turn = pl.col("occurrence").str.strip_chars().cast(pl.Int64, strict=False)
    turn = pl.when(pl.col("occurrence") == "").then(None).otherwise(turn.fill_null(0))
    count = pl.col("places").list.len().fill_null(0)
    named = rows.join(fitting, on="position", how="left", maintain_order="left").with_columns(
        row=pl.when(turn.is_null() & (count == 1))
        .then(pl.col("claims").list.first())
        .when(turn.is_between(1, count))
        .then(pl.col("claims").list.get(turn - 1, null_on_oob=True)),
    )
    again = pl.col("row").is_duplicated() & ~pl.col("row").is_first_distinct()
    return named.with_columns(
        rejected=pl.when(pl.col("code").is_null())
        .then(pl.lit(UNKNOWN_PROJECT))
        .when(count == 0)
        .then(pl.lit(UNKNOWN_INDICATOR))
        .when(pl.col("row").is_null())
        .then(pl.lit(AMBIGUOUS))
        .when(again)
        .then(pl.lit(REPEATED))
    ).drop("position", "claims", "name_key", "level2_key")

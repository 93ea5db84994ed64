"""Operators that a self-evaluation does not print, as far as its words or meanings tell them.

Many published tables have targets such as `550` or `95%` without a sign. Which way is better is
then taken from an operator inside the indicator's name (苗木成活率(≥**%)), else from what the name
means; what neither tells stays undecided. Findings that rest on it say so, and are less severe.
"""

from __future__ import annotations

import polars as pl

from perfeval.names import normalise
from perfeval.quantity import operator
from perfeval.rules.classes import with_classes
from perfeval.rules.meaning import says
from perfeval.scoring.targets import NUMBER

PRINTED, NAME, MEANING = "printed", "name", "meaning"
"""Where an operator comes from: the table, the indicator's name, or what the name means."""

_IN_NAME = r"(≥|≧|>=|≤|≦|<=|不少于|不低于|不超过|不高于|大于等于|小于等于|至少|至多|>|<)"
_SMALLER = ("smaller_is_better", "duration", "cost")
_LARGER = ("larger_is_better", "satisfaction", "head_count")


def with_operators(targets: pl.DataFrame) -> pl.DataFrame:
    """`targets` as read, with the operator of bare numbers inferred where it can be.

    Added: `operator_from`, one of the constants above; null where there is no operator at all.
    """
    bare = (pl.col("issue") == "operator") & (pl.col("own_operator") == "")
    words = targets.filter(bare).select("indicator", "level1", "level2").unique()
    name = normalise(pl.col("indicator"))
    inner = words.select(name.str.extract(_IN_NAME)).to_series()
    known = {text: operator(text) or "" for text in inner.drop_nulls().unique().to_list()}
    # A count of outputs is there to be reached; of costs, errors and durations less is better.
    counted = pl.col("class2").eq("数量指标").fill_null(False) & ~says(name, "unwanted")
    meant = (
        # A standard is met by paying exactly it: who is paid less is wronged.
        pl.when(says(name, "paid_standard"))
        .then(pl.lit("="))
        .when(pl.any_horizontal(says(name, meaning) for meaning in _SMALLER))
        .then(pl.lit("≤"))
        .when(pl.any_horizontal(says(name, meaning) for meaning in _LARGER) | counted)
        .then(pl.lit("≥"))
    )
    told = (
        with_classes(words.with_columns(in_name=inner.replace_strict(known, default="")))
        .with_columns(meant=meant)
        .select(
            "indicator",
            "level1",
            "level2",
            inferred=pl.when(pl.col("in_name") != "").then("in_name").otherwise("meant"),
            inferred_from=pl.when(pl.col("in_name") != "")
            .then(pl.lit(NAME))
            .when(pl.col("meant").is_not_null())
            .then(pl.lit(MEANING)),
        )
    )
    frame = targets.join(
        told, on=["indicator", "level1", "level2"], how="left", maintain_order="left"
    )
    filled = bare & pl.col("inferred").is_not_null()
    return frame.with_columns(
        operator=pl.when(filled).then("inferred").otherwise("operator"),
        issue=pl.when(filled).then(pl.lit("")).otherwise("issue"),
        way=pl.when(filled).then(pl.lit(NUMBER)).otherwise("way"),
        operator_from=pl.when(filled)
        .then("inferred_from")
        .when(pl.col("operator") != "")
        .then(pl.lit(PRINTED)),
    ).drop("inferred", "inferred_from")

"""What targets ask for, as ranges of numbers in one unit, so that they can be compared."""

from __future__ import annotations

import polars as pl

from perfeval.messages import number
from perfeval.quantity.conversion import shifted
from perfeval.quantity.units import unit
from perfeval.rules.likeness import added_up
from perfeval.rules.meaning import means
from perfeval.scoring.targets import NUMBER

MORE, LESS = ("≥", ">"), ("≤", "<")
"""Operators under which more is better, and less."""


def with_range(indicators: pl.DataFrame) -> pl.DataFrame:
    """`indicators` with the numbers that their targets allow.

    measure: what the unit measures, else its label; units of one measure compare. amount: the
    target's number in that measure's unit, exact, null where the target is no number. low and high:
    the least and the greatest number that reaches the target, ± infinity where nothing bounds it.
    strict: whether these numbers themselves do not reach it. added: whether amounts add up over
    projects; shares, means and durations do not.
    """
    labels = indicators["unit"].unique().to_list()
    known = {label: unit(label) for label in labels if label}
    powers = {label: each.power for label, each in known.items() if each}
    amount = shifted(
        indicators["target_number"],
        indicators["unit"].replace_strict(powers, default=0, return_dtype=pl.Int32),
    )
    operator = pl.col("operator")
    measure = pl.coalesce("dimension", "unit")
    return indicators.with_columns(
        measure=measure, amount=pl.when(pl.col("way") == NUMBER).then(amount)
    ).with_columns(
        low=pl.when(operator.is_in(LESS)).then(-float("inf")).otherwise("amount"),
        high=pl.when(operator.is_in(MORE)).then(float("inf")).otherwise("amount"),
        strict=operator.is_in([">", "<"]),
        added=added_up(measure) & ~means("rate") & ~means("average"),
    )


def with_asked(found: pl.DataFrame, suffix: str = "") -> pl.DataFrame:
    """`found` with asked: what the target asks for, as a message says it (≥ 90 %)."""
    known = {each: number(each) for each in found[f"target_number{suffix}"].unique() if each}
    numbers = pl.col(f"target_number{suffix}").replace_strict(
        {0.0: "0", **known}, default=None, return_dtype=pl.String
    )
    said = pl.concat_str(f"operator{suffix}", numbers, f"unit{suffix}", separator=" ")
    return found.with_columns(
        pl.when(pl.col(f"amount{suffix}").is_null())
        .then(f"target{suffix}")
        .otherwise(said.str.strip_chars())
        .alias(f"asked{suffix}")
    )

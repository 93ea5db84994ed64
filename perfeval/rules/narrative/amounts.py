"""Amounts of one dimension as integers, so that sums and comparisons are exact.

An amount counts ten-thousandths of its dimension's base unit (元, 人, one for shares): 18.7 万元
are 1,870,000,000.
"""

from __future__ import annotations

import polars as pl

from perfeval.quantity import read_column
from perfeval.quantity.units import unit

PLACES = 4
"""Decimal places of a base unit that amounts count."""

MOST = 9 * 10**15
"""The largest amount: up to here a float64 tells integers apart."""


def amount(number: pl.Expr, power: pl.Expr) -> pl.Expr:
    """`number` of a unit of `power` as an amount; null above `MOST`.

    The numbers are float64 nearest to decimals, so rounding restores what was printed.
    """
    scaled = number * pl.lit(10.0).pow(power + PLACES)
    return pl.when(scaled.abs() <= MOST).then(scaled.round().cast(pl.Int64, strict=False))


def number(amount: pl.Expr, power: pl.Expr) -> pl.Expr:
    """`amount` in a unit of `power`, as a message writes it."""
    return (amount / pl.lit(10.0).pow(power + PLACES)).round(6)


def units(labels: pl.Series) -> pl.DataFrame:
    """unit, dimension and power of those `labels` that are known, each once."""
    known = {label: unit(label) for label in labels.unique() if label}
    return pl.DataFrame(
        [(label, each.dimension, each.power) for label, each in known.items() if each is not None],
        schema={"unit": pl.String, "dimension": pl.String, "power": pl.Int64},
        orient="row",
    )


def read_amounts(printed: pl.Series) -> pl.DataFrame:
    """Those of the distinct texts in `printed` that are a number of a known unit.

    Columns: printed, number, unit, dimension, power, operator and bound (see
    `perfeval.quantity.Quantity`), amount, decimals (how many are printed) and step (the amount of
    one in the last printed place). What is too large or too fine for an amount is left out.
    """
    distinct = printed.drop_nulls().unique(maintain_order=True).alias("printed")
    read = read_column(distinct).select("kind", "number", "unit", "operator", "bound")
    found = pl.concat([distinct.to_frame(), read], how="horizontal")
    decimals = pl.col("printed").str.extract(r"\d\.(\d+)").str.len_chars().fill_null(0)
    places = PLACES + pl.col("power") - pl.col("decimals")
    return (
        found.filter(pl.col("kind") == "number")
        .drop("kind")
        .join(units(found["unit"]), on="unit", maintain_order="left")
        .with_columns(
            amount=amount(pl.col("number"), pl.col("power")), decimals=decimals.cast(pl.Int64)
        )
        .filter(pl.col("amount").is_not_null() & (places >= 0))
        .with_columns(step=pl.lit(10).pow(places).cast(pl.Int64))
    )

"""Columns of numbers brought from one unit to another, exactly."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from perfeval.quantity.units import factor

_SCALE_WORDS = frozenset("十百千万亿")


def powers_between(source: pl.Series, target: pl.Series) -> pl.Series:
    """The power of ten from each source unit to its target unit; null between kinds of unit.

    Both are text of the same length. Labels repeat, so each pair is looked up once.
    """
    zeros = pl.zeros(len(source), pl.Int32, eager=True).alias("power")
    apart = (source != target).fill_null(True)
    if not apart.any():
        return zeros
    frame = pl.DataFrame({"source": source, "target": target}).filter(apart)
    pairs = frame.unique()
    known = pairs.with_columns(
        power=pl.Series([factor(one, other) for one, other in pairs.iter_rows()], dtype=pl.Int32)
    )
    found = frame.join(known, on=["source", "target"], how="left", maintain_order="left")["power"]
    return zeros.scatter(apart.arg_true(), found)


def same_scale(units: pl.Series, unit: str) -> pl.Series:
    """Whether each unit is `unit` or counts the same; Boolean, False for what is no unit."""
    alike = [each for each in units.unique().drop_nulls() if factor(each, unit) == 0]
    return units.is_in(alike).fill_null(False)


def carry_scale(labels: pl.Series) -> pl.Series:
    """Whether each unit begins with a scale word, as 万元 and 千米 do; Boolean, "" does not."""
    known = {
        label: label[:1] in _SCALE_WORDS and factor(label, label[1:]) not in (None, 0)
        for label in labels.unique().to_list()
    }
    # Without anything to replace, polars leaves the column the text that it is.
    return labels.replace_strict(known, return_dtype=pl.Boolean).cast(pl.Boolean)


def shifted(numbers: pl.Series, powers: pl.Series) -> pl.Series:
    """`numbers` (float64, decimals of at most 15 digits) with the decimal point moved.

    Where the power is null the number is lost (null). Multiplying floats would not do: 0.57 × 100
    is not 57. So the few numbers that move are moved as decimals.
    """
    frame = pl.DataFrame({"number": numbers, "power": powers})
    moving = frame.filter(pl.col("power").ne(0) & pl.col("number").is_not_null()).unique()
    if moving.is_empty():
        return frame.select(pl.when(pl.col("power").eq(0)).then("number"))["number"]
    moved = moving.with_columns(
        moved=pl.Series(
            [float(Decimal(repr(number)).scaleb(power)) for number, power in moving.iter_rows()],
            dtype=pl.Float64,
        )
    )
    return frame.join(moved, on=["number", "power"], how="left", maintain_order="left").select(
        pl.when(pl.col("power").eq(0)).then("number").otherwise("moved").alias("number")
    )["number"]

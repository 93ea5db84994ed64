"""Sums of weights are exact: they equal rational arithmetic on the written decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from perfeval.exact import fraction
from perfeval.rules.weights.points import millionths, shown, sums

DECIMALS = st.decimals("0", "1000000", places=6)


@given(st.lists(DECIMALS, min_size=1, max_size=30))
def test_sums_are_those_of_the_written_decimals(weights: list[Decimal]) -> None:
    frame = pl.DataFrame({"project": "P1", "weight": [float(weight) for weight in weights]})
    found = sums(frame)
    exact = sum(map(Fraction, weights), Fraction(0))
    assert Fraction(found["millionths"][0], 10**6) == exact
    # A float64 keeps 15 digits: what is shown is the sum itself.
    assert fraction(found.select(shown("millionths")).item()) == exact


def test_a_weight_beyond_all_points_is_no_crash() -> None:
    frame = pl.DataFrame({"weight": [1e308, -1e308, 0.1]})
    assert frame.select(millionths(pl.col("weight")))["weight"].to_list() == [
        2 * 10**15,
        -2 * 10**15,
        100_000,
    ]

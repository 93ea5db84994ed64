"""R211: actuals that fit their target by exactly a power of ten: a slip of the unit is likely."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity.units import apart
from perfeval.rules import REVIEW, Tables, rule
from perfeval.rules.review.common import plainly
from perfeval.scoring.targets import NUMBER

POWERS = (4, -4, 3, -3, 2, -2)
"""The powers of ten that units of one kind are apart: 元 and 万元, 米 and 千米, shares and %."""

_EXACT = 1e-13  # numbers have at most 15 digits; a power of ten moves floats by less than this
_UNIT = 4  # 元 and 万元; numbers that are round may be 100 or 1,000 times each other by chance
_NAMED = N_(
    "; read in {slip_unit} instead of {own_unit} it is {meant} {target_unit}, exactly the target,"
    " and {claimed} follows: was the unit mistaken?"
)
_LARGER = N_(
    "; it is exactly {times} times the target, and with the decimal point there {claimed} follows:"
    " was the unit mistaken?"
)
_SMALLER = N_(
    "; the target is exactly {times} times it, and with the decimal point there {claimed} follows:"
    " was the unit mistaken?"
)


def power(number: str, asked: str) -> pl.Expr:
    """Which of `POWERS` of ten `number` is times `asked`; null for none and what is not > 0."""
    one, other = pl.col(number), pl.col(asked)
    return pl.coalesce(
        pl.when((one > 0) & ((one - other * 10.0**each).abs() <= _EXACT * one)).then(
            pl.lit(each, pl.Int32)
        )
        for each in POWERS
    )


def slip() -> pl.Expr:
    """The power of ten that an actual is off its target, where full points follow without it."""
    single = pl.col("actual_low") == pl.col("actual_high")
    reached = pl.col("operator").is_in(["≥", "=", "≤"]) & (pl.col("ratio_kind") != "actual")
    full = (pl.col("claimed") == pl.col("full")) & (pl.col("deduction_number") == 0)
    follows = (pl.col("way") == NUMBER) & single & reached & full
    return pl.when(follows.fill_null(False)).then(power("actual_number", "target_number"))


def with_slips(claims: pl.DataFrame) -> pl.DataFrame:
    """`claims` with what is told of their slips (all null where there is none).

    slip: the power (see `slip`); slip_unit: the unit in which the actual is the target, where there
    is one; own_unit: the one that it is read in; meant: the actual in the target's unit then;
    times; slip_remark: the template that tells it.
    """
    frame = claims.with_columns(slip=slip(), own_unit="from_unit", target_unit="unit")
    labels = frame.select("own_unit", "slip").drop_nulls().unique()
    other = [apart(label, -power) for label, power in labels.iter_rows()]
    frame = frame.join(
        labels.with_columns(slip_unit=pl.Series(other, dtype=pl.String)),
        on=["own_unit", "slip"],
        how="left",
        maintain_order="left",
    )
    exists = pl.col("slip").is_not_null()
    times = {each: 10 ** abs(each) for each in POWERS}
    return frame.with_columns(
        own_unit=pl.when(exists).then("own_unit"),
        target_unit=pl.when(exists).then("target_unit"),
        meant=pl.when(exists).then("target_number"),
        times=pl.col("slip").replace_strict(times, default=None, return_dtype=pl.Int64),
        slip_remark=pl.when(pl.col("slip_unit").is_not_null())
        .then(pl.lit(_NAMED))
        .when(pl.col("slip") > 0)
        .then(pl.lit(_LARGER))
        .when(exists)
        .then(pl.lit(_SMALLER)),
    )


TOLD = ("slip_unit", "own_unit", "target_unit", "meant", "times")
"""The columns of `with_slips` that its remarks name."""


@rule(
    "R211",
    "likely-unit-slip",
    "info",
    N_("the actual {actual} reaches {target} at {claimed} of {weight} points{remark}"),
    about="actual",
    commands=(REVIEW,),
)
def likely_unit_slip(tables: Tables) -> pl.DataFrame:
    """An actual that reaches its target is exactly 10,000, 1,000 or 100 times it, or the inverse.

    **What it does.** Finds claims of full points that follow as the numbers stand, and would as
    well if the actual were in the unit that makes it the target. A target that is itself a power of
    ten (1, 10, 100 …) is told of 10,000 times only. Nothing is scored otherwise: a person decides.
    Where the target is missed as the numbers stand, R102 says the same.

    **Why it matters.** Amounts in 元 in a column of 万元 reach every target, whatever was done.

    **Fails.** 5000000 for ≥ 500 万元, claimed in full

    **Repair.** Write the actual with its unit (500 万元), or confirm it.
    """
    assert tables.claims is not None
    reached = tables.claims.lazy().filter(
        pl.col("weighed")
        & (pl.col("status") == "scored")
        & (pl.col("doubt") == "")
        & (pl.col("issue") == "")
        & (pl.col("claimed") == pl.col("low"))
        & slip().is_not_null()
    )
    found = with_slips(reached.collect())
    digits = pl.col("target_number").log10()
    round_number = (digits - digits.round()).abs() <= _EXACT
    return plainly(
        found.filter((pl.col("slip").abs() == _UNIT) | ~round_number),
        tables.policy,
        pl.lit(0),
        remark=pl.col("slip_remark"),
        **{name: pl.col(name) for name in TOLD},
    )

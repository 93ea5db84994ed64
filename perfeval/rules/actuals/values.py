"""A2: actuals that leave the points of their indicator open, or look like a slip."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity import ISSUES
from perfeval.rules import PLACE, ROW_PLACE, SCORE, Tables, rule
from perfeval.rules.tables import LIKE_A_SHARE
from perfeval.scoring.actuals import MISSING, NOT_IN_BAND, OTHER_UNIT, UNREADABLE
from perfeval.scoring.targets import DEADLINE, JUDGED, NUMBER

_NUMBER = N_("the actual {actual} is no number to compare with {target}; write the number")
_OPEN = N_("{actual} leaves {low} to {high} points open; add a percentage, as in 达成(95%)")


@rule(
    "A201",
    "actual-missing",
    "warning",
    N_("no actual is given; the {points} points stay undecided"),
    about="actual",
    commands=(SCORE,),
)
def actual_missing(tables: Tables) -> pl.DataFrame:
    """An indicator has no actual.

    **What it does.** Finds indicators without a row in the actuals, and rows whose actual is blank.

    **Why it matters.** The points are counted as 0 for the time being, and could become full marks.

    **Fails.** A blank cell under 实际完成值

    **Repair.** Fill it in; where the indicator does not apply, answer 否 under 适用.
    """
    assert tables.scores is not None
    found = tables.scores.filter(
        (pl.col("doubt") == MISSING) & pl.col("status").is_in(["undecided"])
    )
    given = pl.col("actual_file").is_not_null()
    return found.select(
        *(pl.when(given).then(f"actual_{name}").otherwise(name).alias(name) for name in ROW_PLACE),
        "project",
        "indicator",
        "row",
        "points",
    )


@rule(
    "A202",
    "actual-unreadable",
    "warning",
    _NUMBER,
    about="actual",
    commands=(SCORE,),
)
def actual_unreadable(tables: Tables) -> pl.LazyFrame:
    """An actual says nothing about its target.

    **What it does.** Finds actuals that cannot be compared with the target: words for a number, a
    number for a date, two numbers in one cell, a rough value (约200), a word of another scale, and
    bounds (200余人) on both sides of which the target could be met.

    **Why it matters.** What isn't a number is not made into one. The points stay undecided between
    nothing and full marks.

    **Fails.** `完成` for ≤ 30 万元 (published by a county in 2023, with full points)

    **Repair.** Write the number that was reached.
    """
    judged = N_(
        "the actual {actual} does not say whether {target} was reached; write 达成, 部分达成 or"
        " 未达成, with a percentage"
    )
    date = N_("the actual {actual} is no date to compare with {target}; write when it was done")
    day = N_("the actual {actual} may be in time for {target} or late; write the full date")
    rough = N_(
        "the actual {actual} is rough and cannot be compared with {target}; write the number"
    )
    bound = N_("the actual {actual} is only a bound and does not decide {target}; write the number")
    is_number = pl.col("way") == NUMBER
    open_range = is_number & (pl.col("doubt") == "") & (pl.col("status") == "undecided")
    return tables.with_actual.filter(
        ((pl.col("doubt") == UNREADABLE) | open_range) & (pl.col("issue") == "")
    ).select(
        *PLACE,
        "actual",
        "target",
        text="actual",
        template=pl.coalesce(
            pl.when(is_number & (pl.col("bound") == "about")).then(pl.lit(rough)),
            pl.when(open_range).then(pl.lit(bound)),
            pl.when(is_number).then(pl.col("actual_issue").replace_strict(ISSUES, default=None)),
            pl.when((pl.col("way") == DEADLINE) & (pl.col("kind") == "date")).then(pl.lit(day)),
            pl.col("way").replace_strict(
                {NUMBER: _NUMBER, JUDGED: judged, DEADLINE: date}, return_dtype=pl.String
            ),
        ),
    )


@rule(
    "A203",
    "actual-in-other-unit",
    "error",
    N_(
        "the actual is in {found}, the target in {expected}, which is of another kind; give the"
        " actual in {expected}"
    ),
    about="actual",
    commands=(SCORE,),
)
def actual_in_other_unit(tables: Tables) -> pl.LazyFrame:
    """An actual has a unit of another kind than its target.

    **What it does.** Compares the dimensions of both units. 万元 and 元 are converted; 人 and 人次,
    or % and no unit at all, are not. 5万 without a unit is not compared with a target in 万元: it
    could be 5 of them or 50000.

    **Why it matters.** 95 persons and 95 % have nothing to do with each other; the points stay
    undecided.

    **Fails.** `1200人次` for ≥ 1000 人

    **Repair.** Give the actual in the target's unit.
    """
    return tables.with_actual.filter(pl.col("doubt") == OTHER_UNIT).select(
        *PLACE,
        "actual",
        found=pl.when(pl.col("inner_unit") != "").then("inner_unit").otherwise("actual_unit"),
        expected="unit",
        template=pl.when(pl.col("scaled") & (pl.col("actual_unit") == ""))
        .then(pl.lit(N_("{actual} of what? The target is in {expected}; write the unit too")))
        .when(pl.col("unit") == "")
        .then(pl.lit(N_("the actual is in {found}, the target has no unit; give it one"))),
    )


@rule(
    "A204",
    "share-for-percent",
    "warning",
    N_("{actual} is read as {actual} %, of a target of {target}; is {percent} % meant?"),
    about="actual",
    commands=(SCORE,),
)
def share_for_percent(tables: Tables) -> pl.LazyFrame:
    """A number up to 1 stands where a percentage of that size is unlikely.

    **What it does.** Finds actuals between 0 and 1, without a sign of their own, for targets of at
    least 10 %.

    **Why it matters.** A workbook cell that shows 95 % holds 0.95. It is scored as it is written,
    0.95 %, and only flagged: which is meant is not ours to guess.

    **Fails.** `0.95` for ≥ 90 %

    **Repair.** `95` or `95%`
    """
    return tables.with_actual.filter(LIKE_A_SHARE).select(
        *PLACE, "actual", "target", percent=(pl.col("actual_number") * 100).round(10)
    )


@rule(
    "A205",
    "band-without-number",
    "warning",
    _OPEN,
    about="actual",
    commands=(SCORE,),
)
def band_without_number(tables: Tables) -> pl.LazyFrame:
    """A judgement names a band, but not the points within it.

    **What it does.** Finds qualitative results without a number, and numbers that lie outside the
    band of their own word.

    **Why it matters.** 达成 is 80 to 100 % of the points, 部分达成 60 to 80 % (财预〔2020〕10号);
    which number it is, a person decides.

    **Fails.** `部分达成`

    **Repair.** `部分达成(70%)`
    """
    found = tables.with_actual.filter(
        (pl.col("status") == "undecided")
        & pl.col("way").is_in([JUDGED, DEADLINE])
        & pl.col("judged").is_not_null()
    )
    missed = N_(
        "{actual} misses {target} and leaves {low} to {high} points open; write 部分达成 or 未达成"
        " with a percentage, as in 部分达成(70%)"
    )
    contradicts = N_("{actual} contradicts itself: {share} % is not in the band of this word")
    return found.select(
        *PLACE,
        "actual",
        "target",
        low=(pl.col("low") / 100).round(2),
        high=(pl.col("high") / 100).round(2),
        share=(pl.col("share") * 100).round(10),
        template=pl.when(pl.col("doubt") == NOT_IN_BAND)
        .then(pl.lit(contradicts))
        .when(pl.col("judged") == "below")
        .then(pl.lit(missed))
        .otherwise(pl.lit(_OPEN)),
    )

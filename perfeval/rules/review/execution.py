"""R3: execution rates and scores that do not follow from their own amounts, or outrun them."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, REVIEW, Tables, rule
from perfeval.rules.review.common import placed

_TIE = 1e-9  # what floats may be off in a comparison with half a digit
LAG = 0.05
"""Share by which the indicators' points may be ahead of the money's (a province's lamp: 5 %)."""


# As written, with their units: the reader looks for what the form prints.
_AS_WRITTEN = (
    pl.col("written_spent").alias("spent"),
    pl.col("written_budget").alias("budget"),
)


def _claimed(tables: Tables) -> pl.DataFrame:
    """The self-evaluations, placed where their execution stands."""
    assert tables.claimed is not None
    return placed(tables.claimed, "execution")


@rule(
    "R301",
    "execution-rate-does-not-follow",
    "warning",
    N_("{spent} ÷ {budget} is {found} %; printed {rate}"),
    about="execution_rate",
    commands=(REVIEW,),
)
def execution_rate_does_not_follow(tables: Tables) -> pl.DataFrame:
    """A printed execution rate does not follow from its own amounts.

    **What it does.** Divides the amount spent by the adjusted budget and compares the result with
    the printed rate, at the decimals that are printed; rounding either way at a tie is accepted.

    **Why it matters.** The rate decides up to ten points. A published table prints 86.19 % for
    215,457.60 of 250,000.00, which is 86.18 % (上海市普陀区 2022).

    **Fails.** 215457.6 of 250000, printed 86.19 %

    **Repair.** Correct the rate, or the amount that is wrong; the denominator is the adjusted
    budget (全年预算数), not the initial one.
    """
    step = 10.0 ** -pl.col("rate_decimals").cast(pl.Float64)
    exact = pl.col("spent") / pl.col("budget") * 100
    # A workbook's cell may hold 0.76 where 76 % is meant.
    as_share = (pl.col("rate") <= 1.5) & ~pl.col("execution_rate").str.contains("[%％]")
    initial = N_(
        "{spent} ÷ {budget} is {found} %; printed {rate}, which is the share of the initial budget"
        " {budget_initial}; the adjusted one counts"
    )
    of_initial = pl.col("spent") / pl.col("budget_initial") * 100
    found = _claimed(tables).filter(
        (pl.col("doubt") == "")
        & pl.col("rate").is_not_null()
        & ((pl.col("rate") - exact).abs() > step / 2 + _TIE)
        & ~(as_share & ((pl.col("rate") * 100 - exact).abs() <= step * 50 + _TIE))
    )
    return found.select(
        *PROJECT_PLACE,
        *_AS_WRITTEN,
        "budget_initial",
        "rate",
        found=exact.round(4),
        template=pl.when((pl.col("rate") - of_initial).abs() <= step / 2 + _TIE).then(
            pl.lit(initial)
        ),
    )


@rule(
    "R302",
    "execution-score-does-not-follow",
    "error",
    N_("{spent} ÷ {budget} × {weight} is {recomputed} points; claimed {claimed}"),
    about="execution_score",
    commands=(REVIEW,),
)
def execution_score_does_not_follow(tables: Tables) -> pl.DataFrame:
    """A claimed execution score does not follow from its own amounts.

    **What it does.** Multiplies the printed weight of execution (the policy's where none is
    printed) with spent ÷ adjusted budget, at most 1, rounds half up to cents and compares.

    **Why it matters.** Execution is the one indicator that is arithmetic alone, and it has ten
    points (财预〔2020〕10号).

    **Fails.** 89.97 of 120 with 10 points, claimed 9

    **Repair.** Claim what the amounts give.
    """
    over = pl.col("execution_claimed") - pl.col("execution_low")
    found = _claimed(tables).filter((pl.col("doubt") == "") & (over != 0))
    at_stake = pl.min_horizontal(pl.max_horizontal(over, 0) / 100, "execution_points")
    return found.select(
        *PROJECT_PLACE,
        *_AS_WRITTEN,
        weight="execution_points",
        recomputed=(pl.col("execution_low") / 100).round(2),
        claimed=(pl.col("execution_claimed") / 100).round(2),
        points=at_stake.round(2),
        severity=pl.when(over < 0).then(pl.lit("warning")),
    )


@rule(
    "R303",
    "execution-without-amounts",
    "warning",
    N_("budget {budget}, spent {spent}: no rate follows from these, yet {claimed} is claimed"),
    about="execution_score",
    commands=(REVIEW,),
)
def execution_without_amounts(tables: Tables) -> pl.DataFrame:
    """An execution rate or score without the amounts that it is the quotient of.

    **What it does.** Finds projects whose budget or spending is blank, unreadable, in another unit,
    or zero, and that print a rate or a score all the same.

    **Why it matters.** 0 ÷ 0 is not 0 %: a published table prints 0, 0, rate 0 and score 0 in its
    total row, and 90, 89.974 in the row below (池州市贵池区棠溪镇 2022).

    **Fails.** budget 0, spent 0, rate 0, score 0

    **Repair.** Give the adjusted budget and what was spent of it.
    """
    found = _claimed(tables).filter(
        (pl.col("doubt") != "")
        & (pl.col("rate").is_not_null() | pl.col("execution_claimed").is_not_null())
    )
    return found.select(
        *PROJECT_PLACE,
        budget=pl.col("written_budget").replace("", None),
        spent=pl.col("written_spent").replace("", None),
        claimed=pl.coalesce(pl.col("execution_score").replace("", None), pl.col("execution_rate")),
        points=(pl.col("execution_claimed").fill_null(0) / 100).round(2),
    )


@rule(
    "R304",
    "spent-more-than-budget",
    "warning",
    N_("{spent} spent of {budget} is {found} %: more than 100 % needs an explanation"),
    about="spent",
    commands=(REVIEW,),
)
def spent_more_than_budget(tables: Tables) -> pl.DataFrame:
    """More was spent than the adjusted budget.

    **What it does.** Finds execution rates above 100 %.

    **Why it matters.** Money cannot be spent that was not there: the budget is the initial one, or
    an amount is wrong. A published table prints 338.31 of 329.77, 102.59 %, and leaves the score
    blank (金寨县 2023).

    **Fails.** budget 329.77, spent 338.31

    **Repair.** Give the adjusted budget.
    """
    blank = N_(
        "{spent} spent of {budget} is {found} %, and the execution score is left blank: more than"
        " 100 % needs an explanation"
    )
    found = _claimed(tables).filter((pl.col("doubt") == "") & (pl.col("spent") > pl.col("budget")))
    no_score = pl.col("execution_score") == ""
    return found.select(
        *PROJECT_PLACE,
        *_AS_WRITTEN,
        found=(pl.col("spent") / pl.col("budget") * 100).round(2),
        template=pl.when(no_score & ("execution_score" in tables.given)).then(pl.lit(blank)),
    )


@rule(
    "R305",
    "indicators-ahead-of-money",
    "warning",
    N_(
        "the indicators claim {indicator_share} % of their points, execution {execution_share} % of"
        " its own: done without the money, or claimed without being done?"
    ),
    about="score",
    commands=(REVIEW,),
)
def indicators_ahead_of_money(tables: Tables) -> pl.DataFrame:
    """The indicators are far ahead of the money.

    **What it does.** Compares the share of the indicators' points that is claimed with the share of
    execution that is reached; told where the first is ahead by more than 5 % of itself, the red
    lamp of a province's system: (S/90 − B/10) ÷ (S/90).

    **Why it matters.** Targets that are reached without the money were set too low, or are not
    reached.

    **Fails.** 90 of 90 points, with 20 of 100 万元 spent

    **Repair.** Explain it; lower next year's budget or raise its targets.
    """
    # Of a partial table nobody knows the other indicators.
    share = pl.col("claimed_sum") / pl.col("full_sum")
    rate = pl.min_horizontal(pl.col("spent") / pl.col("budget"), 1.0)
    found = _claimed(tables).filter(
        (pl.col("doubt") == "")
        & ~pl.col("partial")
        & pl.col("all_claimed")
        & pl.col("all_weighed")
        & (pl.col("full_sum") > 0)
        & (share > 0)
        & ((share - rate) > LAG * share + _TIE)
    )
    return found.select(
        *PROJECT_PLACE,
        indicator_share=(share * 100).round(2),
        execution_share=(rate * 100).round(2),
    )


@rule(
    "R306",
    "execution-on-another-scale",
    "info",
    N_(
        "{claimed} for budget execution is out of {scale}, while it has {weight} points: {claimed}"
        " × {weight} ÷ {scale} = {taken} is what counts"
    ),
    about="execution_score",
    commands=(REVIEW,),
)
def execution_on_another_scale(tables: Tables) -> pl.DataFrame:
    """The score of execution is printed out of 100, while it has ten points.

    **What it does.** Finds execution weights of 100 beside indicators that have points of their
    own, and scores above their own weight that are the rate in per cent, or with which the printed
    total follows only after they are scaled. They are scaled to the points of execution, and
    compared then.

    **Why it matters.** Taken as it stands, 97.5 of 10 points would be a gross error that it is not.

    **Fails.** 执行率分值 10, executed 97.5 of 100, 执行率得分 97.5

    **Repair.** None is due; print the points that count: 9.75.
    """
    found = _claimed(tables).filter(pl.col("execution_scale").is_not_null())
    return found.select(
        *PROJECT_PLACE,
        claimed="execution_score",
        scale="execution_scale",
        weight="execution_points",
        taken=(pl.col("execution_claimed") / 100).round(2),
    )

"""A3 and A4: scores that want a second look or an explanation, and budget execution."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PLACE, PROJECT_PLACE, SCORE, Tables, rule
from perfeval.scoring.targets import COMPARISONS, NUMBER

_TOO_LOW = N_("{actual} is {times} times the target {target}: was the target set too low?")
_NO_RATE = N_(
    "{spent} spent of a budget of {budget} gives no rate; give the adjusted budget, above 0"
)


@rule(
    "A301",
    "over-achieved",
    "info",
    _TOO_LOW,
    about="actual",
    commands=(SCORE,),
)
def over_achieved(tables: Tables) -> pl.LazyFrame:
    """An actual is far above its target.

    **What it does.** Finds actuals from `over_achievement.flag_at` times the target (1.2 in a
    province's system, 1.3 in Guangxi) where more is better.

    **Why it matters.** 财预〔2020〕10号 has points reduced where a target was plainly set too low.
    There is no formula; a reviewer enters a deduction by hand.

    **Fails.** 3061 toilets rebuilt of ≥ 2000

    **Repair.** Explain it under 偏差原因, and set next year's target by this year's result.
    """
    flag_at = float(tables.policy.over_achievement.flag_at)
    due = tables.policy.over_achievement.reason_required
    missing = N_(
        "{actual} is {times} times the target {target}; from {flag_at} times on a reason is due"
        " (偏差原因)"
    )
    owed = pl.lit(due) & (pl.col("reason") == "")
    times = pl.col("actual_number") / pl.col("target_number")
    rows = tables.with_actual
    return rows.filter(
        (pl.col("way") == NUMBER)
        & pl.col("operator").is_in(["≥", ">", "="])
        & (pl.col("target_number") > 0)
        & (times >= flag_at)
        & (pl.col("status") == "scored")
    ).select(
        *PLACE,
        "actual",
        "target",
        times=times.round(2),
        flag_at=pl.lit(flag_at),
        template=pl.when(owed).then(pl.lit(missing)).otherwise(pl.lit(_TOO_LOW)),
        severity=pl.when(owed).then(pl.lit("warning")).otherwise(pl.lit("info")),
    )


@rule(
    "A302",
    "full-points-though-not-met",
    "info",
    N_("{actual} does not meet {target} as it is written, yet the rule gives full points"),
    about="actual",
    commands=(SCORE,),
)
def full_points_though_not_met(tables: Tables) -> pl.LazyFrame:
    """The predicate is false, the points are full.

    **What it does.** Finds scored indicators with full marks whose predicate, read strictly, is
    not met: an "=" that is exceeded, a ">" or "<" at equality.

    **Why it matters.** Deployed practice scores both in full, but the target table asked for
    something else. Often the operator is wrong, not the result.

    **Fails.** 12 for `= 10 次`

    **Repair.** `≥ 10 次` in the next target table.
    """
    return tables.with_actual.filter(
        (pl.col("status") == "scored")
        & pl.col("operator").is_in(COMPARISONS)
        & pl.col("met").eq(False)
        & (pl.col("score") >= pl.col("full"))
        & (pl.col("points") > 0)
    ).select(*PLACE, "actual", "target")


@rule(
    "A303",
    "reason-missing",
    "warning",
    N_("{lost} points are lost and no reason is given (偏差原因)"),
    about="reason",
    commands=(SCORE,),
)
def reason_missing(tables: Tables) -> pl.LazyFrame:
    """Points are lost without a reason.

    **What it does.** Finds scored indicators below full marks whose reason is blank.

    **Why it matters.** The self-evaluation form asks for a reason and a remedy wherever the score
    is below the weight.

    **Fails.** 88 of ≥ 90 %, with a blank 偏差原因

    **Repair.** Say why, and what will be done.
    """
    rows = tables.with_actual
    lost = pl.col("full") - pl.col("score")
    return rows.filter(
        (pl.col("status") == "scored") & (lost > 0) & (pl.col("reason") == "")
    ).select(*PLACE, lost=(lost / 100).round(2))


@rule(
    "A304",
    "nothing-to-score",
    "error",
    N_("no indicator with any points applies: the project has no grade"),
    commands=(SCORE,),
)
def nothing_to_score(tables: Tables) -> pl.DataFrame:
    """Every indicator of a project is not applicable, or those left have no weight.

    **What it does.** Finds projects whose applicable indicators carry no points at all.

    **Why it matters.** The points of what does not apply go to the project's other indicators, and
    there are none. A total of 0 and the grade 差, which stops next year's money, would be made up.

    **Fails.** 否 under 适用 for all five indicators

    **Repair.** Answer 否 only where an indicator truly does not apply; a project that was not
    carried out is for a reviewer, not for a score.
    """
    assert tables.scores is not None
    rows = tables.scores.select("file", "project", "points")
    without = rows.filter(pl.col("points") == 0)
    if without.is_empty():
        return without.select("file", "project")
    others = rows.filter(pl.col("points") != 0)
    found = without.join(others, on="project", how="anti", maintain_order="left")
    return found.unique("project", keep="first", maintain_order=True).select("file", "project")


@rule(
    "A401",
    "execution-undecided",
    "warning",
    _NO_RATE,
    about="spent",
    commands=(SCORE,),
)
def execution_undecided(tables: Tables) -> pl.DataFrame:
    """The execution rate of a project does not follow from its amounts, or they are missing.

    **What it does.** Finds projects whose execution points stay undecided: an amount is missing or
    unreadable, the two are in units of different kinds, or the budget is 0.

    **Why it matters.** The points stay open between nothing and all. A budget of 0 has no rate, and
    0 ÷ 0 is not 0 % (池州市 2022 printed 0 for it).

    **Fails.** budget blank, spent 89.97

    **Repair.** Give the adjusted budget (全年预算数); where nothing was adjusted, the initial one.
    """
    assert tables.execution_scores is not None
    missing = N_("no execution data; the {weight} points for budget execution stay undecided")
    found = tables.execution_scores.filter(pl.col("status") == "undecided")
    if tables.execution is not None:
        written = tables.execution.filter(pl.col("rejected").is_null()).select(
            "written_budget", "written_spent", project="code"
        )
        found = found.join(written, on="project", how="left", maintain_order="left")
    else:
        found = found.with_columns(
            written_budget=pl.lit(None, pl.String), written_spent=pl.lit(None, pl.String)
        )
    templates = {
        "missing": N_("budget {budget}, spent {spent}: one is missing; give both amounts in 万元"),
        "other-unit": N_(
            "budget {budget} and spent {spent} cannot be compared; write both in one unit, 万元"
        ),
        "unreadable": N_("budget {budget}, spent {spent}: not two amounts; write them in 万元"),
        "no-rate": _NO_RATE,
    }
    shown = [
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name.removeprefix("written_"))
        for name in ("written_budget", "written_spent")
    ]
    return found.select(
        *PROJECT_PLACE,
        *shown,
        "weight",
        template=pl.col("doubt").replace_strict(templates, default=missing),
        about=pl.when(pl.col("written_budget") == "").then(pl.lit("budget")),
    )


@rule(
    "A402",
    "overspent",
    "warning",
    N_(
        "{spent} spent of a budget of {budget} is {percent} %: more than 100 % needs an explanation"
    ),
    about="spent",
    commands=(SCORE,),
)
def overspent(tables: Tables) -> pl.DataFrame:
    """More was spent than the adjusted budget.

    **What it does.** Finds execution rates above 100 %; the points are capped at full marks.

    **Why it matters.** Money cannot be spent that was not there: the budget is the initial one, or
    an amount is wrong (a published table prints 338.31 of 329.77, 102.59 %, and leaves the score
    blank).

    **Fails.** budget 329.77, spent 338.31

    **Repair.** Give the adjusted budget.
    """
    assert tables.execution_scores is not None
    return tables.execution_scores.filter(pl.col("rate") > 1).select(
        *PROJECT_PLACE,
        "spent",
        "budget",
        percent=(pl.col("rate") * 100).round(6),
    )

"""R2: points that nothing proves: no target, no actual, words for numbers, other units."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.reviewing.carried import AS_SHARE
from perfeval.rules import PLACE, PROJECT_PLACE, REVIEW, Tables, rule
from perfeval.rules.review.common import plainly
from perfeval.scoring.actuals import MISSING, OTHER_UNIT, UNREADABLE
from perfeval.scoring.targets import JUDGED
from perfeval.tables import PLACE as ROW_PLACE

_NEITHER = N_("{claimed} of {weight} points are claimed without a target and without an actual")
_UNPROVEN = pl.col("weighed") & (pl.col("claimed") > 0) & (pl.col("claimed") <= pl.col("full"))


def _told(tables: Tables, found: pl.DataFrame, **more: pl.Expr) -> pl.DataFrame:
    """Findings about some claims, in the rule's own words."""
    return plainly(found, tables.policy, pl.col("claimed"), **more)


@rule("R201", "points-without-evidence", "error", _NEITHER, about="actual", commands=(REVIEW,))
def points_without_evidence(tables: Tables) -> pl.DataFrame:
    """Points are claimed for a row without a target or without an actual.

    **What it does.** Finds claims whose target or actual is blank.

    **Why it matters.** Nothing was promised, or nothing is shown to have been achieved; no score
    follows from it. A published table of 2022 has full points in six rows that have neither
    (天长市水利局: 工程质量合格, 安全度汛 …).

    **Fails.** 工程质量合格, target and actual blank, claimed 10 of 10

    **Repair.** State the target that was approved and the actual that was reached.
    """
    assert tables.claims is not None
    no_target = pl.col("issue") == "missing"
    no_actual = pl.col("doubt") == MISSING
    target = N_("{claimed} of {weight} points are claimed for {actual} without a target")
    actual = N_("{claimed} of {weight} points are claimed for {target} without an actual")
    return _told(
        tables,
        tables.claims.filter(_UNPROVEN & (no_target | no_actual)),
        template=pl.when(no_target & no_actual)
        .then(pl.lit(_NEITHER))
        .when(no_target)
        .then(pl.lit(target))
        .otherwise(pl.lit(actual)),
    )


@rule(
    "R202",
    "words-for-a-number",
    "warning",
    N_(
        "the actual {actual} is no number to compare with {target}, yet {claimed} of {weight}"
        " points are claimed; ask for the number"
    ),
    about="actual",
    commands=(REVIEW,),
)
def words_for_a_number(tables: Tables) -> pl.DataFrame:
    """Points are claimed for an actual that cannot be compared with its target.

    **What it does.** Finds claims whose actual is a text, a rough value or two numbers, while the
    target is a number or a date.

    **Why it matters.** The claim cannot be repeated. A county's table prints 完成 for ≤ 30 万元 and
    claims 90 of 90 points (大英县司法局 2023).

    **Fails.** 成本控制数 ≤ 30 万元, actual 完成, claimed 90

    **Repair.** Write the number that was reached.
    """
    assert tables.claims is not None
    return _told(
        tables,
        tables.claims.filter(
            _UNPROVEN
            & (pl.col("doubt") == UNREADABLE)
            & (pl.col("issue") == "")
            & (pl.col("way") != JUDGED)
        ),
    )


@rule(
    "R203",
    "text-actual-full-points",
    "info",
    N_(
        "{actual} for {target} is worth {recomputed} to {recomputed_high} points ({policy});"
        " claimed in full: {claimed}. Who judged it, and by what?"
    ),
    about="actual",
    commands=(REVIEW,),
)
def text_actual_full_points(tables: Tables) -> pl.DataFrame:
    """Full points for a judgement in words.

    **What it does.** Finds qualitative indicators with full marks whose actual gives no number
    within its band (达成预期指标, or the target repeated).

    **Why it matters.** 达成 is 80 to 100 % of the points (财预〔2020〕10号); which it is, a person
    decides, and should say by what.

    **Fails.** 市场公平影响, target 效果明显, actual 达成预期指标, claimed 10 of 10 (池州市贵池区
    2022)

    **Repair.** Give the judgement its number and its grounds, as in 达成(95%).
    """
    assert tables.claims is not None
    return _told(
        tables,
        tables.claims.filter(
            _UNPROVEN
            & (pl.col("way") == JUDGED)
            & (pl.col("claimed") == pl.col("full"))
            & (pl.col("status") == "undecided")
            & (pl.col("doubt") == "")
            & (pl.col("high") >= pl.col("full"))
        ),
        points=((pl.col("claimed") - pl.col("low")) / 100).round(2),
    )


@rule(
    "R204",
    "claimed-in-other-unit",
    "warning",
    N_(
        "the actual {actual} is in another kind of unit than {target}, yet {claimed} of {weight}"
        " points are claimed"
    ),
    about="actual",
    commands=(REVIEW,),
)
def claimed_in_other_unit(tables: Tables) -> pl.DataFrame:
    """Points are claimed for an actual in a unit of another kind than its target.

    **What it does.** Compares the dimensions of both units, where both print one.

    **Why it matters.** 人 and 人次, or % and 个, cannot be compared; the claim does not follow.

    **Fails.** 1200人次 for ≥ 1000 人, claimed in full

    **Repair.** Give the actual in the target's unit.
    """
    assert tables.claims is not None
    return _told(
        tables,
        tables.claims.filter(_UNPROVEN & (pl.col("doubt") == OTHER_UNIT) & (pl.col("issue") == "")),
    )


@rule(
    "R205",
    "target-does-not-decide",
    "info",
    N_(
        "nothing can be recomputed: the target {target} does not say which way is better, or is no"
        " single number; claimed {claimed} of {weight}"
    ),
    about="target",
    commands=(REVIEW,),
)
def target_does_not_decide(tables: Tables) -> pl.DataFrame:
    """A claim rests on a target that decides nothing.

    **What it does.** Finds claims whose target is a number without an operator (and neither the
    name nor its meaning gives one), holds two numbers (2-3个), or has a unit that contradicts its
    column. Two numbers are a text that a person may judge; they are told where the actual is no
    judgement of them.

    **Why it matters.** The claim cannot be checked; that is no fault of the actual, and the target
    table should have been sent back (see T101 to T103, U101).

    **Fails.** 补助资金 200 without an operator, claimed in full

    **Repair.** Ask for the approved target.
    """
    assert tables.claims is not None
    undecided = ~pl.col("issue").is_in(["", "missing"]) & (pl.col("doubt") != MISSING)
    holds_numbers = pl.col("target").str.contains("[0-9]")
    unjudged = (pl.col("way") == JUDGED) & (pl.col("doubt") == UNREADABLE) & holds_numbers
    return _told(tables, tables.claims.filter(_UNPROVEN & (undecided | unjudged)))


@rule(
    "R206",
    "reason-missing-for-lost-points",
    "warning",
    N_("{lost} points are given up and no reason is given (偏差原因)"),
    about="reason",
    commands=(REVIEW,),
)
def reason_missing_for_lost_points(tables: Tables) -> pl.DataFrame:
    """Fewer points than the weight are claimed, and no reason is given.

    **What it does.** Finds claims below the weight whose reason is blank, in tables that have a
    column for it.

    **Why it matters.** The form asks for a reason and a remedy wherever the score is below the
    weight.

    **Fails.** claimed 7 of 10, 偏差原因 blank

    **Repair.** Say why, and what will be done.
    """
    assert tables.claims is not None
    found = tables.claims.filter(
        pl.col("asks_reason")
        & pl.col("weighed")
        & (pl.col("claimed") < pl.col("full"))
        & (pl.col("reason").fill_null("") == "")
    )
    return _told(
        tables,
        found,
        lost=((pl.col("full") - pl.col("claimed")) / 100).round(2),
        points=pl.lit(0.0),
    )


@rule(
    "R207",
    "claim-unusable",
    "warning",
    N_("the claimed score “{text}” is no number of points ≥ 0 with at most two decimals"),
    about="score",
    commands=(REVIEW,),
)
def claim_unusable(tables: Tables) -> pl.DataFrame:
    """A claimed score is not a number of points.

    **What it does.** Finds cells of the score column that hold something else than points of 0 or
    more with at most two decimals.

    **Why it matters.** Nothing can be compared, and the total cannot follow from its parts.

    **Fails.** `满分`

    **Repair.** Write the points.
    """
    assert tables.claims is not None
    unread = pl.col("claimed").is_null() & (pl.col("claimed_text") != "")
    return tables.claims.filter(unread | (pl.col("claimed") < 0)).select(
        *PLACE, text=pl.col("claimed_text").str.slice(0, 40)
    )


@rule(
    "R208",
    "weights-not-printed",
    "info",
    N_("no weights are printed for {count} of {of} indicators; their claims are not recomputed"),
    about="weight",
    commands=(REVIEW,),
)
def weights_not_printed(tables: Tables) -> pl.DataFrame:
    """A table without weights: its claims can't be recomputed.

    **What it does.** Counts a project's indicators without a printed weight. Sums and execution are
    still checked.

    **Why it matters.** Without the weight nobody knows what full marks are; some published forms
    print points only (黄石市住房和城乡建设局 2022).

    **Fails.** A form with a column 得分 and none for 分值

    **Repair.** Give the weights, or review the project against its approved target table
    (`--specs`).
    """
    assert tables.claims is not None
    found = tables.claims.group_by("project", maintain_order=True).agg(
        pl.col(*ROW_PLACE).first(), count=(~pl.col("weighed")).sum(), of=pl.len()
    )
    return found.filter(pl.col("count") > 0).select(*PROJECT_PLACE, "count", "of")


@rule(
    "R209",
    "claimed-share-for-percent",
    "warning",
    N_(
        "the actual {actual} of {target} is {actual} % as it stands; if {share} % is meant, write"
        " it so: nothing is recomputed until then"
    ),
    about="actual",
    commands=(REVIEW,),
)
def claimed_share_for_percent(tables: Tables) -> pl.DataFrame:
    """A number up to 1 stands where a percentage of that size is unlikely.

    **What it does.** Finds actuals between 0 and 1, without a sign of their own, for targets of at
    least 10 %. Their claims are not recomputed.

    **Why it matters.** A workbook cell that shows 95 % holds 0.95. Taken to the letter it costs
    nearly all points; taken as meant it would be a guess.

    **Fails.** 0.95 for ≥ 90 %, claimed 10 of 10

    **Repair.** `95` or `95%`
    """
    assert tables.claims is not None
    found = tables.claims.filter((pl.col("doubt") == AS_SHARE) & pl.col("claimed").is_not_null())
    share = (pl.col("actual_number") * 100).round(10)
    return _told(tables, found, share=share, points=pl.lit(0.0))

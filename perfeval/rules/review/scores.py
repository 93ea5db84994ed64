"""R1: claims that differ from what their own target and actual give."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import REVIEW, Tables, rule
from perfeval.rules.review import slips
from perfeval.rules.review.arithmetic import RATIO, remarks
from perfeval.rules.review.common import plainly, sure, told
from perfeval.scoring.targets import NUMBER


def recomputed(tables: Tables) -> pl.LazyFrame:
    """Claims with a weight whose points follow from target and actual, at least within bounds."""
    assert tables.claims is not None
    return tables.claims.lazy().filter(
        pl.col("weighed")
        & pl.col("claimed").is_not_null()
        & pl.col("status").is_in(["scored", "undecided"])
        & (pl.col("doubt") == "")
        & (pl.col("issue") == "")
        & pl.col("claimed").is_between(0, pl.col("full"))
    )


@rule(
    "R101",
    "claimed-above-weight",
    "error",
    N_("{claimed} points are claimed of a weight of {weight}; at most the weight can be earned"),
    about="score",
    commands=(REVIEW,),
)
def claimed_above_weight(tables: Tables) -> pl.DataFrame:
    """More points are claimed than the indicator has.

    **What it does.** Compares the claimed score with the printed weight.

    **Why it matters.** Over-achievement earns full marks, never more (财预〔2020〕10号).

    **Fails.** weight 10, claimed 12

    **Repair.** Claim at most the weight, or correct the weight.
    """
    assert tables.claims is not None
    found = tables.claims.filter(
        (pl.col("weight") > 0)
        & (pl.col("status") != "not_applicable")
        & (pl.col("claimed") > pl.col("full"))
    )
    over = pl.col("claimed") - pl.col("full")
    return plainly(found, tables.policy, over)


@rule(
    "R102",
    "missed-target-full-points",
    "error",
    RATIO,
    about="score",
    commands=(REVIEW,),
)
def missed_target_full_points(tables: Tables) -> pl.DataFrame:
    """A target was missed, and full points are claimed.

    **What it does.** Recomputes each claim from its own target and actual under the policy, and
    finds full marks where the rule gives less. Where the table prints no operator, the one in the
    indicator's name is taken, else the one that its meaning implies; the finding says so and is
    then a warning. Where the actual is exactly 100, 1,000 or 10,000 times the target, or the
    inverse, and the claim would follow, it says that too; where a unit explains it (元 for 万元),
    it is a warning.

    **Why it matters.** An unmet target earns points in proportion (财预〔2020〕10号), not all.
    A published table of 2022 has 20 of 550 sets of equipment at full 9.30 points, where 3.64 % of
    the target is 0.34 (南华县农业农村局).

    **Fails.** 20 of ≥ 550 with weight 9.3, claimed 9.3

    **Repair.** Claim what the rule gives, or correct the actual if it is the misprint.
    """
    found = recomputed(tables).filter(
        (pl.col("claimed") == pl.col("full")) & (pl.col("high") < pl.col("full"))
    )
    over = pl.col("claimed") - pl.col("high")
    # Without a unit that explains it a hundredth of the target is a hundredth of the target.
    severity = pl.when(pl.col("slip_unit").is_not_null()).then(pl.lit("warning"))
    return told(
        slips.with_slips(found.collect()),
        tables.policy,
        over,
        severity=severity.otherwise(sure("error", "warning")),
        remark=remarks("slip_remark"),
        **{name: pl.col(name) for name in slips.TOLD},
    )


@rule(
    "R103",
    "claimed-above-recomputed",
    "error",
    RATIO,
    about="score",
    commands=(REVIEW,),
)
def claimed_aboverecomputed(tables: Tables) -> pl.DataFrame:
    """More points are claimed than target and actual give.

    **What it does.** Compares the claim with the recomputed score (with its upper bound, where a
    judgement or a rough actual leaves a range). Where another policy gives exactly the claim
    (2 − actual/target instead of target/actual, all or nothing …), the finding names it and is a
    warning. Full marks for a missed target are R102.

    **Why it matters.** One wrong point costs or wins next year's money, and the department must be
    able to repeat the arithmetic.

    **Fails.** 88 of ≥ 90 % with weight 10, claimed 9.9 (88 ÷ 90 × 10 is 9.78)

    **Repair.** Claim what the rule gives; say under 偏差原因 why less was reached.
    """
    found = recomputed(tables).filter(
        (pl.col("claimed") > pl.col("high")) & (pl.col("claimed") < pl.col("full"))
    )
    over = pl.col("claimed") - pl.col("high")
    severity = pl.when(pl.col("fits").is_not_null()).then(pl.lit("warning"))
    return told(found, tables.policy, over, severity=severity.otherwise(sure("error", "warning")))


@rule(
    "R104",
    "claimed-below-recomputed",
    "info",
    RATIO,
    about="score",
    commands=(REVIEW,),
)
def claimed_belowrecomputed(tables: Tables) -> pl.DataFrame:
    """Fewer points are claimed than target and actual give.

    **What it does.** Compares the claim with the recomputed score (with its lower bound). A reason
    (偏差原因) may well explain it: judgement can take points off, and the rule only tells.

    **Why it matters.** The department loses points that it has earned, or knows something that the
    actual does not say. A school's table of 2022 claims 7 of 10 points for a target that is fully
    met, with the cell for the reason empty (永德县明朗中学).

    **Fails.** 100 of ≥ 100 % with weight 10, claimed 7

    **Repair.** Claim what the rule gives, or say why less is claimed.
    """
    found = recomputed(tables).filter(pl.col("claimed") < pl.col("low"))
    return told(found, tables.policy, pl.lit(0))


@rule(
    "R105",
    "cost-copied-from-target",
    "warning",
    N_(
        "the actual cost is printed as {actual}, exactly the target, while {spent} 万元 was spent;"
        " was the target copied?"
    ),
    about="actual",
    commands=(REVIEW,),
)
def cost_copied_from_target(tables: Tables) -> pl.DataFrame:
    """The actual of a cost is the target, though another amount was spent.

    **What it does.** Finds cost indicators in money whose target is the project's whole budget (to
    half a per cent, as targets are rounded) and whose actual equals it to the digit, while another
    amount was spent. Where that is more than a tenth off, the rest may still be owed, and it is
    only a note. Costs of a part of the project are left alone.

    **Why it matters.** A cost that is copied from the target was not measured. A published table
    prints a total cost of 90 of ≤ 90 万元, and 89.974 万元 spent (池州市贵池区棠溪镇 2022).

    **Fails.** 总成本 ≤ 90 万元 of a budget of 90, actual 90, spent 89.974

    **Repair.** Write the amount that was spent.
    """
    assert tables.claims is not None
    in_money = pl.col("unit").is_in(["万元", "元"])
    target = (
        pl.when(pl.col("unit") == "元")
        .then(pl.col("target_number") / 10_000)
        .otherwise("target_number")
    )
    found = tables.claims.filter(
        (pl.col("way") == NUMBER)
        & in_money
        & pl.col("class2").str.contains("成本").fill_null(False)
        & (pl.col("actual_number") == pl.col("target_number"))
        & ((pl.col("budget") - target).abs() <= 0.005 * pl.col("budget"))
        & (pl.col("spent") > 0)
        & ((pl.col("spent") - target).abs() > 5e-5)
    )
    # Costs are what was used up, and not all of it may be paid yet.
    far = ~pl.col("spent").is_between(target * 0.9, target * 1.1)
    owed = N_(
        "the actual cost is printed as {actual}, exactly the target, while {spent} 万元 was spent:"
        " was the target copied, or is the rest still owed?"
    )
    return plainly(
        found,
        tables.policy,
        pl.lit(0),
        spent=pl.col("spent"),
        severity=pl.when(far).then(pl.lit("info")),
        template=pl.when(far).then(pl.lit(owed)),
    )

"""R212: exact targets that were exceeded, which policies read in different ways."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.reviewing.operators import PRINTED
from perfeval.rules import REVIEW, Tables, rule
from perfeval.rules.review.arithmetic import RATIO, remarks
from perfeval.rules.review.common import told
from perfeval.rules.review.scores import recomputed
from perfeval.scoring.targets import NUMBER

_EXCEEDED = N_("; the target is exactly {asked_number}, and more was done")


@rule(
    "R212",
    "exact-target-exceeded",
    "info",
    RATIO,
    about="actual",
    commands=(REVIEW,),
)
def exact_target_exceeded(tables: Tables) -> pl.DataFrame:
    """More was done than a target of exactly so much asks for.

    **What it does.** Finds claims that follow from their policy, where the target is a printed =
    and the actual is larger, and shows what the policy makes of it. Claims that do not follow are
    R102 to R104.

    **Why it matters.** Whether 12 for = 10 reaches the target is a policy's choice: some count it
    as reached, some as missed. And where more is welcome, the target should be ≥.

    **Fails.** 12 for = 10 次, claimed 10 of 10

    **Repair.** Say why it was more; write ≥ where more is better.
    """
    found = recomputed(tables).filter(
        (pl.col("way") == NUMBER)
        & (pl.col("operator") == "=")
        & (pl.col("operator_from") == PRINTED)
        & (pl.col("actual_low") > pl.col("target_number"))
        & pl.col("claimed").is_between("low", "high")
    )
    exceeded = pl.concat_list(remarks(), pl.lit(_EXCEEDED))
    return told(
        found, tables.policy, pl.lit(0), asked_number=pl.col("target_number"), remark=exceeded
    )

"""R7: reviewers' decisions that no longer stand on what they were made on."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.reviewing.decisions import WORDS
from perfeval.rules import REVIEW, Tables, rule
from perfeval.tables import PLACE as ROW_PLACE

_WORDS = {decision: words[0] for decision, words in WORDS.items()}


@rule(
    "R701",
    "decision-outdated",
    "warning",
    N_(
        "the decision “{decision}” of {role} was made on {evidence}, the row is now {now}; it is"
        " not applied: look again and renew it"
    ),
    about="score",
    commands=(REVIEW,),
)
def decision_outdated(tables: Tables) -> pl.DataFrame:
    """A reviewer's decision was made on another state of the row.

    **What it does.** Compares the code of the evidence that stands with a decision (a hash of
    target, actual, weight and claim) with the row as it is now. The decision is not applied.

    **Why it matters.** A reason that was accepted for 88 % is no reason for 80 %.

    **Fails.** accepted at 88 %, submitted again with 80 %

    **Repair.** Look at the row again, decide, and write its present code (依据码).
    """
    if tables.decisions is None:
        return tables.projects.clear()
    return tables.decisions.filter(pl.col("stale")).select(
        *ROW_PLACE,
        "project",
        "indicator",
        "role",
        "evidence",
        "now",
        decision=pl.struct(zh=pl.col("decision").replace_strict(_WORDS), en="decision"),
    )

"""R7: reviewers' decisions that do not, or may not, stand on what they were made on."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.reviewing.decisions import NOTE, WORDS
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
    return _told(tables, pl.col("stale"), "evidence")


@rule(
    "R702",
    "decision-without-evidence",
    "warning",
    N_(
        "the decision “{decision}” of {role} has no code of its evidence (依据码), so it is applied"
        " whatever stands there; if it was made on what stands now, write {now}"
    ),
    about="score",
    commands=(REVIEW,),
)
def decision_without_evidence(tables: Tables) -> pl.DataFrame:
    """A reviewer's decision does not say on which state of the row it was made.

    **What it does.** Finds decisions without a code of the evidence (依据码), other than notes.
    They are applied.

    **Why it matters.** If the row is handed in again with other values, the decision is applied to
    what nobody has looked at; with the code R701 would tell.

    **Fails.** accepted, 依据码 left blank

    **Repair.** Write the present code, or decide in the table that `--to-decide` writes, where it
    stands.
    """
    changing = pl.col("decision") != NOTE
    return _told(tables, (pl.col("evidence") == "") & changing)


def _told(tables: Tables, wrong: pl.Expr, *more: str) -> pl.DataFrame:
    if tables.decisions is None:
        return tables.projects.clear()
    return tables.decisions.filter(wrong).select(
        *ROW_PLACE,
        "project",
        "indicator",
        "role",
        *more,
        "now",
        decision=pl.struct(zh=pl.col("decision").replace_strict(_WORDS), en="decision"),
    )

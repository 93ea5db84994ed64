"""T1: whether a target decides anything; where it does not, points stay undecided."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity import ISSUES
from perfeval.rules import CHECK, PLACE, SCORE, Tables, rule


@rule(
    "T101",
    "target-missing",
    "error",
    N_("the indicator has no target; state what is asked for"),
    about="target",
    commands=(CHECK, SCORE),
)
def target_missing(tables: Tables) -> pl.DataFrame:
    """An indicator has no target.

    **What it does.** Finds indicators whose target is blank, unless they are judged as a whole
    (operator 定性).

    **Why it matters.** Without a target nothing can be met or missed, so the points stay undecided;
    published self-evaluations give full points to such rows (天长市 2022: 工程质量合格).

    **Fails.** `target = ""`

    **Repair.** `target = "= 100 %"`, or `target = "定性 合格"`.
    """
    return tables.targets.filter(pl.col("issue") == "missing").select(PLACE)


@rule(
    "T102",
    "target-undecidable",
    "error",
    N_("nothing can be compared with the target {target}: write an operator and one number"),
    about="target",
    commands=(CHECK, SCORE),
)
def target_undecidable(tables: Tables) -> pl.DataFrame:
    """A target cannot be compared with anything.

    **What it does.** Finds targets with a comparing operator whose text is not a number, and
    targets that hold no usable number (two numbers, more than 15 significant digits, not finite) or
    two operators that contradict each other (≤ in its column, ≥5 in the target).

    **Why it matters.** What isn't a number is not made into one: the points stay undecided.

    **Fails.** `target = "≥ 建筑面积2.6万平方米,展示面积1万平方米"`

    **Repair.** Two indicators, one number each.
    """
    decided = ["", "missing", "operator", "unit"]
    return tables.targets.filter(~pl.col("issue").is_in(decided)).select(
        *PLACE,
        "target",
        text=pl.concat_str("own_operator", "target", separator=" ").str.strip_chars(),
        template=pl.col("issue").replace_strict(ISSUES, default=None),
    )


@rule(
    "T103",
    "operator-missing",
    "error",
    N_("the target {target} does not say whether more or less is better: write ≥, ≤ or ="),
    about="target",
    commands=(CHECK, SCORE),
)
def operator_missing(tables: Tables) -> pl.DataFrame:
    """A number as target, without an operator that says which way is better.

    **What it does.** Finds numeric targets for which no operator is written in any column, and
    operator columns that hold something else (正向).

    **Why it matters.** 10 of 12 is a shortfall for visits and a success for complaints. The points
    stay undecided until the table says which.

    **Fails.** `target = "50 个"`

    **Repair.** `target = "≥ 50 个"`
    """
    return tables.targets.filter(pl.col("issue") == "operator").select(*PLACE, "target")

"""Families T and U, as far as a target that decides nothing goes: targets and units."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity import ISSUES
from perfeval.rules import PLACE, Tables, rule


@rule("T101", "target-missing", "error", N_("the indicator has no target; state what is asked for"))
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


@rule(
    "U101",
    "unit-contradicts-target",
    "error",
    N_("the unit inside the target {target} is of another kind than the unit column's {unit}"),
)
def unit_contradicts_target(tables: Tables) -> pl.DataFrame:
    """The unit inside the target is of another kind than the unit column.

    **What it does.** Reads the unit after a target's number and compares its dimension with the
    unit column; 万元 beside 元 is converted and no finding.

    **Why it matters.** Which of the two is meant decides the predicate: `28.8万元` with the unit %
    is a budget or a share, but not both.

    **Fails.** `operator = "≤"`, `target = "28.8万元"`, `unit = "%"`

    **Repair.** Write one unit.
    """
    return tables.targets.filter(pl.col("issue") == "unit").select(*PLACE, "target", "unit")

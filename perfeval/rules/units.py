"""Family U: units."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import CHECK, PLACE, SCORE, Tables, rule


@rule(
    "U101",
    "unit-contradicts-target",
    "error",
    N_("the unit inside the target {target} is of another kind than the unit column's {unit}"),
    about="unit",
    commands=(CHECK, SCORE),
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

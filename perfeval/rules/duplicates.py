"""Family D: the same thing counted twice."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import CHECK, PLACE, SCORE, Tables, rule


@rule(
    "D101",
    "indicator-twice",
    "error",
    N_("the project has {indicator} already in line {first}, under the same level 2"),
    commands=(CHECK, SCORE),
)
def indicator_twice(tables: Tables) -> pl.DataFrame:
    """A project has one indicator twice under the same level 2.

    **What it does.** Compares project, level 2 and name after NFKC, without spaces, with brackets
    made alike.

    **Why it matters.** What is achieved once is paid for twice, and no actual can say which of the
    two it is for: both stay undecided.

    **Fails.** 服务办事群众 twice under 社会效益指标

    **Repair.** Remove one, or give them the names of what they really count.
    """
    keys = ["project", "level2_key", "name_key"]
    frame = tables.indicators.with_columns(
        position=pl.int_range(pl.len()).over(keys), first=pl.col("line").first().over(keys)
    )
    return frame.filter((pl.col("position") > 0) & (pl.col("name_key") != "")).select(
        *PLACE, "first"
    )

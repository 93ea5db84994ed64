"""What an indicator measures by its name, and under which class it is filed."""

from __future__ import annotations

import polars as pl

from perfeval.rules import PLACE, Tables, means

QUANTITY, QUALITY, TIMELINESS = "数量指标", "质量指标", "时效指标"
BENEFITS = ("经济效益指标", "社会效益指标")
SATISFACTION = "服务对象满意度指标"

IN_TIME = means("timeliness") | means("duration")
"""Whether something is done in time, or how long it takes."""

HOW_WELL = (means("quality") | means("error_rate")) & ~IN_TIME
"""How well something is done, as a share."""

MONEY = pl.col("dimension") == "金额"
SPENT = ~means("income") & (
    (means("spending") & (MONEY | (pl.col("dimension") == ""))) | (means("payout") & MONEY)
)
"""Money that is paid out: by the name alone, or by a verb of paying and a unit of money."""


def filed(tables: Tables, *classes: str) -> pl.DataFrame:
    """The indicators under these classes of level 2.

    Where level 1 contradicts level 2 nothing is certain but that, and C102 tells it.
    """
    return tables.indicators.filter(pl.col("class2").is_in(classes) & ~pl.col("misplaced"))


def told(rows: pl.DataFrame, **values: pl.Expr) -> pl.DataFrame:
    """The findings about `rows`: place, level 2, target and `values`."""
    return rows.select(*PLACE, "level2", "target", **values)

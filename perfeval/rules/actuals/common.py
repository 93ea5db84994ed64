"""What the rules of family A share: where a finding stands, and which rows it is about."""

from __future__ import annotations

import polars as pl

from perfeval.rules import Tables

PLACE = ("file", "line", "project", "indicator", "row")


def actuals(tables: Tables) -> pl.DataFrame:
    """Every row of the actuals, as matched and read."""
    assert tables.actuals is not None
    return tables.actuals


def rejected(tables: Tables, *reasons: str) -> pl.DataFrame:
    """The rows of the actuals that were rejected for one of `reasons`."""
    return actuals(tables).filter(pl.col("rejected").is_in(reasons))


def with_actual(tables: Tables) -> pl.DataFrame:
    """The scored table's indicators that have an actual; `file` and `line` are the actual's."""
    assert tables.scores is not None
    return (
        tables.scores.filter(pl.col("actual").is_not_null())
        .drop("file", "line")
        .rename({"actual_file": "file", "actual_line": "line"})
    )

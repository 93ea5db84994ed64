"""How a rule on sums tells what differs: real differences one by one, those of rounding as one."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules.amounts import NONE, by_rounding, shown, with_headings
from perfeval.rules.tables import PROJECT_PLACE
from perfeval.tables import PLACE as ROW_PLACE

ROUNDED = N_(
    "{where}, {item}, {heading}: {found} and {expected} differ by {difference} 万元, which rounding"
    " explains (such differences in all: {count})"
)
PLACE_OF = ("item", "step", *ROW_PLACE, "project")
"""The columns of an amount that say where it is."""


def side_by_side(found: pl.DataFrame, expected: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Amounts that should be the same, matched by `keys`, as `differences` takes them.

    What is on one side alone is compared with nothing, 0. The place is that of what is `found`, if
    it is there.
    """
    both = found.select(*keys, *PLACE_OF, found="amount").join(
        expected.select(*keys, *PLACE_OF, expected="amount"),
        on=keys,
        how="full",
        coalesce=True,
        maintain_order="left_right",
    )
    return both.select(
        *keys,
        *(pl.coalesce(name, f"{name}_right").alias(name) for name in PLACE_OF),
        pl.col("found", "expected").fill_null(NONE),
        addends=pl.lit(2),
    )


def against(compared: pl.DataFrame, found: str, expected: str) -> pl.DataFrame:
    """The findings about what is `found` in one table and `expected` by another."""
    named = compared.with_columns(
        where=pl.lit(f"{found}、{expected}"),
        where_found=pl.lit(found),
        where_expected=pl.lit(expected),
    )
    return differences(named, "where_found", "where_expected")


def differences(compared: pl.DataFrame, *more: str) -> pl.DataFrame:
    """The findings about rows whose `found` is not what is `expected`.

    `compared` has department, where (the tables, as the message names them), item, found, expected,
    addends (how many rounded numbers were added up), step, file, line, project, a heading or table
    and column, and the columns of `more`, which the message names too. Differences that rounding
    explains are one finding per department and tables, about the largest.
    """
    if "heading" not in compared.columns:
        compared = with_headings(compared)
    off = (
        compared.with_columns(difference=pl.col("found") - pl.col("expected"))
        .filter(pl.col("difference") != 0)
        .with_columns(
            rounded=by_rounding(pl.col("difference"), pl.col("addends"), pl.col("step")),
            count=pl.lit(1, pl.Int64),
        )
    )
    group = ["department", "where"]
    rounded = off.filter("rounded").with_columns(count=pl.len().cast(pl.Int64).over(group))
    largest = rounded.sort(pl.col("difference").abs(), descending=True, maintain_order=True).unique(
        group, keep="first", maintain_order=True
    )
    told = pl.concat([off.filter(~pl.col("rounded")), largest])
    return told.select(
        *PROJECT_PLACE,
        "where",
        "item",
        "heading",
        *(shown(pl.col(name)).alias(name) for name in ("found", "expected")),
        shown(pl.col("difference").abs()).alias("difference"),
        "count",
        *more,
        severity=pl.when("rounded").then(pl.lit("info")),
        template=pl.when("rounded").then(pl.lit(ROUNDED)),
    )

"""Points as whole numbers, so that sums are exact, and how a table shares them out over level 1."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from perfeval.messages import number
from perfeval.policy import Policy
from perfeval.rules.classes import groups

_MOST = 2e9  # points; more than any policy has, and few enough to be exact

Shares = Mapping[str, int]
"""Millionths of a point by level-1 group."""


def millionths(points: pl.Expr) -> pl.Expr:
    """Points as int64 millionths: 10.3 + 9.3 + 10.8 + 10.3 is 40.7 and nothing else.

    A float64 that stands for a decimal of six places is brought back to it; more places are
    rounded, and more than 2,000,000,000 points are taken for that many.
    """
    return (points.clip(-_MOST, _MOST) * 1e6).round().cast(pl.Int64)


def in_millionths(points: Fraction) -> int:
    """The same for the points of a policy, which have four places at most."""
    return int(points * 10**6)


def shown(millionths: str) -> pl.Expr:
    """A column of millionths as the points that a message tells."""
    # polars divides by a constant with its inverse; rounding gives the nearest float64 back.
    return (pl.col(millionths) / 1e6).round(6)


def sound(indicators: pl.DataFrame) -> pl.DataFrame:
    """The indicators of projects that have a weight everywhere, and none below zero.

    Of others a sum says nothing; what is wrong with them is told row by row.
    """
    unsound = indicators.filter(pl.col("weight").is_null() | (pl.col("weight") < 0))
    if unsound.is_empty():
        return indicators
    return indicators.join(unsound, on="project", how="anti", maintain_order="left")


def sums(indicators: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Per project and `keys`: millionths, and rows, how many indicators they are the sum of."""
    return indicators.group_by("project", *keys, maintain_order=True).agg(
        millionths=millionths(pl.col("weight")).sum(), rows=pl.len()
    )


def shares(indicators: pl.DataFrame) -> pl.DataFrame:
    """Per project: groups and millionths (lists), how it shares its points out over level 1.

    Satisfaction is a group of its own wherever it stands. `key` is the same for projects that share
    alike; there are few of those, as departments fill in one form.
    """
    satisfaction = pl.col("class2") == "服务对象满意度指标"
    group = pl.when(satisfaction).then(pl.lit("满意度指标")).otherwise("group")
    parts = sums(indicators.with_columns(group=group), "group")
    return parts.group_by("project", maintain_order=True).agg(
        "millionths",
        groups="group",
        key=pl.format("{} {}", "group", "millionths").str.join("/"),
    )


def ways(shares: pl.DataFrame) -> dict[str, Shares]:
    """By key: each way of sharing that occurs in `shares`."""
    distinct = shares.unique("key", maintain_order=True)
    return {
        key: dict(zip(names, points, strict=True))
        for key, names, points in distinct.select("key", "groups", "millionths").iter_rows()
    }


def structures(policy: Policy) -> list[Shares]:
    """How the policy would have the points shared out: none, one, or several ways."""
    return [
        dict(zip(groups([*level1]), map(in_millionths, level1.values()), strict=True))
        for level1 in (policy.level1, *policy.alternatives)
        if level1
    ]


def told(shares: Shares) -> list[str]:
    """`shares` as a message lists them: 产出指标 50."""
    return [f"{group} {number(points / 10**6)}" for group, points in shares.items()]

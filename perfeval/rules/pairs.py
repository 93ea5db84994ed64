"""Like indicators side by side: who is paired, whether they contradict, and how a pair is told."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from perfeval.rules.asked import with_asked
from perfeval.rules.likeness import MEANING, REMARKS
from perfeval.rules.meaning import means
from perfeval.rules.tables import PLACE, Tables

_SIDE = (
    *PLACE, "level2_key", "name_key", "strict_length", "operator", "target", "unit",
    "target_number", "amount", "low", "high", "strict", "added",
)  # fmt: skip
"""What a pair tells of each of its sides."""

LARGE = 1000
"""Least number that several projects do not share by chance: whom a department serves in all."""

NAME_AND_LEVEL = ("project", "level2_key", "name_key")
OFFICE_AND_NAME = ("department", "year", "same_name")


def is_twice() -> pl.Expr:
    """Whether an indicator stands in its project already, by its name and level 2 (D101)."""
    return ~pl.struct(NAME_AND_LEVEL).is_first_distinct() & (pl.col("name_key") != "")


def is_execution() -> pl.Expr:
    """Whether an indicator measures how much of the budget is spent, or is left (D104, D105)."""
    return means("budget_execution") | means("budget_left")


def once(measure: str) -> pl.Expr:
    """The column `measure` with what is counted by times as what is counted once: 人次 as 人."""
    return pl.col(measure).str.replace("^(.+)次$", "${1}")


def numbers(tables: Tables) -> pl.DataFrame:
    """The indicators that ask for a number, without those of budget execution, in few columns."""
    columns = ("row", "project", "overall", "name_key", *OFFICE_AND_NAME, "measure", "operator")
    frame = tables.compared.select(*columns, "amount", "added", execution=is_execution())
    return frame.filter(pl.col("amount").is_not_null() & ~pl.col("execution"))


def in_project(tables: Tables) -> pl.DataFrame:
    """Pairs of like indicators of one project, that no rule of its own (D101, D104) tells.

    Columns: those of `_SIDE` for the later row, the same with `_other` for the earlier one,
    likeness, similarity, and exclusive: whether no number reaches both targets. By meaning words
    only that counts which does not add up: of things counted, one may be a part of the other.
    """
    frame = tables.compared
    told = frame.select("row", told=is_twice() | is_execution()).filter("told")
    pairs = tables.like_in_project.join(told, on="row", how="anti")
    surely = (pl.col("likeness") != MEANING) | ~pl.col("added")
    return beside(frame, pairs).with_columns(exclusive=surely & (_below() | _above()))


def in_department(tables: Tables) -> pl.DataFrame:
    """Pairs of a project's indicator (the row) and its department's own (the other).

    Columns as `in_project` has them, and narrower: whether the department's is alike by meaning
    words and says more, so that it may be a part of the project's. Where amounts add up, targets
    exclude one another only if the whole is to be less than its part.
    """
    frame = tables.compared
    execution = frame.select("row", execution=is_execution()).filter("execution")
    pairs = tables.like_in_department.join(execution, on="row", how="anti")
    narrower = pl.col("strict_length_other") > pl.col("strict_length")
    return (
        beside(frame, pairs)
        .with_columns(narrower=(pl.col("likeness") == MEANING) & narrower)
        .with_columns(
            exclusive=pl.when("added")
            .then(_above() & ~pl.col("narrower"))
            .otherwise(_below() | _above())
        )
    )


def beside(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (row, other …) with the columns of `_SIDE` for both, the other's with `_other`."""
    side = frame.select(_SIDE)
    other = side.select(pl.all().name.suffix("_other")).rename({"row_other": "other"})
    both = pairs.join(side, on="row", maintain_order="left").join(
        other, on="other", maintain_order="left"
    )
    return both.with_columns(added=pl.col("added") & pl.col("added_other")).drop("added_other")


def _below() -> pl.Expr:
    """Whether all that reaches the row's target is less than all that reaches the other's."""
    high, low = pl.col("high"), pl.col("low_other")
    return (high < low) | ((high == low) & (pl.col("strict") | pl.col("strict_other")))


def _above() -> pl.Expr:
    low, high = pl.col("low"), pl.col("high_other")
    return (low > high) | ((low == high) & (pl.col("strict") | pl.col("strict_other")))


def once_in_each_project(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The first row of each project among those alike in `by`; none of overall tables."""
    rows = rows.filter(~pl.col("overall"))
    return rows.filter(pl.struct("project", *by).is_first_distinct())


def turned(pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with their sides changed: the other is the row, and the row is the other."""
    sides = {name: f"{name}_other" for name in _SIDE if name != "added"} | {"row": "other"}
    return pairs.rename(sides | {other: name for name, other in sides.items()})


def placed(pairs: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """`pairs` with what a message says of both sides: asked, and the other's name and place."""
    names = tables.projects.select(project_other="project", other_name="name")
    frame = with_asked(with_asked(pairs), "_other")
    return frame.join(names, on="project_other", how="left", maintain_order="left").with_columns(
        other="indicator_other",
        other_asked="asked_other",
        other_line="line_other",
        other_project="project_other",
    )


def how_alike() -> tuple[pl.Expr, ...]:
    """The values that say on which likeness a finding rests: exact, normalised or meaning."""
    remark = pl.col("likeness").replace_strict(REMARKS, return_dtype=pl.String).alias("remark")
    return pl.col("likeness"), pl.col("similarity"), remark

"""Which indicator each row of actuals is for; a row that fits none is kept, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from perfeval.names import are_distinct, normalise_column, with_keys

UNKNOWN_PROJECT = "unknown-project"
UNKNOWN_INDICATOR = "unknown-indicator"
AMBIGUOUS = "ambiguous-indicator"
CONTRADICTED = "contradicted-row"
REPEATED = "repeated-row"
UNUSABLE = "unusable-cell"

_VALUES = ("level2", "actual", "unit", "score", "reason", "deduction", "applicable")


def match_projects(rows: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `code`: the project that `project` names by code, or by a name only it has.

    Names are compared as `perfeval.names` says; null where none fits.
    """
    codes = projects.select(key=normalise_column(projects["project"]), code="project")
    names = (
        projects.select(key=normalise_column(projects["name"]), code="project")
        .filter(pl.col("key") != "")
        .unique("key", keep="none")
        .join(codes, on="key", how="anti")
    )
    return (
        rows.with_columns(normalise_column(rows["project"]).alias("key"))
        .join(pl.concat([codes, names]), on="key", how="left", maintain_order="left")
        .drop("key")
    )


def match_actuals(
    actuals: pl.DataFrame, projects: pl.DataFrame, targets: pl.DataFrame
) -> pl.DataFrame:
    """`actuals` with `row`, the indicator it is for, and `rejected`, why it can't be used.

    The pair (project, indicator) names an indicator; `level2` decides where a project uses one name
    twice. Rows that give one indicator different values are all rejected (`row` stays known): which
    one is right is not ours to guess. A row that repeats another to the letter is rejected alone.
    """
    pair = ["code", "name_key"]
    known = with_keys(targets.select("row", "project", "indicator", "level2")).rename(
        {"project": "code"}
    )
    one_each = are_distinct(*known.select(pair))
    if one_each and _same(actuals, targets, ("project", "indicator")):
        nothing = pl.lit(None, pl.String)
        return actuals.with_columns(
            code="project", name_key=known["name_key"], row=targets["row"],
            first_line=nothing, rejected=nothing,
        )  # fmt: skip
    rows = with_keys(match_projects(actuals, projects))
    shared = pl.repeat(False, len(known), eager=True)
    if not one_each:
        shared = known.select(pl.struct(pair).is_duplicated()).to_series()
    single, several = known.filter(~shared).select(*pair, "row"), known.filter(shared)
    by_level = several.unique([*pair, "level2_key"], keep="none").select(
        *pair, "level2_key", by_level="row"
    )
    rows = rows.join(single, on=pair, how="left", maintain_order="left")
    if several.is_empty():
        return _judged(rows, pl.lit(False))
    rows = (
        rows.join(by_level, on=[*pair, "level2_key"], how="left", maintain_order="left")
        .join(
            several.select(*pair, ambiguous=pl.lit(True)).unique(),
            on=pair,
            how="left",
            maintain_order="left",
        )
        .with_columns(row=pl.coalesce("row", "by_level"))
    )
    return _judged(rows, pl.col("ambiguous").fill_null(False)).drop("by_level", "ambiguous")


def _same(one: pl.DataFrame, other: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether two tables say the same in these columns, row by row."""
    return len(one) == len(other) and all((one[name] == other[name]).all() for name in columns)


def for_rows(found: pl.DataFrame, count: int) -> pl.DataFrame:
    """One row for each of `count` indicators: that of `found` which is for it, else nulls.

    `found`: its column `row`, which goes, is the position of the indicator, none of them twice.
    """
    rows = found["row"].to_numpy()
    if len(rows) == count and (rows == np.arange(count)).all():
        return found.drop("row")
    places = np.full(count, len(found), np.uint32)
    places[rows] = np.arange(len(found), dtype=np.uint32)
    place = pl.Series(places)
    return found.drop("row").select(pl.all().gather(place.set(place == len(found), None)))


def _judged(rows: pl.DataFrame, ambiguous: pl.Expr) -> pl.DataFrame:
    """Matched rows with `rejected`: why one cannot be used, as far as that is known by now."""
    rows = with_repeats(rows, "row", _VALUES)
    rejected = (
        pl.when(pl.col("code").is_null())
        .then(pl.lit(UNKNOWN_PROJECT))
        .when(pl.col("row").is_null() & ambiguous)
        .then(pl.lit(AMBIGUOUS))
        .when(pl.col("row").is_null())
        .then(pl.lit(UNKNOWN_INDICATOR))
        .otherwise("repeats")
    )
    return rows.with_columns(rejected=rejected).drop("repeats", "level2_key")


def with_repeats(rows: pl.DataFrame, of: str, values: Sequence[str]) -> pl.DataFrame:
    """`rows` with what is to be said of those that share a value of the column `of`.

    repeats: `CONTRADICTED` where they differ in `values`, else `REPEATED` for all but the first;
    null for rows without company. first_line: the line of the first (sheet!row in a workbook).
    """
    rows = rows.with_row_index("position")
    several = rows.filter(pl.col(of).is_not_null()).filter(pl.col(of).is_duplicated())
    if several.is_empty():
        nothing = pl.lit(None, pl.String)
        return rows.with_columns(repeats=nothing, first_line=nothing).drop("position")
    told = several.select(
        "position",
        repeats=pl.when(pl.struct(*values).n_unique().over(of) > 1)
        .then(pl.lit(CONTRADICTED))
        .when(pl.col("position") != pl.col("position").min().over(of))
        .then(pl.lit(REPEATED)),
        first_line=pl.when(pl.col("sheet").is_null())
        .then(pl.format("{}", "line"))
        .otherwise(pl.format("{}!{}", "sheet", "line"))
        .first()
        .over(of),
    )
    return rows.join(told, on="position", how="left", maintain_order="left").drop("position")

"""Which indicator each row of actuals is for; a row that fits none is kept, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from perfeval.names import are_distinct, hashed, normalise_column, with_keys

UNKNOWN_PROJECT = "unknown-project"
UNKNOWN_INDICATOR = "unknown-indicator"
AMBIGUOUS = "ambiguous-indicator"
CONTRADICTED = "contradicted-row"
REPEATED = "repeated-row"
UNUSABLE = "unusable-cell"

_VALUES = ("level2", "actual", "unit", "score", "reason", "deduction", "applicable")
MATCHED = ("indicator", *_VALUES)
"""What is looked at in a row besides its project."""


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
    known = with_keys(targets).select("row", "indicator", "name_key", "level2_key", code="project")
    one_each = are_distinct(known["code"], known["name_key"])
    place = (
        _as_written(actuals, known)
        if one_each
        else pl.repeat(None, len(actuals), dtype=pl.UInt32, eager=True)
    )
    rows = actuals.with_columns(
        known.select("code", "name_key", "row").select(pl.all().gather(place)),
        ambiguous=pl.lit(False),
    )
    others = place.is_null()
    if others.any():
        numbered = actuals.with_row_index("position").filter(others)
        rows = rows.with_row_index("position")
        found = _by_keys(numbered, projects, known).select(rows.columns)
        rows = pl.concat([rows.filter(~others), found]).sort("position").drop("position")
    return _judged(rows)


def _as_written(actuals: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """The place in `known` of the indicator whose project and name each row spells as it does.

    Null for other rows. No two of `known` are of one project and name.
    """
    asked = actuals.select("indicator", code="project")
    names = ("code", "indicator")
    if len(asked) == len(known) and all((asked[name] == known[name]).all() for name in names):
        return pl.arange(len(known), dtype=pl.UInt32, eager=True)
    own, others = (hashed(*frame.select(names)).alias("hash") for frame in (known, asked))
    if own.n_unique() < len(own):
        return pl.repeat(None, len(asked), dtype=pl.UInt32, eager=True)
    found = others.to_frame().join(
        own.to_frame().with_row_index("place"), on="hash", how="left", maintain_order="left"
    )["place"]
    same = [asked[name] == known[name].gather(found) for name in names]
    return found.set(~(same[0] & same[1]).fill_null(False), None)


def _by_keys(actuals: pl.DataFrame, projects: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """`actuals` with code, row and ambiguous, as `perfeval.names` compares names."""
    pair = ["code", "name_key"]
    rows = with_keys(match_projects(actuals, projects))
    known = known.filter(pl.col("code").is_in(rows["code"].unique().drop_nulls().implode()))
    shared = known.select(pl.struct(pair).is_duplicated()).to_series()
    single, several = known.filter(~shared).select(*pair, "row"), known.filter(shared)
    rows = rows.join(single, on=pair, how="left", maintain_order="left")
    by_level = several.unique([*pair, "level2_key"], keep="none").select(
        *pair, "level2_key", by_level="row"
    )
    return (
        rows.join(by_level, on=[*pair, "level2_key"], how="left", maintain_order="left")
        .join(
            several.select(*pair, ambiguous=pl.lit(True)).unique(),
            on=pair,
            how="left",
            maintain_order="left",
        )
        .with_columns(
            row=pl.coalesce("row", "by_level"), ambiguous=pl.col("ambiguous").fill_null(False)
        )
    )


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


def in_target_order(matched: pl.DataFrame) -> pl.DataFrame:
    """Matched rows in the order of the indicators that they are for, those for none at the end.

    Brought into it once, they need not be looked up column by column. `position`: where each row
    stood; it is there only if any row was moved.
    """
    row = matched["row"]
    if row.is_sorted(nulls_last=True):
        return matched
    numbered = row.to_frame().with_row_index("position")
    order = numbered.sort("row", nulls_last=True, maintain_order=True)["position"]
    return matched.with_row_index("position")[order]


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Matched rows with `rejected`: why one cannot be used, as far as that is known by now."""
    rows = with_repeats(rows, "row", _VALUES)
    rejected = (
        pl.when(pl.col("code").is_null())
        .then(pl.lit(UNKNOWN_PROJECT))
        .when(pl.col("row").is_null() & pl.col("ambiguous"))
        .then(pl.lit(AMBIGUOUS))
        .when(pl.col("row").is_null())
        .then(pl.lit(UNKNOWN_INDICATOR))
        .otherwise("repeats")
    )
    return rows.with_columns(rejected=rejected).drop("repeats", "ambiguous")


def with_repeats(rows: pl.DataFrame, of: str, values: Sequence[str]) -> pl.DataFrame:
    """`rows` with what is to be said of those that share a value of the column `of`.

    repeats: `CONTRADICTED` where they differ in `values`, else `REPEATED` for all but the first;
    null for rows without company. first_line: the line of the first (sheet!row in a workbook).
    """
    again = pl.repeat(False, len(rows), eager=True)
    grows = (rows[of] > rows[of].shift(1)).fill_null(False)
    if grows.sum() < len(rows) - 1:
        again = rows[of].is_not_null() & rows[of].is_duplicated()
    if not again.any():
        nothing = pl.lit(None, pl.String)
        return rows.with_columns(repeats=nothing, first_line=nothing)
    rows = rows.with_row_index("position")
    several = rows.filter(again).rechunk()  # see `perfeval.engines.part`
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

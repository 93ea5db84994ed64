"""What has to be known of all projects before parts are scored: names, and what settings mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from perfeval.engines.spark.inputs import Table, union
from perfeval.names import normalise, normalise_text
from perfeval.sources.specs import Specs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_HEADS = "key string, project string, name string, name_key string, number long, line long"
_PROJECTS = {"project": pl.String, "name": pl.String}


@dataclass(frozen=True)
class Homes:
    """Where rows belong whose project is no code.

    by_name: the texts (`written`) that are the name of one project alone, and the key of its code
    (`home`); None where there are none. projects: all projects there are (project, name), where
    rows are for none of them, and near ones are to be suggested.
    """

    by_name: DataFrame | None
    projects: pl.DataFrame


def find_homes(specs: Table, others: list[Table], most_names: int) -> Homes:
    """Find homes for rows of `others` that call their project by its name.

    A name stands for a project where only that project has it and no code is like it. Projects are
    suggested where there are at most `most_names`.
    """
    from pyspark.sql import functions

    heads = specs.looked_at(_heads, ("project", "project_name"), _HEADS).persist()
    codes = heads.select("key").distinct()
    asked = union(
        each.looked_at(_asked, ("project",), "written string, key string") for each in others
    )
    homeless = asked.distinct().join(codes, "key", "left_anti").persist()
    count = homeless.count()
    nothing = pl.DataFrame(schema=_PROJECTS)
    if not count:
        return Homes(None, nothing)
    of_one = (
        heads.where("name_key != ''")
        .selectExpr("name_key as key", "key as home")
        .distinct()
        .groupBy("key")
        .agg(functions.count("*").alias("projects"), functions.first("home").alias("home"))
        .where("projects = 1")
    )
    by_name = homeless.join(of_one, "key").select("written", "home").persist()
    adopted = by_name.count()
    projects = nothing
    if adopted < count and codes.count() <= most_names:
        first = functions.min(functions.struct("number", "line", "name")).alias("first")
        named = heads.where("name != ''").groupBy("project").agg(first).orderBy("first")
        rows = [tuple(row) for row in named.select("project", "first.name").collect()]
        projects = pl.DataFrame(rows, _PROJECTS, orient="row")
    return Homes(by_name if adopted else None, projects)


def _heads(rows: pl.DataFrame) -> pl.DataFrame:
    """The projects in rows of specs, with the place of each of their names."""
    # Batches hold files in any order.
    rows = rows.sort("number", "line")
    return rows.unique(["project", "project_name"], keep="first", maintain_order=True).select(
        "project",
        pl.col("number").cast(pl.Int64),
        "line",
        key=normalise(pl.col("project")),
        name="project_name",
        name_key=normalise(pl.col("project_name")),
    ).select("key", "project", "name", "name_key", "number", "line")  # fmt: skip


def _asked(rows: pl.DataFrame) -> pl.DataFrame:
    """The projects that rows are for."""
    return rows.select(written=pl.col("project").unique()).with_columns(
        key=normalise(pl.col("written"))
    )


def named(specs: Table, beside: Specs) -> Specs:
    """`beside` with the projects and indicators that its settings could mean.

    As many of them as are named there: what does not name any is told by its indicator alone.
    """
    said = beside.settings.suppress
    projects = [normalise_text(each.project) for each in said if each.project]
    indicators = [normalise_text(each.indicator) for each in said if each.indicator]
    if not projects and not indicators:
        return beside
    columns = ("project", "project_name", "indicator")
    found = specs.looked_at(
        lambda rows: _meant(rows, projects, indicators),
        columns,
        ", ".join(f"{name} string" for name in columns),
    )
    rows = [tuple(row) for row in found.distinct().collect()]
    heads = pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row").sort(columns)
    names = heads.filter(pl.col("project_name") != "").unique("project", keep="first")
    return replace(
        beside,
        projects=names.select("project", name="project_name"),
        indicators=heads.select("project", "indicator"),
    )


def _meant(rows: pl.DataFrame, projects: list[str], indicators: list[str]) -> pl.DataFrame:
    by_project = pl.any_horizontal(
        normalise(pl.col(name)).is_in(projects) for name in ("project", "project_name")
    )
    by_indicator = normalise(pl.col("indicator")).is_in(indicators)
    return (
        rows.filter(by_project | by_indicator)
        .select(
            pl.when(by_project).then("project").otherwise(pl.lit("")).alias("project"),
            pl.when(by_project).then("project_name").otherwise(pl.lit("")).alias("project_name"),
            "indicator",
        )
        .unique()
    )

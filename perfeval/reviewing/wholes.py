"""Whose words are whose: rows of sums, and projects that several files speak of."""

from __future__ import annotations

import polars as pl

from perfeval.sources import headings
from perfeval.sources.layouts.claimed import LEADS, SAID
from perfeval.sources.layouts.labels import words


def said_by_sums(sums: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """What the rows of sums of lists say of projects (`SAID`): their totals, with the weight.

    A sum that names its project is that project's; one that names none is that of the project
    above it, where each project of the sheet has one such row. Sums below levels (小计 in the
    column of a level) say nothing of the whole, and neither do sums over several projects.
    """
    if sums.is_empty():
        return pl.DataFrame(schema=SAID)
    named = {name: _named(sums[name]) for name in LEADS}
    owners, levels = LEADS[:2], LEADS[2:]
    totals = (
        # The word for the sum may itself stand in the project's column.
        sums.with_columns(sums[name].set(named[name][1], "") for name in owners)
        .with_columns(
            of_part=pl.any_horizontal(pl.lit(named[name][0]) for name in owners),
            of_level=pl.any_horizontal(pl.lit(named[name][0]) for name in levels),
        )
        .filter(~pl.col("of_level"))
        .with_columns(
            project=pl.when(pl.col("project") == "").then("project_name").otherwise("project"),
            total=pl.when(pl.col("total") == "").then("score").otherwise("total"),
            total_weight="weight",
            parts_total=pl.lit(""),
        )
    )
    found = _owned(totals, rows)
    # Of several sums of one project the last is that of all, and 小计 stands back behind 合计.
    return (
        found.filter(pl.col("project") != "")
        .sort("of_part", descending=True, maintain_order=True)
        .select(*SAID)
        .unique(["project", "file", "sheet"], keep="last", maintain_order=True)
    )


def _owned(totals: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """`totals` with the project above for those that name none, where each project has one."""
    place, kind = ["file", "sheet"], ["file", "sheet", "of_part"]
    blank = pl.col("project") == ""
    above = (
        pl.concat(
            [
                rows.select(*place, "line", owner="project"),
                totals.filter(blank).select(*place, "line", "of_part"),
            ],
            how="diagonal",
        )
        .sort("line")
        .with_columns(pl.col("owner").forward_fill().over(place))
        .filter(pl.col("of_part").is_not_null())
    )
    known = rows.group_by(place).agg(projects=pl.col("project").n_unique())
    fair = (
        above.group_by(kind)
        .agg(whose=pl.col("owner").drop_nulls().n_unique(), count=pl.len())
        .join(known, on=place, how="left", nulls_equal=True)
        .filter(
            (pl.col("whose") == pl.col("projects"))
            & ((pl.col("count") == pl.col("projects")) | ~pl.col("of_part"))
            & ((pl.col("count") == pl.col("projects")) | (pl.col("projects") == 1))
        )
    )
    owners = above.join(fair.select(kind), on=kind, how="semi", nulls_equal=True)
    return totals.join(
        owners, on=[*kind, "line"], how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(project=pl.when(blank).then(pl.col("owner").fill_null("")).otherwise("project"))


def _named(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which of the texts name a sum of a part, and which any sum."""
    known = {text: headings.compared(text) for text in texts.unique().to_list()}
    parts = [text for text, key in known.items() if key in words().subtotals]
    sums = [text for text, key in known.items() if key in words().sums]
    return texts.is_in(parts), texts.is_in(sums)


def with_keys(
    rows: pl.DataFrame, said: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """`rows` with a project of its own for each file and form, and `said` beside it.

    A code that several files (or forms) use stands for a project of each: the later ones get a
    number; `printed_project` is as written. What is said of a project goes to that of the same
    form, else of the same file, else of the batch; the third frame holds what is said of none.
    """
    own = ["project", "file", "part"]
    keys = rows.select(own).unique(maintain_order=True)
    keys = keys.with_columns(turn=pl.int_range(1, pl.len() + 1).over("project")).with_columns(
        key=pl.when(pl.col("turn") > 1)
        .then(pl.format("{}#{}", "project", "turn"))
        .otherwise("project")
    )
    again = keys.filter(pl.col("turn") > 1).drop("turn")
    rows = rows.with_columns(printed_project="project")
    if len(again):
        rows = rows.join(again, on=own, how="left", maintain_order="left")
        rows = rows.with_columns(project=pl.coalesce("key", "project")).drop("key")
    if said.is_empty():
        return rows.drop("part"), said.drop("part"), said
    once = ~pl.col("project").is_in(again["project"].unique().implode())
    alone = said.filter(once).join(
        keys.filter(once).select("project", "key"), on="project", how="left", maintain_order="left"
    )
    said = said.filter(~once)
    for on in (own, own[:2], own[:1]):
        nearest = keys.filter(~once).unique(on, keep="first", maintain_order=True)
        said = said.join(
            nearest.select(*on, pl.col("key").alias(f"key{len(on)}")),
            on=on, how="left", maintain_order="left",
        )  # fmt: skip
    said = said.with_columns(key=pl.coalesce("key3", "key2", "key1")).select(alone.columns)
    said = pl.concat([alone, said])
    known = said.with_columns(project="key").filter(pl.col("project").is_not_null())
    names = [name for name in SAID if name != "part"]
    return rows.drop("part"), known.select(names), said.filter(pl.col("key").is_null())

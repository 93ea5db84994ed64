"""Whose words are whose: rows of sums, and projects that several files speak of."""

from __future__ import annotations

import polars as pl

from perfeval.sources import headings
from perfeval.sources.layouts.claimed import LEADS, SAID
from perfeval.sources.layouts.labels import words


def said_by_sums(sums: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """What the rows of sums of lists say of projects (`SAID`): their totals, with the weight.

    A sum that names its project is that project's; one that names none is that of the project
    above it, where each project of the sheet has one such row. Sums of parts (小计) say nothing
    of the whole, and neither do sums over several projects.
    """
    if sums.is_empty():
        return pl.DataFrame(schema=SAID)
    named = [_named(sums[name]) for name in LEADS]
    part = pl.any_horizontal(
        pl.lit(marks).alias(f"part{at}") for at, (marks, _) in enumerate(named)
    )
    # The word for the sum may itself stand in the project's column.
    own = {name: pl.when(~sum_).then(name).otherwise(pl.lit("")) for name, (_, sum_) in
           zip(LEADS[:2], named[:2], strict=True)}
    totals = sums.with_columns(**own).filter(~part).with_columns(
        project=pl.when(pl.col("project") == "").then("project_name").otherwise("project")
    )
    totals = totals.with_columns(
        total=pl.when(pl.col("total") == "").then("score").otherwise("total"),
        total_weight="weight",
        parts_total=pl.lit(""),
    ).select(*SAID)
    place = ["file", "sheet"]
    blank = pl.col("project") == ""
    above = (
        pl.concat(
            [
                totals.filter(blank).select(*place, "line", asked=pl.lit(True)),
                rows.select(*place, "line", above="project", asked=pl.lit(False)).select(
                    *place, "line", "asked", "above"
                ),
            ],
            how="diagonal",
        )
        .sort("line")
        .with_columns(pl.col("above").forward_fill().over(place))
    )
    asked = above.filter("asked").group_by(place).agg(
        whose=pl.col("above").drop_nulls().n_unique(), count=pl.len()
    )
    known = rows.group_by(place).agg(projects=pl.col("project").n_unique())
    fair = (
        asked.join(known, on=place, how="left", nulls_equal=True)
        .filter(
            (pl.col("projects") == 1)
            | ((pl.col("whose") == pl.col("projects")) & (pl.col("count") == pl.col("projects")))
        )
        .select(place)
    )
    owners = (
        above.filter("asked")
        .join(fair, on=place, how="semi", nulls_equal=True)
        .select(*place, "line", owner="above")
    )
    found = totals.join(owners, on=[*place, "line"], how="left", nulls_equal=True)
    # Of several sums below one project the last is the sum of all.
    return (
        found.with_columns(project=pl.when(blank).then(pl.col("owner")).otherwise("project"))
        .filter(pl.col("project").fill_null("") != "")
        .select(*SAID)
        .unique(["project", *place], keep="last", maintain_order=True)
    )


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
    if (keys["turn"] > 1).any():
        rows = rows.join(keys, on=own, how="left", maintain_order="left")
    else:
        rows = rows.with_columns(key="project")
    rows = rows.rename({"project": "printed_project", "key": "project"}).drop("turn", strict=False)
    for on in (own, own[:2], own[:1]):
        nearest = keys.unique(on, keep="first", maintain_order=True)
        said = said.join(
            nearest.select(*on, pl.col("key").alias(f"key{len(on)}")),
            on=on, how="left", maintain_order="left",
        )  # fmt: skip
    said = said.with_columns(key=pl.coalesce("key3", "key2", "key1"))
    known = said.with_columns(project="key").filter(pl.col("project").is_not_null())
    names = [name for name in SAID if name != "part"]
    return rows.drop("part"), known.select(names), said.filter(pl.col("key").is_null())

"""Which indicators are alike: exactly, normalised, or by the words that carry their meaning.

What says nothing in a name and what tells things apart is data, in `likeness.toml`. A name is taken
apart once per distinct text. Names are compared only inside blocks (one project or department, one
kind of unit, the same distinguishing words), and each pair of names once.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from perfeval.messages import N_

EXACT, NORMALISED, MEANING = "exact", "normalised", "meaning"
"""How two names are alike, the surest first."""

REMARKS = {
    EXACT: N_(" (the same name)"),
    NORMALISED: N_(" (the same name but for remarks and words that say nothing)"),
    MEANING: N_(" (similar names, {similarity} %)"),
}
"""What a finding says about the likeness that it rests on."""

THRESHOLD = 0.85
"""Least similarity by meaning words: a name of seven signs may have two more, not three."""

SHORTEST = 4
"""Least signs of a name that is compared by meaning words: shorter ones are all alike."""

BLOCK = 60
"""Most names of a project in one block that are compared by meaning words.

A block has one kind of unit and the same words that tell apart.
"""

BLOCK_ACROSS = 20_000
"""Most pairs of names of a department and its projects in one block that are so compared."""

_TABLE = Path(__file__).with_name("likeness.toml")
_WEAK = "\ue000"  # stands for words that hardly tell apart; no name holds it


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


def with_forms(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with what its column name_key is compared by, read once per distinct name.

    same_name: the name without numbering, units and targets inside it, in one of the ways to write
    it. bare: also without words that say nothing; words that hardly tell apart are one sign. marks:
    the words that tell it apart, in order. length, strict_length: signs of bare, with and without
    those that hardly tell apart. counts: what same_name says it counts (人数, 次数), "" if nothing.
    """
    table = _table()
    weak, marks = "|".join(table["weak"]["words"]), "|".join(table["distinguishing"]["patterns"])
    (counts,) = (step["find"] for step in table["bare"] if step.get("counts"))
    bare = pl.col("bare")
    names = frame.select("name_key", same_name="name_key").unique("name_key")
    names = _rewritten(names, "same_name", table["name"], shortest=1)
    names = _rewritten(names.with_columns(bare="same_name"), "bare", table["bare"], shortest=2)
    names = names.with_columns(
        pl.when(bare.str.contains(table["weak"]["unless"], literal=True))
        .then(bare)
        .otherwise(bare.str.replace_all(f"({weak})+", _WEAK))
    ).with_columns(
        marks=bare.str.extract_all(marks).list.sort().list.join(" "),
        length=bare.str.len_chars().cast(pl.Int64),
        strict_length=bare.str.replace_all(_WEAK, "", literal=True).str.len_chars(),
        counts=pl.col("same_name").str.extract(counts, 2).fill_null(""),
    )
    return frame.join(names, on="name_key", how="left", maintain_order="left")


def _rewritten(
    names: pl.DataFrame, column: str, steps: list[dict[str, Any]], shortest: int
) -> pl.DataFrame:
    """`names` with `column` after `steps`; as it was where that leaves less than `shortest`."""
    text = pl.col(column)
    for step in steps:
        text = text.str.replace_all(step["find"], step["put"])
    after = pl.col("after")
    return (
        names.with_columns(after=text)
        .with_columns(
            pl.when(after.str.len_chars() >= shortest).then(after).otherwise(column).alias(column)
        )
        .drop("after")
    )


def _measured() -> pl.Expr:
    """What rows must agree in to be compared: their unit's measure, or what their names count."""
    return pl.when(pl.col("measure") == "").then("counts").otherwise("measure").alias("measure")


def added_up(dimension: pl.Expr) -> pl.Expr:
    """Whether what is measured in `dimension` adds up over projects: people, money, things."""
    return ~dimension.is_in(_table()["not_added"]["dimensions"]) & ~dimension.str.contains("/")


def within_projects(indicators: pl.DataFrame) -> pl.DataFrame:
    """Pairs of like indicators of one project in one kind of unit.

    `indicators` is as `with_forms` gives it, with row, project and measure. A pair has row, the
    earlier other, likeness and similarity (0 to 100). A row is paired with the first that is
    exactly or normalised the same, and with the first of each name that is alike by meaning words.
    Blocks of more than `BLOCK` names are not compared by meaning words.
    """
    keys = ["project", "measure"]
    name, block = [*keys, "bare"], [*keys, "marks"]
    frame = indicators.with_columns(_measured()).select("row", "name_key", "length", *name, "marks")
    one = frame.filter(pl.struct(name).is_duplicated()).with_columns(
        pl.first("row", "name_key").over(name).name.suffix("_other")
    )
    one = same(one.filter(pl.col("row") != pl.col("row_other")))

    names = frame.join(one, on="row", how="anti").filter(pl.col("length") >= SHORTEST)
    names = names.filter(pl.len().over(block).is_between(2, BLOCK))
    names = names.select("row", "bare", "length", *block)
    near = _near(names, names, block).filter(pl.col("other") < pl.col("row"))
    return pl.concat([one, near.select(one.columns)]).sort("row", "other")


def with_department(indicators: pl.DataFrame) -> pl.DataFrame:
    """For each project's indicator the one of its department's own table that is most like it.

    `indicators` is as `with_forms` gives it, with row, department, year, overall and measure. A
    pair has row (the project's), other (the department's), likeness and similarity (0 to 100).
    Blocks of more than `BLOCK_ACROSS` pairs of names are not compared by meaning words.
    """
    keys = ["department", "year", "measure"]
    name, block = [*keys, "bare"], [*keys, "marks"]
    frame = indicators.with_columns(_measured())
    frame = frame.select("row", "name_key", "length", *name, "marks", "overall")
    whole = frame.filter("overall").unique(name, keep="first", maintain_order=True)
    parts = frame.filter(~pl.col("overall")).join(whole, on=keys, how="semi", nulls_equal=True)
    one = same(parts.join(whole, on=name, suffix="_other", nulls_equal=True))

    parts = parts.join(one, on="row", how="anti").filter(pl.col("length") >= SHORTEST)
    names = parts.unique(name, keep="first", maintain_order=True)
    whole = whole.filter(pl.col("length") >= SHORTEST)
    sizes = [each.group_by(block).len() for each in (names, whole)]
    few = sizes[0].join(sizes[1], on=block, suffix="_other", nulls_equal=True)
    few = few.filter(pl.col("len") * pl.col("len_other") <= BLOCK_ACROSS)
    near = _near(names.join(few, on=block, how="semi", nulls_equal=True), whole, block)
    near = near.sort("similarity", "other", descending=[True, False]).unique(name, keep="first")
    near = parts.join(near.drop("row"), on=name, nulls_equal=True)
    return pl.concat([one, near.select(one.columns)]).sort("row")


def same(pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` of rows (row, row_other) that have one name, exactly (name_key) or normalised."""
    exact = pl.col("name_key") == pl.col("name_key_other")
    return pairs.select(
        "row",
        other="row_other",
        likeness=pl.when(exact).then(pl.lit(EXACT)).otherwise(pl.lit(NORMALISED)),
        similarity=pl.lit(100, pl.Int64),
    )


def _near(left: pl.DataFrame, right: pl.DataFrame, block: list[str]) -> pl.DataFrame:
    """`left` with other, the rows of `right` in one block whose names are alike by meaning words.

    They have the same signs in any order, except that one name has some more: a sign in another's
    place makes another thing (完成率, 合格率). The similarity is twice the signs in common ÷ the
    signs of both.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    names = pl.concat([each.select("bare") for each in (left, right)]).unique(maintain_order=True)
    signs = ["".join(sorted(name)) for name in names["bare"]]
    names = names.with_row_index("id")
    left = left.join(names, on="bare", maintain_order="left")
    right = right.join(names, on="bare").select(*block, "length", other="row", id_other="id")
    more = (pl.col("length") - pl.col("length_other")).abs()
    both = pl.col("length") + pl.col("length_other")
    pairs = left.join(right, on=block, suffix="_other", nulls_equal=True).filter(
        more <= (1 - THRESHOLD) * both
    )
    ids = pairs.select("id", "id_other").unique(maintain_order=True)
    columns = [[signs[number] for number in ids[column]] for column in ids.columns]
    distances = process.cpdist(*columns, scorer=Indel.distance, dtype=np.int64)
    ids = ids.with_columns(distance=pl.Series(distances, dtype=pl.Int64))
    return (
        pairs.join(ids, on=["id", "id_other"])
        .filter(pl.col("distance") == more)
        .with_columns(
            likeness=pl.lit(MEANING),
            similarity=((1 - pl.col("distance") / both) * 100).round().cast(pl.Int64),
        )
    )

"""What the level-1 and level-2 words of a table stand for: classes as data, in `classes.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import polars as pl

from perfeval.names import normalise, normalise_text

_TABLE = Path(__file__).with_name("classes.toml")
_POINTS = r"\(([0-9]+(?:\.[0-9]+)?)分?\)$"
_ENDINGS = "(指标|目标)$"


@cache
def classes() -> dict[str, dict[str, tuple[str, ...]]]:
    """By level ("level1", "level2"): each class with the words that stand for it."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return {
        level: {name: (name, *words) for name, words in table[level].items()}
        for level in ("level1", "level2")
    }


@cache
def under() -> dict[str, tuple[str, ...]]:
    """By class of level 2: the classes of level 1 under which it may stand."""
    table: dict[str, list[str]] = tomllib.loads(_TABLE.read_text("utf-8"))["under"]
    return {level2: tuple(level1) for level2, level1 in table.items()}


def with_classes(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with class1 and class2, what level1 and level2 stand for, and printed_points.

    A class is null for a word that is not known. printed_points are those that a table prints with
    its level-1 word, as in 产出指标(50分); null where there are none.
    """
    keys = {level: f"{level}_word" for level in ("level1", "level2")}
    levels = frame.select("level1", "level2").unique()
    levels = levels.with_columns(
        normalise(pl.col(level)).alias(key) for level, key in keys.items()
    ).with_columns(
        printed_points=pl.col("level1_word").str.extract(_POINTS).cast(pl.Float64),
    )
    levels = levels.with_columns(
        pl.col(key)
        .str.replace(_POINTS, "")
        .str.replace(_ENDINGS, "")
        .replace_strict(_words(level), default=None, return_dtype=pl.String)
        .alias(f"class{level[-1]}")
        for level, key in keys.items()
    ).drop(*keys.values())
    return frame.join(levels, on=["level1", "level2"], how="left", maintain_order="left")


@cache
def _words(level: str) -> dict[str, str]:
    return {
        normalise_text(word).removesuffix("指标"): name
        for name, words in classes()[level].items()
        for word in words
    }

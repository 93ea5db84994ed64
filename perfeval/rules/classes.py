"""What the level-1 and level-2 words of a table stand for: classes as data, in `classes.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from perfeval.names import normalise, normalise_text

_TABLE = Path(__file__).with_name("classes.toml")
_NUMBERING = r"^[0-9一二三四五六七八九十]{1,2}[.、]"
_POINTS = r"\(?([0-9]+(?:\.[0-9]+)?)分\)?$|\(([0-9]+(?:\.[0-9]+)?)\)$"
_ENDINGS = "(指标|目标)$"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


@cache
def classes() -> dict[str, dict[str, tuple[str, ...]]]:
    """By level ("level1", "level2"): each class with the words that stand for it."""
    return {
        level: {name: (name, *words) for name, words in _table()[level].items()}
        for level in ("level1", "level2")
    }


@cache
def under() -> dict[str, tuple[str, ...]]:
    """By class of level 2: the classes of level 1 under which it may stand, the usual one first."""
    return {level2: tuple(level1) for level2, level1 in _table()["under"].items()}


def with_classes(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with what its levels stand for.

    Added columns: class1 and class2, null for a word that is not known (where a table prints no
    level-1 word but points alone, level 2 tells class1); misplaced, whether both are known and
    class2 may not stand under class1; group, what rows of one level 1 have in common: the class,
    else the word; printed_points, those that a table prints with its level-1 word, as in
    产出指标(50分), null where there are none.
    """
    levels = frame.select("level1", "level2").unique()
    levels = levels.with_columns(
        printed_points=pl.coalesce(
            normalise(pl.col("level1")).str.extract(_POINTS, group) for group in (1, 2)
        ).cast(pl.Float64),
        **{f"word{level[-1]}": _word(pl.col(level)) for level in ("level1", "level2")},
    )
    levels = levels.with_columns(
        class1=_class("level1", pl.col("word1")), class2=_class("level2", pl.col("word2"))
    )
    usual = {level2: level1[0] for level2, level1 in under().items()}
    levels = levels.with_columns(
        class1=pl.when(pl.col("word1") == "")
        .then(pl.col("class2").replace_strict(usual, default=None, return_dtype=pl.String))
        .otherwise("class1")
    ).with_columns(
        group=pl.coalesce("class1", "word1"),
        misplaced=pl.col("class1").is_not_null()
        & pl.col("class2").is_not_null()
        & ~pl.concat_list("class2", "class1").is_in(_places()),
    )
    return frame.join(
        levels.drop("word1", "word2"), on=["level1", "level2"], how="left", maintain_order="left"
    )


def _places() -> list[list[str]]:
    return [[level2, place] for level2, level1 in under().items() for place in level1]


def groups(words: list[str]) -> list[str]:
    """What `with_classes` calls the group of rows with each of these words as level 1.

    >>> groups(["产出", "一、效益指标（30分）", "创新"])
    ['产出指标', '效益指标', '创新']
    """
    frame = pl.DataFrame({"level1": words}, schema={"level1": pl.String})
    return with_classes(frame.with_columns(level2=pl.lit("")))["group"].to_list()


def _word(level: pl.Expr) -> pl.Expr:
    """A level as its words are compared."""
    word = normalise(level).str.replace(_NUMBERING, "").str.replace(_POINTS, "")
    return word.str.replace(_ENDINGS, "")


def _class(level: str, word: pl.Expr) -> pl.Expr:
    known = word.replace_strict(_words(level), default=None, return_dtype=pl.String)
    for name, pattern in _table()["like"][level].items():
        known = known.fill_null(pl.when(word.str.contains(pattern)).then(pl.lit(name)))
    return known


@cache
def _words(level: str) -> dict[str, str]:
    return {
        normalise_text(word).removesuffix("指标"): name
        for name, words in classes()[level].items()
        for word in words
    }

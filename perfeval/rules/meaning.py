"""What the words of an indicator say about it: meanings as data, in `meaning.toml`.

A meaning is a set of patterns: a text has it if one of `match` is found in it and none of `unless`.
Patterns are regular expressions (Rust's regex crate, so without look-around) over the text as names
are compared: NFKC, without blanks, brackets as parentheses.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import polars as pl

_TABLE = Path(__file__).with_name("meaning.toml")


@cache
def meanings() -> dict[str, tuple[str, str | None]]:
    """By meaning: the pattern that must be found, and the one that must not, if there is one."""
    return {
        name: (_either(each["match"]), _either(each["unless"]) if "unless" in each else None)
        for name, each in tomllib.loads(_TABLE.read_text("utf-8")).items()
    }


def _either(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def says(text: pl.Expr, meaning: str) -> pl.Expr:
    """Whether `text` (normalised, see `perfeval.names`) has `meaning`; null where it is null."""
    match, unless = meanings()[meaning]
    found = text.str.contains(match)
    return found if unless is None else found & ~text.str.contains(unless)


def means(meaning: str) -> pl.Expr:
    """The column of `Tables.indicators` that tells whether an indicator's name has `meaning`."""
    if meaning not in meanings():
        raise KeyError(meaning)
    return pl.col(f"means_{meaning}")


def with_meanings(names: pl.DataFrame, key: str) -> pl.DataFrame:
    """`names` with the column of every meaning, for the normalised text in the column `key`."""
    return names.with_columns(
        says(pl.col(key), meaning).alias(f"means_{meaning}") for meaning in meanings()
    )

"""What the words of an indicator say about it: meanings as data, in `meaning.toml`.

A meaning is a set of patterns: a text has it if one of `match` is found in it and none of `unless`.
Patterns are regular expressions (Rust's regex crate, so without look-around) over the text as names
are compared: NFKC, without blanks, brackets as parentheses.

A meaning may also say what is measured: `measured_in`, the dimensions of `units.toml` that fit;
`nearly`, those that are told apart only by a close look; `never_in`, those that do not fit where
others may; `unit`, the label to suggest; `sure`, whether a name is never meant otherwise.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

_TABLE = Path(__file__).with_name("meaning.toml")


@dataclass(frozen=True)
class Measure:
    """In which dimensions what a name means is measured; see the keys above."""

    measured_in: tuple[str, ...]
    nearly: tuple[str, ...]
    never_in: tuple[str, ...]
    unit: str
    sure: bool


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


@cache
def meanings() -> dict[str, tuple[str, str | None]]:
    """By meaning: the pattern that must be found, and the one that must not, if there is one."""
    return {
        name: (_either(each["match"]), _either(each["unless"]) if "unless" in each else None)
        for name, each in _table().items()
    }


@cache
def measures() -> dict[str, Measure]:
    """By meaning, in the order of the table: what it is measured in, where that is said."""
    return {
        name: Measure(
            measured_in=tuple(each.get("measured_in", ())),
            nearly=tuple(each.get("nearly", ())),
            never_in=tuple(each.get("never_in", ())),
            unit=each.get("unit", ""),
            sure=each.get("sure", True),
        )
        for name, each in _table().items()
        if "measured_in" in each or "never_in" in each
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

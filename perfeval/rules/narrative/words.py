"""The words that the narrative rules look for, as data: `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("words.toml")


@cache
def table() -> dict[str, Any]:
    """The whole table, by section."""
    return tomllib.loads(_TABLE.read_text("utf-8"))


def pattern(section: str, name: str) -> str:
    """A pattern of the table; a list stands for any of its patterns."""
    found: str | list[str] = table()[section][name]
    return found if isinstance(found, str) else either(found)


@cache
def blank() -> str:
    """The pattern of a text that says nothing at all."""
    return f"^(?:{either(table()['blank'])})$"


def either(patterns: list[str]) -> str:
    """The pattern that finds any of `patterns`, the first ones first."""
    return "|".join(f"(?:{each})" for each in patterns)

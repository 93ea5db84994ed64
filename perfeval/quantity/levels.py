"""Words on ordered scales: 优 良 中 低 差, 达成 部分达成 未达成, and their other spellings.

The scales are data, `levels.toml`. A word is a level where it is the whole text; inside a sentence
it is not.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

_TABLE = Path(__file__).with_name("levels.toml")
_EDGES = " 。;,，；、!."


def level(text: str) -> str:
    """The level that `text` names, in the spelling of its scale; "" if it names none.

    >>> level("良好"), level("达成预期指标。"), level("效果良好")
    ('良', '达成', '')
    """
    return words().get(text.strip(_EDGES), "")


def compare_levels(actual: str, target: str) -> Literal["reached", "below"] | None:
    """Whether the level word `actual` is at least as good as `target`.

    None where no scale holds both words: 良 says nothing about 及时.

    >>> compare_levels("优", "良"), compare_levels("一般", "较好"), compare_levels("良", "及时")
    ('reached', 'below', None)
    """
    actual, target = level(actual), level(target)
    if actual and actual == target:
        return "reached"
    for scale in scales():
        if actual in scale and target in scale:
            return "reached" if scale.index(actual) < scale.index(target) else "below"
    return None


@cache
def scales() -> tuple[tuple[str, ...], ...]:
    """The scales, each from its best word to its worst."""
    return tuple(tuple(scale) for scale in _table()["scale"])


@cache
def words() -> dict[str, str]:
    """Every spelling of every level, with the level that it names."""
    found = {word: word for scale in scales() for word in scale}
    for name, spellings in _table()["synonyms"].items():
        found.update(dict.fromkeys(spellings, name))
    return found


def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))

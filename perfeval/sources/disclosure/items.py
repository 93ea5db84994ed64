"""What the lower half of a table consists of, and which levels hold for which row."""

from __future__ import annotations

from dataclasses import dataclass

from perfeval.sources.disclosure import levels
from perfeval.sources.disclosure.lines import Line
from perfeval.sources.disclosure.rows import Tail


@dataclass(frozen=True, slots=True)
class Mark:
    """A level heading: `level` is 1 or 2; `alone` says that its line holds nothing else."""

    level: int
    text: str
    alone: bool
    line: Line
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a name, or a level-2 heading without its ending (`level`) if no name needs it."""

    text: str
    line: Line
    last: Line
    level: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its operator; `own` is what of its name stands beside it.

    `spare` is a heading that leads the row and may be its name instead, if it has no other.
    """

    own: str
    tail: Tail
    line: Line
    spare: Mark | None = None


Item = Mark | Words | Row


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of the rows by their index among the items; `beside` as `carry` explains."""

    of_row: dict[int, tuple[str, str]]
    beside: bool


def carry(items: list[Item], used: set[int]) -> Levels:
    """Carry the level headings down to the rows below them.

    `used` holds the indices of the words that went into names, and of the rows whose spare heading
    did. Rows above the first heading of a table belong to the first cell: a merged cell may be
    printed beside the middle of its rows, and there is no cell before the first. Where the text
    does so (`beside`), rows further down may belong to the next heading, too.
    """
    dropped = {
        id(item.spare)
        for index, item in enumerate(items)
        if isinstance(item, Row) and index in used
    }
    now = {1: "", 2: ""}
    first = {1: "", 2: ""}
    early: dict[int, list[int]] = {1: [], 2: []}
    found: dict[int, list[str]] = {}
    for index, item in enumerate(items):
        if isinstance(item, Row):
            found[index] = [now[1], now[2]]
            for level in (1, 2):
                if not first[level] and not (level == 2 and now[1] != first[1]):
                    early[level].append(index)
            continue
        if isinstance(item, Words) and (not item.level or index in used):
            continue
        if id(item) in dropped:
            continue
        level = item.level if isinstance(item, Mark) else 2
        first[level] = first[level] or item.text
        if level == 1 and levels.stem(item.text) != levels.stem(now[1]):
            now[2] = ""
            if first[1] != item.text:
                early[2] = early[2] if first[2] else []
        now[level] = item.text
    for level in (1, 2):
        for index in early[level]:
            found[index][level - 1] = first[level]
    beside = bool(early[1] or early[2]) and bool(first[1] and first[2])
    return Levels({index: (pair[0], pair[1]) for index, pair in found.items()}, beside)

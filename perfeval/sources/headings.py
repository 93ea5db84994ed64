"""Which column of a table holds what: its headings matched to the columns of perfeval."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from perfeval.messages import N_, Said
from perfeval.names import normalise_text, suggest
from perfeval.problems import Problem

_REMARK = re.compile(r"\([^()]*\)")
_MARKS = re.compile(r"[_*:]")

NEAR = 50.0
"""Least likeness of a suggested heading: of two characters, one may differ."""

MOST_UNKNOWN = 20
"""Most unknown headings that are told one by one, with what is near them; the rest are counted."""
_MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table: the columns that it may hold, and those of them that it must."""

    columns: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where the columns of a table were found.

    `positions` maps a column to the 0-based position of its heading; `units` maps a column of money
    to the unit that its heading names where it is not the usual one; `recognised` counts the
    headings that are known, also those this kind of table has no use for.
    """

    positions: dict[str, int]
    units: dict[str, str]
    recognised: int
    problems: tuple[Problem, ...]


def match(headings: Sequence[str], table: Table) -> Match:
    """Find the columns of `table` in `headings`; blank headings are nobody's column.

    Problems, without a place: an unknown heading (with near ones), a heading that may mean two
    columns, two headings for one column, a required column without a heading.
    """
    book = _book()
    keys = [_key(heading) for heading in headings]
    problems: list[Problem] = []
    found: dict[str, list[int]] = {}
    unsure: dict[str, list[int]] = {}
    misspelt: set[str] = set()
    unknown = 0
    for position, key in enumerate(keys):
        if not key:
            continue
        meanings = book.columns.get(key, ())
        here = [column for column in meanings if column in table.columns]
        if here and len(meanings) > 1:
            unsure.setdefault(key, []).append(position)
        elif here:
            found.setdefault(here[0], []).append(position)
        elif not meanings and key not in book.ignored:
            unknown += 1
            if unknown <= MOST_UNKNOWN:
                near = _near(headings[position], book, table)
                misspelt.update(*(book.columns[_key(name)] for name in near[:1]))
                problems.append(_unknown(headings[position], near, table))
    if unknown > MOST_UNKNOWN:
        template = N_("{count} more headings are unknown")
        problems.append(Problem(template, {"count": unknown - MOST_UNKNOWN}))
    for key, positions in unsure.items():
        here = [column for column in book.columns[key] if column in table.columns]
        free = [column for column in here if column not in found]
        needed = [column for column in free if column in table.required]
        choice = needed if len(needed) == 1 else free
        if len(choice) == 1:
            found[choice[0]] = positions
        elif choice or len(here) == len(book.columns[key]):
            misspelt.update(here)
            problems.append(_ambiguous(headings[positions[0]], here))
    for column, positions in found.items():
        if len(positions) > 1:
            problems.append(_twice(column, positions, headings))
    # A misspelt heading is told once: not as a missing column too, nor is one of two meanings.
    missing = [name for name in table.required if name not in found and name not in misspelt]
    if missing:
        problems.append(_missing(missing, book))
    positions_of = {column: positions[0] for column, positions in found.items()}
    units = {
        column: unit
        for column in book.money
        if column in positions_of and (unit := _unit(headings[positions_of[column]], book))
    }
    return Match(positions_of, units, recognised(headings), tuple(problems))


def recognised(headings: Sequence[str]) -> int:
    """How many of `headings` are known under any table: enough to tell separators apart."""
    book = _book()
    keys = map(_key, headings)
    return sum(key in book.columns or key in book.ignored for key in keys if key)


@dataclass(frozen=True, slots=True)
class _Book:
    """headings.toml with its spellings in the form in which they are compared."""

    columns: dict[str, tuple[str, ...]]
    spellings: dict[str, tuple[str, ...]]
    ignored: frozenset[str]
    money: tuple[str, ...]
    units: frozenset[str]


@cache
def _book() -> _Book:
    path = Path(__file__).with_name("headings.toml")
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    columns: dict[str, tuple[str, ...]] = {}
    for column, spellings in content["columns"].items():
        for spelling in (column, *spellings):
            key = _key(spelling)
            if column not in columns.get(key, ()):
                columns[key] = (*columns.get(key, ()), column)
    return _Book(
        columns=columns,
        spellings={column: tuple(known) for column, known in content["columns"].items()},
        ignored=frozenset(map(_key, content["ignored"]["names"])),
        money=tuple(content["money"]["columns"]),
        units=frozenset(content["money"]["units"]),
    )


def _key(heading: str) -> str:
    """A heading in the form in which headings are compared."""
    name = normalise_text(heading)
    bare = _REMARK.sub("", name)
    return _MARKS.sub("", bare).casefold()


def _unit(heading: str, book: _Book) -> str:
    """The unit of money that a remark of the heading names, if it is not the usual one."""
    remarks = (remark[1:-1] for remark in _REMARK.findall(normalise_text(heading)))
    return next((remark for remark in remarks if remark in book.units), "")


def label(column: str) -> Said | str:
    """A column as a message names it: in English and in the field's words."""
    spellings = _book().spellings[column]
    if not spellings:
        return column
    return Said(N_("{column} ({heading})"), {"column": column, "heading": spellings[0]})


def _near(heading: str, book: _Book, table: Table) -> list[str]:
    spellings = (name for column in table.columns for name in (column, *book.spellings[column]))
    return suggest(_REMARK.sub("", normalise_text(heading)), spellings, near=NEAR)


def _unknown(heading: str, near: Sequence[str], table: Table) -> Problem:
    if near:
        return Problem(
            N_("unknown heading “{heading}”; did you mean {near}?"),
            {"heading": short(heading), "near": tuple(near)},
        )
    return Problem(
        N_(
            "unknown heading “{heading}”; remove the column or name it as one of this table's:"
            " {columns}"
        ),
        {"heading": short(heading), "columns": tuple(map(label, table.columns))},
    )


def _ambiguous(heading: str, choice: Sequence[str]) -> Problem:
    return Problem(
        N_("the heading “{heading}” may mean {columns}; name the column that is meant"),
        {
            "heading": short(heading),
            "columns": tuple(map(label, choice)),
        },
    )


def _twice(column: str, positions: Sequence[int], headings: Sequence[str]) -> Problem:
    names = Counter(headings[position] for position in positions)
    return Problem(
        N_("columns {numbers} all hold {column} (headings: {headings}); keep one of them"),
        {
            "numbers": listed(position + 1 for position in positions),
            "column": column,
            "headings": listed(map(short, names)),
        },
    )


def _missing(missing: Sequence[str], book: _Book) -> Problem:
    return Problem(
        N_("no column for {columns}; add it with one of these headings: {headings}"),
        {
            "columns": tuple(map(label, missing)),
            "headings": tuple(
                " / ".join((column, *book.spellings[column][:4])) for column in missing
            ),
        },
    )


def listed(items: Iterable[object], most: int = _MOST_LISTED) -> tuple[object, ...]:
    """The first of `items` as a message lists them, with a mark where there are more."""
    known = tuple(items)
    return known if len(known) <= most else (*known[:most], "…")


def short(heading: str, most: int = 40) -> str:
    """`heading` as a message shows it: at most `most` characters."""
    return heading if len(heading) <= most else heading[: most - 1] + "…"

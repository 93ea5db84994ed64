"""Which column of a table holds what: its headings matched to the columns of perfeval."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from perfeval.messages import N_, Said
from perfeval.names import normalise_text, suggest
from perfeval.problems import Problem

_REMARK = re.compile(r"\([^()]*\)")
_MARKS = re.compile(r"[_*:]")
_OPEN_ENDS = frozenset("()（）[]【】〔〕*＊:：_ \n\t\u3000")  # what a key does not keep

NEAR = 50.0
"""Least likeness of a suggested heading: of two characters, one may differ."""

MOST_UNKNOWN = 20
"""Most unknown headings that are told one by one, with what is near them; the rest are counted."""
_MOST_LISTED = 8

_UNKNOWN = N_("the column of the unknown heading “{heading}” is not read")
_NEAR = N_("the column of the unknown heading “{heading}” is not read; did you mean {near}?")
_MORE = N_("{count} more headings are unknown; their columns are not read")
_MISSPELT = N_("unknown heading “{heading}”; did you mean {near}?")


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
    headings that are known, also those this kind of table has no use for. `unread` tells the
    headings that nobody knows, whose columns are not read; `problems` are all that is wrong: the
    `doubtful` headings, and the required columns that are `missing`, with the unknown heading that
    seems to mean one of them (`misspelt`).
    """

    positions: dict[str, int]
    units: dict[str, str]
    recognised: int
    unread: tuple[Problem, ...] = ()
    doubtful: tuple[Problem, ...] = ()
    missing: tuple[str, ...] = ()
    misspelt: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps the headings from being those of the table."""
        meant: list[Problem] = []
        for problem in (self.misspelt.get(name) for name in self.missing):
            if problem and problem not in meant:  # one heading may seem to mean two columns
                meant.append(problem)
        lacking = [name for name in self.missing if name not in self.misspelt]
        absent = (missing_columns(lacking),) if lacking else ()
        return (*meant, *self.doubtful, *absent)


def match(headings: Sequence[str], table: Table) -> Match:
    """Find the columns of `table` in `headings`; blank headings are nobody's column.

    Problems, without a place: a heading that may mean two columns, two headings for one column, a
    required column without a heading (or with an unknown one that is near). Other unknown headings,
    with the near ones among those of columns that are not found, are told as not read.
    """
    book = _book()
    keys = [compared(heading) for heading in headings]
    problems: list[Problem] = []
    found: dict[str, list[int]] = {}
    unsure: dict[str, list[int]] = {}
    asked: set[str] = set()
    unknown: list[str] = []
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
            unknown.append(headings[position])
    for key, positions in unsure.items():
        here = [column for column in book.columns[key] if column in table.columns]
        free = [column for column in here if column not in found]
        needed = [column for column in free if column in table.required]
        choice = needed if len(needed) == 1 else free
        if len(choice) == 1:
            found[choice[0]] = positions
        elif choice or len(here) == len(book.columns[key]):
            asked.update(here)
            problems.append(_ambiguous(headings[positions[0]], here))
    for column, positions in found.items():
        exact = [position for position in positions if keys[position] not in book.ignored]
        if len(positions) > 1 and exact:
            found[column] = positions = exact
        if len(positions) > 1:
            problems.append(_twice(column, positions, headings))
    # A heading of two meanings is told once: not as a missing column too.
    missing = [name for name in table.required if name not in found and name not in asked]
    unread, misspelt = _unread(unknown, [name for name in table.columns if name not in found])
    positions_of = {column: positions[0] for column, positions in found.items()}
    units = {
        column: unit
        for column in book.money
        if column in positions_of and (unit := _unit(headings[positions_of[column]], book))
    }
    known = recognised(headings)
    return Match(
        positions_of, units, known, tuple(unread), tuple(problems), tuple(missing), misspelt
    )


def recognised(headings: Sequence[str]) -> int:
    """How many of `headings` are known under any table: enough to tell separators apart."""
    book = _book()
    keys = map(compared, headings)
    return sum(key in book.columns or key in book.ignored for key in keys if key)


def meanings(heading: str) -> tuple[str, ...] | None:
    """The columns that a heading may name; none for one that is not read, None for an unknown.

    Asked of every cell of a sheet: what cannot be a heading by its first and last characters, as
    hardly any value can, is told apart at once.
    """
    if heading and heading[-1] not in _OPEN_ENDS and heading[0] not in _OPEN_ENDS:
        ends = (heading[0], heading[-1])
        if ends not in _book().ends and not (ends[0].isascii() and ends[0].isalpha()):
            return None
    return _meanings(heading)


@lru_cache(maxsize=4096)
def _meanings(heading: str) -> tuple[str, ...] | None:
    book = _book()
    key = compared(heading)
    return book.columns.get(key, () if key in book.ignored else None)


def gives_way(column: str, heading: str) -> bool:
    """Whether a heading of `column` gives way to another one of it in the same row."""
    book, key = _book(), compared(heading)
    return key in book.ignored or key in book.yielding.get(column, ())


def money_unit(text: str) -> str:
    """The unit of money that a remark of a heading or label names (元, 万元), "" for none."""
    book = _book()
    remarks = (remark[1:-1].rpartition(":")[2] for remark in _REMARK.findall(normalise_text(text)))
    return next((remark for remark in remarks if remark in (*book.units, book.usual)), "")


@dataclass(frozen=True, slots=True)
class _Book:
    """headings.toml with its spellings in the form in which they are compared."""

    columns: dict[str, tuple[str, ...]]
    spellings: dict[str, tuple[str, ...]]
    ignored: frozenset[str]
    money: tuple[str, ...]
    units: frozenset[str]
    usual: str
    ends: frozenset[tuple[str, str]]
    yielding: dict[str, frozenset[str]]


@cache
def _book() -> _Book:
    path = Path(__file__).with_name("headings.toml")
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    columns: dict[str, tuple[str, ...]] = {}
    for column, spellings in content["columns"].items():
        for spelling in (column, *spellings):
            key = compared(spelling)
            if column not in columns.get(key, ()):
                columns[key] = (*columns.get(key, ()), column)
    ignored = frozenset(map(compared, content["ignored"]["names"]))
    return _Book(
        columns=columns,
        spellings={column: tuple(known) for column, known in content["columns"].items()},
        ignored=ignored,
        money=tuple(content["money"]["columns"]),
        units=frozenset(content["money"]["units"]),
        usual=content["money"]["usual"],
        ends=frozenset((key[0], key[-1]) for key in (*columns, *ignored)),
        yielding={
            column: frozenset(map(compared, names)) for column, names in content["yielding"].items()
        },
    )


def compared(heading: str) -> str:
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


def _unread(
    unknown: Sequence[str], lacking: Sequence[str]
) -> tuple[list[Problem], dict[str, Problem]]:
    """What is told of `unknown` headings, and which of the columns `lacking` one seems to mean."""
    book = _book()
    told: list[Problem] = []
    misspelt: dict[str, Problem] = {}
    spellings = [name for column in lacking for name in (column, *book.spellings[column])]
    for heading in unknown[:MOST_UNKNOWN]:
        near = suggest(_REMARK.sub("", normalise_text(heading)), spellings, near=NEAR)
        values: dict[str, object] = {"heading": short(heading)}
        if near:
            values["near"] = tuple(near)
            problem = Problem(_MISSPELT, values)
            misspelt |= dict.fromkeys(book.columns[compared(near[0])], problem)
        told.append(Problem(_NEAR if near else _UNKNOWN, values))
    if len(unknown) > MOST_UNKNOWN:
        told.append(Problem(_MORE, {"count": len(unknown) - MOST_UNKNOWN}))
    return told, misspelt


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


def missing_columns(missing: Sequence[str]) -> Problem:
    """The problem of a table without some columns that it must have."""
    book = _book()
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

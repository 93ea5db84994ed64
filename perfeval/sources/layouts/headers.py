"""The heading rows of tables, wherever in a grid they stand, and what their columns hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from perfeval.names import BLANKS
from perfeval.quantity import operator
from perfeval.sources import headings
from perfeval.sources.grids import Grid

FORM_COLUMNS = (
    *("level1", "level2", "indicator", "operator", "target", "target_adjusted", "unit", "weight"),
    *("core", "actual", "score", "coefficient", "reason", "deduction", "applicable"),
    *("pass_threshold",),
)
"""What the columns of a form's indicators hold."""

_KEYS = ("project", "project_name")
_VALUES = frozenset(("target", "actual", "weight", "score"))
_MONEY = ("budget", "spent")
_SHARED = frozenset((*FORM_COLUMNS, "budget_initial", *_MONEY))  # what two rows may name together
_WORDS = 3  # cells of a row that may be headings which nobody knows
_LONGEST = 40  # characters of a heading; what is longer is text
_SAMPLE = 50  # cells that decide which of two columns holds the operators


@dataclass(slots=True)
class Header:
    """The heading row of a table, or the two rows that make it up.

    `first` and `last` are indices of the grid's rows; `names` the heading of each column;
    `is_list` says that a column names the project, so that rows of many projects follow;
    `columns` maps what a column of a form holds to its position; `rivals` are columns that claim
    the same; `unknown` are positions of headings that are not known.
    """

    first: int
    last: int
    names: list[str]
    is_list: bool
    columns: dict[str, int] = field(default_factory=dict)
    rivals: dict[str, list[int]] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)


def find_headers(grid: Grid) -> list[Header]:
    """All heading rows of tables of indicators or of budget execution in `grid`."""
    found: list[Header] = []
    row = 0
    while row < len(grid.rows):
        header = _header_at(grid, row)
        if header:
            found.append(header)
            row = header.last
        row += 1
    return found


def nearest(grid: Grid) -> tuple[int, list[str]] | None:
    """The row with the most known headings, where there are at least two, and its texts.

    Else the first row of at least three words without digits: headings that nobody knows.
    """
    best: tuple[int, int] | None = None
    for row in range(len(grid.rows)):
        count = sum(bool(columns) for columns in _meanings(_names(grid, row)))
        if count >= 2 and (best is None or count > best[0]):
            best = (count, row)
    chosen = best[1] if best else next(_wordy(grid), None)
    return None if chosen is None else (chosen, [name for name in _names(grid, chosen) if name])


def _wordy(grid: Grid) -> Iterator[int]:
    for row in range(len(grid.rows)):
        names = [name for name in _names(grid, row) if name]
        if row not in grid.outside and len(names) >= _WORDS:
            if not any(character.isdigit() for name in names for character in name):
                yield row
            return


def _header_at(grid: Grid, row: int) -> Header | None:
    upper = _names(grid, row)
    known = _known(upper)
    if not known:
        return None
    first, last, names = row, row, upper
    if row + 1 < len(grid.rows):
        lower = _second(grid, row)
        both = [two or one for one, two in zip_longest(upper, lower, fillvalue="")]
        gained = _known(both) - _known(lower)
        if lower and _is_header(_known(both)) and gained & _SHARED and _known(both) > known:
            last, names = row + 1, both
    if not _is_header(_known(names)):
        return None
    header = Header(first, last, names, any(key in _known(names) for key in _KEYS))
    if not header.is_list:
        _place(grid, header)
    return header


def _names(grid: Grid, row: int) -> list[str]:
    """What may be headings in a row; a heading that is merged over columns counts once."""
    names = []
    for column, text in enumerate(grid.rows[row]):
        origin = grid.copies.get((row, column))
        single = origin is None or origin[1] == column
        names.append(text if single and len(text) <= _LONGEST else "")
    return names


def _second(grid: Grid, row: int) -> list[str]:
    """What may be the second row of headings below a row; empty where it is none."""
    lower = [grid.own(row + 1, column) for column in range(len(grid.rows[row + 1]))]
    return lower if all(headings.meanings(text) for text in lower if text) else []


def _meanings(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for name in names:
        yield (headings.meanings(name) or ()) if name else ()


def _known(names: Sequence[str]) -> set[str]:
    return {column for columns in _meanings(names) for column in columns}


def _is_header(known: set[str]) -> bool:
    if "indicator" in known:
        listed = bool(known.intersection(_KEYS))
        return bool(known & _VALUES) and (listed or len(known & set(FORM_COLUMNS)) >= 3)
    return known.issuperset(_MONEY) and bool(known.intersection(_KEYS))


def _place(grid: Grid, header: Header) -> None:
    """Which column of a form holds what."""
    found: dict[str, list[int]] = {}
    for position, name in enumerate(header.names):
        if not name.strip(BLANKS) or _is_beside(grid, header, position):
            continue
        known = headings.meanings(name)
        if known is None:
            header.unknown.append(position)
        for column in known or ():
            if column in FORM_COLUMNS:
                found.setdefault(column, []).append(position)
    for column, positions in found.items():
        exact = [at for at in positions if not headings.gives_way(column, header.names[at])]
        chosen = exact or positions
        if column == "operator" and len(chosen) > 1:
            chosen = [max(chosen, key=lambda at: _operators(grid, header.last + 1, at))]
        if len(chosen) > 1:
            header.rivals[column] = chosen
        header.columns[column] = chosen[0]


def _is_beside(grid: Grid, header: Header, column: int) -> bool:
    """Whether a text stands beside the table: merged from its headings down along its rows."""
    below = header.last + 1
    if below >= len(grid.rows):
        return False
    origin = grid.copies.get((below, column))
    return origin is not None and origin[0] <= header.last


def _operators(grid: Grid, first: int, column: int) -> int:
    cells = (grid.text(row, column) for row in range(first, min(len(grid.rows), first + _SAMPLE)))
    return sum(bool(cell) and bool(operator(cell)) for cell in cells)

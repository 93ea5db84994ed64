"""The ruled tables of a page: lines that meet, and the cells between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from perfeval.sources.grids.pdf.dashes import LONGEST, Edge, dashed, reaching

SNAP = 3.0
"""Points within which two lines are one: a double line, or pieces that do not meet exactly."""

Place = tuple[int, int]
"""A row and a column."""

Rule = tuple[float, float, float, float]


@dataclass(slots=True)
class Table:
    """A ruled table: its lines from left to right and from top to bottom, and its cells.

    `owner[row][column]` is the first (row, column) of the cell that takes up this place. `broken`
    tells that short pieces of what may be a line lie in it and make up none.
    """

    xs: list[float]
    ys: list[float]
    owner: list[list[Place]]
    broken: bool = False

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.xs[0]

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.xs[-1]

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.ys[0]

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.ys[-1]

    def place(self, x: float, y: float) -> Place | None:
        """The cell at a point of the page; None outside the table."""
        if not (self.left <= x <= self.right and self.top <= y <= self.bottom):
            return None
        column = min(bisect_right(self.xs, x), len(self.xs) - 1) - 1
        row = min(bisect_right(self.ys, y), len(self.ys) - 1) - 1
        return self.owner[max(row, 0)][max(column, 0)]


class TooManyEdgesError(Exception):
    """More lines than a form has."""


def find_tables(rules: Iterable[Rule], most: int, dots: Iterable[Rule] = ()) -> list[Table]:
    """The ruled tables of a page, from top to bottom; raises where it has `most` lines and more.

    `dots` are too short to tell which way they run; they count where they are in line.
    """
    level: list[Edge] = []
    upright: list[Edge] = []
    for x0, y0, x1, y1 in rules:
        if x1 - x0 > y1 - y0:
            level.append(((y0 + y1) / 2, x0, x1))
        else:
            upright.append(((x0 + x1) / 2, y0, y1))
    dots = list(dots)
    level_dashes, level_unsure = dashed(
        _short(level, upright) + [((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in dots]
    )
    dashes, unsure = dashed(
        _short(upright, level) + [((x0 + x1) / 2, y0, y1) for x0, y0, x1, y1 in dots]
    )
    down = [each[0] for each in upright] + [line[0] for line, _ in dashes]
    over = [each[0] for each in level] + [line[0] for line, _ in level_dashes]
    level += [reaching(line, gap, down, SNAP) for line, gap in level_dashes]
    upright += [reaching(line, gap, over, SNAP) for line, gap in dashes]
    level, upright = _put_together(level), _put_together(upright)
    if len(level) + len(upright) > most:
        raise TooManyEdgesError
    loose = [((begin + end) / 2, at) for at, begin, end in _loose(level_unsure, level)]
    loose += [(at, (begin + end) / 2) for at, begin, end in _loose(unsure, upright)]
    found = [table for group in _groups(level, upright) if (table := _table(*group))]
    for table in found:
        table.broken = any(table.place(x, y) for x, y in loose)
    return sorted(found, key=lambda table: (table.top, table.left))


def _short(edges: list[Edge], across: list[Edge]) -> list[Edge]:
    """Edges that can be dashes: short, and not the side of a box, as forms have for each digit."""
    corners = {(round(end), round(at)) for at, *ends in across for end in ends}
    return [
        (at, begin, end)
        for at, begin, end in edges
        if end - begin <= LONGEST
        and not {(round(at), round(begin)), (round(at), round(end))} <= corners
    ]


def _loose(pieces: list[Edge], edges: list[Edge]) -> list[Edge]:
    """The pieces that no longer edge lies on."""
    places = [each[0] for each in edges]
    return [
        (at, begin, end)
        for at, begin, end in pieces
        if not any(
            stop - start > LONGEST and start - SNAP <= begin and end <= stop + SNAP
            for _, start, stop in edges[
                bisect_left(places, at - SNAP) : bisect_right(places, at + SNAP)
            ]
        )
    ]


def _put_together(edges: list[Edge]) -> list[Edge]:
    """Lines, of which pieces that lie on one another or follow on one another are one."""
    edges.sort()
    found: list[Edge] = []
    start = 0
    while start < len(edges):
        end = start
        while end < len(edges) and edges[end][0] - edges[start][0] <= SNAP:
            end += 1
        cluster = edges[start:end]
        at = sum(each[0] for each in cluster) / len(cluster)
        pieces = sorted((begin, stop) for _, begin, stop in cluster)
        begin, stop = pieces[0]
        for following, last in pieces[1:]:
            if following <= stop + SNAP:
                stop = max(stop, last)
            else:
                found.append((at, begin, stop))
                begin, stop = following, last
        found.append((at, begin, stop))
        start = end
    return found


def _groups(level: list[Edge], upright: list[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Lines that meet, put together in one group."""
    parent = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    places = [each[0] for each in upright]
    for index, (y, x0, x1) in enumerate(level):
        first, last = bisect_left(places, x0 - SNAP), bisect_right(places, x1 + SNAP)
        for other in range(first, last):
            _, y0, y1 = upright[other]
            if y0 - SNAP <= y <= y1 + SNAP:
                parent[root(len(level) + other)] = root(index)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for index in range(len(parent)):
        group = groups.setdefault(root(index), ([], []))
        if index < len(level):
            group[0].append(level[index])
        else:
            group[1].append(upright[index - len(level)])
    return list(groups.values())


def _table(level: list[Edge], upright: list[Edge]) -> Table | None:
    """The table that lines which meet make up; None for fewer than two cells."""
    if not level or not upright:
        return None
    # A table may be open at its sides: its lines end where it ends.
    ys = _positions(level, upright)
    xs = _positions(upright, level)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) < 6:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    walls = _covered(upright, xs, ys)  # walls[x][row]
    floors = _covered(level, ys, xs)  # floors[y][column]
    owner = [[(row, column) for column in range(columns)] for row in range(rows)]

    def root(place: Place) -> Place:
        while owner[place[0]][place[1]] != place:
            place = owner[place[0]][place[1]]
        return place

    for row in range(rows):
        for column in range(columns):
            if column and not walls[column][row]:
                _join(owner, root((row, column - 1)), root((row, column)))
            if row and not floors[row][column]:
                _join(owner, root((row - 1, column)), root((row, column)))
    for row in range(rows):
        for column in range(columns):
            owner[row][column] = root((row, column))
    _divide_odd(owner, walls, floors)
    if len({place for each in owner for place in each}) < 2:
        return None
    return Table(xs, ys, owner)


def _divide_odd(
    owner: list[list[Place]], walls: list[list[bool]], floors: list[list[bool]]
) -> None:
    """Divide cells that are no rectangles, or have lines within: a line is missing somewhere.

    Of these each row is a cell of its own, as far as no line divides it.
    """
    cells: dict[Place, list[Place]] = {}
    for row, places in enumerate(owner):
        for column, place in enumerate(places):
            cells.setdefault(place, []).append((row, column))
    for place, own in cells.items():
        height, width = (max(each[axis] for each in own) - place[axis] + 1 for axis in (0, 1))
        left = min(column for _, column in own)
        inside = set(own)
        odd = left < place[1] or len(own) != height * width
        odd = odd or any(
            ((row, column - 1) in inside and walls[column][row])
            or ((row - 1, column) in inside and floors[row][column])
            for row, column in own
        )
        if odd:
            for row, column in own:
                follows = (row, column - 1) in inside and not walls[column][row]
                owner[row][column] = owner[row][column - 1] if follows else (row, column)


def _join(owner: list[list[Place]], one: Place, other: Place) -> None:
    first, second = min(one, other), max(one, other)
    owner[second[0]][second[1]] = first


def _positions(across: list[Edge], along: list[Edge]) -> list[float]:
    """Where the lines of one direction lie, and where those of the other end."""
    found = sorted({at for at, _, _ in across})
    for end in (min(each[1] for each in along), max(each[2] for each in along)):
        if all(abs(end - at) > SNAP for at in found):
            found.append(end)
    found.sort()
    kept = found[:1]
    kept += [at for before, at in pairwise(found) if at - before > SNAP]
    return kept


def _covered(
    edges: list[Edge], places: Sequence[float], across: Sequence[float]
) -> list[list[bool]]:
    """Whether a line runs along most of the way between two crossings, for each place."""
    found = [[False] * (len(across) - 1) for _ in places]
    for at, begin, end in edges:
        index = min(range(len(places)), key=lambda place: abs(places[place] - at))
        first = max(bisect_left(across, begin - SNAP) - 1, 0)
        for way in range(first, len(across) - 1):
            here, there = across[way], across[way + 1]
            if here > end:
                break
            if min(end, there) - max(begin, here) > (there - here) / 2:
                found[index][way] = True
    return found

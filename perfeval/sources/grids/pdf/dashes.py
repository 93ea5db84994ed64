"""Lines that are drawn as dashes or dots: pieces on one line with small, regular gaps are one line.

Programs that know dashes draw a line and say how it is broken, so it arrives whole; others draw
each dash. Pieces whose gaps are not regular are no line for certain: they are told, never joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median

Edge = tuple[float, float, float]
"""A line: where it lies, and from where to where it goes."""

LONGEST = 24.0
"""Points of the longest dash."""

_WIDEST = 12.0  # points of the widest gap between dashes
_STRAIGHT = 0.75  # points by which dashes of one line may lie beside one another
_FEWEST = 5  # pieces from which on gaps can be said to be regular
_DOUBTFUL = 3  # ... and from which on they are told where they are not
_IRREGULAR = 1.5  # times the usual gap: a pattern may begin anew at each cell, with a smaller gap


def dashed(pieces: Iterable[Edge]) -> tuple[list[tuple[Edge, float]], list[Edge]]:
    """Lines made of short pieces, each with its usual gap; and pieces that may be of a line.

    >>> dashed([(5.0, x, x + 6) for x in (0, 10, 20, 30, 40)])
    ([((5.0, 0, 46), 4.0)], [])
    >>> dashed([(5.0, x, x + 6) for x in (0, 10, 23, 30)])
    ([], [(5.0, 0, 6), (5.0, 10, 16), (5.0, 23, 29), (5.0, 30, 36)])
    """
    lines: list[tuple[Edge, float]] = []
    unsure: list[Edge] = []
    for stretch in _stretches(pieces):
        gaps = [max(0.0, after[1] - before[2]) for before, after in pairwise(stretch)]
        usual = float(median(gaps))
        if len(stretch) >= _FEWEST and max(gaps) <= _IRREGULAR * usual + 0.5:
            at = sum(each[0] for each in stretch) / len(stretch)
            lines.append(((at, stretch[0][1], max(each[2] for each in stretch)), usual))
        elif len(stretch) >= _DOUBTFUL:
            unsure += stretch
    return lines, unsure


def reaching(line: Edge, gap: float, across: Iterable[float], slack: float) -> Edge:
    """A dashed line as far as the lines across it that its next dash would touch.

    >>> reaching((5.0, 4.0, 46.0), 4.0, [0.0, 50.0, 60.0], 1.0)
    (5.0, 0.0, 50.0)
    """
    at, begin, end = line
    near = gap + slack
    places = list(across)
    begin = min([begin, *(each for each in places if begin - near <= each <= begin)])
    end = max([end, *(each for each in places if end <= each <= end + near)])
    return at, begin, end


def _stretches(pieces: Iterable[Edge]) -> Iterator[list[Edge]]:
    """Two and more pieces on one line, none far from the next."""
    line: list[Edge] = []
    for piece in sorted(pieces):
        if line and piece[0] - line[0][0] > _STRAIGHT:
            yield from _near(line)
            line = []
        line.append(piece)
    yield from _near(line)


def _near(line: list[Edge]) -> Iterator[list[Edge]]:
    line.sort(key=lambda piece: piece[1:])
    stretch: list[Edge] = []
    for piece in line:
        if stretch and piece[1] - stretch[-1][2] > _WIDEST:
            if len(stretch) > 1:
                yield stretch
            stretch = []
        stretch.append(piece)
    if len(stretch) > 1:
        yield stretch

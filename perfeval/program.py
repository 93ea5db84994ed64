"""What the kernel runs: compiled indicators in segments, and what comes out, all as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm

import numpy as np
import numpy.typing as npt

from perfeval.exact import IN_PROPORTION

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.int8]
Knots = tuple[tuple[Fraction, Fraction], ...]

MET, MISSED, UNKNOWN = 1, 0, -1


@dataclass(frozen=True)
class Curve:
    """Knots (ratio, coefficient) and their pieces as floats and as whole numbers.

    Piece i holds from knot i-1 (inclusive) to knot i; its line is (a·ratio + b) / d.
    """

    knots: Knots
    starts: Floats
    a: Integers
    b: Integers
    d: Integers
    jumps: Floats

    @classmethod
    def of(cls, knots: Sequence[tuple[Fraction, Fraction]]) -> Curve:
        """The curve through `knots` (ratios and coefficients not decreasing)."""
        lines = [(Fraction(0), knots[0][1])]
        for (left, low), (right, high) in pairwise(knots):
            slope = (high - low) / (right - left) if right > left else Fraction(0)
            lines.append((slope, low - slope * left))
        lines.append((Fraction(0), knots[-1][1]))
        denominators = [lcm(slope.denominator, base.denominator) for slope, base in lines]
        return cls(
            knots=tuple(knots),
            starts=np.array([float(ratio) for ratio, _ in knots]),
            a=np.array([int(s * d) for (s, _), d in zip(lines, denominators, strict=True)]),
            b=np.array([int(c * d) for (_, c), d in zip(lines, denominators, strict=True)]),
            d=np.array(denominators),
            jumps=np.array(
                [
                    float(left)
                    for (left, low), (right, high) in pairwise(knots)
                    if left == right and low != high
                ]
            ),
        )

    @cached_property
    def is_capped(self) -> bool:
        """The ratio itself between 0 and 1: the commonest curve, and one `clip`."""
        return self.knots == IN_PROPORTION

    @cached_property
    def ramp(self) -> tuple[float, float, float, float] | None:
        """(left, slope, low, high) if the curve is one rising line between two constants."""
        (left, low), (right, high) = self.knots[0], self.knots[-1]
        if len(self.knots) > 2 or left == right or low == high:
            return None
        return float(left), float((high - low) / (right - left)), float(low), float(high)

    def piece(self, ratio: Floats) -> Rows:
        """Which piece each ratio falls on; -inf on the first, +inf on the last."""
        return np.searchsorted(self.starts, ratio, side="right")


@dataclass(frozen=True)
class Segment:
    """Rows `start:stop` of a program, which share operator, ratio and curve.

    `ratio` is one of the policy's ratio kinds, or "reached" for targets of zero and below (which
    have no ratio), or "unknown" for targets that nothing can be compared with. `points` is the
    largest of the rows' full marks, in hundredths.
    """

    start: int
    stop: int
    operator: str
    ratio: str
    curve: Curve
    thresholds: bool
    points: float

    @property
    def has_jumps(self) -> bool:
        """Whether a hair's breadth of the ratio can decide over points."""
        return self.thresholds or self.curve.jumps.size > 0


@dataclass(frozen=True)
class Program:
    """Compiled indicators: parallel arrays of n rows, in the order of their segments.

    order: int[n], the row of the caller's table that each row came from.
    target: float64[n], NaN where it is no number. weight: float64[n], as declared.
    points: float64[n], full marks in hundredths: weight × scale × 100.
    scale: uint32[n], index into `scales`. pass_threshold: float64[n], 0 where there is none.
    """

    order: Rows
    target: Floats
    weight: Floats
    points: Floats
    scale: npt.NDArray[np.uint32]
    scales: tuple[Fraction, ...]
    pass_threshold: Floats
    segments: tuple[Segment, ...]

    def __len__(self) -> int:
        return len(self.target)

    def take(self, rows: Rows) -> Program:
        """The program of some of its rows (ascending positions)."""
        segments = []
        for segment in self.segments:
            start, stop = np.searchsorted(rows, (segment.start, segment.stop))
            if start < stop:
                segments.append(replace(segment, start=int(start), stop=int(stop)))
        return Program(
            self.order[rows],
            self.target[rows],
            self.weight[rows],
            self.points[rows],
            self.scale[rows],
            self.scales,
            self.pass_threshold[rows],
            tuple(segments),
        )


@dataclass(frozen=True)
class Result:
    """What each row of a program gets, in the program's order.

    met: int8[n], `MET`, `MISSED` or `UNKNOWN`. ratio, coefficient: float64[n], NaN where there is
    none (an infinite ratio: an actual of 0 that should be small). score, high: int64[n], hundredths
    of a point; the score is at the same time the lowest it can become, `high` the highest.
    """

    met: Flags
    ratio: Floats
    coefficient: Floats
    score: Integers
    high: Integers

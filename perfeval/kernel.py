"""Program × actuals → met, ratio, coefficient, score. numpy only; nothing is validated here.

Rows of a program are grouped into segments that share operator, ratio and curve, so each segment is
a handful of branch-free array expressions, worked off in blocks that stay in the processor's cache.

Exactness: numbers are float64 of decimals with at most 15 significant digits, which a float64 keeps
apart and in order, so predicates are exact. Only the ratio is rounded before the score is. What
lies too near to a half-cent, or beside a jump of its curve, is settled in whole numbers or
rationals (`perfeval.settle`), and the result equals `perfeval.exact` to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from perfeval import exact, settle
from perfeval.program import CAPPED, UNKNOWN, Flags, Floats, Program, Result, Rows, Segment

BLOCK = 16_384

_COMPARE = {
    "≥": np.greater_equal,
    ">": np.greater,
    "=": np.equal,
    "<": np.less,
    "≤": np.less_equal,
}
_SMALLEST = np.float64(5e-324)


def evaluate(program: Program, actual: Floats) -> Result:
    """Score `actual` (float64[n], in the program's order, NaN where unknown).

    An unknown actual or target leaves the row unknown: score 0, high its full marks.

    >>> from perfeval.compile import Way, assemble
    >>> at_least = Way("≥", "actual/target")
    >>> program = assemble([at_least], np.array([0, 0]), np.array([550.0, 10]), np.array([9.3, 5]))
    >>> evaluate(program, np.array([20.0, np.nan])).score
    array([34,  0])
    """
    n = len(program)
    result = Result(
        np.empty(n, np.int8), np.empty(n), np.empty(n), np.empty(n, np.int64), np.empty(n, np.int64)
    )
    scratch = np.empty(BLOCK), np.empty(BLOCK)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        for segment in program.segments:
            tie = settle.tie_width(program, segment)
            ties: list[Rows] = []
            beside: list[Rows] = []
            for rows in _blocks(segment):
                near = _block(program, segment, actual, result, rows, scratch, tie)
                ties.append(near)
                if segment.thresholds or segment.curve.jumps.size:
                    beside.append(settle.beside_jump(program, segment, result, rows))
            settle.ties(program, segment, actual, result, _joined(ties))
            # Last, because beside a jump even the piece of the curve is in doubt.
            settle.in_rationals(program, segment, actual, result, _joined(beside))
    return result


def _blocks(segment: Segment) -> Iterator[slice]:
    for start in range(segment.start, segment.stop, BLOCK):
        yield slice(start, min(start + BLOCK, segment.stop))


def _joined(parts: list[Rows]) -> Rows:
    return np.concatenate(parts) if parts else np.empty(0, np.intp)


def _block(
    program: Program,
    segment: Segment,
    actual: Floats,
    result: Result,
    rows: slice,
    scratch: tuple[Floats, Floats],
    tie: float,
) -> Rows:
    """Evaluate one block in place; return the rows too near to a half-cent to trust."""
    x, t = actual[rows], program.target[rows]
    points, met = program.points[rows], result.met[rows]
    ratio, coefficient = result.ratio[rows], result.coefficient[rows]
    value, distance = scratch[0][: len(x)], scratch[1][: len(x)]

    if segment.ratio == "unknown":
        value.fill(np.nan)
    else:
        _COMPARE[segment.operator](x, t, out=met.view(np.bool_))
        _coefficient(segment, x, t, met, ratio, coefficient)
        if segment.thresholds:
            coefficient[ratio < program.pass_threshold[rows]] = 0.0
        np.multiply(coefficient, points, out=value)
        value += 0.5
    np.rint(value, out=distance)
    distance -= value
    np.abs(distance, out=distance)
    near = distance < tie
    np.floor(value, out=value)
    if np.isnan(value.sum()):
        unknown = np.isnan(value)
        met[unknown] = UNKNOWN
        ratio[unknown] = np.nan
        coefficient[unknown] = np.nan
        value[unknown] = 0.0
        score, high = result.score[rows], result.high[rows]
        np.copyto(score, value, casting="unsafe")
        high[:] = score
        where = np.flatnonzero(unknown) + rows.start
        result.high[where] = settle.full_marks(program, where)
    else:
        np.copyto(result.score[rows], value, casting="unsafe")
        result.high[rows] = result.score[rows]
    return np.flatnonzero(near) + rows.start if near.any() else np.empty(0, np.intp)


def _coefficient(
    segment: Segment,
    x: Floats,
    t: Floats,
    met: Flags,
    ratio: Floats,
    coefficient: Floats,
) -> None:
    """Fill ratio and coefficient of one block; NaN in, NaN out."""
    curve = segment.curve
    match segment.ratio:
        case "actual/target":
            np.divide(x, t, out=ratio)
        case "target/actual":
            # An actual of zero or below is as small as can be asked: its ratio is without end.
            np.maximum(x, _SMALLEST, out=ratio)
            np.divide(t, ratio, out=ratio)
        case "2 - actual/target":
            np.divide(x, t, out=ratio)
            np.subtract(2.0, ratio, out=ratio)
        case "actual":
            np.copyto(ratio, x)
        case "met":
            np.copyto(ratio, met)
            ratio[np.isnan(x)] = np.nan
        case "reached":
            _reached(segment.operator, x, t, ratio)
            low, high = curve.knots[0][1], exact.curve_at(curve.knots, Fraction(1))
            np.multiply(ratio, float(high - low), out=coefficient)
            coefficient += float(low)
            ratio.fill(np.nan)
            return
    if curve.is_ramp:
        (left, low), (right, high) = curve.knots
        if curve.knots == CAPPED:
            np.minimum(ratio, 1.0, out=coefficient)
            np.maximum(coefficient, 0.0, out=coefficient)
            return
        np.subtract(ratio, float(left), out=coefficient)
        coefficient *= float((high - low) / (right - left))
        coefficient += float(low)
        np.clip(coefficient, float(low), float(high), out=coefficient)
        return
    piece = curve.piece(ratio)
    slope, base = curve.a / curve.d, curve.b / curve.d
    np.multiply(slope[piece], np.where(slope[piece] == 0, 0.0, ratio), out=coefficient)
    coefficient += base[piece]
    coefficient[np.isnan(ratio)] = np.nan


def _reached(operator: str, x: Floats, t: Floats, out: Floats) -> None:
    """1.0 where a target of zero or below is reached (`exact.is_reached`), else 0.0; NaN kept."""
    if operator in ("≥", ">"):
        reached = x >= t
    elif operator == "=":
        reached = (x == t) | ((t == 0) & (x < 0))
    else:
        reached = x <= t
    np.copyto(out, reached)
    out[np.isnan(x)] = np.nan

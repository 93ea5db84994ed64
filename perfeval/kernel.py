"""Program × actuals → met, ratio, coefficient, score. numpy only; nothing is validated here.

Rows of a program are grouped into segments that share operator, ratio and curve, so each segment is
a handful of branch-free array expressions, worked off in blocks that stay in the processor's cache.

Exactness: numbers are float64 of decimals with at most 15 significant digits, which a float64 keeps
apart and in order, so predicates are exact. Only the ratio is rounded before the score is. What
lies too near to a half-cent, or beside a jump of its curve, is settled in whole numbers or
rationals (`perfeval.settle`), and the result equals `perfeval.exact` to the cent.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from perfeval import exact, settle
from perfeval.program import Flags, Floats, Program, Result, Rows, Segment

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
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        for segment in program.segments:
            _segment(program, segment, actual, result)
    return result


def _segment(program: Program, segment: Segment, actual: Floats, result: Result) -> None:
    """Evaluate one segment: block by block in floats, then the rows that floats can't decide."""
    scratch = np.empty(BLOCK), np.empty(BLOCK)
    doubtful: list[Rows] = []
    for start in range(segment.start, segment.stop, BLOCK):
        block = slice(start, min(start + BLOCK, segment.stop))
        doubtful.append(_block(program, segment, actual, result, block, scratch))
    rows = np.concatenate(doubtful)
    unknown = np.isnan(result.coefficient[rows])
    settle.unknown(program, result, rows[unknown])
    settle.exactly(program, segment, actual, result, rows[~unknown])


def _block(
    program: Program,
    segment: Segment,
    actual: Floats,
    result: Result,
    rows: slice,
    scratch: tuple[Floats, Floats],
) -> Rows:
    """Evaluate one block in place; return the rows that are unknown or too near to call."""
    x, t, points = actual[rows], program.target[rows], program.points[rows]
    met, ratio, coefficient = result.met[rows], result.ratio[rows], result.coefficient[rows]
    value, whole = scratch[0][: len(x)], scratch[1][: len(x)]

    _COMPARE[segment.operator](x, t, out=met.view(np.bool_))
    _coefficient(segment, x, t, met, ratio, coefficient)
    if segment.thresholds:
        coefficient[ratio < program.pass_threshold[rows]] = 0.0
    tie = settle.tie_width(segment)
    # Shifted up by a tie's width, what is near a half-cent on either side lies just above it.
    np.multiply(coefficient, points, out=value)
    value += 0.5 + tie
    np.floor(value, out=whole)
    value -= whole
    np.copyto(result.score[rows], whole, casting="unsafe")
    result.high[rows] = result.score[rows]
    sure = value >= 2 * tie
    if segment.has_jumps:
        sure &= settle.clear_of_jumps(program, segment, ratio, rows)
    doubtful: Rows = np.flatnonzero(np.logical_not(sure, out=sure)) + rows.start
    return doubtful


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
        case "unknown":
            ratio.fill(np.nan)
            coefficient.fill(np.nan)
            return
        case "reached":
            _reached(segment.operator, x, t, ratio)
            worst, best = curve.knots[0][1], exact.curve_at(curve.knots, Fraction(1))
            np.multiply(ratio, float(best - worst), out=coefficient)
            coefficient += float(worst)
            ratio.fill(np.nan)
            return
    if curve.is_capped:
        np.clip(ratio, 0.0, 1.0, out=coefficient)
        return
    if curve.ramp:
        left, slope, low, high = curve.ramp
        np.subtract(ratio, left, out=coefficient)
        coefficient *= slope
        coefficient += low
        np.clip(coefficient, low, high, out=coefficient)
        return
    piece = curve.piece(ratio)
    slopes, bases = (curve.a / curve.d)[piece], (curve.b / curve.d)[piece]
    np.multiply(slopes, np.where(slopes == 0, 0.0, ratio), out=coefficient)
    coefficient += bases
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

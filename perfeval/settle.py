"""What floats can't decide: half-cents and jumps, settled in whole numbers or rationals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perfeval import exact
from perfeval.program import UNKNOWN, Curve, Floats, Integers, Program, Result, Rows, Segment

TIE = 1e-9
TRUST = 1e-14
NEAR_JUMP = 1e-12

# Whole numbers below it, sums of four of them, and the floor of a quotient are exact in floats.
_EXACT = 2.0**51

Mask = npt.NDArray[np.bool_]


def tie_width(segment: Segment) -> float:
    """How near to a half-cent a float is not trusted: 1e-9, more where points are enormous."""
    return max(TIE, segment.points * TRUST)


def clear_of_jumps(program: Program, segment: Segment, ratio: Floats, rows: slice) -> Mask:
    """Whether the float ratios of some rows are on the right side of every jump for certain."""
    clear = np.ones(len(ratio), np.bool_)
    for jump in segment.curve.jumps:
        clear &= ~(np.abs(ratio - jump) <= NEAR_JUMP * max(1.0, abs(jump)))
    if segment.thresholds:
        threshold = program.pass_threshold[rows]
        clear &= ~(np.abs(ratio - threshold) <= NEAR_JUMP * np.maximum(1.0, threshold))
    return clear


def unknown(program: Program, result: Result, rows: Rows) -> None:
    """Rows without a coefficient (nor a ratio): from nothing to full marks."""
    result.met[rows] = UNKNOWN
    result.score[rows] = 0
    result.high[rows] = full_marks(program, rows)


def full_marks(program: Program, rows: Rows) -> Integers:
    """Full marks of some rows in hundredths, rounded half up."""
    value = program.points[rows] + 0.5
    marks: Integers = np.floor(value).astype(np.int64)
    for i in np.flatnonzero(np.abs(np.rint(value) - value) < np.maximum(TIE, value * TRUST)):
        scale = program.scales[program.scale[rows[i]]]
        marks[i] = exact.round_half_up(100 * exact.fraction(float(program.weight[rows[i]])) * scale)
    return marks


def exactly(program: Program, segment: Segment, actual: Floats, result: Result, rows: Rows) -> None:
    """Settle rows that floats can't: in whole numbers where these fit, in rationals otherwise."""
    for decimals in (2, 8):
        if rows.size:
            rows = rows[~_in_whole_numbers(program, segment, actual, result, rows, decimals)]
    _in_rationals(program, segment, actual, result, rows)


def _in_rationals(
    program: Program, segment: Segment, actual: Floats, result: Result, rows: Rows
) -> None:
    """Settle some rows, one by one, by the rational reference itself."""
    for row in rows.tolist():
        outcome = exact.evaluate(
            # The reference finds out by itself that a target has no ratio.
            "actual/target" if segment.ratio == "reached" else segment.ratio,
            segment.operator,
            segment.curve.knots,
            float(actual[row]),
            float(program.target[row]),
            float(program.weight[row]),
            program.scales[program.scale[row]],
            float(program.pass_threshold[row]),
        )
        result.coefficient[row] = float(outcome.coefficient)
        result.score[row] = result.high[row] = outcome.score


def _in_whole_numbers(
    program: Program, segment: Segment, actual: Floats, result: Result, rows: Rows, decimals: int
) -> Mask:
    """Settle some rows all at once, in floats that hold whole numbers; return which rows could be.

    The ratio is n/m, the coefficient (a·n/m + b)/d on the piece of the curve that n/m lies on, and
    the score (2·weight·scale·(a·n + b·m) + d·m) / (2·d·m), rounded down.
    """
    unit = 10.0**decimals
    curve = segment.curve
    n, m, certain = _ratio(program, segment, actual, result, rows, unit)
    piece, sure = _piece(curve, n, m)
    certain &= sure & (m > 0)
    linear, constant, bottom = curve.a[piece] * n, curve.b[piece] * m, curve.d[piece] * m
    if segment.thresholds:
        threshold, sure = _whole(program.pass_threshold[rows], unit)
        reached, needed = n * unit, threshold * m
        certain &= sure & _fits(reached, needed)
        failed = reached < needed
        linear[failed] = constant[failed] = 0.0

    weight, sure = _whole(program.weight[rows], 100.0)
    scale = program.scale[rows] if len(program.scales) > 1 else 0
    weight *= np.array([2.0 * each.numerator for each in program.scales])[scale]
    whole = bottom * np.array([2.0 * each.denominator for each in program.scales])[scale]
    certain &= sure & _fits(weight * linear, weight * constant, whole)
    top = linear + constant
    score = np.floor((weight * top + whole / 2) / whole)[certain].astype(np.int64)
    result.score[rows[certain]] = score
    result.high[rows[certain]] = score
    if segment.has_jumps:
        result.coefficient[rows[certain]] = (top / bottom)[certain]
    return certain


def _fits(*products: Floats) -> Mask:
    """Where all of some products of whole numbers are exact."""
    fits: Mask = np.logical_and.reduce([np.abs(product) < _EXACT for product in products])
    return fits


def _ratio(
    program: Program, segment: Segment, actual: Floats, result: Result, rows: Rows, unit: float
) -> tuple[Floats, Floats, Mask]:
    """The ratio as n/m in whole numbers, and where that is exactly what it is."""
    one = np.ones(len(rows))
    if segment.ratio == "met":
        return result.ratio[rows], one, one > 0
    x, sure = _whole(actual[rows], unit)
    if segment.ratio == "actual":
        return x, one * unit, sure
    t, certain = _whole(program.target[rows], unit)
    certain &= sure
    match segment.ratio:
        case "actual/target":
            return x, t, certain
        case "target/actual":
            return t, x, certain
        case "2 - actual/target":
            return 2 * t - x, t, certain
    return x, t, one < 0


def _piece(curve: Curve, n: Floats, m: Floats) -> tuple[Rows, Mask]:
    """Which piece of the curve n/m lies on, and where that is certain."""
    piece = np.zeros(len(n), np.intp)
    certain = np.ones(len(n), np.bool_)
    for knot, _ in curve.knots:
        left, right = n * knot.denominator, m * knot.numerator
        piece += left >= right
        certain &= _fits(left, right)
    return piece, certain


def _whole(numbers: Floats, unit: float) -> tuple[Floats, Mask]:
    """How many 1/`unit` the numbers are, rounded, and where that is exactly what they are."""
    count: Floats = np.rint(numbers * unit)
    return count, count / unit == numbers

"""What floats can't decide: half-cents and jumps, settled in whole numbers or rationals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perfeval import exact
from perfeval.program import Floats, Integers, Program, Result, Rows, Segment

TIE = 1e-9
TRUST = 1e-14
NEAR_JUMP = 1e-12


def tie_width(program: Program, segment: Segment) -> float:
    """How near to a half-cent a float is not trusted: 1e-9, more where points are enormous."""
    points = program.points[segment.start : segment.stop]
    return max(TIE, float(points.max(initial=0.0)) * TRUST)


def full_marks(program: Program, rows: Rows) -> Integers:
    """Full marks of some rows in hundredths, rounded half up."""
    value = program.points[rows] + 0.5
    marks: Integers = np.floor(value).astype(np.int64)
    for i in np.flatnonzero(np.abs(np.rint(value) - value) < np.maximum(TIE, value * TRUST)):
        scale = program.scales[program.scale[rows[i]]]
        marks[i] = exact.round_half_up(100 * exact.fraction(float(program.weight[rows[i]])) * scale)
    return marks


def beside_jump(program: Program, segment: Segment, result: Result, rows: slice) -> Rows:
    """Rows whose float ratio may lie on the wrong side of a jump."""
    ratio = result.ratio[rows]
    beside = np.zeros(len(ratio), np.bool_)
    for jump in segment.curve.jumps:
        beside |= np.abs(ratio - jump) <= NEAR_JUMP * max(1.0, abs(jump))
    if segment.thresholds:
        threshold = program.pass_threshold[rows]
        beside |= np.abs(ratio - threshold) <= NEAR_JUMP * np.maximum(1.0, threshold)
    positions: Rows = np.flatnonzero(beside) + rows.start
    return positions


def in_rationals(
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


_SCALED = 10_000
_LIMIT = 4e18


def _whole(numbers: Floats, scale: int) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """`numbers × scale` as integers, and where that is exactly what the decimals are."""
    scaled: Floats = np.rint(numbers * scale)
    exactly: npt.NDArray[np.bool_] = (scaled / scale == numbers) & (np.abs(scaled) < 1e15)
    return np.where(exactly, scaled, 0).astype(np.int64), exactly


def ties(program: Program, segment: Segment, actual: Floats, result: Result, rows: Rows) -> None:
    """Decide half-cents in 64-bit integers where they fit, in rationals where they do not.

    With the coefficient (a·n/m + b)/d of the ratio n/m, the score reaches the half-cent below k
    exactly if 2·weight·scale·(a·n + b·m) ≥ (2k - 1)·d·m.
    """
    if not rows.size:
        return
    x, t, curve = actual[rows], program.target[rows], segment.curve
    n, m, usable = _ratio_in_whole_numbers(segment.ratio, x, t)
    weight, exactly = _whole(program.weight[rows], 100)
    usable &= exactly
    scale_n = np.array([s.numerator for s in program.scales], np.float64)[program.scale[rows]]
    scale_d = np.array([s.denominator for s in program.scales], np.float64)[program.scale[rows]]

    piece = curve.piece(result.ratio[rows])
    a, b, d = curve.a[piece], curve.b[piece], curve.d[piece]
    k = np.rint(result.coefficient[rows] * program.points[rows] + 0.5)
    size = np.maximum(np.abs(a * 1.0 * n), np.abs(b * 1.0 * m))
    usable &= 4.0 * weight * scale_n * size < _LIMIT
    usable &= (2 * k + 1) * scale_d * d * m < _LIMIT

    i = np.flatnonzero(usable)
    half_cents = 2 * weight[i] * scale_n[i].astype(np.int64) * (a[i] * n[i] + b[i] * m[i])
    needed = (2 * k[i].astype(np.int64) - 1) * scale_d[i].astype(np.int64) * d[i] * m[i]
    score = k[i].astype(np.int64) - (half_cents < needed)
    result.score[rows[i]] = score
    result.high[rows[i]] = score
    in_rationals(program, segment, actual, result, rows[~usable])


def _ratio_in_whole_numbers(
    kind: str, x: Floats, t: Floats
) -> tuple[Integers, Integers, npt.NDArray[np.bool_]]:
    """The ratio as n/m with m > 0, and where it could be had."""
    actual, exactly = _whole(x, _SCALED)
    target, target_exactly = _whole(t, _SCALED)
    match kind:
        case "actual/target":
            return actual, target, exactly & target_exactly
        case "target/actual":
            return target, actual, exactly & target_exactly & (actual > 0)
        case "2 - actual/target":
            return 2 * target - actual, target, exactly & target_exactly
        case "actual":
            return actual, np.full(len(x), _SCALED), exactly
    return actual, target, np.zeros(len(x), np.bool_)

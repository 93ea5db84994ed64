"""How a score comes about, as formulas that a spreadsheet works out exactly.

A spreadsheet reckons in floats and rounds by rules of its own, so a half-cent can fall to either
side. Therefore everything is brought to whole numbers first (an actual of 8914.5 is 89145 tenths),
the coefficient is a quotient of two of them, and the score is the whole part of a quotient, which
`whole_part` gets right. Comparisons are products on both sides, never quotients.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor, lcm
from typing import Any

from perfeval import exact
from perfeval.exact import IN_PROPORTION, Knots, fraction
from perfeval.policy import Policy
from perfeval.program import Curve
from perfeval.reports.workbook.expression import (
    EXACT,
    Cell,
    Constant,
    Expression,
    If,
    call,
    part,
    whole_part,
)

GIVEN = "given"
"""The ratio of what a person judges: the coefficient itself."""

_HAVE_NO_RATIO = ("actual/target", "target/actual", "2 - actual/target")
_LEAST_PLACES = 2
_APART = Fraction(1, 10**9)  # relative: what floats tell apart with a wide margin


@dataclass(frozen=True, slots=True)
class Task:
    """What an indicator asks for: how it is scored, and the number to reach (None: none)."""

    ratio: str
    operator: str
    knots: Knots
    target: Fraction | None
    threshold: Fraction = Fraction(0)

    @classmethod
    def of(cls, row: dict[str, Any], policy: Policy) -> Task:
        """The task of a row of `ScoreResult.indicators`."""
        if row["way"] != "number":
            return cls(GIVEN, "≥", IN_PROPORTION, None)
        return cls(
            policy.ratio(row["rule"], row["operator"]),
            row["operator"],
            policy.rules[row["rule"]].curve.knots,
            fraction(row["target_number"]),
            fraction(row["pass_threshold"] or 0),
        )

    @property
    def has_ratio(self) -> bool:
        """Whether the target can be divided by: it is above zero, or nothing is divided."""
        return self.ratio not in _HAVE_NO_RATIO or (self.target or 0) > 0


@dataclass(frozen=True, slots=True)
class Names:
    """The cells that a score is worked out in, in their order.

    whole_actual and whole_target hold actual and target as whole numbers; upper ÷ lower is the
    coefficient; marks ÷ parts the full marks in hundredths; above ÷ below the score in hundredths
    plus one half.
    """

    whole_actual: Cell
    whole_target: Cell
    upper: Cell
    lower: Cell
    marks: Cell
    parts: Cell
    above: Cell
    below: Cell


def whole(number: Expression, places: int) -> Expression:
    """A number of at most `places` decimals as a whole number of its last decimal's unit."""
    return call("ROUND", number * 10**places if places else number, 0)


def coefficient(
    task: Task, x: Expression, t: Expression, unit: int
) -> tuple[Expression, Expression]:
    """The coefficient as a quotient; x and t are actual and target in `unit`-ths.

    The same rules as `perfeval.exact.coefficient_of`.
    """
    if task.ratio == GIVEN:
        return call("MAX", 0, call("MIN", x, unit)), part(unit)
    if task.ratio == "met":
        missed = Fraction(0) if task.threshold > 0 else exact.curve_at(task.knots, Fraction(0))
        return _either(_compare(task.operator, x, t), task, missed)
    if not task.has_ratio:
        return _either(_reached(task, x, t), task, task.knots[0][1])
    match task.ratio:
        case "actual/target":
            return _read(task, x, t)
        case "2 - actual/target":
            return _read(task, t * 2 - x, t)
        case "actual":
            return _read(task, x, part(unit))
    above, below = _read(task, t, x)
    best = task.knots[-1][1]
    return If(x > 0, above, best.numerator), If(x > 0, below, best.denominator)


def decimals(number: Fraction) -> int:
    """Decimals that a number of at most 15 digits is written with.

    >>> decimals(Fraction("22.50")), decimals(Fraction(9000))
    (1, 0)
    """
    exponent = Decimal(repr(float(number))).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def score(names: Names) -> Expression:
    """Hundredths of a point, rounded half up."""
    return whole_part(names.above, names.below)


def above(names: Names) -> Expression:
    """The upper part of hundredths plus one half."""
    return names.marks * names.upper * 2 + names.parts * names.lower


def below(names: Names) -> Expression:
    """The lower part of hundredths plus one half."""
    return names.parts * names.lower * 2


def places(task: Task, actual: Fraction | None, points: Fraction) -> int | None:
    """How many decimals the whole numbers of a row carry; None where they grow too large.

    points: full marks in hundredths. Where it is not known, the actual is taken to be of the
    target's size.
    """
    known = [number for number in (actual, task.target) if number is not None]
    needed = max([0, *map(decimals, known)])
    tried = actual if actual is not None else 10 * (task.target or Fraction(1))
    for count in (max(needed, _LEAST_PLACES), needed):
        if _largest(task, tried, points, count) < EXACT:
            return count
    return None


def is_clear(task: Task, actual: Fraction, points: Fraction) -> bool:
    """Whether floats are certain to find the score too: no half-cent, edge or target is near."""
    target = task.target or Fraction(0)
    edges = [task.threshold, *(knot for knot, _ in task.knots)]
    if task.ratio == GIVEN:
        ratio, value = actual, min(max(actual, Fraction(0)), Fraction(1))
    else:
        found, value = exact.coefficient_of(
            task.ratio, task.operator, task.knots, actual, target, task.threshold
        )
        ratio = Fraction(1) if found is None else found
        if actual != target and abs(actual - target) < _APART * abs(target):
            return False
    cents = points * value
    apart = abs(cents - floor(cents) - Fraction(1, 2))
    return apart > _APART * max(Fraction(1), cents) and all(
        ratio == edge or abs(ratio - edge) > _APART * max(Fraction(1), abs(edge)) for edge in edges
    )


def _largest(task: Task, actual: Fraction, points: Fraction, count: int) -> float:
    """The largest whole number on the way to a score."""
    names = Names(*(Cell(f"{letter}1") for letter in "ABCDEFGH"))
    unit = 10**count
    cells: dict[str, Any] = {
        "A1": floor(actual * unit),
        "B1": floor((task.target or 0) * unit),
        "E1": points.numerator,
        "F1": points.denominator,
    }
    upper, lower = coefficient(task, names.whole_actual, names.whole_target, unit)
    met = [abs(value) for value in cells.values()]
    for at, formula in (
        ("C1", upper),
        ("D1", lower),
        ("G1", above(names)),
        ("H1", below(names)),
        ("I1", score(names)),
    ):
        met.append(formula.largest(cells))
        cells[at] = formula.value(cells)
    return float(max(met))


def _read(task: Task, n: Expression, m: Expression) -> tuple[Expression, Expression]:
    """The curve at n ÷ m, for m above zero: whole numbers whose quotient it is."""
    curve = Curve.of(task.knots)
    common = lcm(*curve.d.tolist())
    lines = [
        _line(int(a) * (common // int(d)), int(b) * (common // int(d)), n, m)
        for a, b, d in zip(curve.a, curve.b, curve.d, strict=True)
    ]
    value = lines[0]
    for number, (knot, _) in enumerate(task.knots, 1):
        # Of two knots at one ratio the later one holds.
        if number == len(task.knots) or task.knots[number][0] != knot:
            value = If(
                _product(n, knot.denominator) >= _product(m, knot.numerator), lines[number], value
            )
    if task.threshold > 0:
        reached = _product(n, task.threshold.denominator) >= _product(m, task.threshold.numerator)
        value = If(reached, value, 0)
    return value, _product(m, common)


def _line(a: int, b: int, n: Expression, m: Expression) -> Expression:
    if not a:
        return _product(m, b)
    if not b:
        return _product(n, a)
    if b < 0:
        return _product(n, a) - _product(m, -b)
    return _product(n, a) + _product(m, b)


def _product(value: Expression, factor: int) -> Expression:
    if isinstance(value, Constant) and isinstance(value.content, int):
        return part(value.content * factor)
    return part(0) if not factor else value if factor == 1 else value * factor


def _compare(operator: str, x: Expression, t: Expression) -> Expression:
    match operator:
        case "≥":
            return x >= t
        case ">":
            return x > t
        case "≤":
            return x <= t
        case "<":
            return x < t
    return x.equals(t)


def _reached(task: Task, x: Expression, t: Expression) -> Expression:
    """Whether a target of zero or below is reached; no ratio can say so (`exact.is_reached`)."""
    if task.operator in ("≥", ">"):
        return x >= t
    if task.operator == "=" and (task.target or 0) < 0:
        return x.equals(t)
    return x <= t


def _either(reached: Expression, task: Task, missed: Fraction) -> tuple[Expression, Expression]:
    """The curve at 1 where something holds, else the coefficient `missed`."""
    best = exact.curve_at(task.knots, Fraction(1))
    common = lcm(best.denominator, missed.denominator)
    return If(reached, int(best * common), int(missed * common)), part(common)

"""The scoring rules in rational numbers: the reference the kernel must equal, and its tie-breaker.

Written to be read beside the rules (a ratio, a curve over it, a rounding), not to be fast. Numbers
come as decimal text or `Fraction`, so nothing is lost before the one rounding at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Knots = Sequence[tuple[Fraction, Fraction]]

IN_PROPORTION = ((Fraction(0), Fraction(0)), (Fraction(1), Fraction(1)))
"""The curve of a policy that says no more than "in proportion": 0 to 1, then full marks."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one indicator gets.

    `met` is the predicate as written; `ratio` is None where target and actual have none (a target
    of zero or below); `score` is in hundredths of a point.
    """

    met: bool
    ratio: Fraction | None
    coefficient: Fraction
    score: int


def fraction(number: str | int | float | Fraction) -> Fraction:
    """The exact value of a decimal: a float stands for the shortest decimal that prints it.

    >>> fraction(0.57), fraction("1.20")
    (Fraction(57, 100), Fraction(6, 5))
    """
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def round_half_up(hundredths: Fraction) -> int:
    """Hundredths of a point rounded half up, as every score is (财预〔2020〕10号 practice).

    >>> round_half_up(Fraction("451.5")), round_half_up(Fraction("451.4999"))
    (452, 451)
    """
    return int((2 * hundredths + 1) // 2)


def is_met(operator: str, actual: Fraction | float, target: Fraction | float) -> bool:
    """The predicate exactly as it is written: at equality, `>` and `<` are not met."""
    match operator:
        case "≥":
            return actual >= target
        case ">":
            return actual > target
        case "=":
            return actual == target
        case "<":
            return actual < target
        case "≤":
            return actual <= target
    raise ValueError(f"no such operator: {operator!r}")


def is_reached(operator: str, actual: Fraction | float, target: Fraction | float) -> bool:
    """Whether a target of zero or below counts as reached; no ratio can say so.

    At zero, `=` and `≤` are reached by anything not above it, as deployed systems score them, and
    `>` and `<` are reached at equality like everywhere else.
    """
    if operator in ("≥", ">"):
        return actual >= target
    if operator == "=" and target < 0:
        return actual == target
    return actual <= target


def ratio_of(kind: str, operator: str, actual: Fraction, target: Fraction) -> Fraction | None:
    """The ratio that the curve is read at; None where it does not exist.

    `target/actual` of an actual of zero or below has no value but is better than any other:
    None is returned for it too, and `coefficient_of` reads the curve at its end.
    """
    match kind:
        case "actual":
            return actual
        case "met":
            return Fraction(is_met(operator, actual, target))
        case _ if target <= 0:
            return None
        case "actual/target":
            return actual / target
        case "target/actual":
            return target / actual if actual > 0 else None
        case "2 - actual/target":
            return 2 - actual / target
    raise ValueError(f"no such ratio: {kind!r}")


def curve_at(knots: Knots, ratio: Fraction) -> Fraction:
    """The coefficient at `ratio`: straight lines between knots, constant outside.

    Of two knots at the same ratio the later one holds there: a jump.

    >>> satisfaction = [(Fraction(60), Fraction(0)), (Fraction(90), Fraction(1))]
    >>> curve_at(satisfaction, Fraction(75))
    Fraction(1, 2)
    """
    below = [knot for knot in knots if knot[0] <= ratio]
    if not below:
        return knots[0][1]
    if len(below) == len(knots):
        return knots[-1][1]
    (left, low), (right, high) = below[-1], knots[len(below)]
    return low + (high - low) * (ratio - left) / (right - left)


def coefficient_of(
    kind: str,
    operator: str,
    knots: Knots,
    actual: Fraction,
    target: Fraction,
    pass_threshold: Fraction = Fraction(0),
) -> tuple[Fraction | None, Fraction]:
    """Ratio and coefficient; below `pass_threshold` the coefficient is 0 (财预〔2021〕101号)."""
    ratio = ratio_of(kind, operator, actual, target)
    if ratio is None:
        if target <= 0:
            reached = is_reached(operator, actual, target)
            return None, curve_at(knots, Fraction(1)) if reached else knots[0][1]
        return None, knots[-1][1]
    if pass_threshold > 0 and ratio < pass_threshold:
        return ratio, Fraction(0)
    return ratio, curve_at(knots, ratio)


def evaluate(
    kind: str,
    operator: str,
    knots: Knots,
    actual: str | float | Fraction,
    target: str | float | Fraction,
    weight: str | float | Fraction,
    scale: Fraction = Fraction(1),
    pass_threshold: str | float | Fraction = 0,
) -> Outcome:
    """One indicator: `weight × scale` points times the coefficient, rounded to the cent.

    >>> capped = [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))]
    >>> evaluate("actual/target", "≥", capped, "20", "550", "9.3").score
    34
    """
    actual, target = fraction(actual), fraction(target)
    ratio, coefficient = coefficient_of(
        kind, operator, knots, actual, target, fraction(pass_threshold)
    )
    score = round_half_up(100 * fraction(weight) * scale * coefficient)
    return Outcome(is_met(operator, actual, target), ratio, coefficient, score)

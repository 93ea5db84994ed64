"""Numbers aimed at where scoring is hard: half-cents, boundaries, zeros, the huge and the tiny."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

DIGITS = 15


def decimal_text(value: Fraction) -> str | None:
    """`value` as decimal text if it is a decimal of at most 15 significant digits."""
    denominator = value.denominator
    places = 0
    while denominator % 10 == 0:
        denominator //= 10
        places += 1
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        return None
    places += max(twos, fives)
    scaled = value * 10**places
    if len(str(abs(scaled.numerator)).rstrip("0")) > DIGITS or places > 40:
        return None
    return format(Decimal(scaled.numerator).scaleb(-places), "f")


def decimals(low: int = -(10**6), high: int = 10**6, places: int = 4) -> st.SearchStrategy[str]:
    """Decimal text of moderate size."""
    return st.builds(
        lambda whole, shift: format(Decimal(whole).scaleb(-shift), "f"),
        st.integers(low, high),
        st.integers(0, places),
    )


extreme = st.sampled_from(
    ["0", "0.0", "-0.01", "0.000000001", "999999999999999", "1e12", "123456789.012345", "1e-9"]
).map(lambda text: format(Decimal(text), "f"))

numbers = st.one_of(decimals(), decimals(0, 20_000, 2), decimals(0, 100, 0), extreme)

weights = st.sampled_from(
    [
        "20",
        "10",
        "5",
        "3",
        "2",
        "22.5",
        "9.3",
        "10.3",
        "6.25",
        "33.33",
        "0.5",
        "0.125",
        "0.005",
        "90",
    ]
) | decimals(1, 10_000, 2)


@st.composite
def indicator(draw: st.DrawFn) -> tuple[str, str, str]:
    """(actual, target, weight), often exactly on or a hair beside a half-cent or the target."""
    target, weight = draw(numbers), draw(weights)
    match draw(st.integers(0, 4)):
        case 0:
            half_cents = draw(st.integers(0, int(200 * Fraction(weight)) + 2))
            full = 200 * Fraction(weight)
            ways = [Fraction(target) * half_cents / full]
            if half_cents:
                ways.append(Fraction(target) * full / half_cents)
            ways.append(Fraction(target) * (2 - Fraction(half_cents) / full))
            ways.append(60 + 30 * Fraction(half_cents) / full)
            actual = decimal_text(draw(st.sampled_from(ways)))
            if actual is not None:
                nudge = draw(st.sampled_from([0, 0, 1, -1]))
                places = len(actual.partition(".")[2])
                nudged = decimal_text(Fraction(actual) + Fraction(nudge, 10 ** (places + 1)))
                return (nudged or actual, target, weight)
        case 1:
            return (target, target, weight)
        case 2:
            share = draw(
                st.sampled_from(["0.6", "0.8", "1.2", "1.3", "0.599999", "0.57", "2", "0.9"])
            )
            actual = decimal_text(Fraction(target) * Fraction(share))
            if actual is not None:
                return (actual, target, weight)
    return (draw(numbers), target, weight)

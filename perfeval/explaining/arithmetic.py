"""Exact numbers that know how they came about: the printed arithmetic is the one that is done.

A `Term` is a rational number with the expression that gives it, written as people write it
(`20 × 8000 ÷ 9000`). What is computed from terms carries the longer expression, with brackets only
where they are needed, so that nothing is printed that was not computed, and the reverse.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from perfeval.exact import fraction, round_half_up

_ATOM, _PRODUCT, _SUM = 3, 2, 1
_PLACES = 4
_MOST_PLACES = 40
_SHORT = 8


class Term(NamedTuple):
    """A number, its expression, and how tightly that holds together (a sum least of all)."""

    value: Fraction
    text: str
    binding: int = _ATOM

    def __add__(self, other: Term) -> Term:  # type: ignore[override]
        return Term(self.value + other.value, f"{self.text} + {other._within(_SUM)}", _SUM)

    def __sub__(self, other: Term) -> Term:
        return Term(self.value - other.value, f"{self.text} − {other._within(_PRODUCT)}", _SUM)

    def __mul__(self, other: Term) -> Term:  # type: ignore[override]
        text = f"{self._within(_PRODUCT)} × {other._within(_PRODUCT)}"
        return Term(self.value * other.value, text, _PRODUCT)

    def __truediv__(self, other: Term) -> Term:
        text = f"{self._within(_PRODUCT)} ÷ {other._within(_ATOM)}"
        return Term(self.value / other.value, text, _PRODUCT)

    def _within(self, binding: int) -> str:
        return self.text if self.binding >= binding else f"({self.text})"


def term(value: Fraction | float | str) -> Term:
    """A number as it is written: in decimals where these end, else as a quotient.

    >>> term(0.57).text, term(Fraction(2, 3)).text, term("-3").text
    ('0.57', '2 ÷ 3', '−3')
    >>> (term(20) * (term(75) - term(60)) / term(30)).text
    '20 × (75 − 60) ÷ 30'
    """
    value = fraction(value)
    text = decimal_text(value)
    if text is None:
        return Term(value, f"{minus(str(value.numerator))} ÷ {value.denominator}", _PRODUCT)
    # A negative number is bracketed behind a sign of operation.
    return Term(value, minus(text), _SUM if value < 0 else _ATOM)


@lru_cache(maxsize=65_536)
def decimal_text(value: Fraction) -> str | None:
    """`value` in decimals, where they end.

    >>> decimal_text(Fraction(-5, 4)), decimal_text(Fraction(1, 3))
    ('-1.25', None)
    """
    if value.denominator == 1:
        return str(value.numerator)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def minus(text: str) -> str:
    """`text` with the minus sign of printed arithmetic."""
    return "−" + text[1:] if text.startswith("-") else text


def about(value: Fraction, places: int = _PLACES) -> str:
    """What `value` comes to, with the sign that is true of it: `= 0.8`, `≈ 0.8889`.

    >>> about(Fraction(4, 5)), about(Fraction(8, 9)), about(Fraction(-1, 3))
    ('= 0.8', '≈ 0.8889', '≈ −0.3333')
    """
    shown = _cut(value, places)
    return f"{'=' if shown == value else '≈'} {minus(decimal_text(shown) or '')}"


def before_rounding(score: Fraction) -> str:
    """A score in so many decimals that these alone tell how it is rounded to two.

    >>> before_rounding(Fraction(160, 9)), before_rounding(Fraction("17.78499999"))
    ('17.7778', '17.784999')
    """
    exact = decimal_text(score)
    if exact is not None and len(exact.partition(".")[2]) <= _PLACES:
        return exact
    places = _PLACES
    while places < _MOST_PLACES:
        shown = _cut(score, places)
        tie = (200 * shown).denominator == 1 and (100 * shown).denominator != 1
        if not tie and round_half_up(100 * shown) == round_half_up(100 * score):
            break
        places += 2
    return minus(decimal_text(shown) or "")


def rounded(hundredths: int) -> Term:
    """A score of this many hundredths, with its two decimals.

    >>> rounded(34).text, rounded(1800).text
    ('0.34', '18.00')
    """
    return Term(Fraction(hundredths, 100), f"{hundredths // 100}.{hundredths % 100:02}")


def brief(exact: Term) -> Term:
    """`exact` as one short decimal where it is one, else with its expression."""
    text = decimal_text(exact.value)
    return term(exact.value) if text is not None and len(text) <= _SHORT else exact


def _cut(value: Fraction, places: int) -> Fraction:
    """`value` rounded half up, away from zero, to `places` decimals."""
    unit = 10**places
    size = Fraction(round_half_up(abs(value) * unit), unit)
    return -size if value < 0 else size

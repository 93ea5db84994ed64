"""Exact numbers that know how they came about: the printed arithmetic is the one that is done.

A `Term` is a rational number with the expression that gives it, written as people write it
(`20 × 8000 ÷ 9000`). What is computed from terms carries the longer expression, with brackets only
where they are needed, so that nothing is printed that was not computed, and the reverse.

Numerator and denominator are kept as they come, unreduced: a batch makes millions of terms, and
reducing each of them would take most of the time.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

_SUM, _PRODUCT, _ATOM = 1, 2, 3
_PLACES = 4
_MOST_PLACES = 40
_SHORT = 8
_UNIT = 10**_PLACES


class Term(NamedTuple):
    """The number `above` ÷ `below`, its expression, and how tightly that holds together."""

    above: int
    below: int
    text: str
    binding: int = _ATOM

    @property
    def value(self) -> Fraction:
        """The number."""
        return Fraction(self.above, self.below)

    def plus(self, other: Term) -> Term:
        """The sum."""
        above = self.above * other.below + other.above * self.below
        return Term(above, self.below * other.below, f"{self.text} + {other._in(_SUM)}", _SUM)

    def minus(self, other: Term) -> Term:
        """The difference."""
        above = self.above * other.below - other.above * self.below
        return Term(above, self.below * other.below, f"{self.text} − {other._in(_PRODUCT)}", _SUM)

    def times(self, other: Term) -> Term:
        """The product."""
        text = f"{self._in(_PRODUCT)} × {other._in(_PRODUCT)}"
        return Term(self.above * other.above, self.below * other.below, text, _PRODUCT)

    def over(self, other: Term) -> Term:
        """The quotient; `other` is above 0."""
        text = f"{self._in(_PRODUCT)} ÷ {other._in(_ATOM)}"
        return Term(self.above * other.below, self.below * other.above, text, _PRODUCT)

    def reaches(self, other: Term) -> bool:
        """Whether it is at least `other`."""
        return self.above * other.below >= other.above * self.below

    def _in(self, binding: int) -> str:
        return self.text if self.binding >= binding else f"({self.text})"


def term(value: Fraction | float) -> Term:
    """A number as it is written: in decimals where these end, else as a quotient.

    >>> term(0.57).text, term(Fraction(2, 3)).text, term(-3).text
    ('0.57', '2 ÷ 3', '−3')
    >>> term(20).times(term(75).minus(term(60))).over(term(30)).text
    '20 × (75 − 60) ÷ 30'
    """
    if isinstance(value, Fraction):
        return _term(value.numerator, value.denominator)
    return _written(value)


@lru_cache(maxsize=65_536)
def _written(value: float) -> Term:
    return _term(*Decimal(repr(value)).as_integer_ratio())


def _term(above: int, below: int) -> Term:
    text = decimal_text(above, below)
    if text is None:
        return Term(above, below, f"{_with_minus(str(above))} ÷ {below}", _PRODUCT)
    # A negative number is bracketed behind a sign of operation.
    return Term(above, below, _with_minus(text), _SUM if above < 0 else _ATOM)


def decimal_text(above: int, below: int) -> str | None:
    """`above` ÷ `below` in decimals, where they end.

    >>> decimal_text(-5, 4), decimal_text(1, 3), decimal_text(30, 15)
    ('-1.25', None, '2')
    """
    whole, rest = divmod(abs(above), below)
    sign = "-" if above < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    digits = ""
    for _ in range(_MOST_PLACES):
        digit, rest = divmod(rest * 10, below)
        digits += str(digit)
        if not rest:
            return f"{sign}{whole}.{digits}"
    return None


def brief(exact: Term) -> Term:
    """`exact` as one short decimal where it is one, else with its expression."""
    if exact.binding == _ATOM or exact.above < 0:
        return exact
    scaled, rest = divmod(exact.above * _UNIT, exact.below)
    if rest or scaled >= 10**_SHORT:
        return exact
    return Term(exact.above, exact.below, _decimals(scaled, _PLACES))


def about(exact: Term, places: int = _PLACES) -> str:
    """What a term comes to, with the sign that is true of it.

    >>> about(term(0.8)), about(term(Fraction(8, 9))), about(term(Fraction(-1, 3)))
    ('= 0.8', '≈ 0.8889', '≈ −0.3333')
    """
    unit = 10**places
    scaled = _half_up(abs(exact.above) * unit, exact.below)
    sign = "=" if scaled * exact.below == abs(exact.above) * unit else "≈"
    text = _with_minus(("-" if exact.above < 0 and scaled else "") + _decimals(scaled, places))
    return f"{sign} {text}"


def before_rounding(score: Term, cents: int) -> tuple[str, str]:
    """A score in so many decimals that these alone tell that it is rounded to `cents`.

    With the sign that is true of them, = or ≈.

    >>> before_rounding(term(Fraction(160, 9)), 1778), before_rounding(term(17.7849999), 1778)
    (('≈', '17.7778'), ('=', '17.7849999'))
    """
    for places in range(_PLACES, _MOST_PLACES, 2):
        unit = 10**places
        scaled = _half_up(score.above * unit, score.below)
        if scaled * score.below == score.above * unit:
            return "=", _decimals(scaled, places)
        nearest, rest = divmod(scaled, unit // 100)
        tie = 2 * rest == unit // 100
        if not tie and nearest + (2 * rest > unit // 100) == cents:
            break
    return "≈", _decimals(scaled, places)


def hundredths(score: Term) -> int:
    """A score rounded half up to hundredths of a point.

    >>> hundredths(term(4.515)), hundredths(term(Fraction(1, 3)))
    (452, 33)
    """
    return _half_up(100 * score.above, score.below)


@lru_cache(maxsize=65_536)
def rounded(cents: int) -> Term:
    """A score of this many hundredths, with its two decimals.

    >>> rounded(34).text, rounded(1800).text
    ('0.34', '18.00')
    """
    return Term(cents, 100, f"{cents // 100}.{cents % 100:02}")


def _half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


def _decimals(scaled: int, places: int) -> str:
    """`scaled` ÷ 10^`places` without trailing zeros."""
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}}".rstrip("0") if rest else str(whole)


def _with_minus(text: str) -> str:
    """`text` with the minus sign of printed arithmetic."""
    return "−" + text[1:] if text.startswith("-") else text

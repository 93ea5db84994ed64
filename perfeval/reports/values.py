"""Numbers as reports write them: exact hundredths, and as few digits as tell a number apart."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

from perfeval.messages import number

DECIMALS = 12
"""Decimals of a ratio or coefficient in JSON and CSV; scores are exact."""


@lru_cache(maxsize=65_536)
def points(hundredths: int) -> str:
    """Hundredths of a point with two decimals.

    >>> points(1800), points(34), points(-5)
    ('18.00', '0.34', '-0.05')
    """
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02}"


@lru_cache(maxsize=65_536)
def short_points(hundredths: int) -> str:
    """Hundredths of a point without trailing zeros, as JSON writes them.

    >>> short_points(1800), short_points(1710), short_points(34)
    ('18', '17.1', '0.34')
    """
    return points(hundredths).rstrip("0").rstrip(".")


def point_range(low: int | None, high: int | None) -> str:
    """From `low` to `high`, or the one score; a dash where there is none.

    >>> point_range(1440, 1800), point_range(1800, 1800), point_range(None, None)
    ('14.40–18.00', '18.00', '—')
    """
    if low is None or high is None:
        return "—"
    return points(low) if low == high else f"{points(low)}–{points(high)}"


def decimal(value: float | None, places: int | None = None) -> str | None:
    """A finite number in plain digits (rounded to `places` where given), else None.

    >>> decimal(9000.0), decimal(1 / 3, 12), decimal(float("inf")), decimal(None)
    ('9000', '0.333333333333', None, None)
    """
    if value is None or not isfinite(value):
        return None
    return number(value if places is None else round(value, places))


def percent(ratio: float | None) -> str:
    """A ratio as a percentage with one decimal; more where rounding would make it look reached.

    >>> percent(8 / 9), percent(1.0), percent(0.99996), percent(None)
    ('88.9%', '100%', '99.996%', '—')
    """
    if ratio is None or not isfinite(ratio):
        return "—"
    places = 1
    while ratio < 1 and places < 9 and round(ratio * 100, places) >= 100:
        places += 1
    if abs(ratio) >= 100:
        return ">9999%" if ratio > 0 else "<-9999%"
    return number(round(ratio * 100, places)) + "%"

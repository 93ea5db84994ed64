"""How the values of steps are written: amounts with their units, days, ratios, rules' titles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfeval.messages import N_, Said, number

RATIO = {
    "actual/target": Said(N_("actual ÷ target")),
    "target/actual": Said(N_("target ÷ actual")),
    "2 - actual/target": Said(N_("2 − actual ÷ target")),
}
"""What the ratios that are computed are called."""

JUDGED = ("missed", "partial", "reached")
"""What is judged, in the order of a policy's bands."""


def amount(value: float, unit: str) -> str:
    """A number with its unit.

    >>> amount(8000.0, "人"), amount(95.5, "%"), amount(3.0, "")
    ('8000 人', '95.5%', '3')
    """
    return number(value) + ("" if unit in ("", "%", "％", "‰") else " ") + unit


def day(value: int, year: int | None) -> str:
    """A day (yyyymmdd; in `year` where it is printed without one) as people write it.

    >>> day(20231130, None), day(1130, 2023), day(1130, None)
    ('2023-11-30', '2023-11-30', '11-30')
    """
    years, rest = divmod(value, 10_000)
    text = f"{rest // 100:02}-{rest % 100:02}"
    return f"{years or year}-{text}" if years or year else text


def asked(row: Mapping[str, Any]) -> str:
    """The target as it is written: operator, value and unit, each where it stands."""
    parts = (row["own_operator"], row["target"], row["unit_column"])
    return " ".join(part for part in parts if part) or "—"

"""One project in a line: code, name, score, bar, grade, and how much is undecided."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.policy import Policy
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import clean, fit, width
from perfeval.reports.values import decimal, point_range

if TYPE_CHECKING:
    import polars as pl

WIDE = 110
GAP = 2
WIDEST_CODE = 24
SHORTEST_TAIL = 6
LEAST_NAME = 24
"""Cells below which names are worth more than whole codes."""
FEWEST = 6
GRADE_STYLES = ("green", "cyan", "yellow", "red")
WIDEST_GRADE = 14
OPEN_GRADE = "magenta"


def grade_style(grade: str | None, policy: Policy) -> str:
    """The colour of a grade: best to worst, one of its own where it is still open, dim for none."""
    if grade is None:
        return "dim"
    names = [each.name for each in policy.grades]
    if grade not in names:
        return OPEN_GRADE
    position = names.index(grade)
    return GRADE_STYLES[-1 if position == len(names) - 1 else min(position, 2)]


def full_marks(points: pl.Expr) -> pl.Expr:
    """Points of an indicator in hundredths, rounded half up: the most that it can score."""
    return (points * 100 + 0.5 + 1e-6).floor().cast(int)


def bar(row: dict[str, Any], cells: int, look: Look) -> Line:
    """A bar of `cells` cells for a project's points: what is certain, still possible, and lost.

    Only full marks (`full`, in hundredths) fill it: a cell is left to whatever is missing.
    """
    if row["points"] <= 0:
        return [(" " * cells, "")]
    certain, possible = (
        max(0, min(cells - (cents < row["full"]), floor(cents * cells / row["points"] / 100 + 0.5)))
        for cents in (row["low"], row["high"])
    )
    parts = (certain, possible - certain, cells - possible)
    styles = ("", "", "dim")
    return [(sign * n, style) for sign, n, style in zip(look.bar_signs, parts, styles, strict=True)]


class Columns:
    """The columns for some projects: as wide as their cells need, the name in what is left."""

    def __init__(self, shown: Sequence[dict[str, Any]], look: Look) -> None:
        self._look = look
        titles = (N_("Code"), N_("Project"), N_("Score"), N_("Grade"), N_("Undecided"))
        self._titles = [render(title, {}, look.lang) for title in titles]
        code, _, score, grade, undecided = map(width, self._titles)
        self._bar = 20 if look.width >= WIDE else 10
        self._score = max([score, *(width(_bounds(row)) for row in shown)])
        grades = [width(_grade(row)) for row in shown]
        self._grade = min(max([grade, *grades]), WIDEST_GRADE)
        self._open = max([undecided, *(width(str(row["undecided"])) for row in shown)])
        fixed = self._score + self._bar + self._grade + self._open + 5 * GAP
        codes = [clean(row["project"]) for row in shown]
        self._tail = 0
        self._code = max([code, *map(width, codes)])
        if self._code > WIDEST_CODE or look.width - fixed - self._code < LEAST_NAME:
            self._tail = _tail(codes)
            longest = max([code, *(width(self._short(c)) for c in codes)])
            self._code = min(longest, WIDEST_CODE, look.width - fixed - FEWEST)
        self._name = look.width - fixed - self._code

    def _short(self, code: str) -> str:
        return f"…{code[-self._tail :]}" if self._tail and len(code) > self._tail + 1 else code

    def head(self) -> Line:
        """The titles of the columns."""
        code, name, score, grade, undecided = self._titles
        cells = (
            fit(code, self._code),
            fit(name, self._name),
            fit(score, self._score, right=True),
            " " * self._bar,
            fit(grade, self._grade),
            fit(undecided, self._open, right=True),
        )
        return [((" " * GAP).join(cells), "dim")]

    def line(self, row: dict[str, Any], policy: Policy) -> Line:
        """A project."""
        gap = " " * GAP
        style = grade_style(row["grade"], policy)
        drawn = bar(row, self._bar, self._look)
        undecided = str(row["undecided"]) if row["undecided"] else ""
        return [
            (fit(self._short(clean(row["project"])), self._code) + gap, ""),
            (fit(clean(row["name"]), self._name) + gap, ""),
            (fit(_bounds(row), self._score, right=True) + gap, style),
            *((text, other or style) for text, other in drawn),
            (gap + fit(_grade(row), self._grade) + gap, style),
            (fit(undecided, self._open, right=True), OPEN_GRADE),
        ]


def _bounds(row: dict[str, Any]) -> str:
    """The score, with the most that could be reached where that is not 100."""
    if not row["points"]:
        return "—"
    bounds, most = point_range(row["low"], row["high"]), decimal(row["points"], 2)
    return bounds if most == "100" else f"{bounds}/{most}"


def _grade(row: dict[str, Any]) -> str:
    return clean(row["grade"] or "—")


def _tail(codes: list[str]) -> int:
    """Characters at the end that tell the codes apart."""
    distinct = len(set(codes))
    for length in range(SHORTEST_TAIL, WIDEST_CODE - 1):
        if len({code[-length:] for code in codes}) == distinct:
            return length
    return WIDEST_CODE - 1

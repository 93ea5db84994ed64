"""One indicator in a line: name, target, actual, completion and score, aligned, numbers whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from perfeval.messages import N_, render
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import HELD, clean, fit, shorten, width, wrap
from perfeval.reports.values import decimal, percent, point_range

INDENT = 2
GAP = 2
LEAST_NAME = 16
WIDEST_CODE = 24
WIDEST_TOTAL = 24
WIDEST_SCORE = 18
NARROW = 80
KIND_STYLES = {"lost": "yellow", "undecided": "magenta", "rejected": "red"}


class Columns:
    """The columns for some indicators: as wide as their cells need, the name in what is left.

    A cell that is too wide for a column is not cut where it is a number: its indicator takes lines
    of its own.
    """

    def __init__(self, shown: Sequence[dict[str, Any]], look: Look) -> None:
        self._look = look
        titles = (N_("Indicator"), N_("Target"), N_("Actual"), N_("Completion"), N_("Score"))
        self._titles = [render(title, {}, look.lang) for title in titles]
        value = 18 if look.width >= NARROW else 12
        self._most = (value, value, 10, WIDEST_SCORE)
        rows = [self._titles[1:], *(self._cells(row) for row in shown)]
        self._widths = [
            max(width(cells[i]) for cells in rows if width(cells[i]) <= most)
            for i, most in enumerate(self._most)
        ]
        self._name = look.width - INDENT - sum(self._widths) - GAP * len(self._widths)

    def head(self) -> Line:
        """The titles of the columns."""
        return [(self._row(self._titles[0], self._titles[1:]), "dim")]

    def project(self, row: dict[str, Any]) -> Line:
        """The project of the indicators that follow, with its score and grade."""
        bounds = point_range(row["project_low"], row["project_high"])
        total = shorten(f"{bounds} {clean(row['project_grade'] or '—')}", WIDEST_TOTAL)
        code = shorten(clean(row["project"]), WIDEST_CODE)
        room = self._look.width - width(code) - width(total) - 2 * GAP
        name = shorten(clean(row["name"]), room)
        gap = " " * (room - width(name) + GAP)
        return [(name, "bold"), (f"  {code}{gap}", "dim"), (total, "bold")]

    def lines(self, row: dict[str, Any]) -> Iterator[Line]:
        """An indicator: one line where its cells fit the columns, else as many as it needs."""
        name, cells = clean(row["indicator"]), self._cells(row)
        style = KIND_STYLES.get(row["kind"], "")
        fits = all(width(cell) <= size for cell, size in zip(cells, self._widths, strict=True))
        if fits and self._name >= min(width(name), LEAST_NAME):
            yield [(self._row(name, cells), style)]
            return
        yield [(" " * INDENT + shorten(name, self._look.width - INDENT), style)]
        if fits:
            yield [(self._row("", cells), style)]
            return
        told = zip(self._titles[1:], cells, strict=True)
        text = "  ".join(f"{title} {cell}".replace(" ", HELD) for title, cell in told)
        for line in wrap(text, self._look.width - 2 * INDENT):
            yield [(" " * 2 * INDENT + line, style)]

    def _cells(self, row: dict[str, Any]) -> list[str]:
        longest = self._most[0]
        score = f"{point_range(row['low'], row['high'])}/{decimal(row['points'], 2) or '—'}"
        # What decided nothing is shown as it was written (where it was).
        decided = row["status"] == "scored" or row["actual"] is None
        actual = row["actual_number"] if decided else None
        return [
            _number(row["operator"], row["target_number"], row["unit"])
            or shorten(clean(row["target"] or "") or "—", longest),
            _number("", actual, row["unit"]) or shorten(clean(row["actual"] or "") or "—", longest),
            percent(row["ratio"]),
            "—" if row["status"] == "not_applicable" else score,
        ]

    def _row(self, name: str, cells: Sequence[str]) -> str:
        numbers = "".join(
            " " * GAP + fit(cell, size, right=True)
            for cell, size in zip(cells, self._widths, strict=True)
        )
        return " " * INDENT + (fit(name, self._name) if self._name > 0 else "") + numbers


def _number(operator: str, value: float | None, unit: str | None) -> str:
    """A number with its sign and unit; "" where there is none."""
    number = decimal(value)
    if number is None:
        return ""
    unit = clean(unit or "")
    before = f"{clean(operator)} " if operator else ""
    return before + number + ("" if unit in ("", "%", "％", "‰") else " ") + unit

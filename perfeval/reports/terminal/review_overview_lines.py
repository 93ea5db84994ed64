"""A review at a glance on the terminal: its grades before and after, its departments compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfeval.messages import N_, render
from perfeval.reports import review_overview
from perfeval.reports.terminal.look import Line, Look
from perfeval.reports.text import clean, shorten, width, wrap
from perfeval.reports.values import decimal, points

if TYPE_CHECKING:
    from perfeval.reviewing import ReviewResult

MOST_DEPARTMENTS = 8
"""Departments that are told unless everything is asked for."""


def overview_lines(result: ReviewResult, look: Look) -> Iterator[Line]:
    """The grades of comparable projects, and the departments where there are several."""
    grades = review_overview.distributions(result)["grades"]
    sides = {
        side: " · ".join(
            f"{row['grade'] or render(N_('open'), {}, look.lang)} {row[side]}"
            for row in grades
            if row[side]
        )
        for side in ("claimed", "recomputed")
    }
    if any(sides.values()):
        template = N_("Grades: claimed {claimed}; recomputed {recomputed}")
        for text in wrap(render(template, sides, look.lang), look.width):
            yield [(text, "")]
    departments = review_overview.departments(result)
    if len(departments) < 2:
        return
    yield []
    yield [(render(N_("Departments compared"), {}, look.lang), "bold")]
    shown = departments if look.everything else departments.head(MOST_DEPARTMENTS)
    for row in shown.iter_rows(named=True):
        values = {
            "n": row["projects"],
            "claimed": points(row["claimed"]) if row["claimed"] is not None else "—",
            "recomputed": points(row["low"]) if row["low"] is not None else "—",
            "stake": decimal(round(row["at_stake"], 2)),
        }
        template = N_(
            "projects {n}, mean claimed {claimed}, mean recomputed {recomputed}, at stake {stake}"
        )
        figures = render(template, values, look.lang)
        name = clean(row["department"])
        if width(name) + width(figures) + 4 <= look.width:
            yield [(f"  {name}  ", ""), (figures, "dim")]
        else:
            yield [("  " + shorten(name, look.width - 2), "")]
            for text in wrap(figures, look.width - 4):
                yield [("    " + text, "dim")]
    hidden = len(departments) - len(shown)
    if hidden:
        template = N_("… another {n} departments. --all shows them")
        yield [("  " + render(template, {"n": hidden}, look.lang), "dim")]

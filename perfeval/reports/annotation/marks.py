"""Which cells of a workbook are marked, and what is said there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfeval.messages import N_, render
from perfeval.problems import Problem
from perfeval.reports.findings import records, severity
from perfeval.rules.registry import catalogue
from perfeval.sources.grids.grid import column_number
from perfeval.sources.layouts import Region
from perfeval.tables import SEVERITIES

if TYPE_CHECKING:
    import polars as pl

MOST_NOTES = 20
"""Most findings that are told at one cell; the rest are counted."""

Position = tuple[int, int]
"""A row counted from 1 and a column counted from 0."""


@dataclass(slots=True)
class Mark:
    """What is said at a cell: the worst severity, and the notes, worst first as they come."""

    severity: str
    notes: list[str] = field(default_factory=list)

    def in_row(self, line: int, lang: str) -> Mark:
        """The mark as it is said at a cell that spans several rows, of which it concerns one."""
        template = N_("row {line}: {note}")
        notes = [render(template, {"line": line, "note": note}, lang) for note in self.notes]
        return Mark(self.severity, notes)

    def text(self, lang: str) -> str:
        """The comment."""
        shown = self.notes[:MOST_NOTES]
        hidden = len(self.notes) - len(shown)
        if hidden:
            shown.append(render(N_("… and {count} more"), {"count": hidden}, lang))
        return "\n".join(shown)


Marks = dict[str, dict[Position, Mark]]
"""By the name of the sheet."""


def find_marks(
    file: str,
    findings: pl.DataFrame,
    problems: Iterable[Problem],
    regions: Iterable[Region],
    lang: str,
) -> tuple[Marks, int]:
    """The marks of the workbook `file`, and how many findings concern something else.

    A finding is marked where its row has what the rule is about (`Rule.about`): the actual, the
    reason, the target …
    """
    regions = [region for region in regions if region.file == file]
    about = {rule.code: rule.about for rule in catalogue()}
    marks: Marks = {}
    elsewhere = 0
    for found in records(findings, lang):
        if found["file"] != file or found["sheet"] is None or found["line"] is None:
            elsewhere += 1
            continue
        sheet, line = found["sheet"], found["line"]
        column = _column(regions, sheet, line, about.get(found["code"], ""))
        template = N_("{severity} {code}: {message}")
        values = {**found, "severity": severity(found["severity"], lang)}
        _add(marks, sheet, (line, column), found["severity"], render(template, values, lang))
    for problem in problems:
        if problem.file == file and problem.sheet is not None and problem.line is not None:
            column = max(0, column_number(problem.column or ""))
            text = render(problem.template, problem.values, lang)
            _add(marks, problem.sheet, (problem.line, column), "warning", text)
    return marks, elsewhere


def _add(marks: Marks, sheet: str, position: Position, level: str, note: str) -> None:
    mark = marks.setdefault(sheet, {}).setdefault(position, Mark(level))
    mark.severity = min(mark.severity, level, key=SEVERITIES.index)
    if note not in mark.notes:
        mark.notes.append(note)


def _column(regions: list[Region], sheet: str, line: int, about: str) -> int:
    """The column that a finding is about; the first of its table where that has no such column."""
    for letters in _letters(regions, sheet, line, about):
        return column_number(letters)
    return 0


def _letters(regions: list[Region], sheet: str, line: int, about: str) -> Iterator[str]:
    for region in regions:
        if region.sheet == sheet and region.first <= line <= region.last:
            for name in (about, "indicator", "project"):
                if name in region.columns:
                    yield region.columns[name]

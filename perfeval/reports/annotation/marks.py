"""Which cells of a workbook are marked, and what is said there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfeval.messages import N_, render
from perfeval.problems import Problem
from perfeval.reports.findings import records, severity
from perfeval.sources.grids.grid import column_number
from perfeval.sources.places import Cells, Region, position
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

    A finding is marked at its cell; one without, where its row names what it is for.
    """
    cells = Cells(region for region in regions if region.file == file)
    marks: Marks = {}
    elsewhere = 0
    for found in records(findings, lang):
        if found["file"] != file or found["sheet"] is None or found["line"] is None:
            elsewhere += 1
            continue
        sheet, line = found["sheet"], found["line"]
        address = found["cell"] or cells.address(file, sheet, line, "indicator", "project")
        row, column = position(address) if address else (line, 0)
        if cells.table(file, sheet, line):
            row = line  # of the rows over which a cell is merged, the one that is meant is told
        template = N_("{severity} {code}: {message}")
        values = {**found, "severity": severity(found["severity"], lang)}
        _add(marks, sheet, (row, column), found["severity"], render(template, values, lang))
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

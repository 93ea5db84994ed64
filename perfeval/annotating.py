"""Annotate a department's own workbook: what is found about it, at its very cells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.checking import check
from perfeval.messages import N_
from perfeval.problems import InputError, Problem
from perfeval.reports.annotation.marks import find_marks
from perfeval.reports.annotation.package import annotated
from perfeval.scoring import score
from perfeval.sources.files import read_bytes
from perfeval.sources.grids import bounds, read_book
from perfeval.sources.layouts import Contents, read_contents
from perfeval.sources.layouts.form import EVALUATION
from perfeval.sources.layouts.lists import ACTUAL_ROWS

XLSX = "xlsx"
_NO_WORKBOOK = N_(
    "only workbooks of Excel 2007 and later (.xlsx, .xlsm) can be annotated; open the file and save"
    " it as .xlsx"
)


@dataclass(frozen=True)
class Annotated:
    """What `annotate` made: the workbook's bytes, with marks at `cells` cells of `sheets` sheets.

    `elsewhere` counts the findings that concern other files, or nothing that stands in a cell.
    `receipt` is that of the scoring, or of the check for a workbook without actuals; `notes` say
    what was recognised.
    """

    content: bytes
    cells: int
    sheets: int
    elsewhere: int
    receipt: dict[str, Any]
    notes: tuple[Problem, ...]


def annotate(
    path: str | Path,
    specs: str | Path | None = None,
    execution: str | Path | None = None,
    policy: str | None = None,
    lang: str = "zh",
) -> Annotated:
    """The workbook at `path` with its findings as comments and colours, and nothing else changed.

    A workbook with actuals is scored, as `perfeval.score` does; one with target tables alone is
    checked. Raises `InputError` where it cannot be read, or is no .xlsx.
    """
    data = read_bytes(path, bounds.MOST_BYTES)
    if read_book(path, data).kind != XLSX:
        raise InputError.of(_NO_WORKBOOK, file=str(path))
    contents = read_contents(path, data)
    if _has_actuals(contents):
        result = score(path, specs, execution, policy)
        findings, receipt, notes = result.findings, result.receipt, result.notes
    else:
        checked = check(path, policy=policy)
        findings, receipt, notes = checked.findings, checked.receipt, contents.notes
    marks, elsewhere = find_marks(str(path), findings, contents.problems, contents.regions, lang)
    return Annotated(
        annotated(data, str(path), marks, lang),
        sum(map(len, marks.values())),
        len(marks),
        elsewhere,
        receipt,
        notes,
    )


def _has_actuals(contents: Contents) -> bool:
    return any(form.kind == EVALUATION for form in contents.forms) or any(
        ACTUAL_ROWS in table.sources for table in contents.lists
    )

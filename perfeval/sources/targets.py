"""Target tables from any file that holds some: a disclosure's text, a workbook, a list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.problems import InputError, Problem
from perfeval.sources.disclosure import disclosure_of, read_disclosure
from perfeval.sources.disclosure.amounts import Amount, read_amounts
from perfeval.sources.files import read_bytes
from perfeval.sources.grids import book_of, is_workbook
from perfeval.sources.grids.pdf import Document, is_pdf, page_of, placed, read_pdf, reading_lines
from perfeval.sources.layouts import (
    UNKNOWN_PAGE,
    Contents,
    contents_of,
    frames,
    lacking,
    read_contents,
)
from perfeval.sources.layouts.lists import SPEC_ROWS
from perfeval.sources.specs import NO_TARGETS

_TABLES = (".csv", ".tsv", ".tab")


@dataclass(frozen=True, slots=True)
class TargetTables:
    """The tables of a file, as `Disclosure` has them, and what layouts were recognised."""

    specs: list[dict[str, Any]]
    amounts: list[Amount]
    unplaced: list[Problem]
    notes: list[Problem]


def read_target_tables(path: str | Path) -> TargetTables:
    """The target tables in the file at `path`, whatever kind of file it is.

    Raises `InputError` where it cannot be read, or holds none.
    """
    data = read_bytes(path)
    if is_pdf(data):
        return _from_pdf(read_pdf(data, str(path)), data)
    if is_workbook(data) or Path(path).suffix.lower() in _TABLES:
        return _from_layouts(path, data)
    try:
        read = read_disclosure(path)
    except InputError as error:
        try:
            return _from_layouts(path, data)
        except InputError:
            raise error from None
    return TargetTables(read.specs, read.amounts, read.unplaced, [])


def _from_pdf(document: Document, data: bytes) -> TargetTables:
    """Target tables from what is ruled, and the amounts of the other tables from all the text.

    A text without ruled tables is read as that of a disclosure, or not at all.
    """
    file, lines = document.file, reading_lines(document.pages)
    if not document.grids:
        try:
            read = disclosure_of(lines, file)
        except InputError:
            document.require_tables()
            raise
        unplaced = [placed(problem) for problem in read.unplaced]
        return TargetTables(read.specs, read.amounts, unplaced, list(document.notes))
    try:
        found = _of_contents(contents_of(book_of(document, data)), file)
    except InputError:
        amounts, problems = read_amounts(lines, file)
        if not amounts:
            raise
        found = TargetTables([], [], [], list(document.notes))
    else:
        departments = [str(spec["department"]) for spec in found.specs if "department" in spec]
        amounts, problems = read_amounts(lines, file, departments)
    unplaced = [*map(placed, problems), *found.unplaced]
    told = {page_of(amount.source_line) for amount in amounts}
    notes = [
        note for note in found.notes if note.template != UNKNOWN_PAGE or note.sheet not in told
    ]
    return TargetTables(found.specs, amounts, unplaced, notes)


def _from_layouts(path: str | Path, data: bytes) -> TargetTables:
    return _of_contents(read_contents(path, data), str(path))


def _of_contents(contents: Contents, file: str) -> TargetTables:
    errors = [problem for found in contents.lists for problem in found.errors.get(SPEC_ROWS, ())]
    if errors:
        raise InputError(errors)
    specs = frames.spec_dicts(contents)
    told = [problem for form in frames.stating_targets(contents) for problem in form.errors]
    if not specs:
        raise InputError(told or [Problem(NO_TARGETS, {}, file), *lacking(contents, SPEC_ROWS)])
    return TargetTables(
        specs,
        [],
        [*told, *(each for each in contents.problems if each not in told)],
        list(contents.notes),
    )

"""Target tables from any file that holds some: a disclosure's text, a workbook, a list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.problems import InputError, Problem
from perfeval.sources.disclosure import read_disclosure
from perfeval.sources.disclosure.amounts import Amount
from perfeval.sources.files import read_bytes
from perfeval.sources.grids import is_workbook
from perfeval.sources.layouts import frames, read_contents
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


def _from_layouts(path: str | Path, data: bytes) -> TargetTables:
    contents = read_contents(path, data)
    errors = [problem for found in contents.lists for problem in found.errors.get(SPEC_ROWS, ())]
    if errors:
        raise InputError(errors)
    specs = frames.spec_dicts(contents)
    told = [problem for form in frames.stating_targets(contents) for problem in form.errors]
    if not specs:
        raise InputError(told or [Problem(NO_TARGETS, {}, str(path))])
    return TargetTables(specs, [], [*told, *contents.problems], list(contents.notes))

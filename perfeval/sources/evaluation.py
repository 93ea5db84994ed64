"""Files that people fill in: plain lists at column speed, else whatever layout they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from perfeval.messages import N_
from perfeval.problems import InputError, Problem
from perfeval.sources import table
from perfeval.sources.files import PARQUET_MAGIC, InputFile, read_bytes
from perfeval.sources.grids import is_workbook
from perfeval.sources.headings import Table
from perfeval.sources.layouts import Contents, frames, lacking, read_contents
from perfeval.sources.layouts.form import EVALUATION
from perfeval.sources.layouts.lists import ACTUAL_ROWS, EXECUTION_ROWS
from perfeval.sources.places import Region
from perfeval.sources.specs_table import SpecTable, read_spec_table
from perfeval.sources.table import CLAIMS, Sheet

Read = TypeVar("Read")

_OF_INDICATORS = ("level1", "indicator", "target", "actual")
_EXECUTION_ALONE = Table((*table.EXECUTION.columns, *_OF_INDICATORS), table.EXECUTION.required)
"""Budget execution, with the columns that would make it a list of something else."""

_NO_ACTUALS = N_(
    "the file holds tables, but none with actuals (实际完成值); perfeval import makes target tables"
    " of it"
)
_NO_EXECUTION = N_(
    "the file holds tables, but no budget execution (全年预算数 and 全年执行数 of each project)"
)


@dataclass(frozen=True)
class Evaluation:
    """What a file says was achieved, and what else it holds.

    `actuals` fits `tables.ACTUALS` (with the scores that are claimed), `execution` is the budget
    execution in it, None where it has none; `claims` are the sums and grades that its forms print
    (`frames.CLAIMS`). `notes` say what was recognised, `problems` what is doubtful or left out;
    `regions` are where its tables stand. `targets()` is its own target side.
    """

    input: InputFile
    actuals: Sheet
    execution: Sheet | None
    claims: pl.DataFrame
    targets: Callable[[], frames.Targets | None]
    notes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    regions: tuple[Region, ...] = ()


def read_evaluation(path: str | Path) -> Evaluation:
    """The self-evaluation, or list of actuals, in the file at `path`.

    Raises `InputError` where it cannot be read, is of no known layout, or holds no actuals.
    """
    data = read_bytes(path)
    read = _read(path, data, lambda: table.read_actuals(path, data))
    if isinstance(read, Sheet):
        claims = pl.DataFrame(schema=frames.CLAIMS)
        own = partial(_own_side, path)
        return Evaluation(read.input, read, None, claims, own, problems=read.problems)
    _raise_errors(read, ACTUAL_ROWS)
    actuals = frames.actuals(read)
    if actuals is None:
        none = Problem(_NO_ACTUALS, {}, read.input.path)
        raise InputError([none, *lacking(read, ACTUAL_ROWS)])
    return Evaluation(
        actuals.input,
        actuals,
        frames.execution(read),
        frames.claims(read),
        lambda: frames.targets(read),
        read.notes,
        read.problems,
        read.regions,
    )


def read_execution(path: str | Path) -> Sheet:
    """The budget execution in the file at `path`: a list, or the blocks of funds of forms."""
    data = read_bytes(path)
    read = _read(path, data, lambda: table.read_execution(path, data))
    if isinstance(read, Sheet):
        return read
    _raise_errors(read, EXECUTION_ROWS)
    found = frames.execution(read)
    if found is None:
        raise InputError.of(_NO_EXECUTION, file=read.input.path)
    return replace(found, problems=read.problems)


def read_targets(path: str | Path) -> SpecTable | Contents:
    """The target side of the file at `path`: a plain list, or what its layouts hold."""
    data = read_bytes(path)
    return _read(path, data, lambda: read_spec_table(path, data))


def read_self_evaluation(path: str | Path) -> Sheet | Contents:
    """The self-evaluations in the file at `path`: a plain list, or its layouts.

    A list has the columns of `CLAIMS`, or, where it is one of budget execution alone, those of
    `EXECUTION`. Raises `InputError` where it cannot be read, is of no known layout, or holds
    neither actuals nor budget execution.
    """
    data = read_bytes(path)
    read = _read(path, data, lambda: _claims_or_execution(path, data))
    if isinstance(read, Contents):
        _raise_errors(read, ACTUAL_ROWS)
        _raise_errors(read, EXECUTION_ROWS)
        holds = {kind for found in read.lists for kind in found.sources}
        if not any(form.kind == EVALUATION for form in read.forms) and not holds.intersection(
            (ACTUAL_ROWS, EXECUTION_ROWS)
        ):
            raise InputError.of(_NO_ACTUALS, file=read.input.path)
    return read


def _claims_or_execution(path: str | Path, data: bytes) -> Sheet:
    try:
        return table.read_table(path, CLAIMS, data)
    except InputError as error:
        try:
            found = table.read_table(path, _EXECUTION_ALONE, data)
        except InputError:
            raise error from None
        if any((found.frame[name] != "").any() for name in _OF_INDICATORS):
            raise
        return replace(found, frame=found.frame.drop(_OF_INDICATORS))


def _read(path: str | Path, data: bytes, plain: Callable[[], Read]) -> Read | Contents:
    """A plain list as `plain` reads it; what is none, by its layouts.

    What is wrong with a list that begins as one is told by `plain`.
    """
    if is_workbook(data):
        return read_contents(path, data)
    try:
        return plain()
    except InputError as error:
        if data.startswith(PARQUET_MAGIC):
            raise
        try:
            contents = read_contents(path, data)
        except InputError:
            raise error from None
        if any(found.header.first == 0 for found in contents.lists):
            raise
        return contents


def _own_side(path: str | Path) -> frames.Targets | None:
    """The target side of a plain list, where it has one without fault."""
    try:
        read = read_spec_table(path)
    except InputError:
        return None
    return frames.Targets(read.projects, read.indicators, read.problems)


def _raise_errors(contents: Contents, kind: str) -> None:
    """Raise `InputError` for lists that mean to be of a kind and are not."""
    errors = [problem for found in contents.lists for problem in found.errors.get(kind, ())]
    if errors:
        raise InputError(errors)

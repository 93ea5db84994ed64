"""The rows of some whole projects to their outcome: what every engine calls, wherever it runs."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from perfeval import tables
from perfeval.findings.handling import Handling
from perfeval.policy import Policy
from perfeval.scoring.batch import Outcome, Part, score_part
from perfeval.sources.files import InputFile
from perfeval.sources.layouts.frames import Targets
from perfeval.sources.specs import refuse_unsound, refuse_unweighted
from perfeval.sources.specs_table import from_sheet
from perfeval.sources.table import MALFORMED, Sheet


@dataclass(frozen=True)
class Job:
    """How every part is scored: under `policy`, its findings handled as the settings say."""

    policy: Policy
    handling: Handling


@dataclass(frozen=True)
class Beyond:
    """What belongs to no project: malformed rows, and the names that unknown ones are like."""

    malformed: pl.DataFrame
    malformed_execution: pl.DataFrame
    all_projects: pl.DataFrame


NOTHING = pl.DataFrame(schema=MALFORMED)
_NO_FILE = InputFile("", "", 0, "")


def targets_of(specs: pl.DataFrame, malformed: pl.DataFrame = NOTHING) -> Targets:
    """The projects and indicators in rows of specs; `InputError` for all that is wrong with them.

    specs: the columns of `sources.specs_table.SPECS` as text and the place (`tables.PLACE`).
    """
    read = from_sheet(Sheet(specs, malformed, _NO_FILE))
    targets = Targets(read.projects, read.indicators, read.problems)
    refuse_unsound(targets)
    refuse_unweighted(targets.indicators)
    return targets


def score_rows(
    specs: pl.DataFrame,
    actuals: pl.DataFrame,
    execution: pl.DataFrame | None,
    job: Job,
    beyond: Beyond | None = None,
) -> Outcome:
    """Score the rows of some whole projects.

    specs, actuals, execution: the columns of `SPECS`, `ACTUALS` and `EXECUTION` (in
    `perfeval.sources`) as text, never null, and their place (file, sheet, line). A project has all
    its rows in one call, of each table in the order of its files; `execution` is None where none is
    given for any project. Rows of projects that are in no part come in a call of their own, without
    specs, with what is `beyond` projects.

    Outcomes of parts are put one below the other, and their counts added up
    (`perfeval.engines.merge`). Raises `InputError` for specs that nothing can be scored by.
    """
    # Rows may come in many pieces. Columns in one are gone through faster, and polars (2.1) can
    # panic on the first of a group of formatted texts where there are several.
    specs, actuals = specs.rechunk(), actuals.rechunk()
    execution = None if execution is None else execution.rechunk()
    targets = targets_of(specs)
    part = Part(
        targets.projects,
        targets.indicators,
        actuals,
        execution,
        NOTHING if beyond is None else beyond.malformed,
        NOTHING if beyond is None else beyond.malformed_execution,
        None if beyond is None else beyond.all_projects,
    )
    return score_part(part, job.policy, job.handling)


def empty_rows(columns: tuple[str, ...]) -> pl.DataFrame:
    """No rows of a table with these columns."""
    names = (*columns, *tables.PLACE)
    return pl.DataFrame(
        schema={name: pl.Int64() if name == "line" else pl.String() for name in names}
    )

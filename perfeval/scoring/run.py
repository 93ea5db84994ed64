"""Score actuals against target tables: read, match, evaluate, total, and say what stood out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from perfeval.findings.handling import handling
from perfeval.policy import Policy
from perfeval.problems import Collector, Problem, once
from perfeval.scoring.batch import Part, score_part
from perfeval.scoring.receipt import Chosen, choose_policy, receipt
from perfeval.scoring.which import choose_specs, default_specs
from perfeval.sources.evaluation import read_evaluation, read_execution
from perfeval.sources.specs import Specs, load_specs, require_weights
from perfeval.sources.table import Sheet

Progress = Callable[[str, int, int], None]

STEPS = ("specs", "actuals", "scoring")


@dataclass(frozen=True)
class ScoreResult:
    """What `score` found out.

    receipt: version, policy, inputs with their hashes, counts. projects, indicators, execution,
    findings: frames as `perfeval.tables` describes them (TOTALS, SCORES, EXECUTION_SCORES,
    FINDINGS); scores are int64 hundredths of a point. suppressed: the findings that perfeval.toml
    keeps back, also with reason, settings_file and settings_line. specs: what was scored. notes:
    what layouts were recognised, whose targets were used, and what is doubtful in the files.
    working: per indicator, in their order, what was read and compared (the columns of
    `score_indicators`), from which `perfeval.explaining` tells how each score came about.
    """

    receipt: dict[str, Any]
    policy: Policy
    projects: pl.DataFrame
    indicators: pl.DataFrame
    execution: pl.DataFrame
    findings: pl.DataFrame
    suppressed: pl.DataFrame
    specs: Specs
    notes: tuple[Problem, ...] = ()
    working: pl.DataFrame = field(default_factory=pl.DataFrame)


def score(
    actuals: str | Path,
    specs: Specs | str | Path | None = None,
    execution: str | Path | None = None,
    policy: str | None = None,
    progress: Progress | None = None,
) -> ScoreResult:
    """Score the file `actuals` against the target tables `specs` (loaded, or where they are).

    Without `specs` they are taken from the folder specs/, where it knows the projects, else from
    `actuals` itself, if it states targets too. `execution` adds budget execution, in the place of
    what a form of `actuals` says of it. `policy` is a name or a path; without it the specs'
    perfeval.toml decides, else `general`. `progress` is called with a step's name, how many steps
    are done, and how many there are.

    Raises `InputError` with every problem of every input, if one cannot be read or used: target
    tables with weights that are missing or below zero can be checked, but not scored.
    """
    report = progress or (lambda step, done, of: None)
    report(STEPS[0], 0, len(STEPS))
    problems = Collector()
    known = chosen = said = paid = None
    notes: list[Problem] = []
    with problems:
        if specs is None:
            known = default_specs()
        else:
            known = specs if isinstance(specs, Specs) else load_specs(specs)
    undecided = specs is None and not problems.found
    report(STEPS[1], 1, len(STEPS))
    with problems:
        said = read_evaluation(actuals)
    if undecided and said is not None:  # an unreadable file is one problem, not "no specs/" too
        with problems:
            known, note = choose_specs(said, known)
            notes += [note] if note else []
    if known is not None:
        with problems:
            require_weights(known)
        with problems:
            handling(known)
    with problems:
        chosen = choose_policy(policy, known)
    if execution is not None:
        with problems:
            paid = read_execution(execution)
    problems.raise_any()
    assert known is not None
    assert chosen is not None
    assert said is not None
    own = said.execution if execution is None else None
    result = score_tables(known, said.actuals, own if paid is None else paid, chosen, report)
    doubts = (*said.problems, *(paid.problems if paid else ()))
    # A list with both sides is read for each of them.
    return replace(result, notes=tuple(once((*known.notes, *said.notes, *notes, *doubts))))


def score_tables(
    specs: Specs,
    actuals: Sheet,
    execution: Sheet | None,
    chosen: Chosen,
    report: Progress = lambda step, done, of: None,
) -> ScoreResult:
    """Score tables that are already read, with sound weights; for everything else see `score`."""
    report(STEPS[2], 2, len(STEPS))
    part = Part(
        specs.projects,
        specs.indicators,
        actuals.frame,
        None if execution is None else execution.frame,
        actuals.malformed,
        actuals.malformed.clear() if execution is None else execution.malformed,
        regions=(*specs.regions, *actuals.regions, *(execution.regions if execution else ())),
    )
    outcome = score_part(part, chosen.policy, handling(specs))
    report("", len(STEPS), len(STEPS))
    files = [*specs.inputs, actuals.input]
    # A form says what was achieved and what was spent in one file.
    files += [execution.input] if execution and execution.input.path != actuals.input.path else []
    return ScoreResult(
        receipt(chosen, files, outcome.counts),
        chosen.policy,
        outcome.projects,
        outcome.indicators,
        outcome.execution,
        outcome.findings,
        outcome.suppressed,
        specs,
        working=outcome.working,
    )

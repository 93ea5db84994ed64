"""Which target tables a self-evaluation is scored against, where none are named."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from perfeval.messages import N_
from perfeval.problems import InputError, Problem
from perfeval.scoring.match import match_projects
from perfeval.sources.evaluation import Evaluation
from perfeval.sources.specs import Specs, load_specs, own_specs

DEFAULT_SPECS = "specs"

NO_SPECS = N_(
    "there is no folder {folder} here to take target tables from. Name one with"
    " --specs, or make it from a published text: perfeval import FILE.txt -o {folder}"
)
_FROM_FOLDER = N_("the targets are those of {folder}, which knows its projects")
_FROM_FILE = N_("the targets are those that the file itself states; {folder} {remark}")
_UNKNOWN = N_("does not know {project}")
_MISSING = N_("is not there")


def default_specs() -> Specs | None:
    """The folder `DEFAULT_SPECS`, None where there is none; raises `InputError` for its faults."""
    return load_specs(DEFAULT_SPECS) if Path(DEFAULT_SPECS).exists() else None


def choose_specs(evaluation: Evaluation, known: Specs | None) -> tuple[Specs, Problem | None]:
    """The folder's specs, `known`, where they have the projects, else the file's own target side.

    Also what is to be said of the choice: nothing where there was none. Raises `InputError` where
    there are neither.
    """
    folder = f"{DEFAULT_SPECS}/"
    if known is not None and not evaluation.regions:
        return known, None
    file = evaluation.input.path
    unknown = _unknown(evaluation, known) if known is not None else None
    if known is not None and unknown is None:
        return known, Problem(_FROM_FOLDER, {"folder": folder}, file)
    own = own_specs(evaluation)
    if own is None and known is None:
        raise InputError.of(NO_SPECS, folder=folder)
    if own is None:
        assert known is not None
        return known, None
    remark = _MISSING if known is None else _UNKNOWN
    values: dict[str, object] = {"folder": folder, "remark": remark, "project": unknown}
    return own, Problem(_FROM_FILE, values, file)


def _unknown(evaluation: Evaluation, specs: Specs) -> str | None:
    """A project of the file that `specs` does not know; None where it knows them all."""
    named = evaluation.actuals.frame.select("project").unique(maintain_order=True)
    matched = match_projects(named, specs.projects).filter(pl.col("code").is_null())
    return None if matched.is_empty() else str(matched[0, "project"])

"""The receipt: what a result was computed from, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from perfeval import __version__
from perfeval.policy import DEFAULT, Policy, load_policy
from perfeval.problems import InputError
from perfeval.sources.files import InputFile
from perfeval.sources.settings import SETTINGS
from perfeval.sources.specs import Specs
from perfeval.tables import SEVERITIES
from perfeval.toml_lines import line_of


@dataclass(frozen=True)
class Chosen:
    """A policy, and who chose it: "argument", "specs" or "default"."""

    policy: Policy
    by: str


def choose_policy(named: str | None, specs: Specs | None) -> Chosen:
    """The policy named by the caller, else by the specs' perfeval.toml, else `DEFAULT`."""
    if named is not None:
        return Chosen(load_policy(named), "argument")
    if specs is not None and specs.policy is not None:
        settings = specs.folder / SETTINGS
        try:
            return Chosen(load_policy(specs.policy, specs.folder), "specs")
        except InputError as error:
            line = line_of(settings.read_text("utf-8-sig"), ("policy",))
            raise InputError(
                each if each.file else replace(each, file=str(settings), line=line)
                for each in error.problems
            ) from None
    return Chosen(load_policy(DEFAULT), "default")


def receipt(
    chosen: Chosen, inputs: Iterable[InputFile], counts: Mapping[str, Any]
) -> dict[str, Any]:
    """Version, policy with its hash and who chose it, inputs with theirs, and counts."""
    policy = chosen.policy
    return {
        "perfeval": __version__,
        "policy": {
            "id": policy.id,
            "sha256": policy.sha256,
            "name": policy.name,
            "chosen": chosen.by,
        },
        "inputs": [
            {"path": file.path, "sha256": file.sha256, "rows": file.rows, "encoding": file.encoding}
            for file in inputs
        ],
        "counts": dict(counts),
    }


def severities(findings: pl.DataFrame) -> dict[str, int]:
    """How many findings there are of each severity, worst first."""
    found = dict(findings["severity"].value_counts().iter_rows())
    return {name: found.get(name, 0) for name in SEVERITIES}

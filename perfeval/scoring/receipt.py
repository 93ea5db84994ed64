"""The receipt: what a result was computed from, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval import __version__
from perfeval.policy import DEFAULT, Policy, load_policy
from perfeval.sources.files import InputFile
from perfeval.sources.specs import Specs


@dataclass(frozen=True)
class Chosen:
    """A policy, and who chose it: "argument", "specs" or "default"."""

    policy: Policy
    by: str


def choose_policy(named: str | None, specs: Specs | None, path: Path) -> Chosen:
    """The policy named by the caller, else by the specs' perfeval.toml, else `DEFAULT`.

    `path` is where the specs were read from; a policy file that they name is found from there.
    """
    if named is not None:
        return Chosen(load_policy(named), "argument")
    if specs is not None and specs.policy is not None:
        return Chosen(load_policy(specs.policy, path if path.is_dir() else path.parent), "specs")
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

"""Check target tables for what makes them inconsistent, without any actuals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from perfeval import rules
from perfeval.scoring.receipt import choose_policy, receipt, severities
from perfeval.scoring.targets import choose_rules, read_targets
from perfeval.sources.specs import Specs, load_specs


@dataclass(frozen=True)
class CheckResult:
    """What `check` found: the receipt, and findings as `perfeval.tables.FINDINGS` has them."""

    receipt: dict[str, Any]
    findings: pl.DataFrame


def check(
    specs: Specs | str | Path = "specs",
    policy: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> CheckResult:
    """Run the rules that need target tables alone over `specs` (loaded, or where they are).

    `select` and `ignore` name rules by family letter, code or name. Raises `InputError` with every
    problem of the tables that keeps them from being read at all.
    """
    wanted = rules.chosen(select, ignore)
    known = specs if isinstance(specs, Specs) else load_specs(specs)
    chosen = choose_policy(policy, known)
    targets = read_targets(known.indicators)
    targets = targets.with_columns(rule=choose_rules(targets, chosen.policy))
    tables = rules.Tables(chosen.policy, known.projects, targets)
    findings = rules.find(tables, rules.CHECK, wanted).drop("row")
    counts = {
        "projects": len(known.projects),
        "indicators": len(known.indicators),
        "findings": severities(findings),
    }
    return CheckResult(receipt(chosen, known.inputs, counts), findings)

"""Check target tables for what makes them inconsistent, without any actuals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from perfeval import rules
from perfeval.findings import (
    compare,
    handling,
    read_baseline,
    settle,
    with_fingerprints,
)
from perfeval.findings.cells import with_cells
from perfeval.policy import Policy
from perfeval.problems import Collector
from perfeval.rules import Rule
from perfeval.rules.own import load
from perfeval.scoring.receipt import choose_policy, receipt, severities
from perfeval.scoring.targets import choose_rules, read_targets
from perfeval.sources.own_rules import read_own_rules
from perfeval.sources.specs import Specs, load_specs


@dataclass(frozen=True)
class CheckResult:
    """What `check` found.

    receipt: version, policy, inputs with their hashes, counts. findings: as `rules.FINDINGS` has
    them, with cell for about, fingerprint and occurrence; of several that are told, those that the
    baseline does not know. suppressed: those that perfeval.toml keeps back, with reason,
    settings_file and settings_line. rules: those that were to run. projects and targets: the tables
    that were checked, `row` of a finding counting `targets`.
    """

    receipt: dict[str, Any]
    policy: Policy
    findings: pl.DataFrame
    suppressed: pl.DataFrame
    rules: tuple[Rule, ...]
    projects: pl.DataFrame
    targets: pl.DataFrame


def check(
    specs: Specs | str | Path = "specs",
    policy: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    *,
    baseline: str | Path | None = None,
    own_rules: bool = True,
) -> CheckResult:
    """Run the rules that need target tables alone over `specs` (loaded, or where they are).

    `select` and `ignore` name rules by family letter, code or name. Findings that the file
    `baseline` knows are counted and left out. A folder's own rules, which are Python files that its
    perfeval.toml names, are run unless `own_rules` is false: leave that to folders whose authors
    you trust. Raises `InputError` with every problem of the tables that keeps them from being read
    at all, and of the settings and files beside them.
    """
    known = specs if isinstance(specs, Specs) else load_specs(specs)
    sources = read_own_rules(known.settings) if own_rules else ()
    own = load((source.input.path, source.data) for source in sources)
    problems = Collector()
    wanted: tuple[Rule, ...] = ()
    chosen = meant = earlier = None
    with problems:
        wanted = rules.chosen(select, ignore, own)
    with problems:
        chosen = choose_policy(policy, known)
    with problems:
        meant = handling(known, own)
    if baseline is not None:
        with problems:
            earlier = read_baseline(baseline)
    problems.raise_any()
    assert chosen is not None
    assert meant is not None
    targets = read_targets(known.indicators)
    targets = targets.with_columns(rule=choose_rules(targets, chosen.policy))
    tables = rules.Tables(chosen.policy, known.projects, targets, budget=known.budget)
    found = rules.find(tables, rules.CHECK, wanted)
    done = rules.completed(wanted, rules.CHECK, found)
    settled = settle(found, meant, done if rules.UNUSED in wanted else ())
    told, suppressed = (
        with_cells(with_fingerprints(each, targets), known.regions)
        for each in (settled.findings, settled.suppressed)
    )
    counts: dict[str, Any] = {"projects": len(known.projects), "indicators": len(known.indicators)}
    inputs = [*known.inputs, *(source.input for source in sources)]
    if earlier is not None:
        inputs.append(earlier.input)
        projects = None if known.whole else known.projects["project"]
        compared = compare(told, suppressed, earlier, done, projects)
        told = compared.new
        counts["baseline"] = {
            "known": compared.known,
            "new": len(told),
            "fixed": compared.fixed,
        }
    counts["suppressed"] = len(suppressed)
    counts["findings"] = severities(told)
    return CheckResult(
        receipt(chosen, inputs, counts),
        chosen.policy,
        told,
        suppressed,
        tuple(each for each in wanted if rules.CHECK in each.commands),
        known.projects,
        targets,
    )

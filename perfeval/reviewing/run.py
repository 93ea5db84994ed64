"""Review self-evaluations: recompute every claim, and say what does not follow."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from perfeval import rules
from perfeval.findings import handling, settle
from perfeval.findings.cells import with_cells
from perfeval.findings.settle import Settled
from perfeval.machine import WORKERS
from perfeval.messages import N_
from perfeval.policy import Policy
from perfeval.problems import Collector, InputError, Problem
from perfeval.reviewing.approved import not_evaluated
from perfeval.reviewing.claims import Claims, read_claims
from perfeval.reviewing.claims import projects as projects_of
from perfeval.reviewing.decisions import changes, decided_totals, read_decisions, settled
from perfeval.reviewing.grades import with_grades, with_recomputed
from perfeval.reviewing.projects import claimed_projects
from perfeval.reviewing.recompute import recompute
from perfeval.reviewing.risk import risk
from perfeval.reviewing.sample import sample as draw
from perfeval.scoring.receipt import Chosen, choose_policy, receipt, severities
from perfeval.sources.specs import Specs, load_specs


@dataclass(frozen=True)
class ReviewResult:
    """What `review` found out.

    receipt: version, policy, inputs, counts, and the sample's size and seed. projects and claims:
    frames as the modules `projects` and `recompute` of this package describe them, projects also
    with claimed_total and decided_total and what `grades` adds; findings as
    `perfeval.tables.FINDINGS`; risk, sample and changes as the modules of these names (`decisions`
    for changes) describe them, the latter two None where they were not asked for. suppressed: the
    findings that the settings suppress. notes: what was recognised in the files; problems: what is
    doubtful in them or was left out.
    """

    receipt: dict[str, Any]
    policy: Policy
    projects: pl.DataFrame
    claims: pl.DataFrame
    findings: pl.DataFrame
    risk: pl.DataFrame
    sample: pl.DataFrame | None
    changes: pl.DataFrame | None
    suppressed: pl.DataFrame
    notes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


def review(
    paths: Iterable[str | Path] | str | Path,
    specs: Specs | str | Path | None = None,
    policy: str | None = None,
    decisions: str | Path | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> ReviewResult:
    """Review the self-evaluations in `paths` (files, or folders with their subfolders).

    `specs` are the approved target tables, loaded or where they are; with them a changed target,
    operator, unit or weight is found. `policy` is a name or a path; without it the specs'
    perfeval.toml decides, else `general`. `decisions` is a table of what reviewers decided.
    `sample` draws that many projects for a spot check, always the same for a `seed`.

    Raises `InputError` with every problem of every input, if one cannot be read or used, and for a
    sample of none.
    """
    if sample is not None and sample < 1:
        raise InputError.of(
            N_("a sample of {found} projects is none; ask for 1 or more (--sample)"), found=sample
        )
    paths = [paths] if isinstance(paths, str | Path) else paths
    claims, known, chosen = _read(paths, specs, policy)
    projects = projects_of(claims)
    scored, missing = recompute(claims, projects, chosen.policy, known)
    absent = not_evaluated(claims.rows, known) if known else None
    claimed = with_recomputed(claimed_projects(projects, scored, chosen.policy), chosen.policy)
    scored = scored.join(
        claimed.select("project", "department", "budget", "spent"),
        on="project",
        how="left",
        maintain_order="left",
    )
    decided = read_decisions(decisions, scored, claimed) if decisions is not None else None
    changed = changes(decided, scored, claimed) if decided else None
    claimed = claimed.join(
        decided_totals(claimed, scored, changed), on="project", how="left", maintain_order="left"
    )
    claimed = with_grades(claimed, chosen.policy)
    found = rules.find(
        rules.Tables(
            chosen.policy,
            projects,
            scored,
            claims=scored,
            claimed=claimed,
            left_out=missing,
            not_evaluated=absent,
            malformed=claims.malformed,
            given=claims.given,
            decisions=changed,
            unnamed=claims.unnamed,
        ),
        rules.REVIEW,
        workers=WORKERS,
    )
    # The settings that lie with the approved tables hold for their reviews too.
    kept = settle(found, handling(known)) if known else Settled(found, found.clear())
    findings = kept.findings
    order = risk(claimed, findings, None if changed is None else settled(changed))
    drawn = None if sample is None else draw(claimed, order, sample, seed)
    counts = {
        "projects": len(claimed),
        "files": len(claims.inputs),
        "files_unread": claims.unread,
        "layouts": claims.layouts,
        "rows": _rows(claims),
        **_outcomes(scored),
        "suppressed": len(kept.suppressed),
        "findings": severities(findings),
    }
    if known is not None and absent is not None:
        counts["approved"] = {
            "projects": len(known.projects),
            "evaluated": len(known.projects) - len(absent),
            "not_evaluated": len(absent),
        }
    if changed is not None:
        stale = int(changed["stale"].sum())
        applied = len(changed) - stale
        counts["decisions"] = {"read": len(changed), "applied": applied, "stale": stale}
    files = [*(known.inputs if known else ()), *claims.inputs]
    told = receipt(chosen, [*files, decided.input] if decided else files, counts)
    regions = (*claims.regions, *(known.regions if known else ()))
    if drawn is not None:
        told["sample"] = {"asked": sample, "drawn": len(drawn), "seed": seed}
    return ReviewResult(
        told,
        chosen.policy,
        claimed,
        scored,
        with_cells(findings.drop("row"), regions),
        order,
        drawn,
        changed,
        with_cells(kept.suppressed.drop("row"), regions),
        (*claims.notes, *(known.notes if known else ()), *_carried(claimed, chosen.policy)),
        (*claims.problems, *(decided.problems if decided else ())),
    )


def _read(
    paths: Iterable[str | Path], specs: Specs | str | Path | None, policy: str | None
) -> tuple[Claims, Specs | None, Chosen]:
    problems = Collector()
    claims = known = chosen = None
    with ThreadPoolExecutor(1) as other:
        # Both sides are read at the same time.
        approved = other.submit(_approved, specs)
        reading = Collector()
        with reading:
            claims = read_claims(paths)
    with problems:
        known = approved.result()
    with problems:
        chosen = choose_policy(policy, known)
    with problems:
        reading.raise_any()
    problems.raise_any()
    assert chosen is not None
    assert claims is not None
    if known is None and "target" not in claims.given:
        raise InputError.of(
            N_(
                "the self-evaluation has no targets; add their column (年度指标值), or name the"
                " approved target tables with --specs"
            ),
            file=claims.inputs[0].path,
        )
    return claims, known, chosen


def _approved(specs: Specs | str | Path | None) -> Specs | None:
    return load_specs(specs) if isinstance(specs, str | Path) else specs


def _carried(claimed: pl.DataFrame, policy: Policy) -> list[Problem]:
    """What is said of projects whose claims follow weights that are scaled (see `carried`)."""
    found = claimed.filter("carried")
    if found.is_empty() or policy.execution is None:
        return []
    template = N_(
        "weights that sum to {total} beside budget execution: the claims of {count} projects follow"
        " them × {indicators} ÷ {total}, and are compared with that ({projects})"
    )
    values = {
        "total": float(policy.total),
        "indicators": float(policy.execution.indicators),
        "count": len(found),
        "projects": [*found["project"].head(5).to_list(), *(["…"] if len(found) > 5 else [])],
    }
    return [Problem(template, values, found["file"][0])]


def _rows(claims: Claims) -> dict[str, int]:
    """How the rows ended; all but the first add up to it. Wholes are sums and projects' own."""
    ended = {
        "reviewed": len(claims.rows),
        "wholes": claims.wholes,
        "rejected": len(claims.malformed) + len(claims.unnamed),
    }
    return {"read": sum(ended.values()), **ended}


def _outcomes(scored: pl.DataFrame) -> dict[str, Any]:
    """How the claims compare with what was recomputed; the parts add up to `claims`."""
    claimed = pl.col("claimed")
    decided = pl.col("weighed") & (pl.col("doubt") == "") & (pl.col("issue") == "")
    kinds = {
        "unclaimed": claimed.is_null(),
        "not_recomputed": ~decided,
        "above": claimed > pl.col("high"),
        "below": claimed < pl.col("low"),
    }
    outcome = pl.lit("agreeing")
    for name in reversed(kinds):
        outcome = pl.when(kinds[name]).then(pl.lit(name)).otherwise(outcome)
    found = dict(scored.select(outcome.alias("outcome"))["outcome"].value_counts().iter_rows())
    names = ("agreeing", "above", "below", "not_recomputed", "unclaimed")
    return {"claims": {name: found.get(name, 0) for name in names}}

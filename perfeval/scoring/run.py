"""Score actuals against target tables: read, match, evaluate, total, and say what stood out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from perfeval import rules
from perfeval.findings import handling, settle
from perfeval.policy import Policy
from perfeval.problems import Collector, Problem
from perfeval.scoring.actuals import meet_targets, read_actuals
from perfeval.scoring.execution import match_execution, score_execution
from perfeval.scoring.indicators import score_indicators
from perfeval.scoring.match import match_actuals
from perfeval.scoring.receipt import Chosen, choose_policy, receipt, severities
from perfeval.scoring.targets import choose_rules, read_targets
from perfeval.scoring.totals import grades, scaling, totals
from perfeval.scoring.which import choose_specs, default_specs
from perfeval.sources.evaluation import read_evaluation, read_execution
from perfeval.sources.specs import Specs, load_specs, require_weights
from perfeval.sources.table import Sheet
from perfeval.tables import PLACE, STATUSES

Progress = Callable[[str, int, int], None]

STEPS = ("specs", "actuals", "scoring", "findings")


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
    if undecided:
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
    return replace(result, notes=(*known.notes, *said.notes, *notes, *said.problems))


def score_tables(
    specs: Specs,
    actuals: Sheet,
    execution: Sheet | None,
    chosen: Chosen,
    report: Progress = lambda step, done, of: None,
) -> ScoreResult:
    """Score tables that are already read, with sound weights; for everything else see `score`."""
    policy = chosen.policy
    report(STEPS[2], 2, len(STEPS))
    targets = read_targets(specs.indicators)
    targets = targets.with_columns(rule=choose_rules(targets, policy)).join(
        specs.projects.select("project", "year"), on="project", how="left", maintain_order="left"
    )
    matched = read_actuals(match_actuals(actuals.frame, specs.projects, targets))
    paid = match_execution(execution.frame, specs.projects) if execution is not None else None
    executed = score_execution(paid, specs.projects, policy)

    frame = meet_targets(targets, matched, policy)
    usable = pl.col("rejected").is_null()
    frame = frame.with_columns(
        excluded=_is_row_of(frame, matched.filter(usable & pl.col("excluded"))),
        refused=_is_row_of(frame, matched.filter(~usable)) & frame["actual"].is_null(),
    )
    projects = specs.projects.with_columns(
        executed=pl.col("project").is_in(executed["project"].to_list())
    )
    factors = scaling(frame, projects, policy)
    scale = frame.select("project").join(
        projects.select("project", scale=factors.of),
        on="project",
        how="left",
        maintain_order="left",
    )["scale"]
    scored = score_indicators(frame, policy, factors, scale)
    total = totals(projects, scored, executed)
    # Without a single point to earn there is nothing to grade.
    earns = pl.col("indicator_points").fill_null(0.0) > 0
    total = total.with_columns(
        grade=pl.when(earns).then(grades(total["low"], total["high"], policy))
    )

    report(STEPS[3], 3, len(STEPS))
    found = rules.find(
        rules.Tables(
            policy=policy,
            projects=specs.projects,
            targets=targets,
            actuals=matched,
            scores=scored,
            execution=paid,
            execution_scores=executed,
            malformed=_malformed(actuals, execution),
        ),
        rules.SCORE,
    )
    # What is found depends on the actuals at hand, so no suppression is judged to be unused.
    settled = settle(found, handling(specs))
    findings = settled.findings
    report("", len(STEPS), len(STEPS))
    indicators = _indicators(scored, matched, findings)
    counts = _counts(scored, matched, paid, executed, actuals, execution, findings)
    counts["suppressed"] = len(settled.suppressed)
    files = [*specs.inputs, actuals.input]
    # A form says what was achieved and what was spent in one file.
    files += [execution.input] if execution and execution.input.path != actuals.input.path else []
    return ScoreResult(
        receipt(chosen, files, {**counts, "projects": len(total)}),
        policy,
        total.select(
            "project",
            "name",
            "department",
            "score",
            "low",
            "high",
            "grade",
            "met",
            "weight",
            "points",
            "indicators",
            "undecided",
        ),
        indicators,
        executed.select(
            "project",
            "weight",
            "budget_initial",
            "budget",
            "spent",
            "rate",
            "score",
            "low",
            "high",
            "status",
        ),
        findings.drop("row"),
        settled.suppressed.drop("row"),
        specs,
        working=scored,
    )


def _is_row_of(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    return frame["row"].is_in(rows["row"].drop_nulls().unique().to_list())


def _malformed(actuals: Sheet, execution: Sheet | None) -> pl.DataFrame:
    if execution is None:
        return actuals.malformed
    return pl.concat([actuals.malformed, execution.malformed])


def _indicators(
    scored: pl.DataFrame, matched: pl.DataFrame, findings: pl.DataFrame
) -> pl.DataFrame:
    """The public columns, with the codes of what was found about each indicator."""
    written = matched.filter(pl.col("row").is_not_null() & (pl.col("actual") != "")).select(
        "row", written="actual"
    )
    flags = (
        findings.filter(pl.col("row").is_not_null())
        .group_by(pl.col("row").cast(scored.schema["row"]))
        .agg(flags=pl.col("code").unique().sort())
    )
    # What was written stays to be seen, even where its row was rejected or does not apply.
    written = written.unique("row", keep="first", maintain_order=True)
    frame = scored.join(flags, on="row", how="left", maintain_order="left")
    frame = frame.join(written, on="row", how="left", maintain_order="left")
    return frame.select(
        "project",
        "level1",
        "level2",
        "indicator",
        "operator",
        "target",
        "target_number",
        "unit",
        "weight",
        "points",
        pl.coalesce("actual", "written").alias("actual"),
        # A bound is not its number: 200余人 is told as it is written.
        pl.when((pl.col("bound") == "") & (pl.col("said") == "")).then("actual_number"),
        "met",
        "ratio",
        "coefficient",
        "score",
        "low",
        "high",
        "status",
        pl.col("flags").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        pl.when(pl.col("reason") != "").then("reason").alias("reason"),
        "core",
        "way",
        "rule",
        "pass_threshold",
        pl.col("deduction_number").alias("deduction"),
        *PLACE,
    )


def _tally(statuses: pl.Series, rejected: int = 0) -> dict[str, int]:
    """How many rows ended how; the parts add up to `read`."""
    found = dict(statuses.value_counts().iter_rows())
    parts = {status: found.get(status, 0) for status in STATUSES}
    parts["rejected"] += rejected
    return {"read": sum(parts.values()), **parts}


def _counts(
    scored: pl.DataFrame,
    matched: pl.DataFrame,
    paid: pl.DataFrame | None,
    executed: pl.DataFrame,
    actuals: Sheet,
    execution: Sheet | None,
    findings: pl.DataFrame,
) -> dict[str, Any]:
    rows = matched.join(scored.select("row", "status"), on="row", how="left").select(
        pl.when(pl.col("rejected").is_not_null())
        .then(pl.lit("rejected"))
        .otherwise("status")
        .alias("status")
    )["status"]
    indicators = _tally(scored["status"])
    counts: dict[str, Any] = {
        "rows": _tally(rows, len(actuals.malformed)),
        "indicators": {
            "total": indicators.pop("read"),
            **indicators,
            "without_actual": (
                scored["actual"].is_null() & (scored["status"] != "not_applicable")
            ).sum(),
        },
    }
    if paid is not None and execution is not None:
        ended = paid.join(
            executed.select("project", "status"), left_on="code", right_on="project", how="left"
        ).select(
            pl.when(pl.col("rejected").is_not_null())
            .then(pl.lit("rejected"))
            # A policy without execution points has no use for the row, and says so.
            .otherwise(pl.col("status").fill_null("not_applicable"))
            .alias("status")
        )["status"]
        counts["execution_rows"] = _tally(ended, len(execution.malformed))
    counts["findings"] = severities(findings)
    return counts

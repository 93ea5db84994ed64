"""Whole projects with their rows: matched, read, evaluated, totalled, and looked at by the rules.

What scores a small file in one go scores a part of a large one: nothing here knows whether there
are other parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from perfeval import rules
from perfeval.findings.cells import with_cells
from perfeval.findings.handling import Handling
from perfeval.findings.settle import settle
from perfeval.policy import Policy
from perfeval.scoring.actuals import meet_targets, read_actuals
from perfeval.scoring.execution import match_execution, score_execution
from perfeval.scoring.indicators import score_indicators
from perfeval.scoring.match import for_rows, match_actuals
from perfeval.scoring.receipt import severities
from perfeval.scoring.targets import choose_rules, read_targets
from perfeval.scoring.totals import grades, places, scaling, totals
from perfeval.sources.places import Region
from perfeval.tables import PLACE, STATUSES


@dataclass(frozen=True)
class Part:
    """Whole projects, and the rows that are for them.

    projects, indicators, actuals, execution: as `perfeval.tables` has them, sound and with weights;
    execution is None where none is given at all, else empty for projects without. malformed and
    malformed_execution: the rows of both with more cells than headings (`sources.table.MALFORMED`).
    all_projects: project and name of all projects there are, where these are not all of them.
    regions: where values stand in files of cells.
    """

    projects: pl.DataFrame
    indicators: pl.DataFrame
    actuals: pl.DataFrame
    execution: pl.DataFrame | None
    malformed: pl.DataFrame
    malformed_execution: pl.DataFrame
    all_projects: pl.DataFrame | None = None
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a part.

    projects, indicators, execution, findings: frames as `perfeval.tables` describes them (TOTALS,
    SCORES, EXECUTION_SCORES, FINDINGS). suppressed: findings that the settings keep back, also with
    reason, settings_file and settings_line. counts: as the receipt has them; those of several parts
    add up. working: per indicator, in their order, what was read and compared (the columns of
    `score_indicators`).
    """

    projects: pl.DataFrame
    indicators: pl.DataFrame
    execution: pl.DataFrame
    findings: pl.DataFrame
    suppressed: pl.DataFrame
    counts: dict[str, Any]
    working: pl.DataFrame


def score_part(part: Part, policy: Policy, handling: Handling) -> Outcome:
    """Score a part under `policy`, its findings handled as the settings say."""
    targets = read_targets(part.indicators)
    place = places(targets["project"], part.projects["project"])
    targets = targets.with_columns(
        rule=choose_rules(targets, policy), year=part.projects["year"].gather(place)
    )
    matched = read_actuals(match_actuals(part.actuals, part.projects, targets))
    paid = match_execution(part.execution, part.projects) if part.execution is not None else None
    executed = score_execution(paid, part.projects, policy)

    frame = meet_targets(targets, matched, policy)
    usable = matched["rejected"].is_null()
    frame = frame.with_columns(
        excluded=_marked(matched["row"].filter(usable & matched["excluded"]), len(frame)),
        refused=_marked(matched["row"].filter(~usable), len(frame)) & frame["actual"].is_null(),
    )
    projects = part.projects.with_columns(
        executed=pl.col("project").is_in(executed["project"].implode())
    )
    factors = scaling(frame, projects, policy)
    scored = score_indicators(frame, policy, factors, factors.of.gather(place))
    total = totals(projects, scored, place, executed)
    # Without a single point to earn there is nothing to grade.
    earns = pl.col("indicator_points").fill_null(0.0) > 0
    total = total.with_columns(
        grade=pl.when(earns).then(grades(total["low"], total["high"], policy))
    )
    found = rules.find(
        rules.Tables(
            policy=policy,
            projects=part.projects,
            targets=targets,
            actuals=matched,
            scores=scored,
            execution=paid,
            execution_scores=executed,
            malformed=pl.concat([part.malformed, part.malformed_execution]),
            all_projects=part.all_projects,
        ),
        rules.SCORE,
    )
    # What is found depends on the actuals at hand, so no suppression is judged to be unused.
    settled = settle(found, handling)
    findings = settled.findings
    counts = _counts(part, scored, matched, paid, executed, findings)
    counts["suppressed"] = len(settled.suppressed)
    return Outcome(
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
        _indicators(scored, matched, findings),
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
        with_cells(findings.drop("row"), part.regions),
        with_cells(settled.suppressed.drop("row"), part.regions),
        {**counts, "projects": len(total)},
        scored,
    )


def _marked(rows: pl.Series, count: int) -> pl.Series:
    """Which of `count` rows are among `rows` (positions, or null)."""
    found = np.zeros(count, bool)
    found[rows.drop_nulls().to_numpy()] = True
    return pl.Series(found)


def _indicators(
    scored: pl.DataFrame, matched: pl.DataFrame, findings: pl.DataFrame
) -> pl.DataFrame:
    """The public columns, with the codes of what was found about each indicator."""
    written = matched.select("row", written="actual").filter(
        pl.col("row").is_not_null() & (pl.col("written") != "")
    )
    # What was written stays to be seen, even where its row was rejected or does not apply.
    if written["row"].is_duplicated().any():
        written = written.unique("row", keep="first", maintain_order=True)
    written = for_rows(written, len(scored))
    frame = pl.concat([scored, written], how="horizontal").with_columns(
        flags=_flags(findings, len(scored))
    )
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
        "flags",
        pl.when(pl.col("reason") != "").then("reason").alias("reason"),
        "core",
        "way",
        "rule",
        "pass_threshold",
        pl.col("deduction_number").alias("deduction"),
        *PLACE,
    )


def _flags(findings: pl.DataFrame, count: int) -> pl.Series:
    """The codes of the findings about each of `count` indicators, as sorted lists."""
    about = findings.filter(pl.col("row").is_not_null()).select("row", "code")
    sets: dict[tuple[str, ...], int] = {(): 0}
    number = np.zeros(count, np.intp)
    # Few different sets there are: each code makes others of those that its rows have by now.
    for code in about["code"].unique().sort():
        rows = about.filter(pl.col("code") == code)["row"].unique().to_numpy()
        before = number[rows]
        known = list(sets)
        grown = np.zeros(len(known), np.intp)
        for old in np.unique(before):
            grown[old] = sets.setdefault((*known[old], code), len(sets))
        number[rows] = grown[before]
    lists = pl.Series([list(codes) for codes in sets], dtype=pl.List(pl.String))
    return lists.gather(number)


def _tally(statuses: pl.Series, rejected: int = 0) -> dict[str, int]:
    """How many rows ended how; the parts add up to `read`."""
    found = dict(statuses.value_counts().iter_rows())
    parts = {status: found.get(status, 0) for status in STATUSES}
    parts["rejected"] += rejected
    return {"read": sum(parts.values()), **parts}


def _counts(
    part: Part,
    scored: pl.DataFrame,
    matched: pl.DataFrame,
    paid: pl.DataFrame | None,
    executed: pl.DataFrame,
    findings: pl.DataFrame,
) -> dict[str, Any]:
    rows = matched.select(
        pl.when(pl.col("rejected").is_not_null())
        .then(pl.lit("rejected"))
        .otherwise(scored["status"].gather(matched["row"]))
        .alias("status")
    )["status"]
    indicators = _tally(scored["status"])
    counts: dict[str, Any] = {
        "rows": _tally(rows, len(part.malformed)),
        "indicators": {
            "total": indicators.pop("read"),
            **indicators,
            "without_actual": (
                scored["actual"].is_null() & (scored["status"] != "not_applicable")
            ).sum(),
        },
    }
    if paid is not None:
        ended = paid.join(
            executed.select("project", "status"), left_on="code", right_on="project", how="left"
        ).select(
            pl.when(pl.col("rejected").is_not_null())
            .then(pl.lit("rejected"))
            # A policy without execution points has no use for the row, and says so.
            .otherwise(pl.col("status").fill_null("not_applicable"))
            .alias("status")
        )["status"]
        counts["execution_rows"] = _tally(ended, len(part.malformed_execution))
    counts["findings"] = severities(findings)
    return counts

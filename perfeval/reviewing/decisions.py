"""What reviewers decided: read back from a plain table, applied to the claims, told with why.

A decision is about one indicator of one project. It carries the `evidence` that it was made on, a
short hash of the row as it stood; where the row has changed since, the decision is not applied but
reported (rule R701).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import polars as pl

from perfeval.exact import fraction, round_half_up
from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import InputError, Problem, did_you_mean
from perfeval.reviewing.recompute import hundredths, points
from perfeval.scoring.match import AMBIGUOUS, UNKNOWN_PROJECT, match_actuals
from perfeval.sources.files import InputFile
from perfeval.sources.headings import Table
from perfeval.sources.table import read_table
from perfeval.tables import PLACE

ACCEPT, DEDUCT, DROP, NOTE = "accept", "deduct", "drop", "note"
WORDS = {
    ACCEPT: ("采纳", "accept", "认可", "接受"),
    DEDUCT: ("扣分", "deduct", "核减"),
    DROP: ("剔除", "drop", "不适用"),
    NOTE: ("备注", "note", "说明"),
}
"""The decisions, with the words that people write for them; the first is the one that is written.

accept: the claim stands. deduct: the deduction is taken off the claim; without one, what exceeds
the recomputed score. drop: the indicator counts neither way, its points go to the project's others
in proportion. note: nothing changes.
"""
_MEANING = {word: decision for decision, words in WORDS.items() for word in words}

DECISIONS = Table(
    columns=(
        "project", "indicator", "level2", "decision", "deduction", "role", "date", "reason",
        "evidence",
    ),
    required=("project", "indicator", "decision", "role", "reason"),
)  # fmt: skip
"""A reviewer's decisions, one row each."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions beside the claims that they are for.

    `frame`: row (of the claim), project, indicator, decision (one of `WORDS`), deduction (int64
    hundredths or null), role, date, reason, evidence, file, line.
    """

    frame: pl.DataFrame
    input: InputFile


def read_decisions(path: str | Path, claims: pl.DataFrame, projects: pl.DataFrame) -> Decisions:
    """The decisions at `path`; rows without a decision are passed over.

    Raises `InputError` with every row that can't be used: another word than the known ones, no role
    or no reason, a deduction that is no points, a project or indicator that is not in the batch.
    """
    sheet = read_table(path, DECISIONS)
    rows = sheet.frame.filter(pl.col("decision") != "")
    known = claims.select("row", "project", "indicator", "level2")
    matched = match_actuals(
        rows.with_columns(
            pl.lit("").alias(name) for name in ("actual", "unit", "score", "applicable")
        ),
        projects,
        known,
    )
    deducted = hundredths(points(rows["deduction"]))
    frame = matched.with_columns(
        word=pl.col("decision").str.to_lowercase(), cents=deducted
    ).with_columns(
        meant=pl.col("word").replace_strict(_MEANING, default=None, return_dtype=pl.String)
    )
    problems = [
        problem
        for row in frame.iter_rows(named=True)
        for problem in _problems(row, projects["project"].to_list())
    ]
    if problems:
        raise InputError(problems)
    return Decisions(
        frame.select(
            "row", "indicator", "role", "date", "reason", "evidence", *PLACE,
            project="code", decision="meant", deduction="cents",
        ),
        sheet.input,
    )  # fmt: skip


def _problems(row: dict[str, object], projects: list[str]) -> list[Problem]:
    found: list[tuple[str, dict[str, object]]] = []
    if row["meant"] is None:
        known = [words[0] for words in WORDS.values()]
        template = N_("the decision is “{found}”; one of {known} is expected")
        found.append((template, {"found": row["decision"], "known": known}))
    if row["rejected"] == UNKNOWN_PROJECT:
        near = suggest(str(row["project"]), projects)
        template = N_("no self-evaluation of the batch is of the project {project}{remark}")
        found.append((template, {"project": row["project"], **did_you_mean(near)}))
    elif row["rejected"] == AMBIGUOUS:
        template = N_(
            "the project has several indicators {indicator}; fill in the level 2 (二级指标)"
        )
        found.append((template, {"indicator": row["indicator"]}))
    elif row["rejected"] is not None and row["row"] is None:
        template = N_("the project's self-evaluation has no indicator {indicator}")
        found.append((template, {"indicator": row["indicator"]}))
    elif row["rejected"] is not None:
        template = N_("{indicator} is decided more than once; keep one decision")
        found.append((template, {"indicator": row["indicator"]}))
    if not row["role"]:
        found.append((N_("who decided is missing; fill in the role (复核人角色)"), {}))
    if not row["reason"] and row["meant"] != NOTE:
        found.append((N_("the decision has no reason; a department must be able to read why"), {}))
    if row["deduction"] and (row["cents"] is None or int(str(row["cents"])) < 0):
        template = N_(
            "the deduction is “{found}”; points ≥ 0 with at most two decimals are expected"
        )
        found.append((template, {"found": row["deduction"]}))
    elif row["deduction"] and row["meant"] not in (DEDUCT, None):
        template = N_(
            "a deduction of {found} stands beside another decision than {deduct}; keep one"
        )
        found.append((template, {"found": row["deduction"], "deduct": WORDS[DEDUCT][0]}))
    if not row["date"]:
        found.append((N_("when it was decided is missing; fill in the date (复核日期)"), {}))
    file, line = str(row["file"]), row["line"]
    assert isinstance(line, int)
    return [Problem(template, values, file, line) for template, values in found]


def evidence(claims: pl.DataFrame) -> list[str]:
    """Eight hexadecimal digits per row, others where target, actual, weight or claim are others."""
    shown = claims.select(
        "asked", "written_actual", pl.col("weight").cast(pl.String).fill_null(""), "claimed_text"
    )
    return [
        hashlib.sha256("\x1f".join(row).encode(errors="surrogatepass")).hexdigest()[:8]
        for row in shown.iter_rows()
    ]


def changes(decisions: Decisions, claims: pl.DataFrame) -> pl.DataFrame:
    """What the decisions change: a row each, with claimed, recomputed and decided points.

    Columns: those of the decisions, then level2, weight, claimed, low, high (int64 hundredths),
    decided (int64 hundredths; null where the indicator is dropped), stale (whether the evidence has
    changed since, so that the claim is left as it is).
    """
    told = claims.select(
        "row", "level2", "weight", "full", "claimed", "low", "high", "asked", "written_actual",
        "claimed_text",
    )  # fmt: skip
    frame = decisions.frame.join(told, on="row", how="left", maintain_order="left")
    now = pl.Series(evidence(frame), dtype=pl.String)
    stale = (frame["evidence"] != "") & (frame["evidence"] != now)
    claimed = pl.col("claimed").fill_null(0)
    excess = pl.max_horizontal(claimed - pl.col("high"), 0)
    taken = pl.col("deduction").fill_null(excess)
    return frame.with_columns(
        stale=stale,
        now=now,
        decided=pl.when(stale | (pl.col("decision").is_in([ACCEPT, NOTE])))
        .then(claimed)
        .when(pl.col("decision") == DEDUCT)
        .then(pl.max_horizontal(claimed - taken, 0)),
    ).drop("asked", "written_actual", "claimed_text")


def decided_totals(
    projects: pl.DataFrame, claims: pl.DataFrame, changed: pl.DataFrame | None
) -> pl.DataFrame:
    """Per project: claimed_total (the sum of its parts) and decided_total, int64 hundredths.

    Where indicators are dropped, the others' points are scaled to the full marks of all, exactly,
    and rounded half up once. Execution is claimed as printed.
    """
    frame = projects.select(
        "project",
        claimed_total=pl.col("claimed_sum") + pl.col("execution_claimed").fill_null(0),
        execution=pl.col("execution_claimed").fill_null(0),
    ).with_columns(decided_total="claimed_total")
    if changed is None or changed.is_empty():
        return frame.drop("execution")
    touched = claims.filter(pl.col("project").is_in(changed["project"].unique().to_list()))
    parts = touched.join(
        changed.select("row", "decided", hit=pl.lit(True)), on="row", how="left"
    ).select(
        "project",
        points=pl.when(pl.col("hit")).then("decided").otherwise(pl.col("claimed").fill_null(0)),
        full="full",
    )
    totals: dict[str, int] = {}
    for project, points_of, fulls in parts.group_by("project").agg("points", "full").iter_rows():
        kept = sum(full for got, full in zip(points_of, fulls, strict=True) if got is not None)
        scale = Fraction(sum(fulls), kept) if kept else Fraction(0)
        totals[project] = round_half_up(fraction(sum(got or 0 for got in points_of)) * scale)
    decided = pl.col("project").replace_strict(totals, default=None, return_dtype=pl.Int64)
    return frame.with_columns(
        decided_total=pl.coalesce(decided + pl.col("execution"), "decided_total")
    ).drop("execution")

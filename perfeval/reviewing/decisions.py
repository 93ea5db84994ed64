"""What reviewers decided: read back from a plain table, applied to the claims, told with why.

A decision is about one indicator of a project, or, without an indicator, about its budget execution
and totals. It carries the `evidence` that it was made on, a short hash of what stood there; where
that has changed since, the decision is not applied but reported (rule R701).
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
from perfeval.reviewing.addressed import addressed
from perfeval.reviewing.recompute import hundredths, points
from perfeval.scoring.match import AMBIGUOUS, REPEATED, UNKNOWN_PROJECT, match_projects
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

accept: the claim stands. deduct: the deduction is taken off the claim (of a project: off its
total); without one, what exceeds the recomputed score (of a project: of execution). drop: the
indicator counts neither way, its points go to the project's others in proportion. note: nothing
changes.
"""
_MEANING = {word: decision for decision, words in WORDS.items() for word in words}

_MOST_PLACES = 8

DECISIONS = Table(
    columns=(
        "project", "indicator", "level2", "occurrence", "decision", "deduction", "role", "date",
        "reason", "evidence",
    ),
    required=("project", "indicator", "decision", "role", "reason"),
)  # fmt: skip
"""A reviewer's decisions, one row each."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions beside the claims that they are for.

    `frame`: row (of the claim; null for a project as a whole), project, indicator, decision (one of
    `WORDS`), deduction (int64 hundredths or null), role, date, reason, evidence, file, line.
    `problems` tell the columns that are not read.
    """

    frame: pl.DataFrame
    input: InputFile
    problems: tuple[Problem, ...] = ()


def read_decisions(path: str | Path, claims: pl.DataFrame, projects: pl.DataFrame) -> Decisions:
    """The decisions at `path`; rows without a decision are passed over.

    Raises `InputError` with every row that can't be used: another word than the known ones, no role
    or no reason, a deduction that is no points, a project or indicator that is not in the batch.
    """
    sheet = read_table(path, DECISIONS)
    rows = sheet.frame.filter(pl.col("decision") != "")
    rows = match_projects(rows, projects)
    whole = pl.col("indicator") == ""
    # Only the claims of projects that are decided are looked through.
    decided = rows["code"].unique().drop_nulls()
    known = claims.select(
        "row", "project", "indicator", "level2", "sheet", "line", "claimed", "doubt", "issue"
    ).filter(pl.col("project").is_in(decided.to_list()))
    matched = pl.concat(
        [
            addressed(rows.filter(~whole), known),
            _of_projects(rows.filter(whole)),
        ],
        how="diagonal",
    ).sort("line", maintain_order=True)
    deducted = hundredths(points(matched["deduction"]))
    side = known.select("row", "claimed", decides=(pl.col("doubt") == "") & (pl.col("issue") == ""))
    frame = (
        matched.join(side, on="row", how="left", maintain_order="left")
        .with_columns(word=pl.col("decision").str.to_lowercase(), cents=deducted)
        .with_columns(
            meant=pl.col("word").replace_strict(_MEANING, default=None, return_dtype=pl.String)
        )
    )
    names = projects["project"].to_list()
    problems = [problem for row in frame.iter_rows(named=True) for problem in _problems(row, names)]
    if problems:
        raise InputError(problems)
    return Decisions(
        frame.select(
            "row", "indicator", "role", "date", "reason", "evidence", *PLACE,
            project="code", decision="meant", deduction="cents",
        ),
        sheet.input,
        sheet.problems,
    )  # fmt: skip


def _of_projects(rows: pl.DataFrame) -> pl.DataFrame:
    """Decisions about projects as a whole (with `code`) with `rejected`, as `addressed` has it."""
    repeated = pl.col("code").is_duplicated() & ~pl.col("code").is_first_distinct()
    return rows.with_columns(
        rejected=pl.when(pl.col("code").is_null())
        .then(pl.lit(UNKNOWN_PROJECT))
        .when(repeated)
        .then(pl.lit(REPEATED))
    )


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
            "{indicator} stands in several rows of the self-evaluation ({places}); say which is"
            " meant by its level 2 (二级指标), or by which of them it is (第几个: 1, 2 …)"
        )
        if row["occurrence"]:
            template = N_(
                "{indicator} stands in {count} rows of the self-evaluation ({places}); which of"
                " them (第几个) is “{found}”, a number from 1 to {count} is expected"
            )
        places = row["places"]
        assert isinstance(places, list)
        more = ["…"] if len(places) > _MOST_PLACES else []
        values: dict[str, object] = {
            "places": [*places[:_MOST_PLACES], *more],
            "count": len(places),
            "indicator": row["indicator"],
            "found": row["occurrence"],
        }
        found.append((template, values))
    elif row["rejected"] == REPEATED and row["indicator"] == "":
        template = N_("the project as a whole is decided more than once; keep one decision")
        found.append((template, {}))
    elif row["rejected"] is not None and row["row"] is None:
        template = N_("the project's self-evaluation has no indicator {indicator}")
        found.append((template, {"indicator": row["indicator"]}))
    elif row["rejected"] is not None:
        template = N_("{indicator} is decided more than once; keep one decision")
        found.append((template, {"indicator": row["indicator"]}))
    if row["meant"] == DROP and row["indicator"] == "":
        template = N_("only an indicator can be dropped; name it, or take points off the project")
        found.append((template, {}))
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
    elif row["meant"] == DEDUCT and row["row"] is not None:
        found += _deduction(row)
    if not row["date"]:
        found.append((N_("when it was decided is missing; fill in the date (复核日期)"), {}))
    file, line = str(row["file"]), row["line"]
    assert isinstance(line, int)
    return [Problem(template, values, file, line) for template, values in found]


def _deduction(row: dict[str, object]) -> list[tuple[str, dict[str, object]]]:
    """What is wrong with a deduction from the claim of an indicator."""
    if row["cents"] is None and not row["decides"]:
        template = N_("nothing is recomputed for {indicator}; fill in the deduction (扣分)")
        return [(template, {"indicator": row["indicator"]})]
    claimed = int(str(row["claimed"] or 0))
    if row["cents"] is not None and int(str(row["cents"])) > claimed:
        template = N_("the deduction of {found} is more than the {claimed} points that are claimed")
        return [(template, {"found": row["deduction"], "claimed": f"{claimed / 100:.2f}"})]
    return []


def evidence(claims: pl.DataFrame) -> list[str]:
    """Eight hexadecimal digits per row, others where target, actual, weight or claim are others."""
    return _hashes(
        claims.select("asked", "written_actual", pl.col("weight").cast(pl.String), "claimed_text")
    )


def evidence_of_projects(projects: pl.DataFrame) -> list[str]:
    """The same of projects as wholes: their amounts, execution, total and grade as written."""
    return _hashes(
        projects.select(
            "written_budget", "written_spent", "execution_weight", "execution_rate",
            "execution_score", "total", "grade",
        )
    )  # fmt: skip


def _hashes(shown: pl.DataFrame) -> list[str]:
    return [
        hashlib.sha256("\x1f".join(row).encode(errors="surrogatepass")).hexdigest()[:8]
        for row in shown.with_columns(pl.all().fill_null("")).iter_rows()
    ]


def changes(decisions: Decisions, claims: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """What the decisions change: a row each, with claimed, recomputed and decided points.

    Columns: those of the decisions, then level2, weight, claimed, low, high (int64 hundredths; of a
    project as a whole its totals, low and high null where nobody knows them), decided (int64
    hundredths; null where the indicator is dropped), now (the present evidence), stale (whether it
    has changed since, so that the claim is left as it is).
    """
    rows = decisions.frame.filter(pl.col("row").is_not_null()).join(
        claims.select(
            "row", "level2", "weight", "claimed", "low", "high", "asked", "written_actual",
            "claimed_text",
        ),
        on="row", how="left", maintain_order="left",
    )  # fmt: skip
    rows = rows.with_columns(now=pl.Series(evidence(rows), dtype=pl.String))
    wholes = decisions.frame.filter(pl.col("row").is_null()).join(
        projects, on="project", how="left", maintain_order="left", suffix="_of_project"
    )
    paid, due = pl.col("execution_claimed").fill_null(0), pl.col("execution_low").fill_null(0)
    wholes = wholes.with_columns(
        now=pl.Series(evidence_of_projects(wholes), dtype=pl.String),
        excess=pl.max_horizontal(paid - due, 0),
        claimed=pl.col("claimed_sum") + paid,
        low="recomputed_low",
        high="recomputed_high",
    )
    names = [*decisions.frame.columns, "level2", "weight", "claimed", "low", "high", "now"]
    frame = pl.concat(
        [
            each.with_columns(
                pl.lit(None, kind).alias(name)
                for name, kind in (("level2", pl.String), ("weight", pl.Float64))
                if name not in each.columns
            ).select(*names, "excess")
            for each in (
                rows.with_columns(
                    excess=pl.max_horizontal(pl.col("claimed").fill_null(0) - pl.col("high"), 0)
                ),
                wholes,
            )
        ]
    ).sort("line", maintain_order=True)
    stale = (pl.col("evidence") != "") & (pl.col("evidence") != pl.col("now"))
    claimed = pl.col("claimed").fill_null(0)
    taken = pl.col("deduction").fill_null(pl.col("excess"))
    return frame.with_columns(
        stale=stale,
        decided=pl.when(stale | (pl.col("decision").is_in([ACCEPT, NOTE])))
        .then(claimed)
        .when(pl.col("decision") == DEDUCT)
        .then(pl.max_horizontal(claimed - taken, 0)),
    ).drop("excess")


def decided_totals(
    projects: pl.DataFrame, claims: pl.DataFrame, changed: pl.DataFrame | None
) -> pl.DataFrame:
    """Per project: claimed_total (the sum of its parts) and decided_total, int64 hundredths.

    Where indicators are dropped, the others' points are scaled to the full marks of all, exactly,
    and rounded half up once. Execution is claimed as printed; what is taken off a project as a
    whole is taken off last.
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
    wholes = changed.filter(pl.col("row").is_null()).select(
        "project", taken=pl.col("claimed").fill_null(0) - pl.col("decided")
    )
    frame = frame.join(wholes, on="project", how="left", maintain_order="left")
    total = pl.coalesce(decided + pl.col("execution"), "decided_total")
    return frame.with_columns(
        decided_total=pl.max_horizontal(total - pl.col("taken").fill_null(0), 0)
    ).drop("execution", "taken")


def settled(changed: pl.DataFrame) -> pl.DataFrame:
    """The rows and projects whose objections are decided: row (null for a whole), project."""
    final = ~pl.col("stale") & (pl.col("decision") != NOTE)
    return changed.filter(final).select("row", "project")

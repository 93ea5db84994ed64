"""Budget execution: spent ÷ adjusted budget, scored like every other predicate."""

from __future__ import annotations

import numpy as np
import polars as pl

from perfeval.compile import Way, assemble
from perfeval.kernel import evaluate
from perfeval.policy import Policy
from perfeval.quantity import read_column
from perfeval.quantity.conversion import powers_between, shifted
from perfeval.scoring.match import (
    UNKNOWN_PROJECT,
    UNUSABLE,
    match_projects,
    with_repeats,
)
from perfeval.tables import PLACE

_AMOUNTS = ("budget", "spent")
_VALUES = ("budget_initial", *_AMOUNTS, "score")
_MATCHED = pl.Schema(
    {
        "code": pl.String,
        "rejected": pl.String,
        "initial": pl.Float64,
        "budget": pl.Float64,
        "spent": pl.Float64,
        "doubt": pl.String,
        "file": pl.String,
        "sheet": pl.String,
        "line": pl.Int64,
    }
)


def match_execution(rows: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """The rows of execution with `code`, `rejected`, and their amounts as numbers.

    budget and spent become float64 in 万元, null where they can't be read; `doubt` says why. Bare
    numbers are taken as 万元, but not beside an amount that does have a unit. `initial` is the
    initial budget in the same way; nothing is decided by it.
    """
    frame = with_repeats(match_projects(rows, projects), "code", _VALUES).with_columns(
        rejected=pl.when(pl.col("code").is_null())
        .then(pl.lit(UNKNOWN_PROJECT))
        .otherwise("repeats")
    )
    read = {name: read_column(frame[name]) for name in _AMOUNTS}
    powers = {name: powers_between(cells["unit"], _usual(frame)) for name, cells in read.items()}
    bare = {name: cells["unit"] == "" for name, cells in read.items()}
    # Two bare numbers are in one unit, whichever it is; one alone could be in any.
    both_bare = (
        bare["budget"] & bare["spent"] & ~read["budget"]["scaled"] & ~read["spent"]["scaled"]
    )
    zeros = pl.zeros(len(frame), pl.Int32, eager=True)
    powers = {name: power.zip_with(~both_bare, zeros) for name, power in powers.items()}
    plain = {
        name: shifted(
            cells["number"].set((cells["operator"] != "") | (cells["bound"] != ""), None),
            powers[name],
        )
        for name, cells in read.items()
    }
    broken = {name: cells["kind"] == "invalid" for name, cells in read.items()}
    frame = frame.with_columns(
        written_budget="budget",
        written_spent="spent",
        initial=_initial(frame["budget_initial"]),
        budget=plain["budget"],
        spent=plain["spent"],
        broken=broken["budget"] | broken["spent"],
        issue=read["spent"]["issue"].zip_with(~broken["budget"], read["budget"]["issue"]),
        issue_text=frame["spent"].zip_with(~broken["budget"], frame["budget"]),
        blank=(read["budget"]["kind"] == "blank") | (read["spent"]["kind"] == "blank"),
        units=powers["budget"].is_null() | powers["spent"].is_null(),
    )
    return frame.with_columns(
        rejected=pl.when(pl.col("rejected").is_null() & pl.col("broken"))
        .then(pl.lit(UNUSABLE))
        .otherwise("rejected"),
        doubt=pl.when(pl.col("blank"))
        .then(pl.lit("missing"))
        .when(pl.col("units"))
        .then(pl.lit("other-unit"))
        .when(pl.col("budget").is_null() | pl.col("spent").is_null())
        .then(pl.lit("unreadable"))
        .when((pl.col("budget") <= 0) | (pl.col("spent") < 0))
        .then(pl.lit("no-rate"))
        .otherwise(pl.lit("")),
    ).drop("broken", "blank", "units")


def _initial(cells: pl.Series) -> pl.Series:
    read = read_column(cells)
    exact = (read["operator"] == "") & (read["bound"] == "")
    powers = powers_between(read["unit"], pl.repeat("万元", len(cells), eager=True))
    return shifted(read["number"].set(~exact, None), powers.set(read["unit"] == "", 0))


def _usual(frame: pl.DataFrame) -> pl.Series:
    return pl.repeat("万元", len(frame), eager=True)


def score_execution(
    matched: pl.DataFrame | None, projects: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """The execution points of each project that has any under `policy`.

    Columns: project, weight, budget_initial, budget, spent, rate (float64), score, low, high (int64
    hundredths), status. Where the policy makes execution part of every total, a project without
    data has its points undecided; otherwise it has no row.
    """
    if matched is None:
        matched = pl.DataFrame(schema=_MATCHED)
    wanted = projects.select("project")
    if policy.execution is None:
        return _outcome(matched, wanted.clear(), 0.0)
    if not policy.execution.required:
        wanted = wanted.filter(
            pl.col("project").is_in(matched["code"].drop_nulls().unique().to_list())
        )
    return _outcome(matched, wanted, float(policy.execution.weight))


def _outcome(matched: pl.DataFrame, wanted: pl.DataFrame, weight: float) -> pl.DataFrame:
    usable = matched.filter(pl.col("rejected").is_null())
    rejected = (
        matched.filter(pl.col("rejected").is_not_null() & pl.col("code").is_not_null())["code"]
        .unique()
        .to_list()
    )
    frame = wanted.select("project").join(
        usable.select("code", "budget", "spent", "doubt", *PLACE, budget_initial="initial"),
        left_on="project",
        right_on="code",
        how="left",
        maintain_order="left",
    )
    sound = (pl.col("doubt") == "").fill_null(False)
    spent = frame.select(pl.when(sound).then("spent")).to_series().fill_null(np.nan).to_numpy()
    budget = frame.select(pl.when(sound).then("budget")).to_series().fill_null(1.0).to_numpy()
    program = assemble(
        [Way("≥", "actual/target")],
        np.zeros(len(frame), np.intp),
        budget,
        np.full(len(frame), weight),
    )
    result = evaluate(program, spent[program.order])
    back = np.argsort(program.order)
    return frame.with_columns(
        weight=pl.lit(weight),
        rate=pl.Series(result.ratio[back], dtype=pl.Float64).fill_nan(None),
        score=pl.Series(result.score[back], dtype=pl.Int64),
        low=pl.Series(result.score[back], dtype=pl.Int64),
        high=pl.Series(result.high[back], dtype=pl.Int64),
        status=pl.when(sound)
        .then(pl.lit("scored"))
        .when(pl.col("project").is_in(rejected) & pl.col("doubt").is_null())
        .then(pl.lit("rejected"))
        .otherwise(pl.lit("undecided")),
    )

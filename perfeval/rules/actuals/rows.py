"""A1: rows of actuals and execution that can't be used as they stand, and are rejected."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from perfeval.messages import N_
from perfeval.names import normalise, suggest
from perfeval.quantity import ISSUES
from perfeval.rules import PLACE, PROJECT_PLACE, REVIEW, ROW_PLACE, SCORE, Tables, rule
from perfeval.scoring.match import (
    AMBIGUOUS,
    CONTRADICTED,
    REPEATED,
    UNKNOWN_INDICATOR,
    UNKNOWN_PROJECT,
    UNUSABLE,
)

_SHOWN = 40
"""Characters of a broken cell that a message quotes."""

_COMPARED = 20_000
"""Names with which an unknown one is compared; where there are more, none is suggested."""


def _with_near(
    found: pl.DataFrame, keys: list[str], candidates: Callable[[dict[str, str]], Sequence[str]]
) -> pl.DataFrame:
    """`near`: what is like the last of `keys`, and the remark that tells it.

    Looked up once per distinct wrong name, as long as there are not too many to compare with.
    """
    distinct = found.select(keys).unique(maintain_order=True)
    near = []
    for row in distinct.iter_rows(named=True):
        known = candidates(row)
        near.append(suggest(row[keys[-1]], known) if len(known) <= _COMPARED else [])
    remark = pl.when(pl.col("near").list.len() > 0).then(pl.lit(N_("; like it: {near}")))
    return found.join(
        distinct.with_columns(near=pl.Series(near, dtype=pl.List(pl.String))).with_columns(
            remark=remark.otherwise(pl.lit(""))
        ),
        on=keys,
        how="left",
        maintain_order="left",
    )


@rule(
    "A101",
    "unknown-project",
    "error",
    N_("no target table has the project {project}{remark}"),
    about="project",
    commands=(SCORE,),
)
def unknown_project(tables: Tables) -> pl.DataFrame:
    """A row is for a project that has no target table.

    **What it does.** Compares the project's code (or its name, if only one project has it) after
    NFKC and without spaces. Near codes and names are suggested, never taken.

    **Why it matters.** The row cannot be scored. It is rejected and counted, not dropped.

    **Fails.** `50011023T000003385O78` (a letter O for a zero)

    **Repair.** Correct the code, or give the folder that holds its table with `--specs`.
    """
    parts = [
        tables.rejected.filter(pl.col("rejected") == UNKNOWN_PROJECT).select(
            *PROJECT_PLACE, "indicator"
        )
    ]
    if tables.execution is not None:
        other = tables.execution.filter(pl.col("rejected") == UNKNOWN_PROJECT)
        parts.append(other.select(*PROJECT_PLACE, indicator=pl.lit(None, pl.String)))
    found = pl.concat(parts)
    if found.is_empty():
        return found
    projects = tables.projects if tables.all_projects is None else tables.all_projects
    known = projects["project"].to_list() + projects["name"].to_list()
    found = _with_near(found, ["project"], lambda _: known)
    blank = N_("the row names no project; fill in its code (项目编码)")
    shared = N_("several projects are called {project}; give the project's code (项目编码)")
    names = projects.select(normalise(pl.col("name"))).to_series()
    common = names.filter(names.is_duplicated()).unique().to_list()
    return found.with_columns(
        template=pl.when(pl.col("project") == "")
        .then(pl.lit(blank))
        .when(normalise(pl.col("project")).is_in(common))
        .then(pl.lit(shared))
    )


@rule(
    "A102",
    "unknown-indicator",
    "error",
    N_("the project's target table has no indicator {indicator}{remark}"),
    commands=(SCORE,),
)
def unknown_indicator(tables: Tables) -> pl.DataFrame:
    """A row is for an indicator that its project's target table does not have.

    **What it does.** Compares names after NFKC, without spaces, with brackets made alike. Near
    names of the same project are suggested, never taken.

    **Why it matters.** The row is rejected and the indicator it was meant for stays undecided.

    **Fails.** `慰问退休干部` where the table says `慰问退干干部`

    **Repair.** Write the name as the approved table has it.
    """
    found = tables.rejected.filter(pl.col("rejected") == UNKNOWN_INDICATOR).select(
        *PROJECT_PLACE, "indicator", "code"
    )
    if found.is_empty():
        return found
    own = tables.targets.filter(pl.col("project").is_in(found["code"].unique().implode()))
    names = dict(own.group_by("project").agg("indicator").iter_rows())
    found = _with_near(found, ["code", "indicator"], lambda row: names.get(row["code"], []))
    blank = N_("the row names no indicator; fill in its name (三级指标)")
    return found.drop("code").with_columns(
        template=pl.when(pl.col("indicator") == "").then(pl.lit(blank))
    )


@rule(
    "A103",
    "ambiguous-indicator",
    "error",
    N_("the project has several indicators {indicator}: fill in the level-2 column (二级指标)"),
    commands=(SCORE,),
)
def ambiguous_indicator(tables: Tables) -> pl.DataFrame:
    """A name that its project uses more than once, without the level 2 that tells which.

    **What it does.** Finds rows whose (project, indicator) fits several indicators and whose level2
    is blank or fits none of them.

    **Why it matters.** The row is rejected; giving the actual to either would be a guess.

    **Fails.** 维持时效 in a table that has it under 时效指标 and under 可持续影响指标

    **Repair.** Fill in `level2`.
    """
    given = N_("the project has several indicators {indicator}, and level 2 {level2} tells none")
    return tables.rejected.filter(pl.col("rejected") == AMBIGUOUS).select(
        *PROJECT_PLACE,
        "indicator",
        "level2",
        template=pl.when(pl.col("level2") != "").then(pl.lit(given)),
    )


@rule(
    "A104",
    "contradicting-rows",
    "error",
    N_("several rows are for the same and differ (the first is in line {first}); keep one"),
    about="actual",
    commands=(SCORE,),
)
def contradicting_rows(tables: Tables) -> pl.DataFrame:
    """Several rows give one indicator (or one project's execution) different values.

    **What it does.** Compares every row for the same indicator in all its cells.

    **Why it matters.** Which one is right is not for a program to choose: all are rejected and the
    points stay undecided.

    **Fails.** Two rows for one indicator with the actuals 95 and 98

    **Repair.** Keep the right one.
    """
    return _for_the_same(tables, CONTRADICTED)


def _for_the_same(tables: Tables, reason: str) -> pl.DataFrame:
    """Rejected rows of actuals and execution that have company, and the line of the first."""
    found = tables.rejected.filter(pl.col("rejected") == reason).select(*PLACE, first="first_line")
    if tables.execution is None:
        return found
    execution = tables.execution.filter(pl.col("rejected") == reason).select(
        *PROJECT_PLACE,
        indicator=pl.lit(None, pl.String),
        row=pl.lit(None, found.schema["row"]),
        first="first_line",
    )
    return pl.concat([found, execution], how="vertical_relaxed")


@rule(
    "A105",
    "repeated-row",
    "warning",
    N_("the row repeats line {first} and is not counted again"),
    about="actual",
    commands=(SCORE,),
)
def repeated_row(tables: Tables) -> pl.DataFrame:
    """A row repeats an earlier one to the letter.

    **What it does.** Finds rows for the same indicator that agree in every cell; the first counts.

    **Why it matters.** Nothing is lost, but pasted rows are often a sign of a wrong merge.

    **Fails.** The same line twice

    **Repair.** Delete one.
    """
    return _for_the_same(tables, REPEATED)


@rule(
    "A106",
    "malformed-row",
    "error",
    N_(
        "the row has {cells} cells, the header {expected}: {text}; a number with a thousands comma"
        ' needs quotes ("1,000")'
    ),
    commands=(SCORE, REVIEW),
)
def malformed_row(tables: Tables) -> pl.DataFrame:
    """A row has more cells than the header.

    **What it does.** Finds rows with filled cells beyond the last heading.

    **Why it matters.** Which cell belongs under which heading can't be known: the row is rejected.

    **Fails.** `P1,惠及人数,1,000`

    **Repair.** `P1,惠及人数,"1,000"`
    """
    if tables.malformed is None:
        return tables.projects.clear()
    return tables.malformed.select(*ROW_PLACE, "text", "cells", "expected")


@rule(
    "A107",
    "unusable-cell",
    "error",
    N_("“{text}” cannot be used; correct the cell, or leave it blank"),
    about="actual",
    commands=(SCORE,),
)
def unusable_cell(tables: Tables) -> pl.DataFrame:
    """A cell holds what it cannot hold, so its row is rejected.

    **What it does.** Finds actuals and amounts that are not finite (NaN, inf, a spreadsheet's
    error), are malformed or have more than 15 significant digits, deductions that are no points
    ≥ 0 with at most two decimals, and answers to 适用 other than 是 or 否.

    **Why it matters.** Such a value is a broken formula or a slip of the keyboard; no score follows
    from it.

    **Fails.** `#DIV/0!`, `1234567890.1234567`, `扣分 = -2`

    **Repair.** Write the number, or leave the cell blank.
    """
    deduction = N_("“{text}” is no deduction: write points ≥ 0 with at most 2 decimals")
    applicable = N_("“{text}” is no answer under 适用: write 是 or 否")
    reason = pl.col("rejected")
    found = tables.rejected.filter(
        pl.col("rejected").is_in([UNUSABLE, "deduction", "applicable"])
    ).select(
        *PLACE,
        template=pl.when(reason == "deduction")
        .then(pl.lit(deduction))
        .when(reason == "applicable")
        .then(pl.lit(applicable))
        .otherwise(pl.col("issue").replace_strict(ISSUES, default=None)),
        text=pl.when(reason == "deduction")
        .then("deduction")
        .when(reason == "applicable")
        .then("applicable")
        .otherwise("actual")
        .str.slice(0, _SHOWN),
        about=pl.when(reason.is_in(["deduction", "applicable"])).then(reason),
    )
    if tables.execution is None:
        return found
    execution = tables.execution.filter(reason == UNUSABLE).select(
        *PROJECT_PLACE,
        indicator=pl.lit(None, pl.String),
        row=pl.lit(None, found.schema["row"]),
        template=pl.col("issue").replace_strict(ISSUES, default=None),
        text=pl.col("issue_text").str.slice(0, _SHOWN),
        about=pl.when(pl.col("issue_text") == pl.col("written_budget"))
        .then(pl.lit("budget"))
        .otherwise(pl.lit("spent")),
    )
    return pl.concat([found, execution], how="vertical_relaxed")

"""R4: totals that are not their parts, grades that are not their totals, weights that don't sum."""

from __future__ import annotations

from math import ceil

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, REVIEW, Tables, rule


@rule(
    "R401",
    "parts-not-total",
    "error",
    N_("the claimed scores sum to {parts}, with execution {sum}; the printed total is {total}"),
    about="total",
    commands=(REVIEW,),
)
def parts_not_total(tables: Tables) -> pl.DataFrame:
    """The claimed scores do not add up to the printed total.

    **What it does.** Adds the claimed scores of the indicators and of execution, in whole cents.
    Tables that show only a part are left out, and so are those where a claim is missing.

    **Why it matters.** The total decides the grade.

    **Fails.** parts of 86 and execution 10, total 98

    **Repair.** Correct the total, or the part that is wrong.
    """
    assert tables.claimed is not None
    total = pl.col("claimed_sum") + pl.col("execution_claimed").fill_null(0)
    found = tables.claimed.filter(
        ~pl.col("partial") & pl.col("all_claimed") & (pl.col("total_claimed") != total)
    )
    return found.select(
        *PROJECT_PLACE,
        parts=pl.col("claimed_sum") / 100,
        sum=total / 100,
        total=pl.col("total_claimed") / 100,
        points=(pl.max_horizontal(pl.col("total_claimed") - total, 0)) / 100,
    )


@rule(
    "R402",
    "grade-not-of-total",
    "error",
    N_("a total of {total} is {expected} by {policy}; printed {grade}"),
    about="grade",
    commands=(REVIEW,),
)
def grade_not_of_total(tables: Tables) -> pl.DataFrame:
    """The printed grade is not that of the printed total.

    **What it does.** Compares the grade with the policy's, on the printed total; the lower end
    belongs to the better grade (90 is 优).

    **Why it matters.** The grade decides next year's money: 优 comes first, 差 is stopped.

    **Fails.** total 88.5, grade 优

    **Repair.** Correct the grade.
    """
    assert tables.claimed is not None
    grades = tables.policy.grades
    expected = pl.lit(grades[-1].name)
    for grade in reversed(grades[:-1]):
        above = pl.col("total_claimed") >= ceil(100 * grade.at_least)
        expected = pl.when(above).then(pl.lit(grade.name)).otherwise(expected)
    known = [grade.name for grade in grades]
    found = tables.claimed.filter(
        pl.col("total_claimed").is_not_null()
        & pl.col("grade").is_in(known)
        & (pl.col("grade") != expected)
    )
    return found.select(
        *PROJECT_PLACE,
        "grade",
        total=pl.col("total_claimed") / 100,
        expected=expected,
        policy=pl.lit(tables.policy.id),
    )


@rule(
    "R403",
    "claimed-weights-total",
    "warning",
    N_("the weights sum to {weights}, with {execution} for execution to {sum}; expected are 100"),
    about="weight",
    commands=(REVIEW,),
)
def claimed_weights_total(tables: Tables) -> pl.DataFrame:
    """The weights of a self-evaluation, with execution's, are not 100.

    **What it does.** Adds the printed weights and the weight of budget execution. Partial tables
    and tables without weights are left out.

    **Why it matters.** Scores of tables with other totals cannot be compared, and the grades'
    limits mean something else.

    **Fails.** weights of 100 beside 10 for execution

    **Repair.** Correct the weights; where execution has 10, the indicators share 90.
    """
    assert tables.claimed is not None
    execution = pl.col("execution_weight_number").fill_null(0.0) * 100
    total = pl.col("full_sum") + execution.round(0).cast(pl.Int64)
    found = tables.claimed.filter(~pl.col("partial") & pl.col("all_weighed") & (total != 10_000))
    return found.select(
        *PROJECT_PLACE,
        weights=pl.col("full_sum") / 100,
        execution=pl.col("execution_weight_number").fill_null(0.0),
        sum=total / 100,
    )


@rule(
    "R404",
    "project-submitted-twice",
    "warning",
    N_("the project {code} is also in {other}; which of the two counts?"),
    about="project",
    commands=(REVIEW,),
)
def project_submitted_twice(tables: Tables) -> pl.DataFrame:
    """One project's self-evaluation stands in two files.

    **What it does.** Finds codes that several files of the batch use; each is reviewed for itself.

    **Why it matters.** Totals of the batch count it twice, and a decision may fall on the version
    that was replaced.

    **Fails.** 50011023T000003385078 in 报送.csv and in 报送-修改.csv

    **Repair.** Keep the file that counts.
    """
    assert tables.claimed is not None
    frame = tables.claimed.with_columns(
        other=pl.col("file").first().over("printed_project"),
        turn=pl.int_range(pl.len()).over("printed_project"),
    )
    return frame.filter(pl.col("turn") > 0).select(*PROJECT_PLACE, "other", code="printed_project")

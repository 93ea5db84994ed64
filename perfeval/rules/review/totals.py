"""R4: totals that are not their parts, grades that are not their totals, weights that don't sum."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, REVIEW, Tables, rule
from perfeval.rules.review.common import placed
from perfeval.scoring.totals import grade_of


def _with_totals(tables: Tables) -> pl.DataFrame:
    """The self-evaluations, placed where their total stands."""
    assert tables.claimed is not None
    return placed(tables.claimed, "total")


def _whole_total() -> pl.Expr:
    """The printed total with execution's points, where it leaves them out."""
    execution = pl.when("total_is_parts").then("execution_claimed").fill_null(0)
    return pl.col("total_claimed") + execution


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

    **What it does.** Adds the claimed scores of the indicators and of execution, in whole cents; of
    the indicators alone where the weight that is printed beside the total is theirs.
    Tables that show only a part are left out, and so are those where a claim is missing.

    **Why it matters.** The total decides the grade.

    **Fails.** parts of 86 and execution 10, total 98

    **Repair.** Correct the total, or the part that is wrong.
    """
    own, execution = pl.col("claimed_sum"), pl.col("execution_claimed").fill_null(0)
    total = own + pl.when(pl.col("total_is_parts")).then(0).otherwise(execution)
    whole = (pl.col("total_claimed") != total).fill_null(False)
    printed = pl.col("parts_claimed")
    below = ((printed != own) & (printed != own + execution)).fill_null(False)
    found = (
        _with_totals(tables)
        .filter(~pl.col("partial") & pl.col("all_usable") & (whole | below))
        # Where the sum below the indicators is wrong, the total that rests on it needs no finding.
        .with_columns(
            total_claimed=pl.when(below).then(printed).otherwise("total_claimed"),
            total_is_parts=pl.col("total_is_parts") | below,
        )
    )
    total = own + pl.when(pl.col("total_is_parts")).then(0).otherwise(execution)
    alone = N_("the claimed scores sum to {parts}; the printed total of the indicators is {total}")
    return found.select(
        *PROJECT_PLACE,
        template=pl.when(pl.col("total_is_parts")).then(pl.lit(alone)),
        parts=(pl.col("claimed_sum") / 100).round(2),
        sum=(total / 100).round(2),
        total=(pl.col("total_claimed") / 100).round(2),
        points=(pl.max_horizontal(pl.col("total_claimed") - total, 0) / 100).round(2),
    )


@rule(
    "R402",
    "grade-not-of-total",
    "error",
    N_("a total of {total} is {expected} by {policy}, {grade} begins at {limit}; printed {grade}"),
    about="grade",
    commands=(REVIEW,),
)
def grade_not_of_total(tables: Tables) -> pl.DataFrame:
    """The printed grade is not that of the printed total.

    **What it does.** Compares the grade with the policy's, on the printed total; the lower end
    belongs to the better grade (90 is 优). What is missing to the printed grade is at stake.

    **Why it matters.** The grade decides next year's money: 优 comes first, 差 is stopped.

    **Fails.** total 88.5, grade 优

    **Repair.** Correct the grade.
    """
    grades = tables.policy.grades
    total = _whole_total()
    expected = grade_of(total, tables.policy)
    limits = {grade.name: float(grade.at_least) for grade in grades}
    found = _with_totals(tables).filter(
        pl.col("total_claimed").is_not_null()
        & pl.col("grade").is_in(list(limits))
        & (pl.col("grade") != expected)
    )
    limit = pl.col("grade").replace_strict(limits, default=None, return_dtype=pl.Float64)
    return found.select(
        *PROJECT_PLACE,
        "grade",
        total=(total / 100).round(2),
        expected=expected,
        limit=limit,
        policy=pl.lit(tables.policy.id),
        points=pl.max_horizontal(limit - total / 100, 0).round(2),
    )


@rule(
    "R405",
    "grade-unknown",
    "warning",
    N_(
        "the grade {grade} is none of {known} ({policy}), and is compared with nothing; a total of"
        " {total} is {expected}"
    ),
    about="grade",
    commands=(REVIEW,),
)
def grade_unknown(tables: Tables) -> pl.DataFrame:
    """The printed grade is none of the policy's.

    **What it does.** Finds grades that the policy does not know, and tells which one the printed
    total has. What such a word means is not guessed.

    **Why it matters.** 优良 may be 优 or 良, and A may begin at 85: nobody can tell whether it
    follows from the total.

    **Fails.** total 88.5, grade 优良

    **Repair.** Write the grade of the policy.
    """
    known = [grade.name for grade in tables.policy.grades]
    total = _whole_total()
    found = _with_totals(tables).filter((pl.col("grade") != "") & ~pl.col("grade").is_in(known))
    alone = N_("the grade {grade} is none of {known} ({policy}), and is compared with nothing")
    return found.select(
        *PROJECT_PLACE,
        grade=pl.col("grade").str.slice(0, 40),
        known=pl.lit("、".join(known)),
        total=(total / 100).round(2),
        expected=pl.when(total.is_not_null()).then(grade_of(total, tables.policy)),
        policy=pl.lit(tables.policy.id),
        template=pl.when(total.is_null()).then(pl.lit(alone)),
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

    **What it does.** Adds the printed weights and the weight of budget execution (the policy's if
    none is printed and execution is claimed). Partial tables and tables without weights are left
    out, and so are weights of 90 without any execution, the convention that leaves its ten aside.

    **Why it matters.** Scores of tables with other totals cannot be compared, and the grades'
    limits mean something else.

    **Fails.** weights of 100 beside 10 for execution

    **Repair.** Correct the weights; where execution has 10, the indicators share 90.
    """
    assert tables.claimed is not None
    scaled = pl.col("execution_scale").is_not_null()
    has_execution = pl.col("execution_claimed").is_not_null() | (pl.col("doubt") == "")
    usual = pl.when(has_execution).then("execution_points")
    printed = pl.when(~scaled).then("execution_weight_number")
    execution = pl.coalesce(printed, usual).fill_null(0.0)
    total = pl.col("full_sum") + (execution * 100).round(0).cast(pl.Int64)
    aside = (pl.col("full_sum") == 9_000) & (execution == 0)
    found = tables.claimed.filter(
        ~pl.col("partial")
        & pl.col("all_weighed")
        & (total != 10_000)
        & ~aside
        & ~(scaled & (pl.col("full_sum") == 10_000))
    )
    return found.select(
        *PROJECT_PLACE,
        weights=(pl.col("full_sum") / 100).round(2),
        execution=execution,
        sum=(total / 100).round(2),
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
    several = tables.claimed.filter(pl.col("printed_project").is_duplicated())
    frame = several.with_columns(
        other=pl.col("file").first().over("printed_project"),
        turn=pl.int_range(pl.len()).over("printed_project"),
    )
    return frame.filter(pl.col("turn") > 0).select(*PROJECT_PLACE, "other", code="printed_project")

"""R6: patterns over a batch that deserve a question. None of them proves anything.

Each is told once per department, with the counts it rests on, as a note.
"""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import hashed, normalise_column
from perfeval.reviewing.chance import benjamini_hochberg, binomial_tail, chi_square_tail
from perfeval.rules import REVIEW, Tables, rule
from perfeval.scoring.targets import JUDGED, NUMBER
from perfeval.tables import PLACE as ROW_PLACE

FEW_PROJECTS, FEW_CLAIMS = 3, 20
"""What a department must have for its own habits to show: fewer say nothing."""
NEARLY_ALL = 0.95
FALSE_ALARMS = 0.01
"""Expected share of false alarms among the digit tests that are told (Benjamini-Hochberg)."""
_ROUND = N_(
    "{department}: {round} of {numbers} actuals of three digits and more end in 0 or 5; by chance"
    " that happens once in {once} times (binomial test)"
)
_SPREAD = N_(
    "{department}: the last digits of {numbers} actuals of three digits and more are unevenly"
    " spread; by chance that happens once in {once} times (χ² test)"
)
_DIGITS_FROM = 100.0  # a last digit is even only in numbers of three digits and more
_FEW_NUMBERS = 60


def _claims(tables: Tables) -> pl.LazyFrame:
    """The claims of the departments that are named."""
    assert tables.claims is not None
    return tables.claims.lazy().filter(pl.col("department") != "")


def _by_department(claims: pl.LazyFrame, /, **counts: pl.Expr) -> pl.DataFrame:
    return (
        claims.group_by("department", maintain_order=True)
        .agg(pl.col(*ROW_PLACE).first(), projects=pl.col("project").n_unique(), **counts)
        .collect()
    )


def _decided(claims: pl.LazyFrame) -> pl.LazyFrame:
    """Numeric claims that can be compared with their target."""
    return claims.filter(
        (pl.col("way") == NUMBER) & (pl.col("doubt") == "") & pl.col("actual_number").is_not_null()
    )


@rule(
    "R601",
    "department-all-full",
    "info",
    N_("{department}: all {claims} claims of {projects} projects are full marks"),
    about="score",
    commands=(REVIEW,),
)
def department_all_full(tables: Tables) -> pl.DataFrame:
    """Everything that a department claims is full marks.

    **What it does.** Finds departments with at least 3 projects and 20 claims, all of them at their
    weight.

    **Why it matters.** Hundreds of indicators are rarely all reached; where they are, targets are
    low or nobody measured. It proves nothing: draw a sample.

    **Fails.** 40 claims in 8 projects, 40 at full marks

    **Repair.** None is due; look at how the actuals were measured.
    """
    known = _claims(tables).filter(pl.col("weighed") & pl.col("claimed").is_not_null())
    counted = _by_department(
        known, claims=pl.len(), full=(pl.col("claimed") >= pl.col("full")).sum()
    )
    return counted.filter(
        (pl.col("projects") >= FEW_PROJECTS)
        & (pl.col("claims") >= FEW_CLAIMS)
        & (pl.col("full") == pl.col("claims"))
    ).drop("full")


@rule(
    "R602",
    "actual-is-target-throughout",
    "info",
    N_("{department}: {same} of {numbers} numeric actuals are exactly the target"),
    about="actual",
    commands=(REVIEW,),
)
def actual_is_target_throughout(tables: Tables) -> pl.DataFrame:
    """A department's actuals are its targets.

    **What it does.** Counts numeric actuals that equal their target to the digit, shares of 100 %
    and counts below 10 aside, where hitting the target exactly is common. Told from 95 % of at
    least 20.

    **Why it matters.** What is measured scatters; what is copied does not.

    **Fails.** 30 of 30 actuals equal to targets such as ≥ 8650 人

    **Repair.** Ask for the records behind the numbers.
    """
    numbers = _decided(_claims(tables)).filter(
        (pl.col("target_number") >= 10)
        & ~((pl.col("unit") == "%") & (pl.col("target_number") == 100))
    )
    counted = _by_department(
        numbers, numbers=pl.len(), same=(pl.col("actual_number") == pl.col("target_number")).sum()
    )
    return counted.filter(
        (pl.col("projects") >= FEW_PROJECTS)
        & (pl.col("numbers") >= FEW_CLAIMS)
        & (pl.col("same") >= NEARLY_ALL * pl.col("numbers"))
    )


@rule(
    "R603",
    "copied-between-projects",
    "info",
    N_("the {count} numeric actuals are the same as those of {other} ({other_file}:{other_line})"),
    about="actual",
    commands=(REVIEW,),
)
def copied_between_projects(tables: Tables) -> pl.DataFrame:
    """A project's actuals are those of another, number by number.

    **What it does.** Compares projects by all their indicators' names and actuals; at least three
    must be numbers that differ from their targets, so that equal sets are no chance.

    **Why it matters.** A form was copied and only its head was changed.

    **Fails.** Two projects of one department, both with 96.4 %, 8914 人 and 23 场

    **Repair.** Fill in the second form from its own records.
    """
    claims = (
        _decided(_claims(tables))
        .select(
            "project",
            "indicator",
            "actual_number",
            *ROW_PLACE,
            telling=pl.col("actual_number") != pl.col("target_number"),
        )
        .collect()
    )
    # A sum of hashes is the same in any order of rows; of 44 bits it stays exact.
    one = hashed(normalise_column(claims["indicator"]), claims["actual_number"]) // 2**20
    sets = (
        claims.with_columns(one=one)
        .group_by("project", maintain_order=True)
        .agg(
            pl.col(*ROW_PLACE).first(),
            pl.col("telling").sum(),
            content=pl.col("one").sum(),
            count=pl.len(),
        )
        .filter(pl.col("telling") >= 3)
        .sort(ROW_PLACE)
    )
    same = ["content", "count"]
    sets = sets.with_columns(
        other=pl.col("project").first().over(same),
        other_file=pl.col("file").first().over(same),
        other_line=pl.col("line").first().over(same),
    )
    return sets.filter(pl.col("project") != pl.col("other")).select(
        *ROW_PLACE, "project", "count", "other", "other_file", "other_line"
    )


@rule(
    "R604",
    "reason-copied",
    "info",
    N_("{department}: one reason stands in {projects} projects: {reason}"),
    about="reason",
    commands=(REVIEW,),
)
def reason_copied(tables: Tables) -> pl.DataFrame:
    """One reason explains the deviations of several projects.

    **What it does.** Finds reasons (偏差原因) of at least 8 characters that stand in three projects
    or more of a department, in the same words.

    **Why it matters.** A reason that fits every project explains none.

    **Fails.** 受疫情影响，部分工作未能按期开展 in five projects

    **Repair.** Say for each project what happened, and what will be done.
    """
    claims = (
        _claims(tables)
        .filter(pl.col("reason").fill_null("").str.len_chars() >= 8)
        .select("department", "project", "reason", *ROW_PLACE)
        .collect()
    )
    claims = claims.with_columns(key=normalise_column(claims["reason"]))
    counted = (
        claims.filter(pl.col("key").is_duplicated())
        .group_by("department", "key", maintain_order=True)
        .agg(pl.col(*ROW_PLACE, "reason").first(), projects=pl.col("project").n_unique())
    )
    return counted.filter(pl.col("projects") >= FEW_PROJECTS).select(
        *ROW_PLACE, "department", "projects", reason=pl.col("reason").str.slice(0, 60)
    )


@rule(
    "R605",
    "same-actual-throughout",
    "info",
    N_("all {count} actuals of the project are the same text: {actual}"),
    about="actual",
    commands=(REVIEW,),
)
def same_actual_throughout(tables: Tables) -> pl.DataFrame:
    """Every actual of a project is one and the same text.

    **What it does.** Finds projects in which at least four indicators with different targets, a
    number or a date among them, have one actual in words.

    **Why it matters.** Costs, deadlines and satisfaction cannot all have one result. In a published
    table six indicators have 已完成100% (大英县 2020).

    **Fails.** 已完成100% for two campaigns, a budget of 10 万元 and a satisfaction of 90 %

    **Repair.** Write what was reached, indicator by indicator.
    """
    assert tables.claims is not None
    known = tables.claims.filter((pl.col("written_actual") != "") & (pl.col("kind") != "number"))
    counted = known.group_by("project", maintain_order=True).agg(
        pl.col(*ROW_PLACE).first(),
        count=pl.len(),
        kinds=pl.col("written_actual").n_unique(),
        targets=pl.col("asked").n_unique(),
        compared=(pl.col("way") != JUDGED).any(),
        actual=pl.col("written_actual").first(),
    )
    return counted.filter(
        (pl.col("count") >= 4)
        & (pl.col("kinds") == 1)
        & (pl.col("targets") >= 3)
        & pl.col("compared")
    ).select(*ROW_PLACE, "project", "count", "actual")


@rule(
    "R606",
    "targets-set-low",
    "info",
    N_("{department}: {above} of {numbers} targets are exceeded {flag_at} times or more"),
    about="target",
    commands=(REVIEW,),
)
def targets_set_low(tables: Tables) -> pl.DataFrame:
    """A department exceeds nearly all its targets by far.

    **What it does.** Counts numeric targets of "at least" that are reached by the policy's
    over-achievement limit (1.2 in a province's system, 1.3 in Guangxi) or more; shares in % are
    left out, since they end at 100. Told from 80 % of at least 10.

    **Why it matters.** Targets that are always far exceeded were set too low (财预〔2020〕10号 has
    points reduced for it).

    **Fails.** 9 of 10 targets exceeded 1.5 times

    **Repair.** Set next year's targets by this year's results.
    """
    flag_at = float(tables.policy.over_achievement.flag_at)
    numbers = _decided(_claims(tables)).filter(
        pl.col("operator").is_in(["≥", ">"])
        & (pl.col("target_number") > 0)
        & (pl.col("unit") != "%")
    )
    counted = _by_department(
        numbers,
        numbers=pl.len(),
        above=(pl.col("actual_number") / pl.col("target_number") >= flag_at).sum(),
    )
    return counted.filter(
        (pl.col("numbers") >= 10) & (pl.col("above") >= 0.8 * pl.col("numbers"))
    ).with_columns(flag_at=pl.lit(flag_at))


@rule(
    "R607",
    "satisfaction-is-target",
    "info",
    N_("{department}: satisfaction is exactly the target in all {numbers} projects that asked"),
    about="actual",
    commands=(REVIEW,),
)
def satisfaction_is_target(tables: Tables) -> pl.DataFrame:
    """Satisfaction is always exactly what was asked for.

    **What it does.** Finds departments with at least five satisfaction indicators, in % below 100,
    whose actual equals the target each time.

    **Why it matters.** A survey seldom ends on the very number that was promised.

    **Fails.** Six projects with ≥ 90 %, each with 90 %

    **Repair.** Show the survey: how many were asked, how many were satisfied.
    """
    asked = _decided(_claims(tables)).filter(
        (pl.col("class2") == "服务对象满意度指标")
        & (pl.col("unit") == "%")
        & (pl.col("target_number") < 100)
    )
    counted = _by_department(
        asked, numbers=pl.len(), same=(pl.col("actual_number") == pl.col("target_number")).sum()
    )
    return counted.filter((pl.col("numbers") >= 5) & (pl.col("same") == pl.col("numbers"))).drop(
        "same"
    )


@rule(
    "R608",
    "unlikely-digits",
    "info",
    _ROUND,
    about="actual",
    commands=(REVIEW,),
)
def unlikely_digits(tables: Tables) -> pl.DataFrame:
    """The last digits of a department's actuals are not those of measured numbers.

    **What it does.** Takes whole actuals of three digits and more that differ from their targets,
    at least 60 of them, and makes two tests: whether their last digits are evenly spread (χ² with 9
    degrees of freedom), and whether more than a fifth end in 0 or 5 (one-sided binomial). Over all
    departments' tests, the expected share of false alarms among those told is held to 1 % by the
    procedure of Benjamini and Hochberg.

    **Why it matters.** Counted numbers end in any digit; invented and rounded ones prefer some.
    Amounts in round lots have a good reason for it: this is a question, not an objection.

    **Fails.** 80 actuals, of which 71 end in 0 or 5

    **Repair.** Ask for the records behind the numbers.
    """
    numbers = (
        _decided(_claims(tables))
        .filter(
            (pl.col("actual_number") >= _DIGITS_FROM)
            & (pl.col("actual_number") == pl.col("actual_number").round(0))
            & (pl.col("actual_number") != pl.col("target_number"))
        )
        .with_columns(digit=(pl.col("actual_number") % 10).cast(pl.Int64))
    )
    counted = _by_department(
        numbers,
        numbers=pl.len(),
        round=pl.col("digit").is_in([0, 5]).sum(),
        **{f"digit{d}": (pl.col("digit") == d).sum() for d in range(10)},
    ).filter(pl.col("numbers") >= _FEW_NUMBERS)
    digits = counted.select(f"digit{d}" for d in range(10)).to_numpy()
    spread = chi_square_tail(digits)
    rounded = binomial_tail(counted["round"].to_numpy(), counted["numbers"].to_numpy(), 0.2)
    known = counted.select(*ROW_PLACE, "department", "numbers", "round")
    tests = pl.concat(
        known.with_columns(chance=pl.Series(chances, dtype=pl.Float64), template=pl.lit(template))
        for chances, template in ((rounded, _ROUND), (spread, _SPREAD))
    )
    told = tests.filter(pl.Series(benjamini_hochberg(tests["chance"].to_numpy(), FALSE_ALARMS)))
    once = (1 / pl.col("chance").clip(lower_bound=1e-12)).floor().cast(pl.Int64)
    return told.select(pl.exclude("chance"), once=once)

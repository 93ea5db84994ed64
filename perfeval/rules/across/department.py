"""X101 and X104: a department's own targets beside those of its projects."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PLACE, Tables, means, rule
from perfeval.rules.asked import LESS, MORE, with_asked
from perfeval.rules.likeness import MEANING
from perfeval.rules.pairs import how_alike, in_department, placed, turned

_PART = N_(
    "the department asks for {asked}, its project {other_name} alone for {other_asked} ({other},"
    " {other_project} line {other_line}){remark}; a whole is not less than its part: correct one"
)
_SHARE = N_(
    "the department asks for {asked}, and every project of its with this indicator for more:"
    " {other_name} for {other_asked} ({other}, {other_project} line {other_line}){remark}; ask for"
    " as much, or explain what lowers the whole"
)


@rule("X101", "department-below-project", "error", _PART, about="target")
def department_below_project(tables: Tables) -> pl.DataFrame:
    """A department's target asks for less than its own project for the like indicator.

    **What it does.** Compares each indicator of a department's overall table with the like
    indicators (as D102 tells) of its projects of the same year, in one unit. What adds up (people,
    money, things) is an error if one project's target is more than the department's, and under ≤ if
    its limit is above the department's; by meaning words it is a warning, and none where the
    department's name says more, for it may mean a part. Shares, means and durations are a warning,
    if the department asks for less than every project that has the indicator; the department's may
    well lie between theirs. One finding for each indicator of the department, naming the project
    that is farthest off, for shares the nearest. Where names in one kind of unit and with the same
    words that tell apart make more than 20000 pairs, they are not compared by meaning words.
    Targets that exclude one another are X102's, satisfaction of the department above all projects
    X104's.

    **Why it matters.** The department reaches its target while its project misses the same thing,
    and is paid for less than it has promised elsewhere. In the Qijiang disclosure of 2023 the
    department protects 800 万元 of workers' claims, its arbitration project alone 1000 万元; it has
    800 people assessed for titles, its project 1000; and it wants 90 % of labour contracts signed,
    its project 95 %.

    **Fails.** 保护劳动者权益 ≥ 800 万元 for the department, ≥ 1000 万元 for its project

    **Repair.** Raise the department's target to what its projects add up to.
    """
    pairs = in_department(tables).filter(~pl.col("exclusive").fill_null(False))
    pairs = turned(pairs.drop_nulls(["amount", "amount_other"]))
    department, project = pl.col("operator"), pl.col("operator_other")
    more = department.is_in(MORE) & ~project.is_in(LESS)
    less = department.is_in(LESS) & ~project.is_in(MORE)
    # How much more the project asks for; of shares the one that asks for least is what counts.
    sign = pl.when(less & ~pl.col("added")).then(-1).otherwise(1)
    beyond = sign * (pl.col("amount_other") - pl.col("amount"))
    found = (
        pairs.filter((more | less) & ~(pl.col("added") & pl.col("narrower")))
        .with_columns(beyond=beyond)
        .sort(pl.when("added").then(-pl.col("beyond")).otherwise("beyond"), maintain_order=True)
        .unique("row", keep="first", maintain_order=True)
        .filter(pl.col("beyond") > 0)
        .sort("row")
    )
    sure = pl.col("added") & (pl.col("likeness") != MEANING)
    return placed(found, tables).select(
        *PLACE,
        "asked",
        "other",
        "other_asked",
        "other_project",
        "other_name",
        "other_line",
        *how_alike(),
        severity=pl.when(sure).then(pl.lit("error")).otherwise(pl.lit("warning")),
        template=pl.when("added").then(pl.lit(_PART)).otherwise(pl.lit(_SHARE)),
    )


@rule(
    "X104",
    "satisfaction-above-all-projects",
    "warning",
    N_(
        "the department asks for {asked}, its projects with a satisfaction target ({projects}) for"
        " {other_asked} at most: all of them can succeed and the department still fail; ask for the"
        " same"
    ),
    about="target",
)
def satisfaction_above_all_projects(tables: Tables) -> pl.DataFrame:
    """A department's satisfaction target is above those of all its projects.

    **What it does.** Compares the satisfaction targets (≥, in one unit) of a department's overall
    table with those of its projects of the same year. Satisfaction of everybody (服务对象, 群众,
    社会公众) is held against that of all projects, satisfaction of somebody (企业满意度) against
    projects that ask for the same by name.

    **Why it matters.** If every project reaches just what it is to reach, the department misses
    its own target. In the Qijiang disclosure of 2023 the department asks for 95 %, all of its 27
    projects for 90 %.

    **Fails.** 服务对象满意率 ≥ 95 % for the department, ≥ 90 % for each of its projects

    **Repair.** Ask for the same of both.
    """
    keys = ["department", "year", "measure"]
    frame = tables.compared.filter(
        means("satisfaction") & pl.col("operator").is_in(MORE) & pl.col("amount").is_not_null()
    )
    everybody = means("satisfaction_of_all")
    frame = with_asked(frame)
    department = frame.filter("overall")
    projects = frame.filter(~pl.col("overall")).sort("amount", descending=True, maintain_order=True)

    def highest(*by: str) -> pl.DataFrame:
        return projects.group_by(by).agg(
            highest=pl.first("amount"),
            other_asked=pl.first("asked"),
            projects=pl.col("project").n_unique(),
        )

    by_name = [*keys, "same_name"]
    found = pl.concat(
        [
            department.filter(everybody).join(highest(*keys), on=keys, nulls_equal=True),
            department.filter(~everybody).join(highest(*by_name), on=by_name, nulls_equal=True),
        ]
    )
    return (
        found.filter(pl.col("amount") > pl.col("highest"))
        .sort("row")
        .select(*PLACE, "asked", "other_asked", "projects")
    )

"""N1: other years than the table's, in names, targets and texts."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import normalise
from perfeval.rules import PLACE, PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.text import opening
from perfeval.scoring.targets import DEADLINE

_PAST = N_("the name speaks of {found}, the table is for {year}; name what is done in {year}")
_LATER = N_(
    "the name speaks of {found}, the table is for {year}: it can't be judged at the end of {year};"
    " name what is done in {year}"
)
_OVER = N_("the target {target} was due in {found}, before {year}, the table's year; correct it")
_NOT_YET = N_(
    "the target {target} is due in {found}, after {year}, the table's year: it can't be judged"
    " before; set what is to be reached in {year}"
)
_YEAR = r"(20\d{2})年"


def _own(pattern: str, year: int) -> str:
    """The pattern of the table of words for one year."""
    return words.pattern("years", pattern).replace("YEAR", str(year))


def _speaks(text: pl.Expr, pattern: str, found: pl.Series) -> pl.Expr:
    """Whether `text` has the pattern for the year in the column `found`, whose values those are."""
    years = found.drop_nulls().unique().to_list()
    return pl.any_horizontal(
        pl.lit(False),
        *(text.str.contains(_own(pattern, year)) & (pl.col("found") == year) for year in years),
    )


@rule("N101", "past-year-in-name", "error", _PAST)
def past_year_in_name(tables: Tables) -> pl.DataFrame:
    """An indicator's name names a year other than the table's.

    **What it does.** Compares a year in an indicator's name (2022年完成) with the project's. A
    past year is an error, work that is to be done in a later one a warning. Not told:
    comparisons (较2022年), what is settled, audited, rewarded or carried over afterwards
    (2022年结转, 2022年度考核), 批, 届, 学年, plans and documents, 到2025年, and names of projects
    and funds.

    **Why it matters.** The indicator asks for what is over; it was copied from last year's table,
    and whoever reports on it can only report what is known already. 重庆市綦江区 2023,
    职称评审专项: 2022年完成 = 100 %.

    **Fails.** `name = "2022年完成"` in a table for 2023

    **Repair.** `name = "2023年完成"`
    """
    frame = tables.indicators.with_columns(
        found=pl.col("name_key").str.extract(_YEAR).cast(pl.Int64)
    ).filter(pl.col("found").is_not_null() & (pl.col("found") != pl.col("year")))
    name, past = pl.col("name_key"), pl.col("found") < pl.col("year")
    own = _speaks(name, "own", frame["found"])
    sure = own & ~name.str.contains(words.pattern("years", "own_unless"))
    other = ~name.str.contains(words.pattern("years", "other"))
    # 2025年前 and 到2025年 are a plan's.
    later = ~past & sure & ~name.str.contains("前|[到至](20)")
    project = tables.projects.select("project", project_name=normalise(pl.col("name")))
    named = pl.col("project_name").str.contains(pl.col("found").cast(pl.String), literal=True)
    return (
        frame.join(project, on="project", maintain_order="left")
        .filter((past & (sure | (other & ~own))) | later)
        .remove(named)
        .select(
            *PLACE,
            "found",
            "year",
            template=pl.when(past).then(pl.lit(_PAST)).otherwise(pl.lit(_LATER)),
            severity=pl.when(past).then(pl.lit("error")).otherwise(pl.lit("warning")),
        )
    )


@rule("N102", "past-year-in-target", "error", _OVER, about="target")
def past_year_in_target(tables: Tables) -> pl.DataFrame:
    """A target is due in another year than the table's.

    **What it does.** Compares the year of a deadline, in the target or in its own column, with the
    project's. A later year is a note: work may go on, but at year end nothing can be judged.

    **Why it matters.** A deadline of last year is missed, or met, before the year begins; it
    decides nothing.

    **Fails.** `target = "2022年12月底前"` in a table for 2023

    **Repair.** `target = "2023年12月底前"`
    """
    frame = tables.indicators.filter(pl.col("way") == DEADLINE).with_columns(
        found=(pl.col("due_generous") // 10000).cast(pl.Int64)
    )
    past = pl.col("found") < pl.col("year")
    text = pl.when(pl.col("target").str.contains(pl.col("found").cast(pl.String), literal=True))
    return frame.filter((pl.col("found") > 0) & (pl.col("found") != pl.col("year"))).select(
        *PLACE,
        "found",
        "year",
        target=text.then("target").otherwise(pl.col("deadline")),
        template=pl.when(past).then(pl.lit(_OVER)).otherwise(pl.lit(_NOT_YET)),
        severity=pl.when(past).then(pl.lit("error")).otherwise(pl.lit("info")),
    )


_TWO_YEARS = N_(
    "the {field} cites {said}, the {other_field} {other_said}: the same standard of two years;"
    " cite the one that holds"
)
_LAST_YEARS_TASK = N_(
    "the {field} sets a task of {found} as if it were of {year}: “{said}”; state what is done in"
    " {year}"
)


@rule("N103", "other-year-in-text", "warning", _TWO_YEARS, about="overview")
def other_year_in_text(tables: Tables) -> pl.DataFrame:
    """A text speaks of another year as if it were the table's.

    **What it does.** Finds a standard that one text cites for another year and another text for
    the project's (2022年运转性办公经费编制标准 in the overview, 2023年 in the basis), and goals and
    schedules that set the task of a past year (完成2022年任务). Years of documents, of what was
    carried over, paid later, or compared with, are none of these, nor are texts that name several
    years together with their own.

    **Why it matters.** The text was taken over from last year: whether the money was reckoned by
    the standard that holds is open. 重庆市綦江区 2023, 非在编人员（限额10%）, cites the standard of
    2022 and of 2023.

    **Fails.** `goal = "2022年完成培训500人次。"` in a table for 2023

    **Repair.** `goal = "2023年完成培训500人次。"`
    """
    return pl.concat([_two_years(tables), _last_years_task(tables)])


def _two_years(tables: Tables) -> pl.DataFrame:
    """Standards that different fields of a project cite for the project's year and for another."""
    standard = words.pattern("years", "standard")
    bare = pl.col("text").str.replace_all("《[^《》]*》", "")
    cited = tables.narrative.distinct.select("text_id", said=bare.str.extract_all(standard))
    cited = cited.explode("said").filter(pl.col("said").is_not_null())
    cited = cited.with_columns(
        found=pl.col("said").str.extract(standard, 1).cast(pl.Int64),
        standard=pl.col("said").str.extract(standard, 2),
    )
    told = tables.narrative.told_by(cited)
    keys = ["project", "standard"]
    own = told.filter(pl.col("found") == pl.col("year"))
    other = told.filter(pl.col("found") != pl.col("year"))
    return (
        other.join(own, on=[*keys, "field"], how="anti")
        .join(own.select(*keys, other_field="field", other_said="said"), on=keys)
        .sort("order", "rank", maintain_order=True)
        .unique(keys, keep="first", maintain_order=True)
        .select(
            *PROJECT_PLACE, "field", "said", "other_field", "other_said", "found", "year",
            template=pl.lit(_TWO_YEARS), about="field",
        )
    )  # fmt: skip


def _last_years_task(tables: Tables) -> pl.DataFrame:
    """Goals and schedules that set the task of a past year."""
    named = pl.col("words").str.extract_all(_YEAR)
    clauses = tables.narrative.sentences.with_columns(
        found=named.list.first().str.head(4).cast(pl.Int64),
        years=named.list.eval(pl.element().str.head(4).cast(pl.Int64)),
    ).filter(pl.col("found").is_not_null())
    told = tables.narrative.told_by(clauses.drop("year"))
    own_too = (pl.col("years").list.contains(pl.col("year"))).any().over("project", "field")
    clause = pl.col("words")
    return (
        told.remove(own_too.fill_null(False))
        .filter(pl.col("field").is_in(["goal", "schedule"]) & (pl.col("found") < pl.col("year")))
        .filter(_speaks(clause, "task", told["found"]))
        .remove(clause.str.contains(words.pattern("years", "task_unless")))
        .unique("project", keep="first", maintain_order=True)
        .select(
            *PROJECT_PLACE, "field", said=opening(clause),
            other_field=pl.lit(None, pl.String), other_said=pl.lit(None, pl.String),
            found="found", year="year", template=pl.lit(_LAST_YEARS_TASK),
            about="field",
        )
    )  # fmt: skip


_RECURRING = N_(
    "the project is named for {found}, the table is for {year}; name it for {year}, or say what is"
    " carried over"
)


@rule("N104", "other-year-in-project-name", "warning", _RECURRING, about="name")
def other_year_in_project_name(tables: Tables) -> pl.DataFrame:
    """A project is named for another year than its table's.

    **What it does.** Compares a year in the project's name with the table's. A warning for projects
    that recur every year (运转, 人员, 公用), a note for others if none of their texts speaks of
    that year; names that say what is carried over (结转, 续建, 尾款, 第二批) are not told.

    **Why it matters.** A recurring project under last year's name is last year's table handed in
    again, or the wrong year in its head, by which deadlines are judged.

    **Fails.** `name = "2022年运转性项目"` with `year = 2023`

    **Repair.** `name = "2023年运转性项目"`
    """
    name = normalise(pl.col("name"))
    frame = tables.projects.with_columns(key=name, found=name.str.extract(_YEAR).cast(pl.Int64))
    frame = frame.filter(pl.col("found").is_not_null() & (pl.col("found") != pl.col("year")))
    recurs = _speaks(pl.col("key"), "recurring", frame["found"])
    # What a text of the project explains is no slip: 2022年下达，2023年支付.
    years = tables.narrative.distinct.select(
        "text_id", said=pl.col("text").str.extract_all(_YEAR).list.eval(pl.element().str.head(4))
    )
    explained = tables.narrative.texts.join(years, on="text_id").explode("said")
    explained = explained.select(
        "project", found=pl.col("said").cast(pl.Int64), explained=True
    ).unique()
    return (
        frame.with_columns(recurs=recurs)
        .join(explained, on=["project", "found"], how="left", maintain_order="left")
        .filter(pl.col("recurs") | pl.col("explained").is_null())
        .remove(pl.col("key").str.contains(words.pattern("years", "carried_over")))
        .select(
            *PROJECT_PLACE,
            *("name", "found", "year"),
            severity=pl.when("recurs").then(pl.lit("warning")).otherwise(pl.lit("info")),
        )
    )

"""The page of `score`: totals and grades, and a sheet per project with how they came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from perfeval.messages import N_, render
from perfeval.reports.html import parts, told
from perfeval.reports.html.overview import Figure, Table
from perfeval.reports.html.page import MINOR, Column, require_extra
from perfeval.reports.html.totals import Shown, drawn, write_totals
from perfeval.reports.review_overview import mean
from perfeval.reports.values import percent, point_range
from perfeval.rules import catalogue

if TYPE_CHECKING:
    import polars as pl

    from perfeval.scoring import ScoreResult

_SCORES = N_("score")

_LIST = (
    Column("name", N_("Project"), "name", {"code": "project"}),
    Column("department", N_("Department"), more=MINOR),
    Column("low", N_("Score"), "range", {"high": "high"}),
    Column("grade", N_("Grade")),
    Column("undecided", N_("Undecided"), "number", {"places": 0}),
    Column("errors", N_("What was found"), "counts", {"warnings": "warnings", "notes": "notes"}),
    Column("rate", N_("Execution rate"), "right", MINOR),
    Column("budget", N_("Budget, 万元"), "number", {"places": 2, "least": 2, **MINOR}),
)
_FACTS = (
    Column("project", N_("Code")),
    Column("department", N_("Department")),
    Column("low", N_("Score"), "range", {"high": "high"}),
    Column("grade", N_("Grade")),
    Column("points", N_("Indicator points at most"), "number", {"places": 4}),
    Column("undecided", N_("Undecided"), "number", {"places": 0}),
    Column("budget", N_("Budget, 万元"), "number", {"places": 6}),
    Column("spent", N_("Spent, 万元"), "number", {"places": 6}),
    Column("rate", N_("Execution rate"), "right"),
    Column("execution_low", N_("Execution points"), "range", {"high": "execution_high"}),
)
_INDICATOR = (
    Column("indicator", N_("Indicator"), "indicator", {"level": "level"}),
    Column("target", N_("Target")),
    Column("actual", N_("Actual")),
    Column("points", N_("Points"), "number", {"places": 4}),
    Column("ratio", N_("Completion"), "right"),
    Column("coefficient", N_("Coefficient"), "right"),
    Column("low", N_("Score"), "range", {"high": "high"}),
    Column("status", N_("Status")),
    Column("reason", N_("Reason")),
)
_STATUSES = {
    "scored": N_("scored"),
    "undecided": N_("undecided"),
    "rejected": N_("rejected"),
    "not_applicable": N_("not applicable"),
}


def write_score(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    """The result of `score` as a page. Raises `InputError` where the extra html is missing."""
    require_extra()
    projects = _projects(result)
    rules = told.manual(catalogue(), result.findings["code"].unique().to_list(), lang)
    config = {
        "order": [["low", "asc"]],
        "filters": _filters(projects, rules, lang),
        "rules": rules,
    }
    write_totals(
        "score.html",
        file,
        lang,
        result,
        projects,
        _rows(result, projects, lang),
        Shown(_LIST, _FACTS, _INDICATOR),
        config,
        title=render(N_("Scores of performance targets"), {}, lang),
        figures=_figures(result, projects, lang),
        charts=_charts(result, projects, lang),
        departments=_departments(projects, lang),
        others=parts.of_no_project(result.findings, projects, lang),
        counts=_counts(result, lang),
        first=_first(projects, lang),
    )


def _projects(result: ScoreResult) -> pl.DataFrame:
    """The projects in their order, as the list and the head of a sheet show them."""
    import polars as pl

    spent = result.execution.select(
        "project", "spent", "rate", paid="budget", execution_low="low", execution_high="high"
    )
    planned = result.specs.projects.select("project", "budget_total")
    frame = result.projects
    for more in (spent, planned, parts.counts(result.findings), parts.codes(result.findings)):
        frame = frame.join(more, on="project", how="left", maintain_order="left")
    frame = frame.with_columns(pl.col("errors", "warnings", "notes").fill_null(0))
    rates = [None if rate is None else percent(rate) for rate in frame["rate"].to_list()]
    return frame.with_columns(
        pl.col("codes").fill_null(""), worst=parts.worst(), rate=pl.Series(rates, dtype=pl.String)
    ).select(
        "project", "name", "department", "low", "high", "grade", "points", "undecided", "errors",
        "warnings", "notes", "worst", "codes", "spent", "rate", "execution_low", "execution_high",
        budget=pl.coalesce("paid", "budget_total"),
        still=(pl.col("undecided") > 0).cast(pl.Int8),
    )  # fmt: skip


def _filters(projects: pl.DataFrame, rules: dict[str, Any], lang: str) -> list[parts.Filter]:
    def said(template: str) -> str:
        return render(template, {}, lang)

    grades = projects["grade"].drop_nulls().unique().sort().to_list()
    return [
        parts.department_filter(lang),
        {"key": "grade", "title": said(N_("Grade")), "kind": "equal",
         "options": [[name, name] for name in grades]},
        {"key": "still", "title": said(N_("Undecided")), "kind": "equal", "options": [
            ["1", said(N_("something is undecided"))], ["0", said(N_("all is decided"))],
        ]},
        parts.worst_filter(lang),
        parts.rule_filter(rules, lang),
    ]  # fmt: skip


def _rows(result: ScoreResult, projects: pl.DataFrame, lang: str) -> dict[str, pl.DataFrame]:
    import polars as pl

    order = projects.select("project").with_row_index("position")
    rows = result.indicators.join(order, on="project", maintain_order="left").sort(
        "position", maintain_order=True
    )
    statuses = {name: render(text, {}, lang) for name, text in _STATUSES.items()}
    shown = rows.with_columns(
        **parts.arithmetic(rows),
        status=pl.col("status").replace_strict(statuses, return_dtype=pl.String),
        target=asked(),
    ).select(
        "position", "level", "indicator", "target", "actual", "points", "ratio", "coefficient",
        "low", "high", "status", "reason",
    )  # fmt: skip
    return {
        "indicators": shown,
        "findings": parts.findings(result.findings, order, parts.by_flag(rows), lang),
    }


def asked() -> pl.Expr:
    """The target as written, with operator and unit where it does not hold them itself."""
    import polars as pl

    target = pl.col("target").fill_null("")
    operator, unit = (pl.col(name).fill_null("") for name in ("operator", "unit"))
    holds = target.str.contains(r"[≥≤<>=＝≧≦]|不少于|不低于|不超过|大于|小于|至少|以上|以下|定性")
    bare = target.str.contains(r"[0-9]$")
    return pl.concat_str(
        pl.when(holds | (operator == "")).then(pl.lit("")).otherwise(operator + " "),
        target,
        pl.when(bare & (unit != "")).then(" " + unit).otherwise(pl.lit("")),
    ).str.strip_chars()


def _figures(result: ScoreResult, projects: pl.DataFrame, lang: str) -> list[Figure]:
    import polars as pl

    def said(template: str, **values: object) -> str:
        return render(template, values, lang)

    counts = result.receipt["counts"]
    indicators, found = counts["indicators"], counts["findings"]
    graded = projects.filter(pl.col("grade").is_not_null())
    low, high = (graded.select(mean(pl.col(name))).item() if len(graded) else None
                 for name in ("low", "high"))  # fmt: skip
    best = result.policy.grades[0].name
    still = int(projects["grade"].str.contains("–").sum())
    return [
        Figure(said(N_("Projects")), f"{counts['projects']:,}",
               said(N_("indicators: {n}"), n=f"{indicators['total']:,}")),
        Figure(said(N_("Mean of the totals")), point_range(low, high),
               said(N_("of graded projects: {n}"), n=f"{len(graded):,}")),
        Figure(said(N_("Grade {grade}"), grade=best),
               f"{int((projects['grade'] == best).sum()):,}",
               said(N_("still open: {n}"), n=f"{still:,}")),
        Figure(said(N_("Indicators undecided")), f"{indicators['undecided']:,}",
               said(N_("without an actual: {n}"), n=f"{indicators['without_actual']:,}")),
        Figure(said(N_("Indicators rejected")), f"{indicators['rejected']:,}",
               said(N_("not applicable: {n}"), n=f"{indicators['not_applicable']:,}")),
        Figure(said(N_("Errors")), f"{found['error']:,}",
               said(N_("warnings: {warning}, notes: {info}"), warning=f"{found['warning']:,}",
                    info=f"{found['info']:,}")),
    ]  # fmt: skip


def _charts(result: ScoreResult, projects: pl.DataFrame, lang: str) -> list[Any]:
    graded = projects.filter(projects["grade"].is_not_null())
    return drawn(
        {_SCORES: graded["grade"]},
        {_SCORES: graded["low"]},
        (_by_department(projects), {_SCORES: "low"}),
        graded["budget"],
        result.policy,
        lang,
    )


def _by_department(projects: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    graded = pl.col("grade").is_not_null()
    return (
        projects.group_by("department", maintain_order=True)
        .agg(
            projects=pl.len(),
            low=mean(pl.col("low").filter(graded)),
            high=mean(pl.col("high").filter(graded)),
            undecided=pl.col("undecided").sum(),
            errors=pl.col("errors").sum(),
            warnings=pl.col("warnings").sum(),
            budget=pl.col("budget").sum(),
        )
        .sort("low", nulls_last=True, maintain_order=True)
    )


def _departments(projects: pl.DataFrame, lang: str) -> Table:
    heads = (
        N_("Department"), N_("Projects"), N_("Budget, 万元"), N_("Mean of the totals"),
        N_("Undecided"), N_("Errors"), N_("Warnings"),
    )  # fmt: skip
    rows = [
        [
            row["department"] or "—", f"{row['projects']:,}", f"{row['budget']:,.2f}",
            point_range(row["low"], row["high"]), f"{row['undecided']:,}", f"{row['errors']:,}",
            f"{row['warnings']:,}",
        ]
        for row in _by_department(projects).iter_rows(named=True)
    ]  # fmt: skip
    return Table(
        render(N_("Departments compared"), {}, lang), [render(head, {}, lang) for head in heads],
        rows, range(1, len(heads)),
    )  # fmt: skip


def _counts(result: ScoreResult, lang: str) -> str:
    rows = result.receipt["counts"]["rows"]
    template = N_("rows of actuals: {read}, rejected: {rejected}")
    return render(template, rows, lang)


def _first(projects: pl.DataFrame, lang: str) -> Table:
    heads = (N_("Project"), N_("Department"), N_("Score"), N_("Grade"))
    rows = [
        [f"{row['project']} {row['name']}", row["department"],
         point_range(row["low"], row["high"]), row["grade"] or "—"]
        for row in projects.sort("low", maintain_order=True).head(20).iter_rows(named=True)
    ]  # fmt: skip
    return Table(
        render(N_("Projects, lowest first"), {}, lang), [render(head, {}, lang) for head in heads],
        rows, (2,),
    )  # fmt: skip

"""The page of `review`: what was claimed beside what follows, the riskiest projects first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from perfeval.messages import N_, render
from perfeval.problems import place_of
from perfeval.reports import review_overview
from perfeval.reports.findings import records
from perfeval.reports.html import parts, told
from perfeval.reports.html.overview import CLAIMED, RECOMPUTED, Figure, Table
from perfeval.reports.html.page import MINOR, Column, require_extra
from perfeval.reports.html.totals import Shown, drawn, write_totals
from perfeval.reports.values import decimal, point_range, points
from perfeval.reviewing.decisions import WORDS
from perfeval.reviewing.risk import CHANCE
from perfeval.rules import catalogue
from perfeval.tables import PLACE

if TYPE_CHECKING:
    import polars as pl

    from perfeval.reviewing import ReviewResult

_PATTERNS = "R6"

_LIST = (
    Column("name", N_("Project"), "name", {"code": "project"}),
    Column("department", N_("Department"), more=MINOR),
    Column("claimed", N_("Claimed"), "points", MINOR),
    Column("low", N_("Recomputed"), "range", {"high": "high"}),
    Column("change", N_("Difference"), "change", MINOR),
    Column("claimed_grade", N_("Grade"), "grades", {"after": "grade", **MINOR}),
    Column("at_stake", N_("At stake"), "number", {"places": 2, "least": 2}),
    Column("errors", N_("What was found"), "counts", {"warnings": "warnings", "notes": "notes"}),
    Column("budget", N_("Budget, 万元"), "number", {"places": 2, "least": 2, **MINOR}),
)
_FACTS = (
    Column("project", N_("Code")),
    Column("department", N_("Department")),
    Column("place", N_("File")),
    Column("claimed", N_("Claimed total"), "points"),
    Column("low", N_("Recomputed total"), "range", {"high": "high"}),
    Column("decided", N_("Total as decided"), "points"),
    Column("claimed_grade", N_("Grade, claimed → recomputed"), "grades", {"after": "grade"}),
    Column("printed_grade", N_("Printed grade")),
    Column("budget", N_("Budget, 万元"), "number", {"places": 6}),
    Column("spent", N_("Spent, 万元"), "number", {"places": 6}),
    Column("execution_claimed", N_("Execution points, claimed"), "points"),
    Column("execution_low", N_("Execution points, recomputed"), "points"),
    Column("draw", N_("Number in the sample")),
)
_CLAIM = (
    Column("indicator", N_("Indicator"), "indicator", {"level": "level"}),
    Column("target", N_("Target")),
    Column("actual", N_("Actual")),
    Column("weight", N_("Weight"), "number", {"places": 4}),
    Column("ratio", N_("Completion"), "right"),
    Column("coefficient", N_("Coefficient"), "right"),
    Column("low", N_("Recomputed"), "range", {"high": "high"}),
    Column("claimed", N_("Claimed"), "points"),
    Column("change", N_("Difference"), "change"),
)


def write_review(result: ReviewResult, file: BinaryIO, lang: str) -> None:
    """The result of `review` as a page. Raises `InputError` where the extra html is missing."""
    require_extra()
    projects = _projects(result)
    departments = review_overview.departments(result)
    rules = told.manual(catalogue(), result.findings["code"].unique().to_list(), lang)
    config = {
        "order": [["at_stake", "desc"]],
        "filters": _filters(result, projects, rules, lang),
        "rules": rules,
        "chances": {name: decimal(value) for name, value in CHANCE.items()},
    }
    write_totals(
        "review.html",
        file,
        lang,
        result,
        projects,
        _rows(result, projects, lang),
        Shown(_LIST, _FACTS, _CLAIM),
        config,
        title=render(N_("Review of self-evaluations"), {}, lang),
        figures=_figures(result, projects, lang),
        charts=_charts(result, departments, lang),
        departments=_departments(departments, lang),
        patterns=_patterns(result, lang),
        others=parts.of_no_project(_without_patterns(result), projects, lang),
        decisions=_decisions(result, lang),
        sample=_sample(result, lang),
        counts=_counts(result, lang),
        first=_first(projects, lang),
    )


def _projects(result: ReviewResult) -> pl.DataFrame:
    """The projects in the order of risk, as the list and the head of a sheet show them."""
    import polars as pl

    above = pl.col("claimed_total") > pl.col("recomputed_high")
    below = pl.col("claimed_total") < pl.col("recomputed_low")
    frame = result.risk.drop("reasons", "reasons_left_out").join(
        result.projects, on="project", how="left", maintain_order="left"
    )
    sampled: pl.DataFrame = (
        pl.DataFrame(schema={"project": pl.String, "draw": pl.Int64})
        if result.sample is None
        else result.sample.select("project", pl.col("draw").cast(pl.Int64))
    )
    changed = [] if result.changes is None else result.changes["project"].unique().to_list()
    places = frame.select(PLACE).iter_rows()
    names = [grade.name for grade in result.policy.grades]
    rank = {name: number for number, name in enumerate(names)}
    after, before = (
        pl.col(name).replace_strict(rank, default=None, return_dtype=pl.Int64)
        for name in ("recomputed_grade", "claimed_grade")
    )
    still = pl.col("recomputed_grade").is_not_null() & after.is_null()
    return (
        frame.with_columns(
            place=pl.Series([place_of(file, line, sheet) for file, sheet, line in places]),
            change=pl.when(above)
            .then(pl.col("claimed_total") - pl.col("recomputed_high"))
            .when(below)
            .then(pl.col("claimed_total") - pl.col("recomputed_low"))
            .when(pl.col("recomputed_low").is_not_null())
            .then(0),
            moved=pl.when(still)
            .then(pl.lit("open"))
            .when(after > before)
            .then(pl.lit("lower"))
            .when(after < before)
            .then(pl.lit("higher"))
            .when(after == before)
            .then(pl.lit("same"))
            .otherwise(pl.lit("none")),
            worst=parts.worst(),
        )
        .join(parts.codes(result.findings), on="project", how="left", maintain_order="left")
        .join(sampled, on="project", how="left", maintain_order="left")
        .select(
            "project", "name", "department", "place",
            "change", "at_stake", "errors", "warnings", "notes", "budget", "spent",
            "execution_claimed", "execution_low", "claimed_grade", "draw", "moved", "worst",
            claimed="claimed_total", decided="decided_total",
            low="recomputed_low", high="recomputed_high", grade="recomputed_grade",
            printed_grade="grade", codes=pl.col("codes").fill_null(""),
            touched=pl.col("project").is_in(changed).cast(pl.Int8),
            drawn=pl.col("draw").is_not_null().cast(pl.Int8),
        )
    )  # fmt: skip


def _filters(
    result: ReviewResult, projects: pl.DataFrame, rules: Mapping[str, Any], lang: str
) -> list[dict[str, Any]]:
    def said(template: str) -> str:
        return render(template, {}, lang)

    grades = projects["grade"].drop_nulls().unique().sort().to_list()
    filters = [
        parts.department_filter(lang),
        parts.worst_filter(lang),
        {"key": "moved", "title": said(N_("Grade changes")), "kind": "equal", "options": [
            ["lower", said(N_("lower than claimed"))],
            ["open", said(N_("still open"))],
            ["same", said(N_("as claimed"))],
            ["higher", said(N_("higher than claimed"))],
            ["none", said(N_("cannot be told"))],
        ]},
        {"key": "grade", "title": said(N_("Grade recomputed")), "kind": "equal",
         "options": [[name, name] for name in grades]},
        parts.rule_filter(rules, lang),
    ]  # fmt: skip
    if result.sample is not None:
        filters.append({"key": "drawn", "title": said(N_("Sample")), "kind": "equal",
                        "options": [["1", said(N_("drawn"))]]})  # fmt: skip
    if result.changes is not None:
        filters.append({"key": "touched", "title": said(N_("Decisions")), "kind": "equal",
                        "options": [["1", said(N_("decided"))]]})  # fmt: skip
    return filters


def _rows(result: ReviewResult, projects: pl.DataFrame, lang: str) -> dict[str, pl.DataFrame]:
    """What the sheets show, by project: indicators, findings, reasons, decisions."""
    import polars as pl

    order = projects.select("project").with_row_index("position")
    claims = (
        result.claims.join(order, on="project", maintain_order="left")
        .sort("position", maintain_order=True)
        .with_columns(own=pl.int_range(pl.len()).over("position"))
    )
    above, below = pl.col("claimed") > pl.col("high"), pl.col("claimed") < pl.col("low")
    known = pl.col("weighed") & (pl.col("status") != "not_applicable")
    shown = claims.with_columns(
        **parts.arithmetic(claims),
        change=pl.when(known & above)
        .then(pl.col("claimed") - pl.col("high"))
        .when(known & below)
        .then(pl.col("claimed") - pl.col("low")),
        low=pl.when(known).then("low"),
        high=pl.when(known).then("high"),
    ).select(
        "position", "level", "indicator", "weight", "ratio", "coefficient", "low", "high",
        "claimed", "change", target="asked", actual="written_actual",
    )  # fmt: skip
    reasons = (
        result.risk.with_row_index("position")
        .select("position", "reasons", "reasons_left_out")
        .explode("reasons")
        .drop_nulls("reasons")
        .unnest("reasons")
        .select("position", "code", "indicator", "points", "chance", left="reasons_left_out")
    )
    found = parts.findings(result.findings, order, parts.by_place(claims), lang)
    rows = {"indicators": shown, "findings": found, "reasons": reasons}
    if result.changes is not None:
        words = {name: known[lang != "zh"] for name, known in WORDS.items()}
        rows["decisions"] = (
            result.changes.join(order, on="project", maintain_order="left")
            .sort("position", maintain_order=True)
            .select(
                "position", "indicator", "claimed", "decided", "role", "date", "reason",
                decision=pl.col("decision").replace_strict(words, return_dtype=pl.String),
                stale=pl.col("stale").cast(pl.Int8),
            )
        )  # fmt: skip
    return rows


def _figures(result: ReviewResult, projects: pl.DataFrame, lang: str) -> list[Figure]:

    def said(template: str, **values: object) -> str:
        return render(template, values, lang)

    counts = result.receipt["counts"]
    claims = counts["claims"]
    found = counts["findings"]
    moved = dict(projects["moved"].value_counts().iter_rows())
    both = review_overview.comparable(result)
    stake = float(projects["at_stake"].sum())
    return [
        Figure(said(N_("Projects")), f"{counts['projects']:,}",
               said(N_("indicators: {n}"), n=f"{counts['rows']['reviewed']:,}")),
        Figure(said(N_("Points at stake")), f"{stake:,.2f}",
               said(N_("in projects: {n}"), n=f"{int((projects['at_stake'] > 0).sum()):,}")),
        Figure(said(N_("Claims above what follows")), f"{claims['above']:,}",
               said(N_("below: {below}, as recomputed: {agreeing}"), below=f"{claims['below']:,}",
                    agreeing=f"{claims['agreeing']:,}")),
        Figure(said(N_("Not recomputable")), f"{claims['not_recomputed']:,}",
               said(N_("without a claim: {n}"), n=f"{claims['unclaimed']:,}")),
        Figure(said(N_("Grades that fall")), f"{moved.get('lower', 0):,}",
               said(N_("still open: {open}, of comparable projects: {n}"),
                    open=f"{moved.get('open', 0):,}", n=f"{len(both):,}")),
        Figure(said(N_("Errors")), f"{found['error']:,}",
               said(N_("warnings: {warning}, notes: {info}"), warning=f"{found['warning']:,}",
                    info=f"{found['info']:,}")),
    ]  # fmt: skip


def _charts(result: ReviewResult, departments: pl.DataFrame, lang: str) -> list[Any]:
    both = review_overview.comparable(result)
    return drawn(
        {CLAIMED: both["claimed_grade"], RECOMPUTED: both["recomputed_grade"]},
        {CLAIMED: both["claimed_total"], RECOMPUTED: both["recomputed_low"]},
        (departments, {CLAIMED: "claimed", RECOMPUTED: "low"}),
        both["budget"],
        result.policy,
        lang,
    )


def _departments(departments: pl.DataFrame, lang: str) -> Table:
    heads = (
        N_("Department"), N_("Projects"), N_("Budget, 万元"), N_("Mean claimed"),
        N_("Mean recomputed"), N_("Grades that fall"), N_("At stake"), N_("Errors"),
        N_("Warnings"),
    )  # fmt: skip
    rows = [
        [
            row["department"] or "—", f"{row['projects']:,}", f"{row['budget']:,.2f}",
            point_range(row["claimed"], row["claimed"]), point_range(row["low"], row["low"]),
            f"{row['lower']:,}", f"{row['at_stake']:,.2f}", f"{row['errors']:,}",
            f"{row['warnings']:,}",
        ]
        for row in departments.iter_rows(named=True)
    ]  # fmt: skip
    note = N_(
        "Means are over the projects whose total can be recomputed, at its lowest where it is open."
    )
    return Table(
        render(N_("Departments compared"), {}, lang), [render(head, {}, lang) for head in heads],
        rows, range(1, len(heads)), render(note, {}, lang),
    )  # fmt: skip


def _without_patterns(result: ReviewResult) -> pl.DataFrame:
    import polars as pl

    return result.findings.filter(~pl.col("code").str.starts_with(_PATTERNS))


def _patterns(result: ReviewResult, lang: str) -> list[dict[str, Any]]:
    import polars as pl

    is_pattern = pl.col("code").str.starts_with(_PATTERNS)
    return list(records(result.findings.filter(is_pattern), lang))


def _decisions(result: ReviewResult, lang: str) -> Table | None:
    if result.changes is None:
        return None
    heads = (
        N_("Project"), N_("Indicator"), N_("Decision"), N_("Claimed"), N_("Decided"), N_("By"),
        N_("Date"), N_("Reason"),
    )  # fmt: skip
    stale = render(N_("not applied: the row has changed"), {}, lang)
    rows = [
        [
            row["project"], row["indicator"],
            stale if row["stale"] else WORDS[row["decision"]][lang != "zh"],
            *(point_range(row[name], row[name]) for name in ("claimed", "decided")),
            row["role"], row["date"], row["reason"],
        ]
        for row in result.changes.iter_rows(named=True)
    ]  # fmt: skip
    return Table(
        render(N_("Decisions"), {}, lang), [render(head, {}, lang) for head in heads], rows, (3, 4)
    )


def _sample(result: ReviewResult, lang: str) -> Table | None:
    if result.sample is None:
        return None
    heads = (N_("No."), N_("Code"), N_("Project"), N_("Department"))
    names = dict(result.projects.select("project", "name").iter_rows())
    rows = [
        [str(row["draw"]), row["project"], names[row["project"]], row["department"]]
        for row in result.sample.iter_rows(named=True)
    ]
    template = N_("Spot-check sample: {drawn} projects, drawn with --sample {asked} --seed {seed}")
    title = render(template, result.receipt["sample"], lang)
    return Table(title, [render(head, {}, lang) for head in heads], rows, (0,))


def _counts(result: ReviewResult, lang: str) -> str:
    rows = result.receipt["counts"]["rows"]
    return render(N_("Rows read {read} = reviewed {reviewed} + rejected {rejected}"), rows, lang)


def _first(projects: pl.DataFrame, lang: str) -> Table:
    """The first of the list, for a reader whose browser runs no script."""
    heads = (N_("Project"), N_("Department"), N_("Claimed"), N_("Recomputed"), N_("At stake"))
    rows = [
        [
            f"{row['project']} {row['name']}", row["department"], points(row["claimed"] or 0),
            point_range(row["low"], row["high"]), f"{row['at_stake']:,.2f}",
        ]
        for row in projects.head(20).iter_rows(named=True)
    ]  # fmt: skip
    return Table(
        render(N_("Projects, most at stake first"), {}, lang),
        [render(head, {}, lang) for head in heads], rows, (2, 3, 4),
    )  # fmt: skip

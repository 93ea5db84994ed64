"""The page of `check`: what is wrong with target tables, and a sheet for each with its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from perfeval.messages import N_, render
from perfeval.problems import place_of
from perfeval.reports.findings import place, records, severity
from perfeval.reports.html import charts, overview, parts, told
from perfeval.reports.html.overview import Figure, Table
from perfeval.reports.html.packing import CHUNK, chunks, packed
from perfeval.reports.html.page import MINOR, Column, require_extra, write_page
from perfeval.reports.html.score import asked
from perfeval.reports.pages.rule import FAMILIES
from perfeval.reports.receipt import receipt_lines
from perfeval.reports.values import decimal
from perfeval.tables import PLACE, SEVERITIES

if TYPE_CHECKING:
    import polars as pl

    from perfeval.checking import CheckResult

_LIST = (
    Column("severity", N_("Severity"), "severity"),
    Column("code", N_("Rule told"), "rule"),
    Column("name", N_("Project"), "name", {"code": "project"}),
    Column("indicator", N_("Indicator"), "indicator", {"level": "quoted", **MINOR}),
    Column("message", N_("Finding and repair"), "message", {"code": "code"}),
    Column("place", N_("Place"), "place", MINOR),
)
_FACTS = (
    Column("project", N_("Code")),
    Column("department", N_("Department")),
    Column("year", N_("Year")),
    Column("type", N_("Type")),
    Column("budget", N_("Budget, 万元"), "number", {"places": 6}),
    Column("errors", N_("What was found"), "counts", {"warnings": "warnings", "notes": "notes"}),
    Column("place", N_("File")),
)
_INDICATOR = (
    Column("indicator", N_("Indicator"), "indicator", {"level": "level"}),
    Column("target", N_("Target")),
    Column("weight", N_("Weight"), "number", {"places": 4}),
    Column("place", N_("Place"), "place"),
)


def write_check(result: CheckResult, file: BinaryIO, lang: str) -> None:
    """The result of `check` as a page. Raises `InputError` where the extra html is missing."""
    require_extra()
    projects = _projects(result)
    found = _findings(result, lang)
    rules = told.manual(result.rules, result.findings["code"].unique().to_list(), lang)
    config = {
        "order": [["severity", "desc"]],
        "chunk": CHUNK,
        "grades": [],
        "columns": [column.told(lang) for column in _LIST],
        "filters": _filters(found, rules, lang),
        "list": packed(found),
        "searched": ["name", "project", "department", "indicator", "message"],
        "projects": packed(projects),
        "facts": [column.told(lang) for column in _FACTS],
        "indicators": [column.told(lang) for column in _INDICATOR],
        "rules": rules,
    }
    write_page(
        "check.html",
        file,
        lang,
        config,
        chunks(len(projects), _rows(result, projects, lang)),
        title=render(N_("Check of target tables"), {}, lang),
        policy=overview.policy_note(result.policy, lang),
        figures=_figures(result, projects, lang),
        charts=_charts(result, lang),
        rules=_by_rule(result, rules, lang),
        departments=_departments(projects, lang),
        suppressed=_suppressed(result, lang),
        receipt=list(receipt_lines(result.receipt, lang)),
        counts=render(
            N_("indicators: {n}"), {"n": f"{result.receipt['counts']['indicators']:,}"}, lang
        ),
        first=_first(result, lang),
    )


def _places(frame: pl.DataFrame) -> pl.Series:
    """Where each row stands, as text."""
    import polars as pl

    rows = frame.select(PLACE).iter_rows()
    return pl.Series([place_of(file, line, sheet) for file, sheet, line in rows], dtype=pl.String)


def _projects(result: CheckResult) -> pl.DataFrame:
    import polars as pl

    frame = result.projects.join(
        parts.counts(result.findings), on="project", how="left", maintain_order="left"
    )
    return frame.with_columns(
        pl.col("errors", "warnings", "notes").fill_null(0), place=_places(frame)
    ).select(
        "project", "name", "department", "year", "type", "errors", "warnings", "notes", "place",
        budget="budget_total",
    )  # fmt: skip


def _findings(result: CheckResult, lang: str) -> pl.DataFrame:
    """The findings, worst first, with their projects and the rows that they are about."""
    import polars as pl

    rows = result.targets.with_columns(quoted=_quoted(result.targets, lang))
    rank = {name: number for number, name in enumerate(SEVERITIES)}
    families = {letter: render(name, {}, lang) for letter, name in FAMILIES.items()}
    found = pl.concat(
        [
            result.findings.select("project", "indicator", "row", *PLACE).with_columns(
                place=pl.Series(map(place, result.findings.iter_rows(named=True)), dtype=pl.String)
            ),
            told.findings(result.findings, lang),
        ],
        how="horizontal",
    )
    return (
        found.join(
            result.projects.select("project", "name", "department"),
            on="project", how="left", maintain_order="left",
        )
        .join(
            rows.select(pl.col("row").cast(found.schema["row"]), "quoted"),
            on="row", how="left", maintain_order="left",
        )
        .with_columns(
            family=pl.col("code").str.head(1).replace(families),
            rank=pl.col("severity").replace_strict(rank, return_dtype=pl.Int64),
        )
        .sort("rank", maintain_order=True)
        .select(
            "severity", "code", "project", "name", "department", "indicator", "quoted", "message",
            "place", "family",
        )
    )  # fmt: skip


def _quoted(targets: pl.DataFrame, lang: str) -> pl.Series:
    """Target and weight of indicators in a line."""
    import polars as pl

    weights = [decimal(weight) or "—" for weight in targets["weight"].to_list()]
    template = N_("weight {weight}")
    shown = [render(template, {"weight": weight}, lang) for weight in weights]
    return targets.select(
        quoted=pl.concat_str(asked(), pl.lit("  "), pl.Series(shown, dtype=pl.String))
    )["quoted"]


def _filters(found: pl.DataFrame, rules: dict[str, Any], lang: str) -> list[parts.Filter]:
    def said(template: str) -> str:
        return render(template, {}, lang)

    families = found["family"].unique(maintain_order=True).sort().to_list()
    codes = [[code, f"{code} {rule['title']}"] for code, rule in rules.items()]
    return [
        {"key": "severity", "title": said(N_("Severity")), "kind": "equal",
         "options": [[name, severity(name, lang)] for name in SEVERITIES]},
        {"key": "family", "title": said(N_("Family")), "kind": "equal",
         "options": [[name, name] for name in families]},
        {"key": "code", "title": said(N_("Rule told")), "kind": "equal", "options": codes},
        parts.department_filter(lang),
    ]  # fmt: skip


def _rows(result: CheckResult, projects: pl.DataFrame, lang: str) -> dict[str, pl.DataFrame]:
    import polars as pl

    order = projects.select("project").with_row_index("position")
    rows = result.targets.join(order, on="project", maintain_order="left").sort(
        "position", maintain_order=True
    )
    shown = rows.with_columns(
        level=pl.concat_str(
            pl.col("level1", "level2").replace("", None), separator=" / ", ignore_nulls=True
        ),
        target=asked(),
        place=_places(rows),
    ).select("position", "level", "indicator", "target", "weight", "place")
    return {
        "indicators": shown,
        "findings": parts.findings(result.findings, order, parts.by_place(rows), lang),
    }


def _figures(result: CheckResult, projects: pl.DataFrame, lang: str) -> list[Figure]:
    def said(template: str, **values: object) -> str:
        return render(template, values, lang)

    counts = result.receipt["counts"]
    found = counts["findings"]
    sound = int((projects["errors"] + projects["warnings"] == 0).sum())
    figures = [
        Figure(said(N_("Target tables")), f"{counts['projects']:,}",
               said(N_("indicators: {n}"), n=f"{counts['indicators']:,}")),
        Figure(said(N_("Errors")), f"{found['error']:,}",
               said(N_("in projects: {n}"), n=f"{int((projects['errors'] > 0).sum()):,}")),
        Figure(said(N_("Warnings")), f"{found['warning']:,}",
               said(N_("in projects: {n}"), n=f"{int((projects['warnings'] > 0).sum()):,}")),
        Figure(said(N_("Notes")), f"{found['info']:,}",
               said(N_("in projects: {n}"), n=f"{int((projects['notes'] > 0).sum()):,}")),
        Figure(said(N_("Tables without errors or warnings")), f"{sound:,}",
               said(N_("suppressed findings: {n}"), n=f"{counts['suppressed']:,}")),
    ]  # fmt: skip
    if "baseline" in counts:
        figures.append(
            Figure(said(N_("Known to the baseline")), f"{counts['baseline']['known']:,}",
                   said(N_("repaired since: {n}"), n=f"{counts['baseline']['fixed']:,}"))
        )  # fmt: skip
    return figures


def _charts(result: CheckResult, lang: str) -> list[charts.Chart]:
    import polars as pl

    found = result.findings.with_columns(family=pl.col("code").str.head(1))
    counts = {
        (family, level): n
        for family, level, n in found.group_by("family", "severity").len().iter_rows()
    }
    values = {
        render(name, {}, lang): [counts.get((letter, level), 0) for level in SEVERITIES]
        for letter, name in FAMILIES.items()
        if any((letter, level) in counts for level in SEVERITIES)
    }
    if not values:
        return []
    return [
        charts.bars(
            render(N_("Findings by family"), {}, lang),
            render(N_("Family"), {}, lang),
            values,
            [severity(name, lang) for name in SEVERITIES],
            render(N_("findings"), {}, lang),
        )
    ]


def _by_rule(result: CheckResult, rules: dict[str, Any], lang: str) -> Table:
    import polars as pl

    counted = (
        result.findings.group_by("code", "severity")
        .agg(n=pl.len(), projects=pl.col("project").n_unique())
        .sort("n", "code", "severity", descending=[True, False, False])
    )
    heads = (N_("Rule told"), N_("Severity"), N_("What it finds"), N_("findings"), N_("Projects"))
    rows = [
        [row["code"], severity(row["severity"], lang),
         rules.get(row["code"], {"title": ""})["title"], f"{row['n']:,}", f"{row['projects']:,}"]
        for row in counted.iter_rows(named=True)
    ]  # fmt: skip
    return Table(
        render(N_("Findings by rule"), {}, lang), [render(head, {}, lang) for head in heads], rows,
        (3, 4),
    )  # fmt: skip


def _departments(projects: pl.DataFrame, lang: str) -> Table:
    import polars as pl

    counted = (
        projects.group_by("department", maintain_order=True)
        .agg(pl.len(), pl.col("errors", "warnings", "notes").sum())
        .sort("errors", "warnings", "notes", descending=True, maintain_order=True)
    )
    heads = (N_("Department"), N_("Target tables"), N_("Errors"), N_("Warnings"), N_("Notes"))
    rows = [[row[0] or "—", *(f"{n:,}" for n in row[1:])] for row in counted.iter_rows()]
    return Table(
        render(N_("Departments compared"), {}, lang), [render(head, {}, lang) for head in heads],
        rows, range(1, 5),
    )  # fmt: skip


def _suppressed(result: CheckResult, lang: str) -> Table | None:
    if result.suppressed.is_empty():
        return None
    heads = (N_("Rule told"), N_("Project"), N_("Indicator"), N_("Message"), N_("Reason"))
    rows = [
        [each["code"], each["project"] or "", each["indicator"] or "", each["message"],
         each["reason"]["text"]]
        for each in records(result.suppressed, lang)
    ]  # fmt: skip
    title = render(N_("Suppressed"), {}, lang)
    return Table(title, [render(head, {}, lang) for head in heads], rows)


def _first(result: CheckResult, lang: str) -> Table:
    heads = (N_("Severity"), N_("Rule told"), N_("Project"), N_("Indicator"), N_("Message"))
    rows = [
        [severity(each["severity"], lang), each["code"], each["project"] or "",
         each["indicator"] or "", each["message"]]
        for each in records(result.findings.head(50), lang)
    ]  # fmt: skip
    return Table(render(N_("Findings"), {}, lang), [render(head, {}, lang) for head in heads], rows)

"""What several pages put together alike: filters, findings by project, the cells of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render
from perfeval.reports.findings import records
from perfeval.reports.html import told
from perfeval.reports.values import decimal, percent
from perfeval.tables import PLACE

if TYPE_CHECKING:
    import polars as pl

Filter = dict[str, Any]


def department_filter(lang: str) -> Filter:
    """By department; the options are those of the list."""
    title = render(N_("Department"), {}, lang)
    return {"key": "department", "title": title, "kind": "equal", "options": None}


def worst_filter(lang: str) -> Filter:
    """By the worst finding, as `worst` says it."""
    options = {
        "error": N_("with errors"),
        "warning": N_("with warnings, no errors"),
        "info": N_("with notes alone"),
        "": N_("without findings"),
    }
    return {
        "key": "worst",
        "title": render(N_("What was found"), {}, lang),
        "kind": "equal",
        "options": [[name, render(text, {}, lang)] for name, text in options.items()],
    }


def rule_filter(rules: Mapping[str, Any], lang: str) -> Filter:
    """By the rules that told something, which the column `codes` names."""
    options = [[code, f"{code} {rule['title']}"] for code, rule in rules.items()]
    title = render(N_("Rule told"), {}, lang)
    return {"key": "codes", "title": title, "kind": "word", "options": options}


def worst() -> pl.Expr:
    """The severity of the worst finding, "" where there is none."""
    import polars as pl

    found = pl.lit("")
    for column, name in (("notes", "info"), ("warnings", "warning"), ("errors", "error")):
        found = pl.when(pl.col(column) > 0).then(pl.lit(name)).otherwise(found)
    return found


def codes(findings: pl.DataFrame) -> pl.DataFrame:
    """By project: the codes of its findings, with blanks between them."""
    import polars as pl

    return (
        findings.filter(pl.col("project").is_not_null())
        .group_by("project")
        .agg(codes=pl.col("code").unique().sort().str.join(" "))
    )


def counts(findings: pl.DataFrame) -> pl.DataFrame:
    """By project: errors, warnings and notes."""
    import polars as pl

    return (
        findings.filter(pl.col("project").is_not_null())
        .group_by("project")
        .agg(
            (pl.col("severity") == severity).sum().cast(pl.Int64).alias(name)
            for severity, name in (("error", "errors"), ("warning", "warnings"), ("info", "notes"))
        )
    )


def findings(
    found: pl.DataFrame, order: pl.DataFrame, indicators: pl.DataFrame, lang: str
) -> pl.DataFrame:
    """The findings of the projects in `order` (project, position), with messages and cells.

    `indicators` says which of its project's a finding is about (`own`, from 0), by its other
    columns, which findings have too.
    """
    import polars as pl

    key = [name for name in indicators.columns if name != "own"]
    said = told.findings(found, lang)
    return (
        found.drop(said.columns, strict=False)
        .hstack(said)
        .join(
            indicators.unique(key, keep="first", maintain_order=True), on=key, how="left",
            nulls_equal=True, maintain_order="left",
        )
        .join(order, on="project", maintain_order="left")
        .sort("position", maintain_order=True)
        .select(
            "position", "own", "severity", "code", "message",
            cell=pl.concat_str("sheet", "cell", separator="!"),
        )
    )  # fmt: skip


def by_place(rows: pl.DataFrame) -> pl.DataFrame:
    """Which indicators findings are about that stand where the indicators stand."""
    import polars as pl

    return rows.select(*PLACE, "project", "indicator", own=pl.int_range(pl.len()).over("project"))


def by_flag(rows: pl.DataFrame) -> pl.DataFrame:
    """Which indicators findings are about that stand in another file, by their flags."""
    import polars as pl

    return (
        rows.select("project", "indicator", "flags", own=pl.int_range(pl.len()).over("project"))
        .explode("flags")
        .rename({"flags": "code"})
        .drop_nulls("code")
    )


def arithmetic(rows: pl.DataFrame) -> dict[str, pl.Expr | pl.Series]:
    """level, ratio and coefficient of indicators as the sheets show them."""
    import polars as pl

    return {
        "level": pl.concat_str(
            pl.col("level1", "level2").replace("", None), separator=" / ", ignore_nulls=True
        ),
        "ratio": pl.Series([percent(each) for each in rows["ratio"].to_list()], dtype=pl.String),
        "coefficient": pl.Series(
            [decimal(each, 4) for each in rows["coefficient"].to_list()], dtype=pl.String
        ),
    }


def of_no_project(found: pl.DataFrame, order: pl.DataFrame, lang: str) -> list[dict[str, Any]]:
    """The findings that no sheet shows, in full."""
    return list(records(found.join(order, on="project", how="anti", maintain_order="left"), lang))

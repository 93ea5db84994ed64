"""CSV and Parquet of a review: one row per claim; and the table that reviewers decide in."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from perfeval.reports import tabular
from perfeval.reports.findings import records
from perfeval.tables import PLACE

if TYPE_CHECKING:
    import polars as pl

    from perfeval.reviewing import ReviewResult

_POINTS = ("claimed", "low", "high", "decided", "project_claimed", "project_decided")
_ROW = (
    "project", "name", "department", "project_claimed", "project_decided", "at_stake", "level1",
    "level2", "indicator", "target", "operator", "operator_from", "weight", "actual", "met",
    "ratio", "coefficient", "low", "high", "claimed", "fits", "flags", "decision", "decided",
    "role", "date", "decision_reason", "stale", "project_decision", *PLACE,
)  # fmt: skip
_DECIDED = ("decision", "decided", "role", "date", "decision_reason", "stale")
_TO_FILL = ("decision", "deduction", "role", "date", "reason")
_HEADINGS = {
    "project": "项目编码", "name": "项目名称", "indicator": "三级指标", "level2": "二级指标",
    "occurrence": "第几个", "finding": "问题", "decision": "复核意见", "deduction": "扣分",
    "role": "复核人角色", "date": "复核日期", "reason": "理由", "evidence": "依据码",
}  # fmt: skip
"""Headings of the table of decisions in Chinese, as headings.toml has them."""
_CLAIM = [*PLACE, "project", "indicator"]


def rows(result: ReviewResult) -> pl.DataFrame:
    """Every claim with what was recomputed and the codes of its findings; points in hundredths."""
    import polars as pl

    heads = result.projects.select(
        "project", "name", "department", project_claimed="claimed_total",
        project_decided="decided_total",
    ).join(result.risk.select("project", "at_stake"), on="project", how="left")  # fmt: skip
    flags = (
        result.findings.filter(pl.col("indicator").is_not_null())
        .group_by(_CLAIM)
        .agg(flags=pl.col("code").unique().sort().str.join(" "))
    )
    changed = _changes(result)
    wholes = (
        changed.filter(pl.col("row").is_null() & ~pl.col("stale"))
        .with_columns(pl.col("role", "date", "decision_reason").fill_null(""))
        .select(
            "project",
            project_decision=pl.format(
                "{} ({} {}): {}", "decision", "role", "date", "decision_reason"
            ),
        )
    )
    return (
        result.claims.rename({"target": "initial", "actual": "matched_actual"})
        .rename({"asked": "target", "written_actual": "actual"})
        .join(heads, on="project", how="left", maintain_order="left")
        .join(flags, on=_CLAIM, how="left", nulls_equal=True, maintain_order="left")
        .join(changed.select("row", *_DECIDED), on="row", how="left", maintain_order="left")
        .join(wholes, on="project", how="left", maintain_order="left")
        .select(_ROW)
    )


def _changes(result: ReviewResult) -> pl.DataFrame:
    """What was decided, with the reviewer's reason apart from the department's."""
    import polars as pl

    if result.changes is not None:
        return result.changes.rename({"reason": "decision_reason"})
    texts = ("project", "decision", "role", "date", "decision_reason")
    numbers = {"row": result.claims.schema["row"], "decided": pl.Int64(), "stale": pl.Boolean()}
    return pl.DataFrame(schema={**dict.fromkeys(texts, pl.String), **numbers})


def write_csv(result: ReviewResult, file: BinaryIO, *, bom: bool = False) -> None:
    """The rows as UTF-8 CSV: points with two decimals, blanks empty, formulas neutralised."""
    tabular.write_csv([rows(result)], _as_text, file, bom=bom)


def write_parquet(result: ReviewResult, file: BinaryIO, lang: str) -> None:
    """The rows with types, points as Decimal with two places; receipt and findings as metadata."""
    told = tabular.Told(
        result.receipt, result.findings, result.suppressed, tabular.by_rule(result.findings)
    )
    tabular.write_parquet([rows(result)], _POINTS, lambda: told, file, lang)


def write_decisions(result: ReviewResult, file: BinaryIO, lang: str) -> None:
    """The table in which reviewers decide: what has errors or warnings, decisions blank.

    The riskiest project first; in each the rows without an indicator, about its execution and
    totals, before its claims. With headings in `lang`, and a byte-order mark, since it is made to
    be opened in a spreadsheet.
    """
    import polars as pl

    from perfeval.reviewing.addressed import occurrences
    from perfeval.reviewing.decisions import evidence, evidence_of_projects

    told = result.findings.filter(
        pl.col("severity").is_in(["error", "warning"]) & pl.col("project").is_not_null()
    )
    messages = [f"{record['code']} {record['message']}" for record in records(told, lang)]
    told = told.with_columns(finding=pl.Series(messages, dtype=pl.String))

    def said(found: pl.DataFrame, key: list[str]) -> pl.DataFrame:
        return found.group_by(key, maintain_order=True).agg(pl.col("finding").str.join("; "))

    of_claims = said(told.filter(pl.col("indicator").is_not_null()), _CLAIM)
    of_projects = said(told.filter(pl.col("indicator").is_null()), ["project"])
    claims = result.claims.with_columns(occurrence=occurrences(result.claims)).join(
        of_claims, on=_CLAIM, how="inner", nulls_equal=True, maintain_order="left"
    )
    wholes = result.projects.join(of_projects, on="project", how="inner", maintain_order="left")
    order = result.risk.select("project").with_row_index("order")
    names = result.projects.select("project", "name")
    table = (
        pl.concat(
            [
                wholes.select(
                    "project", "finding", pl.lit("").alias("indicator"),
                    pl.lit("").alias("level2"), pl.lit("").alias("occurrence"),
                    evidence=pl.Series(evidence_of_projects(wholes), dtype=pl.String),
                ),
                claims.select(
                    "project", "finding", "indicator", pl.col("level2").fill_null(""),
                    "occurrence", evidence=pl.Series(evidence(claims), dtype=pl.String),
                ),
            ]
        )
        .join(order, on="project", how="left", maintain_order="left")
        .join(names, on="project", how="left", maintain_order="left")
        .sort("order", maintain_order=True)
        .select(
            "project", "name", "indicator", "level2", "occurrence", "finding",
            *(pl.lit("").alias(each) for each in _TO_FILL),
            "evidence",
        )
    )  # fmt: skip
    headings = _HEADINGS if lang == "zh" else {"name": "project_name"}
    tabular.write_csv([table.rename(headings)], _as_text, file, bom=True)


def _as_text(table: pl.DataFrame) -> pl.DataFrame:
    return tabular.as_text(table, _POINTS)

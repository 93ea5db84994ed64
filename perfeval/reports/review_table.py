"""CSV and Parquet of a review: one row per claim; and the table that reviewers decide in."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from perfeval.reports import tabular
from perfeval.reports.findings import records
from perfeval.tables import PLACE

if TYPE_CHECKING:
    import polars as pl

    from perfeval.reviewing import ReviewResult

_POINTS = ("claimed", "low", "high", "project_claimed", "project_decided")
_ROW = (
    "project", "name", "department", "project_claimed", "project_decided", "at_stake", "level1",
    "level2", "indicator", "target", "operator", "operator_from", "weight", "actual", "met",
    "ratio", "coefficient", "low", "high", "claimed", "fits", "flags", *PLACE,
)  # fmt: skip
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
    return (
        result.claims.rename({"target": "initial", "actual": "matched_actual"})
        .rename({"asked": "target", "written_actual": "actual"})
        .join(heads, on="project", how="left", maintain_order="left")
        .join(flags, on=_CLAIM, how="left", nulls_equal=True, maintain_order="left")
        .select(_ROW)
    )


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
    """The table in which reviewers decide: the claims with errors or warnings, decisions blank.

    With a byte-order mark, since it is made to be opened in a spreadsheet.
    """
    import polars as pl

    from perfeval.reviewing.decisions import evidence

    told = result.findings.filter(
        pl.col("severity").is_in(["error", "warning"]) & pl.col("indicator").is_not_null()
    )
    messages = [f"{record['code']} {record['message']}" for record in records(told, lang)]
    said = (
        told.select(_CLAIM)
        .with_columns(finding=pl.Series(messages, dtype=pl.String))
        .group_by(_CLAIM, maintain_order=True)
        .agg(pl.col("finding").str.join("; "))
    )
    rows = result.claims.join(said, on=_CLAIM, how="inner", nulls_equal=True, maintain_order="left")
    table = rows.with_columns(evidence=pl.Series(evidence(rows), dtype=pl.String)).select(
        "project", "indicator", "level2", "finding",
        *(pl.lit("").alias(name) for name in ("decision", "deduction", "role", "date", "reason")),
        "evidence",
    )  # fmt: skip
    tabular.write_csv([table], _as_text, file, bom=True)


def _as_text(table: pl.DataFrame) -> pl.DataFrame:
    return tabular.as_text(table, _POINTS)

"""CSV and Parquet of a result: one row per indicator and one per project's budget execution.

A project's rows sum to its total. CSV is text for other programs and for spreadsheets, so cells
that a spreadsheet would run as a formula are neutralised, and invisible characters are escaped;
Parquet keeps types, the receipt and the findings.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from perfeval.reports.cells import csv_cell
from perfeval.reports.findings import records
from perfeval.reports.values import DECIMALS, decimal, points

if TYPE_CHECKING:
    import polars as pl

    from perfeval.scoring import ScoreResult

SLICE = 50_000
EXECUTION_LEVEL1 = "预算执行"
EXECUTION_INDICATOR = "预算执行率"
RECEIPT_KEY = "perfeval.receipt"
FINDINGS_KEY = "perfeval.findings"
SUPPRESSED_KEY = "perfeval.suppressed"

_PROJECT = {"score": "project_score", "low": "project_low", "high": "project_high"}
_SCORES = (*_PROJECT.values(), "score", "low", "high")
_ROW = (
    "project", "level1", "level2", "indicator", "operator", "target", "target_number", "unit",
    "weight", "points", "actual", "actual_number", "met", "ratio", "coefficient",
    "score", "low", "high", "status", "flags", "reason",
)  # fmt: skip


def rows(result: ScoreResult) -> pl.DataFrame:
    """Every indicator and execution row with its project's totals, projects in their order.

    Scores are Int64 hundredths; `target` and `actual` are as written.
    """
    import polars as pl

    heads = result.projects.select(
        "project", "name", "department", project_grade="grade",
        **{new: old for old, new in _PROJECT.items()},
    ).with_row_index("position")  # fmt: skip
    amounts = {"target": "budget", "actual": "spent"}
    execution = result.execution.select(
        "project", "weight", "score", "low", "high", "status",
        level1=pl.lit(EXECUTION_LEVEL1),
        level2=pl.lit(EXECUTION_INDICATOR),
        indicator=pl.lit(EXECUTION_INDICATOR),
        operator=pl.lit(""),
        unit=pl.lit("万元"),
        points="weight",
        met=pl.lit(None, pl.Boolean),
        ratio="rate",
        coefficient=pl.lit(None, pl.Float64),
        flags=pl.lit([], pl.List(pl.String)),
        reason=pl.lit(None, pl.String),
        **{f"{name}_number": pl.col(column) for name, column in amounts.items()},
        **{name: pl.lit(None, pl.String) for name in amounts},
    )  # fmt: skip
    own = pl.concat([result.indicators.select(_ROW), execution.select(_ROW)], how="vertical")
    return (
        own.join(heads, on="project", maintain_order="left")
        .sort("position", maintain_order=True)
        .select(
            "project", "name", "department", "project_score", "project_low", "project_high",
            "project_grade", *_ROW[1:],
        )
    )  # fmt: skip


def write_csv(result: ScoreResult, file: BinaryIO, *, bom: bool = False) -> None:
    """The rows as UTF-8 CSV: scores with two decimals, numbers in plain digits, blanks empty."""
    if bom:
        file.write(b"\xef\xbb\xbf")
    table = rows(result)
    first = True
    for part in table.iter_slices(SLICE) if len(table) else [table]:
        file.write(_as_text(part).write_csv(include_header=first).encode())
        first = False


def write_parquet(result: ScoreResult, file: BinaryIO, lang: str) -> None:
    """The rows with types, scores as Decimal with two places.

    The metadata has the receipt and all findings, as JSON under `RECEIPT_KEY`, `FINDINGS_KEY` and
    `SUPPRESSED_KEY`.
    """
    import polars as pl

    hundredth = pl.lit("0.01").cast(pl.Decimal(18, 2))
    table = rows(result).with_columns(
        (pl.col(name).cast(pl.Decimal(18, 0)) * hundredth).cast(pl.Decimal(18, 2))
        for name in _SCORES
    )
    # polars reports a full disk as an error of its own; a buffer leaves writing to us.
    buffer = BytesIO()
    told = {
        RECEIPT_KEY: result.receipt,
        FINDINGS_KEY: list(records(result.findings, lang)),
        SUPPRESSED_KEY: list(records(result.suppressed, lang)),
    }
    table.write_parquet(buffer, metadata={key: json.dumps(value) for key, value in told.items()})
    file.write(buffer.getbuffer())


def _as_text(table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    columns: dict[str, list[str | None]] = {}
    for name in table.columns:
        values = table[name].to_list()
        if name in _SCORES:
            columns[name] = [None if value is None else points(value) for value in values]
        elif name in ("weight", "points"):
            columns[name] = [decimal(value) for value in values]
        elif name in ("ratio", "coefficient"):
            columns[name] = [decimal(value, DECIMALS) for value in values]
        elif name == "met":
            columns[name] = [None if value is None else str(value).lower() for value in values]
        elif name == "flags":
            columns[name] = [" ".join(value or []) for value in values]
        elif name in ("target", "actual"):
            numbers = map(decimal, table[f"{name}_number"])
            columns[name] = [n or csv_cell(v) for n, v in zip(numbers, values, strict=True)]
        elif not name.endswith("_number"):
            columns[name] = [csv_cell(value) for value in values]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))

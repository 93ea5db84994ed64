"""A table of rows as CSV and Parquet, the same way for every command.

CSV is text for other programs and for spreadsheets, so cells that a spreadsheet would run as a
formula are neutralised, and invisible characters are escaped; Parquet keeps types, the receipt and
the findings.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from perfeval.reports.cells import csv_cell
from perfeval.reports.findings import records
from perfeval.reports.values import DECIMALS, decimal, points

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import polars as pl

    from perfeval.reviewing import ReviewResult
    from perfeval.scoring import ScoreResult

BOM = b"\xef\xbb\xbf"
RECEIPT_KEY = "perfeval.receipt"
FINDINGS_KEY = "perfeval.findings"
SUPPRESSED_KEY = "perfeval.suppressed"

_SLICE = 50_000
_RATIOS = ("ratio", "coefficient")


def write_csv(
    table: pl.DataFrame,
    text: Callable[[pl.DataFrame], pl.DataFrame],
    file: BinaryIO,
    *,
    bom: bool = False,
) -> None:
    """`table` as UTF-8 CSV, `text` making text of a slice at a time, so that memory stays small."""
    if bom:
        file.write(BOM)
    first = True
    for part in table.iter_slices(_SLICE) if len(table) else [table]:
        file.write(text(part).write_csv(include_header=first).encode())
        first = False


def write_parquet(
    table: pl.DataFrame,
    hundredths: Collection[str],
    result: ScoreResult | ReviewResult,
    file: BinaryIO,
    lang: str,
) -> None:
    """`table` with types, its columns of `hundredths` as Decimal with two places.

    The metadata has the receipt and all findings of `result`, as JSON under `RECEIPT_KEY`,
    `FINDINGS_KEY` and `SUPPRESSED_KEY`.
    """
    import polars as pl

    hundredth = pl.lit("0.01").cast(pl.Decimal(18, 2))
    told = {
        RECEIPT_KEY: result.receipt,
        FINDINGS_KEY: list(records(result.findings, lang)),
        SUPPRESSED_KEY: list(records(result.suppressed, lang)),
    }
    # polars reports a full disk as an error of its own; a buffer leaves writing to us.
    buffer = BytesIO()
    table.with_columns(
        (pl.col(name).cast(pl.Decimal(18, 0)) * hundredth).cast(pl.Decimal(18, 2))
        for name in hundredths
    ).write_parquet(buffer, metadata={key: json.dumps(value) for key, value in told.items()})
    file.write(buffer.getbuffer())


def as_text(table: pl.DataFrame, hundredths: Collection[str]) -> pl.DataFrame:
    """Every cell as CSV has it: points with two decimals, numbers in plain digits, blanks null."""
    import polars as pl

    columns: dict[str, list[str | None]] = {}
    for name, kind in table.schema.items():
        values = table[name].to_list()
        if name in hundredths:
            columns[name] = [None if value is None else points(value) for value in values]
        elif name in _RATIOS:
            columns[name] = [decimal(value, DECIMALS) for value in values]
        elif kind == pl.Boolean:
            columns[name] = [None if value is None else str(value).lower() for value in values]
        elif kind == pl.List:
            columns[name] = [" ".join(value or []) for value in values]
        elif kind.is_integer():
            columns[name] = [None if value is None else str(value) for value in values]
        elif kind.is_float():
            columns[name] = [decimal(value) for value in values]
        else:
            columns[name] = [csv_cell(value) for value in values]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))

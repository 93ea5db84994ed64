"""A table of rows as CSV and Parquet, the same way for every command.

CSV is text for other programs and for spreadsheets, so cells that a spreadsheet would run as a
formula are neutralised, and invisible characters are escaped; Parquet keeps types, the receipt and
the findings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from perfeval.reports.cells import csv_cell
from perfeval.reports.findings import records
from perfeval.reports.parquet import ParquetWriter
from perfeval.reports.values import DECIMALS, decimal, points

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import polars as pl

    from perfeval.problems import Problem

BOM = b"\xef\xbb\xbf"
RECEIPT_KEY = "perfeval.receipt"
FINDINGS_KEY = "perfeval.findings"
SUPPRESSED_KEY = "perfeval.suppressed"
BY_RULE_KEY = "perfeval.findings_by_rule"

_SLICE = 50_000
_RATIOS = ("ratio", "coefficient")


@dataclass(frozen=True)
class Told:
    """What a Parquet file tells besides its rows.

    by_rule: how many findings each rule has. notes: what is doubtful in the inputs.
    """

    receipt: dict[str, Any]
    findings: pl.DataFrame
    suppressed: pl.DataFrame
    by_rule: Mapping[str, int]
    notes: Sequence[Problem] = ()


def by_rule(findings: pl.DataFrame) -> dict[str, int]:
    """How many findings there are of each rule."""
    return dict(findings["code"].value_counts().iter_rows())


def write_csv(
    tables: Iterable[pl.DataFrame],
    text: Callable[[pl.DataFrame], pl.DataFrame],
    file: BinaryIO,
    *,
    bom: bool = False,
) -> None:
    """The rows of all `tables` as UTF-8 CSV.

    `text` makes text of a slice at a time, so that memory stays small.
    """
    if bom:
        file.write(BOM)
    first = True
    for table in tables:
        for part in table.iter_slices(_SLICE) if len(table) or not first else [table]:
            file.write(text(part).write_csv(include_header=first).encode())
            first = False


def write_parquet(
    tables: Iterable[pl.DataFrame],
    hundredths: Collection[str],
    told: Callable[[], Told],
    file: BinaryIO,
    lang: str,
) -> None:
    """The rows of all `tables` with types, columns of `hundredths` as Decimal with two places.

    `told` is asked when all of them are written; the metadata has it as JSON under `RECEIPT_KEY`,
    `FINDINGS_KEY`, `SUPPRESSED_KEY` and `BY_RULE_KEY`.
    """

    def metadata() -> dict[str, str]:
        result = told()
        values = {
            RECEIPT_KEY: result.receipt,
            BY_RULE_KEY: dict(sorted(result.by_rule.items())),
            FINDINGS_KEY: list(records(result.findings, lang)),
            SUPPRESSED_KEY: list(records(result.suppressed, lang)),
        }
        return {key: json.dumps(value) for key, value in values.items()}

    with ParquetWriter(file, metadata) as writer:
        for table in tables:
            writer.write(with_points(table, hundredths))


def with_points(table: pl.DataFrame, hundredths: Collection[str]) -> pl.DataFrame:
    """The table with its columns of hundredths as Decimal with two places."""
    import polars as pl

    hundredth = pl.lit("0.01").cast(pl.Decimal(18, 2))
    return table.with_columns(
        (pl.col(name).cast(pl.Decimal(18, 0)) * hundredth).cast(pl.Decimal(18, 2))
        for name in hundredths
    )


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

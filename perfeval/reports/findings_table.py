"""CSV of a check: a row per finding, for spreadsheets and other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from perfeval.reports import tabular
from perfeval.reports.cells import csv_cell
from perfeval.reports.findings import records

if TYPE_CHECKING:
    from perfeval.checking import CheckResult

COLUMNS = (
    "code", "name", "severity", "file", "sheet", "line", "cell", "project", "project_name",
    "indicator", "message", "fingerprint",
)  # fmt: skip


def write_csv(result: CheckResult, file: BinaryIO, lang: str, *, bom: bool = False) -> None:
    """The findings as UTF-8 CSV; what a spreadsheet would run as a formula is neutralised."""
    import polars as pl

    if bom:
        file.write(tabular.BOM)
    names = dict(result.projects.select("project", "name").iter_rows())
    columns: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    for record in records(result.findings, lang):
        told = {**record, "project_name": names.get(record["project"])}
        for name, values in columns.items():
            value = told[name]
            values.append(csv_cell(value) if isinstance(value, str | None) else str(value))
    file.write(pl.DataFrame(columns, schema=dict.fromkeys(COLUMNS, pl.String)).write_csv().encode())

"""At which cell of a workbook or document a finding is, beside the row that it is about."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from perfeval import tables
from perfeval.sources.places import Cells, Region

_OF_ROWS = frozenset((*tables.INDICATORS.columns, *tables.ACTUALS.columns)) - {"project"}
"""What each row of a list has for itself, so that it is no cell of the whole project."""

_KEYS = ("file", "sheet", "line", "about")


def with_cells(findings: pl.DataFrame, regions: Iterable[Region]) -> pl.DataFrame:
    """`findings` (as `rules.FINDINGS`) with `cell`: the address of what each is `about`, or null.

    Null where a finding is about a whole row or project, and in files without cells. `about` goes.
    """
    cells = Cells(regions)
    files = [*cells.files.intersection(findings["file"].drop_nulls().unique())]
    if not files:
        return _placed(findings.with_columns(cell=pl.lit(None, pl.String)))
    whole = pl.col("indicator").is_null() & pl.col("about").is_in(list(_OF_ROWS))
    keyed = findings.with_columns(about=pl.when(pl.col("file").is_in(files) & ~whole).then("about"))
    keys = keyed.select(_KEYS).drop_nulls().unique(maintain_order=True)
    found = [cells.address(*key) for key in keys.iter_rows()]
    known = keys.with_columns(cell=pl.Series(found, dtype=pl.String))
    return _placed(keyed.join(known, on=_KEYS, how="left", maintain_order="left"))


def _placed(findings: pl.DataFrame) -> pl.DataFrame:
    """The cell after the line."""
    names = [name for name in findings.columns if name not in ("cell", "about")]
    at = names.index("line") + 1
    return findings.select(*names[:at], "cell", *names[at:])

"""Whole columns of cells: clean numbers are parsed by polars, every other text is read once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np
import polars as pl

from perfeval.quantity.cells import Quantity, read

SCHEMA = {
    "kind": pl.String,
    "operator": pl.String,
    "number": pl.Float64,
    "unit": pl.String,
    "bound": pl.String,
    "level": pl.String,
    "share": pl.Float64,
    "period_from": pl.Int32,
    "period_to": pl.Int32,
    "due_strict": pl.Int32,
    "due_generous": pl.Int32,
    "issue": pl.String,
    "scaled": pl.Boolean,
}
"""The columns of `read_column`: those of `Quantity`, its pairs of days taken apart."""

# What needs no reading: 15 characters hold at most 15 digits, which a float64 carries exactly.
_CLEAN_LENGTH = 15
# What polars takes for a float and is no digits with a point between them: 1e5, +5, inf, NaN …
_ELSE = list("eEiInN+")


def read_column(cells: pl.Series) -> pl.DataFrame:
    """What each cell says, as `perfeval.quantity.read` has it: the columns of `SCHEMA`.

    One row per cell. A null cell is blank; where `Quantity` has None, the frame has null. Numbers
    and shares are the float64 nearest to the decimal text, days are yyyymmdd. Cells that are no
    text are read as polars prints them. A million clean cells cost no Python call each; of the
    others, each different text costs one.

    >>> read_column(pl.Series(["12.5", "≥ 95%", None])).select("kind", "operator", "number", "unit")
    shape: (3, 4)
    ┌────────┬──────────┬────────┬──────┐
    │ kind   ┆ operator ┆ number ┆ unit │
    │ ---    ┆ ---      ┆ ---    ┆ ---  │
    │ str    ┆ str      ┆ f64    ┆ str  │
    ╞════════╪══════════╪════════╪══════╡
    │ number ┆          ┆ 12.5   ┆      │
    │ number ┆ ≥        ┆ 95.0   ┆ %    │
    │ blank  ┆          ┆ null   ┆      │
    └────────┴──────────┴────────┴──────┘
    """
    cells = cells.cast(pl.String)
    if len(cells) > 1 and cells.eq_missing(cells.first()).all():
        # A column that is not filled in.
        one = read_column(cells.head(1))
        return pl.DataFrame([column.new_from_index(0, len(cells)) for column in one])
    frame = cells.alias("cell").to_frame()
    cell = pl.col("cell")
    number = pl.col("number")
    clean = number.is_not_null() & (cell.str.len_bytes() <= _CLEAN_LENGTH)
    clean &= ~cell.str.contains_any(_ELSE) & ~cell.str.ends_with(".")
    clean &= ~cell.str.starts_with(".") & ~cell.str.starts_with("-.")
    parsed = (
        frame.lazy()
        .with_columns(number=cell.cast(pl.Float64, strict=False))
        .select("number", clean=clean.fill_null(False))
        # -0 is a plain zero, as it is for `read`; adding 0.0 would be optimised away.
        .select(
            "clean", number=pl.when("clean").then(pl.when(number != 0).then(number).otherwise(0.0))
        )
        .collect()
    )
    if parsed["clean"].all():
        return parsed.select(
            "number" if name == "number" else pl.lit(value, SCHEMA[name]).alias(name)
            for name, value in zip(SCHEMA, _row(Quantity("number")), strict=True)
        )
    odd = frame.filter(~parsed["clean"])
    texts = odd["cell"].unique(maintain_order=True)
    known = texts.to_frame().with_row_index("row", offset=1)
    rows = np.zeros(len(frame), dtype=np.uint32)
    rows[~parsed["clean"].to_numpy()] = odd.join(
        known, on="cell", how="left", nulls_equal=True, maintain_order="left"
    )["row"].to_numpy()
    readings = (read(text) if text is not None else Quantity("blank") for text in texts)
    table = _table(chain([Quantity("number")], readings))
    return table[rows].with_columns(number=pl.coalesce(parsed["number"], "number"))


def _table(quantities: Iterable[Quantity]) -> pl.DataFrame:
    """One row per quantity, with the columns of `SCHEMA`."""
    return pl.DataFrame(map(_row, quantities), schema=SCHEMA, orient="row")


def _row(quantity: Quantity) -> tuple[object, ...]:
    number, share = quantity.number, quantity.share
    return (
        quantity.kind,
        quantity.operator,
        None if number is None else float(number),
        quantity.unit,
        quantity.bound,
        quantity.level,
        None if share is None else float(share),
        *(quantity.period or (None, None)),
        *(quantity.due or (None, None)),
        quantity.issue,
        quantity.scaled,
    )

"""At which cell of a workbook or document a finding is, beside the row that it is about."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

import polars as pl

from perfeval import tables
from perfeval.sources.grids.grid import column_number
from perfeval.sources.layouts.regions import Region

_INSTEAD = {
    "operator": ("target",),
    "unit": ("target",),
    "name": ("project_name", "project"),
    "budget": ("budget_total",),
}
"""Where something stands whose table has no cell for it alone: ≥ 90 % is in one."""

_OF_ROWS = frozenset((*tables.INDICATORS.columns, *tables.ACTUALS.columns)) - {"project"}
"""What each row of a list has for itself, so that it is no cell of the whole project."""

_KEYS = ("file", "sheet", "line", "about")


class Cells:
    """The cells of what the `regions` of some files hold, by file, sheet, row and name."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._single: dict[tuple[str, str | None, int, str], str] = {}
        self._tables: dict[tuple[str, str | None], list[Region]] = defaultdict(list)
        self.files: set[str] = set()
        for each in regions:
            self.files.add(each.file)
            for (line, name), address in each.cells.items():
                self._single[each.file, each.sheet, line, name] = address
            if each.first <= each.last:
                self._tables[each.file, each.sheet].append(each)
        for found in self._tables.values():
            found.sort(key=attrgetter("first"))

    def table(self, file: str, sheet: str | None, line: int) -> Region | None:
        """The table that a row belongs to; those of a sheet follow on one another."""
        found = self._tables.get((file, sheet), [])
        at = bisect_right(found, line, key=attrgetter("first"))
        return found[at - 1] if at and line <= found[at - 1].last else None

    def address(self, file: str, sheet: str | None, line: int, *names: str) -> str | None:
        """The cell (F12) of the first of `names` that the row has, None where it has none."""
        table = self.table(file, sheet, line)
        columns = table.columns if table else {}
        for name in names:
            for known in (name, *_INSTEAD.get(name, ())):
                found = self._single.get((file, sheet, line, known))
                if found or known in columns:
                    return found or f"{columns[known]}{line}"
        return None


def with_cells(findings: pl.DataFrame, regions: Iterable[Region]) -> pl.DataFrame:
    """`findings` (as `rules.FINDINGS`) with `cell`: the address of what each is `about`, or null.

    Null where a finding is about a whole row or project, and in files without cells. `about` goes.
    """
    cells = Cells(regions)
    files = [*cells.files.intersection(findings["file"].drop_nulls().unique())]
    if not files:
        return _placed(findings.with_columns(cell=pl.lit(None, pl.String)))
    whole = pl.col("indicator").is_null() & pl.col("about").is_in(list(_OF_ROWS))
    speaking = pl.col("file").is_in(files) & pl.col("sheet").is_not_null() & ~whole
    keyed = findings.with_columns(
        cell=pl.when(speaking & pl.col("line").is_not_null()).then("about")
    )
    names = [*_KEYS[:-1], "cell"]
    keys = keyed.select(names).filter(pl.col("cell").is_not_null()).unique(maintain_order=True)
    found = [cells.address(*key) for key in keys.iter_rows()]
    known = keys.with_columns(address=pl.Series(found, dtype=pl.String))
    placed = keyed.join(known, on=names, how="left", maintain_order="left")
    return _placed(placed.with_columns(cell="address").drop("address"))


def _placed(findings: pl.DataFrame) -> pl.DataFrame:
    """The cell after the line."""
    names = [name for name in findings.columns if name not in ("cell", "about")]
    at = names.index("line") + 1
    return findings.select(*names[:at], "cell", *names[at:])


def position(address: str) -> tuple[int, int]:
    """Row, from 1, and column, from 0, of a cell.

    >>> position("F12")
    (12, 5)
    """
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)

"""The rows of actuals or execution, part by part: as they stand, or put aside by part first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from perfeval.engines.ahead import ahead
from perfeval.engines.plan import Plan, Table, keys
from perfeval.names import normalise
from perfeval.sources.spill import Form, Spill, Spills

HOMELESS = -1
"""The key of rows whose project is none of the codes that there are."""

STRANGE = -2
"""The key of those whose project is no name either."""

SPILLED = 250_000
"""Rows that are read, told apart and put aside together."""

Step = Callable[[int], None]


class Side:
    """The rows of one table by part."""

    def __init__(self, table: Table, plan: Plan, spills: Spills, step: Step) -> None:
        self._table = table
        self._order: tuple[int, ...] | None = plan.in_order(table)
        self._spill: Spill | None = None
        self._mixed: set[int] = set()
        if self._order is None:
            self._spill = spills.new()
            put_aside(self._spill, table, plan, step)

    @property
    def aligned(self) -> bool:
        """Whether the rows are read where they stand."""
        return self._order is not None

    def read_at(self, part: int) -> int:
        """How many rows of the files are read with this part."""
        return 0 if self._order is None else self._order[part + 1] - self._order[part]

    def homeless(self) -> Iterator[pl.DataFrame]:
        """The rows whose project is none of the codes that there are, some at a time."""
        return self._spill.take(HOMELESS) if self._spill else iter(())

    def adopt(self, homes: pl.DataFrame) -> None:
        """Give rows that call a project by its name (`name`) to its `part`; keep the others."""
        for frame in self.homeless():
            assert self._spill is not None
            named = frame.with_columns(name=normalise(pl.col("project"))).join(
                homes, on="name", how="left", maintain_order="left"
            )
            part = pl.col("part").fill_null(STRANGE)
            for key, own in _by_part(named.with_columns(part=part).drop("name")):
                self._spill.put(key, own)
                self._mixed.add(key)

    def strangers(self) -> Iterator[pl.DataFrame]:
        """The rows whose project is unknown by code and by name, when `adopt` has been called."""
        return self._spill.take(STRANGE) if self._spill else iter(())

    def rows(self, part: int) -> pl.DataFrame:
        """The rows of a part, in the order of their files."""
        if self._order is not None:
            return self._table.read(self._order[part], self._order[part + 1])
        assert self._spill is not None
        frame = self._spill.together(part)
        if frame is None:
            return self._table.read(0, 0)
        if part not in self._mixed:
            return frame
        order = {file.name: number for number, file in enumerate(self._table.files)}
        place = pl.col("file").replace_strict(order, return_dtype=pl.UInt32)
        return frame.sort(place, "line", maintain_order=True)


def put_aside(spill: Spill, table: Table, plan: Plan, step: Step = lambda rows: None) -> None:
    """Put all rows of a table (with a column `project`) aside by part."""

    def packed(ends: tuple[int, int]) -> tuple[Form, list[tuple[int, bytes]], int]:
        rows = table.read(*ends)
        form = Form.of(rows)
        part = plan.part_of(keys(rows["project"])).fill_null(HOMELESS)
        pieces = _by_part(rows.with_columns(part=part))
        return form, [(key, form.packed(own)) for key, own in pieces], ends[1] - ends[0]

    for form, pieces, rows in ahead(packed, table.slices(SPILLED)):
        for key, data in pieces:
            spill.add(key, form, data)
        step(rows)


def _by_part(rows: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
    """Rows by their column `part`, each part's in their order."""
    ordered = rows.sort("part", maintain_order=True)
    lengths = ordered["part"].rle().struct.unnest()
    pieces, start = [], 0
    for length, part in lengths.iter_rows():
        pieces.append((int(part), ordered.slice(start, length).drop("part")))
        start += length
    return pieces

"""Which projects are scored together: parts of about so many rows, in the order of the specs.

A project lies in one part, with all its rows. Projects are told apart by the hash of their code as
codes are compared; two that share one only come to lie in the same part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from perfeval.names import normalise_column
from perfeval.problems import Problem
from perfeval.sources.slices import Rows

SLICE = 500_000
"""Rows that are looked at together while projects are found."""

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """Files of rows, one after the other; `starts`: their first rows, and the end of the last."""

    files: tuple[Rows, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, files: Sequence[Rows]) -> Table:
        """The table that `files` make up."""
        heights = np.cumsum([0, *(file.height for file in files)])
        return cls(tuple(files), tuple(int(start) for start in heights))

    def __len__(self) -> int:
        return self.starts[-1]

    @property
    def problems(self) -> Iterator[Problem]:
        """What is doubtful in each of the files."""
        return (problem for file in self.files for problem in file.problems)

    def pieces(self, start: int, stop: int) -> Iterator[tuple[Rows, int, int]]:
        """The files that the rows from `start` to `stop` lie in, and which rows of them."""
        for file, (first, end) in zip(self.files, pairwise(self.starts), strict=True):
            low, high = max(start, first), min(stop, end)
            if low < high:
                yield file, low - first, high - first

    def read(self, start: int, stop: int) -> pl.DataFrame:
        """The filled rows of those from `start` to `stop`."""
        found = [file.read(low, high) for file, low, high in self.pieces(start, stop)]
        return pl.concat(found) if found else self.files[0].read(0, 0)

    def look(self, start: int, stop: int, columns: tuple[str, ...]) -> pl.DataFrame:
        """Some columns of these rows, also where they hold no text."""
        return pl.concat(
            file.look(low, high, columns) for file, low, high in self.pieces(start, stop)
        )

    def slices(self, size: int = SLICE) -> Iterator[tuple[int, int]]:
        """All rows, some at a time."""
        for start in range(0, len(self), size):
            yield start, min(start + size, len(self))

    def runs(self) -> Iterator[tuple[Numbers, Hashes]]:
        """Where another project begins than in the row before: row and project, slice by slice."""
        for start, stop in self.slices():
            found = self.look(start, stop, ("project",))
            cells = found.to_series()
            first = np.flatnonzero((cells != cells.shift(1)).fill_null(True).to_numpy())
            yield first + start, keys(cells.gather(first))


def keys(projects: pl.Series) -> Hashes:
    """The hash of each project's code, as codes are compared."""
    return normalise_column(projects).hash(0).to_numpy()


@dataclass(frozen=True)
class Plan:
    """The parts of a table of specs.

    cuts: where parts begin and the last one ends, in rows; None where projects are scattered, so
    that their rows have to be brought together first. homes: which `part` each project (`key`)
    belongs to.
    """

    parts: int
    cuts: tuple[int, ...] | None
    homes: pl.DataFrame

    @classmethod
    def of(cls, specs: Table, rows: int) -> Plan:
        """Parts of at least `rows` rows of `specs`, or of one project that has more."""
        found = list(specs.runs())
        starts = np.concatenate([start for start, _ in found])
        projects = np.concatenate([key for _, key in found])
        same = projects[1:] == projects[:-1]
        if same.any():  # a project that goes on in the next slice
            keep = np.concatenate(([True], ~same))
            starts, projects = starts[keep], projects[keep]
        lengths = np.diff(starts, append=len(specs))
        runs = pl.DataFrame({"key": projects, "rows": lengths})
        whole = runs.group_by("key", maintain_order=True).agg(pl.col("rows").sum())
        before = whole["rows"].cum_sum().to_numpy() - whole["rows"].to_numpy()
        part = before // rows
        # Numbered without gaps, where one project fills several.
        _, part = np.unique(part, return_inverse=True)
        homes = whole.select("key", part=pl.Series(part.astype(np.uint32)))
        cuts = None
        if len(whole) == len(runs):
            first = np.flatnonzero(np.diff(part, prepend=-1))
            cuts = (*starts[first].tolist(), len(specs))
        return cls(int(part[-1]) + 1, cuts, homes)

    def part_of(self, projects: Hashes) -> pl.Series:
        """The part of each project; null for those that are in none."""
        asked = pl.DataFrame({"key": projects})
        return asked.join(self.homes, on="key", how="left", maintain_order="left")["part"]

    def in_order(self, table: Table) -> tuple[int, ...] | None:
        """Where parts begin in `table` and the last one ends, if its rows are in their order.

        None where they are not, or where a row is for no project that there is. Looks at every row.
        """
        counts = np.zeros(self.parts, np.int64)
        last = 0
        for starts, projects in table.runs():
            parts = self.part_of(projects)
            if parts.null_count():
                return None
            own = parts.to_numpy().astype(np.int64)
            if own[0] < last or (np.diff(own) < 0).any():
                return None
            last = int(own[-1])
            end = min(int(starts[0]) + SLICE, len(table))
            counts += np.bincount(own, np.diff(starts, append=end), self.parts).astype(np.int64)
        return tuple(np.concatenate(([0], np.cumsum(counts))).tolist())

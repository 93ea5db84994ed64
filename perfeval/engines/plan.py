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

from perfeval.engines.ahead import ahead
from perfeval.names import begins, normalise_column
from perfeval.problems import Problem
from perfeval.sources.slices import Rows

SLICE = 500_000
"""Rows that are looked at together while projects are found."""

_PENDING = 8_000_000
"""Runs of scattered projects that are gathered before they are brought together."""

_NOWHERE = -1

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Runs:
    """Neighbouring rows of one project each: its key, and how many rows there are."""

    projects: Hashes
    rows: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.projects)

    @classmethod
    def together(cls, some: Sequence[Runs]) -> Runs:
        """`some`, one after the other."""
        return cls(
            np.concatenate([each.projects for each in some]),
            np.concatenate([each.rows for each in some]),
        )

    def by_project(self) -> Runs:
        """One for each project, in the order in which they first appear."""
        order = np.argsort(self.projects, kind="stable")
        ordered = self.projects[order]
        begins = np.flatnonzero(ordered != np.roll(ordered, 1))
        if len(begins) == len(self):
            return self
        begins = begins if len(begins) else np.zeros(1, np.intp)  # a single project
        rows = np.add.reduceat(self.rows[order], begins, dtype=np.uint32)
        appear = np.argsort(order[begins])
        return Runs(ordered[begins][appear], rows[appear])


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

    def slices(self, size: int | None = None) -> Iterator[tuple[int, int]]:
        """All rows, `size` (`SLICE`) at a time."""
        size = size or SLICE
        for start in range(0, len(self), size):
            yield start, min(start + size, len(self))

    def runs(self) -> Iterator[Runs]:
        """Where another project begins than in the row before, slice by slice."""
        return ahead(self._runs, self.slices())

    def _runs(self, ends: tuple[int, int]) -> Runs:
        start, stop = ends
        cells = self.look(start, stop, ("project",)).to_series()
        first = np.flatnonzero(begins(cells).to_numpy())
        rows = np.diff(first, append=stop - start).astype(np.uint32)
        return Runs(keys(cells.gather(first)), rows)


def keys(projects: pl.Series) -> Hashes:
    """The hash of each project's code, as codes are compared."""
    return normalise_column(projects).hash(0).to_numpy()


@dataclass(frozen=True)
class Plan:
    """The parts of a table of specs.

    cuts: where parts begin and the last one ends, in rows; None where projects are scattered, so
    that their rows have to be brought together first. projects: the keys of all of them, sorted;
    places: where each of these stands among them as they first appear; firsts: that of the first
    project of each part.
    """

    parts: int
    cuts: tuple[int, ...] | None
    projects: Hashes
    places: npt.NDArray[np.uint32]
    firsts: Numbers

    @classmethod
    def of(cls, specs: Table, rows: int) -> Plan:
        """Parts of at least `rows` rows of `specs`, or of one project that has more."""
        found: list[Runs] = []
        pending, runs, last = 0, 0, None
        for some in specs.runs():
            # A project that goes on in the next slice is one run.
            runs += len(some) - int(some.projects[0] == last)
            last = some.projects[-1]
            found.append(some)
            pending += len(some)
            # Scattered projects are brought together now and then, so that memory stays small.
            if pending > max(_PENDING, len(found[0])):
                found, pending = [Runs.together(found).by_project()], 0
        whole = Runs.together(found)
        del found
        whole = whole.by_project()
        ends = np.cumsum(whole.rows, dtype=np.int64)
        part = (ends - whole.rows) // rows
        # Numbered without gaps, where one project fills several.
        firsts = np.flatnonzero(np.diff(part, prepend=-1))
        cuts = None
        if len(whole) == runs:
            cuts = (*(ends - whole.rows)[firsts].tolist(), len(specs))
        places = np.argsort(whole.projects, kind="stable").astype(np.uint32)
        return cls(len(firsts), cuts, whole.projects[places], places, firsts)

    def part_of(self, projects: Hashes) -> pl.Series:
        """The part (int64) of each project; null for those that are in none."""
        # Looked up in their order, neighbours are found close to each other in memory.
        order = np.argsort(projects)
        asked = projects[order]
        at = np.minimum(np.searchsorted(self.projects, asked), len(self.projects) - 1)
        part = np.searchsorted(self.firsts, self.places[at], side="right") - 1
        part[self.projects[at] != asked] = _NOWHERE
        found = np.empty(len(projects), np.int64)
        found[order] = part
        parts = pl.Series("part", found)
        return parts.set(parts == _NOWHERE, None)

    def in_order(self, table: Table) -> tuple[int, ...] | None:
        """Where parts begin in `table` and the last one ends, if its rows are in their order.

        None where they are not, or where a row is for no project that there is. Looks at every row.
        """
        counts = np.zeros(self.parts, np.int64)
        last = 0
        for runs in table.runs():
            parts = self.part_of(runs.projects)
            if parts.null_count():
                return None
            own = parts.to_numpy()
            if own[0] < last or (np.diff(own) < 0).any():
                return None
            last = int(own[-1])
            counts += np.bincount(own, runs.rows, self.parts).astype(np.int64)
        return tuple(np.concatenate(([0], np.cumsum(counts))).tolist())

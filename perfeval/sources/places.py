"""Where values stand in files of cells: small tables that readers hand up beside their rows."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import attrgetter

from perfeval.problems import Problem
from perfeval.sources.grids.grid import column_letter, column_number

_INSTEAD = {
    "operator": ("target",),
    "unit": ("target",),
    "name": ("project_name", "project"),
    "budget": ("budget_total",),
}
"""Where something stands whose table has no cell for it alone: ≥ 90 % is in one."""


@dataclass(frozen=True, slots=True)
class Region:
    """The rows of a table on one sheet (or page), and where in them values stand.

    `columns` holds the letters of the columns by what they hold, for the rows from `first` to
    `last`; `cells` the address (F12) of a value that stands elsewhere, by the row that it belongs
    to and what it is: merged with the rows above, labelled above the table (it belongs to the row
    in which the form begins), in the block of funds, in the row of sums. `first` is above `last`
    where the sheet has none of the rows.
    """

    file: str
    sheet: str | None
    first: int
    last: int
    columns: dict[str, str]
    cells: dict[tuple[int, str], str]


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

    def placed(self, problem: Problem, name: str) -> Problem:
        """A problem with a row at the cell of what its row has as `name`, where there is one."""
        if problem.file is None or problem.sheet is None or problem.line is None:
            return problem
        address = self.address(problem.file, problem.sheet, problem.line, name)
        if address is None:
            return problem
        line, column = position(address)
        return replace(problem, line=line, column=column_letter(column))


def position(address: str) -> tuple[int, int]:
    """Row, from 1, and column, from 0, of a cell.

    >>> position("F12")
    (12, 5)
    """
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)

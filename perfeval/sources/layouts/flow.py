"""Tables of a document that belong together: a form that several of them make up.

In a document a form may begin with lines of text (a title, 项目名称：…), have its head, its funds
and its indicators in tables of their own, and go on in another table, with its headings again or
without any. Such parts are joined into one grid, whose rows keep the places where they stand; a
table that belongs to no form stays by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from perfeval.sources import headings
from perfeval.sources.grids import Grid
from perfeval.sources.grids.grid import Position
from perfeval.sources.layouts.funds import read_funds
from perfeval.sources.layouts.headers import Header, find_headers
from perfeval.sources.layouts.labels import CONTACT, is_contact, is_title, label_of, words

BEGINS = ("name", "code", "department", "funds")
"""Labels that begin a form."""

_FOOT = ("total_score", "grade", "remarks", CONTACT)


def begins(grid: Grid, row: int) -> bool:
    """Whether a row is the first of a form: its title, or a cell that says what it is about."""
    texts = [grid.own(row, column) for column in range(len(grid.rows[row]))]
    texts = [text for text in texts if text]
    if len(texts) == 1 and is_title(texts[0]):
        return True
    leads = (text.partition("：")[0].partition(":")[0] for text in texts[:3])
    return any(label_of(lead) in BEGINS for lead in leads)


def differs(one: Header, other: Header) -> bool:
    """Whether two rows of headings name other columns, or the same in another order."""
    return [name for name in one.names if name] != [name for name in other.names if name]


def joined(grids: Iterable[Grid]) -> list[Grid]:
    """The grids of a document, those joined that make up one form or list."""
    forms: list[_Parts] = []
    above: list[Grid] = []
    for grid in (grid for grid in grids if grid.rows):
        if grid.outside:
            above.append(grid)
            continue
        form = forms[-1] if forms else None
        if form and (part := form.following(grid, above)):
            form.grids += [*above, part]
        else:
            below, above = _divided(above) if form else ([], above)
            if form:
                form.grids += below
            forms.append(_Parts(grid, above))
        above = []
    if forms:
        forms[-1].grids += above
        return [_one(form.grids) for form in forms]
    return above


class _Parts:
    """The parts of a form so far, lines of text included.

    `header` are its last headings, `edges` the columns at which their cells begin.
    """

    def __init__(self, grid: Grid, above: Sequence[Grid]) -> None:
        self.grids = [*above, grid]
        self.header: Header | None = None
        self.edges: tuple[int, ...] = ()
        self.is_head = any(
            begins(part, row) for part in self.grids for row in range(len(part.rows))
        ) or bool(read_funds(grid, 0, len(grid.rows)).rows)
        self._learn(grid)

    def _learn(self, grid: Grid) -> None:
        found = find_headers(grid)
        if found:
            self.header = found[-1]
            self.edges = grid.edges[self.header.last] if grid.edges else ()

    def following(self, grid: Grid, above: Sequence[Grid]) -> Grid | None:
        """The next table as a part of this form, its columns where the form has them, if it is."""
        found = find_headers(grid)
        first = found[0].first if found else len(grid.rows)
        anew = any(begins(part, row) for part in above for row in range(len(part.rows)))
        anew |= any(begins(grid, row) and not _is_funds(grid, row) for row in range(first))
        if anew:
            return None
        if self.header is None:
            if self.is_head:
                self._learn(grid)
                return grid
            return None
        if found:
            same = not first and not differs(found[0], self.header)
            return self._fitted(grid, found[0].last) if same else None
        if _is_foot(grid):
            return grid
        fits = (row for row, edges in enumerate(grid.edges) if len(edges) == len(self.edges))
        row = next(fits, None)
        widest = max(map(len, grid.edges), default=0)
        return self._fitted(grid, row) if row is not None and widest == len(self.edges) else None

    def _fitted(self, grid: Grid, row: int) -> Grid | None:
        """A grid with its columns moved: cells of `row` stand below the cells of the headings.

        None where a cell would be lost.
        """
        if not grid.edges or not self.edges or grid.edges[row] == self.edges:
            return grid
        there, here = self.edges, grid.edges[row]
        if len(there) != len(here) or here[0] < there[0]:
            return None
        source = list(range(there[0]))  # of each column of the form, the grid's
        for cell, (left, right) in enumerate(pairwise(there)):
            width = here[cell + 1] - here[cell]
            source += [here[cell] + min(step, width - 1) for step in range(right - left)]
        moved = {old: new for new, old in reversed(list(enumerate(source)))}
        return _moved(grid, source, moved)


def _moved(grid: Grid, source: Sequence[int], moved: dict[int, int]) -> Grid | None:
    """A grid whose column `new` is the column `source[new]` of the old one."""
    copies: dict[Position, Position] = {}
    rows = []
    for row, cells in enumerate(grid.rows):
        for column, text in enumerate(cells):
            if text and (row, column) not in grid.copies and column not in moved:
                return None
        rows.append([grid.text(row, old) for old in source])
        for new, old in enumerate(source):
            origin = grid.copies.get((row, old), (row, old))
            at = (origin[0], moved[origin[1]]) if origin[1] in moved else None
            if at and at != (row, new):
                copies[row, new] = at
    edges = [(*(moved.get(edge, 0) for edge in edges[:-1]), len(source)) for edges in grid.edges]
    return Grid(grid.file, grid.sheet, grid.lines, rows, copies, edges=edges, doubts=grid.doubts)


def _one(grids: Sequence[Grid]) -> Grid:
    """Several grids as one, each row with the place where it stands."""
    tables = [grid for grid in grids if not grid.outside]
    whole = Grid(grids[0].file, tables[0].sheet)
    outside: set[int] = set()
    for grid in grids:
        above = len(whole.rows)
        whole.rows += grid.rows
        whole.lines += grid.lines
        whole.sheets += [grid.sheet] * len(grid.rows)
        whole.edges += grid.edges or [(0, 1)] * len(grid.rows)
        outside.update(row + above for row in grid.outside)
        for (row, column), (first, left) in grid.copies.items():
            whole.copies[row + above, column] = (first + above, left)
        for (row, column), doubt in grid.doubts.items():
            whole.doubts[row + above, column] = doubt
    whole.outside = set(outside)
    return whole


def _divided(above: Sequence[Grid]) -> tuple[list[Grid], list[Grid]]:
    """Lines of text between two forms: those below the first, and those above the second."""
    lines = [(grid, row) for grid in above for row in range(len(grid.rows))]
    start = next((at for at, (grid, row) in enumerate(lines) if begins(grid, row)), None)
    if start is None:
        ends = (at + 1 for at, (grid, row) in enumerate(lines) if _ends(grid.rows[row][0]))
        start = max(ends, default=0)
    parts = (lines[:start], lines[start:])
    below, above = ([_lines(part)] if part else [] for part in parts)
    return below, above


def _lines(lines: Sequence[tuple[Grid, int]]) -> Grid:
    part = Grid(lines[0][0].file, lines[0][0].sheet)
    part.lines = [grid.lines[row] for grid, row in lines]
    part.rows = [grid.rows[row] for grid, row in lines]
    part.outside = set(range(len(lines)))
    return part


def _ends(text: str) -> bool:
    """Whether a line of text closes a form: its score, its grade, a signature, a remark."""
    match = words().inline.match(text)
    return is_contact(text) or (match is not None and label_of(match[1]) in _FOOT)


def _is_foot(grid: Grid) -> bool:
    """Whether a table without headings holds the sums, grade or signatures of the form above."""
    for row in range(len(grid.rows)):
        text = next((text for text in grid.rows[row] if text), "")
        if headings.compared(text) in words().totals or label_of(text) in _FOOT or _ends(text):
            return True
    return False


def _is_funds(grid: Grid, row: int) -> bool:
    return any(label_of(text) == "funds" for text in grid.rows[row])

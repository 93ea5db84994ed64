"""From the pages of a PDF to grids: tables that go on over pages are one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from perfeval.messages import N_
from perfeval.sources.disclosure import levels
from perfeval.sources.disclosure.form import LABEL
from perfeval.sources.grids.grid import Grid, Room
from perfeval.sources.grids.pdf.blocks import Cell, PageBlocks, Ruled, Words
from perfeval.sources.grids.pdf.text import inset, is_full, joined

_SAME_EDGE = 5.0
"""Points within which lines of tables on two pages are the same column's."""

_DIVIDED = N_(
    "the row was divided by the end of the page, and is read as one: {text}; look at the pages"
)


def page_name(number: int) -> str:
    """What stands for the name of a sheet in the places of a PDF."""
    return f"第{number}页"


@dataclass(slots=True)
class Row:
    """A row of a page: its place, and the cells that begin or go on in it.

    `cells` maps the column in which a cell begins, as numbered in its table, to the cell and the
    column after its last; those that go on from the row above are in `below`. The `line` counts the
    rows of the page from 1; `table` is None for words outside of tables.
    """

    page: int
    line: int
    table: Ruled | None
    cells: dict[int, tuple[Cell, int]] = field(default_factory=dict)
    below: dict[int, tuple[tuple[int, int], int]] = field(default_factory=dict)
    owner: int = 0
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """Rows that make up a grid, and the tables they are of."""

    rows: list[Row] = field(default_factory=list)
    tables: list[Ruled] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    @property
    def last(self) -> Row | None:
        """Its last row."""
        return self.rows[-1] if self.rows else None


def grids(pages: Sequence[PageBlocks], file: str, room: Room) -> list[Grid]:
    """The grids of a PDF: each a table, or those that go on from one another, with their titles."""
    return [_grid(run, file, room) for run in _runs(pages) if run.tables]


def _runs(pages: Iterable[PageBlocks]) -> list[Run]:
    found = [Run()]
    carried: list[Row] = []  # a title at the foot of a page, whose table is on the next
    for page in pages:
        line = 0
        waiting, carried = carried, []  # words that belong to the table below, or else above
        first = True
        for block in page.blocks:
            if isinstance(block, Words):
                line += 1
                waiting.append(Row(page.number, line, None, texts=block.texts))
                continue
            rows = _table_rows(block, page.number, line)
            line += len(block.table.ys) - 1
            run = found[-1]
            if not _goes_on(run, block, waiting, first):
                end = _end(waiting, page.number if first else 0)
                _add_words(run, waiting[:end])
                waiting = waiting[end:]
                if run.tables:
                    run = Run()
                    found.append(run)
            elif first and run.tables and not waiting:
                _join_divided(run, rows)
                _join_merged(run, rows)
            _add_words(run, waiting)
            run.rows += rows
            run.tables.append(block)
            waiting, first = [], False
        end = _end(waiting, 0)
        if not first and any(_words(row).is_title for row in waiting[end:]):
            waiting, carried = waiting[:end], waiting[end:]
        _add_words(found[-1], waiting)
    return found


def _add_words(run: Run, rows: Sequence[Row]) -> None:
    run.rows += rows
    run.said.update(_said(row) for row in rows)


def _said(row: Row) -> str:
    return "".join("".join(row.texts).split())


def _words(row: Row) -> Words:
    return Words(row.texts, 0.0)


def _end(waiting: Sequence[Row], fresh: int) -> int:
    """How many of the words between two tables belong to the one above.

    On a fresh page none; else those before the first that is about the table below.
    """
    if fresh:
        return 0
    return next(
        (index for index, row in enumerate(waiting) if _words(row).is_titular), len(waiting)
    )


def _goes_on(run: Run, block: Ruled, waiting: Sequence[Row], fresh: bool) -> bool:
    """Whether a table belongs into the grid of the one above it.

    On the same page it does, where no title stands between and they are not side by side; on a
    fresh page, where it is as wide, and what stands above it has been said above.
    """
    if not run.tables:
        return True
    before = run.tables[-1].table
    if not fresh:
        beside = block.table.left >= before.right or block.table.right <= before.left
        return not beside and not any(_words(row).is_title for row in waiting)
    wide = abs((block.table.right - block.table.left) - (before.right - before.left))
    ends = run.last is not None and run.last.table is not None
    if wide > _SAME_EDGE or not ends:
        return False
    return not waiting or (
        all(_said(row) in run.said for row in waiting) and _has_columns(run, block)
    )


def _has_columns(run: Run, block: Ruled) -> bool:
    """Whether each upright line of a table is one of those above, as those of a new page are."""
    known = _columns(run.tables)
    xs = [x - block.table.left for x in block.table.xs]
    return all(abs(known[_nearest(known, x)] - x) <= _SAME_EDGE for x in xs)


def _table_rows(block: Ruled, page: int, line: int) -> list[Row]:
    found = []
    table = block.table
    columns = len(table.xs) - 1
    for index in range(len(table.ys) - 1):
        row = Row(page, line + 1 + index, block, owner=index)
        column = 0
        while column < columns:
            place = table.owner[index][column]
            end = column + 1
            while end < columns and table.owner[index][end] == place:
                end += 1
            if place in block.cells:
                if place == (index, column):
                    row.cells[column] = (block.cells[place], end)
                else:
                    row.below[column] = (place, end)
            column = end
        found.append(row)
    return found


def _join_merged(run: Run, rows: list[Row]) -> None:
    """Give both parts of a merged cell that a page break divided the text of the one that has it.

    So only for levels: of two other cells, one of them blank, nobody knows.
    """
    above, below = run.last, rows[0] if rows else None
    if above is None or below is None or not above.table or not below.table:
        return
    shift = below.table.table.left - above.table.table.left
    for column, (lower, end) in list(below.cells.items()):
        xs = below.table.table.xs
        here = [_nearest(above.table.table.xs, xs[at] - shift) for at in (column, end)]
        owner = above.table.table.owner[above.owner][here[0] : here[1]]
        if not owner or set(owner) != {owner[0]}:
            continue
        place = owner[0]
        upper = above.table.cells.get(place)
        text = (upper.text if upper else "") + lower.text
        if upper and levels.is_level(text) and not levels.is_level(lower.text):
            upper.text = lower.text = text
        elif not levels.is_level("".join(lower.text.split())):
            continue
        if upper is None:
            above.table.cells[place] = upper = Cell(lower.text, lower.lines)
            first = next(
                row for row in run.rows if row.table is above.table and row.owner == place[0]
            )
            first.cells[place[1]] = (upper, here[1])
            for row in run.rows:
                if row.table is above.table and row.owner > place[0]:
                    row.below[place[1]] = (place, here[1])
        elif upper.text == lower.text:  # set across the break, and so on both pages
            upper.doubt = lower.doubt = ""


def _join_divided(run: Run, rows: list[Row]) -> None:
    """Put a row together that a page break divided: its cells go on at the top of the next page."""
    above, below = run.last, rows[0] if rows else None
    if above is None or below is None or not above.table or not below.table or not below.cells:
        return
    if above.page != below.page - 1 or below.below:
        return
    shift = below.table.table.left - above.table.table.left
    upper = {_edges(above, column, 0.0): column for column in above.cells}
    pairs: dict[int, int] = {}
    for column in below.cells:
        match = next(
            (at for edges, at in upper.items() if _same(edges, _edges(below, column, shift))), None
        )
        if match is not None:
            pairs[column] = match
    if not pairs or not _same_columns(above, below, shift) or _is_labelled(above, below):
        return
    whole = len(pairs) == len(below.cells)
    if not whole and len(pairs) != len(above.cells):
        return
    full = all(_is_full(above, at, below, column) for column, at in pairs.items())
    # Beside a label, a text alone goes on from the page before, also with a new paragraph.
    alone = whole and len(below.cells) == 1 and len(above.cells) == 2 and _is_last(above, pairs)
    if not full and not alone:
        return
    for column, at in pairs.items():
        goes_on = _is_full(above, at, below, column)
        upper_cell, lower_cell = above.cells[at][0], below.cells.pop(column)[0]
        upper_cell.text = joined(upper_cell.text, lower_cell.text, goes_on)
        upper_cell.doubt = upper_cell.doubt or lower_cell.doubt or ("" if alone else _DIVIDED)
    for column, found in below.cells.items():
        edges = _edges(below, column, shift)
        xs = above.table.table.xs
        above.cells[_nearest(xs, edges[0])] = (found[0], _nearest(xs, edges[1]))
    below.cells.clear()


def _same_columns(above: Row, below: Row, shift: float) -> bool:
    """Whether two rows are divided into the same cells."""
    ends = []
    for row, moved in ((above, 0.0), (below, shift)):
        assert row.table
        table = row.table.table
        own = table.owner[row.owner]
        ends.append([table.xs[at] - moved for at in range(1, len(own)) if own[at] != own[at - 1]])
    return len(ends[0]) == len(ends[1]) and all(
        abs(one - other) <= _SAME_EDGE for one, other in zip(*ends, strict=True)
    )


def _is_labelled(above: Row, below: Row) -> bool:
    """Whether a row begins with a label of a form, and not with the rest of one."""
    text = below.cells[min(below.cells)][0].text
    whole = above.cells[min(above.cells)][0].text + text if above.cells else text
    return _label(text) and not _label(whole)


def _label(text: str) -> bool:
    return LABEL.fullmatch("".join(text.split())) is not None


def _is_last(above: Row, pairs: dict[int, int]) -> bool:
    return max(above.cells) in pairs.values()


def _is_full(above: Row, at: int, below: Row, column: int) -> bool:
    upper, lower = above.cells[at][0], below.cells[column][0]
    left, right = _edges(above, at, 0.0)
    room = right - left - inset(upper.lines, left, right)
    return is_full(upper.lines[-1], lower.lines[0], room)


def _edges(row: Row, column: int, shift: float) -> tuple[float, float]:
    assert row.table
    xs = row.table.table.xs
    return xs[column] - shift, xs[row.cells[column][1]] - shift


def _nearest(xs: Sequence[float], x: float) -> int:
    return min(range(len(xs)), key=lambda place: abs(xs[place] - x))


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) <= _SAME_EDGE for a, b in zip(one, other, strict=True))


def _grid(run: Run, file: str, room: Room) -> Grid:
    """The grid of a run: its columns lie between all upright lines of its tables."""
    columns = _columns(run.tables)
    place = {id(block): _positions(block, columns) for block in run.tables}
    grid = Grid(file, page_name(run.rows[0].page))
    owners: dict[tuple[int, tuple[int, int]], tuple[int, int]] = {}
    for row in run.rows:
        at = len(grid.rows)
        cells: list[str] = []
        copies: dict[tuple[int, int], tuple[int, int]] = {}
        doubts: dict[int, Cell] = {}
        if row.table is None:
            cells = list(row.texts)
            grid.outside.add(at)
        else:
            spots = place[id(row.table)]
            for column, (cell, end) in sorted(row.cells.items()):
                first = spots[column]
                _fill(cells, first, spots[end], cell.text)
                owners[id(row.table), (row.owner, column)] = (at, first)
                copies |= {(at, each): (at, first) for each in range(first + 1, spots[end])}
                if cell.doubt:
                    doubts[first] = cell
            for column, (origin, end) in sorted(row.below.items()):
                source = owners.get((id(row.table), origin))
                if source is None:
                    continue
                first = spots[column]
                _fill(cells, first, spots[end], grid.rows[source[0]][source[1]])
                copies |= {(at, each): source for each in range(first, spots[end])}
        if not any(cells):
            continue
        room.take(len(cells))
        grid.rows.append(cells)
        grid.lines.append(row.line)
        grid.sheets.append(page_name(row.page))
        grid.copies |= copies
        for column, cell in doubts.items():
            if room.doubts > 0:
                room.doubts -= 1
                values = {"text": cell.text[:40]}
                grid.doubts[at, column] = grid.problem(cell.doubt, values, at, column)
    return grid


def _fill(cells: list[str], first: int, end: int, text: str) -> None:
    cells.extend([""] * (end - len(cells)))
    cells[first:end] = [text] * (end - first)


def _columns(tables: Sequence[Ruled]) -> list[float]:
    """The upright lines of all tables, from the left edge of each."""
    xs = sorted(x - block.table.left for block in tables for x in block.table.xs)
    found: list[float] = []
    for x in xs:
        if not found or x - found[-1] > _SAME_EDGE:
            found.append(x)
    return found


def _positions(block: Ruled, columns: Sequence[float]) -> list[int]:
    """The column of the grid in which each column of a table begins (and the last ends)."""
    found: list[int] = []
    for x in block.table.xs:
        at = _nearest(columns, x - block.table.left)
        found.append(max(at, found[-1] + 1) if found else at)
    return found

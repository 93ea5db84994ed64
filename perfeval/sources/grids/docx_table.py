"""A table of a Word document while it is read: its cells, what is merged, and their symbols."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfeval.sources.grids.archive import Attributes, attribute
from perfeval.sources.grids.grid import Grid, Range, Rows

# Characters of fonts that have pictures in the places of letters.
_SYMBOLS = {
    "symbol": {
        0xB3: "≥", 0xA3: "≤", 0x3D: "=", 0x3E: ">", 0x3C: "<", 0xB9: "≠", 0xB1: "±", 0xB4: "×",
        0x25: "%", 0xB0: "°", 0xA5: "∞",
    },
    "wingdings": {0xFC: "✓", 0xFE: "☑", 0xA8: "□", 0x6F: "□", 0xFB: "✗"},
    "wingdings 2": {0x50: "✓", 0x52: "☑", 0xA3: "□", 0x4F: "✗"},
}  # fmt: skip


@dataclass(slots=True)
class Cell:
    """A cell: its columns, and what its marks say of merging."""

    left: int = 0
    right: int = 0
    span: int = 1
    down: str = ""  # "restart" and "continue" of a cell that is merged downwards
    beside: bool = False  # it goes on with the cell before it
    deleted: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the cell says, a line for each paragraph."""
        return "" if self.deleted else "\n".join(self.lines)


@dataclass(slots=True)
class Table:
    """A table while it is read; `cells` are those of its row that say something."""

    name: str
    index: int
    rows: Rows
    inside: int = 0  # tables inside it so far
    line: int = 0
    column: int = 0
    deleted: bool = False
    hidden: bool = False
    cells: list[Cell] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    all_edges: dict[int, tuple[int, ...]] = field(default_factory=dict)
    down: dict[int, Range] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)

    def end_row(self) -> int:
        """Take the row; returns how many of its texts are hidden by merging."""
        hidden = 0
        kept: list[Cell] = []
        for cell in self.cells:
            above = self.down.get(cell.left)
            if cell.down == "continue" and above and above[1] == self.line - 1:
                self.down[cell.left] = (above[0], self.line, *above[2:])
                hidden += bool(cell.lines)
                continue
            kept.append(cell)
            if above:
                self.merged.append(self.down.pop(cell.left))
            if cell.down == "restart":
                self.down[cell.left] = (self.line, self.line, cell.left, cell.right)
            elif cell.right > cell.left:
                self.merged.append((self.line, self.line, cell.left, cell.right))
        texts = [(cell.left, text) for cell in kept if not self.deleted and (text := cell.text)]
        if texts:
            self.rows.begin(self.line)
            self.all_edges[self.line] = (*self.edges, self.column)
        for column, text in texts:
            self.rows.put(column, text)
        if self.hidden:
            self.rows.hidden.add(self.line)
        return hidden

    def finish(self) -> Grid:
        """The grid, once all rows are there."""
        merged = [
            (top, bottom, left, right)
            for top, bottom, left, right in (*self.merged, *self.down.values())
            if top < bottom or left < right
        ]
        grid = self.rows.finish(sorted(merged))
        grid.edges = [self.all_edges[line] for line in grid.lines]
        return grid


def symbol(attributes: Attributes) -> str:
    """The character that a symbol of a font stands for; "�" where it is not known."""
    font = attribute(attributes, "font").casefold()
    try:
        code = int(attribute(attributes, "char"), 16)
    except ValueError:
        return "�"
    if code < 0xF000:
        return chr(code) if 0x20 <= code < 0xD800 else "�"
    return _SYMBOLS.get(font, {}).get(code - 0xF000, "�")

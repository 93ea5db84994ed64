"""A sheet's part: cells get another style, and the sheet the drawing that holds its comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from perfeval.reports.annotation.marks import Position
from perfeval.reports.annotation.xml import (
    Edit,
    Element,
    elements,
    quoteattr,
    set_attribute,
    spliced,
    utf8,
)
from perfeval.sources.grids.archive import attribute
from perfeval.sources.grids.grid import column_letter, column_number

_BEHIND_DRAWING = (
    "legacyDrawingHF", "picture", "oleObjects", "controls", "AlternateContent",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip


@dataclass(slots=True)
class _Row:
    line: int
    element: Element | None = None
    cells: dict[int, Element] = field(default_factory=dict)
    last: int = -1


class SheetPart:
    """The XML of a sheet, read as far as the rows `lines` need it.

    `drawing` is the id of the drawing that holds comments and old controls, "" for none; `root` the
    sheet's outermost element.
    """

    def __init__(self, part: bytes, lines: Iterable[int]) -> None:
        self._part = utf8(part)
        self._rows = {line: _Row(line) for line in sorted(lines)}
        self._next: dict[int, int] = {}  # missing row → where the row behind it begins
        self._columns: list[tuple[int, int, int]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._line = 0
        outer = [each for each in elements(self._part, self._is_wanted) if each.depth < 2]
        found = {each.local: each for each in outer}
        self.root, self._data = found["worksheet"], found["sheetData"]
        drawing = found.get("legacyDrawing")
        self.drawing = attribute(drawing.attributes, "id") if drawing else ""
        behind = [each.start for each in outer if each.local in _BEHIND_DRAWING]
        self._place = min([self.root.close, *(at for at in behind if at >= self._data.end)])

    def _is_wanted(self, element: Element) -> bool:
        """Note what an element says when it begins; whether its own place is needed."""
        match element.local:
            case "row":
                return self._begin(element)
            case "c":
                return self._note_cell(element)
            case "col":
                first, last = (int(element.attributes.get(name, 0)) for name in ("min", "max"))
                style = int(element.attributes.get("style", 0))
                self._columns.append((first - 1, last - 1, style))
            case "mergeCell":
                top, _, bottom = element.attributes.get("ref", "").partition(":")
                self._merged.append((*position(top), *position(bottom or top)))
        behind = element.depth == 1 and element.local in (*_BEHIND_DRAWING, "legacyDrawing")
        return behind or (element.depth, element.local) in ((0, "worksheet"), (1, "sheetData"))

    def _begin(self, element: Element) -> bool:
        self._line = int(element.attributes.get("r", self._line + 1))
        for line in self._rows:
            if line < self._line and self._rows[line].element is None:
                self._next.setdefault(line, element.start)
        row = self._rows.get(self._line)
        if row is not None:
            row.element = element
        return row is not None

    def _note_cell(self, element: Element) -> bool:
        row = self._rows.get(self._line)
        if row is None:
            return False
        written = element.attributes.get("r", "")
        row.last = column_number(written.rstrip("0123456789")) if written else row.last + 1
        row.cells[row.last] = element
        return True

    def shown_at(self, place: Position) -> tuple[Position, bool]:
        """The cell that shows what is at `place`, the first of those merged with it.

        And whether it spans several rows.
        """
        line, column = place
        for top, left, bottom, right in self._merged:
            if top <= line <= bottom and left <= column <= right:
                return (top, left), bottom > top
        return place, False

    def style(self, place: Position) -> int:
        """The style of a cell: its own, else its row's, else its column's."""
        line, column = place
        row = self._rows[line]
        if column in row.cells:
            return int(row.cells[column].attributes.get("s", 0))
        own = row.element.attributes if row.element else {}
        if own.get("customFormat") in ("1", "true"):
            return int(own.get("s", 0))
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    def content(self, styles: Mapping[Position, int], drawing: str) -> bytes:
        """The part with these styles of cells, and with its drawing of comments, if it has none."""
        edits: list[Edit] = []
        missing: dict[int, bytes] = {}
        for line, row in self._rows.items():
            own = {column: style for (at, column), style in styles.items() if at == line}
            if row.element is None:
                missing[line] = self._new_row(line, own)
            else:
                edits += self._edit_row(row, row.element, own)
        edits += self._insert_rows(missing)
        if not self.drawing:
            edits.append((self._place, self._place, self._drawing(drawing)))
        return spliced(self._part, edits)

    def _edit_row(self, row: _Row, element: Element, styles: Mapping[int, int]) -> list[Edit]:
        edits: list[Edit] = []
        new: dict[int, bytes] = {}
        for column, style in sorted(styles.items()):
            cell = row.cells.get(column)
            if cell is None:
                new[column] = self._new_cell(row.line, column, style)
                continue
            tag = self._part[cell.start : cell.inside]
            edits.append((cell.start, cell.inside, set_attribute(tag, "s", style)))
        behind: list[bytes] = []
        for column, content in new.items():
            later = [cell.start for at, cell in row.cells.items() if at > column]
            if later:
                edits.append((min(later), min(later), content))
            else:
                behind.append(content)
        if behind:
            edits += element.grown(self._part, b"".join(behind))
        return edits

    def _insert_rows(self, missing: Mapping[int, bytes]) -> list[Edit]:
        edits: list[Edit] = []
        behind: list[bytes] = []
        for line, content in sorted(missing.items()):
            at = self._next.get(line)
            if at is None:
                behind.append(content)
            else:
                edits.append((at, at, content))
        return [*edits, *(self._data.grown(self._part, b"".join(behind)) if behind else [])]

    def _new_row(self, line: int, styles: Mapping[int, int]) -> bytes:
        name = f"{self.root.prefix}row"
        cells = b"".join(self._new_cell(line, *each) for each in sorted(styles.items()))
        return f'<{name} r="{line}">'.encode() + cells + f"</{name}>".encode()

    def _new_cell(self, line: int, column: int, style: int) -> bytes:
        reference = f"{column_letter(column)}{line}"
        return f'<{self.root.prefix}c r="{reference}" s="{style}"/>'.encode()

    def _drawing(self, id_: str) -> bytes:
        """The element that names the drawing; its namespace is that of the part's relations."""
        known = [
            (name.removeprefix("xmlns:"), uri)
            for name, uri in self.root.attributes.items()
            if name.startswith("xmlns:") and uri.endswith("/relationships")
        ]
        name = f"{self.root.prefix}legacyDrawing"
        if known:
            return f"<{name} {known[0][0]}:id={quoteattr(id_)}/>".encode()
        uri = quoteattr(_relationships(self.root))
        return f"<{name} xmlns:r={uri} r:id={quoteattr(id_)}/>".encode()


def _relationships(root: Element) -> str:
    """The namespace of relations that goes with the one the sheet is written in."""
    strict = any("purl.oclc.org" in uri for uri in root.attributes.values())
    home = "http://purl.oclc.org/ooxml" if strict else "http://schemas.openxmlformats.org"
    return f"{home}/officeDocument/{'' if strict else '2006/'}relationships"


def position(reference: str) -> Position:
    """The place of a cell's name.

    >>> position("E12"), position("$B$3")
    ((12, 4), (3, 1))
    """
    plain = reference.replace("$", "")
    letters = plain.rstrip("0123456789")
    line = plain[len(letters) :]
    return int(line) if line else 0, column_number(letters)

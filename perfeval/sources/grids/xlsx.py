"""Workbooks of Excel 2007 and later, and of WPS: .xlsx, .xlsm, .et.

Read from the file's own XML in one pass, so that a cell's number and its format are seen together,
and that no more memory is taken than its text needs. Formulas are not computed: what the program
that saved the file last computed stands beside them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.problems import InputError, Problem
from perfeval.sources.grids import bounds, formats
from perfeval.sources.grids.archive import Archive, Attributes, attribute, local
from perfeval.sources.grids.grid import Grid, Range, Room, Rows, column_number

MACROS = N_("the file holds macros; they are never run")

_ROOT = "_rels/.rels"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,4})\$?(\d{1,9})(?::\$?([A-Za-z]{1,4})\$?(\d{1,9}))?")
_TRUE = ("1", "true")
_MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def main_part(archive: Archive) -> str:
    """The part that a packed Office document begins with, such as xl/workbook.xml."""
    relations = _relations(archive, _ROOT, "").values() if _ROOT in archive else ()
    parts = [relation.part for relation in relations if relation.type == "officeDocument"]
    return parts[0] if parts else ""


def read_xlsx(archive: Archive, workbook: str) -> tuple[list[Grid], list[Problem]]:
    """The grids of a packed workbook whose main part is `workbook`, and what is said of it."""
    relations = _relations(archive, relations_of(workbook), posixpath.dirname(workbook))
    sheets, from_1904 = _sheets(archive, workbook, relations)
    by_type = {relation.type: relation.part for relation in relations.values()}
    texts = _shared_strings(archive, by_type["sharedStrings"]) if "sharedStrings" in by_type else {}
    codes = _formats(archive, by_type["styles"]) if "styles" in by_type else []
    room = Room(archive.file)
    reader = _Reader(archive, room, texts, [_Style(code, from_1904) for code in codes])
    grids = [reader.read(sheet) for sheet in sheets]
    macros = any(posixpath.basename(name).lower() == "vbaproject.bin" for name in archive.names)
    return grids, [Problem(MACROS, {}, archive.file)] if macros else []


def sheet_parts(archive: Archive, workbook: str) -> dict[str, str]:
    """The part of each sheet with cells, by the sheet's name."""
    sheets, _ = _sheets(archive, workbook, relations(archive, workbook))
    return {sheet.name: sheet.part for sheet in sheets}


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """What a part refers to, by the id of the relation."""
    name = relations_of(part)
    return _relations(archive, name, posixpath.dirname(part)) if name in archive else {}


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the end of the relation's type, and the other part."""

    type: str
    part: str


def relations_of(part: str) -> str:
    """The name of the part that holds the relations of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relations(archive: Archive, part: str, folder: str) -> dict[str, Relation]:
    found: dict[str, Relation] = {}

    def start(name: str, attributes: Attributes) -> None:
        if local(name) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        kind = attributes.get("Type", "").rpartition("/")[2]
        found[attributes.get("Id", "")] = Relation(kind, posixpath.normpath(path))

    archive.parse(part, start)
    return found


def _sheets(
    archive: Archive, workbook: str, relations: dict[str, Relation]
) -> tuple[list[_Sheet], bool]:
    sheets: list[_Sheet] = []
    from_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal from_1904
        if local(name) == "workbookPr":
            from_1904 = attributes.get("date1904") in _TRUE
        elif local(name) == "sheet":
            relation = relations.get(attribute(attributes, "id"))
            if relation and relation.type == "worksheet":
                state = attributes.get("state", "visible")
                sheets.append(_Sheet(attributes.get("name", ""), relation.part, state != "visible"))

    archive.parse(workbook, start)
    refuse_many_sheets(len(sheets), archive.file)
    return sheets, from_1904


def refuse_many_sheets(count: int, file: str) -> None:
    """Raise `InputError` where a workbook has more sheets than are read."""
    if count > bounds.MOST_SHEETS:
        raise InputError.of(
            N_("the workbook has {found} sheets; at most {most} are read: divide it"),
            file=file,
            found=count,
            most=bounds.MOST_SHEETS,
        )


class _Names(dict[str, str]):
    """Names of elements as they are written → without their prefix; "" for others than `known`."""

    def __init__(self, *known: str) -> None:
        super().__init__({name: name for name in known})

    def __missing__(self, name: str) -> str:
        tag = self.get(local(name), "")
        if len(self) < _MOST_NAMES:
            self[name] = tag
        return tag


def _shared_strings(archive: Archive, part: str) -> dict[str, str]:
    """The texts that cells share, by their number as it is written."""
    names = _Names("si", "t", "rPh")
    texts: dict[str, str] = {}
    pieces: list[str] = []
    shown = 0  # how many pieces are the text itself, without how it is pronounced
    taken = False

    def start(name: str, _: Attributes) -> None:
        nonlocal shown, taken
        tag = names[name]
        if tag == "t":
            taken = True
        elif tag == "si":
            pieces.clear()
            shown = 0
        elif tag == "rPh":
            shown = len(pieces)

    def end(name: str) -> None:
        nonlocal taken
        tag = names[name]
        if tag == "t":
            taken = False
        elif tag == "si":
            texts[str(len(texts))] = _text("".join(pieces))
        elif tag == "rPh":
            del pieces[shown:]

    def text(data: str) -> None:
        if taken:
            pieces.append(data)

    archive.parse(part, start, end, text)
    return texts


def _text(raw: str) -> str:
    if "_x" in raw:
        raw = _ESCAPED.sub(_character, raw)
    return raw.strip(BLANKS)


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return match[0] if "\ud800" <= character <= "\udfff" else character


def _formats(archive: Archive, part: str) -> list[str]:
    """The number format of each style that cells can have."""
    own: dict[int, str] = {}
    numbers: list[int] = []
    in_cells = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal in_cells
        match local(name):
            case "numFmt":
                own[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            case "cellXfs":
                in_cells = True
            case "xf" if in_cells:
                numbers.append(_whole(attributes.get("numFmtId")))

    def end(name: str) -> None:
        nonlocal in_cells
        if local(name) == "cellXfs":
            in_cells = False

    archive.parse(part, start, end)
    return [own.get(number) or formats.BUILT_IN.get(number, formats.GENERAL) for number in numbers]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


class _Style:
    """A number format and the numbers it has shown: most of them come many times."""

    __slots__ = ("code", "known", "show")

    def __init__(self, code: str, from_1904: bool) -> None:
        self.code = code
        self.show = formats.shower(code, from_1904=from_1904)
        self.known: dict[str, formats.Shown] = {}


class _Reader:
    """Reads the sheets of one workbook; `texts` and `styles` by their numbers as written."""

    def __init__(
        self, archive: Archive, room: Room, texts: dict[str, str], styles: list[_Style]
    ) -> None:
        self._archive = archive
        self._room = room
        self._texts = texts
        self._styles: dict[str | None, _Style] = {
            str(number): style for number, style in enumerate(styles)
        }
        self._styles[None] = styles[0] if styles else _Style(formats.GENERAL, False)
        self._columns: dict[str, int] = {}

    def read(self, sheet: _Sheet) -> Grid:
        """The grid of a sheet."""
        rows = Rows(self._archive.file, sheet.name, self._room)
        merged: list[Range] = []
        start, end, text = self._handlers(rows, merged)
        self._archive.parse(sheet.part, start, end, text)
        return rows.finish(merged, sheet.hidden)

    def _handlers(
        self, rows: Rows, merged: list[Range]
    ) -> tuple[Callable[[str, Attributes], None], Callable[[str], None], Callable[[str], None]]:
        """What is called for each element: the innermost loop, so it keeps its state in locals."""
        names = _Names("row", "c", "v", "f", "is", "rPh", "mergeCell")
        texts = self._texts
        pieces: list[str] = []
        cells: list[str] = []
        line = column = mark = 0
        kind = style = value = formula = None

        def start(name: str, attributes: Attributes) -> None:
            nonlocal line, column, kind, style, value, formula, mark, cells
            tag = names[name]
            if tag == "c":
                reference = attributes.get("r")
                column = column + 1 if reference is None else self._column(reference)
                kind = attributes.get("t")
                style = attributes.get("s")
                value = formula = None
            elif tag in ("v", "f", "is"):
                pieces.clear()
            elif tag == "row":
                number = attributes.get("r")
                line = _whole(number) if number else line + 1
                column = -1
                cells = rows.begin(line)
                if attributes.get("hidden") in _TRUE:
                    rows.hidden.add(line)
            elif tag == "rPh":
                mark = len(pieces)
            elif tag == "mergeCell":
                merged.extend(_range(attributes.get("ref", "")))

        def end(name: str) -> None:
            nonlocal value, formula
            tag = names[name]
            if tag == "v" or tag == "is":
                value = "".join(pieces)
            elif tag == "c":
                if not value and kind != "str":  # a formula's text may well be empty
                    if formula is not None:
                        rows.put_formula(column, f"={formula}")
                    return
                value = value or ""
                text = texts.get(value) if kind == "s" else None
                if text is None or column != len(cells) or column >= bounds.MOST_COLUMNS:
                    self._put(rows, column, kind, style, value)
                elif text:
                    cells.append(text)
            elif tag == "f":
                formula = "".join(pieces)
            elif tag == "rPh":
                del pieces[mark:]

        return start, end, pieces.append

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters)
            if column < 0:
                raise self._archive.damaged(reference)
        return column

    def _put(
        self, rows: Rows, column: int, kind: str | None, style: str | None, value: str
    ) -> None:
        """Fill a cell of any kind."""
        if kind is None or kind == "n":
            self._put_number(rows, column, style, value)
        elif kind == "s":
            if value not in self._texts:
                raise self._archive.damaged(f"shared string {value}")
            rows.put(column, self._texts[value])
        elif kind == "b":
            rows.put(column, "TRUE" if value.strip() in _TRUE else "FALSE")
        elif kind == "d":
            rows.put(column, value.strip().removesuffix("T00:00:00").replace("T", " "))
        else:  # inlineStr, str (a formula's), e (an error)
            rows.put(column, _text(value))

    def _put_number(self, rows: Rows, column: int, style: str | None, value: str) -> None:
        shape = self._styles.get(style) or self._styles[None]
        shown = shape.known.get(value)
        if shown is None:
            try:
                shown = shape.show(float(value))
            except ValueError:
                raise self._archive.damaged(f"number {value}") from None
            shape.known[value] = shown
        rows.put(column, shown[0], shown[1], shape.code)


def _range(reference: str) -> list[Range]:
    match = _REFERENCE.fullmatch(reference)
    if match is None or match[3] is None:
        return []
    left, right = column_number(match[1]), column_number(match[3])
    return [(int(match[2]), int(match[4]), left, right)]

"""The parts of a workbook together: those that marks need are edited or added, the others kept."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping

from perfeval.messages import N_
from perfeval.problems import InputError
from perfeval.reports.annotation.comments import blocks, comments_part, drawing_part
from perfeval.reports.annotation.marks import Mark, Marks, Position
from perfeval.reports.annotation.sheet import SheetPart
from perfeval.reports.annotation.styles import Styles
from perfeval.reports.annotation.xml import elements, quoteattr, spliced, utf8
from perfeval.sources.grids.archive import Archive, attribute
from perfeval.sources.grids.xlsx import main_part, relations, relations_of, sheet_parts

_TYPES = "[Content_Types].xml"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWINGS = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_RELATIONS = f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_RELATIONS}"/>'
_NUMBER = re.compile(r"^rId(\d+)$")


def annotated(data: bytes, file: str, marks: Marks, lang: str) -> bytes:
    """The workbook `data` (an .xlsx or .xlsm) with `marks`: coloured cells with comments.

    Every part that no mark needs is the same, and so is what stands beside the marks in the others.
    Raises `InputError` where the file is damaged or has no styles.
    """
    return _Package(data, file).annotated(marks, lang)


class _Package:
    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._archive = data, Archive(data, file)
        self._workbook = main_part(self._archive)
        self._changed: dict[str, bytes] = {}

    def annotated(self, marks: Marks, lang: str) -> bytes:
        own = relations(self._archive, self._workbook)
        name = next((each.part for each in own.values() if each.type == "styles"), "")
        try:
            styles = Styles(self._read(name) if name else b"<styleSheet/>")
        except ValueError:
            template = N_("the workbook has no cell styles; open it and save it as .xlsx again")
            raise InputError.of(template, file=self._archive.file) from None
        sheets = sheet_parts(self._archive, self._workbook)
        for sheet, own_marks in marks.items():
            self._annotate(sheets[sheet], own_marks, styles, lang)
        if marks:
            self._changed[name] = styles.content()
        return self._packed()

    def _read(self, name: str) -> bytes:
        """A part as it is by now."""
        if name in self._changed:
            return self._changed[name]
        return b"".join(self._archive.chunks(name))

    def _annotate(
        self, name: str, marks: Mapping[Position, Mark], styles: Styles, lang: str
    ) -> None:
        sheet = SheetPart(self._read(name), {line for line, _ in marks})
        # A comment at a cell that is merged with others belongs to the first of them.
        shown: dict[Position, list[Mark]] = {}
        for place, mark in marks.items():
            first, is_tall = sheet.shown_at(place)
            shown.setdefault(first, []).append(mark.in_row(place[0], lang) if is_tall else mark)
        sheet = SheetPart(self._read(name), {line for line, _ in shown})
        notes = {place: "\n".join(mark.text(lang) for mark in own) for place, own in shown.items()}
        colours = {
            place: styles.marked(sheet.style(place), _worst(own)) for place, own in shown.items()
        }
        known = relations(self._archive, name)
        comments = next((each.part for each in known.values() if each.type == "comments"), "")
        drawing = known[sheet.drawing].part if sheet.drawing in known else ""
        id_ = sheet.drawing
        if not drawing:
            drawing = self._free("xl/drawings/vmlDrawing{}.vml")
            id_ = self._relate(name, drawing, "vmlDrawing")
            self._declare("Default", "Extension", "vml", _DRAWINGS)
        block = max([0, *self._blocks()]) + 1
        part = self._read(comments) if comments else None
        namespace = sheet.root.attributes.get(f"xmlns:{sheet.root.prefix}".rstrip(":"), "")
        said = comments_part(part, notes, namespace)
        if not comments:
            comments = self._free("xl/comments{}.xml")
            self._relate(name, comments, "comments")
            self._declare("Override", "PartName", f"/{comments}", _COMMENTS)
        old = self._read(drawing) if drawing in self._archive else None
        self._changed[comments] = said.content
        self._changed[drawing] = drawing_part(old, said, notes, block)
        self._changed[name] = sheet.content(colours, id_)

    def _blocks(self) -> Iterator[int]:
        names = {*self._archive.names, *self._changed}
        for name in names:
            if name.lower().endswith(".vml"):
                yield from blocks(self._read(name))

    def _free(self, pattern: str) -> str:
        """A name for a part that none has yet."""
        taken = {name.lower() for name in (*self._archive.names, *self._changed)}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        self._changed[pattern.format(number)] = b""
        return pattern.format(number)

    def _relate(self, part: str, other: str, kind: str) -> str:
        """Let a part refer to another; the id of the relation."""
        name = relations_of(part)
        is_known = name in self._archive or name in self._changed
        content = utf8(self._read(name) if is_known else _NO_RELATIONS.encode())
        found = list(elements(content, lambda each: True))
        root = found[-1]
        numbers = [
            int(match[1])
            for each in found[:-1]
            if (match := _NUMBER.match(attribute(each.attributes, "Id")))
        ]
        id_ = f"rId{max([0, *numbers]) + 1}"
        type_ = f"{self._home()}/{kind}"
        target = posixpath.relpath(other, posixpath.dirname(part))
        written = (
            f"<{root.prefix}Relationship Id={quoteattr(id_)} Type={quoteattr(type_)}"
            f" Target={quoteattr(target)}/>"
        )
        self._changed[name] = spliced(content, root.grown(content, written.encode()))
        return id_

    def _home(self) -> str:
        """What the types of relations begin with; strict files have another than usual ones."""
        part = utf8(self._read(relations_of(self._workbook)))
        found = elements(part, lambda each: each.local == "Relationship")
        types = [attribute(each.attributes, "Type").rpartition("/") for each in found]
        return next(home for home, _, kind in types if kind == "worksheet")

    def _declare(self, kind: str, key: str, value: str, content_type: str) -> None:
        """Name the type of a part, or of an extension, unless it is named already."""
        content = utf8(self._read(_TYPES))
        found = list(elements(content, lambda each: True))
        known = {attribute(each.attributes, key).lower() for each in found if each.local == kind}
        if value.lower() in known:
            return
        root = found[-1]
        written = (
            f"<{root.prefix}{kind} {key}={quoteattr(value)} ContentType={quoteattr(content_type)}/>"
        )
        self._changed[_TYPES] = spliced(content, root.grown(content, written.encode()))

    def _packed(self) -> bytes:
        """The file: its parts in their order with their dates, then the new ones."""
        buffer = io.BytesIO()
        changed = dict(self._changed)
        with (
            zipfile.ZipFile(io.BytesIO(self._data)) as source,
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            known = {part.filename: part for part in source.infolist()}
            for name, part in known.items():
                copy = zipfile.ZipInfo(name, part.date_time)
                copy.compress_type, copy.external_attr = part.compress_type, part.external_attr
                content = changed.pop(name, None)
                target.writestr(copy, self._read(name) if content is None else content)
            for name, content in changed.items():
                new = zipfile.ZipInfo(name)
                new.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(new, content)
        return buffer.getvalue()


def _worst(marks: list[Mark]) -> str:
    from perfeval.tables import SEVERITIES

    return min((mark.severity for mark in marks), key=SEVERITIES.index)

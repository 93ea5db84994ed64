"""The comments of a sheet, and the shapes of the old drawing format that show them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from perfeval.reports.annotation.marks import Position
from perfeval.reports.annotation.sheet import position
from perfeval.reports.annotation.xml import Edit, Element, elements, escape, spliced, utf8
from perfeval.reports.text import escaped, width
from perfeval.sources.grids.grid import column_letter

AUTHOR = "perfeval"

_ID = re.compile(rb"_x0000_s(\d+)")
_BLOCK = re.compile(rb"<[^<>]*idmap[^<>]*\bdata=[\"']([\d, ]+)[\"']")
_SHAPES = 1024  # ids of one block
_WIDE = 44  # characters of a line of a comment

_NEW_DRAWING = """<xml xmlns:v="urn:schemas-microsoft-com:vml"\
 xmlns:o="urn:schemas-microsoft-com:office:office"\
 xmlns:x="urn:schemas-microsoft-com:office:excel">\
<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>"""
_SHAPE_TYPE = """<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"\
 path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>\
<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_SHAPE = """<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;\
visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>\
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>\
<v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/>\
<x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 4, {right}, 31, {bottom}, 4</x:Anchor>\
<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData>\
</v:shape>"""

Notes = Mapping[Position, str]


def comments_part(part: bytes | None, notes: Notes, namespace: str) -> tuple[bytes, list[Position]]:
    """The part of comments with `notes` added, and the cells that had no comment before.

    A cell's own comment stays, and what we say follows it; what it says already is not repeated.
    """
    if part is None:
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        part = f'{head}<comments xmlns="{namespace}"><authors/><commentList/></comments>'.encode()
    part = utf8(part)
    found = list(elements(part, _is_wanted))
    authors, comments = (
        next(each for each in found if each.local == name) for name in ("authors", "commentList")
    )
    known = {
        position(each.attributes.get("ref", "")): each for each in found if each.local == "comment"
    }
    author = sum(each.local == "author" for each in found)
    new = [place for place in notes if place not in known]
    edits: list[Edit] = []
    for place, note in notes.items():
        if place in known:
            edits += _extended(part, known[place], found, note)
    if new:
        name = f"{authors.prefix}author"
        edits += authors.grown(part, f"<{name}>{AUTHOR}</{name}>".encode())
        content = "".join(_comment(place, notes[place], author, comments.prefix) for place in new)
        edits += comments.grown(part, content.encode())
    return spliced(part, edits), new


def drawing_part(part: bytes | None, places: list[Position], notes: Notes, block: int) -> bytes:
    """The drawing with a hidden box for the comment at each of `places`.

    `block` is a block of ids that no other drawing of the workbook has, for a new one.
    """
    if part is None:
        part = _NEW_DRAWING.format(block=block).encode()
        number = block * _SHAPES
    else:
        number = max([_SHAPES, *map(int, _ID.findall(part))])
    kind = b"" if b"_x0000_t202" in part else _SHAPE_TYPE.encode()
    shapes = [
        _shape(number + count, place, notes[place]).encode()
        for count, place in enumerate(places, 1)
    ]
    # Such drawings are not always sound XML; only their last tag is certain.
    at = part.rindex(b"</xml>")
    return part[:at] + kind + b"".join(shapes) + part[at:]


def blocks(part: bytes) -> list[int]:
    """The blocks of ids that a drawing uses."""
    found = [int(number) for list_ in _BLOCK.findall(part) for number in list_.split(b",")]
    return [*found, *(int(number) // _SHAPES for number in _ID.findall(part))]


def _is_wanted(element: Element) -> bool:
    return element.local in ("authors", "author", "commentList", "comment", "text", "t", "rPh")


def _comment(place: Position, note: str, author: int, prefix: str) -> str:
    line, column = place
    reference = f"{column_letter(column)}{line}"
    text = f"<{prefix}text>{_run(note, prefix)}</{prefix}text>"
    return f'<{prefix}comment ref="{reference}" authorId="{author}">{text}</{prefix}comment>'


def _run(note: str, prefix: str) -> str:
    said = escape(escaped(note, keep="\n"))
    return f'<{prefix}r><{prefix}t xml:space="preserve">{said}</{prefix}t></{prefix}r>'


def _extended(part: bytes, comment: Element, found: list[Element], note: str) -> list[Edit]:
    """The edits that let a comment say `note` too, as far as it does not yet."""
    inside = [each for each in found if comment.start < each.start < comment.end]
    said = b"".join(part[each.inside : each.close] for each in inside if each.local == "t")
    rest = "\n".join(
        each for each in note.split("\n") if escape(escaped(each)).encode() not in said
    )
    text = next((each for each in inside if each.local == "text"), None)
    if not rest or text is None:
        return []
    run = _run("\n" + rest, text.prefix).encode()
    spoken = [each.start for each in inside if each.local == "rPh"]
    if spoken and not text.is_empty:
        return [(min(spoken), min(spoken), run)]
    return text.grown(part, run)


def _shape(number: int, place: Position, note: str) -> str:
    line, column = place
    lines = sum(1 + width(each) // _WIDE for each in note.split("\n"))
    top = max(0, line - 2)
    return _SHAPE.format(
        id=number,
        row=line - 1,
        column=column,
        left=column + 1,
        right=column + 5,
        top=top,
        bottom=top + min(20, max(2, lines)),
    )

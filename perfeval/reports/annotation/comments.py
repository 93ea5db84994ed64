"""The comments of a sheet, and the shapes of the old drawing format that show them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
_MOST_LINES = 20  # of a box; longer comments are scrolled
_LEAST = {b"pt": (200, 13), b"px": (267, 17)}  # width of a box, and height of a line in it

# The box of a comment: its cell, its size, and the cells that its corners stand on.
_BOX = re.compile(rb"<(?P<tag>(?:\w+:)?shape)\b[^>]*>.*?</(?P=tag)>", re.S)
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d{1,7})\s*<")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d{1,5})\s*<")
_SIZE = re.compile(rb"(?<=[;\"'\s])(width|height)\s*:\s*([\d.]{1,8})(pt|px)")
_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>\s*)(\d{1,7}(?:\s*,\s*\d{1,7}){7})")

_SPACES = """ xmlns:v="urn:schemas-microsoft-com:vml"\
 xmlns:o="urn:schemas-microsoft-com:office:office"\
 xmlns:x="urn:schemas-microsoft-com:office:excel\""""
_NEW_DRAWING = """<xml{spaces}>\
<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>"""
_SHAPE_TYPE = """<v:shapetype{spaces} id="_x0000_t202" coordsize="21600,21600" o:spt="202"\
 path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>\
<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_SHAPE = """<v:shape{spaces} id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;\
visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>\
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>\
<v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/>\
<x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 4, {right}, 31, {bottom}, 4</x:Anchor>\
<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData>\
</v:shape>"""

Notes = Mapping[Position, str]


@dataclass(frozen=True, slots=True)
class Comments:
    """A part of comments; the cells that had none before, and how many lines others gained."""

    content: bytes
    new: list[Position]
    gained: dict[Position, int]


def comments_part(part: bytes | None, notes: Notes, namespace: str) -> Comments:
    """The part of comments with `notes` added.

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
    gained: dict[Position, int] = {}
    edits: list[Edit] = []
    for place, note in notes.items():
        if place in known:
            more = _unsaid(part, known[place], found, note)
            edits += _extended(part, known[place], found, more)
            gained[place] = _lines(more)
    if new:
        name = f"{authors.prefix}author"
        edits += authors.grown(part, f"<{name}>{AUTHOR}</{name}>".encode())
        content = "".join(_comment(place, notes[place], author, comments.prefix) for place in new)
        edits += comments.grown(part, content.encode())
    return Comments(spliced(part, edits), new, gained)


def drawing_part(part: bytes | None, comments: Comments, notes: Notes, block: int) -> bytes:
    """The drawing with a hidden box for each new comment, and the boxes of others as they need it.

    `block` is a block of ids that no other drawing of the workbook has, for a new one.
    """
    places = comments.new
    if part is None:
        part = _NEW_DRAWING.format(block=block, spaces=_SPACES).encode()
        number = block * _SHAPES
    else:
        number = max([_SHAPES, *map(int, _ID.findall(part))])
        part = _BOX.sub(lambda box: _grown(box[0], comments.gained), part)
    # Not every program declares the prefixes at the root, where ours would find them.
    root = part[: part.find(b">") + 1].decode("ascii", "replace")
    spaces = "" if all(space in root for space in _SPACES.split()) else _SPACES
    kind = b"" if b"_x0000_t202" in part else _SHAPE_TYPE.format(spaces=spaces).encode()
    shapes = [
        _shape(number + count, place, notes[place], spaces).encode()
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


def _inside(comment: Element, found: list[Element]) -> list[Element]:
    return [each for each in found if comment.start < each.start < comment.end]


def _unsaid(part: bytes, comment: Element, found: list[Element], note: str) -> str:
    """The lines of `note` that a comment does not say yet."""
    texts = (each for each in _inside(comment, found) if each.local == "t")
    said = b"".join(part[each.inside : each.close] for each in texts)
    return "\n".join(
        each for each in note.split("\n") if escape(escaped(each)).encode() not in said
    )


def _extended(part: bytes, comment: Element, found: list[Element], more: str) -> list[Edit]:
    """The edits that let a comment say `more`."""
    inside = _inside(comment, found)
    text = next((each for each in inside if each.local == "text"), None)
    if not more or text is None:
        return []
    run = _run("\n" + more, text.prefix).encode()
    spoken = [each.start for each in inside if each.local == "rPh"]
    if spoken and not text.is_empty:
        return [(min(spoken), min(spoken), run)]
    return text.grown(part, run)


def _lines(note: str) -> int:
    """How many lines a note takes in a box."""
    return sum(1 + width(each) // _WIDE for each in note.split("\n")) if note else 0


def _grown(box: bytes, gained: Mapping[Position, int]) -> bytes:
    """The box of a comment, higher and wider where the comment gained lines."""
    row, column = _ROW.search(box), _COLUMN.search(box)
    if not row or not column:
        return box
    lines = min(_MOST_LINES, gained.get((int(row[1]) + 1, int(column[1])), 0))
    if not lines:
        return box
    head, mark, rest = box.partition(b">")

    def size(found: re.Match[bytes]) -> bytes:
        length, (width_, height) = float(found[2]), _LEAST[found[3]]
        length = max(length, width_) if found[1] == b"width" else length + lines * height
        return b"%s:%g%s" % (found[1], length, found[3])

    def anchor(found: re.Match[bytes]) -> bytes:
        ends = [int(number) for number in found[2].split(b",")]
        ends[4], ends[6] = max(ends[4], ends[0] + 4), ends[6] + lines
        return found[1] + b", ".join(b"%d" % end for end in ends)

    return _SIZE.sub(size, head) + mark + _ANCHOR.sub(anchor, rest)


def _shape(number: int, place: Position, note: str, spaces: str) -> str:
    line, column = place
    top = max(0, line - 2)
    return _SHAPE.format(
        spaces=spaces,
        id=number,
        row=line - 1,
        column=column,
        left=column + 1,
        right=column + 5,
        top=top,
        bottom=top + min(_MOST_LINES, max(2, _lines(note))),
    )

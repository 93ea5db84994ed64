"""Places of elements in the bytes of an XML part, and edits at these places.

Only what is edited changes; everything between stays byte by byte as it was, however it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from perfeval.sources.grids.archive import local

__all__ = ["Edit", "Element", "elements", "escape", "quoteattr", "set_attribute", "spliced", "utf8"]

Edit = tuple[int, int, bytes]
"""From where to where bytes are replaced, and by what."""

_TAG_END = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_NAME = re.compile(rb"<[^\s/>]+")
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(slots=True)
class Element:
    """An element from `start` to `end`, counted in bytes.

    Its start tag ends at `inside`, its end tag begins at `close`. An empty one (`<a/>`) has no
    inside: `inside`, `close` and `end` are the same.
    """

    name: str
    attributes: dict[str, str]
    depth: int
    start: int
    inside: int
    close: int = 0
    end: int = 0
    parent: Element | None = field(default=None, repr=False)

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return local(self.name)

    @property
    def prefix(self) -> str:
        """The prefix with its colon, "" where there is none."""
        return self.name[: len(self.name) - len(self.local)]

    @property
    def is_empty(self) -> bool:
        """Whether it is written as one tag."""
        return self.inside == self.end

    def grown(self, data: bytes, content: bytes, **attributes: object) -> list[Edit]:
        """The edits that add `content` at the end of what is inside, and set attributes."""
        tag = data[self.start : self.inside]
        for name, value in attributes.items():
            tag = set_attribute(tag, name, value)
        if self.is_empty:
            opened = tag.removesuffix(b"/>").rstrip() + b">"
            closed = f"</{self.name}>".encode()
            return [(self.start, self.end, opened + content + closed)]
        return [(self.start, self.inside, tag), (self.close, self.close, content)]


def elements(data: bytes, is_wanted: Callable[[Element], bool]) -> Iterator[Element]:
    """The elements of a part (UTF-8) that are wanted, in the order of their ends.

    `is_wanted` sees an element at its start tag. The part has been read before, so it is sound.
    """
    parser = expat.ParserCreate()
    open_: list[Element] = []
    wanted: set[int] = set()
    found: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        tag = _TAG_END.match(data, at)
        assert tag is not None
        above = open_[-1] if open_ else None
        element = Element(name, attributes, len(open_), at, tag.end(), parent=above)
        open_.append(element)
        if is_wanted(element):
            wanted.add(at)

    def end(name: str) -> None:
        element = open_.pop()
        if data[element.inside - 2 : element.inside] == b"/>":
            element.close = element.end = element.inside
        else:
            element.close = parser.CurrentByteIndex
            element.end = data.index(b">", element.close) + 1
        if element.start in wanted:
            wanted.discard(element.start)
            found.append(element)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return iter(found)


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with its edits; those at one place are made in the order in which they come."""
    pieces = []
    at = 0
    # What is inserted at a place stands before what is replaced from there on.
    for start, end, content in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [data[at:start], content]
        at = end
    return b"".join([*pieces, data[at:]])


def set_attribute(tag: bytes, name: str, value: object) -> bytes:
    """A start tag with an attribute set.

    >>> set_attribute(b'<c r="A1" s="3"/>', "s", 7), set_attribute(b"<c/>", "s", 7)
    (b'<c r="A1" s="7"/>', b'<c s="7"/>')
    """
    written = f"{name}={quoteattr(str(value))}".encode()
    known = re.compile(rb"(?<=\s)" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")
    if known.search(tag):
        return known.sub(lambda _: written, tag, count=1)
    beginning = _NAME.match(tag)
    assert beginning is not None
    return tag[: beginning.end()] + b" " + written + tag[beginning.end() :]


def utf8(data: bytes) -> bytes:
    """A part in UTF-8, in which offsets count; UTF-16, which is rare, is written anew."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return data
    text = _DECLARED.sub("", data.decode("utf-16"))
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text.encode()

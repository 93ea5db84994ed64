"""Where in a TOML text a key stands: `tomllib` tells the line of a syntax error only.

The text is read once into a tree of the places where its keys, tables and array elements begin.
Reading takes time linear in the text, uses no recursion and never fails: of a text with a syntax
error it keeps what comes before the part it cannot follow.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(
    r'''
      (?P<blank> [ \t\r]+ | \#[^\n]* )
    | (?P<newline> \n )
    | (?P<string> """ (?: [^"\\] | \\. | "(?!"") )*+ """ "{0,2}
                | \'\'\' (?: [^'] | '(?!\'\') )*+ \'\'\' '{0,2}
                | (?!""") " (?: [^"\\\n] | \\[^\n] )*+ "
                | (?!\'\'\') ' [^'\n]*+ ' )
    | (?P<bare> [A-Za-z0-9_+-]+ )
    | (?P<sign> [][{}=,.] )
    | (?P<other> [^"'] )
    ''',
    re.VERBOSE | re.DOTALL,
)

_Token = tuple[str, str, int]  # kind (a group of `_TOKEN`), text, line


def line_of(text: str, path: tuple[str | int, ...]) -> int | None:
    r"""The line (from 1) where `path` begins in a TOML text, None where the text does not hold it.

    A key begins where it is written, a table at its header (one that is only implied, at the first
    key or header that implies it), an element of an array at its first character. A number in
    `path` counts the elements of an array, or of an array of tables, from 0.

    >>> line_of('schema = 1\n[[indicators]]\nname = "a"\n[[indicators]]\n', ("indicators", 1))
    4
    >>> line_of('[rules."direct"]\ncurve = [\n  [0, 0],\n]', ("rules", "direct", "curve", 0))
    3
    """
    node: _Place | None = _read(text).root
    for part in path:
        if node is None:
            break
        node = node.items.get(part)
    return node.line if node else None


def nesting(text: str) -> int:
    r"""How deep a TOML text goes at most: its longest dotted key plus its deepest brackets.

    `tomllib` recurses into brackets and takes quadratic time for dotted keys, so a text from a
    stranger is measured before it is parsed.

    >>> nesting("[a.b]\nc = [[1], [2, [3]]]")
    5
    """
    return _read(text).nesting


class _Place:
    """A place in the text, and the places of what it holds (by key, or by number in an array)."""

    __slots__ = ("items", "line", "tables")

    def __init__(self, line: int) -> None:
        self.line = line
        self.items: dict[str | int, _Place] = {}
        self.tables = False  # an array of tables: a further header speaks of its last element

    def under(self, parts: list[str], line: int) -> _Place:
        """The place of a dotted key below this one, made where it is missing."""
        place = self
        for part in parts:
            if part not in place.items:
                place.items[part] = _Place(line)
            place = place.items[part]
            if place.tables:
                place = place.items[len(place.items) - 1]
        return place

    def element(self, line: int) -> _Place:
        """A new last element of this array."""
        place = self.items[len(self.items)] = _Place(line)
        return place


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.root = self._table = _Place(1)
        self._longest_key = self._deepest_value = 0
        self._tokens = _tokens(text)
        for kind, token, line in self._tokens:
            if kind == "sign" and token == "[":
                self._header(line)
            elif kind in ("bare", "string"):
                parts = self._key(token, "=")
                if parts:
                    self._value(self._table.under(parts, line))

    @property
    def nesting(self) -> int:
        return self._longest_key + self._deepest_value

    def _key(self, first: str, end: str) -> list[str]:
        """The parts of a dotted key up to the sign `end`; empty where the key is broken."""
        parts = [_unquoted(first)]
        for kind, token, _line in self._tokens:
            if kind in ("bare", "string"):
                parts.append(_unquoted(token))
            elif token == end:
                self._longest_key = max(self._longest_key, len(parts))
                return parts
            elif token != ".":
                break
        return []

    def _header(self, line: int) -> None:
        """`[table]` or `[[array of tables]]`, whose first bracket has been read."""
        _kind, token, _line = next(self._tokens, _END)
        many = token == "["
        if many:
            _kind, token, _line = next(self._tokens, _END)
        parts = self._key(token, "]")
        if many and parts:
            array = self.root.under(parts[:-1], line).items.setdefault(parts[-1], _Place(line))
            array.tables = True
            self._table = array.element(line)
            next(self._tokens, _END)
        elif parts:
            self._table = self.root.under(parts, line)
            self._table.line = line

    def _value(self, place: _Place) -> None:
        """The value of the key at `place`, up to the end of its last line."""
        brackets: list[tuple[str, _Place]] = []
        awaited: _Place | None = place  # of the key whose value comes next
        fresh = True  # a value, or in an inline table a key, may begin here
        for kind, token, line in self._tokens:
            if kind == "newline":
                if not brackets:
                    return
            elif kind == "sign" and token in "]}":
                if brackets:
                    brackets.pop()
                fresh = False
            elif kind == "sign" and token == ",":
                awaited, fresh = None, True
            elif fresh and awaited is None and brackets and brackets[-1][0] == "{":
                parts = self._key(token, "=")
                awaited = brackets[-1][1].under(parts, line)
            elif fresh:
                if awaited is None and brackets:
                    awaited = brackets[-1][1].element(line)
                fresh = kind == "sign" and token in "[{"
                if fresh and awaited is not None:
                    brackets.append((token, awaited))
                    self._deepest_value = max(self._deepest_value, len(brackets))
                awaited = None


_END: _Token = ("newline", "\n", 0)


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens that count, up to the first string without an end."""
    line, position = 1, 0
    while match := _TOKEN.match(text, position):
        kind, token, position = str(match.lastgroup), match[0], match.end()
        if kind != "blank":
            yield kind, token, line
        if kind in ("newline", "string"):
            line += token.count("\n")


def _unquoted(token: str) -> str:
    """A key as it is meant: bare, in single quotes, or in double quotes with escapes."""
    if token[:1] == "'":
        return token[1:-1]
    if token[:1] != '"':
        return token
    if "\\" in token:
        try:
            return str(tomllib.loads(f"key = {token}")["key"])
        except tomllib.TOMLDecodeError:
            pass
    return token[1:-1]


@lru_cache(maxsize=8)
def _read(text: str) -> _Reader:
    return _Reader(text)

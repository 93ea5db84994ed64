"""Text in terminal cells: cleaning, width, shortening, wrapping. Chinese characters take two."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

ELLIPSIS = "…"
HELD = "\u00a0"
"""A space at which `wrap` breaks no line; it comes out as an ordinary one."""

_BLANK = re.compile(r"[\t\n\r\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_CLOSING = re.escape("，。、；：！？）》”’」』〕】),.;:!?%％")
_OPENING = re.escape("（《“‘「『〔【(")
# What a line is never broken inside: numbers, Latin words, a range of grades (良–优), what a held
# space joins; with the punctuation that belongs to it.
_WORD = r"(?:[!-~…–—×≥≤＝]+|[^\s!-~]–[^\s!-~]|\S)"
_PIECE = re.compile(rf"[^\S{HELD}]+|\S+(?:{HELD}+\S+)+|[{_OPENING}]*{_WORD}[{_CLOSING}]*|{HELD}+")


def clean(text: str) -> str:
    r"""`text` on one line, with what would act on a terminal or hide in it made visible.

    Line breaks, tabs and other blanks become a space; control characters, direction marks, other
    invisible characters and what is no character at all are shown as `escaped` has them.

    >>> clean("a\x1b[31mb\u202ec\n d")
    'a\\x1b[31mb\\u202ec d'
    """
    if text.isprintable():
        return text
    return re.sub(" {2,}", " ", escaped(_BLANK.sub(" ", text)))


def escaped(text: str, keep: str = "") -> str:
    r"""`text` with its control and invisible characters as \xNN and \uNNNN, those in `keep` aside.

    >>> escaped("a\x1b\u200b\n", keep="\n")
    'a\\x1b\\u200b\n'
    """
    if text.isprintable():
        return text
    return "".join(
        _escape(char) if category(char) in ("Cc", "Cf", "Cs") and char not in keep else char
        for char in text
    )


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """Cells that `text` takes on a terminal.

    >>> width("得分 9.50")
    9
    """
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if east_asian_width(char) in "WF":
        return 2
    return 0 if category(char) in ("Mn", "Me", "Cf") else 1


def shorten(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, its middle left out where it is longer.

    >>> shorten("2023年运转性项目-独立运行补丁", 16)
    '2023年运转…补丁'
    """
    if width(text) <= cells:
        return text
    tail = _head(text[::-1], (cells - 1) // 3)[::-1]
    return _head(text, cells - 1 - width(tail)) + ELLIPSIS + tail


def _head(text: str, cells: int) -> str:
    used = 0
    for position, char in enumerate(text):
        used += _char_width(char)
        if used > cells:
            return text[:position]
    return text


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """`text` shortened or padded to exactly `cells` cells, at the left or the `right` edge.

    >>> fit("得分", 6) + "|" + fit("9.5", 5, right=True) + "|"
    '得分  |  9.5|'
    """
    text = shorten(text, cells)
    padding = " " * (cells - width(text))
    return padding + text if right else text + padding


def wrap(text: str, cells: int) -> list[str]:
    """`text` in lines of at most `cells` cells; numbers and Latin words stay whole.

    Closing punctuation never starts a line. Only a word longer than a line is cut.

    >>> wrap("完成 8000 人，未达到目标。", 14)
    ['完成 8000 人，', '未达到目标。']
    """
    lines: list[str] = []
    line, used = "", 0
    for found in _PIECE.findall(text):
        piece = str(found).replace(HELD, " ")
        if used + width(piece.rstrip()) > cells and line:
            lines.append(line.rstrip())
            line, used = "", 0
        if not line:
            piece = piece.lstrip()
        while width(piece) > cells:
            head = _head(piece, cells) or piece[0]
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
        used += width(piece)
    if line.rstrip():
        lines.append(line.rstrip())
    return lines or [""]

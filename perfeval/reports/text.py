"""Text in terminal cells: cleaning, width, shortening, wrapping. Chinese characters take two."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

ELLIPSIS = "…"
HELD = "\u00a0"
"""A space at which `wrap` breaks no line; it comes out as an ordinary one."""

# A terminal's control sequences: CSI (colours, cursor), OSC and its kin (titles, links), two-byte.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]).*?(?:\x07|\x1b\\|\x9c|$)"
    r"|\x1b[ -/]*[0-~]",
    re.DOTALL,
)
_CLOSING = re.escape("，。、；：！？）》”’」』〕】),.;:!?%％")
_OPENING = re.escape("（《“‘「『〔【(")
# What a line is never broken inside: numbers, Latin words, a range of grades (良–优), what a held
# space joins; with the punctuation that belongs to it.
_WORD = r"(?:[!-~…–—×≥≤＝]+|[^\s!-~]–[^\s!-~]|\S)"
_PIECE = re.compile(rf"[^\S{HELD}]+|\S+(?:{HELD}+\S+)+|[{_OPENING}]*{_WORD}[{_CLOSING}]*|{HELD}+")


def clean(text: str) -> str:
    r"""`text` on one line, without what would act on a terminal or hide characters.

    Control sequences, control characters, direction marks and other invisible characters go;
    line breaks and tabs become a space; what is no character at all becomes U+FFFD.

    >>> clean("a\x1b[31mb\u202ec\n d\u200b")
    'abc d'
    """
    if text.isprintable():
        return text
    kept = []
    for char in _SEQUENCE.sub("", text):
        kind = category(char)
        if kind in ("Zs", "Zl", "Zp") or char in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif kind == "Cs":
            kept.append("\ufffd")
        elif kind not in ("Cc", "Cf"):
            kept.append(char)
    return re.sub(" {2,}", " ", "".join(kept))


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

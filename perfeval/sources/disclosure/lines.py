"""The text of a disclosure as lines: blanks, page breaks and vertical side texts told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

# What stands beside a table, written from top to bottom, and what of it a page break may leave.
_SIDE_TEXTS = ("部门整体绩效情况", "部门整体支出绩效情况", "当年绩效指标", "年度绩效指标")
_SIDE_CHARACTERS = frozenset("".join(_SIDE_TEXTS))
_LEAST_OF_SIDE_TEXT = 3
_LONGEST_SIDE_TEXT = max(map(len, _SIDE_TEXTS))

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_ENDS = re.compile("\r\n?")

PAGE_NUMBER = re.compile(
    r"[-—–－·]\s*\d{1,4}\s*[-—–－·]|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,3}\s*/\s*\d{1,3}|[Pp]age\s*\d{1,4}"
)
_PLAIN_NUMBER = re.compile(r"\d{1,4}")
_LIST_NUMBER = re.compile(r"\d{1,2}[.、．](?!\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that is not blank.

    `number` counts the lines of the file from 1; `text` has no blanks at its ends, `raw` is as it
    was read; `gap` says that a blank line or a page break comes before it, `page` that a page break
    does.
    """

    number: int
    text: str
    raw: str
    gap: bool = False
    page: bool = False


def split_lines(text: str) -> list[Line]:
    """The lines of a text that are not blank, without vertical side texts and page numbers.

    A form feed begins a page but no line: lines are numbered as an editor shows them.
    """
    found: list[Line] = []
    gap = page = False
    for number, whole in enumerate(_ENDS.sub("\n", _INVISIBLE.sub("", text)).split("\n"), 1):
        for index, raw in enumerate(whole.replace("\t", " ").split("\f")):
            if index:
                gap = page = True
            stripped = raw.strip()
            if stripped:
                found.append(Line(number, stripped, raw, gap, page))
                gap = page = False
            elif not index:
                gap = True
    return _without_page_numbers(_without_side_texts(found))


def _without_side_texts(lines: list[Line]) -> list[Line]:
    kept: list[Line] = []
    index, page = 0, False
    while index < len(lines):
        length = _side_text(lines, index)
        if length:
            index += length
            page = True
            continue
        kept.append(replace(lines[index], gap=True, page=True) if page else lines[index])
        index += 1
        page = False
    return kept


def _side_text(lines: list[Line], start: int) -> int:
    """How many lines from `start` on spell a side text, or a part that a page break left of it."""
    if lines[start].text[0] not in _SIDE_CHARACTERS:
        return 0
    spelled, best = "", 0
    for count, line in enumerate(lines[start : start + _LONGEST_SIDE_TEXT], 1):
        spelled += line.text
        if not any(spelled in side for side in _SIDE_TEXTS):
            break
        vertical = len(spelled) == count >= _LEAST_OF_SIDE_TEXT
        if vertical or (count > 1 and spelled in _SIDE_TEXTS):
            best = count
    return best


def _without_page_numbers(lines: list[Line]) -> list[Line]:
    """Leave out what can only be a page number; a bare number only where a page ends or begins."""
    kept: list[Line] = []
    page = False
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        bare = (
            line.gap
            and (following is None or following.page or line.page)
            and _PLAIN_NUMBER.fullmatch(line.text)
        )
        if bare or PAGE_NUMBER.fullmatch(line.text):
            page = True
            continue
        kept.append(replace(line, gap=True, page=True) if page else line)
        page = False
    return kept


def is_number(text: str) -> bool:
    """Whether a line holds nothing but a small whole number, as a page number does."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def join(pieces: Iterable[str]) -> str:
    """The text that was broken into `pieces`, which may end or begin with the blanks they had.

    Chinese is joined without a blank. A blank stays where the text shows one beside a letter or
    digit (`47 ` + `号`), two words of letters stay apart, and so does the number of a list from a
    digit before it; nothing else is added or lost.

    >>> join(["离校未就业应届", "高校毕业生"]), join(["Windows", "Server"]), join(["47 ", "号"])
    ('离校未就业应届高校毕业生', 'Windows Server', '47 号')
    """
    joined: list[str] = []
    before = ""
    for piece in pieces:
        text = piece.strip()
        if not text:
            continue
        if before:
            last, first = before.rstrip()[-1], text[0]
            blank = before[-1].isspace() or piece[0].isspace()
            words = _is_letter(last) and _is_letter(first)
            counted = last.isdigit() and _LIST_NUMBER.match(text)
            if words or counted or (blank and (_is_word(last) or _is_word(first))):
                joined.append(" ")
        joined.append(text)
        before = piece
    return "".join(joined)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def width(text: str) -> int:
    """How many columns a text fills: a Chinese character or sign two, a Latin one one."""
    return sum(
        1 if unicodedata.east_asian_width(character) in ("Na", "H", "N") else 2
        for character in text
    )

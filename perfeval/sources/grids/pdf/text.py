"""From glyphs to text: which belong to a cell, its lines, and the cell whole again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from perfeval.sources.disclosure.lines import join
from perfeval.sources.grids.pdf.process import Page

UNREADABLE = "\ufffd"
"""What stands for a glyph of which the PDF does not say what character it is."""

_SAME_LINE = 0.4  # of the size of its glyphs
_TOGETHER = 0.6  # ... between glyphs that were set as one text
_GAP = 1.0  # points between glyphs of neighbouring cells, at least
_BLANK, _WIDE_BLANK = 0.18, 0.45  # ... of the size: a blank beside a letter or digit, else
COLUMN = 1.5  # ... of the size: the distance of texts that are not one
_MOST_INSET = 1.5  # ... of the size: what a cell leaves free at both sides together, at most
_SLACK = 1.0  # points by which a word fits, or does not fit, into a line

_NOT_FIRST = "，。、；：！？）》〉”’」』】〕％%,.;:!?)]}°℃…—～"
_NOT_LAST = "（《〈“‘「『【〔([{￥$"

# Characters that fonts with few signs are set with, in the place of the usual ones: radicals, which
# Unicode takes for signs of their own.
_RADICALS = dict(
    zip(
        "⺁⺊⺌⺎⺓⺗⺟⺠⺩⺫⺮⺶⺼⻁⻄⻅⻆⻉⻊⻋⻌⻐⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂卜小兀幺心母民王目竹羊肉虎西见角贝足车辶钅長镸长门青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龟亀龟",
        strict=True,
    )
)
_USUAL = str.maketrans(
    _RADICALS
    | {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | {"\u00ad": "", "\u200b": "", "\ufeff": ""}
)


class Glyph(NamedTuple):
    """A character, its left and right edge, the line that it stands on, and its size.

    `shown` is the nearest point at which its text is shown, where it is itself cut off.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    shown: tuple[float, float] | None = None


Run = list[Glyph]
"""Glyphs that were set together."""


@dataclass(slots=True)
class Line:
    """A line of text and where it begins and ends."""

    text: str
    left: float
    right: float
    base: float
    size: float


def runs(page: Page) -> Iterator[Run]:
    """The texts of a page as they were set, in the order of the file."""
    run: Run = []
    before = 0
    hidden = {index: (x, y) for index, x, y in page.hidden or ()}
    placed = zip(page.text, page.places or (), page.objects or (), strict=True)
    for index, (character, (left, right, base, size), thing) in enumerate(placed):
        usual = character.translate(_USUAL)
        if not usual:
            continue
        glyph = Glyph(usual, left, right, base, size, hidden.get(index))
        if run and (
            thing != before
            or abs(base - run[-1].base) > _SAME_LINE * size
            or not -size < left - run[-1].right < _TOGETHER * size
        ):
            yield run
            run = []
        run.append(glyph)
        before = thing
    if run:
        yield run


def middle(glyph: Glyph) -> tuple[float, float]:
    """The middle of a glyph, or where it would be if it were shown."""
    return glyph.shown or ((glyph.left + glyph.right) / 2, glyph.base - 0.35 * glyph.size)


def apart(one: Glyph, other: Glyph) -> bool:
    """Whether two glyphs of a run can stand in two cells."""
    return one.text.isspace() or other.text.isspace() or other.left - one.right >= _GAP


def lines(glyphs: Iterable[Glyph], column: float = 0.0) -> list[Line]:
    """The lines that glyphs make up, from top to bottom.

    `column` is the distance (in sizes) from which on texts on one line are told apart; 0: never.
    """
    found: list[Line] = []
    for row in _rows(glyphs):
        row.sort(key=lambda glyph: (glyph.left, glyph.right))
        begin = 0
        for index in range(1, len(row) + 1):
            if index < len(row):
                gap = row[index].left - row[index - 1].right
                if not column or gap < column * row[index].size:
                    continue
            line = _line(row[begin:index])
            if line:
                found.append(line)
            begin = index
    return found


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that stand on one line; small ones (m²) stand a little higher or lower."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.base)
    found: list[list[Glyph]] = []
    for glyph in ordered:
        if found and glyph.base - found[-1][0].base <= _SAME_LINE * max(
            glyph.size, found[-1][0].size
        ):
            found[-1].append(glyph)
        else:
            found.append([glyph])
    return found


def _line(row: Sequence[Glyph]) -> Line | None:
    inked = [glyph for glyph in row if not glyph.text.isspace()]
    if not inked:
        return None
    text = ""
    before: Glyph | None = None
    blank = ""
    for glyph in row:
        if glyph.text.isspace():
            blank = blank or glyph.text
            continue
        if before is not None:
            # The same sign in the same place again makes it bold.
            if (
                glyph.text == before.text
                and glyph.left - before.left < (glyph.right - glyph.left) / 2
            ):
                continue
            narrow = _is_word(before.text) and _is_word(glyph.text)
            wide = (_BLANK if narrow else _WIDE_BLANK) * glyph.size
            # Chinese signs have room around them.
            free = not (_is_sign(before.text) or _is_sign(glyph.text))
            if blank or (free and glyph.left - before.right > wide):
                text += blank or " "
        text += glyph.text
        before, blank = glyph, ""
    size = max(glyph.size for glyph in inked)
    return Line(text + blank, inked[0].left, inked[-1].right, inked[0].base, size)


def cell_text(found: Sequence[Line], left: float, right: float) -> str:
    """The text of a cell between two edges whose lines are `found`.

    Where a line is full, so that the next word did not fit, the text goes on: Chinese without a
    blank, words of letters with one. Elsewhere its writer began a new line, and so does the text.
    """
    text = found[0].text if found else ""
    free = inset(found, left, right)
    for above, below in pairwise(found):
        text = joined(text, below.text, is_full(above, below, right - left - free))
    return "\n".join(part.strip() for part in text.split("\n"))


def joined(above: str, below: str, full: bool) -> str:
    """Two lines as one text where the upper is full, else as two."""
    if not full:
        return f"{above}\n{below}"
    head, _, last = above.rpartition("\n")
    # A blank that was set at the end of a line is one of the text's own.
    whole = last + below.strip() if last[-1:].isspace() else join([last, below])
    whole += below[len(below.rstrip()) :]
    return f"{head}\n{whole}" if head else whole


def inset(found: Sequence[Line], left: float, right: float) -> float:
    """What a cell leaves free at both its sides together."""
    if not found:
        return 0.0
    sides = [min(line.left - left for line in found), min(right - line.right for line in found)]
    return max(0.0, min(2 * min(sides), _MOST_INSET * found[0].size))


def is_full(above: Line, below: Line, room: float) -> bool:
    """Whether what leads the line below did not fit at the end of the one above."""
    word = _first_word(below.text)
    width = (below.right - below.left) * _width(word) / max(_width(below.text.strip()), 0.5)
    blank = 0.25 * below.size if _is_word(word[0]) and above.text[-1:].isalnum() else 0.0
    return above.right - above.left + blank + width > room - _SLACK


def _first_word(text: str) -> str:
    """What cannot be divided at the beginning of a line."""
    end = 0
    while end < len(text) and text[end] in _NOT_LAST:
        end += 1
    if end < len(text) and _is_word(text[end]):
        while end < len(text) and (_is_word(text[end]) or text[end] in ".,-/%"):
            end += 1
    else:
        end += 1
    while end < len(text) and text[end] in _NOT_FIRST:
        end += 1
    return text[:end] or " "


def _width(text: str) -> float:
    return sum(0.55 if ord(character) < 0x250 else 1.0 for character in text)


def _is_sign(character: str) -> bool:
    return ord(character[0]) > 0x2000 and unicodedata.category(character[0])[0] == "P"


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()

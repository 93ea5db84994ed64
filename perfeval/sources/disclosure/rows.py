"""The right-hand end of an indicator's row: operator, value, unit, weight.

The operator is the one that begins a well-formed end of the line. A name may hold signs that look
like one (`成活率（≥85%） ≥ 90 % 20`), so the last that fits counts, and one that stands free of the
text before it comes before one that does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from perfeval.messages import N_

NO_WEIGHT = N_(
    "the indicator row {text} has an operator but no weight: a row reads name, operator, value,"
    " unit, weight; add the row to the spec by hand"
)
NO_OPERATOR = N_(
    "the indicator row {text} has numbers but no operator (≥ ≤ = > < 定性): a row reads name,"
    " operator, value, unit, weight; add the row to the spec by hand"
)
ODD_WEIGHT = N_(
    "the weight {weight} of the indicator row {text} has more than {digits} digits; check it and"
    " add the row to the spec by hand"
)

DIGITS = 15

# A row is a line of a page: what is longer is no row, and is not searched for one.
_LONGEST = 1000
_MOST_OPERATORS = 12

_WORDS = {
    "≥": ("大于或等于 大于等于 不低于 不少于 不小于 不得低于 不得少于 至少 ≥ >= => ≧ ⩾ ≮"),
    "≤": ("小于或等于 小于等于 不高于 不超过 不多于 不大于 不得超过 不得高于 至多 ≤ <= =< ≦ ⩽ ≯"),
    "=": "等于 =",
    ">": "大于 高于 多于 超过 >",
    "<": "小于 低于 少于 <",
    "定性": "定性",
}
OPERATORS = {spelling: sign for sign, text in _WORDS.items() for spelling in text.split()}
_GLYPHS = sorted((word for word in OPERATORS if not "一" <= word[0] <= "鿿"), key=len)[::-1]
_LETTERS = sorted((word for word in OPERATORS if "一" <= word[0] <= "鿿"), key=len)[::-1]
_OPERATOR = re.compile(
    "|".join(re.escape(glyph[0]) + r"\ ?" + re.escape(glyph[1:]) for glyph in _GLYPHS if glyph[1:])
    + "|"
    + "|".join(re.escape(glyph) for glyph in _GLYPHS if not glyph[1:])
    + r"|(?<!\S)(?:"
    + "|".join(_LETTERS)
    + r")(?=[\s\d]|$)"
)
# One character for one, so that what is found in the unified text stands at the same place.
_UNIFIED = str.maketrans(
    "＝═﹦＞﹥＜﹤０１２３４５６７８９．，％－＋" + "\u3000\xa0\t",
    "===>><<0123456789.,%-+" + "   ",
)
_WEIGHT = re.compile(r"[-+]?\d+(?:\.\d+)?(?=分?$)")
_NUMBERS_ALONE = re.compile(r"(?<!\S)[-+]?\d[\d,]*(?:\.\d+)?%?\s+(?:\S+\s+)?\d+(?:\.\d+)?分?$")
_OPEN_WEIGHT = re.compile(r"(\d{1,3}(?:\.\d+)?)分?")
_OPEN_VALUE = re.compile(
    r"\d|(?:优良?|良好?|好|较好|合格|达标|达成|完成|及时|高|较高|中|低|明显|显著|有效|长期)$"
)
_STARTS_NUMBER = re.compile(r"[-+]?\d")
_OPENING, _CLOSING = "（(［[", "）)］]"


@dataclass(frozen=True, slots=True)
class Tail:
    """What a row holds beside its name.

    `start` is where it begins in the line; `target` is operator, value and unit in one text;
    `problem` is the template of what keeps it from being an indicator, "" where nothing does.
    """

    start: int
    target: str = ""
    weight: int | Decimal = 0
    problem: str = ""


def read_tail(text: str) -> Tail | None:
    """The end of an indicator's row in `text`; None for a text without one.

    Operators are written in their common form (≧ → ≥, ＝ → =, ≦ → ≤, 不低于 → ≥); value and unit
    stay as printed.

    >>> read_tail("服务对象满意度（%） ≧ 90 % 20")
    Tail(start=11, target='≥ 90 %', weight=20, problem='')
    >>> read_tail("规划、建设等事业单位紧缺专业人才") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    unified = text.translate(_UNIFIED)
    broken: int | None = None
    glued: Tail | None = None
    for match in list(_OPERATOR.finditer(unified))[: -_MOST_OPERATORS - 1 : -1]:
        start = match.start()
        free = start == 0 or unified[start - 1] == " "
        if not free and glued:
            continue
        rest = unified[match.end() :]
        if not _balanced(rest):
            continue
        operator = OPERATORS[match[0].replace(" ", "")]
        tail = _well_formed(operator, text[match.end() :], rest, start, free)
        if tail and free:
            return tail
        glued = glued or tail
        if free and rest.strip() and (operator == "定性" or _STARTS_NUMBER.match(rest.strip())):
            broken = start
    if glued:
        return glued
    if broken is not None:
        return Tail(broken, problem=NO_WEIGHT)
    numbers = _NUMBERS_ALONE.search(unified)
    return Tail(numbers.start(), problem=NO_OPERATOR) if numbers else None


def read_open_tail(text: str) -> Tail | None:
    """The end of a row that has a value and a weight but no operator of its own.

    What does not show which of its cells is the value has `NO_OPERATOR` for a problem.

    >>> read_open_tail("受益面 95%以上 10")
    Tail(start=4, target='95%以上', weight=10, problem='')
    >>> read_open_tail("规划 建设") is None
    True
    """
    cells = list(re.finditer(r"\S+", text[:_LONGEST]))
    weight = _OPEN_WEIGHT.fullmatch(cells[-1][0].translate(_UNIFIED)) if len(cells) > 2 else None
    if weight is None:
        return None
    middle = [cell for cell in cells[1:-1] if not cell[0].endswith("指标")]
    if not middle or cells[-2] is not middle[-1]:
        return None
    begins = next((cell for cell in middle if _OPEN_VALUE.match(cell[0])), None)
    if begins is None:
        return Tail(middle[-1].start(), problem=NO_OPERATOR)
    target = text[begins.start() : cells[-1].start()].strip()
    return Tail(begins.start(), target, number(weight[1]))


def _well_formed(operator: str, rest: str, unified: str, start: int, free: bool) -> Tail | None:
    """The tail whose `rest` follows the operator, if that is a value, perhaps a unit, a weight."""
    cells = rest.split()
    weight = _WEIGHT.match(cells[-1].translate(_UNIFIED)) if cells else None
    if weight is None or (len(cells) == 1 and operator != "定性"):
        return None
    if not free and not _STARTS_NUMBER.match(unified.strip()):
        return None
    target = " ".join([operator, *cells[:-1]])
    if len(weight[0].lstrip("+-0").replace(".", "")) > DIGITS:
        return Tail(start, target, problem=ODD_WEIGHT)
    return Tail(start, target, number(weight[0]))


def number(text: str) -> int | Decimal:
    """A plain decimal text as TOML would give it back: an int, or a Decimal with its digits."""
    return Decimal(text) if "." in text else int(text)


def _balanced(text: str) -> bool:
    """Whether no bracket closes in `text` that does not open there."""
    depth = 0
    for character in text:
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0:
            return False
    return True

"""What stands before and behind a value in a cell: operators, approximations, per what, units.

`head` and `tail` read the two sides of a number. Tables repeat them (≥ … %, … 万元以上), so both
remember what they have read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from perfeval.quantity import numerals, units
from perfeval.quantity.levels import words

OPERATORS = {
    "≥": [
        *(">=", "=>", "大于等于", "大于或等于", "不少于", "不低于", "不小于"),
        *("至少", "最少", "最低"),
    ],
    "≤": [
        *("<=", "=<", "小于等于", "小于或等于", "不超过", "不高于", "不多于", "不大于"),
        *("至多", "最多", "最高", "不迟于", "不晚于"),
    ],
    ">": ["大于", "超过", "高于", "多于"],
    "<": ["小于", "低于", "少于", "不足", "不到", "早于"],
    "=": ["==", "等于"],
    "定性": ["定性指标"],
}
"""Canonical operators and their other spellings, in the characters of `plain`."""
SPELLINGS = {text: name for name, texts in OPERATORS.items() for text in (name, *texts)}
"""Every spelling of an operator, with its canonical one."""
SIGNS = frozenset("≥≤<>=")

LONGEST = 200
"""Characters that a cell may have and still be read; no value is longer."""
_LONGEST_PART = 30

_PLAIN: dict[int, int | str | None] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"), None),
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\t\r\n"), " "),
    **dict.fromkeys(map(ord, "‘’"), "'"),
    **dict.fromkeys(map(ord, "−﹣"), "-"),
    **dict.fromkeys(map(ord, "≧⩾"), "≥"),
    **dict.fromkeys(map(ord, "≦⩽"), "≤"),
    **dict.fromkeys(map(ord, "═﹦"), "="),
    **{ord("﹥"): ">", ord("﹤"): "<", ord("﹪"): "%", ord("￥"): "¥"},
}

_SIGN = "|".join(map(re.escape, sorted(SPELLINGS, key=len, reverse=True)))
_SUFFIX = r"(?:\(?含\)?)?(?:(?P<least>[及或]?以上)|(?P<most>[及或]?以[下内]|之?内))(?:\(含\))?"
OPERATOR = re.compile(rf"({_SIGN})\s*:?\s*")
"""An operator in front of a text; group 1 is its spelling."""
DEADLINE = re.compile(r"(<=|=<|==|[≤<=]|不迟于|不晚于|早于)\s*:?\s*")
"""An operator before which a date is the day something is due: ≤12月 means December.

Behind the others, which speak of amounts (≥12月, 不超过12月), a number of months is meant.
"""
WITH_SUFFIX = re.compile(rf"(.+?){_SUFFIX}")
"""A text with an operator behind it, as group "least" (≥) or "most" (≤)."""

_HEAD = re.compile(
    rf"(?:(定性)\s*:?\s*)?(?:达到?|控制在)?(?:({_SIGN})\s*:?\s*)?(?:达到?|控制在)?"
    r"(约|大约|大概|近|将近|接近)?((?:每[^每]+?)*)(¥|[百千万]分之)?\s*"
)
_BOUNDS = {"近": "at most", "将近": "at most", "接近": "at most"}
_HEAD_UNITS = {"¥": "元", "百分之": "%", "千分之": "‰", "万分之": "‱"}
_TAIL = re.compile(
    rf"(?P<more>[余多来几+])?(?P<label>.*?)(?P<about>左右|上下)?(?:{_SUFFIX}|\(含\))?(?:左右)?[。;!]*"
)
_SCALED = re.compile(rf"({'|'.join(sorted(units.SCALES, key=len, reverse=True))})([余多来])?(.*)")
# Two words, or a digit (m2 and m3 apart): a second number.
_NO_UNIT = re.compile(r"[A-Za-z]\s+[A-Za-z]|(?<![mM])[0-9]")
_PART = r"(?:[一-鿿]{1,5}|[A-Za-zμ°℃Ω][A-Za-z²³]{0,5})(?:\([一-鿿A-Za-z]{1,4}\))?"
_LABEL = re.compile(rf"(?:{_PART})?(?:[/*]{_PART})*|[%‰](?:\([一-鿿]{{1,4}}\))?")
# Characters of sentences and of further numbers: a label that the unit table does not know must
# have none of them.
_SENTENCE = frozenset(
    "前后未不无没非已完成达到超增减提降是的了和及与或至约近较比同其第底内外上下左右以为在对从由被将"
    "应须需每占共计均余多年月日仅仍还都就因且但半" + numerals.CHARACTERS
)


class Head(NamedTuple):
    """What stands before a number: operator, bound, the unit it is counted per, its own unit."""

    operator: str = ""
    bound: str = ""
    per: str = ""
    unit: str = ""


class Tail(NamedTuple):
    """What stands behind a number: a scale word's power of ten, unit, bound, operator."""

    shift: int = 0
    unit: str = ""
    bound: str = ""
    operator: str = ""


def plain(text: str) -> str | None:
    """`text` half-width, with one kind of space and no apostrophe in front; None if too long.

    >>> plain(" ＞＝　９５％"), plain("'007")
    ('>= 95%', '007')
    """
    if len(text) > LONGEST:
        text = text.strip()
        if len(text) > LONGEST:
            return None
    if not (text.isascii() and text.isprintable()):
        text = text.translate(_PLAIN)
    return text.strip().lstrip("'").strip()


@lru_cache(maxsize=4096)
def head(text: str) -> Head | None:
    """What `text` before a number means; None if it holds anything but an operator and its company.

    >>> head("不低于")
    Head(operator='≥', bound='', per='', unit='')
    >>> head("每人每月").per, head("完成") is None
    ('/人/月', True)
    """
    if not text:
        return Head()
    match = _HEAD.fullmatch(text) if len(text) <= _LONGEST_PART else None
    if match is None:
        return None
    quality, sign, near, per, ratio = match.groups()
    labels = [units.normal(label) for label in per.split("每")[1:]]
    if any(units.unit(label) is None for label in labels):
        return None
    name = quality or (SPELLINGS[sign] if sign else "")
    bound = _BOUNDS.get(near, "about") if near else ""
    return Head(name, bound, "".join(f"/{label}" for label in labels), _HEAD_UNITS.get(ratio, ""))


@lru_cache(maxsize=4096)
def tail(text: str) -> Tail | None:
    """What `text` behind a number means; None if it holds anything but a unit and its company.

    A scale word without a unit is a shift; before a unit, known or not, it is part of its label. A
    label that the unit table does not know is kept if it is short and no part of a sentence.

    >>> tail("万元以上")
    Tail(shift=0, unit='万元', bound='', operator='≥')
    >>> tail("余万"), tail("次宣传,完成") is None
    (Tail(shift=4, unit='', bound='at least', operator=''), True)
    """
    if not text:
        return Tail()
    if len(text) > _LONGEST_PART or _NO_UNIT.search(text):
        return None
    match = _TAIL.fullmatch(text.strip())
    if match is None:
        return None
    bound = "about" if match["about"] else "at least" if match["more"] else ""
    name = "≥" if match["least"] else "≤" if match["most"] else ""
    shift, label = 0, units.normal(match["label"])
    scaled = _SCALED.fullmatch(label) if units.unit(label) is None else None
    scale, more, rest = scaled.groups() if scaled else ("", None, label)
    bound = bound or ("at least" if more else "")
    if scale and (not rest or rest[0] == "/"):
        shift, scale = units.SCALES[scale], ""
    known = not scale + rest or units.unit(scale + rest) is not None
    return Tail(shift, scale + rest, bound, name) if known or _could_be_label(rest) else None


def _could_be_label(label: str) -> bool:
    """Whether a label that the unit table does not know is short and no part of a sentence."""
    in_sentence = not _SENTENCE.isdisjoint(label) or label in words()
    return not in_sentence and _LABEL.fullmatch(label) is not None

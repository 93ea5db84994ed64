"""Sums and products as people write them out, recomputed exactly.

`150人/次×100元/人/天×5天×2次=15万元` is 150 × 100 × 5 × 2 元 on one side and 15 万元 on the
other. Scale words are applied (万, %); other units only say what cancels what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from perfeval.quantity.units import SCALES, unit

_FACTOR = r"\d+(?:\.\d+)?[^\d×÷+\-=（）]*"
_SIMPLE = rf"{_FACTOR}(?:[×÷+\-]{_FACTOR})*"
_GROUP = rf"（{_SIMPLE}）[^\d×÷+\-=（）]*"
_OPERAND = rf"(?:{_FACTOR}|{_GROUP})"
_ENDING = re.compile(rf"{_OPERAND}(?:[×÷+\-]{_OPERAND})*$")
_CLAUSES = re.compile("[，：]")
_MARK = re.compile(r"(?:^|，)\d{1,2}[.、]")
_COUNT = re.compile(r"(?<![\d.])\d+(?![\d.])")
_RESULT = re.compile(r"(约?)(\d+(?:\.\d+)?)([余多]?)([^\d×÷+\-=（）]*)(.*)")
_PIECE = re.compile(rf"({_GROUP}|{_FACTOR})|([×÷+\-])")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([余多]?)([^\d]*)")
# 千米 and 百分点 are units of their own.
_SCALE = re.compile("万亿|[十百千]?[万亿]|[百千](?=元)")
_SHARES = {"%": -2, "‰": -3}
_ROUGH = re.compile("约|左右|余|多")
_SAME = {"人次": "人", "名": "人", "位": "人", "场次": "次", "场": "次", "批次": "批"}
_LONGEST_LABEL = 6
# 1.5000元 is item 1 and 5000元, or it is not: nobody knows.
_UNCLEAR = re.compile(r"\d\.\d{3,}0(?!\d)")
# 3-5人 is no subtraction.
_RANGE = re.compile(r"\d-\d")
_TENTH = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Slip:
    """An equation that does not hold: as it is `written`, with what its left side is.

    `computed` and `difference` are in the unit of the result. `small`: the result is less than one
    of its last digits away, and a tenth: it was cut or rounded up instead of rounded.
    """

    written: str
    computed: Fraction
    difference: Fraction
    unit: str
    small: bool


@dataclass(frozen=True, slots=True)
class _Side:
    value: Fraction
    labels: frozenset[str]  # of what is counted: 人, 天
    per: frozenset[str]  # of what rates are per: 元/人/天
    rough: bool


def slips(sentence: str) -> Iterator[Slip]:
    """The equations of `sentence` (legible, without remarks in brackets) that do not hold.

    Nothing is said of what cannot be judged: an operand that is a word (人数×标准), a unit that
    would have to be converted (元/公里 and 米), and a product of which the result is a whole
    multiple, where a rate is per something that is not among the factors, or the multiple is
    counted before (20人，300元×12月=7.2万元).

    >>> [slip.computed for slip in slips("3000个×6元/个=18万元")]
    [Fraction(9, 5)]
    >>> list(slips("20人×300元/人/月×12月=7.2万元")), list(slips("300元/人/月×12月=7.2万元"))
    ([], [])
    """
    earlier = ""
    for clause in _CLAUSES.split(sentence):
        left, *others = clause.split("=")
        for right in others:
            slip = _slip(left, right, earlier)
            if slip is not None:
                yield slip
            left = right
        earlier += clause + "，"


def _slip(left: str, right: str, earlier: str) -> Slip | None:
    operands, result = _ENDING.search(left), _RESULT.fullmatch(right)
    if operands is None or result is None or _UNCLEAR.search(operands[0]):
        return None
    if _continues(left[: operands.start()], result[5]):
        return None
    side = _evaluate(operands[0])
    digits, label = result[2], result[4]
    if side is None or not re.search(r"[×÷+\-]", operands[0]):
        return None
    power = _power(label)
    scale = Fraction(10) ** power
    stated, step = Fraction(digits) * scale, scale / 10 ** len(digits.partition(".")[2])
    # 12+6=18万元 names the unit once, 20×300=0.6万元 not at all.
    values = [side.value, side.value * scale] if not side.labels else [side.value]
    if not label and side.value == stated * 10**4:  # the unit is in the column's head
        return None
    value = min(values, key=lambda each: abs(each - stated))
    apart = abs(value - stated)
    before = left[: operands.start()]
    rough = side.rough or bool(_ROUGH.search(before[-1:] + result[1] + result[3] + label))
    if 2 * apart <= step or (rough and apart <= _TENTH * abs(value)):
        return None
    if _implied(side, earlier + before, stated, step):
        return None
    written = f"{operands[0]}={result[1]}{digits}{result[3]}{_printed(label)}"
    small = apart < step and apart <= _TENTH * abs(value)
    return Slip(written, value / scale, apart / scale, _printed(label), small)


def _continues(before: str, behind: str) -> bool:
    """Whether an equation has more operands than were read, before or behind."""
    return before[-1:] in tuple("×÷+-~—/.") or behind[:1] in tuple("×÷+")


def _implied(side: _Side, before: str, stated: Fraction, step: Fraction) -> bool:
    """Whether a count outside the product explains the result: 300元/人/月×12月 for 20 people."""
    times = round(stated / side.value) if side.value else 0
    if times < 2 or 2 * abs(times * side.value - stated) > step:
        return False
    counts = [int(count) for count in _COUNT.findall(_MARK.sub("", before))]
    return not side.per <= side.labels or times in (*counts, prod(counts)) or "每" in before


def _evaluate(expression: str) -> _Side | None:
    """The value of operands joined by signs, products before sums; None if it can't be judged."""
    total, product = Fraction(0), None
    labels: set[str] = set()
    per: set[str] = set()
    rough, sign, operation = False, 1, "×"
    for operand, symbol in _PIECE.findall(expression):
        if symbol:
            if symbol in "+-":
                total, product = total + sign * (product or 0), None
                sign = 1 if symbol == "+" else -1
            operation = symbol if symbol in "×÷" else "×"
            continue
        read = _group(operand) if operand[0] == "（" else _number(operand)
        if read is None or (operation == "÷" and not read.value):
            return None
        labels |= read.labels
        per |= read.per
        rough = rough or read.rough
        if product is None:
            product = read.value
        else:
            product = product * read.value if operation == "×" else product / read.value
    if _unlike(labels, per) or (labels and _RANGE.search(expression)):
        return None
    return _Side(total + sign * (product or 0), frozenset(labels), frozenset(per), rough)


def _group(operand: str) -> _Side | None:
    inner, _, label = operand[1:].partition("）")
    side = _evaluate(inner)
    if side is None:
        return None
    counted, per, power = _labels(label)
    return _Side(
        side.value * Fraction(10) ** power,
        side.labels | counted,
        side.per | per,
        side.rough,
    )


def _number(operand: str) -> _Side | None:
    match = _NUMBER.fullmatch(operand)
    if match is None:
        return None
    counted, per, power = _labels(match[3])
    rough = bool(match[2] or _ROUGH.search(match[3]))
    return _Side(Fraction(match[1]) * Fraction(10) ** power, counted, per, rough)


def _labels(text: str) -> tuple[frozenset[str], frozenset[str], int]:
    """What a number counts, what it is per, and the power of ten of its scale words."""
    above, *below = text.split("/")
    power = _power(above) - sum(_power(label) for label in below)
    counted = frozenset([_name(above)] if above else [])
    return counted, frozenset(_name(label) for label in below if label), power


def _power(label: str) -> int:
    """The power of ten of a label's scale word: 万元 4, % -2, and 0 for 公里, which is a unit."""
    if label[:1] in _SHARES:
        return _SHARES[label[0]]
    scale = _SCALE.match(label)
    return SCALES[scale[0]] if scale else 0


def _name(label: str) -> str:
    """The unit that a label starts with, without its scale word: 万元 is 元, 月标准 is 月."""
    bare = _SCALE.sub("", label, count=1)
    return next((_SAME.get(each, each) for each in _starts(bare) if unit(each)), bare)


def _printed(label: str) -> str:
    """The unit that a label starts with, as printed: 万元用于培训 is 万元."""
    scale = _SCALE.match(label)
    lead = scale[0] if scale else ""
    return lead + next((each for each in _starts(label[len(lead) :]) if unit(each)), "")


def _starts(text: str) -> Iterator[str]:
    """The beginnings of `text`, the longest first."""
    return (text[:length] for length in range(min(len(text), _LONGEST_LABEL), 0, -1))


def _unlike(labels: set[str], per: set[str]) -> bool:
    """Whether a rate is per a unit of which the factors have another size: 元/公里 and 米."""
    for label in per - labels:
        rate = unit(label)
        for other in labels:
            counted = unit(other)
            if rate and counted and rate.dimension == counted.dimension:
                return True
    return False

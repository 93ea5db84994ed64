"""Numbers written in Chinese characters: 三百五十, 两千零三万, 十二点五.

Numbers below a hundred (六成, 百分之九十二), which are nearly all that tables hold, are read here;
for larger ones cn2an is loaded, in its strict mode only: its other modes take 一万二 for 12,000 and
三五 for 35, and its fractions pass through floats.
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = "零〇一二三四五六七八九"
CHARACTERS = DIGITS + "十百千万亿两廿壹贰叁肆伍陆柒捌玖拾佰仟"
"""The characters of a number, without its sign (负) and point (点)."""

_LONGEST = 40
_VALUES = {**{digit: str(max(place - 1, 0)) for place, digit in enumerate(DIGITS)}}
_PLAIN = str.maketrans({
    "〇": "零", "壹": "一", "贰": "二", "叁": "三", "肆": "四", "伍": "五", "陆": "六", "柒": "七",
    "捌": "八", "玖": "九", "拾": "十", "佰": "百", "仟": "千", "廿": "二十",
})  # fmt: skip
# 两 is a numeral before a scale word, or alone before what it counts; elsewhere it is a weight.
_TWO = re.compile(r"两(?=[百千万亿])|^两$")
_TENS = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")
# 一百十五 is said as often as 一百一十五.
_TEN = re.compile(r"(?<=百)十")


def number(text: str) -> Decimal | None:
    """The number that `text` is, exactly; None if it is not a whole well-formed number.

    >>> number("三百五十"), number("负十二点五"), number("两千万")
    (Decimal('350'), Decimal('-12.5'), Decimal('20000000'))
    >>> number("三五") is None, number("一万二") is None, number("一期") is None
    (True, True, True)
    """
    sign = "-" if text.startswith("负") else ""
    whole, point, fraction = text.removeprefix("负").translate(_PLAIN).partition("点")
    if not whole or len(text) > _LONGEST or set(whole) - set(CHARACTERS):
        return None
    if point and (not fraction or set(fraction) - set(DIGITS)):
        return None
    integer = _integer(_TWO.sub("二", whole))
    if integer is None:
        return None
    return Decimal(f"{sign}{integer}.{digits(fraction)}" if point else f"{sign}{integer}")


def _integer(whole: str) -> int | None:
    if len(whole) == 1 and whole in _VALUES:
        return int(_VALUES[whole])
    tens = _TENS.fullmatch(whole)
    if tens:
        return int(_VALUES.get(tens[1], "1") + _VALUES.get(tens[2], "0"))
    from cn2an import cn2an

    try:
        return int(cn2an(_TEN.sub("一十", whole), "strict"))
    except (ValueError, KeyError):
        return None


def digits(text: str) -> str:
    """Chinese digits read one by one, as in a year: 二〇二三 is 2023.

    >>> digits("二〇二三")
    '2023'
    """
    return "".join(_VALUES[digit] for digit in text)

"""Number formats: what a spreadsheet shows of the number that a cell holds.

A cell keeps all digits of its number; the format decides what they mean: 0.95 under `0%` is 95 %,
45170 under `yyyy"年"m"月"` is 2023年9月, 95 under `"≥"0"%"` is ≥95%. Rounding is not done: 95.26
under `0` stays 95.26.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from perfeval.messages import N_

SIGNIFICANT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""

DIGITS_LOST = N_(
    "the number {text} has more than 15 digits, of which a spreadsheet keeps only 15; enter it"
    " again as text (a code), or with fewer digits"
)
SHOWN_OTHERWISE = N_(
    "the cell holds {text}, but its number format {format} shows something else; check which of"
    " them is meant, and give the cell a plain format"
)
NO_DATE = N_(
    "the cell holds {text}, which is no day that its date format {format} could show; enter the"
    " date again"
)

GENERAL = "General"
# Formats that have a number but no code in the file. 27 to 36 and 50 to 58 are dates whose form
# depends on the language; these are the Chinese ones.
BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((32, 34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 35, 56), 'h"时"mm"分"ss"秒"'),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}

# A section of a format: text in quotes, an escaped character, a blank as wide as the next, a fill,
# something in brackets, and the signs that mean something.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?P<space>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<exponent>[eE][+-])|(?P<general>General|G/通用格式)"
    r"|(?P<date>[yYmMdDhHsSeEbBgG]+|\.0+(?=$|[^0#]))|(?P<digits>[0#?.,]+)|(?P<sign>.)",
    re.S | re.IGNORECASE,
)
_IDLE_SIGNS = " +-–—()（）$￥¥€£:'/"
_SCALED = re.compile(r"[0#?],+(?:\.|$)|,+$")


@dataclass(frozen=True, slots=True)
class Format:
    """What a section of a format does with a number.

    `kind`: number, percent, date, time, or unknown (shows what cannot be told from the number).
    `before` and `after` are what it writes around the number; `fields` the parts of a date that it
    shows (of "ymdhs").
    """

    kind: str
    before: str = ""
    after: str = ""
    fields: str = ""


Shown = tuple[str, str]
"""The text that a number arrives as, and the template of what is doubtful about it, or ""."""


def shower(code: str, *, from_1904: bool = False) -> Callable[[float], Shown]:
    """What turns the numbers of cells with the format `code` into text.

    >>> shower("0%")(0.95), shower('m"月"')(45170.0), shower('"≥"0"人"')(95.0)
    (('95%', ''), ('9月', ''), ('≥95人', ''))
    """
    sections = _sections(code)

    def show(number: float) -> Shown:
        chosen = sections[0]
        if len(sections) > 1 and number < 0:
            chosen = sections[1]
        elif len(sections) > 2 and number == 0:
            chosen = sections[2]
        match chosen.kind:
            case "date":
                return _day(number, chosen.fields, from_1904)
            case "time":
                return _time(number)
            case "percent":
                return _around(chosen, plain(number, shift=2), "%")
            case "unknown":
                return plain(number)[0], SHOWN_OTHERWISE
            case _:
                return _around(chosen, plain(number))

    return show


def plain(number: float, shift: int = 0) -> Shown:
    """A number × 10^`shift` in decimal digits, without a trailing ".0".

    >>> plain(10.0), plain(0.1 + 0.2), plain(5.0011023e19)[0]
    (('10', ''), ('0.3', ''), '5.0011023E+19')
    """
    text = format(number, f".{SIGNIFICANT_DIGITS}g")
    if abs(number) >= 10**SIGNIFICANT_DIGITS:
        return _spreadsheet(number), DIGITS_LOST if number.is_integer() else ""
    if shift or "e" in text:
        text = format(Decimal(text).scaleb(shift).normalize(), "f")
    return ("0" if text == "-0" else text), ""


def _spreadsheet(number: float) -> str:
    """A large number as a spreadsheet shows it; no finite number stays what it is called."""
    mantissa, _, exponent = f"{number:.14e}".partition("e")
    if not exponent:
        return str(number)
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def _around(shape: Format, shown: Shown, sign: str = "") -> Shown:
    text, doubt = shown
    return f"{shape.before}{text}{sign}{shape.after}", doubt


@cache
def _sections(code: str) -> tuple[Format, ...]:
    sections = _split(code)
    if len(sections) == 1 and not code.strip():
        return (Format("number"),)
    return tuple(map(_format, sections[:3]))


def _split(code: str) -> list[str]:
    """The sections of a format: for positive numbers, negative ones, zero, text."""
    sections, start = [], 0
    for token in _TOKEN.finditer(code):
        if token["sign"] == ";":
            sections.append(code[start : token.start()])
            start = token.end()
    return [*sections, code[start:]]


def _format(section: str) -> Format:
    before, after, digits, dates = "", "", "", ""
    percent = unknown = number = False
    for token in _TOKEN.finditer(section):
        sign = token["sign"] or ""
        literal = token["quoted"] or token["escaped"] or (sign if sign not in ("%", "@") else "")
        bracket = token["bracket"]
        if bracket is not None:
            unknown = unknown or bracket[:1] in ("<", ">", "=")
            dates += bracket if not bracket.lower().strip("hms") else ""
        elif token["date"]:
            dates += token["date"]
        elif token["digits"]:
            digits += token["digits"]
        elif token["general"] or (sign == "/" and digits) or sign == "@":
            number = True
        elif sign == "%":
            percent = True
        elif not literal.strip(_IDLE_SIGNS):
            pass
        elif digits or number:
            after += literal
        else:
            before += literal
    if dates:
        return _date_format(dates)
    before, after = before.strip(), after.strip()
    shows_none = not digits and not number
    if shows_none or unknown or _SCALED.search(digits) or re.search(r"\d", before + after):
        return Format("unknown")
    return Format("percent" if percent else "number", before, after)


def _date_format(signs: str) -> Format:
    """The parts of a date or time that its signs show: m is a month but beside hours or seconds."""
    signs = re.sub("d{3,}", "", signs.lower()).replace("e", "y")  # weekdays; the year in Chinese
    fields = "".join(sign for sign in "ymdhs" if sign in signs)
    if not fields:
        return Format("unknown")
    timed = fields.strip("m") and not set(fields) & set("yd")
    return Format("time") if timed else Format("date", fields=fields)


def _day(number: float, fields: str, from_1904: bool) -> Shown:
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    # Spreadsheets have a 29 February 1900, so that days before it are one off.
    early = 0 if from_1904 or number >= 60 else 1
    try:
        if number < 0:
            raise OverflowError
        day = first + timedelta(days=number + early)
    except (OverflowError, ValueError):
        return plain(number)[0], NO_DATE
    day = (day + timedelta(milliseconds=500)).replace(microsecond=0)
    return dated(day, fields), ""


def dated(day: datetime, fields: str) -> str:
    """A day in what is shown of it: all of a date, its month, or month and day.

    >>> dated(datetime(2023, 9, 1), "ymd"), dated(datetime(2023, 9, 1), "ym")
    ('2023-09-01', '2023年9月')
    """
    shown = "".join(sign for sign in "ymd" if sign in fields)
    match shown:
        case "y":
            return f"{day.year}年"
        case "ym":
            return f"{day.year}年{day.month}月"
        case "m":
            return f"{day.month}月"
        case "md":
            return f"{day.month}月{day.day}日"
        case "d":
            return f"{day.day}日"
    text = f"{day:%Y-%m-%d}"
    return f"{text} {day:%H:%M:%S}" if "h" in fields and (day.hour, day.minute) != (0, 0) else text


def _time(number: float) -> Shown:
    seconds = round(number * 86_400)
    if not 0 <= seconds < 10**9:
        return plain(number)[0], NO_DATE
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else ""), ""

"""What one cell of a table says: a number with operator and unit, a date, a level word, or text.

Reads what people write (≥50个, 1.2万亩, 95%以上, 百分之九十, 200余人, 9月前, 部分达成(70%)) and
makes a number of nothing else: two numbers in one cell, a range or a number inside a sentence stay
text. Scale words shift the decimal point of the printed digits; no float is ever multiplied.

Units are data in `units.toml`, level words in `levels.toml`. Columns go through `read_column`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfeval.messages import N_
from perfeval.quantity import dates, numerals, phrases, units
from perfeval.quantity.levels import compare_levels, level
from perfeval.quantity.phrases import Head, Tail

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ISSUES", "Quantity", "compare_levels", "operator", "read", "read_column"]

ISSUES = {
    "nan": N_("“{text}” is not a number; write the value, or leave the cell blank"),
    "infinite": N_("“{text}” is infinite; write the value, or leave the cell blank"),
    "error": N_("“{text}” is a spreadsheet's error value; correct its formula, or write the value"),
    "formula": N_(
        "“{text}” is a formula without its result; let the spreadsheet compute it, and save"
    ),
    "digits": N_(
        "“{text}” has more than 15 significant digits, which cannot be carried exactly;"
        " write 15 at most"
    ),
    "magnitude": N_("“{text}” is too large or too small to be a real value; check its exponent"),
    "malformed": N_("“{text}” is no well-formed number; write it like 1234.5 or 1,234.5"),
    "none": N_("“无” says neither zero nor a value; write 0, or mark the indicator not applicable"),
    "operator": N_("“{text}” is an operator without a value; write the value behind it"),
    "operators": N_("“{text}” has two operators that contradict each other; keep one"),
    "two-numbers": N_("“{text}” holds more than one number; write one value per indicator"),
    "number-inside": N_(
        "“{text}” is a phrase with a number in it; write the value and its unit only"
    ),
    "date": N_("“{text}” is a date that does not exist; check month, day and order"),
    "long": N_("a text of more than 200 characters is no value; write the value and its unit only"),
    "words": N_("“{text}” is neither a number nor a date nor a word of a known scale"),
}
"""Why a cell is "text" or "invalid": the code of the issue, and its message about {text}."""

SIGNIFICANT_DIGITS = 15
"""Digits that a float64 carries without loss; leading and trailing zeros do not count."""
MAGNITUDE = 30
"""The largest decimal exponent, either way: quotients of such numbers stay ordinary floats."""

_BLANKS = frozenset(["", "n/a", "na", "null", "none", "空", "空白"])
_DASHES = "-—–―─/\\ "
_INVALID = {"nan": "nan", "inf": "infinite", "infinity": "infinite", "∞": "infinite"}
_ERROR = re.compile(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|#+)", re.I)

_DIGITS = r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
UNCOMPUTED = "公式 "
"""What stands before a workbook's formula without a result, so that =120 is not taken for 120."""

# Of a formula: what a workbook says is one; else a cell (also of another sheet), or a function, as
# =100% is a value with its operator.
_FORMULA = re.compile(
    rf"{UNCOMPUTED.strip()} ?=|=[+-]?(?:[^=!]{{1,60}}!)?\$?[a-z]{{1,3}}\$?[0-9]"
    r"|=[+-]?[a-z.]{1,20}\("
)
_NUMBER = re.compile(rf"([^0-9]*?)([+-]?(?:{_DIGITS})(?:[eE][+-]?[0-9]+)?)(.*)")
_NUMERAL = re.compile(
    rf"([^负{numerals.CHARACTERS}]*(?:[百千万]分之)?)"
    rf"(负?[{numerals.CHARACTERS}]+(?:点[{numerals.DIGITS}]+)?)(.*)"
)
_DATED = re.compile(r"[年月季]|[0-9][-/.][0-9]+[-/.]|[0-9]{4}[-/]")
_ALL = re.compile(r"百分之?百")
_ONLY_DIGITS = re.compile(r"[+-]*[0-9., ]+[+-]?")
_RUN_OF_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a cell says.

    `kind`: "number", "date", "level", "text", "blank" or "invalid".
    `operator`: the canonical operator that the text prints (≥ ≤ = > < 定性), else "".
    `number`: exact. A scale word that belongs to a unit stays with it (28.8万元 is 28.8 in 万元);
    one without a unit is applied (5万 is 50000).
    `unit`: the label as written, half-width; 百分之九十 gets %, ￥5 gets 元, and 每亩300 gets /亩
    (of what, it does not say).
    `bound`: "at least" (200余人), "at most" (近200), "about" (约200), else "".
    `level`: the canonical level word. `share`: a person's number with it, 部分达成(70%) is 0.7.
    `period`, `due`: a date as what it denotes and as a deadline; see `dates.Dates`.
    `issue`: why the cell is "text" or "invalid"; a code of `ISSUES`.
    `scaled`: a scale word without a unit was applied (5万, 五万, 620万/月), so beside a target in
    万元 nobody knows whether its 万 is that of the number.
    """

    kind: str
    operator: str = ""
    number: Decimal | None = None
    unit: str = ""
    bound: str = ""
    level: str = ""
    share: Decimal | None = None
    period: tuple[int, int] | None = None
    due: tuple[int, int] | None = None
    issue: str = ""
    scaled: bool = False


def read(text: str) -> Quantity:
    """What the cell `text` says; any text has an answer.

    >>> quantity = read("≥1,346.0088 万平方米")
    >>> quantity.operator, quantity.number, quantity.unit
    ('≥', Decimal('1346.0088'), '万平方米')
    >>> read("５万").number, read("九成以上").unit, read("200余人").bound
    (Decimal('5E+4'), '成', 'at least')
    >>> read("9月底前").due, read("部分达成(70%)").share
    ((930, 930), Decimal('0.70'))
    >>> read("建筑面积2.6万平方米,展示面积1万平方米").issue
    'two-numbers'
    """
    plain = phrases.plain(text)
    if plain is None:
        return Quantity("text", issue="long")
    word = plain.lower()
    if word.strip(_DASHES) in _BLANKS:
        return Quantity("blank")
    if issue := _INVALID.get(word.lstrip("+-")):
        return Quantity("invalid", issue=issue)
    if word[0] == "#" and _ERROR.fullmatch(word):
        return Quantity("invalid", issue="error")
    if word[0] in "=公" and _FORMULA.match(word):
        return Quantity("text", issue="formula")
    issue = ""
    if _DATED.search(plain):
        found, issue = _date(plain, "")
        if found is None and (match := phrases.DEADLINE.match(plain)):
            found, issue = _date(plain[match.end() :], phrases.SPELLINGS[match[1]])
        if found is not None:
            return found
    return _number(plain) or _words(plain, issue)


def operator(text: str) -> str | None:
    """The canonical operator in a column of its own; "" if the cell is blank, None if unknown.

    >>> operator("＞＝"), operator("不低于"), operator("═"), operator("定性"), operator("正向")
    ('≥', '≥', '=', '定性', None)
    """
    plain = phrases.plain(text)
    if plain is None:
        return None
    plain = plain.replace(" ", "")
    return "" if plain.lower().strip(_DASHES) in _BLANKS else phrases.SPELLINGS.get(plain)


def read_column(cells: pl.Series) -> pl.DataFrame:
    """`read` for every cell of a column, clean numbers at column speed.

    See `perfeval.quantity.columns.read_column`.
    """
    import perfeval.quantity.columns

    return perfeval.quantity.columns.read_column(cells)


def _number(plain: str) -> Quantity | None:
    """The number that the whole of `plain` is, in digits or Chinese characters."""
    if "百分" in plain and not _RUN_OF_DIGITS.search(plain):
        # Behind a number it is a unit instead: 99百分百 is 99 %.
        plain = _ALL.sub("100%", plain)
    if match := _NUMBER.fullmatch(plain):
        before, printed, behind = match.groups()
        tail = phrases.tail(behind)
        head = phrases.head(before) if tail is not None else None
        if head is None or tail is None:
            return _level_with_share(before, printed, behind)
        value = _decimal(printed)
        if value is None:
            return Quantity("invalid", issue="magnitude")
        return _assemble(head, value, tail)
    if match := _NUMERAL.fullmatch(plain):
        head = phrases.head(match[1])
        return _numeral(head, match[2], match[3]) if head is not None else None
    return None


def _numeral(head: Head, printed: str, behind: str) -> Quantity | None:
    """A Chinese number, before a unit that the table knows or none: 一流 is no number."""
    # The last 万 or 亿 belongs to the unit if there is one: 三百万元 is 300 万元.
    for cut in (1, 0) if printed[-1] in "万亿" and behind else (0,):
        end = len(printed) - cut
        tail = phrases.tail(printed[end:] + behind)
        if tail is None or (tail.unit and units.unit(tail.unit) is None):
            continue
        value = numerals.number(printed[:end])
        if value is not None and (tail.unit or printed != "两"):
            return _assemble(head, value, tail, "万" in printed[:end] or "亿" in printed[:end])
    return None


def _assemble(head: Head, value: Decimal, tail: Tail, scaled: bool = False) -> Quantity | None:
    """The number with everything around it; None where the parts do not fit together.

    `scaled`: the value itself holds a scale word already.
    """
    if head.operator and tail.operator and head.operator not in (tail.operator, "定性"):
        return Quantity("text", issue="operators")
    unit = tail.unit or head.unit
    if head.unit and unit != head.unit:
        own, printed = units.unit(head.unit), units.unit(unit)
        if own is None or printed is None or own.dimension != printed.dimension:
            return None
    if tail.shift and value:
        value = units.shifted(value, tail.shift)
    if unfit := _unfit(value):
        return Quantity("invalid", issue=unfit)
    bound = head.bound or tail.bound
    if tail.bound not in ("", bound):
        bound = "about"
    if unit in ("年", "年度") and 1900 <= value < 2100:
        return None
    # Zero is zero in any scale, and 5万 behind ¥ has its unit: nothing is open about either.
    scaled = bool(value and (scaled or tail.shift) and unit[:1] in ("", "/"))
    return Quantity(
        "number", head.operator or tail.operator, value, unit + head.per, bound, scaled=scaled
    )


def _decimal(printed: str) -> Decimal | None:
    """The printed digits as a number; None if the exponent is out of all bounds."""
    significand, _, exponent = printed.replace(",", "").lower().partition("e")
    value = Decimal(significand)
    if not value:
        return Decimal(0)
    if not exponent:
        return value
    return units.shifted(value, int(exponent)) if len(exponent.lstrip("+-0")) <= 3 else None


def _unfit(value: Decimal) -> str:
    """Why a float64 could not carry `value`, or not be divided by another; "" if it can."""
    digits = value.as_tuple().digits
    if len(digits) > SIGNIFICANT_DIGITS:
        significant = "".join(map(str, digits)).strip("0")
        if len(significant) > SIGNIFICANT_DIGITS:
            return "digits"
    return "magnitude" if value and abs(value.adjusted()) > MAGNITUDE else ""


def _level_with_share(before: str, printed: str, behind: str) -> Quantity | None:
    """A level word with a person's share: 部分达成(70%), 已完成100%, 达成(0.9)."""
    name = level(before.rstrip("(: "))
    closing = behind.replace(" ", "").rstrip("。")
    if not name or closing not in ("%", "%)", ")") or ("(" in before) != (")" in closing):
        return None
    share = _decimal(printed)
    if share is None or share < 0 or _unfit(share) or (closing == ")" and share > 1):
        return None
    return Quantity("level", level=name, share=units.shifted(share, -2 * ("%" in closing)))


def _date(plain: str, name: str) -> tuple[Quantity | None, str]:
    """The date that `plain` is, and the issue if it is one that does not exist."""
    try:
        found = dates.read(plain)
    except dates.ImpossibleDateError:
        return None, "date"
    if found is None:
        return None, ""
    return Quantity("date", name, period=found.period, due=found.due), ""


def _words(plain: str, issue: str) -> Quantity:
    """A level or a date, with an operator or without, or text; `issue` is known of it already."""
    body, name = plain, ""
    while match := phrases.OPERATOR.match(body):
        name = name or phrases.SPELLINGS[match[1]]
        body = body[match.end() :]
    if not body:
        return (
            Quantity("blank", name) if name == "定性" else Quantity("text", name, issue="operator")
        )
    if found := level(body):
        return Quantity("level", name, level=found)
    suffix = phrases.WITH_SUFFIX.fullmatch(body) if len(body) < 20 else None
    if suffix and not name and (found := level(suffix[1])):
        return Quantity("level", "≥" if suffix["least"] else "≤", level=found)
    if name:
        date, impossible = _date(body, name)
        if date is not None:
            return date
        issue = issue or impossible
    # A word such as 超过 may open a sentence; a sign or 定性 is an operator wherever it stands.
    name = name if name == "定性" or plain[0] in phrases.SIGNS else ""
    return Quantity("text", name, issue=issue or _why_text(plain, body))


def _why_text(plain: str, body: str) -> str:
    """The issue of a text that is nothing else; `body` is it without its operator."""
    if body.strip("。 ") == "无":
        return "none"
    count = len(_RUN_OF_DIGITS.findall(plain))
    if count and _ONLY_DIGITS.fullmatch(plain):
        return "malformed"
    return ("words", "number-inside", "two-numbers")[min(count, 2)]

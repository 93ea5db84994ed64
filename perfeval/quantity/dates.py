"""Dates and deadlines as tables write them: 7月, 9月底前, 2023年12月, 1-12月, 年底, 第三季度.

A day is an integer yyyymmdd, with year 0 where the text prints none (7月 ends on 731), so that days
compare as integers once the caller has added its year × 10000. Without a year February ends on
the 29th; the day before January is day 0 of the year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from perfeval.quantity import numerals

Window = tuple[int, int]


class ImpossibleDateError(ValueError):
    """A text of a date's form that names no day, such as 2月30日."""


@dataclass(frozen=True, slots=True)
class Dates:
    """A date text read in both ways a table uses it.

    `period`: the first and last day that it may denote; where only an end is printed (9月前) it
    starts with the year. `due`: the last day it allows as a deadline, read strictly and
    generously: 9月前 is the end of August or of September, 9月5日前 the 4th or the 5th; 9月底前 and
    9月30日前 are the 30th.
    """

    period: Window
    due: Window


_LONGEST = 40
_YEAR = r"(?P<year>[12][0-9]{3})年度?"
_THIS_YEAR = r"本年度?|当年度?|今年|该年度?"
_END = "底|末|终"
_POINT = re.compile(
    rf"(?:{_YEAR}|(?P<this>{_THIS_YEAR}|年度?(?=[{_END.replace('|', '')}内初])|全年度?))?"
    rf"(?:(?P<month>[0-9]{{1,2}})月份?(?:(?P<day>[0-9]{{1,2}})[日号])?"
    rf"|第?(?P<quarter>[1-4])季度|(?P<half>[上下])半年)?"
    rf"(?P<part>上旬|中旬|下旬|初|中|{_END}|内|全年)?"
)
_ISO = re.compile(
    r"(?P<year>[12][0-9]{3})(?:(?P<dot>[-/.])(?P<month>[0-9]{1,2})(?P=dot)(?P<day>[0-9]{1,2})"
    r"|[-/](?P<only>[0-9]{1,2}))(?:T?00?:00(?::00)?(?:\.0+)?)?"
)
_SHORT_RANGE = re.compile(
    rf"(?P<head>(?:{_YEAR})?)(?P<start>[0-9]{{1,2}})(?:-{{1,2}}|—{{1,2}}|[~–―至到])"
    rf"(?P<end>[0-9]{{1,2}})(?P<mark>月份?)"
)
_DAY_RANGE = re.compile(
    rf"(?P<head>(?:{_YEAR})?[0-9]{{1,2}}月)(?P<start>[0-9]{{1,2}})(?:-{{1,2}}|—{{1,2}}|[~–―至到])"
    rf"(?P<end>[0-9]{{1,2}})(?P<mark>[日号])"
)
_YEAR_RANGE = re.compile(
    r"(?P<head>)(?P<start>[12][0-9]{3})[-—–~至到](?P<end>[12][0-9]{3})(?P<mark>年度?)"
)
_SEPARATOR = re.compile(r"--|——|[-—–―~至到]")
_BEFORE = re.compile(r"(?P<point>.+?)(?P<before>之前|以前|前)?")
_LEAD = re.compile(r"^已?(?:截至|截止到?|于|在|至|到)?")
_DONE = re.compile(
    r"(?:全部|全面)?(?:完成|完工|竣工|到位|结束|实施完成|完成验收|验收|发放|支付|拨付)(?:到位|完毕)?$"
)
_NUMERAL = re.compile(rf"[{numerals.DIGITS}十]+(?=[年月日号季])")


def read(text: str) -> Dates | None:
    """The dates that `text` is, None if it is no date.

    Raises `ImpossibleDateError` for a date that no calendar has.

    >>> read("9月前")
    Dates(period=(101, 930), due=(831, 930))
    >>> read("2021年1月-12月").period
    (20210101, 20211231)
    >>> read("9个月") is None
    True
    """
    text = "".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    text = _NUMERAL.sub(_arabic, text)
    text = _DONE.sub("", _LEAD.sub("", text))
    return _span(text) or _point(text)


def exists(day: int) -> bool:
    """Whether the calendar has the day `day` (yyyymmdd, or mmdd of a year not known yet).

    A day that a text without a year prints (2月29日) may be missing in the caller's year. Ask for
    windows of one day only: that 2月 ends on 229, as does the strict due of 3月前, is no error.

    >>> exists(20240229), exists(20230229), exists(229), exists(20231301)
    (True, False, True, False)
    """
    year, month, date = day // 10000, day // 100 % 100, day % 100
    return 0 <= year <= 9999 and 1 <= month <= 12 and 1 <= date <= _length(year, month)


def _arabic(match: re.Match[str]) -> str:
    """A Chinese year, month, day or quarter in digits; as it stands if it is no number."""
    if "十" not in match[0]:
        return numerals.digits(match[0])
    value = numerals.number(match[0])
    return match[0] if value is None else str(value)


def _span(text: str) -> Dates | None:
    """A range of months, days, years or whole dates: from the first through the last."""
    ranges = (_SHORT_RANGE, _DAY_RANGE, _YEAR_RANGE)
    if short := next(filter(None, (form.fullmatch(text) for form in ranges)), None):
        head, mark = short["head"], short["mark"]
        pairs = [(f"{head}{short['start']}{mark}", f"{head}{short['end']}{mark}")]
    else:
        cuts = _SEPARATOR.finditer(text)
        pairs = [(text[: cut.start()], text[cut.end() :]) for cut in cuts]
    for left, right in pairs:
        first, last = _window(left), _window(right)
        if first is None or last is None:
            continue
        if last[1] < 10000 <= first[0]:
            year = first[0] // 10000
            last = _window(f"{year}年{right}") or last
        if (first[0] < 10000) != (last[1] < 10000) or last[1] < first[0]:
            raise ImpossibleDateError(text)
        return Dates((first[0], last[1]), (last[1], last[1]))
    return None


def _point(text: str) -> Dates | None:
    """A single date, with or without 前."""
    match = _BEFORE.fullmatch(text)
    if match is None or (window := _window(match["point"])) is None:
        return None
    first, last = window
    part = match["point"][-1]
    if match["before"]:
        # 9月30日前 is said of the month's end as 9月底前 is: that day is in time.
        year, month = last // 10000, last // 100 % 100
        to_end = part in "底末终内" or first == last == _days(year, month, month)[1]
        strict = last if to_end else _day_before(first)
        return Dates((first // 10000 * 10000 + 101, last), (strict, last))
    if part in "初中":
        return Dates(window, (first, last))
    return Dates(window, (last, last))


def _window(text: str) -> Window | None:
    """The first and last day of a single date without 前."""
    if iso := _ISO.fullmatch(text):
        month, day = iso["month"] or iso["only"], iso["day"]
        return _days(int(iso["year"]), int(month), int(month), int(day) if day else None)
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    year, part = int(match["year"] or 0), match["part"] or ""
    if match["month"]:
        month, day = int(match["month"]), match["day"]
        if day:
            return None if part else _days(year, month, month, int(day))
        return _part_of_month(year, month, part)
    if match["quarter"] or match["half"]:
        return _part_of_year(match["quarter"], match["half"], year, part)
    if not (match["year"] or match["this"] or part == "全年"):
        return None
    if part in ("底", "末", "终"):
        return _days(year, 12, 12)
    if part == "初":
        return _days(year, 1, 1)
    return _days(year, 1, 12) if part in ("", "内", "全年") else None


def _part_of_month(year: int, month: int, part: str) -> Window:
    first, last = _days(year, month, month)
    base = first - 1
    if part in ("上旬", "初"):
        return first, base + 10
    if part in ("中旬", "中"):
        return base + 11, base + 20
    return (base + 21, last) if part in ("下旬", "底", "末", "终") else (first, last)


def _part_of_year(quarter: str | None, half: str | None, year: int, part: str) -> Window | None:
    """A quarter or a half-year; its end is its last month."""
    if quarter:
        last = 3 * int(quarter)
        first = last - 2
    else:
        first, last = (1, 6) if half == "上" else (7, 12)
    if part in ("底", "末", "终"):
        return _days(year, last, last)
    return _days(year, first, last) if part in ("", "内") else None


def _days(year: int, start: int, end: int, day: int | None = None) -> Window:
    """The days from the first of month `start` through the last of month `end`, or one `day`."""
    if not 1 <= start <= end <= 12:
        raise ImpossibleDateError(f"month {start}")
    length = _length(year, end)
    if day is not None and not 1 <= day <= length:
        raise ImpossibleDateError(f"day {day}")
    base = year * 10000
    if day is not None:
        return (base + start * 100 + day,) * 2
    return base + start * 100 + 1, base + end * 100 + length


def _length(year: int, month: int) -> int:
    """Days of the month; without a year February has all it can have."""
    return monthrange(year or 2000, month)[1]


def _day_before(day: int) -> int:
    """The day before; before the first of January of no year it is 0."""
    year, month, date = day // 10000, day // 100 % 100, day % 100
    if date > 1:
        return day - 1
    if month > 1:
        return year * 10000 + (month - 1) * 100 + _length(year, month - 1)
    return (year - 1) * 10000 + 1231 if year else 0

"""What an indicator's name states of its own number and unit: 村组干部230人, 满意度(%), 总面积(亩).

Names are read as columns, in the form in which they are compared (`perfeval.names`).
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from perfeval.quantity.units import SCALES, labels

_YEARS = r"(?:19|20)[0-9]{2}(?:年度?[-—–~至]?|[-—–~至])"
TELLING = 10
"""The least number in the middle of a name that is what the name is about: not the 5 of 5项保险."""

_DATES = (
    r"(?:(?:19|20)[0-9]{2}年度?)?[0-9]{1,2}月(?:[0-9]{1,2}[日号])?|(?:19|20)[0-9]{2}年度?|第[0-9]+"
)
_NUMBERS = r"[0-9][0-9,.]*"
# 第2期, 1-12月, 2.0版 and 5G are not amounts; nor is the second number of a range.
_BEFORE = r"(?:^|[^0-9A-Za-z.,第~至/—–-])"
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?"
_WITHIN = r"(?:[及或]?以[上下内外]|之?内|前|后)"
# 500万元以上项目: the amount tells which projects, not how many.
_CONDITION = rf"^[底末]?{_WITHIN}[^)]"
_LAST = rf"^(?:{_WITHIN}|左右|多|余)?\)*$"
# 满意度(%), 成活率(≥**%), 受益人口≥**人: a form's name, with room for the number.
_ROOM = r"[*xX_×]"
_IN_BRACKETS = rf"\([≥≤<>=]*{_ROOM}*([^()≥≤<>=*]+)\)$"
_AT_END = rf"[≥≤<>=]+{_ROOM}+([^()≥≤<>=*]+)$"


@cache
def _amount() -> str:
    """A number with a known unit, and the rest of the name."""
    scales, units = (
        "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
        for words in (SCALES, labels())
    )
    return rf"{_BEFORE}(?P<number>{_NUMBER})(?P<unit>(?:{scales})?(?:{units}))(?P<rest>.*)$"


def states_amount(text: pl.Expr) -> pl.Expr:
    """Whether `text` (as names are compared) holds a number with a known unit that is no date."""
    return text.str.replace_all(_DATES, "").str.contains(_amount())


def with_stated(names: pl.DataFrame, key: str) -> pl.DataFrame:
    """`names` with what the name in the column `key` states.

    Added columns: stated_number, the only amount in the name (null where there is none, where there
    are several, or where it is a year or a condition); stated_unit, its unit, or the one that the
    name ends with in brackets ("" for none; it need not be a known one); stated_last, whether the
    amount ends the name.
    """
    text = pl.col(key)
    amounts = (
        names.select(key)
        .filter(text.str.contains("[0-9]"))
        .with_columns(plain=text.str.replace_all(_YEARS, ""))
        .filter(pl.col("plain").str.count_matches(_NUMBERS) == 1)
        .select(key, pl.col("plain").str.extract_groups(_amount()).struct.unnest())
        .filter(pl.col("number").is_not_null() & ~pl.col("rest").str.contains(_CONDITION))
        .select(
            key,
            stated_number=pl.col("number").str.replace_all(",", "").cast(pl.Float64),
            amount_unit="unit",
            stated_last=pl.col("rest").str.contains(_LAST),
        )
    )
    return (
        names.join(amounts, on=key, how="left", maintain_order="left")
        .with_columns(
            stated_unit=pl.coalesce(
                "amount_unit",
                text.str.extract(_IN_BRACKETS),
                text.str.extract(_AT_END),
                pl.lit(""),
            ),
            stated_last=pl.col("stated_last").fill_null(value=False),
        )
        .drop("amount_unit")
    )

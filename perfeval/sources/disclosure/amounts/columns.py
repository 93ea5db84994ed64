"""Which columns a table has: its headings, which are broken over lines, matched to the form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import combinations, product

from perfeval.budget_form import TableForm, table_forms
from perfeval.names import normalise_text

_YEAR = re.compile(r"[12]\d{3}年度?")
_MOST_SCRAMBLED = 3  # headings at most that may be put together from single characters


def match_columns(headings: Iterable[str], form: TableForm) -> tuple[str, ...] | None:
    """The columns of a table in the order of the form; None where they are not certain.

    Headings are taken out of the text of all lines, blanks left aside, wherever one stands whole.
    What is left, because lines of neighbouring cells alternate, must be the characters of missing
    headings, in any order, and in one way only. Text that is no heading of the form, and a heading
    that stands twice, may mean other columns than the form's.
    """
    text = _YEAR.sub("", normalise_text("".join(headings)))
    known, pattern = _headings(form.number)
    found = Counter(known[word] for word in pattern.findall(text))
    del found[""]
    if any(count > 1 for count in found.values()):
        return None
    left = Counter(pattern.sub("", text))
    missing = [column for column in form.columns if column not in found]
    columns = {frozenset(found) | more for more in _spelt(left, missing, form)}
    if len(columns) != 1:
        return None
    (certain,) = columns
    return tuple(column for column in form.columns if column in certain)


def is_heading(text: str, form: TableForm) -> bool:
    """Whether a line holds nothing but whole headings, as a new page may repeat them."""
    _known, pattern = _headings(form.number)
    return not pattern.sub("", _YEAR.sub("", normalise_text(text)))


@cache
def _headings(number: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """The column of each heading ("" for one above no amounts), and the pattern that finds them."""
    form = table_forms()[number]
    known = {normalise_text(word): "" for word in form.other_headings}
    for column, spellings in form.headings.items():
        known.update((normalise_text(spelling), column) for spelling in spellings)
    words = sorted(known, key=len, reverse=True)
    return known, re.compile("|".join(map(re.escape, words)))


def _spelt(left: Counter[str], missing: list[str], form: TableForm) -> Iterable[frozenset[str]]:
    """Every set of missing columns whose headings have exactly the characters that are left."""
    for count in range(_MOST_SCRAMBLED + 1):
        for columns in combinations(missing, count):
            spellings = product(*(form.headings[column] for column in columns))
            if any(Counter(normalise_text("".join(words))) == left for words in spellings):
                yield frozenset(columns)

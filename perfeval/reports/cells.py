"""Text in cells that a spreadsheet opens: no user's text ever runs as a formula there.

In CSV, where a cell is nothing but its text, an apostrophe is put before what a spreadsheet would
take for a formula. In a workbook a cell has a type: there the text is stored as text, unchanged
(`perfeval.reports.workbook.book`).
"""

from __future__ import annotations

import re

from perfeval.reports.text import escaped

# What a spreadsheet takes for a formula, and what looks like one but is a number or a lone sign.
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_HARMLESS = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?|[=+\-@＝＋－＠]")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take `text` for a formula.

    >>> is_formula("=1+1"), is_formula("-1月工资"), is_formula("-5"), is_formula("≥ 5")
    (True, True, False, False)
    """
    return bool(_FORMULA.match(text)) and not _HARMLESS.fullmatch(text)


def csv_cell(text: str | None) -> str | None:
    """`text` as a spreadsheet shows it: nothing hidden, no formula, line breaks all of one kind.

    >>> csv_cell("@SUM(A1)"), csv_cell("-5"), csv_cell(None)
    ("'@SUM(A1)", '-5', None)
    """
    if not text:
        return text
    text = escaped(text, keep="\t\r\n")
    if is_formula(text):
        text = "'" + text
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

"""Text in cells that a spreadsheet opens: nothing is hidden in it, and none of it runs.

In CSV, where a cell is nothing but its text, `perfeval.neutral` marks what looks like a formula. In
a workbook a cell has a type: there the text is stored as text, unchanged
(`perfeval.reports.workbook.book`).
"""

from __future__ import annotations

from perfeval.neutral import neutralised
from perfeval.reports.text import escaped


def csv_cell(text: str | None) -> str | None:
    """`text` as a spreadsheet shows it: nothing hidden, no formula, line breaks all of one kind.

    >>> csv_cell("@SUM(A1)"), csv_cell("-5"), csv_cell(None)
    ("'@SUM(A1)", '-5', None)
    """
    if not text:
        return text
    text = neutralised(escaped(text, keep="\t\r\n"))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

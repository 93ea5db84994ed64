"""Text in CSV that no spreadsheet runs as a formula, and the way back.

An apostrophe is put before what a spreadsheet would take for a formula, and before every text that
already has one there; reading takes one away. So what perfeval writes it reads back as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
# What looks like a formula but is a number or a lone sign.
_HARMLESS = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?|[=+\-@＝＋－＠]")
_NEUTRAL = r"^'+[=+\-@＝＋－＠\t\r\n]"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take `text` for a formula.

    >>> is_formula("=1+1"), is_formula("-1月工资"), is_formula("-5"), is_formula("≥ 5")
    (True, True, False, False)
    """
    return bool(_FORMULA.match(text)) and not _HARMLESS.fullmatch(text)


def neutralised(text: str) -> str:
    """`text` as it is written into CSV.

    >>> neutralised("=1+1"), neutralised("'=1"), neutralised("-5")
    ("'=1+1", "''=1", '-5')
    """
    return f"'{text}" if is_formula(text) or re.match(_NEUTRAL, text) else text


def restored_text(text: str) -> str:
    """What `neutralised` was given.

    >>> restored_text("'=1+1"), restored_text("''=1"), restored_text("'引号'")
    ('=1+1', "'=1", "'引号'")
    """
    return text[1:] if re.match(_NEUTRAL, text) else text


def restored(cell: pl.Expr) -> pl.Expr:
    """The same for a column of text."""
    import polars as pl

    return pl.when(cell.str.contains(_NEUTRAL)).then(cell.str.slice(1)).otherwise(cell)

"""When two names mean the same thing, and which name was probably meant.

Names match exactly after Unicode NFKC, removal of everything blank (also zero-width signs, which
text copied from a web page carries) and unification of brackets: 〔2020〕, [2020], 【2020】 and
（2020） are one. Quotation marks and book-title marks 《》 are left as they are: they tell names
apart. Nothing beyond that is ever taken for equal; `suggest` only names what is near.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_RANGES = (
    (0x09, 0x0D), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680),
    (0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)  # fmt: skip
BLANKS = "".join(chr(code) for first, last in _RANGES for code in range(first, last + 1))
"""Every character that shows nothing: blanks of any width, line ends, zero-width signs."""

_FARTHER = 15.0  # likeness that a further suggestion may lack to the nearest
_COMPARED = (
    dict.fromkeys(BLANKS, "")
    | dict.fromkeys("[【〔〖〘〚{", "(")
    | dict.fromkeys("]】〕〗〙〛}", ")")
)
_NOT_PLAIN = r"[^0-9A-Za-z\x{4E00}-\x{9FFF}]"
"""What a name that is compared as it is written has none of: letters, digits and Chinese
characters are nothing else after NFKC, and neither blanks nor brackets."""

_TRANSLATION = str.maketrans(_COMPARED)

NEAR = 60.0
"""Least likeness (0 to 100) of a suggested name: 60 lets two of five characters differ."""

NEAR_FILE = 80.0
"""The same for the names of files, which share their endings: 80 is about a slip or two."""


def normalise_text(name: str) -> str:
    """`name` in the form in which names are compared.

    >>> normalise_text("就业补助资金 【２０２３】")
    '就业补助资金(2023)'
    """
    return unicodedata.normalize("NFKC", name).translate(_TRANSLATION)


def normalise(expr: pl.Expr) -> pl.Expr:
    """The same for a column of names; nulls stay null."""
    return expr.str.normalize("NFKC").str.replace_many(list(_COMPARED), list(_COMPARED.values()))


def normalise_column(cells: pl.Series) -> pl.Series:
    """The same for a column that holds some texts many times: each is looked at once."""
    import polars as pl

    # Rows of one project stand together: runs are cheaper to find than texts to tell apart.
    distinct = cells.filter(begins(cells)).unique().to_frame("cell")
    cell = pl.col("cell")
    others = distinct.filter(cell.str.contains(_NOT_PLAIN)).with_columns(new=normalise(cell))
    others = others.filter(cell != pl.col("new"))
    return cells if others.is_empty() else cells.replace(others["cell"], others["new"])


def begins(cells: pl.Series) -> pl.Series:
    """Which cells of a column say something else than the one before; the first one does."""
    return (cells != cells.shift(1)).fill_null(True)


def hashed(*keys: pl.Series) -> pl.Series:
    """One hash for each row of these columns (uint64)."""
    together = keys[0].hash(0)
    for number, key in enumerate(keys[1:], 1):
        together = together.hash(number) ^ key.hash(number)
    return together


def are_distinct(*keys: pl.Series) -> bool:
    """Whether no two rows surely have the same keys; False also where that is only likely.

    Looks at hashes, so that the many tables without any repetition cost little.
    """
    together = hashed(*keys)
    return bool(together.n_unique() == len(together))


def with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with name_key and level2_key: indicator and level2 as they are compared."""
    if {"name_key", "level2_key"} <= set(frame.columns):
        return frame
    return frame.with_columns(
        normalise_column(frame["indicator"]).alias("name_key"),
        # 数量 and 数量指标 are written for each other.
        normalise_column(frame["level2"]).str.strip_suffix("指标").alias("level2_key"),
    )


def suggest(name: str, candidates: Iterable[str], limit: int = 3, near: float = NEAR) -> list[str]:
    """At most `limit` of `candidates` that are like `name`, nearest first, as they are written.

    Likeness is 200 × (length of the longest common subsequence) ÷ (both lengths), on names as they
    are compared and without case. Candidates below `near`, or far behind the nearest, are left out,
    and so is the name itself (a broken link stands in its folder under its own name).

    >>> suggest("wieght", ["weight", "target", "unit"])
    ['weight']
    >>> suggest("慰问退干干部", ["慰问退休干部", "走访次数"])
    ['慰问退休干部']
    """
    from rapidfuzz import fuzz, process

    known = [candidate for candidate in dict.fromkeys(candidates) if candidate != name]
    found = process.extract(
        name,
        known,
        scorer=fuzz.ratio,
        processor=lambda text: normalise_text(text).casefold(),
        limit=limit,
        score_cutoff=near,
    )
    return [name for name, likeness, _index in found if likeness >= found[0][1] - _FARTHER]

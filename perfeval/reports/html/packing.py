"""Rows as compact JSON inside a page: columns instead of objects, repeated texts once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from perfeval.reports.text import escaped

if TYPE_CHECKING:
    import polars as pl

CHUNK = 500
"""Projects whose rows are read together, when the sheet of one of them is opened."""

Packed = dict[str, Any]


def packed(frame: pl.DataFrame) -> Packed:
    """The columns of `frame` as lists; a text column that repeats itself as its texts and which.

    What hides in a text (control and direction characters) is made visible.

    >>> import polars as pl
    >>> packed(pl.DataFrame({"n": [1, 2, 3, 4], "t": ["a", "a", None, "a"]}))
    {'n': [1, 2, 3, 4], 't': {'of': ['a'], 'at': [0, 0, None, 0]}}
    """
    return {name: _column(frame[name]) for name in frame.columns}


def _column(values: pl.Series) -> Any:
    import polars as pl

    if values.dtype != pl.String:
        return values.to_list()
    texts = values.drop_nulls().unique(maintain_order=True)
    shown = [escaped(text, keep="\n\t") for text in texts.to_list()]
    if 2 * len(texts) > len(values):
        known = dict(zip(texts.to_list(), shown, strict=True))
        return [None if text is None else known[text] for text in values.to_list()]
    at = values.to_frame("text").join(
        texts.to_frame("text").with_row_index("at"), on="text", how="left", maintain_order="left"
    )["at"]
    return {"of": shown, "at": at.to_list()}


def chunks(projects: int, rows: Mapping[str, pl.DataFrame]) -> Iterator[dict[str, dict[str, Any]]]:
    """`rows` in pieces of `CHUNK` projects: for each of its names the packed rows and `start`.

    Each frame is sorted by its column `position`, the number of the project; start holds where the
    rows of each of the piece's projects begin, and at last where they end.
    """
    import polars as pl

    for first in range(0, projects, CHUNK):
        last = min(first + CHUNK, projects)
        piece = {}
        for name, frame in rows.items():
            positions = frame["position"]
            bounds = positions.search_sorted(
                pl.Series(range(first, last + 1), dtype=positions.dtype), side="left"
            )
            low, high = int(bounds[0]), int(bounds[-1])
            own = frame.slice(low, high - low).drop("position")
            piece[name] = {"start": (bounds - low).to_list(), **packed(own)}
        yield piece


def embedded(content: object) -> str:
    r"""`content` as JSON that can stand inside a script element, whatever its texts are.

    >>> embedded({"name": "</script>"})
    '{"name":"\\u003c/script>"}'
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text

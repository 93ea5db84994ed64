"""What projects say about themselves: their texts, one row per project and field, made legible."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.rules.narrative import words
from perfeval.rules.narrative.quantities import quantities, sentences
from perfeval.tables import PLACE as ROW_PLACE

FIELDS = (N_("overview"), N_("basis"), N_("schedule"), N_("goal"))
"""The columns of the projects that hold texts, in the order of the form."""

_WIDE = {chr(sign + 0xFEE0): chr(sign) for sign in range(0x21, 0x7F) if chr(sign).isalnum()}
_SIGNS = (
    dict.fromkeys(BLANKS, "")
    | _WIDE
    | dict(zip("％﹪＝＋－／．＊*✕╳", "%%=+-/.××××", strict=True))
    | dict(zip("():;!?[]［］", "（）：；！？〔〕〔〕", strict=True))
    | {"㎡": "平方米", "m²": "平方米"}
)
_THOUSANDS = r"(\d),(\d{3})(\D|$)"
# 300元x12月: between a number or a unit and a number the letter is a sign.
_TIMES = r"([\d元人个次天月年件套台名)）])[xX](\d)"


def legible(text: pl.Expr) -> pl.Expr:
    """`text` without blanks and thousands separators, digits half-width, punctuation full-width."""
    plain = text.str.replace_many(list(_SIGNS), list(_SIGNS.values()))
    for _ in range(3):
        plain = plain.str.replace_all(_THOUSANDS, "${1}${2}${3}")
    return plain.str.replace_all(",", "，", literal=True).str.replace_all(_TIMES, "${1}×${2}")


_QUOTED = 60  # characters of a text that a message shows


def opening(text: pl.Expr) -> pl.Expr:
    """`text` as a message shows it; of a long one its beginning."""
    return _shown(text, pl.concat_str(text.str.head(_QUOTED - 1), pl.lit("…")))


def ending(text: pl.Expr) -> pl.Expr:
    """`text` as a message shows it; of a long one its end."""
    return _shown(text, pl.concat_str(pl.lit("…"), text.str.tail(_QUOTED - 1)))


def _shown(text: pl.Expr, part: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_chars() > _QUOTED).then(part).otherwise(text)


class Narrative:
    """The texts of `projects` and what is read from them, each distinct text once.

    Frames of distinct texts have a column text_id; `texts` says whose they are.
    """

    def __init__(self, projects: pl.DataFrame) -> None:
        self.projects = projects

    @cached_property
    def _read(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        rows = pl.concat(
            self.projects.with_row_index("order").select(
                "order", "project", field=pl.lit(field), rank=pl.lit(rank), written=pl.col(field)
            )
            for rank, field in enumerate(FIELDS)
        ).filter(pl.col("written").is_not_null())
        known = rows.select("written").unique(maintain_order=True)
        known = known.with_columns(text=legible(pl.col("written")))
        known = known.remove(pl.col("text").str.contains(words.blank()) | (pl.col("text") == ""))
        distinct = known.select("text").unique(maintain_order=True).with_row_index("text_id")
        known = known.join(distinct, on="text")
        texts = rows.join(known.select("written", "text_id"), on="written").sort("order", "rank")
        return texts.drop("written"), distinct

    @property
    def texts(self) -> pl.DataFrame:
        """Who says what: order (of the project), project, field, rank (of the field), text_id."""
        return self._read[0]

    @property
    def distinct(self) -> pl.DataFrame:
        """Every distinct text that says something: text_id and text (legible)."""
        return self._read[1]

    @cached_property
    def sentences(self) -> pl.DataFrame:
        """The clauses of every distinct text; see `perfeval.rules.narrative.quantities`."""
        return sentences(self.distinct)

    @cached_property
    def quantities(self) -> pl.DataFrame:
        """The quantities of every distinct text; see `perfeval.rules.narrative.quantities`."""
        return quantities(self.sentences)

    def told_by(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` (of distinct texts) for each project and field that says it, in their order.

        Adds the place of the project, its year, and order, rank and field of the text.
        """
        places = self.projects.select("project", *ROW_PLACE, "year")
        return self.texts.join(frame, on="text_id", maintain_order="left_right").join(
            places, on="project", how="left", maintain_order="left"
        )

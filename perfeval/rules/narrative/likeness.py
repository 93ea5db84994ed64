"""Whether an indicator's name and the words around a quantity speak of the same thing.

Words are compared by pairs of neighbouring characters, which a change of order (职工安置, 安置职工)
leaves largely as they are. What is done tells more than all else: two texts that name other
activities (疗养, 体检) are not alike, however many characters they share.
"""

from __future__ import annotations

import polars as pl

from perfeval.rules.narrative import words

_SHARE = "比例"


def alike(pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of `pairs` (name_key, context, dimension) that are alike, with their likeness.

    likeness is the share of the name's pairs of characters that the context has, in per cent,
    where words of counting (人数, 次) are left out.
    """
    keys = ["name_key", "context", "dimension"]
    distinct = pairs.select(keys).unique(maintain_order=True)
    names = _with_names(distinct.select("name_key").unique(maintain_order=True))
    contexts = distinct.select("context").unique(maintain_order=True)
    contexts = contexts.with_columns(
        context_does=_activities(pl.col("context")), context_pairs=_pairs(pl.col("context"))
    )
    shared = {
        name: pl.col(name).list.set_intersection(other).list.len()
        for name, other in [
            ("does", "context_does"),
            ("of_what", "context_pairs"),
            ("core", "context_pairs"),
        ]
    }
    compared = (
        distinct.join(names, on="name_key", maintain_order="left")
        .join(contexts, on="context", maintain_order="left")
        .with_columns(pl.col("does", "of_what", "core").list.len().name.prefix("n_"))
        .with_columns(**{f"same_{name}": each for name, each in shared.items()})
    )
    of_what, same_of_what = pl.col("n_of_what"), pl.col("same_of_what")
    core, same_core = pl.col("n_core"), pl.col("same_core")
    by_activity = (pl.col("same_does") > 0) & (
        (of_what == 0)
        | (2 * same_of_what >= of_what)
        | ((same_of_what >= 2) & (10 * same_of_what >= 3 * of_what))
    )
    by_words = (pl.col("n_does") == 0) & (core >= 2) & (2 * same_core >= core)
    # A share is a share of one thing alone, and not what it grew by.
    by_share = (5 * same_core >= 4 * core) & ~pl.col("context").str.contains(
        words.pattern("quantities", "change")
    )
    found = compared.filter(
        (core > 0)
        & pl.when(pl.col("dimension") == _SHARE).then(by_share).otherwise(by_activity | by_words)
    ).select(*keys, likeness=(100 * same_core / core).round().cast(pl.Int64))
    return pairs.join(found, on=keys, maintain_order="left")


def _with_names(names: pl.DataFrame) -> pl.DataFrame:
    core = (
        pl.col("name_key")
        .str.replace_all(words.pattern("likeness", "counted"), "")
        .str.replace(words.pattern("likeness", "ends"), "")
    )
    return names.with_columns(
        does=_activities(core),
        of_what=_pairs(core.str.replace_all(words.pattern("likeness", "activities"), "")),
        core=_pairs(core),
    )


def _activities(text: pl.Expr) -> pl.Expr:
    return text.str.extract_all(words.pattern("likeness", "activities")).list.unique()


def _pairs(text: pl.Expr) -> pl.Expr:
    """The pairs of neighbouring characters in `text`, each once."""
    even, odd = text.str.extract_all(".."), text.str.slice(1).str.extract_all("..")
    return pl.concat_list(even, odd).list.unique()

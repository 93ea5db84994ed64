"""Quantities in running text: number, unit, the words around it, and what it is said of.

What is no quantity does not become one: years and dates, document numbers, ordinals, numbers of a
list, ranges, and numbers inside the titles of documents.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from perfeval.quantity import phrases
from perfeval.quantity.units import SCALES, labels
from perfeval.rules.narrative import words
from perfeval.rules.narrative.amounts import read_amounts

_LIST_ITEM, _EDGE = "\x1c", "\x1f"
_NO_QUANTITIES = (
    (r"《[^《》]*》", "《》"),
    (r"《[^》]*$", ""),
    (r"〔[12]\d{3}〕第?\d*号?", ""),
    (r"〔[12]\d{3}[^〕]*$", ""),
    (r"（[12]\d{3}）第?\d+号", ""),
    (r"第\d+[号次届批期条款项章个位名]?", "第"),
    (r"\d+次(常务会|常委会|党组会|办公会|全会|全体会|集体学习|党代会)", "${1}"),
    (r"（[^（）\d]*）", ""),
    (r"（\d{1,2}）|[①-⑳]", f"；{_LIST_ITEM}"),
    (r"(^|[；。：，、])\d{1,2}[.、]([^\d])", f"${{1}}；{_LIST_ITEM}${{2}}"),
    (r"\d+(?:\.\d+)?(?:%|[一-鿿]{0,3})[-~～—–至到]\d+(?:\.\d+)?", ""),
)
_SENTENCE_END, _CLAUSE_END = "[。！？；]", "[，：（）]"
_YEAR = r"((?:19|20)\d{2})年"
_CONTEXT_BEFORE, _CONTEXT_AFTER = 40, 16
_TIMES = ["年", "学年", "学期", "季度", "月", "周", "天", "工作日", "小时", "分钟", "秒"]


def sentences(texts: pl.DataFrame) -> pl.DataFrame:
    """The clauses of `texts` (text_id, text), without what is no quantity.

    A row per clause, in order: text_id, sentence and clause (numbers of their own for every
    sentence and clause), item (whether the sentence is a list's), said (the sentence), words (the
    clause), year (the last one named in the sentence so far, null if none) and stock (whether the
    sentence so far speaks of what there is, or was done before).
    """
    masked = pl.col("text")
    for no_quantity, instead in _NO_QUANTITIES:
        masked = masked.str.replace_all(no_quantity, instead)
    return (
        _split(texts.select("text_id", said=masked), "said", _SENTENCE_END, "sentence")
        .with_columns(item=pl.col("said").str.starts_with(_LIST_ITEM))
        .with_columns(pl.col("said").str.strip_chars(_LIST_ITEM))
        .with_columns(words="said")
        .pipe(_split, "words", _CLAUSE_END, "clause")
        .with_columns(
            year=pl.col("words").str.extract_all(_YEAR).list.last().str.head(4).cast(pl.Int64)
        )
        .with_columns(
            year=pl.col("year").forward_fill().over("sentence"),
            stock=pl.col("words")
            .str.contains(words.pattern("quantities", "stock"))
            .cum_max()
            .over("sentence"),
        )
    )


def quantities(clauses: pl.DataFrame) -> pl.DataFrame:
    """The quantities of `clauses`, in order; those of time are left out.

    Beside the columns of their clauses and of `read_amounts` each has before and after (the words
    around it), context (those that say what is counted: where quantities follow one another, the
    first one's), rate (so many per something), operand (of a product or a sum) and total (said to
    be the sum of those before it).
    """
    marked = pl.col("words").str.replace_all(_quantity(), f"{_EDGE}${{0}}{_EDGE}")
    # In each clause words and quantities take turns, and words come first.
    tokens = (
        clauses.filter(pl.col("words").str.contains(r"\d"))
        .with_columns(printed=marked.str.split(_EDGE))
        .filter(pl.col("printed").list.len() > 1)
        .explode("printed")
        .with_columns(turn=pl.int_range(pl.len()).over("clause"))
        .with_columns(
            before=pl.col("printed").shift(1).over("clause"),
            after=pl.col("printed").shift(-1).over("clause"),
            last=pl.col("turn") == pl.col("turn").max().over("clause") - 1,
        )
        .filter(pl.col("turn") % 2 == 1)
    )
    known = read_amounts(tokens["printed"]).remove(pl.col("dimension").is_in(_TIMES))
    before, after = pl.col("before"), pl.col("after")
    total = before.str.contains(words.pattern("quantities", "total"))
    # 100批次10000人次 and 100批次、10000人次 name once what is counted; 共计230人 does not.
    unnamed = total | ((pl.col("turn") > 1) & before.is_in(["", "、"]))
    # What follows belongs to the next quantity if there is one, unless nothing else names it.
    own_after = pl.when(pl.col("last") | (before == "")).then(after).otherwise(pl.lit(""))
    return (
        tokens.join(known, on="printed", maintain_order="left")
        .with_columns(
            total=total,
            operand=before.str.contains("[×÷+]$") | after.str.contains("^[×÷+=]"),
            rate=pl.col("unit").str.contains("/", literal=True)
            | before.str.contains(words.pattern("quantities", "rate")),
            lead=pl.when(~unnamed).then(before.str.tail(_CONTEXT_BEFORE)),
            own_after=own_after.str.head(_CONTEXT_AFTER),
        )
        .with_columns(
            lead=pl.when("total")
            .then(pl.col("lead").forward_fill().over("sentence", "dimension"))
            .otherwise(pl.col("lead").forward_fill().over("clause"))
        )
        .with_columns(context=pl.concat_str(pl.col("lead").fill_null(""), "own_after"))
        .drop("turn", "last", "lead", "own_after")
    )


def _split(frame: pl.DataFrame, column: str, ends: str, number: str) -> pl.DataFrame:
    """`frame` with `column` cut at `ends` (a class of characters), the parts numbered."""
    cut = pl.col(column).str.replace_all(ends, _EDGE).str.split(_EDGE)
    parts = frame.with_columns(cut).explode(column).filter(pl.col(column) != "")
    return parts.with_row_index(number)


@cache
def _quantity() -> str:
    """The pattern of a number with its unit, and what makes it a bound."""
    known = sorted((label for label in labels() if not label.isascii()), key=len, reverse=True)
    scales = "|".join(sorted(SCALES, key=len, reverse=True))
    operators = sorted((text for text in phrases.SPELLINGS if len(text) > 1), key=len, reverse=True)
    near = "约|大约|将近|接近|近|达到|达"
    return (
        rf"(?:(?:{words.either(operators)}|{near}))?\d+(?:\.\d+)?[余多]?(?:{scales})?[余多来]?"
        rf"(?:%|{words.either(known)})(?:/[一-鿿]{{1,4}})*(?:[及]?以[上下内]|左右|之内)?"
    )

"""N302, N304 and N305: texts that are cut off, slips of the pen, and terms that vary."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative import words

_CUT = N_("a text breaks off ({fields}): “…{said}”; enter it whole")
_UNFINISHED = N_(
    "a text has full stops but does not end with one ({fields}): “…{said}”; is it whole?"
)
_LONG = 100
_SHOWN = 16


@rule("N302", "text-cut-off", "warning", _CUT, about="overview")
def text_cut_off(tables: Tables) -> pl.DataFrame:
    """A text breaks off.

    **What it does.** Finds texts that end inside a bracket, a title or a quotation, with a comma or
    a sign, with a word that must go on (的, 和, 每年, 保证 …), with a number without its unit, or
    with a product without its result. A note: a text of 100 characters or more that has full stops
    or semicolons, but ends with none.

    **Why it matters.** Forms cut texts at their length: the reckoning, or the decision that a
    budget rests on, is lost. 重庆市綦江区 2023: a third of the overviews and half of the bases end
    within a sentence.

    **Fails.** `basis = "…《关于规范考试劳务费发放工"`

    **Repair.** Enter the whole text, or shorten it.
    """
    text = pl.col("text")
    ends = {name: words.pattern("ends", name) for name in ("open", "inside", "word", "number")}
    cut = pl.any_horizontal(text.str.contains(each) for each in ends.values())
    unfinished = (
        (text.str.len_chars() >= _LONG)
        & text.str.contains("[。；]")
        & ~text.str.contains(words.pattern("ends", "finished"))
    )
    found = tables.narrative.distinct.filter(cut | unfinished).select(
        "text_id",
        said=text.str.tail(_SHOWN),
        template=pl.when(cut).then(pl.lit(_CUT)).otherwise(pl.lit(_UNFINISHED)),
        severity=pl.when(cut).then(pl.lit("warning")).otherwise(pl.lit("info")),
    )
    # A text that stands in two fields is told once.
    return (
        tables.narrative.told_by(found)
        .group_by(*PROJECT_PLACE, "text_id", "said", "template", "severity", maintain_order=True)
        .agg(fields="field", about=pl.col("field").first())
        .drop("text_id")
    )


_SLIP = N_("a slip in the {field}: “{slip}” in “{said}”; correct it")
_TWICE = N_("the {field} names “{slip}” twice in a row; remove one, or name what was meant")
_PASTED = N_(
    "the {field} addresses its own department (“{slip}”): it was taken over from a notice; write it"
    " from the project's side"
)
_AROUND = 8
_ITEM = r"^\p{Han}{6,}$"


@rule("N304", "slip-in-text", "info", _SLIP, about="overview")
def slip_in_text(tables: Tables) -> pl.DataFrame:
    """A text has a slip of the pen.

    **What it does.** Finds what nobody meant to write: doubled punctuation (，，), a text that
    starts with a comma or a full stop, a title that opens before 根据 (《根据《…), doubled units
    (万元元) and words (根据根据), an item named twice in a row, and a notice's address to the
    department itself (下达你区县).

    **Why it matters.** These texts are published. They also show what nobody has read again.

    **Fails.** `overview = "科级5099人×200元/人=101.98万元元"`

    **Repair.** `overview = "科级5099人×200元/人=101.98万元"`
    """
    patterns = words.table()["slips"]
    text = pl.col("text")
    distinct = tables.narrative.distinct
    # What a notice calls itself is quoted rightly: 《关于下达你区县补助经费的通知》.
    untitled = distinct.with_columns(text.str.replace_all("《[^《》]*》", "《》"))
    frames = [
        (untitled if kind == "pasted" else distinct)
        .filter(text.str.contains(patterns[kind]))
        .select(
            "text_id",
            slip=text.str.extract(f"({patterns[kind]})"),
            said=text.str.extract(f"(.{{0,{_AROUND}}}(?:{patterns[kind]}).{{0,{_AROUND}}})"),
            template=pl.lit(_PASTED if kind == "pasted" else _SLIP),
        )
        for kind in ("doubled", "start", "title", "unit", "word", "pasted")
    ]
    # The first item of a list may have a word before it: 如全体居民收入的统计、全体居民收入的统计.
    item, before = pl.col("said"), pl.col("said").shift(1).over("clause")
    twice = (
        tables.narrative.sentences.select("text_id", "clause", said=pl.col("words").str.split("、"))
        .filter(pl.col("said").list.len() > 1)
        .explode("said")
        .filter(item.str.contains(_ITEM) & before.str.ends_with(item))
        .select("text_id", slip="said", said="said", template=pl.lit(_TWICE))
    )
    found = pl.concat([*frames, twice])
    return (
        tables.narrative.told_by(found)
        .unique(["project", "slip", "said"], keep="first", maintain_order=True)
        .select(*PROJECT_PLACE, "field", "slip", "said", "template", about="field")
    )


@rule(
    "N305",
    "term-varies",
    "info",
    N_("the {field} says {said}, the {other_field} {other_said}; use one term"),
    about="overview",
)
def term_varies(tables: Tables) -> pl.DataFrame:
    """One term has different numerals in different texts.

    **What it does.** Compares terms in quotation marks that count twice (“两金三制”) between a
    project's texts: told are those that differ in their numerals alone. Phases, grades and
    ordinals (“一期”) are no such terms.

    **Why it matters.** Such terms name a policy; one of the two names none. 重庆市綦江区 2023,
    人力社保综合执法专项: “两金三制” in the overview, “一金三制” in the goal.

    **Fails.** `overview = "推进“两金三制”建设"` beside `goal = "落实“一金三制”"`

    **Repair.** `goal = "落实“两金三制”"`
    """
    numerals = "[一二两三四五六七八九十]"
    slips = words.table()["slips"]
    quoted = pl.col("text").str.extract_all(slips["term"])
    terms = (
        tables.narrative.distinct.select("text_id", said=quoted)
        .explode("said")
        .filter(pl.col("said").str.count_matches(numerals) >= 2)
        .remove(pl.col("said").str.contains(slips["ordinal"]))
        .with_columns(term=pl.col("said").str.replace_all(numerals, "#"))
        .filter(pl.col("term").str.count_matches("[^#“”]") >= 2)
    )
    told = tables.narrative.told_by(terms.unique(maintain_order=True))
    keys = ["project", "term"]
    other = told.select(*keys, other_field="field", other_said="said", other_rank="rank")
    return (
        told.join(other, on=keys, maintain_order="left_right")
        .filter((pl.col("rank") < pl.col("other_rank")) & (pl.col("said") != pl.col("other_said")))
        .unique([*keys, "said", "other_said"], keep="first", maintain_order=True)
        .select(*PROJECT_PLACE, "field", "said", "other_field", "other_said", about="field")
    )

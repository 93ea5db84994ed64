"""N204: parts that a text lists, against the sum that it gives for them."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.amounts import number, read_amounts
from perfeval.rules.narrative.text import opening

_OTHER = N_(
    "the parts that the {field} lists sum to {found} {unit}, not to {whole} {unit}: “{said}”;"
    " correct the parts or the sum"
)
_MORE = N_(
    "the parts that the {field} lists sum to {found} {unit}, more than the whole of {whole}"
    " {unit}: “{said}”; correct the parts or the whole"
)
_NEAR = N_(
    "the parts that the {field} lists sum to {found} {unit}, close to the whole of {whole} {unit}:"
    " “{said}”; is one of them a slip?"
)
_LIST, _BRACKET, _AMONG, _TOTAL = "list", "bracket", "among", "total"
_CUT = "\x1f"
_AMOUNT = r"\d+(?:\.\d+)?(?:万元|亿元|元|人次|人|名|户|个|家|件|台|套|亩|公里)"
_NUMBERINGS = (
    (r"^1[.、][^\d]", r"(^|[。；，：、])\d{1,2}[.、]([^\d])", f"${{1}}{_CUT}${{2}}"),
    (r"^（1）", r"（\d{1,2}）", _CUT),
    (r"^①", "[①-⑳]", _CUT),
    (r"^一、", "[一二三四五六七八九十]{1,2}、", _CUT),
)
"""How lists are numbered: how one opens, the mark of an item, and what takes its place."""

_NEAR_SHARE = 50  # parts are near the whole within a fiftieth of it


@rule("N204", "parts-and-sum-differ", "warning", _OTHER, about="overview")
def parts_and_sum_differ(tables: Tables) -> pl.DataFrame:
    """Parts that a text lists do not make up the sum that it gives for them.

    **What it does.** Adds up, exactly and with 元 and 万元 converted, the items of a list behind
    明细如下 or 测算如下 (of an item with an equation its result), the amounts in brackets behind a
    sum (`62.4万元（会议41万元；宣传14.5万元；慰问6.9万元）`), those behind 其中, and what stands
    before 共计, and compares them to half of the last printed digits. Lists that are cut off, or of
    which an item has no amount or several, are not judged. 其中 need not name all parts: money is
    told if the parts are more than the whole, and everything as a note if they are within a
    fiftieth of it.

    **Why it matters.** The detail is what the sum was granted for. Whoever changes one and forgets
    the other leaves a budget that nobody can reproduce.

    **Fails.** `项目需要资金10万元，测算如下：（1）参赛2万元；（2）培训4万元；（3）材料3万元。`

    **Repair.** `项目需要资金9万元，测算如下：（1）参赛2万元；（2）培训4万元；（3）材料3万元。`
    """
    passages = _passages(tables.narrative.distinct)
    parts = pl.concat([_parts(passages), _before_total(tables.narrative.quantities)])
    found = tables.narrative.told_by(_off(parts))
    return found.unique(["project", "said"], keep="first", maintain_order=True).select(
        *PROJECT_PLACE,
        *("field", "said", "found", "whole", "unit", "template", "severity"),
        about="field",
    )


def _passages(texts: pl.DataFrame) -> pl.DataFrame:
    """Sums with what they are made of: text_id, passage, kind, said, whole and inside (text)."""
    text = pl.col("text").str.replace_all("《[^《》]*》", "").str.replace_all("（[^（）\\d]*）", "")
    bare = texts.filter(pl.col("text").str.contains(r"如下|其中|\d[万亿]?元（"))
    bare = bare.select("text_id", text=text)
    # In a list brackets hold detail, but （1） is the number of an item.
    unbracketed = pl.col("text").str.replace_all(r"（(\d{1,2})）", f"{_CUT}${{1}}{_CUT}")
    for _ in range(2):
        unbracketed = unbracketed.str.replace_all("（[^（）]*）", "")
    unbracketed = unbracketed.str.replace_all(f"{_CUT}(\\d{{1,2}}){_CUT}", "（${1}）")
    without = bare.with_columns(text=unbracketed)
    frames = []
    for kind, source in ((_LIST, without), (_BRACKET, bare), (_AMONG, without)):
        pattern = words.pattern("sums", kind)
        frames.append(
            source.select(
                "text_id", kind=pl.lit(kind), said=pl.col("text").str.extract_all(pattern)
            )
            .explode("said")
            .filter(pl.col("said").is_not_null())
            .with_columns(groups=pl.col("said").str.extract_groups(pattern))
            .unnest("groups")
        )
    found = pl.concat(frames).rename({"1": "lead", "2": "whole", "3": "inside"})
    is_list, lead, inside = pl.col("kind") == _LIST, pl.col("lead"), pl.col("inside")
    # A list that is cut off is not whole, and an amount behind 其中 is not what is listed.
    judged = (
        pl.when(is_list)
        .then(~lead.str.contains("其中", literal=True) & inside.str.contains("。$"))
        .otherwise(~lead.str.contains(words.pattern("sums", "unless_whole")))
    )
    exhaustive = (pl.col("kind") != _BRACKET) | ~inside.str.contains(
        words.pattern("sums", "unless_bracket")
    )
    return found.filter(judged, exhaustive).drop("lead").with_row_index("passage")


def _parts(passages: pl.DataFrame) -> pl.DataFrame:
    """The parts of each passage as printed, a row each; null where one is unclear."""
    kind, inside, item = pl.col("kind"), pl.col("inside"), pl.col("item")
    items = inside.str.replace("。.*$", "").str.replace_all("[，；]", _CUT)
    numbered = pl.lit(False)
    for start, mark, instead in _NUMBERINGS:
        own = inside.str.contains(start)
        items = pl.when(own).then(inside.str.replace_all(mark, instead)).otherwise(items)
        numbered = numbered | own
    among = inside.str.replace("其中.*$", "").str.replace_all("[，、]", _CUT)
    frame = passages.with_columns(
        numbered=numbered & (kind == _LIST),
        item=pl.when(kind == _AMONG).then(among).otherwise(items).str.split(_CUT),
    ).explode("item")
    # Of a numbered item, what follows its sum is detail; 合计 in brackets is no part.
    head = pl.when("numbered").then(item.str.replace(r"(?:（\d{1,2}）|。|其中).*$", ""))
    frame = (
        frame.with_columns(item=head.otherwise(item))
        .filter(item != "")
        .remove((kind == _BRACKET) & item.str.contains("^(?:合计|共计|小计|计)"))
    )
    amounts = item.str.extract_all(f"{_AMOUNT}/?").list.eval(
        pl.element().filter(~pl.element().str.ends_with("/"))
    )
    result = item.str.extract(rf"=约?({_AMOUNT})[^=×÷]*$")
    summed = item.str.extract(rf"(?:共计|合计|小计|总计|共)({_AMOUNT})[^\d]*$")
    single = (amounts.list.len() == 1) & ~item.str.contains("[每×=]")
    return frame.select(
        *("passage", "kind", "text_id", "said", "whole"),
        part=pl.coalesce(result, summed, pl.when(single).then(amounts.list.first())),
    )


def _before_total(quantities: pl.DataFrame) -> pl.DataFrame:
    """The same for what a sentence counts before 共计 and in its dimension."""
    plain = quantities.remove(pl.col("rate") | pl.col("operand")).with_row_index("place")
    totals = plain.filter("total").select("sentence", "dimension", whole="printed", passage="place")
    before = (
        plain.remove("total")
        .join(totals, on=["sentence", "dimension"], maintain_order="left_right")
        .filter(pl.col("place") < pl.col("passage"))
        .remove(pl.col("words").str.contains("其中", literal=True).any().over("passage"))
    )
    return before.select(
        *("passage", pl.lit(_TOTAL).alias("kind"), "text_id", "said", "whole"), part="printed"
    )


def _off(parts: pl.DataFrame) -> pl.DataFrame:
    """The passages whose parts are not their sum, with what they sum to."""
    known = read_amounts(pl.concat([parts["part"], parts["whole"]]))
    of_part = known.select("dimension", "amount", "decimals", "step", part="printed")
    of_whole = known.select(
        pl.col("dimension", "amount", "step").name.prefix("whole_"),
        *("unit", "power"),
        whole="printed",
        whole_number="number",
    )
    frame = (
        parts.join(of_part, on="part", how="left", maintain_order="left")
        .join(of_whole, on="whole", maintain_order="left")
        .with_columns(fits=(pl.col("dimension") == pl.col("whole_dimension")).fill_null(False))
        # Behind 其中 other things may be named too; elsewhere what is unclear makes all unclear.
        .filter((pl.col("kind") != _AMONG) | pl.col("fits"))
    )
    # Whole numbers are as they are, decimals may have been rounded.
    slack = pl.when(pl.col("decimals") > 0).then("step").otherwise(0)
    sums = (
        frame.group_by("kind", "passage", maintain_order=True)
        .agg(
            pl.col("text_id", "said", "unit", "power", "whole_number", "whole_amount").first(),
            clear=pl.col("fits").all(),
            amounts="amount",
            sum=pl.col("amount").sum(),
            slack=pl.col("whole_step").first() + slack.sum(),
        )
        .filter(pl.col("clear") & (pl.col("amounts").list.len() > 1))
    )
    whole, total, among = pl.col("whole_amount"), pl.col("sum"), pl.col("kind") == _AMONG
    # The whole may be named again, or be divided twice: by source, and by what is bought.
    runs = (
        pl.col("amounts"),
        pl.col("amounts").list.eval(pl.element().cum_sum()),
        pl.col("amounts").list.eval(pl.element().reverse().cum_sum()),
    )
    again = pl.any_horizontal(each.list.contains(whole) for each in runs)
    # 三年共: a multiple is no sum.
    multiple = (pl.col("kind") == _TOTAL) & (whole % total == 0)
    more = among & pl.col("unit").str.ends_with("元") & (total > whole)
    near = (total - whole).abs() * _NEAR_SHARE <= whole
    note = among & ~more
    return (
        sums.remove(2 * (total - whole).abs() <= pl.col("slack"))
        .remove(again & pl.col("kind").is_in([_AMONG, _TOTAL]))
        .remove(multiple)
        .filter(~among | more | near)
        .select(
            *("text_id", "unit"),
            said=opening(pl.col("said")),
            found=number(total, pl.col("power")),
            whole="whole_number",
            template=pl.when(more)
            .then(pl.lit(_MORE))
            .when(among)
            .then(pl.lit(_NEAR))
            .otherwise(pl.lit(_OTHER)),
            severity=pl.when(note).then(pl.lit("info")).otherwise(pl.lit("warning")),
        )
    )

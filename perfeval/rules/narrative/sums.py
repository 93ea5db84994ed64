"""N204: parts that a text lists, against the sum that it gives for them."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity import read_column
from perfeval.quantity.units import unit
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.quantities import PLACES, amount
from perfeval.rules.narrative.text import opening

_OTHER = N_(
    "the parts that the {field} lists sum to {found} {unit}, not to {whole} {unit}: “{said}”;"
    " correct the parts or the sum"
)
_MORE = N_(
    "the parts that the {field} lists sum to {found} {unit}, more than the whole of {whole} {unit}:"
    " “{said}”; correct the parts or the whole"
)
_NEAR = N_(
    "the parts that the {field} lists sum to {found} {unit}, close to the whole of {whole} {unit}:"
    " “{said}”; is one of them a slip?"
)
_LIST, _BRACKET, _AMONG, _TOTAL = "list", "bracket", "among", "total"
_CUT = "\x1f"
_AMOUNT = r"\d+(?:\.\d+)?(?:万元|亿元|元|人次|人|名|户|个|家|件|台|套|亩|公里)"
_ITEMS = (
    (r"^1[.、][^\d]", r"(^|[。；，：、])\d{1,2}[.、]([^\d])", f"${{1}}{_CUT}${{2}}"),
    (r"^（1）", r"（\d{1,2}）", _CUT),
    (r"^①", "[①-⑳]", _CUT),
    (r"^一、", "[一二三四五六七八九十]{1,2}、", _CUT),
)
_HUNDREDTH = 50  # a slip is at most a fiftieth away


@rule("N204", "parts-and-sum-differ", "warning", _OTHER, about="overview")
def parts_and_sum_differ(tables: Tables) -> pl.DataFrame:
    """Parts that a text lists do not make up the sum that it gives for them.

    **What it does.** Adds up, exactly and with 元 and 万元 converted, the items of a list behind
    明细如下 or 具体测算如下 (of an item with an equation its result), the amounts in brackets behind a sum
    (`62.4万元（41万元；14.5万元；6.9万元）`), those behind 其中, and what stands before 共计, and compares
    them to half of the last printed digits. Lists that are cut off, or of which an item has no amount
    or several, are not judged. 其中 need not name all parts: it is told if they are more than the
    whole, and as a note if they are within a fiftieth of it.

    **Why it matters.** The detail is what the sum was granted for. Whoever changes one and forgets
    the other leaves a budget that nobody can reproduce.

    **Fails.** `项目需要资金10万元，具体测算如下：（1）参赛费用2万元；（2）培训费4万元；（3）材料费3万元。`

    **Repair.** Correct the part or the sum.
    """
    texts = tables.narrative.distinct
    passages = _passages(texts)
    parts = pl.concat([_parts(passages), _before_total(tables.narrative.quantities)])
    found = tables.narrative.told_by(_off(parts))
    return found.unique(["project", "said"], keep="first", maintain_order=True).select(
        *PROJECT_PLACE, "field", "said", "found", "whole", "unit", "template", "severity"
    )


def _passages(texts: pl.DataFrame) -> pl.DataFrame:
    """Sums with what they are made of: text_id, kind, lead, whole and inside (text), a row each."""
    text = pl.col("text").str.replace_all("《[^《》]*》", "").str.replace_all("（[^（）\\d]*）", "")
    bare = texts.filter(pl.col("text").str.contains(r"如下|其中|\d[万亿]?元（"))
    bare = bare.select("text_id", text=text)
    marked = pl.col("text").str.replace_all(r"（(\d{1,2})）", f"{_CUT}${{1}}{_CUT}")
    for _ in range(2):
        marked = marked.str.replace_all("（[^（）]*）", "")
    unbracketed = bare.with_columns(
        text=marked.str.replace_all(f"{_CUT}(\\d{{1,2}}){_CUT}", "（${1}）")
    )
    sources = {_LIST: unbracketed, _BRACKET: bare, _AMONG: unbracketed}
    frames = []
    for kind, source in sources.items():
        pattern = words.pattern("sums", kind)
        matches = pl.col("text").str.extract_all(pattern)
        frames.append(
            source.filter(pl.col("text").str.contains(pattern))
            .select("text_id", kind=pl.lit(kind), said=matches)
            .explode("said")
            .with_columns(groups=pl.col("said").str.extract_groups(pattern))
            .unnest("groups")
            .rename({"1": "lead", "2": "whole_text", "3": "inside"})
        )
    found = pl.concat(frames)
    each = pl.col("lead").str.contains(words.pattern("sums", "unless_whole"))
    # A part's own list, as in …，其中租赁费34.8万元。明细如下, is not the whole's.
    is_list = pl.col("kind") == _LIST
    inside = pl.col("inside")
    return found.remove(~is_list & each).filter(
        pl.when(is_list)
        .then(~pl.col("lead").str.contains("其中", literal=True) & inside.str.contains("。$"))
        .when(pl.col("kind") == _BRACKET)
        .then(~inside.str.contains(words.pattern("sums", "unless_bracket")))
        .otherwise(True)
    ).with_row_index("passage")


def _parts(passages: pl.DataFrame) -> pl.DataFrame:
    """The parts of each passage: passage, kind, text_id, said, whole_text, part (null: unclear)."""
    inside = pl.col("inside")
    numbered = pl.lit(False)
    items = inside.str.replace("。.*$", "").str.replace_all("[，；]", _CUT)
    for opening, mark, instead in _ITEMS:
        own = inside.str.contains(opening)
        items = pl.when(own).then(inside.str.replace_all(mark, instead)).otherwise(items)
        numbered = numbered | own
    among = inside.str.replace("其中.*$", "").str.replace_all("[，、]", _CUT)
    frame = passages.with_columns(
        numbered=numbered & (pl.col("kind") == _LIST),
        item=pl.when(pl.col("kind") == _AMONG).then(among).otherwise(items).str.split(_CUT),
    ).explode("item")
    # Of an item in a list, what follows its sum is detail.
    head = (
        pl.when("numbered")
        .then(pl.col("item").str.replace(r"(?:（\d{1,2}）|。|其中).*$", ""))
        .otherwise("item")
    )
    frame = frame.filter(pl.col("item") != "").with_columns(head=head)
    frame = frame.remove((pl.col("kind") == _BRACKET) & pl.col("head").str.contains("^(?:合计|共计|小计|计)"))
    amounts = pl.col("head").str.extract_all(f"{_AMOUNT}/?").list.eval(
        pl.element().filter(~pl.element().str.ends_with("/"))
    )
    result = pl.col("head").str.extract(rf"=约?({_AMOUNT})[^=×÷]*$")
    summed = pl.col("head").str.extract(rf"(?:共计|合计|小计|总计|共)({_AMOUNT})[^\d]*$")
    single = pl.when((amounts.list.len() == 1) & ~pl.col("head").str.contains("[每×=]")).then(
        amounts.list.first()
    )
    return frame.select(
        "passage", "kind", "text_id", "said", "whole_text",
        part=pl.coalesce(result, summed, single),
    )  # fmt: skip


def _before_total(quantities: pl.DataFrame) -> pl.DataFrame:
    """The same for what is counted in a sentence before 共计 and is of its dimension."""
    plain = quantities.filter(~pl.col("rate") & ~pl.col("factor") & pl.col("amount").is_not_null())
    plain = plain.with_row_index("place")
    totals = plain.filter("total").select(
        "sentence", "dimension", "said", whole_text="printed", until="place"
    )
    parts = (
        plain.remove("total")
        .join(totals.drop("said"), on=["sentence", "dimension"], maintain_order="left_right")
        .filter(pl.col("place") < pl.col("until"))
        .remove(pl.col("words").str.contains("其中", literal=True).any().over("until"))
    )
    return parts.select(
        passage=pl.col("until").cast(pl.UInt32) + 10**9,
        kind=pl.lit(_TOTAL), text_id="text_id", said="said", whole_text="whole_text",
        part="printed",
    )  # fmt: skip


def _off(parts: pl.DataFrame) -> pl.DataFrame:
    """The passages whose parts are not their sum, with what they sum to."""
    texts = pl.concat([parts["part"], parts["whole_text"]]).drop_nulls().unique()
    known = _amounts(texts)
    frame = (
        parts.join(known.rename({"text": "part"}), on="part", how="left", maintain_order="left")
        .join(
            known.select(whole_text="text", whole_amount="amount", whole_step="step",
                         whole_dimension="dimension", unit="unit", whole="number", power="power"),
            on="whole_text", maintain_order="left",
        )
    )  # fmt: skip
    of_kind = pl.col("dimension") == pl.col("whole_dimension")
    # Behind 其中 other things may be named too; elsewhere what is unclear makes all unclear.
    frame = frame.filter((pl.col("kind") != _AMONG) | of_kind.fill_null(False))
    fine = pl.when(pl.col("exact_digits")).then(0).otherwise(pl.col("step"))
    by = ["passage", "text_id", "kind", "said", "unit", "whole", "power", "whole_amount"]
    whole, total = pl.col("whole_amount"), pl.col("sum")
    sums = (
        frame.group_by(*by, maintain_order=True)
        .agg(
            clear=of_kind.fill_null(False).all(),
            parts=pl.len(),
            sums=pl.col("amount").cum_sum(),
            from_end=pl.col("amount").reverse().cum_sum(),
            single=pl.col("amount"),
            sum=pl.col("amount").sum(),
            slack=pl.col("whole_step").first() + fine.sum(),
        )
        .filter(pl.col("clear") & (pl.col("parts") > 1))
        .remove(2 * (total - whole).abs() <= pl.col("slack"))
    )
    # The whole may be named again, or be divided twice; 三年共 multiplies.
    again = pl.col("kind").is_in([_AMONG, _TOTAL]) & pl.any_horizontal(pl.col("sums", "from_end", "single").list.contains(whole))
    multiple = (pl.col("kind") == _TOTAL) & (whole % total == 0)
    near = pl.col("kind") == _AMONG
    money = pl.col("unit").str.ends_with("元")
    close = (total - whole).abs() * _HUNDREDTH <= whole
    more = near & money & (total > whole)
    return (
        sums.remove(again | multiple)
        .filter(~near | more | close)
        .with_columns(
            found=(total / pl.lit(10.0).pow(pl.col("power") + PLACES)).round(6),
            said=opening(pl.col("said")),
            template=pl.when(more).then(pl.lit(_MORE)).when(near).then(pl.lit(_NEAR))
            .otherwise(pl.lit(_OTHER)),
            severity=pl.when(near & ~more).then(pl.lit("info")).otherwise(pl.lit("warning")),
        )  # fmt: skip
    )


def _amounts(texts: pl.Series) -> pl.DataFrame:
    """text, number, unit, dimension, power, amount, step and exact_digits of printed amounts."""
    read = read_column(texts).select("number", "unit")
    known = {label: unit(label) for label in read["unit"].unique()}
    units = pl.DataFrame(
        [(label, each.dimension, each.power) for label, each in known.items() if each is not None],
        schema={"unit": pl.String, "dimension": pl.String, "power": pl.Int64},
        orient="row",
    )
    decimals = pl.col("text").str.extract(r"\.(\d+)").str.len_chars().fill_null(0).cast(pl.Int64)
    return (
        pl.concat([texts.alias("text").to_frame(), read], how="horizontal")
        .join(units, on="unit", maintain_order="left")
        .with_columns(
            amount=amount(pl.col("number"), pl.col("power")),
            step=pl.lit(10).pow(PLACES + pl.col("power") - decimals).cast(pl.Int64),
            # Whole numbers are printed as they are, decimals may be rounded.
            exact_digits=decimals == 0,
        )
    )

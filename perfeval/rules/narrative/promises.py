"""N201: what the texts promise, against what the targets ask for."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity.units import unit
from perfeval.rules import PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.likeness import alike
from perfeval.rules.narrative.quantities import amount
from perfeval.rules.narrative.text import ending, opening
from perfeval.scoring.targets import NUMBER

_BELOW = N_(
    "the target {operator} {number} {unit} is below what the {field} promises: “{said}”; bring the"
    " two into line"
)
_OTHER = N_(
    "the target {operator} {number} {unit} is not what the {field} says: “{said}”; bring the two"
    " into line"
)
_BEYOND = N_(
    "the target {operator} {number} {unit} is more than there are by the {field}: “{said}”; correct"
    " one of the two"
)
_PEOPLE, _VISITS, _MONEY = "人", "人次", "金额"
_AT_LEAST, _AT_MOST = ["≥", ">"], ["≤", "<"]
_HEAD = 4


@rule("N201", "quantity-contradicts-target", "warning", _BELOW, about="target")
def quantity_contradicts_target(tables: Tables) -> pl.DataFrame:
    """A text promises another number than the target of the like indicator.

    **What it does.** Reads numbers with their units and the words around them from overview,
    schedule and goal, and compares them with the project's indicators of the same unit (converted;
    场次 is 次, and 380人 are at least 380人次) and like name: the activity must be the same (安置,
    鉴定 …) and at least half of the name's other pairs of characters, where only a part of the name
    is found at least three tenths. Told is a target below what a text promises, an = that is
    another number, and a target beyond the whole that a text counts (全区…8914人). Nothing is told
    where any like number of the texts, or their sum, is the target; of rates (每人, 元/人), other
    years, and what there is already (目前, 累计). A note instead of a warning: less than a tenth
    apart.

    **Why it matters.** Money is granted for what the text promises, and the score is given for the
    target: 重庆市綦江区 2023 promises 10000 人次 of 职业技能鉴定 and asks for ≥ 3000, promises 24 场次 of
    劳动能力鉴定 and asks for ≥ 15 次, and wants to visit ≥ 9000 of 8600多名 退休干部.

    **Fails.** `goal = "全年计划安置职工380人。"` beside 职工安置 `≥ 300 人次`

    **Repair.** Raise the target to what is promised, or correct the text.
    """
    indicators = _asked(tables)
    found = _said(tables, indicators)
    if found.is_empty():
        return found
    contradicted = pl.concat([_broken(found), _beyond(found)])
    return (
        contradicted.sort("row", "likeness", "rank", "said_amount", descending=[False, *[True] * 3])
        .unique("row", keep="first", maintain_order=True)
        .select(*PLACE, "operator", "number", "unit", "field", "said", "printed", "likeness",
                "template", "severity")
    )  # fmt: skip


def _asked(tables: Tables) -> pl.DataFrame:
    """The indicators that ask for a number, with its amount and kind."""
    known = {label: unit(label) for label in tables.indicators["unit"].unique()}
    units = pl.DataFrame(
        [(label, each.dimension, each.power) for label, each in known.items() if each is not None],
        schema={"unit": pl.String, "asked": pl.String, "power": pl.Int64},
        orient="row",
    )
    return (
        tables.indicators.filter((pl.col("way") == NUMBER) & ~pl.col("overall"))
        .join(units, on="unit", maintain_order="left")
        .with_columns(kind=_kind("asked"), amount=amount(pl.col("target_number"), pl.col("power")))
        .select(*PLACE, "name_key", "operator", "unit", "asked", "kind", "amount",
                number="target_number")
    )  # fmt: skip


def _said(tables: Tables, indicators: pl.DataFrame) -> pl.DataFrame:
    """What texts say of the like, for each indicator: a row per indicator and quantity."""
    quantities = (
        tables.narrative.quantities.filter(
            ~pl.col("rate") & ~pl.col("dimension").str.contains(_MONEY, literal=True)
        )
        .with_columns(kind=_kind("dimension"), said=_quote())
        .select("text_id", "sentence", "clause", "kind", "dimension", "printed", "before", "after",
                "context", "stock", "total", "bound", "said", named_year="year",
                said_amount="amount", said_operator="operator", said_number="number")
    )  # fmt: skip
    return (
        tables.narrative.told_by(quantities)
        .filter(pl.col("field") != "basis")
        .filter(pl.col("named_year").is_null() | (pl.col("named_year") == pl.col("year")))
        .drop("file", "line", "year")
        .join(indicators, on=["project", "kind"], maintain_order="left_right")
        .filter(pl.col("amount").is_not_null() & pl.col("said_amount").is_not_null())
    )  # fmt: skip


def _kind(dimension: str) -> pl.Expr:
    """What units of `dimension` count, where people count one thing in several."""
    kinds = {each: kind["name"] for kind in words.table()["kinds"] for each in kind["dimensions"]}
    return pl.col(dimension).replace(kinds)


def _quote() -> pl.Expr:
    """The sentence if its beginning shows the quantity, else the clause."""
    shown = opening(pl.col("said"))
    return (
        pl.when(shown.str.contains(pl.col("printed"), literal=True))
        .then(shown)
        .otherwise(ending(pl.col("words")))
    )


def _broken(found: pl.DataFrame) -> pl.DataFrame:
    """Promises that the target breaks, where no like number keeps it."""
    like = alike(found.filter(~pl.col("stock")))
    asked, said = pl.col("amount"), pl.col("said_amount")
    # A tenth is left to what is said roughly: 550人左右, 近200人.
    rough = pl.col("bound").is_in(["about", "at most"])
    same = pl.when(rough).then(10 * (asked - said).abs() <= said).otherwise(asked == said)
    fewer = asked < said
    # 380 people come at least 380 times, but 380 visits are not 380 people.
    comparable = (
        pl.when(pl.col("asked") == pl.col("dimension"))
        .then(True)
        .when((pl.col("asked") == _VISITS) & (pl.col("dimension") == _PEOPLE))
        .then(fewer)
        .when((pl.col("asked") == _PEOPLE) & (pl.col("dimension") == _VISITS))
        .then(~fewer)
        .otherwise(True)
    )
    plain = pl.col("said_operator") == ""
    exact = pl.col("operator") == "="
    breaks = comparable & ~same & (
        (pl.col("operator").is_in(_AT_LEAST) & fewer & (plain | pl.col("said_operator").is_in(_AT_LEAST)))
        | (exact & plain)
        | (pl.col("operator").is_in(_AT_MOST) & ~fewer & pl.col("said_operator").is_in(_AT_MOST))
    )  # fmt: skip
    # Parts of the whole are no promise against it: 70人, 200人 and 30人 keep ≥ 300 人.
    parts = like.remove("total").unique(["row", "field", "sentence", "clause", "printed"])
    sums = parts.group_by("row", "field").agg(sum=pl.col("said_amount").sum())
    spread = like.group_by("row").agg(
        kept=same.any(),
        values=said.n_unique(),
        least=said.min(),
    )
    sums = sums.group_by("row").agg(pl.col("sum"))
    judged = (
        like.join(spread, on="row", maintain_order="left")
        .join(sums, on="row", how="left", maintain_order="left")
        .filter(
            breaks
            & ~pl.col("kept")
            & ~pl.col("sum").list.contains(asked).fill_null(False)
            & ~(
                exact
                & (pl.col("values") > 1)
                & (asked >= pl.col("least"))
                & (asked <= pl.col("sum").list.max())
            ).fill_null(False)
        )
    )
    near = 10 * (asked - said).abs() <= said
    return judged.with_columns(
        template=pl.when(exact).then(pl.lit(_OTHER)).otherwise(pl.lit(_BELOW)),
        severity=pl.when(near & ~exact).then(pl.lit("info")).otherwise(pl.lit("warning")),
    ).select(*_COLUMNS)


def _beyond(found: pl.DataFrame) -> pl.DataFrame:
    """Targets of people beyond all that there are."""
    asked, number = pl.col("amount"), pl.col("said_number")
    name = pl.col("name_key").str.extract_all(".")
    # 8600多 is less than 8700, 2万余 less than 3万.
    more = pl.max_horizontal(
        pl.when(number % each == 0).then(pl.lit(each)).otherwise(1) for each in (10, 100, 1000)
    )
    open_end = pl.when(pl.col("bound") == "at least").then((number + more) / number).otherwise(1.0)
    top = pl.col("said_amount") * open_end
    whole = found.filter(
        pl.col("before").str.contains(words.pattern("quantities", "whole"))
        & (pl.col("dimension") == pl.col("asked"))
        & (pl.col("asked") == _PEOPLE)
        & pl.col("operator").is_in([*_AT_LEAST, "="])
        & (asked > top)
        & (2 * asked <= 3 * pl.col("said_amount"))
    )
    nouns = [pl.col("before").str.tail(_HEAD), pl.col("after").str.head(_HEAD)]
    likeness = pl.max_horizontal(
        100 * noun.str.extract_all(".").list.set_intersection(name).list.len() // _HEAD
        for noun in nouns
    )
    return (
        whole.with_columns(likeness=likeness.cast(pl.Int64))
        .filter(pl.col("likeness") >= 75)
        .with_columns(template=pl.lit(_BEYOND), severity=pl.lit("warning"))
        .select(*_COLUMNS)
    )


_COLUMNS = (
    *PLACE, "operator", "number", "unit", "field", "rank", "said", "said_amount", "printed",
    "likeness", "template", "severity",
)  # fmt: skip

"""N201: what the texts promise, against what the targets ask for."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.amounts import amount, units
from perfeval.rules.narrative.likeness import alike
from perfeval.rules.narrative.text import ending, opening
from perfeval.scoring.targets import NUMBER
from perfeval.tables import PLACE as ROW_PLACE

_SHORT = N_(
    "the target {operator} {number} {unit} falls short of what the {field} says: “{said}”; bring"
    " the two into line"
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
_NOUN = 4  # characters beside a number that name what it counts
_NOUN_ALIKE = 75  # per cent of them
_COLUMNS = (
    *PLACE,
    *("operator", "number", "unit", "field", "rank", "said", "said_amount", "printed", "likeness"),
)


@rule("N201", "quantity-contradicts-target", "warning", _SHORT, about="target")
def quantity_contradicts_target(tables: Tables) -> pl.DataFrame:
    """A text promises another number than the target of the like indicator.

    **What it does.** Reads numbers with their units and the words around them from overview,
    schedule and goal, and compares them with the project's indicators of the same unit (converted;
    场次 is 次, and 380人 come at least 380人次) and like name: they name an activity in common
    (安置, 鉴定) and half of the name's other pairs of characters, or two of them and three tenths;
    or the name has no activity and half of its pairs is found. Told is a target that asks for less
    than the text, an = that is another number, and a target of more people than the text counts in
    all (全区8914人). Rates (每人, 元/人), other years and what there is already (目前, 累计) are
    left out, and nothing is told where any like number of the texts, or their sum, is the target. A
    note instead of a warning: less than a tenth apart.

    **Why it matters.** Money is granted for what the text promises, and the score is given for the
    target: 重庆市綦江区 2023 promises 10000人次 of 职业技能鉴定 and asks for ≥ 3000 人次, promises
    24场 of 劳动能力鉴定 and asks for ≥ 15 次, and wants to visit ≥ 9000 of 8600多名 退休干部.

    **Fails.** `goal = "全年计划安置职工380人。"` beside 职工安置 `≥ 300 人次`

    **Repair.** Raise the target to what is promised, or correct the text.
    """
    found = _said_of(_asked(tables), tables)
    contradicted = pl.concat([_broken(found), _beyond(found)])
    best = ["likeness", "rank", "said_amount"]
    return (
        contradicted.sort("row", *best, descending=[False, True, True, True])
        .unique("row", keep="first", maintain_order=True)
        .drop("rank", "said_amount")
    )


def _asked(tables: Tables) -> pl.DataFrame:
    """The indicators that ask for a number, with its amount and kind."""
    numeric = tables.indicators.filter((pl.col("way") == NUMBER) & ~pl.col("overall"))
    known = units(numeric["unit"]).rename({"dimension": "asked_dimension"})
    return (
        numeric.join(known, on="unit", maintain_order="left")
        .select(
            *PLACE,
            "name_key",
            "operator",
            "unit",
            "asked_dimension",
            number="target_number",
            kind=_kind("asked_dimension"),
            asked=amount(pl.col("target_number"), pl.col("power")),
        )
        .filter(pl.col("asked").is_not_null())
    )


def _said_of(indicators: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """What texts count of an indicator's kind: a row per indicator and quantity."""
    counted = ~pl.col("rate") & ~pl.col("dimension").str.starts_with(_MONEY)
    quantities = tables.narrative.quantities.filter(counted).select(
        *("text_id", "sentence", "clause", "dimension", "printed", "before", "after", "context"),
        *("stock", "total", "bound"),
        kind=_kind("dimension"),
        named_year="year",
        said=_quote(),
        said_amount="amount",
        said_operator="operator",
        said_number=pl.col("number"),
    )
    promised = (
        tables.narrative.told_by(quantities)
        .filter(pl.col("field") != "basis")
        .filter(pl.col("named_year").is_null() | (pl.col("named_year") == pl.col("year")))
        .drop(*ROW_PLACE, "year")
    )
    return promised.join(indicators, on=["project", "kind"], maintain_order="left_right")


def _kind(dimension: str) -> pl.Expr:
    """What units of `dimension` count, where people count one thing in several."""
    kinds = {each: kind["name"] for kind in words.table()["kinds"] for each in kind["dimensions"]}
    return pl.col(dimension).replace(kinds)


def _quote() -> pl.Expr:
    """The sentence if its beginning shows the quantity, else the clause."""
    shown = opening(pl.col("said"))
    shows = shown.str.contains(pl.col("printed"), literal=True)
    return pl.when(shows).then(shown).otherwise(ending(pl.col("words")))


def _broken(found: pl.DataFrame) -> pl.DataFrame:
    """Promises that a target breaks, where no like number keeps it."""
    asked, said = pl.col("asked"), pl.col("said_amount")
    listed = said.sum().over("row", "field", "clause")
    like = alike(found.with_columns(listed=listed).remove("stock"))
    same, breaks = _same_and_breaks()
    like = like.with_columns(same=same, breaks=breaks)
    # Parts are no promise of less: 70人, 200人 and 30人 are ≥ 300 人, and 50台、10台 are = 60 台.
    parts = like.remove("total").unique(["row", "field", "clause", "printed"])
    sums = parts.group_by("row", "field").agg(sum=said.sum())
    sums = sums.group_by("row").agg(sums="sum", most=pl.col("sum").max())
    exact = pl.col("operator") == "="
    between = (said.n_unique().over("row") > 1) & asked.is_between(
        said.min().over("row"), pl.col("most")
    )
    kept = (
        pl.col("same").any().over("row")
        | (pl.col("listed") == asked).any().over("row")
        | pl.col("sums").list.contains(asked).fill_null(False)
        | (exact & between.fill_null(False))
    )
    broken = like.join(sums, on="row", how="left", maintain_order="left").filter("breaks", ~kept)
    near = ~exact & (10 * (asked - said).abs() <= said)
    return broken.select(
        *_COLUMNS,
        template=pl.when(exact).then(pl.lit(_OTHER)).otherwise(pl.lit(_SHORT)),
        severity=pl.when(near).then(pl.lit("info")).otherwise(pl.lit("warning")),
    )


def _same_and_breaks() -> tuple[pl.Expr, pl.Expr]:
    """Whether the target is what a text says, and whether it asks for less, or other, than that."""
    asked, said = pl.col("asked"), pl.col("said_amount")
    # A tenth is left to what is said roughly: 550人左右, 近200人.
    rough = pl.col("bound").is_in(["about", "at most"])
    same = pl.when(rough).then(10 * (asked - said).abs() <= said).otherwise(asked == said)
    fewer = asked < said
    # 380 people come at least 380 times, but 380 visits are not 380 people.
    asked_in, said_in = pl.col("asked_dimension"), pl.col("dimension")
    comparable = (
        pl.when((asked_in == _VISITS) & (said_in == _PEOPLE))
        .then(fewer)
        .when((asked_in == _PEOPLE) & (said_in == _VISITS))
        .then(~fewer)
        .otherwise(True)
    )
    operator, own = pl.col("operator"), pl.col("said_operator")
    short = operator.is_in(_AT_LEAST) & fewer & own.is_in(["", *_AT_LEAST])
    lax = operator.is_in(_AT_MOST) & ~fewer & own.is_in(_AT_MOST)
    other = (operator == "=") & (own == "")
    return same, comparable & ~same & (short | lax | other)


def _beyond(found: pl.DataFrame) -> pl.DataFrame:
    """Targets of people beyond all that there are."""
    asked, number = pl.col("asked"), pl.col("said_number")
    # 8600多 is less than 8700, 2万余 less than 3万.
    place = pl.max_horizontal(
        pl.when(number % each == 0).then(each).otherwise(1) for each in (10, 100, 1000)
    )
    open_end = pl.when(pl.col("bound") == "at least").then(place / number).otherwise(0.0)
    people = (pl.col("asked_dimension") == _PEOPLE) & (pl.col("dimension") == _PEOPLE)
    # Far beyond, another group is meant.
    beyond = (asked > pl.col("said_amount") * (1 + open_end)) & (
        2 * asked <= 3 * pl.col("said_amount")
    )
    name = pl.col("name_key").str.extract_all(".")
    nouns = (pl.col("before").str.tail(_NOUN), pl.col("after").str.head(_NOUN))
    shared = pl.max_horizontal(
        noun.str.extract_all(".").list.set_intersection(name).list.len() for noun in nouns
    )
    return (
        found.filter(
            people,
            beyond,
            pl.col("operator").is_in([*_AT_LEAST, "="]),
            pl.col("before").str.contains(words.pattern("quantities", "whole")),
        )
        .with_columns(likeness=(100 * shared / _NOUN).cast(pl.Int64))
        .filter(pl.col("likeness") >= _NOUN_ALIKE)
        .select(*_COLUMNS, template=pl.lit(_BEYOND), severity=pl.lit("warning"))
    )

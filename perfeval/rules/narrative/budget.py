"""N202: the sum that a text says the project needs, against its budget."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.amounts import amount, number, read_amounts
from perfeval.rules.narrative.text import ending

_OTHER = N_(
    "the {field} needs {said_number} 万元 in all (“{said}”), the budget is {budget} 万元:"
    " {difference} 万元 apart; correct one of the two"
)
_ROUNDED = N_(
    "the {field} rounds the budget of {budget} 万元 (“{said}”), {difference} 万元 apart; write the"
    " budget's own figure"
)
_CUT = N_(
    "the {field} cuts the budget of {budget} 万元 short instead of rounding it (“{said}”),"
    " {difference} 万元 apart; write the budget's own figure"
)
_INVESTED = N_(
    "by the {field} all the project costs {said_number} 万元 (“{said}”), less than this year's"
    " budget of {budget} 万元; correct one of the two"
)
_WAN_YUAN = pl.lit(4)
_MONEY = r"约?\d+(?:\.\d+)?[余多]?(?:万元|亿元|元|万|亿)(?:左右|以上|余)?"
_WHOLE, _INVESTMENT = "whole", "investment"


@rule("N202", "budget-in-text", "warning", _OTHER, about="budget_total")
def budget_in_text(tables: Tables) -> pl.DataFrame:
    """A text says that the project needs another sum than its budget.

    **What it does.** Finds phrases that state the whole sum (共需, 项目需要资金, 经费预算; 共计 or
    经费 before 明细如下) outside the items of a list, takes the amount (of a product its result)
    and compares it with the budget's total, exactly. Nothing is told where one such sum is the
    budget or a source's part of it, of other years, of what is left over or still to come, and of
    约 within a tenth. A note where only rounding lies between the two, which says whether the
    figure was rounded or cut. 总投资 may cover several years: told only if it is less than the
    budget.

    **Why it matters.** The reckoning behind a budget must arrive at it. 重庆市綦江区 2023:
    共需开支经费221.4万元 beside a budget of 131.40, 需列支专项经费200万元 beside 193.39; and
    共需资金405万元 beside 405.80, which is cut, not rounded.

    **Fails.** `overview = "项目共需经费200万元。"` beside `total = 193.39`

    **Repair.** Correct the text, or the budget.
    """
    amounts = ("budget_total", "budget_superior", "budget_local", "budget_other")
    budgets = tables.projects.select(
        "project",
        *(amount(pl.col(name), _WAN_YUAN).alias(name) for name in amounts),
        budget="budget_total",
    )
    total, said = pl.col("budget_total"), pl.col("amount")
    investment = pl.col("kind") == _INVESTMENT
    apart = (said - total).abs()
    agrees = (
        pl.when(investment)
        .then(said >= total)
        .when(pl.col("bound") != "")
        .then(10 * apart <= total)
        .otherwise(pl.any_horizontal(pl.col(*amounts) == said).fill_null(False))
    )
    found = (
        tables.narrative.told_by(_stated(tables.narrative.sentences))
        .filter(pl.col("named_year").is_null() | (pl.col("named_year") == pl.col("year")))
        .join(budgets, on="project", maintain_order="left")
        .filter(total > 0)
    )
    # Several sums may be the parts of the whole.
    parts = found.unique(["project", "field", "sentence", "amount"])
    sums = parts.group_by("project", "field").agg(said.sum(), total.first())
    in_parts = sums.filter(said == total)
    found = (
        found.remove(agrees.any().over("project"))
        .join(in_parts, on="project", how="anti", maintain_order="left")
        .unique("project", keep="first", maintain_order=True)
    )
    step = pl.col("step")
    template = (
        pl.when(investment)
        .then(pl.lit(_INVESTED))
        .when((2 * apart < step) | ((2 * apart == step) & (said > total)))
        .then(pl.lit(_ROUNDED))
        .when((apart < step) & (said < total))
        .then(pl.lit(_CUT))
        .otherwise(pl.lit(_OTHER))
    )
    rounding = pl.col("template").is_in([_ROUNDED, _CUT])
    return found.with_columns(template=template).select(
        *PROJECT_PLACE,
        *("field", "said", "budget", "template"),
        said_number=number(said, _WAN_YUAN),
        difference=number(apart, _WAN_YUAN),
        severity=pl.when(rounding).then(pl.lit("info")).otherwise(pl.lit("warning")),
    )


def _stated(clauses: pl.DataFrame) -> pl.DataFrame:
    """The sums that distinct texts state as their project's whole, as `read_amounts` has them."""
    patterns = words.table()["budget"]
    clause, behind = pl.col("words"), pl.col("behind")
    same_text = pl.col("text_id") == pl.col("text_id").shift(-1)
    listed = clause.shift(-1).str.contains(patterns["list"]) & same_text
    money = clauses.with_columns(listed=listed).filter(
        clause.str.contains(r"\d[余多]?[万亿元]"), ~pl.col("item")
    )
    whole = pl.coalesce(
        *(clause.str.extract(each) for each in patterns["whole"]),
        pl.when("listed").then(clause.str.extract(patterns["before_list"])),
    )
    invested = clause.str.extract(patterns["investment"])
    # Of a product the result counts: 共需资金380人×1200元/人/月×12月=547.2万元.
    result = behind.str.extract(rf"=({_MONEY})[^=]*$")
    plain = behind.str.extract(rf"^[^\d]{{0,10}}?({_MONEY})(?:[^/\d一-鿿].*|[一-鿿]*)$")
    printed = pl.coalesce(result, pl.when(~behind.str.contains("[×=]")).then(plain))
    stated = (
        money.remove(clause.str.contains(patterns["unless"]))
        .with_columns(
            behind=pl.coalesce(whole, invested),
            kind=pl.when(whole.is_not_null())
            .then(pl.lit(_WHOLE))
            .when(invested.is_not_null())
            .then(pl.lit(_INVESTMENT)),
        )
        .filter(pl.col("kind").is_not_null())
        .select(
            *("text_id", "sentence", "kind"),
            said=ending(clause),
            named_year="year",
            # Of money 115.55万 says what 115.55万元 says.
            printed=printed.str.replace(r"([\d余多][万亿])(左右|以上|余)?$", "${1}元${2}"),
        )
    )
    return stated.join(read_amounts(stated["printed"]), on="printed", maintain_order="left")

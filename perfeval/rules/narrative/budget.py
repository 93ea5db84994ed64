"""N202: the sum that a text says the project needs, against its budget."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import PROJECT_PLACE, Tables, rule
from perfeval.rules.narrative import words
from perfeval.rules.narrative.quantities import amount
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
    "by the {field} all the project costs {said_number} 万元 (“{said}”), less than this year's budget"
    " of {budget} 万元; correct one of the two"
)
_WAN_YUAN = 4
_MONEY = r"(约?)(\d+(?:\.\d+)?)(余|多)?(万元|亿元|元|万|亿)(左右|以上|余)?"
_POWERS = {"元": 0, "万": 4, "万元": 4, "亿": 8, "亿元": 8}


@rule("N202", "budget-in-text", "warning", _OTHER, about="budget_total")
def budget_in_text(tables: Tables) -> pl.DataFrame:
    """A text says that the project needs another sum than its budget.

    **What it does.** Finds phrases that state the whole sum (共需, 项目需要资金, …经费预算, 合计 or 经费
    before 明细如下) outside the items of a list, takes the amount (of a product its result) and
    compares it with the budget's total, exactly. Nothing is told where one such sum is the budget
    or a source's part of it, of other years, of what is left over or still to come, and of 约 within
    a tenth. A note where only rounding lies between the two, which says whether the figure was
    rounded or cut. 总投资 may cover several years: told only if it is less than the year's budget.

    **Why it matters.** The reckoning behind a budget must arrive at it. 重庆市綦江区 2023: 共需开支经费221.4万元
    beside a budget of 131.40, 需列支专项经费200万元 beside 193.39; and 共需资金405万元 beside 405.80, which
    is cut, not rounded.

    **Fails.** `overview = "项目共需经费200万元。"` beside `total = 193.39`

    **Repair.** Correct the text, or the budget.
    """
    stated = _stated(tables.narrative.sentences)
    budgets = tables.projects.select(
        "project", budget="budget_total",
        **{name: amount(pl.col(name), pl.lit(_WAN_YUAN)) for name in
           ("budget_total", "budget_superior", "budget_local", "budget_other")},
    )  # fmt: skip
    total, said = pl.col("budget_total"), pl.col("said_amount")
    parts = pl.col("budget_superior", "budget_local", "budget_other")
    found = (
        tables.narrative.told_by(stated)
        .filter(pl.col("named_year").is_null() | (pl.col("named_year") == pl.col("year")))
        .join(budgets, on="project", maintain_order="left")
        .filter((total > 0) & said.is_not_null())
        .with_columns(apart=(said - total).abs())
        .with_columns(
            agrees=pl.when(pl.col("kind") == "investment")
            .then(said >= total)
            .when("rough")
            .then(10 * pl.col("apart") <= total)
            .otherwise((said == total) | pl.any_horizontal(parts == said))
        )
        .remove(pl.col("agrees").any().over("project"))
    )
    # Several sums may be the parts of the whole.
    sums = found.unique(["project", "field", "sentence", "said_amount"]).group_by("project", "field")
    whole = sums.agg(sum=said.sum()).join(budgets, on="project").filter(pl.col("sum") == total)
    step, apart = pl.col("step"), pl.col("apart")
    template = (
        pl.when(pl.col("kind") == "investment")
        .then(pl.lit(_INVESTED))
        .when((2 * apart < step) | ((2 * apart == step) & (said > total)))
        .then(pl.lit(_ROUNDED))
        .when((apart < step) & (said < total))
        .then(pl.lit(_CUT))
        .otherwise(pl.lit(_OTHER))
    )
    scale = 10.0**-8
    return (
        found.join(whole, on="project", how="anti", maintain_order="left")
        .unique("project", keep="first", maintain_order=True)
        .with_columns(template=template)
        .select(
            *PROJECT_PLACE,
            "field",
            "said",
            "budget",
            "template",
            said_number=(said * scale).round(8),
            difference=(apart * scale).round(8),
            severity=pl.when(pl.col("template").is_in([_ROUNDED, _CUT]))
            .then(pl.lit("info"))
            .otherwise(pl.lit("warning")),
        )
    )


def _stated(clauses: pl.DataFrame) -> pl.DataFrame:
    """The sums that distinct texts state as their project's whole, with amount and step."""
    clause = pl.col("words")
    same_text = pl.col("text_id") == pl.col("text_id").shift(-1)
    clauses = clauses.with_columns(
        listed=pl.col("words").shift(-1).str.contains(words.pattern("budget", "list")) & same_text
    ).filter(clause.str.contains(r"\d[余多]?[万亿元]"))
    patterns = words.table()["budget"]
    of_whole = pl.coalesce(
        *(clause.str.extract(each) for each in patterns["whole"]),
        pl.when("listed").then(clause.str.extract(patterns["before_list"])),
    )
    invested = clause.str.extract(patterns["investment"])
    # Of a product the result counts: 共需资金380人×1200元/人/月×12月=547.2万元.
    behind = pl.col("behind")
    read = pl.coalesce(
        behind.str.extract(rf"=({_MONEY})[^=]*$"),
        pl.when(~behind.str.contains("[×=]")).then(
            behind.str.extract(rf"^[^\d]{{0,10}}?({_MONEY})(?:[^/\d一-鿿].*|[一-鿿]*)$")
        ),
    )
    return (
        clauses.with_columns(
            kind=pl.when(of_whole.is_not_null()).then(pl.lit("whole"))
            .when(invested.is_not_null()).then(pl.lit("investment")),
            behind=pl.coalesce(of_whole, invested),
        )  # fmt: skip
        .filter(pl.col("kind").is_not_null() & ~pl.col("item"))
        .remove(clause.str.contains(patterns["unless"]))
        .with_columns(money=read.str.extract_groups(_MONEY))
        .unnest("money")
        .with_columns(power=pl.col("4").replace_strict(_POWERS, default=None, return_dtype=pl.Int64))
        .filter(pl.col("power").is_not_null())
        .select(
            "text_id",
            "sentence",
            "kind",
            said=ending(clause),
            named_year="year",
            said_amount=amount(pl.col("2").cast(pl.Float64), pl.col("power")),
            step=pl.lit(10).pow(
                4 + pl.col("power")
                - pl.col("2").str.extract(r"\.(\d+)").str.len_chars().fill_null(0).cast(pl.Int64)
            ).cast(pl.Int64),
            rough=(pl.col("1") != "") | pl.any_horizontal(pl.col("3", "5").is_not_null()),
        )
    )  # fmt: skip

"""T3: operators that reward the wrong side, or punish doing better."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import NUMERIC, PLACE, WRITTEN, Tables, means, rule
from perfeval.rules.tables import IN_SHARES, OF_COSTS
from perfeval.rules.targets.possible import EMPTY_FROM_ABOVE, EMPTY_FROM_BELOW

_OPERATOR, _NUMBER = pl.col("operator"), pl.col("target_number")
_MONEY = pl.col("dimension").str.contains("^金额")
_COST = means("cost") & _MONEY & ~means("average")

_TOO_MUCH = N_("{target} rewards more of what should be less: write ≤")
_TOO_LITTLE = N_("{target} rewards less of what should be more: write ≥")
_EXACTLY = N_("{target} makes a miss of doing better: write ≤")
_CAPPED = N_("{target} sets a ceiling on an output: if more is as good, write ≥")


@rule("T301", "direction-against-meaning", "error", _TOO_MUCH, about="operator")
def direction_against_meaning(tables: Tables) -> pl.DataFrame:
    """The operator rewards the side that the indicator's name calls worse.

    **What it does.** Finds ≥ or > on what should be little (error rates, complaints, accidents,
    arrears; response and waiting times; with less certainty the time of completion, and costs under
    成本指标), and ≤ or < on rates that should be high (satisfaction, completion, coverage, pass
    rates). "=" on the former is a warning unless zero is asked for: to do better would be a miss. ≤
    on an output that is counted (示范村数量) is a note, because it may be a limit. Where a target
    excludes nothing at all (≥ 0, ≤ 100 %), T202 says so instead.

    **Why it matters.** Under 财预〔2020〕10号 a target that is reached has full points. With the
    wrong operator the worst result gets them: a self-evaluation of 2023 (金寨县) asks for
    精品示范村数量 ≤4, so that no village at all would do.

    **Fails.** `差错率 ≥ 5 %`, `响应时间 ≥ 2 小时`, `服务对象满意度 ≤ 90 %`

    **Repair.** `差错率 ≤ 5 %`, `响应时间 ≤ 2 小时`, `服务对象满意度 ≥ 90 %`
    """
    more, less = _OPERATOR.is_in(["≥", ">"]), _OPERATOR.is_in(["≤", "<"])
    small = means("smaller_is_better") | (means("duration") & ~IN_SHARES)
    high = means("larger_is_better") & (IN_SHARES | pl.col("dimension").is_in(["分", ""]))
    late = means("completion_time") & ~IN_SHARES
    capped = (
        pl.col("class2").eq("数量指标").fill_null(value=False)
        & means("forward_count")
        & (pl.col("whole") | (pl.col("dimension") == ""))
        & (_NUMBER > 0)
    )
    # In this order: a name may say more than one of these.
    ways = [
        (small & more, "error", _TOO_MUCH),
        (small & (_OPERATOR == "=") & (_NUMBER > 0), "warning", _EXACTLY),
        (high & less & ((_NUMBER < 100) | ~IN_SHARES), "error", _TOO_LITTLE),
        (high & less, "warning", _TOO_LITTLE),
        (late & more, "warning", _TOO_MUCH),
        (_COST & OF_COSTS & more & ~means("set_price"), "warning", _TOO_MUCH),
        (capped & less, "info", _CAPPED),
    ]
    severity, template = pl.lit(None, pl.String), pl.lit(None, pl.String)
    for applies, sureness, said in reversed(ways):
        severity = pl.when(applies).then(pl.lit(sureness)).otherwise(severity)
        template = pl.when(applies).then(pl.lit(said)).otherwise(template)
    found = tables.indicators.filter(NUMERIC & ~EMPTY_FROM_ABOVE & ~EMPTY_FROM_BELOW)
    return (
        found.with_columns(severity=severity, template=template)
        .filter(pl.col("severity").is_not_null())
        .select(*PLACE, "severity", "template", target=WRITTEN)
    )


@rule(
    "T302",
    "equals-on-cost",
    "warning",
    N_("{target} makes a miss of every yuan saved: write ≤"),
    about="operator",
)
def equals_on_cost(tables: Tables) -> pl.DataFrame:
    """A cost is to be exactly some amount.

    **What it does.** Finds "=" on costs in money. Set prices (补助标准 = 530 元/人*月), means per
    head and zero are not meant.

    **Why it matters.** Saving money is what a cost indicator is for; with "=" the project that
    spends less misses its target.

    **Fails.** `项目总成本 = 90 万元`

    **Repair.** `项目总成本 ≤ 90 万元`
    """
    found = tables.indicators.filter(
        NUMERIC & (_OPERATOR == "=") & (_NUMBER > 0) & _COST & ~means("set_price")
    )
    return found.select(*PLACE, target=WRITTEN)


@rule(
    "T303",
    "equals-on-count",
    "info",
    N_("{target} makes a miss of every one more: if more is as good, write ≥"),
    about="operator",
)
def equals_on_count(tables: Tables) -> pl.DataFrame:
    """Something that is counted is to be exactly so many, though more would be no failure.

    **What it does.** Finds "=" on whole numbers above one of what is counted (people, visits,
    meetings). Left out are numbers fixed beforehand (payments by a roster or a calendar, 发放次数 =
    12 次; things made or bought; awards; the number in the name), what should be small (T301) and
    costs (T302).

    **Why it matters.** Read strictly, an 11th meeting misses "= 10 次"; deployed systems score it
    in full, so the table says something else than what is done with it. 17 indicators of the
    Qijiang disclosure of 2023 have "=" on a count, most of them activities.

    **Fails.** `农民工专题会议 = 10 次`

    **Repair.** `农民工专题会议 ≥ 10 次`
    """
    exact = (_OPERATOR == "=") & (_NUMBER > 1) & pl.col("whole")
    other = means("fixed_count") | means("smaller_is_better") | means("duration") | means("cost")
    other |= (pl.col("stated_number") == _NUMBER).fill_null(value=False)
    found = tables.indicators.filter(NUMERIC & exact & ~other)
    return found.select(*PLACE, target=WRITTEN)

"""C3: what is filed as an economic or social benefit and is the work itself, or its cost."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import Tables, means, rule
from perfeval.rules.classification.filed import BENEFITS, IN_TIME, SPENT, TIMELINESS, filed, told

_PEOPLE = ("人", "人次", "")
_OCCASIONS = ("次", "场", "场次", "期", "批", "批次", "轮", "")


@rule(
    "C301",
    "spending-as-benefit",
    "warning",
    N_("filed under {level2}, but counts what is spent ({target}): name what the money changes"),
    about="level2",
)
def spending_as_benefit(tables: Tables) -> pl.DataFrame:
    """Money that is paid out is filed as an economic or social benefit.

    **What it does.** Finds money that is paid out (发放金额, or a verb of paying and a unit of
    money) under 经济效益指标 and 社会效益指标. Money that comes in, is won back or follows
    elsewhere (收入, 追缴, 带动投资) is a benefit.

    **Why it matters.** The benefit is reached by spending the budget. The living allowance for
    surviving dependants in the Qijiang disclosure of 2023 has 发放金额 ≥ 2 万元 as its social
    benefit.

    **Fails.** 效益指标 / 社会效益指标 / 发放金额 / ≥ 2 万元

    **Repair.** 效益指标 / 社会效益指标 / 遗属基本生活保障率 / = 100 %
    """
    return told(filed(tables, *BENEFITS).filter(SPENT))


@rule(
    "C302",
    "head-count-as-benefit",
    "info",
    N_("filed under {level2}, but counts who was served ({target}): name what changes for them"),
    about="level2",
)
def head_count_as_benefit(tables: Tables) -> pl.DataFrame:
    """A number of people served or paid is filed as an economic or social benefit.

    **What it does.** Finds counts of those who were served, trained, paid or examined (服务人数,
    服务办事群众, 培训人次) under 经济效益指标 and 社会效益指标. 受益人数 and 惠及人数 are left
    alone, and so are counts of those for whom something changed (新增就业人数, 脱贫人数).

    **Why it matters.** Whoever does the work reaches the number; whether it helped stays unknown.
    It is a note, as such counts are everywhere: most projects in the Qijiang disclosure of 2023
    have one.

    **Fails.** 效益指标 / 社会效益指标 / 服务人数 / ≥ 5000 人次

    **Repair.** 产出指标 / 数量指标 / 服务人数, and as a benefit what it is for: 一次办结率提高.
    """
    people = pl.col("dimension").is_in(_PEOPLE)
    return told(filed(tables, *BENEFITS).filter(means("head_count") & people))


@rule(
    "C303",
    "execution-as-benefit",
    "error",
    N_(
        "filed under {level2}, but says how much of the budget is spent: name what the money"
        " changes"
    ),
    about="level2",
)
def execution_as_benefit(tables: Tables) -> pl.DataFrame:
    """Budget execution is filed as an economic or social benefit.

    **What it does.** Finds the share of a budget that is spent (预算执行率, 预算完成率, 资金支付率)
    under 经济效益指标 and 社会效益指标. As a quantity it is C205's. That execution is then scored
    twice is another matter, and family D's.

    **Why it matters.** The points for what the money achieves are given for spending it. Two
    projects in the Qijiang disclosure of 2023 have 预算年度执行率 as a social benefit, with 20 of
    100 points.

    **Fails.** 效益指标 / 社会效益指标 / 预算年度执行率

    **Repair.** Remove it, and name what the project changes.
    """
    return told(filed(tables, *BENEFITS).filter(means("budget_execution")))


@rule(
    "C304",
    "timeliness-as-benefit",
    "info",
    N_("filed under {level2}, but asks whether the work is done in time: file it under {expected}"),
    about="level2",
)
def timeliness_as_benefit(tables: Tables) -> pl.DataFrame:
    """Timeliness is filed as an economic or social benefit.

    **What it does.** Finds names that ask whether something is done in time, or how long it takes,
    under 经济效益指标 and 社会效益指标.

    **Why it matters.** When the work is done is a part of the output. It is a note, as a shorter
    wait may be the very aim of a project. The certification of injuries at work in the Qijiang
    disclosure of 2023 has 法定期限内结案 ≤ 60 日 as a social benefit: what the law demands anyway.

    **Fails.** 效益指标 / 社会效益指标 / 法定期限内结案

    **Repair.** 产出指标 / 时效指标 / 法定期限内结案
    """
    return told(filed(tables, *BENEFITS).filter(IN_TIME), expected=pl.lit(TIMELINESS))


@rule(
    "C305",
    "activity-as-benefit",
    "info",
    N_(
        "filed under {level2}, but counts how often something was done ({target}): name what came"
        " of it"
    ),
    about="level2",
)
def activity_as_benefit(tables: Tables) -> pl.DataFrame:
    """A number of activities is filed as an economic or social benefit.

    **What it does.** Finds activities (检查, 培训, 宣传, 服务 …) that are counted in 次, 场, 期 and
    the like, under 经济效益指标 and 社会效益指标. Events that are to be rare (事故, 投诉) are left
    alone.

    **Why it matters.** An activity is the work; its effect is what it is done for. The fund audit
    in the Qijiang disclosure of 2023 has 企业参保稽核 ≥ 2 次 as a social benefit.

    **Fails.** 效益指标 / 社会效益指标 / 企业参保稽核 / ≥ 2 次

    **Repair.** 产出指标 / 数量指标 / 企业参保稽核, and as a benefit what it finds:
    少缴社保费追缴率.
    """
    occasions = pl.col("dimension").is_in(_OCCASIONS) & (pl.col("way") == "number")
    return told(filed(tables, *BENEFITS).filter(means("activity") & occasions))

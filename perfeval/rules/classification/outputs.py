"""C2: what is filed under one class and is of another by its name."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import Tables, means, rule
from perfeval.rules.classification.filed import (
    BENEFITS,
    HOW_WELL,
    IN_TIME,
    MONEY,
    QUALITY,
    QUANTITY,
    SATISFACTION,
    SPENT,
    TIMELINESS,
    filed,
    told,
)


@rule(
    "C201",
    "quality-as-quantity",
    "warning",
    N_("filed under {level2}, but says how well something is done: file it under {expected}"),
    about="level2",
)
def quality_as_quantity(tables: Tables) -> pl.DataFrame:
    """A measure of quality, such as an error rate, is filed as a quantity.

    **What it does.** Finds rates of errors (差错率, 失误率) and of what is well done (合格率,
    达标率, 准确率, 成活率) under 数量指标. Rates of completion and coverage may stand there.

    **Why it matters.** Quality takes the points of the quantity, which nothing measures then. The
    fund audit in the Qijiang disclosure of 2023 has 提供公共服务差错率 as the quantity that it puts
    out.

    **Fails.** 产出指标 / 数量指标 / 提供公共服务差错率

    **Repair.** 产出指标 / 质量指标 / 提供公共服务差错率, and a quantity beside it.
    """
    return told(filed(tables, QUANTITY).filter(HOW_WELL), expected=pl.lit(QUALITY))


@rule(
    "C202",
    "satisfaction-misfiled",
    "warning",
    N_("filed under {level2}, but asks for satisfaction: file it under {expected}"),
    about="level2",
)
def satisfaction_misfiled(tables: Tables) -> pl.DataFrame:
    """Satisfaction is filed under another class.

    **What it does.** Finds names that ask for satisfaction (满意度, 满意率) under any other class
    of level 2. How many were surveyed (满意度调查人数) is no satisfaction.

    **Why it matters.** Satisfaction has points of its own (10 of 100 under 财预〔2020〕10号) and,
    under some policies, a rule of its own; both go by its class.

    **Fails.** 效益指标 / 社会效益指标 / 群众满意度

    **Repair.** 满意度指标 / 服务对象满意度指标 / 群众满意度
    """
    elsewhere = pl.col("class2").is_not_null() & (pl.col("class2") != SATISFACTION)
    rows = tables.indicators.filter(means("satisfaction") & elsewhere & ~pl.col("misplaced"))
    return told(rows, expected=pl.lit(SATISFACTION))


@rule(
    "C203",
    "timeliness-misfiled",
    "warning",
    N_(
        "filed under {level2}, but asks whether something is done in time: file it under {expected}"
    ),
    about="level2",
)
def timeliness_misfiled(tables: Tables) -> pl.DataFrame:
    """Timeliness is filed as a quantity, or as quality.

    **What it does.** Finds names that ask whether something is done in time (及时, 按时, 按期,
    按时间节点) or how long it takes, under 数量指标, and as a note under 质量指标. How many people
    were served in time (及时救治人数) is a quantity. As a benefit it is C304's.

    **Why it matters.** All forms tell what was done from whether it came in time; mixed up, one is
    counted twice and the other not at all. Two projects in the Qijiang disclosure of 2023 have
    每月按时支付 as a quantity.

    **Fails.** 产出指标 / 数量指标 / 每月按时支付

    **Repair.** 产出指标 / 时效指标 / 每月按时支付
    """
    sure = pl.when(pl.col("class2") == QUANTITY).then(pl.lit("warning"))
    rows = filed(tables, QUANTITY, QUALITY).filter(IN_TIME)
    return told(rows, expected=pl.lit(TIMELINESS), severity=sure.otherwise(pl.lit("info")))


@rule(
    "C204",
    "money-as-quantity",
    "warning",
    N_(
        "filed under {level2}, but counts money ({target}): count what it pays for, and file the"
        " amount under cost"
    ),
    about="level2",
)
def money_as_quantity(tables: Tables) -> pl.DataFrame:
    """An amount of money that is spent is filed as a quantity.

    **What it does.** Finds, under 数量指标, money that is paid out or spent: by the name (发放金额,
    成本) or by a verb of paying and a unit of money (政府代缴, in 万元). Other amounts are a note.
    Money that comes in, is won back or is moved elsewhere (征收, 追缴, 引资) may be what the work
    is counted in.

    **Why it matters.** Spending is what a project takes, not what it puts out: such an indicator is
    reached by spending, whatever comes of it. The resettlement of miners in the Qijiang disclosure
    of 2023 has 发放补贴 ≥ 400 万元 as a quantity.

    **Fails.** 产出指标 / 数量指标 / 发放补贴 / ≥ 400 万元

    **Repair.** 产出指标 / 数量指标 / 发放补贴人数 / ≥ 300 人, and the amount under 成本指标.
    """
    rows = filed(tables, QUANTITY).filter(SPENT | (MONEY & ~means("income")))
    sure = pl.when(SPENT | means("cost")).then(pl.lit("warning"))
    return told(rows, severity=sure.otherwise(pl.lit("info")))


@rule(
    "C205",
    "execution-as-quantity",
    "warning",
    N_(
        "filed under {level2}, but says how much of the budget is spent: count what is done with it"
    ),
    about="level2",
)
def execution_as_quantity(tables: Tables) -> pl.DataFrame:
    """Budget execution is filed as a quantity.

    **What it does.** Finds the share of a budget that is spent (预算执行率, 预算完成率, 支付进度率)
    under 数量指标. As a benefit it is C303's. That execution is then scored twice is another
    matter, and family D's.

    **Why it matters.** Spending is no output, and where execution is scored it has points of its
    own. Four projects in the Qijiang disclosure of 2023 have it as a quantity; two of them put out
    nothing else.

    **Fails.** 产出指标 / 数量指标 / 年度预算执行率

    **Repair.** Remove it, and count what the money pays for.
    """
    return told(filed(tables, QUANTITY).filter(means("budget_execution")))


@rule(
    "C206",
    "quality-as-benefit",
    "warning",
    N_("filed under {level2}, but says how well the work is done: file it under {expected}"),
    about="level2",
)
def quality_as_benefit(tables: Tables) -> pl.DataFrame:
    """A measure of quality is filed as an economic or social benefit.

    **What it does.** Finds rates of errors, and as a note rates of what is well done (合格率,
    优秀率), under 经济效益指标 and 社会效益指标. The state of what people live in and by
    (空气质量优良率, 食品抽检合格率) is a benefit.

    **Why it matters.** How well an office works is a quality of its output; the points of the
    benefits are for what changes outside. The rent of offices in the Qijiang disclosure of 2023 has
    提供公共服务差错率 as an economic benefit.

    **Fails.** 效益指标 / 经济效益指标 / 提供公共服务差错率

    **Repair.** 产出指标 / 质量指标 / 提供公共服务差错率
    """
    rows = filed(tables, *BENEFITS).filter(HOW_WELL & ~means("living_conditions"))
    sure = pl.when(means("error_rate")).then(pl.lit("warning"))
    return told(rows, expected=pl.lit(QUALITY), severity=sure.otherwise(pl.lit("info")))

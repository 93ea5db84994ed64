"""U3: the unit against what the indicator's name says is counted."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.rules import NUMERIC, PLACE, WRITTEN, Tables, means, rule
from perfeval.rules.meaning import Measure, measures
from perfeval.rules.stated import TELLING
from perfeval.rules.tables import IN_SHARES

_DIMENSION, _STATED = pl.col("dimension"), pl.col("stated_dimension")
_SHARE = "比例"
_PEOPLE = ["人", "人次", "户"]

_MEASURED = N_(
    "{target}: what {indicator} names is measured in {expected}; correct the unit or the name"
)
_NEVER = N_(
    "{target}: what {indicator} names is not measured in this unit; correct the unit or the name"
)
_NEARLY = N_(
    "{target}: {indicator} names {expected}, the unit is another; say whether who comes twice"
    " counts twice"
)
_STATES = N_("{target}, while the name says {stated}: keep one unit")


@rule("U301", "unit-against-name", "error", _MEASURED, about="unit")
def unit_against_name(tables: Tables) -> pl.DataFrame:
    """The unit is of another kind than what the indicator's name says is counted.

    **What it does.** Compares the unit's dimension with what the name ends in (…率, …人数, …次数,
    …面积, …金额, …天数, …期限), with the unit that the name holds in brackets (满意度（%）), and
    with the unit of a number in the name that is the target's own (村组干部230人 ≥ 230 个). A share
    beside something counted is an error, other kinds are warnings; people (人) beside visits (人次)
    are a note. 亩 and 平方米, 家 and 户, and compounds such as 人/年 where a number of people is
    named are not told.

    **Why it matters.** Nobody can say what an actual of 95 is to be: people, or per cent of them.
    Published in one table (马踏镇 2023): 按时发放 ≥ 1 人/年, 维持时效 ≥ 95 %, 村组干部230人 ≥ 230
    个; ten indicators of the Qijiang disclosure of 2023 name 人数 and count 人次.

    **Fails.** `服务对象满意度 ≥ 90 人`, `参训人数 ≥ 95 %`

    **Repair.** `服务对象满意度 ≥ 90 %`, `参训人数 ≥ 95 人`
    """
    frame = tables.indicators.filter(NUMERIC & (_DIMENSION != ""))
    by_name = [_against(frame, name, each) for name, each in measures().items()]
    return (
        pl.concat([*by_name, _in_brackets(frame), _of_the_number(frame)])
        .unique("row", keep="first", maintain_order=True)
        .sort("row")
    )


def _against(frame: pl.DataFrame, name: str, measure: Measure) -> pl.DataFrame:
    """Indicators whose name has the meaning `name`, in units that do not measure it."""
    fits = _DIMENSION.is_in(measure.measured_in) if measure.measured_in else pl.lit(value=True)
    # 人/年 is people after all, but not for a name that rules it out itself.
    fits |= _DIMENSION.str.contains("/", literal=True) & pl.lit(bool(measure.measured_in))
    wrong = ~fits | _DIMENSION.is_in(measure.never_in)
    nearly = _DIMENSION.is_in(measure.nearly)
    of_shares = pl.lit(_SHARE in measure.measured_in) != IN_SHARES
    sure = of_shares & pl.lit(measure.sure)
    return frame.filter(means(name) & wrong).select(
        *PLACE,
        target=WRITTEN,
        expected=pl.lit(measure.unit),
        stated=pl.lit(None, pl.String),
        severity=pl.when(nearly)
        .then(pl.lit("info"))
        .when(sure)
        .then(pl.lit("error"))
        .otherwise(pl.lit("warning")),
        template=pl.when(nearly)
        .then(pl.lit(_NEARLY))
        .otherwise(pl.lit(_MEASURED if measure.unit else _NEVER)),
    )


def _in_brackets(frame: pl.DataFrame) -> pl.DataFrame:
    """Indicators whose name ends with a unit of another kind."""
    # 个 is said of everything, so that two counters contradict each other about people only.
    counters = pl.col("whole") & pl.col("stated_whole")
    people = _DIMENSION.is_in(_PEOPLE) | _STATED.is_in(_PEOPLE)
    found = frame.filter(
        pl.col("stated_number").is_null()
        & (_STATED != "")
        & (_STATED != _DIMENSION)
        & (~counters | people)
    )
    return _stated(found, pl.col("stated_unit"))


def _of_the_number(frame: pl.DataFrame) -> pl.DataFrame:
    """Indicators whose name holds the target's number with a unit of another kind."""
    telling = pl.col("stated_last") | (pl.col("stated_number") >= TELLING)
    # 100个充电桩 = 100 % is told by T405.
    left_aside = pl.col("stated_whole") & IN_SHARES
    found = frame.filter(
        (pl.col("stated_number") == pl.col("target_number"))
        & (_STATED != _DIMENSION)
        & telling
        & ~left_aside
    )
    number = pl.col("stated_number").cast(pl.String).str.strip_suffix(".0")
    return _stated(found, pl.concat_str(number, "stated_unit"))


def _stated(found: pl.DataFrame, stated: pl.Expr) -> pl.DataFrame:
    of_shares = (_STATED == _SHARE) != IN_SHARES
    return found.select(
        *PLACE,
        target=WRITTEN,
        expected=pl.lit(None, pl.String),
        stated=stated,
        severity=pl.when(of_shares).then(pl.lit("error")).otherwise(pl.lit("warning")),
        template=pl.lit(_STATES),
    )

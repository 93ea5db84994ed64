"""T4: numbers that what is counted can't have, or that the indicator's own name contradicts."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity.conversion import shifted
from perfeval.rules import NUMERIC, PLACE, WRITTEN, Tables, means, rule
from perfeval.rules.stated import TELLING
from perfeval.rules.tables import IN_SHARES

_OPERATOR, _NUMBER = pl.col("operator"), pl.col("target_number")


@rule(
    "T403",
    "fraction-of-indivisible",
    "warning",
    N_("{target}: there are no fractions of what is counted; write a whole number"),
    about="target",
)
def fraction_of_indivisible(tables: Tables) -> pl.DataFrame:
    """A fraction of something that has none.

    **What it does.** Finds targets that are no whole number of people, visits, households, meetings
    and other things that are counted, after 万 and 千 are resolved: 1.25 万人 are 12,500 people.
    Means, densities and rates (人均, 每千人口 …) may have fractions; so may areas, money and time.

    **Why it matters.** The number was not counted but calculated, or belongs to another unit.

    **Fails.** `新增就业人数 ≥ 2.5 人`

    **Repair.** `新增就业人数 ≥ 3 人`, or `≥ 2.5 万人` if that is meant
    """
    candidates = tables.indicators.filter(
        NUMERIC
        & pl.col("whole")
        & (_NUMBER.floor() != _NUMBER)
        & ~means("average")
        & ~means("rate")
    )
    counted = shifted(candidates["target_number"], candidates["power"])
    return candidates.filter(counted != counted.floor()).select(*PLACE, target=WRITTEN)


@rule(
    "T405",
    "name-states-another-number",
    "warning",
    N_("{target}, while the name says {stated}: make the two agree, or take the number out of it"),
    about="target",
)
def name_states_another_number(tables: Tables) -> pl.DataFrame:
    """The indicator's name holds a number that its target contradicts or leaves aside.

    **What it does.** Reads the only amount in a name (no year, no ordinal, no condition such as
    500万元以上) and compares it with a target in a unit of the same kind. A count of people or
    things in the name beside a target in percent is a note: the count is what could be missed. A
    name that says there is none (无群体事件) contradicts a target that allows some. Where the two
    numbers are the same and only the units differ, U301 says so.

    **Why it matters.** Nobody knows which of the two was approved. Published: 质量达标率 with 100 %
    in its name and >= 98% as its target (南岳镇 2018), 无群体事件 小于5次 (保山市 2022); the
    Qijiang disclosure of 2023 has 评审1000名专业技术人才 = 100 %.

    **Fails.** `质量达标率100% ≥ 98 %`

    **Repair.** `质量达标率 ≥ 98 %`
    """
    frame = tables.indicators.filter(
        NUMERIC & ((pl.col("stated_number").is_not_null() & ~means("average")) | means("none"))
    )
    asked = (
        pl.when(pl.col("stated_dimension") == pl.col("dimension"))
        .then(pl.col("stated_power") - pl.col("power"))
        .when(pl.col("dimension") == "")
        .then(0)
    )
    frame = frame.with_columns(
        in_target_unit=shifted(frame["stated_number"], frame.select(asked.alias("by"))["by"])
    )
    # A count in the middle of a name may count something else, unless people are counted.
    counted = pl.col("stated_last") | pl.col("stated_dimension").is_in(["人", "人次", "户"])
    other = counted & (pl.col("in_target_unit") != _NUMBER)
    left_aside = (
        pl.col("stated_whole")
        & (pl.col("stated_last") | (pl.col("stated_number") >= TELLING))
        & IN_SHARES
        & ~means("rate")
        & ~means("growth")
    )
    some = (
        means("none") & pl.col("whole") & (pl.when(_OPERATOR == "<").then(1).otherwise(0) < _NUMBER)
    )
    return frame.filter((other | left_aside | some).fill_null(value=False)).select(
        *PLACE,
        target=WRITTEN,
        stated=pl.when(pl.col("stated_number").is_not_null()).then(
            pl.concat_str(
                pl.col("stated_number").cast(pl.String).str.strip_suffix(".0"), "stated_unit"
            )
        ),
        severity=pl.when(left_aside).then(pl.lit("info")),
        template=pl.when(left_aside)
        .then(pl.lit(N_("{target}, while the name says {stated}: ask for that number instead")))
        .when(some)
        .then(pl.lit(N_("{target} allows some of what the name says there is none of: write = 0"))),
    )

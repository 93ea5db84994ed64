"""U1 and U2: units as they are written: contradicting, missing, unknown."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import did_you_mean
from perfeval.quantity.units import labels
from perfeval.rules import CHECK, NUMERIC, PLACE, SCORE, WRITTEN, Tables, means, rule
from perfeval.rules.meaning import measures

_SUGGESTED = 1000  # distinct unknown labels that are compared with the known ones


@rule(
    "U101",
    "unit-contradicts-target",
    "error",
    N_("the unit inside the target {target} is of another kind than the unit column's {unit}"),
    about="unit",
    commands=(CHECK, SCORE),
)
def unit_contradicts_target(tables: Tables) -> pl.DataFrame:
    """The unit inside the target is of another kind than the unit column.

    **What it does.** Reads the unit after a target's number and compares its dimension with the
    unit column; 万元 beside 元 is converted and no finding.

    **Why it matters.** Which of the two is meant decides the predicate: `28.8万元` with the unit %
    is a budget or a share, but not both.

    **Fails.** `operator = "≤"`, `target = "28.8万元"`, `unit = "%"`

    **Repair.** Write one unit.
    """
    return tables.targets.filter(pl.col("issue") == "unit").select(*PLACE, "target", "unit")


@rule(
    "U201",
    "unit-missing",
    "warning",
    N_("{target} has no unit: write it behind the number"),
    about="unit",
)
def unit_missing(tables: Tables) -> pl.DataFrame:
    """A number without a unit.

    **What it does.** Finds numeric targets for which no unit stands in the unit column, behind the
    number or at the end of the name (营造林总面积(亩)), and units that only say per what
    (620万/月). Where the name itself says what is counted (…数量, …人数) it is a note. Points,
    ranks, indices and a target of 0 need no unit.

    **Why it matters.** 95 may be 95 % or 95 people, and 0.95 may be 95 %. An actual that is given
    with a unit can't be compared with a target that has none, so its points stay undecided.

    **Fails.** `验收合格率 ≥ 95`

    **Repair.** `验收合格率 ≥ 95 %`
    """
    bare = pl.col("dimension").eq("") & ~means("without_unit")
    per = pl.col("dimension").str.starts_with("/")
    found = tables.indicators.filter(
        NUMERIC
        & (bare | per).fill_null(value=False)
        & (per | pl.col("stated_dimension").is_null() | pl.col("stated_dimension").eq(""))
        & (pl.col("target_number") != 0)
    )
    ratio = means("rate") & (pl.col("target_number") <= 1)
    counted = pl.any_horizontal(means(name) for name in measures() if name != "rate")
    return found.select(
        *PLACE,
        target=WRITTEN,
        severity=pl.when(counted).then(pl.lit("info")),
        template=pl.when(ratio)
        .then(pl.lit(N_("{target} has no unit: write the percentage, with %")))
        .when(means("rate"))
        .then(pl.lit(N_("{target} has no unit: is it {target} %?"))),
    )


@rule(
    "U202",
    "unit-unknown",
    "info",
    N_("the unit {unit} is not known, so it can't be converted or compared{remark}"),
    about="unit",
)
def unit_unknown(tables: Tables) -> pl.DataFrame:
    """A unit that the table of units does not know.

    **What it does.** Looks the unit of a numeric target up among the known ones, their compounds
    (元/人*月) and scales (万元). Where a known one is near it is a warning and names it.

    **Why it matters.** A slip (个工作曰) makes two units of one, and an actual in the right one is
    refused. A unit that is right but rare only can't be converted.

    **Fails.** `unit = "个工作曰"`

    **Repair.** `unit = "个工作日"`
    """
    found = tables.indicators.filter(NUMERIC & pl.col("dimension").is_null())
    unknown = found["unit"].unique(maintain_order=True).to_list()
    known = labels()
    near = [suggest(label, known, limit=1) for label in unknown[:_SUGGESTED]]
    suggestions = pl.DataFrame(
        {
            "unit": unknown[:_SUGGESTED],
            "near": [names[0] if names else None for names in near],
            "remark": [did_you_mean(names)["remark"] for names in near],
        },
        schema={"unit": pl.String, "near": pl.String, "remark": pl.String},
    )
    return found.join(suggestions, on="unit", how="left", maintain_order="left").select(
        *PLACE,
        "unit",
        "near",
        pl.col("remark").fill_null(""),
        severity=pl.when(pl.col("near").is_not_null()).then(pl.lit("warning")),
    )

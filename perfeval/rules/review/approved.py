"""R5: self-evaluations that were made against something else than the approved target table."""

from __future__ import annotations

import polars as pl

from perfeval.messages import LANGUAGES, N_, translate
from perfeval.names import normalise
from perfeval.quantity.conversion import powers_between
from perfeval.rules import PLACE, PROJECT_PLACE, REVIEW, Tables, rule
from perfeval.rules.review.slips import power
from perfeval.tables import PLACE as ROW_PLACE

_SAME_WEIGHT = 5e-3  # weights are written with two decimals
_SLIP = ("number", "printed_in", "approved_in")
_OTHER_UNIT = N_(
    "; both are {number}, once in {printed_in} and once in {approved_in}: was the unit mistaken?"
)
_TOO_SMALL = N_("; the approved one is exactly 10,000 times as large: was the unit mistaken?")
_TOO_LARGE = N_("; the approved one is exactly 10,000 times smaller: was the unit mistaken?")


def _matched(tables: Tables) -> pl.LazyFrame:
    """Claims that have an approved indicator; none where no approved tables were given."""
    assert tables.claims is not None
    return tables.claims.lazy().filter(pl.col("approved_line").is_not_null())


def _words(column: str) -> pl.Expr:
    """A target in words as it is compared: its operator may stand before it or in a column."""
    return normalise(pl.col(column)).str.strip_prefix("定性").str.strip_chars(":")


def _excess() -> pl.Expr:
    """What is claimed above what the approved target gives; all of it where that gives nothing."""
    claimed = pl.col("claimed").fill_null(0)
    decided = (pl.col("doubt") == "") & (pl.col("issue") == "")
    return (pl.max_horizontal(claimed - pl.when(decided).then("high").otherwise(0), 0) / 100).round(
        2
    )


def _told(
    found: pl.DataFrame | pl.LazyFrame, printed: str, approved: str, **more: pl.Expr
) -> pl.DataFrame:
    return (
        found.lazy()
        .select(
            *PLACE,
            "approved_file",
            "approved_line",
            printed=pl.col(printed),
            approved=pl.col(approved),
            **more,
        )
        .collect()
    )


@rule(
    "R501",
    "target-changed",
    "error",
    N_(
        "the target is {printed} here and {approved} in the approved table"
        " ({approved_file}:{approved_line}); the approved one is scored{remark}"
    ),
    about="target",
    commands=(REVIEW,),
)
def target_changed(tables: Tables) -> pl.DataFrame:
    """The target of a self-evaluation is not the approved one.

    **What it does.** Compares numbers in one unit, and texts as names are compared, with the
    approved target table (`--specs`). An adjusted target (调整指标值) is an adjustment, no change.
    Where the digits are the same and only the units differ (500 元 for 500 万元), or where the
    numbers are exactly 10,000 times each other, a slip of the unit is named, and it is a warning.

    **Why it matters.** A target that is lowered after the fact is always reached.

    **Fails.** ≥ 80 % where ≥ 90 % was approved

    **Repair.** Restore the approved target, or show its adjustment with the approval.
    """
    number = pl.col("printed_number").is_not_null() & pl.col("approved_number").is_not_null()
    differs = (
        pl.when(number)
        .then(pl.col("printed_number") != pl.col("approved_number"))
        .otherwise(_words("printed_target") != _words("approved_text"))
    )
    found = _matched(tables).filter(
        pl.col("approved_differs") & (pl.col("printed_target") != "") & ~pl.col("adjusted")
    )
    changed = _with_slips(found.filter(differs).collect())
    severity = pl.when(pl.col("remark").is_not_null()).then(pl.lit("warning"))
    told = (*_SLIP, "remark")
    return _told(
        changed,
        "printed_target",
        "approved_target",
        points=_excess(),
        severity=severity,
        **{name: pl.col(name) for name in told},
    )


def _with_slips(found: pl.DataFrame) -> pl.DataFrame:
    """`found` with a remark where the numbers are apart by exactly what the two units are."""
    apart = powers_between(found["approved_unit"].fill_null(""), found["printed_unit"])
    off = found.select(power("approved_number", "printed_number")).to_series()
    by_unit = (off == apart).fill_null(False)
    by_scale = off.is_in([4, -4]).fill_null(False) & ~by_unit
    return found.with_columns(
        by_unit=pl.Series(by_unit), by_scale=pl.Series(by_scale), off=pl.Series(off)
    ).with_columns(
        number=pl.when("by_unit").then("printed_number"),
        printed_in=pl.when("by_unit").then("printed_unit"),
        approved_in=pl.when("by_unit").then("approved_unit"),
        remark=pl.when("by_unit")
        .then(pl.lit(_OTHER_UNIT))
        .when(pl.col("by_scale") & (pl.col("off") > 0))
        .then(pl.lit(_TOO_SMALL))
        .when("by_scale")
        .then(pl.lit(_TOO_LARGE)),
    )


@rule(
    "R502",
    "operator-changed",
    "error",
    N_(
        "the operator is {printed} here and {approved} in the approved table"
        " ({approved_file}:{approved_line}); the approved one is scored"
    ),
    about="operator",
    commands=(REVIEW,),
)
def operator_changed(tables: Tables) -> pl.DataFrame:
    """The operator of a self-evaluation is not the approved one.

    **What it does.** Compares the printed operators; one that is not printed is no change.

    **Why it matters.** ≤ 5 % and ≥ 5 % are opposite promises.

    **Fails.** = where ≥ was approved

    **Repair.** Restore the approved operator.
    """
    found = _matched(tables).filter(
        (pl.col("printed_operator") != "")
        & (pl.col("approved_operator") != "")
        & (pl.col("printed_operator") != pl.col("approved_operator"))
    )
    return _told(found, "printed_operator", "approved_operator", points=_excess())


@rule(
    "R503",
    "unit-changed",
    "warning",
    N_(
        "the unit is {printed} here and {approved} in the approved table"
        " ({approved_file}:{approved_line}); the approved one is scored"
    ),
    about="unit",
    commands=(REVIEW,),
)
def unit_changed(tables: Tables) -> pl.DataFrame:
    """The unit of a self-evaluation is not the approved one.

    **What it does.** Compares units by what they measure: 元 for 万元 is a conversion, and found by
    R501 if the number does not follow; 人 for 人次 is another unit.

    **Why it matters.** 500 人次 may be 100 persons.

    **Fails.** 人次 where 人 was approved

    **Repair.** Restore the approved unit.
    """
    found = (
        _matched(tables)
        .filter(
            (pl.col("printed_unit") != "")
            & (pl.col("approved_unit") != "")
            & (pl.col("printed_unit") != pl.col("approved_unit"))
        )
        .collect()
    )
    other = powers_between(found["printed_unit"], found["approved_unit"]).is_null()
    return _told(found.filter(other), "printed_unit", "approved_unit", points=_excess())


@rule(
    "R504",
    "weight-changed",
    "error",
    N_(
        "the weight is {printed} here and {approved} in the approved table"
        " ({approved_file}:{approved_line})"
    ),
    about="weight",
    commands=(REVIEW,),
)
def weight_changed(tables: Tables) -> pl.DataFrame:
    """The weight of a self-evaluation is not the approved one.

    **What it does.** Compares the printed weight with the approved one. Where all of a project's
    weights are the approved ones scaled to the points that budget execution leaves (20 of 100 are
    18 of 90), none has changed.

    **Why it matters.** Moving weight from what failed to what succeeded wins points.

    **Fails.** 25 where 20 was approved

    **Repair.** Restore the approved weights.
    """
    policy = tables.policy
    share = float(policy.execution.indicators / policy.total) if policy.execution else 1.0
    approved = pl.col("approved_weight")
    known = _matched(tables).filter(pl.col("weighed") & approved.is_not_null())
    found = known.filter((pl.col("weight") - approved).abs() > _SAME_WEIGHT)
    unscaled = known.filter((pl.col("weight") - approved * share).abs() > _SAME_WEIGHT)
    found = found.join(unscaled.select("project"), on="project", how="semi", maintain_order="left")
    # What the claim would be at the approved weight, at the same coefficient.
    gained = pl.col("claimed").fill_null(0) / 100 * (1 - approved / pl.col("weight"))
    at_stake = pl.when(pl.col("weight") > 0).then(pl.max_horizontal(gained, 0)).fill_null(0)
    return _told(found, "weight", "approved_weight", points=at_stake.round(2))


@rule(
    "R505",
    "indicator-not-approved",
    "error",
    N_("not approved: {why}; ask for the approval, or take the indicator out"),
    commands=(REVIEW,),
)
def indicator_not_approved(tables: Tables) -> pl.DataFrame:
    """A self-evaluation scores an indicator, or a project, that was not approved.

    **What it does.** Looks each indicator up in the approved tables: project by code or name, then
    name and level 2, as names are compared. Names are never guessed.

    **Why it matters.** An indicator that is added after the fact is always reached.

    **Fails.** 宣传次数 in a project whose approved table has no such indicator

    **Repair.** Take it out, or show its approval.
    """
    assert tables.claims is not None
    if "approved_missing" not in tables.claims.columns:
        return tables.claims.clear()
    found = tables.claims.filter(pl.col("approved_missing").is_not_null())
    reasons = found["approved_missing"].unique().to_list()
    # Values are shown in the reader's language, as the finding is.
    why = pl.struct(
        pl.col("approved_missing")
        .replace_strict(
            {each: translate(each, lang) for each in reasons},
            default=None,
            return_dtype=pl.String,
        )
        .alias(lang)
        for lang in LANGUAGES
    )
    return found.select(*PLACE, why=why, points=(pl.col("claimed").fill_null(0) / 100).round(2))


@rule(
    "R506",
    "approved-indicator-left-out",
    "error",
    N_("{count} approved indicators worth {weight} points are not in the self-evaluation: {names}"),
    about="project",
    commands=(REVIEW,),
)
def approved_indicator_left_out(tables: Tables) -> pl.DataFrame:
    """A self-evaluation leaves out indicators that were approved.

    **What it does.** Finds indicators of the approved table that no row of the project's
    self-evaluation is for; tables that show only a part are left out.

    **Why it matters.** What was not reached is most easily left out.

    **Fails.** An approved table of five indicators, a self-evaluation of four

    **Repair.** Report every approved indicator; mark one that does not apply (是否适用: 否).
    """
    if tables.left_out is None:
        return tables.projects.clear()
    assert tables.claimed is not None
    whole = tables.claimed.filter(~pl.col("partial")).select("project")
    return (
        tables.left_out.join(whole, on="project", how="semi", maintain_order="left")
        .group_by(*ROW_PLACE, "project", maintain_order=True)
        .agg(count=pl.len(), weight=pl.col("weight").sum().round(6), names="indicator")
        .select(*PROJECT_PLACE, "count", "weight", names=pl.col("names").list.head(5))
    )


@rule(
    "R507",
    "approved-project-not-evaluated",
    "warning",
    N_(
        "the approved project {project} {name} has no self-evaluation here; ask for it, or review"
        " all that was submitted"
    ),
    about="project",
    commands=(REVIEW,),
)
def approved_project_not_evaluated(tables: Tables) -> pl.DataFrame:
    """An approved project has no self-evaluation among those that are reviewed.

    **What it does.** Looks each project of the approved tables (`--specs`) up among the
    self-evaluations, by code or name, as names are compared. The receipt counts them.

    **Why it matters.** Every project is to be evaluated by its unit (财预〔2020〕10号), and what
    went wrong is most easily not handed in at all.

    **Fails.** Two approved projects, the self-evaluation of one

    **Repair.** Ask for the self-evaluation; where only a part is reviewed, give its approved tables
    alone.
    """
    if tables.not_evaluated is None:
        return tables.projects.clear()
    return tables.not_evaluated.select(*PROJECT_PLACE, "name")

"""Self-evaluations beside the target tables that were approved."""

from __future__ import annotations

import polars as pl

from perfeval.messages import N_
from perfeval.quantity.conversion import powers_between, shifted
from perfeval.reviewing.operators import PRINTED
from perfeval.scoring.match import (
    MATCHED,
    UNKNOWN_INDICATOR,
    UNKNOWN_PROJECT,
    match_actuals,
    match_projects,
)
from perfeval.scoring.targets import read_targets
from perfeval.sources.specs import Specs
from perfeval.tables import PLACE

APPROVED = {
    "approved_operator": pl.String,
    "approved_target": pl.String,
    "approved_text": pl.String,
    "approved_number": pl.Float64,
    "approved_unit": pl.String,
    "approved_weight": pl.Float64,
    "approved_file": pl.String,
    "approved_line": pl.Int64,
    "approved_missing": pl.String,
    "approved_differs": pl.Boolean,
}
"""What is known of the approved indicator that a row is for; null where there is none.

approved_differs: whether its operator, target or unit is written otherwise than in the row.
"""

_MISSING = {
    UNKNOWN_PROJECT: N_("the project is not approved"),
    UNKNOWN_INDICATOR: N_("the indicator is not in the project's table"),
}


def without_approved(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the columns of `APPROVED`, all null."""
    return rows.with_columns(pl.lit(None, kind).alias(name) for name, kind in APPROVED.items())


def with_approved(rows: pl.DataFrame, printed: pl.DataFrame, specs: Specs) -> pl.DataFrame:
    """`rows` of claims with the columns of `APPROVED`; `printed` are their own targets as read.

    approved_number is in the printed unit, where the two units convert, so that it can be compared
    with the printed number; approved_target has its operator, approved_text is without. What is
    written alike is read once, on the printed side.
    """
    approved = specs.indicators.with_row_index("row")
    matched = match_actuals(
        rows.select(*MATCHED, *PLACE, project="printed_project"),
        specs.projects,
        approved,
    )
    side = approved.select(
        approved_sign=pl.col("operator").fill_null(""),
        approved_text=pl.col("target").fill_null(""),
        approved_label=pl.col("unit").fill_null(""),
        approved_weight="weight",
        approved_file="file",
        approved_line="line",
    )
    # Rows that name one indicator twice are both for it; which one counts is told elsewhere.
    found = pl.concat(
        [
            matched.select("row", approved_missing="rejected"),
            side.select(pl.all().gather(matched["row"])),
        ],
        how="horizontal",
    )
    missing = pl.col("approved_line").is_null()
    reason = pl.col("approved_missing").replace_strict(_MISSING, default=None)
    found = found.with_columns(
        approved_missing=pl.when(missing).then(
            reason.fill_null(pl.lit(N_("several indicators have this name, and no level 2 tells")))
        ),
        approved_row="row",
    )
    found = _read(found, rows, printed, specs)
    powers = powers_between(found["approved_unit"].fill_null(""), printed["unit"])
    same_side = printed["unit"] == ""
    powers = powers.zip_with(~same_side, pl.zeros(len(powers), pl.Int32, eager=True))
    number = shifted(found["approved_number"], powers)
    found = found.with_columns(approved_number=number)
    return rows.with_columns(found.select(*APPROVED, "approved_row").get_columns())


def _read(
    found: pl.DataFrame, rows: pl.DataFrame, printed: pl.DataFrame, specs: Specs
) -> pl.DataFrame:
    """`found` with what its approved targets ask for."""
    alike = (
        (rows["target_adjusted"] == "")
        & (found["approved_sign"] == rows["operator"])
        & (found["approved_text"] == rows["target"])
        & (found["approved_label"] == rows["unit"])
    )
    found = found.with_columns(
        approved_differs=(~alike).set(found["approved_line"].is_null(), None),
        approved_target=pl.concat_str(
            "approved_sign", "approved_text", separator=" "
        ).str.strip_chars(),
    )
    wanted = found.filter("approved_differs")["approved_row"].unique().sort()
    others = read_targets(specs.indicators[wanted]).select(
        other_operator="operator", other_number="target_number", other_unit="unit"
    )
    others = others.with_columns(approved_row=wanted)
    found = found.join(others, on="approved_row", how="left", maintain_order="left")
    names = {"operator": "operator", "number": "target_number", "unit": "unit"}
    same = printed.select(pl.col(column).alias(name) for name, column in names.items())
    # An operator that is inferred is not written.
    inferred = (printed["operator_from"] != PRINTED).fill_null(True)
    same = same.with_columns(operator=same["operator"].set(inferred, ""))
    return found.with_columns(
        pl.when(pl.col("approved_differs"))
        .then(f"other_{name}")
        .when(~pl.col("approved_differs"))
        .then(pl.lit(same[name]))
        .alias(f"approved_{name}")
        for name in names
    )


def not_evaluated(rows: pl.DataFrame, specs: Specs) -> pl.DataFrame:
    """The approved projects that no row is for, by code or name: project, name, file and line."""
    named = rows.select(project="printed_project").unique()
    found = match_projects(named, specs.projects).select(project="code").drop_nulls()
    return specs.projects.join(found, on="project", how="anti", maintain_order="left").select(
        "project", "name", *PLACE
    )


def left_out(rows: pl.DataFrame, specs: Specs) -> pl.DataFrame:
    """The approved indicators that no row is for, of the projects that some row is for.

    Columns: project (as the self-evaluation's rows have it), file and line of its first row,
    indicator and weight.
    """
    claimed = rows.select("project", *PLACE, "approved_row").filter(
        pl.col("approved_row").is_not_null()
    )
    known = specs.indicators.with_row_index("approved_row")
    places = claimed.group_by("project", maintain_order=True).agg(
        pl.col(*PLACE).first(), pl.col("approved_row").first()
    )
    owners = places.join(
        known.select("approved_row", code="project"), on="approved_row", how="left"
    ).select("project", *PLACE, "code")
    wanted = known.select("approved_row", "indicator", "weight", code="project").join(
        owners, on="code", how="inner", maintain_order="left"
    )
    # Where a project is submitted once, its approved rows are nobody else's.
    several = pl.col("code").is_in(owners["code"].filter(owners["code"].is_duplicated()).implode())
    parts = [
        wanted.filter(~several).join(claimed, on="approved_row", how="anti", maintain_order="left"),
        wanted.filter(several).join(
            claimed, on=["project", "approved_row"], how="anti", maintain_order="left"
        ),
    ]
    return (
        pl.concat(parts)
        .sort("approved_row", maintain_order=True)
        .select("project", *PLACE, "indicator", "weight")
    )

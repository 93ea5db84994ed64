"""What rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from perfeval.names import with_keys
from perfeval.policy import Policy
from perfeval.quantity.units import unit
from perfeval.rules.classes import with_classes
from perfeval.rules.meaning import with_meanings
from perfeval.tables import PLACE as ROW_PLACE

PLACE = (*ROW_PLACE, "project", "indicator", "row")
"""The columns that place a finding about an indicator."""

PROJECT_PLACE = (*ROW_PLACE, "project")
"""The columns that place a finding about a project."""

OVERALL = "部门整体支出"
"""The type of a department's own table, beside those of its projects."""


@dataclass(frozen=True)
class Tables:
    """What rules look at.

    policy and projects always; `targets` as `perfeval.scoring.targets` reads them, with `rule`.
    After scoring also `actuals` (every row, with `row` and `rejected`), `scores` (targets with
    their actuals and scores), `execution` (rows as given) and `execution_scores`.
    """

    policy: Policy
    projects: pl.DataFrame
    targets: pl.DataFrame
    actuals: pl.DataFrame | None = None
    scores: pl.DataFrame | None = None
    execution: pl.DataFrame | None = None
    execution_scores: pl.DataFrame | None = None
    malformed: pl.DataFrame | None = None

    @cached_property
    def indicators(self) -> pl.DataFrame:
        """The targets, in their order, with what their words and units stand for.

        Added columns: name_key and level2_key (as names are compared), class1, class2 and
        printed_points (see `perfeval.rules.classes`), a column per meaning of the name (see
        `means`), dimension (what the unit measures; "" without a unit, null if it is not known),
        and of the project department, year and overall (whether it is a department's own table).
        Words are read once per distinct text.
        """
        names = with_keys(self.targets.select("indicator", "level2").unique())
        names = names.join(
            with_meanings(names.select("name_key").unique(), "name_key"), on="name_key", how="left"
        )
        labels = self.targets["unit"].unique().to_list()
        units = {label: unit(label) for label in labels if label}
        dimensions = {label: known.dimension if known else None for label, known in units.items()}
        projects = self.projects.select(
            "project", "department", "year", overall=(pl.col("type") == OVERALL).fill_null(False)
        )
        return (
            with_classes(self.targets)
            .drop("year", strict=False)
            .join(names, on=["indicator", "level2"], how="left", maintain_order="left")
            .join(projects, on="project", how="left", maintain_order="left")
            .with_columns(
                dimension=pl.col("unit").replace_strict(
                    {"": "", **dimensions}, return_dtype=pl.String
                )
            )
        )

    @cached_property
    def rejected(self) -> pl.DataFrame:
        """The rows of the actuals that were rejected."""
        assert self.actuals is not None
        return self.actuals.filter(pl.col("rejected").is_not_null())

    @cached_property
    def with_actual(self) -> pl.DataFrame:
        """The scores of indicators that have an actual; their place is the actual's."""
        assert self.scores is not None
        return (
            self.scores.filter(pl.col("actual").is_not_null())
            .drop(ROW_PLACE)
            .rename({f"actual_{name}": name for name in ROW_PLACE})
        )

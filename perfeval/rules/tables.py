"""What rules look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from perfeval.names import with_keys
from perfeval.policy import Policy
from perfeval.quantity.units import unit
from perfeval.rules.amounts import amounts, money, wholes, with_department_key
from perfeval.rules.asked import with_range
from perfeval.rules.classes import under, with_classes
from perfeval.rules.likeness import with_department, with_forms, within_projects
from perfeval.rules.meaning import with_meanings
from perfeval.rules.stated import with_stated
from perfeval.tables import BUDGET, empty
from perfeval.tables import PLACE as ROW_PLACE

if TYPE_CHECKING:
    from perfeval.rules.narrative.text import Narrative

PLACE = (*ROW_PLACE, "project", "indicator", "row")
"""The columns that place a finding about an indicator."""

PROJECT_PLACE = (*ROW_PLACE, "project")
"""The columns that place a finding about a project."""

OVERALL = "部门整体支出"
"""The type of a department's own table, beside those of its projects."""

NUMERIC = (pl.col("target_kind") == "number") & pl.col("issue").is_in(["", "operator"])
"""Whether a target is one number in one unit; the operator may be missing (290%)."""

IN_SHARES = pl.col("dimension") == "比例"
"""Whether a target is asked for in percent or another unit of shares."""

LIKE_A_SHARE = (
    pl.col("unit").is_in(["%", "％", "百分比"])
    & (pl.col("inner_unit").fill_null("") == "")
    # A list has one column of units for both sides; a sign beside the number would be its own.
    & pl.col("own_unit").fill_null("").is_in(["", "%", "％", "百分比"])
    & (pl.col("actual_number") > 0)
    & (pl.col("actual_number") <= 1)
    & (pl.col("target_number") >= 10)
).fill_null(False)
"""Whether an actual is a number up to 1 where a percentage of that size is unlikely: a cell that
shows 95 % holds 0.95."""

OF_COSTS = pl.col("class2").is_in(
    [name for name, places in under().items() if "成本指标" in places]
)
"""Whether an indicator stands under a class of costs."""

WRITTEN = pl.concat_str(
    "own_operator",
    "target",
    pl.when(pl.col("target").str.contains(pl.col("unit"), literal=True))
    .then(pl.lit(""))
    .otherwise("unit"),
    separator=" ",
).str.strip_chars()
"""A target as its table writes it, with operator and unit from their columns: ≥ 90 %."""


def units(labels: pl.Series) -> pl.DataFrame:
    """What the distinct `labels` stand for: unit, dimension, power, whole.

    No unit ("") has the dimension "" and power 0; a label that is not known has nulls, and whole is
    false.
    """
    known = [(label, unit(label)) for label in labels.unique().to_list()]
    rows = [
        (label, found.dimension, found.power, found.whole)
        if found
        else (label, None if label else "", None if label else 0, False)
        for label, found in known
    ]
    schema = {"unit": pl.String, "dimension": pl.String, "power": pl.Int32, "whole": pl.Boolean}
    return pl.DataFrame(rows, schema, orient="row")


@dataclass(frozen=True)
class Tables:
    """What rules look at.

    policy and projects always; `targets` as `perfeval.scoring.targets` reads them, with `rule`;
    `budget` as `perfeval.tables.BUDGET` has it.
    After scoring also `actuals` (every row, with `row` and `rejected`), `scores` (targets with
    their actuals and scores), `execution` (rows as given) and `execution_scores`; `all_projects`
    (project, name) where the tables are a part of a larger whole.
    In a review, as the modules of `perfeval.reviewing` describe them: `claims` (one row per claimed
    score, from recompute), `claimed` (one row per self-evaluation, from projects), `left_out`
    (approved indicators that are not claimed; None without approved tables), `not_evaluated`
    (approved projects without a self-evaluation; None likewise), `given` (the columns that the
    self-evaluations have), `decisions` (what reviewers decided) and `unnamed` (rows that
    name no project or indicator, as `perfeval.reviewing.claims` has them).
    """

    policy: Policy
    projects: pl.DataFrame
    targets: pl.DataFrame
    actuals: pl.DataFrame | None = None
    scores: pl.DataFrame | None = None
    execution: pl.DataFrame | None = None
    execution_scores: pl.DataFrame | None = None
    malformed: pl.DataFrame | None = None
    all_projects: pl.DataFrame | None = None
    claims: pl.DataFrame | None = None
    claimed: pl.DataFrame | None = None
    left_out: pl.DataFrame | None = None
    not_evaluated: pl.DataFrame | None = None
    given: frozenset[str] = frozenset()
    decisions: pl.DataFrame | None = None
    unnamed: pl.DataFrame | None = None
    budget: pl.DataFrame = field(default_factory=lambda: empty(BUDGET))

    @cached_property
    def indicators(self) -> pl.DataFrame:
        """The targets, in their order, with what their words and units stand for.

        Added columns: name_key and level2_key (as names are compared), class1, class2, misplaced,
        group and printed_points (see `perfeval.rules.classes`), a column per meaning of the name
        (see `means`), what the name states of its own number and unit (`perfeval.rules.stated`), of
        the unit dimension (what it measures; "" without a unit, null if it is not known), power and
        whole (see `perfeval.quantity.units`), the same of the name's unit as stated_dimension and
        so on, and of the project department, year and overall (whether it is a department's own
        table). Words are read once per distinct text.
        """
        names = with_keys(self.targets.select("indicator", "level2").unique())
        texts = with_stated(
            with_meanings(names.select("name_key").unique(), "name_key"), "name_key"
        )
        stated = units(texts["stated_unit"]).select(pl.all().name.prefix("stated_"))
        names = names.join(texts, on="name_key", how="left").join(
            stated, on="stated_unit", how="left"
        )
        projects = self.projects.select(
            "project", "department", "year", overall=(pl.col("type") == OVERALL).fill_null(False)
        )
        return (
            with_classes(self.targets)
            .drop("year", strict=False)
            .join(names, on=["indicator", "level2"], how="left", maintain_order="left")
            .join(projects, on="project", how="left", maintain_order="left")
            .join(units(self.targets["unit"]), on="unit", how="left", maintain_order="left")
        )

    @cached_property
    def own_projects(self) -> pl.DataFrame:
        """The departments' own tables: columns department (as amounts have it) and project."""
        own = self.budgets.filter("overall").select("department", "project")
        return own.unique("department", keep="first", maintain_order=True)

    @cached_property
    def budgets(self) -> pl.DataFrame:
        """What the target tables state of money, in 万元, exactly.

        Columns: project, name, department (as it is compared), year, overall, total, superior,
        local, other, basic, spending (on projects, of a department's own table), file, line.
        """
        amounts = [name for name in self.projects.columns if name.startswith("budget_")]
        return (
            with_department_key(self.projects)
            .select(
                "project",
                "name",
                "department",
                "year",
                *(money(pl.col(name)) for name in amounts),
                *ROW_PLACE,
                overall=(pl.col("type") == OVERALL).fill_null(False),
            )
            .rename(
                {name: name.removeprefix("budget_") for name in amounts if name[7:] != "project"}
            )
            .rename({"budget_project": "spending"})
        )

    @cached_property
    def printed(self) -> pl.DataFrame:
        """The budget tables with departments as they are compared, also those without amounts."""
        return with_department_key(self.budget)

    @cached_property
    def amounts(self) -> pl.DataFrame:
        """The amounts of the budget tables; see `perfeval.rules.amounts.amounts`."""
        return amounts(self.budget, self.own_projects)

    @cached_property
    def wholes(self) -> pl.DataFrame:
        """What the budget tables come to by column; see `perfeval.rules.amounts.wholes`."""
        return wholes(self.amounts)

    @cached_property
    def narrative(self) -> Narrative:
        """What the projects' texts say; see `perfeval.rules.narrative.text`."""
        from perfeval.rules.narrative.text import Narrative

        return Narrative(self.projects)

    @cached_property
    def compared(self) -> pl.DataFrame:
        """The indicators with what they are compared by: their names' forms and targets' ranges.

        See `perfeval.rules.likeness.with_forms` and `perfeval.rules.asked.with_range`.
        """
        return with_forms(with_range(self.indicators))

    @cached_property
    def like_in_project(self) -> pl.DataFrame:
        """Pairs of like indicators of one project (`perfeval.rules.likeness.within_projects`)."""
        return within_projects(self.compared)

    @cached_property
    def like_in_department(self) -> pl.DataFrame:
        """Projects' indicators beside their department's own (`likeness.with_department`)."""
        return with_department(self.compared)

    @cached_property
    def rejected(self) -> pl.DataFrame:
        """The rows of the actuals that were rejected, in the order of the file."""
        assert self.actuals is not None
        found = self.actuals.filter(pl.col("rejected").is_not_null())
        return found.sort("position") if "position" in found.columns else found

    @cached_property
    def with_actual(self) -> pl.LazyFrame:
        """The scores of indicators that have an actual; their place is the actual's.

        Lazy, so that of some sixty columns only those are taken which a rule looks at.
        """
        assert self.scores is not None
        return (
            self.scores.lazy()
            .filter(pl.col("actual").is_not_null())
            .drop(ROW_PLACE)
            .rename({f"actual_{name}": name for name in ROW_PLACE})
        )

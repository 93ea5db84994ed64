"""From the tables that scoring or review leaves to explanations, project by project.

Rows that agree in everything that decides are derived once, so that a batch costs one pass over its
rows and one derivation per different row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import polars as pl

from perfeval.exact import fraction
from perfeval.explaining.claimed import claim_steps, claimed_project
from perfeval.explaining.indicator import DECIDING, derive
from perfeval.explaining.model import Derivation, Explained, ExplainedProject, Place
from perfeval.explaining.project import scored_project
from perfeval.explaining.rulebook import Rulebook

if TYPE_CHECKING:
    from perfeval.reviewing import ReviewResult
    from perfeval.scoring import ScoreResult

_TOLD = ("row", "level1", "level2", "indicator", "core", "met", "status", "file", "sheet", "line",
         "actual_file", "actual_sheet", "actual_line")  # fmt: skip
_CLAIMED = (
    "weighed", "claimed", "claimed_text", "operator_from", "adjusted", "approved_file",
    "approved_line",
)  # fmt: skip

Row = dict[str, Any]

_deciding = itemgetter(*DECIDING)


class Explanation:
    """How every score of a result came about.

    receipt, policy: those of the result. reviewed: whether claims were recomputed. working: what
    scoring recorded per indicator. Projects come in the result's order and are made as they are
    asked for.
    """

    def __init__(
        self,
        result: ScoreResult | ReviewResult,
        working: pl.DataFrame,
        projects: pl.DataFrame,
        execution: pl.DataFrame | None,
        decisions: pl.DataFrame | None,
        *,
        reviewed: bool,
    ) -> None:
        self.receipt, self.policy, self.reviewed = result.receipt, result.policy, reviewed
        columns = [*_TOLD, *DECIDING, *(_CLAIMED if reviewed else ())]
        self.working = working.select("project", *columns, "full", "ratio")
        self._projects = projects
        self._rules = Rulebook(self.policy)
        self._execution = execution
        self._decisions = decisions
        self._findings = result.findings
        self._known: dict[tuple[Any, ...], Derivation] = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """The projects' names by code, in order."""
        return dict(self._projects.select("project", "name").iter_rows())

    def project(self, code: str) -> ExplainedProject:
        """The explanation of one project; `KeyError` where the result has none of this code."""
        head = self._heads[code]
        frame = self.working.filter(pl.col("project") == code)
        return self._project(head, frame.to_dicts())

    def projects(self) -> Iterator[ExplainedProject]:
        """The explanation of every project."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.working.iter_rows(named=True):
            rows[row["project"]].append(row)
        for code, head in self._heads.items():
            yield self._project(head, rows[code])

    def _project(self, head: Row, rows: list[Row]) -> ExplainedProject:
        found = self._found[head["project"]]
        names = [row["indicator"] for row in rows]
        explained = tuple(
            self._indicator(row, found.get(row["indicator"], ()), names.count(row["indicator"]) > 1)
            for row in rows
        )
        if self.reviewed:
            derivation = claimed_project(head, explained, self._rules)
            known = head["recomputed_low"] is not None
        else:
            spent = self._spent.get(head["project"])
            derivation = scored_project(head, spent, explained, self._rules)
            known = True
        return ExplainedProject(
            head["project"], head["name"], head["department"], head["grade"], derivation, explained,
            tuple(found.get(None, ())), known,
        )  # fmt: skip

    def _indicator(self, row: Row, found: Any, namesakes: bool) -> Explained:
        key = _deciding(row)
        derivation = self._known.get(key)
        if derivation is None:
            derivation = self._known[key] = derive(row, self._rules)
        target = Place(row["file"], row["sheet"], row["line"])
        actual = Place(row["actual_file"], row["actual_sheet"], row["actual_line"])
        if namesakes:
            places = (target, actual)
            found = [
                each for each in found
                if Place(each["file"], each["sheet"], each["line"]) in places
            ]  # fmt: skip
        claim = claim_steps(row, self._decided.get(row["row"])) if self.reviewed else ()
        return Explained(
            row["row"], row["level1"], row["level2"], row["indicator"], bool(row["core"]),
            row["met"], row["status"], row["deduction_number"] > 0, target, actual, derivation,
            claim, tuple(found),
        )  # fmt: skip

    @cached_property
    def _heads(self) -> dict[str, Row]:
        return {row["project"]: row for row in self._projects.iter_rows(named=True)}

    @cached_property
    def _spent(self) -> dict[str, Row]:
        if self._execution is None:
            return {}
        return {row["project"]: row for row in self._execution.iter_rows(named=True)}

    @cached_property
    def _decided(self) -> dict[int, Row]:
        if self._decisions is None:
            return {}
        return {row["row"]: row for row in self._decisions.iter_rows(named=True)}

    @cached_property
    def _found(self) -> Mapping[str, dict[str | None, list[Row]]]:
        """Findings by project and indicator (None: the project itself), in their order."""
        found: dict[str, dict[str | None, list[Row]]] = defaultdict(lambda: defaultdict(list))
        told = self._findings.filter(pl.col("project").is_not_null())
        for row in told.iter_rows(named=True):
            found[row["project"]][row["indicator"]].append(row)
        return found


def explain(result: ScoreResult | ReviewResult) -> Explanation:
    """How the scores of `result` (from `score` or `review`) came about."""
    from perfeval.scoring import ScoreResult

    if isinstance(result, ScoreResult):
        working = result.working.with_columns(written=result.indicators["actual"])
        return Explanation(
            result, _shares(working), result.projects, result.execution, None, reviewed=False
        )
    written = pl.when(pl.col("written_actual") != "").then("written_actual")
    # Where no weight is printed, nothing is at stake: such a row is scored with none.
    working = result.claims.with_columns(pl.col("weight").fill_null(0.0), written=written)
    return Explanation(
        result, _shares(working), result.projects, None, result.changes, reviewed=True
    )


def _shares(working: pl.DataFrame) -> pl.DataFrame:
    """With declared and kept (exact text): a project's weights, and those that do apply."""
    working = working.rename({"own_unit": "actual_own_unit"})
    parts = (
        working.filter(pl.col("excluded").any().over("project"))
        .group_by("project", maintain_order=True)
        .agg("weight", "excluded")
    )
    rows = []
    for project, weights, excluded in parts.iter_rows():
        exact = [fraction(weight) for weight in weights]
        kept = sum(w for w, out in zip(exact, excluded, strict=True) if not out)
        rows.append((project, str(sum(exact)), str(kept) if kept else None))
    shares = pl.DataFrame(
        rows, {"project": pl.String, "declared": pl.String, "kept": pl.String}, orient="row"
    )
    return working.join(shares, on="project", how="left", maintain_order="left")

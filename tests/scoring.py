"""Small target tables and actuals for tests, written as files and scored like any others."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from perfeval.scoring import ScoreResult, score

Row = Mapping[str, str]

SPEC = {
    "project": "P1",
    "project_name": "走访慰问",
    "department": "某局",
    "year": "2023",
    "level1": "产出指标",
    "level2": "数量指标",
    "weight": "100",
}


def write(path: Path, rows: Sequence[Row], encoding: str = "utf-8") -> Path:
    """A CSV file with the columns that any of `rows` has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(
    folder: Path,
    targets: Sequence[Row],
    actuals: Sequence[Row],
    execution: Sequence[Row] | None = None,
    policy: str = "general",
) -> ScoreResult:
    """Score `actuals` against `targets`; blanks of a target are filled from `SPEC`."""
    return score(
        write(folder / "actuals.csv", [{"project": "P1", **row} for row in actuals]),
        write(folder / "specs.csv", [{**SPEC, **row} for row in targets]),
        None
        if execution is None
        else write(folder / "execution.csv", [{"project": "P1", **row} for row in execution]),
        policy,
    )


def one(
    folder: Path, target: Row | str, actual: Row | str, policy: str = "general"
) -> dict[str, Any]:
    """The scored row of one indicator of 100 points."""
    target = {"target": target} if isinstance(target, str) else target
    actual = {"actual": actual} if isinstance(actual, str) else actual
    result = run(
        folder, [{"indicator": "指标", **target}], [{"indicator": "指标", **actual}], policy=policy
    )
    return result.indicators.row(0, named=True)

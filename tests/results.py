"""Results made by hand, for tests of what the user sees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from perfeval import tables
from perfeval.checking import CheckResult
from perfeval.policy import load_policy
from perfeval.rules import catalogue
from perfeval.scoring import ScoreResult
from perfeval.sources.specs import Specs

_TEXTS = pl.List(pl.String)
PROJECT: dict[str, Any] = {
    "project": "P001",
    "name": "就业补助",
    "department": "县人社局",
    "score": 9000,
    "low": 9000,
    "high": 9000,
    "grade": "优",
    "met": True,
    "weight": 100.0,
    "points": 100.0,
    "indicators": 1,
    "undecided": 0,
}
INDICATOR: dict[str, Any] = {
    "project": "P001",
    "level1": "产出指标",
    "level2": "数量指标",
    "indicator": "惠及人数",
    "operator": "≥",
    "target": "≥ 9000 人",
    "target_number": 9000.0,
    "unit": "人",
    "weight": 20.0,
    "points": 18.0,
    "actual": "8000",
    "actual_number": 8000.0,
    "met": False,
    "ratio": 8000 / 9000,
    "coefficient": 8000 / 9000,
    "score": 1600,
    "low": 1600,
    "high": 1600,
    "status": "scored",
    "flags": [],
    "reason": None,
    "core": None,
    "way": "number",
    "rule": "proportional",
    "pass_threshold": None,
    "deduction": 0.0,
    "file": "specs/P001.toml",
    "sheet": None,
    "line": 5,
}
EXECUTION: dict[str, Any] = {
    "project": "P001",
    "weight": 10.0,
    "budget_initial": 90.0,
    "budget": 100.0,
    "spent": 76.0,
    "rate": 0.76,
    "score": 760,
    "low": 760,
    "high": 760,
    "status": "scored",
}
FINDING: dict[str, Any] = {
    "code": "A303",
    "name": "loss-without-reason",
    "severity": "warning",
    "file": "actuals.csv",
    "sheet": None,
    "line": 2,
    "cell": None,
    "project": "P001",
    "indicator": "惠及人数",
    "template": "{lost} points are lost and no reason is given (偏差原因)",
    "values": json.dumps({"lost": "2"}),
}
SUPPRESSED: dict[str, Any] = FINDING | {
    "reason": "已核实",
    "settings_file": "specs/perfeval.toml",
    "settings_line": 3,
}
CHECKED: dict[str, Any] = FINDING | {"row": 0, "fingerprint": "0123456789abcdef", "occurrence": 1}
TARGET: dict[str, Any] = {
    name: INDICATOR[name]
    for name in ("project", "level1", "level2", "indicator", "operator", "target", "unit", "weight")
} | {"row": 0, "own_operator": ""}
_TYPES: dict[str, Any] = {
    "project": pl.String, "name": pl.String, "department": pl.String, "score": pl.Int64,
    "low": pl.Int64, "high": pl.Int64, "grade": pl.String, "met": pl.Boolean,
    "weight": pl.Float64, "points": pl.Float64, "indicators": pl.Int64, "undecided": pl.Int64,
    "level1": pl.String, "level2": pl.String, "indicator": pl.String, "operator": pl.String,
    "target": pl.String, "target_number": pl.Float64, "unit": pl.String, "actual": pl.String,
    "actual_number": pl.Float64, "ratio": pl.Float64, "coefficient": pl.Float64,
    "status": pl.String, "flags": _TEXTS, "reason": pl.String, "file": pl.String,
    "sheet": pl.String, "line": pl.Int64, "cell": pl.String,
    "core": pl.Boolean, "way": pl.String, "rule": pl.String,
    "pass_threshold": pl.Float64, "deduction": pl.Float64, "budget_initial": pl.Float64,
    "budget": pl.Float64, "spent": pl.Float64, "rate": pl.Float64,
    "row": pl.Int64, "fingerprint": pl.String, "occurrence": pl.Int64,
    "settings_file": pl.String, "settings_line": pl.Int64, "own_operator": pl.String,
    "code": pl.String, "severity": pl.String, "template": pl.String, "values": pl.String,
}  # fmt: skip


def frame(default: dict[str, Any], rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """A frame of `rows`, each of them `default` with some values changed."""
    unknown = {key for row in rows for key in row} - set(default)
    assert not unknown, unknown
    filled = [default | row for row in rows]
    return pl.DataFrame(filled, schema={name: _TYPES[name] for name in default}, orient="row")


def result(
    projects: Sequence[dict[str, Any]] = ({},),
    indicators: Sequence[dict[str, Any]] = ({},),
    execution: Sequence[dict[str, Any]] = (),
    findings: Sequence[dict[str, Any]] = (),
    *,
    policy: str = "chongqing",
    chosen: str = "specs",
    counts: dict[str, Any] | None = None,
) -> ScoreResult:
    """A result with these rows; `counts` replace some of the receipt's."""
    used = load_policy(policy)
    n = len(indicators)
    nothing = {"undecided": 0, "rejected": 0, "not_applicable": 0}
    severities = [(FINDING | finding)["severity"] for finding in findings]
    receipt = {
        "perfeval": "0.1.0",
        "policy": {"id": used.id, "sha256": used.sha256, "name": used.name, "chosen": chosen},
        "inputs": [
            {"path": "actuals.csv", "sha256": "0" * 64, "rows": n, "encoding": "utf-8"},
        ],
        "counts": {
            "rows": {"read": n, "scored": n, **nothing},
            "indicators": {"total": n, "scored": n, **nothing, "without_actual": 0},
            "findings": {name: severities.count(name) for name in ("error", "warning", "info")},
            "projects": len(projects),
        }
        | (counts or {}),
    }
    return ScoreResult(
        receipt,
        used,
        frame(PROJECT, projects),
        frame(INDICATOR, indicators),
        frame(EXECUTION, execution),
        frame(FINDING, findings),
        frame(SUPPRESSED, ()),
        specs(projects),
    )


def specs(projects: Sequence[dict[str, Any]]) -> Specs:
    """Specs of these projects, without any indicators."""
    rows = [PROJECT | project for project in projects]
    known = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in tables.PROJECTS.columns},
        schema_overrides={"year": pl.Int64, "line": pl.Int64},
    )
    return Specs(known, pl.DataFrame(), None, ())


def check_result(
    findings: Sequence[dict[str, Any]] = (),
    projects: Sequence[dict[str, Any]] = ({},),
    targets: Sequence[dict[str, Any]] = ({},),
    suppressed: Sequence[dict[str, Any]] = (),
    **counts: Any,
) -> CheckResult:
    """A result of `check` with these findings, about the rows of these targets."""
    scored = result(findings=[{k: v for k, v in each.items() if k in FINDING} for each in findings])
    own = {
        "projects": len(projects),
        "indicators": len(targets),
        "suppressed": len(suppressed),
        "findings": scored.receipt["counts"]["findings"],
    }
    return CheckResult(
        scored.receipt | {"counts": own | counts},
        scored.policy,
        frame(CHECKED, findings),
        frame(SUPPRESSED | CHECKED, suppressed),
        catalogue(),
        frame(PROJECT, projects),
        frame(TARGET, [{"row": row} | each for row, each in enumerate(targets)]),
    )

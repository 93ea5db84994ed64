"""What a field of a form shows before any formula: texts and numbers of specs and results."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from perfeval.reports.values import decimal

Row = dict[str, Any]
Shown = str | float | None

NONE = "—"
_OF_FORMULAS = (
    "execution_rate", "total", "total_points", "grade", "adjusted", "coefficient", "points",
    "score", "deduction", "weight",
)  # fmt: skip


def of_project(field: str, project: Row, execution: Row | None) -> Shown:
    """A field of the project; "" where a formula or a person will write, None: no number is known.

    project: its row of `ScoreResult.projects` joined to that of the specs.
    """
    match field:
        case "budget_initial":
            initial = execution["budget_initial"] if execution else None
            return _number(project["budget_total"] if initial is None else initial)
        case "budget_fiscal":
            return _sum(project["budget_superior"], project["budget_local"])
        case "budget_other":
            return _number(project["budget_other"])
        case "budget" | "spent":
            return _number(execution[field]) if execution else None
        case "execution_points" | "execution_score":
            return NONE if execution is None else ""
        case _ if field in _OF_FORMULAS:
            return ""
    return project[field] or ""


def of_indicator(field: str, row: Row) -> Shown:
    """A field of an indicator, from its row of `ScoreResult.indicators`."""
    is_number = row["way"] == "number"
    match field:
        case "target":
            return target_text(row)
        case "target_value":
            return _number(row["target_number"]) if is_number else row["target"]
        case "actual" if is_number and row["actual_number"] is not None:
            return _number(row["actual_number"])
        case "actual" if row["status"] == "not_applicable" and not row["actual"]:
            return "不适用"
        case "actual" if row["status"] == "rejected" and row["actual"]:
            # As a bare value it would be taken for the right one, by readers and by programs.
            return f"{row['actual']}（不予受理）"
        case "core":
            return {True: "是", False: "否"}.get(row["core"], "")
        case _ if field in _OF_FORMULAS:
            return ""
    return row[field] or ""


def target_text(row: Row) -> str:
    """Operator, value and unit in one, as the national form prints them."""
    if row["way"] != "number":
        return str(row["target"])
    return f"{row['operator']}{decimal(row['target_number'])}{row['unit']}"


def _number(value: float | None) -> Shown:
    return None if value is None else float(value)


def _sum(*amounts: float | None) -> float | None:
    known = [Decimal(repr(amount)) for amount in amounts if amount is not None]
    return float(sum(known)) if known else None

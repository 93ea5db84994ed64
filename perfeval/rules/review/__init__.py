"""Family R: claimed scores that do not follow from their own table, or from the approved one."""

from perfeval.rules.review import (
    approved,
    decisions,
    exceeded,
    execution,
    patterns,
    rows,
    scores,
    slips,
    totals,
    unproven,
)

__all__ = [
    "approved",
    "decisions",
    "exceeded",
    "execution",
    "patterns",
    "rows",
    "scores",
    "slips",
    "totals",
    "unproven",
]

"""Scoring policies: what they say (`model`), and how their files are read and checked."""

from perfeval.policy.model import (
    DEFAULT,
    OPERATORS,
    QUALITATIVE,
    RATIOS,
    Band,
    Choice,
    Curve,
    Execution,
    Grade,
    OverAchievement,
    Policy,
    Rule,
    list_policies,
    load_policy,
)

__all__ = [
    "DEFAULT",
    "OPERATORS",
    "QUALITATIVE",
    "RATIOS",
    "Band",
    "Choice",
    "Curve",
    "Execution",
    "Grade",
    "OverAchievement",
    "Policy",
    "Rule",
    "list_policies",
    "load_policy",
]

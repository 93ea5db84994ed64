"""Grades as formulas, as `perfeval.scoring.totals.grades` gives them."""

from __future__ import annotations

from math import ceil

from perfeval.policy import Policy
from perfeval.reports.workbook.expression import Expression, If, call, part


def grade(total: Expression, policy: Policy) -> Expression:
    """The grade of a total: compared in whole hundredths, the lower end included."""
    cents = call("ROUND", total * 100, 0)
    name = part(policy.grades[-1].name)
    for each in reversed(policy.grades[:-1]):
        name = If(cents >= ceil(100 * each.at_least), each.name, name)
    return name


def grade_range(low: Expression, high: Expression, policy: Policy) -> Expression:
    """The grade, or from which to which where the total is still open."""
    worst, best = grade(low, policy), grade(high, policy)
    return If(worst.equals(best), worst, worst & "–" & best)

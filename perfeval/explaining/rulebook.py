"""A policy made ready for explaining: its rules' titles, ratios and knots, looked up at once."""

from __future__ import annotations

from typing import NamedTuple

from perfeval.explaining.arithmetic import Term, term
from perfeval.messages import Named
from perfeval.policy import Policy
from perfeval.policy.model import OPERATORS
from perfeval.scoring.totals import grade_limits


class Way(NamedTuple):
    """How one rule scores one operator: what the curve is read at, and the key that says so."""

    kind: str
    key: str


class Grade(NamedTuple):
    """A grade and its least total, in hundredths of a point and as the policy writes it."""

    cents: int
    name: str
    least: str


class Rulebook:
    """What explanations say of `policy`.

    grades: best first. titles: by rule. knots: by rule, as terms. ways: by rule and operator.
    marks: what `full_marks` has told already.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.grades = [
            Grade(cents, name, term(grade.at_least).text)
            for (cents, name), grade in zip(grade_limits(policy), policy.grades, strict=True)
        ]
        self.marks: dict[tuple[object, ...], object] = {}
        self.titles = {
            name: Named(rule.title or name, rule.title_en or name)
            for name, rule in policy.rules.items()
        }
        self.knots: dict[str, tuple[tuple[Term, Term], ...]] = {
            name: tuple((term(ratio), term(value)) for ratio, value in rule.curve.knots)
            for name, rule in policy.rules.items()
        }
        self.ways = {
            (name, operator): Way(
                policy.ratio(name, operator),
                f"rules.{name}.ratio" if rule.ratio else f'operators."{operator}"',
            )
            for name, rule in policy.rules.items()
            for operator in OPERATORS
        }

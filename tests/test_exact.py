"""The rational reference against figures that were published or follow from a stated rule."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval import exact
from perfeval.exact import IN_PROPORTION
from perfeval.program import Knots

F = Fraction
SATISFACTION: Knots = ((F(60), F(0)), (F(90), F(1)))


@pytest.mark.parametrize(
    ("kind", "operator", "actual", "target", "weight", "score", "source"),
    [
        ("actual/target", "≥", "195.5", "200", "20", 1955, "published 2023: 97.75 % of 20 points"),
        ("actual/target", "≥", "215457.6", "250000", "10", 862, "published: 86.18 % gives 8.62"),
        ("actual/target", "≥", "76", "100", "10", 760, "Chongqing: 76 % of 10 points is 7.6"),
        ("actual/target", "≥", "20", "550", "9.3", 34, "published at 9.30: 20 of ≥ 550"),
        ("actual/target", "≥", "98", "100", "10", 980, "published at 9: 98 of = 100 %"),
        ("actual/target", "≥", "3061", "2000", "10", 1000, "published: 3061 of ≥ 2000, capped"),
        ("actual/target", "≤", "4", "4", "10", 1000, "published: 4 of ≤ 4"),
        ("target/actual", "≤", "150", "100", "10", 667, "formula A at x = 1.5 t"),
        ("2 - actual/target", "≤", "150", "100", "10", 500, "formula B at x = 1.5 t"),
        ("2 - actual/target", "≤", "200", "100", "10", 0, "formula B ends at x = 2 t"),
        ("2 - actual/target", "≤", "300", "100", "10", 0, "and stays at 0"),
        ("target/actual", "≤", "0", "0", "10", 1000, "published: 0 of ≤ 0"),
        ("target/actual", "≤", "1", "0", "10", 0, "one case where none is allowed"),
        ("actual/target", ">", "5", "5", "10", 1000, "deployed practice: full at equality"),
        ("actual/target", "=", "12", "10", "10", 1000, "deployed practice: = scored like ≥"),
        ("actual/target", "≥", "-3", "10", "10", 0, "floor 0"),
        ("met", ">", "5", "5", "10", 0, "direct: the predicate decides, strictly"),
    ],
)
def test_golden_scores(
    kind: str, operator: str, actual: str, target: str, weight: str, score: int, source: str
) -> None:
    assert exact.evaluate(kind, operator, IN_PROPORTION, actual, target, weight).score == score, (
        source
    )


@pytest.mark.parametrize(
    ("actual", "score"),
    [
        ("59.9", 0),
        ("60", 0),
        ("75", 500),
        ("89.99", 1000),
        ("89.9", 997),
        ("90", 1000),
        ("97", 1000),
    ],
)
def test_satisfaction_interval(actual: str, score: int) -> None:
    """财预〔2021〕101号: w·(s−60)/30 from 60 to 90, whatever the declared target."""
    assert exact.evaluate("actual", "≥", SATISFACTION, actual, "95", "10").score == score


@pytest.mark.parametrize(
    ("actual", "score"), [("60", 600), ("59.99", 0), ("100", 1000), ("99.99", 1000)]
)
def test_pass_threshold(actual: str, score: int) -> None:
    """财预〔2021〕101号: w·r from the threshold on, nothing below it."""
    outcome = exact.evaluate(
        "actual/target", "≥", IN_PROPORTION, actual, "100", "10", pass_threshold="0.6"
    )
    assert outcome.score == score


def test_scores_round_half_up() -> None:
    assert exact.evaluate("actual/target", "≥", IN_PROPORTION, "90.3", "100", "5").score == 452
    assert exact.evaluate("actual/target", "≥", IN_PROPORTION, "90.29", "100", "5").score == 451


def test_points_are_scaled_before_rounding() -> None:
    """Chongqing: 20 of 100 points become 18 of 90 beside budget execution."""
    outcome = exact.evaluate("actual/target", "≥", IN_PROPORTION, "75", "90", "20", F(9, 10))
    assert outcome.score == 1500


@pytest.mark.parametrize(
    ("operator", "met"), [("≥", True), (">", False), ("=", True), ("<", False), ("≤", True)]
)
def test_the_predicate_is_strict(operator: str, met: bool) -> None:
    assert exact.is_met(operator, F(5), F(5)) is met


def test_unknown_operators_and_ratios_are_refused() -> None:
    with pytest.raises(ValueError, match="operator"):
        exact.is_met("≠", F(1), F(1))
    with pytest.raises(ValueError, match="ratio"):
        exact.ratio_of("actual*target", "≥", F(1), F(1))

"""From written text to the cent: a file's scores equal exact arithmetic on its text."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfeval import exact
from perfeval.policy import list_policies, load_policy
from tests.scoring import run
from tests.strategies import decimal_text, indicator

# Each spelling of an amount of money: how many 元 its unit is worth, and how it is written.
UNITS = {"元": 1, "千元": 1000, "万元": 10_000, "亿元": 10**8}
OPERATORS = ("≥", ">", "=", "<", "≤")


@given(
    st.sampled_from(list_policies()),
    st.lists(
        st.tuples(
            st.sampled_from(OPERATORS),
            st.sampled_from(list(UNITS)),
            st.sampled_from(list(UNITS)),
            indicator(),
        ),
        min_size=1,
        max_size=25,
    ),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_scores_equal_exact_arithmetic_on_the_text(
    tmp_path: Path, policy_id: str, rows: list[tuple[str, str, str, tuple[str, str, str]]]
) -> None:
    """Amounts in units with scale words, half-cents and boundaries, under every policy."""
    policy = load_policy(policy_id)
    knots = policy.rules[policy.default_rule].curve.knots
    carried = policy.execution.indicators if policy.execution else policy.total
    scale = (carried if policy.execution and policy.execution.required else policy.total) / (
        policy.total
    )
    targets, actuals, expected = [], [], []
    for i, (operator, target_unit, actual_unit, (actual, target, weight)) in enumerate(rows):
        moved = decimal_text(Fraction(actual) * UNITS[target_unit] / UNITS[actual_unit])
        written = f"{actual}{target_unit}" if moved is None else f"{moved}{actual_unit}"
        targets.append(
            {
                "indicator": f"指标{i}",
                "target": f"{operator} {target} {target_unit}",
                "weight": weight,
            }
        )
        actuals.append({"indicator": f"指标{i}", "actual": written})
        ratio = policy.ratio(policy.default_rule, operator)
        expected.append(exact.evaluate(ratio, operator, knots, actual, target, weight, scale))
    result = run(tmp_path, targets, actuals, policy=policy_id)
    assert result.indicators["status"].unique().to_list() == ["scored"], rows
    assert result.indicators["score"].to_list() == [each.score for each in expected], rows
    assert result.indicators["met"].to_list() == [each.met for each in expected], rows
    assert result.projects["low"].sum() == sum(each.score for each in expected)


@pytest.mark.parametrize("text", ["0.57", "0.29", "1.15", "4.35", "8.2", "123456789.012345"])
def test_percentages_are_shifted_never_multiplied(tmp_path: Path, text: str) -> None:
    """0.57 × 100 is 56.99999999999999 in floats; a target beside its own value must be met."""
    percent = decimal_text(Fraction(text) * 100)
    result = run(
        tmp_path,
        [{"indicator": "甲", "target": f"≥ {percent} 元"}],
        [{"indicator": "甲", "actual": f"{decimal_text(Fraction(text) / 100)}万元"}],
    )
    assert result.indicators["met"].to_list() == [True]

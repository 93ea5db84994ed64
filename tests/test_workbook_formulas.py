"""The formulas of a form, worked out here: they equal the rational reference to the cent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import exact
from perfeval.exact import fraction
from perfeval.policy import list_policies, load_policy
from perfeval.reports.workbook import computation
from perfeval.reports.workbook.computation import Names, Task
from perfeval.reports.workbook.expression import (
    EXACT,
    Cell,
    Cells,
    Expression,
    If,
    call,
    count,
    part,
    whole_part,
)
from tests.strategies import indicator

NAMES = Names(*(Cell(f"{letter}1") for letter in "ABCDEFGH"))
POLICIES = {name: load_policy(name) for name in list_policies()}
KNOTS = [
    *(rule.curve.knots for policy in POLICIES.values() for rule in policy.rules.values()),
    ((Fraction(0), Fraction(0)), (Fraction(3, 5), Fraction(0)), (Fraction(3, 5), Fraction(3, 5)),
     (Fraction(1), Fraction(1))),
    ((Fraction("0.3"), Fraction("0.2")), (Fraction("0.9"), Fraction("0.9")),
     (Fraction("0.9"), Fraction(1))),
]  # fmt: skip
RATIOS = ("actual/target", "target/actual", "2 - actual/target", "met", "actual")


def worked_out(task: Task, actual: Fraction, points: Fraction, places: int) -> int:
    """Hundredths that the formulas come to in whole numbers."""
    unit = 10**places
    cells: dict[str, Any] = {
        "A1": int(actual * unit),
        "B1": int((task.target or 0) * unit),
        "E1": points.numerator,
        "F1": points.denominator,
    }
    upper, lower = computation.coefficient(task, NAMES.whole_actual, NAMES.whole_target, unit)
    for at, formula in (
        ("C1", upper),
        ("D1", lower),
        ("G1", computation.above(NAMES)),
        ("H1", computation.below(NAMES)),
    ):
        cells[at] = formula.value(cells)
        assert formula.largest(cells) < EXACT
    found = computation.score(NAMES).value(cells)
    assert isinstance(found, int)
    return found


tasks = st.builds(
    lambda ratio, operator, knots, threshold: (ratio, operator, knots, Fraction(threshold)),
    st.sampled_from(RATIOS),
    st.sampled_from(["≥", ">", "=", "<", "≤"]),
    st.sampled_from(KNOTS),
    st.sampled_from(["0", "0", "0.6", "0.85"]),
)
scales = st.sampled_from([Fraction(1), Fraction(9, 10), Fraction(100, 87), Fraction(80, 100)])


@settings(deadline=None)
@given(tasks, indicator(), scales)
def test_scores_equal_the_rational_reference(
    kind: tuple[str, str, Any, Fraction], numbers: tuple[str, str, str], scale: Fraction
) -> None:
    ratio, operator, knots, threshold = kind
    actual, target, weight = map(Fraction, numbers)
    task = Task(ratio, operator, knots, target, threshold)
    points = 100 * weight * scale
    expected = exact.evaluate(ratio, operator, knots, actual, target, weight, scale, threshold)
    places = computation.places(task, actual, points)
    if places is not None:
        assert worked_out(task, actual, points, places) == expected.score
    elif computation.is_clear(task, actual, points):
        upper, lower = computation.coefficient(task, NAMES.whole_actual, NAMES.whole_target, 1)
        cells: dict[str, Any] = {"A1": float(actual), "B1": float(target)}
        value = float(points) * upper.value(cells) / lower.value(cells)
        assert call("ROUND", part(value), 0).value({}) == expected.score


@settings(deadline=None)
@given(st.fractions(0, 1, max_denominator=10**4), st.sampled_from([2000, 1, 333, 0]))
def test_a_given_coefficient_is_taken_as_it_is(share: Fraction, points: int) -> None:
    share = fraction(float(round(share, 6)))
    task = Task(computation.GIVEN, "≥", exact.IN_PROPORTION, None)
    places = computation.places(task, share, Fraction(points))
    assert places is not None
    expected = exact.round_half_up(points * share)
    assert worked_out(task, share, Fraction(points), places) == expected


@pytest.mark.parametrize(
    ("ratio", "operator", "formula"),
    [
        ("actual/target", "≥", "IF(A1>=B1,B1,IF(A1>=0,A1,0)) / B1"),
        ("target/actual", "≤", "IF(A1>0,IF(B1>=A1,A1,IF(B1>=0,B1,0)),1) / IF(A1>0,A1,1)"),
        ("2 - actual/target", "≤", "IF(B1*2-A1>=B1,B1,IF(B1*2-A1>=0,B1*2-A1,0)) / B1"),
        ("met", "=", "IF(A1=B1,1,0) / 1"),
    ],
)
def test_a_reviewer_can_read_the_formulas(ratio: str, operator: str, formula: str) -> None:
    task = Task(ratio, operator, exact.IN_PROPORTION, Fraction(90))
    upper, lower = computation.coefficient(task, NAMES.whole_actual, NAMES.whole_target, 100)
    assert f"{upper} / {lower}" == formula


def test_the_satisfaction_rule_reads_the_actual_itself() -> None:
    knots = POLICIES["general"].rules["satisfaction"].curve.knots
    task = Task("actual", "≥", knots, Fraction(90))
    upper, lower = computation.coefficient(task, NAMES.whole_actual, NAMES.whole_target, 100)
    assert str(upper) == "IF(A1>=9000,3000,IF(A1>=6000,A1-6000,0))"
    assert str(lower) == "3000"


@pytest.mark.parametrize(
    ("actual", "target", "places"),
    [("8914", "9000", 2), ("0.125", "1", 3), (None, "90", 2), ("123456789.12", "123456789.13", 2),
     ("123456789012.34", "123456789012.35", None)],
)  # fmt: skip
def test_whole_numbers_carry_the_decimals_that_they_need_and_have_room_for(
    actual: str | None, target: str, places: int | None
) -> None:
    task = Task("actual/target", "≥", exact.IN_PROPORTION, Fraction(target))
    known = None if actual is None else Fraction(actual)
    assert computation.places(task, known, Fraction(1800)) == places


@settings(deadline=None)
@given(st.integers(0, 2**48 - 1), st.integers(1, 2**24))
def test_the_whole_part_is_exact_where_int_is_not(above: int, below: int) -> None:
    upper, lower = Cell("A1"), Cell("B1")
    formula = whole_part(upper, lower)
    assert formula.value({"A1": above, "B1": below}) == above // below
    assert str(formula) == "INT(A1/B1)-(INT(A1/B1)*B1>A1)"


@pytest.mark.parametrize(
    ("expression", "text", "value"),
    [
        (Cell("A1") - (Cell("B1") - 1), "A1-(B1-1)", 3),
        ((Cell("A1") + 1) * Cell("B1"), "(A1+1)*B1", 18),
        (Cell("A1") / (Cell("B1") * 2), "A1/(B1*2)", 5 / 6),
        (Cell("A1") - (Cell("B1") > 2), "A1-(B1>2)", 4),
        (Cell("A1") & "–" & Cell("B1"), 'A1&"–"&B1', "5–3"),
        (call("ISNUMBER", Cell("C1")), "ISNUMBER(C1)", False),
        (call("ISNUMBER", Cell("D1")), "ISNUMBER(D1)", False),
        (Cell("D1") + 1, "D1+1", 1),
        (If(Cell("C1").equals('x"y'), 1, 0), 'IF(C1="x""y",1,0)', 1),
        (call("SUM", Cells("A", 1, 3)), "SUM(A1:A3)", 12),
        (call("ROUND", part(0.125) * 100, 0), "ROUND(0.125*100,0)", 13),
        (call("GCD", 12, 18), "GCD(12,18)", 6),
        (call("MAX", 0, Cell("D1")), "MAX(0,D1)", 0),
        (call("SUMIF", Cells("C", 1, 2), "否", Cells("A", 1, 2)), 'SUMIF(C1:C2,"否",A1:A2)', 7),
        (count(Cells("C", 1, 2), "否"), 'SUMPRODUCT(--(C1:C2="否"))', 1),
        (call("TEXT", part(7.5), "0.00"), 'TEXT(7.5,"0.00")', "7.50"),
    ],
)
def test_expressions_are_written_and_worked_out(
    expression: Expression, text: str, value: Any
) -> None:
    cells: dict[str, Any] = {"A1": 5, "A2": 7, "B1": 3, "C1": 'x"y', "C2": "否"}
    assert str(expression) == text
    assert expression.value(cells) == value

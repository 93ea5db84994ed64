"""The arithmetic that an explanation prints is the arithmetic that was done.

Every printed expression is evaluated here, by a reader of its own in exact numbers, and must come
to the printed score, for random indicators of every policy.
"""

from __future__ import annotations

import ast
import operator
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfeval.exact import round_half_up
from perfeval.explaining import Derivation, Explanation, Step, explain
from perfeval.messages import render
from perfeval.policy import list_policies, load_policy
from tests.scoring import Row, run
from tests.strategies import indicator

_SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
          ast.Div: operator.truediv}  # fmt: skip
_PYTHON = str.maketrans("−×÷", "-*/")
_OPERATORS = ("≥", ">", "=", "<", "≤")


def value_of(expression: str) -> Fraction:
    """A printed expression, read as anyone reads it, in exact numbers."""
    text = expression.translate(_PYTHON)

    def value(node: ast.AST) -> Fraction:
        match node:
            case ast.Expression():
                return value(node.body)
            case ast.BinOp():
                return Fraction(_SIGNS[type(node.op)](value(node.left), value(node.right)))
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.Constant():
                # The digits as they are printed, never through a float.
                return Fraction(ast.get_source_segment(text, node) or "")
        raise AssertionError(f"{expression} is no plain arithmetic")

    return value(ast.parse(text, mode="eval"))


def check_steps(derivation: Derivation) -> None:
    """Every expression comes to its value, and what is printed of both agrees with them."""
    for _, step in derivation.walk():
        if not step.expression:
            continue
        assert value_of(step.expression) == step.value, step
        line = render(step.template, step.values, "en")
        shown = re.search(r"([=≈]) (−?[0-9.]+)(?:[:;]|$)", line)
        if shown and "expression" in step.values and step.kind != "deduction":
            error = abs(value_of(shown[2]) - step.value)
            assert error == 0 if shown[1] == "=" else 0 < error < Fraction(1, 10**4), line


def end_of(steps: tuple[Step, ...]) -> int:
    """The hundredths that the printed steps of one end lead to, and nothing else."""
    by_kind = {step.kind: step for step in steps}
    score = round_half_up(100 * value_of(by_kind["product"].expression))
    if "deduction" in by_kind:
        taken = value_of(by_kind["deduction"].expression)
        assert by_kind["deduction"].expression.startswith(f"{score // 100}.{score % 100:02} − ")
        return max(0, int(100 * taken))
    if "rounding" in by_kind:
        assert by_kind["rounding"].values["score"] == f"{score // 100}.{score % 100:02}"
    return score


def printed(derivation: Derivation) -> tuple[int, int]:
    """Lowest and highest score, by the printed steps alone."""
    bounds = next((step for step in derivation.steps if step.kind == "bounds"), None)
    if bounds is None:
        score = end_of(derivation.steps)
        return score, score
    worst, best = (end_of(each.children) for each in bounds.children)
    assert (worst, best) == tuple(
        int(100 * value_of(str(each.values["score"]))) for each in bounds.children
    )
    return worst, best


def check(explanation: Explanation, scores: list[tuple[int, int]]) -> None:
    found: dict[int, tuple[int, int]] = {}
    for project in explanation.projects():
        check_steps(project.derivation)
        for each in project.indicators:
            check_steps(each.derivation)
            if each.status == "not_applicable":
                found[each.row] = (0, 0)
                continue
            found[each.row] = printed(each.derivation)
            assert (each.derivation.low, each.derivation.high) == found[each.row]
    assert [found[row] for row in range(len(scores))] == scores


_TEXTS = st.sampled_from(
    """达成|部分达成|部分达成(70%)|部分达成(90%)|未达成|优|较好|一般|已完成|90%|85||无|约80|200余人|近30
    |≥5|9月底前|2024年1月""".replace("\n    ", "").split("|")
)
_TARGETS = st.sampled_from(
    [
        "效果明显",
        "优",
        "≥ 90 %",
        "= 0 人",
        "≤ 0 件",
        "9月底前",
        "≥",
        "≥ 30 个",
        "≤ 5 %",
        "< 3 天",
        "> 0.5 万元",
        "",
        "≥ -3 分",
    ]
)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, Row]:
    """A target and an actual: mostly numbers aimed at half-cents, else words, or nothing."""
    actual, asked, weight = draw(indicator())
    target = {"target": f"{draw(st.sampled_from(_OPERATORS))} {asked} 元", "weight": weight}
    found = {"actual": actual}
    if draw(st.integers(0, 3)) == 0:
        target["target"] = draw(_TARGETS)
        found["actual"] = draw(_TEXTS)
    if draw(st.integers(0, 5)) == 0:
        found["unit"] = draw(st.sampled_from(("万元", "元", "人", "%")))
    if draw(st.integers(0, 5)) == 0:
        target["pass_threshold"] = draw(st.sampled_from(("0.6", "0.8", "1")))
    if draw(st.integers(0, 6)) == 0:
        found["deduction"] = draw(st.sampled_from(("1", "0.5", "0.01", "30")))
    if draw(st.integers(0, 9)) == 0:
        found["applicable"] = "否"
    if draw(st.integers(0, 6)) == 0:
        target["level1"], target["level2"] = "满意度指标", "服务对象满意度指标"
    if draw(st.integers(0, 6)) == 0:
        target["rule"] = draw(st.sampled_from(("direct", "graded", "proportional")))
    return target, found


@given(st.sampled_from(list_policies()), st.lists(rows(), min_size=1, max_size=20), st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_printed_steps_come_to_the_score(
    tmp_path: Path, policy: str, pairs: list[tuple[Row, Row]], executed: bool
) -> None:
    """Numbers, words, dates, blanks, units, thresholds, deductions, rules and their mixtures."""
    targets = [{"indicator": f"指标{i}", **target} for i, (target, _) in enumerate(pairs)]
    actuals = [{"indicator": f"指标{i}", **actual} for i, (_, actual) in enumerate(pairs)]
    spent = [{"budget": "100", "spent": "76.055"}] if executed else None
    result = run(tmp_path, targets, actuals, spent, policy=policy)
    scores = list(result.indicators.select("low", "high").iter_rows())
    check(explain(result), scores)


@pytest.mark.parametrize("policy", list_policies())
def test_every_curve_and_ratio_of_every_policy_is_printed_right(
    tmp_path: Path, policy: str
) -> None:
    """A grid around every knot, for every rule and operator that the policy has."""
    content = load_policy(policy)
    targets, actuals = [], []
    for rule in content.rules:
        for sign in _OPERATORS:
            for i, share in enumerate(("0", "0.59", "0.6", "0.75", "0.9", "1", "1.2", "1.5", "2")):
                name = f"{rule}{sign}{i}"
                target = {"indicator": name, "target": f"{sign} 95 %", "weight": "7", "rule": rule}
                targets.append(target)
                value = float(Fraction(share) * (80 if rule == "satisfaction" else 95))
                actuals.append({"indicator": name, "actual": f"{value:.10g}"})
    result = run(tmp_path, targets, actuals, policy=policy)
    assert result.indicators["status"].is_in(["scored", "undecided"]).all()
    check(explain(result), list(result.indicators.select("low", "high").iter_rows()))


def test_totals_and_execution_are_printed_right() -> None:
    """The example's 28 projects: the printed sums are the totals, with and without bounds."""
    from perfeval.scoring import score

    result = score("examples/actuals.csv", "specs", "examples/execution.csv")
    totals = {row["project"]: row for row in result.projects.iter_rows(named=True)}
    for project in explain(result).projects():
        check_steps(project.derivation)
        row = totals[project.project]
        ends = [
            int(100 * value_of(step.expression))
            for step in project.derivation.steps
            if step.kind == "total"
        ]
        assert (ends[0], ends[-1]) == (row["low"], row["high"])
        sums = [step for step in project.derivation.steps if step.kind == "indicators"]
        spent = next(
            (step.value for step in project.derivation.steps if step.kind == "execution"), 0
        )
        if spent is not None:
            assert 100 * (value_of(sums[-1].expression) + spent) == row["high"]
        grade = next(step for step in project.derivation.steps if step.kind == "grade")
        told = render(grade.template, grade.values, "zh")
        assert all(name in told for name in str(row["grade"]).split("–"))

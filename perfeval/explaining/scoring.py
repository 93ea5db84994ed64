"""From an actual to points: predicate, ratio, curve, product, rounding, deduction, as steps.

The same rules as the kernel's, in exact numbers; what each row was scored by (rule, operator,
range, factor) is what scoring recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from perfeval import exact
from perfeval.explaining.arithmetic import (
    Term,
    about,
    before_rounding,
    brief,
    hundredths,
    rounded,
    term,
)
from perfeval.explaining.model import Step
from perfeval.explaining.rulebook import Rulebook, Way
from perfeval.explaining.words import RATIO
from perfeval.messages import N_
from perfeval.scoring.actuals import BOUNDLESS

Row = Mapping[str, Any]

_LARGE = 10**30
ONE, NOTHING, _TWO = term(1), term(0), term(2)


class Scored(NamedTuple):
    """Steps to the coefficient, those from there to the score, and its hundredths of a point."""

    steps: tuple[Step, ...]
    last: tuple[Step, ...]
    hundredths: int


def stated(
    kind: str,
    template: str,
    result: Term,
    key: str = "",
    values: Mapping[str, object] = MappingProxyType({}),
    children: tuple[Step, ...] = (),
) -> Step:
    """A step of arithmetic; its template may also name `expression`, and `equals`, its result."""
    values = {**values, "expression": result.text}
    if "{equals}" in template:
        values["equals"] = about(result)
    return Step(kind, template, values, result.text, (result.above, result.below), key, children)


def compared(row: Row, rules: Rulebook, actual: float, points: Term) -> Scored:
    """The steps from one number (in the target's unit) to its score."""
    if abs(actual) >= BOUNDLESS:
        return _beyond(row, rules, actual, points)
    target, operator = row["target_number"], row["operator"]
    way = rules.ways[row["rule"], operator]
    x, t = term(actual), term(target)
    # Floats of 15 digits keep order and equality.
    met = exact.is_met(operator, actual, target)
    steps = [_met(operator, x, t, met)]
    if way.kind not in ("actual", "met") and target <= 0:
        coefficient = _without_ratio(row, rules, actual, steps)
    elif way.kind == "target/actual" and actual <= 0:
        coefficient = rules.knots[row["rule"]][-1][1]
        template = N_("coefficient = {expression}: {actual} is better than any ratio can say")
        steps.append(
            stated("zero-actual", template, coefficient, "zero-actual", {"actual": x.text})
        )
    else:
        ratio = _ratio(way.kind, x, t, met)
        steps.append(_ratio_step(way, ratio, row["rule"], rules))
        coefficient = _coefficient(row, rules, way, ratio, steps)
    if not met and actual == target and operator in (">", "<") and coefficient.reaches(ONE):
        template = N_("the actual is equal to the target: scored as reached")
        steps.append(Step("equality", template, key="equality"))
    return product(points, coefficient, row["deduction_number"], tuple(steps))


def _met(operator: str, x: Term, t: Term, met: bool) -> Step:
    template = N_("{actual} {operator} {target} does not hold: not met")
    if met:
        template = N_("{actual} {operator} {target} holds: met")
    return Step("met", template, {"actual": x.text, "operator": operator, "target": t.text})


def _without_ratio(row: Row, rules: Rulebook, actual: float, steps: list[Step]) -> Term:
    """The coefficient of a target of 0 or less: reached or not decides."""
    target, name = row["target_number"], row["rule"]
    template = N_("coefficient = {expression}: the target {target} has no ratio; not reached")
    coefficient = rules.knots[name][0][1]
    operator = row["operator"]
    if exact.is_reached(operator, actual, target):
        template = N_("coefficient = {expression}: the target {target} has no ratio; reached")
        if operator == "=" and actual < target:
            template = N_("coefficient = {expression}: the target is 0; {actual} ≤ 0 counts as met")
        coefficient = term(rules.policy.rules[name].curve.at(ONE.value))
    values = {"target": term(target).text, "actual": term(actual).text}
    key = "zero-target" if target == 0 and operator in ("≤", "=") else "no-ratio"
    steps.append(stated("zero-target", template, coefficient, key, values))
    return coefficient


def _ratio(kind: str, x: Term, t: Term, met: bool) -> Term:
    match kind:
        case "actual":
            return x
        case "met":
            return ONE if met else NOTHING
        case "actual/target":
            return x.over(t)
        case "target/actual":
            return t.over(x)
        case _:
            return _TWO.minus(x.over(t))


def _ratio_step(way: Way, ratio: Term, rule: str, rules: Rulebook) -> Step:
    if way.kind in RATIO:
        template = N_("ratio = {formula} = {expression} {equals}")
        return stated("ratio", template, ratio, way.key, {"formula": RATIO[way.kind]})
    template = N_("rule {rule} asks only whether the target is met: {expression}")
    if way.kind == "actual":
        template = N_("rule {rule} looks at the actual alone, whatever the target: {expression}")
    return stated("ratio", template, ratio, way.key, {"rule": rules.titles[rule]})


def _coefficient(row: Row, rules: Rulebook, way: Way, ratio: Term, steps: list[Step]) -> Term:
    """The coefficient at `ratio`; what is said of it goes to `steps`."""
    if row["pass_threshold"]:
        threshold = term(row["pass_threshold"])
        if not ratio.reaches(threshold):
            template = N_("coefficient = {expression}: below the pass threshold {threshold}")
            values: dict[str, object] = {"threshold": threshold.text}
            steps.append(stated("threshold", template, NOTHING, "pass-threshold", values))
            return NOTHING
        template = N_("reaches the pass threshold {threshold} of the indicator")
        values = {"threshold": threshold.text}
        steps.append(Step("threshold", template, values, key="pass-threshold"))
    coefficient, template, values = _on_curve(rules.knots[row["rule"]], ratio)
    if way.kind != "met":
        values["rule"] = rules.titles[row["rule"]]
        key = f"rules.{row['rule']}.curve"
        steps.append(stated("curve", template, coefficient, key, values))
    return coefficient


def _on_curve(
    knots: tuple[tuple[Term, Term], ...], ratio: Term
) -> tuple[Term, str, dict[str, object]]:
    """The coefficient with its expression, what is said of it, and the values for that."""
    place = sum(ratio.reaches(knot) for knot, _ in knots)
    if not place:
        template = N_("coefficient = {expression}: rule {rule} gives no less, up to {knot}")
        return knots[0][1], template, {"knot": knots[0][0].text}
    if place == len(knots):
        template = N_("coefficient = {expression}: rule {rule} gives it from {knot} on")
        return knots[-1][1], template, {"knot": knots[-1][0].text}
    (left, low), (right, high) = knots[place - 1], knots[place]
    values: dict[str, object] = {
        "left": left.text, "right": right.text, "low": low.text, "high": high.text,
    }  # fmt: skip
    rise, run = high.minus(low), right.minus(left)
    if not rise.above:
        template = N_("coefficient = {expression}: rule {rule} gives it from {left} to {right}")
        return low, template, values
    if left.above == low.above == 0 and right.above * high.below == high.above * right.below:
        return ratio, N_("coefficient {equals}: by rule {rule} it is the ratio itself"), values
    value = ratio.minus(left) if left.above else ratio
    if rise.above != rise.below:
        value = value.times(brief(rise))
    if run.above != run.below:
        value = value.over(run if left.above else right)
    template = N_(
        "coefficient = {expression} {equals}: by rule {rule} it rises from {low} to {high} between"
        " {left} and {right}"
    )
    return low.plus(value) if low.above else value, template, values


def _beyond(row: Row, rules: Rulebook, actual: float, points: Term) -> Scored:
    """The score of an actual without limit, as the kernel has it of a very large number."""
    _, value = exact.coefficient_of(
        rules.ways[row["rule"], row["operator"]].kind,
        row["operator"],
        rules.policy.rules[row["rule"]].curve.knots,
        exact.fraction(actual),
        exact.fraction(row["target_number"]),
        exact.fraction(row["pass_threshold"] or 0),
    )
    # Of what is that large, only where its ratio leads to is worth telling.
    coefficient = term(value.limit_denominator(_LARGE))
    template = N_("coefficient = {expression}: if the actual is ever so small")
    if actual > 0:
        template = N_("coefficient = {expression}: if the actual is ever so large")
    step = stated("boundless", template, coefficient, "bounds")
    return product(points, coefficient, row["deduction_number"], (step,))


def product(
    points: Term, coefficient: Term, deduction: float, before: tuple[Step, ...] = ()
) -> Scored:
    """Points times coefficient, rounded, and less what a person takes off; steps `before` that."""
    exactly = brief(points).times(brief(coefficient))
    cents = hundredths(exactly)
    sign, shown = before_rounding(exactly, cents)
    score = rounded(cents)
    template = N_("points × coefficient = {expression} {equals}")
    values: dict[str, object] = {"expression": exactly.text, "equals": f"{sign} {shown}"}
    steps = [Step("product", template, values, exactly.text, (exactly.above, exactly.below))]
    if 100 * exactly.above != cents * exactly.below:
        template = N_("rounded half up to two decimals: {before} → {score}")
        if 200 * exactly.above % exactly.below == 0:
            template = N_("exactly half a cent, so rounded up: {before} → {score}")
        values = {"before": shown, "score": score.text}
        steps.append(Step("rounding", template, values, "", (cents, 100), "rounding"))
    if deduction:
        taken = score.minus(term(deduction))
        left = max(0, hundredths(taken))
        template = N_("less the deduction: {expression} = {score}")
        if taken.above < 0:
            template = N_("less the deduction: {expression} is below 0, so {score}")
        values = {"score": rounded(left).text}
        steps.append(stated("deduction", template, taken, "deduction", values))
        cents = left
    return Scored(before, tuple(steps), cents)

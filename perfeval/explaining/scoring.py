"""From an actual to points: predicate, ratio, curve, product, rounding, deduction, as steps.

The same rules as the kernel's, computed in rationals by `perfeval.exact`; what each row was scored
by (rule, operator, range, factor) is what scoring recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from perfeval import exact
from perfeval.explaining.arithmetic import (
    Term,
    about,
    before_rounding,
    brief,
    rounded,
    term,
)
from perfeval.explaining.model import Step
from perfeval.explaining.words import RATIO, title
from perfeval.messages import N_
from perfeval.policy import Policy
from perfeval.scoring.actuals import BOUNDLESS

Row = Mapping[str, Any]

ONE, NOTHING = term(1), term(0)


class Scored(NamedTuple):
    """Steps, and the hundredths of a point that they lead to."""

    steps: tuple[Step, ...]
    hundredths: int


def compared(row: Row, policy: Policy, actual: float, points: Term) -> Scored:
    """The steps from one number (in the target's unit) to its score."""
    if abs(actual) >= BOUNDLESS:
        return _beyond(row, policy, actual, points)
    x, t = term(actual), term(row["target_number"])
    operator, rule = row["operator"], row["rule"]
    kind = policy.ratio(rule, operator)
    met = exact.is_met(operator, x.value, t.value)
    steps = [_met(operator, x, t, met)]
    if kind not in ("actual", "met") and t.value <= 0:
        reached = exact.is_reached(operator, x.value, t.value)
        template = N_("a target of {target} has no ratio; not reached: coefficient {coefficient}")
        if reached:
            template = N_("a target of {target} has no ratio; reached: coefficient {coefficient}")
        knots = policy.rules[rule].curve.knots
        value = exact.curve_at(knots, Fraction(1)) if reached else knots[0][1]
        coefficient = term(value)
        values = {"target": t.text, "coefficient": coefficient.text}
        steps.append(Step("zero-target", template, values, coefficient.text, value, "zero-target"))
    else:
        ratio = _ratio(kind, x, t, met)
        if ratio is None:
            coefficient = term(policy.rules[rule].curve.knots[-1][1])
            template = N_(
                "an actual of {actual} is better than any ratio can say: coefficient {coefficient}"
            )
            values = {"actual": x.text, "coefficient": coefficient.text}
            steps.append(
                Step("zero-actual", template, values, coefficient.text, coefficient.value,
                     "zero-actual")
            )  # fmt: skip
        else:
            steps.append(_ratio_step(kind, ratio, row, policy))
            coefficient = _curve(row, policy, kind, ratio, steps)
        if not met and x.value == t.value and operator in (">", "<") and coefficient.value == 1:
            template = N_("the actual is equal to the target: scored as reached")
            steps.append(Step("equality", template, key="equality"))
    more, hundredths = product(points, coefficient, row["deduction_number"])
    return Scored((*steps, *more), hundredths)


def _met(operator: str, x: Term, t: Term, met: bool) -> Step:
    template = N_("{actual} {operator} {target} does not hold: not met")
    if met:
        template = N_("{actual} {operator} {target} holds: met")
    return Step("met", template, {"actual": x.text, "operator": operator, "target": t.text})


def _ratio(kind: str, x: Term, t: Term, met: bool) -> Term | None:
    match kind:
        case "actual":
            return x
        case "met":
            return ONE if met else NOTHING
        case "actual/target":
            return x / t
        case "target/actual":
            return t / x if x.value > 0 else None
        case _:
            return term(2) - x / t


def _ratio_step(kind: str, ratio: Term, row: Row, policy: Policy) -> Step:
    rule = policy.rules[row["rule"]]
    key = f"rules.{row['rule']}.ratio" if rule.ratio else f'operators."{row["operator"]}"'
    values: dict[str, object] = {"expression": ratio.text, "equals": about(ratio.value)}
    if kind in RATIO:
        template = N_("ratio = {formula} = {expression} {equals}")
        values["formula"] = RATIO[kind]
    elif kind == "actual":
        template = N_("by rule {rule} the actual itself decides, whatever the target: {expression}")
        values["rule"] = title(policy, row["rule"])
    else:
        template = N_("by rule {rule} only the predicate decides: {expression}")
        values["rule"] = title(policy, row["rule"])
    return Step("ratio", template, values, ratio.text, ratio.value, key)


def _curve(row: Row, policy: Policy, kind: str, ratio: Term, steps: list[Step]) -> Term:
    """The coefficient at `ratio`; what is said of it goes to `steps`."""
    threshold = exact.fraction(row["pass_threshold"] or 0)
    if threshold > 0:
        passed = ratio.value >= threshold
        template = N_("below the pass threshold {threshold}: coefficient 0")
        if passed:
            template = N_("reaches the pass threshold {threshold}")
        steps.append(
            Step("threshold", template, {"threshold": term(threshold).text}, key="pass_threshold")
        )
        if not passed:
            return NOTHING
    name = row["rule"]
    knots = policy.rules[name].curve.knots
    coefficient, template, more = _on_curve(knots, ratio)
    if kind == "met":
        return coefficient
    values = {
        "rule": title(policy, name),
        "expression": coefficient.text,
        "equals": about(coefficient.value),
    } | more
    key = f"rules.{name}.curve"
    steps.append(Step("curve", template, values, coefficient.text, coefficient.value, key))
    return coefficient


def _on_curve(knots: exact.Knots, ratio: Term) -> tuple[Term, str, dict[str, object]]:
    """The coefficient with its expression, what is said of it, and the values for that."""
    value = exact.curve_at(knots, ratio.value)
    below = [knot for knot in knots if knot[0] <= ratio.value]
    more: dict[str, object]
    if not below:
        more = {"knot": term(knots[0][0]).text}
        template = N_("coefficient = {expression}: rule {rule} gives it up to {knot}")
        return term(value), template, more
    if len(below) == len(knots):
        more = {"knot": term(knots[-1][0]).text}
        template = N_("coefficient = {expression}: rule {rule} gives it from {knot} on")
        return term(value), template, more
    (left, low), (right, high) = below[-1], knots[len(below)]
    names = ("left", "right", "low", "high")
    more = {
        name: term(each).text for name, each in zip(names, (left, right, low, high), strict=True)
    }
    if low == high:
        template = N_("coefficient = {expression}: rule {rule} gives it from {left} to {right}")
        return term(value), template, more
    if left == low == 0 and right == high:
        return ratio, N_("coefficient {equals}: by rule {rule} it is the ratio itself"), more
    rise = ratio - term(left) if left else ratio
    if high - low != 1:
        rise *= term(high - low)
    if right - left != 1:
        rise /= term(right) - term(left) if left else term(right)
    template = N_(
        "coefficient = {expression} {equals}: by rule {rule} it rises from {low} to {high} between"
        " {left} and {right}"
    )
    return term(low) + rise if low else rise, template, more


def _beyond(row: Row, policy: Policy, actual: float, points: Term) -> Scored:
    """The score of an actual without limit, as the kernel has it of a very large number."""
    kind = policy.ratio(row["rule"], row["operator"])
    _, value = exact.coefficient_of(
        kind,
        row["operator"],
        policy.rules[row["rule"]].curve.knots,
        exact.fraction(actual),
        exact.fraction(row["target_number"]),
        exact.fraction(row["pass_threshold"] or 0),
    )
    template = N_("however small the actual is: coefficient {coefficient}")
    if actual > 0:
        template = N_("however large the actual is: coefficient {coefficient}")
    coefficient = term(value)
    step = Step(
        "boundless", template, {"coefficient": coefficient.text}, coefficient.text, value, "bounds"
    )
    more, hundredths = product(points, coefficient, row["deduction_number"])
    return Scored((step, *more), hundredths)


def product(points: Term, coefficient: Term, deduction: float) -> Scored:
    """Points times coefficient, rounded, and less what a person takes off."""
    exactly = brief(points) * brief(coefficient)
    hundredths = exact.round_half_up(100 * exactly.value)
    score = rounded(hundredths)
    values: dict[str, object] = {
        "expression": exactly.text,
        "equals": f"{about(exactly.value)[0]} {before_rounding(exactly.value)}",
    }
    template = N_("points × coefficient = {expression} {equals}")
    steps = [Step("product", template, values, exactly.text, exactly.value)]
    if exactly.value != score.value:
        template = N_("rounded half up to two decimals: {before} → {score}")
        if (200 * exactly.value).denominator == 1:
            template = N_("exactly half a cent, rounded up: {before} → {score}")
        values = {"before": before_rounding(exactly.value), "score": score.text}
        steps.append(Step("rounding", template, values, key="rounding", value=score.value))
    if deduction:
        taken = score - term(deduction)
        hundredths = max(0, int(100 * taken.value))
        template = N_("less the deduction: {expression} = {score}")
        if taken.value < 0:
            template = N_("less the deduction: {expression} is below 0, so {score}")
        values = {"expression": taken.text, "score": rounded(hundredths).text}
        steps.append(Step("deduction", template, values, taken.text, taken.value, "deduction"))
    return Scored(tuple(steps), hundredths)

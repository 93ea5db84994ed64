"""Worked examples of a policy, computed from the policy itself by the exact reference."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from perfeval.exact import evaluate, round_half_up
from perfeval.messages import N_, render
from perfeval.policy import OPERATORS, QUALITATIVE, Policy, Rule
from perfeval.reports.text import fit, wrap

POINTS = Fraction(20)
"""Full marks of the indicator in every example."""

INSET = " " * 7
_WIDTH = 80
RATIO = {
    None: N_("the ratio of the indicator's operator"),
    "actual/target": N_("actual ÷ target"),
    "target/actual": N_("target ÷ actual"),
    "2 - actual/target": N_("2 − actual ÷ target"),
    "met": N_("1 where the target is met and 0 where it is not"),
    "actual": N_("the actual itself, in {unit}"),
    "band": N_("the number that a person gives within the band"),
}
"""What each ratio is called; None is a rule's that leaves it to the operator."""

_TARGET = Fraction(100)
# Actuals that show what tells the operators apart: a miss, equality, too much.
_EXAMPLES = {"≥": 80, ">": 100, "=": 120, "≤": 150, "<": 100}
_FORMULA = {
    "actual/target": "{actual} ÷ {target}",
    "target/actual": "{target} ÷ {actual}",
    "2 - actual/target": "2 − {actual} ÷ {target}",
}


def said(template: str, lang: str, indent: str = "  ", **values: object) -> list[str]:
    """A message in lines of the report."""
    return lines_of(render(template, values, lang), indent)


def lines_of(text: str, indent: str) -> list[str]:
    """`text` in lines of the report, each led by `indent`."""
    return [indent + line for line in wrap(text, _WIDTH - len(indent))]


def operator_examples(policy: Policy, lang: str) -> Iterator[str]:
    """The ratio of each operator and an indicator that is scored by it, under the default rule."""
    template = N_(
        "Score = points × coefficient, rounded half up to two decimals. The coefficient is read "
        "from a ratio by a rule. By rule {rule}, for an indicator of {points} points:"
    )
    rule = policy.rules[policy.default_rule]
    yield from said(template, lang, rule=title_of(rule, lang), points=number(POINTS))
    for operator in (*OPERATORS, QUALITATIVE):
        ratio = policy.ratio(policy.default_rule, operator)
        yield f"  {fit(operator, 5)}{render(RATIO[ratio], {}, lang)}"
        if ratio == "band":
            yield from _band_example(policy, lang)
        elif operator in _EXAMPLES:
            yield from _example(rule, ratio, operator, Fraction(_EXAMPLES[operator]), lang)
        else:
            yield from _level_example(policy, lang)
    if _zero_is_all_or_nothing(policy, rule):
        template = N_(
            "A target of 0 has no ratio: for ≤ and = an actual of 0 or less gets full marks, any "
            "other none."
        )
        yield from said(template, lang)


def _zero_is_all_or_nothing(policy: Policy, rule: Rule) -> bool:
    def score(operator: str, actual: int) -> int:
        ratio = policy.ratio(rule.name, operator)
        return evaluate(ratio, operator, rule.curve.knots, str(actual), "0", POINTS).score

    return all(
        policy.ratio(rule.name, operator) in _FORMULA
        and score(operator, -1) == score(operator, 0) == POINTS * 100
        and score(operator, 1) == 0
        for operator in ("≤", "=")
    )


def _example(rule: Rule, ratio: str, operator: str, actual: Fraction, lang: str) -> Iterator[str]:
    """One indicator of `POINTS` points with target `_TARGET`, step by step."""
    outcome = evaluate(ratio, operator, rule.curve.knots, actual, _TARGET, POINTS)
    values = {"operator": operator, "target": number(_TARGET), "actual": number(actual)}
    yield from said(N_("target {operator} {target}, actual {actual}:"), lang, INSET, **values)
    if ratio == "met":
        template = N_("{actual} {operator} {target} does not hold: ratio 0")
        if outcome.met:
            template = N_("{actual} {operator} {target} holds: ratio 1")
        step = render(template, values, lang)
    else:
        step = _FORMULA[ratio].format_map(values) + f" {equals(outcome.ratio or Fraction(0))}"
    yield from said(
        N_("{step} → {result}"), lang, INSET, step=step, result=result_of(outcome.coefficient, lang)
    )
    if not outcome.met and outcome.coefficient == 1:
        template = N_("({actual} {operator} {target} does not hold: full marks, but noted)")
        yield from said(template, lang, INSET, **values)


def _band_example(policy: Policy, lang: str) -> Iterator[str]:
    band = policy.bands[len(policy.bands) // 2]
    share = (band.low + band.high) / 2
    values = {"band": band.name, "share": number(share)}
    template = N_("{band}, and a person gives {share}:")
    yield from said(template, lang, INSET, **values)
    yield from lines_of(result_of(share, lang), INSET)
    values["low"] = rounded(POINTS * band.low, sign=False)
    values["high"] = rounded(POINTS * band.high, sign=False)
    template = N_("({band} without a number: undecided, from {low} to {high})")
    yield from said(template, lang, INSET, **values)


def _level_example(policy: Policy, lang: str) -> Iterator[str]:
    best = policy.bands[-1].name
    for template, ratio in (
        (N_("target {level} reached: {result}"), 1),
        (N_("below {level}: {result}"), 0),
    ):
        result = result_of(Fraction(ratio), lang)
        yield from said(template, lang, INSET, level=best, result=result)


def result_of(coefficient: Fraction, lang: str) -> str:
    """From a coefficient to the score."""
    values = {"coefficient": number(coefficient), "score": _score(coefficient)}
    return render(N_("coefficient {coefficient} → {score}"), values, lang)


def _score(coefficient: Fraction) -> str:
    return f"{number(POINTS)} × {number(coefficient)} {rounded(POINTS * coefficient)}"


def title_of(rule: Rule, lang: str) -> str:
    """What the rule is called, with the name that a spec's `rule` holds."""
    title = rule.title if lang == "zh" else rule.title_en
    if title in ("", rule.name):
        return rule.name
    return render(N_("{name} ({id})"), {"name": title, "id": rule.name}, lang)


def number(value: Fraction) -> str:
    """A number as people write it: exact where four decimals do, else rounded to four.

    >>> number(Fraction(9, 10)), number(Fraction(2, 3)), number(Fraction(100))
    ('0.9', '0.6667', '100')
    """
    digits = f"{round_half_up(abs(value) * 10**4):05d}"
    text = f"{digits[:-4]}.{digits[-4:]}".rstrip("0").rstrip(".")
    return f"−{text}" if value < 0 else text


def equals(value: Fraction) -> str:
    """`number` with the sign that is true of it.

    >>> equals(Fraction(4, 5)), equals(Fraction(2, 3))
    ('= 0.8', '≈ 0.6667')
    """
    return f"{'=' if (value * 10**4).denominator == 1 else '≈'} {number(value)}"


def rounded(score: Fraction, *, sign: bool = True) -> str:
    """A score with its two decimals, and the sign that is true of it.

    >>> rounded(Fraction(38, 5)), rounded(Fraction(40, 3))
    ('= 7.60', '≈ 13.33')
    """
    digits = f"{round_half_up(score * 100):03d}"
    text = f"{digits[:-2]}.{digits[-2:]}"
    return f"{'=' if (score * 100).denominator == 1 else '≈'} {text}" if sign else text

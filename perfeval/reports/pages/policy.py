"""A policy in plain words, for the clerk who fills in a table and the reviewer who checks it.

Every number in a worked example is computed from the policy itself, by the exact reference, so the
text cannot say anything else than what is scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from perfeval.exact import IN_PROPORTION
from perfeval.messages import N_, render, written
from perfeval.policy import Policy, Rule
from perfeval.reports.pages.policy_examples import (
    INSET,
    POINTS,
    RATIO,
    equals,
    lines_of,
    number,
    operator_examples,
    result_of,
    rounded,
    said,
    title_of,
)
from perfeval.reports.text import clean, fit, width

_SPENT = Fraction(76)
_BUDGET = Fraction(100)

CERTAINTY = {
    "verified": N_("verified"),
    "inferred": N_("inferred"),
    "believed": N_("believed, original not seen"),
}


def describe(policy: Policy, lang: str) -> str:
    """What `policy` says, with one worked example per operator: plain text of 80 columns."""
    named = {"name": policy.name if lang == "zh" else policy.name_en, "id": policy.id}
    sections = [
        (N_("Where it comes from"), _source(policy, lang)),
        (N_("Points and budget execution"), _points(policy, lang)),
        (N_("How an indicator is scored"), operator_examples(policy, lang)),
        (N_("Which rule an indicator takes"), _choices(policy, lang)),
        (N_("The rules in detail"), _rules(policy, lang)),
        (N_("Bands of qualitative indicators"), _bands(policy, lang)),
        (N_("Grades of a project"), _grades(policy, lang)),
        (N_("Far above the target"), _over_achievement(policy, lang)),
    ]
    lines = [render(N_("{name} ({id})"), named, lang)]
    for heading, body in sections:
        lines += ["", render(heading, {}, lang), *body]
    return "\n".join([*map(clean, lines), "", f"sha256 {policy.sha256}"]) + "\n"


def overview(policies: Iterable[Policy], lang: str) -> str:
    """The policies that there are: id, name, how sure, and the first line of the source."""
    policies = list(policies)
    column = max((width(policy.id) for policy in policies), default=0) + 2
    lines = []
    for policy in policies:
        name, source = policy.name, policy.source
        if lang != "zh":
            name, source = policy.name_en, policy.source_en
        certainty = render(CERTAINTY[policy.certainty], {}, lang)
        lines.append(f"{fit(policy.id, column)}{name} · {certainty}")
        lines += lines_of(source.splitlines()[0], " " * column)
    more = N_(
        "perfeval policy NAME shows one in plain words; --policy NAME or --policy FILE.toml "
        "scores by it."
    )
    return "\n".join([*lines, "", *said(more, lang, "")]) + "\n"


def _source(policy: Policy, lang: str) -> Iterator[str]:
    for line in (policy.source if lang == "zh" else policy.source_en).splitlines():
        yield from lines_of(line, "  ")
    certainty = render(CERTAINTY[policy.certainty], {}, lang)
    template = N_("Certainty of what this policy itself states: {certainty}.")
    yield from said(template, lang, certainty=certainty)
    if policy.parents:
        template = N_("What it does not say itself it takes from: {parents}.")
        yield from said(template, lang, parents=policy.parents)


def _points(policy: Policy, lang: str) -> Iterator[str]:
    total, execution = number(policy.total), policy.execution
    yield from said(N_("The weights of a target table sum to {total}."), lang, total=total)
    if policy.level1:
        yield from said(N_("Of these: {groups}."), lang, groups=_groups(policy.level1))
    for groups in policy.alternatives:
        template = N_("Or, in a table with these groups: {groups}.")
        yield from said(template, lang, groups=_groups(groups))
    if execution is None:
        yield from said(N_("Budget execution is not scored."), lang)
        return
    values = {
        "weight": number(execution.weight),
        "indicators": number(execution.indicators),
        "full": number(execution.weight + execution.indicators),
        "total": total,
        "points": number(POINTS),
        "scaled": equals(POINTS * execution.indicators / policy.total),
        "spent": number(_SPENT),
        "budget": number(_BUDGET),
        "rate": equals(_SPENT / _BUDGET),
        "score": rounded(execution.weight * min(Fraction(1), _SPENT / _BUDGET)),
    }
    if execution.required:
        template = N_(
            "Budget execution has {weight} points, the indicators have {indicators}: {full} in "
            "all. Without execution data the {weight} points are undecided."
        )
    else:
        template = N_(
            "Where execution data is given, budget execution has {weight} points and the "
            "indicators have {indicators}: {full} in all. Without it the indicators keep their "
            "weights: {total} in all."
        )
    yield from said(template, lang, **values)
    if execution.indicators != policy.total:
        template = N_(
            "Points of an indicator where execution is scored = weight × {indicators} ÷ {total}. "
            "Example: {points} × {indicators} ÷ {total} {scaled}."
        )
        yield from said(template, lang, **values)
    template = N_(
        "Execution = {weight} × spent ÷ adjusted budget, at most {weight}. Example: {spent} spent "
        "of {budget}: {spent} ÷ {budget} {rate}, {weight} × {spent} ÷ {budget} {score}."
    )
    yield from said(template, lang, **values)


def _groups(level1: Mapping[str, Fraction]) -> list[str]:
    return [f"{name} {number(points)}" for name, points in level1.items()]


def _choices(policy: Policy, lang: str) -> Iterator[str]:
    for choice in policy.choices:
        fields = (
            (N_("level 1 {value}"), choice.level1),
            (N_("level 2 {value}"), choice.level2),
            (N_("unit {value}"), choice.unit),
        )
        conditions = [render(text, {"value": value}, lang) for text, value in fields if value]
        template = N_("{conditions}: rule {rule}.")
        yield from said(
            template, lang, rule=title_of(policy.rules[choice.rule], lang), conditions=conditions
        )
    template = N_("All indicators: rule {rule}.")
    if policy.choices:
        template = N_("All others: rule {rule}.")
    yield from said(template, lang, rule=title_of(policy.rules[policy.default_rule], lang))
    template = N_(
        "An indicator that names a rule itself takes that one. Where it states a pass threshold, "
        "a ratio below it scores 0."
    )
    yield from said(template, lang)


def _rules(policy: Policy, lang: str) -> Iterator[str]:
    for rule in policy.rules.values():
        yield f"  {title_of(rule, lang)}"
        summary = rule.summary if lang == "zh" else rule.summary_en
        if summary:
            yield from lines_of(summary, INSET)
        ratio = render(RATIO[rule.ratio], {"unit": rule.unit}, lang)
        if rule.ratio in ("met", "band"):
            template = N_("The coefficient is {ratio}.")
        elif rule.curve.knots == IN_PROPORTION:
            template = N_("The coefficient is {ratio}, not below 0 and not above 1.")
        else:
            template = N_("The coefficient is read from {ratio}: {knots}; straight lines between.")
        yield from said(template, lang, INSET, ratio=ratio, knots=_knots(rule, lang))
        if rule.unit:
            actual = (rule.curve.knots[0][0] + rule.curve.knots[-1][0]) / 2
            result = result_of(rule.curve.at(actual), lang)
            values = {"actual": number(actual), "unit": rule.unit, "result": result}
            template = N_("Example: actual {actual} {unit} → {result}.")
            yield from said(template, lang, INSET, **values)


def _knots(rule: Rule, lang: str) -> str:
    """The knots of a curve, with both sides of a jump told apart."""
    knots = rule.curve.knots
    jumps = {before[0] for before, after in pairwise(knots) if before[0] == after[0]}
    told = []
    for place, (ratio, coefficient) in enumerate(knots):
        values = {"ratio": number(ratio), "coefficient": number(coefficient)}
        template = N_("{coefficient} at {ratio}")
        if ratio in jumps:
            template = N_("{coefficient} from {ratio}")
            if knots[place + 1 : place + 2] and knots[place + 1][0] == ratio:
                template = N_("{coefficient} just below {ratio}")
        elif place == 0:
            template = N_("{coefficient} up to {ratio}")
        elif place == len(knots) - 1:
            template = N_("{coefficient} from {ratio}")
        told.append(render(template, values, lang))
    return written(told, lang)


def _bands(policy: Policy, lang: str) -> Iterator[str]:
    column = max(width(band.name) for band in policy.bands) + 2
    for band in reversed(policy.bands):
        values = {"low": number(band.low), "high": number(band.high)}
        template = N_("{low} to {high}")
        if band.high < 1:
            template = N_("{low} to below {high}")
        yield f"  {fit(band.name, column)}{render(template, values, lang)}"


def _grades(policy: Policy, lang: str) -> Iterator[str]:
    column = max(width(grade.name) for grade in policy.grades) + 2
    above: Fraction | None = None
    for grade in policy.grades:
        values = {"low": number(grade.at_least), "high": number(above or Fraction(0))}
        template = N_("{low} points and more") if above is None else N_("{low} to below {high}")
        yield f"  {fit(grade.name, column)}{render(template, values, lang)}"
        above = grade.at_least
    yield from said(N_("by the total of the rounded scores."), lang)


def _over_achievement(policy: Policy, lang: str) -> Iterator[str]:
    template = N_(
        "From {ratio} times the target an actual is flagged; points are taken off by hand only."
    )
    if policy.over_achievement.reason_required:
        template = N_(
            "From {ratio} times the target an actual is flagged and a written reason is required; "
            "points are taken off by hand only."
        )
    yield from said(template, lang, ratio=number(policy.over_achievement.flag_at))

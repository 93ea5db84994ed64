"""The first steps of a derivation: the target and the actual, as written and as read."""

from __future__ import annotations

from perfeval.explaining.arithmetic import term
from perfeval.explaining.model import Step
from perfeval.explaining.rulebook import Rulebook
from perfeval.explaining.scoring import Row, stated
from perfeval.explaining.words import amount, asked, day
from perfeval.messages import N_, Said, number
from perfeval.quantity.cells import ISSUES
from perfeval.quantity.units import factor
from perfeval.reviewing.carried import AS_SHARE
from perfeval.scoring.targets import DEADLINE, NUMBER, UNDECIDABLE

_UNDECIDABLE = {
    "missing": N_("no target is given, so nothing can be decided"),
    "operator": N_("no sign says which way is better (≥ ≤ = > <), so nothing can be decided"),
    "operators": N_("two signs contradict each other, so nothing can be decided"),
    "unit": N_("the units of the target contradict each other, so nothing can be decided"),
    "text": N_("the target is no number although it is to be compared; nothing can be decided"),
}
_BOUND = {
    "at least": N_("read as at least {amount}: the exact number is not stated"),
    "at most": N_("read as at most {amount}: the exact number is not stated"),
    "about": N_("read as about {amount}: that is no number to score by"),
}
_SAID = {"≥": "at least", ">": "at least", "≤": "at most", "<": "at most"}


def target_step(row: Row, rules: Rulebook) -> Step:
    """The target as written, and the predicate that it is read as."""
    template, children = N_("target: “{written}”"), (*_predicate(row), *_rule(row, rules))
    return Step("target", template, {"written": asked(row)}, children=children)


def _rule(row: Row, rules: Rulebook) -> list[Step]:
    """Which rule scores the indicator, where that is not the usual one."""
    values = {"rule": rules.titles[row["rule"]]}
    if row["own_rule"] is not None:
        return [Step("rule", N_("scored by rule {rule}, which the indicator names"), values)]
    if row["rule"] == rules.policy.default_rule:
        return []
    template = N_("scored by rule {rule}, which the policy chooses for such indicators")
    return [Step("rule", template, values, key="choose.when")]


def _predicate(row: Row) -> list[Step]:
    if row["issue"]:
        template = _UNDECIDABLE.get(row["issue"]) or ISSUES[row["issue"]]
        return [Step("undecidable", template, {"text": row["target"]}, key="bounds")]
    steps = []
    if row["target_number"] is not None and row["operator"] != "定性":
        if row["target_unit"] != row["unit"]:
            steps.append(
                _conversion(
                    row["target_printed"], row["target_unit"], row["target_number"], row["unit"]
                )
            )
        values = {
            "operator": row["operator"],
            "amount": amount(row["target_number"], row["unit"]),
        }
        template = N_("to be met: actual {operator} {amount}")
        return [*steps, Step("predicate", template, values)]
    if row["way"] == DEADLINE:
        strict, generous = (day(row[due], row["year"]) for due in ("due_strict", "due_generous"))
        template = N_("to be met: not later than {day}")
        if strict != generous:
            template = N_("to be met: not later than {strict}, read strictly; {day}, generously")
        return [Step("predicate", template, {"strict": strict, "day": generous}, key="deadline")]
    if row["level"]:
        values = {"level": row["level"]}
        return [Step("predicate", N_("to be met: at least “{level}”"), values, key="levels")]
    return [Step("predicate", N_("to be judged by a person, within a band"), key="bands")]


def actual_step(row: Row) -> Step:
    """The actual as written, and what it is read as in the target's unit."""
    if row["excluded"]:
        return Step("actual", N_("actual: does not apply"), key="not-applicable")
    written = row["written"]
    if row["refused"]:
        template = N_("actual: “{written}”, in a row that can't be used (see the findings)")
        return Step("actual", template, {"written": written or ""}, key="bounds")
    if row["doubt"] == "missing" or written is None:
        template = N_("actual: none is given; it could be anything")
        return Step("actual", template, key="bounds")
    unit = row["actual_own_unit"] or ""
    template = N_("actual: “{written}”")
    values = {"written": written}
    if unit:
        template = N_("actual: “{written}”, counted in {unit}")
        values["unit"] = unit
    return Step("actual", template, values, children=tuple(_read(row)))


def _read(row: Row) -> list[Step]:
    if row["kind"] in ("text", "invalid") and row["judged"] is None:
        template = ISSUES.get(row["actual_issue"], N_("“{text}” can't be read"))
        return [Step("unreadable", template, {"text": row["written"]}, key="bounds")]
    if row["number"] is None and row["way"] == NUMBER:
        template = N_("“{text}” is no number to compare with the target")
        return [Step("unreadable", template, {"text": row["written"]}, key="bounds")]
    if row["number"] is None or row["way"] in (DEADLINE, UNDECIDABLE):
        return []
    if row["target_number"] is None:
        return []
    from_unit = row["from_unit"] or ""
    shown = amount(row["number"], from_unit)
    if row["other_unit"]:
        template = N_("{amount} can't be converted to {unit}: another kind of unit, or unclear")
        unit = row["unit"] or Said(N_("a number without a unit"))
        return [Step("other-unit", template, {"amount": shown, "unit": unit}, key="units")]
    bound = row["bound"] or _SAID.get(row["said"], "")
    steps = []
    if bound:
        steps.append(Step("reading", _BOUND[bound], {"amount": shown}, key="bounds"))
    elif row["written"].strip() != number(row["number"]):
        steps.append(Step("reading", N_("read as {amount}"), {"amount": shown}))
    if from_unit != row["unit"] and row["actual_number"] is not None:
        steps.append(_conversion(row["number"], from_unit, row["actual_number"], row["unit"]))
    if row["doubt"] == AS_SHARE:
        template = N_(
            "{amount} may be a share where a percentage is asked for; nothing is computed"
        )
        steps.append(Step("share", template, {"amount": shown}, key="bounds"))
    return steps


def _conversion(value: float, source: str, moved: float, unit: str) -> Step:
    """From one unit to another, by moving the point."""
    places = factor(source, unit) or 0
    power = term(10 ** abs(places))
    exact = term(value).times(power) if places >= 0 else term(value).over(power)
    values = {"source": amount(value, source), "amount": amount(moved, unit), "n": abs(places)}
    if not places:
        template = N_("converted: {source} = {amount} (the units are the same)")
        return Step("conversion", template, values, key="units")
    template = N_("converted: {source} = {expression} = {amount} (the point moves {n} right)")
    if places < 0:
        template = N_("converted: {source} = {expression} = {amount} (the point moves {n} left)")
    return stated("conversion", template, exact, "units", values)

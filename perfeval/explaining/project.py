"""A project: how its total and its grade came about, and what could still change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from perfeval.explaining.arithmetic import Term, rounded, term
from perfeval.explaining.model import Derivation, Explained, Step
from perfeval.explaining.rulebook import Rulebook
from perfeval.explaining.scoring import ONE, stated
from perfeval.messages import N_, Said

Row = Mapping[str, Any]

_MET = {True: N_("met"), False: N_("not met"), None: N_("undecided")}


def grade_of(hundredths: int, rules: Rulebook) -> str:
    """The grade of a total: half-open, on the rounded total."""
    return rules.grades[_place(hundredths, rules)].name


def _place(hundredths: int, rules: Rulebook) -> int:
    better = (n for n, grade in enumerate(rules.grades) if grade.cents <= hundredths)
    return next(better, len(rules.grades) - 1)


def scored_project(
    row: Row, spent: Row | None, indicators: Sequence[Explained], rules: Rulebook
) -> Derivation:
    """The derivation of a project's row in a result's totals; `spent` is its row of execution."""
    counted = [each for each in indicators if each.status != "not_applicable"]
    steps = [*_sums(counted), *_left_out(indicators), *_deductions(counted)]
    parts = [[each.derivation.low for each in counted], [each.derivation.high for each in counted]]
    if spent is not None:
        steps.append(_execution(spent))
        for part, end in zip(parts, ("low", "high"), strict=True):
            part.append(spent[end])
    low, high = map(sum, parts)
    steps += _total(parts, spent is not None)
    if row["grade"] is not None:
        steps.append(_grade(low, high, rules))
    steps += [*_open(counted, spent), *_core(indicators)]
    return Derivation(tuple(steps), low, high)


def _added(parts: Sequence[int]) -> Term:
    """Rounded scores, added up."""
    if not parts:
        return rounded(0)
    text = " + ".join(rounded(part).text for part in parts)
    return Term(sum(parts), 100, text, 1 if len(parts) > 1 else 3)


def _sums(counted: Sequence[Explained]) -> list[Step]:
    """The scores added up, at either end where these differ."""
    lows = _added([each.derivation.low for each in counted])
    highs = _added([each.derivation.high for each in counted])
    if lows.above == highs.above:
        return [_sum(N_("indicators ({n}): {expression} = {sum}"), lows, len(counted))]
    templates = (
        N_("indicators ({n}), at the least: {expression} = {sum}"),
        N_("indicators ({n}), at the most: {expression} = {sum}"),
    )
    ends = zip(templates, (lows, highs), strict=True)
    return [_sum(template, end, len(counted)) for template, end in ends]


def _sum(template: str, scores: Term, n: int) -> Step:
    values = {"expression": scores.text, "n": n, "sum": rounded(scores.above).text}
    return Step("indicators", template, values, scores.text, (scores.above, 100), "rounding")


def _left_out(indicators: Sequence[Explained]) -> list[Step]:
    names = [each.indicator for each in indicators if each.status == "not_applicable"]
    if not names:
        return []
    template = N_("not applicable ({n}): {names}; their points went to the others in proportion")
    values = {"n": len(names), "names": names}
    return [Step("left-out", template, values, key="not-applicable")]


def _deductions(counted: Sequence[Explained]) -> list[Step]:
    names = [each.indicator for each in counted if each.deducted]
    if not names:
        return []
    template = N_("deductions were taken off {n} indicators: {names}")
    return [Step("deductions", template, {"n": len(names), "names": names}, key="deduction")]


def _execution(spent: Row) -> Step:
    weight = term(spent["weight"])
    key = "execution.weight"
    score = rounded(spent["low"]).text
    if spent["status"] != "scored":
        template = N_("budget execution is not known: from {low} to {high} points")
        values: dict[str, object] = {"low": score, "high": rounded(spent["high"]).text}
        return Step("execution", template, values, "", None, key)
    rate = term(spent["spent"]).over(term(spent["budget"]))
    template = N_("rate = spent ÷ adjusted budget = {expression} {equals}")
    children = [stated("rate", template, rate, key)]
    template = N_("points × rate = {expression} {equals}")
    if rate.above > rate.below:
        template, rate = N_("points × rate, at most 1 = {expression} {equals}"), ONE
    children.append(stated("product", template, weight.times(rate)))
    values = {"score": score, "points": weight.text}
    template = N_("budget execution: {score} of {points} points")
    return Step("execution", template, values, "", (spent["low"], 100), key, tuple(children))


def _total(parts: Sequence[Sequence[int]], executed: bool) -> list[Step]:
    steps = []
    templates = (N_("total = {expression} = {sum}"), N_("total at the most = {expression} = {sum}"))
    if sum(parts[0]) != sum(parts[1]):
        templates = (N_("total at the least = {expression} = {sum}"), templates[1])
    for template, part in zip(templates, parts, strict=True):
        total = _added([sum(part[:-1]), part[-1]] if executed else [sum(part)])
        values = {"expression": total.text, "sum": rounded(total.above).text}
        if not executed:
            template = _ALONE[template]
        steps.append(Step("total", template, values, total.text, (total.above, 100), "rounding"))
    return steps if sum(parts[0]) != sum(parts[1]) else steps[:1]


_ALONE = {
    N_("total = {expression} = {sum}"): N_("total = {sum}"),
    N_("total at the least = {expression} = {sum}"): N_("total at the least = {sum}"),
    N_("total at the most = {expression} = {sum}"): N_("total at the most = {sum}"),
}


def _grade(low: int, high: int, rules: Rulebook) -> Step:
    place = _place(low, rules)
    worst, best = rules.grades[place].name, grade_of(high, rules)
    children = [_grade_at(low, rules)]
    if worst != best:
        children.append(_grade_at(high, rules))
        template = N_("grade: {worst} or {best}, which is not decided yet")
        values: dict[str, object] = {"worst": worst, "best": best}
        return Step("grade", template, values, key="grades", children=tuple(children))
    template, values = N_("grade: {grade}"), {"grade": worst}
    if low != high:
        template = N_("grade: {grade}, whatever is still open")
    if place:
        better = rules.grades[place - 1]
        text = {"missing": rounded(better.cents - low).text, "grade": better.name}
        children.append(Step("to-better", N_("{missing} more points would make it {grade}"), text))
    return Step("grade", template, values, key="grades", children=tuple(children))


def _grade_at(total: int, rules: Rulebook) -> Step:
    place = _place(total, rules)
    grade = rules.grades[place]
    values = {"total": rounded(total).text, "least": grade.least, "grade": grade.name}
    template = N_("{total} ≥ {least}: {grade}")
    if place:
        values["better"] = rules.grades[place - 1].least
        template = N_("{total} ≥ {least} and < {better}: {grade}")
    return Step("grade-at", template, values, key="grades")


def _open(counted: Sequence[Explained], spent: Row | None) -> list[Step]:
    """What is not decided, and how many points hang on it, most first."""
    open_points = [
        (each.derivation.high - each.derivation.low, Step(
            "open-indicator", N_("{indicator}: {points} points"),
            {"indicator": each.indicator,
             "points": rounded(each.derivation.high - each.derivation.low).text},
        ))
        for each in counted
        if each.derivation.high > each.derivation.low
    ]  # fmt: skip
    if spent is not None and spent["high"] > spent["low"]:
        points = spent["high"] - spent["low"]
        template = N_("budget execution: {points} points")
        values = {"points": rounded(points).text}
        open_points.append((points, Step("open-execution", template, values)))
    if not open_points:
        return []
    open_points.sort(key=lambda each: -each[0])
    total = rounded(sum(points for points, _ in open_points))
    template = N_("still open: {points} points")
    return [
        Step("open", template, {"points": total.text}, "", (total.above, 100), "bounds",
             tuple(step for _, step in open_points))
    ]  # fmt: skip


def _core(indicators: Sequence[Explained]) -> list[Step]:
    """The core indicators, which a reviewer looks at first; they are scored like all others."""
    core = [each for each in indicators if each.core]
    if not core:
        return []
    children = tuple(
        Step("core-indicator", N_("{indicator}: {met}"),
             {"indicator": each.indicator, "met": Said(_MET[each.met])})
        for each in core
    )  # fmt: skip
    template = N_("core indicators ({n}), scored like all others:")
    return [Step("core", template, {"n": len(core)}, children=children)]

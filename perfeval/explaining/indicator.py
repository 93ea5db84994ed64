"""One indicator: from the target and the actual as written to the score, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from perfeval.explaining import judging
from perfeval.explaining.arithmetic import Term, about, brief, rounded, term
from perfeval.explaining.model import Derivation, Step
from perfeval.explaining.reading import actual_step, target_step
from perfeval.explaining.rulebook import Rulebook
from perfeval.explaining.scoring import NOTHING, ONE, Row, Scored, compared, product, stated
from perfeval.messages import N_
from perfeval.scoring.targets import NUMBER

DECIDING = (
    "operator", "own_operator", "target", "unit_column", "target_number", "target_printed",
    "target_unit", "unit", "weight", "rule", "own_rule", "pass_threshold", "way", "issue", "level",
    "due_strict", "due_generous", "year", "written", "actual_own_unit", "kind", "number",
    "from_unit", "other_unit", "bound", "said", "share", "actual_level", "actual_issue",
    "period_from", "period_to", "judged", "judged_by", "outside", "doubt", "actual_number",
    "actual_low", "actual_high", "excluded", "refused", "scale", "declared", "kept", "low", "high",
    "deduction_number",
)  # fmt: skip
"""The columns that a derivation is made from; rows that agree in them are derived alike."""


def derive(row: Row, rules: Rulebook) -> Derivation:
    """The derivation of a row with the columns of `DECIDING`."""
    steps = [target_step(row, rules), actual_step(row)]
    if row["excluded"]:
        steps.append(Step("result", N_("no score: the indicator does not apply")))
        return Derivation(tuple(steps), row["low"], row["high"])
    points, told = _points(row, rules)
    is_number = row["way"] == NUMBER
    judged = [] if is_number or row["issue"] else judging.judgement(row, rules)
    low, high = row["actual_low"], row["actual_high"]
    if low is None or row["issue"]:
        steps += [*judged, *told, _unknown(points, row)]
    elif low == high:
        scored = _at(low, row, rules, points)
        steps += _with_points(judged, told, scored.steps)
    else:
        steps += [*judged, *told, _bounds(low, high, row, rules, points)]
    return Derivation((*steps, _result(row, points)), row["low"], row["high"])


def _with_points(judged: Sequence[Step], told: Sequence[Step], steps: Sequence[Step]) -> list[Step]:
    """The points are told where they are first needed: before the product."""
    place = next(i for i, step in enumerate(steps) if step.kind == "product")
    return [*judged, *steps[:place], *told, *steps[place:]]


def _at(value: float, row: Row, rules: Rulebook, points: Term) -> Scored:
    if row["way"] == NUMBER:
        return compared(row, rules, value, points)
    return judging.end(value, row, points)


def _unknown(points: Term, row: Row) -> Step:
    """Nothing is known: from nothing to full marks."""
    deduction = row["deduction_number"]
    return _range(product(points, NOTHING, deduction), product(points, ONE, deduction))


def _bounds(low: float, high: float, row: Row, rules: Rulebook, points: Term) -> Step:
    """Both ends of what the actual can be; the worse and the better score."""
    values = [low, high]
    if row["way"] == NUMBER and low < row["target_number"] < high:
        # Between the ends, at the target itself, an exact one can score best.
        values.insert(1, row["target_number"])
    scored = [_at(value, row, rules, points) for value in values]
    # Of equal scores those of the two ends are told.
    worst = min(scored, key=lambda each: each.hundredths)
    best = max(reversed(scored), key=lambda each: each.hundredths)
    return _range(worst, best)


def _range(worst: Scored, best: Scored) -> Step:
    children = (_end(N_("at the least: {score}"), worst), _end(N_("at the most: {score}"), best))
    template = N_("not certain, so the worst and the best are both scored:")
    if worst.hundredths == best.hundredths:
        template = N_("not certain, but the worst and the best come to the same score:")
    return Step("bounds", template, key="bounds", children=children)


def _end(template: str, scored: Scored) -> Step:
    score = rounded(scored.hundredths)
    return Step(
        "end", template, {"score": score.text}, "", (scored.hundredths, 100), "", scored.steps
    )


def _points(row: Row, rules: Rulebook) -> tuple[Term, list[Step]]:
    """Full marks of an indicator, and how its weight became that many points."""
    weight, scale = term(row["weight"]), row["scale"]
    if scale == "1":
        return weight, []
    points, shared, children = weight, Fraction(1), []
    if row["kept"] is not None:
        declared, kept = Fraction(row["declared"]), Fraction(row["kept"])
        shared = declared / kept
    if shared != 1:
        factor = term(declared).over(term(kept))
        points = points.times(factor)
        values = {"declared": term(declared).text, "kept": term(kept).text}
        template = N_(
            "what does not apply leaves {kept} of {declared} points; the others share the rest"
        )
        children.append(stated("shared", template, factor, "not-applicable", values))
    if Fraction(scale) != shared:
        execution = rules.policy.execution
        assert execution is not None
        carried, total = term(execution.indicators), term(rules.policy.total)
        factor = carried.over(total)
        points = points.times(factor)
        values = {"carried": carried.text, "total": total.text}
        template = N_("budget execution is scored, so the indicators carry {carried} of {total}")
        children.append(stated("carried", template, factor, "execution.indicators", values))
    template = N_("full marks = weight × share = {expression} {equals}")
    return brief(points), [stated("points", template, points, children=tuple(children))]


def _result(row: Row, points: Term) -> Step:
    """What counts; `points` are the full marks."""
    values: dict[str, object] = {
        "score": rounded(row["low"]).text, "points": about(points, 2).split(" ", 1)[1],
        "high": rounded(row["high"]).text,
    }  # fmt: skip
    template = N_("score {score} of {points}")
    if row["low"] != row["high"]:
        template = N_("score {score} to {high} of {points}; the lower one counts for now")
    return Step("result", template, values, "", (row["low"], 100))

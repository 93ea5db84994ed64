"""One indicator: from the target and the actual as written to the score, step by step."""

from __future__ import annotations

from perfeval.explaining import judging
from perfeval.explaining.arithmetic import Term, rounded
from perfeval.explaining.marks import FullMarks, full_marks
from perfeval.explaining.model import Derivation, Step
from perfeval.explaining.reading import actual_step, target_step
from perfeval.explaining.rulebook import Rulebook
from perfeval.explaining.scoring import NOTHING, ONE, Row, Scored, compared, product
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
    marks = full_marks(row, rules)
    points, told = marks.points, marks.steps
    is_number = row["way"] == NUMBER
    judged = [] if is_number or row["issue"] else judging.judgement(row, rules)
    low, high = row["actual_low"], row["actual_high"]
    if low is None or row["issue"]:
        steps += [*judged, *told, _unknown(points, row)]
    elif low == high:
        scored = _at(low, row, rules, points)
        steps += [*judged, *scored.steps, *told, *scored.last]
    else:
        steps += [*judged, *told, _bounds(low, high, row, rules, points)]
    return Derivation((*steps, _result(row, marks)), row["low"], row["high"])


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
        "end",
        template,
        {"score": score.text},
        "",
        (scored.hundredths, 100),
        "",
        (*scored.steps, *scored.last),
    )


def _result(row: Row, marks: FullMarks) -> Step:
    """What counts."""
    values: dict[str, object] = {"score": rounded(row["low"]).text, "points": marks.text}
    template = N_("score {score} of {points}")
    if row["low"] != row["high"]:
        values["high"] = rounded(row["high"]).text
        template = N_("score {score} to {high} of {points}; the lower one counts for now")
    return Step("result", template, values, "", (row["low"], 100))

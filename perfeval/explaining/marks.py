"""Full marks: how a declared weight became the points that an indicator can get."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from perfeval.explaining.arithmetic import Term, about, brief, term
from perfeval.explaining.model import Step
from perfeval.explaining.rulebook import Rulebook
from perfeval.explaining.scoring import Row, stated
from perfeval.messages import N_


class FullMarks(NamedTuple):
    """The points, the steps that tell of them (none where they are the weight), and their text."""

    points: Term
    steps: tuple[Step, ...]
    text: str


def full_marks(row: Row, rules: Rulebook) -> FullMarks:
    """The full marks of a row; weights repeat, so each is told once."""
    key = (row["weight"], row["scale"], row["declared"], row["kept"])
    found = rules.marks.get(key)
    if found is None:
        points, steps = _points(row, rules)
        found = FullMarks(points, steps, about(points, 2).split(" ", 1)[1])
        rules.marks[key] = found
    assert isinstance(found, FullMarks)
    return found


def _points(row: Row, rules: Rulebook) -> tuple[Term, tuple[Step, ...]]:
    weight, scale = term(row["weight"]), Fraction(row["scale"])
    if scale == 1:
        return weight, ()
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
    if scale != shared:
        execution = rules.policy.execution
        assert execution is not None
        carried, total = term(execution.indicators), term(rules.policy.total)
        factor = carried.over(total)
        points = points.times(factor)
        values = {"carried": carried.text, "total": total.text}
        template = N_("budget execution is scored, so the indicators carry {carried} of {total}")
        children.append(stated("carried", template, factor, "execution.indicators", values))
    template = N_("full marks = weight × share = {expression} {equals}")
    return brief(points), (stated("points", template, points, children=tuple(children)),)

"""What each table of a policy file may hold, and the check of a whole file.

Only what one file alone can tell; `policy_check` looks at a policy together with what it extends.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from perfeval.messages import N_
from perfeval.policy.model import CERTAINTIES, OPERATORS, RATIOS
from perfeval.policy.values import (
    INVALID,
    KeyPath,
    Layer,
    a_flag,
    a_list,
    a_name,
    a_number,
    a_pair,
    a_positive,
    a_table,
    a_text,
    dotted,
    each_of,
    one_of,
    shown,
)


def _flag_at(layer: Layer, path: KeyPath, value: Any) -> Any:
    number = a_number(layer, path, value)
    if number is INVALID or number > 1:
        return number
    template = N_("{key} is a ratio of actual to target and must be more than 1; found {found}")
    return layer.refuse(path, template, found=shown(number))


def _curve(layer: Layer, path: KeyPath, value: Any) -> Any:
    knots = a_list(layer, path, value, 0, a_pair)
    if knots is INVALID:
        return INVALID
    if len(knots) < 2:
        template = N_("{key} needs at least two knots [ratio, coefficient]; found {found}")
        return layer.refuse(path, template, found=shown(value))
    before = len(layer.problems)
    for number, (ratio, coefficient) in enumerate(knots):
        here = (*path, number)
        found = {"found": shown([ratio, coefficient])}
        if not 0 <= coefficient <= 1:
            template = N_("{key}: the coefficient of knot {found} must lie between 0 and 1")
            layer.refuse(here, template, **found)
        if not number:
            continue
        found["before"] = shown(knots[number - 1])
        if ratio < knots[number - 1][0]:
            template = N_("{key}: knots must be in order of ratio; {found} follows {before}")
            layer.refuse(here, template, **found)
        elif coefficient < knots[number - 1][1]:
            template = N_("{key}: coefficients must not decrease; {found} follows {before}")
            layer.refuse(here, template, **found)
        if number > 1 and ratio == knots[number - 2][0]:
            template = N_("{key}: at most two knots (a jump) may share the ratio {ratio}")
            layer.refuse(here, template, ratio=shown(ratio))
    return knots if len(layer.problems) == before else INVALID


def _rule(layer: Layer, path: KeyPath, value: Any) -> Any:
    rule = _RULE(layer, path, value)
    if isinstance(value, dict) and (value.get("ratio") == "actual") != ("unit" in value):
        template = N_(
            '{key} needs both ratio = "actual" and a unit, or neither: '
            "an actual can only be read in one unit"
        )
        return layer.refuse(path, template)
    if isinstance(value, dict):
        needless = value.get("ratio") in ("met", "band")
        if needless and "curve" in value:
            template = N_("{key}: ratio = {ratio} is the coefficient itself; leave the curve out")
            return layer.refuse((*path, "curve"), template, ratio=shown(value["ratio"]))
        if not needless and "curve" not in value:
            return layer.refuse((*path, "curve"), N_("{key} is missing; add it to this file"))
    return rule


def _when(layer: Layer, path: KeyPath, value: Any) -> Any:
    when = _WHEN(layer, path, value)
    if isinstance(value, dict) and not {"level1", "level2", "unit"} & value.keys():
        template = N_("{key} needs a condition: level1, level2 or unit")
        return layer.refuse(path, template)
    return when


def _whens(layer: Layer, path: KeyPath, value: Any) -> Any:
    return a_list(layer, path, value, 0, _when)


def _bands(layer: Layer, path: KeyPath, value: Any) -> Any:
    """Bands that cover [0, 1] without gap or overlap, in whatever order they are written."""
    bands = each_of(a_pair)(layer, path, value)
    if bands is INVALID or len(bands) < len(value):
        return INVALID
    if len(value) != 3:
        template = N_("{key} needs three bands: missed, reached in part, reached; found {found}")
        return layer.refuse(path, template, found=len(value))
    at = Fraction(0)
    for name, (low, high) in sorted(bands.items(), key=lambda item: tuple(item[1])):
        found = {"found": shown([low, high]), "expected": shown(at)}
        if low >= high:
            template = N_("{key} must rise from its lower to its upper end; found {found}")
            return layer.refuse((*path, name), template, **found)
        if low > at:
            template = N_("{key} = {found} leaves a gap: the bands below end at {expected}")
            return layer.refuse((*path, name), template, **found)
        if low < at:
            template = N_("{key} = {found} overlaps: it must begin at {expected}")
            return layer.refuse((*path, name), template, **found)
        at = high
    if at != 1:
        template = N_("{key} must cover 0 to 1 without gaps; the highest band ends at {found}")
        return layer.refuse(path, template, found=shown(at))
    return bands


def _grades(layer: Layer, path: KeyPath, value: Any) -> Any:
    """Grades from best to worst, the worst from 0."""
    grades = each_of(a_number)(layer, path, value)
    if grades is INVALID or len(grades) < len(value):
        return INVALID
    before: Fraction | None = None
    for name, at_least in grades.items():
        if before is not None and at_least >= before:
            template = N_("{key} = {found} must be below {before}, the grade written before it")
            return layer.refuse(
                (*path, name), template, found=shown(at_least), before=shown(before)
            )
        before = at_least
    if before != 0:
        template = N_("{key} must end with a grade that starts at 0; the last starts at {found}")
        last = (*path, *list(grades)[-1:])
        return layer.refuse(last, template, key=dotted(path), found=shown(before))
    return grades


def _level1(layer: Layer, path: KeyPath, value: Any) -> Any:
    """The points of the groups as a list of structures: a table is one, and {} is none."""
    if isinstance(value, list):
        return a_list(layer, path, value, 0, _groups)
    groups = each_of(a_positive)(layer, path, value)
    return groups if groups is INVALID else [groups] if groups else []


def _groups(layer: Layer, path: KeyPath, value: Any) -> Any:
    if value == {}:
        return layer.refuse(path, N_("{key} holds a structure without groups; write or remove it"))
    return each_of(a_positive)(layer, path, value)


def _operators(layer: Layer, path: KeyPath, value: Any) -> Any:
    ratios = {operator: one_of(_OPERATOR[operator]) for operator in OPERATORS}
    return a_table(ratios, meant=_meant)(layer, path, value)


def _meant(spelling: str) -> str | None:
    from perfeval.quantity.phrases import SPELLINGS

    operator = SPELLINGS.get(spelling)
    return operator if operator in OPERATORS else None


def _execution(layer: Layer, path: KeyPath, value: Any) -> Any:
    """A table, or `false` where a policy takes the execution points of the one it extends away."""
    if value is False:
        return False
    return a_table({"weight": a_positive, "required": a_flag, "indicators": a_positive})(
        layer, path, value
    )


_HIGHER = ("actual/target", "met")
_LOWER = ("target/actual", "2 - actual/target", "met")
# Only ratios that grow as the actual gets better, in the direction of the operator.
_OPERATOR = {
    "≥": _HIGHER,
    ">": _HIGHER,
    "=": ("actual/target", *_LOWER),
    "≤": _LOWER,
    "<": _LOWER,
}
_RULE = a_table(
    {
        "ratio": one_of(RATIOS),
        "unit": a_name,
        "curve": _curve,
        "title": a_name,
        "title_en": a_name,
        "summary": a_text,
        "summary_en": a_text,
    },
)
_WHEN = a_table(
    {"level1": a_name, "level2": a_name, "unit": a_name, "rule": a_name}, needed=("rule",)
)
_CLAUSE = a_table(
    {"text": a_text, "text_en": a_text, "certainty": one_of(CERTAINTIES)}, needed=("text",)
)

check_file = a_table(
    {
        "schema": lambda layer, path, value: value,
        "id": a_name,
        "name": a_name,
        "name_en": a_name,
        "extends": a_text,
        "form": a_text,
        "source": a_table(
            {"text": a_text, "text_en": a_text, "certainty": one_of(CERTAINTIES)},
            needed=("text", "certainty"),
        ),
        "weights": a_table({"total": a_positive, "level1": _level1}),
        "execution": _execution,
        "operators": _operators,
        "rules": each_of(_rule),
        "choose": a_table({"default": a_name, "when": _whens}),
        "bands": _bands,
        "grades": _grades,
        "over_achievement": a_table({"flag_at": _flag_at, "reason_required": a_flag}),
        "clauses": each_of(_CLAUSE),
    },
    needed=("schema", "id", "name", "source"),
)
"""The check of a whole file: returns what is right in it."""

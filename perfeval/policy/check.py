"""Whether the parts of a policy fit together, once it is merged with what it extends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.policy.model import OPERATORS
from perfeval.policy.values import KeyPath, Layer, dotted, shown

_NEEDED: tuple[KeyPath, ...] = (
    ("weights", "total"),
    *(("operators", operator) for operator in OPERATORS),
    ("rules",),
    ("choose", "default"),
    ("bands",),
    ("grades",),
    ("over_achievement", "flag_at"),
    ("over_achievement", "reason_required"),
)
_EXECUTION: tuple[KeyPath, ...] = (
    ("execution", "weight"),
    ("execution", "required"),
    ("execution", "indicators"),
)


def check_effective(
    layers: list[Layer], content: Mapping[str, Any], shipped: Iterable[str]
) -> None:
    """Note on the layers (nearest first) what does not fit in their merged `content`.

    A part that is wrong already is not looked at again.
    """
    effective = _Effective(layers, content)
    _complete(effective, shipped)
    _level1(effective)
    _execution(effective)
    _rules_exist(effective)
    _whens(effective)


class _Effective:
    """The merged content, and which file to blame for it."""

    def __init__(self, layers: list[Layer], content: Mapping[str, Any]) -> None:
        self.layers = layers
        self.content = content

    def get(self, *path: str) -> Any:
        """The value at `path`, None where it is missing or known to be wrong."""
        value: Any = self.content
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return None if self.is_bad(path) else value

    def is_bad(self, path: KeyPath) -> bool:
        """Whether `path`, something in it or something around it has been refused."""
        return any(
            bad[: len(path)] == path[: len(bad)] for layer in self.layers for bad in layer.bad
        )

    def refuse(self, paths: Iterable[KeyPath], template: str, **values: object) -> None:
        """Blame the nearest file that writes one of `paths`, at the first one that it writes."""
        paths = list(paths)
        for layer in self.layers:
            for path in paths:
                if _written(layer.data, path):
                    layer.refuse(path, template, **values)
                    return
        self.layers[0].refuse(paths[0], template, **values)


def _written(data: Any, path: KeyPath) -> bool:
    for part in path:
        if isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data is not None


def _complete(effective: _Effective, shipped: Iterable[str]) -> None:
    needed = _NEEDED + (_EXECUTION if effective.get("execution") else ())
    missing = [
        path
        for path in needed
        if not effective.is_bad(path) and effective.get(*map(str, path)) in (None, {})
    ]
    if not missing:
        return
    told = {path if path[0] in effective.content else path[:1]: None for path in missing}
    values = {"missing": tuple(map(dotted, told))}
    if len(effective.layers) > 1:
        template = N_("missing: {missing}; neither this policy nor those it extends have it")
        effective.refuse([("extends",)], template, **values)
    else:
        template = N_(
            "missing: {missing}; a policy that extends no other must be complete: "
            "add them, or extend one of {shipped}"
        )
        effective.refuse([missing[0]], template, shipped=tuple(sorted(shipped)), **values)


def _level1(effective: _Effective) -> None:
    """Every structure of groups shares out the whole total."""
    total, level1 = effective.get("weights", "total"), effective.get("weights", "level1")
    for number, groups in enumerate(level1 or [] if total else []):
        found = sum(groups.values(), Fraction(0))
        if found != total:
            effective.refuse(
                [("weights", "level1", number), ("weights", "total")],
                N_(
                    "the points of the groups in weights.level1 sum to {found}, but weights.total "
                    "is {expected}; correct one of them (weights.level1 = {{}} sets no groups)"
                ),
                found=shown(found),
                expected=shown(total),
            )


def _execution(effective: _Effective) -> None:
    """Full marks must be one number, and every grade within it."""
    total, execution = effective.get("weights", "total"), effective.get("execution")
    if total is None or effective.is_bad(("execution",)):
        return
    full, keys = total, [("weights", "total")]
    if execution:
        if len(execution) < len(_EXECUTION):
            return
        full = execution["indicators"] + execution["weight"]
        if not execution["required"] and full != total:
            effective.refuse(
                [("execution", "indicators"), ("execution", "weight"), ("weights", "total")],
                N_(
                    "with execution scored a project can reach {indicators} + {weight} = {full} "
                    "points, without it {total}; make these equal, or set "
                    "execution.required = true"
                ),
                indicators=shown(execution["indicators"]),
                weight=shown(execution["weight"]),
                full=shown(full),
                total=shown(total),
            )
            return
        keys = [("execution", "indicators"), ("execution", "weight"), *keys]
    grades = effective.get("grades") or {}
    for name, at_least in grades.items():
        if at_least > full:
            effective.refuse(
                [("grades", name), *keys],
                N_("grade {grade} starts at {found}, but a project can reach {full} points only"),
                grade=shown(name),
                found=shown(at_least),
                full=shown(full),
            )
            return


def _rules_exist(effective: _Effective) -> None:
    rules = _rule_names(effective)
    default = effective.get("choose", "default")
    if default is not None:
        _rule_exists(effective, ("choose", "default"), default, rules)
        unit = effective.content.get("rules", {}).get(default, {}).get("unit")
        if unit is not None:
            effective.refuse(
                [("choose", "default")],
                N_("rule {rule} is for unit {unit} only, so it cannot be the default"),
                rule=shown(default),
                unit=shown(unit),
            )
    for number, when in enumerate(effective.get("choose", "when") or []):
        _rule_exists(effective, ("choose", "when", number, "rule"), when["rule"], rules)


def _rule_names(effective: _Effective) -> list[str]:
    """The rules that there are, right or wrong."""
    wrong = [
        str(bad[1])
        for layer in effective.layers
        for bad in layer.bad
        if len(bad) > 1 and bad[0] == "rules"
    ]
    return [*effective.content.get("rules", {}), *wrong]


def _rule_exists(effective: _Effective, path: KeyPath, rule: str, rules: list[str]) -> None:
    if rule in rules or (not rules and effective.is_bad(("rules",))):
        return
    values = {"found": shown(rule), "known": tuple(map(shown, rules))}
    near = suggest(rule, rules, limit=1)
    if near:
        template = N_("there is no rule {found}; did you mean {near}? Rules here: {known}")
        effective.refuse([path], template, near=shown(near[0]), **values)
    else:
        effective.refuse([path], N_("there is no rule {found}; rules here: {known}"), **values)


def _whens(effective: _Effective) -> None:
    """Every condition can come true, and gives its rule the unit that it is for."""
    whens = effective.get("choose", "when") or []
    rules = effective.content.get("rules", {})
    before: dict[frozenset[tuple[str, str]], int] = {}
    for number, when in enumerate(whens):
        path = ("choose", "when", number)
        unit = rules.get(when["rule"], {}).get("unit")
        if unit is not None and when.get("unit") != unit:
            effective.refuse(
                [path],
                N_("rule {rule} is for unit {unit} only: add unit = {unit} to this condition"),
                rule=shown(when["rule"]),
                unit=shown(unit),
            )
        conditions = [item for item in when.items() if item[0] != "rule"]
        taken = {
            before[frozenset(some)]
            for length in range(1, len(conditions) + 1)
            for some in combinations(conditions, length)
            if frozenset(some) in before
        }
        if taken:
            effective.refuse(
                [path],
                N_(
                    "condition {number} under choose.when never applies: condition {earlier} "
                    "before it takes the same indicators; put the narrower one first"
                ),
                number=number + 1,
                earlier=min(taken),
            )
        before.setdefault(frozenset(conditions), number + 1)

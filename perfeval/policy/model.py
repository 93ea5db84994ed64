"""A scoring policy: which ratio, curve, bands, grades and execution points hold somewhere.

A policy is data, a TOML file (docs/policies.md tells how one is written); this module gives it as
Python values. Numbers are exact: `Fraction` throughout.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from perfeval.exact import IN_PROPORTION, curve_at

OPERATORS = ("≥", ">", "=", "≤", "<")
"""The operators that compare, in the order in which they are told."""

QUALITATIVE = "定性"
"""The operator of what a person judges."""

DEFAULT = "general"
"""The policy where neither the caller nor the specs name one."""

RATIOS = ("actual/target", "target/actual", "2 - actual/target", "met", "actual", "band")
"""What a curve can be read at; "band" is the number that a person gives inside a level's band.

"met" and "band" are the coefficient itself: a rule of theirs has no curve of its own.
"""

CERTAINTIES = ("verified", "inferred", "believed")
"""Seen in a published document or form; concluded from one; not seen in the original."""


@dataclass(frozen=True, slots=True)
class Curve:
    """From ratio to coefficient: straight lines between knots, constant outside.

    knots: (ratio, coefficient), neither ever decreasing, coefficients within [0, 1]. Two knots at
    one ratio are a jump; the later one holds at the ratio itself.
    """

    knots: tuple[tuple[Fraction, Fraction], ...]

    def at(self, ratio: Fraction) -> Fraction:
        """The coefficient at `ratio`.

        >>> Curve(((Fraction(60), Fraction(0)), (Fraction(90), Fraction(1)))).at(Fraction(75))
        Fraction(1, 2)
        """
        return curve_at(self.knots, ratio)


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to turn an actual into a coefficient.

    ratio: what the curve is read at, None where the indicator's operator says. unit: the one unit
    that the rule is for (an "actual" is read in it), None where any will do. title, summary: what a
    reader calls the rule, and what it does in a sentence.
    """

    name: str
    ratio: str | None
    unit: str | None
    curve: Curve
    title: str = ""
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """`rule` for the indicators that agree with every condition that is not None."""

    level1: str | None
    level2: str | None
    unit: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Execution:
    """Points for budget execution.

    weight: its full marks. required: where no execution data is given these points are undecided
    (true), or execution is left out and the indicators keep their own points (false). indicators:
    what the weights of a target table are scaled to where execution is scored.
    """

    weight: Fraction
    required: bool
    indicators: Fraction


@dataclass(frozen=True, slots=True)
class Band:
    """The coefficients open to a qualitative result: [low, high), the highest band [low, high]."""

    name: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of a rounded total of `at_least` points or more, up to the next better grade."""

    name: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class OverAchievement:
    """The ratio from which an actual is flagged, and whether a written reason is then due."""

    flag_at: Fraction
    reason_required: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What a key of a policy rests on.

    policy, name, name_en: the policy of the chain that states it. text, text_en: what its file says
    of this key in particular, "" where it says nothing. certainty: one of `CERTAINTIES`.
    """

    policy: str
    name: str
    name_en: str
    text: str
    text_en: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that decides a score, and where it comes from.

    total: what the weights of a target table sum to. level1: points per level-1 group, empty where
    the policy sets none; alternatives: the same for tables with other groups. operators: ratio per
    operator that compares. choices: tried in order before `default_rule`. bands: lowest first,
    three of them. grades: best first. parents: ids of the policies that this one extends, nearest
    first. path: the file it was read from. form: the file of the official form that its results are
    written into (`perfeval.forms`); it decides nothing. sha256: see `fingerprint`.
    statements: what each key that decides rests on.
    """

    id: str
    name: str
    name_en: str
    source: str
    source_en: str
    certainty: str
    parents: tuple[str, ...]
    path: Path
    form: Path
    sha256: str
    total: Fraction
    level1: Mapping[str, Fraction]
    alternatives: tuple[Mapping[str, Fraction], ...]
    execution: Execution | None
    operators: Mapping[str, str]
    rules: Mapping[str, Rule]
    default_rule: str
    choices: tuple[Choice, ...]
    bands: tuple[Band, ...]
    grades: tuple[Grade, ...]
    over_achievement: OverAchievement
    statements: Mapping[str, Statement]

    def ratio(self, rule: str, operator: str) -> str:
        """What the curve of `rule` is read at for an indicator with this canonical operator.

        For a qualitative one there is nothing to divide: a person gives the coefficient, unless the
        rule asks only whether the target is met.
        """
        ratio = self.rules[rule].ratio
        if operator == QUALITATIVE:
            return "met" if ratio == "met" else "band"
        return ratio or self.operators[operator]


def load_policy(name_or_path: str, base: Path | None = None) -> Policy:
    """A shipped policy by name, or a user's own by path.

    What contains a separator or ends with `.toml` is a path, relative to the folder `base` where
    one is given. Raises `InputError` with every problem of the file and of those it extends.
    """
    from perfeval.policy.file import form_of, read_effective
    from perfeval.policy.statements import statements

    layers, content = read_effective(name_or_path, base)
    deciding = _deciding(content)
    return Policy(
        id=content["id"],
        name=content["name"],
        name_en=content.get("name_en", content["name"]),
        source=content["source"]["text"].strip(),
        source_en=content["source"].get("text_en", content["source"]["text"]).strip(),
        certainty=content["source"]["certainty"],
        parents=tuple(layer.data["id"] for layer in layers[1:]),
        path=layers[0].path,
        form=form_of(layers),
        sha256=fingerprint(deciding),
        statements=statements(layers, content),
        **deciding,
    )


def list_policies() -> list[str]:
    """The names of the policies that come with perfeval."""
    from perfeval.policy.file import shipped

    return sorted(shipped())


def fingerprint(deciding: Mapping[str, Any]) -> str:
    """SHA-256 over everything in an effective policy that decides a score, a grade or a flag.

    Names, sources, titles and summaries are no part of it, nor is the way the file is written:
    policies of the same fingerprint score alike, and a change in an extended policy changes it.
    """

    def plain(value: Any) -> object:
        if isinstance(value, Fraction):
            return str(value)
        deciding = (each.name for each in fields(value) if each.name not in _FOR_READERS)
        return {name: getattr(value, name) for name in deciding}

    # Where there are none, the hash is what it was before a policy could have any.
    told = {name: value for name, value in deciding.items() if name != "alternatives" or value}
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), default=plain)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


_FOR_READERS = ("title", "title_en", "summary", "summary_en")


def _deciding(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a policy that decide, from a checked effective content."""
    execution = content.get("execution")
    level1 = content["weights"].get("level1") or [{}]
    bands = sorted(content["bands"].items(), key=lambda item: tuple(item[1]))
    return {
        "total": content["weights"]["total"],
        "level1": level1[0],
        "alternatives": tuple(level1[1:]),
        "execution": Execution(**execution) if execution else None,
        "operators": {operator: content["operators"][operator] for operator in OPERATORS},
        "rules": {name: _rule(name, rule) for name, rule in content["rules"].items()},
        "default_rule": content["choose"]["default"],
        "choices": tuple(
            Choice(when.get("level1"), when.get("level2"), when.get("unit"), when["rule"])
            for when in content["choose"].get("when", [])
        ),
        "bands": tuple(Band(name, low, high) for name, (low, high) in bands),
        "grades": tuple(Grade(name, at_least) for name, at_least in content["grades"].items()),
        "over_achievement": OverAchievement(**content["over_achievement"]),
    }


def _rule(name: str, rule: Mapping[str, Any]) -> Rule:
    title, summary = rule.get("title", ""), rule.get("summary", "")
    return Rule(
        name=name,
        ratio=rule.get("ratio"),
        unit=rule.get("unit"),
        curve=Curve(tuple((ratio, value) for ratio, value in rule.get("curve", IN_PROPORTION))),
        title=title,
        title_en=rule.get("title_en", title),
        summary=summary,
        summary_en=rule.get("summary_en", summary),
    )

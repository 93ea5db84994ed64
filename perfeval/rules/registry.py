"""The rule catalogue: what a rule is, how one is registered, and how rules are named."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING

import polars as pl

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from perfeval.rules.tables import Tables

FAMILIES = ("weights", "targets", "units", "duplicates", "actuals")
"""The modules of `perfeval.rules` that hold rules."""

CHECK, SCORE = "check", "score"
"""The commands that tell findings."""

Find = Callable[["Tables"], pl.DataFrame]


@dataclass(frozen=True)
class Rule:
    """A registered rule.

    code: a letter, the family's, and three digits. about: the column of the table that a finding
    concerns ("target", "weight", "indicator" …). commands: the commands that tell its findings.
    doc: the manual page.
    """

    code: str
    name: str
    severity: str
    template: str
    about: str
    commands: tuple[str, ...]
    doc: str
    find: Find


_REGISTRY: dict[str, Rule] = {}


def rule(
    code: str,
    name: str,
    severity: str,
    template: str,
    *,
    about: str = "indicator",
    commands: tuple[str, ...] = (CHECK,),
) -> Callable[[Find], Find]:
    """Register a function as the rule `code` (a letter and three digits) named `name`.

    The function takes `Tables` and returns a frame with a row per finding (see `perfeval.rules`).
    """

    def register(find: Find) -> Find:
        if code in _REGISTRY:
            raise ValueError(f"two rules have the code {code}")
        doc = cleandoc(find.__doc__ or "")
        _REGISTRY[code] = Rule(code, name, severity, template, about, commands, doc, find)
        return find

    return register


CRASHED = Rule(
    "P001",
    "rule-crashed",
    "warning",
    N_("rule {rule} stopped with an error and found nothing: {error}; please report it"),
    "rule",
    (CHECK, SCORE),
    "A rule stopped with an error of its own. The other rules went on; what this one would have"
    " found is not known.",
    lambda tables: tables.projects.clear(),
)


def catalogue() -> tuple[Rule, ...]:
    """Every rule, by code."""
    for family in FAMILIES:
        importlib.import_module(f"perfeval.rules.{family}")
    return (*(_REGISTRY[code] for code in sorted(_REGISTRY)), CRASHED)


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules named by family letter, code or name; all of them where `select` names none.

    Raises `InputError` for what names no rule.
    """
    rules = catalogue()
    problems: list[Problem] = []
    wanted, unwanted = (_codes(rules, tuple(each), problems) for each in (select, ignore))
    if problems:
        raise InputError(problems)
    return tuple(
        each for each in rules if (not wanted or each.code in wanted) and each.code not in unwanted
    )


def _codes(
    rules: tuple[Rule, ...], patterns: tuple[str, ...], problems: list[Problem]
) -> frozenset[str]:
    codes: set[str] = set()
    for pattern in patterns:
        named = [
            each.code for each in rules if each.code.startswith(pattern) or each.name == pattern
        ]
        codes.update(named)
        if not named:
            names = [name for each in rules for name in (each.code, each.name)]
            problems.append(
                Problem(
                    N_("no rule is called {pattern}{remark}; `perfeval rule` lists them"),
                    {"pattern": pattern, **did_you_mean(suggest(pattern, names))},
                )
            )
    return frozenset(codes)

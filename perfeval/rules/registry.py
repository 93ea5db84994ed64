"""The rule catalogue: what a rule is, how one is registered, and how rules are named."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING

import polars as pl

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from perfeval.rules.tables import Tables

FAMILIES = (
    "weights",
    "targets",
    "units",
    "classification",
    "duplicates",
    "across",
    "narrative",
    "budget",
    "actuals",
    "review",
)
"""The modules of `perfeval.rules` that hold rules."""

CHECK, SCORE, REVIEW = "check", "score", "review"
"""The commands that tell findings."""

Find = Callable[["Tables"], pl.DataFrame | pl.LazyFrame]


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


OWN_FAMILY = "Z"
OWN_CODE = re.compile(rf"{OWN_FAMILY}[0-9]{{3}}")
"""The codes that are left to a folder's own rules."""

_REGISTRY: dict[str, Rule] = {}
_OWN: ContextVar[list[Rule] | None] = ContextVar("own rules", default=None)


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
    A folder's own rules (codes Z…) are registered for the run that reads their file, and not at all
    where something else imports it.
    """

    def register(find: Find) -> Find:
        doc = cleandoc(find.__doc__ or "")
        new = Rule(code, name, severity, template, about, commands, doc, find)
        own = _OWN.get()
        if own is not None:
            own.append(new)
        elif code in _REGISTRY:
            raise ValueError(f"two rules have the code {code}")
        elif not OWN_CODE.fullmatch(code):
            _REGISTRY[code] = new
        return find

    return register


@contextmanager
def own_rules() -> Iterator[list[Rule]]:
    """Gather the rules that are registered inside the block, instead of adding them for good."""
    catalogue()
    rules: list[Rule] = []
    token = _OWN.set(rules)
    try:
        yield rules
    finally:
        _OWN.reset(token)


CRASHED = Rule(
    "P001",
    "rule-crashed",
    "warning",
    N_("rule {rule} stopped with an error and found nothing: {error}; please report it"),
    "rule",
    (CHECK, SCORE, REVIEW),
    "A rule stopped with an error of its own. The other rules went on; what this one would have"
    " found is not known.",
    lambda tables: tables.projects.clear(),
)
UNUSED = Rule(
    "P002",
    "suppression-unused",
    "warning",
    N_("nothing is found any more that this suppression of {suppressed} would hide; remove it"),
    "rule",
    (CHECK,),
    "A suppression in perfeval.toml hides nothing.\n\n"
    "What it was for has been repaired, or it names something else. Suppressions of rules that did"
    " not run, and of rules that look at actuals, are not judged.",
    lambda tables: tables.projects.clear(),
)
OF_THE_RUN = (CRASHED, UNUSED)
"""The rules that tell about the run itself: none of them looks at tables."""


def catalogue() -> tuple[Rule, ...]:
    """Every rule that comes with perfeval, by code."""
    for family in FAMILIES:
        importlib.import_module(f"perfeval.rules.{family}")
    return (*(_REGISTRY[code] for code in sorted(_REGISTRY)), *OF_THE_RUN)


def chosen(
    select: Iterable[str] = (), ignore: Iterable[str] = (), own: Iterable[Rule] = ()
) -> tuple[Rule, ...]:
    """The rules named by family letter, code or name; all of them where `select` names none.

    `own` are a folder's own rules. Those that tell about the run itself need not be selected.
    Raises `InputError` for what names no rule.
    """
    rules = (*catalogue(), *own)
    problems: list[Problem] = []
    wanted, unwanted = (_codes(rules, tuple(each), problems) for each in (select, ignore))
    if problems:
        raise InputError(problems)
    if wanted:
        wanted |= {each.code for each in OF_THE_RUN}
    return tuple(
        each for each in rules if (not wanted or each.code in wanted) and each.code not in unwanted
    )


def named(pattern: str, rules: Iterable[Rule]) -> list[Rule]:
    """Those of `rules` that a code, the beginning of codes (a family) or a name stands for."""
    return [each for each in rules if each.code.startswith(pattern) or each.name == pattern]


def unknown(pattern: str, rules: Iterable[Rule]) -> dict[str, object]:
    """The values `near` and `remark` of a message about a name that stands for no rule."""
    names = [name for each in rules for name in (each.code, each.name)]
    return did_you_mean(suggest(pattern, names))


def _codes(
    rules: Sequence[Rule], patterns: Iterable[str], problems: list[Problem]
) -> frozenset[str]:
    codes: set[str] = set()
    for pattern in patterns:
        found = named(pattern, rules)
        codes.update(each.code for each in found)
        # The family of own rules is one even where there are none, or none are to run.
        if not found and pattern != OWN_FAMILY:
            template = N_("no rule is called {pattern}{remark}; `perfeval rule` lists them")
            problems.append(Problem(template, {"pattern": pattern, **unknown(pattern, rules)}))
    return frozenset(codes)

"""The rule catalogue: small functions from tables to findings, registered under stable codes.

A rule takes `Tables` and returns a frame with a row per finding. Its columns place the finding
(`file`, `line`, `project`, `indicator`, and `row`, the indicator's position, where there is one);
`template` and `severity` choose others than the rule's; all other columns are the values that the
message names. The docstring is the rule's manual page.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from inspect import cleandoc

import polars as pl

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.policy import Policy
from perfeval.problems import InputError, Problem, did_you_mean

FAMILIES = ("weights", "targets", "duplicates", "actuals")
PLACE = ("file", "line", "project", "indicator", "row")
_CHOSEN = ("template", "severity")
FINDINGS = pl.Schema(
    {
        "code": pl.String,
        "name": pl.String,
        "severity": pl.String,
        "file": pl.String,
        "line": pl.Int64,
        "project": pl.String,
        "indicator": pl.String,
        "row": pl.Int64,
        "template": pl.String,
        "values": pl.String,
    }
)


@dataclass(frozen=True)
class Tables:
    """What rules look at.

    policy and projects always; `targets` as `perfeval.scoring.targets` reads them, with `rule`.
    After scoring also `actuals` (every row, with `row` and `rejected`), `scores` (targets with
    their actuals and scores), `execution` (rows as given) and `execution_scores`.
    """

    policy: Policy
    projects: pl.DataFrame
    targets: pl.DataFrame
    actuals: pl.DataFrame | None = None
    scores: pl.DataFrame | None = None
    execution: pl.DataFrame | None = None
    execution_scores: pl.DataFrame | None = None
    malformed: pl.DataFrame | None = None

    @cached_property
    def rejected(self) -> pl.DataFrame:
        """The rows of the actuals that were rejected."""
        assert self.actuals is not None
        return self.actuals.filter(pl.col("rejected").is_not_null())

    @cached_property
    def with_actual(self) -> pl.DataFrame:
        """The scores of indicators that have an actual; `file` and `line` are the actual's."""
        assert self.scores is not None
        return (
            self.scores.filter(pl.col("actual").is_not_null())
            .drop("file", "line")
            .rename({"actual_file": "file", "actual_line": "line"})
        )


@dataclass(frozen=True)
class Rule:
    """A registered rule; `after` is "reading" (specs are enough) or "scoring"."""

    code: str
    name: str
    severity: str
    template: str
    after: str
    doc: str
    find: Callable[[Tables], pl.DataFrame]


_REGISTRY: dict[str, Rule] = {}


def rule(
    code: str, name: str, severity: str, template: str, *, after: str = "reading"
) -> Callable[[Callable[[Tables], pl.DataFrame]], Callable[[Tables], pl.DataFrame]]:
    """Register a function as the rule `code` (a letter and three digits) named `name`."""

    def register(find: Callable[[Tables], pl.DataFrame]) -> Callable[[Tables], pl.DataFrame]:
        if code in _REGISTRY:
            raise ValueError(f"two rules have the code {code}")
        _REGISTRY[code] = Rule(
            code, name, severity, template, after, cleandoc(find.__doc__ or ""), find
        )
        return find

    return register


CRASHED = Rule(
    "P001",
    "rule-crashed",
    "warning",
    N_("rule {rule} stopped with an error and found nothing: {error}; please report it"),
    "reading",
    "A rule stopped with an error of its own. The other rules went on; what this one would have"
    " found is not known.",
    lambda tables: tables.projects.clear(),
)


def catalogue() -> tuple[Rule, ...]:
    """Every rule, by code."""
    for family in FAMILIES:
        importlib.import_module(f"perfeval.rules.{family}")
    return (*(_REGISTRY[code] for code in sorted(_REGISTRY)), CRASHED)


def find(tables: Tables) -> pl.DataFrame:
    """Run every rule that `tables` has the columns for.

    Columns: code, name, severity, file, line, project, indicator, row, template, values (JSON
    object), in the order of codes and of the tables. A rule that raises becomes a finding itself.
    """
    scored = tables.scores is not None
    frames = [pl.DataFrame(schema=FINDINGS)]
    for each in catalogue():
        if each is CRASHED or (each.after == "scoring" and not scored):
            continue
        try:
            frames.append(_findings(each, each.find(tables)))
        except Exception as error:
            found = pl.DataFrame(
                {"rule": [each.code], "error": [f"{type(error).__name__}: {error}"]}
            )
            frames.append(_findings(CRASHED, found))
    return pl.concat(frames)


def _findings(each: Rule, found: pl.DataFrame) -> pl.DataFrame:
    if found.is_empty():
        return pl.DataFrame(schema=FINDINGS)
    place = [
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(FINDINGS[name]).alias(name)
        for name in PLACE
    ]
    names = [name for name in found.columns if name not in (*PLACE, *_CHOSEN)]

    def chosen(name: str, usual: str) -> pl.Expr:
        own = [name] if name in found.columns else []
        return pl.coalesce(*own, pl.lit(usual)).alias(name)

    values = pl.struct(names).struct.json_encode() if names else pl.lit("{}")
    return found.select(
        pl.lit(each.code).alias("code"),
        pl.lit(each.name).alias("name"),
        chosen("severity", each.severity),
        *place,
        chosen("template", each.template),
        values.alias("values"),
    )


def selected(
    findings: pl.DataFrame, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> pl.DataFrame:
    """The findings of some rules, named by family letter, code or name.

    Raises `InputError` for what names no rule.
    """
    select, ignore = tuple(select), tuple(ignore)
    wanted = pl.col("code").is_in(_codes(select)) if select else pl.lit(True)
    return findings.filter(wanted & ~pl.col("code").is_in(_codes(ignore)))


def _codes(patterns: Iterable[str]) -> list[str]:
    known = catalogue()
    codes = []
    problems = []
    for pattern in patterns:
        named = [
            each.code for each in known if each.code.startswith(pattern) or each.name == pattern
        ]
        codes += named
        if not named:
            names = [name for each in known for name in (each.code, each.name)]
            problems.append(
                Problem(
                    N_("no rule is called {pattern}{remark}; `perfeval rule` lists them"),
                    {"pattern": pattern, **did_you_mean(suggest(pattern, names))},
                )
            )
    if problems:
        raise InputError(problems)
    return codes

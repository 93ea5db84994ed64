"""What the settings of perfeval.toml mean for the specs that they lie with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from perfeval import rules
from perfeval.messages import N_
from perfeval.names import normalise, normalise_text, suggest
from perfeval.problems import InputError, Problem, did_you_mean
from perfeval.rules import CHECK, OF_THE_RUN, Rule, named, unknown
from perfeval.sources.settings import Settings, Suppression
from perfeval.sources.specs import Specs


@dataclass(frozen=True)
class Handling:
    """How findings are to be handled: severities by code, and what is suppressed.

    `file` is the settings' own.
    """

    file: str
    severities: dict[str, str]
    suppressions: tuple[Meant, ...]


def handling(specs: Specs, own: Iterable[Rule] = ()) -> Handling:
    """What the settings of `specs` say about findings.

    `own` are a folder's own rules, as far as they are loaded. Raises `InputError` for a rule,
    project or indicator that there is not.
    """
    known = (*rules.catalogue(), *own)
    problems: list[Problem] = []
    severities = _severities(specs.settings, known, problems)
    meant = [Meant.of(each, specs, known, problems) for each in specs.settings.suppress]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    return Handling(specs.settings.file, severities, tuple(each for each in meant if each))


def _severities(
    settings: Settings, known: Sequence[Rule], problems: list[Problem]
) -> dict[str, str]:
    severities: dict[str, str] = {}
    for each in settings.severity:
        codes = [rule.code for rule in known if each.rule in (rule.code, rule.name)]
        place = (settings.file, each.line)
        if not codes and not _may_be_own(settings, known):
            template = N_("[severity] names {rule}, but no rule has this code or name{remark}")
            problems.append(
                Problem(template, {"rule": each.rule, **unknown(each.rule, known)}, *place)
            )
        for code in codes:
            if code in severities:
                template = N_("[severity] names rule {code} twice, by its code and by its name")
                problems.append(Problem(template, {"code": code}, *place))
            severities[code] = each.severity
    return severities


def _may_be_own(settings: Settings, known: Sequence[Rule]) -> bool:
    """Whether a name that is not known may be that of an own rule that is not loaded."""
    return bool(settings.own) and not any(rule.code.startswith("Z") for rule in known)


@dataclass(frozen=True)
class Meant:
    """A suppression with what its names stand for; None stands for all of them.

    projects are codes, key is the indicator's name as names are compared.
    """

    said: Suppression
    codes: frozenset[str]
    projects: tuple[str, ...] | None
    key: str | None

    @classmethod
    def of(
        cls, said: Suppression, specs: Specs, known: Sequence[Rule], problems: list[Problem]
    ) -> Meant | None:
        """What `said` means for these specs; None where that is nothing."""
        settings = specs.settings
        place = (settings.file, said.line)
        meant = named(said.rule, known)
        if not meant and _may_be_own(settings, known):
            return None
        if not meant:
            template = N_("no rule is called {pattern}{remark}; `perfeval rule` lists them")
            problems.append(
                Problem(template, {"pattern": said.rule, **unknown(said.rule, known)}, *place)
            )
            return None
        if any(rule in OF_THE_RUN for rule in meant):
            template = N_(
                "what {rule} tells is about the run itself and cannot be suppressed; remove its"
                " cause"
            )
            problems.append(Problem(template, {"rule": said.rule}, *place))
            return None
        projects = key = None
        # Rows of actuals may name what the tables do not have: that is what their rules find.
        about_tables = all(CHECK in rule.commands for rule in meant)
        if said.project is not None:
            projects = _projects(said.project, specs)
            if not projects and about_tables:
                if specs.whole:
                    problems.append(_no_project(said, specs))
                return None
            projects = projects or (said.project,)
        if said.indicator is not None:
            key = normalise_text(said.indicator)
            names = _indicators(specs, projects)
            if about_tables and key not in set(map(normalise_text, names)):
                if specs.whole or projects is not None:
                    problems.append(_no_indicator(said, names, settings))
                return None
        return cls(said, frozenset(rule.code for rule in meant), projects, key)


def _projects(name: str, specs: Specs) -> tuple[str, ...]:
    """The codes of the projects of this code or name."""
    meant = normalise_text(name)
    is_meant = (normalise(pl.col("project")) == meant) | (normalise(pl.col("name")) == meant)
    return tuple(specs.projects.filter(is_meant)["project"])


def _indicators(specs: Specs, projects: tuple[str, ...] | None) -> list[str]:
    own = specs.indicators
    if projects is not None:
        own = own.filter(pl.col("project").is_in(projects))
    return own["indicator"].unique(maintain_order=True).to_list()


def _no_project(said: Suppression, specs: Specs) -> Problem:
    known = [*specs.projects["project"], *specs.projects["name"]]
    template = N_("no project has the code or name {project}{remark}")
    values = {"project": said.project, **did_you_mean(suggest(str(said.project), known))}
    return Problem(template, values, specs.settings.file, said.line)


def _no_indicator(said: Suppression, names: list[str], settings: Settings) -> Problem:
    template = N_("no indicator is called {indicator}{remark}")
    if said.project is not None:
        template = N_("project {project} has no indicator {indicator}{remark}")
    values = {
        "project": said.project,
        "indicator": said.indicator,
        **did_you_mean(suggest(str(said.indicator), names)),
    }
    return Problem(template, values, settings.file, said.line)

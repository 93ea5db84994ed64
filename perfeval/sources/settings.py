"""perfeval.toml: the settings that lie with the specs of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import InputError, Problem, did_you_mean
from perfeval.sources.files import InputFile
from perfeval.sources.toml_file import TomlFile
from perfeval.sources.toml_values import (
    Key,
    a_section,
    a_text,
    convert,
    shown,
    some_sections,
    some_texts,
)
from perfeval.tables import SEVERITIES

SETTINGS = "perfeval.toml"

_SETTINGS = {
    "policy": Key(a_text),
    "severity": Key(a_section),
    "suppress": Key(some_sections),
    "rules": Key(some_texts),
}
_SUPPRESSION = {
    "rule": Key(a_text, 'rule = "T303"'),
    "project": Key(a_text),
    "indicator": Key(a_text),
    "reason": Key(a_text, 'reason = "…"'),
}


@dataclass(frozen=True, slots=True)
class Override:
    """Another severity for the findings of a rule (its code or name)."""

    rule: str
    severity: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Suppression:
    """Findings that are not told: of a rule (code, name or family), and why.

    Only those about a project (its code or name) or an indicator (its name), where they are named.
    """

    rule: str
    project: str | None
    indicator: str | None
    reason: str
    line: int | None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A Python file with rules of the folder's own, as it is named in the settings."""

    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a perfeval.toml holds; nothing where there is none.

    `file` is where it is. Whether its rules, projects and indicators exist is not known here (see
    `perfeval.findings`).
    """

    file: str = ""
    policy: str | None = None
    severity: tuple[Override, ...] = ()
    suppress: tuple[Suppression, ...] = ()
    own: tuple[OwnFile, ...] = ()


def read_settings(path: Path, problems: list[Problem]) -> tuple[Settings, InputFile | None]:
    """The settings at `path`, and the file as an input; what is wrong is added to `problems`."""
    file = TomlFile(path, problems)
    opened = file.open(path, rows=0)
    if opened is None:
        return Settings(file.name), None
    content = file.read(opened[1], _SETTINGS, ())
    return Settings(
        file.name,
        content.get("policy"),
        tuple(_overrides(file, content.get("severity", {}))),
        tuple(_suppressions(file, content.get("suppress", []))),
        tuple(
            OwnFile(name, file.line(("rules", number)))
            for number, name in enumerate(content.get("rules", []))
        ),
    ), opened[0]


def settings_of(folder: str | Path) -> Settings:
    """The settings of a folder of specs; raises `InputError` where they are missing or wrong."""
    problems: list[Problem] = []
    settings, _ = read_settings(Path(folder) / SETTINGS, problems)
    if problems:
        raise InputError(problems)
    return settings


def _overrides(file: TomlFile, section: Mapping[str, Any]) -> Iterator[Override]:
    for rule, severity in section.items():
        path = ("severity", rule)
        if severity in SEVERITIES:
            yield Override(rule, severity, file.line(path))
            continue
        template = N_(
            "the severity of {rule} is {found}; one of {known} is expected{remark}. To hide"
            " findings, write a [[suppress]] with its reason"
        )
        near = suggest(severity, SEVERITIES, limit=1) if isinstance(severity, str) else []
        values = {"rule": rule, "found": shown(severity), "known": SEVERITIES}
        file.tell(path, template, **values, **did_you_mean(near))


def _suppressions(file: TomlFile, sections: list[Any]) -> Iterator[Suppression]:
    for number, section in enumerate(sections):
        path = ("suppress", number)
        content, wrong = convert(section, Key(a_section))
        if wrong:
            file.tell(path, wrong, key="suppress", found=shown(section))
            continue
        values = file.read(content, _SUPPRESSION, path)
        told = len(file.told)
        for name, value in values.items():
            if not value:
                file.tell((*path, name), _EMPTY[name], key=name)
        if {"rule", "reason"} <= set(values) and told == len(file.told):
            yield Suppression(
                values["rule"],
                values.get("project"),
                values.get("indicator"),
                values["reason"],
                file.line(path),
            )


_BLANK = N_("{key} is empty; fill it in, or remove it")
_EMPTY = {
    "rule": N_('rule is empty; name a rule by its code, its name or its family: rule = "T303"'),
    "project": _BLANK,
    "indicator": _BLANK,
    "reason": N_(
        "reason is empty; write why these findings may stay, for those who review the table"
    ),
}

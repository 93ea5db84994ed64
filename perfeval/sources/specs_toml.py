"""Specs from TOML files: the keys of each file, gathered into columns for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import InputError, Problem
from perfeval.sources.files import InputFile, decode, read_bytes, sha256
from perfeval.sources.toml_values import (
    Key,
    a_day,
    a_number,
    a_section,
    a_target,
    a_text,
    a_truth,
    a_whole_number,
    convert,
    parse,
    shown,
    some_sections,
)
from perfeval.toml_lines import line_of

SETTINGS = "perfeval.toml"
SCHEMA = 1
"""The newest form of spec that this version reads."""

SIZE_LIMIT = 1_000_000
"""Most bytes of a TOML file: room for a project of several thousand indicators."""

_PROJECT = {
    "schema": Key(a_whole_number, "schema = 1"),
    "code": Key(a_text, 'code = "50011023T000003385078"'),
    "name": Key(a_text, 'name = "…"'),
    "department": Key(a_text, 'department = "…"'),
    "year": Key(a_whole_number),
    "type": Key(a_text),
    "budget": Key(a_section),
    "narrative": Key(a_section),
    "indicators": Key(some_sections, "[[indicators]]"),
}
_BUDGET = {
    name: Key(a_number) for name in ("total", "superior", "local", "other", "basic", "project")
}
_NARRATIVE = {name: Key(a_text) for name in ("overview", "basis", "schedule", "goal")}
_INDICATOR = {
    "level1": Key(a_text, 'level1 = "产出指标"'),
    "level2": Key(a_text, 'level2 = "数量指标"'),
    "name": Key(a_text, 'name = "…"'),
    "target": Key(a_target, 'target = "≥ 9000 人"'),
    "weight": Key(a_number, "weight = 20"),
    "operator": Key(a_text),
    "unit": Key(a_text),
    "core": Key(a_truth),
    "rule": Key(a_text),
    "pass_threshold": Key(a_number),
    "deadline": Key(a_day),
}
_SETTINGS = {"policy": Key(a_text)}

# The columns of the frames, each with the path of its key in the file (or in its [[indicators]]).
_PROJECT_COLUMNS: dict[str, tuple[str, ...]] = {
    "project": ("code",),
    "name": ("name",),
    "department": ("department",),
    "year": ("year",),
    "type": ("type",),
    **{f"budget_{name}": ("budget", name) for name in ("total", "superior", "local", "other")},
    **{name: ("narrative", name) for name in _NARRATIVE},
}
_INDICATOR_COLUMNS: dict[str, tuple[str, ...]] = {
    "level1": ("level1",),
    "level2": ("level2",),
    "indicator": ("name",),
    "operator": ("operator",),
    "target": ("target",),
    "unit": ("unit",),
    "weight": ("weight",),
    "core": ("core",),
    "rule": ("rule",),
    "pass_threshold": ("pass_threshold",),
    "deadline": ("deadline",),
}
_TYPES = {"year": pl.Int64, "core": pl.Boolean, "weight": pl.Float64, "pass_threshold": pl.Float64}
_TYPES |= {f"budget_{name}": pl.Float64 for name in ("total", "superior", "local", "other")}

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*indicators[ \t]*\]\]", re.MULTILINE)

# What stands for a key that is not there. For one that must be (or is wrong), there is a problem,
# which keeps the frames from being used.
_ABSENT: dict[str, Any] = {
    "weight": 0.0,
    "core": None,
    "rule": None,
    "pass_threshold": None,
    "deadline": None,
}


class _File:
    """One file while it is read: its text, and what is wrong with it."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.name = str(path)
        self.text = ""
        self.told: set[tuple[str | int, ...]] = set()
        self._problems = problems

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """The line of a key; of what holds it where the key is not there."""
        while path:
            line = line_of(self.text, path)
            if line is not None:
                return line
            path = path[:-1]
        return 1

    def tell(self, path: tuple[str | int, ...], template: str, **values: object) -> None:
        """Note a problem with the key at `path`."""
        self.told.add(path)
        self._problems.append(Problem(template, values, self.name, self.line(path)))

    def read(
        self, content: Mapping[str, Any], keys: Mapping[str, Key], path: tuple[str | int, ...]
    ) -> dict[str, Any]:
        """The values of a section, converted; what is missing or wrong is told and left out."""
        values: dict[str, Any] = {}
        excused: set[str] = set()
        for name, value in content.items():
            key = keys.get(name)
            if key is None:
                near = suggest(name, keys)
                excused.update(near[:1])
                self._tell_unknown((*path, name), near, keys)
                continue
            values[name], wrong = convert(value, key)
            if wrong:
                del values[name]
                self.tell((*path, name), wrong, key=name, found=shown(value))
        for name, key in keys.items():
            if key.example and name not in content:
                self.told.add((*path, name))
                if name not in excused:
                    self.tell(
                        (*path, name),
                        N_("the key {key} is missing; add it, for instance: {example}"),
                        key=name,
                        example=key.example,
                    )
        return values

    def _tell_unknown(
        self, path: tuple[str | int, ...], near: list[str], keys: Mapping[str, Key]
    ) -> None:
        if near:
            template = N_("unknown key {key}; did you mean {near}?")
            self.tell(path, template, key=path[-1], near=tuple(near))
        else:
            template = N_("unknown key {key}; known here are {known}")
            self.tell(path, template, key=path[-1], known=tuple(keys))


class TomlSpecs:
    """What the files read so far hold, as columns, and all that is wrong with them.

    Reading a file never raises: its problems are added to `problems`, and values that are missing
    or wrong are stood for by blanks, so that the frames can be checked for everything else.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.inputs: list[InputFile] = []
        self.order: list[str] = []
        self.policy: str | None = None
        self._projects: dict[str, list[Any]] = {
            name: [] for name in (*_PROJECT_COLUMNS, *tables.PLACE)
        }
        self._indicators: dict[str, list[Any]] = {
            name: [] for name in ("project", *_INDICATOR_COLUMNS, *tables.PLACE)
        }
        self._project_files: list[_File] = []
        self._indicator_places: list[tuple[_File, int]] = []

    def read_settings(self, path: Path) -> None:
        """The settings at `path`, if there are any: which policy the specs ask for."""
        if not path.exists():
            return
        file, content = self._content(path, rows=0)
        if content is not None:
            self.policy = file.read(content, _SETTINGS, ()).get("policy")

    def read(self, path: Path) -> None:
        """One spec."""
        if path.name == SETTINGS:
            template = N_(
                "{name} holds settings, not a spec, and is read only at the top of the folder of"
                " specs; give that folder, or move the file there"
            )
            self.order.append(str(path))
            self.problems.append(Problem(template, {"name": SETTINGS}, str(path)))
            return
        file, content = self._content(path)
        if content is None:
            return
        schema = content.get("schema")
        if isinstance(schema, int) and not isinstance(schema, bool) and schema != SCHEMA:
            template = N_(
                "schema is {found}, but this perfeval knows schema {known} only; a newer perfeval"
                " may read the file"
            )
            file.tell(("schema",), template, found=schema, known=SCHEMA)
            return
        project = file.read(content, _PROJECT, ())
        for name, keys in (("budget", _BUDGET), ("narrative", _NARRATIVE)):
            project[name] = file.read(project.get(name, {}), keys, (name,))
        self._add_project(file, project)
        self._add_indicators(file, str(project.get("code", "")), project.get("indicators", []))

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Projects and indicators so far, not yet checked against their schemas."""
        return _frame(self._projects), _frame(self._indicators)

    def placed(self, misfits: Iterable[tables.Misfit], indicators: bool) -> Iterator[Problem]:
        """Problems of the frames with the lines of their keys, those told already left out."""
        for misfit in misfits:
            problem, column, row = misfit.problem, misfit.column, misfit.row
            if column is None or row is None:
                yield problem
                continue
            path: tuple[str | int, ...]
            if indicators:
                file, number = self._indicator_places[row]
                if column == "project":  # told with the project
                    continue
                path = ("indicators", number, *_INDICATOR_COLUMNS[column])
            else:
                file, path = self._project_files[row], _PROJECT_COLUMNS[column]
            if path not in file.told:
                values = {**problem.values, "column": path[-1]}
                yield Problem(problem.template, values, file.name, file.line(path))

    def _content(self, path: Path, rows: int | None = None) -> tuple[_File, dict[str, Any] | None]:
        file = _File(path, self.problems)
        self.order.append(file.name)
        try:
            data = read_bytes(path, SIZE_LIMIT)
            file.text, encoding = _utf8(data, file.name)
            content = parse(file.text, file.name)
        except InputError as error:
            self.problems += error.problems
            return file, None
        if rows is None:
            indicators = content.get("indicators")
            rows = len(indicators) if isinstance(indicators, list) else 0
        self.inputs.append(InputFile(file.name, sha256(data), rows, encoding))
        return file, content

    def _add_project(self, file: _File, project: Mapping[str, Any]) -> None:
        columns = self._projects
        for column, path in _PROJECT_COLUMNS.items():
            value: Any = project
            for name in path:
                value = value.get(name)
                if value is None:
                    break
            if value is None and column in ("project", "name", "department"):
                value = ""
            columns[column].append(value)
        columns["file"].append(file.name)
        columns["sheet"].append(None)
        columns["line"].append(1)
        self._project_files.append(file)

    def _add_indicators(self, file: _File, code: str, indicators: list[Any]) -> None:
        columns = self._indicators
        lines = _header_lines(file.text, len(indicators))
        for number, content in enumerate(indicators):
            path = ("indicators", number)
            line = lines[number] if lines else file.line(path)
            values, wrong = convert(content, Key(a_section))
            if wrong:
                file.tell(path, wrong, key="indicators", found=shown(content))
                continue
            values = file.read(values, _INDICATOR, path)
            for column, (name,) in _INDICATOR_COLUMNS.items():
                columns[column].append(values.get(name, _ABSENT.get(column, "")))
            columns["project"].append(code)
            columns["file"].append(file.name)
            columns["sheet"].append(None)
            columns["line"].append(line)
            self._indicator_places.append((file, number))


def _frame(columns: Mapping[str, list[Any]]) -> pl.DataFrame:
    types = {name: _TYPES.get(name, pl.String) for name in columns} | {"line": pl.Int64}
    return pl.DataFrame(columns, schema=types)


def _utf8(data: bytes, file: str) -> tuple[str, str]:
    text, encoding = decode(data, file)
    if not encoding.startswith("utf-8"):
        raise InputError.of(
            N_("the file is in {encoding}, but TOML is always UTF-8; save it again as UTF-8"),
            file=file,
            encoding=encoding,
        )
    return text, encoding


def _header_lines(text: str, count: int) -> list[int]:
    """The lines of the [[indicators]] headers; none where they must be looked for with more care.

    Text in several lines could hold what looks like a header.
    """
    if '"""' in text or "'''" in text:
        return []
    starts = [found.start() for found in _HEADER.finditer(text)]
    if len(starts) != count:
        return []
    lines, line, position = [], 1, 0
    for start in starts:
        line += text.count("\n", position, start)
        lines.append(line)
        position = start
    return lines

"""Specs from TOML files: the keys of each file, gathered into columns for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.problems import Problem
from perfeval.sources.files import InputFile
from perfeval.sources.settings import SETTINGS, Settings, read_settings
from perfeval.sources.toml_file import TomlFile
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
    shown,
    some_sections,
)

SCHEMA = 1
"""The newest form of spec that this version reads."""

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
    "weight": Key(a_number),
    "operator": Key(a_text),
    "unit": Key(a_text),
    "core": Key(a_truth),
    "rule": Key(a_text),
    "pass_threshold": Key(a_number),
    "deadline": Key(a_day),
}

# The columns of the frames, each with the path of its key in the file (or in its [[indicators]]).
_PROJECT_COLUMNS: dict[str, tuple[str, ...]] = {
    "project": ("code",),
    "name": ("name",),
    "department": ("department",),
    "year": ("year",),
    "type": ("type",),
    **{f"budget_{name}": ("budget", name) for name in _BUDGET},
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
_TYPES |= {f"budget_{name}": pl.Float64 for name in _BUDGET}

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*indicators[ \t]*\]\]", re.MULTILINE)

# What stands for a key that is not there. For one that must be (or is wrong), there is a problem,
# which keeps the frames from being used.
_ABSENT: dict[str, Any] = {
    "weight": None,
    "core": None,
    "rule": None,
    "pass_threshold": None,
    "deadline": None,
}


class TomlSpecs:
    """What the files read so far hold, as columns, and all that is wrong with them.

    Reading a file never raises: its problems are added to `problems`, and values that are missing
    or wrong are stood for by blanks, so that the frames can be checked for everything else.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.inputs: list[InputFile] = []
        self.order: list[str] = []
        self.settings = Settings()
        self._projects: dict[str, list[Any]] = {
            name: [] for name in (*_PROJECT_COLUMNS, *tables.PLACE)
        }
        self._indicators: dict[str, list[Any]] = {
            name: [] for name in ("project", *_INDICATOR_COLUMNS, *tables.PLACE)
        }
        self._project_files: list[TomlFile] = []
        self._indicator_places: list[tuple[TomlFile, int]] = []

    def read_settings(self, path: Path) -> None:
        """The settings at `path`, if there are any."""
        if not path.exists():
            return
        self.order.append(str(path))
        self.settings, read = read_settings(path, self.problems)
        self.inputs += [read] if read else []

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

    def _content(self, path: Path) -> tuple[TomlFile, dict[str, Any] | None]:
        file = TomlFile(path, self.problems)
        self.order.append(file.name)
        opened = file.open(path)
        if opened is None:
            return file, None
        self.inputs.append(opened[0])
        return file, opened[1]

    def _add_project(self, file: TomlFile, project: Mapping[str, Any]) -> None:
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

    def _add_indicators(self, file: TomlFile, code: str, indicators: list[Any]) -> None:
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

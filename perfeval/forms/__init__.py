"""The official forms that results are written into: their layouts, as data.

A form is a TOML file: rows of cells, each a label, a field of the result or an empty cell for a
person, laid out like a table on a web page (`across` columns, `down` rows). The row with
`each = "indicator"` stands for as many rows as a project has indicators.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.policy.values import (
    INVALID,
    KeyPath,
    Layer,
    a_flag,
    a_list,
    a_positive,
    a_table,
    a_text,
    one_of,
    shown,
)
from perfeval.problems import InputError

DEFAULT = "national"
"""The form of a policy that names none."""

SCHEMA = 1
INDICATORS = "indicators"
"""The value of `down` that reaches to the last indicator's row."""

PROJECT_FIELDS = (
    "project", "name", "department", "type", "goal", "overview", "basis", "schedule",
    "budget_initial", "budget_fiscal", "budget_other", "budget", "spent",
    "execution_points", "execution_rate", "execution_score", "total_points", "total", "grade",
)  # fmt: skip
INDICATOR_FIELDS = (
    "level1", "level2", "indicator", "operator", "target", "target_value", "unit", "adjusted",
    "actual", "coefficient", "weight", "points", "score", "core", "reason", "deduction",
)  # fmt: skip
NEEDED = ("budget", "spent", "execution_score", "total", "actual", "score")
"""What every form has: the cells that its formulas start from and lead to."""

_MOST_COLUMNS = 40
_MAX_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a form: `label` (a heading), `text` (as it is), `field`, or nothing.

    across, down: how many columns and rows it takes; 0 rows: to the last indicator's. group: equal
    neighbours below one another are one cell.
    """

    label: str | None
    text: str
    field: str
    across: int
    down: int
    align: str
    group: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form; `each` where it is repeated per indicator; at least `height` points high."""

    cells: tuple[Cell, ...]
    each: bool
    height: float


@dataclass(frozen=True, slots=True)
class Form:
    """A layout: `widths` of the columns in characters, rows from top to bottom."""

    name: str
    title: str
    subtitle: str
    landscape: bool
    widths: tuple[float, ...]
    rows: tuple[Row, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the form shows."""
        return frozenset(cell.field for row in self.rows for cell in row.cells if cell.field)


@cache
def shipped() -> dict[str, Path]:
    """Name → file of the forms that come with perfeval."""
    return {path.stem: path for path in sorted(Path(__file__).parent.glob("*.toml"))}


def load_form(path: Path) -> Form:
    """The form in the file `path`; raises `InputError` with every problem of the file."""
    layer = Layer(path, _text(path))
    try:
        data = tomllib.loads(layer.text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError, ArithmeticError, RecursionError) as error:
        template = N_("TOML syntax error: {error}")
        raise InputError.of(template, file=str(path), error=str(error)) from None
    layer.data = _FORM(layer, (), data)
    if not layer.problems:
        _fits(layer)
    if layer.problems:
        raise InputError(sorted(layer.problems, key=lambda problem: problem.line or 0))
    return _form(layer.data)


def places(form: Form, indicators: int) -> Iterator[tuple[int, Row, list[tuple[int, int, Cell]]]]:
    """The rows of a form for so many indicators, top to bottom: (number, row, its cells).

    A cell comes with the column in which it begins and the rows that it takes, what is above it
    taken into account.
    """
    taken: dict[int, int] = {}  # column → the first row that is free below
    number = 0
    last = first_indicator(form) + indicators - 1
    for row in form.rows:
        for _ in range(indicators if row.each else 1):
            column, placed = 0, []
            for cell in row.cells:
                while taken.get(column, 0) > number:
                    column += 1
                down = cell.down or max(1, last - number + 1)
                placed.append((column, down, cell))
                for each in range(column, column + cell.across):
                    taken[each] = number + down
                column += cell.across
            yield number, row, placed
            number += 1


def first_indicator(form: Form) -> int:
    """The number of the row of the first indicator, from 0."""
    return next(number for number, row in enumerate(form.rows) if row.each)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        template = N_("the form cannot be read: {error}")
        raise InputError.of(template, file=str(path), error=error.strerror or error) from None
    if len(data) > _MAX_BYTES:
        template = N_("the file is larger than {limit} KiB: this is no form")
        raise InputError.of(template, file=str(path), limit=_MAX_BYTES // 1024)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        template = N_("byte {byte} is not UTF-8; save the file in the encoding UTF-8")
        raise InputError.of(template, file=str(path), byte=f"0x{data[error.start]:02x}") from None


def _schema(layer: Layer, path: KeyPath, value: Any) -> Any:
    if value == SCHEMA and not isinstance(value, bool):
        return value
    template = N_("schema must be {known}; found {found}")
    return layer.refuse(path, template, known=SCHEMA, found=shown(value))


def _any_text(layer: Layer, path: KeyPath, value: Any) -> Any:
    return "" if value == "" else a_text(layer, path, value)


def _count(layer: Layer, path: KeyPath, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_COLUMNS:
        return value
    template = N_("{key} must be a whole number from 1 to {most}; found {found}")
    return layer.refuse(path, template, most=_MOST_COLUMNS, found=shown(value))


def _down(layer: Layer, path: KeyPath, value: Any) -> Any:
    return 0 if value == INDICATORS else _count(layer, path, value)


def _widths(layer: Layer, path: KeyPath, value: Any) -> Any:
    widths = a_list(layer, path, value, 0, a_positive)
    if widths is not INVALID and not 3 <= len(widths) <= _MOST_COLUMNS:
        template = N_("{key} must list the widths of 3 to {most} columns; found {found}")
        return layer.refuse(path, template, most=_MOST_COLUMNS, found=len(widths))
    return widths


def _cells(layer: Layer, path: KeyPath, value: Any) -> Any:
    return a_list(layer, path, value, 0, _CELL)


def _rows(layer: Layer, path: KeyPath, value: Any) -> Any:
    return a_list(layer, path, value, 0, _ROW)


_CELL = a_table(
    {
        "label": _any_text,
        "text": a_text,
        "field": one_of((*PROJECT_FIELDS, *INDICATOR_FIELDS)),
        "across": _count,
        "down": _down,
        "align": one_of(("left", "center", "right")),
        "group": a_flag,
    }
)
_ROW = a_table(
    {
        "cells": _cells,
        "each": one_of(("indicator",)),
        "height": a_positive,
    },
    needed=("cells",),
)
_FORM = a_table(
    {
        "schema": _schema,
        "name": a_text,
        "title": a_text,
        "subtitle": a_text,
        "orientation": one_of(("portrait", "landscape")),
        "widths": _widths,
        "rows": _rows,
        "source": a_table({"text": a_text, "certainty": a_text}, needed=("text",)),
    },
    needed=("schema", "name", "title", "widths", "rows"),
)


def _fits(layer: Layer) -> None:
    """Whether the rows of a form fit its columns, and hold what they must."""
    rows: list[Mapping[str, Any]] = layer.data["rows"]
    repeated = [number for number, row in enumerate(rows) if "each" in row]
    if len(repeated) != 1 or not repeated[0]:
        template = N_(
            'a form has one row with each = "indicator", below a row of headings; found {found}'
        )
        layer.refuse(("rows",), template, found=len(repeated))
        return
    counts = Counter(cell.get("field", "") for row in rows for cell in row["cells"])
    for name in NEEDED:
        if counts[name] != 1:
            template = N_("a form shows the field {field} once; found {found}")
            layer.refuse(("rows",), template, field=name, found=counts[name])
    for number, row in enumerate(rows):
        known = INDICATOR_FIELDS if number == repeated[0] else PROJECT_FIELDS
        wrong = [cell["field"] for cell in row["cells"] if cell.get("field", known[0]) not in known]
        if wrong:
            template = N_("row {row}: {fields} cannot stand here; possible: {known}")
            values = {"row": number + 1, "fields": tuple(wrong), "known": known}
            layer.refuse(("rows", number), template, **values)
    if layer.problems:
        return
    form = _form(layer.data)
    taken: list[list[int]] = [[] for _ in form.rows]
    for number, _row, placed in places(form, 1):
        for column, down, cell in placed:
            for below in taken[number : number + down]:
                below += range(column, column + cell.across)
    for number, columns in enumerate(taken):
        if sorted(columns) != list(range(len(form.widths))):
            template = N_(
                "row {row}: its cells, with those that reach down into it, take the columns"
                " {found}; each of {expected} columns must be taken once"
            )
            values = {"row": number + 1, "found": tuple(sorted(one + 1 for one in columns))}
            layer.refuse(("rows", number), template, **values, expected=len(form.widths))


def _form(data: Mapping[str, Any]) -> Form:
    return Form(
        name=data["name"],
        title=data["title"],
        subtitle=data.get("subtitle", ""),
        landscape=data.get("orientation", "portrait") == "landscape",
        widths=tuple(map(float, data["widths"])),
        rows=tuple(map(_row, data["rows"])),
    )


def _row(data: Mapping[str, Any]) -> Row:
    cells = tuple(
        Cell(
            label=cell.get("label"),
            text=cell.get("text", ""),
            field=cell.get("field", ""),
            across=cell.get("across", 1),
            down=cell.get("down", 1),
            align=cell.get("align", "center"),
            group=cell.get("group", False),
        )
        for cell in data["cells"]
    )
    height = float(data.get("height", 0))
    return Row(cells, "each" in data, height)

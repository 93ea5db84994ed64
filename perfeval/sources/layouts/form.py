"""A form: the table of one project's targets, or its self-evaluation, with labelled cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.problems import Problem
from perfeval.quantity import operator
from perfeval.sources import headings
from perfeval.sources.disclosure import contacts
from perfeval.sources.disclosure import form as printed
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.disclosure.header import Header as Upper
from perfeval.sources.disclosure.header import Piece
from perfeval.sources.disclosure.lines import join
from perfeval.sources.disclosure.rows import DIGITS, number
from perfeval.sources.disclosure.table import Reading
from perfeval.sources.grids import Grid
from perfeval.sources.layouts.funds import Funds, Overall, read_funds, read_overall
from perfeval.sources.layouts.headers import Header
from perfeval.sources.layouts.labels import Cell, Labelled, read_labels
from perfeval.sources.layouts.rows import Body, listed, read_rows

TARGETS, EVALUATION = "targets", "evaluation"
_NO_WEIGHTS = N_(
    "the table has no column of weights (权重, 分值), so it is no target table by itself; add the"
    " column, or give the target tables with --specs"
)
_BLANK_WEIGHT = N_("the indicator {indicator} has no weight (权重, 分值); it counts 0 points")
_ODD_WEIGHT = N_(
    "the weight of the indicator {indicator} is “{text}”; a number of points is expected"
)
_NO_PROJECT = N_(
    "the form names no project (项目名称, 项目编码); the heading above it, or the name of its sheet"
    " or file, stands in: {name}"
)
_NO_NAME = N_("the row has no name of an indicator (三级指标); it is left out of the target table")
_RIVALS = N_("the columns {columns} all hold {heading}; keep one of them")
_UNREAD = N_(
    "{count} cells above the indicators have no known label and were left out: {cells}; check them"
)
_LABELLED = re.compile(r"[^，。；：:]{2,20}[：:]")  # of lines of text, what is like a labelled one
_NUMBERED = re.compile(r"^[（(]?[\d一二三四五六七八九十]{1,3}[)）]?\s*[、.．]?\s*")
_LONGEST_HEADING = 60
_OF_TARGETS = ("operator", "target", "target_adjusted", "unit", "weight")
_CHONGQING = ("coefficient", "target_adjusted", "core")


@dataclass(slots=True)
class Form:
    """One form of a grid, taken apart.

    `kind` is `TARGETS` or `EVALUATION`; `project` the project's code, or its name where the form
    has no code; `first` is the first row that belongs to it. `spec` is its target side in the shape
    of a spec's TOML file, and `kept` says which of the body's rows its indicators are. `errors`
    keep it from being a target table; `problems` are what else is to be said of it.
    """

    grid: Grid
    header: Header
    kind: str
    first: int
    labels: Labelled
    funds: Funds
    overall: Overall
    body: Body
    spec: dict[str, Any] = field(default_factory=dict)
    kept: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)

    @property
    def project(self) -> str:
        """The project's code, or what stands in for it."""
        return str(self.spec["code"])

    @property
    def is_chongqing(self) -> bool:
        """Whether the form has the columns of Chongqing's self-evaluation."""
        return any(name in self.header.columns for name in _CHONGQING)

    @property
    def rows(self) -> tuple[int, int]:
        """The first and the last row of its indicators, as indices of the grid's rows."""
        places = self.body.places or [self.header.last]
        return places[0], places[-1]


def read_form(grid: Grid, header: Header, first: int, end: int, repeated: frozenset[int]) -> Form:
    """The form whose indicators stand below `header`, in the rows from `first` to before `end`."""
    funds = read_funds(grid, first, header.first)
    body = read_rows(grid, header, repeated, end)
    overall = read_overall(grid, first, header.first)
    labels = read_labels(grid, first, header.first, funds.rows | overall.rows)
    foot = read_labels(grid, body.foot, end, frozenset())
    for name, cell in foot.cells.items():
        labels.cells.setdefault(name, cell)
    labels.persons |= foot.persons
    kind = EVALUATION if {"actual", "score"} & set(header.columns) else TARGETS
    form = Form(grid, header, kind, first, labels, funds, overall, body)
    form.problems += body.problems
    for column, rivals in header.rivals.items():
        letters = [grid.address(header.last, at) for at in rivals]
        values: dict[str, object] = {"columns": letters, "heading": headings.label(column)}
        form.errors.append(grid.problem(_RIVALS, values, header.last))
    unread = [
        (cell.row, cell.column)
        for cell in (*labels.unknown, *foot.unknown)
        if cell.row not in grid.outside or _LABELLED.match(cell.text)
    ]
    if unread:
        form.problems.append(grid.problem(_UNREAD, listed(grid, unread)))
    form.spec = _spec(form)
    return form


def _spec(form: Form) -> dict[str, Any]:
    """The target side of a form in the shape of a spec's TOML file."""
    grid, labels = form.grid, form.labels
    overall = "整体" in labels.title or bool(form.overall.rows)
    line = form.first  # here lines are indices of rows, until the problems get their places
    table = printed.Table(overall, labels.year, line, unit=labels.unit)
    upper = Upper(contacts=labels.persons, units=dict(labels.units))
    for name in (*printed.NARRATIVE, *printed.AMOUNTS, "department", "code", "name", "type"):
        cell = labels.cells.get(name)
        if cell:
            text = join(cell.text.split("\n"))
            text = text if name in ("code", *printed.AMOUNTS) else contacts.without(text)
            upper.cells[name] = [Piece(text, cell.row)]
            _note_doubt(form, name, cell)
    if "department" not in upper.cells and labels.text("executing"):
        upper.cells["department"] = [Piece(labels.text("executing"), form.first)]
    if overall:
        amounts = form.overall
        upper.cells["funds"] = [Piece(text, amounts.row) for text in amounts.amounts]
        upper.units["funds"] = amounts.unit
    _add_funds(form, upper)
    if not overall and not {"code", "name"} & set(upper.cells):
        where = grid.sheet or Path(grid.file).stem
        if grid.sheets:  # the number of a page or table alone is no name
            where = f"{Path(grid.file).stem} {grid.sheet_at(form.first)}"
        stand_in = _heading(form) or where
        upper.cells["name"] = [Piece(stand_in, form.first)]
        form.problems.append(grid.problem(_NO_PROJECT, {"name": stand_in}, form.first))
    reading = Reading(table, grid.file, upper, partial=form.kind == EVALUATION)
    spec = reading.compose(list(_indicators(form)))
    form.problems += [
        grid.problem(problem.template, problem.values, problem.line) for problem in reading.problems
    ]
    return spec


def _heading(form: Form) -> str:
    """The line of text nearest above the table that is neither a title nor labelled."""
    above = (cell for cell in reversed(form.labels.unknown) if cell.row in form.grid.outside)
    texts = (_NUMBERED.sub("", contacts.without(cell.text)) for cell in above)
    return next((text for text in texts if len(text) <= _LONGEST_HEADING), "")


def _note_doubt(form: Form, name: str, cell: Cell) -> None:
    doubt = form.grid.doubts.get((cell.row, cell.column))
    if doubt:
        (form.errors if name == "code" else form.problems).append(doubt)


def _add_funds(form: Form, upper: Upper) -> None:
    """The project's budget as its self-evaluation states it: what it was at first."""
    if "total" in upper.cells or form.funds.row is None:
        return
    text = form.funds.cells.get("budget_initial", "")
    text = form.funds.cells.get("budget", "") if text in EMPTY else text
    if text not in EMPTY:
        upper.cells["total"] = [Piece(text, form.funds.row)]
        if form.funds.unit:
            upper.units["total"] = form.funds.unit


def _indicators(form: Form) -> Iterator[dict[str, Any]]:
    grid, columns = form.grid, form.header.columns
    if "weight" not in columns:
        form.errors.append(grid.problem(_NO_WEIGHTS, None, form.header.last))
        return
    percent = _in_percent(form)
    for index, (row, cells) in enumerate(zip(form.body.places, form.body.rows, strict=True)):
        if not cells["indicator"]:
            form.errors.append(grid.problem(_NO_NAME, None, row, columns["indicator"]))
            continue
        formulas = _uncomputed(form, row)
        if formulas:
            form.errors += formulas
            continue
        weight = _weight(form, row, cells, percent)
        if weight is None:
            continue
        found: dict[str, Any] = {name: cells[name] for name in ("level1", "level2")}
        found |= {"name": cells["indicator"], "target": target_text(cells), "weight": weight}
        if is_core(cells.get("core", "")):
            found["core"] = True
        form.kept.append(index)
        yield found


def _uncomputed(form: Form, row: int) -> list[Problem]:
    """What is said of the cells of a target that are formulas without their results."""
    columns = (form.header.columns.get(name) for name in _OF_TARGETS)
    cells = (form.grid.uncomputed(row, column) for column in columns if column is not None)
    return [problem for problem in cells if problem]


def _in_percent(form: Form) -> bool:
    """Whether the weights are percentages that make 100 together: the points of a project."""
    texts = [cells["weight"] for cells in form.body.rows if cells["weight"] not in EMPTY]
    shares = [text[:-1] for text in texts if re.fullmatch(r"\d{1,3}(\.\d{1,6})?%", text, re.ASCII)]
    return len(shares) == len(texts) and sum(map(Decimal, shares)) == 100


def _weight(form: Form, row: int, cells: dict[str, str], percent: bool) -> int | Decimal | None:
    text = cells["weight"].removesuffix("%" if percent else "分").strip()
    column = form.header.columns["weight"]
    values: dict[str, object] = {"indicator": cells["indicator"], "text": cells["weight"][:40]}
    if text in EMPTY:
        form.problems.append(form.grid.problem(_BLANK_WEIGHT, values, row, column))
        return 0
    plain = text.replace(".", "", 1)
    if not (plain.isascii() and plain.isdigit()) or len(plain.lstrip("0")) > DIGITS:
        form.errors.append(form.grid.problem(_ODD_WEIGHT, values, row, column))
        return None
    return number(text if text[0] != "." else f"0{text}")


def is_core(text: str) -> bool:
    """Whether a cell marks a core indicator."""
    return text.strip() in ("是", "核心", "√", "✓", "核心指标")


def target_of(cells: Mapping[str, str]) -> str:
    """What a row asks for: the adjusted value, where there is one, replaces the initial."""
    adjusted = cells.get("target_adjusted", "")
    return cells.get("target", "") if adjusted in EMPTY else adjusted


def target_text(cells: Mapping[str, str]) -> str:
    """Operator, value and unit in one line, as people say it."""
    value, unit = target_of(cells), cells.get("unit", "")
    written = cells.get("operator", "")
    sign = operator(written) or written
    unit = "" if unit in EMPTY or value.endswith(unit) else unit
    return " ".join(part for part in (sign, value, unit) if part)

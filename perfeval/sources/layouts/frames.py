"""What forms and lists hold, in the shapes that the rest of the program uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.problems import InputError, Problem
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.layouts import Contents
from perfeval.sources.layouts.form import (
    EVALUATION,
    TARGETS,
    Form,
    is_core,
    target_of,
    target_text,
)
from perfeval.sources.layouts.funds import AMOUNTS
from perfeval.sources.layouts.lists import ACTUAL_ROWS, EXECUTION_ROWS, SPEC_ROWS, TABLES
from perfeval.sources.places import Region
from perfeval.sources.specs_table import from_sheet
from perfeval.sources.table import MALFORMED, Sheet, collect

NO_DEPARTMENT = "未注明部门"
"""The department of a form that names none."""

_ENDLESS = N_("the weight (权重, 分值) is {value}; a finite number of points is expected")
_CLAIMED = ("weight", "score", "grade", "execution_weight", "execution_rate", "execution_score")
CLAIMS = pl.Schema(
    dict.fromkeys(("project", *_CLAIMED, "file", "sheet"), pl.String) | {"line": pl.Int64}
)
"""What a self-evaluation claims of a whole project, as written: its sums, grade and execution."""

_BUDGETS = ("total", "superior", "local", "other")
_NARRATIVE = ("overview", "basis", "schedule", "goal")


@dataclass(frozen=True)
class Targets:
    """The target side of a file: projects and indicators, and what keeps them from being used.

    `regions` say in which cells values stand, where the file has cells.
    """

    projects: pl.DataFrame
    indicators: pl.DataFrame
    errors: tuple[Problem, ...]
    regions: tuple[Region, ...] = ()


def stating_targets(contents: Contents) -> list[Form]:
    """The forms that state targets: of a project with both kinds of form, its target table."""
    stated = {form.project for form in contents.forms if form.kind == TARGETS}
    return [form for form in contents.forms if form.kind == TARGETS or form.project not in stated]


def targets(contents: Contents) -> Targets | None:
    """The target side of a file; None where it has none at all."""
    forms = [form for form in stating_targets(contents) if form.spec["indicators"] or form.errors]
    projects = [pl.DataFrame(list(map(_project, forms)), schema=_types(tables.PROJECTS))]
    rows = [row for form in forms for row in _indicators(form)]
    indicators = [pl.DataFrame(rows, schema=_types(tables.INDICATORS))]
    errors = [problem for form in forms for problem in form.errors]
    if any(SPEC_ROWS in table.sources for table in contents.lists):
        read = from_sheet(_listed(contents, SPEC_ROWS))
        projects.append(read.projects)
        indicators.append(read.indicators)
        errors += [
            problem
            for table in contents.lists
            if SPEC_ROWS in table.sources
            for problem in table.errors[SPEC_ROWS]
        ]
        errors += read.problems
    elif not forms:
        return None
    return Targets(
        pl.concat(projects).rechunk(),
        pl.concat(indicators).rechunk(),
        tuple(errors),
        contents.regions,
    )


def actuals(contents: Contents) -> Sheet | None:
    """What the forms and lists of a file say was achieved, with the scores they claim."""
    rows = [row for form in _evaluations(contents) for row in _actuals(form)]
    return _joined(contents, ACTUAL_ROWS, rows, tables.ACTUALS)


def execution(contents: Contents) -> Sheet | None:
    """The budget execution in the blocks of funds and the lists of a file."""
    rows = [row for form in _evaluations(contents) for row in execution_of(form)]
    return _joined(contents, EXECUTION_ROWS, rows, tables.EXECUTION)


def claims(contents: Contents) -> pl.DataFrame:
    """What each self-evaluation claims of its whole project (the columns of `CLAIMS`)."""
    return pl.DataFrame([claims_of(form) for form in _evaluations(contents)], schema=CLAIMS)


def spec_dicts(contents: Contents) -> list[dict[str, Any]]:
    """The target side of a file, in the shape of specs' TOML files."""
    found = [form.spec for form in stating_targets(contents) if form.spec["indicators"]]
    if any(SPEC_ROWS in table.sources for table in contents.lists):
        found += _dicts(_listed(contents, SPEC_ROWS))
    return found


def _evaluations(contents: Contents) -> Iterator[Form]:
    return (form for form in contents.forms if form.kind == EVALUATION)


def _types(schema: Any) -> dict[str, Any]:
    return {name: column.dtype.type for name, column in schema.columns.items()}


def _listed(contents: Contents, kind: str) -> Sheet:
    sources = [table.sources[kind] for table in contents.lists if kind in table.sources]
    return replace(collect(sources, TABLES[kind], contents.input), regions=contents.regions)


def _joined(
    contents: Contents, kind: str, rows: Sequence[Mapping[str, Any]], schema: Any
) -> Sheet | None:
    """Rows of forms together with those of lists; None where the file has neither."""
    sheets = []
    if rows:
        frame = pl.DataFrame(rows, schema=_types(schema))
        sheets.append(Sheet(frame, pl.DataFrame(schema=MALFORMED), contents.input))
    if any(kind in table.sources for table in contents.lists):
        sheets.append(_listed(contents, kind))
    if not sheets:
        return None
    frame = pl.concat([sheet.frame for sheet in sheets]).rechunk()
    malformed = pl.concat([sheet.malformed for sheet in sheets])
    rows_read = replace(contents.input, rows=frame.height + malformed.height)
    return Sheet(frame, malformed, rows_read, contents.regions)


def _place(form: Form, row: int) -> dict[str, Any]:
    grid = form.grid
    return {"file": grid.file, "sheet": grid.sheet_at(row), "line": grid.lines[row]}


def _project(form: Form) -> dict[str, Any]:
    spec = form.spec
    budget, narrative = spec.get("budget", {}), spec.get("narrative", {})
    return {
        "project": spec["code"],
        "name": spec["name"],
        "department": spec.get("department", NO_DEPARTMENT),
        "year": spec.get("year"),
        "type": spec.get("type"),
        **{f"budget_{name}": _float(budget.get(name)) for name in _BUDGETS},
        **{name: narrative.get(name) for name in _NARRATIVE},
        **_place(form, form.first),
    }


def _float(number: int | Decimal | None) -> float | None:
    return None if number is None else float(number)


def _indicators(form: Form) -> Iterator[dict[str, Any]]:
    for index, indicator in zip(form.kept, form.spec["indicators"], strict=True):
        cells = form.body.rows[index]
        yield {
            "project": form.project,
            **{name: indicator[name] for name in ("level1", "level2")},
            "indicator": indicator["name"],
            "operator": cells.get("operator", ""),
            "target": target_of(cells),
            "unit": _filled(cells.get("unit", "")),
            "weight": float(indicator["weight"]),
            "core": is_core(cells["core"]) if cells.get("core") else None,
            "rule": None,
            "pass_threshold": None,
            "deadline": None,
            **_place(form, form.body.places[index]),
        }


def _filled(text: str) -> str:
    return "" if text in EMPTY else text


def _actuals(form: Form) -> Iterator[dict[str, Any]]:
    names = ("indicator", "actual", "level2", "unit", "score", "reason", "deduction", "applicable")
    for row, cells in zip(form.body.places, form.body.rows, strict=True):
        found = {name: cells.get(name, "") for name in names}
        found |= {name: _filled(found[name]) for name in ("unit", "score", "deduction")}
        yield {"project": form.project, **found, **_place(form, row)}


def execution_of(form: Form) -> Iterator[dict[str, Any]]:
    """The row of the block of funds; none where it is left blank."""
    funds = form.funds
    amounts = {name: funds.amount(name) for name in AMOUNTS}
    if funds.row is not None and any(amounts.values()):
        score = _filled(funds.cells.get("score", ""))
        yield {"project": form.project, **amounts, "score": score, **_place(form, funds.row)}


def claims_of(form: Form) -> dict[str, Any]:
    """The sums below the indicators, else what the upper half says; the place is the sums'."""
    total, funds = form.body.total, form.funds.cells
    row = form.body.total_row
    labelled = form.labels.cells.get("total_score") or form.labels.cells.get("grade")
    row = labelled.row if row is None and labelled else row
    return {
        "project": form.project,
        "weight": _filled(total.get("weight", "")),
        "score": _filled(total.get("score", "")) or form.labels.text("total_score"),
        "grade": form.labels.text("grade"),
        **{
            f"execution_{name}": _filled(funds.get(name, ""))
            for name in ("weight", "rate", "score")
        },
        **_place(form, form.header.last if row is None else row),
    }


def _dicts(sheet: Sheet) -> list[dict[str, Any]]:
    """The projects of a list, in the order of their first rows; a blank weight is 0 points.

    Raises `InputError` for cells that cannot be what they stand for.
    """
    read = from_sheet(sheet)
    problems = [
        *read.problems,
        *(
            Problem(_ENDLESS, {"value": row["weight"]}, row["file"], row["line"], row["sheet"])
            for row in read.indicators.filter(~pl.col("weight").is_finite()).iter_rows(named=True)
        ),
    ]
    if problems:
        raise InputError(problems)
    found: dict[str, dict[str, Any]] = {}
    for row in read.projects.iter_rows(named=True):
        spec = {"schema": 1, "code": row["project"], "name": row["name"]}
        told = {name: row[name] for name in ("department", "year", "type") if row[name]}
        found[row["project"]] = {**spec, **told, "indicators": []}
    for typed, cells in zip(
        read.indicators.iter_rows(named=True), sheet.frame.iter_rows(named=True), strict=True
    ):
        indicator = {name: cells[name] for name in ("level1", "level2")}
        indicator |= {"name": cells["indicator"], "target": target_text(cells)}
        indicator["weight"] = _points(typed["weight"])
        optional = ("core", "rule", "pass_threshold", "deadline")
        indicator |= {name: typed[name] for name in optional if typed[name] is not None}
        found[cells["project"]]["indicators"].append(indicator)
    return list(found.values())


def _points(weight: float | None) -> int | Decimal:
    """A weight with the digits that were written: a float keeps as many as are let in."""
    whole = int(weight or 0)
    return whole if whole == (weight or 0) else Decimal(str(weight))

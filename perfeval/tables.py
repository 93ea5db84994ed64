"""What each table holds: columns, types and domains, as the gate that every frame passes.

Two things to know about these schemas. The values of a LazyFrame are not looked at when it is
validated, so `check` takes collected frames. And NaN and infinity count as numbers (infinity is
≥ 0, NaN is a value where nulls are allowed), so every number says `finite` for itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from perfeval.messages import N_
from perfeval.problems import InputError, Problem

STATUSES = ("scored", "undecided", "rejected", "not_applicable")
WAYS = ("number", "deadline", "judged", "undecidable")
"""How an indicator is decided: by comparison, by a date, by a person's judgement, or not at all."""

SEVERITIES = ("error", "warning", "info")

PLACE = ("file", "sheet", "line")
"""Where a row stands: in a workbook, `line` is its row in `sheet`; elsewhere `sheet` is null."""

SHOWN = 20
"""Most problems of one kind that are told one by one; the rest are counted."""

MOST_FINDINGS = 1_000
"""Findings of one rule that a file of rows holds with their values; the others are counted."""

_VALUE = 60  # characters of a value that a message shows
_MESSAGES = {
    "not_nullable": N_("{column} is missing; fill it in"),
    "filled": N_("{column} is empty; fill it in (in every row, also where cells were merged)"),
    "finite": N_("{column} is {value}; a finite number is expected"),
    "not_negative": N_(
        "{column} is {value}, below zero; points are never negative: check the sign"
    ),
    "share": N_("{column} is {value}; a share between 0 and 1 is expected, such as 0.6"),
    "year": N_("{column} is {value}; a year between 1949 and 2100 is expected"),
    "whole_code": N_(
        "{column} is {value}: a spreadsheet has turned the code into a number and lost its last"
        " digits; enter it again as text"
    ),
}
_OTHER_VALUE = N_("{column} is {value}, which does not fit ({check})")
_OTHER = N_("the table is not as expected: {detail} ({check})")
_MORE = N_("{column}: {count} more rows with the same problem")


_TESTS: dict[str, Callable[[pl.Expr], pl.Expr]] = {}
"""What each check asks of a column, by its name; of rows, whatever the column."""


def _values(name: str, test: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
    """A check of the values of a column, each by itself; a null passes."""
    _TESTS[name] = test

    def passes(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(test(pl.col(str(data.key))))

    return pa.Check(passes, name=name)


def _rows(name: str, test: pl.Expr) -> pa.Check:
    """A check of a table's rows, each by itself; a null passes."""
    return _values(name, lambda _: test)


_FILLED = _values("filled", lambda value: value != "")
_FINITE = _values("finite", lambda value: value.is_finite())
# What is not finite fails `finite` alone (to polars, NaN is greater than every number).
_NOT_NEGATIVE = _values("not_negative", lambda value: (value >= 0) | (value == -math.inf))
_SHARE = _values("share", lambda value: ~value.is_finite() | value.is_between(0, 1))
_YEAR = _values("year", lambda value: value.is_between(1949, 2100))
_STATUS = _values("status", lambda value: value.is_in(STATUSES))
_WHOLE_CODE = _values(
    "whole_code", lambda value: ~value.str.contains(r"^\s*\d(\.\d+)?[eE]\+?\d+\s*$")
)


def _text(*checks: pa.Check, nullable: bool = False) -> pa.Column:
    return pa.Column(pl.String, list(checks), nullable=nullable)


def _number(*checks: pa.Check, nullable: bool = False) -> pa.Column:
    return pa.Column(pl.Float64, [_FINITE, *checks], nullable=nullable)


def _whole(*checks: pa.Check, nullable: bool = False) -> pa.Column:
    return pa.Column(pl.Int64, list(checks), nullable=nullable)


def _truth(nullable: bool = True) -> pa.Column:
    return pa.Column(pl.Boolean, nullable=nullable)


def _schema(name: str, columns: dict[str, pa.Column], *checks: pa.Check) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, checks=list(checks), name=name, strict=True, ordered=True)


def _place() -> dict[str, pa.Column]:
    return {"file": _text(), "sheet": _text(nullable=True), "line": _whole(nullable=True)}


def _bounds() -> dict[str, pa.Column]:
    """Hundredths of a point; null where a row has no score at all (rejected, not applicable)."""
    return {name: _whole(_NOT_NEGATIVE, nullable=True) for name in ("score", "low", "high")}


_ORDERED = (
    _rows("score is low", pl.col("score") == pl.col("low")),
    _rows("low is at most high", pl.col("low") <= pl.col("high")),
)

PROJECTS = _schema(
    "Projects",
    {
        "project": _text(_FILLED, _WHOLE_CODE),
        "name": _text(_FILLED),
        "department": _text(_FILLED),
        "year": _whole(_YEAR, nullable=True),
        "type": _text(nullable=True),
        # 万元
        "budget_total": _number(nullable=True),
        "budget_superior": _number(nullable=True),
        "budget_local": _number(nullable=True),
        "budget_other": _number(nullable=True),
        "budget_basic": _number(nullable=True),
        "budget_project": _number(nullable=True),
        "overview": _text(nullable=True),
        "basis": _text(nullable=True),
        "schedule": _text(nullable=True),
        "goal": _text(nullable=True),
        **_place(),
    },
)
"""One row per project (or department's overall table); project is the code and unique."""

INDICATORS = _schema(
    "Indicators",
    {
        "project": _text(_FILLED),
        "level1": _text(_FILLED),
        "level2": _text(),
        "indicator": _text(_FILLED),
        "operator": _text(),
        "target": _text(),
        "unit": _text(),
        # A weight that is missing, zero or negative is a finding of the consistency rules.
        "weight": _number(nullable=True),
        "core": _truth(),
        "rule": _text(nullable=True),
        "pass_threshold": _number(_SHARE, nullable=True),
        "deadline": _text(nullable=True),
        **_place(),
    },
)
"""One row per indicator: operator, target and unit as written, weight in points."""

SCORABLE = _schema("Scorable", {"weight": _number(_NOT_NEGATIVE), **_place()})
"""What scoring asks of indicators beyond `INDICATORS`: points, and none below zero."""

ACTUALS = _schema(
    "Actuals",
    {
        **{
            name: _text()
            for name in (
                "project",
                "indicator",
                "actual",
                "level2",
                "unit",
                "score",
                "reason",
                "deduction",
                "applicable",
            )
        },
        **_place(),
    },
)
"""One row per actual, everything as written, "" for what is not there."""

EXECUTION = _schema(
    "Execution",
    {
        **{name: _text() for name in ("project", "budget_initial", "budget", "spent", "score")},
        **_place(),
    },
)
"""One row per project's money, everything as written, "" for what is not there."""

AMOUNT = pl.Decimal(38, 6)
"""Money in 万元, exact to the 分."""

BUDGET = _schema(
    "Budget",
    {
        "department": _text(_FILLED),
        "table": _text(_FILLED),
        "code": _text(),
        "label": _text(),
        "column": _text(),
        "amount": pa.Column(AMOUNT, nullable=True),
        # How many digits are printed after the point, in 万元.
        "decimals": _whole(_NOT_NEGATIVE, nullable=True),
        "source_line": _whole(nullable=True),
        **_place(),
    },
)
"""One row per printed amount of the tables in `perfeval.budget_form`, in 万元.

`code` is the row's; `column` is one of its table's, or `undecided`. A table that is printed without
any amount is one row without an amount.
"""

SCORES = _schema(
    "Scores",
    {
        "project": _text(),
        "level1": _text(),
        "level2": _text(),
        "indicator": _text(),
        "operator": _text(),
        "target": _text(),
        "target_number": _number(nullable=True),
        "unit": _text(),
        "weight": _number(_NOT_NEGATIVE),
        "points": _number(_NOT_NEGATIVE),
        "actual": _text(nullable=True),
        "actual_number": _number(nullable=True),
        "met": _truth(),
        "ratio": _number(nullable=True),
        "coefficient": _number(_SHARE, nullable=True),
        **_bounds(),
        "status": _text(_STATUS),
        "flags": pa.Column(pl.List(pl.String)),
        "reason": _text(nullable=True),
        "core": _truth(),
        "way": _text(_values("way", lambda value: value.is_in(WAYS))),
        "rule": _text(),
        "pass_threshold": _number(_SHARE, nullable=True),
        "deduction": _number(_NOT_NEGATIVE),
        **_place(),
    },
    *_ORDERED,
)
"""One row per scored indicator; score, low and high in hundredths of a point.

way, rule, pass_threshold and deduction (points) say how it was scored.
"""

TOTALS = _schema(
    "Totals",
    {
        "project": _text(_FILLED),
        "name": _text(),
        "department": _text(),
        **_bounds(),
        # None where no indicator with any points applies.
        "grade": _text(nullable=True),
        "met": _truth(),
        "weight": _number(_NOT_NEGATIVE),
        "points": _number(_NOT_NEGATIVE),
        "indicators": _whole(_NOT_NEGATIVE),
        "undecided": _whole(_NOT_NEGATIVE),
    },
    *_ORDERED,
)
"""One row per scored project; score, low and high in hundredths of a point."""

EXECUTION_SCORES = _schema(
    "ExecutionScores",
    {
        "project": _text(_FILLED),
        "weight": _number(_NOT_NEGATIVE),
        "budget_initial": _number(nullable=True),
        "budget": _number(nullable=True),
        "spent": _number(nullable=True),
        "rate": _number(nullable=True),
        **_bounds(),
        "status": _text(_STATUS),
    },
    *_ORDERED,
)
"""One row per project with execution data; the rate is spent ÷ budget, 1 is all of it."""

FINDINGS = _schema(
    "Findings",
    {
        "code": _text(_FILLED),
        "name": _text(_FILLED),
        "severity": _text(_values("severity", lambda value: value.is_in(SEVERITIES))),
        "file": _text(nullable=True),
        "sheet": _text(nullable=True),
        "line": _whole(nullable=True),
        "cell": _text(nullable=True),
        "project": _text(nullable=True),
        "indicator": _text(nullable=True),
        "template": _text(_FILLED),
        "values": _text(_FILLED),
    },
)
"""One row per finding; values is a JSON object that fills the fields of template.

In a file of cells, cell is the one (F12) of the value that a finding is about, where that is one.
"""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A problem of a table with the column and the 0-based row it is about, where it has one."""

    problem: Problem
    column: str | None = None
    row: int | None = None


def empty(schema: pa.DataFrameSchema) -> pl.DataFrame:
    """The table of a schema without any row."""
    return pl.DataFrame(schema={name: each.dtype.type for name, each in schema.columns.items()})


def first_of_each(findings: pl.DataFrame) -> pl.DataFrame:
    """The first `MOST_FINDINGS` findings of each rule, in their order."""
    return findings.filter(pl.int_range(pl.len()).over("code") < MOST_FINDINGS)


def check(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> pl.DataFrame:
    """`frame` as it is, if it fits `schema`; else `InputError` with every problem and its place."""
    found = misfits(frame, schema)
    if found:
        raise InputError(misfit.problem for misfit in found)
    return frame


def misfits(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> list[Misfit]:
    """What in `frame` does not fit `schema`.

    The place of a problem is what its row says in the columns of `PLACE`. At most `SHOWN`
    problems of a kind are told one by one; the last one of the kind counts the others.
    """
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("the values of a LazyFrame are not checked; collect it first")
    if _fits(frame, schema):
        return []
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    # `finite` says of NaN what pandera also reports as a null.
    told_twice = (pl.col("check") == "not_nullable") & (pl.col("failure_case") == "NaN")
    found: list[Misfit] = []
    for kind in cases.remove(told_twice).partition_by("column", "check", maintain_order=True):
        found += [_misfit(case, frame, schema) for case in kind.head(SHOWN).iter_rows(named=True)]
        if kind.height > SHOWN:
            values = {"column": kind["column"][0], "count": kind.height - SHOWN}
            found.append(Misfit(Problem(_MORE, values), kind["column"][0]))
    return found


def _fits(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> bool:
    """Whether every value passes every check, asked in one pass over the frame.

    Pandera asks check by check and gathers what fails, which took a tenth of a large run; it is
    left to tell what is wrong where something is.
    """
    columns = schema.columns
    if list(frame.schema.items()) != [(name, each.dtype.type) for name, each in columns.items()]:
        return False
    filled = [pl.col(name).is_not_null() for name, each in columns.items() if not each.nullable]
    passes = [
        _TESTS[str(check.name)](pl.col(name))
        for name, each in (("", schema), *columns.items())
        for check in each.checks
    ]
    tests = [test.all().alias(str(number)) for number, test in enumerate([*filled, *passes])]
    return all(frame.select(tests).row(0)) if tests else True


def _misfit(case: dict[str, Any], frame: pl.DataFrame, schema: pa.DataFrameSchema) -> Misfit:
    row, name = case["index"], str(case["check"])
    # A check of whole rows is reported under the name of the schema.
    column = case["column"] if case["column"] in schema.columns else None
    if row is None:
        detail = case["failure_case"] if column is None else f"{column}: {case['failure_case']}"
        return Misfit(Problem(_OTHER, {"detail": detail, "check": name}), column)
    file, sheet, line = (frame[key][row] if key in frame.columns else None for key in PLACE)
    template = _MESSAGES.get(name, _OTHER_VALUE)
    value = case["failure_case"] if column is None else frame[column][row]
    if isinstance(value, str) and len(value) > _VALUE:
        value = f"{value[: _VALUE - 1]}…"
    values = {"column": column or "", "value": value, "check": name}
    return Misfit(Problem(template, values, file, line, sheet), column, row)

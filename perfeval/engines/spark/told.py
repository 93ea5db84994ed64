"""What parts tell besides their rows: counts, findings and problems, on the way to the driver.

It is written together with the rows, by the same commit, so that what is told is what is written
however often Spark repeats a task. It takes columns of text of the result's layout for this, under
another `kind`, and never gets into the result.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from perfeval.engines.merge import codes_of_rows
from perfeval.messages import Said
from perfeval.problems import InputError, Problem
from perfeval.reports import table
from perfeval.reports.tabular import with_points
from perfeval.scoring.batch import Outcome
from perfeval.tables import (
    EXECUTION_SCORES,
    FINDINGS,
    MOST_FINDINGS,
    SCORES,
    TOTALS,
    empty,
    first_of_each,
)

ROWS, TOLD = "rows", "told"
"""The values of `kind`."""

COUNTS, FINDING, SUPPRESSED, PROBLEM = "counts", "finding", "suppressed", "problem"
COLUMNS = {"about": "status", "code": "indicator", "position": "target", "content": "reason"}
"""What a record tells, and the column of the result in which it travels."""

Record = dict[str, str]

_FINDING: dict[str, Any] = dict(empty(FINDINGS).schema)
_SUPPRESSED: dict[str, Any] = {
    **_FINDING,
    "reason": pl.String,
    "settings_file": pl.String,
    "settings_line": pl.Int64,
}


@dataclass(frozen=True)
class _Nothing:
    projects: pl.DataFrame
    indicators: pl.DataFrame
    execution: pl.DataFrame


@cache
def layout() -> pl.DataFrame:
    """The result without rows, and the column `kind`."""
    nothing = _Nothing(empty(TOTALS), empty(SCORES), empty(EXECUTION_SCORES))
    return with_points(table.rows(nothing), table.SCORES).with_columns(kind=pl.lit(None, pl.String))


@dataclass(frozen=True)
class Places:
    """Where things stand, to tell them in the order in which one part with everything does.

    files: the names of each table's files. specs: the rows of the part's specs, with `number`.
    """

    files: Mapping[str, tuple[str, ...]]
    specs: pl.DataFrame

    def positions(self, findings: pl.DataFrame) -> list[str]:
        """Texts in whose order findings of one rule are told."""
        order = self._numbers("actuals", "execution")
        by_file = pl.col("file").replace_strict(order, default=0, return_dtype=pl.Int64)
        heads = self.specs.group_by("project", maintain_order=True).agg(
            pl.col("number").first().cast(pl.Int64), first_line=pl.col("line").first()
        )
        of_rows = pl.col("code").is_in(codes_of_rows())
        placed = findings.join(heads, on="project", how="left", maintain_order="left").select(
            pl.when(of_rows).then(by_file).otherwise("number").fill_null(0).alias("file"),
            pl.when(of_rows).then("line").otherwise("first_line").fill_null(0).alias("line"),
        )
        return [
            _position(file, line, number) for number, (file, line) in enumerate(placed.iter_rows())
        ]

    def position(self, problem: Problem, number: int) -> str:
        """The same for a problem, which are told file by file."""
        order = self._numbers("specs", "actuals", "execution")
        return _position(order.get(problem.file or "", 0), problem.line or 0, number)

    def _numbers(self, *names: str) -> dict[str, int]:
        files = (file for name in names for file in self.files.get(name, ()))
        return {file: number for number, file in enumerate(files)}


def _position(file: int, line: int, number: int) -> str:
    return f"{file:06} {line:012} {number:09}"


def as_rows(records: Iterable[Record]) -> pl.DataFrame:
    """Records in the layout of the result."""
    schema = dict.fromkeys(COLUMNS, pl.String)
    frame = pl.DataFrame(list(records), schema, orient="row").rename(COLUMNS)
    whole = pl.concat([layout(), frame], how="diagonal")
    return whole.with_columns(kind=pl.lit(TOLD))


def counts(content: Mapping[str, Any]) -> Record:
    """What is to be added up: `rows` by table and file, `counts` as the receipt has, `by_rule`."""
    return {"about": COUNTS, "code": "", "position": "", "content": json.dumps(content)}


def of(outcome: Outcome, places: Places) -> list[Record]:
    """The counts of a part and the first findings of each rule."""
    by_rule = dict(outcome.findings["code"].value_counts().iter_rows())
    return [
        counts({"counts": outcome.counts, "by_rule": by_rule}),
        *_findings(FINDING, outcome.findings, places),
        *_findings(SUPPRESSED, outcome.suppressed, places),
    ]


def _findings(about: str, findings: pl.DataFrame, places: Places) -> Iterable[Record]:
    first = first_of_each(findings)
    for position, row in zip(places.positions(first), first.iter_rows(named=True), strict=True):
        content = json.dumps(row)
        yield {"about": about, "code": row["code"], "position": position, "content": content}


def problems(error: InputError, places: Places) -> list[Record]:
    """What keeps a part from being scored."""
    return [
        {
            "about": PROBLEM,
            "code": "",
            "position": places.position(problem, number),
            "content": json.dumps(
                [
                    problem.template, dict(problem.values), problem.file, problem.line,
                    problem.sheet, problem.column,
                ],
                default=_said,
            ),
        }
        for number, problem in enumerate(error.problems[:MOST_FINDINGS])
    ]  # fmt: skip


def _said(value: object) -> object:
    """A message inside a message as JSON."""
    if isinstance(value, Said):
        return {"said": value.template, "values": dict(value.values)}
    return str(value)


def problem(content: str) -> Problem:
    """The problem of a record."""

    def again(found: dict[str, Any]) -> object:
        return Said(found["said"], found["values"]) if set(found) == {"said", "values"} else found

    return Problem(*json.loads(content, object_hook=again))


def findings(contents: Iterable[str], about: str) -> pl.DataFrame:
    """The findings of records, in their order."""
    schema = _FINDING if about == FINDING else _SUPPRESSED
    return pl.DataFrame([json.loads(each) for each in contents], schema=schema, orient="row")


def read_counts(content: str) -> dict[str, Any]:
    """What a record of counts says, with nothing under what it leaves out."""
    return {"counts": {}, "by_rule": {}, "rows": {}, **json.loads(content)}

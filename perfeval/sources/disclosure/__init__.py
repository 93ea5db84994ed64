"""Specs from the extracted text of a department's budget disclosure.

Read is the form of Chongqing's departments: per project a 财政资金项目支出绩效目标表, for the
department a 部门（单位）整体支出绩效目标表. The text is what a program takes out of the PDF, line
by line, so cells that were wrapped, merged or cut by a page break have to be put together:

1. `lines`: lines, blank lines, page breaks; vertical side texts and page numbers are left out.
2. `form`: where tables begin and end; titles and headings that a new page repeats are left out.
3. `header`: the labelled cells above the indicators; contact cells are dropped here.
4. `body`, `levels`, `rows`, `items`: level headings, rows with an operator, and loose words.
5. `names`, `setting`: which words belong to which row, by what it costs to read them so.
6. `budget`: the amounts; `table`: the spec, and a `Problem` for every line that has no place in it.

The other tables of the document, revenue and expenditure (附件4-1 … 4-9), are read by `amounts`.

What is kept, and how:

- Operators in their common form (≧ → ≥, ＝ → =, ≦ → ≤, 不低于 → ≥); value and unit as printed.
- Weights and amounts with the digits that are printed. Amounts are in 万元; those in 元 are
  converted by shifting the point.
- The department's own table has its code (212001), the type 部门整体支出 and, beside `total`, the
  budget keys `basic` (基本支出) and `project` (项目支出).
- Narrative texts as one line each, also where the form itself cut them off.
- Contact persons and telephone numbers never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.problems import InputError, Problem
from perfeval.sources.disclosure import form
from perfeval.sources.disclosure.amounts import Amount, read_amounts
from perfeval.sources.disclosure.lines import Line, split_lines
from perfeval.sources.disclosure.names import assign
from perfeval.sources.disclosure.table import read_tables
from perfeval.sources.files import decode, read_bytes

__all__ = ["Disclosure", "disclosure_of", "read_disclosure"]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a disclosure holds.

    `specs` has one dict per table, in the order of the text and in the shape of a spec's TOML file:
    schema, code, name, department, year, type, budget, narrative, indicators (keys without content
    are left out; weights and amounts are int or Decimal). `amounts` has what the tables of revenue
    and expenditure print, in the order of the text. `unplaced` holds a problem, with its
    line, for everything that could not be read or placed, or only with doubt.
    """

    specs: list[dict[str, Any]]
    amounts: list[Amount]
    unplaced: list[Problem]


def read_disclosure(path: str | Path) -> Disclosure:
    """Read the tables of the disclosure text at `path` (UTF-8 or GB18030).

    Raises `InputError` where the file cannot be read, or holds no table of the form.
    """
    file = str(path)
    text, _encoding = decode(read_bytes(path), file)
    return disclosure_of(split_lines(text), file)


def disclosure_of(lines: Sequence[Line], file: str) -> Disclosure:
    """The tables of a disclosure whose lines are `lines`; raises as `read_disclosure` does."""
    tables = form.tables(lines)
    readings = read_tables(tables, file)
    assignments = assign(
        [reading.items for reading in readings],
        [int(reading.table.overall) for reading in readings],
    )
    read = [
        reading.spec(assignment) for reading, assignment in zip(readings, assignments, strict=True)
    ]
    specs = [spec for spec in read if spec]
    departments = [str(spec["department"]) for spec in specs if "department" in spec]
    amounts, problems = read_amounts(lines, file, departments)
    if not tables and not amounts:
        raise InputError.of(
            N_(
                "no performance target table was found: looked for the titles {titles}, followed"
                " by {labels}; is this the text of a budget disclosure with such tables?"
            ),
            file=file,
            titles=form.TITLES,
            labels=form.FIRST_LABELS,
        )
    return Disclosure(
        specs,
        amounts,
        [*problems, *(problem for reading in readings for problem in reading.problems)],
    )

"""The tables of amounts (附件4-1 … 4-9) from the text of a disclosure, one row per amount.

1. `pages`: where tables stand, by their titles; department and unit.
2. `columns`: which columns a table has, from headings that are broken over lines.
3. `rows`: codes, names (also broken ones) and amounts; the two sides of 4-1 and 4-6.
4. `placing`: which column an amount stands in, where empty cells leave no trace.

Amounts are in 万元 with the digits that are printed; what is printed in 元 is converted by shifting
the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from perfeval.budget_form import UNDECIDED, TableForm
from perfeval.messages import N_
from perfeval.problems import Problem
from perfeval.sources.disclosure import contacts
from perfeval.sources.disclosure.amounts.columns import is_heading, match_columns
from perfeval.sources.disclosure.amounts.pages import Page, find_pages
from perfeval.sources.disclosure.amounts.placing import Table, place
from perfeval.sources.disclosure.amounts.rows import Printed, Row, body, in_wan, read_rows
from perfeval.sources.disclosure.lines import Line

__all__ = ["Amount", "read_amounts"]

_SHOWN = 120


class Amount(NamedTuple):
    """One printed amount, in 万元.

    `code` is that of the classification, or the form's for rows without one; `column` is one of the
    form's, or `undecided`. A table that is printed without any amount is one row with no amount,
    code, label and column.
    """

    department: str
    table: str
    code: str
    label: str
    column: str
    amount: Decimal | None
    source_line: int


@dataclass(slots=True)
class _Reading:
    """The pages of one table of a department, and what was read from them."""

    form: TableForm
    department: str
    line: int
    pages: list[Page] = field(default_factory=list)
    table: Table | None = None


@dataclass(slots=True)
class _Reader:
    file: str
    problems: list[Problem] = field(default_factory=list)

    def report(self, template: str, line: int | None, **values: object) -> None:
        shown = {
            key: contacts.without(value)[:_SHOWN] if isinstance(value, str) else value
            for key, value in values.items()
        }
        self.problems.append(Problem(template, shown, self.file, line))


def read_amounts(
    lines: Sequence[Line], file: str, departments: Sequence[str] = ()
) -> tuple[list[Amount], list[Problem]]:
    """The amounts of all tables, in the order of the text, and problems with their lines.

    `departments` are those of the document's target tables: where they are but one, a table that
    names none is its.
    """
    reader = _Reader(file)
    pages, stray = find_pages(lines)
    readings = _readings(pages, departments, reader)
    for reading in readings:
        _read(reading, reader)
    if stray:
        reader.report(
            N_(
                "{count} rows with codes and amounts stand below no title of a table that is known"
                " and were left out; the first: {text}"
            ),
            stray[0].number,
            count=len(stray),
            text=stray[0].text,
        )
    for department in dict.fromkeys(reading.department for reading in readings):
        place(
            reading.table
            for reading in readings
            if reading.table and reading.department == department
        )
    amounts: list[Amount] = []
    for reading in readings:
        amounts += _amounts(reading, reader)
    reader.problems.sort(key=lambda problem: problem.line or 0)
    return amounts, reader.problems


def _readings(pages: Sequence[Page], departments: Sequence[str], reader: _Reader) -> list[_Reading]:
    """Pages by department and table; a table goes on where its title is repeated."""
    found: dict[tuple[str, str], _Reading] = {}
    last = ""
    only = departments[0] if len(set(departments)) == 1 else ""
    for page in pages:
        printed = any(is_heading(line.text, page.form) for line in page.lines)
        if not printed and not body(page)[1]:
            continue  # an entry of a table of contents
        last = department = page.department or last or only
        if not department:
            reader.report(
                N_(
                    "the title of table {table} names no department, and neither does a line below"
                    " it (部门：…); the table was left out: write the department before the title"
                ),
                page.line,
                table=page.form.number,
            )
            continue
        key = department, page.form.number
        reading = found.setdefault(key, _Reading(page.form, department, page.line))
        reading.pages.append(page)
    return list(found.values())


def _read(reading: _Reading, reader: _Reader) -> None:
    """The rows of a table; none where unit or columns are not known."""
    form = reading.form
    unit = next((page.unit for page in reading.pages if page.unit), "")
    lines: list[Line] = []
    columns: tuple[str, ...] | None = None
    for page in reading.pages:
        headings, rest = body(page)
        if headings and columns is None:
            columns = match_columns((line.text for line in headings), form)
        elif headings and columns != match_columns((line.text for line in headings), form):
            columns = None
            lines += rest
            break
        lines += [line for line in rest if not is_heading(line.text, form)]
    printed = read_rows(lines, form, reader.report) if lines else []
    if not any(row.cells for row in printed):
        reading.table = Table(form)
        return
    if len(form.columns) == 1:
        columns = form.columns
    if columns is None:
        reader.report(
            N_(
                "the column headings of table {table} are not those of the form ({expected}), so"
                " that it is not certain what its amounts are; the table was left out"
            ),
            reading.line,
            table=form.number,
            expected=tuple(words[0] for words in form.headings.values()),
        )
    elif not unit:
        reader.report(
            N_(
                "table {table} does not say the unit of its amounts (单位：万元); it was left out:"
                " write the unit below its title"
            ),
            reading.line,
            table=form.number,
        )
    else:
        reading.table = _table(reading, printed, columns, unit, reader)


def _table(
    reading: _Reading,
    printed: Sequence[Printed],
    columns: tuple[str, ...],
    unit: str,
    reader: _Reader,
) -> Table:
    table = Table(reading.form)
    last_digits: list[int] = []
    for each in printed:
        own = columns[:1] if each.revenue else columns
        cells = [in_wan(cell, unit) for cell in each.cells]
        if len(cells) > len(own):
            reader.report(
                N_(
                    "the row {text} of table {table} has {count} amounts in {columns} columns; it"
                    " was left out"
                ),
                each.line,
                text=" ".join((each.label, *each.cells)),
                table=reading.form.number,
                count=len(cells),
                columns=len(own),
            )
            continue
        if len(cells) == len(own):  # a sign for an empty cell tells where it is
            own = tuple(column for column, cell in zip(own, cells, strict=True) if cell is not None)
        amounts = tuple(cell for cell in cells if cell is not None)
        if amounts:
            table.rows.append(Row(each.code, each.label, each.line, amounts, own))
            last_digits += [int(amount.as_tuple().exponent) for amount in amounts]
    table.step = Decimal((0, (1,), min(last_digits, default=-2)))
    return table


def _amounts(reading: _Reading, reader: _Reader) -> list[Amount]:
    if reading.table is None:
        return []
    form, department = reading.form, reading.department
    if not reading.table.rows:
        return [Amount(department, form.number, "", "", "", None, reading.line)]
    found: list[Amount] = []
    open_rows: dict[bool, list[Row]] = {True: [], False: []}
    for row in reading.table.rows:
        for column, amount in zip(row.decided(), row.amounts, strict=True):
            place_of = (department, form.number, row.code, row.label, column or UNDECIDED)
            found.append(Amount(*place_of, amount, row.line))
        if len(row.readings) != 1:
            open_rows[bool(row.readings)].append(row)
    _report_open(open_rows, form, reader)
    return found


def _report_open(rows: dict[bool, list[Row]], form: TableForm, reader: _Reader) -> None:
    templates = {
        True: N_(
            "table {table}: in which columns the amounts {amounts} of {label} stand does not follow"
            " from the sums of the table, as empty cells leave no trace in the text ({count} such"
            " rows in all); their column is “undecided”: fill it in by hand"
        ),
        False: N_(
            "table {table}: the amounts {amounts} of {label} fit its columns in no way in which"
            " the row would add up ({count} such rows in all); their column is “undecided”: fill"
            " it in by hand"
        ),
    }
    for several, open_rows in rows.items():
        if open_rows:
            first = open_rows[0]
            reader.report(
                templates[several],
                first.line,
                table=form.number,
                label=first.label or first.code,
                amounts=" ".join(f"{amount:,f}" for amount in first.amounts),
                count=len(open_rows),
            )

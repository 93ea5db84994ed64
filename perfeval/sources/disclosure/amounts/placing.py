"""Which column an amount stands in, where empty cells leave no trace in the text.

A row prints fewer amounts than its table has columns, in the order of the columns. What can be said
of it with certainty, and nothing else, is said here:

1. **The row itself.** A row with as many cells as columns has each in its place, whatever they add
   up to. In one with fewer, the first amount is the total (no table of the form has a row with
   parts and no total), and the others must make it up, as 小计 = 基本支出 + 项目支出. Each way of
   placing them that does is a *reading*. `749.01 749.01` has two: all basic, or all project.
2. **Its relatives.** The parts of a row (20801 of 208, 2080101 of 20801, all of the row 合计, or of
   本年支出) add up to it in every column, to within rounding. Of all combinations of readings of a
   row and its parts, those that do not are dropped. This is repeated up and down until nothing
   changes any more. 4-2 may print no total: its basic expenditure adds up to the total of 4-3. The
   expenditure of 4-1 comes, fund by fund, to the revenue on its left.
3. **The same thing elsewhere.** All expenditure of 4-8 under a code is at least that of 4-2, and
   the expenses 三公 of 4-4 at least their lines in 4-3.

An amount on whose column all readings that are left agree is decided. The others stay undecided:
where several readings are left, where none is, because the table contradicts itself, and where so
many rows are open that combinations are too many to try. A table's contradictions thus never
decide anything, and nobody is told of a wrong sum that only a wrong guess had made.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from perfeval.budget_form import TableForm, parent_codes
from perfeval.sources.disclosure.amounts.rows import EXPENDITURE, REVENUE, Row

_MOST_OF_FAMILY = 10_000  # combinations (and beginnings of one) that are tried for a row's parts
_MOST_TRIED = 200_000  # ... for all tables of a department
_ZERO = Decimal(0)

_SAME_ELSEWHERE = {
    # In 4-4, the columns whose amounts are at least the total of a row in 4-3.
    "abroad": "30212",
    "vehicle_running": "30231",
    "reception": "30217",
}


@dataclass(slots=True)
class Table:
    """The rows of one table of a department; `step` is one in the last digit that it prints."""

    form: TableForm
    rows: list[Row] = field(default_factory=list)
    step: Decimal = Decimal("0.01")

    def row(self, code: str) -> Row | None:
        """The only row with a code."""
        found = [row for row in self.rows if row.code == code]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Family:
    """Rows whose amounts add up to those of `parent`, or to what is `known` of them by column."""

    parts: Sequence[Row]
    parent: Row | None
    known: Mapping[str, Decimal]
    columns: Sequence[str]
    step: Decimal

    @property
    def rows(self) -> list[Row]:
        """All rows, the parent last."""
        return [*self.parts, *([self.parent] if self.parent else [])]

    @property
    def more(self) -> int:
        """Addends on the side of the sum: what is known is itself a sum of rounded numbers."""
        return 0 if self.parent else 1

    def wanted(self) -> list[Mapping[str, Decimal]]:
        """What the parts may have to add up to."""
        if self.parent is None:
            return [self.known]
        return [self.parent.vector(reading) for reading in self.parent.readings]


def place(tables: Iterable[Table]) -> None:
    """Decide the readings of all rows of a department's tables, as far as they are certain."""
    by_number = {table.form.number: table for table in tables}
    for table in by_number.values():
        for row in table.rows:
            row.readings = _readings(row, table)
    tries, changed = _Tries(), True
    while changed:
        changed = any(_narrow(family, tries) for family in _families(by_number))
        changed = _narrow_by_others(by_number) or changed


def slack(addends: int, step: Decimal) -> Decimal:
    """How far a sum of rounded addends can be from the rounded sum: half a step for each number.

    A sum of one addend is that addend.

    >>> slack(3, Decimal("0.01")), slack(1, Decimal("0.01"))
    (Decimal('0.02'), Decimal('0'))
    """
    return (addends + 1) * step / 2 if addends > 1 else _ZERO


def _readings(row: Row, table: Table) -> list[tuple[str, ...]]:
    columns, count = row.columns, len(row.amounts)
    if count == len(columns):
        return [tuple(columns)]
    if not count or count > len(columns):
        return []
    readings = ((columns[0], *others) for others in combinations(columns[1:], count - 1))
    return [reading for reading in readings if _adds_up(row.vector(reading), table)]


def _adds_up(amounts: Mapping[str, Decimal], table: Table) -> bool:
    for column, parts in table.form.sums.items():
        found = [amounts[part] for part in parts if part in amounts]
        if abs(amounts.get(column, _ZERO) - sum(found)) > slack(len(found), table.step):
            return False
    return True


def _families(tables: Mapping[str, Table]) -> Iterable[_Family]:
    for table in tables.values():
        rows = {row.code: row for row in table.rows if row.readings}
        parts: dict[str, list[Row]] = {}
        for row in table.rows:
            parent = next((code for code in parent_codes(row.code) if code in rows), "")
            parts.setdefault(parent, []).append(row)
        for parent, children in parts.items():
            if parent:
                yield _Family(children, rows[parent], {}, table.form.columns, table.step)
        if table.form.number == "附件4-2" and "total" not in rows and "附件4-3" in tables:
            basic = _decided(tables["附件4-3"].row("total")).get("total")
            if basic is not None:
                top = [row for row in parts.get("", ()) if row.code.isdigit()]
                yield _Family(top, None, {"basic": basic}, ["basic"], table.step)
        if table.form.sides and len(table.form.columns) > 1 and EXPENDITURE in rows:
            funds = table.form.columns[1:]
            known = {fund: _revenue(table, fund) for fund in funds}
            yield _Family([rows[EXPENDITURE]], None, known, funds, table.step)


def _revenue(table: Table, fund: str) -> Decimal:
    parts = (
        amount
        for row in table.rows
        if row.code.startswith(REVENUE) and row.code.endswith(f".{fund}")
        for amount in row.amounts
    )
    return sum(parts, _ZERO)


def _decided(row: Row | None) -> Mapping[str, Decimal]:
    """The amounts of a row on whose column all readings agree."""
    if row is None:
        return {}
    return {
        column: amount
        for column, amount in zip(row.decided(), row.amounts, strict=True)
        if column is not None
    }


def _narrow(family: _Family, tries: _Tries) -> bool:
    """Drop the readings of a family's rows under which they do not add up; whether any was."""
    rows = family.rows
    if all(len(row.readings) == 1 for row in rows) or not all(row.readings for row in rows):
        return False
    if not tries.worthwhile(rows):
        return False
    left = _Search(family, tries).run()
    changed = False
    for row, readings in zip(rows, left, strict=True):
        if readings and len(readings) < len(row.readings):
            row.readings = [reading for reading in row.readings if reading in readings]
            changed = True
    return changed


class _Tries:
    """How much may still be tried, and what has been tried before."""

    def __init__(self) -> None:
        self.left = _MOST_TRIED
        self._before: dict[tuple[int, ...], int] = {}

    def worthwhile(self, rows: Sequence[Row]) -> bool:
        """Whether rows have fewer readings than when they were last tried."""
        key = tuple(id(row) for row in rows)
        readings = sum(len(row.readings) for row in rows)
        new = self.left > 0 and self._before.get(key) != readings
        self._before[key] = readings
        return new


class _EndedError(Exception):
    """Nothing more can be found, or too much has been tried."""


class _Search:
    """Tries the combinations of readings of a family's rows: parts first, then their parent."""

    def __init__(self, family: _Family, tries: _Tries) -> None:
        self.family, self.tries = family, tries
        self.left = min(_MOST_OF_FAMILY, tries.left)
        self.rows = family.rows
        self.seen: list[set[tuple[str, ...]]] = [set() for _ in self.rows]
        # Rows with one reading first, then the largest: what cannot work out is noticed early.
        self.order = sorted(
            range(len(family.parts)),
            key=lambda place: (len(self.rows[place].readings) > 1, -max(self.rows[place].amounts)),
        )
        self.positive = all(amount >= 0 for row in self.rows for amount in row.amounts)
        loose = slack(len(family.parts) + 1, family.step)
        self.most = {
            column: max(vector.get(column, _ZERO) for vector in family.wanted()) + loose
            for column in family.columns
        }

    def run(self) -> list[set[tuple[str, ...]]]:
        """The readings of each row that occur in a combination that adds up.

        All sets are empty where none does, and where there are too many to try.
        """
        before = self.left
        with contextlib.suppress(_EndedError):
            self._try(dict.fromkeys(self.family.columns, (_ZERO, 0)), [])
        self.tries.left -= before - self.left
        return self.seen if self.left else [set() for _ in self.rows]

    def _try(self, sums: dict[str, tuple[Decimal, int]], chosen: list[tuple[str, ...]]) -> None:
        self.left -= 1
        if not self.left:
            raise _EndedError
        if len(chosen) == len(self.order):
            self._note(sums, chosen)
            return
        row = self.rows[self.order[len(chosen)]]
        for reading in row.readings:
            more = dict(sums)
            for column, amount in zip(reading, row.amounts, strict=True):
                if column in more:
                    total, count = more[column]
                    more[column] = (total + amount, count + 1)
            if self.positive and any(more[column][0] > most for column, most in self.most.items()):
                continue
            self._try(more, [*chosen, reading])

    def _note(
        self, sums: Mapping[str, tuple[Decimal, int]], chosen: Sequence[tuple[str, ...]]
    ) -> None:
        """Note a combination of the parts under the readings of the parent that it adds up to."""
        family = self.family
        readings = family.parent.readings if family.parent else [()]
        for wanted, reading in zip(family.wanted(), readings, strict=True):
            if all(
                abs(wanted.get(column, _ZERO) - total) <= slack(count + family.more, family.step)
                for column, (total, count) in sums.items()
            ):
                for place, own in zip(self.order, chosen, strict=True):
                    self.seen[place].add(own)
                if family.parent:
                    self.seen[-1].add(reading)
        if all(
            len(seen) == len(row.readings) for seen, row in zip(self.seen, self.rows, strict=True)
        ):
            raise _EndedError


def _narrow_by_others(tables: Mapping[str, Table]) -> bool:
    """Drop the readings under which a row has less than another table has of it."""
    changed = False
    if "附件4-8" in tables and "附件4-2" in tables:
        for row in tables["附件4-8"].rows:
            least = _decided(tables["附件4-2"].row(row.code))
            changed = _keep_at_least(row, least, tables["附件4-2"].step) or changed
    if "附件4-4" in tables and "附件4-3" in tables:
        lines = {
            column: _decided(tables["附件4-3"].row(code)).get("total", _ZERO)
            for column, code in _SAME_ELSEWHERE.items()
        }
        for row in tables["附件4-4"].rows:
            changed = _keep_at_least(row, lines, tables["附件4-3"].step) or changed
    return changed


def _keep_at_least(row: Row, least: Mapping[str, Decimal], step: Decimal) -> bool:
    kept = [
        reading
        for reading in row.readings
        if all(
            row.vector(reading).get(column, _ZERO) + step >= amount
            for column, amount in least.items()
        )
    ]
    changed = bool(kept) and len(kept) < len(row.readings)
    if changed:
        row.readings = kept
    return changed

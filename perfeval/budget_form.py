"""The tables of amounts in a department's budget disclosure (附件4-1 … 4-9), as data.

The reader of disclosures, the gate of budget.csv and the rules on budgets share this one picture of
the form, `budget_form.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

UNDECIDED = "undecided"
"""The column of an amount that might stand in several; see the reader in `disclosure.amounts`."""


@dataclass(frozen=True, slots=True)
class TableForm:
    """One table: how it is told by its title, its columns of amounts, and its rows.

    `headings` maps a column to what may stand above it, in the order of the form. `sums` maps a
    column to those that make it up. `codes` maps the label of a row without a code to one; a code
    that begins with a dot belongs to the section that the row stands in. A table with `sides` has
    revenue on the left, in one column, and expenditure on the right.
    """

    number: str
    name: str
    titles: tuple[str, ...]
    headings: dict[str, tuple[str, ...]]
    other_headings: tuple[str, ...]
    sums: dict[str, tuple[str, ...]]
    codes: dict[str, str]
    sides: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of amounts, in the order of the form."""
        return tuple(self.headings)


@cache
def table_forms() -> dict[str, TableForm]:
    """The tables of the form by their number."""
    path = Path(__file__).with_suffix(".toml")
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {table["number"]: _table(table) for table in content["tables"]}


def _table(content: dict[str, Any]) -> TableForm:
    return TableForm(
        number=content["number"],
        name=content["name"],
        titles=tuple(content["titles"]),
        headings={column: tuple(spellings) for column, *spellings in content["columns"]},
        other_headings=tuple(content["other_headings"]),
        sums={column: tuple(parts) for column, parts in content.get("sums", {}).items()},
        codes={label: code for code, labels in content["rows"].items() for label in labels},
        sides=content.get("sides", False),
    )


def parent_codes(code: str) -> tuple[str, ...]:
    """The codes that a row's amounts may be part of, the nearest first.

    Of classifications those that are shorter by two or four digits; of other rows what stands
    before the last dot; of the highest the row "total".

    >>> parent_codes("2080101"), parent_codes("301"), parent_codes("revenue.current")
    (('20801', '208', 'total'), ('total',), ('revenue',))
    """
    if "." in code:
        return (code.rpartition(".")[0],)
    if code == "total":
        return ()
    if not code.isdigit():
        return ("total",)
    return (*(code[:length] for length in range(len(code) - 2, 2, -2)), "total")

"""The block of funds of a self-evaluation form: budgets, what was spent, and the points for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfeval.sources import headings
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.grids import Grid
from perfeval.sources.layouts.labels import fund_of, label_of

AMOUNTS = ("budget_initial", "budget", "spent")
FUND_COLUMNS = (
    *(*AMOUNTS, "weight", "score"),
    *("execution_weight", "execution_rate", "execution_score"),
)
"""What the columns of a block of funds hold."""

_MOST_ROWS = 12
_SAME = {"execution_weight": "weight", "execution_rate": "rate", "execution_score": "score"}


@dataclass(slots=True)
class Funds:
    """A block of funds.

    `cells` are those of the project's own row, by what they hold (budget_initial, budget, spent,
    weight, rate, score); `row` is that row, `columns` where they stand; `unit` is the unit of money
    that the block names; `rows` are all rows of the block.
    """

    cells: dict[str, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    row: int | None = None
    unit: str = ""
    rows: frozenset[int] = frozenset()

    def amount(self, name: str) -> str:
        """An amount with its unit, where that is not the usual 万元; "" for a blank one."""
        text = self.cells.get(name, "")
        if text in EMPTY:
            return ""
        return (
            f"{text}{self.unit}" if self.unit not in ("", "万元") and text[-1].isdigit() else text
        )


def read_funds(grid: Grid, first: int, last: int) -> Funds:
    """The block of funds in the rows from `first` to before `last`; an empty one if there is none.

    Of its rows the total's counts, else the first with an amount.
    """
    for row in range(first, last):
        columns = _columns(grid, row)
        if sum(name in columns for name in AMOUNTS) >= 2:
            return _read(grid, row, columns, last)
    return Funds()


@dataclass(frozen=True, slots=True)
class Overall:
    """The amounts of a department's whole expenditure, in the order of the form, and their rows."""

    amounts: tuple[str, ...] = ()
    row: int = 0
    unit: str = ""
    rows: frozenset[int] = frozenset()


def read_overall(grid: Grid, first: int, last: int) -> Overall:
    """The block 总体资金情况 in the rows from `first` to before `last`."""
    for row in range(first, last):
        for column in range(len(grid.rows[row])):
            text = grid.own(row, column)
            if label_of(text) == "funds":
                return _overall(grid, row, column, last, headings.money_unit(text))
    return Overall()


def _overall(grid: Grid, begin: int, column: int, last: int, unit: str) -> Overall:
    for row in range(begin, min(last, begin + _MOST_ROWS)):
        texts = [grid.own(row, at) for at in range(column, len(grid.rows[row]))]
        amounts = tuple(text for text in texts if text[:1].isdigit())
        if amounts:
            return Overall(amounts, row, unit, frozenset(range(begin, row + 1)))
    return Overall(rows=frozenset((begin,)))


def _columns(grid: Grid, row: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for column in range(len(grid.rows[row])):
        for name in headings.meanings(grid.own(row, column)) or ():
            if name in FUND_COLUMNS:
                found.setdefault(_SAME.get(name, name), column)
    # Beside each other with their values between them, they are labels and no headings.
    if any(grid.own(row, column + 1)[:1].isdigit() for column in found.values()):
        return {}
    return found


def _read(grid: Grid, heading: int, columns: dict[str, int], last: int) -> Funds:
    begin = min(columns.values())
    rows = {heading}
    chosen: int | None = None
    for row in range(heading + 1, min(last, heading + 1 + _MOST_ROWS)):
        labels = [grid.text(row, column) for column in range(begin)]
        kinds = [fund_of(text) for text in labels]
        filled = any(
            grid.own(row, columns[name])[:1].isdigit() for name in AMOUNTS if name in columns
        )
        if not any(kinds) and not filled:
            # A blank row of the block still belongs to it where its label is merged from above.
            if any(label_of(grid.own(row, column)) for column in range(len(grid.rows[row]))):
                break
            continue
        rows.add(row)
        if "total" in kinds:
            chosen = row
            break
        chosen = row if chosen is None and filled else chosen
    rows.update(_others(grid, chosen, columns, last) if chosen is not None else ())
    texts = [grid.text(heading, column) for column in range(len(grid.rows[heading]))]
    texts += grid.rows[chosen][:begin] if chosen is not None else []
    unit = next((unit for text in texts if (unit := headings.money_unit(text))), "")
    cells = {}
    if chosen is not None:
        cells = {name: grid.text(chosen, column) for name, column in columns.items()}
    return Funds(cells, columns, chosen, unit, frozenset(rows))


def _others(grid: Grid, chosen: int, columns: dict[str, int], last: int) -> set[int]:
    """The rows below the total that tell where the money comes from."""
    begin = min(columns.values())
    found = set()
    for row in range(chosen + 1, min(last, chosen + 1 + _MOST_ROWS)):
        if not any(fund_of(grid.own(row, column)) for column in range(begin)):
            break
        found.add(row)
    return found

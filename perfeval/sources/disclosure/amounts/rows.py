"""The rows of a page: code, label and cells, told apart from headings and from broken names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.budget_form import TableForm
from perfeval.messages import N_
from perfeval.names import normalise_text
from perfeval.sources.disclosure.amounts.pages import Page, cells, code, is_cell
from perfeval.sources.disclosure.budget import UNITS, number
from perfeval.sources.disclosure.items import Item, Words
from perfeval.sources.disclosure.items import Row as NamedRow
from perfeval.sources.disclosure.lines import Line, join
from perfeval.sources.disclosure.names import assign
from perfeval.sources.disclosure.rows import Tail

Report = Callable[..., None]

REVENUE, EXPENDITURE = "revenue", "expenditure"
CURRENT = ".current"

_NUMBERED = re.compile(r"(?:[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+[、.．])")
_PART_OF = re.compile(r"其中[:：]?")
_REVENUE = re.compile(r"(?:收入|拨款|资金|结转|结余|差额)$")
_EXPENDITURE = re.compile(r"支出|结转下年")

_NO_PLACE = N_("the line {text} has no place in table {table} and was left out; check it")
_NO_SIDE = N_(
    "it is not certain which side of table {table}, revenue or expenditure, the line {text} is on;"
    " it was left out: add it to the amounts by hand"
)
_DOUBTFUL = N_(
    "the line {text} of table {table} may belong to the name {taken} or to {other}; check both"
)


@dataclass(slots=True)
class Row:
    """A row of amounts: what its cells hold in the order of printing, in 万元.

    `columns` are those that the table has there; `readings` are the ways in which the amounts may
    stand in them (a column for each amount), none where no way is consistent with the row itself.
    """

    code: str
    label: str
    line: int
    amounts: tuple[Decimal, ...]
    columns: tuple[str, ...]
    readings: list[tuple[str, ...]] = field(default_factory=list)

    def decided(self) -> list[str | None]:
        """The column of each amount, None where the readings do not agree."""
        if not self.readings:
            return [None] * len(self.amounts)
        columns = (set(found) for found in zip(*self.readings, strict=True))
        return [found.pop() if len(found) == 1 else None for found in columns]

    def vector(self, reading: Sequence[str]) -> dict[str, Decimal]:
        """The amounts by column under one of the readings."""
        return dict(zip(reading, self.amounts, strict=True))


@dataclass(frozen=True, slots=True)
class Printed:
    """A row as it is printed: `cells` are the texts of its amounts or signs for none."""

    code: str
    label: str
    cells: tuple[str, ...]
    line: int
    revenue: bool = False


def body(page: Page) -> tuple[list[Line], list[Line]]:
    """The headings of a page, the last ones where a new page repeats them, and what follows them.

    The first row has a code, amounts, or a label of the form that is no heading's.
    """
    start = 0
    for place, line in enumerate(page.lines):
        words, amounts = cells(line.text)
        first = page.form.codes.get(_plain(words[0]), ".") if words else "."
        named = first[0] != "." and first not in ("total", "")
        if amounts or code(line.text)[0] or named:
            return page.lines[start:place], page.lines[place:]
        start = place if line.page else start
    return page.lines[start:], []


def read_rows(lines: Sequence[Line], form: TableForm, report: Report) -> list[Printed]:
    """The rows among the lines of one table, all of its pages; reports lines without a place."""
    if form.sides:
        return list(_two_sided(lines, form, report))
    return _one_sided(lines, form, report)


def _one_sided(lines: Sequence[Line], form: TableForm, report: Report) -> list[Printed]:
    items: list[Item] = []
    found: dict[int, Printed] = {}
    for line in lines:
        own_code, rest = code(line.text)
        words, amounts = cells(rest)
        label = join(words)
        own_code = own_code or form.codes.get(_plain(label), "")
        if not own_code and not amounts:
            items.append(Words(line.text, line, line))
        elif not own_code or any(map(_like_amount, words)):
            report(_NO_PLACE, line.number, text=line.text, table=form.number)
        else:
            found[len(items)] = Printed(own_code, label, tuple(amounts), line.number)
            items.append(NamedRow(label, Tail(0), line))
    (assignment,) = assign([items], [0])
    for doubt in assignment.doubts:
        taken, other = doubt.taken or "—", doubt.other or "—"
        values = {"text": doubt.text, "taken": taken, "other": other}
        report(_DOUBTFUL, doubt.line.number, table=form.number, **values)
    for index in assignment.unplaced:
        item = items[index]
        assert isinstance(item, Words)
        report(_NO_PLACE, item.line.number, text=item.text, table=form.number)
    return [
        Printed(row.code, assignment.names[index].text, row.cells, row.line)
        for index, row in found.items()
    ]


def _two_sided(lines: Sequence[Line], form: TableForm, report: Report) -> Iterator[Printed]:
    sections = {REVENUE: REVENUE + CURRENT, EXPENDITURE: EXPENDITURE + CURRENT}
    for line in lines:
        halves = _halves(line.text, form)
        if halves is None:
            report(_NO_SIDE, line.number, text=line.text, table=form.number)
            continue
        for side, label, amounts in halves:
            plain = _plain(label)
            found = form.codes.get(plain, f".{plain}")
            if found[0] == ".":
                found = sections[side] + found
            elif found.count(".") == 1:
                # A numbered heading stands above its parts, a sum below them.
                sections[side] = found if _NUMBERED.match(label) else side
            yield Printed(found, label, tuple(amounts), line.number, side == REVENUE)


def _halves(text: str, form: TableForm) -> list[tuple[str, str, list[str]]] | None:
    """Side, label and cells of what stands in a line; None where the sides are not certain."""
    runs: list[tuple[list[str], list[str]]] = []
    for word in text.split():
        amount = is_cell(word)
        if not runs or (runs[-1][1] and not amount):
            runs.append(([], []))
        runs[-1][amount].append(word)
    if any(not words or any(map(_like_amount, words)) for words, _ in runs):
        return None
    if len(runs) == 1:
        (words, amounts), labels = runs[0], []
        for place in range(1, len(words)):
            left, right = join(words[:place]), join(words[place:])
            if _side(left, form) == REVENUE and _side(right, form) == EXPENDITURE:
                labels.append((left, right))
        if len(labels) > 1:
            return None
        if labels:
            left, right = labels[0]
            return [(REVENUE, left, []), (EXPENDITURE, right, amounts)]
        side = _side(join(words), form)
        return [(side, join(words), amounts)] if side else None
    if len(runs) != 2 or len(runs[0][1]) != 1:
        return None
    left, right = (join(words) for words, _ in runs)
    if _side(left, form) == EXPENDITURE or _side(right, form) == REVENUE:
        return None
    return [(REVENUE, left, runs[0][1]), (EXPENDITURE, right, runs[1][1])]


def _side(label: str, form: TableForm) -> str:
    """The side that a label must be on, "" if it might be on either."""
    plain = _plain(label)
    known = form.codes.get(plain, "")
    if known:
        return EXPENDITURE if known.startswith(EXPENDITURE) else REVENUE
    if _EXPENDITURE.search(plain):
        return EXPENDITURE
    return REVENUE if _REVENUE.search(plain) else ""


def _plain(label: str) -> str:
    """A label without its number, in the form in which names are compared."""
    plain = _PART_OF.sub("", _NUMBERED.sub("", label.strip(), count=1), count=1)
    return normalise_text(plain)


def _like_amount(word: str) -> bool:
    """Whether a word may be amounts that cannot be read, such as two without a blank between."""
    return re.fullmatch(r"[-\d,，.]*\d[.,，]\d[-\d,，.]*", word) is not None


def in_wan(cell: str, unit: str) -> Decimal | None:
    """The amount of a cell in 万元 with the digits that are printed; None for an empty one."""
    amount = number(cell)
    return amount if amount is None else amount.scaleb(-UNITS[unit])

"""The labelled cells around a table of indicators: who, which project, how much money, and texts.

A label's value stands to the right of it, else below it, or in the same cell behind a colon. Cells
of persons and their numbers are known by their labels, and what stands in them is never kept.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from perfeval.sources import headings
from perfeval.sources.disclosure import contacts, form
from perfeval.sources.disclosure.budget import EMPTY
from perfeval.sources.grids import Grid

CONTACT, SIDE = "contact", "side"
_BELOW = (*form.NARRATIVE, "goal_adjusted", "outcome")
_NO_VALUE = (SIDE, "indicators", "funds")

_TITLE = re.compile(r"[^，。；]{0,60}(?:绩效|自评)[^，。；]{0,20}表(?:[(（][^()（）]{1,12}[)）])?$")
_UNIT = re.compile(r"[（(]?\s*(?:金额)?单位\s*[:：]\s*(万元|元)\s*[）)]?$")
_YEAR = re.compile(r"[（(]?\s*[12]\d{3}\s*年度?\s*[）)]?$")
_ANNEX = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]+(?:\s*[-－—–.．]\s*\d+)*\s*[:：]?$")
_REMARK = r"\s*(?:[（(][^（()）]{1,12}[）)])?"
_LONGEST_LABEL = 30
_LONGEST_INLINE = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with its place: the index of its row in the grid, and its column."""

    text: str
    row: int
    column: int


@dataclass(slots=True)
class Labelled:
    """The labelled cells of some rows, by field.

    `units` is the unit of money that a label names, by field; `unit` what the table says for all;
    `persons` the words of contact cells, so that no message repeats them; `unknown` the texts that
    are neither a label nor its value; `sides` are labels of blocks, with their texts.
    """

    cells: dict[str, Cell] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    title: str = ""
    year: int | None = None
    persons: set[str] = field(default_factory=set)
    unknown: list[Cell] = field(default_factory=list)
    sides: list[Cell] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        """The text of a field, "" where it is missing or holds nothing."""
        cell = self.cells.get(name)
        return cell.text if cell and cell.text not in EMPTY else ""


@dataclass(frozen=True, slots=True)
class Words:
    """labels.toml, with its words as they are compared."""

    labels: dict[str, str]
    funds: dict[str, str]
    totals: frozenset[str]
    subtotals: frozenset[str]
    blanks: frozenset[str]
    inline: re.Pattern[str]

    @property
    def sums(self) -> frozenset[str]:
        """What sums are called, those of parts and those of all."""
        return self.totals | self.subtotals


@cache
def words() -> Words:
    """The words of labels.toml and of the forms that the disclosures' reader knows."""
    path = Path(__file__).with_name("labels.toml")
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    labels = {
        headings.compared(word): name
        for source in (content["labels"], form.LABELS)
        for name, known in source.items()
        for word in known
    }
    longest = sorted(labels, key=len, reverse=True)
    spelled = "|".join(r"\s?".join(map(re.escape, word)) for word in longest)
    return Words(
        labels=labels,
        funds={
            headings.compared(word): name
            for name, known in content["funds"].items()
            for word in known
        },
        totals=frozenset(map(headings.compared, content["rows"]["totals"])),
        subtotals=frozenset(map(headings.compared, content["rows"]["subtotals"])),
        blanks=frozenset(content["rows"]["blanks"]),
        inline=re.compile(rf"(?:^|(?<=[\s，,;；]))({spelled}){_REMARK}\s*[:：]"),
    )


def label_of(text: str) -> str:
    """The field that a cell is the label of, "" for none."""
    if not text or len(text) > _LONGEST_LABEL:
        return ""
    return words().labels.get(headings.compared(text), "")


def fund_of(text: str) -> str:
    """Which amounts of a block of funds the label of a row announces, "" for none."""
    if not text or len(text) > _LONGEST_LABEL:
        return ""
    return words().funds.get(headings.compared(text).lstrip("其中"), "") or words().funds.get(
        headings.compared(text), ""
    )


def is_title(text: str) -> bool:
    """Whether a text is the title of a table of targets or of a self-evaluation."""
    return _TITLE.fullmatch("".join(text.split())) is not None


def heads_table(text: str) -> bool:
    """Whether a text says something of a whole table: its title, number, unit or year."""
    shapes = (_UNIT, _ANNEX, _YEAR)
    return is_title(text) or any(shape.fullmatch(text) for shape in shapes)


def is_contact(text: str) -> bool:
    """Whether a cell names a person or a number, or announces one."""
    return label_of(text) == CONTACT or contacts.LED.search(text) is not None


def read_labels(grid: Grid, first: int, last: int, skip: frozenset[int]) -> Labelled:
    """The labelled cells in the rows from `first` to before `last`, those in `skip` left out."""
    found = Labelled()
    used: set[tuple[int, int]] = set()
    for row in range(first, last):
        if row in skip:
            continue
        for column in range(len(grid.rows[row])):
            text = grid.own(row, column)
            if text and (row, column) not in used:
                _read_cell(grid, Cell(text, row, column), last, found, used)
    return found


def _read_cell(
    grid: Grid, cell: Cell, last: int, found: Labelled, used: set[tuple[int, int]]
) -> None:
    name = label_of(cell.text)
    if name:
        found.named.add(name)
        unit = headings.money_unit(cell.text)
        if unit:
            found.units.setdefault(name, unit)
        if name in _NO_VALUE:
            found.sides.append(cell)
            return
        value = _value(grid, cell, last, name, used)
        if value:
            used.add((value.row, value.column))
        if name == CONTACT:
            found.persons.update((value.text, *value.text.split()) if value else ())
        elif value and not found.text(name):
            found.cells[name] = value
        return
    if _read_heading(cell.text, found) or _read_inline(cell, found):
        return
    if contacts.LED.search(cell.text) or contacts.PHONE.search(cell.text):
        found.persons.update((cell.text, *cell.text.split()))
        return
    found.unknown.append(cell)


def _value(
    grid: Grid, label: Cell, last: int, name: str, used: set[tuple[int, int]]
) -> Cell | None:
    """The value of a label: the next filled cell to its right, or of a text also below."""
    for column in range(label.column + 1, len(grid.rows[label.row])):
        text = grid.own(label.row, column)
        if not text:
            continue
        if label_of(text) or (label.row, column) in used or words().inline.match(text):
            break
        return Cell(text, label.row, column)
    below = label.row + 1
    if name in _BELOW and below < last:
        text = grid.own(below, label.column)
        if text and not label_of(text) and (below, label.column) not in used:
            return Cell(text, below, label.column)
    return None


def _read_heading(text: str, found: Labelled) -> bool:
    """Take a title, a year or a unit that stands for the whole table."""
    unit = _UNIT.fullmatch(text)
    if unit:
        found.unit = unit[1]
    elif is_title(text):
        found.title = found.title or "".join(text.split())
        found.year = form.year_in(text) or found.year
    elif _YEAR.fullmatch(text):
        found.year = found.year or form.year_in(
            text if "年" in text else f"{text.strip('（()）')}年"
        )
    else:
        return _ANNEX.fullmatch(text) is not None
    return True


def _read_inline(cell: Cell, found: Labelled) -> bool:
    """Take the labels and values that one cell holds, each label with a colon."""
    text = cell.text[:_LONGEST_INLINE]
    matches = list(words().inline.finditer(text))
    if not matches or matches[0].start() > 0:
        return False
    ends = [match.start() for match in matches[1:]] + [len(text)]
    for match, end in zip(matches, ends, strict=True):
        name = label_of(match[1])
        value = text[match.end() : end].strip(" \t\n\u3000，,;；")
        found.named.add(name)
        if name == CONTACT:
            found.persons.update((value, *value.split()))
        elif value and not found.text(name):
            found.cells[name] = Cell(value, cell.row, cell.column)
            unit = headings.money_unit(match[0])
            if unit:
                found.units.setdefault(name, unit)
    return True

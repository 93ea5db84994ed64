"""The text of a PDF as lines in the order of reading, for the readers of extracted text.

A row of a table is one line. Where its amounts leave cells blank, a sign stands for each, which a
text that a program extracted does not have: so it is certain in which column an amount stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfeval.problems import Problem
from perfeval.sources.disclosure.budget import number
from perfeval.sources.disclosure.lines import Line
from perfeval.sources.grids.pdf.blocks import PageBlocks, Ruled
from perfeval.sources.grids.pdf.joining import page_name

BLANK = "-"
"""What stands for a blank cell beside amounts."""

_ROWS = 1_000  # a line's number is its page times this, and its row on it


def reading_lines(pages: Iterable[PageBlocks]) -> list[Line]:
    """The lines of all pages; the number of each is a thousand times its page, and its row on it.

    >>> from perfeval.sources.grids.pdf.blocks import PageBlocks, Words
    >>> [line.number for line in reading_lines([PageBlocks(12, [Words(["合计", "3.00"], 80.0)])])]
    [12001]
    """
    found: list[Line] = []
    for page in pages:
        row = 0
        fresh = True
        for block in page.blocks:
            texts = _rows(block) if isinstance(block, Ruled) else [" ".join(block.texts)]
            for text in texts:
                row += 1
                if text:
                    place = page.number * _ROWS + min(row, _ROWS - 1)
                    found.append(Line(place, text, text, gap=True, page=fresh))
                    fresh = False
    return found


def placed(problem: Problem) -> Problem:
    """A problem with a line of `reading_lines`, at its page and row."""
    if problem.line is None:
        return problem
    return replace(problem, line=problem.line % _ROWS, sheet=page_of(problem.line))


def page_of(line: int) -> str:
    """The page of a line of `reading_lines`, as places name it."""
    return page_name(line // _ROWS)


def _rows(block: Ruled) -> list[str]:
    """The rows of a table, "" for one without text."""
    owner = block.table.owner
    rows: list[list[tuple[int, str]]] = []
    for index, places in enumerate(owner):
        row = []
        for column, place in enumerate(places):
            if place == (index, column):
                cell = block.cells.get(place)
                row.append((column, " ".join(cell.text.split()) if cell else ""))
        rows.append(row)
    amounts = [any(_is_amount(text) for _, text in row) for row in rows]
    first = amounts.index(True) if True in amounts else len(rows)
    labels = {
        column for row in rows[first:] for column, text in row if text and not _is_amount(text)
    }
    return [
        " ".join(_with_blanks(row, labels) if has else (text for _, text in row if text))
        for row, has in zip(rows, amounts, strict=True)
    ]


def _with_blanks(row: Sequence[tuple[int, str]], labels: set[int]) -> Iterable[str]:
    """The texts of a row, and a sign for each blank cell that can hold an amount."""
    under_label = not labels
    for column, text in row:
        if column in labels:
            under_label = bool(text)
        if text:
            yield text
        elif under_label and column not in labels:
            yield BLANK


def _is_amount(text: str) -> bool:
    return number(text) is not None

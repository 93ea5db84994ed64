"""Text of a table (comma, tab or semicolon between cells) to columns of cells with their lines.

The structure is found first, with numpy on the bytes: where records end, and whether every quote
stands where one may. A text in order then goes through polars at its speed; one with an oddity
(extra cells, a stray quote, old line ends) through Python's csv, slower and able to tell where.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.problems import InputError, Problem
from perfeval.sources.disclosure.contacts import names_person

SEPARATORS = (",", "\t", ";")

_NEWLINE, _RETURN, _QUOTE = b'\n\r"'
SURPLUS = {"line": pl.Int64, "text": pl.String, "cells": pl.Int64, "expected": pl.Int64}
_SHOWN = 80  # characters of a row that a message shows


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a table below its headings.

    `frame` has a text column per heading, named "0", "1", …, and "line": the 1-based line of the
    file in which the row begins. Cells are as written; those missing at the end of a row are
    blank. `surplus` (columns line, text, cells, expected) holds the rows, not in `frame`, that have
    text beyond the last heading, or more cells than the headings and some other row.
    """

    frame: pl.DataFrame
    surplus: pl.DataFrame


def records(text: str, separator: str, file: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """The records of `text` as (line, cells); a blank line has no cells.

    Raises `InputError` at a quote that is not closed or is closed inside a cell, and at a cell of
    more than `csv.field_size_limit()` characters.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError([_broken(str(error), file, line, reader.line_num)]) from None


def parse(
    text: str, separator: str, headings: Sequence[str], line: int, file: str | None = None
) -> Cells:
    """The cells of `text` below its `headings`, which stand in `line`.

    Raises `InputError` where the quotes are broken, as `records` does.
    """
    width = _named(headings)
    frame = _parse_clean(text, separator, len(headings), line)
    if frame is not None:
        beyond = [
            pl.col(str(number)).str.strip_chars(BLANKS) != ""
            for number in range(width, len(headings))
        ]
        if not (beyond and frame.select(pl.any_horizontal(beyond).any()).item()):
            return Cells(
                frame.select("line", *map(str, range(width))), pl.DataFrame(schema=SURPLUS)
            )
    return _parse_any(text, separator, headings, line, file)


def _parse_clean(text: str, separator: str, width: int, line: int) -> pl.DataFrame | None:
    """The rows below `line` by way of polars; None where the text is not quite in order."""
    # polars overlooks a separator too many at the very end of a text.
    data = text.encode() if text.endswith("\n") else f"{text}\n".encode()
    if data.count(b"\r") != data.count(b"\r\n"):
        return None
    lines = _record_lines(data, ord(separator))
    if lines is None:
        return None
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            separator=separator,
            schema={str(number): pl.String for number in range(width)},
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height != lines.size:
        return None
    below = int(np.searchsorted(lines, line, side="right"))
    return frame.fill_null("").insert_column(0, pl.Series("line", lines)).slice(below)


def _record_lines(data: bytes, separator: int) -> npt.NDArray[np.int64] | None:
    """The line in which each record begins; None where a quote or a length is out of order."""
    codes = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(codes == _NEWLINE)
    numbers = np.arange(ends.size)
    if b'"' in data:
        quotes = np.flatnonzero(codes == _QUOTE)
        if not _in_order(codes, quotes, separator):
            return None
        numbers = np.flatnonzero(np.searchsorted(quotes, ends) % 2 == 0)
        ends = ends[numbers]
    starts = np.concatenate(([0], ends + 1))
    lines = np.concatenate(([1], numbers + 2))
    if starts[-1] == codes.size:
        starts, lines = starts[:-1], lines[:-1]
    if np.diff(starts, append=codes.size).max(initial=0) > csv.field_size_limit():
        return None
    return lines


def _in_order(codes: npt.NDArray[np.uint8], quotes: npt.NDArray[np.int64], separator: int) -> bool:
    """Whether quotes open at the start of a cell, close at its end, and are doubled inside."""
    if quotes.size % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    may_lead, may_follow = np.zeros((2, 256), dtype=bool)
    may_lead[[separator, _NEWLINE, _QUOTE]] = True
    may_follow[[separator, _NEWLINE, _RETURN, _QUOTE]] = True
    before = codes[opening[opening > 0] - 1]
    after = codes[closing[closing < codes.size - 1] + 1]
    return bool(may_lead[before].all() and may_follow[after].all())


def _parse_any(
    text: str, separator: str, headings: Sequence[str], line: int, file: str | None
) -> Cells:
    """The rows below `line`, one at a time."""
    rows = [
        (here, cells)
        for here, cells in records(text, separator, file)
        if here > line and any(cell.strip(BLANKS) for cell in cells)
    ]
    width = _named(headings)
    # A row is told up to the column of a person: behind the cell too many none is where it should.
    told = next((at for at, name in enumerate(headings) if names_person(name)), None)
    blanks = [""] * width
    # More separators than the headings have are a habit if all rows have them; else they are the
    # trace of a number that its thousands mark has split.
    most = max(len(headings), min((len(cells) for _, cells in rows), default=0))
    kept: list[list[str]] = []
    lines: list[int] = []
    surplus: list[tuple[int, str, int, int]] = []
    for here, cells in rows:
        if len(cells) > most or any(cell.strip(BLANKS) for cell in cells[width:]):
            surplus.append((here, _shown(separator.join(cells[:told])), len(cells), width))
        else:
            lines.append(here)
            kept.append((cells + blanks[len(cells) :])[:width])
    columns = zip(*kept, strict=True) if kept else [()] * width
    frame = pl.DataFrame(
        {"line": lines} | {str(number): column for number, column in enumerate(columns)},
        schema={"line": pl.Int64} | {str(number): pl.String for number in range(width)},
    )
    return Cells(frame, pl.DataFrame(surplus, schema=SURPLUS, orient="row"))


def _named(headings: Sequence[str]) -> int:
    """How many columns there are up to the last one with a heading."""
    return max((number for number, name in enumerate(headings, 1) if name.strip(BLANKS)), default=0)


def _shown(row: str) -> str:
    row = " ".join(row.split())
    return row if len(row) <= _SHOWN else row[: _SHOWN - 1] + "…"


def _broken(detail: str, file: str | None, line: int, last: int) -> Problem:
    """What Python's csv found wrong with the record that begins in `line` and goes to `last`."""
    if "limit" in detail:
        return Problem(
            N_(
                "a cell of the row that begins here has more than {limit} characters; most often a"
                ' quotation mark (") was opened and never closed'
            ),
            {"limit": csv.field_size_limit()},
            file,
            line,
        )
    if "end of data" in detail:
        return Problem(
            N_(
                'a quotation mark (") in the row that begins here is never closed; close it, or'
                ' write it twice ("") inside a cell in quotation marks'
            ),
            {},
            file,
            line,
        )
    return Problem(
        N_(
            "a cell of the row that begins here goes on after its closing quotation mark (line"
            ' {last}); write a quotation mark inside a cell twice ("")'
        ),
        {"last": last},
        file,
        line,
    )

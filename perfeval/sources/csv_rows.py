"""A large CSV file as rows: read in blocks of whole records, and put aside as columns."""

from __future__ import annotations

import codecs
import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl

from perfeval.problems import InputError
from perfeval.sources import headings
from perfeval.sources.files import InputFile, encoding_of, unreadable
from perfeval.sources.slices import Rows
from perfeval.sources.spill import Spill
from perfeval.sources.table import Source, body_of, read_head, rows_of, unread

BLOCK = 8 << 20
"""Bytes that are read together."""

_LONGEST = 8
"""Blocks without the end of a record, after which a quotation mark is taken to be left open."""


class CsvRows(Rows):
    """The rows of a CSV file, put aside in `spill` while it is read; blank ones are left out."""

    def __init__(self, path: Path, table: headings.Table, spill: Spill) -> None:
        super().__init__(path, table)
        self._digest = hashlib.sha256()
        self._encoding = encoding_of(self._blocks(), self.name)
        self.input = InputFile(self.name, self._digest.hexdigest(), 0, self._encoding)
        self._spill = spill
        self._starts = [0]
        place = pl.lit(self.name).alias("file"), pl.lit(None, pl.String).alias("sheet")
        surplus = [self.malformed]
        for source in self._sources():
            rows = rows_of(source, table)
            self._spill.put(len(self._starts), rows)
            self._starts.append(self._starts[-1] + rows.height)
            surplus.append(source.surplus.select(*place, pl.all()))
        self.malformed = pl.concat(surplus)
        self.height = self._starts[-1]
        self.unchanged()

    def read(self, start: int, stop: int) -> pl.DataFrame:
        """The rows from `start` to `stop`."""
        frame = self._pieces(start, stop)
        self._count(frame)
        return frame

    def look(self, start: int, stop: int, columns: tuple[str, ...]) -> pl.DataFrame:
        """Some columns of these rows."""
        return self._pieces(start, stop).select(columns)

    def _pieces(self, start: int, stop: int) -> pl.DataFrame:
        first = bisect_right(self._starts, start)
        found: list[pl.DataFrame] = []
        for number in range(first, len(self._starts)):
            begin = self._starts[number - 1]
            if begin >= stop and found:
                break
            for piece in self._spill.take(number):
                low = max(0, start - begin)
                found.append(piece.slice(low, max(0, min(stop - begin, piece.height) - low)))
        return pl.concat(found) if found else rows_of(self._empty, self.table)

    def _blocks(self) -> Iterator[bytes]:
        """The bytes of the file, hashed as they are read."""
        try:
            with self.path.open("rb") as stream:
                while block := stream.read(BLOCK):
                    self._digest.update(block)
                    yield block
        except OSError as error:
            raise unreadable(self.path, error) from None

    def _texts(self) -> Iterator[str]:
        """The text of the file in pieces that end where records do."""
        decoder = codecs.getincrementaldecoder(self._encoding)()
        rest, blocks = "", 0
        for block in self._blocks():
            rest, blocks = rest + decoder.decode(block), blocks + 1
            end = _record_end(rest) if blocks < _LONGEST else len(rest)
            if end:
                yield rest[:end]
                rest, blocks = rest[end:], 0
        rest += decoder.decode(b"", final=True)
        if rest:
            yield rest

    def _sources(self) -> Iterator[Source]:
        """The cells of the file, piece by piece, each row with its line in the file."""
        texts = self._texts()
        first = next(texts, "")
        head = read_head(first, self._encoding, self.table, self.name)
        self.problems = unread(head.match, self.name, head.line)
        line = 0
        for text in chain([first], texts):
            below = head.line if line == 0 else 0
            try:
                source = body_of(text, head, below, self.name)
            except InputError as error:
                raise InputError(
                    replace(each, line=each.line + line if each.line else None)
                    for each in error.problems
                ) from None
            self._empty = replace(source, cells=source.cells.clear())
            moved = pl.col("line") + line
            yield replace(
                source,
                cells=source.cells.with_columns(moved),
                surplus=source.surplus.with_columns(moved),
            )
            line += text.count("\n")


def _record_end(text: str) -> int:
    """Where the last whole record of `text` ends; 0 where none does.

    A line's end inside quotation marks ends no record.
    """
    end = text.rfind("\n") + 1
    odd = text.count('"', 0, end) % 2 == 1
    while end and odd:
        before = text.rfind("\n", 0, end - 1) + 1
        odd = (text.count('"', before, end) % 2 == 1) != odd
        end = before
    return end

"""Tables that are larger than memory, read in slices of rows: a Parquet or CSV file, or several.

The slices of a table, one after the other, are what `read_table` makes of its files. A file that
changes while it is read is refused: what is parsed must be what the receipt's hash is of.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

import polars as pl

from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.problems import InputError, Problem
from perfeval.sources import headings
from perfeval.sources.files import PARQUET_MAGIC, InputFile, unreadable
from perfeval.sources.settings import SETTINGS
from perfeval.sources.table import (
    MALFORMED,
    Source,
    match_columns,
    rows_of,
    texts,
    unbroken,
    unread,
)

SUFFIXES = (".parquet", ".csv")
"""What the files of a folder must end in to be read as parts of one table."""

_CHANGED = N_(
    "the file changed while it was read; nothing was written: run this again when it is complete"
)
_BLOCK = 1 << 22


def is_file_of_rows(path: str | Path) -> bool:
    """Whether `path` is a Parquet or CSV file, or a folder with nothing but such files."""
    return bool(files_of(path))


def files_of(path: str | Path) -> list[Path]:
    """The files of a table by name: `path` itself, or those in the folder that it is."""
    path = Path(path)
    if path.is_dir():
        with suppress(OSError):
            found = sorted(each for each in path.iterdir() if each.name[0] not in "._")
            found = [each for each in found if each.name != SETTINGS]
            if all(each.suffix.lower() in SUFFIXES and each.is_file() for each in found):
                return found
        return []
    return [path] if path.suffix.lower() in SUFFIXES and path.is_file() else []


class Rows(ABC):
    """The rows of one file. `height` counts them with those that hold no text.

    `problems` tell the columns that are not read.
    """

    input: InputFile
    height: int
    problems: tuple[Problem, ...]
    malformed: pl.DataFrame

    def __init__(self, path: Path, table: headings.Table) -> None:
        self.path = path
        self.table = table
        self.name = str(path)
        self.malformed = pl.DataFrame(schema=MALFORMED)
        self._identity = self._look()
        self._filled = 0
        self._lock = Lock()

    def _look(self) -> tuple[int, ...]:
        """What tells that a file is still the same: its place on disk, size and times."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise unreadable(self.path, error) from None
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def unchanged(self) -> None:
        """Raise `InputError` where the file is no longer what it was when it was opened."""
        if self._look() != self._identity:
            raise InputError.of(_CHANGED, file=self.name)

    @abstractmethod
    def read(self, start: int, stop: int) -> pl.DataFrame:
        """The filled rows of those from `start` to `stop`, with the columns of the table."""

    def look_at(self, rows: int) -> pl.DataFrame:
        """All columns of the first `rows` rows."""
        return self.look(0, min(rows, self.height), self.table.columns)

    def _count(self, rows: pl.DataFrame) -> None:
        """Remember that `rows` were read, maybe by one of several threads."""
        with self._lock:
            self._filled += rows.height

    @property
    def told(self) -> InputFile:
        """The file as the receipt names it, when all its rows have been read."""
        return replace(self.input, rows=self._filled + self.malformed.height)

    @abstractmethod
    def look(self, start: int, stop: int, columns: tuple[str, ...]) -> pl.DataFrame:
        """Some columns of these rows as text, also where they hold none."""


class ParquetRows(Rows):
    """The rows of a Parquet file, taken from it as they are asked for."""

    def __init__(self, path: Path, table: headings.Table) -> None:
        super().__init__(path, table)
        with self._reading():
            schema = self._scan().collect_schema()  # as a name: [2023] is no pattern
            self.height = int(self._scan().select(pl.len()).collect().item())
        self.match = match_columns(pl.Schema(schema), table, self.name)
        self._names = list(schema)
        self.input = InputFile(self.name, file_sha256(path), 0, "parquet")
        self.problems = unread(self.match, self.name)

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path, glob=False, hive_partitioning=False)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            with unbroken(self.name):
                yield
        except InputError:
            self.unchanged()
            raise

    def read(self, start: int, stop: int) -> pl.DataFrame:
        """The filled rows of those from `start` to `stop`, with the columns of the table."""
        with self._reading():
            frame = self._scan().slice(start, stop - start).collect()
        if frame.height != stop - start:
            raise InputError.of(_CHANGED, file=self.name)
        cells = texts(frame, start + 1)
        source = Source(cells, self.malformed.drop("file", "sheet"), self.match, self.name)
        rows = rows_of(source, self.table)
        self._count(rows)
        return rows

    def look(self, start: int, stop: int, columns: tuple[str, ...]) -> pl.DataFrame:
        """Some columns of these rows."""
        names = {
            column: self._names[self.match.positions[column]]
            for column in columns
            if column in self.match.positions
        }
        scan = self._scan().select(pl.lit(0).alias("-") if not names else names.values())
        with self._reading():
            frame = scan.slice(start, stop - start).collect()
        cells = texts(frame, 1).drop("line")
        return cells.select(
            pl.col(str(list(names).index(column))).str.strip_chars(BLANKS).alias(column)
            if column in names
            else pl.lit("").alias(column)
            for column in columns
        )


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does; `InputError` where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
    except OSError as error:
        raise unreadable(path, error) from None


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in blocks."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise unreadable(path, error) from None
    return digest.hexdigest()

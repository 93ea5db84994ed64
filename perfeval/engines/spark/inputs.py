"""The tables of a run as Spark reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from perfeval.engines.spark.store import Store, StoredFile
from perfeval.engines.spark.work import PACKED, TABLES, Files, looked_at, pack, path_key
from perfeval.names import BLANKS
from perfeval.problems import Collector, InputError, Problem
from perfeval.sources import headings
from perfeval.sources.table import EMPTY, match_columns, unread

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession


@dataclass(frozen=True)
class Source:
    """Files with the same columns, the first named `file`. match: which of `rows` is which."""

    file: str
    rows: DataFrame
    match: headings.Match
    numbers: dict[str, int]

    def cells(self, table: str, only: Collection[str]) -> tuple[DataFrame, Files]:
        """The cells of some columns, "0", "1", …, with their place; and what they are."""
        from pyspark.sql import functions

        columns = [column for column in self.match.positions if column in only]
        cells: list[Column] = [
            functions.col(_quoted(self.rows.columns[self.match.positions[column]])).alias(str(at))
            for at, column in enumerate(columns)
        ]
        place = [
            functions.col("_metadata.file_path").alias("path"),
            functions.col("_metadata.row_index").alias("row"),
        ]
        positions = {column: at for at, column in enumerate(columns)}
        match = headings.Match(positions, self.match.units, self.match.recognised)
        return self.rows.select(*cells, *place), Files(table, match, self.numbers)


@dataclass(frozen=True)
class Table:
    """The files of a table, in their order."""

    name: str
    files: tuple[StoredFile, ...]
    sources: tuple[Source, ...]

    @property
    def rows(self) -> int:
        """How many rows there are, with those that hold no text."""
        return sum(file.rows for file in self.files)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, as messages call them."""
        return tuple(file.name for file in self.files)

    @property
    def problems(self) -> Iterator[Problem]:
        """What is doubtful in the files."""
        return (problem for each in self.sources for problem in unread(each.match, each.file))

    def looked_at(
        self, look: Callable[[pl.DataFrame], pl.DataFrame], only: Collection[str], columns: str
    ) -> DataFrame:
        """What `look` makes of the rows, of which it sees `only` these columns, batch by batch.

        `columns` are those of what comes of it, as Spark names types.
        """

        def of(source: Source) -> DataFrame:
            cells, files = source.cells(self.name, only)
            cells = cells.selectExpr("*", "cast(null as string) as home")
            return cells.mapInArrow(lambda batches: looked_at(batches, files, look), columns)

        return union(map(of, self.sources))

    def packed(self, parts: int, by_name: DataFrame | None) -> DataFrame:
        """All rows, packed by part; `by_name` has the homes of projects that are given by name."""
        from pyspark.sql import functions

        def of(source: Source) -> DataFrame:
            cells, files = source.cells(self.name, TABLES[self.name].columns)
            if by_name is None or self.name == "specs":
                cells = cells.selectExpr("*", "cast(null as string) as home")
            else:
                cell = functions.col(str(files.match.positions["project"])).cast("string")
                written = functions.trim(cell, functions.lit(BLANKS))
                cells = cells.withColumn("written", written)
                cells = cells.join(by_name, on="written", how="left").drop("written")
            return cells.mapInArrow(lambda batches: pack(batches, files, parts), PACKED)

        return union(map(of, self.sources))


def open_table(spark: SparkSession, store: Store, name: str, path: str) -> Table:
    """The table at `path`; raises `InputError` with the problems of all its files."""
    files = store.files(path)
    if not any(file.rows for file in files):
        raise InputError.of(EMPTY, file=path)
    numbers = {path_key(file.uri): number for number, file in enumerate(files)}
    alike: dict[str, list[StoredFile]] = {}
    for file in files:
        alike.setdefault(file.layout, []).append(file)
    problems = Collector()
    sources = []
    for group in alike.values():
        with problems:
            sources.append(_source(spark, name, group, numbers))
    problems.raise_any()
    return Table(name, tuple(files), tuple(sources))


def _source(
    spark: SparkSession, name: str, files: list[StoredFile], numbers: dict[str, int]
) -> Source:
    from pyspark.sql.pandas.types import to_arrow_schema

    # The names are those of files, whatever characters they have, and no patterns.
    reader = spark.read.option("__globPaths__", "false")
    rows = reader.parquet(*(file.uri for file in files))
    schema = pl.DataFrame(to_arrow_schema(rows.schema).empty_table()).schema
    file = files[0].name
    return Source(file, rows, match_columns(schema, TABLES[name], file), numbers)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def union(frames: Iterable[DataFrame]) -> DataFrame:
    """All rows of frames with the same columns."""
    return reduce(lambda one, other: one.unionAll(other), frames)

"""What Spark's executors do: rows into parts of whole projects, and parts to results.

Nothing here knows Spark: batches of Arrow come in and go out. Rows travel packed, a table's rows of
one part together, so that a shuffle moves thousands of rows at a time and not one by one.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from zlib import crc32

import polars as pl

from perfeval import __version__
from perfeval.engines.part import Beyond, Job, empty_rows, score_rows
from perfeval.engines.spark import told
from perfeval.names import normalise
from perfeval.problems import InputError
from perfeval.reports import table
from perfeval.reports.tabular import with_points
from perfeval.scoring.batch import Outcome
from perfeval.sources import headings
from perfeval.sources.specs_table import SPECS
from perfeval.sources.table import ACTUALS, EXECUTION, MALFORMED, Source, rows_of, texts

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = {"specs": SPECS, "actuals": ACTUALS, "execution": EXECUTION}
PLACED = ("path", "row", "home")
"""What comes with a row's cells: its file, its number there from 0, and the key of the project that
it calls by its name (null for a code)."""

PACKED = "part int, table string, rows binary"
"""The columns of packed rows, as Spark names types."""

CHUNK = 100_000
"""Rows that are packed together, and the most in a batch of results."""

_NUMBER = pl.UInt32
_SURPLUS = pl.DataFrame(schema=MALFORMED).drop("file", "sheet")


class Mismatch(RuntimeError):  # noqa: N818
    """An executor has another version than the driver."""


@dataclass(frozen=True)
class Files:
    """Files of one table with the same columns.

    match: the positions of the table's columns among those that are read. numbers: the file's
    number in its table by its path (`path_key`).
    """

    table: str
    match: headings.Match
    numbers: Mapping[str, int]
    version: str = __version__


def path_key(uri: str) -> str:
    """What tells a file apart from others of its store, whoever wrote its name."""
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(uri).path)


def unpacked(batches: Iterable[pa.RecordBatch], files: Files) -> Iterator[pl.DataFrame]:
    """The filled rows, some at a time: the table's columns as text, and number, line and home."""
    if files.version != __version__:
        raise Mismatch(f"perfeval {__version__} on an executor, {files.version} on the driver")
    for frame in _chunks(batches):
        cells = texts(frame.drop(PLACED), 1)
        rows = rows_of(Source(cells, _SURPLUS, files.match, ""), TABLES[files.table])
        place = frame.select(pl.col(PLACED).gather(rows["line"] - 1))
        numbers = {path: files.numbers[path_key(path)] for path in place["path"].unique()}
        yield rows.drop("file", "sheet").with_columns(
            number=place["path"].replace_strict(numbers, return_dtype=_NUMBER),
            line=place["row"] + 1,
            home=place["home"],
        )


def looked_at(
    batches: Iterable[pa.RecordBatch],
    files: Files,
    look: Callable[[pl.DataFrame], pl.DataFrame],
) -> Iterator[pa.RecordBatch]:
    """What `look` makes of the rows, some at a time."""
    for rows in unpacked(batches, files):
        yield from _as_spark_has_it(look(rows))


def _chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[pl.DataFrame]:
    gathered: list[pl.DataFrame] = []
    for batch in batches:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        gathered.append(frame)
        if sum(map(len, gathered)) >= CHUNK:
            yield pl.concat(gathered)
            gathered = []
    if gathered:
        yield pl.concat(gathered)


def pack(batches: Iterable[pa.RecordBatch], files: Files, parts: int) -> Iterator[pa.RecordBatch]:
    """Rows of files to `PACKED`: all of a project go to one of so many `parts`."""
    import pyarrow as pa

    types = pa.schema([("part", pa.int32()), ("table", pa.string()), ("rows", pa.binary())])
    for rows in unpacked(batches, files):
        homes = rows.select("project", "home").unique()
        key = pl.coalesce("home", normalise(pl.col("project")))
        # The same on every machine, which the hash of polars does not promise to be.
        part = [crc32(text.encode()) % parts for text in homes.select(key).to_series()]
        homes = homes.with_columns(part=pl.Series(part, dtype=pl.Int32))
        placed = rows.join(homes, on=["project", "home"], nulls_equal=True)
        own = placed.partition_by("part", as_dict=True, include_key=False)
        yield pa.RecordBatch.from_arrays(
            [
                pa.array([part for (part,) in own], pa.int32()),
                pa.array([files.table] * len(own), pa.string()),
                pa.array([_bytes(frame) for frame in own.values()], pa.binary()),
            ],
            schema=types,
        )


def _bytes(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc_stream(stream, compression="zstd")
    return stream.getvalue()


@dataclass(frozen=True)
class Task:
    """How packed rows are scored.

    files: the names of each table's files by number; execution only where it is given. projects:
    all there are (project, name), to suggest for unknown ones.
    """

    job: Job
    files: Mapping[str, tuple[str, ...]]
    projects: pl.DataFrame


def score(batches: Iterable[pa.RecordBatch], task: Task) -> Iterator[pa.RecordBatch]:
    """Packed rows, those of a part one after the other, to rows of the result and what is told."""
    records = (record for batch in batches for record in batch.to_pylist())
    for _, packed in groupby(records, key=lambda record: int(record["part"])):
        for frame in _scored(_tables(packed, task), task):
            for piece in frame.iter_slices(CHUNK):
                yield from _as_spark_has_it(piece)


def _tables(packed: Iterable[Mapping[str, object]], task: Task) -> dict[str, pl.DataFrame]:
    """A part's rows of every table, in the order of its files."""
    found: dict[str, list[pl.DataFrame]] = {name: [] for name in task.files}
    for record in packed:
        content = record["rows"]
        assert isinstance(content, bytes)
        found[str(record["table"])].append(pl.read_ipc_stream(io.BytesIO(content)))
    tables = {}
    for name, frames in found.items():
        empty = empty_rows(TABLES[name].columns)
        if not frames:
            tables[name] = empty.with_columns(
                number=pl.lit(0, _NUMBER), home=pl.lit(None, pl.String)
            )
            continue
        rows = pl.concat(frames).sort("number", "line")
        names = pl.Series(task.files[name], dtype=pl.String)
        tables[name] = rows.with_columns(
            file=names.gather(rows["number"]), sheet=pl.lit(None, pl.String)
        ).select(*empty.columns, "number", "home")
    return tables


def _scored(tables: dict[str, pl.DataFrame], task: Task) -> Iterator[pl.DataFrame]:
    """What becomes of a part: of its projects' rows, then of rows for projects there are not."""
    rows = {
        name: {str(number): count for number, count in frame["number"].value_counts().iter_rows()}
        for name, frame in tables.items()
    }
    yield told.as_rows([told.counts({"rows": rows})])
    specs = tables.pop("specs")
    known = specs.select(key=normalise(pl.col("project").unique()))
    own, strange = {}, {}
    for name, frame in tables.items():
        key = frame.select("project").unique().with_columns(key=normalise(pl.col("project")))
        there = key.join(known, on="key", how="semi")["project"].to_list()
        is_own = pl.col("home").is_not_null() | pl.col("project").is_in(there)
        own[name] = frame.filter(is_own).drop("number", "home")
        strange[name] = frame.filter(~is_own).drop("number", "home")
    places = told.Places(task.files, specs)
    if len(specs):
        yield from _outcome(specs.drop("number", "home"), own, task, places, None)
    for name, frame in strange.items():
        if len(frame):
            lost = pl.DataFrame(schema=MALFORMED)
            others = {
                each: frame if each == name else empty_rows(TABLES[each].columns)
                for each in strange
            }
            beyond = Beyond(lost, lost, task.projects)
            yield from _outcome(empty_rows(SPECS.columns), others, task, places, beyond)


def _outcome(
    specs: pl.DataFrame,
    rows: Mapping[str, pl.DataFrame],
    task: Task,
    places: told.Places,
    beyond: Beyond | None,
) -> Iterator[pl.DataFrame]:
    """The rows of the result and what is told of them; problems where they can't be scored."""
    try:
        outcome: Outcome = score_rows(
            specs, rows["actuals"], rows.get("execution"), task.job, beyond
        )
    except InputError as error:
        yield told.as_rows(told.problems(error, places))
        return
    scores = with_points(table.rows(outcome), table.SCORES)
    if len(scores):
        yield scores.with_columns(kind=pl.lit(told.ROWS))
    yield told.as_rows(told.of(outcome, places))


def _as_spark_has_it(frame: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    """Batches with the types that Spark knows: no long strings, no long lists."""
    import pyarrow as pa

    types = {
        pl.String: pa.string(), pl.Float64: pa.float64(), pl.Boolean: pa.bool_(),
        pl.Decimal: pa.decimal128(18, 2), pl.List: pa.list_(pa.string()), pl.Int64: pa.int64(),
    }  # fmt: skip
    schema = pa.schema([(name, types[kind.base_type()]) for name, kind in frame.schema.items()])
    yield from frame.to_arrow().cast(schema).combine_chunks().to_batches()

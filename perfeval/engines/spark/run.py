"""Scoring on Spark: what the driver does, which holds counts and findings, and never rows."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfeval.engines.local import MOST_NAMES, rows_within
from perfeval.engines.merge import added
from perfeval.engines.part import Job
from perfeval.engines.spark import told
from perfeval.engines.spark.homes import find_homes, named
from perfeval.engines.spark.inputs import Table, open_table, union
from perfeval.engines.spark.session import apart, end_jobs, watched
from perfeval.engines.spark.store import Store, has_scheme, located
from perfeval.engines.spark.work import Task, score
from perfeval.findings.handling import handling
from perfeval.problems import Collector, InputError, once
from perfeval.reports.tabular import Told
from perfeval.scoring.receipt import Chosen, choose_policy, receipt
from perfeval.sources.files import InputFile
from perfeval.sources.settings import SETTINGS
from perfeval.sources.specs import Specs, specs_beside
from perfeval.sources.table import EMPTY
from perfeval.tables import MOST_FINDINGS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Progress = Callable[[str, int, int], None]

PART = 100_000
"""About how many rows of specs make up a part, where memory allows for them."""

RECEIPT = ".receipt.json"
"""What the name of the receipt has behind that of the folder."""

_KIND = "kind"
_HASHING = 4


@dataclass(frozen=True)
class Inputs:
    """Where the tables are, each a Parquet file or a folder of them; `memory` for each Python."""

    actuals: str
    specs: str
    execution: str | None
    policy: str | None
    memory: int

    def parts(self, rows: int) -> int:
        """Into how many parts so many rows of specs are taken apart."""
        # Chance makes some parts twice as large as others.
        return max(1, -(-rows // min(PART, rows_within(self.memory) // 2)))


@dataclass(frozen=True)
class _Opened:
    """Everything that is known before rows are read."""

    tables: dict[str, Table]
    beside: Specs
    chosen: Chosen


def score_to(
    spark: SparkSession,
    inputs: Inputs,
    output: str,
    receipt_of: Callable[[Told], bytes],
    report: Progress,
) -> Told:
    """Score to a folder of Parquet files, with the receipt beside it; what it tells besides rows.

    Raises `InputError` with all problems of all inputs. Whatever goes wrong, nothing remains.
    """
    store = Store(spark)
    store.refuse_existing(output)
    opened = _open(spark, store, inputs)
    files = [file for table in opened.tables.values() for file in table.files]
    pool = ThreadPoolExecutor(_HASHING)
    with _temporary(spark, store, output) as folder:
        hashes = {file.name: pool.submit(store.sha256, file) for file in files}
        try:
            _score(spark, inputs, opened, folder, report)
            result = _told(spark, opened, folder, hashes)
            for file in files:
                store.unchanged(file)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        beside = f"{output.rstrip('/')}{RECEIPT}"
        store.write(beside, receipt_of(result))
        try:
            store.rename(f"{folder}/{_KIND}={told.ROWS}", output)
        except BaseException:
            store.remove(beside)
            raise
        # Last, for stores whose folders do not take their names all at once.
        store.write(f"{output}/_SUCCESS", b"")
    return result


def _open(spark: SparkSession, store: Store, inputs: Inputs) -> _Opened:
    problems = Collector()
    tables: dict[str, Table] = {}
    beside = chosen = None
    for name in ("specs", "actuals", "execution"):
        path = getattr(inputs, name)
        with problems:
            if path is not None:
                tables[name] = open_table(spark, store, name, path)
    with problems:
        beside = _beside(store, inputs.specs)
    with problems:
        chosen = choose_policy(inputs.policy, beside)
    problems.raise_any()
    assert beside is not None
    assert chosen is not None
    return _Opened(tables, beside, chosen)


def _beside(store: Store, path: str) -> Specs:
    """What the perfeval.toml in the folder of specs, or beside their file, says."""
    with tempfile.TemporaryDirectory() as folder:
        if not has_scheme(path):
            inside = Path(path, SETTINGS) if Path(path).is_dir() else Path(path)
            return specs_beside(inside)
        content = store.text_beside(path, SETTINGS)
        copy = Path(folder, SETTINGS)
        if content is not None:
            copy.write_bytes(content)
        found = specs_beside(copy)
        place = f"{path.rstrip('/')}: {SETTINGS}"
        return replace(
            found,
            inputs=tuple(replace(each, path=place) for each in found.inputs),
            settings=replace(found.settings, file=place),
        )


@contextmanager
def _temporary(spark: SparkSession, store: Store, output: str) -> Iterator[str]:
    """A folder beside the output that is gone after the block.

    It always has the same name, so that one that a killed run has left goes with the next.
    """
    parent, _, name = located(output).rstrip("/").rpartition("/")
    folder = f"{parent}/.{name}.perfeval.tmp"

    def clear() -> None:
        end_jobs(spark)
        store.remove(folder)

    clear()
    try:
        yield folder
    finally:
        apart(clear)


def _score(
    spark: SparkSession, inputs: Inputs, opened: _Opened, folder: str, report: Progress
) -> None:
    """Write the rows of the result and what is told of them into the folder."""
    specs, *others = opened.tables.values()
    parts = inputs.parts(specs.rows)
    spark.conf.set("spark.sql.shuffle.partitions", parts)
    with watched(spark, report, "projects"):
        homes = find_homes(specs, others, MOST_NAMES)
        job = Job(opened.chosen.policy, handling(named(specs, opened.beside)))
    names = {table.name: table.names for table in opened.tables.values()}
    task = spark.sparkContext.broadcast(Task(job, names, homes.projects))
    packed = union(table.packed(parts, homes.by_name) for table in opened.tables.values())
    scored = (
        packed.repartition(parts, "part")
        .sortWithinPartitions("part")
        .mapInArrow(lambda batches: score(batches, task.value), _layout())
    )
    with watched(spark, report, "scoring"):
        scored.write.partitionBy(_KIND).option("compression", "zstd").parquet(folder)


def _layout() -> str:
    """The columns of the result, as Spark names types."""
    types = {"String": "string", "Float64": "double", "Boolean": "boolean", "Int64": "long",
             "Decimal": "decimal(18,2)", "List": "array<string>"}  # fmt: skip
    schema = told.layout().schema
    return ", ".join(f"{name} {types[str(kind.base_type())]}" for name, kind in schema.items())


def _told(
    spark: SparkSession, opened: _Opened, folder: str, hashes: dict[str, Future[str]]
) -> Told:
    """Counts and findings of all parts; raises `InputError` where parts told problems."""
    records = (
        spark.read.schema(_layout())
        .parquet(f"{folder}/{_KIND}={told.TOLD}")
        .selectExpr(*(f"{column} as {about}" for about, column in told.COLUMNS.items()))
    )
    first = _first(records)
    found = [told.problem(content) for content in first(told.PROBLEM)]
    if found:
        raise InputError(found)
    counts: dict[str, Any] = {}
    by_rule: Counter[str] = Counter()
    rows: dict[str, Counter[str]] = {name: Counter() for name in opened.tables}
    for content in first(told.COUNTS):
        each = told.read_counts(content)
        counts = added(counts, each["counts"]) if each["counts"] else counts
        by_rule.update(each["by_rule"])
        for name, own in each["rows"].items():
            rows[name].update(own)
    inputs = list(opened.beside.inputs)
    for table in opened.tables.values():
        read = rows[table.name]
        if not read.total():
            raise InputError.of(EMPTY, file=table.files[0].name)
        inputs += [
            InputFile(file.name, hashes[file.name].result(), read[str(number)], "parquet")
            for number, file in enumerate(table.files)
        ]
    return Told(
        receipt(opened.chosen, inputs, counts),
        told.findings(first(told.FINDING), told.FINDING),
        told.findings(first(told.SUPPRESSED), told.SUPPRESSED),
        by_rule,
        [each for table in opened.tables.values() for each in once(table.problems, anywhere=True)],
    )


def _first(records: DataFrame) -> Callable[[str], list[str]]:
    """The first records of a kind, in their order: of each rule so many, of counts all."""
    from pyspark.sql import Window, functions

    number = functions.row_number().over(Window.partitionBy("about", "code").orderBy("position"))
    told_of = (functions.col("number") <= MOST_FINDINGS) | (functions.col("about") == told.COUNTS)
    few = records.withColumn("number", number).where(told_of).drop("number")
    rows = sorted(tuple(row) for row in few.collect())

    def of(about: str) -> list[str]:
        return [content for kind, _, _, content in rows if kind == about]

    return of

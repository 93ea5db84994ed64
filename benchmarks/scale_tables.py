"""Tables of specs and actuals of any size, as a province would hand them in; a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

import perfeval
from benchmarks.cases import OPERATORS, Data
from perfeval.sources.spill import Spill, Spills

SPECS = Path(__file__).resolve().parents[1] / "specs"
TOWNS = 40
"""Towns that name the indicators: so many times the names of the original are distinct."""

UNITS = ("人", "%", "万元", "次", "个", "户")
CHUNK = 1_000_000
_REASON = "受疫情影响，部分活动推迟"


class Maker:
    """Indicators in projects of three to nine, a chunk of rows at a time."""

    def __init__(self) -> None:
        own = perfeval.load(SPECS).indicators.unique("indicator", maintain_order=True)
        self._names = own.select("level1", "level2", "indicator").with_row_index("name")

    def chunk(self, number: int, rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Specs and actuals of the chunk `number`."""
        random = np.random.default_rng(number)
        sizes = random.integers(3, 10, rows // 3 + 1)
        ends = np.cumsum(sizes)
        count = int(np.searchsorted(ends, rows) + 1)
        project = np.repeat(np.arange(count), sizes[:count])[:rows]
        within = np.arange(rows) - np.concatenate(([0], ends))[project]
        first = random.integers(0, len(self._names), count)[project]
        town = random.integers(0, TOWNS, count)[project]
        data = Data.random(rows, seed=number)
        frame = pl.DataFrame(
            {
                "number": project.astype(np.int64) + number * CHUNK,
                "name": ((first + within) % len(self._names)).astype(np.uint32),
                "town": town,
            }
        ).join(self._names, on="name", how="left", maintain_order="left")
        code = pl.col("number").cast(pl.String).str.zfill(12)
        specs = frame.select(
            project=pl.lit("50011023T") + code,
            project_name=pl.format("乡镇{}专项第{}号", "town", "number"),
            department=pl.format("第{}局", pl.col("number") // 60),
            year=pl.lit(2023),
            level1="level1",
            level2="level2",
            indicator=pl.format("{}{}", "indicator", "town"),
            operator=pl.Series(np.array(OPERATORS)[data.operator]),
            target=_text(data.target),
            unit=pl.Series(random.choice(UNITS, rows)),
            # The weights of a project sum to 100, as far as whole points do.
            weight=(100 / pl.len().over("number")).round(2),
        )
        actuals = specs.select(
            "project",
            "indicator",
            actual=_text(data.actual),
            reason=pl.when(pl.Series(random.random(rows) < 0.2))
            .then(pl.lit(_REASON))
            .otherwise(pl.lit("")),
        )
        return specs, actuals


def _text(numbers: np.ndarray) -> pl.Series:
    """Numbers as people type them; what is missing is blank."""
    return pl.Series(numbers).cast(pl.String).str.strip_suffix(".0").replace("NaN", "")


def make(folder: Path, rows: int) -> tuple[Path, Path, Path]:
    """specs, actuals in their order, and shuffled actuals, as Parquet; made once."""
    paths = tuple(folder / f"{name}-{rows}.parquet" for name in ("specs", "actuals", "shuffled"))
    specs, actuals, shuffled = paths
    if all(path.exists() for path in paths):
        return specs, actuals, shuffled
    maker = Maker()

    def chunks(side: int) -> Iterator[pl.DataFrame]:
        for start in range(0, rows, CHUNK):
            yield maker.chunk(start // CHUNK, min(CHUNK, rows - start))[side]

    for side, path in ((0, specs), (1, actuals)):
        _write(path, chunks(side))
    with Spills(folder) as spills:
        read = (
            pl.scan_parquet(actuals).slice(start, CHUNK).collect()
            for start in range(0, rows, CHUNK)
        )
        _write(shuffled, _shuffled(read, rows, spills.new()))
    return specs, actuals, shuffled


def _shuffled(chunks: Iterator[pl.DataFrame], rows: int, spill: Spill) -> Iterator[pl.DataFrame]:
    """All rows in random order: dealt out at random, then shuffled within each heap."""
    random = np.random.default_rng(rows)
    heaps = -(-rows // CHUNK)
    for chunk in chunks:
        dealt = chunk.with_columns(heap=pl.Series(random.integers(0, heaps, len(chunk))))
        for (heap,), own in dealt.partition_by("heap", as_dict=True, include_key=False).items():
            spill.put(heap, own)
    for heap in range(heaps):
        rows_of_heap = spill.together(heap)
        if rows_of_heap is not None:
            yield rows_of_heap[random.permutation(len(rows_of_heap))]


def _write(path: Path, frames: Iterator[pl.DataFrame]) -> None:
    """The rows of all frames as one Parquet file, which has its name when it is whole."""
    first = next(frames)
    source = register_io_source(lambda *_: chain([first], frames), schema=first.schema)
    source.sink_parquet(path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)

"""The kernel against the memory floor and against five other ways to compute the same scores.

    python -m benchmarks.kernel [--rows N] [--repeat N] [--threads N] [--fresh]

Each computes met, ratio, coefficient, score and high of every row from operator, actual, target and
weight, and allocates what it returns. docs/benchmarks.md says how to read what is printed.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import platform
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from pathlib import Path

import numpy as np

from benchmarks import others
from benchmarks.cases import OPERATORS, Contender, Data
from perfeval.compile import Way, assemble
from perfeval.kernel import BLOCK, evaluate
from perfeval.program import Integers, Result

LIBRARIES = ("numpy", "polars", "duckdb", "pyarrow", "pandas", "openfisca-core")
FLOOR, KERNEL = "memory floor", "kernel"


def perfeval_itself(data: Data) -> Iterator[Contender]:
    ways = [Way(each, "target/actual" if each in "<≤" else "actual/target") for each in OPERATORS]
    program = assemble(ways, data.operator, data.target, data.weight)
    actual, order, n = data.actual[program.order], program.order, len(program)

    def outputs() -> Result:
        ratio, coefficient = np.empty(n), np.empty(n)
        score, high = np.empty(n, np.int64), np.empty(n, np.int64)
        return Result(np.empty(n, np.int8), ratio, coefficient, score, high)

    def floor() -> Result:
        out = outputs()
        for start in range(0, n, BLOCK):
            rows = slice(start, start + BLOCK)
            np.add(actual[rows], program.target[rows], out=out.ratio[rows])
            np.copyto(out.coefficient[rows], program.points[rows])
            for constant in (out.met, out.score, out.high):
                constant[rows].fill(0)
        return out

    def in_any_order() -> Result:
        result, out = evaluate(program, data.actual[order]), outputs()
        for name, values in vars(out).items():
            values[order] = getattr(result, name)
        return out

    def unsorted(result: Result) -> tuple[Integers, Integers]:
        score, high = np.empty(n, np.int64), np.empty(n, np.int64)
        score[order], high[order] = result.score, result.high
        return score, high

    yield Contender(FLOOR, floor)
    yield Contender(KERNEL, lambda: evaluate(program, actual), unsorted)
    yield Contender(
        "kernel, with gathering and scattering", in_any_order, lambda out: (out.score, out.high)
    )
    yield Contender("compiling", lambda: assemble(ways, data.operator, data.target, data.weight))


def rivals(data: Data, threads: int) -> Iterator[Contender]:
    """The other ways; one whose library is missing is named and left out."""
    prepare: Callable[[Data], Contender]
    for prepare in (
        others.numpy_where,
        others.polars_expression,
        partial(others.duckdb_sql, threads=threads),
        others.pandas_series,
        others.openfisca_variables,
    ):
        try:
            yield prepare(data)
        except ImportError as error:
            print(f"skipped: {error}")


def keep_freed_memory() -> bool:
    """Let glibc keep freed memory, as the allocators inside polars and DuckDB do by themselves.

    Otherwise every large array of numpy comes anew from the system, which clears it page by page.
    """
    mmap_max, trim_threshold = -4, -1
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(mmap_max, 0) and mallopt(trim_threshold, -1))


def differing(contender: Contender, data: Data) -> int | None:
    """Run once, to warm up; return how many rows differ from exact arithmetic in score or high."""
    result = contender.run()
    if contender.scores is None:
        return None
    score, high = contender.scores(result)
    return int(np.count_nonzero((score != data.score) | (high != data.high)))


def measure(contenders: list[Contender], repeat: int) -> dict[str, Integers]:
    """Nanoseconds of each run, the contenders taking turns.

    In its turn each runs twice, and the second time counts: then its own allocator still has the
    memory of the first, and the caches hold what is its own.
    """
    times: dict[str, list[int]] = {each.name: [] for each in contenders}
    for _ in range(repeat):
        for contender in contenders:
            contender.run()
            gc.collect()
            start = time.perf_counter_ns()
            result = contender.run()
            times[contender.name].append(time.perf_counter_ns() - start)
            del result
    return {name: np.array(values) for name, values in times.items()}


def machine() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
    name = names[0].partition(":")[2].strip() if names else platform.processor()
    return (
        f"{os.cpu_count()} cores, {name}, {platform.system()}, Python {platform.python_version()}"
    )


def versions() -> Iterator[str]:
    for library in LIBRARIES:
        try:
            yield f"{library} {metadata.version(library)}"
        except metadata.PackageNotFoundError:
            yield f"{library} missing"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1, help="of polars, DuckDB and pandas")
    parser.add_argument("--fresh", action="store_true", help="give freed memory back to the system")
    options = parser.parse_args()
    # Read when the libraries are first imported, which is below.
    os.environ["POLARS_MAX_THREADS"] = os.environ["NUMEXPR_MAX_THREADS"] = str(options.threads)
    kept = not options.fresh and keep_freed_memory()

    data = Data.random(options.rows)
    print(machine())
    print(", ".join(versions()))
    print(f"{options.rows} rows, {options.repeat} turns, {options.threads} thread(s)", end="; ")
    print("freed memory is", "kept for the next array" if kept else "given back to the system")
    below, missing = data.below / options.rows, np.isnan(data.actual).mean()
    print(f"{below:.1%} below target, {missing:.1%} missing, {data.ties / options.rows:.2%} ties\n")

    contenders = [*perfeval_itself(data), *rivals(data, options.threads)]
    wrong = {each.name: differing(each, data) for each in contenders}
    times = measure(contenders, options.repeat)

    print(f"{'ns a row':38}{'min':>8}{'median':>8}{'x floor':>9}{'x kernel':>10}  differing scores")
    for name, taken in times.items():
        row = f"{name:38}{taken.min() / options.rows:8.2f}{np.median(taken) / options.rows:8.2f}"
        row += f"{np.median(taken / times[FLOOR]):9.2f}{np.median(taken / times[KERNEL]):10.2f}"
        print(row, "" if wrong[name] is None else f" {wrong[name]}")


if __name__ == "__main__":
    main()

"""Large tables from file to file: `perfeval score` beside a floor and beside other tools.

    python -m benchmarks.scale [--rows N] [--parts floor,aligned,…] [--folder DIR] [--again]
                               [--turns N] [--memory SIZE] [--picture FILE]

Each run is a process of its own, timed from start to end with its peak of resident memory (VmHWM)
and its processor time. The floor is timed inside its process, as are the tools of the second table.
Tables are made once and results are kept in the folder, so that a run that was stopped goes on, and
parts can be run one by one; --again measures anew. Without --parts everything is run.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.scale_others import OTHERS
from benchmarks.scale_tables import make

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"zen-engine": 100_000, "openfisca-core": 1_000_000, "LibreOffice": 20_000}
"""The most rows that are given to a tool; perfeval is run at the same size beside it."""
CURVE = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
START = 100
"""Rows of a run that takes no longer than the program takes to start."""

PARTS = ("aligned", "floor", "shuffled", "polars", "duckdb", "pandas", "others", "curve")
NAIVE = {"polars": "polars, naive", "duckdb": "DuckDB, naive", "pandas": "pandas, naive"}
VERSIONS = ("perfeval", "polars", "duckdb", "pandas", "pyarrow", "zen-engine", "openfisca-core")


class Runs:
    """Results by contender and size, kept in a file."""

    def __init__(self, folder: Path, turns: int, memory: str, again: bool) -> None:
        self.folder, self.turns, self.memory = folder, turns, memory
        self._path = folder / "results.json"
        self.results: dict[str, dict[str, Any]] = {}
        if self._path.exists() and not again:
            self.results = json.loads(self._path.read_text())

    def get(self, name: str, rows: int) -> dict[str, Any]:
        """Seconds, CPU seconds and peak (MiB) of a contender, measured where they are not known."""
        key = f"{name} {rows}"
        if key not in self.results:
            taken = [self._measure(name, rows) for _ in range(self.turns)]
            self.results[key] = {
                **{
                    kind: statistics.median(each[kind] for each in taken)
                    for kind in ("seconds", "cpu")
                },
                "peak": max(each["peak"] for each in taken),
            }
            self._path.write_text(json.dumps(self.results, indent=1))
            print(f"  {key}: {self.results[key]}", file=sys.stderr)
        return self.results[key]

    def _measure(self, name: str, rows: int) -> dict[str, float]:
        specs, actuals, shuffled = make(self.folder, rows)
        given = shuffled if name == "shuffled" or name in NAIVE.values() else actuals
        output = self.folder / f"result-{name.partition(',')[0]}-{rows}.parquet"
        if name == "floor":
            output = self.folder / f"result-aligned-{rows}.parquet"
        if name in OTHERS:
            command = [sys.executable, "-m", "benchmarks.scale", "--one", name,
                       str(specs), str(given), str(output)]  # fmt: skip
        else:
            command = [sys.executable, "-m", "perfeval", "score", str(given), "--specs", str(specs),
                       "--policy", "general", "--memory", self.memory,
                       "-o", str(output)]  # fmt: skip
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        peak, ended = 0, 0
        while not ended:
            peak = max(peak, _peak(process.pid))
            time.sleep(0.02)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        taken = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.stdout
        said = process.stdout.read().decode()
        process.stdout.close()
        if process.returncode:
            raise SystemExit(f"{name} at {rows} rows ended with {process.returncode}")
        seconds = float(json.loads(said)["seconds"]) if said.startswith("{") else taken
        return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak": peak / 1024}


def _peak(process: int) -> int:
    """VmHWM (KiB) of a process and of its children, added up."""
    total = 0
    try:
        status = Path(f"/proc/{process}/status").read_text()
        total = next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmHWM"))
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                total += _peak(int(child))
    except (OSError, StopIteration):
        pass
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--folder", type=Path, default=ROOT / ".scale")
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--memory", default="2G")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, *files = options.one
        seconds = OTHERS[name]((Path(files[0]), Path(files[1]), Path(files[2])))
        print("" if seconds is None else json.dumps({"seconds": seconds}))
        return
    options.folder.mkdir(exist_ok=True)
    runs = Runs(options.folder, options.turns, options.memory, options.again)
    parts = options.parts.split(",")
    _head(options.rows)
    main_table(runs, options.rows, parts)
    if "others" in parts:
        row_by_row(runs)
    if "curve" in parts:
        curve(runs, options.rows, options.picture)


def _head(rows: int) -> None:
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    found = []
    for name in VERSIONS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    print(", ".join(found))
    print(f"{rows:,} indicators\n")


def main_table(runs: Runs, rows: int, parts: list[str]) -> None:
    wanted = [name for name in ("aligned", "floor", "shuffled") if name in parts]
    # The floor writes what the aligned run gave.
    if "floor" in wanted:
        runs.get("aligned", rows)
    lines: dict[str, dict[str, Any]] = {name: runs.get(name, rows) for name in wanted}
    for part, name in NAIVE.items():
        if part in parts:
            lines[name] = runs.get(name, rows)
    floor = lines.get("floor", {}).get("seconds")
    print(f"{'':28}{'seconds':>9}{'ns a row':>10}{'x floor':>9}{'CPU s':>9}{'peak MiB':>10}")
    for name, result in lines.items():
        said = f"perfeval score, {name}" if name in ("aligned", "shuffled") else name
        seconds = result["seconds"]
        ratio = f"{seconds / floor:9.2f}" if floor else " " * 9
        told = f"{result['cpu']:9.1f}{result['peak']:10.0f}"
        print(f"{said:28}{seconds:9.1f}{seconds / rows * 1e9:10.0f}{ratio}{told}")


def row_by_row(runs: Runs) -> None:
    print(f"\n{'ns a row, at one size':28}{'rows':>10}{'tool':>10}{'perfeval':>10}{'ratio':>8}")
    for name, rows in SIZES.items():
        other = runs.get(name, rows)["seconds"] / rows * 1e9
        own = runs.get("aligned", rows)["seconds"] / rows * 1e9
        print(f"{name:28}{rows:10,}{other:10.0f}{own:10.0f}{other / own:8.2f}")


def curve(runs: Runs, rows: int, picture: Path | None) -> None:
    """Nanoseconds an indicator by size: of the whole run, and without what a start takes."""
    start = runs.get("aligned", START)["seconds"]
    sizes = [size for size in CURVE if size < rows] + [rows]
    print(f"\na start takes {start:.1f} s")
    print(f"{'':12}{'ns a row':^20}{'without start':^20}")
    orders = f"{'aligned':>10}{'shuffled':>10}"
    print(f"{'rows':>12}{orders}{orders}{'peak MiB':>10}")
    points = []
    for size in sizes:
        both = [runs.get(name, size) for name in ("aligned", "shuffled")]
        whole = [each["seconds"] / size * 1e9 for each in both]
        beyond = [_beyond(each["seconds"], start) / size * 1e9 for each in both]
        points.append((size, whole, beyond))
        told = "".join(f"{value:10.0f}" for value in (*whole, *beyond))
        print(f"{size:12,}{told}{max(each['peak'] for each in both):10.0f}")
    if picture:
        draw(points, picture)


def _beyond(seconds: float, start: float) -> float:
    """What a run took beyond its start; NaN where that is less than starts differ by."""
    return seconds - start if seconds > 1.1 * start else math.nan


def draw(points: list[tuple[int, list[float], list[float]]], picture: Path) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    sizes = [size for size, _, _ in points]
    for number, label in enumerate(("in the order of the specs", "shuffled")):
        whole = [nanoseconds[number] / 1000 for _, nanoseconds, _ in points]
        beyond = [nanoseconds[number] / 1000 for _, _, nanoseconds in points]
        line = axes.plot(sizes, beyond, marker="o", label=f"{label}, without the start")
        color = line[0].get_color()
        axes.plot(sizes, whole, linestyle=":", color=color, label=f"{label}, whole run")
    axes.set(xscale="log", yscale="log", xlabel="indicators", ylabel="µs an indicator")
    axes.set_yticks([1, 3, 10, 30, 100, 300], labels=["1", "3", "10", "30", "100", "300"])
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main()

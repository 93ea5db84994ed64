"""How long a clerk waits: `perfeval --help` and one small score, beside a bare library import.

    python -m benchmarks.small_run [ACTUALS] [--specs DIR] [--repeat N]

Each is a process of its own, started in turns; the first turn only fills the disk's cache.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def seconds(command: list[str]) -> float:
    """Run one process from the project's folder to its end; a failure is raised."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("actuals", nargs="?", default="examples/actuals.csv")
    parser.add_argument("--specs", default="specs")
    parser.add_argument("--repeat", type=int, default=15)
    options = parser.parse_args()
    commands = {
        "python, nothing": ["-c", ""],
        "import pandera.polars": ["-c", "import pandera.polars"],
        "perfeval --help": ["-m", "perfeval", "--help"],
        "perfeval score": ["-m", "perfeval", "score", options.actuals, "--specs", options.specs],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(options.repeat + 1):
        for name, arguments in commands.items():
            times[name].append(seconds([sys.executable, *arguments]))

    medians = {name: statistics.median(taken[1:]) for name, taken in times.items()}
    print(f"{'milliseconds':24}{'min':>8}{'median':>8}{'x import':>10}")
    for name, median in medians.items():
        ratio = median / medians["import pandera.polars"]
        print(f"{name:24}{min(times[name][1:]) * 1e3:8.0f}{median * 1e3:8.0f}{ratio:10.2f}")


if __name__ == "__main__":
    main()

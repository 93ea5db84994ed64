"""Runs that are killed at random moments: no partial output, and the next run tidies up.

    python -m benchmarks.faults [--kills N] [--rows N] [--folder DIR] [--disk] [--address-space]

A run over tables in no order is killed (-9) again and again. After each there is either no output
or the whole of it; after one more run, which ends, there is the right output and nothing else. With
--disk the output goes to a small tmpfs that runs full (needs the right to mount), with
--address-space processes get less and less of it (RLIMIT_AS).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

from benchmarks.scale_tables import make

ROOT = Path(__file__).resolve().parents[1]


def command(actuals: Path, specs: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "perfeval", "score", str(actuals), "--specs", str(specs),
            "--policy", "general", "--memory", "512M", "--lang", "en",
            "-o", str(output)]  # fmt: skip


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def kills(times: int, actuals: Path, specs: Path, folder: Path) -> None:
    """Kill a run `times` times, then let one end."""
    output = folder / "killed.parquet"
    output.unlink(missing_ok=True)
    start = time.perf_counter()
    subprocess.run(command(actuals, specs, output), cwd=ROOT, check=True, capture_output=True)
    usual = time.perf_counter() - start
    right, known = sha(output), sorted(folder.iterdir())
    ended: Counter[str] = Counter()
    for number in range(times):
        output.unlink(missing_ok=True)
        process = subprocess.Popen(
            command(actuals, specs, output), cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(random.uniform(0, usual * 1.1))
        # The whole group and the parent alone take turns: its child must not go on without it.
        if number % 2:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        time.sleep(0.05)
        if output.exists():
            assert sha(output) == right, f"kill {number} left another output"
            ended["killed with the output in its place"] += 1
        else:
            left = [path for path in folder.iterdir() if path.name.startswith(".perfeval-")]
            ended["killed with a temporary file" if left else "killed without a trace"] += 1
        print(f"\r{number + 1} of {times}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    subprocess.run(command(actuals, specs, output), cwd=ROOT, check=True, capture_output=True)
    assert sha(output) == right, "the last run gave another output"
    assert sorted(folder.iterdir()) == known, "something is left over"
    for what, count in ended.items():
        print(f"{count:5}  {what}")
    print("the next run gave the right output, and nothing is left over")


def disk(actuals: Path, specs: Path, folder: Path) -> None:
    """Outputs on tmpfs of several sizes, most of them too small."""
    for size in (1, 4, 16, 64, 512):
        place = folder / "small"
        place.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", place], check=True)
        try:
            done = subprocess.run(
                command(actuals, specs, place / "out.parquet"), cwd=ROOT, capture_output=True,
                text=True,
            )  # fmt: skip
            left = sorted(path.name for path in place.iterdir())
        finally:
            subprocess.run(["umount", place], check=True)
            place.rmdir()
        _tell(f"{size} MB of disk", done, left)


def address_space(actuals: Path, specs: Path, folder: Path) -> None:
    """Processes with limits of address space, most of them too small."""
    for size in (512, 1024, 1536, 2048, 3072, 6144):
        output = folder / "limited.parquet"
        output.unlink(missing_ok=True)
        limit = (size << 20, size << 20)
        done = subprocess.run(
            command(actuals, specs, output), cwd=ROOT, capture_output=True, text=True,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_AS, limit),
        )  # fmt: skip
        left = [path.name for path in folder.iterdir() if path.name.startswith(("limited", ".p"))]
        _tell(f"{size} MB of addresses", done, left)
        output.unlink(missing_ok=True)


def _tell(what: str, done: subprocess.CompletedProcess[str], left: list[str]) -> None:
    """The last line that was said, and what is there afterwards."""
    said = done.stderr.strip().splitlines()
    last = next((line for line in said if line.startswith("perfeval:")), said[-1] if said else "")
    print(f"{what}: status {done.returncode}, files {left}\n    {last[:180]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=ROOT / ".scale")
    parser.add_argument("--disk", action="store_true")
    parser.add_argument("--address-space", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    specs, _, shuffled = make(options.folder, options.rows)
    place = options.folder / "faults"
    place.mkdir(exist_ok=True)
    if options.disk:
        disk(shuffled, specs, place)
    if options.address_space:
        address_space(shuffled, specs, place)
    if options.kills:
        kills(options.kills, shuffled, specs, place)


if __name__ == "__main__":
    main()

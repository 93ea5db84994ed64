"""Spark on a cluster of its own: one master and two workers on this machine's loopback.

    python -m benchmarks.cluster [--rows N] [--largest N] [--turns local,spark,cluster,killed]
                                 [--folder DIR] [--memory SIZE]

Scores the same tables on one machine (`local`), on Spark without a cluster (`spark`), on the
cluster (`cluster`), and there once more while a worker is killed in the middle (`killed`), compares
every row and the receipt, and prints what each took: seconds, and by kind of process the processor
seconds and the most memory that one of them had. Half of all rows are of one department, and
one project has --largest indicators. Everything is bound to 127.0.0.1 and ended at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

import polars as pl

from benchmarks.scale_tables import make

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
TURNS = ("local", "spark", "cluster", "killed")
_TICKS = os.sysconf("SC_CLK_TCK")
_KINDS = {
    b"pyspark.daemon": "Python worker",
    b"CoarseGrainedExecutorBackend": "executor's Java",
    b"deploy.SparkSubmit": "driver's Java",
    b"deploy.master": "master",
    b"deploy.worker": "worker's Java",
    b"perfeval": "perfeval",
}
_EXECUTOR = "--conf spark.executor.memory=700m --conf spark.cores.max=2 pyspark-shell"


class Cluster:
    """A master and two workers of one core each, which end with the block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.url = f"spark://{HOST}:{_free_port()}"

    def __enter__(self) -> Cluster:
        port = self.url.rpartition(":")[2]
        master = ("master.Master", "--host", HOST, "--port", port, "--webui-port", _free_port())
        self._start("master", *master)
        self._wait("master", "I have been elected leader")
        for number in (1, 2):
            name = f"worker{number}"
            self._start(
                name, "worker.Worker", "--host", HOST, "--cores", "1", "--memory", "1g",
                "--work-dir", str(self._folder / name), "--webui-port", _free_port(), self.url,
            )  # fmt: skip
            self._wait(name, "Successfully registered with master")
        return self

    def _start(self, name: str, *words: str) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{words[0]}"]
        with (self._folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [*command, *words[1:]], stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "SPARK_LOCAL_IP": HOST, "SPARK_NO_DAEMONIZE": "1"},
            )  # fmt: skip

    def _wait(self, name: str, word: str) -> None:
        log = self._folder / f"{name}.log"
        until = time.monotonic() + 180
        while word not in log.read_text():
            if self._processes[name].poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the {name} did not start: {log}")
            time.sleep(0.2)

    def kill(self, name: str) -> None:
        """End a process and all that it has started, as a power cut does."""
        process = self._processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @property
    def pids(self) -> list[int]:
        """The processes that were started."""
        return [process.pid for process in self._processes.values()]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in reversed(list(self._processes)):
            self.kill(name)


@dataclass
class Used:
    """What processes have used, by what they are.

    cpu: clock ticks. peak: the most memory (VmHWM, MiB) that a single one had. Those that were
    killed count until then.
    """

    cpu: Counter[str] = field(default_factory=Counter)
    peak: dict[str, int] = field(default_factory=dict)
    _before: dict[int, tuple[str, int]] = field(default_factory=dict)

    def look(self, pids: Iterable[int]) -> None:
        """Look at these processes and everything below them."""
        for pid in pids:
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                memory = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
                threads = list(Path(f"/proc/{pid}/task").iterdir())
                below = [int(x) for t in threads for x in (t / "children").read_text().split()]
            except OSError:
                continue
            if not command:  # it has ended
                continue
            kind = _kind(command)
            ticks = int(stat[11]) + int(stat[12])
            was, before = self._before.get(pid, (kind, 0))
            # What a process was before it became another program is counted as what it becomes.
            if was != kind:
                self.cpu[was] -= before
                before = 0
            self.cpu[kind] += ticks - before
            self._before[pid] = kind, ticks
            if memory:
                self.peak[kind] = max(self.peak.get(kind, 0), int(memory[1]) // 1024)
            self.look(below)

    def table(self) -> str:
        """A line for each kind."""
        return "\n".join(
            f"    {kind:16} {ticks / _TICKS:8.1f} CPU s {self.peak.get(kind, 0):7,} MiB"
            for kind, ticks in self.cpu.most_common()
        )

    @property
    def seconds(self) -> float:
        """Processor seconds of all."""
        return self.cpu.total() / _TICKS


def _kind(command: bytes) -> str:
    """What a process is, by its command line."""
    for word, kind in _KINDS.items():
        if word in command:
            return kind
    return "other"


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return str(probe.getsockname()[1])


def skewed(folder: Path, rows: int, largest: int) -> tuple[Path, Path]:
    """Specs and actuals, shuffled: half the rows of one department, one project with `largest`."""
    made, _, shuffled = make(folder, rows)
    specs, actuals = folder / f"skewed-{rows}-{largest}.parquet", folder / f"for-{largest}.parquet"
    frame = pl.read_parquet(made)
    half = pl.int_range(pl.len()) < pl.len() // 2
    frame = frame.with_columns(
        department=pl.when(half).then(pl.lit("大局")).otherwise("department")
    )
    one = frame.head(1).drop("indicator").join(
        pl.DataFrame({"indicator": [f"第{n}项走访次数" for n in range(largest)]}), how="cross"
    ).with_columns(project=pl.lit("大项目"), project_name=pl.lit("大项目全称"),
                   operator=pl.lit("≥"), target=pl.lit("100"), unit=pl.lit("次"))  # fmt: skip
    # A project is of one department.
    whole = pl.concat([frame, one.select(frame.columns)]).with_columns(
        pl.col("department").first().over("project")
    )
    whole.write_parquet(specs)
    given = pl.read_parquet(shuffled)
    own = one.select("project", "indicator", actual=(pl.int_range(pl.len()) % 150).cast(pl.String))
    pl.concat([given, own], how="diagonal").sample(fraction=1, shuffle=True, seed=1).write_parquet(
        actuals
    )
    return specs, actuals


def score(
    specs: Path, actuals: Path, output: Path, memory: str, *engine: str
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "perfeval", "score", str(actuals), "--specs", str(specs), "-o",
         str(output), "--policy", "general", "--lang", "en", "--memory", memory, *engine],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": _EXECUTOR, "SPARK_LOCAL_IP": HOST},
    )  # fmt: skip


def watch(
    process: subprocess.Popen[str], used: Used, others: Callable[[], list[int]], until: Path | None
) -> bool:
    """Watch a run until it has ended; or, with `until`, until its first part is written there."""
    while process.poll() is None:
        used.look([process.pid, *others()])
        if until is not None and any(until.glob("_temporary/0/task_*")):
            return False
        time.sleep(0.1)
    if process.returncode:
        assert process.stderr
        raise SystemExit(process.stderr.read())
    return True


def rows_of(path: Path) -> pl.Series:
    """A number for every row, in their order."""
    files = path if path.is_file() else path / "*.parquet"
    frame = pl.read_parquet(files).with_columns(pl.col("flags").list.join(" "))
    return frame.hash_rows().sort()


def receipt_of(path: Path) -> object:
    if path.is_file():
        return json.loads(pl.read_parquet_metadata(path)["perfeval.receipt"])
    told = json.loads(path.with_name(f"{path.name}.receipt.json").read_text())
    return {name: told[name] for name in ("perfeval", "policy", "inputs", "counts")}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--turns", default=",".join(TURNS))
    parser.add_argument("--folder", type=Path, default=ROOT / ".scale")
    parser.add_argument("--memory", default="2G")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    specs, actuals = skewed(options.folder, options.rows, options.largest)
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, PySpark {version('pyspark')},"
        f" polars {pl.__version__}; {options.rows:,} indicators and one project with"
        f" {options.largest:,}; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    expected: tuple[pl.Series, object] | None = None
    for turn in options.turns.split(","):
        output = options.folder / f"result-{turn}.parquet"
        _remove(output)
        run = (specs, actuals, output, options.memory)
        used = Used()
        start = time.perf_counter()
        if turn == "local":
            watch(score(*run), used, list, None)
        elif turn == "spark":
            watch(score(*run, "--engine", "spark", "--master", "local[2]"), used, list, None)
        else:
            with Cluster(options.folder) as cluster:
                start = time.perf_counter()
                process = score(*run, "--engine", "spark", "--master", cluster.url)
                if turn == "killed":
                    written = output.with_name(f".{output.name}.perfeval.tmp")
                    if watch(process, used, lambda: cluster.pids, written):
                        raise SystemExit("the run was over before a worker could be killed")
                    cluster.kill("worker1")
                    print(f"  worker1 killed after {time.perf_counter() - start:.1f} s", flush=True)
                watch(process, used, lambda: cluster.pids, None)
        seconds = time.perf_counter() - start
        found = rows_of(output), receipt_of(output)
        expected = expected or found
        same = found[0].equals(expected[0]) and found[1] == expected[1]
        told = "the same rows and receipt" if same else "ANOTHER RESULT"
        print(
            f"{turn:8} {seconds:8.1f} s {used.seconds:8.1f} CPU s   {len(found[0]):,} rows, {told}"
            f" (load {os.getloadavg()[0]:.1f})\n{used.table()}",
            flush=True,
        )
        if not same:
            raise SystemExit(1)


def _remove(output: Path) -> None:
    if output.is_dir():
        for file in output.iterdir():
            file.unlink()
        output.rmdir()
    elif output.exists():
        output.unlink()


if __name__ == "__main__":
    main()

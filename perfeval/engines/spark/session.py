"""A session of Spark: what it needs, how it is started, and what is said where it fails."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar

from perfeval.machine import KEPT, VARIABLE
from perfeval.messages import N_
from perfeval.problems import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_T = TypeVar("_T")

LEAST_JAVA = 17
_BATCH = 20_000  # rows that Java and Python hand over at a time
_PATIENCE = 5.0  # seconds to wait for a master's answer
_POLL = 0.5

_NO_PYSPARK = N_("--engine spark needs PySpark: pip install 'perfeval[spark]' ({detail})")
_NO_JAVA = N_(
    "--engine spark needs Java {least} or later, and there is no java here; install one, or let"
    " JAVA_HOME name it"
)
_OLD_JAVA = N_(
    "--engine spark needs Java {least} or later; {java} is version {found}. Let JAVA_HOME name"
    " another"
)
_NO_MASTER = N_(
    "no Spark master answers at {master} ({detail}); is it running, and is that its address?"
)
_NO_PERFEVAL = N_(
    "the executors have no {module}: pack the environment that it is installed in and send it along"
    " (--archives), as docs/scale.md shows"
)
_OTHER_VERSION = N_(
    "the executors have another version than the driver ({detail}); give both the same environment"
)
_NO_PYTHON = N_(
    "the executors cannot start Python as {python}; let PYSPARK_PYTHON name what they have"
)
_MEMORY = N_(
    "an executor ran out of memory; give executors more (spark.executor.memory,"
    " spark.executor.memoryOverhead), or parts less (--memory)"
)
_FAILED = N_("Spark gave up: {detail}. What it said is in {log}")


def start(master: str | None, log: Path) -> SparkSession:
    """A session at `master`; what Spark prints goes to the file `log`.

    Without a master, the one that spark-submit was given, else all cores of this machine. Raises
    `InputError` where PySpark, Java or the master is missing.
    """
    try:
        # Where something is missing, it is told by what it is needed for.
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError.of(_NO_PYSPARK, detail=str(error)) from None

    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not submitted:
        _find_java()
        master = master or "local[*]"
    _reach(master or "")
    # Executors on this machine are to run this very Python; those of a cluster have their own.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setAppName("perfeval")
    for name, value in _settings(master).items():
        conf.set(name, value)
    with log.open("ab") as stream:
        gateway = launch_gateway(conf, {"stdout": stream, "stderr": stream})
    handler = signal.getsignal(signal.SIGINT)
    context = SparkContext(conf=conf, gateway=gateway)
    # PySpark takes the interrupt for itself, and forgets what was there before.
    with suppress(ValueError):
        signal.signal(signal.SIGINT, handler)
    if not submitted:
        context.setLogLevel("ERROR")
    return SparkSession(context)


def _settings(master: str | None) -> dict[str, str]:
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_BATCH),
        # One is for rows and one for what is told; with as many as allowed, rows are sorted again.
        "spark.sql.maxConcurrentOutputFileWriters": "3",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.caseSensitive": "true",
        # Every core has a Python of its own.
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
        f"spark.executorEnv.{VARIABLE}": KEPT,
    }
    if master is not None:
        settings["spark.master"] = master
        if master.startswith("local") or all(map(_is_loopback, _hosts(master))):
            settings["spark.driver.bindAddress"] = settings["spark.driver.host"] = "127.0.0.1"
    return settings


def _hosts(master: str) -> list[str]:
    addresses = master.removeprefix("spark://").split(",")
    return [address.rpartition(":")[0] for address in addresses]


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.")


def _find_java() -> None:
    """Raise `InputError` where there is no Java that Spark can run on."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    said = ""
    if java:
        with suppress(OSError, subprocess.SubprocessError):
            said = subprocess.run(
                [java, "-version"], capture_output=True, text=True, timeout=60, check=False
            ).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is None:
        raise InputError.of(_NO_JAVA, least=LEAST_JAVA)
    if int(found[1]) < LEAST_JAVA:
        raise InputError.of(_OLD_JAVA, least=LEAST_JAVA, java=java, found=found[1])


def _reach(master: str) -> None:
    """Raise `InputError` where no standalone master answers; Spark would try for a minute."""
    if not master.startswith("spark://"):
        return
    detail = ""
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), _PATIENCE):
                return
        except (OSError, ValueError, OverflowError) as error:
            detail = getattr(error, "strerror", None) or str(error)
    raise InputError.of(_NO_MASTER, master=master, detail=detail)


@contextmanager
def running(master: str | None) -> Iterator[SparkSession]:
    """A session for the block; what goes wrong in Spark is raised as `InputError`.

    What Spark prints is kept in a file, which is named where it failed and removed where not.
    """
    number, name = tempfile.mkstemp(prefix="perfeval-spark-", suffix=".log")
    os.close(number)
    log = Path(name)
    spark = None
    keep = False
    try:
        spark = start(master, log)
        yield spark
    except Exception as error:
        found = explained(error, str(log))
        keep = found is not None and found.problems[0].template == _FAILED
        if found is not None:
            raise found from error
        raise
    finally:
        if spark is not None:
            apart(spark.stop)
        apart(_end_gateway)
        if not keep:
            log.unlink(missing_ok=True)


def apart(call: Callable[[], None]) -> None:
    """Call something in a thread of its own, whatever comes of it.

    An interrupt leaves a thread's connection to Java with the answer to the call before.
    """

    def quietly() -> None:
        with suppress(Exception):
            call()

    thread = Thread(target=quietly, daemon=True)
    thread.start()
    thread.join(4 * _PATIENCE)


def interruptible(spark: SparkSession, call: Callable[[], _T]) -> _T:
    """What `call` returns, which is run in a thread: an interrupt on the way to Java gets lost.

    An interrupt ends Spark's jobs, waits until `call` has tidied up, and is raised again.
    """
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(call)
        try:
            while not wait([future], _POLL).done:
                pass
        except BaseException:
            while not wait([future], _POLL).done:
                apart(lambda: end_jobs(spark))
            raise
        return future.result()


def end_jobs(spark: SparkSession) -> None:
    """End what Spark is still at, and wait until it is."""
    context = spark.sparkContext
    context.cancelAllJobs()
    until = monotonic() + 2 * _PATIENCE
    while context.statusTracker().getActiveStageIds() and monotonic() < until:
        sleep(_POLL / 5)


def _end_gateway() -> None:
    """End the Java that was started for the session, so that nothing is left when it is over."""
    from pyspark import SparkContext

    gateway: Any = SparkContext._gateway
    process = getattr(gateway, "proc", None)
    if process is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
    SparkContext._gateway = SparkContext._jvm = None


def explained(error: Exception, log: str) -> InputError | None:
    """What an error of Spark means to a user; None for errors that are not Spark's."""
    if isinstance(error, InputError) or not _is_of_spark(error):
        return None
    text = str(error)
    mismatch = re.search(r"Mismatch: (.+)", text)
    if mismatch or "PYTHON_VERSION_MISMATCH" in text:
        found = mismatch or re.search(r"\[PYTHON_VERSION_MISMATCH\] ([^.]+\.\d+)", text)
        return InputError.of(_OTHER_VERSION, detail=found[1].strip() if found else "Python")
    missing = re.search(r"No module named '?(perfeval|polars|pyarrow|pandas|numpy)", text)
    if missing:
        return InputError.of(_NO_PERFEVAL, module=missing[1])
    if "Cannot run program" in text:
        return InputError.of(_NO_PYTHON, python=os.environ.get("PYSPARK_PYTHON", "python3"))
    if re.search(r"MemoryError|OutOfMemoryError|exit code:? 137|ExitCode 137", text):
        return InputError.of(_MEMORY)
    return InputError.of(_FAILED, detail=_first(text), log=log)


def _is_of_spark(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in ("pyspark", "py4j")


def _first(text: str) -> str:
    """The line of a Java error that says what it is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    python = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Mismatch): ", line)]
    causes = [line.partition(": ")[2] for line in lines if line.startswith("Caused by: ")]
    return next(iter([*python[-1:], *causes[-1:], *lines]), "")[:300].rstrip(".")


@contextmanager
def watched(spark: SparkSession, report: Any, step: str) -> Iterator[None]:
    """Report the tasks of what Spark does in the block, of all stages that have been seen."""
    tracker = spark.sparkContext.statusTracker()
    over = Event()

    def watch() -> None:
        while not over.wait(_POLL):
            with suppress(Exception):
                stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
                now = [stage for stage in stages if stage]
                done = sum(stage.numCompletedTasks for stage in now)
                report(step, done, sum(stage.numTasks for stage in now))

    thread = Thread(target=watch, daemon=True)
    report(step, 0, 0)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

"""A progress bar for work that takes a while; work that does not never shows one."""

from __future__ import annotations

import threading
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from perfeval.messages import N_, render, translate

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds of silence before the bar appears."""

_STEPS = {
    "specs": N_("reading target tables"),
    "actuals": N_("reading actuals"),
    "scoring": N_("scoring"),
    "rows": N_("scoring"),
    "spark": N_("starting Spark"),
    "projects": N_("looking for projects"),
}
ROWS = "rows"
"""The step whose progress is counted in rows, and told with rate and time left."""


class Bar:
    """Called with a step's name, how many steps are done and how many there are.

    Draws on `stream` after `patience` seconds, if that is a terminal, and leaves nothing behind.
    """

    def __init__(self, stream: TextIO, lang: str, patience: float = PATIENCE) -> None:
        self._stream = stream
        self._lang = lang
        self._lock = threading.Lock()
        self._state = ("", 0, 0)
        self._drawn: tuple[Progress, TaskID] | None = None
        self._counts_rows = False
        self._begun = 0.0
        self._timer = threading.Timer(patience, self._draw) if stream.isatty() else None
        if self._timer:
            self._timer.daemon = True

    def __enter__(self) -> Bar:
        if self._timer:
            self._timer.start()
        return self

    def __call__(self, step: str, done: int, of: int) -> None:
        """Show where the work is."""
        with self._lock:
            if step == ROWS and not self._counts_rows:
                self._counts_rows, self._begun = True, monotonic()
            self._state = (translate(_STEPS.get(step, step), self._lang), done, of)
            self._update()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._timer:
            return
        self._timer.cancel()
        with self._lock:
            if self._drawn:
                self._drawn[0].stop()
            self._drawn = None
            self._timer = None

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
        )
        with self._lock:
            if not self._timer:  # over before rich was there
                return
            bar = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._drawn = bar, bar.add_task("", rate="")
            self._update()
            bar.start()

    def _update(self) -> None:
        if self._drawn:
            bar, task = self._drawn
            step, done, of = self._state
            rate = self._rate(done, of) if self._counts_rows else ""
            bar.update(task, description=step, completed=done, total=of or None, rate=rate)

    def _rate(self, done: int, of: int) -> str:
        """How many rows are done, how many a second, and how long the rest will take."""
        taken = monotonic() - self._begun
        if not done or taken <= 0:
            return ""
        speed = done / taken
        left = int((of - done) / speed)
        template = N_("{done} of {of} rows, {speed} a second, {left} left")
        values = {
            "done": f"{done:,}",
            "of": f"{of:,}",
            "speed": f"{int(speed):,}",
            "left": f"{left // 60}:{left % 60:02}",
        }
        return render(template, values, self._lang)

"""A progress bar for work that takes a while; work that does not never shows one."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from perfeval.messages import N_, translate

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds of silence before the bar appears."""

_STEPS = {
    "specs": N_("reading target tables"),
    "actuals": N_("reading actuals"),
    "scoring": N_("scoring"),
    "findings": N_("looking for findings"),
}


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

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        with self._lock:
            if not self._timer:  # over before rich was there
                return
            bar = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._drawn = bar, bar.add_task("")
            self._update()
            bar.start()

    def _update(self) -> None:
        if self._drawn:
            bar, task = self._drawn
            step, done, of = self._state
            bar.update(task, description=step, completed=done, total=of or None)

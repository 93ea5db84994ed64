"""A large run in a process of its own, so that whatever ends it, somebody is left to say so.

Libraries that are not Python's end the whole process where memory is refused or a file that they
have mapped is cut short. The parent is left to tell, and has nothing else to do.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from perfeval.messages import N_, render
from perfeval.problems import InputError
from perfeval.reports.text import clean

SIZE = 4 << 20
"""Bytes of input from which a run is supervised."""

LEAST_ADDRESSES = 1 << 30
"""Bytes of addresses that programs and libraries take before anything is read."""

_TOO_LITTLE = N_(
    "this process may have {limit} MB of addresses (ulimit -v), but its libraries alone take"
    " {least}; raise the limit"
)
_FAILED = 2
_PR_SET_PDEATHSIG = 1
_WHY = {
    "SIGKILL": N_(
        "the system ended the run, most often because memory ran out; nothing was written. Give it"
        " less with --memory, or the machine more"
    ),
    "SIGABRT": N_(
        "memory was refused, and the run ended; nothing was written. Give it less with --memory, or"
        " raise the limit of this process"
    ),
    "SIGBUS": N_(
        "an input became shorter while it was read, or its disk failed; nothing was written. Run"
        " this again when the files are complete"
    ),
}
_OTHER = N_("the run ended by {signal}; nothing was written. Please report it")


def supervised(paths: list[str], lang: str) -> int | None:
    """Go on in a child process, and return its exit status in the parent; None in the child.

    Also None where nothing is to be gained: for small inputs in a process without limits, and where
    processes cannot be forked. Raises `InputError` where the limit is too low for the libraries.
    """
    limit = address_space()
    if limit is not None and limit < LEAST_ADDRESSES:
        raise InputError.of(_TOO_LITTLE, limit=limit >> 20, least=LEAST_ADDRESSES >> 20)
    if not hasattr(os, "fork") or (limit is None and sum(map(_size, paths)) < SIZE):
        return None
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _end_with_parent()
        return None
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda each, _: os.kill(child, each))
    # A terminal interrupts both; the child is the one that has something to tidy.
    signal.signal(signal.SIGINT, lambda *_: None)
    _, ended = os.waitpid(child, 0)
    if not os.WIFSIGNALED(ended):
        return os.waitstatus_to_exitcode(ended)
    name = signal.Signals(os.WTERMSIG(ended)).name
    template = _WHY.get(name, _OTHER)
    print(f"perfeval: {clean(render(template, {'signal': name}, lang))}", file=sys.stderr)
    return _FAILED


def _end_with_parent() -> None:
    """Have the system end this process when its parent ends, where it can."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def address_space() -> int | None:
    """The bytes of addresses that this process may have (ulimit -v); None for no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def _size(path: str) -> int:
    """The bytes of a file, or of the files in a folder; 0 where that cannot be told."""
    try:
        found = Path(path)
        files = found.iterdir() if found.is_dir() else [found]
        return sum(file.stat().st_size for file in files)
    except OSError:
        return 0

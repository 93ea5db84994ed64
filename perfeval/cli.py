"""The command line: parse, call, tell what went wrong. What a command does is in `commands`.

Nothing heavy is imported here: `perfeval --help` and a mistyped option answer at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TextIO

from perfeval.machine import keep_freed
from perfeval.messages import LANGUAGES, N_, Said, default_language, render
from perfeval.os_errors import why
from perfeval.problems import InputError
from perfeval.reports.text import clean
from perfeval.reports.write import FINISHED
from perfeval.usage import UsageError, parse

MOST_PROBLEMS = 50
FINDINGS, FAILED, INTERRUPTED, TERMINATED = 1, 2, 130, 143


class Terminated(BaseException):
    """The process was asked to end (SIGTERM, SIGHUP); unwinds like an interrupt."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's) and return its exit status.

    0: done. 1: findings at or above `--fail-on`. 2: it could not run or could not read an input.
    130 and 143: interrupted and terminated; no partial output remains.
    """
    # Importing makes hundreds of thousands of objects that stay; looking through them for cycles
    # again and again took a tenth of a small run.
    gc.set_threshold(200_000)
    keep_freed()
    _open_streams()
    _never_fail_to_print(sys.stdout, sys.stderr)
    FINISHED.clear()
    with _signals(for_good=argv is None):
        return _guarded(list(sys.argv[1:] if argv is None else argv), alone=argv is None)


def _guarded(words: list[str], *, alone: bool) -> int:
    lang = default_language()
    try:
        lang, words = _language(words, lang)
        status = _run(words, lang, alone=alone)
        sys.stdout.flush()
        return status
    except UsageError as error:
        return _tell([str(error)], FAILED)
    except InputError as error:
        return _tell(_problems(error, lang), FAILED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; that is no failure.
        _give_up_stdout()
        return 0
    except KeyboardInterrupt:
        return _tell([render(N_("interrupted; {written}"), _written(), lang)], INTERRUPTED)
    except Terminated:
        return _tell([render(N_("terminated; {written}"), _written(), lang)], TERMINATED)
    except MemoryError:
        template = N_(
            "memory was refused; {written}. Give the run less with --memory, or raise the limit of"
            " this process"
        )
        return _tell([render(template, _written(), lang)], FAILED)
    except OSError as error:
        # Readers and writers tell their own; this is, say, a full disk behind stdout.
        if not error.filename:
            _give_up_stdout()
        values = {"file": error.filename or "stdout", "reason": why(error)}
        return _tell([render(N_("{file}: {reason}"), values, lang)], FAILED)
    except Exception as error:
        if os.environ.get("PERFEVAL_DEBUG"):
            raise
        template = N_(
            "sorry, perfeval itself failed ({error}); {written}. Set PERFEVAL_DEBUG=1"
            " and run it again to see where, and please report it"
        )
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return _tell([render(template, {"error": said, **_written()}, lang)], FAILED)


def _written() -> dict[str, object]:
    """What a run that ends early has written."""
    template = N_("written before that: {files}") if FINISHED else N_("nothing was written")
    return {"written": Said(template, {"files": list(FINISHED)})}


def _run(words: list[str], lang: str, *, alone: bool) -> int:
    if not words:
        print(_start(lang))
        return 0
    try:
        options = parse(words, lang)
    except SystemExit as done:  # --help and --version have printed what was asked for
        return int(done.code or 0)
    if alone and options.command == "score" and options.output:
        from perfeval.engines.supervisor import supervised

        paths = [options.actuals, options.specs, options.execution]
        status = supervised([path for path in paths if path], lang)
        if status is not None:
            return status
    from perfeval import commands

    return int(getattr(commands, f"run_{options.command}")(options, lang))


def _start(lang: str) -> str:
    """What `perfeval` alone answers: what to type first."""
    lines = [
        (N_("perfeval scores performance target tables against actuals."), ""),
        ("", ""),
        ("perfeval import 公开文本.txt -o specs/", N_("target tables from a published text")),
        ("perfeval score actuals.csv", N_("score them against actuals")),
        ("perfeval --help", N_("all commands")),
    ]
    width = 44
    from perfeval.reports.text import fit

    return "\n".join(
        (f"  {fit(text, width)}{render(note, {}, lang)}" if note else render(text, {}, lang))
        for text, note in lines
    )


def _language(words: list[str], lang: str) -> tuple[str, list[str]]:
    """The language asked for with `--lang`, wherever it stands, and the other words."""
    rest: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            return lang, [*rest, word, *remaining]
        name, equals, value = word.partition("=")
        if name != "--lang":
            rest.append(word)
            continue
        asked = value if equals else next(remaining, "")
        if asked not in LANGUAGES:
            values = {"found": asked, "languages": list(LANGUAGES)}
            template = N_("--lang: “{found}” is no language of perfeval; it knows {languages}")
            raise UsageError(render(template, values, lang))
        lang = asked
    return lang, rest


def _problems(error: InputError, lang: str) -> list[str]:
    """One line each, and a closing count where there are several."""
    problems = error.problems
    lines = [problem.text(lang) for problem in problems[:MOST_PROBLEMS]]
    hidden = len(problems) - len(lines)
    if hidden:
        template = N_("problems: {n}, of which {hidden} are not shown; nothing was written")
        lines.append(render(template, {"n": len(problems), "hidden": hidden}, lang))
    elif len(problems) > 1:
        template = N_("problems: {n}; nothing was written")
        lines.append(render(template, {"n": len(problems)}, lang))
    return lines


def _tell(lines: list[str], status: int) -> int:
    with suppress(OSError):
        for line in lines:
            print(f"perfeval: {clean(line)}", file=sys.stderr)
        sys.stderr.flush()
    return status


def _open_streams() -> None:
    """Take the place of streams that were closed (`>&-`), before an output file does.

    What is printed to a closed stdout fails, as it does for every program; a closed stderr says
    nothing, and is never stdout instead.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115


def _give_up_stdout() -> None:
    """Keep Python from writing at its end what could not be written before."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _never_fail_to_print(*streams: TextIO) -> None:
    """A terminal that lacks a character shows a question mark; it does not end the run."""
    for stream in streams:
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[attr-defined]


@contextmanager
def _signals(*, for_good: bool) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP as exceptions, so that unfinished files are removed on the way.

    The first one silences them all, so that nothing ends the tidying; `for_good` where the process
    ends with it. One that is ignored (`nohup`) stays so.
    """
    known = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [number for name in known if (number := getattr(signal, name, None))]
    before: dict[int, Any] = {}
    told = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal told
        told = True
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated

    if threading.current_thread() is threading.main_thread():
        handlers = ((number, signal.getsignal(number)) for number in numbers)
        # None: a handler that is not Python's, which could not be put back.
        before |= {number: old for number, old in handlers if old not in (signal.SIG_IGN, None)}
        for number in before:
            signal.signal(number, end)
    try:
        yield
    finally:
        if not (told and for_good):
            for number, handler in before.items():
                signal.signal(number, handler)

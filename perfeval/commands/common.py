"""What several commands do alike: choose a format, deliver a result, spare what was read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from perfeval.messages import N_, render
from perfeval.problems import InputError, Problem
from perfeval.reports.terminal.look import Line, Look, look, paint, plain
from perfeval.reports.text import clean
from perfeval.reports.write import refuse_inputs, whole_files
from perfeval.usage import UsageError

_SUFFIXES = {
    ".json": "json", ".csv": "csv", ".parquet": "parquet", ".txt": "table", ".sarif": "sarif",
    ".xml": "junit", ".xlsx": "xlsx",
}  # fmt: skip
BINARY = ("parquet", "xlsx")
"""Formats that are not for reading in a terminal."""

Sheet = Callable[[Look], Iterable[Line]]
Writer = Callable[[BinaryIO], None]


def tell(notes: Iterable[Problem], lang: str) -> None:
    """What is worth knowing of the files that were read, on stderr."""
    for note in notes:
        print(clean(note.text(lang)), file=sys.stderr)


def check_bom(options: argparse.Namespace, form: str, lang: str) -> None:
    """Refuse a byte order mark for what is no CSV."""
    if options.bom and form != "csv":
        raise UsageError(render(N_("--bom is for --format csv"), {}, lang))


def format_of(options: argparse.Namespace, formats: tuple[str, ...], lang: str) -> str:
    """The format asked for, else the one that the output's name tells, else the table."""
    if options.format:
        return str(options.format)
    if not options.output:
        return "table"
    form = _SUFFIXES.get(Path(options.output).suffix.lower())
    if form not in formats:
        template = N_("the name “{file}” does not tell the format; add --format, one of {known}")
        values = {"file": options.output, "known": list(formats)}
        raise UsageError(render(template, values, lang))
    return form


def specs_path(path: str | None) -> str:
    """The folder or file of specs; where the default folder is missing, advice for a start."""
    from perfeval.scoring.which import DEFAULT_SPECS, NO_SPECS

    if path is None and not Path(DEFAULT_SPECS).exists():
        raise InputError.of(NO_SPECS, folder=f"{DEFAULT_SPECS}/")
    return DEFAULT_SPECS if path is None else path


def deliver(
    options: argparse.Namespace,
    form: str,
    lang: str,
    sheet: Sheet,
    writers: Mapping[str, Writer],
    receipt: Callable[[int | None], bytes] | None = None,
) -> None:
    """The result in its format, on stdout or in the file asked for.

    `receipt` is given for a format without a place for it: it is written beside the file, and for
    stdout in one line of JSON to stderr.
    """
    if options.output is None and form == "table":
        style = look(sys.stdout, lang, everything=options.all)
        paint(sheet(style), sys.stdout, colour=style.colour)
        return
    if options.output is None:
        sys.stdout.flush()
        writers[form](sys.stdout.buffer)
        sys.stdout.buffer.flush()
        if receipt:
            sys.stderr.write(receipt(None).decode())
        return
    outputs = outputs_of(options, form)
    with whole_files(*outputs) as (file, *more):
        if form == "table":
            file.write(plain(sheet(Look(lang, everything=options.all))).encode(errors="replace"))
        else:
            writers[form](file)
        if receipt:
            for beside in more:
                beside.write(receipt(2))
    tell_written(outputs, lang)


def tell_written(outputs: Iterable[str], lang: str) -> None:
    """Which files there are now, on stderr."""
    template = N_("written: {files}")
    print(clean(render(template, {"files": list(outputs)}, lang)), file=sys.stderr)


def outputs_of(options: argparse.Namespace, form: str) -> list[str]:
    """The files to write: CSV has its receipt beside it."""
    if options.output is None:
        return []
    return [options.output, *([f"{options.output}.receipt.json"] if form == "csv" else [])]


def input_files(receipt: Mapping[str, Any]) -> list[str]:
    """The files that a result was computed from."""
    return [str(each["path"]) for each in receipt["inputs"]]


def keep_inputs(
    options: argparse.Namespace, form: str, inputs: Iterable[str | Path | None]
) -> None:
    """No output may replace what the result was computed from."""
    refuse_inputs(outputs_of(options, form), [str(path) for path in inputs if path])


def exit_status(receipt: Mapping[str, Any], fail_on: str) -> int:
    """1 where there are findings at least as severe as `fail_on`, else 0."""
    found = receipt["counts"]["findings"]  # worst first
    worst = list(found)
    levels = worst[: worst.index(fail_on) + 1] if fail_on in worst else ()
    return int(any(found[level] for level in levels))

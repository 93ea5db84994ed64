"""What several commands do alike: choose a format, deliver a result, spare what was read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    ".xml": "junit", ".xlsx": "xlsx", ".html": "html", ".htm": "html",
}  # fmt: skip
BINARY = ("parquet", "xlsx")
"""Formats that are not for reading in a terminal."""

_SHEETS = ("table", "text")

Sheet = Callable[[Look], Iterable[Line]]
Writer = Callable[[BinaryIO], None]


def tell(notes: Sequence[Problem], lang: str, most: int | None = None) -> None:
    """What is worth knowing of the files that were read, on stderr: all of it, or the first."""
    for note in notes[:most]:
        print(clean(note.text(lang)), file=sys.stderr)
    hidden = len(notes) - len(notes[:most])
    if hidden:
        template = N_("… another {n} remarks about the files. --all shows them")
        print(render(template, {"n": hidden}, lang), file=sys.stderr)


def check_bom(options: argparse.Namespace, form: str, lang: str) -> None:
    """Refuse a byte order mark for what is no CSV."""
    if options.bom and form != "csv":
        raise UsageError(render(N_("--bom is for --format csv"), {}, lang))


def check_binary(options: argparse.Namespace, form: str, lang: str) -> None:
    """Refuse to write to a terminal what is no text."""
    if form in BINARY and not options.output and sys.stdout.isatty():
        template = N_("{form} is not for reading in a terminal; name a file: -o result.{form}")
        raise UsageError(render(template, {"form": form}, lang))


def format_of(options: argparse.Namespace, formats: tuple[str, ...], lang: str) -> str:
    """The format asked for, else the one that the output's name tells, else the first."""
    if options.format:
        return str(options.format)
    if not options.output:
        return formats[0]
    form = _SUFFIXES.get(Path(options.output).suffix.lower())
    if form == "table":
        return formats[0]
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
    beside: Mapping[str, Writer] | None = None,
) -> None:
    """The result in its format, on stdout or in the file asked for.

    `receipt` is given for a format without a place for it: it is written beside the file, and for
    stdout in one line of JSON to stderr. `beside` are more files by name: with an output file they
    appear together or not at all, and they are there before anything is printed to stdout, which a
    reader may close.
    """
    extra = dict(beside or {})
    if options.output is None and form in _SHEETS:
        style = look(sys.stdout, lang, everything=options.all)
        lines = list(sheet(style)) if extra else sheet(style)
        _write_beside(extra, lang)
        paint(lines, sys.stdout, colour=style.colour)
        return
    if options.output is None:
        _write_beside(extra, lang)
        sys.stdout.flush()
        writers[form](sys.stdout.buffer)
        sys.stdout.buffer.flush()
        if receipt:
            sys.stderr.write(receipt(None).decode())
        return
    outputs = outputs_of(options, form)
    with whole_files(*outputs, *extra) as (file, *more):
        if form in _SHEETS:
            file.write(plain(sheet(Look(lang, everything=options.all))).encode(errors="replace"))
        else:
            writers[form](file)
        if receipt:
            more.pop(0).write(receipt(2))
        for write, stream in zip(extra.values(), more, strict=True):
            write(stream)
    tell_written([*outputs, *extra], lang)


def _write_beside(extra: Mapping[str, Writer], lang: str) -> None:
    if not extra:
        return
    with whole_files(*extra) as files:
        for write, file in zip(extra.values(), files, strict=True):
            write(file)
    tell_written(list(extra), lang)


def tell_written(files: Iterable[str], lang: str) -> None:
    """Which files there are now, on stderr."""
    template = N_("written: {files}")
    print(clean(render(template, {"files": list(files)}, lang)), file=sys.stderr)


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

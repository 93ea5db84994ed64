"""The Python files with rules of a folder's own, as bytes: where they may lie, and their hashes.

They run as part of perfeval, so only those are read that perfeval.toml names and that lie with it:
whoever may write there can run code on the machine of everyone who checks the folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from perfeval.messages import N_
from perfeval.problems import Collector, InputError
from perfeval.sources.files import InputFile, read_bytes, sha256
from perfeval.sources.settings import OwnFile, Settings

SIZE_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class OwnSource:
    """A file of own rules, and its content."""

    input: InputFile
    data: bytes


def read_own_rules(settings: Settings) -> tuple[OwnSource, ...]:
    """The files of own rules that `settings` name; raises `InputError` with what is wrong."""
    problems = Collector()
    sources = []
    for each in settings.own:
        with problems:
            path = _inside(each, settings.file)
            data = read_bytes(path, SIZE_LIMIT)
            read = InputFile(str(path), sha256(data), 0, "utf-8")
            sources.append(OwnSource(read, data))
    problems.raise_any()
    return tuple(sources)


def _inside(named: OwnFile, settings: str) -> Path:
    """The path of a file in the folder of the settings; raises where it would lead elsewhere."""
    folder = Path(settings).parent
    found = PureWindowsPath(named.path)  # knows both kinds of slashes, and drives
    template = ""
    if found.anchor or ".." in found.parts:
        template = N_(
            "own rules lie with the tables that they are for: {found} leads out of the folder; move"
            " the file into it and name it without / at the beginning and without .."
        )
    elif found.suffix != ".py":
        template = N_(
            '{found} is no Python file; own rules are named like rules = ["own_rules.py"]'
        )
    elif not (folder / named.path).resolve().is_relative_to(folder.resolve()):
        template = N_("{found} is a link that leads out of the folder; put the file itself there")
    if template:
        raise InputError.of(template, file=settings, line=named.line, found=named.path)
    return folder / named.path

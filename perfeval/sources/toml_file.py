"""A TOML file while it is read: its text, its values by key, and all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import InputError, Problem
from perfeval.sources.files import InputFile, decode, read_bytes, sha256
from perfeval.sources.toml_values import Key, convert, parse, shown
from perfeval.toml_lines import line_of

SIZE_LIMIT = 1_000_000
"""Most bytes of a TOML file: room for a project of several thousand indicators."""


class TomlFile:
    """One file: `text` once it is opened, and `told`, the keys with which something is wrong.

    Nothing raises: what is wrong is added to the list `problems`.
    """

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.name = str(path)
        self.text = ""
        self.told: set[tuple[str | int, ...]] = set()
        self._problems = problems

    def open(self, path: Path, rows: int | None = None) -> tuple[InputFile, dict[str, Any]] | None:
        """The file as an input, and its content; None where it is none.

        The input's `rows` are its [[indicators]] unless they are given.
        """
        try:
            data = read_bytes(path, SIZE_LIMIT)
            self.text, encoding = _utf8(data, self.name)
            content = parse(self.text, self.name)
        except InputError as error:
            self._problems += error.problems
            return None
        if rows is None:
            indicators = content.get("indicators")
            rows = len(indicators) if isinstance(indicators, list) else 0
        return InputFile(self.name, sha256(data), rows, encoding), content

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """The line of a key; of what holds it where the key is not there."""
        while path:
            line = line_of(self.text, path)
            if line is not None:
                return line
            path = path[:-1]
        return 1

    def tell(self, path: tuple[str | int, ...], template: str, **values: object) -> None:
        """Note a problem with the key at `path`."""
        self.told.add(path)
        self._problems.append(Problem(template, values, self.name, self.line(path)))

    def read(
        self, content: Mapping[str, Any], keys: Mapping[str, Key], path: tuple[str | int, ...]
    ) -> dict[str, Any]:
        """The values of a section, converted; what is missing or wrong is told and left out."""
        values: dict[str, Any] = {}
        excused: set[str] = set()
        for name, value in content.items():
            key = keys.get(name)
            if key is None:
                near = suggest(name, keys)
                excused.update(near[:1])
                self._tell_unknown((*path, name), near, keys)
                continue
            values[name], wrong = convert(value, key)
            if wrong:
                del values[name]
                self.tell((*path, name), wrong, key=name, found=shown(value))
        for name, key in keys.items():
            if key.example and name not in content:
                self.told.add((*path, name))
                if name not in excused:
                    self.tell(
                        (*path, name),
                        N_("the key {key} is missing; add it, for instance: {example}"),
                        key=name,
                        example=key.example,
                    )
        return values

    def _tell_unknown(
        self, path: tuple[str | int, ...], near: list[str], keys: Mapping[str, Key]
    ) -> None:
        if near:
            template = N_("unknown key {key}; did you mean {near}?")
            self.tell(path, template, key=path[-1], near=tuple(near))
        else:
            template = N_("unknown key {key}; known here are {known}")
            self.tell(path, template, key=path[-1], known=tuple(keys))


def _utf8(data: bytes, file: str) -> tuple[str, str]:
    text, encoding = decode(data, file)
    if not encoding.startswith("utf-8"):
        raise InputError.of(
            N_("the file is in {encoding}, but TOML is always UTF-8; save it again as UTF-8"),
            file=file,
            encoding=encoding,
        )
    return text, encoding

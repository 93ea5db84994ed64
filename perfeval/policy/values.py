"""Checks of single values in a policy file: text, numbers, tables, lists.

A check takes a layer, the path of a key and its value as `tomllib` gives it. It returns the value
converted (numbers as `Fraction`), or tells the layer what is wrong and returns `INVALID`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.names import suggest
from perfeval.problems import Problem
from perfeval.toml_lines import line_of

KeyPath = tuple[str | int, ...]
INVALID: Any = object()
_SHOWN = 60


@dataclass
class Layer:
    """One policy file of a chain: its text, its content, and what is wrong with it."""

    path: Path
    text: str
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    bad: set[KeyPath] = field(default_factory=set)

    def line(self, path: KeyPath) -> int | None:
        """The line of `path`, or of the nearest table around it that the file writes."""
        while path:
            line = line_of(self.text, path)
            if line is not None:
                return line
            path = path[:-1]
        return None

    def refuse(self, path: KeyPath, template: str, **values: object) -> Any:
        """Note a problem of the value at `path`."""
        self.bad.add(path)
        values = {"key": dotted(path)} | values
        self.problems.append(Problem(template, values, str(self.path), self.line(path)))
        return INVALID


Check = Callable[[Layer, KeyPath, Any], Any]


def dotted(path: KeyPath) -> str:
    """`path` as a TOML key; numbers of list elements are left to the line."""
    return ".".join(_key(part) for part in path if isinstance(part, str))


def shown(value: object, limit: int = _SHOWN) -> str:
    """A value as TOML writes it, on one line, shortened, without control characters."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]" if len(value) > 4 else f"[{', '.join(map(shown, value))}]"
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return f"{value:#x}"[:_SHOWN] + "…"
    if isinstance(value, Fraction):
        value = float(value) if value.denominator > 1 else value.numerator
    text = str(value)
    if len(text) > limit:
        text = text[:limit] + "…"
    text = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
    return f'"{text}"' if isinstance(value, str) else text


def unknown(layer: Layer, path: KeyPath, known: Iterable[str], meant: str | None = None) -> Any:
    """Refuse a key that does not exist, with the one that is `meant` or else the nearest."""
    known = tuple(known)
    values = {"known": tuple(map(_key, known))}
    near = [meant] if meant else suggest(str(path[-1])[:_SHOWN], known, limit=1)
    if near:
        template = N_("unknown key {key}; did you mean {near}? Known here: {known}")
        return layer.refuse(path, template, near=near[0], **values)
    return layer.refuse(path, N_("unknown key {key}; known here: {known}"), **values)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare and len(name) <= _SHOWN else shown(name)


def a_text(layer: Layer, path: KeyPath, value: Any) -> Any:
    """Text of one or more lines."""
    if not isinstance(value, str):
        template = N_("{key} must be text in quotes; found {found}")
        return layer.refuse(path, template, found=shown(value))
    if not value.strip():
        return layer.refuse(path, N_("{key} is empty; write a text or leave the key out"))
    if not all(
        line.replace("\t", " ").replace("\u3000", " ").isprintable() for line in value.splitlines()
    ):
        template = N_("{key} holds control characters: {found}; remove them")
        return layer.refuse(path, template, found=shown(value))
    return value


def a_name(layer: Layer, path: KeyPath, value: Any) -> Any:
    """Text of one line."""
    text = a_text(layer, path, value)
    if text is not INVALID and (len(text.splitlines()) > 1 or len(text) > _SHOWN):
        template = N_("{key} must be one line of at most {limit} characters; found {found}")
        return layer.refuse(path, template, limit=_SHOWN, found=shown(text))
    return text if text is INVALID else text.strip()


def a_flag(layer: Layer, path: KeyPath, value: Any) -> Any:
    """True or false."""
    if isinstance(value, bool):
        return value
    template = N_("{key} must be true or false (without quotes); found {found}")
    return layer.refuse(path, template, found=shown(value))


def a_number(layer: Layer, path: KeyPath, value: Any) -> Any:
    """A number short enough for the kernel's whole numbers: below 10⁹, four decimals."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        template = N_("{key} must be a number (without quotes); found {found}")
        return layer.refuse(path, template, found=shown(value))
    if isinstance(value, Decimal) and not value.is_finite():
        template = N_("{key} must be a finite number; found {found}")
        return layer.refuse(path, template, found=shown(value))
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    short = -(10**9) < value < 10**9 and -_SHOWN < int(exponent) < 10
    if not short or (Fraction(value) * 10**4).denominator != 1:
        template = N_("{key} must be below 1000000000 with at most 4 decimals; found {found}")
        return layer.refuse(path, template, found=shown(value))
    return Fraction(value)


def a_positive(layer: Layer, path: KeyPath, value: Any) -> Any:
    """A number above 0."""
    number = a_number(layer, path, value)
    if number is INVALID or number > 0:
        return number
    template = N_("{key} must be more than 0; found {found}")
    return layer.refuse(path, template, found=shown(number))


def one_of(known: tuple[str, ...]) -> Check:
    """One of these words."""

    def check(layer: Layer, path: KeyPath, value: Any) -> Any:
        if isinstance(value, str) and value in known:
            return value
        values = {"found": shown(value), "known": tuple(map(shown, known))}
        near = suggest(value[:_SHOWN], known, limit=1) if isinstance(value, str) else []
        if near:
            template = N_("{key} cannot be {found}; did you mean {near}? Possible: {known}")
            return layer.refuse(path, template, near=shown(near[0]), **values)
        return layer.refuse(path, N_("{key} cannot be {found}; possible: {known}"), **values)

    return check


def a_table(
    keys: Mapping[str, Check],
    needed: tuple[str, ...] = (),
    meant: Callable[[str], str | None] = lambda key: None,
) -> Check:
    """A table of these keys, of which `needed` must be there; `meant` knows other spellings."""

    def check(layer: Layer, path: KeyPath, value: Any) -> Any:
        if not isinstance(value, dict):
            return _no_table(layer, path, value)
        content = {}
        for key, item in value.items():
            here = (*path, key)
            if key not in keys:
                unknown(layer, here, keys, meant(key))
                continue
            found = keys[key](layer, here, item)
            if found is not INVALID:
                content[key] = found
        for key in needed:
            if key not in value:
                layer.refuse((*path, key), N_("{key} is missing; add it to this file"))
        return content

    return check


def each_of(item: Check) -> Check:
    """A table whose keys are names, each with the same kind of value."""

    def check(layer: Layer, path: KeyPath, value: Any) -> Any:
        if not isinstance(value, dict):
            return _no_table(layer, path, value)
        content = {}
        for name, each in value.items():
            here = (*path, name)
            if a_name(layer, here, name) is not INVALID:
                content[name] = item(layer, here, each)
        return {name: each for name, each in content.items() if each is not INVALID}

    return check


def _no_table(layer: Layer, path: KeyPath, value: Any) -> Any:
    template = N_("{key} must be a table ([{key}] and its keys below); found {found}")
    return layer.refuse(path, template, found=shown(value))


def a_list(layer: Layer, path: KeyPath, value: Any, length: int, item: Check) -> Any:
    """`length` elements (0: any number), or INVALID."""
    if not isinstance(value, list):
        template = N_("{key} must be a list in brackets; found {found}")
        return layer.refuse(path, template, found=shown(value))
    if length and len(value) != length:
        template = N_("{key} needs {length} numbers in brackets; found {found}")
        return layer.refuse(path, template, length=length, found=shown(value))
    items = [item(layer, (*path, number), each) for number, each in enumerate(value)]
    return INVALID if INVALID in items else items


def a_pair(layer: Layer, path: KeyPath, value: Any) -> Any:
    """Two numbers in brackets."""
    return a_list(layer, path, value, 2, a_number)

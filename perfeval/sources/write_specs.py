"""Specs as TOML files, one per project, named by its code; other files may be written with them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_
from perfeval.os_errors import why
from perfeval.problems import InputError, Problem

if TYPE_CHECKING:
    from tomlkit.items import Item, Table

_KEYS = ("schema", "code", "name", "department", "year", "type")
_SECTIONS = {
    "budget": ("total", "superior", "local", "other", "basic", "project"),
    "narrative": ("overview", "basis", "schedule", "goal"),
}
_INDICATOR = ("level1", "level2", "name", "target", "weight")

# What a file name may hold on every system; the rest is written as the hexadecimal of its bytes.
_UNSAFE = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff_.()（）-]|^[.-]|[.]$")
_RESERVED = re.compile(r"(?:perfeval|con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST = 180  # bytes of a name without its ending


def write_specs(
    specs: Sequence[Mapping[str, Any]],
    folder: str | Path,
    *,
    beside: Mapping[str, str] | None = None,
    replace: bool = False,
) -> list[Path]:
    """Write one TOML file per spec into `folder` and return their paths, in the order of `specs`.

    `beside` holds the texts of other files by their names, whose paths come last.

    Keys stand in the order of the contract; texts, numbers and their digits as they are given, so
    the same specs give the same bytes. Characters of a code that a file name cannot hold are
    written as %XX. The folder is made if it is missing; other files in it stay as they are. A file
    of the same project is replaced only with `replace`, as it may have been edited. All files
    appear or none does.

    Raises `InputError` for two specs of one code, or codes that differ in capitals only, for files
    that would be replaced and are not to be, and for a folder that cannot be written.
    """
    folder = Path(folder)
    names = _file_names(specs)
    texts = dict(zip(names, map(_toml, specs), strict=True)) | dict(beside or {})
    if not replace:
        _refuse_others(texts, folder)
    made = _missing_folders(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_all(texts, folder)
    except OSError as error:
        for created in made:
            _remove_empty(created)
        raise InputError.of(
            N_("the specs cannot be written ({detail}); nothing was changed in the folder"),
            file=str(folder),
            detail=why(error),
        ) from None
    return [folder / name for name in texts]


def file_name(code: str) -> str:
    """The name of the file for a project's code: the code itself, as far as a file can be named so.

    >>> file_name("50011023T000003385078"), file_name("../../x")
    ('50011023T000003385078.toml', '%2E.%2F..%2Fx.toml')
    """
    name = _UNSAFE.sub(_percent, code)
    if not name or _RESERVED.fullmatch(name):
        name = "".join(f"%{byte:02X}" for byte in name[:1].encode()) + name[1:] or "%"
    if len(name.encode()) > _LONGEST:
        digest = hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        name = f"{name.encode()[: _LONGEST - 20].decode(errors='ignore')}-{digest}"
    return f"{name}.toml"


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def _file_names(specs: Sequence[Mapping[str, Any]]) -> list[str]:
    names: list[str] = []
    first: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for spec in specs:
        name = file_name(str(spec["code"]))
        # Some systems take file names that differ in capitals only for one.
        other = first.setdefault(name.casefold(), spec)
        if other is not spec:
            template = N_(
                "two projects have the code {code}: {first} and {second}; give each a code of its"
                " own, or leave one out"
            )
            values = {
                "code": str(spec["code"]),
                "first": str(other.get("name", "")),
                "second": str(spec.get("name", "")),
            }
            problems.append(Problem(template, values))
        names.append(name)
    if problems:
        raise InputError(problems)
    return names


def _refuse_others(texts: Mapping[str, str], folder: Path) -> None:
    """Raise `InputError` for the files in `folder` that hold something else than `texts`."""
    template = N_(
        "this file differs from what would be written, so it was edited or comes from another text;"
        " nothing was changed. Import into another folder, or replace such files with --force"
    )
    others = []
    for name, text in texts.items():
        try:
            if (folder / name).read_bytes() != text.encode():
                others.append(Problem(template, {}, str(folder / name)))
        except OSError:  # not there, or in the way, which is told when it is written
            continue
    if others:
        raise InputError(others)


def _toml(spec: Mapping[str, Any]) -> str:
    """A spec as TOML text."""
    import tomlkit

    document = tomlkit.document()
    for key, value in _ordered(spec, _KEYS):
        if key not in _SECTIONS and key != "indicators":
            document.add(key, _item(value))
    for section, order in _SECTIONS.items():
        if spec.get(section):
            document.add(tomlkit.nl())
            document.add(section, _table(spec[section], order))
    indicators = tomlkit.aot()
    for indicator in spec.get("indicators", ()):
        indicators.append(_table(indicator, _INDICATOR))
    if indicators:
        document.add(tomlkit.nl())
        document.add("indicators", indicators)
    return tomlkit.dumps(document)


def _ordered(content: Mapping[str, Any], order: Sequence[str]) -> list[tuple[str, Any]]:
    """The items of `content`: those named in `order` first."""
    keys = [key for key in order if key in content] + [key for key in content if key not in order]
    return [(key, content[key]) for key in keys]


def _table(content: Mapping[str, Any], order: Sequence[str]) -> Table:
    import tomlkit

    table = tomlkit.table()
    for key, value in _ordered(content, order):
        table.add(key, _item(value))
    return table


def _item(value: Any) -> Item:
    import tomlkit
    from tomlkit.items import Float, Trivia

    if isinstance(value, Decimal):
        text = format(value, "f")
        # `tomlkit.float_` would write 131.40 as 131.4.
        return Float(float(text), Trivia(), text) if "." in text else tomlkit.integer(text)
    item: Item = tomlkit.item(value)
    return item


def _missing_folders(folder: Path) -> list[Path]:
    """The folders that have to be made, the innermost first."""
    return [path for path in (folder, *folder.parents) if not path.exists()]


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _write_all(texts: Mapping[str, str], folder: Path) -> None:
    """Write the files beside their places first, then move them in; undo all if one fails."""
    workplace = Path(tempfile.mkdtemp(prefix=".perfeval-", dir=folder))
    moved: list[str] = []
    try:
        (workplace / "old").mkdir()
        for name, text in texts.items():
            (workplace / name).write_bytes(text.encode())
        for name in texts:
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
            if (folder / name).exists():
                (folder / name).rename(workplace / "old" / name)
            moved.append(name)
            (workplace / name).rename(folder / name)
    except BaseException:
        for name in moved:
            old = workplace / "old" / name
            if old.exists():
                old.replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(workplace, ignore_errors=True)

"""Reading policy files: finding them, following `extends`, merging, and saying what is wrong."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.names import NEAR_FILE, suggest
from perfeval.policy.check import check_effective
from perfeval.policy.shape import check_file
from perfeval.policy.statements import check_clauses
from perfeval.policy.values import Layer, shown
from perfeval.problems import InputError, Problem
from perfeval.toml_lines import nesting

SCHEMA = 1
"""The newest form of policy file that this version reads."""

MAX_BYTES = 2**16
MAX_NESTING = 16
MAX_CHAIN = 8

_SHIPPED = Path(__file__).parent.parent / "policies"
_OWN = ("schema", "id", "name", "name_en", "extends", "source", "clauses")
_WHOLE = ("bands", "grades")


@cache
def shipped() -> dict[str, Path]:
    """Name → file of the policies that come with perfeval."""
    return {path.stem: path for path in sorted(_SHIPPED.glob("*.toml"))}


def read_effective(name_or_path: str, base: Path | None) -> tuple[list[Layer], dict[str, Any]]:
    """The files of a policy, nearest first, and their merged and checked content.

    Raises `InputError` with every problem of every file of the chain.
    """
    layers: list[Layer] = []
    wanted, folder = name_or_path, base
    try:
        while True:
            path = _find(wanted, folder, layers[-1] if layers else None)
            layer = Layer(path, "")
            _follow(layers, layer)
            layers.append(layer)
            _read(layer)
            if "extends" not in layer.data:
                break
            wanted, folder = layer.data["extends"], path.parent
    except InputError as error:
        raise InputError([*_problems(layers), *error.problems]) from None
    content: dict[str, Any] = {}
    for layer in reversed(layers):
        content = _merged(content, layer.data)
        _check_form(layer)
    check_effective(layers, content, shipped())
    if not _problems(layers):
        check_clauses(layers, content)
    if problems := _problems(layers):
        raise InputError(problems)
    return layers, content


def form_of(layers: list[Layer]) -> Path:
    """The file of the form that the nearest of `layers` (checked) names, else of the default."""
    from perfeval.forms import DEFAULT, shipped

    for layer in layers:
        if wanted := layer.data.get("form"):
            return layer.path.parent / wanted if _is_path(wanted) else shipped()[wanted]
    return shipped()[DEFAULT]


def _check_form(layer: Layer) -> None:
    from perfeval.forms import shipped

    wanted, known = layer.data.get("form"), shipped()
    if wanted is None or wanted in known:
        return
    values = {"found": shown(wanted), "known": tuple(known)}
    if not _is_path(wanted):
        near = suggest(wanted, known, limit=1)
        template = N_("unknown form {found}; known: {known}; or give the path of a .toml file")
        if near:
            template = N_("unknown form {found}; did you mean {near}? Known: {known}")
        layer.refuse(("form",), template, **values, near=near[0] if near else "")
    elif not (layer.path.parent / wanted).is_file():
        template = N_("there is no form {file_path}")
        missing = shown(str(layer.path.parent / wanted), limit=1000)
        layer.refuse(("form",), template, file_path=missing)


def _is_path(wanted: str) -> bool:
    """Whether a policy or form is named by its path: it has a separator, or ends with .toml."""
    return wanted.endswith(".toml") or "/" in wanted or "\\" in wanted


def _problems(layers: list[Layer]) -> list[Problem]:
    return [
        problem
        for layer in layers
        for problem in sorted(layer.problems, key=lambda problem: problem.line or 0)
    ]


def _merged(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    """`child` over `parent`: tables key by key, but a list, a rule, bands and grades whole."""
    content = {key: value for key, value in parent.items() if key not in _OWN}
    for key, value in child.items():
        below = content.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and key not in _WHOLE:
            value = below | value
        content[key] = value
    return content


def _unusable(child: Layer | None, template: str, **values: object) -> InputError:
    """A policy that cannot be had, told where `child` extends it (None: the user asked for it)."""
    file = str(child.path) if child else None
    line = child.line(("extends",)) if child else None
    return InputError([Problem(template, values, file, line)])


def _find(wanted: str, folder: Path | None, child: Layer | None) -> Path:
    """The file of a policy's name or path; `child` is the file that extends it."""
    known = shipped()
    if not _is_path(wanted):
        if wanted in known:
            return known[wanted]
        found, names = shown(wanted), tuple(known)
        if near := suggest(wanted, known, limit=1):
            template = N_("unknown policy {found}; did you mean {near}? Known: {known}")
            raise _unusable(child, template, found=found, known=names, near=near[0])
        template = N_("unknown policy {found}; known: {known}; or give the path of a .toml file")
        raise _unusable(child, template, found=found, known=names)
    path = (folder or Path()) / wanted
    shown_path = shown(str(path), limit=1000)
    try:
        if path.is_file():
            return path
        is_folder = path.is_dir()
    except OSError as error:  # a name that is too long, a folder that may not be entered
        template = N_("the policy file {path} cannot be read: {error}")
        raise _unusable(child, template, path=shown_path, error=error.strerror) from None
    if is_folder:
        raise _unusable(child, N_("{path} is a folder, not a policy file"), path=shown_path)
    beside = [each.name for each in path.parent.glob("*.toml")] if path.parent.is_dir() else []
    if near := suggest(path.name, beside, limit=1, near=NEAR_FILE):
        template = N_("there is no policy file {path}; did you mean {near} in the same folder?")
        raise _unusable(child, template, path=shown_path, near=shown(near[0]))
    raise _unusable(child, N_("there is no policy file {path}"), path=shown_path)


def _follow(layers: list[Layer], layer: Layer) -> None:
    """Refuse a chain of `extends` that is circular or too long."""
    chain = " → ".join(each.path.name for each in [*layers, layer])
    if any(layer.path.resolve() == each.path.resolve() for each in layers):
        template = N_("policies extend one another in a circle: {chain}")
        raise _unusable(layers[-1], template, chain=chain)
    if len(layers) == MAX_CHAIN:
        template = N_("a chain of more than {limit} policies: {chain}; extend one nearer the root")
        raise _unusable(layers[-1], template, chain=chain, limit=MAX_CHAIN)


def _read(layer: Layer) -> None:
    """Fill a layer from its file; problems that leave nothing to check are raised."""
    layer.text = _text(layer.path)
    data = _parsed(layer)
    schema = data.get("schema")
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        template = N_(
            "this file is of schema {found}; this version of perfeval reads schema {known}: "
            "use a newer perfeval"
        )
        layer.refuse(("schema",), template, found=shown(schema), known=SCHEMA)
        raise InputError([layer.problems.pop()])
    if "schema" in data and (isinstance(schema, bool) or schema != SCHEMA):
        template = N_("schema must be {known}; found {found}")
        layer.refuse(("schema",), template, found=shown(schema), known=SCHEMA)
    layer.data = check_file(layer, (), data)
    own = layer.data.get("id")
    if own in shipped() and layer.path.resolve() != shipped()[own].resolve():
        template = N_(
            "the id {found} belongs to a policy that comes with perfeval; "
            "give yours an id of its own"
        )
        layer.refuse(("id",), template, found=shown(own))


def _text(path: Path) -> str:
    """The text of a file of reasonable size in UTF-8."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        template = N_("the policy file cannot be read: {error}")
        raise InputError.of(template, file=file, error=error.strerror or error) from None
    if len(data) > MAX_BYTES:
        template = N_("the file is larger than {limit} KiB: this is no policy file")
        raise InputError.of(template, file=file, limit=MAX_BYTES // 1024)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        template = N_("byte {byte} is not UTF-8; save the file in the encoding UTF-8")
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError.of(
            template, file=file, line=line, byte=f"0x{data[error.start]:02x}"
        ) from None


def _parsed(layer: Layer) -> dict[str, Any]:
    """The content of a layer's text; numbers with a point become `Decimal`."""
    text, file = layer.text, str(layer.path)
    if nesting(text) > MAX_NESTING:
        template = N_("keys or brackets are nested more than {limit} deep: this is no policy file")
        raise InputError.of(template, file=file, limit=MAX_NESTING)
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        message, line = _syntax_error(str(error), text)
        values = {"error": message, "text": shown(text.split("\n")[line - 1].strip())}
        if any(ord(sign) > 127 for sign in values["text"]):
            template = N_(
                "TOML syntax error: {error}, in {text}; Chinese keys and texts stand in straight "
                'quotes ("优" = 90), and the signs = , [ ] are the half-width ones'
            )
        else:
            template = N_("TOML syntax error: {error}, in {text}")
        raise InputError([Problem(template, values, file, line)]) from None
    except ValueError:  # from int(): Python refuses to read thousands of digits
        digits = re.search(r"[0-9_]{4000}", text)
        place = text.count("\n", 0, digits.start()) + 1 if digits else None
        template = N_("a number has thousands of digits")
        raise InputError.of(template, file=file, line=place) from None


def _syntax_error(message: str, text: str) -> tuple[str, int]:
    """What `tomllib` says, and the line that it names at the end of its message."""
    found = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column \d+|end of document)\)", message)
    end = text.rstrip("\n").count("\n") + 1
    if found is None:
        return message, end
    return found[1], int(found[2] or end)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond any number
        return Decimal("Infinity")

"""Values in a TOML spec: parsed without losing a digit, and converted to what their key holds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.problems import InputError
from perfeval.toml_lines import nesting

DIGITS = 15
"""Most significant digits of a number: as many as a float64 carries without loss."""

_NESTING = 16
_MANY_DOTS = 300  # a text with fewer has no dotted key that takes long to parse
_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)

_TOO_LONG = N_(
    "{key} is {found}, a number of more than 15 significant digits, which cannot be kept exactly;"
    " shorten it"
)


@dataclass(frozen=True, slots=True)
class Decimals:
    """A number with a point or an exponent, as it stands in the file."""

    text: str


class _WrongError(Exception):
    """A value that its key cannot hold; the argument is the template of the message."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a key holds; one that must be there has an example of how to write it."""

    kind: Callable[[Any], Any]
    example: str = ""


def convert(value: Any, key: Key) -> tuple[Any, str]:
    """`value` as its key holds it and ""; or None and the template of what is wrong."""
    try:
        return key.kind(value), ""
    except _WrongError as wrong:
        return None, str(wrong)


def a_text(value: Any) -> str:
    """Text in quotation marks, without the blanks around it."""
    if isinstance(value, str):
        return value.strip(BLANKS)
    raise _WrongError(N_('{key} is {found}; text in quotation marks is expected: {key} = "…"'))


def a_target(value: Any) -> str:
    """Text, or a number or date, as it is written."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimals):
        return value.text.replace("_", "")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value.strip(BLANKS)
    raise _WrongError(
        N_('{key} is {found}; text in quotation marks or a number is expected: {key} = "≥ 9000 人"')
    )


def a_day(value: Any) -> str:
    """Text, or a date."""
    return value.isoformat() if isinstance(value, date) else a_text(value)


def a_whole_number(value: Any) -> int:
    """A whole number, such as a year."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise _WrongError(
            N_("{key} is {found}; a whole number without quotation marks is expected")
        )
    if abs(value) >= 10**DIGITS:
        raise _WrongError(_TOO_LONG)
    return value


def a_number(value: Any) -> float:
    """A number that a float64 carries without loss; also nan and inf, which the gate refuses."""
    if isinstance(value, bool) or not isinstance(value, int | Decimals):
        raise _WrongError(
            N_("{key} is {found}; a number without quotation marks and unit is expected")
        )
    text = value.text if isinstance(value, Decimals) else str(value)
    if too_long(text):
        raise _WrongError(_TOO_LONG)
    return float(text)


def a_truth(value: Any) -> bool:
    """The words true and false."""
    if isinstance(value, bool):
        return value
    raise _WrongError(N_("{key} is {found}; true or false is expected, without quotation marks"))


def a_section(value: Any) -> dict[str, Any]:
    """A section [key] of the file, or an inline table."""
    if isinstance(value, dict):
        return value
    raise _WrongError(N_("{key} is {found}; a section [{key}] with keys of its own is expected"))


def some_sections(value: Any) -> list[Any]:
    """At least one section [[key]]."""
    if isinstance(value, list) and value:
        return value
    raise _WrongError(N_("{key} is {found}; a section [[{key}]] for each of them is expected"))


def some_texts(value: Any) -> list[str]:
    """A list of texts in quotation marks."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return [each.strip(BLANKS) for each in value]
    raise _WrongError(
        N_('{key} is {found}; a list of texts in quotation marks is expected: {key} = ["…"]')
    )


def too_long(number: str) -> bool:
    """Whether a number as written has more significant digits than are kept exactly.

    >>> too_long("1_000_000.25"), too_long("0.1234567890123456"), too_long("1e300")
    (False, True, False)
    """
    if len(number) <= DIGITS:
        return False
    try:
        digits = Decimal(number).normalize().as_tuple().digits
    except InvalidOperation:  # an exponent beyond any number, which is infinite as a float
        return False
    return len(digits) > DIGITS


def shown(value: Any, most: int = 60) -> str:
    """`value` as it could stand in a TOML file, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, Decimals):
        text = value.text
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, dict):
        text = f"{{{', '.join(value)}}}"
    elif isinstance(value, list):
        text = f"[{', '.join(shown(item, 20) for item in value[:5])}{', …' * (len(value) > 5)}]"
    else:
        text = str(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def parse(text: str, file: str) -> dict[str, Any]:
    """The content of a TOML text, with `Decimals` for floats; raises `InputError`."""
    deep = InputError.of(
        N_("keys or brackets are nested more than {limit} deep; no file of perfeval is"),
        file=file,
        limit=_NESTING,
    )
    if text.count(".") > _MANY_DOTS and nesting(text) > _NESTING:
        raise deep
    try:
        return tomllib.loads(text, parse_float=Decimals)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, file) from None
    except RecursionError:
        raise deep from None
    except ValueError:  # Python reads no whole number of thousands of digits
        digits = re.search(r"[0-9_]{4000}", text)
        raise InputError.of(
            N_("a number has thousands of digits; shorten it"),
            file=file,
            line=text.count("\n", 0, digits.start()) + 1 if digits else None,
        ) from None


def _syntax_error(message: str, text: str, file: str) -> InputError:
    """What `tomllib` says, with the line, and with a word on full-width signs if it holds any."""
    found = _SYNTAX.fullmatch(message)
    lines = text.split("\n")
    line = int(found[2]) if found and found[2] else len(text.rstrip().split("\n"))
    detail = found[1] if found else message
    source = lines[line - 1].strip()[:80]
    if re.search("[“”‘’＂＇＝［］，]", source):
        template = N_(
            'TOML syntax error in “{source}”: use the half-width signs " = [ ] and , of the English'
            " keyboard outside of texts ({detail})"
        )
    else:
        template = N_(
            'TOML syntax error in “{source}”: write key = value, with texts in quotation marks (")'
            " and each key once ({detail})"
        )
    return InputError.of(template, file=file, line=line, detail=detail, source=source)

"""Messages in Chinese and English, by gettext: English templates are the keys of the catalogue.

A template's fields are plain names (`{name}`): how a value is written is decided here, once, so
that the same message reads the same in every report.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter

LANGUAGES = ("zh", "en")
LOCALE_DIR = Path(__file__).with_name("locale")
_CATALOGUES = {"zh": "zh_CN", "en": "en"}


_COLUMNS = frozenset(["field", "fields", "other_field", "other_fields"])
"""Values that name columns of a table; a message tells them in its own language."""

_POINTS = frozenset(["claimed", "recomputed", "product", "recomputed_high"])
"""Values that are points of a score, which is told to the cent."""


def N_(template: str) -> str:  # noqa: N802 (the conventional name of gettext's marker)
    """Mark `template` for the catalogue and return it as it is."""
    return template


@cache
def translation(lang: str) -> gettext.NullTranslations:
    """The catalogue of `lang` (one of `LANGUAGES`); English is the source and needs none."""
    return gettext.translation(
        "perfeval", LOCALE_DIR, languages=[_CATALOGUES[lang]], fallback=lang == "en"
    )


def translate(template: str, lang: str) -> str:
    """`template` in `lang`; the English text where the catalogue has none."""
    # The catalogue's entry of the empty text is its header.
    return translation(lang).gettext(template) if template else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A value that is a message itself: told in the language of the message that holds it."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A value that has a name in either language, as titles of data have."""

    zh: str
    en: str


class _Fields(dict[str, str]):
    """Values as text; a field that a caller forgot shows its name instead of losing the message."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def render(template: str, values: Mapping[str, object], lang: str) -> str:
    """`template` in `lang` with its named fields filled from `values`.

    The value named `remark` is a template too (or empty, or several in a list), filled from the
    same values: a half sentence that belongs to some messages of a kind. Values named `field`,
    `fields`, `other_field` and `other_fields` are names of columns, told in `lang`; those of
    `_POINTS` have two decimals.

    >>> render("{found} of {names}{remark}", {"found": 0.1, "names": ["a"], "remark": "!"}, "en")
    '0.1 of a!'
    >>> render("{fields}", {"fields": ["overview", "goal"]}, "zh")
    '项目概况、当年整体绩效目标'
    """
    fields = _Fields(
        {
            name: f"{value:.2f}"
            if name in _POINTS and isinstance(value, float | int)
            else written(_told(value, lang) if name in _COLUMNS else value, lang)
            for name, value in values.items()
        }
    )
    if "remark" in values:
        remarks = values["remark"]
        fields["remark"] = "".join(
            translate(str(each), lang).format_map(fields)
            for each in (remarks if isinstance(remarks, list) else [remarks or ""])
        )
    return translate(template, lang).format_map(fields)


def _told(names: object, lang: str) -> object:
    """A column's name, or a list of them, in `lang`."""
    if isinstance(names, str):
        return translate(names, lang)
    return [translate(name, lang) for name in names] if isinstance(names, list) else names


def pieces(template: str, values: Mapping[str, object], lang: str) -> list[tuple[str, str]]:
    """The text of `render` in pieces, each with the name of the field that it fills, or "".

    >>> pieces("sum {found}, not {expected}", {"found": 90.0, "expected": 100.0}, "en")
    [('sum ', ''), ('90', 'found'), (', not ', ''), ('100', 'expected')]
    """
    found: list[tuple[str, str]] = []
    for text, name, _, _ in Formatter().parse(translate(template, lang)):
        filled = render(f"{{{name}}}", values, lang) if name else ""
        found += [each for each in ((text, ""), (filled, name or "")) if each[0]]
    return found


def is_template(text: str) -> bool:
    """Whether `render` can fill `text`: its fields are plain names.

    >>> is_template("{found} of {names}"), is_template("{found"), is_template("{found.real:>9}")
    (True, False, False)
    """
    try:
        fields = [each[1:] for each in Formatter().parse(text) if each[1] is not None]
    except ValueError:
        return False
    return all(str(name).isidentifier() and not how and not as_ for name, how, as_ in fields)


def written(value: object, lang: str) -> str:
    """`value` as a message writes it: numbers without exponent or trailing zeros, lists joined.

    Of a mapping from languages to texts (names that come with the data) that of `lang`.

    >>> written(90.0, "zh"), written(1e-7, "en"), written(("优", "良"), "zh"), written(None, "en")
    ('90', '0.0000001', '优、良', '—')
    """
    match value:
        case str():
            return value
        case Said():
            return render(value.template, value.values, lang)
        case Named():
            return value.zh if lang == "zh" else value.en
        case None:
            return "—"
        case bool():
            return translate(N_("yes") if value else N_("no"), lang)
        case float():
            return number(value)
        case Mapping():
            return str(value.get(lang, ""))
        case list() | tuple():
            return ("、" if lang == "zh" else ", ").join(written(item, lang) for item in value)
        case _:
            return str(value)


def number(value: float) -> str:
    """`value` in plain decimal digits, as few as tell it apart.

    >>> number(9000.0), number(0.34), number(1e22), number(2.5e-7)
    ('9000', '0.34', '10000000000000000000000', '0.00000025')
    """
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    if "e" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")


def default_language(environment: Mapping[str, str] | None = None) -> str:
    """The language that the locale asks for; Chinese where it asks for none (C, POSIX, unset).

    In gettext's order: `LANGUAGE`, a list of which the first that is known holds, then the locale.

    >>> default_language({"LANG": "en_GB.UTF-8"})
    'en'
    >>> default_language({"LC_ALL": "zh_CN.GB18030", "LANG": "en_US"})
    'zh'
    >>> default_language({"LANG": "C.UTF-8"})
    'zh'
    >>> default_language({"LANGUAGE": "de:en:zh_CN", "LANG": "zh_CN.UTF-8"})
    'en'
    """
    environment = os.environ if environment is None else environment
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        names = environment.get(variable, "").split(":" if variable == "LANGUAGE" else None)
        languages = [re.split("[._@-]", name)[0].lower() for name in names if name]
        for language in languages:
            if language in ("c", "posix", "zh"):
                return "zh"
            if language == "en":
                return "en"
        if languages:
            return "en"
    return "zh"

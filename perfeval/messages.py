"""Messages in Chinese and English, by gettext: English templates are the keys of the catalogue."""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
LOCALE_DIR = Path(__file__).with_name("locale")
_CATALOGUES = {"zh": "zh_CN", "en": "en"}


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
    return translation(lang).gettext(template)


def render(template: str, values: Mapping[str, object], lang: str) -> str:
    """`template` in `lang` with its named fields filled from `values`."""
    return translate(template, lang).format_map(values)


def default_language(environment: Mapping[str, str] | None = None) -> str:
    """The language that the locale asks for; Chinese where it asks for none (C, POSIX, unset).

    >>> default_language({"LANG": "en_GB.UTF-8"})
    'en'
    >>> default_language({"LC_ALL": "zh_CN.GB18030", "LANG": "en_US"})
    'zh'
    >>> default_language({"LANG": "C.UTF-8"})
    'zh'
    """
    environment = os.environ if environment is None else environment
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        name = environment.get(variable, "")
        if name:
            language = name.split(".")[0].split("_")[0].lower()
            return "zh" if language in ("c", "posix", "zh") else "en"
    return "zh"

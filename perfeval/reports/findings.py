"""Findings as messages: template and values in a language, with the place they are about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, render, translate

if TYPE_CHECKING:
    import polars as pl

_NAMED = ("file", "sheet", "line", "project", "indicator")
_NAMES = {"error": N_("error"), "warning": N_("warning"), "info": N_("info")}


def severity(name: str, lang: str) -> str:
    """A severity in `lang`."""
    return translate(_NAMES[name], lang)


def records(findings: pl.DataFrame, lang: str) -> Iterator[dict[str, Any]]:
    """The findings in order, with the keys that JSON gives them.

    Blank places are None; `values` is what the message was filled with, as data: without the half
    sentence `remark`, numbers that JSON does not know (infinite, not a number) as None.
    """
    for row in findings.iter_rows(named=True):
        values = json.loads(row["values"] or "{}", parse_constant=lambda _: None)
        place_values = {name: row[name] for name in _NAMED}
        yield {
            "code": row["code"],
            "name": row["name"],
            "severity": row["severity"],
            "file": row["file"] or None,
            "sheet": row["sheet"],
            "line": row["line"],
            "project": row["project"] or None,
            "indicator": row["indicator"] or None,
            "message": render(row["template"], place_values | values, lang),
            "values": {name: value for name, value in values.items() if name != "remark"},
        }

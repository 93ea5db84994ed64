"""Findings as messages: template and values in a language, with the place they are about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_, pieces, render, translate
from perfeval.problems import place_of

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
    sentence `remark`, numbers that JSON does not know (infinite, not a number) as None. Findings
    that have one are told with their `fingerprint`, suppressed ones with the `reason` (text, and
    the file and line where it stands).
    """
    added = [name for name in ("fingerprint", "reason") if name in findings.columns]
    for row in findings.iter_rows(named=True):
        values = _values(row)
        yield {
            "code": row["code"],
            "name": row["name"],
            "severity": row["severity"],
            "file": row["file"] or None,
            "sheet": row["sheet"],
            "line": row["line"],
            "cell": row["cell"],
            "project": row["project"] or None,
            "indicator": row["indicator"] or None,
            "message": render(row["template"], _fields(row, values), lang),
            "values": {name: value for name, value in values.items() if name != "remark"},
            **{name: _ADDED[name](row) for name in added},
        }


def place(found: Mapping[str, Any]) -> str:
    """Where a finding is (a row of the findings, or of `records`): its cell, else its row."""
    return place_of(found["file"], found["line"], found["sheet"], cell=found["cell"])


def message(row: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """The message of a finding in pieces, each with the name of the value that it is, or ""."""
    return pieces(row["template"], _fields(row, _values(row)), lang)


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(row["values"] or "{}", parse_constant=lambda _: None)
    return values


def _fields(row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a message may name: its place too."""
    return {name: row[name] for name in _NAMED} | dict(values)


_ADDED: dict[str, Callable[[dict[str, Any]], Any]] = {
    # Findings that are alike in everything but their place are numbered.
    "fingerprint": lambda row: f"{row['fingerprint']}:{row['occurrence']}",
    "reason": lambda row: {
        "text": row["reason"],
        "file": row["settings_file"],
        "line": row["settings_line"],
    },
}

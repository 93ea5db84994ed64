"""When a finding is the same as one of an earlier run."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import sha256
from typing import Any

import polars as pl

from perfeval.names import normalise_text, with_keys

DIGITS = 16
"""Hexadecimal digits of a fingerprint: by chance, two of a billion findings share one of them."""

# Values that say where something stands, which changes when rows are added above it.
_PLACE = re.compile(r"(^|_)(line|lines|row|file|sheet|cell|first)$")


def with_fingerprints(findings: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """`findings` with fingerprint and occurrence.

    A fingerprint stands for the rule, the project, the indicator and the values that were compared;
    it does not depend on files, lines or the order of rows, nor on severity and language. Where a
    project has two indicators of one name, level 2 tells them apart. `targets` are those that the
    findings' `row` counts. Findings that are alike in all of this are numbered by occurrence, from
    1.
    """
    level2 = _level2(targets)
    rows = findings.select("code", "project", "indicator", "row", "values").iter_rows()
    prints = [
        _fingerprint(code, project, indicator, level2.get(row, ""), values)
        for code, project, indicator, row, values in rows
    ]
    return findings.with_columns(pl.Series("fingerprint", prints, dtype=pl.String)).with_columns(
        occurrence=pl.int_range(1, pl.len() + 1).over("fingerprint")
    )


def _level2(targets: pl.DataFrame) -> dict[int | None, str]:
    """By row: level 2 of the indicators whose name the project has several times."""
    keyed = with_keys(targets.select("row", "project", "indicator", "level2"))
    several = keyed.filter(pl.len().over("project", "name_key") > 1)
    return dict(several.select("row", "level2_key").iter_rows())


def _fingerprint(
    code: str, project: str | None, indicator: str | None, level2: str, values: str
) -> str:
    names = [normalise_text(name or "") for name in (project, indicator)]
    text = json.dumps([code, *names, level2], ensure_ascii=False)
    return sha256(f"{text}{_stable(values)}".encode(errors="replace")).hexdigest()[:DIGITS]


@lru_cache(maxsize=65_536)
def _stable(values: str) -> str:
    """The values without places, in one order; lists too, where rows come in any."""
    known: dict[str, Any] = json.loads(values or "{}")
    kept = {
        name: _sorted(value)
        for name, value in known.items()
        if name != "remark" and not _PLACE.search(name)
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _sorted(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, list) else value

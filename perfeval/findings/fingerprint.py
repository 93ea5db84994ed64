"""When a finding is the same as one of an earlier run."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import sha256
from typing import Any

import polars as pl

from perfeval.names import normalise, with_keys

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
    several = _several(targets)
    named = findings.select("code", "values", "project", "indicator", "row").join(
        several, on="row", how="left", maintain_order="left"
    )
    texts = named.select(
        # What no name holds, so that no two of them run into each other.
        pl.concat_str(
            "code",
            normalise(pl.col("project")).fill_null(""),
            normalise(pl.col("indicator")).fill_null(""),
            pl.col("level2_key").fill_null(""),
            separator="\x1f",
        )
    ).to_series()
    prints = [
        sha256(f"{text}\x1f{_stable(values)}".encode()).hexdigest()[:DIGITS]
        for text, values in zip(texts, named["values"], strict=True)
    ]
    return findings.with_columns(pl.Series("fingerprint", prints, dtype=pl.String)).with_columns(
        occurrence=pl.int_range(1, pl.len() + 1).over("fingerprint")
    )


def _several(targets: pl.DataFrame) -> pl.DataFrame:
    """Row and level2_key of the indicators whose name their project has several times."""
    keyed = with_keys(
        targets.select(pl.col("row").cast(pl.Int64), "project", "indicator", "level2")
    )
    return keyed.filter(pl.len().over("project", "name_key") > 1).select("row", "level2_key")


def _stable(values: str) -> str:
    """The values without places, in one order; lists too, where rows come in any."""
    known: dict[str, Any] = json.loads(values or "{}")
    kept = {
        name: sorted(value, key=str) if isinstance(value, list) else value
        for name, value in known.items()
        if not _is_place(name)
    }
    return _encode(kept)


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@lru_cache(maxsize=1024)
def _is_place(name: str) -> bool:
    return name == "remark" or bool(_PLACE.search(name))

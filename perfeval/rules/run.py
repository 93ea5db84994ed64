"""Running rules: from tables to one frame of findings."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from perfeval.rules.registry import CRASHED, Rule, catalogue
from perfeval.rules.tables import PLACE, Tables

_CHOSEN = ("template", "severity")
FINDINGS = pl.Schema(
    {
        "code": pl.String,
        "name": pl.String,
        "severity": pl.String,
        "file": pl.String,
        "sheet": pl.String,
        "line": pl.Int64,
        "project": pl.String,
        "indicator": pl.String,
        "row": pl.Int64,
        "template": pl.String,
        "values": pl.String,
    }
)


def find(tables: Tables, command: str, rules: Iterable[Rule] | None = None) -> pl.DataFrame:
    """Run those of `rules` (default: all) whose findings `command` tells.

    Columns: those of `FINDINGS`, in the order of codes and of the tables; values is a JSON object.
    A rule that raises becomes a finding itself.
    """
    frames = [pl.DataFrame(schema=FINDINGS)]
    for each in catalogue() if rules is None else rules:
        if each is CRASHED or command not in each.commands:
            continue
        try:
            frames.append(_findings(each, each.find(tables)))
        except Exception as error:
            found = pl.DataFrame(
                {"rule": [each.code], "error": [f"{type(error).__name__}: {error}"]}
            )
            frames.append(_findings(CRASHED, found))
    return pl.concat(frames)


def _findings(each: Rule, found: pl.DataFrame) -> pl.DataFrame:
    if found.is_empty():
        return pl.DataFrame(schema=FINDINGS)
    place = [
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(FINDINGS[name]).alias(name)
        for name in PLACE
    ]
    names = [name for name in found.columns if name not in (*PLACE, *_CHOSEN)]

    def chosen(name: str, usual: str) -> pl.Expr:
        own = [name] if name in found.columns else []
        return pl.coalesce(*own, pl.lit(usual)).alias(name)

    values = pl.struct(names).struct.json_encode() if names else pl.lit("{}")
    return found.select(
        pl.lit(each.code).alias("code"),
        pl.lit(each.name).alias("name"),
        chosen("severity", each.severity),
        *place,
        chosen("template", each.template),
        values.alias("values"),
    )

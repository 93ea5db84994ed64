"""Running rules: from tables to one frame of findings."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import polars as pl
from polars.exceptions import PanicException

from perfeval.messages import N_, is_template
from perfeval.rules.registry import CRASHED, OF_THE_RUN, OWN_CODE, Rule, catalogue
from perfeval.rules.tables import PLACE, Tables
from perfeval.tables import SEVERITIES

_OWN_CRASHED = N_(
    "the own rule {rule} stopped with an error and found nothing: {error}; correct its file"
)
_CHOSEN = ("template", "severity", "about")
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
        "about": pl.String,
        "template": pl.String,
        "values": pl.String,
    }
)


def find(
    tables: Tables, command: str, rules: Iterable[Rule] | None = None, workers: int = 1
) -> pl.DataFrame:
    """Run those of `rules` (default: all) whose findings `command` tells, `workers` at a time.

    Columns: those of `FINDINGS`, in the order of codes and of the tables; values is a JSON object.
    A rule that raises becomes a finding itself.
    """
    chosen = [
        each
        for each in (catalogue() if rules is None else rules)
        if each not in OF_THE_RUN and command in each.commands
    ]
    nothing = pl.DataFrame(schema=FINDINGS)
    if workers == 1:
        return pl.concat([nothing, *(_found(each, tables) for each in chosen)])
    with ThreadPoolExecutor(workers) as pool:
        return pl.concat([nothing, *pool.map(lambda each: _found(each, tables), chosen)])


def _found(each: Rule, tables: Tables) -> pl.DataFrame:
    try:
        found = each.find(tables)
        return as_findings(each, found.collect() if isinstance(found, pl.LazyFrame) else found)
    # A panic inside polars is no `Exception`.
    except (Exception, PanicException) as error:
        found = pl.DataFrame({"rule": [each.code], "error": [f"{type(error).__name__}: {error}"]})
        if OWN_CODE.fullmatch(each.code):
            found = found.with_columns(template=pl.lit(_OWN_CRASHED))
        return as_findings(CRASHED, found)


def completed(rules: Iterable[Rule], command: str, found: pl.DataFrame) -> frozenset[str]:
    """The codes of those of `rules` that `find` ran for `command`, and that did not stop."""
    stopped = found.filter(pl.col("code") == CRASHED.code)["values"]
    return frozenset(each.code for each in rules if command in each.commands) - frozenset(
        stopped.str.json_path_match("$.rule").drop_nulls()
    )


def as_findings(each: Rule, found: pl.DataFrame) -> pl.DataFrame:
    """What a rule found as `FINDINGS`: the places, and all other columns as values."""
    if found.is_empty():
        return pl.DataFrame(schema=FINDINGS)
    _check(found)
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
        chosen("about", each.about),
        chosen("template", each.template),
        values.alias("values"),
    )


def _check(found: pl.DataFrame) -> None:
    """Raise for what no report could tell: a severity that is none, a template that is none."""
    for name in ("severity", "template", "remark"):
        texts = found[name] if name in found.columns else pl.Series([], dtype=pl.String)
        for text in (texts.explode() if texts.dtype == pl.List else texts).unique():
            if text and not (text in SEVERITIES if name == "severity" else is_template(text)):
                raise ValueError(f"{name} {text!r}")

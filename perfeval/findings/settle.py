"""Findings after the settings: with their severities, without what is suppressed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from perfeval import rules
from perfeval.findings.handling import Handling, Meant
from perfeval.names import normalise

_KEYS = ("project", "key")
_REASONS = {
    "number": pl.Int64,
    "reason": pl.String,
    "settings_file": pl.String,
    "settings_line": pl.Int64,
}


@dataclass(frozen=True)
class Settled:
    """Findings after the settings: those that are told, and those that are suppressed.

    Both have the columns of the findings they were made from; `suppressed` also reason, and
    settings_file and settings_line, the place of what suppresses them.
    """

    findings: pl.DataFrame
    suppressed: pl.DataFrame


def settle(found: pl.DataFrame, handling: Handling, judged: Collection[str] = ()) -> Settled:
    """Handle what `rules.find` found.

    A suppression that hides nothing becomes finding P002, if all rules that it names are `judged`
    (codes of rules that ran to their end).
    """
    meant = handling.suppressions
    hits = _hits(found, meant)
    used = set(hits["number"])
    unused = [
        each
        for number, each in enumerate(meant)
        if number not in used and each.codes <= set(judged)
    ]
    found = pl.concat([found, _unused(unused, handling.file).select(found.columns)])
    severity = pl.col("severity")
    if handling.severities:
        severity = pl.col("code").replace_strict(handling.severities, default=severity)
    found = found.with_columns(severity=severity)
    if hits.is_empty():
        nothing = found.clear().with_columns(
            pl.lit(None, dtype).alias(name) for name, dtype in _REASONS.items() if name != "number"
        )
        return Settled(found, nothing)
    placed = found.with_row_index("position")
    first = hits.group_by("position").agg(pl.col("number").min())
    reasons = pl.DataFrame(
        [
            (number, each.said.reason, handling.file, each.said.line)
            for number, each in enumerate(meant)
        ],
        schema=_REASONS,
        orient="row",
    )
    suppressed = placed.join(first, on="position", maintain_order="left").join(
        reasons, on="number", maintain_order="left"
    )
    return Settled(
        placed.join(first, on="position", how="anti", maintain_order="left").drop("position"),
        suppressed.drop("position", "number"),
    )


def _hits(found: pl.DataFrame, meant: Sequence[Meant]) -> pl.DataFrame:
    """Which suppression (`number`) is for which finding (`position`)."""
    if not meant:
        return pl.DataFrame(schema={"position": pl.UInt32, "number": pl.Int64})
    entries = pl.DataFrame(
        [
            {"number": number, "code": code, "project": project, "key": each.key}
            for number, each in enumerate(meant)
            for code in each.codes
            for project in each.projects or (None,)
        ],
        schema={"number": pl.Int64, "code": pl.String, **dict.fromkeys(_KEYS, pl.String)},
    )
    keyed = found.select("code", "project", key=normalise(pl.col("indicator")))
    keyed = keyed.with_row_index("position")
    hits = []
    for kind in entries.select(pl.col(_KEYS).is_not_null()).unique().iter_rows():
        given = [name for name, is_given in zip(_KEYS, kind, strict=True) if is_given]
        own = entries.filter(
            pl.col(name).is_not_null() == is_given
            for name, is_given in zip(_KEYS, kind, strict=True)
        ).select("number", "code", *given)
        hits.append(keyed.join(own, on=["code", *given]).select("position", "number"))
    schema = {"position": keyed.schema["position"], "number": pl.Int64()}
    return pl.concat([pl.DataFrame(schema=schema), *hits])


def _unused(unused: Sequence[Meant], file: str) -> pl.DataFrame:
    """A finding for each of these suppressions, at its place in the settings."""
    names = [
        [name for name in (each.said.rule, each.said.project, each.said.indicator) if name]
        for each in unused
    ]
    frame = pl.DataFrame(
        {"line": [each.said.line for each in unused], "suppressed": names},
        schema={"line": pl.Int64, "suppressed": pl.List(pl.String)},
    )
    return rules.as_findings(rules.UNUSED, frame.with_columns(file=pl.lit(file)))

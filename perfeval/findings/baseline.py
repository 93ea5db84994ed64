"""The findings of an earlier run, so that old stock does not hide what is new.

A baseline is JSON with a line per finding, in the order of rules, projects and indicators, so that
a comparison of two versions shows what was added and what was repaired.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from perfeval.messages import N_
from perfeval.problems import InputError
from perfeval.rules import OF_THE_RUN
from perfeval.sources.files import InputFile, decode, read_bytes, sha256

SCHEMA = 1
KIND = "perfeval-baseline"
SIZE_LIMIT = 500_000_000

_NONE = N_(
    "this is no baseline of perfeval ({detail}); make one with perfeval check --write-baseline FILE"
)
_ENTRY: dict[str, type] = {"fingerprint": str, "code": str, "count": int}


@dataclass(frozen=True)
class Baseline:
    """A baseline: the file, and its findings as fingerprint, code, project and count."""

    input: InputFile
    entries: pl.DataFrame


@dataclass(frozen=True)
class Compared:
    """Findings beside a baseline: those that are new, how many it knows, how many are gone."""

    new: pl.DataFrame
    known: int
    fixed: int


def write_baseline(findings: pl.DataFrame, file: BinaryIO) -> int:
    """Write `findings` (with fingerprints) as a baseline; how many there are.

    Findings about the run itself are left out: they are told every time.
    """
    entries = (
        _stock(findings)
        .group_by("code", "project", "indicator", "fingerprint")
        .agg(count=pl.len())
        .sort("code", "project", "indicator", "fingerprint", nulls_last=False)
    )
    head = json.dumps({"kind": KIND, "schema": SCHEMA})
    file.write(f'{head[:-1]}, "findings": ['.encode())
    before = "\n"
    for code, project, indicator, fingerprint, count in entries.iter_rows():
        entry = {"fingerprint": fingerprint, "code": code, "project": project}
        entry |= {"indicator": indicator, "count": count}
        entry = {name: value for name, value in entry.items() if value is not None}
        text = json.dumps(entry, ensure_ascii=False)
        file.write(f"{before}{text}".encode(errors="backslashreplace"))
        before = ",\n"
    file.write(b"\n]}\n")
    return int(entries["count"].sum())


def read_baseline(path: str | Path) -> Baseline:
    """The baseline at `path`; raises `InputError` for what is none."""
    name = str(path)
    data = read_bytes(path, SIZE_LIMIT)
    text, encoding = decode(data, name)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        detail = f"JSON: {error.msg}"
        raise InputError.of(_NONE, file=name, line=error.lineno, detail=detail) from None
    except (RecursionError, ValueError) as error:
        raise InputError.of(_NONE, file=name, detail=f"JSON: {error}") from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise InputError.of(_NONE, file=name, detail=f'"kind": "{KIND}"')
    schema = content.get("schema")
    if schema != SCHEMA:
        template = N_(
            "the baseline is of schema {found}, but this perfeval knows schema {known} only; write"
            " it again, or use a newer perfeval"
        )
        raise InputError.of(template, file=name, found=schema, known=SCHEMA)
    findings = content.get("findings")
    if not isinstance(findings, list):
        raise InputError.of(_NONE, file=name, detail='"findings": […]')
    for number, entry in enumerate(findings, 1):
        if not _is_entry(entry):
            raise InputError.of(_NONE, file=name, detail=f'"findings", {number}')
    columns = {
        "fingerprint": [entry["fingerprint"] for entry in findings],
        "code": [entry["code"] for entry in findings],
        "project": [entry.get("project") for entry in findings],
        "count": [entry["count"] for entry in findings],
    }
    entries = pl.DataFrame(
        columns,
        schema={
            "fingerprint": pl.String,
            "code": pl.String,
            "project": pl.String,
            "count": pl.Int64,
        },
    )
    return Baseline(InputFile(name, sha256(data), len(entries), encoding), entries)


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and all(type(entry.get(name)) is kind for name, kind in _ENTRY.items())
        and isinstance(entry.get("project"), str | None)
        and 0 < entry["count"] < 2**31
    )


def compare(
    findings: pl.DataFrame,
    suppressed: pl.DataFrame,
    baseline: Baseline,
    ran: Collection[str],
    projects: Collection[str] | None,
) -> Compared:
    """Tell the findings that `baseline` does not know.

    Of findings that are alike, as many are known as the baseline counts. What it knows and is
    neither found nor suppressed any more is fixed, as far as that can be told: of rules that `ran`
    (codes), and of `projects` where not all of them were looked at.
    """
    known = baseline.entries.group_by("fingerprint").agg(pl.col("count").sum())
    placed = findings.join(known, on="fingerprint", how="left", maintain_order="left")
    of_the_run = pl.col("code").is_in([rule.code for rule in OF_THE_RUN])
    is_known = ~of_the_run & (pl.col("occurrence") <= pl.col("count").fill_null(0))
    looked_at = pl.col("code").is_in(list(ran))
    if projects is not None:
        looked_at &= pl.col("project").is_in(list(projects))
    present = pl.concat([each.select("fingerprint") for each in (findings, suppressed)])
    present = present.group_by("fingerprint").agg(present=pl.len().cast(pl.Int64))
    left = (
        baseline.entries.filter(looked_at)
        .group_by("fingerprint")
        .agg(pl.col("count").sum())
        .join(present, on="fingerprint", how="left")
        .select((pl.col("count") - pl.col("present").fill_null(0)).clip(lower_bound=0).sum())
        .item()
    )
    new = placed.filter(~is_known).drop("count")
    return Compared(new, len(findings) - len(new), int(left))


def _stock(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.filter(~pl.col("code").is_in([rule.code for rule in OF_THE_RUN]))

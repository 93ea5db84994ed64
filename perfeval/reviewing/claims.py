"""Self-evaluations as tables: what was asked, what was achieved, and which points were claimed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.problems import Collector, InputError
from perfeval.sources.files import InputFile
from perfeval.sources.headings import Table
from perfeval.sources.table import Sheet, read_table

_INDICATOR = (
    "project", "level1", "level2", "indicator", "operator", "target", "target_adjusted", "unit",
    "weight", "actual", "score", "reason", "deduction", "applicable",
)  # fmt: skip
_PROJECT = (
    "project_name", "department", "year", "budget_initial", "budget", "spent", "execution_weight",
    "execution_rate", "execution_score", "total", "grade", "partial",
)  # fmt: skip
CLAIMS = Table(
    columns=(*_INDICATOR, *_PROJECT, "coefficient"), required=("project", "indicator", "actual")
)
"""A self-evaluation: one row per indicator, what concerns the project in any of its rows."""

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".pq")
"""The files that are taken from a folder."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The rows of self-evaluations, everything as written.

    `rows`: one per indicator, with the columns of `CLAIMS` (text, "" where blank), file, line and
    `printed_project`; `project` is unique to a project of one file. `malformed` as in `Sheet`.
    `given`: the columns that any file has.
    """

    rows: pl.DataFrame
    malformed: pl.DataFrame
    inputs: tuple[InputFile, ...]
    given: frozenset[str]


def read_claims(paths: Iterable[str | Path]) -> Claims:
    """The self-evaluations in files and in the files of folders (with their subfolders).

    Raises `InputError` with the problems of all files that cannot be read.
    """
    problems = Collector()
    sheets: list[Sheet] = []
    for path in _files(paths, problems):
        with problems:
            sheets.append(read_table(path, CLAIMS))
    problems.raise_any()
    rows = pl.concat([sheet.frame for sheet in sheets])
    return Claims(
        rows=_one_project_a_file(rows),
        malformed=pl.concat([sheet.malformed for sheet in sheets]),
        inputs=tuple(sheet.input for sheet in sheets),
        given=frozenset(name for name in CLAIMS.columns if (rows[name] != "").any()),
    )


def _files(paths: Iterable[str | Path], problems: Collector) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            files.append(path)
            continue
        found = sorted(
            Path(folder, name)
            for folder, _, names in os.walk(path)
            for name in names
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".")
        )
        if not found:
            with problems:
                raise InputError.of(
                    N_("the folder holds no self-evaluations; looked for files named {known}"),
                    file=str(path),
                    known=[f"*{suffix}" for suffix in SUFFIXES],
                )
        files += found
    return list(dict.fromkeys(files))


def _one_project_a_file(rows: pl.DataFrame) -> pl.DataFrame:
    """A code that several files use stands for a project of each: the later ones get a number."""
    keys = rows.select("project", "file").unique(maintain_order=True)
    keys = keys.with_columns(turn=pl.int_range(1, pl.len() + 1).over("project")).with_columns(
        key=pl.when(pl.col("turn") > 1)
        .then(pl.format("{}#{}", "project", "turn"))
        .otherwise("project")
    )
    return (
        rows.join(keys, on=["project", "file"], how="left", maintain_order="left")
        .rename({"project": "printed_project", "key": "project"})
        .drop("turn")
    )


def projects(claims: Claims) -> pl.DataFrame:
    """One row per project: what its rows say of it (the first that is not blank), and its place.

    The columns of `tables.PROJECTS` come first, then the project's columns of `CLAIMS` as written.
    """
    said = (
        claims.rows.with_columns(pl.col(_PROJECT).replace("", None))
        .group_by("project", maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first().fill_null("") for name in _PROJECT),
            *(pl.col(name).first() for name in ("printed_project", *tables.PLACE)),
        )
    )
    absent = [
        pl.lit(None, dtype=column.dtype.type).alias(name)
        for name, column in tables.PROJECTS.columns.items()
        if name not in said.columns and name != "name"
    ]
    return said.with_columns(
        name=pl.when(pl.col("project_name") != "")
        .then("project_name")
        .otherwise("printed_project"),
        year=pl.col("year").str.extract(r"([0-9]{4})").cast(pl.Int64, strict=False),
    ).with_columns(absent)

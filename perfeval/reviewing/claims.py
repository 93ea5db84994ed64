"""Self-evaluations as tables: what was asked, what was achieved, and which points were claimed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.problems import Collector, InputError, Problem
from perfeval.reviewing.wholes import said_by_sums, with_keys
from perfeval.sources import grids
from perfeval.sources.evaluation import read_self_evaluation
from perfeval.sources.files import InputFile
from perfeval.sources.layouts import PLAIN
from perfeval.sources.layouts.claimed import SAID, SUMS, Claimed, of_contents, of_sheet
from perfeval.sources.places import Region
from perfeval.sources.table import CLAIMS, OF_PROJECTS, Sheet

SUFFIXES = frozenset((".parquet", ".pq")) | grids.SUFFIXES
"""How the names of files end that are taken from a folder."""

_MOST_PASSED_OVER = 5
_NO_PROJECT = N_("the row names no project (项目编码); it is not reviewed: fill it in")
_NO_INDICATOR = N_("the row names no indicator (三级指标); it is not reviewed: fill it in")
_NO_EVALUATION = N_(
    "no self-evaluation of the batch is of the project {project}; the row is not reviewed"
)
_NO_SUMS = [pl.lit("").alias(name) for name in SUMS]
_BLANK_ROW = ("target", "target_adjusted", "weight", "actual", "score")


@dataclass(frozen=True, slots=True)
class Claims:
    """The rows of self-evaluations, everything as written.

    `rows`: one per indicator, with the columns of `CLAIMS` (text, "" where blank), file, sheet,
    line and `printed_project`; `project` is unique to a project of one file (or form).
    `said`: what is said of whole projects apart from the rows, as `SAID` (without `part`).
    `unnamed`: file, sheet, line, project, indicator and template: rows that are not reviewed, and
    why. `malformed` as in `Sheet`. `wholes`: how many rows are sums or about a project as a whole.
    `given`: the columns that any file has. `layouts`: how many tables of each layout were read.
    `unread`: how many files of folders could not be read.
    `notes` say what was recognised, `problems` what is doubtful or was left out;
    `regions` where values stand in files of cells.
    """

    rows: pl.DataFrame
    said: pl.DataFrame
    unnamed: pl.DataFrame
    malformed: pl.DataFrame
    wholes: int
    inputs: tuple[InputFile, ...]
    given: frozenset[str]
    layouts: dict[str, int]
    notes: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    regions: tuple[Region, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class _File:
    claimed: Claimed
    input: InputFile
    layouts: tuple[str, ...]
    notes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    regions: tuple[Region, ...] = ()


def read_claims(paths: Iterable[str | Path]) -> Claims:
    """The self-evaluations in files and in the files of folders (with their subfolders).

    A file of a folder that cannot be read is told and left out, as long as others can be.

    Raises `InputError` with the problems of all files that are named and cannot be read.
    """
    problems = Collector()
    files: list[_File] = []
    names, found, notes = _files(paths, problems)
    for path in names:
        with problems:
            files.append(_read(path))
    unread = Collector()
    left: list[str] = []
    for path in found:
        told = len(unread.found)
        with unread:
            files.append(_read(path))
        if len(unread.found) > told:
            left.append(str(path))
    if not files:
        problems.found += unread.found
    problems.raise_any()
    if left:
        template = N_("{count} files of the folders cannot be read and are not reviewed: {files}")
        shown = Problem(template, {"count": len(left), "files": _some(left)})
        unread.found.insert(0, shown)
    rows, said, sums, malformed = (
        pl.concat([getattr(each.claimed, name) for each in files])
        for name in ("rows", "said", "sums", "malformed")
    )
    rows = rows.with_columns(
        project=pl.when(pl.col("project") == "").then("project_name").otherwise("project")
    )
    # What names a project and no indicator, and asks and claims nothing, is about the project.
    whole = pl.all_horizontal(pl.col(name) == "" for name in ("indicator", *_BLANK_ROW)) & (
        pl.col("project") != ""
    )
    nameless = ((pl.col("project") == "") | (pl.col("indicator") == "")) & ~whole
    heads = rows.filter(whole).with_columns(_NO_SUMS).select(*SAID)
    unnamed = rows.filter(nameless)
    if len(heads) or len(unnamed):
        rows = rows.filter(~whole & ~nameless)
    listed = int((said["part"] == "").sum())
    rows, said, orphans = with_keys(
        rows, pl.concat([said, heads, said_by_sums(sums, rows)]).filter(pl.col("project") != "")
    )
    unnamed = _told(unnamed, orphans)
    if rows.is_empty():
        raise InputError(_nothing(files[0].input.path, unnamed))
    return Claims(
        rows=rows,
        said=said,
        unnamed=unnamed,
        malformed=malformed,
        wholes=len(heads) + len(sums) + listed - len(orphans),
        inputs=tuple(each.input for each in files),
        given=frozenset(name for name in CLAIMS.columns if (rows[name] != "").any()),
        layouts=dict(Counter(name for each in files for name in each.layouts)),
        notes=(*notes, *(note for each in files for note in each.notes)),
        problems=(*unread.found, *(problem for each in files for problem in each.problems)),
        regions=tuple(region for each in files for region in each.regions),
        unread=len(left),
    )


def _told(unnamed: pl.DataFrame, orphans: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not reviewed, with the reason."""
    place = ("project", "indicator", *tables.PLACE)
    reason = pl.when(pl.col("project") == "").then(pl.lit(_NO_PROJECT))
    return pl.concat(
        [
            unnamed.select(*place, template=reason.otherwise(pl.lit(_NO_INDICATOR))),
            orphans.with_columns(indicator=pl.lit("")).select(
                *place, template=pl.lit(_NO_EVALUATION)
            ),
        ]
    )


def _nothing(file: str, unnamed: pl.DataFrame) -> list[Problem]:
    """Why no row can be reviewed."""
    template = N_("the files hold no row that says what was achieved for an indicator")
    return [
        Problem(row["template"], row, row["file"], row["line"], row["sheet"])
        for row in unnamed.iter_rows(named=True)
    ] or [Problem(template, {}, file)]


def _read(path: Path) -> _File:
    read = read_self_evaluation(path)
    if isinstance(read, Sheet):
        return _File(of_sheet(read), read.input, (PLAIN,), problems=read.problems)
    claimed = of_contents(read)
    count = sum(map(len, (claimed.rows, claimed.sums)))
    origin = InputFile(read.input.path, read.input.sha256, count, read.input.encoding)
    return _File(claimed, origin, read.layouts, read.notes, read.problems, read.regions)


def _some(names: list[str]) -> list[str]:
    """The first of `names`, as many as a message can hold."""
    return [*names[:_MOST_PASSED_OVER], *(["…"] if len(names) > _MOST_PASSED_OVER else [])]


def _files(
    paths: Iterable[str | Path], problems: Collector
) -> tuple[list[Path], list[Path], list[Problem]]:
    """The files that are named, those found in folders, and what is to be said of all others."""
    named: list[Path] = []
    files: list[Path] = []
    notes: list[Problem] = []
    for path in map(Path, paths):
        if not path.is_dir():
            named.append(path)
            continue
        inside = sorted(
            Path(folder, name)
            for folder, _, names in os.walk(path)
            for name in names
            if not name.startswith((".", "~$"))
        )
        found = [each for each in inside if each.suffix.lower() in SUFFIXES]
        other = [
            str(each.relative_to(path)) for each in inside if each.suffix.lower() not in SUFFIXES
        ]
        if not found:
            with problems:
                raise InputError.of(
                    N_("the folder holds no self-evaluations; looked for files named {known}"),
                    file=str(path),
                    known=[f"*{suffix}" for suffix in sorted(SUFFIXES)],
                )
        if other:
            template = N_("{count} files of other kinds are passed over: {files}")
            notes.append(Problem(template, {"count": len(other), "files": _some(other)}, str(path)))
        files += found
    named = list(dict.fromkeys(named))
    return named, [each for each in dict.fromkeys(files) if each not in named], notes


def projects(claims: Claims) -> pl.DataFrame:
    """One row per project: what its rows say of it (the first that is not blank), and its place.

    The columns of `tables.PROJECTS` come first, then the project's columns of `CLAIMS` as written,
    `SUMS`, and where the execution and the total stand (execution_file, execution_sheet,
    execution_line, total_file and so on; the line is null where there is none).
    """
    names = (*OF_PROJECTS, *SUMS)
    rows = claims.rows.with_columns(_NO_SUMS)
    # What stands apart from the rows was written for the project; it comes after them for places.
    said = pl.concat([rows.select("project", *names, *tables.PLACE), claims.said])
    execution = pl.any_horizontal(
        pl.col("budget", "spent", "execution_rate", "execution_score") != ""
    )
    total = pl.any_horizontal(pl.col("total", "grade") != "")
    first = rows.group_by("project", maintain_order=True).agg(
        pl.col("printed_project", *tables.PLACE).first()
    )
    told = said.group_by("project", maintain_order=True).agg(
        *(pl.col(name).filter(pl.col(name) != "").first().fill_null("") for name in names),
        *(
            pl.col(name).filter(stands).first().alias(f"{of}_{name}")
            for of, stands in (("execution", execution), ("total", total))
            for name in tables.PLACE
        ),
    )
    said = first.join(told, on="project", how="left", maintain_order="left")
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

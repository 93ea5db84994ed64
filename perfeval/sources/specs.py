"""Specs: what the projects of a department are to achieve, from TOML files or from a table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.names import are_distinct, normalise_column
from perfeval.os_errors import why
from perfeval.problems import Collector, InputError, Problem
from perfeval.sources.budget_csv import read_budget
from perfeval.sources.evaluation import Evaluation, read_targets
from perfeval.sources.files import InputFile
from perfeval.sources.headings import label
from perfeval.sources.layouts import lacking
from perfeval.sources.layouts.frames import Targets
from perfeval.sources.layouts.frames import targets as targets_of
from perfeval.sources.layouts.lists import SPEC_ROWS
from perfeval.sources.places import Cells, Region
from perfeval.sources.settings import SETTINGS, Settings
from perfeval.sources.specs_table import SpecTable
from perfeval.sources.specs_toml import TomlSpecs
from perfeval.sources.write_budget import BUDGET_FILE
from perfeval.tables import Misfit

NO_TARGETS = N_(
    "the file holds tables, but no target side (指标值 with 权重 or 分值); give the target tables"
    " themselves"
)
_PLACE = (*tables.PLACE, "number", "first")


@dataclass(frozen=True, slots=True)
class Specs:
    """The specs of one or many projects.

    `projects` and `indicators` fit `tables.PROJECTS` and `tables.INDICATORS` (budgets in 万元,
    weights in points, null where a table states none), `budget` fits `tables.BUDGET`: the amounts
    of the departments' budget tables, without any row where there are none. `policy` is what the
    perfeval.toml that lies with them asks for: a name, or a path relative to that file; None where
    there is none. `inputs` are all files that were read, in the order of reading. `settings` is
    what else that perfeval.toml holds. `whole` tells whether these are all specs that it is about:
    a folder's, and not one file's of several. `notes` say what layouts were recognised and what is
    doubtful in them, `regions` where those tables stand.
    """

    projects: pl.DataFrame
    indicators: pl.DataFrame
    policy: str | None
    inputs: tuple[InputFile, ...]
    folder: Path = Path()
    budget: pl.DataFrame = field(default_factory=lambda: tables.empty(tables.BUDGET))
    settings: Settings = field(default_factory=Settings)
    whole: bool = True
    notes: tuple[Problem, ...] = ()
    regions: tuple[Region, ...] = ()


def load_specs(path: str | Path) -> Specs:
    """The specs at `path`: a folder of TOML files, one TOML file, or a table, list or workbook.

    A folder is read with its subfolders, in the order of the names; hidden ones and links to
    folders are left out. perfeval.toml in the folder, or beside the file, is its settings;
    budget.csv in the folder holds the amounts of the departments' budget tables. Raises
    `InputError` with all problems of all files: what a file cannot hold, the same code in two
    files, values beyond their domain.
    """
    path = Path(path)
    if path.is_dir():
        return _from_toml(path, _toml_files(path), path / BUDGET_FILE)
    if path.suffix.lower() == ".toml":
        return _from_toml(path.parent, [path], whole=False)
    return _from_table(path)


def require_weights(specs: Specs) -> None:
    """Raise `InputError` for every weight that nothing can be scored by: missing, or below zero."""
    refuse_unweighted(specs.indicators, specs.regions)


def refuse_unweighted(indicators: pl.DataFrame, regions: Iterable[Region] = ()) -> None:
    """The same for a table of indicators."""
    weights = indicators.select(*tables.SCORABLE.columns)
    problems = list(_labelled(tables.misfits(weights, tables.SCORABLE), regions))
    if problems:
        raise InputError(problems)


def _toml_files(folder: Path) -> list[Path]:
    unreadable: list[Problem] = []

    def note(error: OSError) -> None:
        unreadable.append(
            Problem(
                N_("the folder cannot be read: {detail}"),
                {"detail": why(error)},
                str(error.filename),
            )
        )

    files: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(root, name) for name in names if name.lower().endswith(".toml")]
    files = [file for file in files if file != folder / SETTINGS and file.name[0] != "."]
    if unreadable:
        raise InputError(unreadable)
    if not files:
        raise InputError.of(
            N_(
                "the folder holds no specs (.toml); write one TOML file per project, or make them"
                " from a published document: perfeval import FILE -o {folder}"
            ),
            file=str(folder),
            folder=str(folder),
        )
    return sorted(files, key=lambda file: file.relative_to(folder).parts)


def _from_toml(
    folder: Path, files: list[Path], budget_path: Path | None = None, *, whole: bool = True
) -> Specs:
    read = TomlSpecs()
    read.read_settings(folder / SETTINGS)
    for file in files:
        read.read(file)
    projects, indicators = read.frames()
    problems = [
        *read.problems,
        *read.placed(_repeated_projects(projects), indicators=False),
        *read.placed(tables.misfits(projects, tables.PROJECTS), indicators=False),
        *read.placed(tables.misfits(indicators, tables.INDICATORS), indicators=True),
    ]
    inputs, budget = list(read.inputs), tables.empty(tables.BUDGET)
    notes: tuple[Problem, ...] = ()
    if budget_path and budget_path.exists():
        found = Collector()
        with found:
            amounts = read_budget(budget_path)
            budget, notes = amounts.frame, amounts.unread
            inputs.append(amounts.input)
            problems += [*amounts.problems, *_labelled(tables.misfits(budget, tables.BUDGET))]
        problems += found.found
    if problems:
        raise InputError(_in_order(problems, [*read.order, str(budget_path)]))
    return Specs(
        projects,
        indicators,
        read.settings.policy,
        tuple(inputs),
        folder,
        budget,
        settings=read.settings,
        whole=whole,
        notes=notes,
    )


def _from_table(path: Path) -> Specs:
    read = read_targets(path)
    if isinstance(read, SpecTable):
        targets = Targets(read.projects, read.indicators, read.problems)
        return replace(_checked(targets, path, (read.input,)), notes=read.unread)
    found = targets_of(read)
    if found is None:
        raise InputError([Problem(NO_TARGETS, {}, str(path)), *lacking(read, SPEC_ROWS)])
    source = replace(read.input, rows=found.indicators.height)
    specs = _checked(found, path, (source,))
    return replace(specs, notes=(*read.notes, *read.problems), regions=read.regions)


def own_specs(evaluation: Evaluation) -> Specs | None:
    """The target side of a self-evaluation itself; None where it has none.

    Raises `InputError` for what keeps it from being used.
    """
    targets = evaluation.targets()
    if targets is None:
        return None
    return replace(_checked(targets, Path(evaluation.input.path), ()), regions=evaluation.regions)


def specs_beside(path: Path) -> Specs:
    """Specs without any table: what the perfeval.toml beside the file `path` says of its tables.

    Raises `InputError` for what is wrong with it.
    """
    settings = TomlSpecs()
    settings.read_settings(path.parent / SETTINGS)
    if settings.problems:
        raise InputError(settings.problems)
    return Specs(
        tables.empty(tables.PROJECTS),
        tables.empty(tables.INDICATORS),
        settings.settings.policy,
        tuple(settings.inputs),
        path.parent,
        settings=settings.settings,
        whole=False,
    )


def refuse_unsound(targets: Targets) -> None:
    """Raise `InputError` for everything that keeps projects and indicators from being used."""
    problems = [
        *targets.errors,
        *(misfit.problem for misfit in _repeated_projects(targets.projects)),
        *_labelled(tables.misfits(targets.projects, tables.PROJECTS), targets.regions),
        *_labelled(tables.misfits(targets.indicators, tables.INDICATORS), targets.regions),
    ]
    if problems:
        raise InputError(problems)


def _checked(targets: Targets, path: Path, inputs: tuple[InputFile, ...]) -> Specs:
    """The target side of the file at `path`, with the settings that lie beside it."""
    problems = Collector()
    beside = None
    with problems:
        beside = specs_beside(path)
    with problems:
        refuse_unsound(targets)
    if problems.found or beside is None:
        raise InputError(_in_order(problems.found, [str(path.parent / SETTINGS), str(path)]))
    return replace(
        beside,
        projects=targets.projects,
        indicators=targets.indicators,
        inputs=(*beside.inputs, *inputs),
    )


def _labelled(misfits: list[Misfit], regions: Iterable[Region] = ()) -> Iterator[Problem]:
    """Problems that name a column as the table's headings do, and its cell where it has one."""
    cells = Cells(regions)
    for misfit in misfits:
        problem = misfit.problem
        if misfit.column is None:
            yield problem
        else:
            column = label("project_name" if misfit.column == "name" else misfit.column)
            values = {**problem.values, "column": column}
            yield cells.placed(replace(problem, values=values), misfit.column)


def _in_order(problems: list[Problem], files: list[str]) -> list[Problem]:
    """As a reader goes through the files: file by file, line by line."""
    order = {file: number for number, file in enumerate(files)}
    return sorted(problems, key=lambda one: (order.get(one.file or "", -1), one.line or 0))


def _repeated_projects(projects: pl.DataFrame) -> list[Misfit]:
    key = normalise_column(projects["project"])
    if are_distinct(key):
        return []
    keyed = projects.with_row_index("number").with_columns(key=key)
    later = _later(keyed.filter(pl.col("key") != ""), ["key"])
    template = N_(
        "the project code {project} is already that of {first}; give each project a code of its"
        " own, or remove one of the files"
    )
    return [
        Misfit(
            Problem(template, row, row["file"], row["line"], row["sheet"]),
            "project",
            row["number"],
        )
        for row in later.select(*_PLACE, "project").iter_rows(named=True)
    ]


def _later(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The rows whose keys have stood before: number is the row's, first the place of the first."""
    numbered = frame.with_columns(
        lead=pl.col("number").first().over(keys),
        first=pl.when(pl.col("sheet").is_null())
        .then(pl.format("{}:{}", "file", "line"))
        .otherwise(pl.format("{}:{}!{}", "file", "sheet", "line"))
        .first()
        .over(keys),
    )
    return numbered.filter(pl.col("number") != pl.col("lead"))

"""Scoring tables of any size on one machine: part by part, within a bound of memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from perfeval.engines.ahead import ahead
from perfeval.engines.merge import Merged
from perfeval.engines.part import Beyond, Job, empty_rows, score_rows, targets_of
from perfeval.engines.plan import Plan, Table, keys
from perfeval.engines.sides import Side, put_aside
from perfeval.engines.supervisor import address_space
from perfeval.findings.handling import handling
from perfeval.machine import WORKERS
from perfeval.names import normalise, normalise_text
from perfeval.policy import Policy
from perfeval.problems import Collector, InputError, Problem, once
from perfeval.scoring.batch import Outcome
from perfeval.scoring.receipt import choose_policy, receipt
from perfeval.sources import headings
from perfeval.sources.csv_rows import CsvRows
from perfeval.sources.slices import ParquetRows, Rows, files_of, is_parquet
from perfeval.sources.specs import Specs, specs_beside
from perfeval.sources.specs_table import SPECS
from perfeval.sources.spill import Spills
from perfeval.sources.table import ACTUALS, EMPTY, EXECUTION

Progress = Callable[[str, int, int], None]

_Todo = tuple[
    int, Callable[[pl.DataFrame, list[pl.DataFrame]], Outcome], pl.DataFrame, list[pl.DataFrame]
]
"""A part: how many rows of the files are read with it, what is done with it, and its rows."""

MOST_NAMES = 10_000
"""Projects up to which a name is suggested for an unknown one; rule A101 compares with no more."""

MOST_PROBLEMS = 1_000
"""Problems of specs after which no others are looked for."""


@dataclass(frozen=True)
class Inputs:
    """Plain tables, each a file or a folder of them, and how many rows make up a part."""

    actuals: Path
    specs: Path
    execution: Path | None
    rows: int

    @classmethod
    def of(
        cls, actuals: str | Path, specs: str | Path, execution: str | Path | None, memory: int
    ) -> Inputs | None:
        """The tables at these paths, to be scored within `memory` bytes; None for other kinds."""
        paths = [Path(actuals), Path(specs), *([Path(execution)] if execution else [])]
        if not all(files_of(path) for path in paths):
            return None
        limit = address_space()
        # Addresses are taken for much that never becomes memory.
        allowed = memory if limit is None else min(memory, limit - (3 << 29))
        return cls(paths[0], paths[1], paths[2] if execution else None, rows_within(allowed))

    @property
    def files(self) -> list[Path]:
        """All files."""
        paths = [self.actuals, self.specs, *([self.execution] if self.execution else [])]
        return [file for path in paths for file in files_of(path)]

    @property
    def is_large(self) -> bool:
        """Whether they have more rows than a part, or are no single files."""
        if self.actuals.is_dir() or self.specs.is_dir():
            return True
        return sum(map(_about, self.files)) > 2 * self.rows


_BASE = 400 << 20
_PER_ROW = 5_500
_WIDTH = 200
"""Measured: bytes that a run takes however small its parts are, those that each row of a part adds
where its cells take `_WIDTH` bytes, and about how many these are in ordinary tables."""

_MOST_ROWS = 200_000
"""Rows of a part, beyond which parts gain nothing by being larger."""

_BYTES_OF_CSV = 60


def rows_within(memory: int) -> int:
    """How many rows of specs are scored together within so many bytes."""
    per_row = _PER_ROW * max(1.0, WORKERS / 2)
    return max(1_000, min(_MOST_ROWS, int((memory - _BASE) // per_row)))


def _width(table: Table) -> float:
    """About how many bytes the cells of a row take."""
    sample = pl.concat(file.look_at(1_000) for file in table.files[:10])
    return sample.estimated_size() / max(1, len(sample))


def _about(file: Path) -> int:
    """About how many rows there are in a file; 0 where that can't be told."""
    try:
        if is_parquet(file):
            return int(pl.scan_parquet(file, glob=False).select(pl.len()).collect().item())
        return file.stat().st_size // _BYTES_OF_CSV
    except (InputError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return 0


class LocalRun:
    """Tables of specs, actuals and execution, scored in parts.

    Raises `InputError` with every problem of every input that cannot be read. `spills` is where
    rows are put aside that are not in the order of the specs. merged and receipt hold everything
    when `outcomes` is exhausted.
    """

    def __init__(
        self, inputs: Inputs, policy: str | None, spills: Spills, report: Progress
    ) -> None:
        self._report = report
        self._spills = spills
        self._done = 0
        report("specs", 0, 0)
        problems = Collector()
        opened: dict[str, Table] = {}
        beside = None
        for name, path, table in (
            ("specs", inputs.specs, SPECS),
            ("actuals", inputs.actuals, ACTUALS),
            ("execution", inputs.execution, EXECUTION),
        ):
            with problems:
                if path is not None:
                    opened[name] = _open(path, table, spills)
        with problems:
            beside = specs_beside(files_of(inputs.specs)[0])
        with problems:
            self._chosen = choose_policy(policy, beside)
        problems.raise_any()
        assert beside is not None
        self._beside = beside
        self._specs, actual_rows = opened["specs"], opened["actuals"]
        self._tables = list(opened.values())
        self._job = Job(self._chosen.policy, handling(self._named(beside)))
        width = _width(self._specs) + _width(actual_rows) * len(actual_rows) / len(self._specs)
        self._plan = Plan.of(self._specs, max(1, int(inputs.rows / max(1.0, width / _WIDTH))))
        files = [file.name for table in self._tables[1:] for file in table.files]
        self.merged = Merged(files)
        self.receipt: dict[str, Any] = {}
        self._of = sum(map(len, self._tables))

    @property
    def notes(self) -> list[Problem]:
        """What is doubtful in the files; of the files of one table once what is the same."""
        return [each for table in self._tables for each in once(table.problems, anywhere=True)]

    @property
    def policy(self) -> Policy:
        """The policy that scores."""
        return self._chosen.policy

    def _told(self) -> dict[str, Any]:
        """The receipt; `InputError` where an input changed meanwhile, or holds nothing."""
        inputs = list(self._beside.inputs)
        for table in self._tables:
            told = []
            for file in table.files:
                file.unchanged()
                told.append(file.told)
            if not any(file.rows for file in told):
                raise InputError.of(EMPTY, file=told[0].path)
            inputs += told
        return receipt(self._chosen, inputs, self.merged.counts)

    def outcomes(self) -> Iterator[Outcome]:
        """The outcome of each part, in the order of the specs, then of rows without a project."""
        self._step(0)
        sides = [Side(table, self._plan, self._spills, self._step) for table in self._tables[1:]]
        all_projects = self._adopt(sides)
        problems = Collector()

        def parts() -> Iterator[_Todo]:
            for part, specs in enumerate(self._specs_by_part()):
                rows = [side.rows(part) for side in sides]
                read = len(specs) + sum(side.read_at(part) for side in sides)
                # Once something is wrong, the others are only looked at.
                yield read, self._look_at if problems.found else self._score, specs, rows

        for read, result in ahead(_attempt, parts()):
            with problems:
                if isinstance(result, InputError):
                    raise result
            self._step(read)
            if isinstance(result, Outcome) and not problems.found:
                yield self._added(result)
            if len(problems.found) > MOST_PROBLEMS:
                break
        problems.raise_any()
        yield from map(self._added, self._beyond(sides, all_projects))
        self.receipt = self._told()

    def _added(self, outcome: Outcome) -> Outcome:
        self.merged.add(outcome)
        return outcome

    def _look_at(self, specs: pl.DataFrame, rows: list[pl.DataFrame]) -> Outcome:
        targets_of(specs)
        return self._score(specs.clear(), [each.clear() for each in rows])

    def _score(
        self, specs: pl.DataFrame, rows: list[pl.DataFrame], beyond: Beyond | None = None
    ) -> Outcome:
        execution = rows[1] if len(rows) > 1 else None
        return score_rows(specs, rows[0], execution, self._job, beyond)

    def _specs_by_part(self) -> Iterator[pl.DataFrame]:
        """The rows of the specs, part by part."""
        plan = self._plan
        malformed = _malformed(self._specs)
        if len(malformed):
            targets_of(empty_rows(SPECS.columns), malformed)
        if plan.cuts is not None:
            for start, stop in pairwise(plan.cuts):
                yield self._specs.read(start, stop)
            return
        spill = self._spills.new()
        put_aside(spill, self._specs, plan)
        for part in range(plan.parts):
            rows = spill.together(part)
            assert rows is not None
            yield rows

    def _adopt(self, sides: list[Side]) -> pl.DataFrame:
        """Find homes for rows that call their project by its name; the projects to suggest.

        A name stands for a project where only that project has it and no code is like it.
        """
        asked = [
            frame.select(name=normalise(pl.col("project"))).unique()
            for side in sides
            for frame in side.homeless()
        ]
        known = pl.DataFrame(schema={"project": pl.String, "name": pl.String})
        if not asked:
            return known
        wanted = pl.concat(asked).unique()
        few = len(self._plan.projects) <= MOST_NAMES
        found, suggested = [], [known]
        for start, stop in self._specs.slices():
            heads = self._specs.look(start, stop, ("project", "project_name")).unique(
                maintain_order=True
            )
            heads = heads.rename({"project_name": "name"}).filter(pl.col("name") != "")
            keyed = heads.with_columns(key=normalise(pl.col("name")))
            found.append(keyed.join(wanted, left_on="key", right_on="name", how="semi"))
            if few:
                suggested.append(heads)
        homes = (
            pl.concat(found)
            .with_columns(code=normalise(pl.col("project")))
            .unique(["key", "code"])
            .unique("key", keep="none")
        )
        homes = homes.select(name="key", part=self._plan.part_of(keys(homes["project"])))
        for side in sides:
            side.adopt(homes)
        return pl.concat(suggested).unique("project", keep="first", maintain_order=True)

    def _beyond(self, sides: list[Side], all_projects: pl.DataFrame) -> Iterator[Outcome]:
        """What becomes of rows whose project is unknown, and of malformed ones."""
        malformed = [_malformed(table) for table in self._tables[1:]]
        nothing = [empty_rows(table.columns) for table in (ACTUALS, EXECUTION)[: len(sides)]]
        lost = malformed[0].clear()
        for number, side in enumerate(sides):
            for frame in side.strangers():
                rows = [frame if each == number else nothing[each] for each in range(len(sides))]
                beyond = Beyond(lost, lost, all_projects)
                yield self._score(empty_rows(SPECS.columns), rows, beyond)
        if any(map(len, malformed)):
            yield self._score(
                empty_rows(SPECS.columns),
                nothing,
                Beyond(malformed[0], malformed[1] if len(malformed) > 1 else lost, all_projects),
            )

    def _named(self, beside: Specs) -> Specs:
        """The projects and indicators that the settings could mean by what they suppress."""
        said = beside.settings.suppress
        projects = [normalise_text(each.project) for each in said if each.project]
        indicators = [normalise_text(each.indicator) for each in said if each.indicator]
        if not projects and not indicators:
            return beside
        found = []
        for start, stop in self._specs.slices():
            heads = self._specs.look(start, stop, ("project", "project_name", "indicator"))
            by_project = pl.any_horizontal(
                normalise(pl.col(name)).is_in(projects) for name in ("project", "project_name")
            )
            found.append(
                heads.filter(by_project | normalise(pl.col("indicator")).is_in(indicators))
            )
        heads = pl.concat(found)
        # The name may stand in one row of a project only.
        names = heads.filter(pl.col("project_name") != "").unique("project", keep="first")
        return replace(
            beside,
            projects=names.select("project", name="project_name"),
            indicators=heads.select("project", "indicator"),
        )

    def _step(self, rows: int) -> None:
        self._done += rows
        self._report("rows", self._done, self._of)


def _attempt(todo: _Todo) -> tuple[int, Outcome | InputError]:
    """The outcome of a part, or what is wrong with its specs."""
    read, score, specs, rows = todo
    try:
        return read, score(specs, rows)
    except InputError as error:
        return read, error


def _open(path: Path, table: headings.Table, spills: Spills) -> Table:
    """The files of a table; raises `InputError` with the problems of all of them."""
    problems = Collector()
    files: list[Rows] = []
    for file in files_of(path):
        with problems:
            if is_parquet(file):
                files.append(ParquetRows(file, table))
            else:
                files.append(CsvRows(file, table, spills.new()))
    problems.raise_any()
    found = Table.of(files)
    if not len(found):
        raise InputError.of(EMPTY, file=str(path))
    return found


def _malformed(table: Table) -> pl.DataFrame:
    return pl.concat(file.malformed for file in table.files)

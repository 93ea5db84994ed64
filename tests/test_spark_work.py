"""What executors do with batches, without Spark between them: the same rows as at once."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from perfeval import load_policy
from perfeval.engines.merge import added
from perfeval.engines.part import Job
from perfeval.engines.spark import told
from perfeval.engines.spark.work import TABLES, Files, Mismatch, Task, pack, path_key, score
from perfeval.findings.handling import Handling
from perfeval.messages import N_, Said
from perfeval.names import normalise
from perfeval.problems import InputError, Problem
from perfeval.reports.tabular import FINDINGS_KEY, RECEIPT_KEY
from perfeval.sources.table import match_columns
from tests.engines import at_once, content
from tests.test_engines import random_tables

pa = pytest.importorskip("pyarrow", reason="pyarrow (of the extra [spark]) is not installed")

Tables = dict[str, tuple[Path, pl.DataFrame]]


def _homes(rows: pl.DataFrame, specs: pl.DataFrame) -> pl.DataFrame:
    """The key of the project that a row calls by a name that only it has, and no code is."""
    key = normalise(pl.col("project"))
    names = specs.select(name=normalise(pl.col("project_name")), home=key).unique()
    names = names.unique("name", keep="none").filter(~pl.col("name").is_in(names["home"].to_list()))
    return rows.with_columns(name=key).join(names, on="name", how="left", maintain_order="left")


def packed(tables: Tables, parts: int) -> list[dict[str, Any]]:
    """The packs of all tables, in any order."""
    found: list[dict[str, Any]] = []
    for name, (path, frame) in tables.items():
        match = match_columns(frame.schema, TABLES[name], str(path))
        files = Files(name, match, {path_key(path.as_uri()): 0})
        homes = frame if name == "specs" else _homes(frame, tables["specs"][1])
        cells = frame.rename({column: str(at) for at, column in enumerate(frame.columns)})
        rows = cells.with_columns(
            path=pl.lit(path.as_uri()),
            row=pl.int_range(pl.len()),
            home=homes["home"] if "home" in homes.columns else pl.lit(None, pl.String),
        )
        slices = list(rows.iter_slices(97))
        random.Random(parts).shuffle(slices)
        batches = [batch for each in slices for batch in each.to_arrow().to_batches()]
        for batch in pack(batches, files, parts):
            found += batch.to_pylist()
    random.Random(parts).shuffle(found)
    return found


def scored(tables: Tables, parts: int) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """The rows of the result, and the records that are told."""
    heads = tables["specs"][1].select("project", name="project_name").unique(maintain_order=True)
    names = {name: (str(path),) for name, (path, _) in tables.items()}
    task = Task(Job(load_policy("general"), Handling("", {}, ())), names, heads)
    records = sorted(packed(tables, parts), key=lambda record: record["part"])
    found = list(score([pa.RecordBatch.from_pylist(records)], task))
    frame = pl.DataFrame(pa.Table.from_batches(found))
    kinds = frame.partition_by("kind", as_dict=True, include_key=False)
    columns = {column: about for about, column in told.COLUMNS.items()}
    records = kinds[(told.TOLD,)].select(*columns).rename(columns).to_dicts()
    return kinds.get((told.ROWS,), frame.head(0)), records


@pytest.mark.parametrize("parts", [1, 3, 50])
def test_packed_rows_come_out_as_those_of_one_machine(tmp_path: Path, parts: int) -> None:
    tables: Tables = {}
    for name, frame in zip(TABLES, random_tables(parts, projects=40), strict=True):
        path = tmp_path / f"{name}.parquet"
        shuffled = frame.sample(fraction=1, shuffle=True, seed=1) if name != "specs" else frame
        shuffled.write_parquet(path)
        tables[name] = (path, shuffled)
    paths = {name: path for name, (path, _) in tables.items()}
    rows, metadata = content(
        at_once(tmp_path, paths["actuals"], paths["specs"], paths["execution"])
    )
    found, records = scored(tables, parts)
    assert _sorted(found.to_dicts()) == _sorted(rows)
    counts: dict[str, Any] = {}
    read: dict[str, Counter[str]] = {name: Counter() for name in tables}
    for record in records:
        if record["about"] == told.COUNTS:
            each = told.read_counts(record["content"])
            counts = added(counts, each["counts"]) if each["counts"] else counts
            for name, own in each["rows"].items():
                read[name].update(own)
    receipt = metadata[RECEIPT_KEY]
    assert counts == receipt["counts"]
    assert [read[name].total() for name in ("specs", "actuals", "execution")] == [
        each["rows"] for each in receipt["inputs"]
    ]
    findings = sorted(
        (each["code"], each["position"], each["content"])
        for each in records
        if each["about"] == told.FINDING
    )
    # In the very order in which one machine tells them.
    assert [(json.loads(each)["code"], json.loads(each)["line"]) for _, _, each in findings] == [
        (each["code"], each["line"]) for each in metadata[FINDINGS_KEY]
    ]


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))


def test_what_is_wrong_with_specs_comes_home_with_its_place(tmp_path: Path) -> None:
    specs, actuals, _ = random_tables(1)
    specs = specs.with_columns(weight=pl.Series(["viel", *specs["weight"][1:]]))
    tables = {"specs": (tmp_path / "s.parquet", specs), "actuals": (tmp_path / "a", actuals)}
    problems = [
        told.problem(record["content"]).text("en")
        for record in scored(tables, 5)[1]
        if record["about"] == told.PROBLEM
    ]
    assert len(problems) == 1
    assert "s.parquet:1: weight" in problems[0]
    assert "“viel”" in problems[0]


def test_a_problem_reads_the_same_after_its_way_to_the_driver() -> None:
    said = Said(N_("{column} ({heading})"), {"column": "weight", "heading": "权重"})
    one = Problem("{column} is {value}", {"column": said, "value": 0.1}, "a.parquet", 3)
    (record,) = told.problems(InputError([one]), told.Places({}, pl.DataFrame()))
    for lang in ("zh", "en"):
        assert told.problem(record["content"]).text(lang) == one.text(lang)


def test_another_version_on_an_executor_is_no_result() -> None:
    match = match_columns(random_tables(1)[0].schema, TABLES["specs"], "")
    with pytest.raises(Mismatch, match="on the driver"):
        next(pack([], Files("specs", match, {}, version="0.0.1"), 1))

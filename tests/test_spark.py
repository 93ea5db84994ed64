"""The Spark engine gives what one machine gives: every row, every cent, receipt and findings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import perfeval
from perfeval.reports.tabular import FINDINGS_KEY, RECEIPT_KEY, SUPPRESSED_KEY
from tests.engines import SPECS, at_once, content, in_parts, metadata, specs_table
from tests.published import published
from tests.test_engines import random_tables

EXAMPLES = SPECS.parent / "examples"
ROOT = SPECS.parent
# Small runs are over before compiled code would pay.
QUICK = (
    "--driver-java-options -XX:TieredStopAtLevel=1 --conf spark.sql.codegen.wholeStage=false"
    " pyspark-shell"
)


def _missing() -> str:
    """What keeps Spark from running here."""
    code = "import pandas, pyarrow, pyspark"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    if found.returncode:
        return f"the extra [spark] is not installed: {found.stderr.splitlines()[-1]}"
    return "" if shutil.which("java") else "Java is not installed"


needs_spark = pytest.mark.skipif(bool(_missing()), reason=f"no Spark: {_missing()}")


def table(folder: Path, name: str, frame: pl.DataFrame, files: int = 1) -> str:
    """A Parquet file, or a folder with the rows in several."""
    path = folder / f"{name}.parquet"
    if files == 1:
        frame.write_parquet(path)
        return str(path)
    path.mkdir()
    height = -(-len(frame) // files)
    for number, part in enumerate(frame.iter_slices(height)):
        part.write_parquet(path / f"{number:03}.parquet")
    return str(path)


def _qijiang(folder: Path) -> dict[str, Any]:
    actuals = pl.read_csv(EXAMPLES / "actuals.csv", infer_schema=False)
    execution = pl.read_csv(EXAMPLES / "execution.csv", infer_schema=False)
    specs = table(folder, "绩效 目标[2023]", specs_table(perfeval.load(SPECS)))
    (folder / "perfeval.toml").write_text(
        '[[suppress]]\nrule = "A301"\nproject = "就业补助资金"\nreason = "agreed"\n'
    )
    return {
        "specs": specs,
        "actuals": table(folder, "actuals", actuals, 3),
        "execution": table(folder, "execution", execution),
        "policy": "chongqing",
    }


def _published(folder: Path) -> dict[str, Any]:
    specs = published()
    weights = pl.col("weight").is_not_null() & (pl.col("weight") >= 0)
    heads = specs.projects.select("project", "department", project_name="name")
    frame = specs.indicators.filter(weights).select(
        "project", "level1", "level2", "indicator", "operator", "target", "unit", "weight"
    )
    frame = frame.join(heads, on="project", maintain_order="left")
    actuals = frame.select("project", "indicator", "level2", actual="target")
    return {"specs": table(folder, "specs", frame), "actuals": table(folder, "actuals", actuals)}


def _shuffled(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sample(fraction=1, shuffle=True, seed=1)


def _random(folder: Path, shuffled: Collection[str]) -> dict[str, Any]:
    specs, actuals, execution = random_tables(7, projects=250)
    # One project with more rows than all others, in a department of its own.
    many = 1_500
    large = pl.DataFrame(
        {
            "project": "大项目", "project_name": "大项目全称", "department": "局",
            "level1": "产出指标", "level2": "数量指标", "operator": "≥", "target": "100",
            "unit": "人", "weight": "1", "indicator": [f"指标{n}" for n in range(many)],
        }
    )  # fmt: skip
    specs = pl.concat([specs, large.select(specs.columns)])
    own = pl.DataFrame(
        {
            # By its code and by its name, which is no code.
            "project": ["大项目" if n % 3 else " 大项目【全称】".replace("【", "").replace("】", "")
                        for n in range(many)],
            "indicator": [f"指标{n}" for n in range(many)],
            "actual": [str(n % 200) for n in range(many)],
        }
    )  # fmt: skip
    actuals = pl.concat([actuals, own], how="diagonal").with_columns(pl.all().fill_null(""))
    actuals = _shuffled(actuals) if "actuals" in shuffled else actuals
    specs = _shuffled(specs) if "specs" in shuffled else specs
    return {
        "specs": table(folder, "specs", specs, 4),
        "actuals": table(folder, "actuals", actuals, 3),
        "execution": table(folder, "execution", execution),
    }


SOUND: dict[str, Callable[[Path], dict[str, Any]]] = {
    "qijiang": _qijiang,
    "published": _published,
    "random": lambda folder: _random(folder, ()),
    "shuffled": lambda folder: _random(folder, ("actuals",)),
    "all shuffled": lambda folder: _random(folder, ("actuals", "specs")),
}


def _wrong(folder: Path) -> dict[str, dict[str, Any]]:
    """Runs that cannot be, and what each is about."""
    specs, actuals, _ = random_tables(1)
    sound = {"specs": table(folder, "sound", specs), "actuals": table(folder, "actuals", actuals)}
    negative = specs.with_columns(weight=pl.Series(["-1", *specs["weight"][1:]]))
    (folder / "damaged.parquet").write_bytes(b"PAR1 and no more PAR1")
    (folder / "actuals.csv").write_text("project,indicator,actual\n")
    (folder / "deep.parquet" / "year=2023").mkdir(parents=True)
    (folder / "there").mkdir()
    mixed = Path(table(folder, "mixed", specs, 2))
    pl.read_parquet(mixed / "001.parquet").rename({"target": "目标"}).write_parquet(
        mixed / "001.parquet"
    )
    return {
        "negative weight": {**sound, "specs": table(folder, "negative", negative)},
        "damaged": {**sound, "actuals": str(folder / "damaged.parquet")},
        "csv": {**sound, "actuals": str(folder / "actuals.csv")},
        "missing": {**sound, "actuals": str(folder / "nowhere.parquet"), "specs": "nothing"},
        "subfolder": {**sound, "actuals": str(folder / "deep.parquet")},
        "another heading": {**sound, "specs": str(mixed)},
        "output there": {**sound, "output": str(folder / "there")},
    }


Done = dict[str, tuple[dict[str, Any], list[str]]]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Every run with what it told, by name."""
    folder = tmp_path_factory.mktemp("spark")
    runs: dict[str, dict[str, Any]] = {}
    for name, make in SOUND.items():
        (folder / name).mkdir()
        runs[name] = make(folder / name)
    (folder / "wrong").mkdir()
    return _done(folder, runs | _wrong(folder / "wrong"))


def _done(folder: Path, runs: dict[str, dict[str, Any]]) -> Done:
    for name, run in runs.items():
        run.setdefault("output", str(folder / f"result {name}.parquet"))
    jobs = folder / "jobs.json"
    jobs.write_text(json.dumps(list(runs.values())))
    process = subprocess.run(
        [sys.executable, "-m", "tests.spark_runs", str(jobs)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": QUICK},
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    told = json.loads(process.stdout.splitlines()[-1])
    left = [path for path in folder.rglob("*") if path.name.endswith(".tmp")]
    assert left == []
    return dict(zip(runs, zip(runs.values(), told, strict=True), strict=True))


@needs_spark
@pytest.mark.parametrize("name", SOUND)
def test_spark_gives_the_rows_and_the_receipt_of_one_machine(
    done: Done, name: str, tmp_path: Path
) -> None:
    run, told = done[name]
    assert told == []
    paths = [Path(run[each]) for each in ("actuals", "specs")]
    execution = Path(run["execution"]) if "execution" in run else None
    expected = _on_one_machine(tmp_path, paths, execution, run.get("policy", "general"))
    rows, said = content(expected)
    output = Path(run["output"])
    assert (output / "_SUCCESS").exists()
    found = pl.read_parquet(output / "*.parquet")
    assert found.schema == pl.read_parquet(expected).schema
    assert _sorted(found.to_dicts()) == _sorted(rows)
    _same_told(output, said)


def _same_told(output: Path, told: dict[str, Any]) -> None:
    """Assert that Spark told beside its output what one machine tells in its metadata."""
    receipt = json.loads(output.with_name(f"{output.name}.receipt.json").read_text())
    assert _sorted(receipt.pop("findings")) == _sorted(told[FINDINGS_KEY])
    assert _sorted(receipt.pop("suppressed")) == _sorted(told[SUPPRESSED_KEY])
    assert receipt == told[RECEIPT_KEY]


def _on_one_machine(folder: Path, paths: list[Path], execution: Path | None, policy: str) -> Path:
    """What the local engine makes of the same files."""
    if all(path.is_file() for path in (*paths, *([execution] if execution else []))):
        return at_once(folder, paths[0], paths[1], execution, policy)
    return in_parts(folder, paths[0], paths[1], execution, policy, rows=3_000)


@needs_spark
def test_a_million_random_rows_are_those_of_one_machine_to_the_cent(tmp_path: Path) -> None:
    specs, actuals, execution = random_tables(11, projects=200_000)
    # Half of all rows are of one department.
    large = pl.col("project").str.slice(1).cast(pl.Int64) < 100_000
    department = pl.when(large).then(pl.lit("大局")).otherwise("department")
    # Of specs in no order, engines tell other findings first (docs/scale.md).
    run = {
        "specs": table(tmp_path, "specs", specs.with_columns(department=department)),
        "actuals": table(tmp_path, "actuals", _shuffled(actuals)),
        "execution": table(tmp_path, "execution", _shuffled(execution)),
    }
    assert len(specs) == 1_000_000
    ((_, told),) = _done(tmp_path, {"million": {**run, "memory": 2 << 30}}).values()
    assert told == []
    paths = [Path(run[each]) for each in ("actuals", "specs", "execution")]
    expected = in_parts(tmp_path, paths[0], paths[1], paths[2], rows=100_000)
    output = tmp_path / "result million.parquet"
    found, rows = _in_order(output / "*.parquet"), _in_order(expected)
    assert len(rows) > 1_000_000
    assert found.equals(rows)
    _same_told(output, metadata(expected))


def _in_order(path: Path) -> pl.DataFrame:
    frame = pl.read_parquet(path).with_columns(pl.col("flags").list.join(" "))
    return frame.sort(frame.columns)


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))


@needs_spark
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("negative weight", ["negative.parquet:1: ", "below zero"]),
        ("damaged", ["damaged.parquet: ", "cannot be read as Parquet"]),
        ("csv", ["actuals.csv: ", "reads Parquet alone"]),
        ("missing", ["nowhere.parquet: ", "no such file", "nothing: "]),
        ("subfolder", ["deep.parquet: ", "year=2023"]),
        ("another heading", ["001.parquet: ", "目标"]),
        ("output there", ["there: ", "already"]),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    done: Done, name: str, words: list[str]
) -> None:
    run, told = done[name]
    said = "\n".join(told)
    assert all(word in said for word in words), said
    output = Path(run["output"])
    assert not output.exists() or list(output.iterdir()) == []


def _cli(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "perfeval", "score", "a.parquet", "--engine", "spark",
         "--lang", "en", *words],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "x"], "needs --specs"),
        (["--specs", "s.parquet"], "needs -o"),
        (["--specs", "s.parquet", "-o", "x.csv", "--format", "csv"], "needs --format parquet"),
    ],
)
def test_what_spark_needs_is_said_before_it_is_started(words: list[str], said: str) -> None:
    process = _cli(*words)
    assert (process.returncode, said in process.stderr) == (2, True), process.stderr


def test_without_pyspark_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['pyspark'] = None; from perfeval.cli import main; sys.exit(main("
        "['score', 'a', '--engine', 'spark', '--specs', 's', '-o', 'x', '--lang', 'en']))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert process.returncode == 2
    assert "pip install 'perfeval[spark]'" in process.stderr


@needs_spark
def test_without_java_or_a_master_that_is_said_at_once(tmp_path: Path) -> None:
    words = ("--specs", "s.parquet", "-o", str(tmp_path / "x"))
    process = _cli(*words, JAVA_HOME=str(tmp_path))
    assert (process.returncode, "needs Java 17" in process.stderr) == (2, True), process.stderr
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    process = _cli(*words, JAVA_HOME=str(tmp_path))
    assert "is version 11" in process.stderr
    process = _cli(*words, "--master", "spark://127.0.0.1:1")
    assert process.returncode == 2
    assert "no Spark master answers at spark://127.0.0.1:1" in process.stderr
    assert "Traceback" not in process.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "bin"]

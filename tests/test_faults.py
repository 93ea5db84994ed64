"""Faults while large tables are scored: a clear message or a right result, and nothing left over.

Runs killed at random moments are in benchmarks/faults.py, which takes minutes.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from perfeval.cli import main
from perfeval.engines.supervisor import supervised
from perfeval.reports.write import whole_files
from perfeval.sources import slices


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """Fifty projects of one indicator."""
    path = tmp_path / "specs.parquet"
    pl.DataFrame({"project": [f"P{number}" for number in range(50)]}).with_columns(
        project_name=pl.col("project"), department=pl.lit("某局"), level1=pl.lit("产出指标"),
        level2=pl.lit("数量指标"), indicator=pl.lit("走访次数"), operator=pl.lit("≥"),
        target=pl.lit("100"), unit=pl.lit("次"), weight=pl.lit(100.0),
    ).write_parquet(path)  # fmt: skip
    return path


def actuals(value: pl.Expr | None = None) -> pl.DataFrame:
    """An actual for each project."""
    frame = pl.DataFrame({"project": [f"P{number}" for number in range(50)]})
    return frame.with_columns(
        indicator=pl.lit("走访次数"), actual=pl.lit("88") if value is None else value
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Actuals in two files, so that they are scored in parts."""
    path = tmp_path / "actuals"
    path.mkdir()
    actuals().head(20).write_parquet(path / "a.parquet", row_group_size=5)
    actuals().tail(30).write_parquet(path / "b.parquet", row_group_size=5)
    return path


def score(folder: Path, specs: Path, output: Path) -> int:
    return main(["score", str(folder), "--specs", str(specs), "-o", str(output), "--lang", "en"])


def nothing_left(folder: Path, *files: str) -> bool:
    return sorted(each.name for each in folder.iterdir()) == sorted(
        ["actuals", "specs.parquet", *files]
    )


def test_files_of_a_folder_are_one_table(tmp_path: Path, folder: Path, specs: Path) -> None:
    assert score(folder, specs, tmp_path / "out.parquet") == 0
    assert pl.read_parquet(tmp_path / "out.parquet")["score"].sum() == 50 * 88
    assert nothing_left(tmp_path, "out.parquet")


def test_a_column_of_another_type_in_one_file_is_read_as_what_it_says(
    tmp_path: Path, folder: Path, specs: Path
) -> None:
    actuals(pl.lit(88.0)).tail(30).write_parquet(folder / "b.parquet")
    assert score(folder, specs, tmp_path / "out.parquet") == 0
    assert pl.read_parquet(tmp_path / "out.parquet")["score"].sum() == 50 * 88


def test_a_column_that_can_be_no_text_is_refused_with_its_file(
    tmp_path: Path, folder: Path, specs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actuals(pl.lit([88.0])).tail(30).write_parquet(folder / "b.parquet")
    assert score(folder, specs, tmp_path / "out.parquet") == 2
    assert "b.parquet: column actual holds List(Float64)" in capsys.readouterr().err
    assert nothing_left(tmp_path)


def test_a_corrupt_row_group_is_refused_with_its_file(
    tmp_path: Path, folder: Path, specs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "b.parquet"
    data = bytearray(path.read_bytes())
    data[4:200] = b"\xff" * 196
    path.write_bytes(data)
    assert score(folder, specs, tmp_path / "out.parquet") == 2
    assert "b.parquet: the file begins like a Parquet file but" in capsys.readouterr().err
    assert nothing_left(tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path,
    folder: Path,
    specs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    read = slices.ParquetRows.read

    def read_and_change(rows: slices.ParquetRows, start: int, stop: int) -> pl.DataFrame:
        frame = read(rows, start, stop)
        actuals(pl.lit("99")).tail(30).write_parquet(folder / "b.parquet")
        return frame

    monkeypatch.setattr(slices.ParquetRows, "read", read_and_change)
    assert score(folder, specs, tmp_path / "out.parquet") == 2
    assert "b.parquet: the file changed while it was read" in capsys.readouterr().err
    assert nothing_left(tmp_path)


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may become larger than 8 kB: to who writes, much like a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_no_room_for_the_output_is_told_and_leaves_nothing(
    tmp_path: Path,
    folder: Path,
    specs: Path,
    form: str,
    small_files: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert score(folder, specs, tmp_path / f"out.{form}") == 2
    assert (
        "the file would become larger than this process or disk allows" in capsys.readouterr().err
    )
    assert nothing_left(tmp_path)


def test_files_of_a_run_that_was_killed_are_removed_by_the_next(
    tmp_path: Path, folder: Path, specs: Path
) -> None:
    (tmp_path / ".perfeval-0123456789ab.tmp").write_bytes(b"PAR1")
    assert score(folder, specs, tmp_path / "out.parquet") == 0
    assert nothing_left(tmp_path, "out.parquet")


def test_a_file_that_another_run_is_writing_is_left_alone(
    tmp_path: Path, folder: Path, specs: Path
) -> None:
    with whole_files(str(tmp_path / "other.parquet")) as (file,):
        file.write(b"half")
        assert score(folder, specs, tmp_path / "out.parquet") == 0
    assert (tmp_path / "other.parquet").read_bytes() == b"half"
    assert nothing_left(tmp_path, "out.parquet", "other.parquet")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGKILL, "the system ended the run, most often because memory ran out"),
        (signal.SIGABRT, "memory was refused"),
        (signal.SIGBUS, "an input became shorter while it was read"),
        (signal.SIGSEGV, "the run ended by SIGSEGV"),
    ],
)
def test_whatever_ends_a_large_run_somebody_says_so(
    tmp_path: Path, number: int, words: str
) -> None:
    large = tmp_path / "large.parquet"
    with large.open("wb") as file:
        file.truncate(5 << 20)
    program = (
        "import os, sys; from perfeval.engines.supervisor import supervised\n"
        f"status = supervised([{str(large)!r}], 'en')\n"
        f"os.kill(os.getpid(), {int(number)}) if status is None else sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert words in done.stderr


def test_small_inputs_need_no_process_of_their_own(folder: Path) -> None:
    before = os.getpid()
    assert supervised([str(folder)], "en") is None
    assert os.getpid() == before


def test_memory_that_is_refused_is_told(
    tmp_path: Path, folder: Path, specs: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def refuse(*_: object) -> pl.DataFrame:
        raise MemoryError

    monkeypatch.setattr(slices.ParquetRows, "read", refuse)
    assert score(folder, specs, tmp_path / "out.parquet") == 2
    assert "memory was refused; nothing was written" in capsys.readouterr().err
    assert nothing_left(tmp_path)

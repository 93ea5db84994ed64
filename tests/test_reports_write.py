from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from perfeval.problems import InputError
from perfeval.reports.write import whole_files


def test_files_appear_together_and_leave_nothing_else(tmp_path: Path) -> None:
    first, second = tmp_path / "结果.csv", tmp_path / "结果.csv.receipt.json"
    with whole_files(str(first), str(second)) as (one, two):
        one.write(b"1")
        two.write(b"2")
        assert not first.exists()
        assert not second.exists()
    assert first.read_bytes() == b"1"
    assert second.read_bytes() == b"2"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_an_interrupt_leaves_the_old_file_and_no_other(
    tmp_path: Path, error: type[BaseException]
) -> None:
    old = tmp_path / "result.json"
    old.write_text("old")

    def interrupted() -> None:
        with whole_files(str(old), str(tmp_path / "new")) as (one, two):
            one.write(b"half")
            two.write(b"half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert old.read_text() == "old"


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    path = tmp_path / "result.json"
    with (
        pytest.raises(InputError, match=r"result\.json: the disk is full"),
        whole_files(str(path), str(tmp_path / "other")) as (one, _),
    ):
        one.write(b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_really_full_device_is_told() -> None:
    with (
        pytest.raises(InputError, match="/dev/full: the disk is full"),
        whole_files("/dev/full") as (file,),
    ):
        file.write(b"x" * 100_000)


def test_a_device_is_written_and_not_replaced() -> None:
    with whole_files("/dev/null") as (file,):
        file.write(b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("none/result.json", "the folder .*none does not exist"),
        ("folder", "is a folder; give the name of a file"),
        ("file/result.json", "file is not a folder"),
        ("x" * 300, "the file name is too long"),
    ],
)
def test_what_cannot_be_written_is_told(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=words), whole_files(str(tmp_path / path)):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_folder_without_permission_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    # Written for root too, whom no permission keeps out.
    def denied(self: Path, mode: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", denied)
    with (
        pytest.raises(InputError, match="not allowed to write here"),
        whole_files(str(tmp_path / "result.json")),
    ):
        pass


def test_a_link_is_followed_and_permissions_are_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with whole_files(str(link)) as (file,):
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_ordinary_permissions(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.write_text("")
    with whole_files(str(tmp_path / "written")):
        pass
    assert (tmp_path / "written").stat().st_mode == ordinary.stat().st_mode

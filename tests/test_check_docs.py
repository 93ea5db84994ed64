"""The pages about check, the example of own rules and the pre-commit hook say what happens."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import perfeval
from perfeval import cli
from tests.readme import ROOT

PAGE = (ROOT / "docs" / "check.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_settings_of_the_page_work(folder: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert block
    (folder / "specs" / "perfeval.toml").write_text(block[1], "utf-8")
    result = perfeval.check("specs", select=["W101"])
    assert result.suppressed["project"].to_list() == ["50011023T000003385051"]
    assert len(result.findings) == 1


def test_the_commands_of_the_page_run(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    commands = re.findall(r"^    perfeval (check .*?)(?: +#.*)?$", PAGE, re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        assert cli.main(command.split()) in (0, 1), command
    assert cli.main(["check", "specs/", "--baseline", "baseline.json", "--lang", "en"]) == 0
    assert "new 0" in capfd.readouterr()[0]


def test_the_example_of_own_rules_finds_what_it_is_for() -> None:
    result = perfeval.check(ROOT / "examples" / "own-rules", select=["Z"])
    (found,) = result.findings.iter_rows(named=True)
    assert (found["code"], found["severity"], found["indicator"]) == ("Z101", "error", "学员满意度")


def test_the_pre_commit_hook_runs(folder: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == (
        "perfeval-check", "python", False,
    )  # fmt: skip
    assert re.search(hook["files"], "specs/P001.toml")
    assert re.search(hook["files"], "specs/perfeval.toml")
    program, *words = hook["entry"].split()
    assert program == "perfeval"
    config = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert config
    (asked,) = yaml.safe_load(config[1])["repos"][0]["hooks"]
    assert asked["id"] == hook["id"]
    run = [sys.executable, "-m", program, *words]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    options = {"cwd": folder, "env": environment, "check": False, "capture_output": True}
    assert subprocess.run([*run, "--select", "W101"], **options).returncode == 1  # type: ignore[call-overload]
    baseline = [*run, "--write-baseline", "baseline.json"]
    assert subprocess.run(baseline, **options).returncode == 0  # type: ignore[call-overload]
    assert subprocess.run([*run, *asked["args"]], **options).returncode == 0  # type: ignore[call-overload]

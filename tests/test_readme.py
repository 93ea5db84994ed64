"""What the README says is what happens."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from perfeval.sources.specs import load_specs
from tests.readme import GUIDES, README, ROOT, picture, renewed, shown

TEXT = README.read_text("utf-8")


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


def test_the_picture_is_what_the_program_prints() -> None:
    assert shown() == picture(), "renew it: python -m tests.readme"


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_outputs_in_the_guides_are_what_the_program_prints(page: Path) -> None:
    text = page.read_text("utf-8")
    assert renewed(text) == text, "renew it: python -m tests.readme"


def test_the_example_of_a_target_table_is_one(tmp_path: Path) -> None:
    text = _block("toml")
    (tmp_path / "example.toml").write_text(text, "utf-8")
    specs = load_specs(tmp_path)
    assert specs.indicators["target"].to_list() == ["≥ 9000 人"]
    real = tomllib.loads((ROOT / "specs/50011023T000003385078.toml").read_text("utf-8"))
    assert tomllib.loads(text)["indicators"][0] == real["indicators"][0]


def test_the_example_in_python_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(_block("python"), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "良–优" in printed
    assert re.search(r"│ [A-Z]\d{3} ", printed)


PAGES = [*sorted(ROOT.glob("docs/*.md")), README, ROOT / "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_command_of_the_readme_is_one() -> None:
    from perfeval.usage import COMMANDS

    for command in re.findall(r"^    perfeval (\w+)", TEXT, re.MULTILINE):
        assert command in COMMANDS


def test_every_picture_is_there_is_shown_and_can_be_made_again() -> None:
    """What README and guides show, what is kept, and what docs/pictures/make.py makes: the same."""
    pages = [README, *GUIDES]
    named = {
        (page.parent / path).resolve()
        for page in pages
        for path in re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", page.read_text("utf-8"))
    }
    folder = ROOT / "docs" / "pictures"
    make = runpy.run_path(str(folder / "make.py"))
    made = {folder / f"{name}.png" for name in (*make["PICTURES"], *make["PAGES"])}
    made.add(folder / "scale.png")  # drawn where it is measured, by benchmarks.scale
    assert named == made == set(folder.glob("*.png"))
    assert all(path.read_bytes().startswith(b"\x89PNG\r\n") for path in made)
    assert folder / "page-review.png" in {
        ROOT / path for path in re.findall(r"\((docs/pictures/[^)]+)\)", TEXT)
    }

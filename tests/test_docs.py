"""The pages of docs/ hold together: links, code blocks, generated pages, and the site of them."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import reduce
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml

import perfeval
from perfeval.reports import as_json
from perfeval.usage import parse
from tests.readme import README, ROOT

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), README, ROOT / "CONTRIBUTING.md", ROOT / "examples/README.md"]
CLAIMS = """项目编码,项目名称,部门,三级指标,指标值,分值,完成值,得分,执行率得分,预算数,执行数
P1,甲项目,民政局,服务对象满意度,≥90%,20,81%,20,9,100,90
P2,乙项目,民政局,培训人数,≥100人,20,100人,20,9,100,90
"""


def _blocks(page: Path, language: str) -> list[str]:
    fenced = rf"^```{language}\n(.*?)^```"
    return re.findall(fenced, page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("specs", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "claims.csv").write_text(CLAIMS, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(DOCS), str(out)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return out


def test_every_page_is_on_the_site_and_every_link_leads_somewhere(site: Path) -> None:
    assert {page.stem for page in site.glob("*.html")} >= {page.stem for page in DOCS.glob("*.md")}


def test_the_site_asks_no_other_host_for_anything(site: Path) -> None:
    loads = re.compile(r'<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="(?:https?:)?//[^"]*"')
    for page in site.glob("*.html"):
        assert not loads.findall(page.read_text("utf-8")), page.name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//", sheet.read_text("utf-8")), sheet.name


def test_the_search_of_the_site_knows_chinese_words(site: Path) -> None:
    script = (site / "searchindex.js").read_text("utf-8")
    terms = json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    assert terms.keys() >= {"满意", "权重", "度量"}


def test_generated_pages_are_what_the_data_says() -> None:
    stale: Callable[[], Iterator[str]] = runpy.run_path(str(DOCS / "make.py"))["stale"]
    assert list(stale()) == [], "python docs/make.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_are_what_they_are_marked_as(page: Path) -> None:
    for block in _blocks(page, "toml"):
        tomllib.loads(block)
    for block in _blocks(page, "json"):
        json.loads(block)
    for block in _blocks(page, "yaml"):
        yaml.safe_load(block)
    for block in _blocks(page, "python"):
        compile(block, page.name, "exec")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_understood(page: Path) -> None:
    if page.name == "benchmarks.md":
        pytest.skip("its lines that begin with perfeval are measured figures")
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    # A line that ends with a backslash goes on in the next.
    text = re.sub(r"\\\n\s*", " ", text)
    for line in re.findall(r"^    perfeval (.+)$", text, re.MULTILINE):
        words = shlex.split(line, comments=True)
        assert parse(words, "en").command == words[0]


@pytest.mark.parametrize("name", ["python.md", "exactness.md"])
def test_the_examples_in_python_run(
    name: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, object] = {}
    for block in _blocks(DOCS / name, "python"):
        exec(compile(block, name, "exec"), names)
    if name == "python.md":
        printed = capsys.readouterr().out
        for told in ("28 projects", "'scored': 162", "missing.csv"):
            assert told in printed


def _keys(value: Any) -> Any:
    """The keys of an object, with those of what it holds; of a list, those of all its items."""
    if isinstance(value, dict):
        return {key: _keys(each) for key, each in value.items() if key != "values"}
    if isinstance(value, list):
        return reduce(_merged, map(_keys, value), None)
    return None


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _merged(one.get(key), other.get(key)) for key in {**one, **other}}
    return other if one is None else one


def test_json_is_as_the_page_of_formats_says(copy: Path) -> None:
    results = (
        (perfeval.score("examples/actuals.csv", "specs", execution="examples/execution.csv"),
         as_json.write_score),
        (perfeval.check("specs"), as_json.write_check),
        (perfeval.review("claims.csv"), as_json.write_review),
    )  # fmt: skip
    shown = _blocks(DOCS / "formats.md", "json")
    assert len(shown) == len(results)
    for block, (result, write) in zip(shown, results, strict=True):
        file = BytesIO()
        write(result, file, "zh")  # type: ignore[operator]
        told, said = _keys(json.loads(file.getvalue())), _keys(json.loads(block))
        assert said == told

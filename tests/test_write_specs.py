"""Specs as files: what is written, and that all of it is or nothing."""

from __future__ import annotations

import tempfile
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.problems import InputError
from perfeval.sources.disclosure import read_disclosure
from perfeval.sources.specs import load_specs
from perfeval.sources.write_budget import BUDGET_FILE, budget_text
from perfeval.sources.write_specs import file_name, write_specs

SEED = Path(__file__).with_name("data") / "qijiang-hrss-2023.txt"
SPECS = Path(__file__).parent.parent / "specs"

SPEC: dict[str, Any] = {
    "indicators": [
        {
            "weight": Decimal("12.50"),
            "target": "≥ 9000 人",
            "name": "慰问“退干”干部",
            "level2": "数量指标",
            "level1": "产出指标",
        },
        {
            "level1": "效益指标",
            "level2": "社会效益",
            "name": "退休干部疗养",
            "target": "= 200 人",
            "weight": 20,
            "core": True,
        },
    ],
    "narrative": {"goal": '引号"与\\反斜线', "overview": "概况"},
    "budget": {"local": Decimal("131.40"), "total": Decimal("131.40")},
    "type": "专项业务",
    "year": 2023,
    "department": "212001-某局",
    "name": "退休干部管理",
    "code": "50011023T000003385078",
    "schema": 1,
}

TEXT = """\
schema = 1
code = "50011023T000003385078"
name = "退休干部管理"
department = "212001-某局"
year = 2023
type = "专项业务"

[budget]
total = 131.40
local = 131.40

[narrative]
overview = "概况"
goal = "引号\\"与\\\\反斜线"

[[indicators]]
level1 = "产出指标"
level2 = "数量指标"
name = "慰问“退干”干部"
target = "≥ 9000 人"
weight = 12.50

[[indicators]]
level1 = "效益指标"
level2 = "社会效益"
name = "退休干部疗养"
target = "= 200 人"
weight = 20
core = true
"""


def test_the_text_of_a_spec(tmp_path: Path) -> None:
    (path,) = write_specs([SPEC], tmp_path / "specs")
    assert path == tmp_path / "specs" / "50011023T000003385078.toml"
    assert path.read_bytes() == TEXT.encode()
    assert tomllib.loads(TEXT, parse_float=Decimal) == SPEC


def test_importing_the_document_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """The committed specs are what the reader makes of the document, and nothing else is there."""
    read = read_disclosure(SEED)
    written = write_specs(read.specs, tmp_path, beside={BUDGET_FILE: budget_text(read.amounts)})
    assert len(written) == 29
    assert {path.name: path.read_bytes() for path in written} == {
        path.name: path.read_bytes() for path in SPECS.iterdir() if path.name != "perfeval.toml"
    }


def test_the_committed_specs_load(tmp_path: Path) -> None:
    specs = load_specs(SPECS)
    assert (specs.projects.height, specs.indicators.height) == (28, 171)
    assert specs.policy == "chongqing"


def test_writing_again_replaces_the_file_and_leaves_others(tmp_path: Path) -> None:
    (tmp_path / "perfeval.toml").write_text('policy = "general"\n')
    write_specs([{**SPEC, "name": "旧"}], tmp_path)
    write_specs([SPEC], tmp_path, replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "50011023T000003385078.toml",
        "perfeval.toml",
    ]
    assert (tmp_path / "50011023T000003385078.toml").read_text("utf-8") == TEXT
    assert (tmp_path / "perfeval.toml").read_text() == 'policy = "general"\n'


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("212001", "212001.toml"),
        ("义务教育（一期）", "义务教育（一期）.toml"),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd.toml"),
        ("/x", "%2Fx.toml"),
        ("..", "%2E%2E.toml"),
        (".hidden", "%2Ehidden.toml"),
        ("a\\b:c\n", "a%5Cb%3Ac%0A.toml"),
        ("a%2Fb", "a%252Fb.toml"),
        ("perfeval", "%70erfeval.toml"),
        ("con", "%63on.toml"),
        ("NUL.txt", "%4EUL.txt.toml"),
        ("", "%.toml"),
    ],
)
def test_the_name_of_a_file(code: str, name: str) -> None:
    assert file_name(code) == name


@settings(deadline=None)
@given(st.text(), st.text())
def test_names_lie_in_the_folder_and_tell_codes_apart(code: str, other: str) -> None:
    name = file_name(code)
    assert name == Path(name).name
    assert name.endswith(".toml")
    assert name[0] != "."
    assert name != "perfeval.toml"
    assert len(name.encode()) <= 255
    assert (file_name(other) == name) == (other == code)


def test_a_hostile_code_stays_in_the_folder(tmp_path: Path) -> None:
    (path,) = write_specs([{**SPEC, "code": "../../x"}], tmp_path / "a" / "b")
    assert path.resolve().parent == (tmp_path / "a" / "b").resolve()
    assert list(tmp_path.rglob("*.toml")) == [path]
    assert tomllib.loads(path.read_text("utf-8"))["code"] == "../../x"


@pytest.mark.parametrize("other", ["50011023T000003385078", "50011023t000003385078"])
def test_two_projects_of_one_code_are_refused(tmp_path: Path, other: str) -> None:
    with pytest.raises(InputError) as caught:
        write_specs([SPEC, {**SPEC, "code": other, "name": "另一个"}], tmp_path / "specs")
    message = str(caught.value)
    assert f"two projects have the code {other}: 退休干部管理 and 另一个" in message
    assert not (tmp_path / "specs").exists()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "specs").write_text("mine")
    with pytest.raises(InputError, match="the specs cannot be written"):
        write_specs([SPEC], tmp_path / "specs")
    assert (tmp_path / "specs").read_text() == "mine"


def test_a_full_disk_leaves_nothing_partial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name.startswith("2"):
            raise OSError(28, "No space left on device")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"the disk is full.*nothing was changed"):
        write_specs([SPEC, {**SPEC, "code": "2"}], tmp_path / "new" / "specs")
    assert list(tmp_path.iterdir()) == []


def test_edited_files_are_refused_and_all_named(tmp_path: Path) -> None:
    paths = write_specs([{**SPEC, "code": code} for code in "123"], tmp_path)
    for path in paths[1:]:
        path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(InputError) as refused:
        write_specs([{**SPEC, "code": code} for code in "01234"], tmp_path)
    assert [problem.file for problem in refused.value.problems] == list(map(str, paths[1:]))
    assert "--force" in str(refused.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    write_specs([{**SPEC, "code": code} for code in "01"], tmp_path)  # 1 is as it was written
    write_specs([{**SPEC, "code": code} for code in "123"], tmp_path, replace=True)
    assert "# mine" not in paths[1].read_text("utf-8")


def test_an_interruption_while_moving_restores_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_specs([{**SPEC, "code": code, "name": "旧"} for code in "13"], tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if target == tmp_path / "3.toml":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_specs([{**SPEC, "code": code} for code in "123"], tmp_path, replace=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_in_the_way_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "1.toml").mkdir()
    (tmp_path / "1.toml" / "mine").write_text("x")
    with pytest.raises(InputError, match="the specs cannot be written"):
        write_specs([{**SPEC, "code": code} for code in "01"], tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["1.toml", "mine"]


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
numbers = st.one_of(
    st.integers(-(10**15), 10**15),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9
    ),
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "schema": st.just(1),
            "code": st.just("1"),
            "name": texts,
            "department": texts,
            "budget": st.dictionaries(st.sampled_from(["total", "local"]), numbers, min_size=1),
            "narrative": st.dictionaries(st.sampled_from(["overview", "goal"]), texts, min_size=1),
            "indicators": st.lists(
                st.fixed_dictionaries(
                    {
                        "level1": texts,
                        "level2": st.text(st.characters(exclude_categories=["Cs"])),
                        "name": texts,
                        "target": texts,
                        "weight": numbers,
                    }
                ),
                min_size=1,
                max_size=3,
            ),
        }
    )
)
def test_any_text_and_number_comes_back(spec: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_specs([spec], folder)
        written = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    assert written == spec
    for key, amount in spec["budget"].items():
        assert str(written["budget"][key]) == str(amount)

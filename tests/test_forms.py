"""Layouts of official forms: what the shipped ones hold, and what is said of faulty ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.forms import (
    INDICATOR_FIELDS,
    NEEDED,
    PROJECT_FIELDS,
    load_form,
    places,
    shipped,
)
from perfeval.policy import list_policies, load_policy
from perfeval.problems import InputError

SMALL = """schema = 1
name = "小表"
title = "自评表"
widths = [20, 10, 10]
[[rows]]
cells = [{ field = "budget" }, { field = "spent" }, { field = "execution_score" }]
[[rows]]
cells = [{ label = "指标" }, { label = "完成值" }, { label = "得分" }]
[[rows]]
each = "indicator"
cells = [{ field = "indicator" }, { field = "actual" }, { field = "score" }]
[[rows]]
cells = [{ label = "总分", across = 2 }, { field = "total" }]
"""


@pytest.mark.parametrize("name", shipped())
def test_the_shipped_forms_are_sound(name: str) -> None:
    form = load_form(shipped()[name])
    assert set(NEEDED) <= form.fields
    assert form.title == "项目支出绩效自评表"


def test_the_chongqing_form_has_what_only_it_has() -> None:
    form = load_form(shipped()["chongqing"])
    assert {"adjusted", "coefficient", "core", "operator", "unit"} <= form.fields
    assert form.landscape
    assert not load_form(shipped()["national"]).landscape


def test_a_cell_that_reaches_down_pushes_those_below_aside() -> None:
    form = load_form(shipped()["national"])
    rows = {number: placed for number, _, placed in places(form, 3)}
    money = [(column, down) for column, down, cell in rows[2] if cell.label is not None]
    assert money[:2] == [(0, 5), (2, 1)]
    assert rows[3][0][0] == 2
    side = next(cell for cell in rows[9] if cell[2].label and "绩效" in cell[2].label)
    assert side[:2] == (0, 4)  # its heading's row and three indicators
    assert [placed[0][0] for number, placed in rows.items() if 10 <= number < 13] == [1, 1, 1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("schema = 1", "schema = 2", "schema must be 1; found 2"),
        ('title = "自评表"\n', "", "title is missing"),
        ("widths = [20, 10, 10]", "widths = [20]", "widths of 3 to 40 columns; found 1"),
        ('field = "budget"', 'field = "budgte"', 'cannot be "budgte"; did you mean "budget"'),
        ('field = "budget"', 'field = "level1"', "row 1: level1 cannot stand here"),
        ('{ field = "score" }', '{ field = "unit" }', "shows the field score once; found 0"),
        ('{ label = "完成值" }', '{ label = "完成值", across = 2 }', "row 2: its cells"),
        ('{ field = "spent" }', '{ field = "spent", down = 2 }', "row 2: its cells"),
        ("across = 2", "across = 0", "across must be a whole number from 1 to 40; found 0"),
        ('each = "indicator"', 'each = "row"', 'each cannot be "row"'),
        ('each = "indicator"\n', "", "found 0"),
        ("widths", "width", "unknown key width; did you mean widths"),
        ("widths = [", "widths = ", "TOML syntax error"),
        ('title = "自评表"', 'title = "\x01"', "TOML syntax error"),
    ],
)
def test_a_faulty_form_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "form.toml"
    path.write_text(SMALL, "utf-8")
    assert load_form(path).title == "自评表"
    path.write_text(SMALL.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as error:
        load_form(path)
    assert message in str(error.value)
    assert error.value.problems[0].file == str(path)


def test_what_is_no_form_at_all_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        load_form(path)
    path.write_bytes(b"#" * 70_000)
    with pytest.raises(InputError, match="this is no form"):
        load_form(path)
    with pytest.raises(InputError, match="cannot be read"):
        load_form(tmp_path)


def own(folder: Path, form: str) -> str:
    path = folder / "own.toml"
    path.write_text(
        f'schema = 1\nid = "own"\nname = "x"\nextends = "general"\nform = "{form}"\n'
        '[source]\ntext = "x"\ncertainty = "verified"\n',
        "utf-8",
    )
    return str(path)


def test_every_policy_names_a_form_or_takes_that_of_its_parents(tmp_path: Path) -> None:
    forms = {name: load_policy(name).form.stem for name in list_policies()}
    assert forms.pop("chongqing") == "chongqing"
    assert set(forms.values()) == {"national"}
    (tmp_path / "ours.toml").write_text(SMALL, "utf-8")
    assert load_policy(own(tmp_path, "ours.toml")).form == tmp_path / "ours.toml"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("natonal", 'unknown form "natonal"; did you mean national?'),
        ("x", 'unknown form "x"; known: chongqing, national'),
        ("ours.toml", "there is no form"),
    ],
)
def test_a_form_that_does_not_exist_is_told(tmp_path: Path, form: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        load_policy(own(tmp_path, form))
    (problem,) = error.value.problems
    assert message in str(error.value)
    assert problem.line == 5


def test_the_form_decides_no_score(tmp_path: Path) -> None:
    assert load_policy(own(tmp_path, "chongqing")).sha256 == load_policy("general").sha256


def test_the_guide_shows_a_form_and_names_every_field(tmp_path: Path) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "policies.md").read_text("utf-8")
    (example,) = [part for part in guide.split("```toml\n") if part.startswith("schema")][1:]
    path = tmp_path / "form.toml"
    path.write_text(example.partition("```")[0], "utf-8")
    assert load_form(path).name == "滨江区自评表"
    section = guide.partition("## A form of your own")[2].partition("\n## ")[0]
    for name in (*PROJECT_FIELDS, *INDICATOR_FIELDS):
        assert f"`{name}`" in section, name

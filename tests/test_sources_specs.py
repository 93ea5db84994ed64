"""Specs from TOML files and from tables: what is read, and what is wrong with them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import tables
from perfeval.problems import InputError
from perfeval.sources.specs import Specs, load_specs

# 附件4-11 of the Qijiang document, shortened.
SPEC = """\
schema = 1
code = "50011023T000003385078"
name = "机关事业单位退休干部管理及活动专项"
department = "212001-重庆市綦江区人力资源和社会保障局（本级）"
year = 2023
type = "专项业务"

[budget]
total = 131.40
local = 131.40

[narrative]
overview = "退休干部管理"

[[indicators]]
level1 = "产出指标"
level2 = "数量指标"
name = "慰问退休干部"
target = "≥ 9000 人"
weight = 20

[[indicators]]
level1 = "满意度指标"
level2 = "服务对象满意度指标"
name = "退休干部满意度"
target = "≥90%"
weight = 10.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def writer(**files: str | bytes) -> Path:
        path = tmp_path / "specs"
        path.mkdir(exist_ok=True)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (path / f"{name}.toml").write_bytes(data)
        return path

    return writer


def sound(specs: Specs) -> Specs:
    tables.check(specs.projects, tables.PROJECTS)
    tables.check(specs.indicators, tables.INDICATORS)
    return specs


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        load_specs(path)
    return [problem.text() for problem in error.value.problems]


def the_only_problem(path: Path) -> str:
    messages = refused(path)
    assert len(messages) == 1, messages
    return messages[0]


def changed(before: str, after: str) -> str:
    assert before in SPEC
    return SPEC.replace(before, after, 1)


# TOML


def test_a_spec(folder: Any) -> None:
    path = folder(a=SPEC)
    specs = sound(load_specs(path))
    file = str(path / "a.toml")
    assert specs.projects.row(0, named=True) == {
        "project": "50011023T000003385078",
        "name": "机关事业单位退休干部管理及活动专项",
        "department": "212001-重庆市綦江区人力资源和社会保障局（本级）",
        "year": 2023,
        "type": "专项业务",
        "budget_total": 131.4,
        "budget_superior": None,
        "budget_local": 131.4,
        "budget_other": None,
        "budget_basic": None,
        "budget_project": None,
        "overview": "退休干部管理",
        "basis": None,
        "schedule": None,
        "goal": None,
        "file": file,
        "sheet": None,
        "line": 1,
    }
    assert specs.indicators.row(0, named=True) == {
        "project": "50011023T000003385078",
        "level1": "产出指标",
        "level2": "数量指标",
        "indicator": "慰问退休干部",
        "operator": "",
        "target": "≥ 9000 人",
        "unit": "",
        "weight": 20.0,
        "core": None,
        "rule": None,
        "pass_threshold": None,
        "deadline": None,
        "file": file,
        "sheet": None,
        "line": 15,
    }
    assert specs.indicators["line"].to_list() == [15, 22]
    assert specs.policy is None
    assert [(one.path, one.rows, one.encoding) for one in specs.inputs] == [(file, 2, "utf-8")]


def test_everything_that_a_spec_may_hold(folder: Any) -> None:
    more = (
        'weight = 20\noperator = "≥"\nunit = "人"\ncore = true\nrule = "direct"\n'
        "pass_threshold = 0.6\ndeadline = 2023-12-31"
    )
    budget = "[budget]\nsuperior = 1\nother = 2.5\nbasic = 3\nproject = 4"
    narrative = '[narrative]\nbasis = "b"\nschedule = "s"\ngoal = """\ng\n[[indicators]]\n"""'
    text = changed("weight = 20", more).replace("[budget]", budget)
    specs = sound(load_specs(folder(a=text.replace("[narrative]", narrative))))
    indicator = specs.indicators.row(0, named=True)
    project = specs.projects.row(0, named=True)
    assert {name: indicator[name] for name in ("operator", "unit", "core", "rule")} == {
        "operator": "≥",
        "unit": "人",
        "core": True,
        "rule": "direct",
    }
    assert indicator["pass_threshold"] == 0.6
    assert indicator["deadline"] == "2023-12-31"
    assert (project["budget_superior"], project["budget_other"]) == (1.0, 2.5)
    assert (project["basis"], project["schedule"]) == ("b", "s")
    assert project["goal"] == "g\n[[indicators]]"
    assert specs.indicators["line"].to_list() == [25, 38]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9000", "9000"),
        ("90.50", "90.50"),
        ("1_000.5", "1000.5"),
        ("-3", "-3"),
        ("2023-12-31", "2023-12-31"),
        ('" ≥90%　"', "≥90%"),
        ('""', ""),
    ],
)
def test_a_target_is_kept_as_written(folder: Any, written: str, read: str) -> None:
    specs = sound(load_specs(folder(a=changed('"≥ 9000 人"', written))))
    assert specs.indicators["target"][0] == read


def test_indicators_in_one_line_have_that_line(folder: Any) -> None:
    head = SPEC.partition("[budget]")[0]
    one = '{level1="a", level2="b", name="%s", target="1", weight=1}'
    text = head + f"indicators = [\n{one % 'x'},\n{one % 'y'},\n]\n"
    assert load_specs(folder(a=text)).indicators["line"].to_list() == [9, 10]


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2.toml", "b/1.TOML", "a.toml", "c.toml", ".hidden/x.toml", ".x.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(changed("50011023T000003385078", f"P {name}"), encoding="utf-8")
    (tmp_path / "README.md").write_text("no spec", encoding="utf-8")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    specs = load_specs(tmp_path)
    assert specs.projects["project"].to_list() == [
        "P a.toml",
        "P b/1.TOML",
        "P b/2.toml",
        "P c.toml",
    ]
    assert [one.path for one in specs.inputs] == specs.projects["file"].to_list()


def test_the_settings_name_the_policy(folder: Any) -> None:
    path = folder(a=SPEC, perfeval='policy = "chongqing"')
    specs = load_specs(path)
    assert specs.policy == "chongqing"
    assert [Path(one.path).name for one in specs.inputs] == ["perfeval.toml", "a.toml"]
    assert [one.rows for one in specs.inputs] == [0, 2]
    assert load_specs(path / "a.toml").policy == "chongqing"


def test_wrong_settings_are_told(folder: Any) -> None:
    message = the_only_problem(folder(a=SPEC, perfeval='polcy = "chongqing"\n'))
    assert message.endswith("perfeval.toml:1: unknown key polcy; did you mean policy?")
    message = the_only_problem(folder(a=SPEC, perfeval="policy = 1\n"))
    assert "perfeval.toml:1: policy is 1; text in quotation marks is expected" in message


def test_settings_are_no_spec(folder: Any) -> None:
    path = folder(a=SPEC, perfeval="")
    assert "holds settings, not a spec" in the_only_problem(path / "perfeval.toml")
    (path / "sub").mkdir()
    (path / "sub" / "perfeval.toml").write_text("")
    assert "read only at the top of the folder" in the_only_problem(path)


def test_a_byte_order_mark_is_no_mistake(folder: Any) -> None:
    specs = load_specs(folder(a=SPEC.encode("utf-8-sig")))
    assert specs.inputs[0].encoding == "utf-8-sig"


# What is wrong with TOML


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        # keys
        ("weight = 20", "wieght = 20", ":20: unknown key wieght; did you mean weight?"),
        ("name = ", "nmae = ", ":3: unknown key nmae; did you mean name?"),
        ("total =", "totle =", ":9: unknown key totle; did you mean total?"),
        ("overview", "zzz", ":13: unknown key zzz; known here are overview, basis, schedule, g"),
        ("[budget]", "[bugdet]", ":8: unknown key bugdet; did you mean budget?"),
        (
            'target = "≥ 9000 人"\n',
            "",
            ":15: the key target is missing; add it, for instance: targ",
        ),
        ('name = "慰问退休干部"\n', "", ":15: the key name is missing"),
        ("schema = 1\n", "", ":1: the key schema is missing; add it, for instance: schema = 1"),
        ("department", "# ", ":1: the key department is missing"),
        # types
        ("weight = 20", 'weight = "20"', ':20: weight is "20"; a number without quotation marks'),
        ("weight = 20", "weight = true", ":20: weight is true; a number without quotation marks"),
        ("weight = 20", "weight = [20]", ":20: weight is [20]; a number"),
        ("weight = 20", "weight = 2023-01-01", ":20: weight is 2023-01-01; a number"),
        ("weight = 20", 'weight = 20\ncore = "是"', ':21: core is "是"; true or false is exp'),
        ("year = 2023", 'year = "2023"', ':5: year is "2023"; a whole number without quota'),
        ("year = 2023", "year = 2023.0", ":5: year is 2023.0; a whole number"),
        ("year = 2023", "year = true", ":5: year is true; a whole number"),
        ('"50011023T000003385078"', "50011023", ":2: code is 50011023; text in quotation marks"),
        ('"≥ 9000 人"', "[9000]", ":19: target is [9000]; text in quotation marks or a number"),
        ('"≥ 9000 人"', "true", ":19: target is true; text in quotation marks or a number"),
        ("total = 131.40", 'total = "131.40"', ':9: total is "131.40"; a number'),
        ("[budget]\ntotal = 131.40\nlocal = 131.40", "budget = 131.4", ":8: budget is 131.4; a s"),
        # values
        ("weight = 20", "weight = nan", ":20: weight is nan; a finite number"),
        ("weight = 20", "weight = -inf", ":20: weight is -inf; a finite number"),
        ("weight = 20", "weight = 1e999", ":20: weight is inf; a finite number"),
        ("weight = 20", "weight = 0.1234567890123456", "more than 15 significant digits"),
        ("weight = 20", "weight = 12345678901234567", "more than 15 significant digits"),
        ("total = 131.40", "total = inf", ":9: total is inf; a finite number"),
        ("total = 131.40", "total = 1234567890123.456", ":9: total is 1234567890123.456, a num"),
        ("year = 2023", "year = 23", ":5: year is 23; a year between 1949 and 2100"),
        ("year = 2023", f"year = {10**30}", "more than 15 significant digits"),
        ("weight = 20", "weight = 20\npass_threshold = 60", ":21: pass_threshold is 60; a share"),
        ('"慰问退休干部"', '"\u3000"', ":18: name is empty"),
        ('level1 = "产出指标"', 'level1 = ""', ":16: level1 is empty"),
        ('"50011023T000003385078"', '""', ":2: code is empty"),
        ('"50011023T000003385078"', '"5.00110230E+20"', ":2: code is 5.00110230E+20: a spre"),
        # the whole
        ("schema = 1", "schema = 2", ":1: schema is 2, but this perfeval knows schema 1 only"),
        ("schema = 1", "schema = 0", ":1: schema is 0, but this perfeval knows schema 1 only"),
        ("schema = 1", 'schema = "1"', ':1: schema is "1"; a whole number'),
        (
            'name = "退休干部满意度"',
            "name = 退休",
            ":25: TOML syntax error in “name = 退休”: write key = value",
        ),
        (
            "year = 2023",
            "year = “2023”",
            ":5: TOML syntax error in “year = “2023””: use the half-width",
        ),
        ("[budget]", "[budget", ":8: TOML syntax error"),
        (
            "year = 2023",
            "year = 2023\nyear = 2024",
            ":6: TOML syntax error in “year = 2024”: write",
        ),
        ("weight = 20", f"weight = {'9' * 5000}", ":20: a number has thousands of digits"),
        ("weight = 20", f"weight = {'[' * 100_000}", "nested more than 16 deep"),
        ("[budget]", f"[budget.{'a.' * 5000}a]", "nested more than 16 deep"),
        ("weight = 20", "weight = 2\0", ":20: the text holds a NUL character"),
    ],
)
def test_a_mistake_is_told_once_with_its_line(
    folder: Any, before: str, after: str, words: str
) -> None:
    path = folder(a=changed(before, after))
    message = the_only_problem(path)
    assert message.startswith(str(path / "a.toml"))
    assert words in message
    assert len(message) < 500


@pytest.mark.parametrize(
    ("indicators", "words"),
    [
        ("", "the key indicators is missing; add it, for instance: [[indicators]]"),
        ("indicators = []", "indicators is []; a section [[indicators]] for each of them"),
        ("indicators = [1]", "indicators is 1; a section [indicators] with keys of its own"),
        ("[indicators]\nname = 1", "indicators is {name}; a section [[indicators]] for each"),
    ],
)
def test_a_spec_without_indicators(folder: Any, indicators: str, words: str) -> None:
    head = SPEC.partition("[budget]")[0]
    assert words in the_only_problem(folder(a=head + indicators))


def test_all_problems_of_all_files_in_order(folder: Any) -> None:
    path = folder(
        c=changed("weight = 20", "wieght = -20").replace("weight = 10.5", "weight = nan"),
        a=changed("year = 2023", 'year = "2023"').replace("total =", "totle ="),
        b="schema = 1\ncode =",
        d=b"schema = 1\nname = \xff",
        perfeval="polcy = 1",
    )
    places = [message.removeprefix(f"{path}/").partition(": ")[0] for message in refused(path)]
    assert places == [
        "perfeval.toml:1",
        "a.toml:5",
        "a.toml:9",
        "b.toml:2",
        "c.toml:2",  # the code of a.toml
        "c.toml:20",
        "c.toml:27",
        "d.toml:2",
    ]


def test_one_code_in_two_files(folder: Any) -> None:
    path = folder(a=SPEC, b=changed("50011023T", "５００１１０２３T"))
    message = the_only_problem(path)
    assert (
        f"b.toml:2: the project code ５００１１０２３T000003385078 is already that of {path}/a"
        in message
    )


def test_an_indicator_twice_under_one_level_2_is_for_the_rules(folder: Any) -> None:
    """It is read as it is; D101 tells it."""
    text = SPEC.replace("退休干部满意度", "慰问 退休干部").replace("服务对象满意度", "数量")
    assert len(load_specs(folder(a=text)).indicators) == 2


def test_one_name_under_two_level_2_is_told_apart(folder: Any) -> None:
    specs = load_specs(folder(a=SPEC.replace("退休干部满意度", "慰问退休干部")))
    assert specs.indicators["indicator"].n_unique() == 1


@pytest.mark.parametrize(
    ("written", "read"), [("weight = 0", 0.0), ("weight = -20", -20.0), ("", None)]
)
def test_an_unsound_weight_is_left_to_the_consistency_rules(
    folder: Any, written: str, read: float | None
) -> None:
    specs = sound(load_specs(folder(a=changed("weight = 20", written))))
    assert specs.indicators["weight"].to_list() == [read, 10.5]


def test_a_folder_without_specs(folder: Any) -> None:
    path = folder(perfeval='policy = "general"')
    message = the_only_problem(path)
    assert "the folder holds no specs (.toml); write one TOML file per project" in message
    assert f"perfeval import FILE -o {path}" in message


def test_a_missing_spec_with_a_near_name(folder: Any) -> None:
    path = folder(退休干部=SPEC)
    assert "did you mean" in the_only_problem(path / "退休干.toml")
    assert "specs?" in the_only_problem(path.parent / "spec")


def test_gb18030_is_no_toml(folder: Any) -> None:
    message = the_only_problem(folder(a=SPEC.encode("gb18030")))
    assert "the file is in gb18030, but TOML is always UTF-8; save it again as UTF-8" in message


def test_a_huge_file_is_not_read(folder: Any) -> None:
    assert "larger than 1 MB" in the_only_problem(folder(a="#" * 1_000_001))


def test_a_link_to_itself_is_told(folder: Any) -> None:
    path = folder(a=SPEC)
    (path / "b.toml").symlink_to(path / "b.toml")
    assert "b.toml: the file cannot be read" in the_only_problem(path)


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=100)
def test_no_bytes_raise_anything_but_an_input_error(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as root:
        Path(root, "a.toml").write_bytes(SPEC.encode() + data)
        try:
            load_specs(root)
        except InputError as error:
            texts = [problem.text("en") for problem in error.problems]
        else:
            texts = ["sound"]
    assert all(texts)


# TOML values of any kind under any key

VALUE = st.recursive(
    st.sampled_from(
        ["1", "1.5", "-7", '"x"', '""', "true", "nan", "2023-01-01", "07:32:00", "0xF"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
        inner.map(lambda item: f"{{a = {item}}}"),
    ),
    max_leaves=4,
)
KEYS = """schema code name department year type budget narrative level1 level2 target weight
operator unit core rule pass_threshold deadline zzz policy"""
KEY = st.sampled_from(KEYS.split())


@given(
    st.dictionaries(KEY, VALUE, max_size=5),
    st.dictionaries(KEY, VALUE, max_size=9),
)
@settings(deadline=None, max_examples=200)
def test_any_value_under_any_key_is_read_or_told(
    top: dict[str, str], indicator: dict[str, str]
) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in top.items())
    text += "[[indicators]]\n"
    text += "".join(f"{key} = {value}\n" for key, value in indicator.items())
    with tempfile.TemporaryDirectory() as root:
        Path(root, "a.toml").write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as error:  # code, name or a level is always missing
            load_specs(root)
    assert all(problem.file and problem.line for problem in error.value.problems)


# Tables

HEAD = (
    "project,project_name,department,year,level1,level2,indicator,operator,target,unit,weight,"
    "core,rule,pass_threshold\n"
)
ROWS = (
    "P1,退管,人社局,2023,产出指标,数量指标,慰问退休干部,≥,9000,人,20,是,,\n"
    "P1,退管,人社局,2023,满意度指标,服务对象满意度指标,满意度,,≥90%,,10.5,否,satisfaction,60%\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def writer(content: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "specs.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return writer


def test_a_table_of_specs(table: Any) -> None:
    path = table(HEAD + ROWS)
    specs = sound(load_specs(path))
    assert specs.projects.select("project", "name", "department", "year", "line").rows() == [
        ("P1", "退管", "人社局", 2023, 2)
    ]
    assert specs.indicators.drop("file", "sheet").rows() == [
        ("P1", "产出指标", "数量指标", "慰问退休干部", "≥", "9000", "人", 20.0, True, None, None,
         None, 2),
        ("P1", "满意度指标", "服务对象满意度指标", "满意度", "", "≥90%", "", 10.5, False,
         "satisfaction", 0.6, None, 3),
    ]  # fmt: skip
    assert [(one.path, one.rows) for one in specs.inputs] == [(str(path), 2)]


def test_a_table_and_toml_say_the_same(table: Any, folder: Any) -> None:
    text = (
        "项目编码,项目名称,部门,年度,项目类型,一级指标,二级指标,三级指标,指标值,权重\n"
        "50011023T000003385078,机关事业单位退休干部管理及活动专项,"
        "212001-重庆市綦江区人力资源和社会保障局（本级）,2023年,专项业务,"
        "产出指标,数量指标,慰问退休干部,≥ 9000 人,20\n"
        "50011023T000003385078,,,,,满意度指标,服务对象满意度指标,退休干部满意度,≥90%,10.5\n"
    )
    read = load_specs(table(text, "gb18030"))
    toml = load_specs(folder(a=SPEC))
    assert read.inputs[0].encoding == "gb18030"
    assert read.indicators.drop("file", "line").equals(toml.indicators.drop("file", "line"))
    columns = ["project", "name", "department", "year", "type"]
    assert read.projects.select(columns).equals(toml.projects.select(columns))


def test_parquet_of_specs(tmp_path: Path) -> None:
    frame = pl.read_csv((HEAD + ROWS).encode()).with_columns(weight=pl.Series([20.0, 10.5]))
    frame.write_parquet(tmp_path / "specs.parquet")
    specs = sound(load_specs(tmp_path / "specs.parquet"))
    assert specs.indicators["weight"].to_list() == [20.0, 10.5]
    assert specs.indicators["target"].to_list() == ["9000", "≥90%"]
    assert specs.projects["year"].to_list() == [2023]


def test_a_table_without_columns_for_operator_and_unit(table: Any) -> None:
    path = table(
        "project,project_name,department,level1,level2,indicator,target,weight\n"
        "P1,退管,人社局,产出指标,数量指标,走访,≥ 12 次,100\n"
    )
    row = sound(load_specs(path)).indicators.row(0, named=True)
    assert (row["operator"], row["target"], row["unit"]) == ("", "≥ 12 次", "")


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("部门,单位", ("人社局", "人")), ("单位,度量单位", ("人社局", "人"))],
)
def test_a_heading_of_two_meanings_yields(table: Any, heading: str, meaning: Any) -> None:
    path = table(
        f"项目编码,项目名称,{heading},一级指标,二级指标,指标,指标值,权重\n"
        "P1,退管,人社局,人,产出指标,数量指标,走访,12,100\n"
    )
    specs = load_specs(path)
    assert (specs.projects["department"][0], specs.indicators["unit"][0]) == meaning


def test_a_heading_of_two_meanings_is_asked_for(table: Any) -> None:
    path = table("项目编码,项目名称,单位,一级指标,二级指标,指标,指标值,权重,部门,计量单位\n1\n")
    message = the_only_problem(path)
    assert "the heading “单位” may mean department (部门), unit (度量单位)" in message


def row(**cells: str) -> str:
    values = {
        "project": "P2",
        "project_name": "就业",
        "department": "人社局",
        "year": "2023",
        "level1": "产出指标",
        "level2": "数量指标",
        "indicator": "培训",
        "operator": "≥",
        "target": "10",
        "unit": "人",
        "weight": "20",
        "core": "",
        "rule": "",
        "pass_threshold": "",
    }
    return ",".join((values | cells).values()) + "\n"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            {"weight": "二十"},
            ":4: weight (权重) is “二十”; a number of points is expected, such as 20",
        ),
        ({"weight": "二十分"}, ":4: weight (权重) is “二十分”; a number of points"),
        (
            {"weight": "20%"},
            ":4: weight (权重) is “20%”; percentages are read as points only",
        ),
        ({"weight": "1e5000"}, ":4: weight (权重) is “1e5000”; a number of points"),
        ({"weight": "nan"}, ":4: weight (权重) is nan; a finite number"),
        ({"weight": "inf"}, ":4: weight (权重) is inf; a finite number"),
        (
            {"weight": "0.1234567890123456"},
            ":4: weight (权重) is 0.1234567890123456, a number of more",
        ),
        ({"year": "去年"}, ":4: year (年度) is “去年”; a year is expected, such as 2023"),
        ({"year": "23"}, ":4: year (年度) is 23; a year between 1949 and 2100"),
        ({"core": "也许"}, ":4: core (核心) is “也许”; 是 or 否 (true or false) is expected"),
        ({"pass_threshold": "60"}, ":4: pass_threshold (及格线) is 60; a share between 0 and 1"),
        ({"pass_threshold": "六成"}, ":4: pass_threshold (及格线) is “六成”; a share is expected"),
        ({"project": ""}, ":4: project (项目编码) is empty"),
        ({"project_name": ""}, ":4: project_name (项目名称) is empty"),
        ({"department": ""}, ":4: department (部门) is empty"),
        (
            {"level1": ""},
            ":4: level1 (一级指标) is empty; fill it in (in every row, also where cells were",
        ),
        ({"indicator": ""}, ":4: indicator (三级指标) is empty"),
        (
            {"project": "P1", "project_name": "退休"},
            ":4: project_name (项目名称) of project P1 is “退休”",
        ),
        (
            {"project": "P1", "project_name": "", "year": "2024"},
            ":4: year (年度) of project P1 is “2024”",
        ),
        ({"project": "5.0011E+20"}, "a spreadsheet has turned the code into a number"),
    ],
)
def test_a_bad_cell_is_told_once_with_its_line(table: Any, cells: Any, words: str) -> None:
    assert words in the_only_problem(table(HEAD + ROWS + row(**cells)))


@pytest.mark.parametrize("weight", ["20", "20.0", "+20", "２０", "2e1", "020.00000000000000000"])
def test_spellings_of_a_weight(table: Any, weight: str) -> None:
    assert load_specs(table(HEAD + row(weight=weight))).indicators["weight"][0] == 20.0


def test_a_table_without_weights_can_be_read(table: Any) -> None:
    cells = [row(weight=""), row(indicator="考试", weight="-5")]
    assert load_specs(table(HEAD + "".join(cells))).indicators["weight"].to_list() == [None, -5.0]
    head = "项目编码,项目名称,部门,一级指标,二级指标,指标,指标值\n"
    assert load_specs(table(head + "P1,绿化,林业局,产出,数量,造林,≥3万亩\n")).indicators[
        "weight"
    ].to_list() == [None]


def test_shares_in_percent_are_exact(table: Any) -> None:
    shares = ["60%", "33.3%", "0.333", " 7 %", "１００％"]
    rows = "".join(
        row(indicator=f"i{number}", pass_threshold=share) for number, share in enumerate(shares)
    )
    read = load_specs(table(HEAD + rows)).indicators["pass_threshold"].to_list()
    assert read == [0.6, 0.333, 0.333, 0.07, 1.0]


def test_all_problems_of_a_table_at_once_and_bounded(table: Any) -> None:
    rows = "".join(row(indicator=f"i{number}", weight="x") for number in range(500))
    messages = refused(table(HEAD + rows + row(core="?", weight="-1", rule="a,b")))
    told = [message for message in messages if "weight (权重) is “x”" in message]
    assert len(told) == tables.SHOWN
    others = [message for message in messages if message not in told]
    path = f"{others[0].partition('specs.csv')[0]}specs.csv"
    assert others == [
        f"{path}: weight (权重): 480 more rows with the same problem",
        f"{path}:502: the row has 15 cells, the header 14: "
        "P2,就业,人社局,2023,产出指标,数量指标,培训,≥,10,人,-1,?,a,b,; a number with a thousands"
        ' comma needs quotes ("1,000")',
    ]


def test_a_row_with_too_many_cells(table: Any) -> None:
    message = the_only_problem(table(HEAD + ROWS + row(target="1,000")))
    assert ":4: the row has 15 cells, the header 14: P2,就业" in message


def test_a_column_that_no_table_of_specs_has(table: Any) -> None:
    path = table(HEAD.replace("weight", "wieght") + ROWS)
    specs = load_specs(path)
    assert [note.text() for note in specs.notes] == [
        f"{path}:1: the column of the unknown heading “wieght” is not read; did you mean weight?"
    ]
    assert specs.indicators["weight"].null_count() == len(specs.indicators)
    message = the_only_problem(table(HEAD.replace("target", "tagret") + ROWS))
    assert ":1: unknown heading “tagret”; did you mean target" in message


def test_a_table_may_hold_budgets_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "specs.csv"
    head = "项目编码,项目名称,部门,一级指标,二级指标,三级指标,指标值,权重,项目预算总额,绩效目标"
    path.write_text(
        f"{head}\nP1,走访,某局,产出指标,数量指标,走访,≥ 5 次,60,131.40,服好务\n"
        "P1,,,产出指标,数量指标,座谈,≥ 5 次,40,,\n",
        "utf-8",
    )
    project = load_specs(path).projects.row(0, named=True)
    assert (project["budget_total"], project["goal"]) == (131.4, "服好务")
    path.write_text(path.read_text("utf-8").replace("131.40", "约130"), "utf-8")
    with pytest.raises(InputError, match="“约130”; an amount in 万元 is expected"):
        load_specs(path)

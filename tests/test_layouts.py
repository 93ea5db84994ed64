"""Layouts: target tables, self-evaluations and lists, recognised as real tables have them."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import quantity, tables
from perfeval.problems import InputError, Problem
from perfeval.sources.layouts import Contents, frames, read_contents
from perfeval.sources.specs import load_specs
from perfeval.sources.targets import read_target_tables
from tests import books

SPECS = Path(__file__).parents[1] / "specs"
REAL = [
    tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    for path in books.spec_files(SPECS)
]
CASES = books.published("selfeval")

HEAD = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
ROWS = [
    ["产出指标(50分)", "数量指标", "走访人数", "≥50人", "48人", "50", "48", "路途远"],
    ["效益指标", "社会效益指标", "知晓率", "≥90%", "95%", "30", "30", ""],
]


@pytest.fixture
def contents(tmp_path: Path) -> Callable[..., Contents]:
    """What a workbook of these sheets holds: rows each, or functions that write one."""

    def read(*sheets: Any) -> Contents:
        written = [
            (f"表{number}", sheet if callable(sheet) else books.rows_of(sheet))
            for number, sheet in enumerate(sheets, 1)
        ]
        return read_contents(books.save(tmp_path / "book.xlsx", written))

    return read


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read_contents(path)
    return [problem.text() for problem in error.value.problems]


def notes(contents: Contents) -> list[str]:
    return [note.text().partition(": ")[2] for note in contents.notes]


def problems(contents: Contents) -> list[str]:
    return [problem.text().rpartition("/")[2] for problem in contents.problems]


def actuals(contents: Contents, *columns: str) -> list[tuple[Any, ...]]:
    sheet = frames.actuals(contents)
    assert sheet is not None
    tables.check(sheet.frame, tables.ACTUALS)
    return sheet.frame.select(columns or ("project", "indicator", "actual", "score", "line")).rows()


# Target tables: the real ones of a disclosure, as the workbooks that they were printed from


def test_the_real_target_tables_are_the_same_from_a_workbook_as_from_the_text(
    contents: Callable[..., Contents],
) -> None:
    read = contents(*((lambda sheet, s=spec: books.target_table(sheet, s)) for spec in REAL))
    assert frames.spec_dicts(read) == REAL
    assert not read.problems
    assert notes(read)[:2] == [
        "target table: 212001, indicators: 29 (rows 10 to 38)",
        "target table: 50011023T000003176409, indicators: 5 (rows 17 to 21)",
    ]
    targets = frames.targets(read)
    assert targets is not None
    assert not targets.errors
    tables.check(targets.projects, tables.PROJECTS)
    tables.check(targets.indicators, tables.INDICATORS)
    assert targets.projects["budget_total"].to_list()[:2] == [4284.875819, 10.0]
    assert targets.indicators.row(0) == (
        "212001", "产出指标", "数量指标", "城镇新增就业", "≥", "10000", "人", 5.0, None, None, None,
        None, read.input.path, "表1", 10,
    )  # fmt: skip


def test_persons_and_their_numbers_are_never_kept(contents: Callable[..., Contents]) -> None:
    def write(sheet: Any) -> None:
        books.target_table(sheet, REAL[1])
        sheet["D6"], sheet["F6"] = "张三丰", "13912345678"
        sheet.append(["填表人：李四光", None, "联系电话：023-48671234"])
        sheet.append(["单位负责人", "王五"])

    read = contents(write)
    said = repr((frames.spec_dicts(read), problems(read), notes(read)))
    for word in ("张三丰", "139", "李四光", "4867", "王五", "某某"):
        assert word not in said
    assert frames.spec_dicts(read) == [REAL[1]]


# Self-evaluations: published ones in the national layout


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    path = tmp_path_factory.mktemp("books") / "自评表.xlsx"
    sheets = [
        (name, lambda sheet, c=case: books.evaluation(sheet, c)) for name, case in CASES.items()
    ]
    return read_contents(books.save(path, sheets))


def test_published_self_evaluations_arrive_row_by_row(national: Contents) -> None:
    printed = [row for case in CASES.values() for row in case]
    read = actuals(national, "project", "level2", "indicator", "actual", "unit", "score", "sheet")
    assert read == [
        (
            row["project"], row["level2"], row["name"], row["actual_raw"], row["unit_col"],
            row["score"], row["case_id"],
        )
        for row in printed
    ]  # fmt: skip
    assert not national.problems


def test_their_target_side_is_kept_as_printed(national: Contents) -> None:
    targets = frames.targets(national)
    assert targets is not None
    tables.check(targets.projects, tables.PROJECTS)
    tables.check(targets.indicators, tables.INDICATORS)
    printed = [row for case in CASES.values() for row in case if any(r["weight"] for r in case)]
    columns = ("level1", "indicator", "operator", "target", "unit", "weight")
    assert targets.indicators.select(columns).rows() == [
        (
            row["level1"] or {"数量指标": "产出指标", "质量指标": "产出指标"}[row["level2"]],
            row["name"], row["operator_col"], row["target_raw"], row["unit_col"],
            float(row["weight"]),
        )
        for row in printed
    ]  # fmt: skip
    weightless = [problem.text() for problem in targets.errors]
    assert len(weightless) == 4  # S19, S20, N03 and N06 are printed without a column of weights
    assert all("the table has no column of weights (权重, 分值)" in text for text in weightless)


def test_their_blocks_of_funds_become_execution(national: Contents) -> None:
    paid = frames.execution(national)
    assert paid is not None
    tables.check(paid.frame, tables.EXECUTION)
    rows = paid.frame.select("project", "budget_initial", "budget", "spent", "score", "line").rows()
    assert ("部门整体支出", "329.77", "329.77", "338.31", "", 6) in rows
    # Of S01 the row of the total counts, not the fiscal one below it that says something else.
    assert ("委托业务项目", "0", "0", "0", "0", 6) in rows
    # S07 and S24 print 元.
    assert ("义务教育营养改善计划专项资金", "", "387664.62元", "387664.62元", "10", 6) in rows
    assert ("与委托运营方结算费用", "250000.00元", "250000.00元", "215,457.6元", "8.62", 6) in rows
    assert "(table head cut off)" not in {row[0] for row in rows}  # its block is blank


def test_their_claims_are_kept_for_a_review(national: Contents) -> None:
    claims = {row["project"]: row for row in frames.claims(national).iter_rows(named=True)}
    school = claims["义务教育营养改善计划专项资金"]
    assert (school["weight"], school["score"], school["line"]) == ("100", "96", 20)
    assert (school["execution_weight"], school["execution_rate"]) == ("10", "100%")


def test_the_department_title_and_year_of_a_self_evaluation(national: Contents) -> None:
    targets = frames.targets(national)
    assert targets is not None
    row = targets.projects.row(0, named=True)
    assert row["department"] == "池州市贵池区棠溪镇人民政府"
    assert (row["year"], row["goal"], row["sheet"], row["line"]) == (
        2022,
        "完成年度工作。",
        "S01",
        1,
    )


# Chongqing's form: columns of its own, no project resources of the nation's


CHONGQING: list[list[Any]] = [
    ["2023年项目绩效目标自评表"],
    ["项目名称", "就业创业培训", None, "项目编码", "50011023T000003384855"],
    ["主管部门", "某区人力社保局", None, "财政科室", "社保科"],
    ["项目联系人", "某某", None, "联系电话", "00000000"],
    ["资金情况（万元）", "年初预算数", "全年（调整）预算数", "全年执行数", "执行率（%）",
     "执行率权重（分）", "执行率得分（分）"],
    ["年度总金额", 100, 120, 91.2, 0.76, 10, 7.6],
    ["其中：本级资金", 100, 120, 91.2],
    ["当年绩效目标", "年初绩效目标", None, "全年（调整）绩效目标", None, "全年目标实际完成情况"],
    [None, "培训1000人。", None, "培训1200人。", None, "已培训1300人。"],
    ["绩效指标", "一级指标", "二级指标", "三级指标", "计量单位", "指标性质", "年初指标值",
     "调整指标值", "全年完成值", "得分系数", "指标权重（分）", "指标得分（分）", "是否核心指标",
     "说明"],
    [None, "产出指标", "数量指标", "培训人数", "人", "≥", 1000, 1200, 1300, 1, 60, 60, "是", None],
    [None, None, "质量指标", "合格率", "%", "≥", 95, "/", 90, 0.947, 30, 28.42, "否", "考试改革"],
    ["合计", None, None, None, None, None, None, None, None, None, 90, 88.42],
    ["自评总分", 96.02, "自评等级", "优"],
]  # fmt: skip


def test_the_form_of_chongqing(contents: Callable[..., Contents]) -> None:
    read = contents(CHONGQING)
    assert notes(read) == [
        "self-evaluation form of Chongqing: 50011023T000003384855, indicators: 2 (rows 11 to 12)"
    ]
    assert not read.problems
    targets, paid = frames.targets(read), frames.execution(read)
    assert targets is not None
    assert paid is not None
    assert targets.indicators.select("indicator", "operator", "target", "unit", "core").rows() == [
        ("培训人数", "≥", "1200", "人", True),  # the adjusted value replaces the initial one
        ("合格率", "≥", "95", "%", False),
    ]
    assert targets.projects.select(
        "project", "name", "department", "goal", "budget_total"
    ).rows() == [("50011023T000003384855", "就业创业培训", "某区人力社保局", "培训1000人。", 100.0)]
    assert paid.frame.select("budget_initial", "budget", "spent", "score").rows() == [
        ("100", "120", "91.2", "7.6")
    ]
    assert actuals(read, "indicator", "actual", "unit", "score", "reason") == [
        ("培训人数", "1300", "人", "60", ""),
        ("合格率", "90", "%", "28.42", "考试改革"),
    ]
    [claim] = frames.claims(read).iter_rows(named=True)
    assert (claim["score"], claim["grade"]) == ("88.42", "优")
    assert (claim["execution_weight"], claim["execution_rate"]) == ("10", "0.76")
    [region] = read.regions
    assert read.layouts == ("chongqing",)
    assert (region.cells[6, "spent"], region.cells[6, "execution_score"]) == ("D6", "G6")
    assert (region.sheet, region.first, region.last) == ("表1", 11, 12)
    assert {name: region.columns[name] for name in ("actual", "weight", "target_adjusted")} == {
        "actual": "I", "weight": "K", "target_adjusted": "H",
    }  # fmt: skip


# Headings and rows, wherever and however they stand


@given(st.randoms(use_true_random=False), st.integers(0, 3), st.integers(0, 2))
@settings(max_examples=25, deadline=None)
def test_the_order_and_place_of_columns_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, mixed: random.Random, above: int, left: int
) -> None:
    order = list(range(len(HEAD)))
    mixed.shuffle(order)
    blank: list[Any] = [None] * left
    rows = [[]] * above + [blank + [row[at] for at in order] for row in (HEAD, *ROWS)]
    path = tmp_path_factory.mktemp("books") / "book.xlsx"
    read = read_contents(books.save(path, [("表", books.rows_of(rows))]))
    assert actuals(read, "indicator", "level2", "actual", "score", "reason", "line") == [
        ("走访人数", "数量指标", "48人", "48", "路途远", above + 2),
        ("知晓率", "社会效益指标", "95%", "30", "", above + 3),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "一级指标 二级指标 三级指标 指标值 全年完成值 分值 自评得分 未完成原因分析",
        "一级指标 二级指标 指标名称 年度指标值（A） 实际完成值（B） 分值 得分 偏差原因及改进措施",
        "一级 指标|二级 指标|三级 指标|年度\n指标值|实际\n完成值|分 值|得 分|偏差原因\n分析",
        "一级指标 二级指标 绩效指标 年度目标值 实际值 权重（分） 指标得分（分） 偏差说明",
    ],
)
def test_spellings_of_headings(contents: Callable[..., Contents], headings: str) -> None:
    names = headings.split("|") if "|" in headings else headings.split()
    assert actuals(contents([names, *ROWS]), "indicator", "actual", "score", "reason") == [
        ("走访人数", "48人", "48", "路途远"),
        ("知晓率", "95%", "30", ""),
    ]


def test_headings_of_two_rows(contents: Callable[..., Contents]) -> None:
    def write(sheet: Any) -> None:
        sheet.append(["绩效指标", None, None, "年度指标值", "完成情况", None, "分值", "得分"])
        sheet.append(["一级指标", "二级指标", "三级指标", None, "实际完成值", "偏差原因"])
        for row in ROWS:
            sheet.append([*row[:5], row[7], *row[5:7]])
        for area in ("A1:C1", "E1:F1", "D1:D2", "G1:G2", "H1:H2"):
            sheet.merge_cells(area)

    assert actuals(contents(write), "indicator", "actual", "score", "reason") == [
        ("走访人数", "48人", "48", "路途远"),
        ("知晓率", "95%", "30", ""),
    ]


def test_a_label_beside_the_table_is_no_heading(contents: Callable[..., Contents]) -> None:
    def write(sheet: Any) -> None:
        sheet.append(["绩效指标", *HEAD])
        for row in ROWS:
            sheet.append([None, *row])
        sheet.merge_cells("A1:A3")

    assert [row[0] for row in actuals(contents(write), "indicator")] == ["走访人数", "知晓率"]
    bare = [["绩 效 指 标", *HEAD], *([None, *row] for row in ROWS)]  # as CSV has it
    assert [row[0] for row in actuals(contents(bare), "indicator")] == ["走访人数", "知晓率"]


def test_levels_are_filled_down_also_where_nothing_is_merged(
    contents: Callable[..., Contents],
) -> None:
    rows = [
        HEAD,
        ["产出指标\n(50分)", "数量指标", "甲", "1", "1", "10", "10"],
        [None, None, "乙", "1", "1", "10", "10"],
        [None, "质量指标", "丙", "1", "1", "10", "10"],
        ["效益指标", None, "丁", "1", "1", "10", "10"],
        ["满意度指标", "满意度指标", "戊", "1", "1", "10", "10"],
    ]
    targets = frames.targets(contents(rows))
    assert targets is not None
    assert targets.indicators.select("level1", "level2", "indicator").rows() == [
        ("产出指标(50分)", "数量指标", "甲"),
        ("产出指标(50分)", "数量指标", "乙"),
        ("产出指标(50分)", "质量指标", "丙"),
        ("效益指标", "", "丁"),  # a level 2 does not outlive its level 1
        ("满意度指标", "满意度指标", "戊"),
    ]


def test_without_a_column_of_level_1_the_family_of_level_2_tells(
    contents: Callable[..., Contents],
) -> None:
    rows = [HEAD[1:], *(row[1:] for row in ROWS), ["服务态度", "态度", "好", "好", "5", "5"]]
    targets = frames.targets(contents(rows))
    assert targets is not None
    assert targets.indicators["level1"].to_list() == ["产出指标", "效益指标", "未列明"]


@pytest.mark.parametrize("word", ["合计", "总分", "总 分", "小计", "合计："])
@pytest.mark.parametrize("column", [0, 2])
def test_sums_are_no_indicators(contents: Callable[..., Contents], word: str, column: int) -> None:
    total = [*[None] * column, word, *[None] * (4 - column), "80", "78"]
    read = contents([["项目名称", "一"], HEAD, ROWS[0], total, ROWS[1]])
    assert [row[0] for row in actuals(read, "indicator")] == ["走访人数", "知晓率"]
    assert not read.problems


def test_numbered_names_and_the_rows_of_a_blank_form(contents: Callable[..., Contents]) -> None:
    rows = [
        HEAD,
        ["产出指标", "数量指标", "指标1：走访人数", "≥50人", "48人", "50", "48"],
        [None, None, "指标2："],
        [None, "质量指标", "……"],
        [None, None, None],
    ]
    read = contents(rows)
    assert actuals(read, "indicator", "actual") == [("走访人数", "48人")]


def test_of_two_columns_the_one_with_operators_holds_them(
    contents: Callable[..., Contents],
) -> None:
    # 巴彦淖尔 2024: 指标性质 holds 正向, 指标方向 the operator in words.
    head = [
        "一级指标",
        "三级指标",
        "指标性质",
        "指标方向",
        "指标值",
        "度量单位",
        "权重",
        "实际完成值",
    ]
    read = contents([head, ["产出指标", "租车次数", "正向", "大于等于", "1", "次", "8", "1"]])
    targets = frames.targets(read)
    assert targets is not None
    assert targets.indicators.select("operator", "target").rows() == [("大于等于", "1")]


def test_two_columns_for_one_thing_are_asked_about(contents: Callable[..., Contents]) -> None:
    read = contents(
        [
            ["一级指标", "三级指标", "指标值", "分值", "权重", "得分"],
            ["产出指标", "甲", 1, 25, 0.25, 25],
        ]
    )
    targets = frames.targets(read)
    assert targets is not None
    [problem] = targets.errors
    assert "book.xlsx:表1!1: the columns D1, E1 all hold weight (权重)" in problem.text()


def test_several_tables_in_a_sheet_and_several_sheets(contents: Callable[..., Contents]) -> None:
    def form(name: str, actual: str) -> list[list[Any]]:
        return [
            ["项目支出绩效自评表"],
            ["项目名称", name],
            HEAD,
            [*ROWS[0][:4], actual, "90", "9"],
            [],
        ]

    listed = [["项目编码", "三级指标", "实际完成值"], ["P3", "甲", "3"]]
    read = contents([*form("一", "1"), *form("二", "2"), *listed], form("四", "4"))
    assert actuals(read, "project", "actual", "sheet", "line") == [
        ("一", "1", "表1", 4),
        ("二", "2", "表1", 9),
        ("四", "4", "表2", 4),
        ("P3", "3", "表1", 12),
    ]


def test_headings_that_a_new_page_repeats_begin_no_table(contents: Callable[..., Contents]) -> None:
    read = contents([["项目名称", "一"], HEAD, ROWS[0], HEAD, ROWS[1]])
    assert len(read.forms) == 1
    assert [row[0] for row in actuals(read, "indicator")] == ["走访人数", "知晓率"]


def test_what_has_no_place_is_told_by_its_cells_alone(contents: Callable[..., Contents]) -> None:
    rows = [["分管科长", "张三"], ["项目名称", "一"], HEAD, ROWS[0], [None] * 8 + ["旁注"], ROWS[1]]
    read = contents(rows)
    assert problems(read) == [
        "book.xlsx:表1: 1 cells between the indicators have no place in a table and were left out:"
        " I5; check them",
        "book.xlsx:表1: 2 cells above the indicators have no known label and were left out: A1, B1;"
        " check them",
    ]


def test_a_weight_that_is_none_is_told_with_its_cell(contents: Callable[..., Contents]) -> None:
    rows = [["项目名称", "一"], HEAD, [*ROWS[0][:5], "五分"], [*ROWS[1][:5], None, "3"]]
    read = contents(rows)
    targets = frames.targets(read)
    assert targets is not None
    assert [problem.text().rpartition("/")[2] for problem in targets.errors] == [
        "book.xlsx:表1!F3: the weight of the indicator 走访人数 is “五分”; a number of points is"
        " expected"
    ]
    assert (
        "book.xlsx:表1!F4: the indicator 知晓率 has no weight (权重, 分值); it counts 0 points"
        in (problems(read))
    )


def test_doubtful_cells_of_a_table_are_told_and_others_not(
    contents: Callable[..., Contents],
) -> None:
    row = [*ROWS[0][:4], "=1+1", "50", "48"]
    read = contents([["项目名称", "一"], HEAD, row, ["合计", None, None, None, None, "=F3", "=G3"]])
    assert [text for text in problems(read) if "formula" in text] == [
        "book.xlsx:表1!E3: the cell holds the formula =1+1 without its result; open the file in a"
        " spreadsheet program, let it compute, and save it"
    ]
    assert actuals(read, "actual") == [("公式 =1+1",)]
    assert quantity.read("公式 =1+1").issue == "formula"


def test_a_formula_without_its_result_is_no_target_and_no_weight(
    contents: Callable[..., Contents],
) -> None:
    rows = [[*ROWS[0][:3], "=120", "48", "50"], [*ROWS[1][:3], "≥90%", "95%", "=10+20"], ROWS[1]]
    read = contents([["项目名称", "一"], HEAD, *rows])
    targets = frames.targets(read)
    assert targets is not None
    assert [text.partition(" without")[0] for text in map(Problem.text, targets.errors)] == [
        f"{targets.errors[0].file}:表1!D3: the cell holds the formula =120",
        f"{targets.errors[0].file}:表1!F4: the cell holds the formula =10+20",
    ]
    assert targets.indicators["target"].to_list() == ["≥90%"]


def test_a_formula_in_a_list_is_no_target(
    contents: Callable[..., Contents], tmp_path: Path
) -> None:
    formula = [*PLACED[:6], "=120", *PLACED[7:]]
    targets = frames.targets(contents([LIST, PLACED, formula]))
    assert targets is not None
    assert [problem.text().partition("book.xlsx:")[2][:35] for problem in targets.errors] == [
        "表1!G3: the cell holds the formula =120"[:35]
    ]
    with pytest.raises(InputError, match="G3: the cell holds the formula =120"):
        read_target_tables(tmp_path / "book.xlsx")


def test_a_project_code_that_lost_digits_keeps_the_table_from_being_used(
    contents: Callable[..., Contents],
) -> None:
    targets = frames.targets(contents([["项目编码", 50011023000003385078], HEAD, *ROWS]))
    assert targets is not None
    [problem] = targets.errors
    assert "表1!B1: the number 5.00110230000034E+19 has more than 15 digits" in problem.text()


# Lists of many projects


LIST = ["项目编码", "项目名称", "主管部门", *HEAD[:4], "分值", "实际完成值", "得分"]
PLACED = ["P1", "走访", "某局", *ROWS[0][:4], "50", "48人", "48"]


def test_a_list_of_targets_and_actuals(contents: Callable[..., Contents]) -> None:
    rows = [["2023年绩效自评汇总表"], [], LIST, PLACED, ["合计", *[None] * 6, "50"], [None]]
    read = contents(rows)
    assert notes(read) == ["list of target tables, list of actuals: rows 4 to 4"]
    assert actuals(read) == [("P1", "走访人数", "48人", "48", 4)]
    assert frames.spec_dicts(read) == [
        {
            "schema": 1, "code": "P1", "name": "走访", "department": "某局",
            "indicators": [
                {
                    "level1": "产出指标(50分)", "level2": "数量指标", "name": "走访人数",
                    "target": "≥50人", "weight": 50,
                }
            ],
        }
    ]  # fmt: skip
    [region] = read.regions
    assert (region.columns["actual"], region.columns["weight"]) == ("I", "H")


def test_weights_of_a_list_are_read_as_people_write_them(
    contents: Callable[..., Contents], tmp_path: Path
) -> None:
    def listed(*weights: Any) -> Contents:
        rows = [[*PLACED[:5], f"人数{at}", "≥50人", text] for at, text in enumerate(weights)]
        return contents([LIST[:8], *rows])

    def points(*weights: Any) -> list[Any]:
        [spec] = frames.spec_dicts(listed(*weights))
        return [indicator["weight"] for indicator in spec["indicators"]]

    assert points("50%", "30.5%", "19.5％") == [50, Decimal("30.5"), Decimal("19.5")]
    assert points("10 分", "22.5分", "—", None) == [10, Decimal("22.5"), 0, 0]
    assert problems(listed("10", "—", None)) == [
        "book.xlsx:表1: 2 indicators have no weight (权重, 分值) and count 0 points: H3, H4; fill"
        " them in"
    ]
    assert read_target_tables(tmp_path / "book.xlsx").specs[0]["indicators"][2]["weight"] == 0
    for weights in (("50%", "30%"), ("50%", "50"), ("五分", "95"), ("nan", "9")):
        with pytest.raises(InputError, match="weight"):
            frames.spec_dicts(listed(*weights))


def test_weights_of_a_form_are_points_or_percentages(contents: Callable[..., Contents]) -> None:
    def weights(*texts: str) -> list[Any]:
        rows = [[*row[:5], text] for row, text in zip(ROWS, texts, strict=True)]
        return [
            each["weight"]
            for each in frames.spec_dicts(contents([["项目名称", "一"], HEAD[:6], *rows]))[0][
                "indicators"
            ]
        ]

    assert weights("60%", "40%") == [60, 40]
    assert weights("60 分", "40分") == [60, 40]
    assert weights("60%", "40") == [40]


def test_merged_cells_of_a_list_hold_for_all_their_rows(contents: Callable[..., Contents]) -> None:
    def write(sheet: Any) -> None:
        sheet.append(["项目名称", "三级指标", "实际完成值"])
        sheet.append(["走访", "甲", "1"])
        sheet.append([None, "乙", "2"])
        sheet.merge_cells("A2:A3")

    assert actuals(contents(write), "project", "indicator") == [("走访", "甲"), ("走访", "乙")]


def test_a_list_of_execution_in_yuan(contents: Callable[..., Contents]) -> None:
    rows = [
        ["项目编码", "年初预算数（元）", "全年预算数（元）", "全年执行数（元）"],
        ["P1", 1000, 2000, 1500.5],
    ]
    paid = frames.execution(contents(rows))
    assert paid is not None
    assert paid.frame.select("project", "budget_initial", "budget", "spent").rows() == [
        ("P1", "1000元", "2000元", "1500.5元")
    ]


def test_remarks_are_the_reason_where_no_other_column_holds_it(
    contents: Callable[..., Contents],
) -> None:
    row = ["P1", "甲", "1", "雨季"]
    read = contents([["项目编码", "三级指标", "实际完成值", "说明"], row])
    assert actuals(read, "reason") == [("雨季",)]
    read = contents([["项目编码", "三级指标", "实际完成值", "说明", "偏差原因"], [*row, "缺料"]])
    assert actuals(read, "reason") == [("缺料",)]
    form = [["项目名称", "一"], [*HEAD[:7], "说明"], [*ROWS[0][:7], "雨季"]]
    assert actuals(contents(form), "reason") == [("雨季",)]


def test_the_headings_of_published_tables_are_known() -> None:
    read = read_target_tables(books.DATA / "targets.csv")
    rows = books.published("targets")
    assert len(read.specs) == len(rows)
    spec, printed = read.specs[0], next(iter(rows.values()))
    assert [each["name"] for each in spec["indicators"]] == [row["name"] for row in printed]
    assert [str(each["weight"]) for each in spec["indicators"]] == [
        row["weight_raw"] for row in printed
    ]


def test_a_column_that_nobody_knows_is_told_and_not_read(contents: Callable[..., Contents]) -> None:
    read = contents([["项目编码", "三级指标", "实际完成值", "偏差愿因"], ["P1", "甲", "1", "忘"]])
    [told] = problems(read)
    assert "the column of the unknown heading “偏差愿因” is not read; did you mean 偏差原因" in told
    assert actuals(read, "indicator", "reason") == [("甲", "")]


def test_text_under_no_heading_is_told(contents: Callable[..., Contents]) -> None:
    read = contents([["项目编码", "三级指标", "实际完成值"], ["P1", "甲", "1", None, "旁注"]])
    assert problems(read) == [
        "book.xlsx:表1: 1 cells stand under no heading and were left out: E2; check them"
    ]


# What is not recognised


def test_a_layout_that_nobody_knows_tells_what_was_found_and_what_is_nearest(
    tmp_path: Path,
) -> None:
    rows: list[list[Any]] = [
        ["年度工作"],
        ["一级指标", "三级指标", "负责人", "张三", "完成时间"],
        ["产出", "甲", "李四", 1, 2],
    ]
    path = books.save(tmp_path / "book.xlsx", [("表", books.rows_of(rows))])
    [told] = refused(path)
    assert told.startswith(
        f"{path}:表: no table is recognised here: the headings nearest to one are"
    )
    assert "一级指标, 三级指标" in told
    assert "(row 2)" in told
    assert "for a target table they lack target (指标值), weight (权重)" in told
    assert "张三" not in told


def test_headings_that_nobody_knows_are_shown(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["工资表"], ["姓名", "工资", "电话"], ["某某", 1, 2]]
    [told] = refused(books.save(tmp_path / "book.xlsx", [("表", books.rows_of(rows))]))
    assert "are 姓名, 工资, 电话 (row 2); for a target table they lack indicator" in told


def test_a_list_without_targets_tells_what_its_headings_lack(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["项目名称", "一级指标", "三级指标", "年度目标", "评分"],
        ["甲", "产出", "乙", "≥3", 10],
    ]
    path = books.save(tmp_path / "book.xlsx", [("表", books.rows_of(rows))])
    for read in (read_target_tables, load_specs):
        with pytest.raises(InputError) as error:
            read(path)
        told = error.value.problems[-1].text()
        assert (
            "表!1: its headings are 项目名称, 一级指标, 三级指标, 年度目标, 评分; for a list of"
            in told
        )
        assert "they lack target (指标值), weight (权重)" in told


def test_nothing_that_could_be_a_heading(tmp_path: Path) -> None:
    path = books.save(tmp_path / "book.xlsx", [("表", books.rows_of([["甲", "乙"]]))])
    [told] = refused(path)
    assert "no table is recognised here. Known are target tables and self-evaluation" in told
    empty = books.save(tmp_path / "empty.xlsx", [("表", books.rows_of([]))])
    assert refused(empty) == [f"{empty}: the file holds no text; a table of indicators is expected"]


def test_a_sheet_without_a_table_among_others_is_mentioned(
    contents: Callable[..., Contents],
) -> None:
    read = contents([["填表说明"], ["请用铅笔填写"]], [HEAD, *ROWS])
    assert "the table here is of no known layout; it is left out" in notes(read)


# Text tables are grids too


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_form_saved_as_csv(tmp_path: Path, encoding: str, separator: str) -> None:
    workbook = openpyxl.Workbook()
    books.evaluation(workbook.active, CASES["S07"])
    path = tmp_path / "自评表.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerows(workbook.active.iter_rows(values_only=True))
    read = read_contents(path)
    assert actuals(read, "indicator", "actual", "sheet", "line")[0] == (
        "受资助人数",
        "735",
        None,
        11,
    )
    assert len(actuals(read)) == 9
    paid = frames.execution(read)
    assert paid is not None
    assert paid.frame["spent"].to_list() == ["387664.62元"]

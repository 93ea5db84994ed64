"""A result as a workbook: what its sheets show, print and mark."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfeval import cli
from perfeval.reports.workbook import book as book_module
from perfeval.reports.workbook.result import write_workbook
from perfeval.scoring import ScoreResult, score
from tests.results import result as made
from tests.scoring import Row, run

TARGETS: list[Row] = [
    {"indicator": "慰问人数", "target": "≥ 9000 人", "weight": "50"},
    {"indicator": "效果", "operator": "定性", "target": "优", "weight": "20", "level2": "质量指标"},
    {"indicator": "满意度", "target": "≥ 90 %", "weight": "20", "level1": "满意度指标",
     "level2": "服务对象满意度指标"},
    {"indicator": "培训", "target": "≥ 10 期", "weight": "10", "level1": "满意度指标",
     "level2": "服务对象满意度指标"},
]  # fmt: skip
ACTUALS: list[Row] = [
    {"indicator": "慰问人数", "actual": "8914", "reason": "以实有人数为准", "deduction": "0.5"},
    {"indicator": "效果", "actual": "良"},
    {"indicator": "满意度", "actual": "约80"},
    {"indicator": "培训", "actual": "", "applicable": "否"},
]
MONEY: list[Row] = [{"budget_initial": "90", "budget": "100", "spent": "76"}]


def workbook(result: ScoreResult, lang: str = "zh") -> openpyxl.Workbook:
    file = BytesIO()
    write_workbook(result, file, lang)
    return openpyxl.load_workbook(file)


def values(result: ScoreResult) -> openpyxl.Workbook:
    file = BytesIO()
    write_workbook(result, file, "zh")
    return openpyxl.load_workbook(file, data_only=True)


def find(sheet: Any, text: str) -> Any:
    """The first cell that holds `text`, row by row."""
    return next(cell for row in sheet.iter_rows() for cell in row if cell.value == text)


def below(sheet: Any, heading: str) -> list[Any]:
    """The cells below a heading (the last of that name), until a blank one."""
    head = [cell for row in sheet.iter_rows() for cell in row if cell.value == heading][-1]
    cells = [sheet.cell(row, head.column) for row in range(head.row + 1, sheet.max_row + 1)]
    end = next((n for n, cell in enumerate(cells) if cell.value is None), len(cells))
    return cells[:end]


@pytest.fixture
def national(tmp_path: Path) -> ScoreResult:
    return run(tmp_path, TARGETS, ACTUALS, MONEY, "general")


@pytest.fixture
def chongqing(tmp_path: Path) -> ScoreResult:
    return run(tmp_path, TARGETS, ACTUALS, MONEY, "chongqing")


def test_the_sheets(national: ScoreResult) -> None:
    assert workbook(national).sheetnames == ["汇总", "问题清单", "走访慰问", "计分说明"]
    names = ["Summary", "Findings", "走访慰问", "How it is scored"]
    assert workbook(national, "en").sheetnames == names


def test_the_national_form(national: ScoreResult) -> None:
    sheet = values(national)["走访慰问"]
    assert sheet["A1"].value == "项目支出绩效自评表"
    assert sheet["A2"].value == "（2023年度）"
    money = find(sheet, "年度资金总额")
    row = [sheet.cell(money.row, column).value for column in range(4, 10)]
    assert row == [90, 100, 76, 10, 0.76, 7.6]
    assert [cell.value for cell in below(sheet, "年度指标值")][:4] == [
        "≥9000人", "优", "≥90%", "≥10期",
    ]  # fmt: skip
    actuals = below(sheet, "实际完成值")
    assert [cell.value for cell in actuals[:4]] == [8914, "良", "约80", "不适用"]
    assert actuals[0].number_format == 'General"人"'
    assert [cell.value for cell in below(sheet, "分值")][-5:] == [50, 20, 20, 0, 100]
    assert below(sheet, "偏差原因分析及改进措施")[0].value == "以实有人数为准"


def test_the_chongqing_form_shows_targets_in_parts_and_coefficients(
    chongqing: ScoreResult,
) -> None:
    sheet = values(chongqing)["走访慰问"]
    head = find(sheet, "指标名称")
    row = [cell.value for cell in sheet[head.row + 1]][:9]
    assert row == ["慰问人数", "人", "≥", 9000, None, 8914, 8914 / 9000, 50, 49.02]
    assert find(sheet, "自评总分").row == 3
    assert sheet.page_setup.orientation == "landscape"


def test_equal_levels_are_one_cell(national: ScoreResult) -> None:
    sheet = workbook(national)["走访慰问"]
    head = find(sheet, "一级指标")
    merged = {str(area) for area in sheet.merged_cells.ranges}
    first = head.row + 1
    assert f"B{first}:B{first + 1}" in merged
    assert f"C{first + 2}:C{first + 3}" in merged
    assert not any(area.startswith(f"C{first}:") for area in merged)
    assert f"A{head.row}:A{head.row + 4}" in merged


def test_only_the_form_is_printed_as_wide_as_the_paper(national: ScoreResult) -> None:
    sheet = workbook(national)["走访慰问"]
    head = find(sheet, "一级指标")
    last = find(sheet, "总分")
    assert sheet.print_area == f"'走访慰问'!$A$1:$I${last.row}"
    assert sheet.print_title_rows == f"${head.row}:${head.row}"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_open_scores_count_at_their_lowest_and_show_their_range(national: ScoreResult) -> None:
    formulas, sheet = workbook(national)["走访慰问"], values(national)["走访慰问"]
    scores = below(sheet, "得分")
    assert [cell.value for cell in scores[:4]] == [49.02, 0, 0, "—"]
    low, high = national.projects.row(0, named=True)["low"], national.projects["high"][0]
    grade = sheet.cell(find(sheet, "总分").row, 9).value
    assert grade == f"差–优（{low / 100:.2f}–{high / 100:.2f}）"
    rules = {str(area.sqref): area.rules[0] for area in formulas.conditional_formatting}
    assert len(rules) == 3  # one that does not apply is never open
    texts = [rule.dxf.numFmt.formatCode for rule in rules.values() if rule.dxf.numFmt]
    assert texts == ['0.00"–16.00"', '0.00"–20.00"']


def test_a_judged_indicator_waits_for_its_coefficient(national: ScoreResult) -> None:
    sheet = workbook(national)["走访慰问"]
    coefficient = find(sheet, "得分系数")
    cell = sheet.cell(coefficient.row + 2, coefficient.column)
    assert cell.value is None
    score = sheet.cell(cell.row, find(sheet, "偏差原因分析及改进措施").column - 1).value
    assert f"ISNUMBER({cell.coordinate})" in score
    (rule,) = (
        each for each in sheet.data_validations.dataValidation if cell.coordinate in each.sqref
    )
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "1")


def test_an_adjusted_target_takes_the_place_of_the_first(chongqing: ScoreResult) -> None:
    sheet = workbook(chongqing)["走访慰问"]
    head = find(sheet, "目标值取整")
    assert sheet.cell(head.row + 1, head.column).value is not None
    adjusted = sheet.cell(head.row + 1, find(sheet, "调整指标值").column).coordinate
    assert f"IF(ISNUMBER({adjusted}),{adjusted}," in sheet.cell(head.row + 1, head.column).value


def test_the_summary_leads_to_the_forms_and_holds_the_receipt(national: ScoreResult) -> None:
    sheet = values(national)["汇总"]
    name = find(sheet, "走访慰问")
    assert name.hyperlink.location == "'走访慰问'!A1"
    total = find(sheet, "总分")
    assert sheet.cell(name.row, total.column).value == national.projects["score"][0] / 100
    text = "\n".join(str(row[0].value) for row in sheet.iter_rows())
    assert f"sha256 {national.policy.sha256}" in text
    for each in national.receipt["inputs"]:
        assert each["sha256"] in text
    assert "实际完成值读入 4 行 = 计分 1 + 待定 2 + 不予受理 0 + 不适用 1" in text
    assert "下一步" in text


def test_findings_have_their_place_and_message(national: ScoreResult) -> None:
    sheet = workbook(national)["问题清单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(2)]
    assert len(rows) == len(national.findings)
    vague = next(row for row in rows if row[5] == "满意度")
    assert vague[0] == "警告"
    assert str(vague[3]).endswith("actuals.csv:4")
    assert "约80" in str(vague[6])


def test_the_explanation_tells_the_policy(national: ScoreResult) -> None:
    sheet = workbook(national)["计分说明"]
    text = "\n".join(str(row[0].value) for row in sheet.iter_rows())
    assert "通用口径" in text
    assert "满分（百分之一分）× 系数 + 0.5" in text


def test_nothing_that_a_user_wrote_runs_as_a_formula(tmp_path: Path) -> None:
    bad = "=HYPERLINK(1)"
    targets = [
        {"indicator": bad, "target": bad, "operator": "定性", "weight": "100", "unit": bad,
         "project_name": bad, "department": bad, "level1": bad, "level2": bad}
    ]  # fmt: skip
    result = run(tmp_path, targets, [{"indicator": bad, "actual": bad, "reason": bad}])
    book = workbook(result)
    found = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert bad not in str(cell.value)
                elif cell.value == bad:
                    found += 1
                    assert cell.data_type == "s"
                    assert cell.quotePrefix
    assert found >= 9
    assert book.sheetnames[2] == "=HYPERLINK（1）"


def test_projects_of_one_name_and_without_any_points_have_their_sheets(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"project": f"P{number}", "indicator": "x", "target": "≥ 1", "weight": weight}
        for number, weight in enumerate(["100", "0"])
    ]
    result = run(tmp_path, rows, [{"project": "P0", "indicator": "x", "actual": "1"}])
    book = values(result)
    assert book.sheetnames[2:4] == ["走访慰问", "走访慰问（2）"]
    summary = book["汇总"]
    column = find(summary, "等级").column
    assert [
        summary.cell(row, column).value
        for row in range(1, summary.max_row)
        if summary.cell(row, 2).value in ("P0", "P1")
    ] == ["优", "—"]


def test_a_project_without_indicators_has_an_empty_form() -> None:
    sheet = values(made(indicators=[]))["就业补助"]
    assert find(sheet, "自评总分").row == 3


def test_perfeval_reads_its_own_forms_to_the_same_points(
    national: ScoreResult, chongqing: ScoreResult, tmp_path: Path
) -> None:
    for result in (national, chongqing):
        path = tmp_path / "form.xlsx"
        with path.open("wb") as file:
            write_workbook(result, file, "zh")
        again = score(path, tmp_path / "specs.csv", policy=result.policy.id)
        columns = ("indicator", "score", "low", "high", "status", "reason")
        assert again.indicators.select(columns).equals(result.indicators.select(columns))
        assert again.execution.equals(result.execution)
        assert again.projects.equals(result.projects)


def test_a_value_that_was_rejected_is_not_taken_for_the_right_one(tmp_path: Path) -> None:
    twice: list[Row] = [{"indicator": "慰问人数", "actual": actual} for actual in ("1", "9000")]
    result = run(tmp_path, TARGETS[:1], twice)
    path = tmp_path / "form.xlsx"
    with path.open("wb") as file:
        write_workbook(result, file, "zh")
    assert find(workbook(result)["走访慰问"], "1（不予受理）")
    again = score(path, tmp_path / "specs.csv", policy="general")
    assert again.indicators["status"].to_list() == ["undecided"]


def test_too_many_projects_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(book_module, "MOST_SHEETS", 3)
    specs = Path(__file__).parent.parent / "specs"
    actuals = specs.parent / "examples" / "actuals.csv"
    out = tmp_path / "out.xlsx"
    words = ["score", str(actuals), "--specs", str(specs), "-o", str(out), "--lang", "en"]
    assert cli.main(words) == 2
    assert "more than 3 sheets" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_writes_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).parent.parent
    out = tmp_path / "out.xlsx"
    words = ["score", str(root / "examples/actuals.csv"), "--specs", str(root / "specs"), "-o"]
    assert cli.main([*words, str(out), "--lang", "zh"]) == 0
    assert f"已写出：{out}" in capsys.readouterr().err
    assert len(openpyxl.load_workbook(out, read_only=True).sheetnames) == 31
    first = out.read_bytes()
    assert cli.main([*words, str(out), "--lang", "zh"]) == 0
    assert out.read_bytes() == first

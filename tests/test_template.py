"""The workbook to fill in: what a department may change, and that it comes back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from perfeval import cli
from perfeval.policy import load_policy
from perfeval.reports.workbook.entries import money_entry, number_entry
from perfeval.reports.workbook.template import write_template
from perfeval.scoring import score
from perfeval.scoring.targets import choose_rules, read_targets
from perfeval.sources import headings, table
from perfeval.sources.specs import load_specs
from tests.office import needs_office, recalculated
from tests.scoring import SPEC, Row, write

ROOT = Path(__file__).parent.parent
TARGETS: list[Row] = [
    {"indicator": "慰问人数", "target": "≥ 9000 人", "weight": "20"},
    {"indicator": "满意度", "target": "95", "operator": "≥", "unit": "%", "weight": "20"},
    {"indicator": "完成时间", "target": "9月底前", "weight": "20"},
    {"indicator": "效果", "operator": "定性", "target": "明显", "weight": "20"},
    {"indicator": "达标情况", "operator": "定性", "target": "达标", "weight": "10"},
    {"indicator": "单位成本", "target": "≤ 1.5 万元", "weight": "5"},
    {"indicator": "=坏名字", "target": "100", "weight": "5"},
]


def book(
    folder: Path, targets: list[Row] = TARGETS, policy: str = "general", lang: str = "zh"
) -> openpyxl.Workbook:
    specs = load_specs(write(folder / "specs.csv", [{**SPEC, **row} for row in targets]))
    used = load_policy(policy)
    read = read_targets(specs.indicators)
    read = read.with_columns(rule=choose_rules(read, used))
    file = BytesIO()
    write_template(specs.projects, read, used, file, lang)
    return openpyxl.load_workbook(file)


def validation(sheet: Any, cell: str) -> Any:
    (found,) = (each for each in sheet.data_validations.dataValidation if cell in each.sqref)
    return found


def test_sheets_are_instructions_then_departments_then_execution(tmp_path: Path) -> None:
    rows: list[Row] = [
        {**TARGETS[0], "project": f"P{n}", "department": name}
        for n, name in enumerate(["县/人社局", "县人社局", "县/人社局"])
    ]
    workbook = book(tmp_path, rows)
    assert workbook.sheetnames == ["填写说明", "县／人社局", "县人社局", "预算执行"]
    assert [row[0].value for row in workbook["县／人社局"].iter_rows(2)] == ["P0", "P2"]
    assert [row[0].value for row in workbook["预算执行"].iter_rows(2)] == ["P0", "P1", "P2"]
    cells = (cell for row in workbook["填写说明"].iter_rows() for cell in row)
    links = {cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert links == {"'县／人社局'!A1", "'县人社局'!A1"}


def test_the_headings_are_those_that_the_readers_know(tmp_path: Path) -> None:
    workbook = book(tmp_path)
    for name, known in (("某局", table.ACTUALS), ("预算执行", table.EXECUTION)):
        names = [str(cell.value) for cell in workbook[name][1]]
        assert headings.match(names, known).problems == ()
        assert set(known.required) <= set(headings.match(names, known).positions)


def test_targets_are_locked_and_input_cells_open_and_coloured(tmp_path: Path) -> None:
    sheet = book(tmp_path)["某局"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    for row in sheet.iter_rows(2):
        assert [cell.protection.locked for cell in row] == [True] * 9 + [False] * 4
        assert {cell.fill.fgColor.rgb for cell in row[9:]} == {"FFFFF9DB"}
        assert {cell.number_format for cell in row[9:]} == {"@"}
    assert sheet.freeze_panes == "F2"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)


def test_targets_are_shown_in_parts(tmp_path: Path) -> None:
    sheet = book(tmp_path)["某局"]
    rows = [[cell.value for cell in row[4:9]] for row in sheet.iter_rows(2)]
    assert rows[0] == ["慰问人数", "≥", "9000", "人", 20]
    assert rows[1] == ["满意度", "≥", "95", "%", 20]
    assert rows[3] == ["效果", "定性", "明显", None, 20]
    assert rows[6][0] == "=坏名字"


def test_level_words_are_offered_and_others_are_not_refused(tmp_path: Path) -> None:
    sheet = book(tmp_path)["某局"]
    words = validation(sheet, "J5")
    assert words.formula1 == '"明显,较明显,一般,不明显"'
    assert not words.showErrorMessage
    words = validation(sheet, "J6")
    assert words.formula1 == '"达成,部分达成,未达成"'
    assert "部分达成(70%)" in words.prompt
    applies = validation(sheet, "L2")
    assert (applies.formula1, applies.errorStyle or "stop") == ('"是,否"', "stop")


@pytest.mark.parametrize(
    ("cell", "hint"),
    [("J2", "单位为人"), ("J3", "如 95 或 95%"), ("J4", "2023年9月"), ("J8", "如实填写")],
)
def test_every_input_cell_says_what_to_enter(tmp_path: Path, cell: str, hint: str) -> None:
    found = validation(book(tmp_path)["某局"], cell)
    assert hint in found.prompt
    assert (found.errorStyle or "warning") == "warning"
    assert len(found.prompt) <= 255


def test_the_instructions_say_what_the_policy_needs(tmp_path: Path) -> None:
    sheet = book(tmp_path)["填写说明"]
    text = "\n".join(str(row[0].value) for row in sheet.iter_rows())
    assert "预算执行" in text
    assert "通用口径" in text
    policy = tmp_path / "own.toml"
    policy.write_text(
        'schema = 1\nid = "own"\nname = "本县口径"\nextends = "general"\nexecution = false\n'
        '[source]\ntext = "x"\ncertainty = "verified"\n',
        "utf-8",
    )
    workbook = book(tmp_path, policy=str(policy))
    text = "\n".join(str(row[0].value) for row in workbook["填写说明"].iter_rows())
    assert "预算执行" not in text
    assert "预算执行" not in workbook.sheetnames


def test_english_instructions(tmp_path: Path) -> None:
    workbook = book(tmp_path, lang="en")
    assert workbook.sheetnames[0] == "Instructions"
    assert workbook["某局"]["J1"].value == "实际完成值"


# What is taken without a question, and what is asked about.
CHECKS = [
    (number_entry("人", "zh"), ("8914", "8,914人", "200余人"), ("89.5", "完成")),
    (number_entry("万元", "zh"), ("89.5", "0.3", "1.2亿元"), ("无",)),
    (number_entry("%", "zh"), ("95", "95%", "95％", "0.95%", "0", "100"), ("0.95", "1", "-")),
    (money_entry("zh"), ("4,402.16", "22,800元"), ("—",)),
]


@needs_office
def test_checks_ask_about_what_is_odd_only(tmp_path: Path) -> None:
    """As the program that opens the workbook works them out; numbers typed as text or not."""
    book = xlsxwriter.Workbook(str(tmp_path / "checks.xlsx"))
    sheet = book.add_worksheet()
    cases = [
        (entry, text, holds)
        for entry, *answers in CHECKS
        for holds, texts in zip((1, 0), answers, strict=True)
        for text in texts
    ]
    for row, (entry, text, _) in enumerate(cases):
        sheet.write_string(row, 0, text)
        sheet.write_formula(row, 1, f"=IF({entry.check.format(cell=f'A{row + 1}')},1,0)")
    book.close()
    (sheets,) = recalculated([tmp_path / "checks.xlsx"], tmp_path)
    found = [(row[0], row[1]) for row in sheets["Sheet1"]]
    assert found == [(text, holds) for _, text, holds in cases]


# The way back


def filled(folder: Path, entries: dict[str, tuple[str, str, str]], money: list[str]) -> Path:
    """The workbook with (actual, reason, applies) of each indicator, and amounts, filled in."""
    workbook = book(folder)
    sheet = workbook["某局"]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        own = entries[str(sheet.cell(row, columns["三级指标"]).value)]
        for heading, text in zip(("实际完成值", "偏差原因", "是否适用"), own, strict=True):
            if text:
                cell = sheet.cell(row, columns[heading])
                cell.value = text
                cell.data_type = "s"  # typed as text, also where it looks like a formula
    for column, text in enumerate(money, 3):
        workbook["预算执行"].cell(2, column).value = text
    path = folder / "actuals.xlsx"
    workbook.save(path)
    return path


def test_what_is_filled_in_comes_back_unchanged(tmp_path: Path) -> None:
    entries = {
        "慰问人数": ("8,914人", "以实有人数为准", ""),
        "满意度": ("95%", "", ""),
        "完成时间": ("2023年9月", "", ""),
        "效果": ("较明显", "=1+1", ""),
        "达标情况": ("部分达成(70%)", "- 两期未办", ""),
        "单位成本": ("0.95", "", "否"),
        "=坏名字": ("200余", "+", ""),
    }
    path = filled(tmp_path, entries, ["90", "100", "76.5"])
    result = score(path, tmp_path / "specs.csv", policy="general")
    rows = {row["indicator"]: row for row in result.indicators.iter_rows(named=True)}
    for name, (actual, reason, applies) in entries.items():
        assert (rows[name]["actual"], rows[name]["reason"] or "") in (
            (actual, reason),
            (actual, ""),  # an indicator that does not apply needs no reason
        )
        assert (rows[name]["status"] == "not_applicable") == (applies == "否")
    assert rows["慰问人数"]["reason"] == "以实有人数为准"
    assert rows["效果"]["reason"] == "=1+1"
    assert rows["完成时间"]["score"] == rows["完成时间"]["high"] > 0
    assert result.execution.select("budget_initial", "budget", "spent").row(0) == (90, 100, 76.5)


def test_an_empty_workbook_comes_back_as_nothing_filled_in(tmp_path: Path) -> None:
    path = filled(tmp_path, {str(row["indicator"]): ("", "", "") for row in TARGETS}, [])
    result = score(path, tmp_path / "specs.csv", policy="general")
    assert set(result.indicators["status"]) == {"undecided"}
    assert result.receipt["counts"]["rows"]["rejected"] == 0


# The command


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "actuals.xlsx"
    assert cli.main(["template", str(ROOT / "specs"), "-o", str(out), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "部门 1 个，项目 28 个，指标 171 项" in said
    assert openpyxl.load_workbook(out).sheetnames[0] == "填写说明"


def test_a_workbook_that_may_be_filled_in_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "actuals.xlsx"
    out.write_bytes(b"filled in")
    words = ["template", str(ROOT / "specs"), "-o", str(out), "--lang", "en"]
    assert cli.main(words) == 2
    assert "may be filled in" in capsys.readouterr().err
    assert out.read_bytes() == b"filled in"
    assert cli.main([*words, "--force"]) == 0


def test_only_a_workbook_can_be_filled_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["template", str(ROOT / "specs"), "-o", "a.csv", "--lang", "en"]) == 2
    assert "ends with .xlsx" in capsys.readouterr().err

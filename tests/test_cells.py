"""Every finding about one value points at its cell, in every kind of file that has cells."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

import perfeval
from perfeval.annotating import annotate
from perfeval.findings.cells import with_cells
from perfeval.reports.tabular import FINDINGS_KEY
from perfeval.rules import FINDINGS
from perfeval.sources.places import Region
from tests import books, documents, pdfs
from tests.conftest import Run
from tests.office import convert, needs_office
from tests.scoring import SPEC, write

Write = Callable[[Any], None]

PAPER = ("docx", "pdf")
SHEETS = ("xlsx", pytest.param("ods", marks=needs_office), pytest.param("xls", marks=needs_office))
KINDS = (*SHEETS, *PAPER)

TARGETS: dict[str, Any] = {
    "year": 2023, "code": "50011023T000000000001", "name": "走访慰问", "department": "某局",
    "type": "一般性项目", "budget": {"total": 100, "local": 60, "superior": 30, "other": 0},
    "narrative": {
        "overview": "走访500人，发放补助10万元元。", "basis": "文件。", "schedule": "全年完成。",
        "goal": "完成走访。",
    },
    "indicators": [
        {"level1": "产出指标", "level2": "数量指标", "name": "走访人数", "target": "≥ 500 %",
         "weight": 50},
        {"level1": "产出指标", "level2": "数量指标", "name": "慰问次数", "target": "≥ 12 ",
         "weight": 0},
        {"level1": "产出指标", "level2": "质量指标", "name": "发放率", "target": "≤ 95 %",
         "weight": 20},
        {"level1": "效益指标", "level2": "社会效益指标", "name": "群众满意度", "target": "≥ 190 %",
         "weight": 20},
        {"level1": "效益指标", "level2": "社会效益指标", "name": "受助人满意度",
         "target": "≥ 90 %", "weight": 10},
    ],
}  # fmt: skip

NATIONAL = [
    ["项目支出绩效自评表"],
    ["项目名称", "走访慰问"],
    ["资金", "", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["总额", "", "100", "#DIV/0!", "10", "50%", "9"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
    ["产出指标", "数量指标", "走访人数", "≥50人", "#REF!", "40", "90", ""],
    ["", "", "慰问次数", "≥10次", "8", "25", "25", ""],
    ["", "质量指标", "合格率", "≥95%", "0.96", "25", "25", ""],
    ["总分", "", "", "", "", "100", "99"],
    ["评价等级", "差"],
]  # fmt: skip

CHONGQING = [
    ["项目绩效自评表"],
    ["项目名称", "就业培训", "项目编码", "50011023T000003384855"],
    ["资金", "", "年初预算数", "全年预算数", "全年执行数", "执行率", "执行率权重", "执行率得分"],
    ["总额", "", "100", "120", "#N/A", "76%", "10", "7.6"],
    ["一级指标", "二级指标", "三级指标", "计量单位", "指标性质", "年度指标值", "调整指标值",
     "全年完成值", "得分系数", "权重", "指标得分", "是否核心"],
    ["产出指标", "数量指标", "培训人数", "人", "≥", "1000", "确保完成", "12", "0.5", "60", "30",
     "是"],
    ["", "质量指标", "合格率", "%", "≥", "确保合格", "", "90", "0.9", "20", "18", "否"],
    ["", "", "结业率", "%", "≥", "95", "", "90", "0.9", "10", "9", "否"],
    ["总分", "", "", "", "", "", "", "", "", "100", "99"],
]  # fmt: skip

LIST = [
    ["2023年自评汇总"],
    ["项目编码", "项目名称", "二级指标", "三级指标", "年度指标值", "实际完成值", "权重", "得分"],
    ["P1", "走访", "数量指标", "走访人数", "≥50人", "#REF!", "40", "50"],
    ["P1", "走访", "数量指标", "慰问次数", "≥10次", "8", "60", "60"],
    ["", "", "", "没有项目", "≥10次", "8", "60", "60"],
    ["P2", "座谈", "数量指标", "", "≥10次", "8", "60", "60"],
]  # fmt: skip

ACTUALS = [
    ["项目编码", "三级指标", "实际完成值", "扣分", "适用", "得分"],
    ["P1", "走访人数", "#REF!"],
    ["P1", "慰问次数", "8", "-2"],
    ["P1", "合格率", "95%", "", "也许"],
    ["P1", "查无此项", "1"],
    ["P9", "走访人数", "1"],
]  # fmt: skip


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Write], str]:
    """Makes a file of a kind with one sheet, named 表1 where sheets have names, in this folder."""
    monkeypatch.chdir(tmp_path)

    def make(kind: str, sheet: Write) -> str:
        path = Path(f"file.{kind}")
        match kind:
            case "docx":
                documents.save(path, [sheet])
            case "pdf":
                pdfs.typeset(path, [sheet])
            case "xlsx":
                books.save(path, [("表1", sheet)])
            case _:
                book = books.save(tmp_path / "file.xlsx", [("表1", sheet)])
                [converted] = convert([book], kind, tmp_path)
                path.write_bytes(converted.read_bytes())
        return str(path)

    return make


def target_table(sheet: Any) -> None:
    """The layout of 附件4-11, levels merged down, labelled values over columns."""
    books.target_table(sheet, TARGETS)


def cells(findings: pl.DataFrame) -> set[tuple[str, str | None]]:
    """The code and the cell of each finding; all have a file, and a line."""
    assert findings["file"].null_count() == 0
    return set(findings.select("code", "cell").iter_rows())


@pytest.mark.parametrize("kind", KINDS)
def test_a_target_table(made: Callable[[str, Write], str], kind: str) -> None:
    findings = perfeval.check(made(kind, target_table)).findings
    found = cells(findings)
    # The budget stands in the third column, behind a label over two; Word counts its own cells.
    assert ("B101", "B7" if kind == "docx" else "C7") in found
    assert found >= {
        ("N303", "B14"),  # the goal
        ("N304", "B11"),  # the overview
        ("U301", "F17"),  # a unit
        ("W104", "G18"),  # a weight
        ("U201", "F18"),  # the blank cell of the unit that is missing
        ("T301", "D19"),  # an operator
        ("T201", "E20"),  # a target
        ("C202", "B20"),  # a level
    }
    # The level of the last row is merged with the row above: the cell is the one that a person
    # sees, the row that of the indicator.
    merged = findings.filter(indicator="受助人满意度", code="C202")
    assert merged.select("line", "cell").rows() == [(21, "B20")]
    sheet = "第1页" if kind == "pdf" else "表1"
    assert findings["sheet"].unique().to_list() == [sheet]


def test_what_is_about_a_whole_project_points_at_its_row(
    made: Callable[[str, Write], str],
) -> None:
    short = {**TARGETS, "indicators": TARGETS["indicators"][:3]}
    path = made("xlsx", lambda sheet: books.target_table(sheet, short))
    found = perfeval.check(path, select=["W101"]).findings
    assert found.select("line", "cell").rows() == [(1, None)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_national_self_evaluation(made: Callable[[str, Write], str], kind: str) -> None:
    path = made(kind, books.rows_of(NATIONAL))
    assert cells(perfeval.score(path).findings) == {
        ("A107", "E6"),  # the row is rejected for its actual
        ("A107", "D4"),  # that of the funds for what was spent
        ("A204", "E8"),
        ("A303", "H7"),  # a blank reason
        ("A303", "H8"),
        ("W101", None),
    }
    assert cells(perfeval.review([path]).findings) >= {
        ("R101", "G6"),  # a claimed score
        ("R102", "G7"),
        ("R209", "E8"),
        ("R303", "G4"),  # the score of execution
        ("R401", "G9"),  # the total
        ("R402", "B10"),  # the grade
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_self_evaluation_of_chongqing(made: Callable[[str, Write], str], kind: str) -> None:
    path = made(kind, books.rows_of(CHONGQING))
    scored = perfeval.score(path).findings
    assert cells(scored) >= {("A107", "E4"), ("A303", None)}  # it has no reasons
    reviewed = perfeval.review([path]).findings
    # What a row asks for stands under 调整指标值 where that is filled in, else under 年度指标值.
    decides = reviewed.filter(code="R205").select("indicator", "cell").rows()
    assert decides == [("培训人数", "G6"), ("合格率", "F7")]
    assert cells(reviewed) >= {("R303", "H4"), ("R401", "K9")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_list(made: Callable[[str, Write], str], kind: str) -> None:
    found = perfeval.review([made(kind, books.rows_of(LIST))]).findings
    assert found.select("code", "line", "cell", "project").rows() == [
        ("R101", 3, "H3", "P1"),
        ("R102", 4, "H4", "P1"),
        ("R210", 5, "A5", ""),  # the project that is not named
        ("R210", 6, "D6", "P2"),  # the indicator
    ]


@pytest.mark.parametrize("kind", SHEETS)
def test_rejected_rows_point_at_the_cell_that_is_unusable(
    made: Callable[[str, Write], str], kind: str
) -> None:
    rows = [
        {**SPEC, "indicator": "走访人数", "target": "≥ 50 人", "weight": "40"},
        {**SPEC, "indicator": "慰问次数", "target": "≥ 10 次", "weight": "30"},
        {**SPEC, "indicator": "合格率", "target": "≥ 95 %", "weight": "30"},
    ]
    path = made(kind, books.rows_of(ACTUALS))
    found = perfeval.score(path, write(Path("specs.csv"), rows), policy="general").findings
    assert found.filter(pl.col("file") == path).select("code", "line", "cell").rows() == [
        ("A101", 6, "A6"),
        ("A102", 5, "B5"),
        ("A107", 2, "C2"),
        ("A107", 3, "D3"),
        ("A107", 4, "E4"),
    ]


def test_a_list_of_targets_is_a_row_for_a_whole_project(
    made: Callable[[str, Write], str],
) -> None:
    heads = ("project", "project_name", "department", "year", "level1", "level2", "indicator")
    rows: list[list[Any]] = [
        [*heads, "target", "weight"],
        ["P1", "走访", "某局", "2023", "产出指标", "数量指标", "走访人数", "≥ 50 人", 40],
        ["P1", "走访", "某局", "2023", "产出指标", "质量指标", "合格率", "≥ 950 %", 40],
    ]
    found = perfeval.check(made("xlsx", books.rows_of(rows)), select=["W101", "T201"]).findings
    assert found.select("code", "line", "cell").rows() == [("T201", 3, "H3"), ("W101", 2, None)]


def test_what_keeps_a_file_from_being_used_is_told_with_its_cell(
    made: Callable[[str, Write], str], run: Run
) -> None:
    heads = ("project", "project_name", "department", "year", "level1", "level2", "indicator")
    rows: list[list[Any]] = [
        [*heads, "target", "weight"],
        ["P1", "走访", "某局", "去年", "产出指标", "数量指标", "走访人数", "≥ 50 人", "若干"],
        ["P1", "慰问", "某局", "2023", "产出指标", "质量指标", "", "≥ 95 %", "60"],
    ]
    code, out, err = run("check", made("xlsx", books.rows_of(rows)))
    assert (code, out) == (2, "")
    for cell in ("D2: year", "I2: weight (权重) is “若干”", "B3: ", "G3: indicator (三级指标) is"):
        assert f"file.xlsx:表1!{cell}" in err


def test_a_table_that_goes_on_over_pages(made: Callable[[str, Write], str]) -> None:
    rows = [*NATIONAL[:6], *([["", "", f"事项{n}", "≥10次", "12", "0", "0"] for n in range(60)])]
    rows += [["", "", "走访户数", "≥50户", "#VALUE!", "60", "60"]]
    path = made("pdf", books.rows_of(rows))
    found = perfeval.score(path).findings.filter(indicator="走访户数", code="A107")
    [(sheet, line, cell)] = found.select("sheet", "line", "cell").rows()
    assert (sheet, cell) == ("第2页", f"E{line}")
    assert line < 60


def test_lists_without_cells_have_none(tmp_path: Path) -> None:
    write(tmp_path / "specs.csv", [{**SPEC, "indicator": "走访人数", "target": "≥ 500 %"}])
    found = perfeval.check(tmp_path / "specs.csv").findings
    assert len(found)
    assert found["cell"].null_count() == len(found)


def test_a_cell_does_not_change_what_a_finding_is(made: Callable[[str, Write], str]) -> None:
    heads = ("project", "project_name", "department", "year", "level1", "level2", "indicator")
    rows: list[list[Any]] = [
        [*heads, "target", "weight"],
        ["P1", "走访", "某局", "2023", "产出指标", "质量指标", "合格率", "≥ 950 %", 100],
    ]
    book = perfeval.check(made("xlsx", books.rows_of(rows))).findings
    with Path("list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    plain = perfeval.check("list.csv").findings
    assert book["cell"].null_count() < len(book)
    assert book["fingerprint"].to_list() == plain["fingerprint"].to_list()
    assert book["values"].to_list() == plain["values"].to_list()


# What the user sees


def test_the_terminal_names_the_cell(made: Callable[[str, Write], str], run: Run) -> None:
    path = made("xlsx", target_table)
    out = run("check", path, "--all")[1]
    assert "file.xlsx:表1!D19\n" in out  # all that is found of the row is in one cell
    assert "    error T201  E20  " in out  # several cells of a row
    assert "    warning C202  B20  " in out
    assert "    error B101  C7  " in out
    form = books.save(Path("form.xlsx"), [("自评", books.rows_of(NATIONAL))])
    out = run("score", str(form))[1]
    assert "error A107 form.xlsx:自评!D4 走访慰问" in out
    assert "A107 自评!E6 “#REF!”" in out
    out = run("review", str(form))[1]
    assert "走访人数 form.xlsx:自评!G6" in out


def test_every_format_names_the_cell(made: Callable[[str, Write], str], run: Run) -> None:
    path = made("xlsx", target_table)

    def written(form: str) -> str:
        code, out, err = run("check", path, "--format", form, "--select", "T201")
        assert (code, out == "") == (1, False), err
        return out

    [found] = json.loads(written("json"))["findings"]
    assert list(found)[3:7] == ["file", "sheet", "line", "cell"]
    assert (found["line"], found["cell"]) == (20, "E20")
    [row] = csv.DictReader(io.StringIO(written("csv")))
    assert (row["line"], row["cell"]) == ("20", "E20")
    [result] = json.loads(written("sarif"))["runs"][0]["results"]
    [location] = result["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 20}
    assert {"name": "E20", "kind": "element"} in location["logicalLocations"]
    assert "file.xlsx:表1!E20" in written("junit")
    assert run("check", path, "--format", "html", "-o", "check.html")[0] == 1
    assert "表1!E20" in Path("check.html").read_text("utf-8")


def test_results_name_the_cell(made: Callable[[str, Write], str], run: Run) -> None:
    path = made("xlsx", books.rows_of(NATIONAL))
    for form in ("json", "parquet", "xlsx", "html"):
        code, _, err = run("score", path, "--format", form, "-o", f"result.{form}")
        assert code == 0, err
    told: Iterable[Mapping[str, Any]] = json.loads(Path("result.json").read_text())["findings"]
    assert ("A107", "E6") in {(each["code"], each["cell"]) for each in told}
    assert json.loads(pl.read_parquet_metadata("result.parquet")[FINDINGS_KEY]) == told
    book = openpyxl.load_workbook("result.xlsx")
    shown = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "file.xlsx:表1!E6" in shown
    assert "表1!E6" in Path("result.html").read_text("utf-8")


def test_comments_stand_at_the_cells_of_findings(made: Callable[[str, Write], str]) -> None:
    path = made("xlsx", target_table)
    book = openpyxl.load_workbook(io.BytesIO(annotate(path).content))
    commented = {cell.coordinate for row in book["表1"].iter_rows() for cell in row if cell.comment}
    found = perfeval.check(path).findings["cell"].drop_nulls()
    assert len(found)
    assert set(found) <= commented


# The mechanism


def test_a_part_of_a_target_stands_with_the_whole() -> None:
    region = Region("a.xlsx", "表", 3, 9, {"target": "E", "indicator": "C"}, {(3, "target"): "E2"})
    asked: Sequence[tuple[int | None, str, str | None]] = [
        (4, "operator", "甲"),
        (3, "unit", "甲"),  # merged with the row above
        (4, "reason", "甲"),  # the table has no such column
        (10, "target", "甲"),  # no row of the table
        (None, "target", "甲"),
        (4, "target", None),  # about the project
    ]
    findings = pl.DataFrame(
        [
            dict.fromkeys(FINDINGS, None)
            | {"file": "a.xlsx", "sheet": "表", "line": line, "about": about, "indicator": name}
            for line, about, name in asked
        ],
        schema=FINDINGS,
    )
    found = with_cells(findings, [region])
    assert found["cell"].to_list() == ["E4", "E2", None, None, None, None]
    assert "about" not in found.columns
    assert with_cells(findings, [])["cell"].null_count() == len(asked)

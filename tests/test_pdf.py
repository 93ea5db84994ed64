"""PDF: the same forms from pages as from workbooks and texts, however they were set."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from perfeval.cli import main
from perfeval.problems import InputError
from perfeval.reviewing import review
from perfeval.scoring import score
from perfeval.sources.evaluation import read_evaluation
from perfeval.sources.grids import Grid, read_book
from perfeval.sources.grids.pdf.text import Line, cell_text
from perfeval.sources.layouts import frames, read_contents
from perfeval.sources.layouts.rows import cells_of
from perfeval.sources.specs import load_specs
from perfeval.sources.targets import read_target_tables
from perfeval.sources.write_budget import budget_text
from tests import books, office, pdfs, qijiang
from tests.pdfs import Style
from tests.test_layouts import CASES, REAL, SPECS

TARGETS = [partial(books.target_table, spec=spec) for spec in REAL]
FORM = (12, 14, 26, 10, 10, 10, 8)  # shares of the columns of a target table
HEAD = ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重"]
TITLE = "2023年财政资金项目支出绩效目标表"


@pytest.fixture
def typeset(tmp_path: Path) -> Callable[..., Path]:
    """A PDF of sheets, rows or functions that write them, in a style."""

    def write(*sheets: Any, **style: Any) -> Path:
        written = [sheet if callable(sheet) else books.rows_of(sheet) for sheet in sheets]
        return pdfs.typeset(tmp_path / "form.pdf", written, Style(**style))

    return write


def specs_of(path: Path) -> list[dict[str, Any]]:
    return read_target_tables(path).specs


def said(problems: Iterable[Any]) -> list[str]:
    return [problem.text().rpartition("/")[2] for problem in problems]


def form_rows(*rows: list[str], code: str = "P1") -> list[list[str]]:
    return [[TITLE], ["项目编码", code, "", "", "", "", ""], HEAD, *rows]


def without_lines(text: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return [{name: cell for name, cell in row.items() if name != "source_line"} for row in rows]


# A whole disclosure


def test_the_disclosure_says_the_same_as_pdf_and_as_text(tmp_path: Path) -> None:
    text = read_target_tables(qijiang.SEED)
    sheets = qijiang.sheets(text.specs)
    path = pdfs.typeset(tmp_path / "disclosure.pdf", sheets, Style(footer="{page}"))
    pages = read_target_tables(path)
    assert pages.specs == text.specs
    assert not pages.unplaced
    found = without_lines(budget_text(pages.amounts))
    assert found == without_lines(budget_text(text.amounts))
    assert len(found) == 160
    # The place of an amount: a thousand times its page, and the row on the page.
    lines = {(each.table, each.label): each.source_line for each in pages.amounts}
    assert lines["附件4-2", "行政运行"] == 2008
    assert lines["附件4-8", "社会保障和就业支出"] == 10005


def test_amounts_stand_in_the_columns_that_the_lines_say(tmp_path: Path) -> None:
    """What a text leaves undecided, 749.01 basic or project, the cells tell."""
    rows = [
        ["附件4-2"],
        ["某县教育委员会一般公共预算财政拨款支出预算表"],
        ["单位：万元"],
        ["科目编码", "科目名称", "小计", "基本支出", "项目支出"],
        ["205", "教育支出", "749.01", "", "749.01"],
    ]
    read = read_target_tables(pdfs.typeset(tmp_path / "a.pdf", [books.rows_of(rows)]))
    assert [(each.column, str(each.amount)) for each in read.amounts] == [
        ("total", "749.01"),
        ("project", "749.01"),
    ]


# Forms, however they are set


@pytest.mark.parametrize(
    "style",
    [
        {"footer": "第 {page} 页", "header": "内部资料"},
        {"size": 11.0, "page": (600.0, 420.0), "footer": "- {page} -"},
        {"size": 10.0, "turned": 1, "sideways": True},
        {"size": 10.0, "sideways": True},
        {"turned": 2, "size": 8.0, "pad": 1.5},
        {"together": True, "sides": False, "footer": "{page}"},
        {"size": 13.0, "page": (700.0, 420.0), "centred": False},
    ],
    ids=["pages", "small pages", "turned", "sideways", "upside down", "together", "left"],
)
def test_real_target_tables_come_back_whole(
    typeset: Callable[..., Path], style: dict[str, Any]
) -> None:
    found = specs_of(typeset(*TARGETS, widths=FORM, **style))
    assert len(found) == len(REAL)
    for read, spec in zip(found, REAL, strict=True):
        assert without_blanks(read) == without_blanks(spec)


def without_blanks(spec: dict[str, Any]) -> dict[str, Any]:
    """Narratives without the blanks that may have stood where a line was broken."""
    narrative = spec.get("narrative", {})
    return spec | {"narrative": {name: "".join(text.split()) for name, text in narrative.items()}}


def test_a_thousand_ways_to_wrap_a_name_leave_it_whole(typeset: Callable[..., Path]) -> None:
    names = list({one["name"] for spec in REAL for one in spec["indicators"]})
    for seed in range(8):
        chance = random.Random(seed)
        rows = [["产出指标", "数量指标", name, "≥", "90", "%", "1"] for name in names]
        style = {"widths": (10, 10, chance.uniform(6, 30), 8, 8, 8, 8), "pad": chance.uniform(1, 5)}
        path = typeset(form_rows(*rows), size=chance.uniform(6, 12), **style)
        found = [one["name"] for one in specs_of(path)[0]["indicators"]]
        assert found == names, seed


@pytest.mark.parametrize("case", list(CASES)[::4])
def test_self_evaluations_are_those_of_a_workbook(case: str, tmp_path: Path) -> None:
    write = partial(books.evaluation, case=CASES[case])
    book = books.save(tmp_path / "form.xlsx", [("表", write)])
    wanted = read_evaluation(book)
    for style in (Style(size=7), Style(size=8, page=A5, footer="{page} / 9")):
        found = read_evaluation(pdfs.typeset(tmp_path / "form.pdf", [write], style))
        names = ["indicator", "actual", "level2", "unit", "score", "reason"]
        assert found.actuals.frame.select(names).rows() == wanted.actuals.frame.select(names).rows()
        assert found.execution is not None
        assert wanted.execution is not None
        amounts = ["budget_initial", "budget", "spent", "score"]
        assert (
            found.execution.frame.select(amounts).rows()
            == wanted.execution.frame.select(amounts).rows()
        )


def test_headings_and_titles_that_pages_repeat_are_no_rows(typeset: Callable[..., Path]) -> None:
    rows = [["产出指标", "数量指标", f"指标{n}", "≥", str(n), "个", "1"] for n in range(1, 61)]
    plain = specs_of(typeset(form_rows(*rows)))
    repeated = specs_of(typeset([HEAD, *rows], repeat=1))
    assert [one["name"] for one in plain[0]["indicators"]] == [row[2] for row in rows]
    assert plain[0]["indicators"] == repeated[0]["indicators"]


def test_a_title_that_each_page_repeats_begins_no_form(typeset: Callable[..., Path]) -> None:
    first = form_rows(["产出指标", "数量指标", "走访", "≥", "5", "次", "60"])
    second = [[TITLE], HEAD, ["效益指标", "社会效益", "知晓率", "≥", "90", "%", "40"]]
    (spec,) = specs_of(typeset(first, second))
    assert [one["name"] for one in spec["indicators"]] == ["走访", "知晓率"]
    assert spec["code"] == "P1"


def test_two_forms_on_a_page_are_two(typeset: Callable[..., Path]) -> None:
    row = ["产出指标", "数量指标", "走访", "≥", "5", "次", "100"]
    path = typeset(form_rows(row), form_rows(row, code="P2"), together=True)
    assert [spec["code"] for spec in specs_of(path)] == ["P1", "P2"]


def test_a_row_that_a_page_break_divides_is_one(tmp_path: Path) -> None:
    """Its upper part on one page and its lower part on the next, each with lines around it."""
    name = "离校未就业应届高校毕业生就业率"
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 400))
    paper = pdfs.Paper(canvas, Style(page=(600, 400)))
    paper.begin()
    top = 350.0
    for row in (HEAD, ["产出指标", "数量指标", "离校未就业应届", "≥", "90", "%", "20"]):
        for place, text in enumerate(row):
            paper.cell(text, 50 + 70 * place, top, 70, 20)
        top -= 20
    paper.begin()
    for row in (
        ["", "", "高校毕业生就业率", "", "", "", ""],
        ["", "", "培训", "≥", "8", "次", "80"],
    ):
        for place, text in enumerate(row):
            paper.cell(text, 50 + 70 * place, 390 if row[2] != "培训" else 370, 70, 20)
    paper.end()
    canvas.save()
    (spec,) = specs_of(tmp_path / "a.pdf")
    assert [one["name"] for one in spec["indicators"]] == [name, "培训"]


def test_a_merged_level_that_a_page_break_divides_holds_on_both_pages(
    tmp_path: Path,
) -> None:
    """A spreadsheet sets its text in the middle of the whole cell: here on the second page."""
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 400))
    paper = pdfs.Paper(canvas, Style(page=(600, 400)))

    def rows(levels: tuple[str, str], top: float, *names: str) -> None:
        height = 20 * len(names)
        for place, level in enumerate(levels):
            paper.cell(level, 50 + 70 * place, top, 70, height)
        for number, name in enumerate(names):
            for place, text in enumerate((name, "≥", "90", "%", "20"), 2):
                paper.cell(text, 50 + 70 * place, top - 20 * number, 70, 20)

    paper.begin()
    for place, text in enumerate(HEAD):
        paper.cell(text, 50 + 70 * place, 350, 70, 20)
    rows(("产出指标", "数量指标"), 330, "走访", "慰问")
    rows(("", ""), 290, "培训率", "合格率")
    paper.begin()
    rows(("效益指标", "社会效益指标"), 390, "知晓率", "参与率", "覆盖率")
    paper.end()
    canvas.save()
    (spec,) = specs_of(tmp_path / "a.pdf")
    assert [one["level1"] for one in spec["indicators"]] == ["产出指标"] * 2 + ["效益指标"] * 5
    assert {one["level2"] for one in spec["indicators"][2:]} == {"社会效益指标"}


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["离校未就业应届", "高校毕业生"], "离校未就业应届高校毕业生"),
        (["正版 Windows", "Server 系统"], "正版 Windows Server 系统"),
        (["50011023T0000", "03385078"], "50011023T000003385078"),
        (["短", "另起一行的一段文字"], "短\n另起一行的一段文字"),
    ],
    ids=["chinese", "words", "digits", "new line"],
)
def test_wrapped_cells_are_whole(lines: list[str], whole: str) -> None:
    found = [
        Line(text, 5.0, 5 + pdfs.width(text, 10), 10.0 + 12 * number, 10.0)
        for number, text in enumerate(lines)
    ]
    assert cell_text(found, 0.0, 10 + max(line.right for line in found) - 5) == whole


# Places, what is told, and what is never read


def test_places_are_pages_with_the_row_and_cell_on_them(typeset: Callable[..., Path]) -> None:
    rows = [["产出指标", "数量指标", f"指标{n}", "≥", str(n), "个", "1"] for n in range(1, 61)]
    rows[59][6] = "很多"
    contents = read_contents(typeset(form_rows(*rows)))
    (form,) = contents.forms
    found = frames.targets(contents)
    assert found is not None
    places = found.indicators.select("sheet", "line").rows()
    first = sum(sheet == "第1页" for sheet, _ in places)
    assert places[0] == ("第1页", 4)  # below title, code and headings
    assert places[first:] == [("第2页", number) for number in range(1, 60 - first)]
    last = f"第2页!{60 - first}"
    assert f"rows 4 to {last}" in said(contents.notes)[0]
    place = f"form.pdf:第2页!G{60 - first}"
    assert said(form.errors) == [
        f"{place}: the weight of the indicator 指标60 is “很多”; a number of points is expected"
    ]


def test_a_list_over_pages_has_each_row_at_its_page(typeset: Callable[..., Path]) -> None:
    rows = [[f"P{n}", "走访", f"{n}次", ""] for n in range(1, 61)]
    path = typeset([["项目编码", "三级指标", "实际完成值", "偏差原因"], *rows], repeat=1)
    frame = read_evaluation(path).actuals.frame
    assert frame.get_column("project").to_list() == [row[0] for row in rows]
    assert set(frame.get_column("sheet")) == {"第1页", "第2页"}
    assert frame.select("sheet", "line").row(-1)[0] == "第2页"


def test_persons_and_numbers_are_never_kept(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    person, number = "钱多多", "02312345678"

    def write(sheet: Worksheet) -> None:
        books.target_table(sheet, REAL[1])
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in ("某某", "00000000"):
                    cell.value = person if cell.value == "某某" else number
        sheet.append([f"填表人：{person}", "", "", f"联系电话：{number}"])

    path = pdfs.typeset(tmp_path / "form.pdf", [write], Style(widths=FORM, footer=f"电话 {number}"))
    assert main(["import", str(path), "-o", str(tmp_path / "specs")]) == 0
    assert main(["--lang", "zh", "check", str(path), "--fail-on", "never"]) == 0
    told = "".join(capfd.readouterr())
    files = "".join(file.read_text("utf-8") for file in (tmp_path / "specs").iterdir())
    assert REAL[1]["name"] in files
    for each in (person, number):
        assert each not in told
        assert each not in files


def test_text_without_lines_is_told_and_not_guessed(typeset: Callable[..., Path]) -> None:
    rows = form_rows(["产出指标", "数量指标", "走访", "≥", "5", "次", "100"])
    with pytest.raises(InputError, match=r"no ruled table.*not guessed; give the table"):
        read_contents(typeset(rows, lines=False))
    mixed = typeset([["关于绩效自评的说明"]], rows, lines=True)
    assert "pages 1 hold text without ruled lines" in said(read_contents(mixed).notes)[0]


def test_text_over_the_edge_of_its_cell_is_doubted(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    paper = pdfs.Paper(canvas, Style())
    paper.begin()
    for top, row in ((700.0, HEAD), (680.0, ["产出", "数量", "", "≥", "9", "%", "20"])):
        for place, text in enumerate(row):
            paper.cell(text, 50 + 70 * place, top, 70, 20)
    canvas.drawString(195, 667, "离校未就业应届高校毕业生")
    paper.end()
    canvas.save()
    contents = read_contents(tmp_path / "a.pdf")
    assert contents.forms[0].body.rows[0]["indicator"] == "离校未就业应届高校毕业生"
    assert any("runs over the edge of its cell" in each for each in said(contents.problems))


def test_what_is_filled_into_fields_of_a_form_is_read(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    paper = pdfs.Paper(canvas, Style())
    paper.begin()
    for place, text in enumerate(("name", "")):
        paper.cell(text, 100 + 100 * place, 700, 100, 20)
    canvas.acroForm.textfield(
        name="a", value="filled 1111", x=205, y=682, width=90, height=16, borderWidth=0
    )
    paper.end()
    canvas.save()
    assert read_book(tmp_path / "a.pdf").grids[0].rows == [["name", "filled 1111"]]


def test_a_disclosure_without_lines_is_read_as_its_text_is(tmp_path: Path) -> None:
    """Set line by line as it was extracted, each page from its heading on."""
    text = qijiang.SEED.read_text("utf-8")
    lines = [line.strip() for line in text[text.index("附件4-11") :].split("\n")][:75]
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.setFont(pdfs.FONT, 7)
    for number, line in enumerate(line for line in lines if line):
        canvas.drawString(40, 800 - 12 * number, line)
    canvas.save()
    (spec,) = specs_of(tmp_path / "a.pdf")
    (wanted,) = (each for each in REAL if each["code"] == spec["code"])
    assert spec["indicators"] == wanted["indicators"]
    assert spec["budget"] == wanted["budget"]


def test_words_between_and_below_tables_are_no_rows_of_theirs(typeset: Callable[..., Path]) -> None:
    rows = [["产出指标", "数量指标", f"指标{n}", "≥", str(n), "个", "1"] for n in range(1, 61)]
    for footer in ("某项目自评表 {page}", "某项目          第 {page} 页", "— {page} —"):
        (spec,) = specs_of(typeset(form_rows(*rows), footer=footer))
        assert [one["name"] for one in spec["indicators"]] == [row[2] for row in rows]
        assert {one["level1"] for one in spec["indicators"]} == {"产出指标"}


def test_bold_that_is_the_same_text_set_twice_is_read_once(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    paper = pdfs.Paper(canvas, Style())
    paper.begin()
    for shift in (0.0, 0.4):
        for place, text in enumerate(("满意度", "1,111.11 llll")):
            paper.cell(text, 100 + 100 * place + shift, 700, 100, 20)
    paper.end()
    canvas.save()
    assert read_book(tmp_path / "a.pdf").grids[0].rows == [["满意度", "1,111.11 llll"]]


def test_radicals_that_fonts_are_set_with_are_the_usual_characters(tmp_path: Path) -> None:
    path = pdfs.typeset(tmp_path / "a.pdf", [books.rows_of([["一", "二"], ["⾦额", "⻓期"]])])
    assert read_book(path).grids[0].rows[-1] == ["金额", "长期"]


# The commands


def test_the_commands_take_a_pdf_where_they_take_workbooks(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    case = next(iter(CASES.values()))
    write = partial(books.evaluation, case=case)
    form = pdfs.typeset(Path("自评表.pdf"), [write], Style(size=7))
    tables = pdfs.typeset(Path("目标表.pdf"), TARGETS[1:3], Style(widths=FORM))
    assert main(["score", str(form)]) == 0
    assert main(["check", str(tables), "--fail-on", "never"]) == 0
    told = capfd.readouterr()
    assert f"{form}:第1页" in told.err
    assert f"{tables}:第1页" in told.out
    actuals = Path("actuals.csv")
    name = REAL[1]["indicators"][0]["name"]
    actuals.write_text(f"项目编码,三级指标,实际完成值\n{REAL[1]['code']},{name},100\n", "utf-8")
    assert main(["score", str(actuals), "--specs", str(tables), "--execution", str(form)]) == 0
    assert main(["import", str(tables), "-o", "specs"]) == 0
    assert len(load_specs("specs").projects) == 2
    capfd.readouterr()
    assert main(["--lang", "en", "annotate", str(form), "-o", "annotated.xlsx"]) == 2
    assert "workbook" in capfd.readouterr().err


def test_without_the_library_it_is_told_how_to_have_it(
    typeset: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfeval.sources.grids.pdf.process.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'perfeval\[pdf\]'"):
        read_book(typeset([["一", "二"]]))


def test_a_name_that_says_otherwise_is_mentioned(typeset: Callable[..., Path]) -> None:
    path = typeset(form_rows(["产出指标", "数量指标", "走访", "≥", "5", "次", "100"]))
    other = path.rename(path.with_suffix(".xlsx"))
    assert "its name ends in .xlsx, but it is a PDF" in said(read_contents(other).notes)[0]


# What an office program prints


@office.needs_office
def test_forms_that_libreoffice_prints_say_what_their_workbook_says(tmp_path: Path) -> None:
    result = score(SPECS.parent / "examples" / "actuals.csv", SPECS, None, None)
    from perfeval.commands.workbooks import write_result

    book = tmp_path / "forms.xlsx"
    with book.open("wb") as file:
        write_result(result, file, "zh")
    (printed,) = office.convert([book], "pdf", tmp_path)
    names = ["project", "indicator", "actual", "unit", "reason"]
    wanted = read_evaluation(book).actuals.frame
    found = read_evaluation(printed).actuals.frame
    assert found.select(names).rows() == wanted.select(names).rows()
    # A cell shows two decimals, 4.90 where it holds 4.9, and undecided points as a range.
    both = list(zip(found.get_column("score"), wanted.get_column("score"), strict=True))
    assert {score for shown, score in both if not shown} <= {""}
    decided = ((shown, score) for shown, score in both if shown and "–" not in shown)
    points = [(float(shown), float(score)) for shown, score in decided]
    assert len(points) > 150
    assert all(shown == score for shown, score in points)


def test_a_unit_that_wraps_at_its_slash_is_whole() -> None:
    grid = Grid("a.pdf", "第1页", [1], [["公里成本", "≤1.2万元\n/公里", "7.5\n万元 /\n公里"]])
    cells = cells_of(grid, 0, {"indicator": 0, "target": 1, "actual": 2})
    assert (cells["target"], cells["actual"]) == ("≤1.2万元/公里", "7.5 万元/公里")


def test_claims_of_a_form_over_pages_stand_on_their_own_page(typeset: Callable[..., Path]) -> None:
    case = CASES["S01"]
    path = typeset(partial(books.evaluation, case=case), page=A5)
    read = read_contents(path)
    (form,) = read.forms
    pages = [form.grid.sheet_at(row) for row in form.body.places]
    assert len(set(pages)) > 1
    assert review(path).claims["sheet"].to_list() == pages

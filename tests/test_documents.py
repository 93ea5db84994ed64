"""Word documents: their tables arrive as a reader of the page sees them, and as the same forms."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import cli
from perfeval.problems import InputError
from perfeval.sources.evaluation import read_evaluation
from perfeval.sources.grids import Book, Grid, bounds, read_book
from perfeval.sources.layouts import Contents, frames, read_contents
from perfeval.sources.specs import load_specs
from tests import books, office
from tests.documents import W, p, raw, save, tbl, tc, tr, typed
from tests.test_layouts import CASES, CHONGQING, HEAD, REAL, ROWS, actuals, notes

SPAN2 = '<w:gridSpan w:val="2"/>'
BEGINS, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
FORM: list[list[Any]] = [HEAD, *ROWS]
NAMES = ["p", "r", "t", "tbl", "tr", "tc", "sdt", "txbxContent", "del", "trPr", "rPr", "vMerge"]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Book]:
    """What a document of this body holds."""
    return lambda body, parts=None: read_book(raw(tmp_path / "表.docx", body, parts))


@pytest.fixture
def cell(book: Callable[..., Book]) -> Callable[[str], str]:
    """What a cell of this content says, beside another cell."""

    def read(content: str) -> str:
        [grid] = book(tbl(tr(tc(content), "旁"))).grids
        return grid.rows[0][0]

    return read


@pytest.fixture
def contents(tmp_path: Path) -> Callable[..., Contents]:
    """The forms and lists in a document of this body."""
    return lambda body, parts=None: read_contents(raw(tmp_path / "表.docx", body, parts))


def said(book: Book) -> list[str]:
    return [note.text().removeprefix(f"{book.file}: ") for note in book.notes]


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_book(path)
    [problem] = error.value.problems
    assert problem.file == str(path)
    return problem.text().removeprefix(str(path))


def tables(book: Book) -> dict[str | None, Grid]:
    return {grid.sheet: grid for grid in book.grids}


# Cells and rows


def test_tables_are_grids_with_the_lines_of_text_between_them(book: Callable[..., Book]) -> None:
    read = book(p("标题") + p() + tbl(["甲", "乙"], ["", ""], ["丙", "丁"]) + p("文") + tbl(["戊"]))
    assert [(grid.sheet, grid.lines, grid.rows) for grid in read.grids] == [
        ("段落", [1], [["标题"]]),
        ("表1", [1, 3], [["甲", "乙"], ["丙", "丁"]]),
        ("段落", [3], [["文"]]),
        ("表2", [1], [["戊"]]),
    ]
    assert read.kind == "docx"


def test_merged_cells_are_filled_and_marked(book: Callable[..., Book]) -> None:
    [grid] = book(
        tbl(
            tr(tc("宽", SPAN2), "右"),
            tr(tc("高", BEGINS), "乙", "丙"),
            tr(tc("", GOES_ON), "丁", "戊"),
            tr(tc("宽高", SPAN2, BEGINS), "己"),
            tr(tc("", SPAN2, GOES_ON), "庚"),
        )
    ).grids
    assert grid.rows == [
        ["宽", "宽", "右"],
        ["高", "乙", "丙"],
        ["高", "丁", "戊"],
        ["宽高", "宽高", "己"],
        ["宽高", "宽高", "庚"],
    ]
    assert grid.copies == {
        (0, 1): (0, 0), (2, 0): (1, 0), (3, 1): (3, 0), (4, 0): (3, 0), (4, 1): (3, 0),
    }  # fmt: skip


def test_a_cell_is_named_as_word_names_it(book: Callable[..., Book]) -> None:
    """Word counts the cells of a row: after a cell over two columns the next is B."""
    [grid] = book(tbl(tr(tc("宽", SPAN2), "右"), ["甲", "乙", "丙"])).grids
    assert [grid.address(0, 0), grid.address(0, 2), grid.address(1, 2)] == ["A1", "B1", "C2"]


def test_cells_that_only_a_neighbour_goes_on_with(book: Callable[..., Book]) -> None:
    """What old programs wrote: hMerge, a vMerge that nothing begins, rows that begin later."""
    beside = tr(tc("宽", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), "右")
    lonely = tr(tc("孤", GOES_ON), "乙", "丙")
    late = tr("迟", marks='<w:gridBefore w:val="2"/>')
    [grid] = book(tbl(beside, lonely, late)).grids
    assert grid.rows == [["宽", "宽", "右"], ["孤", "乙", "丙"], ["", "", "迟"]]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (p("第一段") + p() + p(" 第二段 "), "第一段\n第二段"),
        ("<w:p><w:r><w:t>≥</w:t><w:tab/><w:t>9</w:t></w:r><w:r><w:t>5</w:t></w:r></w:p>", "≥\t95"),
        ("<w:p><w:r><w:t>上</w:t><w:br/><w:t>下</w:t></w:r></w:p>", "上\n下"),
        ("<w:p><w:r><w:t>2023</w:t><w:noBreakHyphen/><w:t>09</w:t></w:r></w:p>", "2023-09"),
        ('<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr></w:p>', ""),
        # ≥ from the font Symbol; a symbol of which nobody knows what it shows
        ('<w:p><w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>5</w:t></w:r></w:p>', "≥5"),
        ('<w:p><w:r><w:sym w:font="Bookshelf" w:char="F0B3"/></w:r></w:p>', "�"),
        # The number of a footnote is no part of the value.
        ('<w:p><w:r><w:t>95%</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>', "95%"),
        (
            '<w:p><w:r><w:t>95</w:t></w:r><w:r><w:footnoteReference w:customMarkFollows="1"/>'
            "<w:t>①</w:t></w:r><w:r><w:t>人</w:t></w:r></w:p>",
            "95人",
        ),
        # Tracked changes: as if they were accepted
        (
            "<w:p><w:del><w:r><w:delText>80</w:delText></w:r></w:del><w:ins><w:r><w:t>95</w:t>"
            "</w:r></w:ins><w:r><w:t>%</w:t></w:r></w:p>",
            "95%",
        ),
        (
            "<w:p><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t>"
            "</w:r></w:moveTo></w:p>",
            "新",
        ),
        (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>走</w:t></w:r></w:p>" + p("访"),
            "走访",
        ),
        # Content controls: what was filled in, not what asks for it
        ("<w:p><w:sdt><w:sdtContent><w:r><w:t>95</w:t></w:r></w:sdtContent></w:sdt></w:p>", "95"),
        (
            "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t>"
            "</w:r></w:sdtContent></w:sdt><w:r><w:t>有</w:t></w:r></w:p>",
            "有",
        ),
        # A field's result, not its code; a formula; how a word is read is no part of it
        (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM(ABOVE)'
            "</w:instrText></w:r><w:r><w:t>100</w:t></w:r></w:p>",
            "100",
        ),
        (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
            '<w:listEntry w:val="达成"/><w:listEntry w:val="部分达成"/></w:ddList></w:ffData>'
            "</w:fldChar></w:r></w:p>",
            "部分达成",
        ),
        ("<w:p><m:oMath><m:r><m:t>≥95%</m:t></m:r></m:oMath></w:p>", "≥95%"),
        (
            "<w:p><w:ruby><w:rt><w:r><w:t>jì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>绩</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:p>",
            "绩",
        ),
        # A text box is there twice, for new programs and for old ones; it is read once
        (
            "<w:p><w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>" + p("框")
            + "</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><v:textbox><w:txbxContent>"
            + p("框") + "</w:txbxContent></v:textbox></mc:Fallback></mc:AlternateContent>"
            "<w:t>外</w:t></w:r></w:p>",
            "框\n外",
        ),
        # Properties as they were before a change
        (
            "<w:p><w:pPr><w:pPrChange><w:pPr/></w:pPrChange></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>",
            "甲",
        ),
    ],
)  # fmt: skip
def test_a_cell_says_what_its_reader_sees(
    cell: Callable[[str], str], content: str, text: str
) -> None:
    assert cell(content) == text


def test_properties_before_a_change_do_not_merge(book: Callable[..., Book]) -> None:
    old = f"<w:tcPrChange><w:tcPr>{SPAN2}</w:tcPr></w:tcPrChange>"
    [grid] = book(tbl(tr(tc("甲", old), "乙"))).grids
    assert grid.rows == [["甲", "乙"]]


def test_deleted_rows_and_cells_are_left_out_and_changes_are_mentioned(
    book: Callable[..., Book],
) -> None:
    read = book(
        tbl(
            tr("甲", "乙"),
            tr("删", "掉", marks="<w:del/>"),
            tr("丙", tc("丁", "<w:cellDel/>")),
            tr("戊", "己", marks="<w:ins/>"),
        )
    )
    [grid] = read.grids
    assert (grid.lines, grid.rows) == ([1, 3, 4], [["甲", "乙"], ["丙"], ["戊", "己"]])
    assert said(read) == [
        "the document has tracked changes; it is read as if they were all accepted: inserted text"
        " is read, deleted text is not"
    ]


def test_hidden_rows_are_read_and_hidden_text_is_left_out_and_both_are_mentioned(
    book: Callable[..., Book],
) -> None:
    unseen = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:t>显</w:t></w:r></w:p>"
    read = book(tbl(tr(tc(unseen)), tr("乙", marks="<w:hidden/>")))
    assert read.grids[0].rows == [["显"], ["乙"]]
    assert said(read) == [
        "1 pieces of hidden text, which no reader sees, are left out",
        f"{read.file}:表1: 1 rows with text are hidden (the first is row 2); they are read",
    ]


def test_content_controls_around_rows_cells_and_tables(book: Callable[..., Book]) -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    [grid] = book(control(tbl(tr("甲", control(tc("乙"))), control(tr("丙", "丁"))))).grids
    assert grid.rows == [["甲", "乙"], ["丙", "丁"]]


def test_tables_inside_tables_are_tables_of_their_own(book: Callable[..., Book]) -> None:
    inner = tbl(["内", "里"])
    read = tables(book(tbl(tr(tc(p("外") + inner + p("面")), "旁")) + tbl(["后"])))
    assert list(read) == ["表1", "表1.1", "表2"]
    assert read["表1"].rows == [["外\n面", "旁"]]
    assert read["表1.1"].rows == [["内", "里"]]


def test_what_is_not_read_of_a_document_is_mentioned(book: Callable[..., Book]) -> None:
    prose = "".join(p("正文" * 200) for _ in range(3))
    read = book(prose + tbl(["甲"]) + "<w:altChunk/><w:p><w:r><w:object/></w:r></w:p>")
    assert said(read) == [
        "3 paragraphs outside the tables are left out; of such text only titles and labelled lines"
        " (项目名称：…) near a table are read",
        "the document embeds 2 other documents or worksheets, which are not read; copy their tables"
        " into the document",
    ]


def test_only_lines_near_a_table_are_kept(book: Callable[..., Book]) -> None:
    read = book("".join(p(f"第{n}行") for n in range(100)) + tbl(["甲"]))
    assert len(read.grids[0].rows) == 40
    assert said(read)[0].startswith("60 paragraphs outside the tables are left out")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (p("文字"), "the document holds no table; perfeval reads the tables of a document"),
        ("<w:p><w:r><w:drawing/></w:r></w:p>", "no table (but 1 pictures, which cannot be read)"),
    ],
)
def test_a_document_without_tables(tmp_path: Path, body: str, words: str) -> None:
    assert words in refused(raw(tmp_path / "表.docx", body))


@pytest.mark.parametrize("prefix", ["w", "ns0", ""])
def test_the_prefix_of_the_elements_and_the_strict_form_make_no_difference(
    tmp_path: Path, prefix: str
) -> None:
    path = raw(tmp_path / "表.docx", tbl(["甲", "乙"]))
    with zipfile.ZipFile(path) as archive:
        document = archive.read("word/document.xml").decode()
    strict = document.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    named = f"{prefix}:" if prefix else ""
    strict = (
        strict.replace("<w:", f"<{named}").replace("</w:", f"</{named}").replace(" w:", f" {named}")
    )
    strict = strict.replace("xmlns:w=", f"xmlns:{prefix}=" if prefix else "xmlns=")
    raw(path, "", {"word/document.xml": strict})
    assert read_book(path).grids[0].rows == [["甲", "乙"]]


# The same forms as from workbooks


def test_the_real_target_tables_are_the_same_from_a_document(tmp_path: Path) -> None:
    writers = [(lambda sheet, s=spec: books.target_table(sheet, s)) for spec in REAL]
    read = read_contents(save(tmp_path / "目标表.docx", writers))
    assert frames.spec_dicts(read) == REAL
    assert not read.problems
    assert [note.text() for note in read.notes][:2] == [
        f"{read.input.path}:表1: target table: 212001, indicators: 29 (rows 10 to 38)",
        f"{read.input.path}:表2: target table: 50011023T000003176409, indicators: 5 (rows 17 to"
        " 21)",
    ]


def test_published_self_evaluations_are_the_same_from_a_document_as_from_a_workbook(
    tmp_path: Path,
) -> None:
    writers = [(lambda sheet, c=case: books.evaluation(sheet, c)) for case in CASES.values()]
    document = read_contents(save(tmp_path / "自评表.docx", writers))
    named = [(f"表{number}", write) for number, write in enumerate(writers, 1)]
    workbook = read_contents(books.save(tmp_path / "自评表.xlsx", named))
    for read in (frames.actuals, frames.execution):
        of_document, of_workbook = read(document), read(workbook)
        assert of_document is not None
        assert of_workbook is not None
        assert of_document.frame.drop("file").equals(of_workbook.frame.drop("file"))
    claims = frames.claims(document), frames.claims(workbook)
    assert claims[0].drop("file").equals(claims[1].drop("file"))
    assert [note.template for note in document.notes] == [note.template for note in workbook.notes]
    assert len(document.problems) == len(workbook.problems)


def test_the_form_of_chongqing_made_with_another_library(tmp_path: Path) -> None:
    read = read_contents(typed(tmp_path / "自评表.docx", books.rows_of(CHONGQING)))
    assert notes(read) == [
        "self-evaluation form of Chongqing: 50011023T000003384855, indicators: 2 (rows 11 to 12)"
    ]
    assert not read.problems
    assert actuals(read, "indicator", "actual", "score", "sheet", "line") == [
        ("培训人数", "1300", "60", "表1", 11),
        ("合格率", "90", "28.42", "表1", 12),
    ]
    paid = frames.execution(read)
    assert paid is not None
    assert paid.frame.select("budget", "spent", "score").rows() == [("120", "91.2", "7.6")]


def test_a_list_that_goes_on_in_another_table(contents: Callable[..., Contents]) -> None:
    head = ["项目编码", "三级指标", "实际完成值"]
    read = contents(
        p("各项目完成情况") + tbl(head, ["P1", "走访", "12"]) + p("续表")
        + tbl(head, ["P2", "培训", "30"]) + tbl(["P3", "演练", "2"]) + p("注：数据截至年底")
    )  # fmt: skip
    assert actuals(read, "project", "actual", "sheet", "line") == [
        ("P1", "12", "表1", 2),
        ("P2", "30", "表2", 2),
        ("P3", "2", "表3", 1),
    ]


# Forms that several tables and lines of text make up


def rows(*cells: list[Any]) -> str:
    return tbl(*([str(cell or "") for cell in row] for row in cells))


def test_a_title_a_name_and_a_department_in_lines_of_text(
    contents: Callable[..., Contents],
) -> None:
    read = contents(
        p("附件2") + p("2023年项目支出绩效自评表")
        + p("项目名称：困难群众走访    主管部门：某县民政局")
        + rows(*FORM) + p("自评总分：78  自评等级：中") + p("填表人：某某　联系电话：00000000")
    )  # fmt: skip
    assert notes(read) == ["self-evaluation form: 困难群众走访, indicators: 2 (rows 2 to 3)"]
    assert not read.problems
    targets = frames.targets(read)
    assert targets is not None
    assert targets.projects.select("name", "department", "year", "sheet", "line").rows() == [
        ("困难群众走访", "某县民政局", 2023, "段落", 1)
    ]
    [claim] = frames.claims(read).iter_rows(named=True)
    assert (claim["score"], claim["grade"]) == ("78", "中")


def test_a_heading_stands_in_for_the_name_of_a_project(contents: Callable[..., Contents]) -> None:
    read = contents(
        p("（二）困难群众走访项目") + rows(*FORM) + p("三、结余资金情况") + p("没有结余。")
    )
    assert [row[0] for row in actuals(read, "project")] == ["困难群众走访项目"] * 2
    [told] = [problem.text() for problem in read.problems]
    assert "段落!1: the form names no project" in told
    assert "stands in: 困难群众走访项目" in told


def test_a_form_in_parts(contents: Callable[..., Contents]) -> None:
    """Its head, its funds, its indicators and its sums are tables of their own."""
    read = contents(
        p("项目支出绩效自评表") + p("一、基本情况")
        + rows(["项目名称", "困难群众走访"], ["主管部门", "某县民政局"])
        + p("二、资金情况（万元）")
        + rows(["", "年初预算数", "全年预算数", "全年执行数", "分值", "得分"],
               ["年度资金总额", 10, 12, 9, 10, 7.5])
        + p("三、绩效指标") + rows(*FORM) + rows(["总分", "", "90", "88.5"])
        + p("项目支出绩效自评表") + rows(["项目名称", "防汛演练"]) + rows(*FORM)
    )  # fmt: skip
    assert notes(read) == [
        "self-evaluation form: 困难群众走访, indicators: 2 (rows 表3!2 to 表3!3)",
        "self-evaluation form: 防汛演练, indicators: 2 (rows 表6!2 to 表6!3)",
    ]
    assert [problem.text() for problem in read.problems] == []
    assert actuals(read, "project", "sheet", "line") == [
        ("困难群众走访", "表3", 2), ("困难群众走访", "表3", 3),
        ("防汛演练", "表6", 2), ("防汛演练", "表6", 3),
    ]  # fmt: skip
    paid = frames.execution(read)
    assert paid is not None
    assert paid.frame.select("project", "spent", "score", "sheet", "line").rows() == [
        ("困难群众走访", "9", "7.5", "表2", 2)
    ]


def test_a_form_goes_on_in_other_tables_with_its_headings_or_without(
    contents: Callable[..., Contents],
) -> None:
    """The second is drawn otherwise: its columns are wider, its cells the same."""
    top = tr(tc("项目名称", SPAN2), tc("走访", '<w:gridSpan w:val="8"/>'))

    def drawn(cells: list[str], *wide: int) -> str:
        return tr(*(tc(text, SPAN2) if at in wide else text for at, text in enumerate(cells)))

    also = ["", "质量指标", "演练次数", "2次", "2次", "10", "10", ""]
    read = contents(
        tbl(top, drawn(HEAD, 3, 4), drawn(ROWS[0], 3, 4)) + p("续表")
        + tbl(drawn(HEAD, 2), drawn(also, 2)) + tbl(ROWS[1])
    )  # fmt: skip
    assert actuals(read, "project", "level2", "indicator", "actual", "score", "sheet", "line") == [
        ("走访", "数量指标", "走访人数", "48人", "48", "表1", 3),
        ("走访", "质量指标", "演练次数", "2次", "10", "表2", 2),
        ("走访", "社会效益指标", "知晓率", "95%", "30", "表3", 1),
    ]
    targets = frames.targets(read)
    assert targets is not None
    assert targets.indicators["level1"].to_list()[:2] == ["产出指标(50分)", "产出指标(50分)"]
    assert not read.problems


def test_other_tables_of_a_report_stay_by_themselves(contents: Callable[..., Contents]) -> None:
    read = contents(
        p("人员情况") + tbl(["姓名", "职务"], ["某某", "科长"]) + p("自评情况")
        + rows(["项目名称", "走访"], *([*row] for row in FORM))
        + p("结余情况") + tbl(["年份", "结余", "说明"], ["2022", "0", "无"])
    )  # fmt: skip
    assert notes(read) == [
        "self-evaluation form: 走访, indicators: 2 (rows 3 to 4)",
        "the table here is of no known layout; it is left out",
        "the table here is of no known layout; it is left out",
    ]
    assert len(actuals(read)) == 2
    assert not read.problems


def test_a_form_inside_the_cell_of_another_table(contents: Callable[..., Contents]) -> None:
    inner = rows(["项目名称", "走访"], *FORM)
    read = contents(tbl(tr(tc(p("项目支出绩效自评表") + inner + p()))))
    assert actuals(read, "project", "indicator", "sheet", "line") == [
        ("走访", "走访人数", "表1.1", 3),
        ("走访", "知晓率", "表1.1", 4),
    ]


def test_a_form_whose_indicators_stand_in_a_table_inside_it(
    contents: Callable[..., Contents],
) -> None:
    read = contents(
        tbl(["项目名称", "走访"], ["主管部门", "民政局"], tr("绩效指标", tc(rows(*FORM) + p())))
    )
    assert actuals(read, "project", "indicator", "sheet") == [
        ("走访", "走访人数", "表1.1"),
        ("走访", "知晓率", "表1.1"),
    ]


def test_problems_name_the_table_row_and_cell(contents: Callable[..., Contents]) -> None:
    bad = [HEAD, ["产出指标", "数量指标", "走访", "≥5次", "5次", "许多", "5", ""]]
    read = contents(tbl(["前"]) + p("标题") + rows(["项目名称", "走访"], *bad))
    targets = frames.targets(read)
    assert targets is not None
    [told] = [problem.text() for problem in targets.errors]
    assert told.startswith(f"{read.input.path}:表2!F3: the weight of the indicator 走访 is “许多”")


def test_evaluations_specs_and_execution_come_from_documents(tmp_path: Path) -> None:
    path = save(tmp_path / "自评表.docx", [books.rows_of(CHONGQING)])
    read = read_evaluation(path)
    assert read.actuals.frame.height == 2
    assert read.execution is not None
    specs = load_specs(path)
    assert specs.indicators.select("indicator", "weight", "sheet", "line").rows() == [
        ("培训人数", 60.0, "表1", 11),
        ("合格率", 30.0, "表1", 12),
    ]


def test_every_command_that_takes_workbooks_takes_documents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "目标表.docx", [lambda sheet: books.target_table(sheet, REAL[1])])
    save(tmp_path / "自评表.docx", [books.rows_of(CHONGQING)])
    assert cli.main(["import", "目标表.docx", "-o", "specs", "--lang", "zh"]) == 0
    assert "目标表.docx:表1: 识别为绩效目标表" in capsys.readouterr().err
    [spec] = Path("specs").glob("*.toml")
    assert REAL[1]["name"] in spec.read_text("utf-8")
    assert cli.main(["check", "目标表.docx", "--fail-on", "never", "--lang", "zh"]) == 0
    assert "目标表.docx:表1" in capsys.readouterr().out
    words = ["score", "自评表.docx", "--specs", "自评表.docx", "--execution", "自评表.docx"]
    assert cli.main([*words, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "指标共 2 项 = 计分 2" in said
    assert "7.60/10" in said


# Other programs


@office.needs_office
def test_documents_that_libreoffice_wrote(tmp_path: Path) -> None:
    writers = [(lambda sheet, c=CASES[name]: books.evaluation(sheet, c)) for name in ("S01", "S07")]
    before = read_contents(save(tmp_path / "自评表.docx", writers))
    [saved] = office.convert([tmp_path / "自评表.docx"], "odt", tmp_path)
    [again] = office.convert([saved], "docx", tmp_path)
    after = read_contents(again)
    found, expected = frames.actuals(after), frames.actuals(before)
    assert found is not None
    assert expected is not None
    assert found.frame.drop("file").equals(expected.frame.drop("file"))
    assert not after.problems


@office.needs_office
def test_old_documents_are_refused_with_advice(tmp_path: Path) -> None:
    save(tmp_path / "自评表.docx", [books.rows_of(FORM)])
    [old] = office.convert([tmp_path / "自评表.docx"], "doc", tmp_path)
    assert "an old Word or WPS document (.doc, .wps); open it and save it as .docx" in refused(old)
    [rich] = office.convert([tmp_path / "自评表.docx"], "rtf", tmp_path)
    assert "a Rich Text file; open it and save it as .docx" in refused(rich)


# Hostile documents


def test_tables_inside_tables_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 21
    path = raw(tmp_path / "表.docx", deep + "</w:tc></w:tr></w:tbl>" * 21)
    assert "a table stands inside another more than 20 times" in refused(path)
    monkeypatch.setattr(bounds, "SHALLOW_PART", 0)
    nested = raw(tmp_path / "深.docx", "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000)
    assert "1001 elements, one inside the other" in refused(nested)


def test_too_many_tables_cells_and_paragraphs_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = raw(tmp_path / "宽.docx", tbl(tr(*["甲"] * 1001)))
    assert "表1!1: a row of the table has more than 1000 cells" in refused(path)
    spans = raw(tmp_path / "跨.docx", tbl(tr(tc("甲", '<w:gridSpan w:val="999999999"/>'), "乙")))
    assert "no table of indicators goes beyond column ALL" in refused(spans)
    monkeypatch.setattr(bounds, "MOST_TABLES", 2)
    assert "more than 2 tables" in refused(raw(tmp_path / "多.docx", tbl(["甲"]) * 5))


def test_a_document_may_not_fill_more_cells_than_are_read(tmp_path: Path) -> None:
    marks = (BEGINS, '<w:gridSpan w:val="1000"/>')
    high = tr(tc("甲", *marks)) + "".join(
        tr(tc("", GOES_ON, marks[1]), marks="") for _ in range(10)
    )
    wide = tbl(high, *([str(n)] for n in range(3)))
    assert read_book(raw(tmp_path / "表.docx", wide)).grids[0].rows[0] == ["甲"] * 1000
    filled = "".join(tbl(tr(tc("甲", SPAN2.replace("2", "1000")))) for _ in range(5001))
    assert "more than 5000000 cells" in refused(raw(tmp_path / "大.docx", filled))


def test_document_types_macros_and_links(tmp_path: Path) -> None:
    path = raw(tmp_path / "表.docx", tbl(["甲"]))
    with zipfile.ZipFile(path) as archive:
        document = archive.read("word/document.xml").decode()
    doctype = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    raw(path, "", {"word/document.xml": doctype + document.replace("甲", "&a;")})
    assert "declares a document type with entities" in refused(path)
    macros = raw(tmp_path / "表.docm", tbl(["甲"]), {"word/vbaProject.bin": b"macros"})
    assert said(read_book(macros)) == ["the file holds macros; they are never run"]


def test_a_bomb_and_a_document_of_another_language_are_refused(tmp_path: Path) -> None:
    path = raw(tmp_path / "表.docx", " " * (bounds.SMALL_PART + 1))
    assert "its part word/document.xml unpacks to far more" in refused(path)
    other = raw(tmp_path / "异.docx", "", {"word/document.xml": "<html><body/></html>"})
    assert "is damaged (html: WordprocessingML)" in refused(other)


def test_a_document_cut_off_or_broken_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    data = save(tmp_path / "表.docx", [books.rows_of(CHONGQING)]).read_bytes()
    path = tmp_path / "坏.docx"
    for place in range(8, len(data), 41):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        for content in (data[:place], bytes(broken)):
            path.write_bytes(content)
            with contextlib.suppress(InputError):  # whatever else it raised would fail
                read_contents(path)


@given(st.lists(st.one_of(st.none(), st.sampled_from(NAMES)), max_size=300))
@settings(deadline=None)
def test_elements_in_any_order_are_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str | None]
) -> None:
    """Well-formed, but no document that a program would write; None ends an element."""
    opened: list[str] = []
    body = ""
    for name in steps:
        if name:
            opened.append(name)
            body += f"<w:{name}>甲"
        elif opened:
            body += f"</w:{opened.pop()}>"
    body += "".join(f"</w:{name}>" for name in reversed(opened))
    with contextlib.suppress(InputError):
        read_contents(raw(tmp_path_factory.mktemp("odd") / "表.docx", body))


def test_a_name_that_promises_something_else(tmp_path: Path) -> None:
    path = raw(tmp_path / "表.doc", tbl(["甲"]))
    assert said(read_book(path)) == [
        "its name ends in .doc, but it is a Word document (.docx); it is read as what it is"
    ]

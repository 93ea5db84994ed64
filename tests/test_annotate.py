"""A department's own workbook again: findings at the very cells, and nothing else changed."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval import cli
from perfeval.annotating import annotate
from perfeval.problems import InputError
from perfeval.reports.annotation.comments import Comments, drawing_part
from perfeval.reports.annotation.marks import MOST_NOTES, Mark
from perfeval.reports.annotation.package import annotated
from perfeval.reports.annotation.sheet import SheetPart
from perfeval.reports.annotation.xml import set_attribute, utf8
from perfeval.sources.grids import read_book
from tests import books
from tests.office import convert, needs_office
from tests.scoring import SPEC, write

HEADINGS = ("项目编码", "三级指标", "实际完成值", "偏差原因")
ROWS = (
    ("P1", "慰问人数", 8000, ""),
    ("P1", "满意度", "95%", ""),
    ("P1", "走访次数", "约300", ""),
    ("P1", "查无此项", 1, ""),
)
TARGETS = [
    {"indicator": "慰问人数", "target": "≥ 9000 人", "weight": "50"},
    {"indicator": "满意度", "target": "≥ 90 %", "weight": "30"},
    {"indicator": "走访次数", "target": "≥ 300 次", "weight": "20"},
]


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def rich(path: Path, *, comments: bool = True) -> Path:
    """A workbook with everything that a loading and saving library is apt to lose."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("填报")
    bold = book.add_format({"bold": True, "bg_color": "#00FF00", "num_format": "0.00"})
    sheet.write_row(1, 0, HEADINGS, bold)
    for line, row in enumerate(ROWS, 2):
        sheet.write_row(line, 0, row[:2])
        sheet.write(line, 2, row[2], bold)
    sheet.set_column(3, 3, 20, bold)
    sheet.write_formula("F3", "=C3*2", None, 16000)
    sheet.data_validation("C3:C9", {"validate": "list", "source": ["达成", "部分达成"]})
    sheet.conditional_format("C3:C9", {"type": "data_bar"})
    sheet.insert_image("H2", "dot.png", {"image_data": io.BytesIO(png())})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=填报!$C$3:$C$5"})
    sheet.insert_chart("H8", chart)
    sheet.add_table("J20:K24", {"columns": [{"header": "甲"}, {"header": "乙"}]})
    if comments:
        sheet.write_comment("C3", "去年是 <9000>", {"author": "财务科"})
        sheet.write_comment("A1", "封面", {"author": "财务科"})
    other = book.add_worksheet("附表")
    other.write("A1", "无关内容")
    other.protect("secret")
    book.define_name("范围", "=填报!$A$1")
    book.close()
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "specs.csv", [{**SPEC, **row} for row in TARGETS])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def comments(content: bytes, sheet: str = "填报") -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (cell for row in book[sheet].iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def made(path: Path, **options: Any) -> bytes:
    return annotate(path, "specs.csv", policy="general", lang="zh", **options).content


def test_findings_stand_at_what_they_are_about(folder: Path) -> None:
    content = made(rich(folder / "a.xlsx", comments=False))
    said = comments(content)
    assert set(said) == {"D3", "C5", "B6"}
    assert said["D3"].startswith("警告 A303：失分")
    assert "约数" in said["C5"]
    assert said["B6"].startswith("错误 A102：")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["填报"]
    colours = {cell: sheet[cell].fill.fgColor.rgb for cell in said}
    assert colours == {"D3": "FFFFEB9C", "C5": "FFFFEB9C", "B6": "FFFFC7CE"}


def test_only_what_marks_need_changes(folder: Path) -> None:
    path = rich(folder / "a.xlsx")
    before, after = parts(path.read_bytes()), parts(made(path))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    assert list(after)[: len(before)] == list(before)
    assert set(after) == set(before)


def test_in_the_sheet_only_the_marked_cells_change(folder: Path) -> None:
    path = rich(folder / "a.xlsx")
    name = "xl/worksheets/sheet1.xml"
    before, after = (parts(each)[name].decode() for each in (path.read_bytes(), made(path)))
    tag = re.compile(r'<c [^>]*r="(?:C5|B6)"[^>]*>')
    before, after = (
        tag.sub(lambda found: re.sub(r' s="\d+"', "", found[0]), text) for text in (before, after)
    )
    new = re.search(r'<c r="D3" s="\d+"/>', after)
    assert new
    assert after.replace(new[0], "") == before


def test_a_new_drawing_is_named_where_it_belongs(folder: Path) -> None:
    path = rich(folder / "a.xlsx", comments=False)
    after = parts(made(path))
    sheet = after["xl/worksheets/sheet1.xml"].decode()
    order = re.findall(r"<(drawing|legacyDrawing|tableParts)\b", sheet)
    assert order == ["drawing", "legacyDrawing", "tableParts"]
    id_ = re.search(r'<legacyDrawing r:id="(\w+)"/>', sheet)
    assert id_
    relations = after["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    assert f'Id="{id_[1]}"' in relations
    assert len(set(re.findall(r'Id="(\w+)"', relations))) == relations.count("<Relationship ")
    types = after["[Content_Types].xml"].decode()
    assert types.count('Extension="vml"') == 1
    assert 'PartName="/xl/comments1.xml"' in types


def boxes(content: bytes) -> list[bytes]:
    """The boxes of comments in a workbook."""
    drawings = [part for name, part in sorted(parts(content).items()) if name.endswith(".vml")]
    return re.findall(rb"<\w+:shape .*?</\w+:shape>", b"".join(drawings), re.S)


@pytest.mark.parametrize("is_openpyxl", [True, False])
def test_the_boxes_of_comments_are_sound_xml(folder: Path, is_openpyxl: bool) -> None:
    """Whichever prefixes the program uses that made the drawing."""
    path = rich(folder / "a.xlsx")
    if is_openpyxl:
        openpyxl.load_workbook(path).save(path)
    drawings = [part for name, part in parts(made(path)).items() if name.endswith(".vml")]
    shapes = [
        shape
        for part in drawings
        for shape in ElementTree.fromstring(part).iter("{urn:schemas-microsoft-com:vml}shape")
    ]
    assert len(shapes) == len(boxes(made(path))) or is_openpyxl
    anchor = "{urn:schemas-microsoft-com:office:excel}Anchor"
    assert sum(shape.find(f".//{anchor}") is not None for shape in shapes) >= 3


def test_a_finding_about_the_money_stands_at_the_amount(folder: Path) -> None:
    rows: list[list[Any]] = [
        ["项目名称", "走访慰问"],
        ["资金", "", "全年预算数", "全年执行数"],
        ["总额", "", "0", "0"],
    ]
    rows += [["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"]]
    rows += [["产出指标", "数量指标", "走访人数", "≥50人", "60人", "90", "90"]]
    content = made(books.save(folder / "form.xlsx", [("自评", books.rows_of(rows))]))
    assert "A401" in comments(content, "自评")["D3"]


def test_comments_that_were_there_stay_and_ours_follow(folder: Path) -> None:
    path = rich(folder / "a.xlsx")
    book = openpyxl.load_workbook(path)
    book["填报"]["C5"].comment = openpyxl.comments.Comment("电话核实过", "财务科")
    book.save(folder / "b.xlsx")
    said = comments(made(folder / "b.xlsx"))
    assert said["A1"] == "封面"
    assert said["C3"] == "去年是 <9000>"
    assert said["C5"].startswith("电话核实过\n警告 A202：")


def test_the_box_of_a_comment_that_gained_lines_grows(folder: Path) -> None:
    path = rich(folder / "a.xlsx")
    book = openpyxl.load_workbook(path)
    book["填报"]["C5"].comment = openpyxl.comments.Comment("电话核实过", "财务科")
    book.save(folder / "b.xlsx")
    content = made(folder / "b.xlsx")
    before, after = (
        [re.findall(rb"(?:height|width):([\d.]+)", shape) for shape in boxes(each)]
        for each in ((folder / "b.xlsx").read_bytes(), content)
    )
    grown = [new for old, new in zip(before, after, strict=False) if old != new]
    assert (
        len(grown) == 1
    )  # those of others, and every box when all is said already, stay as they are
    (folder / "c.xlsx").write_bytes(content)
    assert boxes(made(folder / "c.xlsx")) == boxes(content)
    anchored = b"<v:shape style='height:10pt'><x:Anchor>1, 0, 2, 0, 3, 0, 4, 0</x:Anchor>"
    anchored += b"<x:Row>4</x:Row><x:Column>2</x:Column></v:shape></xml>"
    grown_box = drawing_part(anchored, Comments(b"", [], {(5, 2): 3}), {}, 1)
    assert b"height:49pt" in grown_box
    assert b"<x:Anchor>1, 0, 2, 0, 5, 0, 7, 0</x:Anchor>" in grown_box


def test_what_is_said_already_is_not_repeated(folder: Path) -> None:
    first = folder / "first.xlsx"
    first.write_bytes(made(rich(folder / "a.xlsx")))
    assert comments(made(first)) == comments(first.read_bytes())


def test_a_style_keeps_everything_but_its_fill(folder: Path) -> None:
    path = rich(folder / "a.xlsx")
    sheets = [openpyxl.load_workbook(file)["填报"] for file in (path, io.BytesIO(made(path)))]
    for cell in ("C5", "D3", "B6"):
        before, after = (sheet[cell] for sheet in sheets)
        kept = before if cell != "D3" else sheets[0]["C3"]  # a blank cell has its column's style
        assert repr(after.font) == repr(kept.font)
        assert after.number_format == kept.number_format
        assert repr(after.border) == repr(kept.border)
    assert sheets[1]["C4"].fill.fgColor.rgb == "FF00FF00"


def test_a_workbook_without_findings_comes_back_as_it_is(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for name, actual in (("慰问人数", 9000), ("满意度", "95%"), ("走访次数", 300)):
        sheet.append(["P1", name, actual, ""])
    book.save(folder / "a.xlsx")
    result = annotate(folder / "a.xlsx", "specs.csv", policy="general")
    assert result.cells == 0
    assert parts(result.content) == parts((folder / "a.xlsx").read_bytes())


def test_marks_in_other_files_are_counted(folder: Path) -> None:
    (folder / "specs.csv").write_text(
        (folder / "specs.csv").read_text("utf-8").replace("50", "60"), "utf-8"
    )
    result = annotate(rich(folder / "a.xlsx"), "specs.csv", policy="general")
    assert result.elsewhere == 1  # the weights of the specs


def test_a_workbook_of_target_tables_is_checked(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    columns = ("项目编码", "项目名称", "部门", "一级指标", "二级指标", "三级指标", "指标值", "权重")
    sheet.append(columns)
    sheet.append(("P1", "慰问", "某局", "产出指标", "数量指标", "慰问人数", "9000 人", 90))
    book.save(folder / "targets.xlsx")
    result = annotate(folder / "targets.xlsx", policy="general", lang="en")
    said = comments(result.content, "Sheet")
    assert any("T103" in text for text in said.values())
    assert said["G2"].startswith("error T103")


# Parts as other programs write them

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<x:styleSheet xmlns:x="{MAIN}"><x:fills><x:fill><x:patternFill/></x:fill></x:fills>'
    "<x:cellXfs><x:xf numFmtId='0' fillId = '0'><x:alignment wrapText='1'/></x:xf></x:cellXfs>"
    "</x:styleSheet>"
)


def package(sheet: str | bytes, styles: str = STYLES) -> bytes:
    """A workbook of the one sheet S, written by hand."""
    relation = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="x"/>',
        "_rels/.rels": f'<Relationships xmlns="{rels}">'
        + relation.format("r1", OFFICE, "officeDocument", "xl/workbook.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}">'
        + relation.format("r1", OFFICE, "worksheet", "worksheets/sheet1.xml")
        + relation.format("r2", OFFICE, "styles", "styles.xml")
        + "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": styles,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def marked(sheet: str | bytes, *places: tuple[int, int]) -> dict[str, bytes]:
    """The parts of `package(sheet)` with a mark at each of `places`."""
    marks = {"S": {place: Mark("error", ["错误"]) for place in places}}
    content = annotated(package(sheet), "a.xlsx", marks, "zh")
    read_book("a.xlsx", content)  # sound XML throughout
    return parts(content)


@pytest.mark.parametrize(
    ("data", "places", "expected"),
    [
        # Cells and rows without their numbers, tags that are closed at once, missing rows.
        ("<x:row><x:c/><x:c/></x:row>", [(1, 1)], '<x:row><x:c/><x:c s="1"/></x:row>'),
        ("<x:row r='2'/>", [(2, 2)], '<x:row r=\'2\'><x:c r="C2" s="1"/></x:row>'),
        ('<x:row r="5"/>', [(3, 0)], '<x:row r="3"><x:c r="A3" s="1"/></x:row><x:row r="5"/>'),
        ('<x:row r="5"/>', [(7, 0)], '<x:row r="5"/><x:row r="7"><x:c r="A7" s="1"/></x:row>'),
        ("", [(1, 0)], '<x:row r="1"><x:c r="A1" s="1"/></x:row>'),
        (
            '<x:row r="1"><x:c r="A1"/><x:c r="D1" s = "0"><x:v>1</x:v></x:c></x:row>',
            [(1, 1), (1, 2), (1, 3)],
            '<x:row r="1"><x:c r="A1"/><x:c r="B1" s="1"/><x:c r="C1" s="1"/>'
            '<x:c r="D1" s="1"><x:v>1</x:v></x:c></x:row>',
        ),
        (
            '<x:row r="2"><x:c r="B2" t="str"><x:f>"a&gt;b"</x:f></x:c></x:row>',
            [(2, 0), (1, 0)],
            '<x:row r="1"><x:c r="A1" s="1"/></x:row><x:row r="2"><x:c r="A2" s="1"/>'
            '<x:c r="B2" t="str"><x:f>"a&gt;b"</x:f></x:c></x:row>',
        ),
    ],
)
@pytest.mark.parametrize("closed", [True, False])
def test_cells_are_marked_however_a_sheet_is_written(
    data: str, places: list[tuple[int, int]], expected: str, closed: bool
) -> None:
    body = f"<x:sheetData>{data}</x:sheetData>" if data or not closed else "<x:sheetData />"
    sheet = f'<x:worksheet xmlns:x="{MAIN}">{body}<x:extLst/></x:worksheet>'
    found = marked(sheet, *places)["xl/worksheets/sheet1.xml"].decode()
    assert f"<x:sheetData>{expected}</x:sheetData>" in found
    assert re.search(r'<x:legacyDrawing xmlns:r="[^"]+" r:id="rId1"/><x:extLst/>', found)


def test_styles_are_added_however_they_are_written() -> None:
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData/></x:worksheet>'
    styles = marked(sheet, (1, 0))["xl/styles.xml"].decode()
    assert '<x:fills count="2">' in styles
    assert '<x:fgColor rgb="FFFFC7CE"/>' in styles
    new = "<x:xf applyFill=\"1\" numFmtId='0' fillId=\"1\"><x:alignment wrapText='1'/></x:xf>"
    assert new in styles


def test_a_sheet_in_utf16_is_marked_too() -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}">'
    text += '<sheetData><row r="1"><c r="A1"/></row></sheetData></worksheet>'
    found = marked(text.encode("utf-16"), (1, 0))["xl/worksheets/sheet1.xml"]
    assert b'encoding="UTF-8"' in found
    assert b'<c s="1" r="A1"/>' in found
    assert utf8(b"<a/>") == b"<a/>"


def test_a_mark_at_a_merged_cell_stands_at_the_first() -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="2"><c r="B2"/></row></sheetData>'
    sheet += '<mergeCells><mergeCell ref="B2:C4"/></mergeCells></worksheet>'
    found = marked(sheet, (4, 2), (2, 1))
    assert b'<comment ref="B2"' in found["xl/comments1.xml"]
    said = found["xl/comments1.xml"].decode()
    assert "第 4 行：" in said  # of several rows, which one
    assert "第 2 行：" in said
    assert found["xl/comments1.xml"].count(b"<comment ") == 1
    assert b'r="C4"' not in found["xl/worksheets/sheet1.xml"]


def test_a_strict_workbook_gets_relations_of_its_kind() -> None:
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    sheet = (
        '<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData/></worksheet>'
    )
    whole = parts(package(sheet))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in whole.items():
            archive.writestr(name, content.replace(OFFICE.encode(), strict.encode()))
    marks = {"S": {(1, 0): Mark("info", ["x"])}}
    found = parts(annotated(buffer.getvalue(), "a.xlsx", marks, "zh"))
    assert strict.encode() in found["xl/worksheets/_rels/sheet1.xml.rels"]
    assert OFFICE.encode() not in found["xl/worksheets/_rels/sheet1.xml.rels"]
    assert b'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"' in found["xl/comments1.xml"]


def test_a_workbook_without_styles_is_refused() -> None:
    marks = {"S": {(1, 0): Mark("info", ["x"])}}
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    with pytest.raises(InputError, match="no cell styles"):
        annotated(package(sheet, "<styleSheet/>"), "a.xlsx", marks, "zh")


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 6)), unique=True),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 6)), unique=True, min_size=1),
)
@settings(deadline=None)
def test_every_other_cell_stays(cells: list[tuple[int, int]], marks: list[tuple[int, int]]) -> None:
    """Whatever cells a sheet has and whichever are marked: all are there, in order, once."""
    rows: dict[int, list[int]] = {}
    for line, column in sorted(cells):
        rows.setdefault(line, []).append(column)
    letters = "ABCDEFG"
    data = "".join(
        f'<row r="{line}">'
        + "".join(f'<c r="{letters[c]}{line}"><v>{c}</v></c>' for c in columns)
        + "</row>"
        for line, columns in rows.items()
    )
    part = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'.encode()
    sheet = SheetPart(part, {line for line, _ in marks})
    found = sheet.content(dict.fromkeys(marks, 7), "rId1").decode()
    told = re.findall(r'<c (?:s="(\d)" )?r="([A-G])(\d)"(?: s="(\d)")?(?:/>|><v>(\d)</v>)', found)
    places = [(int(line), letters.index(letter)) for _, letter, line, _, _ in told]
    assert places == sorted({*cells, *marks})
    for place, (first, _, _, second, value) in zip(places, told, strict=True):
        assert (first or second) == ("7" if place in marks else "")
        assert value == (str(place[1]) if place in cells else "")


def test_many_notes_at_one_cell_are_bounded() -> None:
    mark = Mark("info", [f"note {number}" for number in range(MOST_NOTES + 5)])
    assert mark.text("en").splitlines()[-1] == "… and 5 more"
    assert len(mark.text("en").splitlines()) == MOST_NOTES + 1


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (b"<c r='A1'/>", b"<c s=\"2\" r='A1'/>"),
        (b"<c\n s='1'>", b'<c\n s="2">'),
        (b'<c cs="1">', b'<c s="2" cs="1">'),
    ],
)
def test_an_attribute_is_set_in_place(tag: bytes, expected: bytes) -> None:
    assert set_attribute(tag, "s", 2) == expected


# What a user sees


def test_the_command_writes_a_copy_beside_the_workbook(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rich(folder / "实际完成值.xlsx")
    before = path.read_bytes()
    words = ["annotate", str(path), "--specs", "specs.csv", "--policy", "general", "--lang", "zh"]
    assert cli.main(words) == 0
    out = capsys.readouterr().out
    assert "实际完成值-annotated.xlsx" in out
    assert "标注单元格 3 个" in out
    assert path.read_bytes() == before
    assert set(comments((folder / "实际完成值-annotated.xlsx").read_bytes())) >= {"C5", "B6"}


def test_the_workbook_itself_is_never_replaced(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rich(folder / "a.xlsx")
    assert cli.main(["annotate", str(path), "-o", str(path), "--lang", "en"]) == 2
    assert "this is an input of the same run" in capsys.readouterr().err


def test_what_is_no_workbook_of_that_kind_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(folder / "actuals.csv", [{"project": "P1", "indicator": "x", "actual": "1"}])
    assert cli.main(["annotate", str(path), "--specs", "specs.csv", "--lang", "en"]) == 2
    assert "save it as .xlsx" in capsys.readouterr().err
    assert not list(folder.glob("*annotated*"))


@needs_office
def test_libreoffice_shows_the_comments(folder: Path) -> None:
    copies = []
    for name, has_comments in (("with", True), ("without", False)):
        path = rich(folder / f"{name}.xlsx", comments=has_comments)
        copy = folder / f"{name}-annotated.xlsx"
        copy.write_bytes(made(path))
        copies.append(copy)
    for file, count in zip(convert(copies, "ods", folder), (5, 3), strict=True):
        with zipfile.ZipFile(file) as archive:
            content = archive.read("content.xml")
        assert content.count(b"<office:annotation ") == count

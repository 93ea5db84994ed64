"""Hostile and broken files: bounded time and memory, and one clear message each."""

from __future__ import annotations

import contextlib
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfeval.problems import InputError
from perfeval.sources.grids import bounds, read_book
from tests.test_grids import BOOKS

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_book(path)
    [problem] = error.value.problems
    assert problem.file == str(path)
    return problem.text().removeprefix(str(path))


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., Path]:
    """A workbook in which some parts are replaced or added."""

    def make(parts: dict[str, str | bytes], name: str = "book.xlsx") -> Path:
        whole = io.BytesIO()
        workbook = openpyxl.Workbook()
        workbook.active["A1"] = "指标"
        workbook.save(whole)
        path = tmp_path / name
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", 8) as new:
            for entry in old.namelist():
                if entry not in parts:
                    new.writestr(entry, old.read(entry))
            for entry, content in parts.items():
                new.writestr(entry, content)
        return path

    return make


def test_a_part_that_unpacks_to_far_more_is_refused_unread(packed: Callable[..., Path]) -> None:
    path = packed({SHEET: b" " * (bounds.SMALL_PART + 1)})
    assert "its part xl/worksheets/sheet1.xml unpacks to far more" in refused(path)


def test_a_part_may_not_hold_more_than_it_declares(
    packed: Callable[..., Path], tmp_path: Path
) -> None:
    path = packed({SHEET: HEAD + "<row/>" * 100_000 + TAIL})
    data = path.read_bytes()
    size = len((HEAD + "<row/>" * 100_000 + TAIL).encode()).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (100).to_bytes(4, "little")))
    assert "unpacks to far more" in refused(path) or "is damaged" in refused(path)


def test_all_parts_together_are_bounded(
    packed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_INFLATED", 4_000)
    path = packed({"xl/sharedStrings.xml": "<sst>" + "<si><t>x</t></si>" * 1000 + "</sst>"})
    assert "unpacks to far more" in refused(path)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
    ],
)
def test_entities_are_refused_with_their_document_type(
    packed: Callable[..., Path], doctype: str
) -> None:
    sheet = HEAD + '<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>' + TAIL
    assert "declares a document type with entities" in refused(packed({SHEET: doctype + sheet}))


def test_two_far_corners_take_no_memory_of_the_area_between(packed: Callable[..., Path]) -> None:
    sheet = (
        HEAD
        + '<row r="1"><c r="A1"><v>1</v></c></row>'
        + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        + TAIL
    )
    assert (
        "Sheet!XFD1048576: the cell holds text: no table of indicators goes beyond column ALL"
        in refused(packed({SHEET: sheet}))
    )
    far = sheet.replace("XFD1048576", "ALL1048576")
    [grid] = read_book(packed({SHEET: far})).grids
    assert (grid.lines, grid.rows[0]) == ([1, 1048576], ["1"])


def test_a_million_empty_formatted_rows_are_no_rows(packed: Callable[..., Path]) -> None:
    empty = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(2, 200_000))
    sheet = HEAD + '<row r="1"><c r="A1"><v>1</v></c></row>' + empty + TAIL
    [grid] = read_book(packed({SHEET: sheet})).grids
    assert (grid.lines, grid.rows) == ([1], [["1"]])


def test_empty_formatted_rows_of_an_opendocument_sheet_are_no_rows(tmp_path: Path) -> None:
    row = "<table:table-row{}><table:table-cell{}>{}</table:table-cell></table:table-row>"
    rows = row.format("", "", "<text:p>甲</text:p>")
    rows += row.format(
        ' table:number-rows-repeated="1048575"', ' table:number-columns-repeated="16384"', ""
    )
    [grid] = read_book(ods(tmp_path, rows)).grids
    assert (grid.lines, grid.rows) == ([1], [["甲"]])


def test_repeated_filled_cells_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = '<table:table-cell table:number-columns-repeated="{}"><text:p>甲</text:p>'
    rows = (
        '<table:table-row table:number-rows-repeated="{}">{}</table:table-cell></table:table-row>'
    )
    wide = ods(tmp_path, rows.format(1, filled.format(16384)))
    assert "表!ALM1: the cell holds text" in refused(wide)
    high = ods(tmp_path, rows.format(1048576, filled.format(900)))
    assert "more than 5000000 cells" in refused(high)


def ods(folder: Path, rows: str, manifest: str = "") -> Path:
    path = folder / "book.ods"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", 8) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", content)
        if manifest:
            new.writestr("META-INF/manifest.xml", f"<manifest:manifest {spaces}>{manifest}")
    return path


def test_merged_cells_over_the_whole_sheet_are_bounded(packed: Callable[..., Path]) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 100))
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 60
    sheet = HEAD + rows + f"</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    assert "more than 5000000 cells" in refused(packed({SHEET: sheet}))


def test_rows_out_of_order_are_damage(packed: Callable[..., Path]) -> None:
    sheet = HEAD + '<row r="5"><c><v>1</v></c></row><row r="5"><c><v>1</v></c></row>' + TAIL
    assert "Sheet!5: the rows of the sheet are out of order" in refused(packed({SHEET: sheet}))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({SHEET: "<worksheet><sheetData><row>"}, "is damaged"),
        ({SHEET: HEAD + '<row r="1"><c t="s"><v>9</v></c></row>' + TAIL}, "shared string 9"),
        ({SHEET: HEAD + '<row r="1"><c><v>1,5</v></c></row>' + TAIL}, "number 1,5"),
        ({SHEET: HEAD + '<row r="1"><c r="5"><v>1</v></c></row>' + TAIL}, "is damaged (5)"),
        ({"xl/workbook.xml": "no xml"}, "is damaged"),
    ],
)
def test_a_workbook_that_contradicts_itself(
    packed: Callable[..., Path], parts: dict[str, str | bytes], words: str
) -> None:
    assert words in refused(packed(parts))


@pytest.mark.parametrize("name", ["features.xlsx", "features.ods", "features.xls"])
def test_a_file_cut_off_anywhere_is_refused_or_read(tmp_path: Path, name: str) -> None:
    data = (BOOKS / name).read_bytes()
    path = tmp_path / name
    for length in range(8, len(data), 97):
        path.write_bytes(data[:length])
        with contextlib.suppress(InputError):  # whatever else it raised would fail
            read_book(path)


@pytest.mark.parametrize("name", ["features.xlsx", "features.ods", "features.xls"])
def test_a_file_with_a_broken_byte_is_refused_or_read(tmp_path: Path, name: str) -> None:
    data = (BOOKS / name).read_bytes()
    path = tmp_path / name
    for place in range(0, len(data), 61):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        path.write_bytes(broken)
        with contextlib.suppress(InputError):  # whatever else it raised would fail
            read_book(path)


def test_sheets_of_an_old_workbook_that_overlap_are_damage(tmp_path: Path) -> None:
    data = bytearray((BOOKS / "features.xls").read_bytes())
    first = data.find(b"\x85\x00")
    second = data.find(b"\x85\x00", first + 4)
    third = data.find(b"\x85\x00", second + 4)
    for place in (second, third):
        data[place + 4 : place + 8] = data[first + 4 : first + 8]
    path = tmp_path / "book.xls"
    path.write_bytes(data)
    assert "sheets overlap" in refused(path)


def test_macros_are_mentioned_and_never_run(packed: Callable[..., Path]) -> None:
    path = packed({"xl/vbaProject.bin": b"macros"}, "book.xlsm")
    assert [note.text() for note in read_book(path).notes] == [
        f"{path}: the file holds macros; they are never run"
    ]


def test_links_to_other_files_are_not_followed(packed: Callable[..., Path]) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" TargetMode="External" Target="file:///etc/hostname"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        "</Relationships>"
    )
    assert read_book(packed({"xl/_rels/workbook.xml.rels": relations})).grids == ()


def test_protected_files_say_so(packed: Callable[..., Path], tmp_path: Path) -> None:
    path = packed({})
    data = path.read_bytes()
    path.write_bytes(
        data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    )
    assert "protected by a password" in refused(path)
    ole = tmp_path / "book2.xlsx"
    ole.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    assert "protected by a password" in refused(ole)
    locked = ods(tmp_path, "", "<manifest:encryption-data/></manifest:manifest>")
    assert "protected by a password" in refused(locked)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"a.xlsx": b"PK"}, "a packed file (zip), but no workbook or Word document; unpack it"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "(.odt); open it and save"),
        ({"mimetype": b"application/vnd.oasis.opendocument.graphics"}, "but no workbook"),
        ({"_rels/.rels": b"xl/workbook.bin"}, "a binary workbook (.xlsb)"),
        ({"_rels/.rels": b"ppt/presentation.xml"}, "but no workbook"),
    ],
)
def test_other_packed_files_say_what_they_are(
    tmp_path: Path, parts: dict[str, bytes], words: str
) -> None:
    path = tmp_path / "表.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            if name == "_rels/.rels":
                content = (
                    b'<Relationships><Relationship Id="r" Type="x/officeDocument" Target="'
                    + content
                    + b'"/></Relationships>'
                )
            archive.writestr(name, content)
    assert words in refused(path)


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    text = tmp_path / "表.xls"
    text.write_text("指标,目标\n走访,12\n", encoding="gb18030")
    book = read_book(text)
    assert book.grids[0].rows[1] == ["走访", "12"]
    assert [note.text("en") for note in book.notes] == [
        f"{text}: its name ends in .xls, but it is plain text (such as CSV); it is read as what"
        " it is"
    ]
    shutil.copy(BOOKS / "features.xlsx", tmp_path / "表.csv")
    assert "it is a workbook (.xlsx)" in read_book(tmp_path / "表.csv").notes[0].text()
    page = tmp_path / "页.xls"
    page.write_text("<html><table></table></html>")
    assert "a web page or XML, whatever its name says" in refused(page)


def test_a_file_of_too_many_bytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 1_000_000)
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04" + b" " * 1_000_000)
    assert "larger than 1 MB" in refused(path)


def test_more_sheets_or_parts_than_a_workbook_has(
    packed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = '<workbook xmlns:r="r"><sheets>' + '<sheet name="表" r:id="rId1"/>' * 1001
    path = packed({"xl/workbook.xml": workbook + "</sheets></workbook>"})
    assert "1001 sheets; at most 1000" in refused(path)
    monkeypatch.setattr(bounds, "MOST_PARTS", 3)
    assert "no workbook or document has more than 3" in refused(packed({}))

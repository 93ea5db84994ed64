"""Word documents as departments have them, for tests: the forms of `tests.books` as tables."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
    ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def raw(path: Path, body: str, parts: dict[str, str | bytes] | None = None) -> Path:
    """A document of this body, in its own XML, with other parts beside it."""
    document = f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        contents: dict[str, str | bytes] = {"word/document.xml": document, **(parts or {})}
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def p(text: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, *marks: str) -> str:
    """A cell of paragraphs, or of one text; `marks` are its properties."""
    content = content if content.startswith("<w:") else p(content)
    return f"<w:tc><w:tcPr>{''.join(marks)}</w:tcPr>{content}</w:tc>"


def tr(*cells: str, marks: str = "") -> str:
    """A row of texts or cells."""
    written = (cell if cell.startswith(("<w:tc>", "<w:sdt>")) else tc(cell) for cell in cells)
    return f"<w:tr>{f'<w:trPr>{marks}</w:trPr>' if marks else ''}{''.join(written)}</w:tr>"


def tbl(*rows: str | Sequence[str]) -> str:
    """A table of rows, or of the texts of rows."""
    written = (row if isinstance(row, str) else tr(*row) for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(written)}</w:tbl>"


def table(write: Callable[[Worksheet], Any]) -> str:
    """The table that `write` makes of a sheet, merged cells as Word has them."""
    sheet = openpyxl.Workbook().active
    write(sheet)
    areas = {
        (area.min_row, area.min_col): (area.max_row, area.max_col)
        for area in sheet.merged_cells.ranges
    }
    down: dict[tuple[int, int], int] = {}
    rows = []
    for line in range(1, sheet.max_row + 1):
        cells, column = [], 1
        while column <= sheet.max_column:
            last_row, last = areas.get((line, column), (line, column))
            if (line, column) in down:
                last = down[line, column]
            wide = last - column + 1
            marks = [f'<w:tcW w:w="{1000 * wide}" w:type="dxa"/><w:gridSpan w:val="{wide}"/>']
            if (line, column) in down:
                marks.append("<w:vMerge/>")
            elif last_row > line:
                down |= {(row, column): last for row in range(line + 1, last_row + 1)}
                marks.append('<w:vMerge w:val="restart"/>')
            cells.append(tc(shown(sheet.cell(line, column).value), *marks))
            column = last + 1
        rows.append(tr(*cells))
    grid = '<w:gridCol w:w="1000"/>' * sheet.max_column
    return tbl(*rows).replace("<w:tblGrid/>", f"<w:tblGrid>{grid}</w:tblGrid>")


def shown(value: Any) -> str:
    """A value as a person would have typed it."""
    text = f"{value:.15g}" if isinstance(value, float) else str("" if value is None else value)
    return escape(text)


def save(path: Path, writers: Iterable[Callable[[Worksheet], Any]]) -> Path:
    """A document of tables, a blank line after each."""
    return raw(path, "".join(table(write) + p() for write in writers))


def typed(path: Path, write: Callable[[Worksheet], Any]) -> Path:
    """A document of one table, made with python-docx."""
    sheet = openpyxl.Workbook().active
    write(sheet)
    document = docx.Document()
    made = document.add_table(sheet.max_row, sheet.max_column)
    for area in sheet.merged_cells.ranges:
        first = made.cell(area.min_row - 1, area.min_col - 1)
        first.merge(made.cell(area.max_row - 1, area.max_col - 1))
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                made.cell(cell.row - 1, cell.column - 1).text = str(cell.value)
    document.save(str(path))
    return path

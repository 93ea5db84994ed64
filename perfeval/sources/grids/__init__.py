"""Grids: what the sheets of a workbook, the pages of a document or a text table hold.

A file is read by what it is, not by what its name says. `read_book` gives its grids: rows of text
with their places, as a reader of the file sees them: 95% where a cell shows 95 % and holds 0.95,
9月 where it shows a month. `bounds` says how much is read; macros are never run, links and entities
never followed.

    archive, xlsx, ods, xls, docx   the containers and formats
    formats                         number formats → text
    pdf                             pages with ruled tables
    grid                            the common shape that all of them make
"""

from __future__ import annotations

from pathlib import Path

from perfeval.messages import N_, Said
from perfeval.names import BLANKS
from perfeval.neutral import restored_text
from perfeval.problems import InputError, Problem
from perfeval.sources import delimited
from perfeval.sources.files import InputFile, decode, read_bytes, refuse_large, sha256
from perfeval.sources.grids import bounds, xls
from perfeval.sources.grids.archive import Archive
from perfeval.sources.grids.docx import read_docx
from perfeval.sources.grids.grid import Book, Grid, Room, Rows, column_letter
from perfeval.sources.grids.ods import MIMETYPE, read_ods
from perfeval.sources.grids.pdf import Document, is_pdf, read_pdf
from perfeval.sources.grids.xlsx import main_part, read_xlsx

__all__ = ["SUFFIXES", "Book", "Grid", "book_of", "column_letter", "is_workbook", "read_book"]

ZIP = b"PK\x03\x04"
_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"

_SUFFIXES = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm"), ("xlsx",)),
    **dict.fromkeys((".xls", ".xlt"), ("xls",)),
    **dict.fromkeys((".et", ".ett"), ("xls", "xlsx")),
    **dict.fromkeys((".ods", ".ots"), ("ods",)),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), ("docx",)),
    **dict.fromkeys((".doc", ".dot", ".wps", ".wpt"), ("doc",)),
    ".pdf": ("pdf",),
    **dict.fromkeys((".csv", ".tsv", ".txt", ".tab"), ("text",)),
}
SUFFIXES = frozenset(_SUFFIXES)
"""How the names of files end that `read_book` reads."""
_KINDS = {
    "xlsx": N_("a workbook (.xlsx)"),
    "ods": N_("an OpenDocument spreadsheet (.ods)"),
    "xls": N_("an old workbook (.xls)"),
    "docx": N_("a Word document (.docx)"),
    "pdf": N_("a PDF (.pdf)"),
    "text": N_("plain text (such as CSV)"),
}


def is_workbook(data: bytes) -> bool:
    """Whether the bytes of a file begin as those of a workbook, a Word document or a PDF do."""
    return data.startswith((ZIP, xls.MAGIC)) or is_pdf(data)


def read_book(path: str | Path, data: bytes | None = None) -> Book:
    """The grids of the file at `path` (whose content may be given as `data`).

    Raises `InputError` for what cannot be read as a workbook, document or text table: other kinds
    of files, damaged or protected ones, and those beyond the bounds.
    """
    file = str(path)
    if data is None:
        data = read_bytes(path, bounds.MOST_BYTES)
    refuse_large(data, bounds.MOST_BYTES, file)
    notes: list[Problem]
    if data.startswith(ZIP):
        kind, grids, notes = _packed(data, file)
    elif data.startswith(xls.MAGIC):
        kind, (grids, notes) = "xls", xls.read_xls(data, file)
    elif is_pdf(data):
        return book_of(read_pdf(data, file), data)
    else:
        kind, notes = "text", []
        text, encoding = decode(data, file)
        grids = [text_grid(text, file)]
    notes = [*_misnamed(file, kind), *notes, *_hidden(grids)]
    source = InputFile(file, sha256(data), 0, encoding if kind == "text" else kind)
    return Book(file, kind, tuple(grids), source, tuple(notes))


def book_of(document: Document, data: bytes) -> Book:
    """The grids of a PDF; raises `InputError` where it has none."""
    document.require_tables()
    file = document.file
    notes = (*_misnamed(file, "pdf"), *document.notes)
    return Book(file, "pdf", document.grids, InputFile(file, sha256(data), 0, "pdf"), notes)


def _misnamed(file: str, kind: str) -> list[Problem]:
    """A file whose name says that it is of another kind is read as what it is, and mentioned."""
    expected = _SUFFIXES.get(Path(file).suffix.lower())
    if not expected or kind in expected:
        return []
    template = N_("its name ends in {suffix}, but it is {kind}; it is read as what it is")
    return [Problem(template, {"suffix": Path(file).suffix, "kind": Said(_KINDS[kind])}, file)]


def _packed(data: bytes, file: str) -> tuple[str, list[Grid], list[Problem]]:
    archive = Archive(data, file)
    if "mimetype" in archive and archive.read("mimetype").startswith(MIMETYPE):
        return "ods", *read_ods(archive)
    part = main_part(archive)
    if part.startswith("xl/") and part.endswith(".xml"):
        return "xlsx", *read_xlsx(archive, part)
    if part.startswith("word/") and part.endswith(".xml"):
        return "docx", *read_docx(archive, part)
    raise InputError.of(_other_kind(part, archive), file=file)


def _other_kind(part: str, archive: Archive) -> str:
    if part.endswith(".bin"):
        return N_("this is a binary workbook (.xlsb); open it and save it as .xlsx")
    if "mimetype" in archive and archive.read("mimetype").startswith(_OPEN_TEXT):
        return N_("this is an OpenDocument text (.odt); open it and save it as .docx")
    if part or "mimetype" in archive:
        return N_(
            "this is a packed document, but no workbook or Word document; save its table as .xlsx"
            " or CSV"
        )
    return N_(
        "this is a packed file (zip), but no workbook or Word document; unpack it and give the"
        " files in it"
    )


def _hidden(grids: list[Grid]) -> list[Problem]:
    """Hidden sheets and rows are read like others, and mentioned."""
    notes: list[Problem] = []
    for grid in grids:
        if grid.hidden and grid.rows:
            notes.append(grid.problem(N_("the sheet is hidden; it is read like the others")))
        if grid.hidden_lines:
            template = N_(
                "{count} rows with text are hidden (the first is row {line}); they are read"
            )
            values = {"count": len(grid.hidden_lines), "line": min(grid.hidden_lines)}
            notes.append(grid.problem(template, values))
    return notes


def text_grid(text: str, file: str) -> Grid:
    """The grid of a text whose cells are divided by commas, tabs or semicolons."""
    separator = max(delimited.SEPARATORS, key=lambda sign: _divides(text, sign, file))
    rows = Rows(file, None, Room(file))
    for line, cells in delimited.records(text, separator, file):
        rows.begin(line)
        for column, cell in enumerate(cells):
            rows.put(column, restored_text(cell).strip(BLANKS))
    return rows.finish()


def _divides(text: str, separator: str, file: str) -> int:
    """How many cells a separator makes of the beginning of a text; -1 where it breaks quotes."""
    count = 0
    try:
        for line, cells in delimited.records(text[:100_000], separator, file):
            count += len(cells) - 1
            if line > 100:
                break
    except InputError:
        return count if len(text) > 100_000 else -1
    return count

"""Word documents (.docx, .docm): their tables as grids, and the lines of text around them.

Read from the document's own XML in one pass, as a reader of the printed page sees it: deleted text
of tracked changes, hidden text and placeholders are left out, inserted text and the results of
fields are read. Each table is a grid of its own, 表1, 表2 … in the order in which they begin (表2.1
is the first table inside 表2); lines of text between them make grids named 段落, whose rows are
numbered by the document's paragraphs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import partial

from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.problems import InputError, Problem
from perfeval.sources.grids import bounds
from perfeval.sources.grids.archive import Archive, Attributes, attribute, local
from perfeval.sources.grids.docx_table import Cell, Table, symbol
from perfeval.sources.grids.grid import Grid, Room, Rows
from perfeval.sources.grids.xlsx import MACROS

PARAGRAPHS = "段落"

_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
# What is no text of the document as it now stands: what was deleted or moved away, properties as
# they were before a change, a copy for older programs, how a word is pronounced.
_SKIPPED = (
    "del", "moveFrom", "Fallback", "rt", "rPrChange", "pPrChange", "tblPrChange", "tblGridChange",
    "tblPrExChange", "tcPrChange", "trPrChange", "sectPrChange",
)  # fmt: skip
_COUNTED = ("r", "rPr", "pPr", "trPr")
_NOTED = (
    "gridSpan", "vMerge", "hMerge", "cellDel", "gridBefore", "hidden", "vanish", "showingPlcHdr",
    "footnoteReference", "endnoteReference", "sym", "ins", "altChunk", "object", "pict", "drawing",
    "listEntry", "result",
)  # fmt: skip
_OFF = ("0", "false", "off")
_MOST_NAMES = 1000
_MOST_LINES = 20  # lines of text that are kept before and after a table
_LONGEST_LINE = 300  # characters of a line that may be a title or a label; what is longer is prose
_WRITTEN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_TRACKED = N_(
    "the document has tracked changes; it is read as if they were all accepted: inserted text is"
    " read, deleted text is not"
)
_HIDDEN = N_("{count} pieces of hidden text, which no reader sees, are left out")
_PROSE = N_(
    "{count} paragraphs outside the tables are left out; of such text only titles and labelled"
    " lines (项目名称：…) near a table are read"
)
_EMBEDDED = N_(
    "the document embeds {count} other documents or worksheets, which are not read; copy their"
    " tables into the document"
)
_NO_TABLE = N_(
    "the document holds no table{remark}; perfeval reads the tables of a document: make a table of"
    " the form, or give it as a workbook (.xlsx)"
)
_PICTURES = N_(" (but {count} pictures, which cannot be read)")
_TOO_MANY_TABLES = N_(
    "the document has more than {most} tables; at most so many are read: divide it"
)
_TOO_DEEP = N_("a table stands inside another more than {most} times; no form has that")
_TOO_WIDE = N_("a row of the table has more than {most} cells; no table of indicators has that")


def read_docx(archive: Archive, document: str) -> tuple[list[Grid], list[Problem]]:
    """The grids of a packed Word document whose main part is `document`, and what is said of it."""
    reader = _Reader(archive)
    archive.parse(document, reader.start, reader.end, reader.text)
    notes = reader.notes()
    if any(posixpath.basename(name).lower() == "vbaproject.bin" for name in archive.names):
        notes.append(Problem(MACROS, {}, archive.file))
    return reader.finish(), notes


class _Handlers(dict[str, "Callable[..., None] | None"]):
    """What is called for an element, by its name as it is written; None for what says nothing."""

    def __init__(self, known: Mapping[str, Callable[..., None]]) -> None:
        super().__init__()
        self.prefix = ""
        self._known = known

    def __missing__(self, name: str) -> Callable[..., None] | None:
        prefix, _, tag = name.rpartition(":")
        # Of other languages: a copy for older programs, and the text of formulas.
        own = prefix == self.prefix or tag == "Fallback" or (prefix, tag) == ("m", "t")
        handler = self._known.get(tag) if own else None
        if len(self) < _MOST_NAMES:
            self[name] = handler
        return handler


class _Reader:
    """One pass over the document."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._room = Room(archive.file)
        self._grids: list[Grid | None] = []
        self._is_begun = False
        self._starts = _Handlers(
            {
                **{tag: partial(self._leave_out, tag) for tag in _SKIPPED},
                **{tag: partial(self._enter, tag) for tag in _COUNTED},
                **{tag: partial(self._note, tag) for tag in _NOTED},
                **{tag: partial(self._sign, text) for tag, text in _WRITTEN.items()},
                "t": self._start_t,
                "tbl": self._start_tbl,
                "tr": self._start_tr,
                "tc": self._start_tc,
                "sdt": self._start_sdt,
                "ddList": self._start_choice,
                "txbxContent": self._start_box,
            }
        )
        self._ends = _Handlers(
            {
                **{tag: partial(self._leave, tag) for tag in _COUNTED},
                "t": self._end_t,
                "p": self._end_p,
                "tbl": self._end_tbl,
                "tr": self._end_tr,
                "tc": self._end_tc,
                "sdt": self._end_sdt,
                "ddList": self._end_choice,
                "txbxContent": self._end_box,
            }
        )
        self._tables: list[Table] = []
        self._cells: list[Cell] = []
        self._count = 0  # tables that stand in no other
        self._skip = 0  # depth inside something that is left out
        self._open = dict.fromkeys(_COUNTED, 0)
        self._paragraph: list[str] = []
        self._broken: list[list[str]] = []  # paragraphs that a text box interrupts
        self._continues = False  # the mark that ends the paragraph was deleted
        self._taking = self._vanished = self._is_mark = False
        self._placeholders: list[bool] = []
        self._choices: list[str] = []  # of an old form field, and which of them is chosen
        self._chosen = 0
        self._number = 0
        self._lines: list[tuple[int, str]] = []
        self._tracked = False
        self._hidden = self._prose = self._embedded = self._pictures = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if self._skip:
            self._skip += 1
            return
        if not self._is_begun:
            self._begin(name, attributes)
        handler = self._starts[name]
        if handler:
            handler(attributes)

    def _begin(self, name: str, attributes: Attributes) -> None:
        """Learn from the root under which prefix the document writes its elements."""
        for key, value in attributes.items():
            if key.partition(":")[0] == "xmlns" and value in _NAMESPACES:
                self._starts.prefix = self._ends.prefix = key.partition(":")[2]
                self._is_begun = True
                return
        raise self._archive.damaged(f"{local(name)}: WordprocessingML")

    def _enter(self, tag: str, _: Attributes) -> None:
        self._open[tag] += 1

    def _leave(self, tag: str) -> None:
        self._open[tag] -= 1
        if tag == "r":
            self._vanished = self._is_mark = False

    def _sign(self, text: str, _: Attributes) -> None:
        """A sign that an element stands for, where it is no property of a style or paragraph."""
        if self._open["r"] and not self._open["rPr"] and not self._open["pPr"]:
            self._write(text)

    def _leave_out(self, tag: str, _: Attributes) -> None:
        if tag in ("del", "moveFrom"):
            self._tracked = True
            if self._open["trPr"] and self._tables:
                self._tables[-1].deleted = True
            elif self._open["rPr"]:
                self._continues = True
        self._skip = 1

    def _note(self, tag: str, attributes: Attributes) -> None:
        """What is said by an element without text."""
        value = attribute(attributes, "val")
        cell = self._cells[-1] if self._cells else None
        table = self._tables[-1] if self._tables else None
        match tag:
            case "gridSpan" if cell:
                cell.span = min(max(1, _whole(value)), bounds.MOST_COLUMNS + 1)
            case "vMerge" if cell:
                cell.down = "restart" if value == "restart" else "continue"
            case "hMerge" if cell:
                cell.beside = value != "restart"
            case "cellDel" if cell:
                cell.deleted = self._tracked = True
            case "gridBefore" if table:
                table.column = min(_whole(value), bounds.MOST_COLUMNS + 1)
            case "hidden" if table and self._open["trPr"]:
                table.hidden = value not in _OFF
            case "vanish" if not self._open["pPr"]:
                self._vanished = value not in _OFF
            case "showingPlcHdr" if self._placeholders:
                self._placeholders[-1] = value not in _OFF
            case "footnoteReference" | "endnoteReference":
                self._is_mark = True
            case "sym":
                self._write(symbol(attributes))
            case "ins":
                self._tracked = True
            case "listEntry" if len(self._choices) < _MOST_NAMES:
                self._choices.append(value)
            case "result":
                self._chosen = _whole(value)
            case "altChunk" | "object":
                self._embedded += 1
            case "pict" | "drawing":
                self._pictures += 1

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skip:
            self._skip -= 1
            return
        handler = self._ends[name]
        if handler:
            handler()

    def _start_t(self, _: Attributes) -> None:
        self._taking = True

    def _end_t(self) -> None:
        self._taking = False

    def _start_sdt(self, _: Attributes) -> None:
        self._placeholders.append(False)

    def _end_sdt(self) -> None:
        self._placeholders.pop()

    def _start_choice(self, _: Attributes) -> None:
        self._choices, self._chosen = [], 0

    def _end_choice(self) -> None:
        if self._chosen < len(self._choices):
            self._write(self._choices[self._chosen])

    def _start_box(self, _: Attributes) -> None:
        self._broken.append(self._paragraph)
        self._paragraph = []

    def _end_box(self) -> None:
        self._paragraph = self._broken.pop()

    def text(self, data: str) -> None:
        """A piece of text."""
        if self._taking and not self._skip:
            self._write(data)

    def _write(self, text: str) -> None:
        if self._vanished:
            self._hidden += bool(text.strip(BLANKS))
        elif not self._is_mark and True not in self._placeholders:
            self._paragraph.append(text)

    def _end_p(self) -> None:
        if not self._cells:
            self._number += 1
        if self._continues:
            self._continues = False
            return
        if not self._paragraph:
            return
        text = "".join(self._paragraph).strip(BLANKS)
        self._paragraph = []
        if not text:
            return
        self._room.take(1)
        if self._cells:
            self._cells[-1].lines.append(text)
        else:
            self._lines.append((self._number, text))

    def _start_tbl(self, _: Attributes) -> None:
        self._flush()
        if self._tables:
            outer = self._tables[-1]
            outer.inside += 1
            name = f"{outer.name}.{outer.inside}"
        else:
            self._count += 1
            name = f"表{self._count}"
            self._end_lines()
        if len(self._tables) >= bounds.MOST_NESTED:
            raise self._problem(_TOO_DEEP, bounds.MOST_NESTED)
        if len(self._grids) >= 2 * bounds.MOST_TABLES:
            raise self._problem(_TOO_MANY_TABLES, bounds.MOST_TABLES)
        rows = Rows(self._archive.file, name, self._room)
        self._tables.append(Table(name, len(self._grids), rows))
        self._grids.append(None)

    def _start_tr(self, _: Attributes) -> None:
        if self._tables:
            table = self._tables[-1]
            table.line += 1
            table.column = 0
            table.deleted = table.hidden = False
            table.edges, table.cells = [], []

    def _start_tc(self, _: Attributes) -> None:
        self._cells.append(Cell())
        if self._tables and len(self._tables[-1].edges) >= bounds.MOST_COLUMNS:
            table = self._tables[-1]
            raise self._problem(_TOO_WIDE, bounds.MOST_COLUMNS, table.line, table.name)

    def _end_tc(self) -> None:
        self._flush()
        cell = self._cells.pop()
        if not self._tables:
            return
        table = self._tables[-1]
        cell.left = table.column
        cell.right = min(cell.left + cell.span, bounds.MOST_COLUMNS + 1) - 1
        table.column = cell.right + 1
        table.edges.append(cell.left)
        before = table.cells[-1] if table.cells else None
        if cell.beside and before and before.right == cell.left - 1:
            before.right = cell.right
            self._hidden += bool(cell.lines)
        elif cell.lines or cell.down:
            table.cells.append(cell)

    def _end_tr(self) -> None:
        if self._tables:
            self._hidden += self._tables[-1].end_row()

    def _end_tbl(self) -> None:
        table = self._tables.pop()
        self._grids[table.index] = table.finish()

    def _flush(self) -> None:
        """End a paragraph whose mark was deleted, but which nothing follows."""
        if self._paragraph:
            self._continues = False
            self._end_p()

    def _end_lines(self) -> None:
        """Make a grid of the lines of text since the last table."""
        found = [(number, text) for number, text in self._lines if len(text) <= _LONGEST_LINE]
        if len(found) > 2 * _MOST_LINES:
            found = [*found[:_MOST_LINES], *found[-_MOST_LINES:]]
        self._prose += len(self._lines) - len(found)
        self._lines = []
        if not found:
            return
        rows = Rows(self._archive.file, PARAGRAPHS, self._room)
        for number, text in found:
            rows.begin(number)
            rows.put(0, text)
        grid = rows.finish()
        grid.outside = set(range(len(grid.rows)))
        self._grids.append(grid)

    def finish(self) -> list[Grid]:
        """The grids, once the document is read."""
        self._end_lines()
        if not self._count:
            remark = _PICTURES if self._pictures else ""
            raise InputError.of(
                _NO_TABLE, file=self._archive.file, remark=remark, count=self._pictures
            )
        return [grid for grid in self._grids if grid]

    def notes(self) -> list[Problem]:
        """What is worth saying of the document."""
        counted = ((_HIDDEN, self._hidden), (_PROSE, self._prose), (_EMBEDDED, self._embedded))
        told = [Problem(_TRACKED, {}, self._archive.file)] if self._tracked else []
        return told + [
            Problem(template, {"count": count}, self._archive.file)
            for template, count in counted
            if count
        ]

    def _problem(
        self, template: str, most: int, line: int | None = None, table: str | None = None
    ) -> InputError:
        return InputError([Problem(template, {"most": most}, self._archive.file, line, table)])


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0

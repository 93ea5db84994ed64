"""Workbooks of Excel 97 to 2003 and of WPS (.xls, .et), by way of xlrd.

A result stands with every formula in such a file; nothing tells whether it was ever computed.
"""

from __future__ import annotations

import io
import struct
from itertools import pairwise
from typing import Any

from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.problems import InputError, Problem
from perfeval.sources.grids import formats
from perfeval.sources.grids.archive import DAMAGED, PROTECTED
from perfeval.sources.grids.grid import Grid, Range, Room, Rows
from perfeval.sources.grids.xlsx import MACROS, refuse_many_sheets

MAGIC = b"\xd0\xcf\x11\xe0"

_BEGINS, _ENDS = (0x0009, 0x0209, 0x0409, 0x0809), 0x000A
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")
_SLIDES = "PowerPoint Document".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_OLD_WORD = N_(
    "this is an old Word or WPS document (.doc, .wps); open it and save it as .docx, which is read"
)
_OLD_SLIDES = N_(
    "this is an old PowerPoint file, not a workbook; copy its tables into a workbook (.xlsx)"
)


def read_xls(data: bytes, file: str) -> tuple[list[Grid], list[Problem]]:
    """The grids of an old workbook, and what is said of it."""
    import xlrd

    if _ENCRYPTED_PACKAGE in data:
        raise InputError.of(PROTECTED, file=file)
    for stream, template in ((_WORD, _OLD_WORD), (_SLIDES, _OLD_SLIDES)):
        if stream in data:
            raise InputError.of(template, file=file)
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
        )
        refuse_many_sheets(book.nsheets, file)
        _refuse_overlap(book)
        room = Room(file)
        codes = [
            book.format_map[style.format_key].format_str
            if style.format_key in book.format_map
            else formats.GENERAL
            for style in book.xf_list
        ]
        showers = [formats.shower(code, from_1904=book.datemode == 1) for code in codes]
        grids = []
        for number in range(book.nsheets):
            grids.append(_grid(book.sheet_by_index(number), file, room, codes, showers))
            book.unload_sheet(number)
    except InputError:
        raise
    except Exception as error:
        # A damaged file can lead xlrd anywhere; an encrypted one has its own words.
        detail = f"{type(error).__name__}: {error}"
        template = PROTECTED if "encrypted" in detail.lower() else DAMAGED
        raise InputError.of(template, file=file, detail=detail[:200]) from None
    return grids, [Problem(MACROS, {}, file)] if _MACROS in data else []


def _refuse_overlap(book: Any) -> None:
    """Raise where the sheets overlap, so that a part of the file would be read again and again."""
    starts = sorted(book._sh_abs_posn)
    for here, following in pairwise([*starts, len(book.mem)]):
        depth = 0
        while here < following and here + 4 <= len(book.mem):
            code, length = struct.unpack_from("<HH", book.mem, here)
            depth += (code in _BEGINS) - (code == _ENDS)
            here += 4 + length
            if depth == 0:
                break
        else:
            raise ValueError("sheets overlap")


def _grid(sheet: Any, file: str, room: Room, codes: list[str], showers: list[Any]) -> Grid:
    import xlrd

    rows = Rows(file, sheet.name, room)
    rows.hidden.update(
        number + 1 for number, row in sheet.rowinfo_map.items() if getattr(row, "hidden", 0)
    )
    for number in range(sheet.nrows):
        room.take(sheet.row_len(number))  # formatted blanks too: each has cost its reading
        rows.begin(number + 1)
        for column in range(sheet.row_len(number)):
            value = sheet.cell_value(number, column)
            match sheet.cell_type(number, column):
                case xlrd.XL_CELL_TEXT:
                    rows.put(column, value.strip(BLANKS))
                case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
                    style = sheet.cell_xf_index(number, column)
                    text, doubt = showers[style](value)
                    rows.put(column, text, doubt, codes[style])
                case xlrd.XL_CELL_BOOLEAN:
                    rows.put(column, "TRUE" if value else "FALSE")
                case xlrd.XL_CELL_ERROR:
                    rows.put(column, xlrd.error_text_from_code.get(value, "#N/A"))
    merged: list[Range] = [
        (top + 1, bottom, left, right - 1) for top, bottom, left, right in sheet.merged_cells
    ]
    return rows.finish(merged, bool(sheet.visibility))

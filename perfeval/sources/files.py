"""A file as bytes, and bytes as text.

A file is read whole once, so that what is parsed and what is hashed is the same moment's content.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from perfeval.messages import N_
from perfeval.names import NEAR_FILE, suggest
from perfeval.problems import InputError

PARQUET_MAGIC = b"PAR1"

# Each kind says what to do, so each is a sentence of its own for the catalogue.
_FOREIGN = (
    (
        b"PK\x03\x04",
        N_(
            "this is an Excel workbook (.xlsx) or another packed file, not text; open it and save"
            " the table as CSV"
        ),
    ),
    (
        b"\xd0\xcf\x11\xe0",
        N_(
            "this is an old Excel or Word file (.xls, .doc), not text; open it and save the table"
            " as CSV"
        ),
    ),
    (b"%PDF", N_("this is a PDF file, not text; extract its text or save its table as CSV")),
    (b"{\\rtf", N_("this is a Rich Text file; open it and save it as .docx, .xlsx or CSV")),
    (b"\x1f\x8b", N_("this is a compressed file (gzip); unpack it first")),
    (b"\x28\xb5\x2f\xfd", N_("this is a compressed file (zstd); unpack it first")),
    (PARQUET_MAGIC, N_("this is a Parquet file; a text file is expected here")),
    (
        b"<",
        N_(
            "this is a web page or XML, whatever its name says; open it in a spreadsheet program"
            " and save the table as CSV"
        ),
    ),
)

# A character of three bytes or four: where bytes are valid UTF-8 so far, Chinese in UTF-8.
_CHINESE_UTF8 = re.compile(rb"[\xe0-\xff]")
# A few Chinese characters of GB2312 (元 录 路 楼 茅) are valid two-byte UTF-8 as well. Bytes that
# are valid UTF-8 are no GB2312 if they hold a longer character, a byte pair that GB2312 does not
# have (most Cyrillic words hold one), or a letter of the alphabet next to another (Café, m²).
_ONLY_UTF8 = re.compile(
    rb"[\xe0-\xff]|[\xc2-\xdf][\x80-\xa0]|[A-Za-z][\xc2-\xdf]|[\xa1-\xbf][A-Za-z]"
)


@dataclass(frozen=True, slots=True)
class InputFile:
    """An input as the receipt names it.

    `path` is as it was given, so that a result does not depend on where it was computed; `sha256`
    is of the bytes on disk; `rows` are the rows (or indicators) in it; `encoding` is how its text
    was read: "utf-8", "utf-8-sig" (with BOM), "gb18030", "utf-16", or "parquet".
    """

    path: str
    sha256: str
    rows: int
    encoding: str


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: str | Path, limit: int | None = None) -> bytes:
    """The content of the file at `path`; raises `InputError` where it cannot be had.

    A file of more than `limit` bytes is refused, and so is what is no file (a folder, a device).
    Near names of the same folder are suggested for a file that is not there.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            if not _has_content(os.fstat(stream.fileno()).st_mode):
                raise InputError.of(N_("this is a device, not a file; name a file"), file=name)
            data = stream.read() if limit is None else stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    if limit is not None:
        refuse_large(data, limit, name)
    return data


def unreadable(path: str | Path, error: OSError | ValueError) -> InputError:
    """What keeps the file at `path` from being read, as a message."""
    name = str(path)
    if isinstance(error, FileNotFoundError):
        return _missing(Path(path))
    if isinstance(error, IsADirectoryError):
        template = N_("this is a folder; a file is expected here: name the file in it")
        return InputError.of(template, file=name)
    if isinstance(error, PermissionError):
        template = N_("there is no permission to read this file; ask its owner for it")
        return InputError.of(template, file=name)
    detail = getattr(error, "strerror", None) or str(error)
    return InputError.of(N_("the file cannot be read: {detail}"), file=name, detail=detail)


def refuse_large(data: bytes, limit: int, file: str) -> None:
    """Raise `InputError` where a file holds more than `limit` bytes."""
    if len(data) > limit:
        raise InputError.of(
            N_("the file is larger than {limit} MB, the most that is read of a file of this kind"),
            file=file,
            limit=limit // 1_000_000,
        )


def _has_content(mode: int) -> bool:
    """Whether a read of it comes to an end: a file does, and a pipe from another program."""
    return stat.S_ISREG(mode) or stat.S_ISFIFO(mode)


def _missing(path: Path) -> InputError:
    name = str(path)
    try:
        beside = sorted(entry.name for entry in path.parent.iterdir())
    except OSError:
        return InputError.of(
            N_("there is no such file, and no folder {folder} either"),
            file=name,
            folder=str(path.parent),
        )
    near = suggest(path.name, beside, near=NEAR_FILE)
    if not near:
        return InputError.of(N_("there is no such file"), file=name)
    return InputError.of(
        N_("there is no such file; did you mean {near}?"),
        file=name,
        near=tuple(str(path.parent / candidate) for candidate in near),
    )


def decode(data: bytes, file: str | None = None) -> tuple[str, str]:
    r"""The text in `data` and the name of its encoding; `file` is named in what is wrong with it.

    UTF-8, also with a byte order mark; UTF-16 with one (Excel's "Unicode text"); else GB18030,
    which holds GBK and GB2312 (CSV of a Chinese Excel). Nearly any bytes are *some* text in
    GB18030, so whoever knows what the text must hold (a table: its headings) has to look for it.
    The few texts that are valid in both (50元 in GB18030 is 50Ԫ in UTF-8) are taken for GB18030:
    a table whose only characters beyond ASCII are such letters, none beside a letter of the
    alphabet, is hardly ever meant. Damaged UTF-8 with Chinese before the damage is refused.
    Raises `InputError` for other kinds of files, undecodable bytes and NUL characters.

    >>> decode("指标".encode("gbk"))
    ('指标', 'gb18030')
    """
    for magic, template in _FOREIGN:
        if data.startswith(magic):
            raise InputError.of(template, file=file)
    text, encoding = _decode(data, file)
    nul = text.find("\0")
    if nul >= 0:
        raise InputError.of(
            N_(
                "the text holds a NUL character (column {column}), which no text has; the file is"
                " damaged, or is UTF-16 without a byte order mark: save it as UTF-8"
            ),
            file=file,
            line=text.count("\n", 0, nul) + 1,
            column=nul - text.rfind("\n", 0, nul),
        )
    return text, encoding


def _decode(data: bytes, file: str | None) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise _undecodable(data, error, ["UTF-16"], file) from None
    try:
        if data.startswith(codecs.BOM_UTF8):
            return data[len(codecs.BOM_UTF8) :].decode(), "utf-8-sig"
        text = data.decode()
        if text.isascii() or _ONLY_UTF8.search(data):
            return text, "utf-8"
    except UnicodeDecodeError as error:
        if data.startswith(codecs.BOM_UTF8) or _CHINESE_UTF8.search(data, 0, error.start):
            raise _undecodable(data, error, ["UTF-8"], file) from None
    try:
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError as error:
        raise _undecodable(data, error, ["UTF-8", "GB18030"], file) from None


def _undecodable(
    data: bytes, error: UnicodeDecodeError, encodings: list[str], file: str | None
) -> InputError:
    # The position is in what was decoded, which leaves out the mark that led the bytes.
    offset = error.start + len(data) - len(error.object)
    return InputError.of(
        N_(
            "byte {byte} at offset {offset} cannot be read as {encodings}; the file is damaged or"
            " in an encoding that perfeval does not know: save it as UTF-8"
        ),
        file=file,
        line=data.count(b"\n", 0, offset) + 1,
        byte=f"0x{data[offset]:02X}",
        offset=offset,
        encodings=encodings,
    )


def encoding_of(blocks: Iterable[bytes], file: str) -> str:
    """The encoding that `decode` finds in all `blocks` together, without holding them together.

    Raises `InputError` for what is no text, as `decode` does; the line of a fault is not told.
    """
    decoders: dict[str, codecs.IncrementalDecoder] = {}
    failed: dict[str, int] = {}  # where each encoding broke off
    chinese = only_utf8 = False
    ascii_only = True
    offset, last = 0, b""
    for block in blocks:
        if not decoders:
            for magic, template in _FOREIGN:
                if block.startswith(magic):
                    raise InputError.of(template, file=file)
            decoders = {name: codecs.getincrementaldecoder(name)() for name in _candidates(block)}
        if b"\0" in block and "utf-16" not in decoders:
            raise InputError.of(
                N_("the text holds a NUL character, which no text has; the file is damaged"),
                file=file,
            )
        for name in [name for name in decoders if name not in failed]:
            try:
                decoders[name].decode(block)
            except UnicodeDecodeError as error:
                failed[name] = offset + error.start - (len(error.object) - len(block))
        sound = block[: max(0, failed["utf-8"] - offset)] if "utf-8" in failed else block
        chinese = chinese or _CHINESE_UTF8.search(sound) is not None
        ascii_only = ascii_only and block.isascii()
        only_utf8 = only_utf8 or _ONLY_UTF8.search(last + block) is not None
        offset, last = offset + len(block), block[-1:]
    for name in [name for name in decoders if name not in failed]:
        try:
            decoders[name].decode(b"", final=True)
        except UnicodeDecodeError:
            failed[name] = offset
    order = list(decoders)
    # What is no UTF-8 or need not be is GB18030, as far as it can be.
    if "utf-8" in failed and "gb18030" in decoders and not chinese:
        order = ["gb18030"]
    elif "utf-8" not in failed and not (ascii_only or only_utf8):
        order.reverse()
    elif chinese and "utf-8" in failed:
        order = ["utf-8"]
    for name in order:
        if name not in failed:
            return name
    raise InputError.of(
        N_(
            "byte {offset} cannot be read as {encoding}; the file is damaged or in an encoding that"
            " perfeval does not know: save it as UTF-8"
        ),
        file=file,
        offset=min(failed.values(), default=0),
        encoding=order[0] if order else "utf-8",
    )


def _candidates(begin: bytes) -> tuple[str, ...]:
    """The encodings that a text could be in which begins so."""
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig",) if begin.startswith(codecs.BOM_UTF8) else ("utf-8", "gb18030")

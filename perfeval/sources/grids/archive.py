"""A packed file (.xlsx, .ods, .docx): its parts, unpacked within bounds, and XML as a stream."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from perfeval.messages import N_
from perfeval.problems import InputError
from perfeval.sources.grids import bounds

Attributes = dict[str, str]

_CHUNK = 1 << 16
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

DAMAGED = N_(
    "the file is damaged ({detail}); open it in its own program and save it again, or fetch it"
    " again"
)
PROTECTED = N_(
    "the file is protected by a password; open it, remove the protection and save it again"
)


class Archive:
    """The parts of a packed file.

    Raises `InputError` for a file that is damaged or protected, and for parts beyond the bounds: by
    what they declare before anything is unpacked, and by what they really hold while it is.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self._zip.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise self.damaged(error) from None
        self._parts = {part.filename: part for part in parts}
        if len(parts) > bounds.MOST_PARTS:
            raise InputError.of(
                N_(
                    "the file is packed of {found} parts; no workbook or document has more than"
                    " {most}"
                ),
                file=file,
                found=len(parts),
                most=bounds.MOST_PARTS,
            )
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise InputError.of(PROTECTED, file=file)
        for part in parts:
            if (
                part.file_size > bounds.SMALL_PART
                and part.file_size > bounds.MOST_RATIO * part.compress_size
            ):
                raise self._bomb(part.filename)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return list(self._parts)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a part, piece by piece."""
        part = self._parts.get(name)
        if part is None:
            raise self.damaged(name)
        if part.compress_type not in _METHODS:
            raise self.damaged(f"{name}: compression {part.compress_type}")
        if self._unpacked + part.file_size > bounds.MOST_INFLATED:
            raise self._bomb(name)
        unpacked = 0
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    unpacked += len(chunk)
                    self._unpacked += len(chunk)
                    if unpacked > part.file_size or self._unpacked > bounds.MOST_INFLATED:
                        raise self._bomb(name)
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
        ) as error:
            raise self.damaged(error) from None

    def read(self, name: str, most: int = bounds.MEGABYTE) -> bytes:
        """The content of a small part."""
        content = b""
        for chunk in self.chunks(name):
            content += chunk
            if len(content) > most:
                raise self._bomb(name)
        return content

    def parse(
        self,
        name: str,
        start: Callable[[str, Attributes], object],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> None:
        """Read a part as XML: `start`, `end` and `text` are called as it goes by.

        Names come as they are written, with their prefix. A document type is refused, and with it
        every entity that could name another file or grow.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        if name in self and self._parts[name].file_size > bounds.SHALLOW_PART:
            start, end = self._counted(name, start, end)
        parser.StartElementHandler = start
        if end:
            parser.EndElementHandler = end
        if text:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self.damaged(f"{name}: {error}") from None

    def _counted(
        self,
        name: str,
        start: Callable[[str, Attributes], object],
        end: Callable[[str], object] | None,
    ) -> tuple[Callable[[str, Attributes], object], Callable[[str], object]]:
        """Handlers that refuse to go deeper than `MOST_DEPTH`: each open element takes memory."""
        depth = 0

        def begin(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > bounds.MOST_DEPTH:
                raise self.damaged(f"{name}: {depth} elements, one inside the other")
            start(tag, attributes)

        def finish(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end:
                end(tag)

        return begin, finish

    def damaged(self, detail: object) -> InputError:
        """The error for a file whose content contradicts itself."""
        return InputError.of(DAMAGED, file=self.file, detail=str(detail)[:200] or "—")

    def _bomb(self, name: str) -> InputError:
        return InputError.of(
            N_(
                "its part {part} unpacks to far more than it holds packed ({most} MB in all are"
                " read); such a file is made to exhaust memory, or holds far more than tables"
            ),
            file=self.file,
            part=name,
            most=bounds.MOST_INFLATED // bounds.MEGABYTE,
        )

    def _refuse_doctype(self, *_: object) -> None:
        raise InputError.of(
            N_(
                "the file declares a document type with entities, which no office program does"
                " and which could read other files; it is refused: open it and save it again"
            ),
            file=self.file,
        )


def local(name: str) -> str:
    """The name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]


def attribute(attributes: Attributes, name: str) -> str:
    """The attribute whose name without its prefix is `name`, "" if there is none."""
    return next((value for key, value in attributes.items() if local(key) == name), "")

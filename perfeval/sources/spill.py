"""Tables put aside on disk while others are worked on, in a file that no name leads to.

The system frees its space when the process ends, however it ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from threading import Lock

import polars as pl


@dataclass(frozen=True)
class Form:
    """The columns of rows, and what some of these say in every row: it is not written with each."""

    schema: tuple[tuple[str, pl.DataType], ...]
    constants: dict[str, object]

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Form:
        """The form of `rows`."""
        schema = tuple(rows.schema.items())
        if rows.is_empty():
            return cls(schema, {})
        alike = rows.select(pl.all().eq_missing(pl.all().first()).all()).row(0)
        names = [
            name
            for (name, kind), constant in zip(schema, alike, strict=True)
            if constant and not kind.is_nested()  # a literal list is no constant column
        ]
        if len(names) == rows.width:  # without any column there are no rows
            names = names[1:]
        return cls(schema, {name: rows[name][0] for name in names})

    def packed(self, rows: pl.DataFrame) -> bytes:
        """`rows` of this form as they are written."""
        buffer = BytesIO()
        # The older form copies the texts of the frame alone, not all that they were cut from.
        rows.drop(self.constants).rechunk().write_ipc_stream(
            buffer, compression="lz4", compat_level=pl.CompatLevel.oldest()
        )
        return buffer.getvalue()

    def whole(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` with the columns that were not written."""
        return rows.select(
            pl.lit(self.constants[name], kind).alias(name) if name in self.constants else name
            for name, kind in self.schema
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """Where a frame lies in the file, and which form it has."""

    start: int
    size: int
    form: int


class Spill:
    """Frames by key, each key's in the order in which they were put there; `size` bytes in all.

    One thread puts, several may take.

    `OSError` is what the disk says.
    """

    def __init__(self, folder: str | Path) -> None:
        # Open while the run lasts.
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._pieces: dict[Hashable, list[_Piece]] = {}
        self._forms: list[Form] = []
        self._lock = Lock()
        self.size = 0

    def put(self, key: Hashable, frame: pl.DataFrame) -> None:
        """Add `frame` to those of `key`."""
        form = Form.of(frame)
        self.add(key, form, form.packed(frame))

    def add(self, key: Hashable, form: Form, packed: bytes) -> None:
        """Add a frame to those of `key`, `packed` by its `form`."""
        if form not in self._forms:
            self._forms.append(form)
        piece = _Piece(self.size, len(packed), self._forms.index(form))
        self._pieces.setdefault(key, []).append(piece)
        with self._lock:
            self._file.seek(self.size)
            self._file.write(packed)
        self.size += len(packed)

    def take(self, key: Hashable) -> Iterator[pl.DataFrame]:
        """The frames of `key`, one after the other."""
        for piece in self._pieces.get(key, ()):
            yield self._forms[piece.form].whole(self._read(piece))

    def together(self, key: Hashable) -> pl.DataFrame | None:
        """The same as one frame; None where there are none."""
        found = [
            self._forms[form].whole(pl.concat(map(self._read, pieces)))
            for form, pieces in groupby(self._pieces.get(key, ()), key=lambda piece: piece.form)
        ]
        return pl.concat(found) if found else None

    def _read(self, piece: _Piece) -> pl.DataFrame:
        with self._lock:
            self._file.seek(piece.start)
            data = self._file.read(piece.size)
        return pl.read_ipc_stream(BytesIO(data))

    def close(self) -> None:
        """Free the space."""
        self._file.close()


class Spills:
    """The places in `folder` where a run puts tables aside; their space is freed at the end."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = folder
        self._open: list[Spill] = []

    def __enter__(self) -> Spills:
        return self

    def __exit__(self, *_: object) -> None:
        for spill in self._open:
            spill.close()

    def new(self) -> Spill:
        """Another place."""
        self._open.append(Spill(self._folder))
        return self._open[-1]

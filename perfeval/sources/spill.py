"""Tables put aside on disk while others are worked on, in a file that no name leads to.

The system frees its space when the process ends, however it ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterator
from io import BytesIO
from pathlib import Path

import polars as pl


class Spill:
    """Frames by key, each key's in the order in which they were put there.

    `OSError` is what the disk says.
    """

    def __init__(self, folder: str | Path) -> None:
        # Open while the run lasts.
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        self._pieces: dict[Hashable, list[tuple[int, int]]] = {}
        self._end = 0

    def put(self, key: Hashable, frame: pl.DataFrame) -> None:
        """Add `frame` to those of `key`."""
        buffer = BytesIO()
        # The older form copies the texts of the frame alone, not all that they were cut from.
        frame.rechunk().write_ipc_stream(
            buffer, compression="lz4", compat_level=pl.CompatLevel.oldest()
        )
        data = buffer.getbuffer()
        self._pieces.setdefault(key, []).append((self._end, len(data)))
        while len(data):
            data = data[self._file.write(data) :]
        self._end += buffer.tell()

    def take(self, key: Hashable) -> Iterator[pl.DataFrame]:
        """The frames of `key`, one after the other."""
        for start, size in self._pieces.get(key, ()):
            self._file.seek(start)
            yield pl.read_ipc_stream(BytesIO(self._file.read(size)))
            self._file.seek(self._end)

    def close(self) -> None:
        """Free the space."""
        self._file.close()

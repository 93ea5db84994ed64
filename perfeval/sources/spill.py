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
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
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
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)

    def take(self, key: Hashable) -> Iterator[pl.DataFrame]:
        """The frames of `key`, one after the other."""
        for start, size in self._pieces.get(key, ()):
            self._file.seek(start)
            yield pl.read_ipc_stream(BytesIO(self._file.read(size)))

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

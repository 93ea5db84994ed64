"""Files where Spark finds them: any store that Hadoop knows, through the driver's Java."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfeval.messages import N_
from perfeval.problems import Collector, InputError
from perfeval.sources.settings import SETTINGS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SUFFIX = ".parquet"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_THREADS = 8
_BLOCK = 1 << 20

_MISSING = N_("there is no such file or folder")
_NOT_PARQUET = N_(
    "--engine spark reads Parquet alone; convert the table, or leave --engine out for this file"
)
_NO_FILES = N_("the folder holds no Parquet files; Parquet files with the parts of one table are"
               " expected in it")  # fmt: skip
_SUBFOLDER = N_(
    "the folder {name} lies in it; files alone, with the parts of one table, are expected"
)
_DAMAGED = N_(
    "this cannot be read as Parquet; it is damaged, incomplete or of another kind: export it again"
    " ({detail})"
)
_CHANGED = N_(
    "the file changed while it was read; nothing was written: run this again when it is complete"
)
_THERE = N_("there is something of this name already; remove it, or give another name after -o")
_UNWRITABLE = N_("cannot be written: {reason}")
_UNREADABLE = N_("cannot be read: {reason}")


@dataclass(frozen=True)
class StoredFile:
    """A Parquet file. name: as messages call it. layout: its columns, as the file describes them.

    rows: also those that hold no text.
    """

    uri: str
    name: str
    identity: tuple[int, int]
    layout: str
    rows: int


class Store:
    """Reading and writing through Hadoop; paths without a scheme are this machine's."""

    def __init__(self, spark: SparkSession) -> None:
        self._jvm: Any = spark.sparkContext._jvm
        self._conf: Any = spark.sparkContext._jsc.hadoopConfiguration()

    def files(self, path: str) -> list[StoredFile]:
        """The files of a table, by name; raises `InputError` with what is wrong with each."""
        top = self._path(path)
        with _told(path, _UNREADABLE):
            system = top.getFileSystem(self._conf)
            if not system.exists(top):
                raise InputError.of(_MISSING, file=path)
            if system.getFileStatus(top).isDirectory():
                found = self._in_folder(path, system.listStatus(top))
            else:
                found = [(system.getFileStatus(top), path)]
        problems = Collector()
        files: list[StoredFile] = []

        def one(entry: tuple[Any, str]) -> StoredFile:
            return self._file(*entry)

        with ThreadPoolExecutor(_THREADS) as pool:
            for future in [pool.submit(one, entry) for entry in found]:
                with problems:
                    files.append(future.result())
        problems.raise_any()
        return files

    def _in_folder(self, path: str, listed: Sequence[Any]) -> list[tuple[Any, str]]:
        """The table's files in a folder, as `perfeval.sources.slices.files_of` takes them."""
        entries = sorted((str(status.getPath().getName()), status) for status in listed)
        entries = [each for each in entries if each[0][0] not in "._" and each[0] != SETTINGS]
        problems = Collector()
        for name, status in entries:
            with problems:
                if status.isDirectory():
                    raise InputError.of(_SUBFOLDER, file=path, name=name)
        problems.raise_any()
        if not entries:
            raise InputError.of(_NO_FILES, file=path)
        return [(status, _below(path, name)) for name, status in entries]

    def _file(self, status: Any, name: str) -> StoredFile:
        if not name.lower().endswith(SUFFIX):
            raise InputError.of(_NOT_PARQUET, file=name)
        hadoop = self._jvm.org.apache.parquet.hadoop
        with _told(name, _DAMAGED):
            source = hadoop.util.HadoopInputFile.fromStatus(status, self._conf)
            reader = hadoop.ParquetFileReader.open(source)
            try:
                layout = reader.getFooter().getFileMetaData().getSchema().toString()
                rows = int(reader.getRecordCount())
            finally:
                reader.close()
        return StoredFile(
            str(status.getPath().toString()), name, _identity(status), str(layout), rows
        )

    def sha256(self, file: StoredFile) -> str:
        """The SHA-256 of a file's bytes, which Java reads as a stream."""
        java = self._jvm.java
        digest = java.security.MessageDigest.getInstance("SHA-256")
        with _told(file.name, _UNREADABLE):
            path = self._path(file.uri)
            stream = path.getFileSystem(self._conf).open(path)
            nowhere = java.io.OutputStream.nullOutputStream()
            into = java.security.DigestOutputStream(nowhere, digest)
            self._jvm.org.apache.hadoop.io.IOUtils.copyBytes(stream, into, _BLOCK, True)
        return bytes(digest.digest()).hex()

    def unchanged(self, file: StoredFile) -> None:
        """Raise `InputError` where a file is no longer what it was when it was listed."""
        path = self._path(file.uri)
        with _told(file.name, _CHANGED):
            status = path.getFileSystem(self._conf).getFileStatus(path)
        if _identity(status) != file.identity:
            raise InputError.of(_CHANGED, file=file.name)

    def text_beside(self, path: str, name: str) -> bytes | None:
        """The content of a small file in the folder that `path` is or lies in; None for no file."""
        top = self._path(path)
        with _told(path, _UNREADABLE):
            system = top.getFileSystem(self._conf)
            folder = top if system.getFileStatus(top).isDirectory() else top.getParent()
            file = self._jvm.org.apache.hadoop.fs.Path(folder, name)
            if not system.exists(file):
                return None
            into = self._jvm.java.io.ByteArrayOutputStream()
            self._jvm.org.apache.hadoop.io.IOUtils.copyBytes(system.open(file), into, _BLOCK, True)
        return bytes(into.toByteArray())

    def refuse_existing(self, *paths: str) -> None:
        """Raise `InputError` for each of these paths where there is something."""
        problems = Collector()
        for each in paths:
            with problems, _told(each, _UNWRITABLE):
                path = self._path(each)
                if path.getFileSystem(self._conf).exists(path):
                    raise InputError.of(_THERE, file=each)
        problems.raise_any()

    def write(self, path: str, content: bytes) -> None:
        """Write a small file, whole or not at all."""
        target = self._path(path)
        with _told(path, _UNWRITABLE):
            system = target.getFileSystem(self._conf)
            if system.getScheme() == "file":
                system.setWriteChecksum(False)  # no .crc beside it
            stream = system.create(target, True)
            stream.write(content)
            stream.close()

    def rename(self, one: str, other: str) -> None:
        """Give a file or folder another name, which is free."""
        source, target = self._path(one), self._path(other)
        with _told(other, _UNWRITABLE):
            if not source.getFileSystem(self._conf).rename(source, target):
                raise InputError.of(_THERE, file=other)

    def remove(self, path: str) -> None:
        """Remove a file or folder with all that is in it, if it is there."""
        gone = self._path(path)
        gone.getFileSystem(self._conf).delete(gone, True)

    def _path(self, path: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(located(path))


def located(path: str) -> str:
    """`path` with a scheme; without one it is a path of this machine.

    >>> located("hdfs://namenode/data/specs"), located("/data/specs")
    ('hdfs://namenode/data/specs', 'file:///data/specs')
    """
    return path if has_scheme(path) else f"file://{Path(path).absolute()}"


def has_scheme(path: str) -> bool:
    """Whether a path says which store it is in."""
    return _SCHEME.match(path) is not None


def _below(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if has_scheme(folder) else str(Path(folder, name))


def _identity(status: Any) -> tuple[int, int]:
    return int(status.getLen()), int(status.getModificationTime())


@contextmanager
def _told(file: str, template: str) -> Iterator[None]:
    """Raise what Java throws as `InputError` about `file`."""
    from py4j.protocol import Py4JJavaError

    try:
        yield
    except Py4JJavaError as error:
        thrown = error.java_exception
        while thrown.getCause() is not None:
            thrown = thrown.getCause()
        said = str(thrown.getMessage() or thrown.getClass().getSimpleName()).splitlines()[0]
        raise InputError.of(template, file=file, reason=said[:200], detail=said[:120]) from None

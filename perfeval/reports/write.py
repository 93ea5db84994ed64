"""Output files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from perfeval.messages import N_
from perfeval.os_errors import why
from perfeval.problems import InputError, Problem

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_BEGIN, _END = ".perfeval-", ".tmp"
"""How the names of temporary files begin and end."""

# What to do about it, where there is more to say than the reason.
_ADVICE = {
    errno.ENOENT: N_("the folder {folder} does not exist; create it or give another name"),
    errno.ENOTDIR: N_("{folder} is not a folder; give another name"),
    errno.EISDIR: N_("is a folder; give the name of a file"),
    errno.EACCES: N_("not allowed to write here; give another name or change the permissions"),
    errno.EPERM: N_("not allowed to write here; give another name or change the permissions"),
    errno.EROFS: N_("not allowed to write here; give another name or change the permissions"),
    errno.ENOSPC: N_("the disk is full; nothing was written. Free some space and run this again"),
    errno.EDQUOT: N_("the disk is full; nothing was written. Free some space and run this again"),
    errno.EFBIG: N_(
        "the file would become larger than this process or disk allows; nothing was written"
    ),
    errno.ENAMETOOLONG: N_("the file name is too long; give a shorter one"),
}


def unwritable(path: str, error: OSError) -> InputError:
    """What kept `path` from being written, as a message."""
    template = _ADVICE.get(error.errno or 0, N_("cannot be written: {reason}"))
    return InputError.of(template, file=path, folder=str(Path(path).parent), reason=why(error))


def refuse_inputs(outputs: Iterable[str], inputs: Iterable[str]) -> None:
    """Raise `InputError` for each of `outputs` that is one of `inputs`, under whatever name."""
    read = {_identity(path) for path in inputs}
    template = N_("this is an input of the same run and would be lost; give another name after -o")
    problems = [
        Problem(template, {}, path)
        for path in outputs
        if Path(path).is_file() and _identity(path) in read
    ]
    if problems:
        raise InputError(problems)


def _identity(path: str) -> tuple[int, int] | str:
    """The same for all names of a file, links included."""
    try:
        found = Path(path).stat()
    except OSError:
        return os.path.realpath(path)
    return found.st_dev, found.st_ino


@dataclass
class _Output:
    """A file to be: where it was asked for, where it ends up, where it is written until then."""

    path: str
    target: Path
    temporary: Path | None
    mode: int | None
    file: BinaryIO | None = None

    def open(self) -> BinaryIO:
        if self.temporary is None:
            self.file = self.target.open("wb")
            return self.file
        if self.mode is not None and not os.access(self.target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self.path)
        self.file = _locked(self.temporary)
        if self.mode is not None:
            with suppress(OSError):
                self.temporary.chmod(stat.S_IMODE(self.mode))
        return self.file

    def finish(self) -> None:
        assert self.file is not None
        self.file.flush()
        if self.temporary:
            os.fsync(self.file.fileno())
        self.file.close()

    def take_name(self) -> None:
        if self.temporary:
            self.temporary.replace(self.target)

    def discard(self) -> None:
        if self.file:
            with suppress(OSError):
                self.file.close()
        if self.temporary:
            with suppress(OSError):
                self.temporary.unlink(missing_ok=True)


def _locked(path: Path) -> BinaryIO:
    """A new file, locked as long as it is open, so that others know that somebody writes it."""
    while True:
        file = path.open("xb")
        lock(file)
        # Between both, another run may have taken it for one that was left behind.
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return file
        file.close()


def lock(file: BinaryIO) -> bool:
    """Lock a file; False where somebody else has. Without locks everybody has one."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass  # a file system without locks
    return True


def _remove_left_behind(folder: Path) -> None:
    """Remove temporary files that nobody writes any more: their runs were killed."""
    if fcntl is None:
        return
    with suppress(OSError):
        for path in folder.glob(f"{_BEGIN}*{_END}"):
            with suppress(OSError), path.open("rb") as file:
                if lock(file):
                    path.unlink()


def _output(path: str) -> _Output:
    target = Path(os.path.realpath(path))
    mode = None
    with suppress(FileNotFoundError):
        mode = target.stat().st_mode
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if mode is not None and not stat.S_ISREG(mode):
        return _Output(path, target, None, mode)
    temporary = target.with_name(f"{_BEGIN}{secrets.token_hex(6)}{_END}")
    return _Output(path, target, temporary, mode)


@contextmanager
def whole_files(*paths: str) -> Iterator[tuple[BinaryIO, ...]]:
    """Files to write in binary; they take their names together, when the block ends well.

    Until then each is a temporary file in its folder, and when the block raises (an interrupt
    included) nothing remains and an older file of the name is as it was. What is no regular file
    (a device, a pipe) is written directly. Raises `InputError` where a file can't be written.
    """
    outputs: list[_Output] = []
    current = paths[0]
    try:
        for current in paths:
            outputs += [_output(current)]
        for output in outputs:
            current = output.path
            if output.temporary:
                _remove_left_behind(output.temporary.parent)
            output.open()
        yield tuple(output.file for output in outputs if output.file)
        for step in (_Output.finish, _Output.take_name):
            for output in outputs:
                current = output.path
                step(output)
    except BaseException as error:
        for output in outputs:
            output.discard()
        if isinstance(error, OSError):
            raise unwritable(current, error) from error
        raise

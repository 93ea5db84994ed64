"""What the operating system refuses, in the user's language."""

from __future__ import annotations

import errno

from perfeval.messages import N_, Said

_DENIED = N_("permission denied")
_FULL = N_("the disk is full")
_OPEN = N_("too many files are open")
_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EISDIR: N_("this is a folder"),
    errno.EEXIST: N_("there is already a file of this name"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: N_("the disk quota is used up"),
    errno.EFBIG: N_("the file would become too large"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EINVAL: N_("the name cannot be used here"),
    errno.ELOOP: N_("its links lead round in a circle"),
    errno.EBUSY: N_("it is in use"),
    errno.ETXTBSY: N_("it is in use"),
    errno.EMFILE: _OPEN,
    errno.ENFILE: _OPEN,
    errno.ENOMEM: N_("there is not enough memory"),
    errno.EIO: N_("the device reports an error"),
    errno.ENXIO: N_("there is no such device"),
    errno.ENODEV: N_("there is no such device"),
    errno.EBADF: N_("it is closed"),
    errno.ESTALE: N_("the network drive has lost the file"),
    errno.EHOSTDOWN: N_("the network drive cannot be reached"),
    errno.ETIMEDOUT: N_("the network drive does not answer"),
}


def why(error: BaseException) -> Said | str:
    """The reason that `error` gives, as a value of a message; the system's words where it must.

    >>> why(PermissionError(errno.EACCES, "Permission denied")).template
    'permission denied'
    """
    template = _REASONS.get(getattr(error, "errno", None) or 0)
    if template:
        return Said(template)
    return getattr(error, "strerror", None) or str(error)

"""What a full or unwritable disk is called, whoever met it: the system, Pillow or FFmpeg."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from vidpipe_tui.errors import DiskFullError, StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def storage_error(error: OSError, path: Path) -> StorageError:
    """The sentence for a failed write to `path`: DiskFullError where there is no room, else StorageError."""
    if error.errno in _FULL:
        return DiskFullError(
            f"There is no room for {path.name} in {path.parent}.",
            hint="Free some space on that disk, then go on; what was finished before is kept.",
        )
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return StorageError(
        f"{path.name} cannot be written to {path.parent}: {reason}.",
        hint="Make sure that the folder is there and can be written to.",
    )


def write_aside(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Let `write` fill a temporary file beside `path` and rename it: a reader sees all of it or the old one.

    For copies that can be made again: nothing waits for the disk. Makes the folder; raises StorageError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}-")
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise storage_error(error, path) from error

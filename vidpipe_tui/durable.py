"""Files that are whole or not there: written aside, synced, renamed; and what the system's refusals are called."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vidpipe_tui.errors import DiskFullError, StorageError

TEMPORARY = ".part-"
"""What the name of a file being written begins with; whatever is left of these after a crash may be swept."""
_CHUNK = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def process_part(folder: Path, name: str) -> Path:
    """A name for a file or folder this process is writing; `sweep_parts` takes it away once the process is gone."""
    return folder / f"{TEMPORARY}{os.getpid()}-{name}"


def sweep_parts(folder: Path) -> None:
    """Removes what processes that are gone left half-written below `folder`."""
    for path in folder.rglob(f"{TEMPORARY}*-*"):
        owner = path.name.removeprefix(TEMPORARY).partition("-")[0]
        if not owner.isdigit() or _lives(int(owner)):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def write_durably(path: Path, data: bytes) -> None:
    """Writes a new file and waits until it is on the disk; takes it away again when that fails."""
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces `path` by `data`: at any moment, and after any crash, it is the old content or the new."""
    part = path.with_name(f"{TEMPORARY}{uuid.uuid4().hex}{path.suffix}")
    with storage_errors(path):
        write_durably(part, data)
        part.replace(path)
        sync_folder(path.parent)


def place(part: Path, folder: Path, stem: str, suffix: str) -> Path:
    """Moves a whole, synced file to the first free name `stem`, `stem_2`, ... in `folder`, never over another."""
    sync_file(part)
    number = 1
    while True:
        target = folder / (f"{stem}{suffix}" if number == 1 else f"{stem}_{number}{suffix}")
        try:
            os.link(part, target)  # fails where the name is taken, unlike rename
        except FileExistsError:
            number += 1
            continue
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
                raise
            if target.exists():
                number += 1
                continue
            part.rename(target)
        else:
            part.unlink()
        sync_folder(folder)
        return target


def sync_file(path: Path) -> None:
    """Waits until the file's bytes are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Waits until the folder's entries are on the disk."""
    sync_file(folder)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turns what the operating system says about `path` into sentences: DiskFullError or StorageError."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, path) from error


def storage_error(error: OSError, path: Path) -> StorageError:
    """The sentence for what the system says about `path`: DiskFullError where there is no room, else StorageError."""
    if error.errno in _FULL:
        return DiskFullError(
            f"The disk is full: there is no room for {path.name} in {path.parent}.",
            hint="Make room, then go on with `vidpipe resume`; what was finished before is kept.",
        )
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return StorageError(
        f"{path} cannot be used: {reason}.", hint="Check that the folder is there and can be written (storage.tmp_dir)."
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

"""Where the artefacts of a project lie, and how they are written: inside the base, whole, and never over another."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from vidpipe_tui.errors import DiskFullError, StorageError

POSITIONS = ("start", "end")
FOLDERS = ("keyframes", "clips", "output")
TEMPORARY = ".part-"
"""What the name of a file being written begins with; whatever is left of these after a crash may be swept."""
_OURS = re.compile(r"scene_\d+(_(start|end))?(_\d+)?\.(png|mp4)")
_CHUNK = 1 << 20


class FileManager:
    """The files of all projects below `base_dir` (default `settings.storage.tmp_dir`)."""

    def __init__(self, base_dir: Path | str | None = None) -> None:
        if base_dir is None:
            from vidpipe_tui.config import settings

            base_dir = settings.storage.tmp_dir
        self.base_dir = Path(os.path.abspath(base_dir))  # noqa: PTH100  # resolve() is asked of every path below

    def get_project_dir(self, project_id: UUID | str) -> Path:
        """The folder of a project, made with `keyframes/`, `clips/` and `output/`. ValueError for an odd id."""
        folder = self._inside(self.base_dir / _bare_name(str(project_id), "project id"))
        with storage_errors(folder):
            for name in FOLDERS:
                self._inside(folder / name).mkdir(parents=True, exist_ok=True)
        return folder

    def save_keyframe(self, project_id: UUID | str, scene_idx: int, position: str, data: bytes) -> Path:
        """Writes a picture under `keyframes/scene_{idx}_{position}.png`, or `..._2.png` and so on where it exists."""
        if position not in POSITIONS:
            raise ValueError(f"Invalid position: {position!r} (start or end)")
        return self._save(project_id, "keyframes", f"scene_{_index(scene_idx)}_{position}", ".png", data)

    def save_clip(self, project_id: UUID | str, scene_idx: int, data: bytes) -> Path:
        """Writes a clip under `clips/scene_{idx}.mp4`, or `..._2.mp4` and so on where it exists."""
        return self._save(project_id, "clips", f"scene_{_index(scene_idx)}", ".mp4", data)

    def adopt_clip(self, project_id: UUID | str, scene_idx: int, arrived: Path) -> Path:
        """Gives a whole clip file that lies in `clips/` its own name, durably; returns it."""
        folder = self.get_project_dir(project_id) / "clips"
        with storage_errors(folder):
            return place(arrived, folder, f"scene_{_index(scene_idx)}", ".mp4")

    def temporary(self, project_id: UUID | str, folder: str, suffix: str) -> Path:
        """A new name in that folder for a file being written; `sweep` takes away what a crash leaves of it."""
        return self.get_project_dir(project_id) / folder / f"{TEMPORARY}{uuid.uuid4().hex}{suffix}"

    def incoming(self, project_id: UUID | str, call_id: int) -> Path:
        """Where the answer of a paid call is put before anything else happens to it."""
        folder = self._inside(self.get_project_dir(project_id) / "incoming")
        with storage_errors(folder):
            folder.mkdir(exist_ok=True)
        return folder / f"call_{int(call_id)}.bin"

    def get_output_path(self, project_id: UUID | str, filename: str = "final.mp4") -> Path:
        """The path of a film; the file is not made. ValueError unless `filename` is a bare name."""
        return self._inside(self.get_project_dir(project_id) / "output" / _bare_name(filename, "file name"))

    def relative(self, path: Path) -> str:
        """The path as the database holds it: relative to the base, with forward slashes."""
        return self._inside(path).relative_to(self.base_dir.resolve()).as_posix()

    def absolute(self, stored: str) -> Path:
        """A path out of the database; ValueError when it leads out of the base."""
        return self._inside(self.base_dir / stored)

    def project_folder(self, project_id: UUID | str) -> Path:
        """The folder of a project, without making it."""
        return self._inside(self.base_dir / _bare_name(str(project_id), "project id"))

    def remove_project(self, project_id: UUID | str) -> None:
        """Takes away everything of a project that lies on the disk."""
        shutil.rmtree(self.project_folder(project_id), ignore_errors=True)

    def sweep(self, project_id: UUID | str, named: set[str]) -> list[Path]:
        """Removes what a crash left: files being written, and our own files that no row names. Returns them.

        `named` are the paths the database holds. Only call it for a project one drives.
        """
        folder = self.project_folder(project_id)
        removed = []
        for name in (*FOLDERS, "incoming"):
            for path in sorted((folder / name).glob("*")) if (folder / name).is_dir() else []:
                orphan = name in {"keyframes", "clips"} and _OURS.fullmatch(path.name)
                left = path.name.startswith(TEMPORARY)
                if path.is_file() and (left or (orphan and self.relative(path) not in named)):
                    with suppress(OSError):
                        path.unlink()
                        removed.append(path)
        return removed

    def free_bytes(self) -> int:
        """Free bytes on the disk of the base (or of the nearest folder that exists)."""
        folder = self.base_dir
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def _save(self, project_id: UUID | str, folder: str, stem: str, suffix: str, data: bytes) -> Path:
        target_folder = self.get_project_dir(project_id) / folder
        with storage_errors(target_folder):
            part = target_folder / f"{TEMPORARY}{uuid.uuid4().hex}{suffix}"
            write_durably(part, data)
            return place(part, target_folder, stem, suffix)

    def _inside(self, path: Path) -> Path:
        try:
            resolved = path.resolve()
        except (OSError, RuntimeError, ValueError):
            raise ValueError(f"Invalid path: {str(path)!r}") from None
        if not resolved.is_relative_to(self.base_dir.resolve()):
            raise ValueError(f"Invalid path: {str(path)!r} leads out of {self.base_dir}")
        return resolved


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
        raise as_storage_error(error, path) from error


def as_storage_error(error: OSError, path: Path) -> StorageError:
    """The sentence for an error of the operating system at that path."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return DiskFullError(f"The disk is full: {path} cannot be written.", hint="Make room, then go on with resume.")
    return StorageError(
        f"{path} cannot be used: {error.strerror or error}.", hint="Check the folder and its rights (storage.tmp_dir)."
    )


def _index(scene_idx: int) -> int:
    if isinstance(scene_idx, bool) or not isinstance(scene_idx, int) or scene_idx < 0:
        raise ValueError(f"Invalid scene index: {scene_idx!r}")
    return scene_idx


def _bare_name(name: str, what: str) -> str:
    try:
        size = len(name.encode())
    except (UnicodeEncodeError, AttributeError):
        raise ValueError(f"Invalid {what}: {name!r}") from None
    odd = any(ord(letter) < 32 or ord(letter) == 127 for letter in name) or "/" in name or "\\" in name
    if odd or name.strip() in {"", ".", ".."} or size > 200 or name.startswith(TEMPORARY):
        raise ValueError(f"Invalid {what}: {name!r}")
    return name

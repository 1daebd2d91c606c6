"""Where the artefacts of a project lie, and how they are written: inside the base, whole, and never over another."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from vidpipe_tui.durable import TEMPORARY, place, storage_errors, write_durably

POSITIONS = ("start", "end")
FOLDERS = ("keyframes", "clips", "output")
MOST_SCENES = 10**9
"""Far beyond any film; a longer number would not fit into a file name."""
_SCENES = re.compile(r"scene_\d+(_(start|end))?(_\d+)?\.(png|mp4)")
_OURS = {
    "keyframes": _SCENES,
    "clips": _SCENES,
    "output": re.compile(r"final(_\d+)?\.mp4"),
    "incoming": re.compile(r"call_\d+\.bin"),
}
"""Names that only we give, by folder: what no row names is an orphan of a crash."""


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
                orphan = _OURS[name].fullmatch(path.name)
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
            try:
                return place(part, target_folder, stem, suffix)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    def _inside(self, path: Path) -> Path:
        try:
            resolved = path.resolve()
        except (OSError, RuntimeError, ValueError):
            raise ValueError(f"Invalid path: {str(path)!r}") from None
        if not resolved.is_relative_to(self.base_dir.resolve()):
            raise ValueError(f"Invalid path: {str(path)!r} leads out of {self.base_dir}")
        return resolved


def _index(scene_idx: int) -> int:
    if isinstance(scene_idx, bool) or not isinstance(scene_idx, int) or not 0 <= scene_idx < MOST_SCENES:
        raise ValueError(f"Invalid scene index (an int from 0 to {MOST_SCENES - 1})")
    return scene_idx


def _bare_name(name: str, what: str) -> str:
    """A name of one part that looks like what it is: nothing invisible, reordered, or too long for a file system."""
    try:
        size = len(name.encode())
    except (UnicodeEncodeError, AttributeError):
        raise ValueError(f"Invalid {what}: {name!r}") from None
    odd = not name.isprintable() or "/" in name or "\\" in name or name != name.strip()
    if odd or name in {"", ".", ".."} or size > 200 or name.startswith(TEMPORARY):
        raise ValueError(f"Invalid {what}: {name!r}")
    return name

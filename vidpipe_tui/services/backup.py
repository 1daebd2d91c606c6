"""Backups: a consistent copy of the database and every artefact in one tar, and the way back."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vidpipe_tui import __version__
from vidpipe_tui.config.paths import database_path
from vidpipe_tui.config.schema import Settings
from vidpipe_tui.db.schema import HEAD, backup_database, inspect, revisions
from vidpipe_tui.durable import TEMPORARY, storage_errors, sync_file, sync_folder
from vidpipe_tui.errors import DatabaseError, StorageError, UsageError

DATABASE = "vidpipe.db"
ARTEFACTS = "projects"
ABOUT = "backup.json"
_SQLITE_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Written:
    """What a backup holds."""

    path: Path
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where what was there before is kept."""

    files: int
    kept_aside: tuple[Path, ...]


def back_up(settings: Settings, target: Path, *, database_only: bool) -> Written:
    """Writes a backup; the file is whole or not there. Safe while films are made: artefacts are never overwritten."""
    source = _database_file(settings)
    if not source.exists():
        raise UsageError("There is no database yet, so there is nothing to back up.", hint="Make a film first.")
    target = target.expanduser().absolute()
    if target.exists():
        raise UsageError(f"{target} exists already.", hint="Choose another name, or take it away first.")
    if not target.parent.is_dir():
        raise UsageError(f"The folder {target.parent} does not exist.", hint="Make it, or choose another.")
    copy = target.with_name(f"{TEMPORARY}{target.name}.db")
    part = target.with_name(f"{TEMPORARY}{target.name}")
    try:
        backup_database(source, copy)
        if database_only:
            count = 0
            copy.replace(part)
        else:
            with storage_errors(target):
                count = _pack(part, copy, settings.storage.tmp_dir)
        with storage_errors(target):
            sync_file(part)
            part.replace(target)
            sync_folder(target.parent)
    finally:
        for leftover in (copy, part):
            leftover.unlink(missing_ok=True)
    return Written(target, count, target.stat().st_size)


def _pack(part: Path, copy: Path, base: Path) -> int:
    count = 0
    with tarfile.open(part, "w") as tar:
        about = json.dumps({"vidpipe": __version__, "revision": HEAD, "made_at": datetime.now(UTC).isoformat()})
        entry = tarfile.TarInfo(ABOUT)
        entry.size = len(about)
        tar.addfile(entry, io.BytesIO(about.encode()))
        tar.add(copy, DATABASE)
        for path in sorted(base.rglob("*")) if base.is_dir() else []:
            if path.is_symlink() or not path.is_file() or path.name.startswith(TEMPORARY):
                continue
            with suppress(FileNotFoundError):  # a run may end an incoming file just now
                tar.add(path, f"{ARTEFACTS}/{path.relative_to(base).as_posix()}", recursive=False)
                count += 1
    return count


def restore(settings: Settings, source: Path, *, force: bool) -> Restored:
    """Puts a backup in place. Refuses where there is data, unless `force`, which keeps the old data aside."""
    source = source.expanduser().absolute()
    if not source.is_file():
        raise UsageError(f"There is no file {source}.", hint="Name a file that `vidpipe backup` wrote.")
    database, base = _database_file(settings), settings.storage.tmp_dir
    has_data = _has_content(database) or (base.is_dir() and any(base.iterdir()))
    if has_data and not force:
        raise UsageError(
            "There is data already.", hint="Use --force to put the backup in its place; the old data is kept aside."
        )
    _refuse_while_driven(database)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    staged_database = database.with_name(f"{TEMPORARY}{database.name}-{stamp}")
    staged_base = base.with_name(f"{TEMPORARY}{base.name}-{stamp}")
    try:
        with storage_errors(database):
            database.parent.mkdir(parents=True, exist_ok=True)
            base.parent.mkdir(parents=True, exist_ok=True)
            count = _stage(source, staged_database, staged_base)
        _check(staged_database, source)
        with storage_errors(database):
            kept = _swap(database, base, staged_database, staged_base, stamp)
    finally:
        staged_database.unlink(missing_ok=True)
        shutil.rmtree(staged_base, ignore_errors=True)
    return Restored(count, kept)


def _stage(source: Path, staged_database: Path, staged_base: Path) -> int:
    with source.open("rb") as file:
        bare = file.read(16) == _SQLITE_MAGIC
    if bare:
        staged_database.write_bytes(b"")
        backup_database(source, staged_database)
        return 0
    count = 0
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                if member.name == DATABASE and member.isfile():
                    _write_member(tar, member, staged_database)
                elif member.name.startswith(f"{ARTEFACTS}/") and member.isfile():
                    target = (staged_base / member.name.removeprefix(f"{ARTEFACTS}/")).resolve()
                    if not target.is_relative_to(staged_base.resolve()):
                        raise UsageError(
                            f"{source} holds a path that leads out: {member.name}.", hint="Do not trust it."
                        )
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _write_member(tar, member, target)
                    count += 1
    except (tarfile.TarError, EOFError) as error:
        raise UsageError(f"{source} is no backup of vidpipe, or it is damaged: {error}.", hint="Use another.") from None
    if not staged_database.exists():
        raise UsageError(f"{source} holds no database.", hint="Name a file that `vidpipe backup` wrote.")
    return count


def _write_member(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    stream = tar.extractfile(member)
    assert stream is not None
    with target.open("wb") as file:
        while chunk := stream.read(1 << 20):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _check(staged: Path, source: Path) -> None:
    try:
        found = inspect(staged)
    except DatabaseError as error:
        raise UsageError(f"The database in {source} cannot be used: {error.message}", hint="Use another.") from None
    if found.empty or found.revision not in revisions():
        raise UsageError(f"The database in {source} is not one this vidpipe knows.", hint="Install a newer vidpipe.")


def _swap(database: Path, base: Path, staged_database: Path, staged_base: Path, stamp: str) -> tuple[Path, ...]:
    kept = []
    aside = f".before-restore-{stamp}"
    for path in (
        database,
        database.with_name(f"{database.name}-wal"),
        database.with_name(f"{database.name}-shm"),
        base,
    ):
        if path.exists():
            target = path.with_name(path.name.replace(database.name, f"{database.name}{aside}", 1))
            if path == base:
                target = path.with_name(f"{path.name}{aside}")
            path.replace(target)
            kept.append(target)
    if staged_base.exists():
        staged_base.replace(base)
    staged_database.replace(database)
    sync_folder(database.parent)
    return tuple(kept)


def _refuse_while_driven(database: Path) -> None:
    """Raises UsageError while a process that is alive drives a project; a damaged database drives nothing."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=2)) as db:
            row = db.execute(
                "SELECT pid FROM leases WHERE owner IS NOT NULL AND expires_at > ?",
                (datetime.now(UTC).replace(tzinfo=None).isoformat(" "),),
            ).fetchone()
    except sqlite3.Error:
        return
    if row is not None:
        raise UsageError(
            f"A vidpipe (process {row[0]}) is making a film.", hint="Stop it first with `vidpipe stop ID`."
        )


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _database_file(settings: Settings) -> Path:
    path = database_path(settings.storage.database_url)
    if path is None:
        raise StorageError("Only SQLite databases are backed up by vidpipe.", hint="Use your database's own tools.")
    return path

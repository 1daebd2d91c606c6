"""Checks everything that rows and files say of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text

from vidpipe_tui.db.doors import read
from vidpipe_tui.db.models import File, Project
from vidpipe_tui.durable import TEMPORARY, sha256_of
from vidpipe_tui.services.core import Core

BATCH = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. `problem` is missing, changed, damaged, reference or leftover."""

    problem: str
    message: str
    hint: str
    path: Path | None = None
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """How many files were checked, and what was found."""

    checked: int
    findings: tuple[Finding, ...]


async def verify(core: Core, project_id: UUID | None) -> Verified:
    """Checks the database and every file it names, of one project or of all."""
    findings = await _database() if project_id is None else []
    query = select(File).where(File.storage_path != "", File.purged_at.is_(None)).order_by(File.id)
    projects = select(Project.id)
    if project_id is not None:
        query = query.where(File.project_id == project_id)
        projects = projects.where(Project.id == project_id)
    async with read() as session:
        files = (await session.scalars(query)).all()
        ids = (await session.scalars(projects)).all()
    for start in range(0, len(files), BATCH):
        findings += await asyncio.to_thread(_files, core, files[start : start + BATCH])
    driven = core.driver.driving
    for one in ids:
        if one not in driven and not (await core.driving(one)).anyone:
            findings += await asyncio.to_thread(_leftovers, core, one)
    return Verified(len(files), tuple(findings))


async def _database() -> list[Finding]:
    findings = []
    async with read() as session:
        for (line,) in (await session.execute(text("PRAGMA integrity_check"))).all():
            if line != "ok":
                hint = "Put a backup in its place with `vidpipe restore FILE --force`."
                findings.append(Finding("damaged", f"The database is damaged: {line}.", hint))
        for row in (await session.execute(text("PRAGMA foreign_key_check"))).all():
            message = f"Row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there."
            findings.append(Finding("reference", message, "Report this."))
    return findings


def _files(core: Core, files: Sequence[File]) -> list[Finding]:
    findings = []
    for row in files:
        try:
            path = core.files.absolute(row.storage_path)
            found = sha256_of(path)
        except ValueError as error:
            findings.append(Finding("damaged", f"{error}.", "Report this.", project_id=row.project_id))
            continue
        except OSError as error:
            hint = "Put it back from a backup; a clip is fetched again by `vidpipe resume`."
            message = f"{path} is missing ({error.strerror})."
            findings.append(Finding("missing", message, hint, path, row.project_id))
            continue
        if row.file_hash_sha256 is not None and found != row.file_hash_sha256:
            hint = "Put it back from a backup, or make a new take of it."
            findings.append(Finding("changed", f"{path} is not what was made.", hint, path, row.project_id))
    return findings


def _leftovers(core: Core, project_id: UUID) -> Iterable[Finding]:
    folder = core.files.project_folder(project_id)
    return [
        Finding("leftover", f"{path} was left by a crash.", "The next `vidpipe resume` sweeps it.", path, project_id)
        for path in sorted(folder.rglob(f"{TEMPORARY}*"))
    ]

"""Commands that keep house: delete, verify, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vidpipe_tui.cli import options, output, session
from vidpipe_tui.config.loading import current
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services import backup as backups
from vidpipe_tui.services.projects import KEPT_DAYS
from vidpipe_tui.services.studio import Studio


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (delete, verify, backup, restore):
        app.command()(command)


def delete(
    project: options.ProjectId,
    now: Annotated[bool, typer.Option("--now", help="For good, with its files; the ledger stays.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Bring a deleted film back.")] = False,
    yes: options.Yes = False,
    json: options.Json = False,
) -> int:
    """Delete a film. It can be brought back for 30 days with --undo, unless --now takes it away for good."""
    if now and undo:
        raise UsageError("--now and --undo exclude each other.", hint="Choose one.")

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=True if undo else None)
        if undo:
            await studio.undelete(project_id)
            message = "It is back."
        elif now:
            title = (await studio.project(project_id)).title
            if not yes and not session.ask(f"Take {title!r} and its files away for good?"):
                raise UsageError("That cannot be undone.", hint="Agree with --yes.")
            await studio.delete(project_id, for_good=True)
            message = "Deleted for good."
        else:
            await studio.delete(project_id)
            message = f"Deleted. Within {KEPT_DAYS} days `vidpipe delete {str(project_id)[:8]} --undo` brings it back."
        if json:
            output.document({"ok": True, "id": str(project_id), "message": message})
        else:
            output.line(message)
        return 0

    return session.with_studio(command)


def verify(
    project: Annotated[str | None, typer.Argument(metavar="[ID]", help="A project; without it, everything.")] = None,
    json: options.Json = False,
) -> int:
    """Check the database and every file against its recorded SHA-256. Exit status 1 when something was found."""

    async def command(studio: Studio) -> int:
        result = await studio.verify(await studio.find(project) if project is not None else None)
        if json:
            findings = [
                {
                    "problem": finding.problem,
                    "message": finding.message,
                    "hint": finding.hint,
                    "path": str(finding.path) if finding.path else None,
                    "project_id": str(finding.project_id) if finding.project_id else None,
                }
                for finding in result.findings
            ]
            output.document({"ok": not findings, "checked": result.checked, "findings": findings})
        for finding in result.findings:
            output.tell(f"{finding.message} {finding.hint}")
        if not json:
            output.line(f"{result.checked} files checked, {len(result.findings)} findings.")
        return 1 if result.findings else 0

    return session.with_studio(command)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write; it must not exist yet.")],
    database_only: Annotated[
        bool, typer.Option("--database-only", help="Just the database, as a SQLite file.")
    ] = False,
    json: options.Json = False,
) -> int:
    """Write a backup: a consistent copy of the database and every artefact, in one tar. Safe while films are made."""
    written = backups.back_up(current(), file, database_only=database_only)
    if json:
        output.document({"ok": True, "path": str(written.path), "files": written.files, "bytes": written.size})
    else:
        output.line(str(written.path))
        output.tell(f"{written.files} files, {written.size / 1e6:.1f} MB.")
    return 0


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `vidpipe backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Also where there is data; that is kept aside.")] = False,
    json: options.Json = False,
) -> int:
    """Put a backup in place. Where there is data it refuses, unless --force, which keeps the old data aside."""
    restored = backups.restore(current(), file, force=force)
    if json:
        kept = [str(path) for path in restored.kept_aside]
        output.document({"ok": True, "files": restored.files, "kept_aside": kept})
    else:
        output.line(f"Restored, with {restored.files} files.")
        for path in restored.kept_aside:
            output.tell(f"Kept aside: {path}")
    return 0

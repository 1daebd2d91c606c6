"""Commands that keep house: delete."""

from __future__ import annotations

from typing import Annotated

import typer

from vidpipe_tui.cli import options, output, session
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services.projects import KEPT_DAYS
from vidpipe_tui.services.studio import Studio


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(delete)


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
        project_id = await studio.find(project)
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

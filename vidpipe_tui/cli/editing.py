"""The command that edits a scene without a screen."""

from __future__ import annotations

from typing import Annotated

import typer

from vidpipe_tui.cli import documents, options, output, session
from vidpipe_tui.cli.running import index_of
from vidpipe_tui.domain.commands import SceneEdit
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services.studio import Studio


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(edit)


def edit(
    project: options.ProjectId,
    scene: options.Scene,
    description: Annotated[str | None, typer.Option(help="What happens.")] = None,
    start: Annotated[str | None, typer.Option(help="Prompt of the start frame.")] = None,
    end: Annotated[str | None, typer.Option(help="Prompt of the end frame.")] = None,
    motion: Annotated[str | None, typer.Option(help="Motion prompt of the clip.")] = None,
    notes: Annotated[str | None, typer.Option(help="Notes on the transition.")] = None,
    clip_duration: Annotated[
        float | None, typer.Option("--clip-duration", metavar="S", help="Seconds of this scene's clip.")
    ] = None,
    cut: Annotated[
        bool | None, typer.Option("--cut/--chain", help="Open with a cut, or with the frame before.")
    ] = None,
    json: options.Json = False,
) -> int:
    """Change a scene's texts, its length, or whether it opens with a cut.

    What was made from the old ones becomes stale and stays usable; `vidpipe resume ID --cascade` makes it again.
    """
    texts = {
        "scene_description": description,
        "start_frame_prompt": start,
        "end_frame_prompt": end,
        "video_motion_prompt": motion,
        "transition_notes": notes,
    }
    change = SceneEdit(
        index_of(scene),
        texts={key: text for key, text in texts.items() if text is not None},
        seconds=clip_duration,
        cut=cut,
    )
    if not change.texts and change.seconds is None and change.cut is None:
        raise UsageError("There is nothing to change.", hint="Say what: --end TEXT, --clip-duration S, --cut, ...")

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=False)
        consequence = await studio.edit_consequence(project_id, change)
        await studio.edit_scene(project_id, change)
        if consequence.stale:
            names = ", ".join(f"{slot} of scene {number}" for number, slot in consequence.stale)
            output.tell(f"Becomes stale: {names}. Making it again costs ${consequence.estimate.total:.2f}.")
        if json:
            output.document(documents.project(await studio.project(project_id)))
        else:
            output.line(f"Scene {scene} is changed.")
        return 0

    return session.with_studio(command)

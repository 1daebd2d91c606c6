"""The command about reference pictures: what holds the cast and the places of a film steady."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from vidpipe_tui.cli import documents, options, output, session
from vidpipe_tui.cli.making import price_text
from vidpipe_tui.cli.running import index_of
from vidpipe_tui.domain.views import Consequence, ReferenceProposal
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services.studio import Studio


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(reference)


def reference(
    project: options.ProjectId,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="Make the frame that is proposed for it a reference.")
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH[=TAG[:KIND]]", help="Add a picture; KIND is character, place or style."),
    ] = None,
    scene: Annotated[
        int | None, typer.Option("--scene", metavar="N", help="With --add: for that scene only, counted from 1.")
    ] = None,
    drop: Annotated[str | None, typer.Option(metavar="TAG", help="Let a reference go; its picture stays.")] = None,
    json: options.Json = False,
) -> int:
    """List, add and accept the reference pictures of a film.

    They go with every keyframe whose scene names their tag. The first good frame of each character and place that the
    storyboard names is proposed as one. Changing them costs nothing by itself: frames that were drawn without become
    stale, and `vidpipe resume ID --cascade` draws them again, for the price that is shown.
    """
    if sum((bool(accept), bool(add), drop is not None)) > 1:
        raise UsageError("--accept, --add and --drop exclude each other.", hint="Choose one.")
    if scene is not None and not add:
        raise UsageError("--scene goes with --add.", hint="Say which picture is for that scene.")

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project)
        consequence = None
        if accept:
            consequence = await studio.references.accept(project_id, accept)
        elif add:
            index = None if scene is None else index_of(scene)
            consequence = await studio.references.add(project_id, options.references(add), index)
        elif drop is not None:
            consequence = await studio.references.drop(project_id, drop)
        await _show(studio, project_id, consequence)
        return 0

    return session.with_studio(command)


async def _show(studio: Studio, project_id: UUID, consequence: Consequence | None) -> None:
    view = await studio.project(project_id)
    proposals = await studio.references.proposals(project_id)
    if output.wants_json():
        output.document(_document(documents.project(view)["references"], proposals, consequence))
        return
    rows = [("tag", "kind", "for", "picture")]
    for one in view.references:
        if one.accepted:
            where = "the film" if one.scene_index is None else f"scene {one.scene_index + 1}"
            rows.append((one.tag, one.kind, where, str(one.path)))
    for offer in proposals:
        where = f"proposed: {offer.slot} of scene {offer.scene_index + 1}"
        rows.append((offer.tag, offer.kind, where, str(offer.path)))
    if len(rows) > 1:
        output.table(rows)
    else:
        output.line("There are no references, and nothing is proposed yet.")
    short = str(project_id)[:8]
    if proposals:
        output.tell(f"Accept with `vidpipe reference {short} --accept {proposals[0].tag}`.")
    if consequence is not None and consequence.stale:
        names = ", ".join(f"{slot} of scene {number}" for number, slot in consequence.stale)
        output.tell(f"Stale from now on: {names}.")
        output.tell(price_text(consequence.estimate))
        output.tell(f"Make them again with `vidpipe resume {short} --cascade`.")


def _document(
    references: list[dict[str, Any]], proposals: tuple[ReferenceProposal, ...], consequence: Consequence | None
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "references": [one for one in references if one["accepted"]],
        "proposals": [
            {"tag": one.tag, "kind": one.kind, "path": str(one.path), "scene": one.scene_index, "slot": one.slot}
            for one in proposals
        ],
    }
    if consequence is not None:
        found["stale"] = [{"scene": number - 1, "slot": slot} for number, slot in consequence.stale]
        found["estimate"] = documents.estimate(consequence.estimate)
    return found

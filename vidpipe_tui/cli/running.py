"""Commands that go on with a film: resume, approve, regenerate, stitch, stop, work."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from vidpipe_tui.cli import options, output, session
from vidpipe_tui.cli.making import agree
from vidpipe_tui.domain.commands import NewTake, RunOptions
from vidpipe_tui.domain.views import Outcome
from vidpipe_tui.errors import UsageError, VidpipeError
from vidpipe_tui.services.studio import Studio

STOP_WAIT_SECONDS = 15.0


class What(StrEnum):
    """What can be made anew."""

    START = "start"
    END = "end"
    CLIP = "clip"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (resume, approve, regenerate, stitch, stop, work):
        app.command()(command)


def resume(
    project: options.ProjectId,
    budget: options.Budget = None,
    cascade: Annotated[bool, typer.Option("--cascade", help="Make stale keyframes and clips again too.")] = False,
    resubmit_in_doubt: Annotated[
        bool, typer.Option("--resubmit-in-doubt", help="Submit clips in doubt again (may be paid twice).")
    ] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Return at once if another process drives it.")] = False,
    json: options.Json = False,
) -> int:
    """Go on with a film where it stopped.

    Nothing that was done is done again. A film that another vidpipe drives is watched until it ends.
    """

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=False)
        run = RunOptions(budget=budget, cascade=cascade, resubmit_in_doubt=resubmit_in_doubt)
        return await session.see_through(studio, project_id, run, wait=not no_wait)

    return session.with_studio(command)


def approve(
    project: options.ProjectId,
    scene: Annotated[int | None, typer.Option("--scene", metavar="N", help="Only that scene, counted from 1.")] = None,
    no_run: Annotated[bool, typer.Option("--no-run", help="Only approve; do not go on.")] = False,
    json: options.Json = False,
) -> int:
    """Approve what waits for your review, then go on."""

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=False)
        count = await studio.approve_all(project_id, None if scene is None else index_of(scene))
        output.tell(f"Approved {count}." if count else "Nothing waits for approval.")
        if no_run:
            await session.print_project(studio, project_id)
            return 0
        return await session.see_through(studio, project_id, RunOptions(retry_ended=False))

    return session.with_studio(command)


def regenerate(
    project: options.ProjectId,
    scene: options.Scene,
    what: Annotated[What, typer.Option(help="What to make anew: start, end or clip.")],
    prompt: Annotated[str | None, typer.Option(help="Another prompt for it, kept with the scene.")] = None,
    cascade: Annotated[bool, typer.Option("--cascade", help="Make what hangs on it again too.")] = False,
    seed: options.Seed = None,
    yes: options.Yes = False,
    budget: options.Budget = None,
    json: options.Json = False,
) -> int:
    """Make a new take of one keyframe or clip, and join the film again.

    The earlier takes stay. What hangs on the new one becomes stale; with --cascade it is made again too.
    """

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=False)
        take = NewTake(index_of(scene), what.value, prompt=prompt, seed=seed, cascade=cascade)
        consequence = await studio.take_consequence(project_id, take)
        if consequence.cut:
            output.tell(f"Scene {scene} opens with a cut from now on: its start frame is no longer inherited.")
        if consequence.stale:
            names = ", ".join(f"{slot} of scene {number}" for number, slot in consequence.stale)
            output.tell(f"{'Made again too' if cascade else 'Becomes stale'}: {names}.")
        view = await studio.project(project_id)
        limit = budget if budget is not None else view.budget
        agree(consequence.estimate, yes=yes, budget=limit)
        await studio.new_take(project_id, take)
        status = await session.see_through(studio, project_id, RunOptions(budget=budget, retry_ended=False))
        after = await studio.project(project_id)
        trouble = after.scenes[take.scene_index].trouble
        if status == 0 and trouble is not None:
            output.tell(f"vidpipe: Scene {scene}: {trouble.message}\n  {trouble.hint}")
            return 1
        return status

    return session.with_studio(command)


def stitch(project: options.ProjectId, crossfade: options.Crossfade = None, json: options.Json = False) -> int:
    """Join the film again from the clips there are, as a new take of the film."""

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=False)
        if crossfade is not None:
            await studio.set_crossfade(project_id, crossfade)
        return await session.see_through(studio, project_id, RunOptions(only_join=True, retry_ended=False))

    return session.with_studio(command)


def stop(project: options.ProjectId, json: options.Json = False) -> int:
    """Ask the process that drives a film to stop, and wait until it has."""

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=False)
        if not (await studio.project(project_id)).driven:
            message = "Nobody drives this project."
        else:
            await studio.stop(project_id)
            message = await _stopped(studio, project_id)
        if json:
            output.document({"ok": True, "id": str(project_id), "message": message})
        else:
            output.line(message)
        return 0

    return session.with_studio(command)


async def _stopped(studio: Studio, project_id: UUID) -> str:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + STOP_WAIT_SECONDS
    while loop.time() < deadline:
        if not (await studio.project(project_id)).driven:
            return "Stopped."
        await asyncio.sleep(0.2)
    return "Asked to stop; it still finishes a call under way."


def work(
    projects: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Projects to drive.")] = None,
    json: options.Json = False,
) -> int:
    """Drive films headless: those named, or every one that was begun and that nobody drives any more."""

    async def command(studio: Studio) -> int:
        ids = [await studio.find(prefix, deleted=False) for prefix in projects or ()]
        await studio.await_handover(ids)
        ids = ids or await studio.unfinished()
        if not ids:
            output.tell("There is nothing to do.")
        results = await asyncio.gather(*(_driven(studio, project_id) for project_id in ids))
        if json:
            entries = [
                {"id": str(project_id), "status": outcome.status.value, "exit_status": outcome.exit_status}
                for project_id, outcome in zip(ids, results, strict=True)
            ]
            output.document({"ok": all(not outcome.exit_status for outcome in results), "projects": entries})
        return max((outcome.exit_status for outcome in results), default=0)

    return session.with_studio(command)


async def _driven(studio: Studio, project_id: UUID) -> Outcome:
    try:
        await studio.start(project_id, RunOptions(retry_ended=False))
        outcome = await studio.wait(project_id)
    except VidpipeError as error:
        outcome = Outcome((await studio.project(project_id)).status, error.exit_status, error.message, error.hint)
    output.tell(f"{project_id}: {outcome.message}")
    return outcome


def index_of(number: int) -> int:
    """A scene's index from its number; raises UsageError for a number below 1."""
    if number < 1:
        raise UsageError(f"There is no scene {number}.", hint="Scenes count from 1.")
    return number - 1

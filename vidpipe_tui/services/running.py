"""Running: begun here, watched elsewhere, stopped, handed to a background process."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from vidpipe_tui.config.paths import state_folder
from vidpipe_tui.db import leases
from vidpipe_tui.db.doors import read, write
from vidpipe_tui.db.models import Project, Scene
from vidpipe_tui.domain.beats import scenes_in
from vidpipe_tui.domain.commands import RunOptions
from vidpipe_tui.domain.statuses import WORKING, ProjectStatus
from vidpipe_tui.domain.views import EventView, Outcome
from vidpipe_tui.domain.vocabulary import MAX_SEED
from vidpipe_tui.errors import DatabaseHeldError, NotFoundError, UsageError, VidpipeError
from vidpipe_tui.pipeline.context import Ending, Halted
from vidpipe_tui.pipeline.driver import BusyError
from vidpipe_tui.pipeline.endings import outcome_of_run
from vidpipe_tui.pipeline.softening import ask_for_softer
from vidpipe_tui.services.core import Core, scene_at
from vidpipe_tui.services.creation import check_budget, check_crossfade

WATCH_SECONDS = 0.5
SILENT_SECONDS = 2 * leases.HEARTBEAT_SECONDS
"""A heartbeat that stands still for so long may be that of a dead process, whatever the clocks say."""
HANDOVER_SECONDS = 20.0


def tell_changed(core: Core, project_id: UUID) -> None:
    """Lets the run plan again, and tells every screen of this process to read the project again."""
    core.driver.wake(project_id)
    core.bus.publish(EventView(0, project_id, None, "run", "info", "changed", datetime.now(UTC)))


async def start(core: Core, project_id: UUID, options: RunOptions) -> None:
    """Begins to drive a project here; raises BusyError while another process does, UsageError for a deleted one."""
    async with read() as session:
        deleted: datetime | None = await session.scalar(select(Project.deleted_at).where(Project.id == project_id))
    if deleted is not None:
        raise UsageError("The project is deleted.", hint="Bring it back with `vidpipe delete ID --undo`.")
    check_budget(options.budget)
    if options.only_join and all(scene.clip is None for scene in (await core.graph(project_id)).scenes):
        raise UsageError("There is no clip to join yet.", hint="Make some with `vidpipe resume ID`.")
    await settle(core, project_id)
    await core.driver.start(project_id, options)


async def settle(core: Core, project_id: UUID) -> None:
    """Writes down what a row that was not made here leaves open, so that the film can be made, and made again."""
    async with read() as session:
        row = await session.get(Project, project_id)
        if row is None or None not in {row.scene_count, row.storyboard_model, row.image_model, row.video_model}:
            return
        scenes = await session.scalar(select(func.count()).select_from(Scene).where(Scene.project_id == project_id))
    opened, settings = core.driver.provider(row.provider), core.settings
    road, pipeline = opened.provider.road, settings.pipeline
    wanted = scenes or pipeline.default_scenes or scenes_in(row.prompt, pipeline.max_scenes)
    open_values = {
        "scene_count": wanted,
        "seed": secrets.randbelow(MAX_SEED + 1),
        "storyboard_model": settings.models.storyboard_llm or road.storyboard_model,
        "image_model": settings.models.image_gen or road.image_model,
        "video_model": settings.models.video_gen or road.video_model,
        "resolution": settings.models.video_resolution,
        "image_size": settings.models.image_size,
    }
    values = {name: value for name, value in open_values.items() if getattr(row, name) is None}
    async with write() as session:
        await session.execute(update(Project).where(Project.id == project_id).values(**values))


async def watch(core: Core, project_id: UUID) -> Outcome:
    """Waits until another process has ended its run of the project; takes over when that process died."""
    loop = asyncio.get_running_loop()
    beat, since = -1, loop.time()
    while True:
        async with read() as session:
            lease = await leases.lease_of(session, project_id)
        if lease is None or lease.owner is None:
            return outcome_of_run(await core.graph(project_id))
        if lease.beat != beat:
            beat, since = lease.beat, loop.time()
        # Who lives is not tried: it may end, and give the lease up, between the look and the try.
        if not lease.alive or loop.time() - since > SILENT_SECONDS:
            try:
                await core.driver.start(project_id, RunOptions())
            except (BusyError, DatabaseHeldError):  # held by one that sleeps inside a transaction, say: wait for it
                pass
            else:
                return await core.driver.wait(project_id)
        await asyncio.sleep(WATCH_SECONDS)


async def stop(core: Core, project_id: UUID) -> None:
    """Asks whoever drives the project to stop."""
    if project_id in core.driver.driving:
        core.driver.stop(project_id)
        return
    async with write() as session:
        await leases.request_stop(session, project_id)


async def stop_all(core: Core, grace: float | None) -> list[str]:
    """Stops what runs here; returns sentences about what goes on at the provider."""
    ids = core.driver.driving
    await core.driver.stop_all(grace)
    sentences = []
    for project_id in ids:
        try:
            outcome = await core.driver.wait(project_id)
        except Exception:  # noqa: S112  # what ended it was told where it ended
            continue
        if "At the provider" in outcome.message:
            sentences.append(outcome.message)
    return sentences


async def detach(core: Core, grace: float | None = None) -> None:
    """Starts a background `vidpipe work` and hands it everything that runs here."""
    ids = core.driver.driving
    if not ids:
        return
    owner = uuid4().hex
    folder = state_folder()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, leases.SUCCESSOR_VARIABLE: owner}
    command = [sys.executable, "-m", "vidpipe_tui", "work", *(str(project_id) for project_id in ids)]
    with (folder / "work.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: ASYNC220  # it must outlive this loop
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=environment
        )
    await core.driver.hand_over(ids, leases.holder_of(process.pid, owner), grace)


async def await_handover(project_ids: list[UUID]) -> None:
    """In a background process: waits until the leases were handed to it, or nobody holds them any more."""
    owner = os.environ.get(leases.SUCCESSOR_VARIABLE)
    if not owner:
        return
    deadline = asyncio.get_running_loop().time() + HANDOVER_SECONDS
    for project_id in project_ids:
        while asyncio.get_running_loop().time() < deadline:
            async with read() as session:
                lease = await leases.lease_of(session, project_id)
            if lease is None or lease.owner in {None, owner} or not lease.alive:
                break
            await asyncio.sleep(0.05)


async def unfinished(core: Core) -> list[UUID]:
    """Projects that were being made and that nobody drives any more."""
    states = (*WORKING, ProjectStatus.PENDING)
    async with read() as session:
        held = await leases.live_leases(session)
        rows = await session.scalars(
            select(Project.id)
            .where(Project.status.in_(states), Project.deleted_at.is_(None))
            .order_by(Project.created_at)
        )
    return [project_id for project_id in rows if project_id not in held]


async def set_crossfade(core: Core, project_id: UUID, seconds: float) -> None:
    """Another crossfade; the next run joins the film anew."""
    graph = await core.graph(project_id)
    lengths = [scene.clip.duration_seconds or graph.seconds_of(scene) for scene in graph.scenes if scene.clip]
    checked = check_crossfade(seconds, min(lengths, default=float(graph.clip_seconds)))
    async with write() as session:
        await session.execute(update(Project).where(Project.id == project_id).values(crossfade_seconds=checked))


async def soften(core: Core, project_id: UUID, scene_index: int) -> str:
    """A milder motion prompt for a filtered clip: one paid call, in the ledger and within the budget as in a run.

    Raises BusyError while another process drives the project, ProviderError, or VidpipeError at the budget.
    """
    graph = await core.graph(project_id)
    scene = scene_at(graph, scene_index)
    unable = UsageError("This provider cannot soften prompts.", hint="Edit the motion prompt yourself.")
    if core.driver.provider(graph.provider).provider.softener is None:
        raise unable
    reason = scene.trouble.message if scene.trouble else ""
    async with core.driver.errand(project_id) as context:
        try:
            prompt = await ask_for_softer(context, graph, scene, {}, reason)
        except Halted:
            ending = context.ending or Ending(graph.status, "stopped", "The project is being stopped.")
            raise VidpipeError(ending.message, hint=ending.hint) from None
    if prompt is None:
        raise unable
    return prompt


__all__ = ["NotFoundError", "await_handover", "detach", "start", "stop", "stop_all", "unfinished", "watch"]

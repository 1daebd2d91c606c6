"""What a new driver does first: settles what an earlier one left open, and sweeps its leftovers.

Everything here is decided by the database and the files alone, under the lease: no call is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.ledger import move_call, open_calls
from vidpipe_tui.db.models import ApiCall, Project, Scene, VideoClip
from vidpipe_tui.db.statuses import move_clip, move_scene
from vidpipe_tui.db.takes import (
    ask_for_take,
    clear_trouble,
    drop_film,
    fulfil,
    named_paths,
    outdate_film,
    unfinished_films,
)
from vidpipe_tui.domain.commands import RunOptions
from vidpipe_tui.domain.graph import Graph
from vidpipe_tui.domain.planner import RETRIED_ON_RESUME
from vidpipe_tui.domain.redoing import stale_slots
from vidpipe_tui.domain.statuses import CallState, ClipStatus, SceneStatus
from vidpipe_tui.pipeline.artefacts import FileChangedError, require_unchanged
from vidpipe_tui.pipeline.clips import park_in_doubt
from vidpipe_tui.pipeline.context import RunContext, Transaction


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found: calls in doubt, and files that were swept."""

    unknown: int
    swept: tuple[Path, ...]


async def recover(context: RunContext, options: RunOptions) -> Recovered:
    """Settles open calls, joins and troubles, applies the options of this run, and sweeps."""
    async with context.transaction("recover") as transaction:
        session = transaction.session
        unknown = await _settle_calls(context, transaction)
        lost_films = await unfinished_films(session, context.project_id)
        for film in lost_films:
            await drop_film(session, film.id)
        if options.retry_ended:
            await _forget_troubles(session, context)
        if options.resubmit_in_doubt:
            await _resubmit(transaction, context)
        if options.budget is not None:
            await session.execute(
                update(Project)
                .where(Project.id == context.project_id)
                .values(budget=options.budget)
                .execution_options(synchronize_session=False)
            )
        named = await named_paths(session, context.project_id)
    await _look_at_film(context)
    swept = context.files.sweep(context.project_id, named)
    if options.cascade:
        await _ask_for_stale(context)
    return Recovered(unknown, tuple(swept))


async def _look_at_film(context: RunContext) -> None:
    """A film that is gone or changed is joined again; that is free."""
    film = (await context.graph()).film
    if film is None:
        return
    try:
        await require_unchanged(context, film.path, film.sha256, "The film")
    except FileChangedError as error:
        async with context.transaction("film.outdated") as transaction:
            await outdate_film(transaction.session, film.id)
            transaction.say("film", f"{error.message} It is joined again.", level="warning")


async def _settle_calls(context: RunContext, transaction: Transaction) -> int:
    unknown = 0
    for call in await open_calls(transaction.session, context.project_id):
        if call.kind == "clip":
            unknown += await _settle_clip(transaction, call)
            continue
        kept = context.files.incoming(context.project_id, call.id)
        if call.kind == "image" and kept.exists():
            result = {"path": context.files.relative(kept)}
            await move_call(transaction.session, call.id, CallState.SUCCEEDED, result=result)
            continue
        unknown += 1
        await move_call(transaction.session, call.id, CallState.UNKNOWN, error=NO_ANSWER, error_kind="in_doubt")
        transaction.say(
            call.kind,
            f"A call ({call.kind}) was sent and its answer never recorded; it is counted, and asked for again.",
            scene_index=call.scene_index,
            level="warning",
        )
    return unknown


NO_ANSWER = "The program ended before an answer was recorded."


async def _settle_clip(transaction: Transaction, call: ApiCall) -> int:
    """A clip with a name goes on being polled; one without is in doubt."""
    session = transaction.session
    clip = await session.scalar(select(VideoClip).where(VideoClip.api_call_id == call.id))
    if call.operation_name is not None and clip is not None:
        return 0
    await move_call(session, call.id, CallState.UNKNOWN, error=NO_ANSWER, error_kind="in_doubt")
    if clip is None or clip.status != ClipStatus.SUBMITTED:
        return 1
    await park_in_doubt(transaction, clip.scene_id, call.scene_index or 0, clip.id, NO_ANSWER)
    return 1


async def _scenes(session: AsyncSession, context: RunContext) -> Iterable[Scene]:
    rows = await session.scalars(
        select(Scene)
        .where(Scene.project_id == context.project_id)
        .order_by(Scene.scene_index)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def _forget_troubles(session: AsyncSession, context: RunContext) -> None:
    for scene in await _scenes(session, context):
        if scene.error_kind in RETRIED_ON_RESUME:
            await clear_trouble(session, scene.id)


async def _resubmit(transaction: Transaction, context: RunContext) -> None:
    for scene in await _scenes(transaction.session, context):
        clip = await transaction.session.scalar(
            select(VideoClip).where(VideoClip.scene_id == scene.id, VideoClip.status == ClipStatus.IN_DOUBT)
        )
        if clip is not None:
            await submit_again(transaction, scene, clip)


async def submit_again(transaction: Transaction, scene: Scene, clip: VideoClip) -> None:
    """Sets a clip in doubt aside; the planner submits a new one. The doubtful call stays counted."""
    await move_clip(transaction.session, clip.id, ClipStatus.FAILED, error_kind="resubmitted")
    await clear_trouble(transaction.session, scene.id, "clip")
    await move_scene(transaction.session, scene.id, SceneStatus.KEYFRAMES_DONE)
    transaction.say(
        "clip", f"Scene {scene.scene_index + 1}: submitting the clip in doubt again.", scene_index=scene.scene_index
    )


async def adopt(transaction: Transaction, scene: Scene, clip: VideoClip, operation: str) -> None:
    """Takes an operation the person found at the provider as that of a clip in doubt."""
    session = transaction.session
    await move_clip(session, clip.id, ClipStatus.POLLING, operation_name=operation, error_kind=None, error_message=None)
    if clip.api_call_id is not None:
        await move_call(
            session, clip.api_call_id, CallState.SUBMITTED, operation_name=operation, error=None, error_kind=None
        )
    await clear_trouble(session, scene.id, "clip")
    await move_scene(session, scene.id, SceneStatus.VIDEO_GENERATING)
    transaction.say("clip", f"Scene {scene.scene_index + 1}: adopted {operation}.", scene_index=scene.scene_index)


async def give_up(transaction: Transaction, scene: Scene, clip: VideoClip) -> None:
    """Gives a clip in doubt up; the film is made without it (or with the take before). The call stays counted."""
    session = transaction.session
    message = "The clip was in doubt and was given up."
    await move_clip(session, clip.id, ClipStatus.FAILED, error_kind="given_up", error_message=message)
    hint = f"Make a new one with `vidpipe regenerate ID --scene {scene.scene_index + 1} --what clip`."
    scene.error_slot, scene.error_kind, scene.error_message, scene.error_hint = "clip", "given_up", message, hint
    await session.flush()
    await fulfil(session, clip.request_id)
    await move_scene(session, scene.id, SceneStatus.FAILED)
    transaction.say("clip", f"Scene {scene.scene_index + 1}: {message}", scene_index=scene.scene_index)


async def _ask_for_stale(context: RunContext) -> None:
    graph: Graph = await context.graph()
    slots = stale_slots(graph)
    if not slots:
        return
    by_index = {scene.index: scene.id for scene in graph.scenes}
    async with context.transaction("cascade") as transaction:
        for index, slot in slots:
            await ask_for_take(transaction.session, by_index[index], slot, {})
        transaction.say("run", f"Redoing {len(slots)} stale takes.")

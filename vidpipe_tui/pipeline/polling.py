"""Polling an operation to its end, and fetching its file: free, and repeated as often as it takes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.base import now
from vidpipe_tui.db.ledger import is_open, move_call
from vidpipe_tui.db.models import ApiCall, VideoClip
from vidpipe_tui.db.statuses import move_clip, move_scene
from vidpipe_tui.db.takes import add_file, clear_trouble, fulfil, select_clip
from vidpipe_tui.domain.graph import Scene
from vidpipe_tui.domain.statuses import CallState, ClipStatus, SceneStatus
from vidpipe_tui.errors import DiskFullError, MediaError
from vidpipe_tui.media.process import ProcessDiedError
from vidpipe_tui.pipeline.artefacts import describe, withdrawn_if_fenced
from vidpipe_tui.pipeline.context import RunContext
from vidpipe_tui.pipeline.crash_points import reach
from vidpipe_tui.pipeline.paid import backoff
from vidpipe_tui.providers.base import OperationState, PollAnswer
from vidpipe_tui.providers.errors import ExpiredError, RetryLaterError

CHECK_JOB = "vidpipe_tui.media.jobs:check"
CHECK_PRIORITY = 5
FETCH_TRIES = 3


@dataclass(frozen=True, slots=True)
class Finished:
    """How it ended. RUNNING means given up for this run: `kind` timed_out or broken_download."""

    state: OperationState
    reason: str
    polls: int
    kind: str = ""


async def poll_to_the_end(context: RunContext, scene: Scene, clip_id: UUID, name: str, polls: int) -> Finished:
    """Polls until the operation ends and its file is kept, or this run has asked often enough."""
    pipeline, pacing = context.settings.pipeline, context.provider.pacing
    interval = pacing.video_poll_interval if pipeline.video_poll_interval is None else pipeline.video_poll_interval
    most = pipeline.video_poll_max or pacing.video_poll_max
    slot = f"{scene.index}/clip"
    begun = time.monotonic()
    here = troubles = 0
    while True:
        here += 1
        polls += 1
        wait = None
        try:
            reach("before:clip.asked")
            answer = await context.provider.videos.poll(name)
            reach("after:clip.asked")
            troubles = 0
        except RetryLaterError as error:
            troubles += 1
            asked = error.wait_seconds if error.wait_seconds is not None else backoff(interval, min(troubles, 8))
            wait = max(interval, min(asked, context.settings.pipeline.retry_max_wait))
            answer = PollAnswer(OperationState.RUNNING, reason=error.message)
        context.poll_counts.note(context, clip_id, polls)
        context.hint("clip", f"scene {scene.number}: poll {polls}", scene_index=scene.index, progress=answer.progress)
        if answer.state is OperationState.DONE:
            context.lanes.leave(context.project_id, slot)
            return await _fetch(context, scene, clip_id, name, answer, polls)
        if answer.state is not OperationState.RUNNING:
            return Finished(answer.state, answer.reason or f"The operation ended: {answer.state.value}.", polls)
        if most is not None and here >= most:
            reason = f"The clip is not done after {here} polls."
            return Finished(OperationState.RUNNING, reason, polls, kind="timed_out")
        if answer.next_poll_seconds is not None:
            wait = min(max(answer.next_poll_seconds, 0.0), max(interval, 5.0))
        await asyncio.sleep(_until_next(begun, interval) if wait is None else wait)


def _until_next(begun: float, interval: float) -> float:
    """Seconds until the next whole number of intervals since `begun`, at least a quarter of one.

    Counted from the beginning, the time that polls take does not add up, and a clip is found when it gets done.
    """
    if interval <= 0:
        return 0.0
    left = interval - (time.monotonic() - begun) % interval
    return left if left >= interval / 4 else left + interval


async def _fetch(
    context: RunContext, scene: Scene, clip_id: UUID, name: str, answer: PollAnswer, polls: int
) -> Finished:
    """Brings the file, proves it whole and keeps it. A broken download is fetched again, never made again."""
    if answer.result:
        async with context.transaction("clip.done") as transaction:
            await move_clip(transaction.session, clip_id, ClipStatus.POLLING, gcs_uri=answer.result[:500])
    reason = ""
    for attempt in range(1, FETCH_TRIES + 1):
        part = context.files.temporary(context.project_id, "clips", ".mp4")
        try:
            reach("before:clip.fetch")
            await context.provider.videos.fetch(name, answer.result, part)
            reach("after:clip.fetch")
            facts = await context.pool.run(CHECK_JOB, {"path": str(part)}, priority=CHECK_PRIORITY)
            await _keep(context, scene, clip_id, part, facts, polls)
            return Finished(OperationState.DONE, "", polls)
        except ExpiredError as error:
            return Finished(OperationState.LOST, error.message, polls)
        except (DiskFullError, ProcessDiedError):
            raise
        except (MediaError, RetryLaterError) as error:
            reason = error.message.replace(part.name, "the file")
            async with context.transaction("clip.broken") as transaction:
                transaction.say(
                    "clip",
                    f"Scene {scene.number}: the download is no good: {reason} ({attempt} of {FETCH_TRIES})",
                    scene_index=scene.index,
                    level="warning",
                )
        finally:
            part.unlink(missing_ok=True)
        if attempt < FETCH_TRIES:
            asked = backoff(min(0.5, context.settings.pipeline.retry_base_delay), attempt)
            await asyncio.sleep(asked)
    return Finished(
        OperationState.RUNNING,
        f"The clip stays broken however often it is fetched: {reason}",
        polls,
        kind="broken_download",
    )


async def _keep(
    context: RunContext, scene: Scene, clip_id: UUID, part: Path, facts: dict[str, Any], polls: int
) -> None:
    with context.must_finish():
        await context.confirm_lease()
        reach("before:clip.file")
        path = await asyncio.to_thread(context.files.adopt_clip, context.project_id, scene.index, part)
        reach("after:clip.file")
        seconds = float(facts["duration_seconds"])
        size = (int(facts["width"]), int(facts["height"]))
        new = await describe(context, path, mime_type="video/mp4", kind="video", size=size, seconds=seconds)
        async with withdrawn_if_fenced(path), context.transaction("clip.take") as transaction:
            session = transaction.session
            file_id = await add_file(session, context.project_id, new)
            await move_clip(
                session,
                clip_id,
                ClipStatus.COMPLETE,
                local_path=new.path,
                duration_seconds=seconds,
                file_id=file_id,
                completed_at=now(),
                poll_count=polls,
                error_kind=None,
                error_message=None,
            )
            await select_clip(session, scene.id, clip_id)
            clip = await session.get(VideoClip, clip_id, populate_existing=True)
            if clip is not None and clip.api_call_id is not None:
                if await is_open(session, clip.api_call_id):
                    await move_call(session, clip.api_call_id, CallState.SUCCEEDED, used=True)
                clip.cost = await _cost_of(transaction.session, clip.api_call_id)
            await fulfil(session, clip.request_id if clip is not None else None)
            await clear_trouble(session, scene.id, "clip")
            await move_scene(session, scene.id, SceneStatus.VIDEO_DONE)
            transaction.say(
                "clip", f"Scene {scene.number}: clip fetched, {seconds:.1f} s, checked.", scene_index=scene.index
            )


async def _cost_of(session: AsyncSession, call_id: int) -> float | None:
    row = await session.get(ApiCall, call_id, populate_existing=True)
    if row is None:
        return None
    return float(row.cost if row.cost is not None else row.cost_estimate)

"""Polling an operation to its end, and fetching its file: free, and repeated as often as it takes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.config.schema import Pipeline
from vidpipe_tui.db.base import now
from vidpipe_tui.db.ledger import is_open, move_call
from vidpipe_tui.db.models import ApiCall, VideoClip
from vidpipe_tui.db.statuses import move_clip, move_scene
from vidpipe_tui.db.takes import add_file, clear_trouble, fulfil, select_clip
from vidpipe_tui.domain.graph import Scene
from vidpipe_tui.domain.statuses import CallState, ClipStatus, SceneStatus
from vidpipe_tui.errors import DiskFullError, MediaError
from vidpipe_tui.media.process import ProcessDiedError
from vidpipe_tui.media.small_clips import keep_small
from vidpipe_tui.pipeline.artefacts import describe, withdrawn_if_fenced
from vidpipe_tui.pipeline.context import GivenUpError, RunContext
from vidpipe_tui.pipeline.crash_points import reach
from vidpipe_tui.pipeline.paid import as_json, backoff
from vidpipe_tui.providers.base import OperationState, PollAnswer, Usage
from vidpipe_tui.providers.errors import ExpiredError, RetryLaterError

CHECK_JOB = "vidpipe_tui.media.jobs:check"
CHECK_PRIORITY = 5
FETCH_TRIES = 3
MOST_DOUBLINGS = 4
"""A poll that fails again and again is asked eight intervals later at the most: a hundred polls are to end some day."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How it ended. RUNNING means given up for this run: `kind` timed_out or broken_download."""

    state: OperationState
    reason: str
    polls: int
    kind: str = ""


async def poll_to_the_end(context: RunContext, scene: Scene, clip_id: UUID, name: str, polls: int) -> Finished:
    """Polls until the operation ends and its file is kept, or this run has asked often enough.

    Raises GivenUpError where no number of polls is set and the provider does not answer.
    """
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
            if most is None and troubles >= pipeline.retry_max_attempts:  # no number of polls ends this otherwise
                raise GivenUpError(
                    f"Scene {scene.number}, clip: {error.message} Asked {troubles} times.",
                    hint=error.hint or "Go on later with `vidpipe resume`.",
                ) from error
            later = backoff(interval, min(troubles, MOST_DOUBLINGS))
            asked = error.wait_seconds if error.wait_seconds is not None else later
            wait = max(interval, min(asked, pipeline.retry_max_wait))
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
    failure = ""
    pipeline = context.settings.pipeline
    for attempt in range(1, max(FETCH_TRIES, pipeline.retry_max_attempts) + 1):
        part = context.files.temporary(context.project_id, "clips", ".mp4")
        small = part.with_suffix(".small.mp4")
        try:
            reach("before:clip.fetch")
            await context.provider.videos.fetch(name, answer.result, part)
            reach("after:clip.fetch")
            facts = await context.pool.run(CHECK_JOB, {"path": str(part), "small": str(small)}, priority=CHECK_PRIORITY)
            kept = await _keep(context, scene, clip_id, part, facts, polls, answer.usage)
            await asyncio.to_thread(keep_small, small, kept)
            return Finished(OperationState.DONE, "", polls)
        except ExpiredError as error:
            return Finished(OperationState.LOST, error.message, polls)
        except (DiskFullError, ProcessDiedError):
            raise
        except (MediaError, RetryLaterError) as error:
            reason = error.message.replace(part.name, "the file")
            most, pause = _fetched_again(error, attempt, pipeline)
            if isinstance(error, RetryLaterError):
                told, failure = "the clip cannot be fetched just now", f"The clip could not be fetched: {reason}"
            else:
                told = "the download is no good"
                failure = f"The clip stays broken however often it is fetched: {reason}"
            async with context.transaction("clip.broken") as transaction:
                transaction.say(
                    "clip",
                    f"Scene {scene.number}: {told}: {reason} ({attempt} of {most})",
                    scene_index=scene.index,
                    level="warning",
                )
        finally:
            part.unlink(missing_ok=True)
            small.unlink(missing_ok=True)
        if attempt >= most:
            break
        await asyncio.sleep(pause)
    return Finished(OperationState.RUNNING, failure, polls, kind="broken_download")


def _fetched_again(error: Exception, attempt: int, pipeline: Pipeline) -> tuple[int, float]:
    """How often a download is tried, and the pause before the next try: a broken file soon, a busy server patiently."""
    if not isinstance(error, RetryLaterError):
        return FETCH_TRIES, backoff(min(0.5, pipeline.retry_base_delay), attempt)
    wait = backoff(pipeline.retry_base_delay, attempt) if error.wait_seconds is None else error.wait_seconds
    return pipeline.retry_max_attempts, min(wait, pipeline.retry_max_wait)


async def _keep(
    context: RunContext, scene: Scene, clip_id: UUID, part: Path, facts: dict[str, Any], polls: int, used: Usage
) -> Path:
    """Gives the checked file its place and commits what names it; returns the place."""
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
                clip.cost = await _account(context, session, clip.api_call_id, seconds, used)
            await fulfil(session, clip.request_id if clip is not None else None)
            await clear_trouble(session, scene.id, "clip")
            await move_scene(session, scene.id, SceneStatus.VIDEO_DONE)
            transaction.say(
                "clip", f"Scene {scene.number}: clip fetched, {seconds:.1f} s, checked.", scene_index=scene.index
            )
        return path


async def _account(
    context: RunContext, session: AsyncSession, call_id: int, seconds: float, used: Usage
) -> float | None:
    """Writes down what the clip used and cost, once; returns the cost.

    Whole seconds are billed: those asked for, unless the clip that came is of another length.
    """
    row = await session.get(ApiCall, call_id, populate_existing=True)
    if row is None:
        return None
    if not await is_open(session, call_id):
        return float(row.cost if row.cost is not None else row.cost_estimate)
    asked, resolution = (row.units or {}).get("seconds"), str((row.units or {}).get("resolution", ""))
    billed = float(asked) if asked and abs(seconds - asked) < 0.5 else float(round(seconds))
    limits = context.catalogue.videos.get(row.model)
    cost = limits.price.of_clip(billed, resolution) if limits else row.cost_estimate
    usage = {**(as_json(used) or {}), "seconds": billed, "resolution": resolution}
    await move_call(session, call_id, CallState.SUCCEEDED, used=True, cost=cost, usage=usage)
    return cost

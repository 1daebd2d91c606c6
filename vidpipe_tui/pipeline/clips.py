"""The clip steps: submit once, write the name down, poll until the provider is done, fetch, check, keep."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete

from vidpipe_tui.db.base import now
from vidpipe_tui.db.ledger import is_open, move_call
from vidpipe_tui.db.models import VideoClip
from vidpipe_tui.db.statuses import move_clip, move_scene
from vidpipe_tui.db.takes import clear_trouble, fulfil, next_clip_take, set_trouble
from vidpipe_tui.domain import inputs
from vidpipe_tui.domain.graph import ClipTake, Graph, Scene
from vidpipe_tui.domain.inputs import TEMPLATE_VERSION, canonical_hash
from vidpipe_tui.domain.prompts import clip_prompt
from vidpipe_tui.domain.statuses import CallState, ClipStatus, SceneStatus
from vidpipe_tui.domain.text import times
from vidpipe_tui.pipeline.artefacts import require_unchanged
from vidpipe_tui.pipeline.context import GivenUpError, RunContext, Transaction
from vidpipe_tui.pipeline.paid import CallTerms, backoff, pay, with_retries
from vidpipe_tui.pipeline.polling import Finished, poll_to_the_end
from vidpipe_tui.pipeline.references import beside_clip, clip_note, sent_references
from vidpipe_tui.pipeline.requests import scene_text, take_seed
from vidpipe_tui.pipeline.softening import softened_prompt
from vidpipe_tui.providers.base import ClipRequest, OperationState, Submission
from vidpipe_tui.providers.errors import FilteredError, InDoubtError, ProviderError, RefusedRequestError
from vidpipe_tui.providers.pricing import clip_price

EXPECTED_BYTES_PER_SECOND = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Submitted:
    """A clip take that has a name at the provider."""

    clip_id: UUID
    call_id: int | None
    operation_name: str
    result: str = ""
    polls: int = 0
    request_id: int | None = None


async def film_scene(context: RunContext, graph: Graph, scene: Scene) -> None:
    """Submits the clip of a scene and sees it through; filtered ones are asked for again as the settings say."""
    slot = f"{scene.index}/clip"
    wish = scene.wanted.get("clip")
    overrides: Mapping[str, Any] = wish.overrides if wish else {}
    again = context.settings.pipeline.filtered_retries
    softened = False
    while True:
        try:
            taken = await _submit(context, graph, scene, overrides, softened=softened)
        except FilteredError as error:
            finished = Finished(OperationState.FILTERED, error.message, 0)
        else:
            if taken is None:
                return
            finished = await poll_to_the_end(context, scene, taken.clip_id, taken.operation_name, taken.polls)
            if await conclude(context, graph, scene, taken, finished):
                return
        if finished.state is OperationState.TRANSIENT:
            await _pause_after_error(context, slot, scene, finished.reason)
        elif again > 0:
            again -= 1
        else:
            prompt = None if softened else await softened_prompt(context, graph, scene, overrides, finished.reason)
            if prompt is None:
                await _filtered_for_good(context, scene, finished.reason)
                return
            overrides, softened = {**overrides, "prompt": prompt}, True


async def follow_clip(context: RunContext, graph: Graph, scene: Scene, take: ClipTake) -> None:
    """Sees a clip through that was submitted before: polls the same operation, or fetches its file again."""
    assert take.operation_name is not None
    taken = Submitted(take.id, take.call_id, take.operation_name, take.result, take.poll_count, take.request_id)
    async with context.transaction("clip.resume") as transaction:
        await move_clip(transaction.session, take.id, ClipStatus.POLLING, error_kind=None, error_message=None)
        await clear_trouble(transaction.session, scene.id, "clip")
        await move_scene(transaction.session, scene.id, SceneStatus.VIDEO_GENERATING)
        transaction.say("clip", f"Scene {scene.number}: going on with {take.operation_name}.", scene_index=scene.index)
    finished = await poll_to_the_end(context, scene, taken.clip_id, taken.operation_name, taken.polls)
    # A filtered or failed operation leaves the slot open: the planner submits it anew.
    await conclude(context, graph, scene, taken, finished)


async def _submit(
    context: RunContext, graph: Graph, scene: Scene, overrides: Mapping[str, Any], *, softened: bool
) -> Submitted | None:
    request = await _request(context, graph, scene, overrides)
    assert scene.start is not None
    assert scene.end is not None
    clip_id, wish = uuid4(), scene.wanted.get("clip")
    columns = {
        "prompt_used": request.prompt,
        "model": request.model,
        "seed": request.seed,
        "input_hash": inputs.clip_inputs(graph, scene, scene.start, scene.end, overrides),
        "overrides": dict(overrides) or None,
        "template_version": TEMPLATE_VERSION,
        "softened": softened,
        "references_sent": [reference.tag for reference in request.references] or None,
        "request_id": wish.id if wish else None,
    }
    price = clip_price(context.catalogue, request.model, request.seconds, request.resolution)
    note = clip_note(graph, scene, request)
    terms = CallTerms(
        kind="clip",
        slot="clip",
        model=request.model,
        request_hash=_request_hash(request, scene),
        estimate=price,
        units={"seconds": request.seconds, "resolution": request.resolution},
        scene=scene,
        expected_bytes=int(request.seconds * EXPECTED_BYTES_PER_SECOND),
        began=lambda transaction, call_id: _begin_take(transaction, scene, clip_id, call_id, columns, note),
        answered=lambda transaction, _call_id, answer: _name_take(transaction, scene, clip_id, answer),
        failed=lambda transaction, _call_id, error: _drop_take(transaction, scene, clip_id, error),
        outcome=CallState.SUBMITTED,
    )

    async def attempt() -> tuple[int, Submission]:
        return await pay(context, graph, terms, lambda: context.provider.videos.submit(request))

    slot = f"{scene.index}/clip"
    try:
        call_id, answer = await with_retries(
            context, slot, f"Scene {scene.number}, clip", attempt, scene_index=scene.index
        )
    except InDoubtError:
        return None
    except RefusedRequestError as error:
        await _end_scene(context, scene, error.kind, error.message, error.hint)
        return None
    return Submitted(clip_id, call_id, answer.operation_name, request_id=wish.id if wish else None)


async def _request(context: RunContext, graph: Graph, scene: Scene, overrides: Mapping[str, Any]) -> ClipRequest:
    assert scene.start is not None
    assert scene.end is not None
    what = f"frame of scene {scene.number}"
    start = await require_unchanged(context, scene.start.path, scene.start.sha256, f"The start {what}")
    end = await require_unchanged(context, scene.end.path, scene.end.sha256, f"The end {what}")
    model = str(overrides.get("model") or graph.video_model)
    return ClipRequest(
        prompt=clip_prompt(graph, scene, overrides),
        scene=scene_text(scene, "clip", overrides),
        style=graph.style,
        style_guide=graph.style_guide,
        aspect_ratio=graph.aspect_ratio,
        resolution=graph.resolution,
        seconds=graph.seconds_of(scene),
        audio=graph.audio,
        model=model,
        seed=take_seed(graph.seed, 1 + max((take.take for take in scene.clips), default=0), overrides),
        start=start,
        end=end,
        references=sent_references(context, beside_clip(context, graph, scene, model)),
    )


def _request_hash(request: ClipRequest, scene: Scene) -> str:
    return canonical_hash(
        {
            "kind": "clip",
            "scene": scene.index,
            "prompt": request.prompt,
            "model": request.model,
            "seed": request.seed,
            "seconds": request.seconds,
            "aspect_ratio": request.aspect_ratio,
            "resolution": request.resolution,
            "audio": request.audio,
            "start": scene.start.sha256 if scene.start else None,
            "end": scene.end.sha256 if scene.end else None,
        }
    )


async def _begin_take(
    transaction: Transaction, scene: Scene, clip_id: UUID, call_id: int, columns: Mapping[str, Any], note: str
) -> None:
    session = transaction.session
    take = await next_clip_take(session, scene.id)
    session.add(
        VideoClip(
            id=clip_id,
            scene_id=scene.id,
            status=ClipStatus.SUBMITTED,
            take=take,
            api_call_id=call_id,
            **columns,
        )
    )
    await clear_trouble(session, scene.id, "clip")
    await move_scene(session, scene.id, SceneStatus.VIDEO_GENERATING)
    transaction.say("clip", f"Scene {scene.number}: submitting the clip, take {take}.{note}", scene_index=scene.index)


async def _name_take(transaction: Transaction, scene: Scene, clip_id: UUID, answer: Submission) -> None:
    await move_clip(transaction.session, clip_id, ClipStatus.POLLING, operation_name=answer.operation_name)
    transaction.say("clip", f"Scene {scene.number}: filming as {answer.operation_name}.", scene_index=scene.index)


async def _drop_take(transaction: Transaction, scene: Scene, clip_id: UUID, error: ProviderError) -> None:
    if not isinstance(error, InDoubtError):
        # The provider never took it on: there is no take.
        await transaction.session.execute(delete(VideoClip).where(VideoClip.id == clip_id))
        return
    await park_in_doubt(transaction, scene.id, scene.index, clip_id, error.message)


async def park_in_doubt(transaction: Transaction, scene_id: UUID, index: int, clip_id: UUID, message: str) -> None:
    """Parks a clip of which nobody knows whether it was accepted, until the person decides."""
    hint = (
        f"Look at the provider, then `vidpipe doubt ID --scene {index + 1}` with --adopt OPERATION, --resubmit or "
        "--give-up."
    )
    await move_clip(transaction.session, clip_id, ClipStatus.IN_DOUBT, error_kind="in_doubt", error_message=message)
    await set_trouble(transaction.session, scene_id, "clip", "in_doubt", message, hint)
    await move_scene(transaction.session, scene_id, SceneStatus.IN_DOUBT)
    transaction.say("clip", f"Scene {index + 1}: the clip is in doubt. {message}", scene_index=index, level="warning")


async def conclude(context: RunContext, graph: Graph, scene: Scene, taken: Submitted, finished: Finished) -> bool:
    """Writes down how an operation ended. True: nothing more is to be done for this clip now."""
    match finished.state:
        case OperationState.DONE:
            return True
        case OperationState.FILTERED:
            await _end_take(context, scene, taken, ClipStatus.RAI_FILTERED, finished, billed=False)
            return False
        case OperationState.TRANSIENT:
            await _end_take(context, scene, taken, ClipStatus.FAILED, finished, billed=False)
            return False
        case OperationState.REFUSED:
            hint = "Change the prompt and make a new take."
            await _end_take(context, scene, taken, ClipStatus.FAILED, finished, billed=False, for_good=hint)
        case OperationState.LOST:
            hint = f"It was paid for. Submit it again with `vidpipe regenerate ID --scene {scene.number} --what clip`."
            await _end_take(context, scene, taken, ClipStatus.FAILED, finished, billed=True, for_good=hint)
        case OperationState.RUNNING:
            await _give_up_for_now(context, scene, taken, finished)
    return True


async def _end_take(
    context: RunContext,
    scene: Scene,
    taken: Submitted,
    status: ClipStatus,
    finished: Finished,
    *,
    billed: bool,
    for_good: str = "",
) -> None:
    """Writes down that an operation ended without a clip; with a hint in `for_good` its scene ends with it."""
    async with context.transaction("clip.ended") as transaction:
        session = transaction.session
        await move_clip(
            session,
            taken.clip_id,
            status,
            error_kind=finished.state.value,
            error_message=finished.reason,
            completed_at=now(),
            poll_count=finished.polls,
        )
        if taken.call_id is not None and await is_open(session, taken.call_id):
            state = CallState.UNKNOWN if billed else CallState.FAILED
            await move_call(session, taken.call_id, state, error=finished.reason, error_kind=finished.state.value)
        if for_good:
            await _write_ending(transaction, scene, taken.request_id, finished.state.value, finished.reason, for_good)
        else:
            what = f"Scene {scene.number}: {finished.reason}"
            transaction.say("clip", what, scene_index=scene.index, level="warning")


async def _end_scene(context: RunContext, scene: Scene, kind: str, message: str, hint: str) -> None:
    """Ends the clip of a scene for good where no operation stands for it."""
    wish = scene.wanted.get("clip")
    async with context.transaction("clip.scene_ended") as transaction:
        await _write_ending(transaction, scene, wish.id if wish else None, kind, message, hint)


async def _write_ending(
    transaction: Transaction, scene: Scene, wish_id: int | None, kind: str, message: str, hint: str
) -> None:
    status = SceneStatus.RAI_FILTERED if kind == "filtered" else SceneStatus.FAILED
    await set_trouble(transaction.session, scene.id, "clip", kind, message, hint)
    await fulfil(transaction.session, wish_id)
    await move_scene(transaction.session, scene.id, SceneStatus.VIDEO_DONE if scene.clip else status)
    transaction.say("clip", f"Scene {scene.number}: {message}", scene_index=scene.index, level="error")


async def _filtered_for_good(context: RunContext, scene: Scene, reason: str) -> None:
    hint = "Change the motion prompt and make a new take; filtered clips are not billed."
    await _end_scene(context, scene, "filtered", reason, hint)


async def _give_up_for_now(context: RunContext, scene: Scene, taken: Submitted, finished: Finished) -> None:
    """Polls used up, or a download that stays broken: the film goes on without it, resume asks again."""
    timed_out = finished.kind == "timed_out"
    status = ClipStatus.TIMED_OUT if timed_out else ClipStatus.FAILED
    async with context.transaction("clip.given_up") as transaction:
        await move_clip(
            transaction.session,
            taken.clip_id,
            status,
            error_kind=finished.kind,
            error_message=finished.reason,
            poll_count=finished.polls,
        )
        hint = "`vidpipe resume` asks the provider again; that is free."
        await set_trouble(transaction.session, scene.id, "clip", finished.kind, finished.reason, hint)
        await move_scene(transaction.session, scene.id, SceneStatus.VIDEO_DONE if scene.clip else SceneStatus.FAILED)
        transaction.say("clip", f"Scene {scene.number}: {finished.reason}", scene_index=scene.index, level="error")
    context.block(f"{scene.index}/clip", GivenUpError(finished.reason, hint=hint))


async def _pause_after_error(context: RunContext, slot: str, scene: Scene, reason: str) -> None:
    """Waits before an operation that failed at the provider is submitted again; raises GivenUpError at the limit."""
    pipeline = context.settings.pipeline
    count = context.attempts[slot]
    if count >= pipeline.retry_max_attempts:
        raise GivenUpError(
            f"Scene {scene.number}, clip: {reason} Tried {times(count)}.", hint="Go on later with `vidpipe resume`."
        )
    await asyncio.sleep(min(backoff(pipeline.retry_base_delay, count), pipeline.retry_max_wait))

"""The keyframe steps: a picture from a prompt, a picture from the one before it, and the one that is inherited."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from vidpipe_tui.db.doors import read
from vidpipe_tui.db.ledger import INVALID, unused_result
from vidpipe_tui.db.models import Keyframe, Scene
from vidpipe_tui.db.statuses import move_scene
from vidpipe_tui.db.takes import add_file, add_frame, clear_trouble, fulfil, mark_used, set_trouble
from vidpipe_tui.domain import inputs
from vidpipe_tui.domain.graph import FrameTake, Graph, Wanted
from vidpipe_tui.domain.graph import Scene as SceneFacts
from vidpipe_tui.domain.inputs import TEMPLATE_VERSION, canonical_hash
from vidpipe_tui.domain.planner import inherits
from vidpipe_tui.domain.prompts import frame_prompt
from vidpipe_tui.domain.statuses import SceneStatus
from vidpipe_tui.durable import write_atomically
from vidpipe_tui.errors import MediaError
from vidpipe_tui.media import pictures
from vidpipe_tui.pipeline.artefacts import describe, require_unchanged, withdrawn_if_fenced
from vidpipe_tui.pipeline.context import RunContext, Transaction
from vidpipe_tui.pipeline.crash_points import reach
from vidpipe_tui.pipeline.paid import CallTerms, pay, with_retries
from vidpipe_tui.pipeline.references import beside_frame, frame_note, sent_references
from vidpipe_tui.pipeline.requests import scene_text, take_seed
from vidpipe_tui.providers.base import ImageAnswer, ImageRequest
from vidpipe_tui.providers.errors import BadAnswerError, FilteredError, InDoubtError, RefusedRequestError
from vidpipe_tui.providers.pricing import image_price

EXPECTED_BYTES = 24 * 2**20
"""Room asked for before a picture: a 4K PNG."""


async def draw_frame(context: RunContext, graph: Graph, scene: SceneFacts, position: str) -> None:
    """Makes a new take of a start or end frame and selects it. What fails for good is stored with the scene."""
    wish = scene.wanted.get(position)
    overrides = wish.overrides if wish else {}
    start = scene.start if position == "end" else None
    condition = None
    if start is not None:
        what = f"The start frame of scene {scene.number}"
        condition = await require_unchanged(context, start.path, start.sha256, what)
    request = _request(context, graph, scene, position, overrides, condition)
    try:
        call_id, png = await _picture(context, graph, scene, request, start)
    except (FilteredError, RefusedRequestError) as error:
        await _end_for_good(context, scene, position, error)
        return
    with context.must_finish():
        await _keep_take(context, graph, scene, request, wish, start, call_id, png)


def _request(
    context: RunContext,
    graph: Graph,
    scene: SceneFacts,
    position: str,
    overrides: Mapping[str, Any],
    condition: Path | None,
) -> ImageRequest:
    model = str(overrides.get("model") or graph.image_model)
    references = beside_frame(context, graph, scene, model, conditioned=condition is not None)
    takes = scene.starts if position == "start" else scene.ends
    return ImageRequest(
        prompt=frame_prompt(graph, scene, position, overrides, references),
        scene=scene_text(scene, position, overrides),
        position=position,
        style=graph.style,
        style_guide=graph.style_guide,
        aspect_ratio=graph.aspect_ratio,
        image_size=graph.image_size,
        model=model,
        seed=take_seed(graph.seed, 1 + max((take.take for take in takes), default=0), overrides),
        condition=condition,
        references=sent_references(context, references),
        note=str(overrides.get("note", "")),
    )


async def _picture(
    context: RunContext, graph: Graph, scene: SceneFacts, request: ImageRequest, start: FrameTake | None
) -> tuple[int, bytes]:
    """The PNG: of a call that was answered before a crash, else of a new one. Returns the ledger row's id with it."""
    slot = f"{scene.index}/{request.position}"
    digest = _request_hash(request, start)
    async with read() as session:
        found = await unused_result(session, graph.id, "image", digest)
    if found is not None:
        png = await _kept_picture(context, found.result, graph.aspect_ratio)
        if png is not None:
            return found.id, png
        await _give_up_kept(context, scene, found.id)
    terms = CallTerms(
        kind="image",
        slot=request.position,
        model=request.model,
        request_hash=digest,
        estimate=image_price(context.catalogue, request.model, request.image_size),
        units={"images": 1},
        scene=scene,
        expected_bytes=EXPECTED_BYTES,
        began=lambda transaction, _call_id: _say_drawing(transaction, graph, scene, request),
        keep=lambda call_id, answer: _keep_answer(context, call_id, answer),
        cost=lambda _answer: image_price(context.catalogue, request.model, request.image_size),
    )

    async def attempt() -> tuple[int, bytes]:
        await context.lanes.image_turn()
        call_id, answer = await pay(context, graph, terms, lambda: context.provider.images.draw(request))
        return call_id, await _as_png(context, call_id, answer.data, graph.aspect_ratio)

    what = f"Scene {scene.number}, {request.position} frame"
    refusals = context.settings.pipeline.filtered_retries
    while True:
        try:
            return await with_retries(
                context, slot, what, attempt, again_on=(InDoubtError, BadAnswerError), scene_index=scene.index
            )
        except FilteredError:
            if refusals <= 0:
                raise
            refusals -= 1


async def _say_drawing(transaction: Transaction, graph: Graph, scene: SceneFacts, request: ImageRequest) -> None:
    await move_scene(transaction.session, scene.id, SceneStatus.KEYFRAMES_GENERATING)
    what = f"Scene {scene.number}: drawing the {request.position} frame{frame_note(graph, scene, request)}."
    transaction.say("keyframe", what, scene_index=scene.index)


def _request_hash(request: ImageRequest, start: FrameTake | None) -> str:
    return canonical_hash(
        {
            "kind": "image",
            "scene": request.scene.index,
            "position": request.position,
            "prompt": request.prompt,
            "model": request.model,
            "seed": request.seed,
            "aspect_ratio": request.aspect_ratio,
            "size": request.image_size,
            "condition": start.sha256 if start else None,
            "references": [reference.sha256 for reference in request.references],
        }
    )


async def _keep_answer(context: RunContext, call_id: int, answer: ImageAnswer) -> Mapping[str, str]:
    path = context.files.incoming(context.project_id, call_id)
    reach("before:image.kept")
    # Whole or not there: a crash while it is written must not leave half a picture that looks like an answer.
    await asyncio.to_thread(write_atomically, path, answer.data)
    reach("after:image.kept")
    return {"path": context.files.relative(path)}


async def _kept_picture(context: RunContext, result: Any, ratio: str) -> bytes | None:
    """The picture a crash left behind, or None when it is not there or cannot be read."""
    try:
        data = context.files.absolute(str(result["path"])).read_bytes()
        return await asyncio.to_thread(pictures.to_png, data, ratio=ratio)
    except (OSError, TypeError, KeyError, ValueError, MediaError):
        return None


async def _give_up_kept(context: RunContext, scene: SceneFacts, call_id: int) -> None:
    """Says that a picture that was paid for is gone, before it is asked for again; both are counted."""
    async with context.transaction("image.gone") as transaction:
        await mark_used(transaction.session, call_id, error="The picture was kept and is gone.", error_kind=INVALID)
        what = f"Scene {scene.number}: a picture that was kept is gone or damaged; it is asked for again."
        transaction.say("keyframe", what, scene_index=scene.index, level="warning")
    context.files.incoming(context.project_id, call_id).unlink(missing_ok=True)


async def _as_png(context: RunContext, call_id: int, data: bytes, ratio: str) -> bytes:
    try:
        return await asyncio.to_thread(pictures.to_png, data, ratio=ratio)
    except MediaError as error:
        async with context.transaction("image.unreadable") as transaction:
            await mark_used(transaction.session, call_id, error=error.message, error_kind=INVALID)
        context.files.incoming(context.project_id, call_id).unlink(missing_ok=True)
        raise BadAnswerError(f"The picture that came cannot be used: {error.message}") from error


async def _keep_take(
    context: RunContext,
    graph: Graph,
    scene: SceneFacts,
    request: ImageRequest,
    wish: Wanted | None,
    start: FrameTake | None,
    call_id: int,
    png: bytes,
) -> None:
    overrides = wish.overrides if wish else {}
    await context.confirm_lease()
    reach("before:image.file")
    path = await asyncio.to_thread(context.files.save_keyframe, context.project_id, scene.index, request.position, png)
    reach("after:image.file")
    size, crop = await asyncio.to_thread(_measured, path, context.files.incoming(context.project_id, call_id))
    new = await describe(context, path, mime_type="image/png", kind="image", size=size)
    if start is not None:
        input_hash = inputs.end_inputs(graph, scene, start, overrides)
    else:
        input_hash = inputs.start_inputs(graph, scene, overrides)
    async with withdrawn_if_fenced(path), context.transaction("image.take") as transaction:
        session = transaction.session
        file_id = await add_file(session, graph.id, new)
        row = await add_frame(
            session,
            scene.id,
            request.position,
            prompt_used=request.prompt,
            file_path=new.path,
            mime_type=new.mime_type,
            source="generated",
            model=request.model,
            seed=request.seed,
            input_hash=input_hash,
            overrides=dict(overrides) or None,
            template_version=TEMPLATE_VERSION,
            references_sent=[reference.tag for reference in request.references] or None,
            cost=image_price(context.catalogue, request.model, request.image_size),
            file_id=file_id,
            api_call_id=call_id,
        )
        await mark_used(session, call_id)
        await fulfil(session, wish.id if wish else None)
        await move_scene(session, scene.id, _status_after(scene, request.position))
        await clear_trouble(session, scene.id, request.position)
        if request.position == "end":
            await hand_on(transaction, graph, scene, row, new.sha256)
        transaction.say(
            "keyframe",
            f"Scene {scene.number}: {request.position} frame drawn, take {row.take}{crop}.",
            scene_index=scene.index,
        )
    context.files.incoming(context.project_id, call_id).unlink(missing_ok=True)
    asyncio.get_running_loop().run_in_executor(None, _small_copy, path)


def _status_after(scene: SceneFacts, position: str) -> SceneStatus:
    """Where a scene stands once that frame is drawn."""
    if scene.clip is not None:
        return SceneStatus.VIDEO_DONE
    both = position == "end" or scene.end is not None
    return SceneStatus.KEYFRAMES_DONE if both else SceneStatus.KEYFRAMES_GENERATING


def _measured(path: Path, came: Path) -> tuple[tuple[int, int], str]:
    """The size of the picture, and what was cut off the one that came, for the log."""
    size = pictures.picture_size(path)
    try:
        width, height = pictures.picture_size(came)
    except (OSError, MediaError):
        return size, ""
    return size, "" if (width, height) == size else f", cropped from {width}x{height} to {size[0]}x{size[1]}"


def _small_copy(path: Path) -> None:
    """The preview beside the picture. Nobody waits for it: whoever needs it makes it again, so a failure is none."""
    try:
        pictures.small_copy(path)
    except (OSError, MediaError):
        return


async def inherit_start(context: RunContext, graph: Graph, scene: SceneFacts, before: SceneFacts) -> None:
    """Makes the end frame of the scene before the start frame of this one; free."""
    end = before.end
    if end is None:
        return
    async with context.transaction("image.inherit") as transaction:
        row = await transaction.session.get(Keyframe, end.id)
        if row is not None:
            await hand_on(transaction, graph, before, row, end.sha256 or "")


async def hand_on(transaction: Transaction, graph: Graph, scene: SceneFacts, end: Keyframe, sha256: str) -> None:
    """Gives an end frame on to the scene after it, unless that one opens with a cut or has a picture of its own."""
    after = await transaction.session.scalar(
        select(Scene)
        .where(Scene.project_id == graph.id, Scene.scene_index == scene.index + 1)
        .execution_options(populate_existing=True)
    )
    if after is None or after.opens_with_cut:
        return
    held = await transaction.session.scalar(
        select(Keyframe).where(Keyframe.scene_id == after.id, Keyframe.position == "start", Keyframe.selected)
    )
    if held is not None and (held.pinned or held.source == "imported" or held.file_id == end.file_id):
        return
    await add_frame(
        transaction.session,
        after.id,
        "start",
        prompt_used=end.prompt_used,
        file_path=end.file_path,
        mime_type=end.mime_type,
        source="inherited",
        model=end.model,
        seed=end.seed,
        input_hash=canonical_hash({"kind": "inherited", "picture": sha256}),
        file_id=end.file_id,
    )


async def _end_for_good(
    context: RunContext, scene: SceneFacts, position: str, error: FilteredError | RefusedRequestError
) -> None:
    filtered = isinstance(error, FilteredError)
    status = SceneStatus.RAI_FILTERED if filtered else SceneStatus.FAILED
    hint = error.hint or "Change the prompt of this frame and make a new take."
    async with context.transaction("image.ended") as transaction:
        await set_trouble(transaction.session, scene.id, position, error.kind, error.message, hint)
        wish = scene.wanted.get(position)
        await fulfil(transaction.session, wish.id if wish else None)
        if scene.clip is None:
            await move_scene(transaction.session, scene.id, status)
        transaction.say(
            "keyframe",
            f"Scene {scene.number}: the {position} frame was refused: {error.message}",
            scene_index=scene.index,
            level="error",
        )


__all__ = ["draw_frame", "hand_on", "inherit_start", "inherits"]

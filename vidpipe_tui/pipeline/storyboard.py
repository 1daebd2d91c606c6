"""The storyboard step: asks, validates, asks again with what was wrong, and lays down the scenes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, update

from vidpipe_tui.db.doors import read
from vidpipe_tui.db.ledger import INVALID, LAST_INVALID, rejected_answer, unused_result
from vidpipe_tui.db.models import Project, Review, Scene
from vidpipe_tui.db.takes import mark_used
from vidpipe_tui.domain.graph import Graph
from vidpipe_tui.domain.inputs import canonical_hash
from vidpipe_tui.domain.storyboard import InvalidStoryboardError, Storyboard, as_stored, parse_storyboard
from vidpipe_tui.pipeline.context import GivenUpError, RunContext, Transaction
from vidpipe_tui.pipeline.paid import CallTerms, pay, with_retries
from vidpipe_tui.pipeline.references import sent_references
from vidpipe_tui.providers.base import StoryboardAnswer, StoryboardRequest
from vidpipe_tui.providers.errors import BadAnswerError, FilteredError, InDoubtError, RefusedRequestError
from vidpipe_tui.providers.pricing import storyboard_price, storyboard_tokens, text_cost

SLOT = "storyboard"
TRIES = 3


async def write_storyboard(context: RunContext, graph: Graph) -> None:
    """Brings the project its scenes; raises GivenUpError when no valid storyboard comes."""
    complaint = ""
    for number in range(1, TRIES + 1):
        request = _request(context, graph, number, complaint)
        earlier = await _rejected_before(context, request)
        if earlier is not None:
            complaint = earlier
            continue
        call_id, raw = await _ask(context, graph, request)
        try:
            storyboard = parse_storyboard(
                raw,
                scene_count=graph.scene_count,
                max_scenes=max(context.settings.pipeline.max_scenes, graph.scene_count or 0),
                tags=[reference.tag for reference in request.references],
            )
        except InvalidStoryboardError as error:
            complaint = str(error)
            await _reject(context, call_id, raw, complaint, number)
            continue
        await _lay_down(context, graph, storyboard, raw, call_id)
        return
    raise GivenUpError(
        f"The model gave no valid storyboard in {TRIES} tries: {complaint}.",
        hint="Change the prompt and try again with `vidpipe resume`, or read and edit the raw answer in the studio.",
    )


def _request(context: RunContext, graph: Graph, attempt: int, complaint: str) -> StoryboardRequest:
    return StoryboardRequest(
        prompt=graph.prompt,
        style=graph.style,
        aspect_ratio=graph.aspect_ratio,
        scene_count=graph.scene_count,
        max_scenes=context.settings.pipeline.max_scenes,
        clip_seconds=float(graph.clip_seconds),
        model=graph.storyboard_model,
        seed=graph.seed,
        title=graph.title,
        references=sent_references(context, graph.references),
        attempt=attempt,
        complaint=complaint,
        note=graph.storyboard_note,
    )


async def _rejected_before(context: RunContext, request: StoryboardRequest) -> str | None:
    """What was wrong with the answer to this very try, where a crash came after it: it is not paid for again."""
    async with read() as session:
        return await rejected_answer(session, context.project_id, SLOT, _hash(request))


async def _ask(context: RunContext, graph: Graph, request: StoryboardRequest) -> tuple[int, str]:
    """The raw answer: of a call that was answered before a crash, else of a new one."""
    digest = _hash(request)
    async with context.transaction("storyboard.begin") as transaction:
        found = await unused_result(transaction.session, graph.id, SLOT, digest)
        if found is not None and isinstance(found.result, dict):
            transaction.say(SLOT, "The storyboard was answered before; using that answer.")
            return found.id, str(found.result.get("raw", ""))
        transaction.say(SLOT, f"Writing the storyboard with {request.model}.")
    scenes = graph.scene_count or context.settings.pipeline.max_scenes
    tokens = storyboard_tokens(graph.prompt, scenes)
    terms = CallTerms(
        kind=SLOT,
        slot=SLOT,
        model=request.model,
        request_hash=digest,
        estimate=storyboard_price(context.catalogue, request.model, graph.prompt, scenes),
        units={"input_tokens": tokens[0], "output_tokens": tokens[1]},
        keep=_keep_raw,
        cost=lambda answer: text_cost(context.catalogue, request.model, answer.usage),
    )

    async def attempt() -> tuple[int, StoryboardAnswer]:
        return await pay(context, graph, terms, lambda: context.provider.storyboards.write(request))

    try:
        call_id, answer = await with_retries(context, SLOT, "The storyboard", attempt, again_on=(InDoubtError,))
    except (FilteredError, RefusedRequestError) as error:
        raise GivenUpError(
            f"The storyboard was refused: {error.message}", hint=error.hint or "Change the prompt and try again."
        ) from error
    except BadAnswerError as error:
        return 0, error.raw
    return call_id, answer.raw


async def _keep_raw(_call_id: int, answer: StoryboardAnswer) -> Mapping[str, str]:
    return {"raw": answer.raw}


def _hash(request: StoryboardRequest) -> str:
    return canonical_hash(
        {
            "kind": SLOT,
            "prompt": request.prompt,
            "style": request.style,
            "aspect_ratio": request.aspect_ratio,
            "scenes": request.scene_count,
            "seconds": request.clip_seconds,
            "model": request.model,
            "seed": request.seed,
            "references": [(reference.tag, reference.sha256) for reference in request.references],
            "attempt": request.attempt,
            "complaint": request.complaint,
            "note": request.note,
        }
    )


async def _reject(context: RunContext, call_id: int, raw: str, complaint: str, number: int) -> None:
    async with context.transaction("storyboard.invalid") as transaction:
        await _store(transaction, context, storyboard_raw=as_stored(raw))
        if call_id:
            kind = LAST_INVALID if number == TRIES else INVALID
            await mark_used(transaction.session, call_id, error=complaint, error_kind=kind)
        transaction.say(SLOT, f"The storyboard is not valid: {complaint} (try {number} of {TRIES}).", level="warning")


async def _lay_down(context: RunContext, graph: Graph, storyboard: Storyboard, raw: str, call_id: int) -> None:
    async with context.transaction("storyboard.scenes") as transaction:
        await store_scenes(transaction, graph, storyboard)
        await _store(transaction, context, storyboard_raw=as_stored(raw), style_guide=dict(storyboard.style_guide))
        if call_id:
            await mark_used(transaction.session, call_id)
        transaction.say(SLOT, f"The storyboard has {len(storyboard.scenes)} scenes.")


async def store_scenes(transaction: Transaction, graph: Graph, storyboard: Storyboard) -> None:
    """Writes the scenes of a storyboard in place of those there were."""
    await transaction.session.execute(delete(Scene).where(Scene.project_id == graph.id))
    if graph.storyboard_approved is not None:
        transaction.session.add(Review(project_id=graph.id, stage="storyboard", decision="written"))
    for index, draft in enumerate(storyboard.scenes):
        transaction.session.add(
            Scene(
                project_id=graph.id,
                scene_index=index,
                scene_description=draft.scene_description,
                start_frame_prompt=draft.start_frame_prompt,
                end_frame_prompt=draft.end_frame_prompt,
                video_motion_prompt=draft.video_motion_prompt,
                transition_notes=draft.transition_notes or None,
                opens_with_cut=draft.opens_with_cut,
                reference_tags=list(draft.references) or None,
                status="pending",
            )
        )
    await transaction.session.flush()


async def _store(transaction: Transaction, context: RunContext, **values: Any) -> None:
    await transaction.session.execute(
        update(Project)
        .where(Project.id == context.project_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )

"""Takes: asking for a new one, choosing among those there are, pinning one; each can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.doors import write
from vidpipe_tui.db.graph import load_graph
from vidpipe_tui.db.models import Keyframe, TakeRequest, UserDecision, VideoClip
from vidpipe_tui.db.takes import ask_for_take, clear_trouble, select_clip, select_frame
from vidpipe_tui.domain import graph as facts
from vidpipe_tui.domain.commands import SLOTS, NewTake
from vidpipe_tui.domain.redoing import is_pinned, spread
from vidpipe_tui.domain.storyboard import MAX_FIELD
from vidpipe_tui.domain.text import clean
from vidpipe_tui.domain.views import Consequence
from vidpipe_tui.domain.vocabulary import MAX_SEED
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services import estimates
from vidpipe_tui.services.changes import remember
from vidpipe_tui.services.core import Core, scene_at
from vidpipe_tui.services.editing import checked_field, set_columns

_FIELD_OF_SLOT = {"start": "start_frame_prompt", "end": "end_frame_prompt", "clip": "video_motion_prompt"}


def selected_take(scene: facts.Scene, slot: str) -> facts.FrameTake | facts.ClipTake:
    """The selected take of a slot; raises UsageError where there is none."""
    if slot not in SLOTS:
        raise UsageError(f"There is no {slot!r} in a scene.", hint=f"Use {', '.join(SLOTS)}.")
    taken: dict[str, facts.FrameTake | facts.ClipTake | None] = {
        "start": scene.start,
        "end": scene.end,
        "clip": scene.clip,
    }
    take = taken[slot]
    if take is None:
        raise UsageError(f"Scene {scene.number} has no {slot} yet.", hint="Run the project first.")
    return take


async def want(
    session: AsyncSession, scene: facts.Scene, slot: str, overrides: Mapping[str, Any], after: dict[str, Any]
) -> None:
    """Asks for a new take of a slot, and notes the wish for undo."""
    await ask_for_take(session, scene.id, slot, overrides)
    await clear_trouble(session, scene.id, slot)
    wish = await session.scalar(
        select(TakeRequest.id)
        .where(TakeRequest.scene_id == scene.id, TakeRequest.slot == slot, TakeRequest.settled_at.is_(None))
        .order_by(TakeRequest.id.desc())
    )
    after.setdefault("wishes", []).append(wish)


def consequence_of_take(core: Core, graph: facts.Graph, take: NewTake, *, alone: bool) -> Consequence:
    """What a new take makes stale, and what it costs (with `cascade`: with everything that hangs on it).

    The run that makes it makes what is missing besides; `alone` where a run has that in hand already.
    """
    scene = scene_at(graph, take.scene_index)
    opened = core.driver.provider(graph.provider)
    slot = _slot(take.slot)
    hanging = [other for other in spread(graph, {(scene.index, slot)}) if other != (scene.index, slot)]
    made = {(scene.index, slot), *(hanging if take.cascade else ())}
    priced = replace(graph, image_model=take.model or graph.image_model) if slot != "clip" else graph
    if slot == "clip" and take.model:
        priced = replace(graph, video_model=take.model)
    own = estimates.of_slots(opened.catalogue, priced, made)
    besides = set() if alone else set(estimates.missing_slots(graph, retry_ended=False)) - made
    rest = estimates.of_slots(opened.catalogue, graph, besides)
    return Consequence(
        stale=tuple((index + 1, name) for index, name in hanging),
        estimate=estimates.together(own, rest),
        rest=rest.total,
        cut=slot == "start" and scene.index > 0 and not scene.cut,
    )


async def ask_new_take(core: Core, project_id: UUID, take: NewTake) -> None:
    """Asks for a new take; the next run makes it. A new start frame of a chained scene turns it into a cut."""
    slot = _slot(take.slot)
    async with write() as session:
        graph = await load_graph(session, project_id)
        scene = scene_at(graph, take.scene_index)
        _can_be_made(core, graph, scene, slot, take)
        overrides: dict[str, Any] = {}
        if take.note.strip():
            overrides["note"] = clean(take.note).strip()[:MAX_FIELD]
        if take.seed is not None:
            overrides["seed"] = _seed(take.seed)
        if take.model:
            overrides["model"] = take.model
        before: dict[str, Any] = {"rows": []}
        after: dict[str, Any] = {"rows": []}
        values: dict[str, Any] = {}
        if take.prompt is not None:
            values[_FIELD_OF_SLOT[slot]] = checked_field(take.prompt, "prompt")
        if slot == "start" and scene.index > 0 and not scene.cut:
            values["opens_with_cut"] = True
        await set_columns(session, scene, values, before, after)
        await want(session, scene, slot, overrides, after)
        if take.cascade:
            by_index = {one.index: one for one in graph.scenes}
            for index, name in spread(graph, {(scene.index, slot)}):
                if (index, name) != (scene.index, slot) and not is_pinned(by_index[index], name):
                    await want(session, by_index[index], name, {}, after)
        title = f"a new {slot} of scene {scene.number}"
        await remember(session, project_id, "take", title, before=before, after=after)
    core.driver.wake(project_id)


def _slot(slot: str) -> str:
    if slot not in SLOTS:
        raise UsageError(f"There is no {slot!r} to make anew.", hint=f"Use {', '.join(SLOTS)}.")
    return slot


def _can_be_made(core: Core, graph: facts.Graph, scene: facts.Scene, slot: str, take: NewTake) -> None:
    catalogue = core.driver.provider(graph.provider).catalogue
    newest = scene.newest_clip
    if slot == "clip" and newest is not None and newest.status.value == "in_doubt":
        raise UsageError(
            f"The clip of scene {scene.number} is in doubt.",
            hint=f"Settle it first with `vidpipe doubt ID --scene {scene.number}`.",
        )
    if slot == "end" and scene.start is None:
        raise UsageError(f"Scene {scene.number} has no start frame yet.", hint="Run the project first.")
    if slot == "clip" and (scene.start is None or scene.end is None):
        raise UsageError(f"Scene {scene.number} lacks a keyframe.", hint="Run the project first.")
    if slot == "clip" and (model := take.model or graph.video_model):
        # A last frame that was refused once is tried again on request: only a call can tell that it is allowed now.
        replace(catalogue.video(model), last_frame=None).check(
            ratio=graph.aspect_ratio, seconds=graph.seconds_of(scene), resolution=graph.resolution, audio=graph.audio
        )
    elif take.model:
        catalogue.image(take.model).check(ratio=graph.aspect_ratio, size=graph.image_size)


def _seed(seed: int) -> int:
    if not 0 <= seed <= MAX_SEED:
        raise UsageError(f"{seed} is no seed.", hint=f"A seed is a whole number from 0 to {MAX_SEED}.")
    return seed


async def select_take(core: Core, project_id: UUID, scene_index: int, slot: str, number: int) -> None:
    """Makes another take the selected one; what was made from the former becomes stale."""
    async with write() as session:
        graph = await load_graph(session, project_id)
        scene = scene_at(graph, scene_index)
        current = selected_take(scene, slot)
        takes: list[facts.FrameTake | facts.ClipTake] = [
            *{"start": scene.starts, "end": scene.ends}.get(slot, ()),
            *(scene.clips if slot == "clip" else ()),
        ]
        chosen = next((take for take in takes if take.take == number), None)
        if chosen is None or (isinstance(chosen, facts.ClipTake) and chosen.path is None):
            raise UsageError(f"There is no take {number} of that.", hint="Choose one that is there.")
        if slot == "clip":
            await select_clip(session, scene.id, chosen.id)
        else:
            await select_frame(session, scene.id, slot, chosen.id)
        file_id = chosen.file_id
        rows = []
        if file_id is not None:
            decision = UserDecision(file_id=file_id, decision_type="select_take", decision_value=str(number))
            session.add(decision)
            await session.flush()
            rows = [decision.id]
        entry = {"scene": str(scene.id), "slot": slot}
        await remember(
            session,
            project_id,
            "select",
            f"take {number} of the {slot} of scene {scene.number}",
            before={"selected": [{**entry, "take": str(current.id)}]},
            after={"selected": [{**entry, "take": str(chosen.id)}], "decisions": rows},
        )
    core.driver.wake(project_id)


async def pin(project_id: UUID, scene_index: int, slot: str, *, pinned: bool) -> None:
    """Pins the selected take, so that it is never redone, or lets it go."""
    async with write() as session:
        graph = await load_graph(session, project_id)
        scene = scene_at(graph, scene_index)
        take = selected_take(scene, slot)
        table: type[Keyframe] | type[VideoClip] = VideoClip if slot == "clip" else Keyframe
        await session.execute(
            update(table).where(table.id == take.id).values(pinned=pinned).execution_options(synchronize_session=False)
        )
        entry = {"table": "clip" if slot == "clip" else "keyframe", "id": str(take.id)}
        word = "pin" if pinned else "unpin"
        await remember(
            session,
            project_id,
            "pin",
            f"{word} the {slot} of scene {scene.number}",
            before={"rows": [{**entry, "values": {"pinned": not pinned}}]},
            after={"rows": [{**entry, "values": {"pinned": pinned}}]},
        )

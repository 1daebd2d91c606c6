"""Review: accepting and rejecting storyboards and takes; each decision can be taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.doors import write
from vidpipe_tui.db.graph import load_graph
from vidpipe_tui.db.models import Review, UserDecision
from vidpipe_tui.domain import graph as facts
from vidpipe_tui.domain.storyboard import MAX_FIELD
from vidpipe_tui.domain.text import clean
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services.changes import remember
from vidpipe_tui.services.core import Core, scene_at
from vidpipe_tui.services.takes import selected_take, want


async def decide(
    core: Core, project_id: UUID, slot: str, scene_index: int | None, *, accept: bool, note: str = ""
) -> None:
    """Accepts or rejects a storyboard or the selected take of a slot; a rejection asks for a new take with its note."""
    word = "approve" if accept else "reject"
    async with write() as session:
        graph = await load_graph(session, project_id)
        text = clean(note).strip()[:MAX_FIELD]
        if slot == "storyboard":
            await _decide_storyboard(session, graph, word, text)
            return
        scene = scene_at(graph, scene_index or 0)
        take = selected_take(scene, slot)
        if take.file_id is None:
            raise UsageError("There is nothing to decide on there yet.", hint="Run the project first.")
        row = UserDecision(file_id=take.file_id, decision_type=word, decision_value=text)
        session.add(row)
        await session.flush()
        after: dict[str, Any] = {"decisions": [row.id]}
        if not accept:
            drawn, position = _drawn_as(graph, scene, slot, take)
            await want(session, drawn, position, {"note": text} if text else {}, after)
        title = f"{word} the {slot} of scene {scene.number}"
        await remember(session, project_id, "decision", title, before={}, after=after)
    core.driver.wake(project_id)


def _drawn_as(
    graph: facts.Graph, scene: facts.Scene, slot: str, take: facts.FrameTake | facts.ClipTake
) -> tuple[facts.Scene, str]:
    """The scene and slot in which a take was made: an inherited start frame is the end frame of an earlier scene."""
    inherited = isinstance(take, facts.FrameTake) and take.source == "inherited"
    for before in graph.scenes:
        if inherited and before.index == scene.index - 1 and before.end and before.end.file_id == take.file_id:
            return before, "end"
    return scene, slot


async def _decide_storyboard(session: AsyncSession, graph: facts.Graph, word: str, note: str) -> None:
    if not graph.scenes:
        raise UsageError("There is no storyboard yet.", hint="Run the project first.")
    if word == "reject" and any(scene.starts or scene.ends or scene.clips for scene in graph.scenes):
        raise UsageError(
            "The storyboard has keyframes already; writing it anew would lose them.",
            hint="Edit its scenes instead, or duplicate the project.",
        )
    row = Review(project_id=graph.id, stage="storyboard", decision=word, note=note or None)
    session.add(row)
    await session.flush()
    await remember(session, graph.id, "decision", f"{word} the storyboard", before={}, after={"reviews": [row.id]})


async def approve_all(core: Core, project_id: UUID, scene_index: int | None = None) -> int:
    """Approves what waits for review, of one scene or of all; returns how many things that were."""
    async with write() as session:
        graph = await load_graph(session, project_id)
        if graph.reviews("storyboard") and graph.scenes and not graph.storyboard_approved:
            await _decide_storyboard(session, graph, "approve", "")
            return 1
        scenes = graph.scenes if scene_index is None else [scene_at(graph, scene_index)]
        undecided = {
            take.file_id
            for scene in scenes
            for take in (scene.start, scene.end)
            if take is not None and take.file_id is not None and not take.approved
        }
        rows = [UserDecision(file_id=file_id, decision_type="approve", decision_value="") for file_id in undecided]
        session.add_all(rows)
        await session.flush()
        if rows:
            title = f"approve {len(rows)} keyframes"
            await remember(
                session, project_id, "decision", title, before={}, after={"decisions": [row.id for row in rows]}
            )
    core.driver.wake(project_id)
    return len(undecided)

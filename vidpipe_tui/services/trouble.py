"""Ways out of trouble: a clip in doubt, a filtered prompt, a storyboard that was not valid."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.doors import write
from vidpipe_tui.db.events import as_view
from vidpipe_tui.db.graph import load_graph
from vidpipe_tui.db.models import Project, Scene, VideoClip
from vidpipe_tui.domain.graph import Graph
from vidpipe_tui.domain.statuses import ClipStatus
from vidpipe_tui.domain.storyboard import InvalidStoryboardError, as_stored, parse_storyboard
from vidpipe_tui.domain.text import clean_line
from vidpipe_tui.errors import UsageError
from vidpipe_tui.pipeline import recovery
from vidpipe_tui.pipeline.context import Transaction
from vidpipe_tui.pipeline.storyboard import store_scenes
from vidpipe_tui.services.core import Core, scene_at

MAX_OPERATION = 255


async def settle_doubt(
    core: Core, project_id: UUID, scene_index: int, *, adopt: str | None = None, give_up: bool = False
) -> None:
    """Settles a clip in doubt: adopts an operation by name, gives it up, or (neither) submits it again."""
    if adopt is not None:
        adopt = clean_line(adopt)
        if not adopt or len(adopt) > MAX_OPERATION:
            raise UsageError("That is no name of an operation.", hint="Copy it from the provider's own list.")
    async with write() as session:
        graph = await load_graph(session, project_id)
        scene, clip = await _doubtful(session, graph, scene_index)
        transaction = Transaction(session, project_id, None)
        if adopt is not None:
            await _not_ours_already(session, adopt)
            await recovery.adopt(transaction, scene, clip, adopt)
        elif give_up:
            await recovery.give_up(transaction, scene, clip)
        else:
            await recovery.submit_again(transaction, scene, clip)
        await session.flush()
    for row in transaction.rows:
        core.bus.publish(as_view(row))
    core.driver.wake(project_id)


async def _doubtful(session: AsyncSession, graph: Graph, scene_index: int) -> tuple[Scene, VideoClip]:
    scene = scene_at(graph, scene_index)
    clip = await session.scalar(
        select(VideoClip).where(VideoClip.scene_id == scene.id, VideoClip.status == ClipStatus.IN_DOUBT)
    )
    row = await session.get(Scene, scene.id)
    if clip is None or row is None:
        raise UsageError(
            f"The clip of scene {scene.number} is not in doubt.", hint="`vidpipe status ID` shows how it stands."
        )
    return row, clip


async def _not_ours_already(session: AsyncSession, operation: str) -> None:
    known = await session.scalar(select(VideoClip.id).where(VideoClip.operation_name == operation).limit(1))
    if known is not None:
        raise UsageError(
            f"The operation {operation} belongs to a clip already.", hint="Adopt the one that has no clip yet."
        )


async def use_raw_storyboard(core: Core, project_id: UUID, raw: str) -> None:
    """Lays down the scenes of a storyboard the person edited; raises UsageError with what is wrong with it."""
    async with write() as session:
        graph = await load_graph(session, project_id)
        if any(scene.starts or scene.clips for scene in graph.scenes):
            raise UsageError(
                "The project has keyframes already; another storyboard would lose them.",
                hint="Edit its scenes instead, or duplicate the project.",
            )
        try:
            storyboard = parse_storyboard(
                raw,
                scene_count=None,
                max_scenes=core.settings.pipeline.max_scenes,
                tags=[reference.tag for reference in graph.references],
            )
        except InvalidStoryboardError as error:
            raise UsageError(f"This is no valid storyboard: {error}.", hint="Mend that and try again.") from None
        transaction = Transaction(session, project_id, None)
        await store_scenes(transaction, graph, storyboard)
        await session.execute(
            update(Project)
            .where(Project.id == project_id)
            .values(
                storyboard_raw=as_stored(raw),
                style_guide=dict(storyboard.style_guide),
                scene_count=len(storyboard.scenes),
            )
        )
    core.driver.wake(project_id)

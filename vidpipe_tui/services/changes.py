"""What a person did that can be taken back: written with the deed, undone and redone from what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.base import now
from vidpipe_tui.db.doors import write
from vidpipe_tui.db.models import Change, Keyframe, Project, Review, Scene, TakeRequest, UserDecision, VideoClip
from vidpipe_tui.db.takes import select_clip, select_frame

_MARKS: tuple[tuple[type[UserDecision] | type[Review] | type[TakeRequest], str, str], ...] = (
    (UserDecision, "decisions", "undone_at"),
    (Review, "reviews", "undone_at"),
    (TakeRequest, "wishes", "settled_at"),
)
_TABLES: dict[str, type[Scene] | type[Project] | type[Keyframe] | type[VideoClip]] = {
    "scene": Scene,
    "project": Project,
    "keyframe": Keyframe,
    "clip": VideoClip,
}


async def remember(session: AsyncSession, project_id: UUID, kind: str, title: str, *, before: Any, after: Any) -> None:
    """Notes a deed; what was undone before it can no longer be redone."""
    await session.execute(delete(Change).where(Change.project_id == project_id, Change.undone_at.is_not(None)))
    session.add(Change(project_id=project_id, kind=kind, title=title, before=before, after=after))
    await session.flush()


async def undo(project_id: UUID) -> str | None:
    """Takes back the latest deed not yet undone; returns what it was, None where there is none."""
    async with write() as session:
        change = await session.scalar(
            select(Change)
            .where(Change.project_id == project_id, Change.undone_at.is_(None))
            .order_by(Change.id.desc())
            .limit(1)
        )
        if change is None:
            return None
        await _apply(session, change, change.before, undoing=True)
        change.undone_at = now()
        return change.title


async def redo(project_id: UUID) -> str | None:
    """Does again what was undone last; returns what it was, None where there is none."""
    async with write() as session:
        change = await session.scalar(
            select(Change)
            .where(Change.project_id == project_id, Change.undone_at.is_not(None))
            .order_by(Change.id)
            .limit(1)
        )
        if change is None:
            return None
        await _apply(session, change, change.after, undoing=False)
        change.undone_at = None
        return change.title


async def _apply(session: AsyncSession, change: Change, state: Mapping[str, Any] | None, *, undoing: bool) -> None:
    stamp = now() if undoing else None
    state = state or {}
    for entry in state.get("rows", []):
        table = _TABLES[entry["table"]]
        await session.execute(
            update(table)
            .where(table.id == UUID(entry["id"]))
            .values(**entry["values"])
            .execution_options(synchronize_session=False)
        )
    for entry in state.get("selected", []):
        scene_id, take_id = UUID(entry["scene"]), UUID(entry["take"])
        if entry["slot"] == "clip":
            await select_clip(session, scene_id, take_id)
        else:
            await select_frame(session, scene_id, entry["slot"], take_id)
    both = change.after or {}
    for marked, key, column in _MARKS:
        ids = both.get(key, [])
        if ids:
            await session.execute(
                update(marked)
                .where(marked.id.in_(ids))
                .values(**{column: stamp})
                .execution_options(synchronize_session=False)
            )

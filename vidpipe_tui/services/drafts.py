"""Drafts: what is typed and not yet applied, stored as it is typed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from vidpipe_tui.db.doors import read, write
from vidpipe_tui.db.models import Draft, Scene


async def _scene_id(session: object, project_id: UUID, scene_index: int | None) -> UUID | None:
    from sqlalchemy.ext.asyncio import AsyncSession

    assert isinstance(session, AsyncSession)
    if scene_index is None:
        return None
    found: UUID | None = await session.scalar(
        select(Scene.id).where(Scene.project_id == project_id, Scene.scene_index == scene_index)
    )
    return found


async def save(project_id: UUID, scene_index: int | None, field: str, text: str) -> None:
    """Stores what a field holds now."""
    await _replace(project_id, scene_index, field, text)


async def clear(project_id: UUID, scene_index: int | None, field: str) -> None:
    """Forgets the draft of a field."""
    await _replace(project_id, scene_index, field, None)


async def _replace(project_id: UUID, scene_index: int | None, field: str, text: str | None) -> None:
    async with write() as session:
        scene_id = await _scene_id(session, project_id, scene_index)
        same_scene = Draft.scene_id.is_(None) if scene_id is None else Draft.scene_id == scene_id
        await session.execute(delete(Draft).where(Draft.project_id == project_id, same_scene, Draft.field == field))
        if text is not None:
            session.add(Draft(project_id=project_id, scene_id=scene_id, field=field, text=text))


async def drafts(project_id: UUID) -> dict[tuple[int | None, str], str]:
    """Every draft of a project, by scene index (None: the style guide) and field."""
    async with read() as session:
        rows = await session.execute(
            select(Scene.scene_index, Draft.field, Draft.text)
            .select_from(Draft)
            .outerjoin(Scene, Draft.scene_id == Scene.id)
            .where(Draft.project_id == project_id)
        )
        return {(index, field): text for index, field, text in rows}

"""Guarded changes of status: an UPDATE that only takes where the transition table allows it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.models import Project, Scene, VideoClip
from vidpipe_tui.domain.statuses import (
    CLIP_TRANSITIONS,
    PROJECT_TRANSITIONS,
    SCENE_TRANSITIONS,
    ClipStatus,
    ProjectStatus,
    SceneStatus,
)

log = logging.getLogger(__name__)

Status = TypeVar("Status", bound=StrEnum)


async def move_project(session: AsyncSession, project_id: UUID, status: ProjectStatus, **values: Any) -> bool:
    """Moves a project to that status; False where it may not go there from where it is."""
    return await _move(session, Project, project_id, PROJECT_TRANSITIONS, status, values)


async def move_scene(session: AsyncSession, scene_id: UUID, status: SceneStatus, **values: Any) -> bool:
    """Moves a scene to that status; False where it may not go there from where it is."""
    return await _move(session, Scene, scene_id, SCENE_TRANSITIONS, status, values)


async def move_clip(session: AsyncSession, clip_id: UUID, status: ClipStatus, **values: Any) -> bool:
    """Moves a clip to that status; False where it may not go there from where it is."""
    return await _move(session, VideoClip, clip_id, CLIP_TRANSITIONS, status, values)


async def _move(
    session: AsyncSession,
    table: type[Project] | type[Scene] | type[VideoClip],
    row_id: UUID,
    transitions: Mapping[Status, frozenset[Status]],
    status: Status,
    values: Mapping[str, Any],
) -> bool:
    allowed = [before for before, following in transitions.items() if status in following or before == status]
    result = await session.execute(
        update(table)
        .where(table.id == row_id, table.status.in_(allowed))
        .values(status=status, **values)
        .execution_options(synchronize_session=False)
    )
    moved = bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult
    if not moved:
        log.debug("refused: %s %s to %s", table.__tablename__, row_id, status)
    return moved

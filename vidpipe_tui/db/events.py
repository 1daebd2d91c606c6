"""The log of a project: written with what it tells of, followed by id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.models import PipelineEvent
from vidpipe_tui.domain.views import EventView


def as_view(row: PipelineEvent) -> EventView:
    """A row of the log as it is shown."""
    return EventView(
        id=row.id,
        project_id=row.project_id,
        scene_index=row.scene_index,
        step=row.step,
        level=row.level,
        message=row.message,
        time=row.created_at.replace(tzinfo=UTC),
    )


async def newest_id(session: AsyncSession) -> int:
    """The id of the newest event of all projects; 0 where there is none."""
    return int(await session.scalar(select(func.max(PipelineEvent.id))) or 0)


async def events_after(session: AsyncSession, after: int, *, project_id: UUID | None = None) -> Sequence[EventView]:
    """Events with a greater id, oldest first."""
    query = select(PipelineEvent).where(PipelineEvent.id > after).order_by(PipelineEvent.id)
    if project_id is not None:
        query = query.where(PipelineEvent.project_id == project_id)
    return [as_view(row) for row in await session.scalars(query)]


async def newest_events(session: AsyncSession, project_id: UUID, *, after: int, limit: int) -> list[EventView]:
    """The newest `limit` events of a project with an id above `after`, oldest first."""
    rows = await session.scalars(
        select(PipelineEvent)
        .where(PipelineEvent.project_id == project_id, PipelineEvent.id > after)
        .order_by(PipelineEvent.id.desc())
        .limit(limit)
    )
    return [as_view(row) for row in reversed(rows.all())]


async def events_of_run(session: AsyncSession, run_id: UUID) -> Sequence[PipelineEvent]:
    """The events of one run, oldest first."""
    rows = await session.scalars(select(PipelineEvent).where(PipelineEvent.run_id == run_id).order_by(PipelineEvent.id))
    return rows.all()

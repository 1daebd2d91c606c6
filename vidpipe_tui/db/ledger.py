"""Queries of the ledger. What counts as spent: every call that was or may have been accepted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.base import now
from vidpipe_tui.db.models import ApiCall
from vidpipe_tui.domain.statuses import CALL_TRANSITIONS, CallState

log = logging.getLogger(__name__)

COUNTED = (CallState.INTENT, CallState.SUBMITTED, CallState.SUCCEEDED, CallState.UNKNOWN)
OPEN = (CallState.INTENT, CallState.SUBMITTED)
INVALID, LAST_INVALID = "invalid", "invalid_for_good"
"""Error kinds of a call whose answer came and was no use: it is asked for again, or that was the last try."""


def price_of() -> ColumnElement[float]:
    """What a call counts for, in US dollars: what it cost if known, else its estimate; failed ones nothing."""
    return case((ApiCall.state.in_(COUNTED), func.coalesce(ApiCall.cost, ApiCall.cost_estimate)), else_=0.0)


async def spent_by(session: AsyncSession, project_id: UUID) -> float:
    """Sum over the project's calls, those in flight and in doubt included, in US dollars."""
    total = await session.scalar(
        select(func.coalesce(func.sum(price_of()), 0.0)).where(ApiCall.project_id == project_id)
    )
    return float(total or 0.0)


async def spent_since(session: AsyncSession, moment: datetime) -> float:
    """Sum over the calls of all projects since that moment (naive UTC), in US dollars."""
    total = await session.scalar(select(func.coalesce(func.sum(price_of()), 0.0)).where(ApiCall.created_at >= moment))
    return float(total or 0.0)


async def recent_calls(session: AsyncSession, provider: str, seconds: float) -> dict[str, list[float]]:
    """How long ago (s) the calls of a provider within the last `seconds` were made, by model."""
    moment = now()
    rows = await session.execute(
        select(ApiCall.model, ApiCall.created_at).where(
            ApiCall.provider == provider, ApiCall.created_at > moment - timedelta(seconds=seconds)
        )
    )
    found: dict[str, list[float]] = {}
    for model, made in rows:
        found.setdefault(model, []).append(max(0.0, (moment - made).total_seconds()))
    return found


async def open_calls(session: AsyncSession, project_id: UUID) -> Sequence[ApiCall]:
    """Calls whose end was not recorded, oldest first."""
    rows = await session.scalars(
        select(ApiCall).where(ApiCall.project_id == project_id, ApiCall.state.in_(OPEN)).order_by(ApiCall.id)
    )
    return rows.all()


async def unused_result(session: AsyncSession, project_id: UUID, kind: str, request_hash: str) -> ApiCall | None:
    """A call of that request that succeeded and whose result nothing was made of yet."""
    row: ApiCall | None = await session.scalar(
        select(ApiCall)
        .where(
            ApiCall.project_id == project_id,
            ApiCall.kind == kind,
            ApiCall.request_hash == request_hash,
            ApiCall.state == CallState.SUCCEEDED,
            ApiCall.used.is_(False),
        )
        .order_by(ApiCall.id)
        .limit(1)
    )
    return row


async def rejected_answer(session: AsyncSession, project_id: UUID, kind: str, request_hash: str) -> str | None:
    """What was wrong with the answer to that request, as long as nothing better came and its tries are not used up."""
    ours = (ApiCall.project_id == project_id, ApiCall.kind == kind, ApiCall.used)
    over = func.coalesce(func.max(ApiCall.id), 0)
    ended = select(over).where(*ours, (ApiCall.error_kind.is_(None)) | (ApiCall.error_kind == LAST_INVALID))
    complaint: str | None = await session.scalar(
        select(ApiCall.error)
        .where(
            *ours,
            ApiCall.request_hash == request_hash,
            ApiCall.error_kind == INVALID,
            ApiCall.id > ended.scalar_subquery(),
        )
        .order_by(ApiCall.id.desc())
        .limit(1)
    )
    return complaint


async def is_open(session: AsyncSession, call_id: int) -> bool:
    """True while the end of a call was not recorded."""
    return await session.scalar(select(ApiCall.state).where(ApiCall.id == call_id)) in OPEN


async def move_call(session: AsyncSession, call_id: int, state: CallState, **values: Any) -> bool:
    """Moves a call on where the transition table allows it; False where it was elsewhere already."""
    before = [known for known, following in CALL_TRANSITIONS.items() if state in following]
    if state not in OPEN:
        values.setdefault("finished_at", now())
    result = await session.execute(
        update(ApiCall).where(ApiCall.id == call_id, ApiCall.state.in_(before)).values(state=state, **values)
    )
    moved = bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult
    if not moved:
        log.debug("refused: api_calls %s to %s", call_id, state)
    return moved


async def calls_of(session: AsyncSession, project_id: UUID | None) -> Sequence[ApiCall]:
    """The calls of a project, or of all, newest first."""
    query = select(ApiCall).order_by(ApiCall.id.desc())
    if project_id is not None:
        query = query.where(ApiCall.project_id == project_id)
    return (await session.scalars(query)).all()

"""How often each clip was asked about: counted for all projects of the process, written together."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, exists, select, update

from vidpipe_tui.db.doors import write
from vidpipe_tui.db.models import Lease, VideoClip
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.pipeline.crash_points import reach

if TYPE_CHECKING:
    from vidpipe_tui.pipeline.context import RunContext

log = logging.getLogger(__name__)

WRITE_EVERY_SECONDS = 0.25

_COUNT = (
    update(VideoClip.__table__)  # type: ignore[arg-type]  # a mapped class's table is a Table
    .where(
        VideoClip.id == bindparam("clip"),
        exists(
            select(Lease.token).where(
                Lease.project_id == bindparam("project"),
                Lease.owner == bindparam("holder"),
                Lease.token == bindparam("fence"),
            )
        ),
    )
    .values(poll_count=bindparam("polls"))
)


class PollCounts:
    """Collects the counts and writes them in one transaction, a few times a second at the most.

    Counts of a project whose lease was lost are not written. A crash loses the last quarter of a second of them:
    nothing is decided by these numbers.
    """

    def __init__(self) -> None:
        self._pending: dict[UUID, dict[str, object]] = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, context: RunContext, clip_id: UUID, polls: int) -> None:
        """Notes a count; it is written soon."""
        self._pending[clip_id] = {
            "clip": clip_id,
            "project": context.project_id,
            "holder": context.owner,
            "fence": context.token,
            "polls": polls,
        }
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_soon(), name="poll counts")

    async def aclose(self) -> None:
        """Ends the writing; what is pending was written with how each clip stands, or decides nothing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITE_EVERY_SECONDS)
        try:
            await self.write_now()
        except VidpipeError as error:
            log.warning("poll counts were not written: %s", error.message)

    async def write_now(self) -> None:
        """Writes what is pending, in one transaction."""
        counts, self._pending = list(self._pending.values()), {}
        if not counts:
            return
        async with write() as session:
            await (await session.connection()).execute(_COUNT, counts)
            reach("before:clip.poll")
        reach("after:clip.poll")

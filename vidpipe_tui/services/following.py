"""Following what other processes do: their events are published here as if they were ours."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import text

from vidpipe_tui.db.doors import read
from vidpipe_tui.db.events import events_after, newest_id
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.services.core import Core

log = logging.getLogger(__name__)

BUSY_SECONDS = 0.3
QUIET_SECONDS = 2.0


class Follower:
    """Publishes the events that other processes store, while anybody listens. Looks often only while they come."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to follow; harmless when it does already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow(), name="follow")

    async def aclose(self) -> None:
        """Ends following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        version, seen = -1, -1
        while True:
            pause = QUIET_SECONDS
            try:
                async with read() as session:
                    found = int((await session.execute(text("PRAGMA data_version"))).scalar() or 0)
                    if seen < 0:
                        seen = await newest_id(session)
                    elif found != version:
                        fresh = await events_after(session, seen)
                        for event in fresh:
                            seen = event.id
                            if event.project_id not in self._core.driver.driving:
                                self._core.bus.publish(event)
                                pause = BUSY_SECONDS
                    version = found
            except VidpipeError as error:
                log.debug("following: %s", error.message)
            await asyncio.sleep(pause)

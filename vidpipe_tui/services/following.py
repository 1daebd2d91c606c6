"""Following what other processes do: their events are published here as if they were ours."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from vidpipe_tui.config.paths import database_path
from vidpipe_tui.db.doors import read
from vidpipe_tui.db.events import events_after, newest_id
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.services.core import Core

log = logging.getLogger(__name__)

BUSY_SECONDS = 0.3
QUIET_SECONDS = 2.0
QUIET_ROUNDS = 20


class Follower:
    """Publishes the events that other processes store, while anybody listens.

    At rest it only looks whether the database's files changed, every few seconds: an idle studio stays idle.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._task: asyncio.Task[None] | None = None
        path = database_path(core.settings.storage.database_url)
        self._files = () if path is None else (path, path.with_name(f"{path.name}-wal"))

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
        seen, quiet = -1, QUIET_ROUNDS
        before: object = None
        while True:
            state = [_stamp(path) for path in self._files]
            if seen < 0 or state != before or not self._files:
                before = state
                try:
                    seen, others = await self._publish(seen)
                    quiet = 0 if others else quiet + 1
                except VidpipeError as error:
                    log.debug("following: %s", error.message)
            else:
                quiet += 1
            await asyncio.sleep(BUSY_SECONDS if quiet < QUIET_ROUNDS else QUIET_SECONDS)

    async def _publish(self, seen: int) -> tuple[int, bool]:
        """Publishes what came after that id; returns the newest id, and whether any of it was another process's."""
        others = False
        async with read() as session:
            if seen < 0:
                return await newest_id(session), False
            fresh = await events_after(session, seen)
        for event in fresh:
            seen = event.id
            if event.project_id not in self._core.driver.driving:
                self._core.bus.publish(event)
                others = True
        return seen, others


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size

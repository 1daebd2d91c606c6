"""Keeps a screen in step with one project: reads it again when something changed, ten times a second at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from vidpipe_tui.domain.views import EventView, ProjectView

if TYPE_CHECKING:
    from vidpipe_tui.services.studio import Studio

BETWEEN_SECONDS = 0.1
_ENDED = 0.999


class ProjectFeed:
    """Calls `on_project` with every new snapshot and `on_events` with new log lines, in the loop.

    Hints of the pipeline only say that there is something to read; their progress is kept in `progress`, by
    (scene index, step), until that step is over. `between` gives the seconds to the next reading at the earliest.
    """

    def __init__(
        self,
        project_id: UUID,
        on_project: Callable[[ProjectView], None],
        on_events: Callable[[list[EventView]], None] | None = None,
        between: Callable[[], float] = lambda: BETWEEN_SECONDS,
    ) -> None:
        self.project_id = project_id
        self.progress: dict[tuple[int | None, str], float] = {}
        self._on_project = on_project
        self._on_events = on_events
        self._between = between
        self._changed = asyncio.Event()
        self._newest = 0

    def poke(self) -> None:
        """Has the project read again soon."""
        self._changed.set()

    async def run(self, studio: Studio) -> None:
        """Follows the project until cancelled. Raises what the first reading raises."""
        unsubscribe = studio.subscribe(self._hinted)
        try:
            while True:
                self._changed.clear()
                self._on_project(await studio.project(self.project_id))
                if self._on_events is not None:
                    await self._read_events(studio)
                await asyncio.sleep(self._between())
                await self._changed.wait()
        finally:
            unsubscribe()

    async def _read_events(self, studio: Studio) -> None:
        events = await studio.events(self.project_id, after=self._newest)
        if events and self._on_events is not None:
            self._newest = max(event.id for event in events)
            self._on_events(events)

    def _hinted(self, event: EventView) -> None:
        if event.project_id != self.project_id:
            return
        place = (event.scene_index, event.step)
        if event.progress is not None and event.progress < _ENDED:
            self.progress[place] = event.progress
        else:
            self.progress.pop(place, None)
        self._changed.set()

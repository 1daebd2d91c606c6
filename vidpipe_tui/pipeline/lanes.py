"""How many clips run side by side, over all projects of this process, and how far apart pictures are asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from uuid import UUID


class Lanes:
    """The clip lanes of one provider. A lane is taken from the submission until the provider is done with the clip."""

    def __init__(self, count: int, *, image_delay: float = 0.0) -> None:
        self.count = count
        self._taken: set[tuple[UUID, str]] = set()
        self._listeners: list[Callable[[], None]] = []
        self._image_delay = image_delay
        self._next_image = 0.0

    @property
    def free(self) -> int:
        """Lanes that a new clip may take."""
        return max(0, self.count - len(self._taken))

    def take(self, project_id: UUID, slot: str) -> None:
        """Takes a lane; clips that already run at the provider take one even where none is free."""
        self._taken.add((project_id, slot))

    def leave(self, project_id: UUID, slot: str) -> None:
        """Frees the lane and tells everybody who may be waiting for it; harmless where it is free already."""
        if (project_id, slot) in self._taken:
            self._taken.discard((project_id, slot))
            for listener in tuple(self._listeners):
                listener()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls back whenever a lane becomes free; calling what is returned ends that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    async def image_turn(self) -> None:
        """Waits until the next picture may be asked for."""
        moment = time.monotonic()
        turn = max(moment, self._next_image)
        self._next_image = turn + self._image_delay
        if turn > moment:
            await asyncio.sleep(turn - moment)

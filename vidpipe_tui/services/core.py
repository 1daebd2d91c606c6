"""What the services share: settings, files, the pool, the bus and the driver of this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from vidpipe_tui.config.schema import Settings
from vidpipe_tui.db import leases
from vidpipe_tui.db.doors import read
from vidpipe_tui.db.graph import load_graph
from vidpipe_tui.domain.graph import Graph
from vidpipe_tui.errors import UsageError
from vidpipe_tui.media.pool import ProcessPool
from vidpipe_tui.pipeline.bus import EventBus
from vidpipe_tui.pipeline.driver import Driver
from vidpipe_tui.services.file_manager import FileManager
from vidpipe_tui.services.snapshots import Driving

if TYPE_CHECKING:
    from vidpipe_tui.domain.graph import Scene


@dataclass(slots=True)
class Core:
    """Everything a service needs; one per process."""

    settings: Settings
    files: FileManager
    pool: ProcessPool
    bus: EventBus
    driver: Driver

    async def graph(self, project_id: UUID) -> Graph:
        """The project as it stands."""
        async with read() as session:
            return await load_graph(session, project_id)

    async def driving(self, project_id: UUID) -> Driving:
        """Who drives the project."""
        async with read() as session:
            lease = await leases.lease_of(session, project_id)
        return Driving(lease, project_id in self.driver.driving)


def scene_at(graph: Graph, scene_index: int) -> Scene:
    """The scene with that index; raises UsageError that speaks of numbers."""
    for scene in graph.scenes:
        if scene.index == scene_index:
            return scene
    count = len(graph.scenes)
    hint = f"It has scenes 1 to {count}." if count else "It has no scenes yet; run it first."
    raise UsageError(f"There is no scene {scene_index + 1}.", hint=hint)

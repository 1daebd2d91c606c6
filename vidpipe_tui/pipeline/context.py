"""What every step of a run has at hand: the project, the way to write for it, and when to hold back."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.config.schema import Settings
from vidpipe_tui.db import events, leases
from vidpipe_tui.db.doors import read, write
from vidpipe_tui.db.graph import load_graph
from vidpipe_tui.db.models import PipelineEvent
from vidpipe_tui.domain.graph import Graph
from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.domain.views import EventView
from vidpipe_tui.errors import DiskFullError, LeaseLostError, VidpipeError
from vidpipe_tui.media.pool import ProcessPool
from vidpipe_tui.pipeline.bus import EventBus
from vidpipe_tui.pipeline.crash_points import reach
from vidpipe_tui.pipeline.lanes import Lanes
from vidpipe_tui.pipeline.poll_counts import PollCounts
from vidpipe_tui.providers.base import Provider
from vidpipe_tui.providers.models import Catalogue
from vidpipe_tui.services.file_manager import FileManager

SPARE_BYTES = 64 * 2**20
"""Room that stays free beside the result of a paid call: pictures arrive only once."""


class Halted(Exception):  # noqa: N818  # not an error: the run is ending and this step must not begin
    """The run is being stopped, or something ended it: nothing new may start."""


class GivenUpError(VidpipeError):
    """A slot is given up for this run (attempts used up, a limit too long); the project fails and can be resumed."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a run ends before everything is done."""

    status: ProjectStatus
    kind: str
    message: str
    hint: str = ""


@dataclass(slots=True)
class Transaction:
    """A write for the project; what it says goes into the log and out to subscribers once it is committed."""

    session: AsyncSession
    project_id: UUID
    run_id: UUID | None
    rows: list[PipelineEvent] = field(default_factory=list)

    def say(self, step: str, message: str, *, scene_index: int | None = None, level: str = "info") -> None:
        """Adds a line to the log. Scenes are named by number in `message`."""
        row = PipelineEvent(
            project_id=self.project_id,
            run_id=self.run_id,
            scene_index=scene_index,
            step=step,
            level=level,
            message=message,
        )
        self.session.add(row)
        self.rows.append(row)


@dataclass(slots=True)
class RunContext:
    """A run of one project in this process, as its steps see it."""

    project_id: UUID
    owner: str
    token: int
    settings: Settings
    provider: Provider
    catalogue: Catalogue
    files: FileManager
    pool: ProcessPool
    bus: EventBus
    lanes: Lanes
    poll_counts: PollCounts
    run_id: UUID | None = None
    stopping: bool = False
    concluding: bool = False
    successor: leases.Holder | None = None
    ending: Ending | None = None
    attempts: Counter[str] = field(default_factory=Counter)
    blocked: dict[str, VidpipeError] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    lease_seen: float = field(default_factory=time.monotonic)
    _finishing: set[asyncio.Task[object]] = field(default_factory=set)
    _visitors: int = 0
    alone: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def transaction(self, name: str) -> AsyncIterator[Transaction]:
        """One write for the project, refused with LeaseLostError when another process drives it now.

        `name` names the commit for tests that kill the process just before or just after it.
        """
        async with write() as session:
            await leases.check(session, self.project_id, self.owner, self.token)
            transaction = Transaction(session, self.project_id, self.run_id)
            yield transaction
            await session.flush()
            reach(f"before:{name}")
        reach(f"after:{name}")
        for row in transaction.rows:
            self.bus.publish(events.as_view(row))

    async def graph(self) -> Graph:
        """The project as it stands now."""
        async with read() as session:
            return await load_graph(session, self.project_id)

    async def confirm_lease(self) -> None:
        """Raises LeaseLostError when this process slept past its lease and another took it: nothing may be written."""
        if time.monotonic() - self.lease_seen < leases.EXPIRY_SECONDS:
            return
        async with read() as session:
            await leases.check(session, self.project_id, self.owner, self.token)

    def may_start(self) -> None:
        """Raises Halted when nothing new may begin."""
        if self.stopping or self.ending is not None:
            raise Halted

    def end(self, ending: Ending) -> None:
        """Ends the run: what is paid for is finished and fetched, nothing new begins. The first reason stands."""
        if self.ending is None:
            self.ending = ending
        self.changed.set()

    def block(self, slot: str, error: VidpipeError) -> None:
        """Gives a slot up for this run."""
        self.blocked[slot] = error
        self.changed.set()

    def require_room(self, expected_bytes: int) -> None:
        """Raises DiskFullError unless the result of the next call fits, with some to spare."""
        if self.files.free_bytes() < expected_bytes + SPARE_BYTES:
            raise DiskFullError(
                f"There is not enough room on the disk of {self.files.base_dir}.",
                hint="Make room, then go on with `vidpipe resume`; nothing that was paid for is lost.",
            )

    def hint(self, step: str, message: str, *, scene_index: int | None = None, progress: float | None = None) -> None:
        """Tells subscribers in this process how something gets on; not stored."""
        from datetime import UTC, datetime

        self.bus.publish(
            EventView(0, self.project_id, scene_index, step, "info", message, datetime.now(UTC), progress=progress)
        )

    @contextmanager
    def must_finish(self) -> Iterator[None]:
        """A stretch that a stop waits for: a paid call under way, and the writing of its answer."""
        task = asyncio.current_task()
        assert task is not None
        nested = task in self._finishing
        self._finishing.add(task)
        try:
            yield
        finally:
            if not nested:
                self._finishing.discard(task)

    @contextmanager
    def visited(self) -> Iterator[None]:
        """A stretch in which somebody outside of the run pays and writes under its lease."""
        self._visitors += 1
        try:
            yield
        finally:
            self._visitors -= 1
            self.alone.set()

    async def until_alone(self) -> None:
        """Waits for visitors, whose answers need the lease; a run that is being stopped waits for nobody."""
        while self._visitors and not self.stopping:
            self.alone.clear()
            await self.alone.wait()

    @property
    def finishing(self) -> frozenset[asyncio.Task[object]]:
        """Tasks in a stretch that a stop waits for."""
        return frozenset(self._finishing)


__all__ = ["Ending", "GivenUpError", "Halted", "LeaseLostError", "RunContext", "Transaction"]

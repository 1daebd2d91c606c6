"""The driver of a process: takes leases, keeps them alive, runs projects side by side and stops them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import UUID

from vidpipe_tui.config.schema import Settings
from vidpipe_tui.db import leases
from vidpipe_tui.db.doors import read, write
from vidpipe_tui.db.leases import LeaseState
from vidpipe_tui.db.models import Project
from vidpipe_tui.db.takes import newest_wishes
from vidpipe_tui.domain.commands import RunOptions
from vidpipe_tui.domain.views import Outcome
from vidpipe_tui.errors import LeaseLostError, NotFoundError, VidpipeError
from vidpipe_tui.media.pool import ProcessPool
from vidpipe_tui.pipeline.bus import EventBus
from vidpipe_tui.pipeline.context import RunContext
from vidpipe_tui.pipeline.lanes import Lanes
from vidpipe_tui.pipeline.poll_counts import PollCounts
from vidpipe_tui.providers.base import Provider, ProviderContext
from vidpipe_tui.providers.models import Catalogue
from vidpipe_tui.providers.registry import create, load_prices, priced_catalogue
from vidpipe_tui.services.file_manager import FileManager

if TYPE_CHECKING:
    from vidpipe_tui.pipeline.run import ProjectRun

log = logging.getLogger(__name__)

STOP_POLL_SECONDS = 0.4
STILL_SECONDS = 3.0
"""An expired lease whose heartbeat also stands still for this long is dead, also where a clock jumped."""


class BusyError(VidpipeError):
    """Another process drives the project."""


@dataclass(slots=True)
class Opened:
    """A provider in use: its models with the person's prices, and its clip lanes."""

    provider: Provider
    catalogue: Catalogue
    lanes: Lanes


@dataclass(slots=True)
class _Driven:
    run: ProjectRun
    task: asyncio.Task[Outcome]
    fenced: bool = False


@dataclass(slots=True)
class _Watched:
    """What was last seen of a lease that is not alive by its expiry, or may not be."""

    owner: str | None
    beat: int
    since: float


@dataclass(slots=True)
class Driver:
    """Drives any number of projects in one event loop. Close it with `aclose`."""

    settings: Settings
    files: FileManager
    pool: ProcessPool
    bus: EventBus
    _providers: dict[str, Opened] = field(default_factory=dict)
    _driven: dict[UUID, _Driven] = field(default_factory=dict)
    _starting: set[UUID] = field(default_factory=set)
    _claims: defaultdict[UUID, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _errands: set[UUID] = field(default_factory=set)
    _prices: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    _outcomes: dict[UUID, Outcome | BaseException] = field(default_factory=dict)
    _watched: dict[UUID, _Watched] = field(default_factory=dict)
    _poll_counts: PollCounts = field(default_factory=PollCounts)
    _wishes: tuple[int, ...] = ()
    _keeper: asyncio.Task[None] | None = None
    _holder: leases.Holder = field(default_factory=leases.this_process)

    @property
    def driving(self) -> frozenset[UUID]:
        """Projects that run in this process now."""
        return frozenset(self._driven)

    @property
    def owner(self) -> str:
        """The name under which this process holds leases."""
        return self._holder.owner

    def provider(self, name: str) -> Opened:
        """The provider of that name, opened on first use; raises UsageError where it cannot work.

        Its limits are read anew each time: a provider learns what an account is refused.
        """
        if name in self._providers:
            opened = self._providers[name]
            opened.catalogue = priced_catalogue(opened.provider, self._prices)
        else:
            folder = self.files.base_dir / f".{name}"
            provider = create(name, ProviderContext(self.settings, folder, self.pool))
            self._prices = load_prices(self.settings.pricing.file)
            catalogue = priced_catalogue(provider, self._prices)
            pacing, pipeline = provider.pacing, self.settings.pipeline
            delay = pacing.image_gen_delay if pipeline.image_gen_delay is None else pipeline.image_gen_delay
            lanes = Lanes(pipeline.video_gen_concurrency or pacing.video_gen_concurrency, image_delay=delay)
            self._providers[name] = Opened(provider, catalogue, lanes)
        return self._providers[name]

    async def start(self, project_id: UUID, options: RunOptions | None = None) -> None:
        """Takes the lease and begins to run; raises BusyError while another process drives the project."""
        if project_id in self._driven or project_id in self._starting:
            return
        self._starting.add(project_id)
        try:
            await self._start(project_id, options)
        finally:
            self._starting.discard(project_id)

    async def _start(self, project_id: UUID, options: RunOptions | None) -> None:
        async with self._claims[project_id]:
            # A studio that only looks never needs the steps, their pictures and media: they come with the first run,
            # in a thread, so that the loop does not feel it, and before the lease is held.
            await asyncio.to_thread(import_module, "vidpipe_tui.pipeline.run")
            from vidpipe_tui.pipeline.run import ProjectRun

            context = await self._claimed(project_id)
            run = ProjectRun(context, options or RunOptions())
            task = asyncio.create_task(self._drive(run), name=f"run {project_id}")
            self._outcomes.pop(project_id, None)
            self._driven[project_id] = _Driven(run, task)
            self._keep_on()

    @asynccontextmanager
    async def errand(self, project_id: UUID) -> AsyncIterator[RunContext]:
        """What a paid call outside of a run needs: the run's own means where it runs here, else a lease for the block.

        Raises BusyError while another process drives the project.
        """
        async with self._claims[project_id]:
            while (driven := self._driven.get(project_id)) is not None:
                if not driven.run.context.concluding:
                    with driven.run.context.visited():
                        yield driven.run.context
                    return
                await asyncio.wait([driven.task])
            context = await self._claimed(project_id)
            self._errands.add(project_id)
            self._keep_on()
            try:
                yield context
            finally:
                self._errands.discard(project_id)
                await self._release_quietly(project_id)

    def _keep_on(self) -> None:
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep_leases(), name="leases")

    async def _claimed(self, project_id: UUID) -> RunContext:
        """Takes the lease; raises BusyError, or NotFoundError."""
        async with read() as session:
            project = await session.get(Project, project_id)
        if project is None:
            raise NotFoundError(f"There is no project {project_id}.", hint="`vidpipe list` shows what is there.")
        opened = self.provider(project.provider)
        token = await self._claim(project_id)
        return RunContext(
            project_id=project_id,
            owner=self.owner,
            token=token,
            settings=self.settings,
            provider=opened.provider,
            catalogue=opened.catalogue,
            files=self.files,
            pool=self.pool,
            bus=self.bus,
            lanes=opened.lanes,
            poll_counts=self._poll_counts,
        )

    async def _claim(self, project_id: UUID) -> int:
        async with read() as session:
            state = await leases.lease_of(session, project_id)
        ours = state is not None and state.owner == self.owner
        if state is not None and state.alive and not ours and self._stands_still(project_id, state) is None:
            raise BusyError(_busy(state), hint=BUSY_HINT)
        async with write() as session:
            state = await leases.lease_of(session, project_id)
            dead = self._stands_still(project_id, state)
            if state is not None and not state.alive and state.may_live and dead is None:
                # Expired, but its process is there: it may be asleep, or a clock jumped. Watch it for a moment.
                raise BusyError(_busy(state), hint=BUSY_HINT)
            token = await leases.acquire(session, project_id, self._holder, dead_beat=dead)
            if token is None:
                raise BusyError(_busy(state), hint=BUSY_HINT)
        self._watched.pop(project_id, None)
        return token

    def _stands_still(self, project_id: UUID, state: LeaseState | None) -> tuple[str, int] | None:
        """(owner, beat) once the heartbeat was seen to stand still for long enough."""
        if state is None or state.owner is None:
            return None
        seen = self._watched.get(project_id)
        if seen is None or (seen.owner, seen.beat) != (state.owner, state.beat):
            self._watched[project_id] = _Watched(state.owner, state.beat, time.monotonic())
            return None
        patience = leases.EXPIRY_SECONDS if state.alive else STILL_SECONDS
        return (state.owner, state.beat) if time.monotonic() - seen.since >= patience else None

    async def _drive(self, run: ProjectRun) -> Outcome:
        project_id = run.context.project_id
        try:
            outcome = await run.drive()
        except LeaseLostError as error:
            self._outcomes[project_id] = error
            raise
        except asyncio.CancelledError:
            driven = self._driven.get(project_id)
            if driven is None or not driven.fenced:
                await self._release_quietly(project_id)
                raise
            self._outcomes[project_id] = lost = leases.lost()
            raise lost from None
        except BaseException as error:
            self._outcomes[project_id] = error
            await self._release_quietly(project_id)
            raise
        else:
            self._outcomes[project_id] = outcome
            return outcome
        finally:
            self._driven.pop(project_id, None)
            run.context.hint("run", "ended")

    async def _release_quietly(self, project_id: UUID) -> None:
        try:
            async with write(patience=1.0) as session:
                await leases.release(session, project_id, self.owner)
        except VidpipeError:
            log.warning("the lease of %s was not given up; it expires by itself", project_id)

    async def wait(self, project_id: UUID) -> Outcome:
        """How the run in this process ended, as soon as it has; raises what ended it otherwise."""
        driven = self._driven.get(project_id)
        if driven is not None:
            return await asyncio.shield(driven.task)
        outcome = self._outcomes.get(project_id)
        if outcome is None:
            raise NotFoundError("That project does not run here.")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def stop(self, project_id: UUID) -> None:
        """Asks a run of this process to stop; it ends by itself."""
        driven = self._driven.get(project_id)
        if driven is not None:
            driven.run.stop()

    def wake(self, project_id: UUID) -> None:
        """Lets a run of this process plan again, after something was changed from outside."""
        driven = self._driven.get(project_id)
        if driven is not None:
            driven.run.context.changed.set()

    async def stop_all(self, grace: float | None = None) -> None:
        """Stops every run; with `grace` paid calls under way are cut off after that many seconds."""
        driven = list(self._driven.values())
        for one in driven:
            one.run.stop()
        tasks = [one.task for one in driven]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=grace)
        if late:
            for one in driven:
                one.run.cut_off()
            await asyncio.wait(tasks, timeout=1.0)

    async def _keep_leases(self) -> None:
        """Heartbeats, and stop requests of other processes, as long as anything runs here."""
        beaten = time.monotonic()
        while self._driven or self._errands:
            await asyncio.sleep(STOP_POLL_SECONDS)
            try:
                if time.monotonic() - beaten >= leases.HEARTBEAT_SECONDS - STOP_POLL_SECONDS / 2:
                    async with write() as session:
                        held = await leases.beat(session, self.owner)
                    beaten = time.monotonic()
                    self._note(held, beaten)
                async with read() as session:
                    asked = await leases.stop_requests(session, self.owner)
                    wishes = await newest_wishes(session)
                if wishes != self._wishes:  # somebody decided or asked for something, maybe in another process
                    self._wishes = wishes
                    for project_id in self._driven:
                        self.wake(project_id)
                for project_id in asked:
                    self.stop(project_id)
            except VidpipeError as error:
                log.warning("heartbeat: %s", error.message)
            except Exception:
                log.exception("a heartbeat failed")

    def _note(self, held: Mapping[UUID, int], moment: float) -> None:
        for project_id, driven in list(self._driven.items()):
            if held.get(project_id) == driven.run.context.token:
                driven.run.context.lease_seen = moment
            elif not driven.fenced and not driven.run.context.concluding:
                driven.fenced = True
                driven.task.cancel()

    async def hand_over(self, project_ids: Collection[UUID], successor: leases.Holder, grace: float | None) -> None:
        """Stops these runs and leaves their leases to another process, without a gap."""
        driven = [self._driven[project_id] for project_id in project_ids if project_id in self._driven]
        for one in driven:
            one.run.context.successor = successor
        await self.stop_all(grace)

    async def aclose(self) -> None:
        """Stops what still runs, and closes the providers."""
        await self.stop_all(grace=2.5)
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await self._poll_counts.aclose()
        for opened in self._providers.values():
            await opened.provider.aclose()
        self._providers.clear()


BUSY_HINT = "Watch it with `vidpipe resume ID`, or stop it with `vidpipe stop ID`."


def _busy(state: LeaseState | None) -> str:
    who = f" (process {state.pid} on {state.host})" if state is not None and state.pid is not None else ""
    return f"Another vidpipe drives this project{who}."

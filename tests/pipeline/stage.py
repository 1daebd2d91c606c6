"""The real service over a fake provider, with heavy work in threads instead of processes."""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.pipeline.fake import FakeProvider
from vidpipe_tui.config.loading import load_settings
from vidpipe_tui.config.paths import database_path
from vidpipe_tui.db.doors import read
from vidpipe_tui.db.models import ApiCall
from vidpipe_tui.db.schema import init_database
from vidpipe_tui.domain.commands import NewProject, RunOptions
from vidpipe_tui.domain.graph import Graph
from vidpipe_tui.domain.views import Outcome
from vidpipe_tui.media.pool import ProcessPool
from vidpipe_tui.pipeline.bus import EventBus
from vidpipe_tui.pipeline.driver import Driver, Opened
from vidpipe_tui.pipeline.lanes import Lanes
from vidpipe_tui.services.core import Core
from vidpipe_tui.services.file_manager import FileManager
from vidpipe_tui.services.studio import Studio


class ThreadPool(ProcessPool):
    """Runs the jobs of the pool in threads of this process."""

    async def run(
        self,
        call: str,
        kwargs: dict[str, Any],
        *,
        priority: int = 0,
        on_progress: Callable[[float], None] | None = None,
    ) -> Any:
        del priority
        module, _, name = call.partition(":")
        function = getattr(importlib.import_module(module), name)
        if on_progress is not None and "on_progress" in inspect.signature(function).parameters:
            kwargs = {**kwargs, "on_progress": lambda _fraction: None}
        return await asyncio.to_thread(function, **kwargs)

    async def aclose(self) -> None:
        return None


class Stage:
    """A service of its own process (as far as leases and lanes know), and short ways to what tests look at."""

    def __init__(self, studio: Studio, core: Core, provider: FakeProvider) -> None:
        self.studio = studio
        self.core = core
        self.provider = provider

    async def create(self, scenes: int = 2, **wishes: Any) -> UUID:
        """A new project of the fake provider."""
        new = NewProject(prompt="A quiet film.", scenes=scenes, provider="fake", clip_seconds=1, **wishes)
        return await self.studio.create(new)

    async def run(self, project_id: UUID, **options: Any) -> Outcome:
        """Drives a project to its rest."""
        await self.studio.start(project_id, RunOptions(**options))
        return await self.studio.wait(project_id)

    async def film(self, scenes: int = 2, **wishes: Any) -> tuple[UUID, Outcome]:
        """A new project, driven to its rest."""
        project_id = await self.create(scenes, **wishes)
        return project_id, await self.run(project_id)

    async def graph(self, project_id: UUID) -> Graph:
        """The facts of a project."""
        return await self.core.graph(project_id)

    async def calls(self, project_id: UUID, kind: str | None = None) -> list[tuple[str, str]]:
        """(kind, state) of every ledger row, oldest first."""
        async with read() as session:
            rows = await session.scalars(select(ApiCall).where(ApiCall.project_id == project_id).order_by(ApiCall.id))
            return [(row.kind, str(row.state)) for row in rows if kind in {None, row.kind}]

    async def said(self, project_id: UUID) -> str:
        """The whole log, a line an event."""
        return "\n".join(event.message for event in await self.studio.events(project_id, limit=10_000))


def make_core(provider: FakeProvider, *, lanes: int | None = None) -> Core:
    """What a process has, with that provider as `fake`."""
    settings = load_settings()
    files, pool, bus = FileManager(settings.storage.tmp_dir), ThreadPool(), EventBus()
    driver = Driver(settings, files, pool, bus)
    count = lanes or settings.pipeline.video_gen_concurrency or provider.pacing.video_gen_concurrency
    driver._providers["fake"] = Opened(provider, provider.catalogue, Lanes(count))
    return Core(settings, files, pool, bus, driver)


@asynccontextmanager
async def stage(provider: FakeProvider, *, lanes: int | None = None) -> AsyncIterator[Stage]:
    """Opens the database of this test and a service over it."""
    await _new_database()
    core = make_core(provider, lanes=lanes)
    studio = Studio(core)
    try:
        yield Stage(studio, core, provider)
    finally:
        await studio._aclose()


_template: list[bytes] = []


async def _new_database() -> None:
    """The schema of this program: migrated once per process, copied afterwards."""
    path = database_path(load_settings().storage.database_url)
    assert path is not None
    if _template and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_template[0])
    await init_database()
    if not _template:
        _template.append(path.read_bytes())


async def until(condition: Callable[[], Any], *, seconds: float = 20.0) -> Any:
    """Waits for a fact: returns the first true value of `condition` (which may be async), fails after `seconds`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        assert loop.time() < deadline, "what was waited for did not come"
        await asyncio.sleep(0.005)

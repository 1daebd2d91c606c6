"""Whole films over the emulated Google: the real service, settings and database, with heavy work in threads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.google.emulator import KEY, Emulator
from tests.pipeline.stage import ThreadPool
from vidpipe_tui.config.loading import configure
from vidpipe_tui.config.paths import database_path
from vidpipe_tui.db.schema import init_database
from vidpipe_tui.domain.commands import NewProject, RunOptions
from vidpipe_tui.domain.views import CallView, LedgerView, Outcome, ProjectView
from vidpipe_tui.pipeline.bus import EventBus
from vidpipe_tui.pipeline.driver import Driver
from vidpipe_tui.services.core import Core
from vidpipe_tui.services.file_manager import FileManager
from vidpipe_tui.services.studio import Studio

KIND_AT_GOOGLE = {"storyboard": "text", "soften": "text", "image": "image", "clip": "clip"}
COUNTED = {"succeeded", "submitted", "unknown", "intent"}


def settings_of(road: str, url: str) -> dict[str, Any]:
    """The settings of a road (key, express or project) whose base address is `url`, patient only for tests."""
    google: dict[str, Any] = {"base_url": url, "request_timeout": 15.0}
    if road in {"key", "express"}:
        google["api_key"] = KEY
    if road != "key":
        google["use_vertex_ai"] = True
    if road == "project":
        google["project_id"] = "film"
    pace = {"image_gen_delay": 0.0, "video_poll_interval": 0.02, "retry_base_delay": 0.02}
    return {"google": google, "pipeline": {"provider": "google", "default_clip_duration": 4, **pace}}


@dataclass
class Crew:
    """A service of its own process (as far as leases and lanes know), and what a test asks of it."""

    studio: Studio
    core: Core
    emulator: Emulator
    project_id: UUID | None = None
    notices: list[str] = field(default_factory=list)

    async def create(self, scenes: int = 2, **wishes: Any) -> UUID:
        """A new project of the provider google."""
        references = wishes.pop("references", ())
        new = NewProject(prompt="A ferry leaves. It rains.", scenes=scenes, seed=7, references=references, **wishes)
        self.project_id = await self.studio.create(new)
        return self.project_id

    async def run(self, **options: Any) -> Outcome:
        """Drives the project to its rest."""
        assert self.project_id is not None
        await self.studio.start(self.project_id, RunOptions(**options))
        return await self.studio.wait(self.project_id)

    async def film(self, scenes: int = 2, **wishes: Any) -> Outcome:
        """A new project, driven to its rest."""
        await self.create(scenes, **wishes)
        return await self.run()

    async def view(self) -> ProjectView:
        """The project as it stands."""
        assert self.project_id is not None
        return await self.studio.project(self.project_id)

    async def ledger(self) -> LedgerView:
        """Its calls."""
        return await self.studio.ledger(self.project_id)

    async def calls(self, kind: str) -> list[CallView]:
        """Its calls of a kind, oldest first."""
        return [call for call in reversed((await self.ledger()).calls) if call.kind == kind]

    async def said(self) -> str:
        """The whole log, a line an event."""
        assert self.project_id is not None
        return "\n".join(event.message for event in await self.studio.events(self.project_id, limit=10_000))

    async def agrees(self) -> None:
        """The ledger counts every call that Google took on, and no clip was taken on twice unseen.

        More may be counted than accepted only where a call is in doubt; an operation that ended without a video is a
        call that Google accepted and did not bill.
        """
        calls = (await self.ledger()).calls
        for kind in ("text", "image", "clip"):
            rows = [call for call in calls if KIND_AT_GOOGLE[call.kind] == kind]
            accepted = self.emulator.accepted(kind)
            counted = sum(call.state.value in COUNTED for call in rows)
            unbilled = sum(call.state.value == "failed" and call.operation is not None for call in rows)
            unknown = sum(call.state.value == "unknown" for call in rows)
            refused = sum(call.state.value == "failed" and kind != "clip" for call in rows)
            assert accepted - unbilled - refused <= counted <= accepted + unknown, (kind, accepted, rows)
        names = [call.operation for call in calls if call.kind == "clip" and call.operation]
        assert len(names) == len(set(names))
        assert set(names) <= set(self.emulator.answers.names())


@asynccontextmanager
async def crew(
    emulator: Emulator, folder: Path, road: str = "key", **changes: Mapping[str, Any]
) -> AsyncIterator[Crew]:
    """Opens the service over a road; `changes` are settings by section. Opened again over `folder` it goes on."""
    given = settings_of(road, emulator.url)
    given["storage"] = {"tmp_dir": folder / "projects", "database_url": f"sqlite+aiosqlite:///{folder}/vidpipe.db"}
    for section, values in changes.items():
        given[section] = {**given.get(section, {}), **values}
    settings = configure(given)
    await _open_database(settings.storage.database_url)
    files, pool, bus = FileManager(settings.storage.tmp_dir), ThreadPool(), EventBus()
    core = Core(settings, files, pool, bus, Driver(settings, files, pool, bus))
    studio = Studio(core)
    try:
        yield Crew(studio, core, emulator)
    finally:
        await studio._aclose()


_template: list[bytes] = []


async def _open_database(url: str) -> None:
    """The database of the settings; a new one is a copy of the first that was made here."""
    path = database_path(url)
    assert path is not None
    if _template and not path.exists():
        path.write_bytes(_template[0])
    await init_database()
    if not _template:
        _template.append(path.read_bytes())

"""The one door: everything the studio and the command line do. Commands in, immutable snapshots and events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from vidpipe_tui.config.schema import Settings
from vidpipe_tui.db.doors import read
from vidpipe_tui.db.engine import shutdown
from vidpipe_tui.db.events import newest_events
from vidpipe_tui.db.projects import ListQuery, find_project
from vidpipe_tui.db.schema import init_database
from vidpipe_tui.domain.commands import FilterWord, NewProject, NewTake, RunOptions, SceneEdit
from vidpipe_tui.domain.redoing import pairs
from vidpipe_tui.domain.views import (
    ClipView,
    Consequence,
    Estimate,
    EventView,
    FrameView,
    LedgerView,
    Outcome,
    ProjectPage,
    ProjectView,
)
from vidpipe_tui.media.pool import ProcessPool
from vidpipe_tui.pipeline.bus import EventBus
from vidpipe_tui.pipeline.driver import Driver
from vidpipe_tui.providers.base import Check
from vidpipe_tui.providers.registry import names
from vidpipe_tui.services import (
    changes,
    doctor,
    drafts,
    editing,
    estimates,
    ledger,
    projects,
    reviewing,
    running,
    takes,
    trouble,
)
from vidpipe_tui.services.core import Core, scene_at
from vidpipe_tui.services.file_manager import FileManager
from vidpipe_tui.services.following import Follower
from vidpipe_tui.services.references import References
from vidpipe_tui.services.snapshots import clip_view, frame_view
from vidpipe_tui.services.verifying import Verified, verify

SWEEP_SECONDS = 1.0
"""How long closing waits for the sweep of what was deleted long ago."""


class Studio:
    """The application service of one process. Build it with `async with Studio.open()`."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._follower = Follower(core)
        self.references = References(core)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings | None = None) -> AsyncIterator[Studio]:
        """Opens the database (made or upgraded where needed) and the worker; closing stops what runs here."""
        if settings is None:
            from vidpipe_tui.config import settings as effective

            settings = effective
        await init_database()
        files, pool, bus = FileManager(settings.storage.tmp_dir), ProcessPool(), EventBus()
        core = Core(settings, files, pool, bus, Driver(settings, files, pool, bus))
        studio = cls(core)
        sweeping = asyncio.create_task(projects.sweep_deleted(core), name="sweep")
        try:
            yield studio
        finally:
            # Cut off while it opens its connection, it would leave a thread behind that fails after the loop's end.
            await asyncio.wait({sweeping}, timeout=SWEEP_SECONDS)
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
            await studio._aclose()

    async def _aclose(self) -> None:
        await self._follower.aclose()
        await self._core.driver.aclose()
        await self._core.pool.aclose()
        await shutdown()

    @property
    def settings(self) -> Settings:
        """The effective settings."""
        return self._core.settings

    @property
    def driving(self) -> frozenset[UUID]:
        """Projects that run in this process now."""
        return self._core.driver.driving

    def subscribe(self, callback: Callable[[EventView], None]) -> Callable[[], None]:
        """Calls back, on the event loop, when something changed here or in another process; returns unsubscribe."""
        self._follower.start()
        return self._core.bus.subscribe(callback)

    # Reading

    async def list_projects(
        self,
        *,
        text: str = "",
        status: str | None = None,
        sort: str = "updated",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
        deleted: bool = False,
        words: tuple[FilterWord, ...] = (),
    ) -> ProjectPage:
        """A page of the list. `sort` is updated, created, title, cost or status; `limit` 0 means all."""
        query = ListQuery(text, status, sort, descending, limit, offset, deleted, words)
        return await projects.page(self._core, query)

    async def find(self, prefix: str, *, deleted: bool | None = None) -> UUID:
        """The project whose id begins so; raises NotFoundError for none or several. `deleted`: None any, False live."""
        async with read() as session:
            return await find_project(session, prefix, deleted=deleted)

    async def project(self, project_id: UUID) -> ProjectView:
        """A project with everything a screen shows of it."""
        return await projects.view(self._core, project_id)

    async def events(self, project_id: UUID, *, after: int = 0, limit: int = 500) -> list[EventView]:
        """The newest lines of the log with an id above `after`, oldest first."""
        async with read() as session:
            return await newest_events(session, project_id, after=after, limit=limit)

    async def ledger(self, project_id: UUID | None = None) -> LedgerView:
        """Every paid call of a project, or of all, with the sums."""
        return await ledger.ledger(project_id)

    async def frame_takes(self, project_id: UUID, scene_index: int, slot: str) -> list[FrameView]:
        """All takes of a start or end frame, oldest first."""
        graph = await self._core.graph(project_id)
        scene = scene_at(graph, scene_index)
        before = next((earlier for earlier, one in pairs(graph) if one is scene), None)
        shown = (
            frame_view(graph, before, scene, slot, self._core.files, take)
            for take in (scene.starts if slot == "start" else scene.ends)
        )
        return [view for view in shown if view is not None]

    async def clip_takes(self, project_id: UUID, scene_index: int) -> list[ClipView]:
        """All takes of a clip, oldest first."""
        graph = await self._core.graph(project_id)
        scene = scene_at(graph, scene_index)
        return [clip_view(graph, scene, take, self._core.files) for take in scene.clips]

    async def providers(self) -> list[str]:
        """Names of the providers that are installed."""
        return await asyncio.to_thread(names)

    # Making

    async def estimate(self, new: NewProject) -> Estimate:
        """What a new project would cost; nothing is stored."""
        return projects.estimate(self._core, new)

    async def create(self, new: NewProject) -> UUID:
        """Stores a new project; raises UsageError with a sentence for any wrong value."""
        return (await self.create_noting(new))[0]

    async def create_noting(self, new: NewProject) -> tuple[UUID, tuple[str, ...]]:
        """The same, with sentences about what was changed in what was typed."""
        return await projects.create(self._core, new)

    async def duplicate(self, project_id: UUID) -> UUID:
        """A new project with the same wishes."""
        return await projects.duplicate(self._core, project_id)

    async def rename(self, project_id: UUID, title: str) -> None:
        """Another title."""
        await projects.rename(project_id, title)
        running.tell_changed(self._core, project_id)

    async def delete(self, project_id: UUID, *, for_good: bool = False) -> None:
        """Hides a project for 30 days, or takes it and its files away at once."""
        await (projects.delete_for_good if for_good else projects.delete)(self._core, project_id)

    async def undelete(self, project_id: UUID) -> None:
        """Brings a deleted project back."""
        await projects.undelete(project_id)

    # Running

    async def start(self, project_id: UUID, options: RunOptions | None = None) -> None:
        """Begins to drive the project here; raises BusyError while another process drives it."""
        await running.start(self._core, project_id, options or RunOptions())

    async def wait(self, project_id: UUID) -> Outcome:
        """How the run in this process ends."""
        return await self._core.driver.wait(project_id)

    async def watch(self, project_id: UUID) -> Outcome:
        """Waits while another process drives the project, and returns how it ended there."""
        return await running.watch(self._core, project_id)

    async def stop(self, project_id: UUID) -> None:
        """Asks whoever drives the project to stop; returns at once."""
        await running.stop(self._core, project_id)

    async def stop_all(self, grace: float | None = None) -> list[str]:
        """Stops what runs here; returns sentences about what goes on at the provider."""
        return await running.stop_all(self._core, grace)

    async def detach(self, grace: float | None = None) -> None:
        """Hands everything that runs here to a background process, after at most `grace` seconds for calls at work."""
        await running.detach(self._core, grace)

    async def await_handover(self, project_ids: list[UUID]) -> None:
        """In a background process: waits until the leases of these projects were handed to it."""
        await running.await_handover(project_ids)

    async def unfinished(self) -> list[UUID]:
        """Projects that were begun and that nobody drives any more."""
        return await running.unfinished(self._core)

    async def run_estimate(self, project_id: UUID, *, cascade: bool = False, retry_ended: bool = True) -> Estimate:
        """What a run with these options would cost."""
        graph = await self._core.graph(project_id)
        opened = self._core.driver.provider(graph.provider)
        scenes = graph.scene_count or 3
        price = estimates.going_on(opened.catalogue, graph, scenes=scenes, cascade=cascade, retry_ended=retry_ended)
        return estimates.noted(price, opened)

    async def set_budget(self, project_id: UUID, budget: float | None) -> None:
        """Another limit in US dollars, or none."""
        await projects.set_budget(project_id, budget)
        running.tell_changed(self._core, project_id)

    async def set_crossfade(self, project_id: UUID, seconds: float) -> None:
        """Another crossfade; the film is joined anew by the next run."""
        await running.set_crossfade(self._core, project_id, seconds)

    # Editing and review

    async def edit_consequence(
        self, project_id: UUID, edit: SceneEdit | None, guide: Mapping[str, str] | None = None
    ) -> Consequence:
        """What an edit of a scene, and of parts of the style guide, makes stale, and what redoing that costs."""
        return editing.consequence_of_edit(self._core, await self._core.graph(project_id), edit, guide)

    async def edit_scene(self, project_id: UUID, edit: SceneEdit) -> None:
        """Stores an edit of a scene."""
        await editing.edit_scene(self._core, project_id, edit)

    async def edit_style_guide(self, project_id: UUID, guide: Mapping[str, str]) -> None:
        """Stores another style guide."""
        await editing.edit_style_guide(self._core, project_id, guide)

    async def save_draft(self, project_id: UUID, scene_index: int | None, field: str, text: str) -> None:
        """Keeps what is being typed."""
        await drafts.save(project_id, scene_index, field, text)

    async def drafts(self, project_id: UUID) -> dict[tuple[int | None, str], str]:
        """What was typed and not applied."""
        return await drafts.drafts(project_id)

    async def clear_draft(self, project_id: UUID, scene_index: int | None, field: str) -> None:
        """Forgets a draft."""
        await drafts.clear(project_id, scene_index, field)

    async def decide(
        self, project_id: UUID, slot: str, scene_index: int | None, *, accept: bool, note: str = ""
    ) -> None:
        """Accepts or rejects the storyboard, a keyframe or a clip."""
        await reviewing.decide(self._core, project_id, slot, scene_index, accept=accept, note=note)

    async def approve_all(self, project_id: UUID, scene_index: int | None = None) -> int:
        """Approves what waits for review; returns how many things that were."""
        return await reviewing.approve_all(self._core, project_id, scene_index)

    async def take_consequence(self, project_id: UUID, take: NewTake) -> Consequence:
        """What a new take makes stale, and what it costs: with what the run that makes it has to make besides."""
        driven = (await self._core.driving(project_id)).anyone
        return takes.consequence_of_take(self._core, await self._core.graph(project_id), take, alone=driven)

    async def new_take(self, project_id: UUID, take: NewTake) -> None:
        """Asks for a new take; `start` makes it."""
        await takes.ask_new_take(self._core, project_id, take)

    async def select_take(self, project_id: UUID, scene_index: int, slot: str, take: int) -> None:
        """Makes another take the selected one."""
        await takes.select_take(self._core, project_id, scene_index, slot, take)

    async def pin(self, project_id: UUID, scene_index: int, slot: str, pinned: bool) -> None:
        """Pins the selected take, or lets it go."""
        await takes.pin(project_id, scene_index, slot, pinned=pinned)

    async def undo(self, project_id: UUID) -> str | None:
        """Takes back the latest decision, edit or choice; says what it was."""
        done = await changes.undo(project_id)
        running.tell_changed(self._core, project_id)
        return done

    async def redo(self, project_id: UUID) -> str | None:
        """Does again what was undone last; says what it was."""
        done = await changes.redo(project_id)
        running.tell_changed(self._core, project_id)
        return done

    # Trouble

    async def adopt(self, project_id: UUID, scene_index: int, operation: str) -> None:
        """Takes an operation found at the provider as that of a clip in doubt."""
        await trouble.settle_doubt(self._core, project_id, scene_index, adopt=operation)

    async def resubmit(self, project_id: UUID, scene_index: int) -> None:
        """Submits a clip in doubt again."""
        await trouble.settle_doubt(self._core, project_id, scene_index)

    async def give_up(self, project_id: UUID, scene_index: int) -> None:
        """Gives a clip in doubt up."""
        await trouble.settle_doubt(self._core, project_id, scene_index, give_up=True)

    async def soften_price(self, project_id: UUID, scene_index: int) -> float:
        """What a milder motion prompt costs, in US dollars."""
        graph = await self._core.graph(project_id)
        opened = self._core.driver.provider(graph.provider)
        return estimates.of_softening(opened.catalogue, graph, scene_at(graph, scene_index))

    async def soften(self, project_id: UUID, scene_index: int) -> str:
        """A milder motion prompt for a filtered clip, to be shown before it is used; one paid call."""
        return await running.soften(self._core, project_id, scene_index)

    async def edit_raw_storyboard(self, project_id: UUID, raw: str) -> None:
        """Uses a storyboard the person edited."""
        await trouble.use_raw_storyboard(self._core, project_id, raw)

    async def verify(self, project_id: UUID | None = None) -> Verified:
        """Checks the database and every file it names, of one project or of all."""
        return await verify(self._core, project_id)

    async def doctor(self) -> list[Check]:
        """Looks at folders, disk, database, terminal and the provider; costs nothing."""
        return await doctor.examine(self._core.settings)

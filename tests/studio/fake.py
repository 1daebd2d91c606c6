"""A service over made-up projects in memory: what the studio's tests and pictures run on.

It answers like the real one, records what it was asked (`calls`), and changes what the studio then reads again.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.studio.films import NOW, event, project, row
from vidpipe_tui.domain.commands import FilterWord, NewProject, NewTake, RunOptions, SceneEdit
from vidpipe_tui.domain.statuses import CallState, ProjectStatus
from vidpipe_tui.domain.views import (
    CallView,
    ClipView,
    Consequence,
    Estimate,
    EventView,
    FrameView,
    LedgerView,
    Outcome,
    ProjectPage,
    ProjectRow,
    ProjectView,
    StageEstimate,
    Totals,
)
from vidpipe_tui.errors import NotFoundError, UsageError
from vidpipe_tui.providers.base import Check

SORTS: Mapping[str, Callable[[ProjectRow], Any]] = {
    "updated": lambda made: made.updated_at,
    "created": lambda made: made.created_at,
    "title": lambda made: made.title.lower(),
    "cost": lambda made: made.spent,
    "status": lambda made: made.status.value,
}


class FakeStudio:
    """The service's interface over `projects` (newest first). Nothing here takes time unless `gate` is cleared."""

    def __init__(self, projects: list[ProjectView] | None = None) -> None:
        from vidpipe_tui.config import load_settings

        self.settings = load_settings()
        made = projects if projects is not None else [project(number) for number in range(8)]
        self.projects: dict[UUID, ProjectView] = {view.id: view for view in made}
        self.log: dict[UUID, list[EventView]] = {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.listeners: list[Callable[[EventView], None]] = []
        self.remaining = 3
        self.texts: dict[UUID, dict[tuple[int | None, str], str]] = {}
        self.undone: list[str] = []
        self.done: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failing: dict[str, Exception] = {}
        self.detached = False

    # ---- for tests

    def change(self, project_id: UUID, message: str = "changed", **changes: Any) -> None:
        """Changes a project and tells everybody, as the pipeline does."""
        view = dataclasses.replace(self.projects[project_id], **changes)
        self.projects[project_id] = view
        self.tell(project_id, message)

    def tell(self, project_id: UUID, message: str, scene_index: int | None = None, **changes: Any) -> None:
        """A line of the log, sent to the subscribers."""
        log = self.log.setdefault(project_id, [])
        line = event(self.projects[project_id], len(log) + 1, message, scene_index, **changes)
        log.append(line)
        for listener in list(self.listeners):
            listener(line)

    async def _asked(self, name: str, *arguments: Any) -> None:
        self.calls.append((name, arguments))
        await self.gate.wait()
        if name in self.failing:
            raise self.failing[name]

    def asked(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of that name."""
        return [arguments for called, arguments in self.calls if called == name]

    # ---- hints

    def subscribe(self, callback: Callable[[EventView], None]) -> Callable[[], None]:
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    # ---- reading

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
        await self._asked("list_projects", text, status, sort, offset)
        rows = [row(view) for view in self.projects.values() if (view.deleted_at is not None) == deleted]
        rows = [
            made
            for made in rows
            if all(word.text in f"{made.title} {made.prompt}".lower() or made.status in word.states for word in words)
            and (status is None or made.status == status)
        ]
        rows.sort(key=SORTS[sort], reverse=descending)
        spent = sum(made.spent for made in rows[:3])
        return ProjectPage(tuple(rows[offset : offset + limit]), len(rows), spent)

    async def find(self, prefix: str) -> UUID:
        found = [known for known in self.projects if str(known).startswith(prefix)]
        if len(found) != 1:
            raise NotFoundError(f"No project is called {prefix}.")
        return found[0]

    async def project(self, project_id: UUID) -> ProjectView:
        await self._asked("project", project_id)
        if project_id not in self.projects:
            raise NotFoundError("This project is gone.", hint="`vidpipe list` shows what there is.")
        return self.projects[project_id]

    async def events(self, project_id: UUID, *, after: int = 0, limit: int = 500) -> list[EventView]:
        await self._asked("events", project_id, after)
        return [line for line in self.log.get(project_id, []) if line.id > after][-limit:]

    async def ledger(self, project_id: UUID | None = None) -> LedgerView:
        await self._asked("ledger", project_id)
        calls = tuple(
            CallView(
                id=number,
                time=NOW - timedelta(minutes=number * 7),
                project_id=view.id,
                project_title=view.title,
                scene_index=number % 8 if number % 9 else None,
                kind=("storyboard", "image", "clip")[number % 3],
                provider="google",
                model=("gemini-flash", "imagen", "veo")[number % 3],
                state=(CallState.SUCCEEDED, CallState.SUCCEEDED, CallState.FAILED, CallState.UNKNOWN)[number % 4],
                operation=None,
                units=("1,200 tokens", "1 image", "6 s")[number % 3],
                cost_estimate=(0.01, 0.04, 0.6)[number % 3],
                cost=(0.01, 0.04, 0.6)[number % 3],
                request_hash="ab" * 32,
                error="The filter refused it." if number % 4 == 2 else None,
            )
            for number, view in enumerate(list(self.projects.values()) * 5)
            if project_id in {None, view.id}
        )
        spent = sum(call.cost or 0 for call in calls)
        by_kind = {
            kind: sum(call.cost or 0 for call in calls if call.kind == kind) for kind in ("storyboard", "image", "clip")
        }
        totals = Totals(len(calls), spent, 0.6, 1.2, by_kind, {"2026-11": spent}, {})
        return LedgerView(calls, totals)

    async def frame_takes(self, project_id: UUID, scene_index: int, slot: str) -> list[FrameView]:
        selected = getattr(self.projects[project_id].scenes[scene_index], slot)
        return [dataclasses.replace(selected, take=take) for take in selected.takes] if selected else []

    async def clip_takes(self, project_id: UUID, scene_index: int) -> list[ClipView]:
        selected = self.projects[project_id].scenes[scene_index].clip
        return [dataclasses.replace(selected, take=take) for take in selected.takes] if selected else []

    async def providers(self) -> list[str]:
        return ["google", "local"]

    # ---- making

    async def estimate(self, new: NewProject) -> Estimate:
        await self._asked("estimate", new)
        if not new.prompt.strip():
            raise UsageError("The prompt is empty.", hint="Say what happens in the film.")
        count = new.scenes or 5
        seconds = new.clip_seconds or 4
        each = 0.0 if (new.provider or "local") == "local" else 0.1
        stages = (
            StageEstimate("storyboard", 1, "call", each / 10),
            StageEstimate("keyframes", count + 1, "images", (count + 1) * each * 0.4),
            StageEstimate("clips", count, f"{seconds} s", count * seconds * each),
        )
        return Estimate(stages, sum(stage.total for stage in stages), new.provider or "local")

    async def create(self, new: NewProject) -> UUID:
        await self._asked("create", new)
        made = project(
            0,
            id=uuid4(),
            status=ProjectStatus.PENDING,
            scenes=new.scenes or 5,
            title=new.title or new.prompt[:40],
            prompt=new.prompt,
            updated_at=NOW,
            created_at=NOW,
        )
        self.projects = {made.id: made, **self.projects}
        self.tell(made.id, "created")
        return made.id

    async def duplicate(self, project_id: UUID) -> UUID:
        await self._asked("duplicate", project_id)
        source = self.projects[project_id]
        made = dataclasses.replace(
            source,
            id=uuid4(),
            title=f"{source.title} (copy)",
            status=ProjectStatus.PENDING,
            updated_at=NOW,
            driven=False,
        )
        self.projects = {made.id: made, **self.projects}
        self.tell(made.id, "created")
        return made.id

    async def rename(self, project_id: UUID, title: str) -> None:
        await self._asked("rename", project_id, title)
        self.change(project_id, "renamed", title=title)

    async def delete(self, project_id: UUID) -> None:
        await self._asked("delete", project_id)
        self.change(project_id, "deleted", deleted_at=NOW)

    async def undelete(self, project_id: UUID) -> None:
        await self._asked("undelete", project_id)
        self.change(project_id, "restored", deleted_at=None)

    # ---- running

    async def start(self, project_id: UUID, options: RunOptions | None = None) -> None:
        await self._asked("start", project_id, options)
        self.change(project_id, "started", status=ProjectStatus.STORYBOARDING, driven=True, driven_here=True)

    async def wait(self, project_id: UUID) -> Outcome:
        return Outcome(self.projects[project_id].status, 0)

    async def stop(self, project_id: UUID) -> None:
        await self._asked("stop", project_id)
        self.change(project_id, "stopped", status=ProjectStatus.STOPPED, driven=False, driven_here=False)

    @property
    def driving(self) -> frozenset[UUID]:
        return frozenset(view.id for view in self.projects.values() if view.driven_here)

    async def stop_all(self, grace: float | None = None) -> list[str]:
        await self._asked("stop_all")
        for known in self.driving:
            await self.stop(known)
        return []

    async def detach(self) -> None:
        await self._asked("detach")
        self.detached = True
        for known in self.driving:
            self.change(known, "detached", driven_here=False)

    async def run_estimate(self, project_id: UUID, *, cascade: bool = False, retry_ended: bool = True) -> Estimate:
        await self._asked("run_estimate", project_id, cascade)
        price = 0.6 * self.remaining
        return Estimate((StageEstimate("clips", self.remaining, "6 s", price),), price, "local")

    async def set_crossfade(self, project_id: UUID, seconds: float) -> None:
        await self._asked("set_crossfade", project_id, seconds)

    async def set_budget(self, project_id: UUID, budget: float | None) -> None:
        await self._asked("set_budget", project_id, budget)
        self.change(project_id, "budget", budget=budget)

    # ---- editing

    async def edit_consequence(
        self, project_id: UUID, edit: SceneEdit | None, guide: Mapping[str, str] | None = None
    ) -> Consequence:
        await self._asked("edit_consequence", project_id, edit, guide)
        number = 1 if edit is None else edit.scene_index + 1
        stale = ((number, "end"), (number, "clip"), (number + 1, "start"))
        return Consequence(stale, Estimate((StageEstimate("clips", 1, "6 s", 0.6),), 0.64, "local"))

    async def edit_scene(self, project_id: UUID, edit: SceneEdit) -> None:
        await self._asked("edit_scene", project_id, edit)
        scenes = list(self.projects[project_id].scenes)
        changes: dict[str, Any] = {**edit.texts, "stale": True}
        scenes[edit.scene_index] = dataclasses.replace(scenes[edit.scene_index], **changes)
        self.done.append(f"edit of scene {edit.scene_index + 1}")
        self.change(project_id, "edited", scenes=tuple(scenes))

    async def edit_style_guide(self, project_id: UUID, guide: Mapping[str, str]) -> None:
        await self._asked("edit_style_guide", project_id, dict(guide))
        self.change(project_id, "edited", style_guide={**self.projects[project_id].style_guide, **guide})

    async def save_draft(self, project_id: UUID, scene_index: int | None, field: str, text: str) -> None:
        await self._asked("save_draft", project_id, scene_index, field, text)
        self.texts.setdefault(project_id, {})[scene_index, field] = text

    async def drafts(self, project_id: UUID) -> dict[tuple[int | None, str], str]:
        return dict(self.texts.get(project_id, {}))

    async def clear_draft(self, project_id: UUID, scene_index: int | None, field: str) -> None:
        await self._asked("clear_draft", project_id, scene_index, field)
        self.texts.get(project_id, {}).pop((scene_index, field), None)

    # ---- review

    async def decide(
        self, project_id: UUID, slot: str, scene_index: int | None, *, accept: bool, note: str = ""
    ) -> None:
        await self._asked("decide", project_id, slot, scene_index, accept, note)
        self.done.append(f"{'accepted' if accept else 'rejected'} {slot}")
        view = self.projects[project_id]
        if scene_index is None:
            self.change(project_id, "decided", storyboard_approved=accept)
            return
        scenes = list(view.scenes)
        shown = getattr(scenes[scene_index], slot)
        decided = {slot: dataclasses.replace(shown, approved=accept)} if shown is not None else {}
        approved = {**scenes[scene_index].approved, slot: accept}
        scenes[scene_index] = dataclasses.replace(scenes[scene_index], approved=approved, note=note, **decided)
        self.change(project_id, "decided", scenes=tuple(scenes))

    async def approve_all(self, project_id: UUID) -> int:
        await self._asked("approve_all", project_id)
        return len(self.projects[project_id].scenes)

    async def take_consequence(self, project_id: UUID, take: NewTake) -> Consequence:
        await self._asked("take_consequence", project_id, take)
        return Consequence(((take.scene_index + 1, take.slot),), Estimate((), 0.64, "local"))

    async def new_take(self, project_id: UUID, take: NewTake) -> None:
        await self._asked("new_take", project_id, take)
        self.tell(project_id, "a new take is wanted", take.scene_index)

    async def select_take(self, project_id: UUID, scene_index: int, slot: str, take: int) -> None:
        await self._asked("select_take", project_id, scene_index, slot, take)
        scenes = list(self.projects[project_id].scenes)
        chosen = dataclasses.replace(getattr(scenes[scene_index], slot), take=take)
        scenes[scene_index] = dataclasses.replace(scenes[scene_index], **{slot: chosen})
        self.change(project_id, "take chosen", scenes=tuple(scenes))

    async def pin(self, project_id: UUID, scene_index: int, slot: str, pinned: bool) -> None:
        await self._asked("pin", project_id, scene_index, slot, pinned)
        scenes = list(self.projects[project_id].scenes)
        chosen = dataclasses.replace(getattr(scenes[scene_index], slot), pinned=pinned)
        scenes[scene_index] = dataclasses.replace(scenes[scene_index], **{slot: chosen})
        self.change(project_id, "pinned", scenes=tuple(scenes))

    async def undo(self, project_id: UUID) -> str | None:
        await self._asked("undo", project_id)
        if not self.done:
            return None
        self.undone.append(self.done.pop())
        self.tell(project_id, "undone")
        return self.undone[-1]

    async def redo(self, project_id: UUID) -> str | None:
        await self._asked("redo", project_id)
        if not self.undone:
            return None
        self.done.append(self.undone.pop())
        self.tell(project_id, "redone")
        return self.done[-1]

    # ---- trouble

    async def adopt(self, project_id: UUID, scene_index: int, operation: str) -> None:
        await self._asked("adopt", project_id, scene_index, operation)

    async def resubmit(self, project_id: UUID, scene_index: int) -> None:
        await self._asked("resubmit", project_id, scene_index)

    async def give_up(self, project_id: UUID, scene_index: int) -> None:
        await self._asked("give_up", project_id, scene_index)

    async def soften_price(self, project_id: UUID, scene_index: int) -> float:
        return 0.52

    async def soften(self, project_id: UUID, scene_index: int) -> str:
        await self._asked("soften", project_id, scene_index)
        return "A milder prompt."

    async def edit_raw_storyboard(self, project_id: UUID, raw: str) -> None:
        await self._asked("edit_raw_storyboard", project_id, raw)

    async def doctor(self) -> list[Check]:
        await self._asked("doctor")
        return [
            Check("settings", True, "config.toml is read, no mistakes."),
            Check("database", True, "vidpipe.db, 10,000 projects, revision 0001."),
            Check("google", False, "No key is set.", "Set GEMINI_API_KEY, or use the local provider."),
            Check("network", None, "Not asked: the local provider needs none."),
        ]


def opener(studio: FakeStudio) -> Callable[[], Any]:
    """What a `Door` opens instead of the real service."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[FakeStudio]:
        yield studio

    return opened

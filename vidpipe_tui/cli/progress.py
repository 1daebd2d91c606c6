"""How a run gets on, on stderr: a live bar per stage on a terminal, plain lines otherwise."""

from __future__ import annotations

import asyncio
import sys
import time
from types import TracebackType
from typing import Any
from uuid import UUID

from vidpipe_tui.cli import output
from vidpipe_tui.domain.statuses import SceneStatus
from vidpipe_tui.domain.views import EventView, ProjectView
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.services.studio import Studio

REDRAW_SECONDS = 0.25


class Progress:
    """Follows one project while the block runs."""

    def __init__(self, studio: Studio, project_id: UUID, *, enabled: bool = True) -> None:
        self._studio = studio
        self._project_id = project_id
        self._enabled = enabled
        self._live = enabled and sys.stderr.isatty()
        self._display: Any = None
        self._bars: dict[str, Any] = {}
        self._stale = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Any = None

    def __enter__(self) -> Progress:
        if self._enabled:
            self._unsubscribe = self._studio.subscribe(self._heard)
        if self._live:
            self._open_display()
            self._task = asyncio.create_task(self._redraw())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self._task is not None:
            self._task.cancel()
        if self._display is not None:
            self._display.stop()

    def _heard(self, event: EventView) -> None:
        if event.project_id != self._project_id:
            return
        self._stale.set()
        if event.id == 0:
            if event.step == "film" and event.progress is not None and "film" in self._bars:
                self._display.update(self._bars["film"], completed=event.progress, total=1)
            return
        if not self._live:
            output.tell(f"{event.time.astimezone():%H:%M:%S}  {event.message}")
        elif event.level in {"warning", "error"}:
            from rich.text import Text

            self._display.console.print(Text(event.message), highlight=False)

    def _open_display(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        console = Console(stderr=True, highlight=False)
        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._display = Bars(*columns, console=console, transient=True)
        for stage in ("storyboard", "keyframes", "clips", "film"):
            self._bars[stage] = self._display.add_task(stage, total=1)
        self._display.start()
        self._stale.set()

    async def _redraw(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            begun = time.monotonic()
            try:
                self._show(await self._studio.project(self._project_id))
            except VidpipeError:
                continue
            await asyncio.sleep(max(0.0, REDRAW_SECONDS - (time.monotonic() - begun)))

    def _show(self, view: ProjectView) -> None:
        scenes = len(view.scenes)
        frames = sum((scene.start is not None) + (scene.end is not None) for scene in view.scenes)
        clips = sum(scene.status is SceneStatus.VIDEO_DONE for scene in view.scenes)
        counts = {
            "storyboard": (1 if scenes else 0, 1),
            "keyframes": (frames, 2 * scenes or 2 * (view.scene_count or 1)),
            "clips": (clips, scenes or view.scene_count or 1),
        }
        for stage, (done, total) in counts.items():
            self._display.update(self._bars[stage], completed=done, total=total)
        if view.film_current:
            self._display.update(self._bars["film"], completed=1, total=1)

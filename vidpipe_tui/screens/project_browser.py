"""The pane with the project list: reads it, filters, sorts and groups it, and keeps it alive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from vidpipe_tui.config.paths import quick_database_path
from vidpipe_tui.errors import NotFoundError, VidpipeError
from vidpipe_tui.remembered import recall
from vidpipe_tui.screens import project_pages
from vidpipe_tui.screens.project_pages import SORTS, Query
from vidpipe_tui.services.first_page import first_page
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.line import Heading
from vidpipe_tui.widgets.project_list import ProjectList
from vidpipe_tui.widgets.project_rows import PAGE, ProjectRows
from vidpipe_tui.widgets.words import one_line

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widgets import Input

    from vidpipe_tui.app import VidpipeApp
    from vidpipe_tui.domain.views import EventView, ProjectRow
    from vidpipe_tui.services.studio import Studio

REFRESH_SECONDS = 0.1
"""Changes are shown ten times a second at the most."""
_FILTER_SECONDS = 0.12
_TURN_SECONDS = 0.25
_LOAD_AFTER_SECONDS = 3.0
_QUIET_SECONDS = 1.5


class ProjectBrowser(Vertical, can_focus=False):
    """Stands before the service is loaded, from a page read straight from the database, and lives on through it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"first--title", "first--key"}

    class Counted(Message):
        """How many films are being worked on, how many wait for the person, and what was spent today."""

        def __init__(self, working: int, waiting: int, today: float) -> None:
            super().__init__()
            self.working, self.waiting, self.today = working, waiting, today

    def __init__(self) -> None:
        super().__init__(id="projects-left")
        self.query_shown = Query()
        self.problem = ""
        self._going_to: UUID | None = None
        self._dirty: set[UUID] = set()
        self._flush: asyncio.TimerHandle | None = None
        self._typed: asyncio.TimerHandle | None = None
        self._behind = False
        self._turning: Timer | None = None
        self._last_key = 0.0
        self._unsubscribe: Callable[[], None] | None = None
        self.list = ProjectList(plain=self._app.plain, node_id="projects")
        """The list itself."""

    @property
    def _app(self) -> VidpipeApp:
        return cast("VidpipeApp", self.app)

    @property
    def row(self) -> ProjectRow | None:
        """The chosen project."""
        return self.list.row

    @property
    def chosen(self) -> UUID | None:
        """The project that is chosen, or will be when the list was read."""
        return self._going_to or (self.row.id if self.row is not None else None)

    def compose(self) -> ComposeResult:
        """Heading, the sentence where there is nothing, the list."""
        yield Heading("Projects", node_id="projects-heading")
        yield Static("", markup=False, id="projects-empty")
        yield self.list

    def on_mount(self) -> None:
        """Shows the first page at once; the service follows when the person rests or asks for something."""
        real = self._app.door.is_real
        page = first_page(PAGE) if real else None
        path = quick_database_path()
        nothing_yet = real and path is not None and not path.exists()
        if page is not None:
            rows = ProjectRows()
            rows.lay_out([page.total])
            rows.put(rows.sections[0], 0, page.rows)
            self.list.show(rows, keep=_remembered())
            self.post_message(self.Counted(sum(row.driven for row in page.rows), 0, page.spent_today))
        self._say(waiting=page is None and not nothing_yet)
        if page is not None or nothing_yet:
            self.set_timer(_LOAD_AFTER_SECONDS, self._load_when_quiet)
        else:
            self.open_service()

    def on_unmount(self) -> None:
        """Nobody is told any more."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    # ---- the service

    def _load_when_quiet(self) -> None:
        quiet = time.monotonic() - self._last_key
        if quiet < _QUIET_SECONDS:
            self.set_timer(_QUIET_SECONDS - quiet + 0.05, self._load_when_quiet)
        elif self._unsubscribe is None:
            self.open_service()

    def open_service(self) -> None:
        """Opens the service, or tries again; from then on the list follows what happens."""
        latest(self, self._read_through_service, "list")

    def reload(self, keep: UUID | None = None) -> None:
        """Reads the list again; the cursor stays on its project, or goes to `keep`, whoever has it read till then."""
        if keep is not None:
            self._going_to = keep
        latest(self, self._read_through_service, "list")

    async def _read_through_service(self) -> None:
        try:
            studio = await self._app.service()
            if self._unsubscribe is None:
                self._unsubscribe = studio.subscribe(self._happened)
            await self._read(studio)
            self.problem = ""
        except VidpipeError as error:
            self.problem = f"{error.sentence()} Press r to try again."
        self._say()

    async def _read(self, studio: Studio) -> None:
        chosen, row = self.list, self.list.row
        query = self.query_shown
        rows = await project_pages.read(studio, query, line=chosen.cursor)
        first_time = _remembered() if row is None and not chosen.rows.total else None
        keep, self._going_to = self._going_to, None
        chosen.show(rows, keep=keep or (row.id if row else first_time), line=chosen.cursor)
        self._behind = query != self.query_shown
        self.post_message(self.Counted(*await project_pages.counts(studio)))
        self._watch_motion()

    def on_project_list_needed(self) -> None:
        """Lines came into view that are not there yet."""
        latest(self, self._fill, "pages")

    async def _fill(self) -> None:
        chosen, query = self.list, self.query_shown
        rows, top, height = chosen.rows, chosen.scroll_offset.y, chosen.size.height
        studio = self._app.door.studio
        if studio is None and not (self._app.door.is_real and query.is_plain()):
            studio = await self._app.service()
        came = await project_pages.fill(studio, query, rows, max(0, top - height), top + 2 * height)
        if came and chosen.rows is rows:
            chosen.arrived()

    # ---- living

    def _happened(self, event: EventView) -> None:
        """A hint that something changed: what is shown of it is read again soon."""
        if event.id == 0 and event.progress is not None:
            return
        self._dirty.add(event.project_id)
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(REFRESH_SECONDS, self._flush_now)

    def _flush_now(self) -> None:
        self._flush = None
        if self.screen.is_current and self.is_attached:
            self.run_worker(self._refresh_rows(), group="refresh")

    async def _refresh_rows(self) -> None:
        dirty, self._dirty = self._dirty, set()
        studio = await self._app.service()
        chosen = self.list
        try:
            rows, changed = await project_pages.fresh_rows(studio, dirty, chosen.rows)
        except NotFoundError:
            rows, changed = [], True
        for row in rows:
            chosen.replace(row)
        if changed:
            self.reload()
        else:
            self.post_message(self.Counted(*await project_pages.counts(studio)))
            self._watch_motion()

    def resume(self) -> None:
        """Back from another screen: what happened meanwhile is read."""
        if self._unsubscribe is not None:
            self.reload()

    def pause(self) -> None:
        """Nothing turns behind another screen."""
        if self._turning is not None:
            self._turning.stop()
            self._turning = None

    def _watch_motion(self) -> None:
        if self._turning is None and not self._app.still and self.screen.is_current and self.list.turn():
            self._turning = self.set_interval(_TURN_SECONDS, self._turn)

    def _turn(self) -> None:
        if not self.list.turn():
            self.pause()

    # ---- filter, order, groups

    @property
    def behind(self) -> bool:
        """Whether the list does not show what the filter and the order say."""
        return self._typed is not None or self._behind

    async def start_filter(self) -> None:
        """Opens the filter; letters are text until it is left."""
        from textual.widgets import Input

        if not self.query("#projects-filter"):
            field = Input(self.query_shown.text, placeholder="title, prompt or state", compact=True)
            field.id = "projects-filter"
            await self.mount(field, after="#projects-heading")
        self.screen.set_focus(self.query_one("#projects-filter"))

    def clear_filter(self) -> None:
        """Shows all again."""
        self.screen.set_focus(self.list)
        self.query("#projects-filter").remove()
        self._filter_by("")

    def change(self, *, sort: int | None = None, grouped: bool | None = None, text: str | None = None) -> None:
        """Shows the list in another order, grouped or not, filtered or not."""
        before = self.query_shown
        self.query_shown = replace(
            before,
            sort=before.sort if sort is None else sort % len(SORTS),
            grouped=before.grouped if grouped is None else grouped,
            text=before.text if text is None else text,
        )
        if self.query_shown != before:
            self._behind = True
            self.reload()
            self._say()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Follows what is typed, a moment later."""
        message.stop()
        self._wait_no_more()
        text = message.value.strip()
        if text != self.query_shown.text:
            self._typed = asyncio.get_running_loop().call_later(_FILTER_SECONDS, self._filter_by, text)

    def _wait_no_more(self) -> None:
        if self._typed is not None:
            self._typed.cancel()
            self._typed = None

    def _filter_by(self, text: str) -> None:
        self._wait_no_more()
        if self.is_attached:
            self.change(text=text)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Back to the list, filtered by what is there now."""
        message.stop()
        if message.value.strip():
            self.screen.set_focus(self.list)
            self._filter_by(message.value.strip())
        else:
            self.clear_filter()

    # ---- saying

    def _say(self, *, waiting: bool = False) -> None:
        if not self.query("#projects-empty"):
            return  # the studio is closing
        query, total = self.query_shown, self.list.rows.total
        order = SORTS[query.sort][1] + (", by state" if query.grouped else "")
        found = f"{total:,} found" if query.text else f"{total:,}"
        note = f"{found} ─ {order}" if total else ""
        if self._behind and not self.problem:
            note = "looking ..." if self._app.door.studio is not None else "opening the database ..."
        self.query_one("#projects-heading", Heading).say("Projects", note)
        sentence = self.problem
        if not sentence and not total:
            sentence = "Opening the database ..." if waiting else ""
            if query.text:
                sentence = f"Nothing has {one_line(query.text)} in title, prompt or state. esc shows all."
        empty = self.query_one("#projects-empty", Static)
        first = not sentence and not total
        empty.set_class(first, "-first")
        empty.update(self._first_step() if first else sentence)
        empty.display = first or bool(sentence)

    def _first_step(self) -> Content:
        title, key = self.get_visual_style("first--title"), self.get_visual_style("first--key")
        onward = ("\n\nPress ", ("n", key), " and write what happens in yours;\n", ("ctrl+s", key), " makes it.")
        return Content.assemble(("No films yet.", title), *onward)

    def on_key(self, event: events.Key) -> None:
        """Remembers when the person last did something, so as not to load in the middle of it."""
        del event
        self._last_key = time.monotonic()


def _remembered() -> UUID | None:
    try:
        return UUID(str(recall().get("project")))
    except ValueError:
        return None

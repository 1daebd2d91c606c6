"""The whole log of a film: filter, follow, select, copy, open in the pager."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from vidpipe_tui.domain.views import EventView, ProjectView
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.screens.base import StudioScreen
from vidpipe_tui.screens.dialogs import Read
from vidpipe_tui.screens.feed import ProjectFeed
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.background import latest, present
from vidpipe_tui.widgets.backlog import refresh_seconds
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.log_view import LogView, log_text
from vidpipe_tui.widgets.words import one_line


class LogScreen(StudioScreen[None]):
    """The log, full screen."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("log")
    CSS_PATH: ClassVar[list[Any]] = [style_sheet("pictures.tcss"), style_sheet("project.tcss")]
    AUTO_FOCUS = "#whole-log"

    def __init__(self, project: ProjectView, *, filtering: bool = False) -> None:
        super().__init__()
        self._project = project
        self._filtering = filtering
        self._feed = ProjectFeed(project.id, self._show_project, self._add, between=lambda: refresh_seconds(self.app))

    def compose(self) -> ComposeResult:
        """Top line, filter, log, keys."""
        yield TopLine(node_id="log-top")
        yield Input(placeholder="words that a line must have", compact=True, id="log-filter")
        yield LogView(node_id="whole-log")
        yield CommandLine()

    def on_mount(self) -> None:
        """Reads the log and follows it."""
        self.query_one(Input).display = False
        if self._filtering:
            self.action_filter()
        self._say()
        latest(self, self._follow, "feed")

    async def _follow(self) -> None:
        try:
            await self._feed.run(await self.studio_app.service())
        except VidpipeError as error:
            self.studio_app.say(error.message, hint=error.hint, severity="error")

    def _show_project(self, project: ProjectView) -> None:
        self._project = project

    def _add(self, events: list[EventView]) -> None:
        if present(self):
            self.query_one(LogView).add(events)
            self._say()

    def _say(self) -> None:
        log = self.query_one(LogView)
        state = "following" if log.following else "standing still"
        note = f"{len(log.shown):,} lines   {state}"
        title = (("Log  ", "line--bright"), (one_line(self._project.title), "line--muted"))
        self.query_one(TopLine).show(title, ((note, "line--muted"),))

    def action_filter(self) -> None:
        """Opens the filter."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filters as it is typed."""
        event.stop()
        self.query_one(LogView).filter_by(event.value)
        self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Back to the lines."""
        event.stop()
        self.query_one(LogView).focus()

    def leave(self) -> None:
        """Clears and closes the filter first, then the screen."""
        field = self.query_one(Input)
        if field.display:
            field.value = ""
            field.display = False
            self.query_one(LogView).focus()
        else:
            super().leave()

    def action_log(self) -> None:
        """The same key leaves."""
        self.leave()

    def action_follow(self) -> None:
        """Follows or stays, from wherever the focus is."""
        self.query_one(LogView).action_follow()
        self._say()

    def action_copy(self) -> None:
        """Copies what is selected, or the line under the cursor."""
        self.query_one(LogView).action_copy()

    def action_open_outside(self) -> None:
        """Opens the log in the pager."""
        self.studio_app.do(self._page(), group="pager", node=self)

    async def _page(self) -> None:
        from vidpipe_tui.screens.outside import page_text

        await page_text(self.studio_app, "\n".join(log_text(event) for event in self.query_one(LogView).shown))

    def on_log_view_asked(self, message: LogView.Asked) -> None:
        """Filter and pager."""
        message.stop()
        if message.command == "filter":
            self.action_filter()
        else:
            self.action_open_outside()

    def on_log_view_opened(self, message: LogView.Opened) -> None:
        """A line in full."""
        message.stop()
        self.app.push_screen(Read("Log", log_text(message.event)))

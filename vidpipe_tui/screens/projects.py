"""The first screen: every film there is, what it is at, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from vidpipe_tui.domain.statuses import REVIEWS
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.remembered import remember
from vidpipe_tui.screens.base import StudioScreen
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.line import Part
from vidpipe_tui.widgets.states import REVIEW, WORKING
from vidpipe_tui.widgets.words import money, short_title

if TYPE_CHECKING:
    from uuid import UUID

    from vidpipe_tui.domain.views import ProjectRow
    from vidpipe_tui.screens.project_browser import ProjectBrowser
    from vidpipe_tui.widgets.project_details import ProjectDetails
    from vidpipe_tui.widgets.project_list import ProjectList

_OF_A_FILM = frozenset(
    {"filter", "open", "run", "stop", "duplicate", "edit", "delete", "review", "copy", "open_outside", "budget"}
)


class ProjectsScreen(StudioScreen[None]):
    """The project list with the details of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("list")

    def __init__(self) -> None:
        super().__init__()
        self._deleted: list[tuple[UUID, str]] = []
        self._states: tuple[bool | None, ...] = ()
        self._panes: tuple[ProjectBrowser, ProjectDetails] | None = None

    def compose(self) -> ComposeResult:
        """Top line, list, details, keys."""
        yield TopLine((("vidpipe", "line--bright"),), node_id="top")
        yield Horizontal(id="projects-body")
        yield CommandLine()

    def on_mount(self) -> None:
        """The rest is loaded and mounted behind the first paint."""
        self.call_after_refresh(self._fill)

    async def _fill(self) -> None:
        from vidpipe_tui.screens.project_browser import ProjectBrowser
        from vidpipe_tui.widgets.project_details import ProjectDetails

        browser, details = ProjectBrowser(), ProjectDetails(plain=self.studio_app.plain)
        await self.query_one("#projects-body").mount(browser, details)
        self._panes = browser, details
        details.set_class(not browser.list.rows.height, "-nothing")
        browser.list.focus()

    @property
    def stands(self) -> bool:
        """Whether the list shows what the filter says; keys must not act on another film."""
        return self._panes is not None and (not self._panes[0].behind or bool(self._panes[0].problem))

    @property
    def _browser(self) -> ProjectBrowser:
        if self._panes is None:
            raise SkipAction
        return self._panes[0]

    @property
    def _row(self) -> ProjectRow | None:
        return self._panes[0].row if self._panes is not None else None

    def on_project_browser_counted(self, message: ProjectBrowser.Counted) -> None:
        """How things stand, at the right of the top line."""
        parts: list[Part] = []
        for number, look in ((message.working, WORKING), (message.waiting, REVIEW)):
            if number:
                parts.append((f"{look.mark(self.studio_app.plain)} {number} {look.word}   ", look.css_class))
        parts.append((f"{money(message.today)} today", "line--muted"))
        self.query_one("#top", TopLine).show((("vidpipe", "line--bright"),), tuple(parts))

    async def on_project_list_rested(self, message: ProjectList.Rested) -> None:
        """The cursor rests: details follow, and the footer says what can be done."""
        if self._panes is None:
            return
        row, details = message.row, self._panes[1]
        details.set_class(not self._panes[0].list.rows.height, "-nothing")
        more = row is not None and self.studio_app.door.studio is not None and details.display
        await details.show(row, more=more)
        states = tuple(self.command_state(command) for command in sorted(_OF_A_FILM))
        if states != self._states:
            self._states = states
            self.refresh_bindings()
        if row is not None and more:
            latest(self, partial(self._show_more, row), "details")

    async def _show_more(self, row: ProjectRow) -> None:
        studio = await self.studio_app.service()
        try:
            view = await studio.project(row.id)
            last = await studio.events(row.id, limit=1)
        except VidpipeError:
            if self._panes is not None:
                self._panes[1].show_pictures(None)
            return  # gone meanwhile: the list is being read again
        if self._panes is not None:
            self._panes[1].show_more(view, last[-1] if last else None)

    def on_screen_resume(self) -> None:
        """Back from another screen."""
        if self._panes is not None:
            self._browser.resume()

    def on_screen_suspend(self) -> None:
        """Another screen is before this one."""
        if self._panes is not None:
            self._browser.pause()
        self._keep_place()

    def on_unmount(self) -> None:
        """Keeps where one was."""
        self._keep_place()

    def _keep_place(self) -> None:
        if self._panes is not None and (chosen := self._panes[0].chosen) is not None:
            remember(project=str(chosen))

    def leave(self) -> None:
        """`esc` clears the filter."""
        self._browser.clear_filter()

    # ---- commands

    def command_state(self, command: str) -> bool | None:
        """Commands on a film need one; each counts where it makes sense."""
        row = self._row
        if command == "run" and self._panes is not None and self._browser.problem:
            return True
        if command in _OF_A_FILM - {"filter"} and (row is None or self._browser.behind):
            return False
        browser = self._panes[0] if self._panes is not None else None
        allowed = {
            "filter": browser is not None and bool(browser.list.rows.height or browser.query_shown.text),
            "run": row is not None and not row.driven,
            "stop": row is not None and row.driven,
            "review": row is not None and row.status in REVIEWS,
            "undo": bool(self._deleted),
            "redo": False,
            "open_outside": row is not None and row.output_path is not None,
        }
        return allowed.get(command, True)

    def on_project_list_opened(self) -> None:
        """A double click opens."""
        self.action_open()

    def action_open(self) -> None:
        """Opens the chosen film."""
        if (row := self._row) is not None:
            self.studio_app.open_project(row.id, row)

    def action_review(self) -> None:
        """Opens the review of the chosen film."""
        if (row := self._row) is not None:
            self.studio_app.open_review(row.id)

    def action_new(self) -> None:
        """Starts a new film."""
        from vidpipe_tui.screens.new_project import NewProjectScreen

        self.app.push_screen(NewProjectScreen(), self._created)

    def _created(self, project_id: UUID | None) -> None:
        if project_id is not None:
            self._go_to(project_id)
            self.studio_app.open_project(project_id)

    def _go_to(self, project_id: UUID) -> None:
        remember(project=str(project_id))
        self._browser.reload(keep=project_id)

    def action_run(self) -> None:
        """Runs or resumes the chosen film; tries the database again where it could not be opened."""
        if self._browser.problem:
            self._browser.open_service()
        elif (row := self._row) is not None:
            from vidpipe_tui.screens.film_commands import run

            self.studio_app.do(run(self.studio_app, row.id), group="run", opens=True)

    def action_stop(self) -> None:
        """Stops the chosen film."""
        if (row := self._row) is not None:
            from vidpipe_tui.screens.film_commands import stop

            self.studio_app.do(stop(self.studio_app, row.id), group="stop")

    def action_edit(self) -> None:
        """Asks for another title."""
        if (row := self._row) is not None:
            from vidpipe_tui.screens.film_commands import rename

            self.studio_app.do(rename(self.studio_app, row.id, row.title), group="ask", opens=True)

    def action_budget(self) -> None:
        """Asks for another budget."""
        if (row := self._row) is not None:
            from vidpipe_tui.screens.film_commands import set_budget

            self.studio_app.do(set_budget(self.studio_app, row.id, row.budget), group="ask", opens=True)

    def action_duplicate(self) -> None:
        """Makes another film like the chosen one, without its pictures, and goes there."""
        if (row := self._row) is not None:
            self.studio_app.do(self._duplicate(row), group="change")

    async def _duplicate(self, row: ProjectRow) -> None:
        self._go_to(await (await self.studio_app.service()).duplicate(row.id))

    def action_delete(self) -> None:
        """Hides the chosen film; it can be had back."""
        if (row := self._row) is not None:
            self.studio_app.do(self._delete(row), group="change")

    async def _delete(self, row: ProjectRow) -> None:
        await (await self.studio_app.service()).delete(row.id)
        self._deleted.append((row.id, row.title))
        self.refresh_bindings()
        self.studio_app.say(f"{short_title(row.title)} is deleted.", hint="u brings it back.")
        self._browser.reload()

    def action_undo(self) -> None:
        """Brings the film back that was deleted last."""
        if self._deleted:
            self.studio_app.do(self._undelete(*self._deleted.pop()), group="change")

    async def _undelete(self, project_id: UUID, title: str) -> None:
        await (await self.studio_app.service()).undelete(project_id)
        self.refresh_bindings()
        self.studio_app.say(f"{short_title(title)} is back.")
        self._browser.reload(keep=project_id)

    def action_copy(self) -> None:
        """Copies the film's path, or what the film is called on the command line."""
        if (row := self._row) is not None:
            self.app.copy_to_clipboard(str(row.output_path or row.id))

    def action_open_outside(self) -> None:
        """Opens the film in its own program."""
        row = self._row
        if row is not None and row.output_path is not None:
            from vidpipe_tui.screens.film_commands import open_outside

            self.studio_app.do(open_outside(self.studio_app, row.output_path), group="outside")

    async def action_filter(self) -> None:
        """Filters by words."""
        await self._browser.start_filter()

    def action_sort(self) -> None:
        """The next order."""
        self._browser.change(sort=self._browser.query_shown.sort + 1)

    def action_group(self) -> None:
        """Groups by state, or not."""
        self._browser.change(grouped=not self._browser.query_shown.grouped)

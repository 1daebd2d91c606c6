"""The studio: one window, the service behind it, and the commands that count everywhere."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.screen import Screen, ScreenResultType
from textual.worker import Worker, WorkerFailed

from vidpipe_tui.dropped_line import LastingFile
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.interface import Interface, read_interface
from vidpipe_tui.keys.binding import bindings_for, checked_keymap
from vidpipe_tui.keys.registry import BY_ID, EVERYWHERE
from vidpipe_tui.remembered import recall, remember
from vidpipe_tui.screens.compositing import Standing
from vidpipe_tui.screens.type_ahead import Followed, TypeAhead
from vidpipe_tui.session import run_studio
from vidpipe_tui.themes import ANSI, DARK, OWN_NAMES, THEMES, VARIABLE_DEFAULTS, style_sheet
from vidpipe_tui.widgets.words import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vidpipe_tui.domain.views import ProjectRow
    from vidpipe_tui.door import Door
    from vidpipe_tui.keys.binding import Pressable
    from vidpipe_tui.services.studio import Studio

__all__ = ["VidpipeApp", "run_studio"]

NOTICE_SECONDS = 6.0
MOST_NOTICES = 2
_LEAVING_SECONDS = 1.0


class VidpipeApp(App[int]):
    """The program. Screens ask it for the service (`service`), let it run work (`do`) and say things (`say`)."""

    TITLE = "vidpipe"
    CSS_PATH: ClassVar[list[Any]] = [style_sheet("app.tcss"), style_sheet("list.tcss")]
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(EVERYWHERE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (160, "-wide")]  # noqa: RUF012  # Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (50, "-high")]  # noqa: RUF012
    NOTIFICATION_TIMEOUT = NOTICE_SECONDS
    ENABLE_COMMAND_PALETTE = False  # ours is opened by the registry's own key

    def __init__(self, door: Door, interface: Interface | None = None) -> None:
        # Textual decides here how to do without colours: grey, or (what NO_COLOR means) the terminal's own.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.door = door
        self.interface = interface or read_interface()
        self.own_keys, self._complaints = checked_keymap(self.interface.keymap)
        leaving = self.own_keys["quit"].split(",") if "quit" in self.own_keys else BY_ID["quit"].keys
        self._type_ahead = TypeAhead(self, super().on_event, frozenset(leaving))
        self._standing = Standing()
        for theme in THEMES:
            self.register_theme(theme)
        self._start_with(self._first_theme())
        self.animation_level = "none"

    # ---- what screens use

    @property
    def plain(self) -> bool:
        """Whether glyphs are ASCII."""
        return self.interface.plain

    @property
    def still(self) -> bool:
        """Whether nothing moves that need not."""
        return self.interface.still

    async def service(self) -> Studio:
        """The service; opened in the background when first asked for. Raises VidpipeError with a sentence."""
        return await self.door.open()

    def do(
        self,
        work: Coroutine[Any, Any, None],
        *,
        group: str,
        node: DOMNode | None = None,
        exclusive: bool = False,
        opens: bool = False,
    ) -> Worker[None]:
        """Runs `work` beside the screen; a VidpipeError becomes a notice. With `node` it ends when that node goes.

        Where it `opens` something (a dialog, a screen), what is typed meanwhile waits for that.
        """
        worker = (self if node is None else node).run_worker(self._told(work), group=group, exclusive=exclusive)
        if opens:
            self._type_ahead.opens(worker)
        return worker

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except VidpipeError as error:
            self.say(error.message, hint=error.hint, severity="error")

    def say(self, message: str, *, hint: str = "", severity: str = "information") -> None:
        """A notice: only for what matters. `severity` information, warning or error; never parsed as markup."""
        from vidpipe_tui.widgets.trouble_words import in_keys  # nothing is said at the first paint

        text = in_keys(f"{message} {hint}")
        level = severity if severity in {"warning", "error"} else "information"
        for notice in list(self._notifications)[: 1 - MOST_NOTICES]:
            self._unnotify(notice, refresh=False)
        self.notify(text, severity=level, markup=False, timeout=NOTICE_SECONDS * (2 if level == "error" else 1))  # type: ignore[arg-type]

    def forget_notices(self) -> None:
        """Another screen: errors stay, and what was said in the moment of leaving."""
        for notice in list(self._notifications):
            if notice.severity != "error" and time.time() - notice.raised_at > _LEAVING_SECONDS:
                self._unnotify(notice, refresh=False)
        self._refresh_notifications()

    def copy_to_clipboard(self, text: str) -> None:
        """Copies and says how it went; also what ctrl+c in a text field does."""
        self.do(self._copy(text), group="clipboard")

    async def _copy(self, text: str) -> None:
        from vidpipe_tui.clipboard import copy

        self.say(await copy(text, self._write_to_terminal))

    def _write_to_terminal(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)

    def open_project(self, project_id: UUID, known: ProjectRow | None = None, *, scene: int | None = None) -> None:
        """Opens a project's screen, at a scene if one is named, and remembers it as the last one.

        `known` is shown until the project is read. Where its screen is just below, it is gone back to.
        """
        from vidpipe_tui.screens.project import ProjectScreen

        remember(project=str(project_id))
        below = self.screen_stack[-2] if len(self.screen_stack) > 1 else None
        if isinstance(below, ProjectScreen) and below.project_id == project_id:
            self.screen.dismiss(None)
            below.go_to(scene)
        else:
            self.push_screen(ProjectScreen(project_id, known, scene=scene))

    def open_review(self, project_id: UUID) -> None:
        """Opens the review of a project."""
        from vidpipe_tui.screens.review import ReviewScreen

        self.push_screen(ReviewScreen(project_id))

    # ---- keys in order

    async def on_event(self, event: events.Event) -> None:
        """Hands events on; a key when what the one before it opened stands."""
        if isinstance(event, events.Resize):
            self._standing.forget()  # terminals move and cut what stands there
        await self._type_ahead.take(event)

    async def on_followed(self, message: Followed) -> None:
        """A key has done what it does."""
        message.stop()
        await self._type_ahead.arrived(message)

    async def push_screen_wait(
        self, screen: Screen[ScreenResultType] | str, *, mode: str | None = None
    ) -> ScreenResultType | Any:
        """Shows a dialog from a worker and waits for its answer."""
        if isinstance(screen, Screen):
            self._type_ahead.asks(screen)
        return await super().push_screen_wait(screen, mode=mode)

    # ---- drawing

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that show through the one on top.

        Textual counts the one below it even where nothing shows through, and draws all of the top one (40 kB with
        pictures) at each change of what cannot be seen.
        """
        stack = self._screen_stack
        return [] if stack and stack[-1].styles.background.a == 1 else super()._background_screens

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self._running and not self._closed and not self._batch_count:  # else nothing is written
            renderable = self._standing.changes(self.size, self.console, renderable)
        super()._display(screen, renderable)

    def action_redraw(self) -> None:
        """Draws the whole screen again, where something else has written on it."""
        self._standing.forget()
        self.screen.refresh()

    # ---- the start

    def _build_driver(self, *arguments: Any, **options: Any) -> Driver:
        driver = super()._build_driver(*arguments, **options)
        file = getattr(driver, "_file", None)
        if file is not None:
            driver._file = LastingFile(file)  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way
        return driver

    def get_default_screen(self) -> Screen[Any]:
        """The project list."""
        from vidpipe_tui.screens.projects import ProjectsScreen

        screen = ProjectsScreen()
        width, height = shutil.get_terminal_size()
        for limits, cells in ((self.HORIZONTAL_BREAKPOINTS, width), (self.VERTICAL_BREAKPOINTS, height)):
            # Where Textual would add the class at the first resize, everything would be laid out twice.
            screen.add_class([name for limit, name in limits if cells >= limit][-1])
        return screen

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables for themes that do not have them."""
        return VARIABLE_DEFAULTS

    def on_mount(self) -> None:
        """Applies the person's own keys and says what was wrong with them."""
        self.app_resume_signal.subscribe(self, lambda _: self._standing.forget(), immediate=True)
        if self.own_keys:
            self.set_keymap(self.own_keys)
        for complaint in self._complaints:
            self.say(complaint, severity="error")

    def _start_with(self, theme: str) -> None:
        """Sets the theme before anything is drawn: assigning it would parse and apply all styles a second time."""
        if self.available_themes[theme].ansi:
            self.theme = theme
        else:
            self.set_reactive(App.theme, theme)
            self.stylesheet.set_variables(self.get_css_variables())

    def _first_theme(self) -> str:
        wanted = OWN_NAMES.get(self.interface.theme, self.interface.theme)
        if wanted and wanted not in self.available_themes:
            names = ", ".join(theme.name for theme in THEMES)
            self._complaints.append(f"ui.theme is {one_line(wanted)}, which is no theme; {names} are.")
            wanted = ""
        few_colours = self.console.color_system in {None, "standard"}
        if self.no_color or (few_colours and not wanted):
            return ANSI
        kept = str(recall().get("theme") or DARK)
        return wanted or (kept if kept in self.available_themes else DARK)

    # ---- commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Going back needs somewhere to go."""
        if action == "back":
            return len(self.screen_stack) > 1 or bool(self.screen.query("#projects-filter"))
        return super().check_action(action, parameters)

    async def action_back(self) -> None:
        """Leaves the field or the screen."""
        from vidpipe_tui.screens.base import StudioScreen

        if isinstance(self.screen, StudioScreen):
            self.screen.leave()

    def action_help(self) -> None:
        """Explains what is focused."""
        from vidpipe_tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_palette(self) -> None:
        """Finds a command by its name."""
        from vidpipe_tui.screens.palette import PaletteScreen

        if not self.screen.is_modal:
            self.push_screen(PaletteScreen(self.screen), self._found)

    def _found(self, found: Pressable | None) -> None:
        if found is not None and found.node.is_attached:
            self.call_later(self.run_action, found.command.id, found.node)

    def action_ledger(self) -> None:
        """Every paid call."""
        from vidpipe_tui.screens.ledger import LedgerScreen

        self._show(LedgerScreen)

    def action_doctor(self) -> None:
        """Checks of the surroundings."""
        from vidpipe_tui.screens.doctor import DoctorScreen

        self._show(DoctorScreen)

    def action_settings(self) -> None:
        """Every setting and its source."""
        from vidpipe_tui.screens.settings import SettingsScreen

        self._show(SettingsScreen)

    def _show(self, kind: type[Screen[Any]]) -> None:
        if not isinstance(self.screen, kind):
            self.push_screen(kind())

    def action_jump(self) -> None:
        """Shows a letter on each pane."""
        from vidpipe_tui.screens.jump import JumpScreen

        self.push_screen(JumpScreen(self.screen), self._jumped)

    def _jumped(self, node: Any) -> None:
        if node is not None and node.is_attached and node.focusable:
            self.screen.set_focus(node)

    def action_theme(self) -> None:
        """The next of the studio's own themes, kept for the next time."""
        names = [theme.name for theme in THEMES]
        following = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else DARK
        self.theme = following
        remember(theme=following)

    async def action_quit(self) -> None:
        """Leaves; asks first when work runs here."""
        from vidpipe_tui.screens.quit import QuitDialog

        studio = self.door.studio
        if studio is None or not studio.driving:
            self.exit(0)
        elif not isinstance(self.screen, QuitDialog):
            self.push_screen(QuitDialog(len(studio.driving)), self._quit_answered)

    def _quit_answered(self, answer: str | None) -> None:
        if answer == "detach":
            self.do(self._leave_detached(), group="quit", exclusive=True)
        elif answer == "stop":
            self.do(self._leave_stopped(), group="quit", exclusive=True)

    async def _leave_detached(self) -> None:
        await (await self.service()).detach()
        self.exit(0)

    async def _leave_stopped(self) -> None:
        self.say("Stopping: what is paid for and under way is waited for.")
        sentences = await (await self.service()).stop_all()
        self.exit(0, message="\n".join(one_line(sentence) for sentence in sentences) or None)

    # ---- faults of our own

    def _fatal_error(self) -> None:
        """Ends the program with a sentence instead of a traceback, which would print what is in our variables."""
        error = self._exception or RuntimeError("unknown")
        if isinstance(error, WorkerFailed):
            error = error.error if isinstance(error.error, Exception) else error
        from rich.text import Text

        from vidpipe_tui import crash

        self._exit_renderables[:] = [Text(crash.masked(crash.sentence(error, crash.record(error))))]
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """Textual's way to end with a message; ours is a sentence."""
        del renderables
        self._fatal_error()

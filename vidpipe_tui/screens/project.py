"""A film at work: its scenes, the chosen one in full, the log; everything live, nothing ever waits for the pipeline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from vidpipe_tui.domain.statuses import REVIEWS
from vidpipe_tui.domain.views import EventView, ProjectRow, ProjectView
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.keys.registry import BY_ID
from vidpipe_tui.pictures.fit import ratio_of
from vidpipe_tui.screens import film_commands
from vidpipe_tui.screens.dialogs import Read
from vidpipe_tui.screens.feed import ProjectFeed
from vidpipe_tui.screens.scene_commands import SceneCommands
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.background import latest, present
from vidpipe_tui.widgets.backlog import REST_SECONDS, Haste, refresh_seconds, writer_backlog
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.line import Heading
from vidpipe_tui.widgets.log_view import LogView, log_text
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.project_head import draft_words, head_parts, trouble_words
from vidpipe_tui.widgets.project_opening import OPENING, opening_parts
from vidpipe_tui.widgets.scene_facts import scene_line
from vidpipe_tui.widgets.scene_pane import RemedyLabel, ScenePane
from vidpipe_tui.widgets.scene_strip import SceneStrip
from vidpipe_tui.widgets.trouble_words import empty_words, in_keys

SLOTS = ("start", "end", "clip")
_TURN_SECONDS = 0.25
_LATER = frozenset({"insert", "split", "merge", "move_up", "move_down", "duplicate", "delete"})
"""Commands about the structure of a film, which this screen does not have yet."""


class ProjectScreen(SceneCommands):
    """One project. Its bindings are the project's and, where a pane has none of its own, the strip's."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("project"), *bindings_for("move")]
    CSS_PATH: ClassVar[list[Any]] = [style_sheet("pictures.tcss"), style_sheet("project.tcss")]
    AUTO_FOCUS = "#scenes"

    def __init__(self, project_id: UUID, known: ProjectRow | None = None, *, scene: int | None = None) -> None:
        super().__init__()
        self.project_id = project_id
        self._known = known
        self._first_scene = scene
        self._slot = "clip"
        self.feed: ProjectFeed = ProjectFeed(
            project_id, self._show_project, self._add_events, between=lambda: refresh_seconds(self.app)
        )
        self._turning: Timer | None = None
        self._step = 0
        self._draft = ""
        self._haste = Haste()
        self._hurried = False
        self._failed = False
        self._resting: Timer | None = None

    @property
    def stands(self) -> bool:
        """Whether the film is there, or the sentence that says why not."""
        return self.project is not None or self._failed

    # ---- building

    def compose(self) -> ComposeResult:
        """Top line, scenes, the chosen scene, log, keys."""
        plain = self.studio_app.plain
        yield TopLine(node_id="project-top")
        yield Static("", markup=False, id="project-trouble")
        with Horizontal(id="project-body"):
            with Vertical(id="project-scenes"):
                yield Heading("Scenes", node_id="scenes-title")
                yield SceneStrip(plain=plain, node_id="scenes")
            yield ScenePane(plain=plain, node_id="scene")
        yield Static("", markup=False, id="project-empty")
        with Vertical(id="project-log"):
            yield Heading("Log", node_id="log-title")
            yield LogView(node_id="log")
        yield CommandLine()

    def on_mount(self) -> None:
        """Starts following the project."""
        self._turning = self.set_interval(_TURN_SECONDS, self._turn, pause=True)
        self.query_one("#project-body").display = False
        width = self.app.size.width
        self.query_one(TopLine).show(*opening_parts(self._known, width, plain=self.studio_app.plain))
        self._say_empty(OPENING)
        latest(self, self._follow, "feed")

    async def _follow(self) -> None:
        try:
            await self.feed.run(await self.studio())
        except VidpipeError as error:
            self._failed = True
            if present(self):
                self._say_empty(in_keys(error.sentence()))

    def on_resize(self, event: events.Resize) -> None:
        """Title, bar and path are cut to their room."""
        super().on_resize(event)
        self.call_after_refresh(self._show_live)

    def on_screen_resume(self) -> None:
        """Reads again after another screen was on top."""
        self.feed.poke()
        latest(self, self._read_drafts, "drafts")

    async def _read_drafts(self) -> None:
        """Where something was typed in the editor and not applied."""
        try:
            drafts = await (await self.studio()).drafts(self.project_id)
        except VidpipeError:
            return  # the feed says it
        if present(self):
            self._draft = draft_words({index for index, _ in drafts})
            self._show_live()

    @property
    def footer_also(self) -> frozenset[str]:
        """Commands that the footer shows here besides its own: the way out where an answer was no storyboard."""
        answered = self.project is not None and not self.project.scenes and self.project.storyboard_raw is not None
        return frozenset({"edit_outside"}) if answered else frozenset()

    # ---- showing

    def spot(self) -> tuple[int | None, str]:
        """The scene under the cursor, and which of its things is chosen."""
        return self.query_one(SceneStrip).cursor, self._slot

    def _show_project(self, project: ProjectView) -> None:
        if not present(self):
            return
        first = self.project is None
        self.project = project
        with self.app.batch_update():
            self.query_one("#project-body").display = bool(project.scenes)
            self.query_one("#project-empty").display = not project.scenes
            if not project.scenes:
                self._say_empty(empty_words(project))
            self._show_live()
        if first and project.scenes:
            self.query_one(SceneStrip).focus()
            self.go_to(self._first_scene)
        if self._turning is not None:
            (self._turning.resume if project.driven else self._turning.pause)()
        self.refresh_bindings()

    def _show_live(self) -> None:
        """Everything that changes while a film is made; widgets draw only what differs."""
        project = self.project
        if project is None:
            return
        now = datetime.now(UTC)
        self.query_one(TopLine).show(
            *head_parts(project, self.feed.progress, now, self.size.width, self.studio_app.plain, self._step)
        )
        words, look = trouble_words(project, self.size.width - 2, draft=self._draft)
        trouble = self.query_one("#project-trouble", Static)
        trouble.display = bool(words)
        trouble.set_class(look == "-trouble", "-trouble")
        trouble.set_class(look == "-warning", "-warning")
        if trouble.content != words:
            trouble.update(words)
        strip = self.query_one(SceneStrip)
        lines = tuple(scene_line(project, scene, self.feed.progress, now) for scene in project.scenes)
        strip.show(lines, ratio_of(project.aspect_ratio))
        if project.scenes:
            note = f"{strip.cursor + 1} of {len(project.scenes)}"
            self.query_one("#scenes-title", Heading).say("Scenes", note)
            scene = project.scenes[strip.cursor]
            pane = self.query_one(ScenePane)
            pane.show(project, scene, self._slot, self.feed.progress, now)
            if not self._hurried:
                pane.show_pictures(project, scene)

    def _say_empty(self, words: str) -> None:
        empty = self.query_one("#project-empty", Static)
        empty.display = True
        empty.update(words)

    def _add_events(self, events: list[EventView]) -> None:
        if present(self):
            log = self.query_one(LogView)
            log.add(events)
            self.query_one("#log-title", Heading).say("Log", "" if log.following else "f follows")

    def _turn(self) -> None:
        """Four times a second while somebody works: turns the glyph; once a second: the times."""
        if not present(self):
            return
        self._step += 1
        if not self.studio_app.still and not writer_backlog(self.app):
            self.query_one(SceneStrip).turn(self._step)
        if self._step % 4 == 0 and self.app.screen is self:
            self._show_live()

    # ---- choosing

    def go_to(self, scene: int | None) -> None:
        """Chooses a scene by its index; None: the one that is chosen."""
        if scene is not None:
            self.query_one(SceneStrip).choose(scene)
        self._choose_slot()

    def _choose_slot(self, step: int = 0) -> None:
        scene = self.scene
        if scene is None:
            return
        if step:
            self._slot = SLOTS[max(0, min(len(SLOTS) - 1, SLOTS.index(self._slot) + step))]
        elif scene.clip is not None:
            self._slot = "clip"
        else:
            self._slot = "end" if scene.end is not None else "start"
        self._show_live()
        self.refresh_bindings()

    def on_scene_strip_chosen(self, message: SceneStrip.Chosen) -> None:
        """Another scene: its pane is shown, a clip that plays stops."""
        message.stop()
        self._close_player()
        if self._resting is not None:
            self._resting.stop()
        self._hurried = self._haste.again()
        if self._hurried:
            self._resting = self.set_timer(REST_SECONDS, self._rest)
        self._choose_slot()

    def _rest(self) -> None:
        """The pictures of the scene at which a run of quick steps ended."""
        self._hurried = False
        if present(self):
            self._show_live()

    def on_scene_strip_opened(self, message: SceneStrip.Opened) -> None:
        """A double click opens the scene large."""
        message.stop()
        self.action_open()

    @on(SceneStrip.Sideways)
    @on(ScenePane.Sideways)
    def _sideways(self, message: SceneStrip.Sideways | ScenePane.Sideways) -> None:
        """Among start, end and clip."""
        message.stop()
        self._choose_slot(message.step)

    def on_preview_pressed(self, message: Preview.Pressed) -> None:
        """A click on a picture chooses it; on the chosen one opens it large."""
        slot = "start" if message.preview.id == "start-frame" else "end"
        message.stop()
        if slot == self._slot:
            self.action_open()
        else:
            self._slot = slot
            self._show_live()

    def on_remedy_label_pressed(self, message: RemedyLabel.Pressed) -> None:
        """A remedy was clicked."""
        message.stop()
        self.call_later(self.run_action, message.command)

    def on_log_view_asked(self, message: LogView.Asked) -> None:
        """The log's filter and pager are in its own screen."""
        message.stop()
        self._open_log(filtering=message.command == "filter")

    def on_log_view_opened(self, message: LogView.Opened) -> None:
        """A line in full."""
        message.stop()
        self.app.push_screen(Read("Log", log_text(message.event)))

    # ---- commands

    def command_state(self, command: str) -> bool | None:
        """What counts depends on the film and on the chosen scene."""
        project = self.project
        if command in _LATER:
            return False
        if project is None:
            return "project" not in BY_ID[command].scopes
        if command == "stop":
            return project.driven and not project.stopping
        if command == "run":
            return not project.driven
        if command in {"accept", "reject", "accept_all", "next_undecided", "previous_undecided", "flip"}:
            return project.status in REVIEWS
        if command == "join":
            return not project.driven and any(scene.clip is not None and scene.clip.path for scene in project.scenes)
        if command in {"review", "open", "chain"}:
            return bool(project.scenes)
        if command == "edit_outside" and not project.scenes:
            return project.storyboard_raw is not None
        if command == "play":
            return self.scene is not None and self.scene.clip is not None and self.scene.clip.path is not None
        return self.scene_command_state(command)

    def action_run(self) -> None:
        """Runs, resumes or tries again; asks first where it costs."""
        self.work(film_commands.run(self.studio_app, self.project_id))

    def action_stop(self) -> None:
        """Stops."""
        self.work(film_commands.stop(self.studio_app, self.project_id))

    def action_join(self) -> None:
        """Joins the film again from the clips there are."""
        if self.project is not None:
            self.work(film_commands.join(self.studio_app, self.project_id, self.project.crossfade_seconds))

    def action_budget(self) -> None:
        """Asks for the budget."""
        if self.project is not None:
            self.work(film_commands.set_budget(self.studio_app, self.project_id, self.project.budget))

    def action_review(self) -> None:
        """Opens the review at the first undecided."""
        self.studio_app.open_review(self.project_id)

    def action_open(self) -> None:
        """Opens the chosen thing large."""
        from vidpipe_tui.screens.review import ReviewScreen

        self.app.push_screen(ReviewScreen(self.project_id, at=self.spot()))

    action_flip = action_open
    action_next_undecided = action_review
    action_previous_undecided = action_review
    action_accept = action_open
    action_reject = action_open

    def action_edit_outside(self) -> None:
        """Edits one text of the scene; without scenes the answer that was no storyboard."""
        if self.project is not None and not self.project.scenes:
            self.work(self._edit_raw(self.project))
        else:
            super().action_edit_outside()

    async def _edit_raw(self, project: ProjectView) -> None:
        from vidpipe_tui.screens.outside import edit_text

        before = project.storyboard_raw or ""
        raw = await edit_text(self.studio_app, before, "storyboard")
        if raw != before:
            await (await self.studio()).edit_raw_storyboard(self.project_id, raw)

    def action_log(self) -> None:
        """The whole log."""
        self._open_log(filtering=False)

    def action_filter(self) -> None:
        """The whole log, with its filter open."""
        self._open_log(filtering=True)

    def _open_log(self, *, filtering: bool) -> None:
        from vidpipe_tui.screens.log import LogScreen

        if self.project is not None:
            self.app.push_screen(LogScreen(self.project, filtering=filtering))

    # ---- playing

    def action_play(self) -> None:
        """Plays the chosen scene's clip in place of its pictures."""
        scene, pane = self.scene, self.query_one(ScenePane)
        if pane.player.path is not None:
            pane.player.action_play()
        elif scene is not None and scene.clip is not None and scene.clip.path is not None:
            pane.play(scene.clip.path)
            self._show_live()

    def _close_player(self) -> None:
        if self.query_one(ScenePane).close_player():
            self.query_one(SceneStrip).focus()
            self._show_live()

    def leave(self) -> None:
        """Closes the playing clip first, then the screen."""
        if self.query_one(ScenePane).player.path is not None:
            self._close_player()
        else:
            super().leave()

    def action_cursor_down(self) -> None:
        """The next scene, from wherever the focus is."""
        self.query_one(SceneStrip).action_cursor_down()

    def action_cursor_up(self) -> None:
        """The scene before, from wherever the focus is."""
        self.query_one(SceneStrip).action_cursor_up()

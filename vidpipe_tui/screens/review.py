"""The review, full screen: one thing at a time, as large as it can be, one key per decision."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Static

from vidpipe_tui.domain.commands import RunOptions
from vidpipe_tui.domain.views import ClipView, FrameView, ProjectView
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.keys.registry import BY_ID
from vidpipe_tui.pictures.fit import ratio_of
from vidpipe_tui.screens import film_commands
from vidpipe_tui.screens.dialogs import AskText
from vidpipe_tui.screens.feed import ProjectFeed
from vidpipe_tui.screens.scene_commands import SceneCommands
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.background import latest, present
from vidpipe_tui.widgets.backlog import REST_SECONDS, Haste, refresh_seconds
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.line import Line
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.review_items import STORYBOARD, ReviewItem, Spot
from vidpipe_tui.widgets.review_stage import ReviewStage
from vidpipe_tui.widgets.review_walk import ReviewWalk
from vidpipe_tui.widgets.review_words import head_words, item_words
from vidpipe_tui.widgets.words import fit_lines


def deciding_first(bindings: list[BindingType]) -> list[BindingType]:
    """The same bindings, those of decisions first: help shows them in this order."""
    return sorted(bindings, key=lambda made: not isinstance(made, Binding) or BY_ID[made.id or ""].group != "Deciding")


class ReviewScreen(SceneCommands):
    """Walks through what was made. A decision shows the next undecided at once; the service is told behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [*deciding_first(bindings_for("review")), *bindings_for("move")]
    AUTO_FOCUS = ""
    CSS_PATH: ClassVar[list[Any]] = [style_sheet("pictures.tcss"), style_sheet("review.tcss")]

    def __init__(self, project_id: UUID, *, at: Spot | None = None) -> None:
        super().__init__()
        self.project_id = project_id
        self._walk = ReviewWalk(at)
        self._rest: float | None = None
        self._other_take: FrameView | ClipView | None = None
        self._pair = False
        self._failed = False
        self._haste = Haste()
        self._resting: Timer | None = None
        self.feed: ProjectFeed = ProjectFeed(project_id, self._show_project, between=lambda: refresh_seconds(self.app))

    @property
    def stands(self) -> bool:
        """Whether the film is there, or the notice that says why not."""
        return self.project is not None or self._failed

    def compose(self) -> ComposeResult:
        """Where we are, the thing itself, what it is, what accepting means, keys."""
        yield TopLine(node_id="review-top")
        with Container(id="review-body"):
            yield ReviewStage()
            with Vertical(id="review-words"):
                yield Line(node_id="review-what")
                yield Static("", markup=False, id="review-means")
                yield Static("", markup=False, id="review-prompt")
        yield CommandLine()

    def on_mount(self) -> None:
        """Starts following the project."""
        latest(self, self._follow, "feed")

    async def _follow(self) -> None:
        try:
            await self.feed.run(await self.studio())
        except VidpipeError as error:
            self._failed = True
            self.studio_app.say(error.message, hint=error.hint, severity="error")

    def on_screen_resume(self) -> None:
        """Reads again after another screen was on top."""
        self.feed.poke()

    # ---- where we are

    def spot(self) -> Spot:
        """What is shown."""
        return self._walk.at or STORYBOARD

    @property
    def item(self) -> ReviewItem | None:
        """What is shown, as one of the things to decide."""
        return self._walk.item

    def _show_project(self, project: ProjectView) -> None:
        if not present(self):
            return
        self.project = project
        self._walk.read(project)
        self._show()
        self.refresh_bindings()
        latest(self, self._read_rest, "rest")

    async def _read_rest(self) -> None:
        """What is still to be paid, for the line about accepting."""
        try:
            rest = (await (await self.studio()).run_estimate(self.project_id, retry_ended=False)).total
        except VidpipeError:
            rest = None
        if rest != self._rest and present(self):
            self._rest = rest
            self._say()

    # ---- showing

    @property
    def _stage(self) -> ReviewStage:
        return self.query_one(ReviewStage)

    def _show(self) -> None:
        project, item = self.project, self.item
        if project is not None and item is not None:
            other = self._other_take if isinstance(self._other_take, FrameView) else None
            self._stage.show(project, item, other=other, pair=self._pair)
            following = self._walk.beside(1, open_only=True)
            if following is not None and following.spot[1] in {"start", "end"}:
                self._stage.draw_ahead(following.path)
        self._say()

    def _say(self) -> None:
        project, item = self.project, self.item
        if project is None:
            return
        plain = self.studio_app.plain
        self.query_one(TopLine).show(*head_words(project, self._walk.items, self._walk.at, self._rest, plain=plain))
        playing = self._stage.player.path is not None
        other = self._other_take.take if self._other_take is not None else None
        note = self.scene.note if self.scene is not None else ""
        about = item_words(project, self._walk.items, item, self._rest, other=other, playing=playing, note=note)
        self.query_one("#review-what", Line).show(about[0])
        for name, words in zip(("means", "prompt"), about[1:], strict=True):
            place = self.query_one(f"#review-{name}", Static)
            shown = fit_lines(words, place.size.width - 2, place.size.height)
            if place.content != shown:
                place.update(shown)
        # A tall picture leaves its room beside it.
        self.query_one("#review-body").set_class(ratio_of(project.aspect_ratio) < 1 and not self._board, "-portrait")

    @property
    def _driven(self) -> bool:
        return self.project is not None and self.project.driven

    @property
    def _board(self) -> bool:
        return self.item is not None and self.item.spot == STORYBOARD

    def on_resize(self, event: events.Resize) -> None:
        """Words are cut to their room."""
        super().on_resize(event)
        self.call_after_refresh(self._say)

    def _go(self, item: ReviewItem | None) -> None:
        """Goes there; while keys come faster than pictures can be looked at, the picture waits for the last one."""
        if item is None:
            return
        if item.spot != self._walk.at:
            self._stage.player.close()
        self._walk.at = item.spot
        self._other_take = None
        if self._resting is not None:
            self._resting.stop()
        if self._haste.again():
            self._say()
            self._resting = self.set_timer(REST_SECONDS, self._show)
        else:
            self._show()
        self.refresh_bindings()

    # ---- deciding

    def command_state(self, command: str) -> bool | None:
        """What counts depends on what is shown."""
        item, project = self.item, self.project
        if project is None or item is None:
            return "review" not in BY_ID[command].scopes
        if command in {"next_undecided", "previous_undecided", "accept_all"}:
            return bool(self._walk.undecided)
        if command == "play":
            return item.spot[1] == "clip"
        if command == "pair":
            return item.spot[0] is not None
        if command == "stop":
            return project.driven and not project.stopping
        if command == "run":
            return not project.driven
        return self.scene_command_state(command)

    def _decide(self, item: ReviewItem, *, accept: bool, note: str = "") -> None:
        """Takes the decision: shows what is next now, tells the service behind it, goes on when it was the last."""
        following, was_last = self._walk.decide(item, accept=accept)
        self._go(following)
        self.studio_app.do(self._tell(item, accept=accept, note=note, go_on=was_last and accept), group="decisions")

    async def _tell(self, item: ReviewItem, *, accept: bool, note: str, go_on: bool) -> None:
        studio = await self.studio()
        index, slot = item.spot
        try:
            await studio.decide(self.project_id, slot, index, accept=accept, note=note)
        except VidpipeError:
            self._walk.not_stored(item.spot)
            self.feed.poke()
            raise
        if go_on and self.project is not None and not self.project.driven:
            await studio.start(self.project_id, RunOptions(retry_ended=False))
            self.studio_app.say("All decided: going on.")
        elif not accept and index is None and not self._driven:
            self.studio_app.say("Rejected: another storyboard is asked for.", hint="r has it written.")
        elif not accept and index is not None and not self._walk.waits and not self._driven:
            self.studio_app.say(f"Rejected: a new take of that {slot} is asked for.", hint="r has it made.")

    def action_accept(self) -> None:
        """Accepts what is shown; another take that is shown is chosen with it."""
        item, other = self.item, self._other_take
        if item is None or (item.decided and other is None):
            return
        if other is not None and item.spot[0] is not None:
            self.work(self._select(item.spot[0], item.spot[1], other.take))
        self._decide(item, accept=True)

    def action_reject(self) -> None:
        """Rejects what is shown, with a note for the next take."""
        if self.item is not None:
            self.work(self._ask_note(self.item))

    async def _ask_note(self, item: ReviewItem) -> None:
        project = self.project
        if project is None:
            return
        what = "the storyboard" if item.spot[0] is None else f"the {item.spot[1]} of scene {item.spot[0] + 1}"
        ask = AskText(f"Reject {what}", "What should be different? It goes into the next prompt.", done="reject")
        note = await self.app.push_screen_wait(ask)
        if note is not None and present(self):
            self._decide(item, accept=False, note=note.strip())

    async def _undo(self) -> None:
        self._walk.not_stored()
        await super()._undo()

    def taken_back(self, what: str) -> None:
        """Goes to what was taken back, to be decided anew."""
        if present(self):
            self._go(self._walk.taken_back(what))

    def action_next_undecided(self) -> None:
        """The next undecided."""
        self._go(self._walk.beside(1, open_only=True))

    def action_previous_undecided(self) -> None:
        """The undecided before."""
        self._go(self._walk.beside(-1, open_only=True))

    # ---- looking

    def action_flip(self) -> None:
        """Shows another take at the same place, and back; chooses nothing."""
        item = self.item
        if self._other_take is not None:
            self._other_take = None
            self._show()
        elif item is not None and item.spot[0] is not None and len(item.takes) > 1:
            self.work(self._flip(item))

    async def _flip(self, item: ReviewItem) -> None:
        studio, (index, slot) = await self.studio(), item.spot
        takes: list[Any] = []
        if index is not None and slot == "clip":
            takes = await studio.clip_takes(self.project_id, index)
        elif index is not None:
            takes = await studio.frame_takes(self.project_id, index, slot)
        others = [take for take in takes if take.take != item.take and take.path is not None]
        if not others or not present(self) or self.item != item:
            return
        earlier = [take for take in others if take.take < item.take]
        self._other_take = earlier[-1] if earlier else others[-1]
        if slot == "clip" and self._other_take.path is not None and self.project is not None:
            self._stage.play(self._other_take.path, ratio_of(self.project.aspect_ratio))
        self._show()

    def action_pair(self) -> None:
        """One picture, or both keyframes of the scene."""
        self._pair = not self._pair
        self._show()

    def on_preview_pressed(self, message: Preview.Pressed) -> None:
        """A click plays the clip, or shows both keyframes."""
        message.stop()
        item = self.item
        if item is not None and item.spot[1] == "clip":
            self.action_play()
        else:
            self.action_pair()

    def action_play(self) -> None:
        """Plays the clip; pauses it."""
        item, player = self.item, self._stage.player
        if player.path is not None:
            player.action_play()
        elif item is not None and item.spot[1] == "clip" and item.path is not None and self.project is not None:
            self._pair = False
            self._stage.play(item.path, ratio_of(self.project.aspect_ratio))
            self._say()

    def leave(self) -> None:
        """Closes the playing clip first, then the screen."""
        if self._stage.player.path is not None:
            self._stage.player.close()
            self._other_take = None
            self._show()
        else:
            super().leave()

    def action_run(self) -> None:
        """Goes on; asks first where it costs."""
        self.work(film_commands.run(self.studio_app, self.project_id))

    def action_stop(self) -> None:
        """Stops."""
        self.work(film_commands.stop(self.studio_app, self.project_id))

    def action_cursor_down(self) -> None:
        """The next thing, decided or not; in a long storyboard first what is below."""
        board = self._stage.board
        if board.display and board.scroll_y < board.max_scroll_y:
            board.scroll_down(animate=False)
        else:
            self._go(self._walk.beside(1))

    def action_cursor_up(self) -> None:
        """The thing before."""
        board = self._stage.board
        if board.display and board.scroll_y > 0:
            board.scroll_up(animate=False)
        else:
            self._go(self._walk.beside(-1))

    def action_cursor_right(self) -> None:
        """The next thing."""
        self._go(self._walk.beside(1))

    def action_cursor_left(self) -> None:
        """The thing before."""
        self._go(self._walk.beside(-1))

    def action_page_down(self) -> None:
        """A page of the storyboard."""
        self._stage.board.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """A page of the storyboard."""
        self._stage.board.scroll_page_up(animate=False)

    def action_first(self) -> None:
        """The first thing."""
        self._go(next(iter(self._walk.items), None))

    def action_last(self) -> None:
        """The last thing."""
        self._go(next(reversed(self._walk.items), None))

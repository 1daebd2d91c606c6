"""The selected scene: its two keyframes, what is going on with it, what to do about trouble, and its texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from vidpipe_tui.domain.commands import SCENE_FIELDS
from vidpipe_tui.domain.views import ProjectView, SceneView
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.pictures.fit import ratio_of
from vidpipe_tui.widgets.line import Heading, Line, Part
from vidpipe_tui.widgets.player import Player
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.scene_facts import (
    Progress,
    drawn_next,
    filming,
    frame_words,
    scene_name,
    scene_progress,
    state_of,
    status_words,
)
from vidpipe_tui.widgets.trouble_words import Remedy, key_of, remedies_of, scene_sentence
from vidpipe_tui.widgets.words import bar, one_line

FIELD_LABELS = dict(
    zip(SCENE_FIELDS, ("What happens", "Start frame", "End frame", "Motion", "Transition"), strict=True)
)
_PANE_ORDER = ("scene_description", "video_motion_prompt", "start_frame_prompt", "end_frame_prompt", "transition_notes")
_BAR = 14
_GUTTER = 2
"""Cells left of everything, for the mark of what is chosen."""


class RemedyLabel(Static):
    """A remedy with its key; can be clicked."""

    class Pressed(Message):
        """It was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self, remedy: Remedy) -> None:
        super().__init__(f"{key_of(remedy.command)} {remedy.words}", markup=False)
        self._command = remedy.command

    def on_click(self, event: events.Click) -> None:
        """The same as the key."""
        event.stop()
        self.post_message(self.Pressed(self._command))


class ScenePane(Vertical, can_focus=True):
    """Shows one scene; `show` changes only what differs. Left and right choose among start, end and clip."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("move")

    class Sideways(Message):
        """To the left (-1) or right (1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, *, plain: bool = False, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self._plain = plain
        self._ratio = 16 / 9
        self._remedies: tuple[Remedy, ...] = ()

    def compose(self) -> ComposeResult:
        """From top to bottom: title, pictures (or the playing clip), state, trouble, texts."""
        yield Heading("Scene", node_id="scene-title")
        with Horizontal(id="frames"):
            for slot in ("start", "end"):
                with Vertical(classes="frame"):
                    yield Line(node_id=f"{slot}-words")
                    yield Preview(align="left", node_id=f"{slot}-frame")
        yield Player(node_id="scene-player")
        yield Line(node_id="scene-state")
        yield Static("", markup=False, id="scene-trouble")
        yield Horizontal(id="remedies")
        with VerticalScroll(id="texts", can_focus=False):
            for field in _PANE_ORDER:
                with Horizontal(classes="text"):
                    yield Static(FIELD_LABELS[field], markup=False, classes="label")
                    yield Static("", markup=False, id=f"text-{field}", classes="value")

    def on_resize(self) -> None:
        """Gives the pictures the height their width asks for, and never more than leaves room for words."""
        self._layout()

    def _layout(self) -> None:
        width = max(1, (self.size.width - 2 * _GUTTER - 2) // 2)
        wanted = round(width / self._ratio / 2) + 1
        most = max(4, self.size.height - (8 if self.size.height > 16 else 6))
        height = max(1, min(wanted, most))
        self.query_one("#frames").styles.height = height
        # One clip may take what two pictures side by side could not: words give way while it plays.
        across = max(1, self.size.width - _GUTTER - 1)
        playing = min(round(across / self._ratio / 2) + 1, max(4, self.size.height - 5))
        self.query_one("#scene-player").styles.height = max(1, playing)

    def show(self, project: ProjectView, scene: SceneView, slot: str, progress: Progress, now: datetime) -> None:
        """Shows that scene of that project; `slot` is the chosen one of start, end and clip."""
        ratio = ratio_of(project.aspect_ratio)
        if ratio != self._ratio:
            self._ratio = ratio
            self._layout()
        name = f"{scene.number}  {scene_name(scene)}"
        self.query_one("#scene-title", Heading).say(name, "opens with a cut" if scene.cut and scene.index else "")
        for place in ("start", "end"):
            mark = self._mark(place == slot)
            words = (f"{mark} {frame_words(scene, place)}", "line--bright" if place == slot else "line--muted")
            self.query_one(f"#{place}-words", Line).show((words,))
        self.query_one("#scene-state", Line).show(*self._state(project, scene, slot, progress, now))
        self._show_trouble(scene)
        for field in SCENE_FIELDS:
            value = self.query_one(f"#text-{field}", Static)
            text = one_line(getattr(scene, field))
            if value.content != text:
                value.update(text)
                if value.parent is not None:
                    value.parent.set_class(not text, "-empty")

    def show_pictures(self, project: ProjectView, scene: SceneView) -> None:
        """Shows the scene's keyframes; apart from `show`, because they are what takes time on a slow line."""
        drawing = drawn_next(scene) if project.driven else ""
        for place, frame in (("start", scene.start), ("end", scene.end)):
            preview = self.query_one(f"#{place}-frame", Preview)
            told = f"{place} frame: {frame.prompt_used[:400]}" if frame else ""
            waiting = "drawing" if place == drawing else "not drawn yet"
            preview.show(frame.path if frame else None, words=waiting, told=told, ratio=self._ratio)

    @property
    def player(self) -> Player:
        """The player; its `path` is None while nothing is open."""
        return self.query_one(Player)

    def play(self, path: Path) -> None:
        """Plays a clip in place of the pictures."""
        self.query_one("#frames").display = False
        self.player.display = True
        self.player.open(path, self._ratio)
        self.player.focus()

    def close_player(self) -> bool:
        """Shows the pictures again; whether a clip was open."""
        was_open = self.player.path is not None
        if was_open:
            self.player.close()
            self.player.display = False
            self.query_one("#frames").display = True
        return was_open

    def _state(
        self, project: ProjectView, scene: SceneView, slot: str, progress: Progress, now: datetime
    ) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        look = state_of(project, scene)
        left: list[Part] = [
            (f"{self._mark(slot == 'clip')} ", "line--bright"),
            (f"{look.mark(self._plain)} {look.word}", look.css_class),
        ]
        left += [(f"   {words}", "line--muted") for words in status_words(project, scene, now)]
        part = scene_progress(project, scene, progress, now)
        if part is None or (filming(scene) is None and look.name != "working"):
            playable = slot == "clip" and scene.clip is not None and scene.clip.path is not None
            plays = ((key_of("play"), "line--key"), (" plays ", "line--muted"))
            return tuple(left), plays if playable and self.player.path is None else ()
        full, empty = bar(part, _BAR, plain=self._plain)
        return tuple(left), ((full, "state--working"), (empty, "line--rule"), (f" {part:>4.0%} ", "line--muted"))

    def _mark(self, chosen: bool) -> str:
        return (">" if self._plain else "▸") if chosen else " "

    def _show_trouble(self, scene: SceneView) -> None:
        sentence = scene_sentence(scene)
        if not sentence and scene.note:
            sentence = one_line(f"Your note: {scene.note}")
        words = self.query_one("#scene-trouble", Static)
        if words.content != sentence:
            words.update(sentence)
        words.display = bool(sentence)
        words.set_class(scene.trouble is not None, "-trouble")
        self._show_remedies(remedies_of(scene))

    def _show_remedies(self, remedies: Sequence[Remedy]) -> None:
        if tuple(remedies) == self._remedies:
            return
        self._remedies = tuple(remedies)
        row = self.query_one("#remedies")
        row.display = bool(remedies)
        row.remove_children()
        row.mount_all([RemedyLabel(remedy) for remedy in remedies])

    def action_cursor_down(self) -> None:
        """Scrolls the texts down."""
        self.query_one("#texts").scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        """Scrolls the texts up."""
        self.query_one("#texts").scroll_up(animate=False)

    def action_page_down(self) -> None:
        """Scrolls the texts a page down."""
        self.query_one("#texts").scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Scrolls the texts a page up."""
        self.query_one("#texts").scroll_page_up(animate=False)

    def action_first(self) -> None:
        """To the first text."""
        self.query_one("#texts").scroll_home(animate=False)

    def action_last(self) -> None:
        """To the last text."""
        self.query_one("#texts").scroll_end(animate=False)

    def action_cursor_left(self) -> None:
        """To what is left of what is chosen."""
        self.post_message(self.Sideways(-1))

    def action_cursor_right(self) -> None:
        """To what is right of what is chosen."""
        self.post_message(self.Sideways(1))

"""What is looked at in the review: a picture, a pair, a clip that plays, or the storyboard; as large as it can be."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from vidpipe_tui.domain.views import FrameView, ProjectView
from vidpipe_tui.pictures.fit import ratio_of
from vidpipe_tui.pictures.palette import Depth
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.player import Player
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.preview_store import store_of
from vidpipe_tui.widgets.review_items import ReviewItem, title_of
from vidpipe_tui.widgets.storyboard_text import storyboard_text

_MOST_BOARD = 110
_BESIDE_PAIR = 3
"""Cells left of, between and right of two pictures."""
_BESIDE_BOARD = 5
"""Cells left and right of the storyboard: padding and the scroll bar."""


class ReviewStage(Vertical):
    """Shows one item of a project at a time, in one place."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"board--title", "board--label"}

    _project: ProjectView | None = None

    def compose(self) -> ComposeResult:
        """Two pictures beside each other (the second often hidden), the player, the storyboard."""
        with Horizontal(id="review-pictures"):
            yield Preview(node_id="review-picture")
            yield Preview(node_id="review-second")
        yield Player(node_id="review-player")
        with VerticalScroll(id="review-storyboard", can_focus=False):
            yield Static("", markup=False, id="storyboard-text")

    def on_mount(self) -> None:
        """Starts with one picture."""
        for name in ("#review-second", "#review-player", "#review-storyboard"):
            self.query_one(name).display = False

    @property
    def player(self) -> Player:
        """The player; its `path` is None while nothing is open."""
        return self.query_one(Player)

    @property
    def board(self) -> VerticalScroll:
        """The storyboard, where it is shown."""
        return self.query_one("#review-storyboard", VerticalScroll)

    def show(self, project: ProjectView, item: ReviewItem, *, other: FrameView | None, pair: bool) -> None:
        """Shows an item; `other` another take in the frame's place, `pair` both keyframes of the scene."""
        text = item.spot[0] is None
        player = self.player
        if player.path is not None and (item.spot[1] != "clip" or pair):
            player.close()
        self.board.display = text
        self.query_one("#review-pictures").display = not text and player.path is None
        player.display = not text and player.path is not None
        self._project = project
        if text:
            self._show_board()
        else:
            self._show_pictures(project, item, other, pair=pair)

    def _show_board(self) -> None:
        if self._project is None or not self.size.width:
            return
        title, label = self.get_visual_style("board--title"), self.get_visual_style("board--label")
        width = min(_MOST_BOARD, self.size.width - _BESIDE_BOARD)
        words = storyboard_text(self._project, width, title=title, label=label)
        shown = self.query_one("#storyboard-text", Static)
        if shown.content != words:
            shown.update(words)

    def _share(self) -> None:
        """Two pictures are of one size also where the width is odd: the column that is left stays empty."""
        picture, beside = self.query_one("#review-picture", Preview), self.query_one("#review-second", Preview)
        half = max(1, (self.size.width - _BESIDE_PAIR) // 2)
        for preview in (picture, beside):
            preview.styles.width = half if beside.display else "1fr"

    def on_resize(self) -> None:
        """Pictures and texts share the new width."""
        self._share()
        if self.board.display:
            self._show_board()

    def _show_pictures(self, project: ProjectView, item: ReviewItem, other: FrameView | None, *, pair: bool) -> None:
        index, slot = item.spot
        scene = project.scenes[index or 0]
        frame = scene.end if slot == "end" else scene.start
        first = other.path if other is not None else frame.path if frame is not None else None
        second = None
        if pair or slot == "clip":
            first = scene.start.path if scene.start is not None else None
            second = scene.end.path if scene.end is not None else None
        picture, beside = self.query_one("#review-picture", Preview), self.query_one("#review-second", Preview)
        beside.display = second is not None
        self._share()
        told = f"{title_of(project, item)}: {item.prompt[:600]}"
        for preview, path in ((picture, first), (beside, second)):
            preview.show(path, words="not drawn yet", told=told, ratio=ratio_of(project.aspect_ratio))

    def draw_ahead(self, path: Path | None) -> None:
        """Draws the picture that is likely to be looked at next, so that it stands there at once."""
        store, box = store_of(self.app), self.query_one("#review-picture", Preview).box()
        if path is None or store.depth is Depth.NONE or not box.width or self.query_one("#review-second").display:
            return
        wanted = store.large(path, box.width, box.height)
        if store.get(wanted) is None:
            latest(self, partial(store.draw, wanted), "ahead")

    def play(self, path: Path, ratio: float) -> None:
        """Plays a clip in place of the pictures."""
        self.query_one("#review-pictures").display = False
        self.player.display = True
        self.player.open(path, ratio)
        self.player.focus()

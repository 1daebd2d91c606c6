"""Plays a clip in place, as half blocks: decoded in a thread, at the pace the terminal takes, never faster."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from vidpipe_tui.errors import MediaError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.media.small_clips import SMALL_SIDE, playable
from vidpipe_tui.pictures.clip import ClipFrames
from vidpipe_tui.pictures.fit import Box, fit
from vidpipe_tui.pictures.lines import encode, row_codes
from vidpipe_tui.pictures.palette import Depth, to_codes
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.backlog import PACES, Pace, over_the_net, writer_backlog
from vidpipe_tui.widgets.preview_store import store_of
from vidpipe_tui.widgets.preview_strip import MixedStrip, PictureRow, PictureStrip
from vidpipe_tui.widgets.words import fit as fit_text

_KEPT_FRAMES = 240


class _Reel:
    """A clip in its thread: frames as lines ready for the terminal, the latest kept."""

    def __init__(self, path: Path, box: Box, depth: Depth, *, grey: bool) -> None:
        small_enough = max(box.width, box.height * 2) <= SMALL_SIDE
        self._frames = ClipFrames(playable(path) if small_enough else path, box.width, box.height * 2)
        self._depth = depth
        self._grey = grey
        self._kept: dict[int, list[PictureStrip]] = {}
        self.rate = self._frames.rate
        self.count = self._frames.count

    def lines(self, index: int) -> list[PictureStrip]:
        """The frame as lines."""
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        pixels = self._frames.frame(index)
        codes = to_codes(pixels, self._depth, grey=self._grey, dither=False)
        made = []
        for place, (upper, lower) in enumerate(row_codes(codes)):
            rows = slice(place * 2, place * 2 + 2)
            ready = encode(upper, lower, self._depth)
            made.append(PictureStrip(PictureRow(pixels[rows], codes[rows], self._depth, self._grey, ready)))
        if len(self._kept) >= _KEPT_FRAMES:
            self._kept.pop(next(iter(self._kept)))
        self._kept[index] = made
        return made

    def lighten(self) -> None:
        """Goes on in 256 colours: a quarter of the bytes."""
        if self._depth is Depth.COARSE:
            self._depth = Depth.INDEXED
            self._kept = {}

    def close(self) -> None:
        """Gives the file back."""
        self._frames.close()


class Player(Widget, can_focus=True):
    """Shows a clip with a line of where it is below. Without pictures (no colours, images off) only the line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("player")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"player--words", "player--empty"}

    class Ended(Message):
        """The clip played to its end."""

    def __init__(self, *, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self._path: Path | None = None
        self._ratio = 16 / 9
        self._reel: _Reel | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="player")
        self._shown: list[PictureStrip] = []
        self._words = ""
        self._index = 0
        self._playing = False
        self._pace = Pace()
        self._lines: list[Strip] | None = None

    @property
    def playing(self) -> bool:
        """Whether it moves."""
        return self._playing

    @property
    def index(self) -> int:
        """The frame that is shown."""
        return self._index

    @property
    def path(self) -> Path | None:
        """The clip that is open."""
        return self._path

    def open(self, path: Path, ratio: float, *, play: bool = True) -> None:
        """Opens a clip at its first frame and plays it."""
        self._path, self._ratio, self._index = path, ratio, 0
        self._playing = play
        self._pace = Pace(slow=over_the_net())
        self._run()

    def close(self) -> None:
        """Stops, and gives the clip back."""
        self._playing, self._path = False, None
        self.workers.cancel_node(self)
        self._drop_reel()
        self._show([])

    def _drop_reel(self) -> None:
        reel, self._reel = self._reel, None
        if reel is not None:
            self._thread.submit(reel.close)

    def on_unmount(self) -> None:
        """Gives clip and thread back."""
        self._drop_reel()
        self._thread.shutdown(wait=False)

    def on_resize(self) -> None:
        """Goes on at the new size."""
        if self._path is not None:
            self._drop_reel()
            self._run()

    def box(self) -> Box:
        """Where the picture lies, in cells; the last line is for words."""
        return fit(self.size.width, self.size.height - 1, self._ratio)

    def _run(self) -> None:
        if self.size.height > 1 and self._path is not None:
            latest(self, partial(self._play, self._path), "player")

    async def _play(self, path: Path) -> None:
        loop = asyncio.get_running_loop()
        store = store_of(self.app)
        if store.depth is Depth.NONE:
            self._playing = False
            self._say("This terminal shows no pictures; o opens the clip outside.")
            return
        try:
            if self._reel is None:
                depth = {Depth.TRUE: Depth.INDEXED if over_the_net() else Depth.COARSE}.get(store.depth, store.depth)
                self._reel = await loop.run_in_executor(
                    self._thread, lambda: _Reel(path, self.box(), depth, grey=store.grey)
                )
            await self._show_frame(self._reel, self._index)
            while self._playing and self._reel is not None:
                await self._play_on(self._reel)
        except MediaError as error:
            self._playing = False
            self._say(f"{error.message} {error.hint}")

    async def _play_on(self, reel: _Reel) -> None:
        """Plays from where it is until paused, over, or the line is too slow. Frames that are late are left out."""
        started, first = time.monotonic(), self._index
        while self._playing:
            rate = self._pace.rate
            if not rate:
                self._playing = False
                self._say("The line is too slow to play on; < and > step through it.")
                return
            step = max(1, round(reel.rate / rate))
            target = max(self._index + step, first + int((time.monotonic() - started) * reel.rate))
            if target >= reel.count:
                self._playing = False
                await self._show_frame(reel, reel.count - 1)
                self.post_message(self.Ended())
                return
            lines = asyncio.get_running_loop().run_in_executor(self._thread, reel.lines, target)
            await asyncio.sleep(max(0.0, started + (target - first) / reel.rate - time.monotonic()))
            self._index = target
            made = await lines
            if not self._pace.saw(writer_backlog(self.app)):
                self._show(made)
            elif self._pace.rate < PACES[0]:
                reel.lighten()

    async def _show_frame(self, reel: _Reel, index: int) -> None:
        self._index = index
        self._show(await asyncio.get_running_loop().run_in_executor(self._thread, reel.lines, index))

    def _say(self, words: str) -> None:
        self._words = words
        self._lines = None
        self.refresh()

    def _where(self) -> str:
        if self._reel is None:
            return ""
        at, end = self._index / self._reel.rate, self._reel.count / self._reel.rate
        state = "playing" if self._playing else "paused"
        pace = f"   {min(self._pace.rate, self._reel.rate):.0f} a second" if self._playing else ""
        return f"{state}   {at:4.1f} of {end:.1f} s   frame {self._index + 1} of {self._reel.count}{pace}"

    def _show(self, lines: list[PictureStrip]) -> None:
        """Shows a frame; only the lines that differ are sent to the terminal."""
        before, self._shown = self._shown, lines
        self._words = self._where()
        self._lines = None
        if len(before) != len(lines):
            self.refresh()
            return
        box = self.box()
        changed = [
            Region(0, box.top + y, self.size.width, 1)
            for y, (old, new) in enumerate(zip(before, lines, strict=True))
            if old is not new and old.render(self.app.console) != new.render(self.app.console)
        ]
        self.refresh(*changed, Region(0, self.size.height - 1, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The frame and the line of words."""
        if self._lines is None or len(self._lines) != self.size.height:
            self._lines = self._make_lines()
        return [line.crop(crop.x, crop.right) for line in self._lines[crop.y : crop.bottom]]

    def _make_lines(self) -> list[Strip]:
        box, (width, height) = self.box(), self.size
        filters, background = self.get_line_filters(), self.background_colors[1]

        def filtered(line: Strip) -> Strip:
            for line_filter in filters:
                line = line.apply_filter(line_filter, background)
            return line

        blank = self.rich_style
        row = filtered(Strip.blank(width, blank))
        left = filtered(Strip.blank(box.left, blank))
        right = filtered(Strip.blank(max(0, width - box.left - box.width), blank))
        inside: list[Strip] = [filtered(line) for line in self._shown]
        if len(inside) != box.height or inside[0].cell_length != box.width:
            inside = [filtered(Strip.blank(box.width, self.get_component_rich_style("player--empty")))] * box.height
        if box.width < width:
            inside = [MixedStrip([left, line, right]) for line in inside]
        words = Segment(fit_text(self._words, width - box.left), self.get_component_rich_style("player--words"))
        below = MixedStrip([left, filtered(Strip([words]))])
        return [*([row] * box.top), *inside, *([row] * (height - 1 - box.top - len(inside))), below]

    def action_play(self) -> None:
        """Plays, pauses; at the end from the beginning."""
        if self._reel is None:
            return
        self._playing = not self._playing
        if self._playing and self._index >= self._reel.count - 1:
            self._index = 0
        if self._playing and not self._pace.rate:
            self._pace = Pace(slow=True)
        self._run()

    def _go_to(self, index: int) -> None:
        if self._reel is not None:
            self._index = max(0, min(index, self._reel.count - 1))
            self._run()

    def action_frame_back(self) -> None:
        """One frame back; pauses."""
        self._playing = False
        self._go_to(self._index - 1)

    def action_frame_forward(self) -> None:
        """One frame on; pauses."""
        self._playing = False
        self._go_to(self._index + 1)

    def action_tenth(self, tenth: int) -> None:
        """To that tenth of the clip; goes on playing if it played."""
        if self._reel is not None:
            self._go_to(self._reel.count * tenth // 10)

    def on_click(self, event: events.Click) -> None:
        """Plays or pauses."""
        event.stop()
        self.action_play()

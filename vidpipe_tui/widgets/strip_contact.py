"""A contact sheet: the keyframes of a film as small numbered pictures, drawn as one widget."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from vidpipe_tui.pictures.fit import fit
from vidpipe_tui.pictures.palette import Depth
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.preview_store import Drawn, Wanted, store_of
from vidpipe_tui.widgets.preview_strip import MixedStrip, padded
from vidpipe_tui.widgets.words import fit as fit_text

MOST = 24
"""More pictures than this are not looked at one by one."""


def tile_size(count: int, width: int, height: int, ratio: float) -> tuple[int, int, int]:
    """(columns, picture width, picture height) of the largest tiles of which `count` fit, a label line under each.

    Where even the smallest (2 lines) do not fit, as many as there is room for.
    """
    for lines in range(height - 1, 1, -1):
        tile = fit(width, lines, ratio)
        columns = max(1, (width + 1) // (tile.width + 1))
        if tile.height == lines and -(-count // columns) * (lines + 1) <= height:
            return columns, tile.width, lines
    tile = fit(width, 2, ratio)
    return max(1, (width + 1) // (tile.width + 1)), tile.width, 2


class ContactStrip(Widget):
    """Shows pictures side by side, each with its label below. They come in as they are drawn; nothing moves."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"contact--label", "contact--empty"}

    def __init__(self, *, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self._frames: tuple[tuple[str, Path | None], ...] = ()
        self._ratio = 16 / 9
        self._wanted: list[Wanted | None] = []
        self._lines: list[Strip] | None = None

    def show(self, frames: Sequence[tuple[str, Path | None]], *, ratio: float = 16 / 9) -> None:
        """Shows (label, picture) pairs; a picture that is not there yet is an empty frame."""
        frames = tuple(frames[:MOST])
        if frames != self._frames or ratio != self._ratio:
            self._frames, self._ratio = frames, ratio
            self._ask()

    def on_resize(self) -> None:
        """Draws again at the new size."""
        self._ask()

    def _ask(self) -> None:
        _, width, height = tile_size(len(self._frames), *self.size, self._ratio)
        store = store_of(self.app)
        drawable = store.depth is not Depth.NONE and self.size.height > 2
        self._wanted = [
            Wanted.of(path, width, height) if path is not None and drawable else None for _, path in self._frames
        ]
        missing = [wanted for wanted in self._wanted if wanted is not None and store.get(wanted) is None]
        if missing:
            latest(self, partial(self._draw, missing), "contact strip")
        self._repaint()

    async def _draw(self, missing: list[Wanted]) -> None:
        for wanted in missing:
            await store_of(self.app).draw(wanted)
            if wanted in self._wanted:
                self._repaint(self._tile(self._wanted.index(wanted)))

    def _tile(self, index: int) -> Region:
        """Where a picture is: the others need not be written again, which takes a second on a slow line."""
        columns, width, height = tile_size(len(self._frames), *self.size, self._ratio)
        row, column = divmod(index, columns)
        return Region(column * (width + 1), row * (height + 1), width, height)

    def _repaint(self, *tiles: Region) -> None:
        self._lines = None
        self.refresh(*tiles)

    def notify_style_update(self) -> None:
        """Another theme: labels and empty frames have other colours."""
        self._lines = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the sheet; made once, and cut to what is asked for."""
        if self._lines is None or len(self._lines) != self.size.height:
            self._lines = self._make_lines()
        return [line.crop(crop.x, crop.right) for line in self._lines[crop.y : crop.bottom]]

    def _make_lines(self) -> list[Strip]:
        width, height = self.size
        columns, tile_width, tile_height = tile_size(len(self._frames), width, height, self._ratio)
        lines: list[Strip] = []
        for first in range(0, len(self._frames), columns):
            if len(lines) + tile_height + 1 > height:
                break
            lines += self._tile_row(first, columns, tile_width, tile_height)
        lines += [Strip([], 0)] * (height - len(lines))
        background = self.background_colors[1]
        lines = [padded(line, width, self.rich_style) for line in lines[:height]]
        for line_filter in self.get_line_filters():
            lines = [line.apply_filter(line_filter, background) for line in lines]
        return lines

    def _tile_row(self, first: int, columns: int, width: int, height: int) -> list[Strip]:
        blank, empty = self.rich_style, self.get_component_rich_style("contact--empty")
        label = self.get_component_rich_style("contact--label")
        frames = self._frames[first : first + columns]
        drawn = [self._drawn(index) for index in range(first, first + len(frames))]
        gap = Strip.blank(1, blank)
        lines: list[Strip] = []
        for y in range(height):
            parts: list[Strip] = []
            for picture in drawn:
                ready = picture is not None and len(picture.lines) == height
                parts += [picture.lines[y] if picture and ready else Strip.blank(width, empty), gap]
            lines.append(MixedStrip(parts))
        words = [Segment(fit_text(f" {text}", width) + " ", label) for text, _ in frames]
        return [*lines, Strip(words)]

    def _drawn(self, index: int) -> Drawn | None:
        wanted = self._wanted[index] if index < len(self._wanted) else None
        return store_of(self.app).get(wanted) if wanted is not None else None

"""Draws and writes only what changed.

Textual asks every widget for all of its lines at each change, and writes what it was given also where the same stands
there already: a layout that is done in three steps is three times the screen, which a slow line has to carry.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from rich.console import RenderableType
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip


class LineCompositor(Compositor):
    """Textual's compositor, which takes from each widget the lines between the first and the last that changed.

    A key in the list then costs two thirds, and so does each tick of a film under way.
    """

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None:
            yield from super()._get_renders(crop)
            return
        overlaps, intersection = Region.overlaps, Region.intersection
        for widget, (region, clip) in self.visible_widgets.items():
            if not overlaps(crop, region):
                continue
            # Whole lines: they are divided where widgets begin and end, not where the change does.
            shown = intersection(region, clip)
            lines = intersection(shown, Region(shown.x, crop.y, shown.width, crop.height))
            if lines:
                yield region, lines, widget.render_lines(lines.translate(-region.offset))


class Standing:
    """What stands on the terminal, line by line as pieces at their columns; what is there already is not written again.

    It holds for one screen at one size. Whoever writes to the terminal beside it says `forget`.
    """

    def __init__(self) -> None:
        self._screen: Screen[Any] | None = None
        self._size = Size(0, 0)
        self._lines: list[dict[int, Strip]] = []

    def forget(self) -> None:
        """Nothing is known of what stands there."""
        self._lines = []

    def changes(self, screen: Screen[Any], update: RenderableType | None) -> RenderableType | None:
        """The part of a screen's update that is news (the place of the cursor always is); it counts as written."""
        if self._screen is not screen or self._size != screen.size:
            self._screen, self._size = screen, screen.size
            self.forget()
        if isinstance(update, LayoutUpdate):
            self._take_over(update)
        elif isinstance(update, ChopsUpdate):
            if not self._lines:
                self._lines = [{} for _ in range(self._size.height)]
            spans = update.spans
            update.spans = [span for span in spans if self._is_news(update, *span)] or spans[:1]
        elif update is not None:
            self.forget()
        return update

    def _take_over(self, update: LayoutUpdate) -> None:
        # Its lines are read twice: here, and when they are written.
        update.strips = [list(line) for line in update.strips]
        self._lines = []
        for line in update.strips:
            pieces: dict[int, Strip] = {}
            column = 0
            for strip in cast("list[Strip]", line):
                pieces[column] = strip
                column += strip.cell_length
            self._lines.append(pieces)

    def _is_news(self, update: ChopsUpdate, y: int, first: int, last: int) -> bool:
        """Takes out of one line of an update what stands there; whether anything is left."""
        standing, pieces = self._lines[y], cast("dict[int, Strip | None]", update.chops[y])
        news = False
        for end, (column, strip) in zip(update.chop_ends[y], pieces.items(), strict=False):
            if strip is None or column >= last or end <= first:
                continue
            if standing.get(column) == strip:
                pieces[column] = None
                continue
            news = True
            for start, piece in list(standing.items()):
                if start < end and start + piece.cell_length > column:
                    del standing[start]
            if end <= last:
                standing[column] = strip
        return news

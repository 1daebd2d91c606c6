"""Draws and writes only what changed.

Textual asks every widget for all of its lines at each change, and writes what it was given also where the same stands
there already: a layout that is done in three steps is three times the screen, which a slow line has to carry.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import cast

from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region, Size
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
            if lines.contains_region(crop):
                return  # what lies behind is covered


class Standing:
    """What stands on the terminal, line by line as pieces at their columns; what is there already is not written again.

    Pieces are known by what was written for them (it is kept with a strip): two pictures that a terminal shows by
    placeholders have the same cells, and taking a picture apart to compare it costs as much as making it. Whoever
    writes to the terminal beside it says `forget`.
    """

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._lines: list[dict[int, tuple[int, str]]] = []
        """For each line: where a piece begins, how many cells it has, and what was written."""

    def forget(self) -> None:
        """Nothing is known of what stands there."""
        self._lines = []

    def changes(self, size: Size, console: Console, update: RenderableType | None) -> RenderableType | None:
        """The part of an update of a terminal of that size that is news (the place of the cursor always is); it counts
        as written.
        """
        if size != self._size:
            self._size = size
            self.forget()
        if isinstance(update, LayoutUpdate):
            update = _in_pieces(update)
        elif update is not None and not isinstance(update, ChopsUpdate):
            self.forget()
        if isinstance(update, ChopsUpdate):
            self._lines += [{} for _ in range(len(update.chops) - len(self._lines))]
            spans = update.spans
            update.spans = [span for span in spans if self._is_news(update, console, *span)] or spans[:1]
            return update if spans else None
        return update

    def _is_news(self, update: ChopsUpdate, console: Console, y: int, first: int, last: int) -> bool:
        """Takes out of one line of an update what stands there; whether anything is left."""
        standing, pieces = self._lines[y], cast("dict[int, Strip | None]", update.chops[y])
        news = False
        for end, (column, strip) in zip(update.chop_ends[y], pieces.items(), strict=False):
            if strip is None or column >= last or end <= first:
                continue
            piece = strip.cell_length, strip.render(console)
            if standing.get(column) == piece:
                pieces[column] = None
                continue
            news = True
            for start, (cells, _) in list(standing.items()):
                if start < end and start + cells > column:
                    del standing[start]
            if end <= last:
                standing[column] = piece
        return news


def _in_pieces(update: LayoutUpdate) -> ChopsUpdate:
    """An update of all lines as one that says where in its line each piece begins and ends."""
    chops: list[dict[int, Strip]] = []
    ends: list[list[int]] = []
    for line in update.strips:
        pieces = list(line)
        after = list(accumulate(strip.cell_length for strip in pieces))
        chops.append(dict(zip([0, *after], pieces, strict=False)))
        ends.append(after)
    return ChopsUpdate(chops, [(y, 0, row[-1]) for y, row in enumerate(ends) if row], ends)

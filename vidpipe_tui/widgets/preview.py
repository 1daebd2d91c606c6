"""A keyframe as half blocks, as large as its place allows, letterboxed; words while there is none."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from vidpipe_tui.pictures.fit import Box, fit
from vidpipe_tui.pictures.palette import Depth
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.preview_store import Drawn, Wanted, store_of
from vidpipe_tui.widgets.preview_strip import MixedStrip
from vidpipe_tui.widgets.words import one_line


class Preview(Widget):
    """Shows one picture file. It is read and drawn off the loop; until then its place stands empty, of the same size.

    The widget takes no border and no padding: its lines go to the compositor as they are.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"preview--empty", "preview--words"}

    class Pressed(Message):
        """The picture was clicked."""

        def __init__(self, preview: Preview) -> None:
            super().__init__()
            self.preview = preview

        @property
        def control(self) -> Preview:
            """The preview that was clicked."""
            return self.preview

    def __init__(
        self,
        *,
        ratio: float = 16 / 9,
        words: str = "",
        align: str = "center",
        node_id: str | None = None,
    ) -> None:
        super().__init__(id=node_id)
        self._path: Path | None = None
        self._ratio = ratio
        self._words = words
        self._told = ""
        self._align = align
        self._drawn: Drawn | None = None
        self._wanted: Wanted | None = None
        self._lines: list[Strip] | None = None

    @property
    def path(self) -> Path | None:
        """The file that is shown."""
        return self._path

    @property
    def ready(self) -> bool:
        """Whether what was asked for is drawn (or there is nothing to draw)."""
        return self._wanted is None or self._drawn is not None

    def show(self, path: Path | None, *, words: str = "", told: str = "", ratio: float | None = None) -> None:
        """Shows another file, at once where it was drawn before.

        `words` stand where there is no file yet, `told` where there is one and this terminal shows no pictures.
        """
        ratio = self._ratio if ratio is None else ratio
        said = (words, told, ratio) == (self._words, self._told, self._ratio)
        if said and path == self._path and (path is None or self._drawn):
            return
        self._path, self._words, self._told, self._ratio = path, words, told, ratio
        self._ask()

    def box(self) -> Box:
        """Where the picture lies in the widget, in cells."""
        box = fit(self.size.width, self.size.height, self._ratio)
        return box if self._align == "center" else Box(0, box.top, box.width, box.height)

    def _ask(self) -> None:
        """Takes the picture from the store, or has it drawn and shown when it is ready."""
        box = self.box()
        self._wanted = self._drawn = None
        store = store_of(self.app)
        if self._path is not None and box.width and store.depth is not Depth.NONE:
            self._wanted = store.large(self._path, box.width, box.height)
            self._drawn = store.get(self._wanted)
            if self._drawn is None:
                latest(self, partial(self._draw, self._wanted), "preview")
        self._repaint()

    async def _draw(self, wanted: Wanted) -> None:
        drawn = await store_of(self.app).draw(wanted)
        if wanted == self._wanted:
            self._drawn = drawn
            self._repaint()

    def _repaint(self) -> None:
        self._lines = None
        self.refresh()

    def on_resize(self) -> None:
        """Draws again at the new size."""
        self._ask()

    def notify_style_update(self) -> None:
        """Another theme: the empty cells have another colour."""
        self._lines = None
        super().notify_style_update()

    def on_click(self, event: events.Click) -> None:
        """Tells that the picture was clicked."""
        event.stop()
        self.post_message(self.Pressed(self))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the picture; made once, and cut to what is asked for."""
        if self._lines is None or len(self._lines) != self.size.height:
            self._lines = self._make_lines()
        lines = self._lines[crop.y : crop.bottom]
        if crop.x == 0 and crop.width == self.size.width:
            return lines
        return [line.crop(crop.x, crop.right) for line in lines]

    def _make_lines(self) -> list[Strip]:
        box, (width, height) = self.box(), self.size
        blank = self.rich_style
        right = width - box.left - box.width
        empty = Strip.blank(width, blank)
        inside = self._inside(box)
        lines = [empty] * box.top
        lines += [MixedStrip([Strip.blank(box.left, blank), part, Strip.blank(right, blank)]) for part in inside]
        lines += [empty] * (height - len(lines))
        filters = self.get_line_filters()
        background = self.background_colors[1]
        for line_filter in filters:
            lines = [line.apply_filter(line_filter, background) for line in lines]
        return lines

    def _inside(self, box: Box) -> list[Strip]:
        if self._drawn is not None and len(self._drawn.lines) == box.height:
            return list(self._drawn.lines)
        empty = self.get_component_rich_style("preview--empty")
        lines = [Strip.blank(box.width, empty)] * box.height
        if self._drawn is not None:
            words = self._drawn.problem
        elif self._wanted is not None:
            words = ""
        else:
            undrawable = store_of(self.app).depth is Depth.NONE
            words = self._words if self._path is None else self._told if undrawable else ""
        if words and box.height and box.width > 4:
            style = empty + self.get_component_rich_style("preview--words", partial=True)
            said = wrap(one_line(words), box.width - 4)[: box.height]
            first = (box.height - len(said)) // 2
            for place, text in enumerate(said, first):
                lines[place] = _centred(text, box.width, style)
        return lines


def _centred(words: str, width: int, style: Style) -> Strip:
    """The words in the middle of the width."""
    left = max(0, (width - cell_len(words)) // 2)
    return Strip([Segment(set_cell_size(" " * left + words, width), style)], width)

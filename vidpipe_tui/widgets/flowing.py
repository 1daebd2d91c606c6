"""A longer text that changes: wrapped to the width, and only the lines that differ are drawn again."""

from __future__ import annotations

from itertools import zip_longest

from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Flowing(Widget, can_focus=False):
    """Shows a text in a room of fixed height, so that another text lays nothing out anew; what is too long is cut."""

    DEFAULT_CSS = "Flowing { height: 100%; }"

    def __init__(self, *, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self._text = Text()
        self._lines: list[Strip] = []
        self._width = 0

    @property
    def text(self) -> str:
        """The words that are shown."""
        return self._text.plain

    def show(self, text: Text) -> None:
        """Shows another text, never parsed as markup; on a slow line each line that is written again counts."""
        self._text = text
        before, self._lines = self._lines, self._wrapped()
        width = self.size.width
        changed = [
            Region(0, y, width, 1)
            for y, (old, new) in enumerate(zip_longest(before, self._lines))
            if old != new and y < self.size.height
        ]
        if changed:
            self.refresh(*changed)

    def _wrapped(self) -> list[Strip]:
        width = self._width = self.size.width
        if not width:
            return []
        lines = self._text.wrap(self.app.console, width, overflow="fold")
        style = self.rich_style
        return [
            Strip(line.render(self.app.console)).apply_style(style).adjust_cell_length(width, style) for line in lines
        ]

    def render_line(self, y: int) -> Strip:
        """A line, blank below the text."""
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        """Wraps anew where the width is another."""
        if self.size.width != self._width:
            self._lines = self._wrapped()
            self.refresh()

    def notify_style_update(self) -> None:
        """Another theme: the lines carry its colours."""
        self._lines = self._wrapped()
        super().notify_style_update()

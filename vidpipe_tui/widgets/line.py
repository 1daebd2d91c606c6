"""A line of styled words, drawn straight as a strip: headers, pane titles and footers."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from vidpipe_tui.widgets.states import STATE_CLASSES
from vidpipe_tui.widgets.words import fit

Part = tuple[str, str]
"""A text and the component class it is drawn in ('' for the widget's own style)."""


class PlainLine(Widget):
    """One line: parts from the left, parts from the right, and what fills the gap. Text is never markup.

    Where there is too little room, the right parts are dropped from the left, then the left ones are cut.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line--muted", "line--bright", "line--rule", "line--key"}
    DEFAULT_CSS = "PlainLine { height: 1; width: 1fr; }"

    def __init__(
        self,
        left: tuple[Part, ...] = (),
        right: tuple[Part, ...] = (),
        *,
        node_id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=node_id, classes=classes)
        self._left = left
        self._right = right
        self._strip: tuple[int, Strip] | None = None

    def show(self, left: tuple[Part, ...] = (), right: tuple[Part, ...] = ()) -> None:
        """Replaces what the line says; nothing is drawn again if it says the same."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self._strip = None
            self.refresh()

    def notify_style_update(self) -> None:
        """Forgets the strip when the theme changed."""
        self._strip = None
        super().notify_style_update()

    def fill(self) -> Part:
        """What fills the gap between left and right: a character and its component class."""
        return " ", ""

    def render_line(self, y: int) -> Strip:
        """The line as a strip, made once per width and content."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        if self._strip is None or self._strip[0] != width:
            self._strip = (width, self._draw(width))
        return self._strip[1]

    def _draw(self, width: int) -> Strip:
        right = list(self._right)
        left_width = sum(cell_len(text) for text, _ in self._left)
        while right and left_width + sum(cell_len(text) for text, _ in right) + 1 > width:
            right.pop(0)
        room = width - sum(cell_len(text) for text, _ in right)
        segments = []
        for text, name in self._left:
            piece = text if cell_len(text) <= room else fit(text, room)
            room -= cell_len(piece)
            segments.append(Segment(piece, self._style(name)))
        char, name = self.fill()
        segments.append(Segment(char * room, self._style(name)))
        segments.extend(Segment(text, self._style(name)) for text, name in right)
        return Strip([segment for segment in segments if segment.text], width)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name) if name else self.rich_style


class Line(PlainLine):
    """A line that can show states too: each class more costs at the first paint."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(STATE_CLASSES)


class Heading(PlainLine):
    """The title of a pane: a rule with the title at its left and a note at its right.

    Pieces of the note are separated by ` ─ `; where there is too little room the first ones go first.
    """

    def __init__(self, title: str, note: str = "", *, node_id: str | None = None, classes: str | None = None) -> None:
        super().__init__(*self._parts(title, note), node_id=node_id, classes=classes)

    def fill(self) -> Part:
        """The rule."""
        return ("-" if getattr(self.app, "plain", False) else "─"), "line--rule"

    def say(self, title: str, note: str = "") -> None:
        """Replaces title and note (both one line already)."""
        self.show(*self._parts(title, note))

    @staticmethod
    def _parts(title: str, note: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        left = (("─ ", "line--rule"), (f"{title} ", "line--bright")) if title else ()
        right: list[Part] = []
        for piece in note.split(" ─ ") if note else ():
            right += [(f" {piece} ", "line--muted"), ("─", "line--rule")]
        return left, tuple(right)

"""Lines to read: help, checks, settings, the ledger. Drawn line by line, moved with the usual keys, copied with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.widgets.line import Part
from vidpipe_tui.widgets.states import STATE_CLASSES


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """A line: its parts, and what copying it gives ('' where there is nothing to copy)."""

    parts: tuple[Part, ...] = ()
    copied: str = ""

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(text for text, _ in self.parts)


class Reader(ScrollView, can_focus=True):
    """Shows lines; with `chooses` one of them is chosen and can be copied, else the whole only scrolls."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *STATE_CLASSES,
        "line--muted",
        "line--bright",
        "line--rule",
        "line--key",
        "list--chosen",
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("move")

    def __init__(self, *, chooses: bool = False, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self.lines: Sequence[ReaderLine] = ()
        self.cursor = 0
        self._chooses = chooses

    @property
    def chosen(self) -> ReaderLine | None:
        """The line under the cursor."""
        return self.lines[self.cursor] if self._chooses and self.cursor < len(self.lines) else None

    def show(self, lines: Sequence[ReaderLine]) -> None:
        """Shows other lines; the cursor stays where it can."""
        self.lines = lines
        self.cursor = max(0, min(self.cursor, len(lines) - 1))
        self._measure()
        self.refresh()

    def on_resize(self) -> None:
        """Measures anew."""
        self._measure()

    def _measure(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.lines))

    def render_line(self, y: int) -> Strip:
        """A line as a strip, cut to the width."""
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        blank, under, parts = self.rich_style, Style(), self.lines[number].parts
        if self._chooses and number == self.cursor:
            chosen = self.get_component_rich_style("list--chosen")
            under = Style(bgcolor=chosen.bgcolor)
            if chosen.reverse:  # as a whole: reversed colours would be patches
                blank, parts = chosen, ((self.lines[number].text, "list--chosen"),)
        blank += under
        segments = [Segment(" ", blank)]
        for text, name in parts:
            segments.append(Segment(text, (self.get_component_rich_style(name) if name else self.rich_style) + under))
        return Strip(segments).adjust_cell_length(width, blank)

    def move_to(self, line: int) -> None:
        """Puts the cursor on a line, or scrolls there where nothing is chosen."""
        line = max(0, min(line, len(self.lines) - 1))
        top, height = self.scroll_offset.y, max(1, self.scrollable_content_region.height)
        if not self._chooses:
            self.scroll_to(y=line, animate=False, immediate=True)
            return
        for changed in (self.cursor, line):
            self.refresh(Region(0, changed - top, self.size.width, 1))
        self.cursor = line
        if line < top:
            self.scroll_to(y=line, animate=False, immediate=True)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False, immediate=True)

    @property
    def _at(self) -> int:
        return self.cursor if self._chooses else self.scroll_offset.y

    def action_cursor_down(self) -> None:
        """One line down."""
        self.move_to(self._at + 1)

    def action_cursor_up(self) -> None:
        """One line up."""
        self.move_to(self._at - 1)

    def action_page_down(self) -> None:
        """One page down."""
        self.move_to(self._at + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """One page up."""
        self.move_to(self._at - max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the first line."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the last line."""
        self.move_to(len(self.lines) - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no left and right here."""
        return False if action in {"cursor_left", "cursor_right"} else super().check_action(action, parameters)

    def on_click(self, event: events.Click) -> None:
        """Chooses a line."""
        if self._chooses:
            self.move_to(event.y + self.scroll_offset.y)

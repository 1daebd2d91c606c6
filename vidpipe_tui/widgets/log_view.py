"""The log of a film: one line per event, with a cursor; follows the newest line as long as the cursor is on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from vidpipe_tui.domain.views import EventView
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.widgets.trouble_words import in_keys
from vidpipe_tui.widgets.words import fit

KEPT = 5_000
"""Lines kept in memory; older ones are in the database."""


_AFTER = frozenset({": ", ", "})
"""What follows the scene's name in a sentence that begins with it; a line says it in its own column."""


def log_text(event: EventView) -> str:
    """An event as one line of plain text: time, scene, message."""
    time = event.time if event.time.tzinfo else event.time.replace(tzinfo=UTC)
    scene = f"scene {event.scene_index + 1}" if event.scene_index is not None else event.step
    message = in_keys(event.message)
    if event.scene_index is not None and message[: len(scene)].lower() == scene and message[len(scene) :][:2] in _AFTER:
        message = message[len(scene) + 2 :]
    return f"{time.astimezone():%H:%M:%S}  {scene:<10}  {message}"


class LogView(ScrollView, can_focus=True):
    """Shows events, oldest first. Text can be selected with the mouse; the line under the cursor can be copied."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("move", "log")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--time", "log--warning", "log--error", "log--chosen"}
    ALLOW_SELECT = True

    class Opened(Message):
        """A line is to be read in full."""

        def __init__(self, event: EventView) -> None:
            super().__init__()
            self.event = event

    class Asked(Message):
        """A command for whoever holds the log: `filter`, `open_outside` (the pager)."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self, *, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self._all: dict[int, EventView] = {}
        self._shown: list[EventView] = []
        self._filter = ""
        self._cursor = -1
        self._anchor: int | None = None
        self.following = True

    @property
    def shown(self) -> list[EventView]:
        """The events that pass the filter, oldest first."""
        return self._shown

    @property
    def newest_id(self) -> int:
        """Id of the newest event known; 0 for none."""
        return max(self._all, default=0)

    def add(self, new: Iterable[EventView]) -> None:
        """Adds events that are not known yet; the view only moves when it follows."""
        fresh = [event for event in new if event.id and event.id not in self._all and in_keys(event.message)]
        if not fresh:
            return
        ordered = all(event.id > self.newest_id for event in fresh)
        self._all.update((event.id, event) for event in fresh)
        if ordered and len(self._all) <= KEPT:
            self._shown += [event for event in fresh if self._passes(event)]
            self._changed()
        else:
            self._anchor = None
            self._all = dict(sorted(self._all.items())[-KEPT:])
            self.filter_by(self._filter)

    def filter_by(self, text: str) -> None:
        """Shows only the lines that have every word of `text`."""
        chosen, self._anchor = self.chosen, None
        self._filter = text
        self._shown = [event for event in self._all.values() if self._passes(event)]
        known = {event.id: place for place, event in enumerate(self._shown)}
        self._cursor = known.get(chosen.id, len(self._shown) - 1) if chosen else len(self._shown) - 1
        self._changed()

    @property
    def chosen(self) -> EventView | None:
        """The event under the cursor."""
        return self._shown[self._cursor] if 0 <= self._cursor < len(self._shown) else None

    @property
    def _marked(self) -> range:
        """The lines that are copied: from where marking began to the cursor."""
        other = self._cursor if self._anchor is None else self._anchor
        return range(min(self._cursor, other), max(self._cursor, other) + 1)

    def _passes(self, event: EventView) -> bool:
        text = log_text(event).casefold()
        return all(word in text for word in self._filter.casefold().split())

    def _changed(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._shown))
        if self.following:
            self._cursor = len(self._shown) - 1
            self.scroll_to(y=len(self._shown), animate=False, immediate=True, force=True)
        self.refresh()

    def on_resize(self) -> None:
        """Keeps the newest line in sight while following."""
        self._changed()

    def render_line(self, y: int) -> Strip:
        """One event, or an empty line."""
        place = y + self.scroll_offset.y
        width = self.size.width
        if place >= len(self._shown):
            return Strip.blank(width, self.rich_style)
        event = self._shown[place]
        base = self.rich_style
        if place in self._marked and self.has_focus:
            base += self.get_component_rich_style("log--chosen", partial=True)
        text = fit(log_text(event), width - 2)
        level = f"log--{event.level}" if event.level in {"warning", "error"} else ""
        words = base + self.get_component_rich_style(level, partial=True) if level else base
        time = base + self.get_component_rich_style("log--time", partial=True)
        pieces = [Segment(" ", base), Segment(text[:8], time), Segment(text[8:], words), Segment(" ", base)]
        strip = Strip(pieces, cell_len(text) + 2).adjust_cell_length(width, base)
        selection = self.text_selection
        span = selection.get_span(place) if selection is not None else None
        if span is not None:
            strip = _selected(strip, span, self.screen.get_component_rich_style("screen--selection"))
        return strip.apply_offsets(0, place)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text and what ends it."""
        text = "\n".join(" " + log_text(event) for event in self._shown)
        return selection.extract(text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draws the selection."""
        del selection
        self.refresh()

    def _move_to(self, place: int, *, marking: bool = False) -> None:
        self._anchor = (self._cursor if self._anchor is None else self._anchor) if marking else None
        self._cursor = max(0, min(place, len(self._shown) - 1))
        self.following = self._cursor >= len(self._shown) - 1
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, force=True, immediate=True)
        self.refresh()

    def action_cursor_down(self) -> None:
        """To the next line."""
        self._move_to(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """To the line before."""
        self._move_to(self._cursor - 1)

    def action_extend_down(self) -> None:
        """To the next line, marking it too."""
        self._move_to(self._cursor + 1, marking=True)

    def action_extend_up(self) -> None:
        """To the line before, marking it too."""
        self._move_to(self._cursor - 1, marking=True)

    def action_page_down(self) -> None:
        """A page on."""
        self._move_to(self._cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """A page back."""
        self._move_to(self._cursor - max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the oldest line kept."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the newest line."""
        self._move_to(len(self._shown) - 1)

    def action_follow(self) -> None:
        """Follows the newest line, or stays where it is."""
        self.following = not self.following
        self._changed()

    def action_copy(self) -> None:
        """Copies what is selected with the mouse, else the marked lines, else the line under the cursor."""
        selected = self.screen.get_selected_text()
        if selected:
            self.app.copy_to_clipboard(selected)
        elif self.chosen is not None:
            lines = self._shown[self._marked.start : self._marked.stop]
            self.app.copy_to_clipboard("\n".join(log_text(event) for event in lines))

    def action_filter(self) -> None:
        """Asks for the filter."""
        self.post_message(self.Asked("filter"))

    def action_open_outside(self) -> None:
        """Asks for the pager."""
        self.post_message(self.Asked("open_outside"))

    def key_enter(self, event: events.Key) -> None:
        """Reads the line in full."""
        event.stop()
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def on_click(self, event: events.Click) -> None:
        """Puts the cursor on the line that is clicked; a second click reads it in full."""
        place = event.y + self.scroll_offset.y
        if place < len(self._shown):
            self._move_to(place)
            if event.chain > 1 and self.chosen is not None:
                self.post_message(self.Opened(self.chosen))


def _selected(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """The strip with the characters of `span` (end -1: to the end) in the selection's style."""
    start, end = span
    end = strip.cell_length if end == -1 else end
    inside = Strip(Segment.apply_style(strip.crop(start, end), post_style=style), max(0, end - start))
    return Strip.join([strip.crop(0, start), inside, strip.crop(end)])

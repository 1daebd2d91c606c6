"""The project list on the Line API: only the lines that changed are drawn, and each is made once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from vidpipe_tui.domain.views import ProjectRow
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.keys.registry import BY_ID
from vidpipe_tui.widgets.project_rows import GroupLine, ProjectRows
from vidpipe_tui.widgets.states import STATE_CLASSES, row_look
from vidpipe_tui.widgets.words import age, bar, fit, money, one_line

if TYPE_CHECKING:
    from vidpipe_tui.app import VidpipeApp

REST_SECONDS = 0.15
"""How long the cursor must rest before details follow it."""
_WORD = 11
_KEPT_STRIPS = 4096
_MOVES = frozenset({"page_down", "page_up", "first", "last", "cursor_down", "cursor_up"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells for a list of a certain width; a column of width 0 is left out."""

    title: int
    bar: int
    count: int
    spent: int
    age: int

    @classmethod
    def of(cls, width: int) -> Columns:
        """Shares `width` out: glyph and word always, then title, bar, numbers."""
        bar_width = 16 if width >= 92 else 10 if width >= 66 else 6 if width >= 56 else 0
        count, spent, aged = 7 if width >= 62 else 0, 9, 5
        rest = 3 + _WORD + 1 + bar_width + count + spent + aged
        return cls(max(8, width - rest - 1), bar_width, count, spent, aged)


class ProjectList(ScrollView, can_focus=True):
    """Thousands of projects, one line each. The cursor is a line number; `rows` says what stands there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*STATE_CLASSES, "list--chosen", "list--muted", "list--title"}
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("move")

    class Rested(Message):
        """The cursor rests on a line: details may follow."""

        def __init__(self, row: ProjectRow | None) -> None:
            super().__init__()
            self.row = row

    class Needed(Message):
        """Lines came into view whose pages are not there."""

    class Opened(Message):
        """A line was clicked that the cursor was on already."""

    def __init__(self, *, plain: bool, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self.rows = ProjectRows()
        self.cursor = 0
        self._plain = plain
        self._step = 0
        self._strips: dict[tuple[int, bool], Strip] = {}
        self._styles: dict[str, Style] = {}
        self._width = 0
        self.moves: dict[str, Callable[[], None]] = {}
        """What each key does that only moves the cursor."""
        self._columns = Columns.of(80)
        self._resting: asyncio.TimerHandle | None = None
        self._now = datetime.now(UTC)

    # ---- what it shows

    @property
    def row(self) -> ProjectRow | None:
        """The project under the cursor, None on a group line or while its page is not there."""
        found = self.rows.at(self.cursor)
        return found if isinstance(found, ProjectRow) else None

    def show(self, rows: ProjectRows, *, keep: UUID | None = None, line: int | None = None) -> None:
        """Shows other rows; the cursor goes to the project `keep` if it is there, else to `line`."""
        self.rows = rows
        self._now = datetime.now(UTC)
        self.virtual_size = Size(self.size.width, rows.height)
        found = rows.line_of(keep) if keep is not None else None
        self.cursor = self._project_line(found if found is not None else line if line is not None else self.cursor, 1)
        self.redraw()
        self.scroll_to_cursor()
        self._ask()
        self._rest()

    def arrived(self) -> None:
        """Pages came in."""
        self.redraw()
        self._rest()

    def replace(self, row: ProjectRow) -> None:
        """Shows a newer state of a project, on its line only."""
        line = self.rows.replace(row)
        if line is not None:
            self._redraw_line(line)
            if line == self.cursor:
                self._rest()

    def redraw(self) -> None:
        """Draws every line again."""
        self._styles.clear()
        self._strips.clear()
        self.refresh()

    def turn(self) -> bool:
        """Turns the glyph of what is being worked on one step further; False if nothing in view is."""
        self._step = self._step % 4 + 1
        top = self.scroll_offset.y
        turning = False
        for line in range(top, top + self.size.height):
            row = self.rows.at(line)
            if isinstance(row, ProjectRow) and row_look(row).name == "working":
                turning = True
                self._strips.pop((line, line == self.cursor), None)
                self.refresh(Region(0, line - top, 3, 1))
        return turning

    # ---- moving

    def move_to(self, line: int, direction: int = 1) -> None:
        """Puts the cursor on a line, or on the next project in that direction where a group line stands."""
        before, self.cursor = self.cursor, self._project_line(line, direction)
        if before != self.cursor:
            self._refresh_line(before)
            self._refresh_line(self.cursor)
            self.scroll_to_cursor()
            self._rest()

    def scroll_to_cursor(self) -> None:
        """Brings the cursor into view, with the group line above it where there is one.

        It comes to the middle: a scrolled list is written whole (14 kB), which a slow line cannot do at every key.
        """
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        above = self.cursor - 1 if isinstance(self.rows.at(self.cursor - 1), GroupLine) else self.cursor
        if above < top:
            self.scroll_to(y=above - height // 2, animate=False, immediate=True)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height // 2, animate=False, immediate=True)

    def action_cursor_down(self) -> None:
        """One project down."""
        self.move_to(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """One project up."""
        self.move_to(self.cursor - 1, -1)

    def action_page_down(self) -> None:
        """One page down."""
        self.move_to(self.cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """One page up."""
        self.move_to(self.cursor - max(1, self.size.height - 1), -1)

    def action_first(self) -> None:
        """To the first project."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the last project."""
        self.move_to(self.rows.height - 1, -1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A list has no left and right; moving counts where there is something."""
        if action in {"cursor_left", "cursor_right"}:
            return False
        return self.rows.height > 0 if action in _MOVES else super().check_action(action, parameters)

    def _project_line(self, line: int, direction: int) -> int:
        line = max(0, min(line, self.rows.height - 1))
        if not isinstance(self.rows.at(line), GroupLine):
            return line
        onward = line + direction
        return onward if 0 <= onward < self.rows.height else line + 1

    def on_mount(self) -> None:
        """Learns which keys move, the person's own included."""
        methods = {
            "cursor_down": self.action_cursor_down,
            "cursor_up": self.action_cursor_up,
            "page_down": self.action_page_down,
            "page_up": self.action_page_up,
            "first": self.action_first,
            "last": self.action_last,
        }
        own = cast("VidpipeApp", self.app).own_keys
        for name, method in methods.items():
            keys = own[name].split(",") if name in own else BY_ID[name].keys
            self.moves.update(dict.fromkeys(keys, method))

    def on_key(self, event: events.Key) -> None:
        """Moves at once: through the bindings a key would first bubble up to the program, which takes twice as long."""
        if event.key in self.moves:
            event.stop()
            self.moves[event.key]()

    # ---- drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are: there is neither border nor padding that Textual would have to put around them."""
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = [self.render_line(y) for y in crop.line_range]
        for each in filters:
            strips = [strip.apply_filter(each, background) for strip in strips]
        return (
            strips
            if crop.column_span == (0, self.outer_size.width)
            else [strip.crop(*crop.column_span) for strip in strips]
        )

    def render_line(self, y: int) -> Strip:
        """A line as a strip, made once for each state of it."""
        line = y + self.scroll_offset.y
        chosen = line == self.cursor
        strip = self._strips.get((line, chosen))
        if strip is None:
            if len(self._strips) > _KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[line, chosen] = self._draw(line, chosen=chosen)
        return strip

    def _draw(self, line: int, *, chosen: bool) -> Strip:
        width = self.outer_size.width  # also where the scroll bar comes to stand
        found = self.rows.at(line)
        if isinstance(found, ProjectRow):
            segments = self._project(found, chosen=chosen)
        elif isinstance(found, GroupLine):
            words = f" {found.look.mark(self._plain)} {found.words} "
            look, muted = (self._style(name) for name in (found.look.css_class, "list--muted"))
            segments = [Segment(words, look), Segment(f"{found.total:,}", muted)]
        else:
            waiting = "  ..." if line < self.rows.height else ""
            segments = [Segment(waiting, self._style("list--muted"))]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _project(self, row: ProjectRow, *, chosen: bool) -> list[Segment]:
        """Four differently styled pieces only: every change of style costs forty bytes on the line."""
        columns = self._columns
        look = row_look(row)
        state, muted, title = (self._style(name) for name in (look.css_class, "list--muted", "list--title"))
        if chosen:
            title = self._style("list--chosen")
            under = Style(bgcolor=title.bgcolor)
            # Without backgrounds the line is reversed, as a whole: reversed colours would be patches.
            state, muted = (title, title) if title.reverse else (state + under, muted + under)
        filled, empty = bar(row.done / row.total if row.total else 0.0, columns.bar, plain=self._plain)
        count = f"{row.scenes_done}/{row.scenes}" if row.scenes else ""
        numbers = f" {fit(count, columns.count - 1, right=True)}" if columns.count else ""
        numbers += fit(money(row.spent), columns.spent, right=True)
        numbers += fit(age(row.updated_at, self._now), columns.age, right=True)
        return [
            Segment(f" {look.mark(self._plain, self._step)} ", state),
            Segment(fit(one_line(row.title) or "untitled", columns.title) + " ", title),
            Segment(fit(look.word, _WORD) + filled, state),
            Segment(empty + numbers + " ", muted),
        ]

    def _style(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self.get_component_rich_style(name)
        return style

    def _redraw_line(self, line: int) -> None:
        self._strips.pop((line, True), None)
        self._strips.pop((line, False), None)
        self._refresh_line(line)

    def _refresh_line(self, line: int) -> None:
        self.refresh(Region(0, line - self.scroll_offset.y, self._width, 1))  # not the scroll bar: it costs 90 bytes

    # ---- events

    def on_resize(self) -> None:
        """Shares the width out anew."""
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, self.rows.height)
        if width != self._width:
            self._width, self._columns = width, Columns.of(width)
            self.redraw()
            self._rest()  # the details may have got room, or another one
        self.scroll_to_cursor()
        self._ask()

    def on_focus(self) -> None:
        """The cursor is bright while it can be moved."""
        self._styles.pop("list--chosen", None)
        self._redraw_line(self.cursor)

    def on_blur(self) -> None:
        """And dimmer while it cannot."""
        self._styles.pop("list--chosen", None)
        self._redraw_line(self.cursor)

    def notify_style_update(self) -> None:
        """Another theme."""
        self._styles.clear()
        self._strips.clear()
        super().notify_style_update()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Asks for the pages that came into view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._ask()

    def on_click(self, event: events.Click) -> None:
        """Chooses a line; a second click opens it."""
        line = event.y + self.scroll_offset.y
        if line >= self.rows.height or isinstance(self.rows.at(line), GroupLine):
            return
        if line == self.cursor and event.chain > 1:
            self.post_message(self.Opened())
        else:
            self.move_to(line)

    def _ask(self) -> None:
        top = self.scroll_offset.y
        if any(self.rows.missing(top, top + max(1, self.size.height))):
            self.post_message(self.Needed())

    def _rest(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(REST_SECONDS, self._rested)

    def _rested(self) -> None:
        self._resting = None
        if self.is_attached:
            self.post_message(self.Rested(self.row))

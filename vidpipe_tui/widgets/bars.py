"""The top line of a screen, and the bottom line that shows the keys which count now."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.screen import Screen

from vidpipe_tui.keys.binding import Pressable, pressable
from vidpipe_tui.keys.registry import shown
from vidpipe_tui.widgets.line import Line, Part, PlainLine

_LAST = frozenset({"back", "help"})
"""These two always have their place, at the end."""


class TopLine(Line):
    """What the screen is, at the left; how things stand, at the right."""


class CommandLine(PlainLine):
    """Keys and titles of the footer's commands that can be pressed now; `help` always stays. Click one to do it."""

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[int, int, Pressable]] = []

    def on_mount(self) -> None:
        """Follows what is focused."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self.call_after_refresh(self._changed, self.screen)

    def on_resize(self) -> None:
        """Shows as many as there is room for."""
        self._changed(self.screen)

    def _changed(self, screen: Screen[object]) -> None:
        if not screen.is_attached or not self.size.width:
            return
        also: frozenset[str] = getattr(screen, "footer_also", frozenset())
        pressed = (found for found in pressable(screen) if found.enabled)
        shown_at_all = [found for found in pressed if found.command.footer or found.command.id in also]
        wanted = sorted(shown_at_all, key=lambda found: found.command.footer)
        last = [found for found in wanted if found.command.id in _LAST]
        room = self.size.width - sum(self._width(found) for found in last)
        parts: list[Part] = []
        self._places = []
        at = 0
        for found in [found for found in wanted if found not in last] + last:
            width = self._width(found)
            if found not in last:
                room -= width
                if room < 0:
                    continue
            parts += [(shown(found.keys[0]), "line--key"), (f" {found.command.title}   ", "")]
            self._places.append((at, at + width, found))
            at += width
        self.show(tuple(parts))

    @staticmethod
    def _width(found: Pressable) -> int:
        return cell_len(shown(found.keys[0])) + cell_len(found.command.title) + 4

    async def on_click(self, event: events.Click) -> None:
        """The same as pressing the key."""
        for first, after, found in self._places:
            if first <= event.x - self.styles.padding.left < after:
                await self.app.run_action(found.command.id, found.node)

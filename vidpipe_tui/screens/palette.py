"""The command palette: the registry's commands that count on the screen it was asked from, found by their words."""

from __future__ import annotations

from pathlib import PurePath
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from vidpipe_tui.keys.binding import Pressable, reachable
from vidpipe_tui.keys.registry import Command, shown
from vidpipe_tui.screens.base import EndsOnce
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.background import present
from vidpipe_tui.widgets.line import Heading
from vidpipe_tui.widgets.reader import Reader, ReaderLine
from vidpipe_tui.widgets.words import fit

_NOT_LISTED = frozenset({"tenth", "palette", "back", "focus_next", "focus_previous", "Moving"})
_TITLE, _KEY = 16, 10
_HELP_WEIGHT = 0.6


class PaletteScreen(EndsOnce[Pressable | None], ModalScreen[Pressable | None]):
    """The result is the chosen command, or None. Letters are words to look for; arrows and tab choose."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [style_sheet("reading.tcss"), style_sheet("dialogs.tcss")]

    def __init__(self, asked_from: Screen[object]) -> None:
        super().__init__(classes="dialog")
        self._commands = [
            found
            for found in reachable(asked_from)
            if found.enabled and not {found.command.id, found.command.group} & _NOT_LISTED
        ]
        self._found: list[Pressable] = []

    def compose(self) -> ComposeResult:
        """The field, and the commands below."""
        with Vertical(id="palette-box"):
            yield Heading("Commands", "enter does it, esc closes")
            yield Input(placeholder="what to do", compact=True, id="palette-input")
            yield Reader(chooses=True, node_id="palette-list")

    def on_mount(self) -> None:
        """Starts with everything."""
        self.query_one(Reader).can_focus = False
        self.call_after_refresh(self._look)  # once it is known how wide the lines are

    def on_input_changed(self, message: Input.Changed) -> None:
        """Follows what is typed."""
        message.stop()
        self._look()

    def _look(self) -> None:
        if not present(self):
            return
        self._found = _matching(self._commands, self.query_one(Input).value.strip())
        reader = self.query_one(Reader)
        room = max(10, reader.size.width - _TITLE - _KEY - 3) if reader.size.width else 60
        reader.show(
            [
                ReaderLine(
                    (
                        (fit(found.command.title, _TITLE), "line--bright"),
                        (fit(found.command.help, room), "line--muted"),
                        (fit(shown(found.keys[0]) if found.keys else "", _KEY, right=True), "line--key"),
                    )
                )
                for found in self._found
            ]
            or [ReaderLine((("No command has these words.", "line--muted"),))]
        )
        reader.move_to(0)

    def on_resize(self) -> None:
        """Lays the lines out for the width."""
        self.call_after_refresh(self._look)

    def on_key(self, event: events.Key) -> None:
        """Arrows, tab and pages choose; the field keeps the letters."""
        reader = self.query_one(Reader)
        moves = {
            "down": reader.action_cursor_down,
            "tab": reader.action_cursor_down,
            "up": reader.action_cursor_up,
            "shift+tab": reader.action_cursor_up,
            "pagedown": reader.action_page_down,
            "pageup": reader.action_page_up,
        }
        if event.key in moves:
            event.stop()
            event.prevent_default()
            moves[event.key]()
        elif event.key == "escape":
            event.stop()
            self.dismiss(None)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter does it."""
        message.stop()
        cursor = self.query_one(Reader).cursor
        self.dismiss(self._found[cursor] if cursor < len(self._found) else None)

    def on_click(self, event: events.Click) -> None:
        """A click outside closes; on a command it does it."""
        reader = self.query_one(Reader)
        line = event.screen_y - reader.region.y + reader.scroll_offset.y
        if reader.region.contains(event.screen_x, event.screen_y) and line < len(self._found):
            self.dismiss(self._found[line])
        elif not self.query_one("#palette-box").region.contains(event.screen_x, event.screen_y):
            self.dismiss(None)


def _matching(commands: list[Pressable], query: str) -> list[Pressable]:
    """The commands whose title, sentence or other words have the query, best first; all for an empty query."""
    if not query:
        return commands
    matcher = Matcher(query)
    scores = {found.command.id: _score(found.command, query, matcher) for found in commands}
    return sorted(
        (found for found in commands if scores[found.command.id] > 0), key=lambda one: -scores[one.command.id]
    )


def _score(command: Command, query: str, matcher: Matcher) -> float:
    """How well a command fits: a word of its title that begins so counts most, then what people also call it."""
    whole = matcher.match(query)
    return max(
        matcher.match(command.title),
        2 * whole if _begins(command.title, query) else 0.0,
        whole if _begins(command.words, query) else 0.0,
        _HELP_WEIGHT * matcher.match(command.help),
    )


def _begins(words: str, query: str) -> bool:
    return any(word.startswith(query.lower()) for word in words.lower().split())

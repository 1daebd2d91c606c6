"""Help, built from what was focused: every command that can be pressed there, and what the glyphs mean."""

from __future__ import annotations

from textual.screen import Screen

from vidpipe_tui.keys.binding import Pressable, pressable
from vidpipe_tui.keys.registry import keys_shown
from vidpipe_tui.screens.reading import ReadingScreen
from vidpipe_tui.widgets.reader import ReaderLine
from vidpipe_tui.widgets.states import LOOKS
from vidpipe_tui.widgets.words import fit

_KEYS, _TITLE = 13, 15
"""Widths with which every sentence of the registry fits into 80 columns."""


class HelpScreen(ReadingScreen):
    """The keys of the screen and pane it was asked from, nearest first."""

    NAME = "Help"
    CHOOSES = False

    def __init__(self, asked_from: Screen[object]) -> None:
        super().__init__()
        self._commands = list(pressable(asked_from))

    def on_mount(self) -> None:
        """Shows the lines."""
        self.show([*self._key_lines(), *self._state_lines()])

    def _key_lines(self) -> list[ReaderLine]:
        lines: list[ReaderLine] = []
        groups: dict[str, list[Pressable]] = {}
        for found in self._commands:
            groups.setdefault(found.command.group, []).append(found)
        for group, commands in groups.items():
            lines += [ReaderLine(), ReaderLine(((group, "line--bright"),))]
            for found in commands:
                name = "" if found.enabled else "line--muted"
                keys = fit(keys_shown(found.keys) or "palette", _KEYS)
                parts = (
                    (keys, "line--key"),
                    (fit(found.command.title, _TITLE), name),
                    (found.command.help, "line--muted"),
                )
                lines.append(ReaderLine(parts))
        return lines

    def _state_lines(self) -> list[ReaderLine]:
        plain = self.studio_app.plain
        lines = [ReaderLine(), ReaderLine((("States", "line--bright"),))]
        return lines + [ReaderLine(((fit(look.mark(plain), 4), look.css_class), (look.word, ""))) for look in LOOKS]

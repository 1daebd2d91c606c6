"""Jump: a letter on each pane; pressing it goes there."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from vidpipe_tui.screens.base import EndsOnce
from vidpipe_tui.themes import style_sheet

_LETTERS = "asdfghjklqwertyuiop"


class JumpLabel(Static):
    """The letter of a pane, at its corner."""

    def __init__(self, letter: str, at: Offset) -> None:
        super().__init__(f" {letter} ", markup=False)
        self.styles.offset = (at.x, at.y)


class JumpScreen(EndsOnce[Widget | None], ModalScreen[Widget | None]):
    """Over the screen it was asked from; the result is the pane to go to, or None."""

    CSS_PATH = style_sheet("jump.tcss")

    def __init__(self, asked_from: Screen[object]) -> None:
        super().__init__()
        panes = [node for node in asked_from.focus_chain if node.region.area]
        self._panes = dict(zip(_LETTERS, panes, strict=False))

    def compose(self) -> ComposeResult:
        """One label per pane."""
        for letter, pane in self._panes.items():
            yield JumpLabel(letter, pane.region.offset)

    def on_key(self, event: events.Key) -> None:
        """A letter goes there, anything else stays."""
        event.stop()
        self.dismiss(self._panes.get(event.character or ""))

    def on_click(self) -> None:
        """Stays."""
        self.dismiss(None)

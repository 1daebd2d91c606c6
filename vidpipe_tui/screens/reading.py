"""A screen that is only read: a title, lines, keys. Help, doctor, settings and ledger are such screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.screens.base import StudioScreen
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.line import Heading
from vidpipe_tui.widgets.reader import Reader, ReaderLine


class ReadingScreen(StudioScreen[None]):
    """Shows what `heading` and `lines` are given; `y` copies the chosen line, `esc` goes back."""

    CSS_PATH = style_sheet("reading.tcss")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("reader")
    CHOOSES = True
    NAME = ""

    def compose(self) -> ComposeResult:
        """Top line, heading, lines, keys."""
        yield TopLine((("vidpipe", "line--bright"),))
        yield Heading(self.NAME)
        yield Reader(chooses=self.CHOOSES)
        yield CommandLine()

    @property
    def stands(self) -> bool:
        """Whether there are lines."""
        return any(reader.lines for reader in self.query(Reader))

    @property
    def reader(self) -> Reader:
        """The lines."""
        return self.query_one(Reader)

    def say(self, note: str) -> None:
        """The note at the right of the heading."""
        for heading in self.query(Heading):  # none, where the screen was left meanwhile
            heading.say(self.NAME, note)

    def show(self, lines: Sequence[ReaderLine]) -> None:
        """Shows the lines, unless the screen was left meanwhile."""
        for reader in self.query(Reader):
            reader.show(lines)
        if self.is_attached:
            self.refresh_bindings()

    def command_state(self, command: str) -> bool | None:
        """Copying needs something to copy."""
        if command == "copy":
            chosen = self.reader.chosen if self.is_mounted else None
            return chosen is not None and bool(chosen.copied)
        return True

    def action_copy(self) -> None:
        """Copies the chosen line."""
        if (chosen := self.reader.chosen) is not None and chosen.copied:
            self.app.copy_to_clipboard(chosen.copied)

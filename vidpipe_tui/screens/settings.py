"""Every setting, its value, and where that is from. To read; it is changed in the file or the environment."""

from __future__ import annotations

import asyncio

from textual import events

from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.screens.reading import ReadingScreen
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.reader import ReaderLine
from vidpipe_tui.widgets.words import fit, one_line

_KEY, _VALUE = 32, 30


class SettingsScreen(ReadingScreen):
    """The settings by section; what is not the default stands out."""

    NAME = "Settings"

    def __init__(self) -> None:
        super().__init__()
        self._found: list[tuple[str, object, str]] = []

    def on_mount(self) -> None:
        """Reads them beside the screen: their schema is not loaded for the first paint."""
        latest(self, self._read, "settings")

    async def _read(self) -> None:
        try:
            found, path = await asyncio.to_thread(_effective)
        except VidpipeError as error:
            self.show([ReaderLine(((error.sentence(), "state--failed"),), error.sentence())])
            return
        self._found = found
        self._lay_out()
        self.say(f"changed in {path}")

    def on_resize(self, event: events.Resize) -> None:
        """The values have the room that keys and sources leave."""
        super().on_resize(event)
        self._lay_out()

    def _lay_out(self) -> None:
        lines: list[ReaderLine] = []
        section = ""
        sources = max((len(source) for _, _, source in self._found), default=0)
        room = max(_VALUE, self.size.width - _KEY - sources - 6)
        for key, value, source in self._found:
            name = key.partition(".")[0]
            if name != section:
                section = name
                lines += [ReaderLine()] if lines else []
                lines.append(ReaderLine(((section, "line--bright"),)))
            changed = source != "default"
            shown = "not set" if value is None or value == "" else one_line(str(value))
            style = "" if changed else "line--muted"
            parts = (
                (fit(key, _KEY), style),
                (fit(shown, room) + " ", style),
                (source, "line--key" if changed else "line--muted"),
            )
            lines.append(ReaderLine(parts, f"{key} = {value}"))
        if lines:
            self.show(lines)


def _effective() -> tuple[list[tuple[str, object, str]], str]:
    from vidpipe_tui.config.loading import current, provenance
    from vidpipe_tui.config.paths import config_file

    return list(provenance(current())), str(config_file())

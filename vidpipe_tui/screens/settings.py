"""Every setting, its value, and where that is from. To read; it is changed in the file or the environment."""

from __future__ import annotations

import asyncio

from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.screens.reading import ReadingScreen
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.reader import ReaderLine
from vidpipe_tui.widgets.words import fit, one_line

_KEY, _VALUE = 32, 30


class SettingsScreen(ReadingScreen):
    """The settings by section; what is not the default stands out."""

    NAME = "Settings"

    def on_mount(self) -> None:
        """Reads them beside the screen: their schema is not loaded for the first paint."""
        latest(self, self._read, "settings")

    async def _read(self) -> None:
        try:
            found, path = await asyncio.to_thread(_effective)
        except VidpipeError as error:
            self.show([ReaderLine(((error.sentence(), "state--failed"),), error.sentence())])
            return
        lines: list[ReaderLine] = []
        section = ""
        for key, value, source in found:
            name = key.partition(".")[0]
            if name != section:
                section = name
                lines += [ReaderLine(), ReaderLine(((section, "line--bright"),))]
            changed = source != "default"
            shown = "not set" if value is None or value == "" else one_line(str(value))
            style = "" if changed else "line--muted"
            parts = (
                (fit(key, _KEY), style),
                (fit(shown, _VALUE) + " ", style),
                (source, "line--key" if changed else "line--muted"),
            )
            lines.append(ReaderLine(parts, f"{key} = {value}"))
        self.show(lines)
        self.say(f"changed in {path}")


def _effective() -> tuple[list[tuple[str, object, str]], str]:
    from vidpipe_tui.config.loading import current, provenance
    from vidpipe_tui.config.paths import config_file

    return list(provenance(current())), str(config_file())

"""What `vidpipe doctor` finds, with the remedy for each thing that is wrong."""

from __future__ import annotations

import textwrap

from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.providers.base import Check
from vidpipe_tui.screens.reading import ReadingScreen
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.reader import ReaderLine
from vidpipe_tui.widgets.states import DONE, FAILED, PENDING
from vidpipe_tui.widgets.words import fit, one_line

_NAME = 18


class DoctorScreen(ReadingScreen):
    """Looks when it is opened; nothing it does costs anything."""

    NAME = "Doctor"

    def on_mount(self) -> None:
        """Begins to look."""
        self.say("looking ...")
        latest(self, self._look, "doctor")

    async def _look(self) -> None:
        try:
            checks = await (await self.studio_app.service()).doctor()
        except VidpipeError as error:
            checks = [Check("studio", False, error.message, error.hint)]
        wrong = sum(check.ok is False for check in checks)
        self.show([line for check in checks for line in self._lines(check)])
        self.say(f"{wrong} to mend" if wrong else "all well")

    def _lines(self, check: Check) -> list[ReaderLine]:
        look = {True: DONE, False: FAILED, None: PENDING}[check.ok]
        room = max(20, self.size.width - _NAME - 6)
        detail = textwrap.wrap(one_line(check.detail), room) or [""]
        hint = textwrap.wrap(one_line(check.hint), room) if check.ok is not True else []
        whole = f"{check.name}: {one_line(check.detail)} {one_line(check.hint)}".strip()
        mark = ((f"{look.mark(self.studio_app.plain)} ", look.css_class), (fit(check.name, _NAME), "line--bright"))
        lines = [ReaderLine((*mark, (detail[0], "")), whole)]
        lines += [ReaderLine(((" " * (_NAME + 2) + text, ""),), whole) for text in detail[1:]]
        return lines + [ReaderLine(((" " * (_NAME + 2) + text, "line--muted"),), whole) for text in hint]

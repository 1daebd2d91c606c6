"""Opens one screen of the studio over made-up films, at a size, and waits for facts."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen

from tests.studio.fake import FakeStudio, opener
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.door import Door
from vidpipe_tui.interface import Interface

SIZES = ((80, 24), (140, 40))


class Stage(VidpipeApp):
    """The program, starting in another screen than the list."""

    def __init__(
        self, studio: FakeStudio, first: Callable[[], Screen[Any]], interface: Interface | None = None
    ) -> None:
        super().__init__(Door(opener(studio)), interface)
        self._first = first

    def get_default_screen(self) -> Screen[Any]:
        """An empty screen under the one that is tested, so that it can be left."""
        return Screen()

    def on_mount(self) -> None:
        super().on_mount()
        self.push_screen(self._first())


@asynccontextmanager
async def staged(
    studio: FakeStudio, first: Callable[[], Screen[Any]], size: tuple[int, int]
) -> AsyncIterator[tuple[Stage, Pilot[int]]]:
    """The running program with that screen on top."""
    with patch.dict(os.environ, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}):
        app = Stage(studio, first)
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(pilot, lambda: len(app.screen_stack) == 2)
            yield app, pilot
        await app.door.close()


async def until(pilot: Pilot[Any], fact: Callable[[], Any], seconds: float = 15.0) -> None:
    """Waits until `fact()` is true; fails with what it is called otherwise."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {fact}\n{text_of(pilot.app)}")
        await pilot.pause()
        await asyncio.sleep(0.01)


def text_of(app: Any) -> str:
    """What stands on the screen, as plain text."""
    compositor = app.screen._compositor
    return "\n".join(strip.text for strip in compositor.render_strips(app.size))

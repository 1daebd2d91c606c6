"""Opens the service behind the first paint: once, when it is first asked for, and closes it with the program."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidpipe_tui.services.studio import Studio

    Opener = Callable[[], AbstractAsyncContextManager[Studio]]

_SWITCH_SECONDS = 0.0005


def _open_studio() -> AbstractAsyncContextManager[Studio]:
    from vidpipe_tui.services.studio import Studio

    return Studio.open()


def _import_service() -> None:
    """Imports what the service needs, giving the screen's thread its turn often while it does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        importlib.import_module("vidpipe_tui.services.studio")
    finally:
        sys.setswitchinterval(before)


class Door:
    """The way to the service. `opener` replaces the real one, for which its modules are imported in a thread first.

    One task enters and leaves the service's context, so that both happen in the same task whoever asks.
    """

    def __init__(self, opener: Opener | None = None) -> None:
        self._opener = opener
        self._keeper: asyncio.Task[None] | None = None
        self._opened: asyncio.Future[Studio] | None = None
        self._closing = asyncio.Event()

    @property
    def is_real(self) -> bool:
        """Whether the service behind it is the real one, over the database of the settings."""
        return self._opener is None

    @property
    def studio(self) -> Studio | None:
        """The service if it is open; never waits."""
        if self._opened is None or not self._opened.done() or self._opened.cancelled() or self._opened.exception():
            return None
        return self._opened.result()

    async def open(self) -> Studio:
        """The service, opened on the first call. A failure is told to every caller, and the next call tries again."""
        if self._opened is None or (self._opened.done() and self.studio is None):
            self._opened = asyncio.get_running_loop().create_future()
            self._keeper = asyncio.create_task(self._keep(self._opened), name="service")
        return await asyncio.shield(self._opened)

    async def close(self) -> None:
        """Closes the service if it was opened; returns when everything it drives is stopped."""
        if self._keeper is None:
            return
        self._closing.set()
        await asyncio.gather(self._keeper, return_exceptions=True)

    async def _keep(self, opened: asyncio.Future[Studio]) -> None:
        try:
            if self._opener is None:
                await asyncio.to_thread(_import_service)
            async with (self._opener or _open_studio)() as studio:
                opened.set_result(studio)
                await self._closing.wait()
        except Exception as error:
            if opened.done():
                raise
            opened.set_exception(error)
            opened.exception()  # whoever asked has it; nobody asking any more is no reason for a warning

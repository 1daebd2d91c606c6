"""From the start of the studio to its end: whether it can open, signals, and who closes what in which order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidpipe_tui.app import VidpipeApp

INTERRUPTED = 130
STOP_SECONDS = 1.4
"""How long a stop by signal waits for calls that are under way."""
DETACH_SECONDS = 30.0
"""How long handing over after a hang-up may take: paid calls that are under way are waited for."""
_STOPPED_SECONDS = 2.7
_LAST_RESORT_SECONDS = 2.95
_START_SECONDS = 1.0


def run_studio() -> int:
    """Opens the studio in this terminal and returns the exit status."""
    if not can_open():
        return 2
    # Collecting garbage in the middle of the imports takes a seventh of the start; `live` turns it on again.
    gc.disable()
    from vidpipe_tui.app import VidpipeApp
    from vidpipe_tui.door import Door
    from vidpipe_tui.loop_watch import watched_runner

    with watched_runner() as runner:
        return runner.run(live(VidpipeApp(Door())))


def _collect_again() -> None:
    """What stands after the start stands to the end: it is not looked at again."""
    gc.freeze()
    gc.enable()


def can_open() -> bool:
    """Whether this is a terminal the studio can draw on; says what to use instead if not."""
    if os.environ.get("TERM", "") in {"dumb", ""}:
        reason = "this terminal cannot place text (TERM is dumb or not set)"
    elif not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        reason = "there is no terminal here"
    else:
        return True
    sys.stderr.write(f"vidpipe: the studio cannot open, {reason}. Use `vidpipe generate PROMPT` or `vidpipe --help`.\n")
    return False


async def live(app: VidpipeApp) -> int:
    """Runs the studio to its end, then closes the service. Returns the exit status."""
    ending = _Ending(app)
    ending.listen()
    asyncio.get_running_loop().call_later(_START_SECONDS, _collect_again)
    try:
        await app.run_async()
        await ending.settled()
    finally:
        await app.door.close()
        ending.over()
    if ending.received is not None:
        return INTERRUPTED
    status = app.return_value if app.return_value is not None else app.return_code
    return status or 0


class _Ending:
    """What SIGHUP, SIGTERM and SIGINT do: the screen closes, work is stopped (or handed over), exit 130."""

    def __init__(self, app: VidpipeApp) -> None:
        self._app = app
        self.received: signal.Signals | None = None
        self._last_resort: threading.Timer | None = None
        self._letting_go: asyncio.Task[None] | None = None

    @property
    def _detaches(self) -> bool:
        return self.received is signal.SIGHUP and self._app.interface.on_hangup == "detach"

    def listen(self) -> None:
        """Takes the signals over."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal, number)

    def _on_signal(self, number: signal.Signals) -> None:
        if self.received is not None:
            return
        self.received = number
        # A provider's call or a dead terminal must not keep the process: the lease expires by itself.
        patience = DETACH_SECONDS + 1 if self._detaches else _LAST_RESORT_SECONDS
        self._last_resort = threading.Timer(patience, os._exit, (INTERRUPTED,))
        self._last_resort.daemon = True
        self._last_resort.start()
        if number is signal.SIGHUP:
            _silence_terminal()
        self._letting_go = asyncio.create_task(self._let_go(), name="let go")
        self._app.exit(INTERRUPTED)

    async def settled(self) -> None:
        """Returns when the work is stopped or handed over; at once where there was no signal."""
        if self._letting_go is not None:
            await self._letting_go

    async def _let_go(self) -> None:
        """Stops what is driven here, or hands it to a background process after a hang-up if the settings say so."""
        studio = self._app.door.studio
        if studio is None or not studio.driving:
            return
        with contextlib.suppress(TimeoutError, Exception):
            if self._detaches:
                await asyncio.wait_for(studio.detach(), DETACH_SECONDS)
            else:
                await asyncio.wait_for(studio.stop_all(grace=STOP_SECONDS), _STOPPED_SECONDS)

    def over(self) -> None:
        """The program ends by itself: no last resort needed."""
        if self._last_resort is not None:
            self._last_resort.cancel()


def _silence_terminal() -> None:
    """The terminal is gone: what is still written must neither fail nor block."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)

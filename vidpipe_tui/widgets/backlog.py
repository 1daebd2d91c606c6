"""How far the terminal is behind: what is written to it waits in Textual's queue while the line is slow."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

PACES = (24.0, 12.0, 8.0, 0.0)
"""Pictures a second a player steps down through; 0 is a still picture."""
_BEHIND = 3
"""Items in the queue that are more than the frame just written (a frame is up to three: begin, text, end)."""
_PATIENCE = 3
_CALM = 12


def writer_backlog(app: App[object]) -> int:
    """Writes that wait for the terminal; 0 where that cannot be known."""
    driver = app._driver  # noqa: SLF001 - Textual has no public name for what it writes through
    queue = getattr(getattr(driver, "_writer_thread", None), "_queue", None)
    return int(queue.qsize()) if queue is not None else 0


def over_the_net(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is at the other end of an SSH line."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def refresh_seconds(app: App[object]) -> float:
    """Seconds between two updates of what is live: 0.1, and up to a second while the terminal is behind."""
    backlog = writer_backlog(app)
    return 0.1 if not backlog else 0.4 if backlog <= _BEHIND else 1.0


class Pace:
    """How many pictures a second the line takes.

    Behind three frames in a row, it is the next slower pace; in time for some seconds, the next faster one again, and
    each time it has to slow down it tries that half as soon.
    """

    def __init__(self, *, slow: bool = False) -> None:
        self._best = self._place = 1 if slow else 0
        self._behind = 0
        self._in_time = 0
        self._calm = _CALM

    @property
    def rate(self) -> float:
        """Pictures a second now; 0: stand still."""
        return PACES[self._place]

    def saw(self, backlog: int) -> bool:
        """Takes note of the backlog before a frame; True when this frame is better left out."""
        if backlog > _BEHIND:
            self._in_time = 0
            self._behind += 1
            if self._behind >= _PATIENCE and self._place < len(PACES) - 1:
                self._place += 1
                self._behind = 0
                self._calm *= 2
            return True
        self._behind = 0
        self._in_time += 1
        if self._in_time >= self._calm and self._place > self._best:
            self._place -= 1
            self._in_time = 0
        return False


REST_SECONDS = 0.15
"""Pictures follow this long after the last of several quick steps."""


class Haste:
    """Tells one step from several in quick succession, as a held key makes them."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def again(self) -> bool:
        """Takes note of a step; True when the one before was less than `REST_SECONDS` ago."""
        before, self._last = self._last, time.monotonic()
        return self._last - before < REST_SECONDS

"""Named places around every commit, at which tests can kill or stop the process; elsewhere `reach` does nothing."""

from __future__ import annotations

import os
import signal

_SIGNAL = signal.Signals[os.environ.get("_VIDPIPE_TEST_CRASH_BY", "SIGKILL")]
_WANTED, _, _COUNT = os.environ.get("_VIDPIPE_TEST_CRASH_AT", "").partition("#")
_left = int(_COUNT or 1)


def _do_nothing(point: str) -> None:
    """The production version."""


def _kill_there(point: str) -> None:
    global _left  # noqa: PLW0603  # counts down to the wanted visit
    log = os.environ.get("_VIDPIPE_TEST_CRASH_LOG")
    if log:
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123  # appended before a kill
            file.write(point + "\n")
    if point == _WANTED:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), _SIGNAL)


reach = _kill_there if _WANTED or os.environ.get("_VIDPIPE_TEST_CRASH_LOG") else _do_nothing

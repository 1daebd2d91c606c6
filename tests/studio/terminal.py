"""A terminal for tests and benchmarks: runs a program in a pty and reads its screen through pyte."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping
from types import TracebackType

import pyte

KEYS = {
    "down": "\x1b[B",
    "up": "\x1b[A",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "ctrl+q": "\x11",
    "ctrl+s": "\x13",
}
PATIENCE = 30.0


class Terminal:
    """Runs `command` until the block ends; whatever still runs then is killed."""

    def __init__(
        self, command: list[str], *, columns: int = 120, rows: int = 40, env: Mapping[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.exit_status: int | None = None
        self.received = 0
        self.started = time.perf_counter()
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})})
            os.execvp(command[0], command)
        self.resize(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.exit_status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.hang_up()

    def resize(self, columns: int, rows: int) -> None:
        """Gives the terminal another size."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self) -> None:
        """Closes the terminal, as a dropped line does."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def press(self, *keys: str) -> None:
        """Sends keys: names of KEYS, else the characters as they are."""
        for key in keys:
            os.write(self.descriptor, KEYS.get(key, key).encode())
            self.pump(0.15 if key == "escape" else 0.02)

    def pump(self, seconds: float) -> bool:
        """Reads what comes for that long at the most; False when the program closed the terminal."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if not select.select([self.descriptor], [], [], left)[0]:
                return True
            try:
                data = os.read(self.descriptor, 65536)
            except OSError:
                return False
            if not data:
                return False
            self.received += len(data)
            # pyte cannot read the private forms of these (Kitty keys, XTVERSION).
            self._stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*u", b"", data))
        return True

    @property
    def text(self) -> str:
        """The screen, line by line."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, pattern: str, *, gone: bool = False, patience: float = PATIENCE) -> float:
        """Reads until the screen matches (or no longer does); returns the seconds since the start."""
        end = time.perf_counter() + patience
        while bool(re.search(pattern, self.text)) == gone:
            alive = self.pump(0.02)
            if not alive and bool(re.search(pattern, self.text)) == gone:
                raise AssertionError(f"ended without {pattern!r}:\n{self.text}")
            assert time.perf_counter() < end, f"never came: {pattern!r}\n{self.text}"
        return time.perf_counter() - self.started

    def signal(self, number: int) -> None:
        """Sends the program a signal."""
        os.kill(self.pid, number)

    def wait_exit(self, patience: float = PATIENCE) -> tuple[int, float]:
        """Reads until the program ended; (exit status, seconds that took)."""
        began = time.perf_counter()
        while time.perf_counter() - began < patience:
            if self.descriptor >= 0:
                self.pump(0.02)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.exit_status = os.waitstatus_to_exitcode(status)
                return self.exit_status, time.perf_counter() - began
        raise AssertionError(f"still runs after {patience} s:\n{self.text}")

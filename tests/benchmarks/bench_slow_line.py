"""The studio at the end of a line of 30 kB/s: `python -m tests.benchmarks.bench_slow_line`.

What the program writes is taken from its terminal no faster than the line is; a key has answered when the bytes that
mark the new line have come through.
"""

from __future__ import annotations

import os
import re
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.studio.terminal import Terminal

RATE = 30_000
"""Bytes a second."""
FILMS = 12
KEYS = 40
STUDIO = [sys.executable, "-m", "vidpipe_tui"]
PROMPT = "A fox crosses a river. It shakes itself dry. The sun sets."
SLOW_FILM = {"VIDPIPE_LOCAL__IMAGE_SECONDS": "1", "VIDPIPE_LOCAL__CLIP_SECONDS": "3", "SSH_CONNECTION": "far away"}


class SlowTerminal(Terminal):
    """A terminal behind a line of `rate` bytes a second."""

    def __init__(self, env: Mapping[str, str], *, rate: int = RATE) -> None:
        self._rate = rate
        self._free_at = 0.0
        super().__init__(STUDIO, columns=120, rows=40, env=env)

    def pump(self, seconds: float) -> bool:
        """Reads what comes through in that time; False when the program closed the terminal."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            wait = self._free_at - time.monotonic()
            if wait > 0:
                time.sleep(min(wait, left))
            elif select.select([self.descriptor], [], [], left)[0]:
                try:
                    data = os.read(self.descriptor, min(65536, max(512, self._rate // 60)))
                except OSError:
                    return False
                self.received += len(data)
                self._free_at = max(self._free_at, time.monotonic() - 0.01) + len(data) / self._rate
                self._stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*u", b"", data))
        return True

    def chosen(self) -> str:
        """The title on the marked line: the one whose background differs from that of the lines around it."""
        backs = [self.screen.buffer[line][4].bg for line in range(2, 2 + FILMS)]
        return next((self.screen.display[2 + k][3:16] for k, back in enumerate(backs) if backs.count(back) == 1), "")

    def answer(self, key: str) -> float:
        """Seconds from a key to the moment another line is marked."""
        before, begun = self.chosen(), time.monotonic()
        self.press(key)
        while self.chosen() == before and time.monotonic() - begun < 10:
            self.pump(0.005)
        return time.monotonic() - begun

    def await_words(self, words: str, seconds: float = 60.0) -> float:
        """Seconds until the screen holds these words."""
        begun = time.monotonic()
        while words not in self.text:
            assert time.monotonic() - begun < seconds, f"{words!r} never came:\n{self.text}"
            self.pump(0.02)
        return time.monotonic() - begun


def p95(values: list[float]) -> float:
    """The value that one in twenty exceeds."""
    return statistics.quantiles(values, n=20)[-1]


def answers(terminal: SlowTerminal) -> list[float]:
    """How long each of many single keys takes, down and up the list."""
    found = []
    for number in range(KEYS):
        found.append(terminal.answer("down" if number // (FILMS - 2) % 2 == 0 else "up"))
        terminal.pump(0.5)
    return found


def pictures_after_many_keys(terminal: SlowTerminal) -> float:
    """Seconds from the last of 80 quick keys until the picture of the film they ended at stands still.

    They begin where the details show the first film, and end eight films below.
    """
    first = picture(terminal)
    for number in range(80):
        terminal.press("down" if number % 22 < 11 else "up")
        terminal.pump(1 / 30)
    begun = last = time.monotonic()
    before = picture(terminal)
    while time.monotonic() - last < 1.0:
        terminal.pump(0.05)
        if (after := picture(terminal)) != before:
            before, last = after, time.monotonic()
    assert before != first, f"The details did not follow:\n{terminal.text}"
    return last - begun


def picture(terminal: SlowTerminal) -> str:
    """The right half of the screen, colours included."""
    rows = (terminal.screen.buffer[line] for line in range(40))
    return "".join(f"{row[x].data}{row[x].fg}{row[x].bg}" for row in rows for x in range(78, 120))


def begin_film(terminal: SlowTerminal) -> None:
    """Makes a film in the form; its screen is there then."""
    terminal.await_words("Film 1")
    terminal.pump(7)
    terminal.press("n")
    terminal.await_words("Price")
    terminal.press(*PROMPT)
    terminal.press("ctrl+s")


def film_seconds(env: Mapping[str, str], rate: int) -> float:
    """Seconds a film takes that is watched over such a line."""
    with SlowTerminal({**env, **SLOW_FILM}, rate=rate) as terminal:
        begin_film(terminal)
        begun = time.monotonic()
        terminal.await_words("The film is complete", 120)
        return time.monotonic() - begun


def answers_beside_a_film(env: Mapping[str, str]) -> list[float]:
    """How long single keys take in the list while a film is made."""
    with SlowTerminal({**env, **SLOW_FILM, "VIDPIPE_LOCAL__CLIP_SECONDS": "60"}) as terminal:
        begin_film(terminal)
        terminal.await_words("filming", 90)
        terminal.press("escape")
        terminal.await_words("Film 1")
        terminal.pump(2)
        return answers(terminal)


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="vidpipe-slow-") as name:
        folder = Path(name)
        env = {
            "VIDPIPE_STORAGE__DATABASE_URL": f"sqlite+aiosqlite:///{folder}/vidpipe.db",
            "VIDPIPE_STORAGE__TMP_DIR": str(folder / "projects"),
            "VIDPIPE_LOCAL__HEIGHT": "180",
            **{f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("STATE", "CONFIG", "DATA", "CACHE")},
        }
        for number in range(FILMS):
            command = [*STUDIO, "generate", PROMPT, "--clip-duration", "1", "--seed", str(number)]
            subprocess.run(
                [*command, "--title", f"Film {number}"],
                env={**os.environ, **env},
                check=True,
                capture_output=True,
            )
        with SlowTerminal(env) as terminal:
            terminal.await_words("Film 1")
            terminal.pump(8)
            rest = answers(terminal)
            after = pictures_after_many_keys(terminal)
        print(f"moving in the list at rest, p95   {p95(rest):6.2f} s   goal 0.6")
        print(f"picture after 80 keys             {after:6.2f} s   goal 3")
        print(f"the same while a film is made     {p95(answers_beside_a_film(env)):6.2f} s   goal 1.5")
        fast, slow = film_seconds(env, 10_000_000), film_seconds(env, RATE)
        print(f"film over the slow line / a fast one  {slow / fast:6.2f}   goal 1.2   ({slow:.1f} s / {fast:.1f} s)")


if __name__ == "__main__":
    main()

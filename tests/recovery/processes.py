"""Whole vidpipe processes for tests: started, watched by what they print and store, and ended by who started them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.recovery.place import ROOT, Place, environment_of


class Vidpipe:
    """A running command. `said` is everything it printed so far."""

    def __init__(self, place: Place, *arguments: str, **settings: str) -> None:
        number = len(list(place.folder.glob("process-*.out")))
        self._out = place.folder / f"process-{number}.out"
        environment = environment_of(place) | settings
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vidpipe_tui", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment,
                cwd=ROOT,
            )

    @property
    def said(self) -> str:
        return self._out.read_text(errors="replace")

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)

    def wait(self, seconds: float = 60.0) -> int:
        """Its exit status."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end:\n{self.said}") from None

    def end(self) -> None:
        """Kills it if it is still there."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def until(condition: Callable[[], Any], *, seconds: float = 30.0, every: float = 0.02) -> Any:
    """Waits for a fact and returns it; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(every)
    return value


def begun(place: Place, scenes: int = 2) -> str:
    """A project that was stored and whose driver died before anything was made; returns its id."""
    process = Vidpipe(place, *place.generate(scenes), _VIDPIPE_TEST_CRASH_AT="after:run.begin")
    assert process.wait() == -signal.SIGKILL
    return place.project


def state_of(place: Place) -> tuple[str, str | None]:
    """The project's status, and who holds its lease."""
    rows = place.rows("SELECT status, owner FROM projects LEFT JOIN leases ON leases.project_id = projects.id")
    return (str(rows[0][0]), rows[0][1]) if rows else ("", None)


def process_is_gone(pid: int) -> bool:
    """True once nobody has that process id (or only a zombie)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True

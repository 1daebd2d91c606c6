"""Writes down every turn of the event loop that took too long, when VIDPIPE_DEBUG_LOOP names a file. Off: no cost.

A turn is what the loop does between two waits for input, timers and sockets: all callbacks that were ready.
"""

from __future__ import annotations

import asyncio
import json
import os
import selectors
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VARIABLE = "VIDPIPE_DEBUG_LOOP"
SLOW_MS = 16.0
_KEPT = 1_000_000


class _TimedSelector(selectors.DefaultSelector):
    """A selector that measures the time between the end of one wait and the start of the next."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._began: float | None = None
        self._turns: array[float] = array("f")
        self._slow: list[str] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Waits as ever; the turn that led here is over."""
        if self._began is not None:
            self._ended((time.perf_counter() - self._began) * 1000)
        ready = super().select(timeout)
        self._began = time.perf_counter()
        return ready

    def _ended(self, milliseconds: float) -> None:
        if len(self._turns) < _KEPT:
            self._turns.append(milliseconds)
        if milliseconds > SLOW_MS:
            self._write({"time": round(time.time(), 3), "turn_ms": round(milliseconds, 2)})

    def summarise(self) -> None:
        """Appends how many turns there were and how long they took (ms): p50, p99, max."""
        turns = sorted(self._turns)
        if turns:
            p50, p99 = turns[len(turns) // 2], turns[min(len(turns) - 1, int(len(turns) * 0.99))]
            figures = {"p50": round(p50, 3), "p99": round(p99, 3), "max": round(turns[-1], 3)}
            self._write({"summary": {"turns": len(turns), **figures}})

    def _write(self, line: dict[str, Any]) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
        except OSError:
            pass


@contextmanager
def watched_runner() -> Iterator[asyncio.Runner]:
    """An asyncio runner for the program: a plain one, or one whose loop is watched if the variable is set."""
    name = os.environ.get(VARIABLE)
    if not name:
        with asyncio.Runner() as runner:
            yield runner
        return
    selector = _TimedSelector(Path(name))
    try:
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
            yield runner
    finally:
        selector.summarise()

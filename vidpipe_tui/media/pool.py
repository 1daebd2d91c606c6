"""A pool of low-priority processes for the work that burns CPU: rendering, checking, joining.

Encoding in a thread of the studio takes half as long again and makes its keys slow; a process at nice 10 does
neither, and it can be killed at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import os
from types import TracebackType
from typing import Any, Self

from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.media.process import Child, ProcessDiedError, ProcessJobError, Progress

__all__ = ["IDLE_SECONDS", "ProcessDiedError", "ProcessJobError", "ProcessPool"]

IDLE_SECONDS = 30.0
"""How long a process without work is kept, so that the next job need not import everything again."""

_KILL_SECONDS = 2.0


class ProcessPool:
    """At most `size` processes (default: the cores but one), started when they are needed.

    Belongs to one event loop. `priority`: the lower number goes first, equal ones in the order they came.
    """

    def __init__(self, size: int | None = None, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self.size = size or max(1, (os.cpu_count() or 2) - 1)
        self._idle_seconds = idle_seconds
        self._children: set[Child] = set()
        self._idle: list[Child] = []
        self._starting: set[asyncio.Task[Child]] = set()
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._active = 0
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def active(self) -> int:
        """How many jobs run now."""
        return self._active

    @property
    def waiting(self) -> int:
        """How many jobs wait for a process."""
        return sum(1 for _, _, turn in self._queue if not turn.done())

    @property
    def process_ids(self) -> list[int]:
        """The processes that are alive, with and without work."""
        return [child.pid for child in self._children]

    async def run(
        self, call: str, kwargs: dict[str, Any], *, priority: int = 0, on_progress: Progress | None = None
    ) -> Any:
        """Run "package.module:function" in a process and return what it returns; both ways JSON only.

        A function that takes `on_progress` is given it. Cancelling the caller kills the process at once. Raises the
        VidpipeError that the function raised, ProcessJobError for any other exception of it, ProcessDiedError when
        the process itself came to an end.
        """
        await self._turn(priority)
        try:
            child = await self._claim()
            try:
                result = await child.call(call, kwargs, on_progress)
            except VidpipeError as error:
                await (self._end(child) if isinstance(error, ProcessDiedError) else self._rest(child))
                raise
            except BaseException:
                await self._end(child)
                raise
            await self._rest(child)
            return result
        finally:
            self._active -= 1
            self._next()

    async def aclose(self) -> None:
        """End all processes and wait until they are gone; the callers of unfinished jobs get ProcessDiedError."""
        self._closed = True
        for _, _, turn in self._queue:
            if not turn.done():
                turn.set_exception(_closed())
        self._queue.clear()
        self._idle.clear()
        if self._starting:
            await asyncio.wait(set(self._starting))
        for child in self._children:
            child.kill()
        await asyncio.gather(*(child.gone() for child in set(self._children)))

    async def _turn(self, priority: int) -> None:
        """Wait until one of the `size` places is free and take it."""
        if self._closed:
            raise _closed()
        if self._active < self.size and not self.waiting:
            self._active += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (priority, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._active -= 1  # the place came together with the cancellation: hand it on
                self._next()
            raise

    def _next(self) -> None:
        while self._queue and self._active < self.size:
            turn = heapq.heappop(self._queue)[2]
            if not turn.done():
                self._active += 1
                turn.set_result(None)

    async def _claim(self) -> Child:
        """A process without work, or a new one; one whose start is cancelled is killed as soon as it is there."""
        while self._idle:
            child = self._idle.pop()
            if child.retirement is not None:
                child.retirement.cancel()
            if child.alive:
                return child
        starting = asyncio.get_running_loop().create_task(Child.start())
        self._starting.add(starting)
        starting.add_done_callback(self._started)
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(_kill_started)
            raise

    def _started(self, starting: asyncio.Task[Child]) -> None:
        self._starting.discard(starting)
        if not starting.cancelled() and starting.exception() is None:
            child = starting.result()
            self._children.add(child)
            child.when_gone(self._children.discard)

    async def _rest(self, child: Child) -> None:
        """Keep a process for the next job, for a while."""
        if self._closed:
            await self._end(child)
            return
        self._idle.append(child)
        child.retirement = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire, child)

    def _retire(self, child: Child) -> None:
        if child in self._idle:
            self._idle.remove(child)
            child.kill()

    async def _end(self, child: Child) -> None:
        """Kill a process and wait until it is gone, so that it writes nothing after its caller went on."""
        child.kill()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.gone(), _KILL_SECONDS)


def _kill_started(starting: asyncio.Task[Child]) -> None:
    if not starting.cancelled() and starting.exception() is None:
        starting.result().kill()


def _closed() -> ProcessDiedError:
    return ProcessDiedError("The work was given up because the program is ending.", hint="Start it again to go on.")

"""Calls a minute by model, for the whole process, and the pause that a server asks for."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from vidpipe_tui.providers.errors import RetryLaterError

HELD_SECONDS = 0.1
"""How soon to look again where all places of a minute are held by calls that are about to be sent."""
WINDOW = 60.5
"""Seconds in which a lane sends at most its number of calls: a minute, and some slack for the way to the server."""


_LANES: dict[tuple[object, ...], Lane] = {}


def lane_of(road: str, model: str, per_minute: int, longest_wait: float) -> Lane:
    """The lane of a model on a road; there is one for the whole process, however many providers it has."""
    key = (road, model, per_minute, longest_wait)
    if key not in _LANES:
        _LANES[key] = Lane(model, per_minute, longest_wait=longest_wait)
    return _LANES[key]


class Lane:
    """The calls of one model: at most `per_minute` of them in any minute (0: no limit), none before a pause is over."""

    def __init__(
        self,
        model: str,
        per_minute: int,
        *,
        longest_wait: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.model = model
        self._per_minute = per_minute
        self._longest_wait = longest_wait
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque(maxlen=per_minute or 1)
        self._held: list[object] = []
        self._paused_until = 0.0
        self._refusals = 0

    def recall(self, seconds_ago: Iterable[float]) -> None:
        """Counts calls that another process made, unless this lane has been used here already."""
        if not self._sent:
            self._sent.extend(sorted(self._clock() - seconds for seconds in seconds_ago))

    def wait_seconds(self) -> float:
        """How long the next call of this lane would wait now."""
        now = self._clock()
        wait = self._paused_until - now
        recent = [moment for moment in self._sent if moment > now - WINDOW]
        if self._per_minute and len(recent) + len(self._held) >= self._per_minute:
            wait = max(wait, recent[0] + WINDOW - now if recent else HELD_SECONDS)
        return max(wait, 0.0)

    @asynccontextmanager
    async def held_turn(self) -> AsyncIterator[None]:
        """Waits as `turn` does and keeps the place for a call that is sent within the block, whose `turn` is at once.

        So whoever has to write something down before the call writes it when nothing is left to wait for.
        """
        await self._wait()
        place = object()
        self._held.append(place)
        try:
            yield
        finally:
            if place in self._held:
                self._held.remove(place)

    async def turn(self) -> None:
        """Waits until a call may be sent, and counts it.

        Raises RetryLaterError at once where a server's pause is longer than anyone here is ready to wait.
        """
        if self._held:
            self._held.pop(0)
        else:
            await self._wait()
        self._sent.append(self._clock())

    async def _wait(self) -> None:
        while (wait := self.wait_seconds()) > 0:
            pause = self._paused_until - self._clock()
            if pause > self._longest_wait:
                raise RetryLaterError(
                    f"Google's limit for {self.model} is used up for another {pause:.0f} seconds.",
                    hint="Resume later, or ask Google for a higher quota.",
                    wait_seconds=pause,
                    rate_limited=True,
                )
            await self._sleep(wait)

    def pause(self, seconds: float | None, base_delay: float) -> None:
        """A server said: too many. Nobody sends for `seconds`, or, where it gave none, for a time that doubles.

        Calls that were under way together and are all refused count as one refusal.
        """
        if self._clock() >= self._paused_until:
            self._refusals += 1
        wait = base_delay * 2 ** min(max(self._refusals, 1) - 1, 6) if seconds is None else seconds
        self._paused_until = max(self._paused_until, self._clock() + wait)

    def went_well(self) -> None:
        """A call was accepted: the next pause without a figure starts small again."""
        self._refusals = 0

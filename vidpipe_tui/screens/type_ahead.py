"""Keys typed ahead: each one waits until what the one before it opened stands, and then goes there, in order.

Textual hands a key to what is focused at the moment it is read. Where several come in one read, or faster than a
screen is mounted, they would go to what stood before: text would be taken for commands.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import NoActiveWorker, Worker, get_current_worker

if TYPE_CHECKING:
    from vidpipe_tui.app import VidpipeApp

_ROUNDS = 3
"""A key's action may post a message (round 2), whose handler may end a dialog whose answer runs a command (round 3)."""
_LOOK_SECONDS = 0.01
_LOST_LOOKS = 25
_MOST_LOOKS = 300
"""A key waits for as many looks at the most (3 s): whatever happens, nothing is stuck. A loop that is busy elsewhere
does not look meanwhile, so that this is no hurry on a slow machine."""


class Followed(Message):
    """Takes the way of a key, from what was focused up to the program; when it arrives, the key did what it does."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class TypeAhead:
    """Holds keys and pastes back. `forward` hands one on as Textual does; `leaving` are the keys that never wait."""

    def __init__(
        self, app: VidpipeApp, forward: Callable[[events.Event], Awaitable[None]], leaving: frozenset[str]
    ) -> None:
        self._app = app
        self._forward = forward
        self._leaving = leaving
        self._held: deque[events.Key | events.Paste] = deque()
        self._opening: dict[Worker[Any], Screen[Any] | None] = {}
        self._rounds = 0
        self._number = 0
        self._looks = 0
        self._given_up: list[object] = []
        self._timer: asyncio.TimerHandle | None = None

    # ---- what may open something

    def opens(self, worker: Worker[Any]) -> None:
        """Keys wait for this work, which may ask or open something, until it ends or its dialog stands."""
        self._opening[worker] = None

    def asks(self, screen: Screen[Any]) -> None:
        """The work that is running shows this dialog; while it does, it is not waited for."""
        try:
            worker = get_current_worker()
        except NoActiveWorker:
            return
        if worker in self._opening:
            self._opening[worker] = screen

    def _waiting(self) -> list[object]:
        """What keys wait for: work that may still open something, and a screen that has nothing yet to act on."""
        for worker in [worker for worker in self._opening if worker.is_finished]:
            del self._opening[worker]
        stack = self._app.screen_stack
        waiting: list[object] = [worker for worker, asked in self._opening.items() if asked not in stack]
        if stack and not getattr(stack[-1], "stands", True):
            waiting.append(stack[-1])
        return waiting

    # ---- holding

    async def take(self, event: events.Event) -> None:
        """Hands an event on; a key or a paste when it is its turn."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await self._forward(event)
            if isinstance(event, events.MouseUp):
                self._follow(_ROUNDS)
            return
        if isinstance(event, events.Key) and event.key in self._leaving:
            self._held.clear()
        elif self._held or not self._is_free():
            self._held.append(event)
            self._look_soon()
            return
        await self._hand_on(event)

    async def _hand_on(self, event: events.Key | events.Paste) -> None:
        place = self._place()
        opens_nothing = isinstance(event, events.Paste) or (
            place is not None
            and (place.check_consume_key(event.key, event.character) or event.key in getattr(place, "moves", ()))
        )
        self._looks = 0
        await self._forward(event)
        if not opens_nothing:
            self._follow(_ROUNDS)

    def _is_free(self) -> bool:
        if self._rounds:
            return False
        waiting = self._waiting()
        if waiting != self._given_up:
            self._given_up = []
        return not waiting or bool(self._given_up)

    def _follow(self, rounds: int) -> None:
        place = self._place()
        if place is None:
            self._held.clear()
            return
        self._rounds = rounds
        self._number += 1
        message = Followed(self._number)
        if not place.post_message(message):
            self._app.post_message(message)

    def _place(self) -> Widget | None:
        """Where a key goes now; None where the program is closing."""
        stack = self._app.screen_stack
        return (stack[-1].focused or stack[-1]) if stack else None

    async def arrived(self, message: Followed) -> None:
        """A round is over; after the last one the next key has its turn."""
        if message.number != self._number or not self._rounds:
            return
        if self._rounds > 1:
            self._follow(self._rounds - 1)
        else:
            self._rounds = 0
            await self._go_on()

    async def _go_on(self) -> None:
        while self._held and self._is_free():
            await self._hand_on(self._held.popleft())

    # ---- looking whether it goes on

    def _look_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._timer = None
        if not self._held:
            return
        self._looks += 1
        if self._looks >= _MOST_LOOKS:
            self._rounds, self._given_up = 0, self._waiting()
            self._app.call_later(self._go_on)
        elif self._rounds and self._looks % _LOST_LOOKS == 0:
            self._follow(self._rounds)  # what it followed is gone, and it with it
        elif not self._rounds and not self._waiting():
            self._follow(1)  # what was waited for has come to stand: its focus is being set
        self._look_soon()

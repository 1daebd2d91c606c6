"""Hints that something changed, for whoever shows it. Screens re-read the state; a hint may be lost."""

from __future__ import annotations

import logging
from collections.abc import Callable

from vidpipe_tui.domain.views import EventView

log = logging.getLogger(__name__)


class EventBus:
    """Calls every subscriber, in the event loop's thread."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[EventView], None]] = []

    def subscribe(self, callback: Callable[[EventView], None]) -> Callable[[], None]:
        """Adds a subscriber; calling what is returned takes it away."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def publish(self, event: EventView) -> None:
        """Tells everybody; a subscriber that fails is logged and does not disturb the rest."""
        for callback in tuple(self._subscribers):
            try:
                callback(event)
            except Exception:
                log.exception("a subscriber of events failed")

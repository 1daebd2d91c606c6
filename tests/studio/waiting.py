"""Waiting for facts instead of sleeping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE = 20.0


async def until(fact: Callable[[], object], what: str = "") -> None:
    """Returns as soon as `fact()` is true; fails when it is not for a long time."""
    end = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < end, what or "waited in vain"
        await asyncio.sleep(0.01)

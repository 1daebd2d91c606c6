"""Waiting for facts instead of sleeping."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key, _get_unicode_name_from_key

PATIENCE = 20.0


async def until(fact: Callable[[], object], what: str = "") -> None:
    """Returns as soon as `fact()` is true; fails when it is not for a long time."""
    end = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < end, what or "waited in vain"
        await asyncio.sleep(0.01)


def burst(app: App[Any], *keys: str) -> None:
    """Gives the program all keys before it has looked at the first, as one read of a slow line does."""
    for key in keys:
        character = key if len(key) == 1 else _character(key)
        app.post_message(events.Key(_character_to_key(key) if len(key) == 1 else key, character))


def _character(key: str) -> str | None:
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(key))
    except KeyError:
        return {"enter": "\r", "tab": "\t", "escape": "\x1b"}.get(key)

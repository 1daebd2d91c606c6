"""The `.env` of the current folder: what of it counts. Foreign keys in it are none of our business."""

from __future__ import annotations

import io
import logging
from functools import lru_cache
from pathlib import Path

PREFIX = "VIDPIPE_"
KEY_NAMES = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
UNTRUSTED = ("VIDPIPE_STORAGE__DATABASE_URL", "VIDPIPE_GOOGLE__BASE_URL", "VIDPIPE_STORAGE", "VIDPIPE_GOOGLE")
"""A folder one happens to stand in must not send keys elsewhere or swap the database, not in a whole table either."""


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> dict[str, str]:
    del stamp
    from dotenv import dotenv_values

    logging.getLogger("dotenv.main").setLevel(logging.ERROR)  # lines it cannot read are somebody else's
    text = io.StringIO(path.read_text("utf-8", errors="replace"))
    values = dotenv_values(stream=text, interpolate=False)
    return {key.upper(): value for key, value in values.items() if value is not None}


def dotenv_values_of_ours(path: Path | None = None) -> tuple[dict[str, str], list[str]]:
    """Our keys in `.env` (upper case), and the names of those that are left out because a folder may not set them."""
    path = path or Path(".env")
    try:
        values = _read(path.absolute(), path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return {}, []
    ours = {key: value for key, value in values.items() if key.startswith(PREFIX) or key in KEY_NAMES}
    ignored = [key for key in UNTRUSTED if key in ours]
    return {key: value for key, value in ours.items() if key not in UNTRUSTED}, ignored


def dotenv_value(name: str) -> str | None:
    """One of our keys from `.env`, or None; costs nothing where there is no `.env`."""
    if not Path(".env").exists():
        return None
    return dotenv_values_of_ours()[0].get(name)

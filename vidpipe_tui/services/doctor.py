"""What `vidpipe doctor` looks at, each with its remedy; it costs nothing and changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

from vidpipe_tui.config.loading import notices
from vidpipe_tui.config.paths import config_file, database_path
from vidpipe_tui.config.schema import Settings
from vidpipe_tui.db.schema import HEAD, inspect, refuse_newer
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.media.pool import ProcessPool
from vidpipe_tui.providers.base import Check, ProviderContext
from vidpipe_tui.providers.registry import create, load_prices

NARROW_BYTES = 2 * 10**9
SMALLEST_TERMINAL = (60, 16)


async def examine(settings: Settings, provider: str | None = None) -> list[Check]:
    """Folders, disk, database, settings and terminal, and what the provider (None: that of the settings) reaches."""
    return [
        _python(),
        _settings(),
        _folder("storage folder", settings.storage.tmp_dir, "VIDPIPE_STORAGE__TMP_DIR"),
        _disk(settings.storage.tmp_dir),
        await _database(settings.storage.database_url),
        _terminal(),
        *await _provider(settings, provider or settings.pipeline.provider),
    ]


async def _provider(settings: Settings, name: str) -> list[Check]:
    async with ProcessPool() as pool:
        try:
            provider = create(name, ProviderContext(settings, settings.storage.tmp_dir / f".{name}", pool))
            load_prices(settings.pricing.file)
        except VidpipeError as error:
            return [Check(f"provider {name}", False, error.message, error.hint)]
        try:
            return await provider.doctor()
        finally:
            await provider.aclose()


def _python() -> Check:
    return Check("python", True, f"{sys.version.split()[0]} ({sys.executable})")


def _settings() -> Check:
    left_out = notices()
    path = config_file()
    detail = f"{path}" if path.exists() else f"no {path}; defaults and the environment are used"
    return Check(
        "settings", not left_out, " ".join(left_out) or detail, "Take these lines out of .env." if left_out else ""
    )


def _folder(name: str, folder: Path, variable: str) -> Check:
    nearest = _nearest(folder)
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Check(name, True, str(folder))
    return Check(name, False, f"{folder} cannot be written", f"Set {variable} to a folder you may write.")


def _nearest(folder: Path) -> Path:
    """The folder itself or the first above it that is there and can be seen."""
    while not os.path.exists(folder) and folder != folder.parent:  # noqa: PTH110  # Path.exists raises where it may not look
        folder = folder.parent
    return folder


def _disk(folder: Path) -> Check:
    folder = _nearest(folder)
    free = shutil.disk_usage(folder).free
    hint = "" if free >= NARROW_BYTES else "Make room, or set VIDPIPE_STORAGE__TMP_DIR to a larger disk."
    return Check("free disk", free >= NARROW_BYTES, f"{free / 1e9:.1f} GB at {folder}", hint)


async def _database(url: str) -> Check:
    path = database_path(url)
    if path is None:
        return Check("database", None, url)
    try:
        found = await asyncio.to_thread(inspect, path)
        if found.revision is not None:
            refuse_newer(path, found.revision)
    except VidpipeError as error:
        return Check("database", False, error.message, error.hint)
    if found.empty or not os.access(path.parent, os.W_OK | os.X_OK):  # SQLite writes beside its file too
        return _folder("database", path.parent, "VIDPIPE_STORAGE__DATABASE_URL")
    if not os.access(path, os.W_OK):
        hint = "Set VIDPIPE_STORAGE__DATABASE_URL to a file you may write, or change its rights."
        return Check("database", False, f"{path} cannot be written", hint)
    state = "up to date" if found.revision == HEAD else f"revision {found.revision}, upgraded at the next start"
    return Check("database", True, f"{path} ({path.stat().st_size / 1e6:.1f} MB, {state})")


def _terminal() -> Check:
    name = os.environ.get("TERM", "")
    here = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    if not here or name in {"", "dumb"}:
        return Check(
            "terminal", None, "no terminal here; the studio needs one", "Run it in a terminal, or use commands."
        )
    size = os.get_terminal_size()
    known = size.columns > 0 and size.lines > 0
    wide = (size.columns >= SMALLEST_TERMINAL[0] and size.lines >= SMALLEST_TERMINAL[1]) if known else None
    colours = "24-bit colour" if os.environ.get("COLORTERM") in {"truecolor", "24bit"} else "256 colours or fewer"
    hint = "" if wide is not False else "Make the window at least 60 columns by 16 rows."
    return Check("terminal", wide, f"{name}, {size.columns}x{size.lines}, {colours}", hint)

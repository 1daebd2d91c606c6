"""Every folder and file the program uses by itself. Imports nothing slow: the studio's first paint needs it."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import platformdirs

APP = "vidpipe"
SQLITE_PREFIXES = ("sqlite+aiosqlite:///", "sqlite:///")


def data_folder() -> Path:
    """The user's data folder of this program; not created here."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def config_folder() -> Path:
    """The user's configuration folder of this program; not created here."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def state_folder() -> Path:
    """Where the studio keeps what it remembers (last project, drafts) and its logs."""
    return Path(platformdirs.user_state_dir(APP, appauthor=False))


def config_file() -> Path:
    """`config.toml` of the user."""
    return config_folder() / "config.toml"


def default_database_url() -> str:
    """The address of the database where nothing else is set."""
    return database_url(data_folder() / "vidpipe.db")


def database_url(path: Path) -> str:
    """The address of a SQLite file; only what an address would read otherwise is quoted."""
    return SQLITE_PREFIXES[0] + str(path).replace("%", "%25").replace("?", "%3F")


def database_path(url: str) -> Path | None:
    """The file behind a SQLite address; None for another database or one in memory."""
    for prefix in SQLITE_PREFIXES:
        if url.startswith(prefix):
            name = unquote(url[len(prefix) :].split("?", 1)[0])
            return Path(name) if name and name != ":memory:" else None
    return None


def quick_setting(section: str, key: str) -> Any:
    """One setting from the environment or `config.toml`, unchecked and without loading the schema; None if unset.

    The same order as the settings themselves, for the two values the first paint needs. A broken file is left for
    the settings to complain about.
    """
    name = f"VIDPIPE_{section}__{key}".upper()
    for variable, value in os.environ.items():
        if variable.upper() == name:
            return value
    from vidpipe_tui.config.dotenv import dotenv_value

    in_folder = dotenv_value(name)
    if in_folder is not None:
        return in_folder
    try:
        table = tomllib.loads(config_file().read_text("utf-8")).get(section, {})
    except (OSError, ValueError):
        return None
    return table.get(key) if isinstance(table, dict) else None


def quick_database_path() -> Path | None:
    """The database file the settings will name, found without loading them."""
    return database_path(str(quick_setting("storage", "database_url") or default_database_url()))

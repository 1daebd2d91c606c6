"""A database of its own for each test: a copy of one that was made once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from vidpipe_tui.config.paths import quick_database_path
from vidpipe_tui.db import shutdown


@pytest.fixture
def path(home: Path) -> Path:
    """Where the database of the settings lies; its folder is there."""
    found = quick_database_path()
    assert found is not None
    assert found.is_relative_to(home)
    found.parent.mkdir(parents=True)
    return found


@pytest.fixture
async def database(made_once: Path, path: Path) -> AsyncIterator[Path]:
    """A database at head; every connection is closed at the end."""
    shutil.copyfile(made_once, path)
    yield path
    await shutdown()


@pytest.fixture
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection to the database, as another process has it."""
    with closing(sqlite3.connect(path, timeout=0.1, isolation_level=None, check_same_thread=False)) as connection:
        yield connection

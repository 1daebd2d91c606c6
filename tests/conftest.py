"""Every test has folders, settings and a database of its own, and nothing of the machine reaches it."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

FOREIGN = ("VIDPIPE_", "_VIDPIPE_", "GEMINI_", "GOOGLE_", "XDG_")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it at each turn of the collector takes longer
    than many a test (and joining clips collects once per clip).
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder below `tmp_path` with small, short films as the default; settings are read anew."""
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    monkeypatch.setenv("VIDPIPE_LOCAL__HEIGHT", "90")
    monkeypatch.setenv("VIDPIPE_PIPELINE__DEFAULT_CLIP_DURATION", "1")
    monkeypatch.chdir(folder)
    forget()
    yield folder
    forget()


def forget() -> None:
    """Forgets the settings an earlier test used in this process."""
    from vidpipe_tui.config import loading

    loading._overrides.clear()
    loading.reset()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at head, to be copied: migrating takes longer than many a test."""
    from vidpipe_tui.db import init_database

    path = tmp_path_factory.mktemp("database") / "made.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIDPIPE_STORAGE__DATABASE_URL", f"sqlite+aiosqlite:///{path}")
        forget()
        asyncio.run(init_database())
        forget()
    return path


@pytest.fixture
def ready(made_once: Path, home: Path) -> Path:
    """The database of the settings, empty and at head."""
    path = home / "data" / "vidpipe" / "vidpipe.db"
    path.parent.mkdir(parents=True)
    shutil.copyfile(made_once, path)
    return path

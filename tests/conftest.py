"""Every test has folders, settings and a database of its own, and nothing of the machine reaches it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

FOREIGN = ("VIDPIPE_", "_VIDPIPE_", "GEMINI_", "GOOGLE_", "XDG_")


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

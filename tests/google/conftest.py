"""The emulated Google, and providers that talk to it over every road."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest

from tests.google import emulator_media as media
from tests.google.emulator import KEY, Emulator
from vidpipe_tui.config.schema import Settings
from vidpipe_tui.providers.base import ProviderContext
from vidpipe_tui.providers.google import create
from vidpipe_tui.providers.google.limiter import _LANES
from vidpipe_tui.providers.google.provider import GoogleProvider

FOREIGN = ("GOOGLE_", "GEMINI_", "VIDPIPE_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy")
MakeProvider = Callable[..., GoogleProvider]


def lane_wait(provider: GoogleProvider, model: str) -> float:
    """Seconds the next call of a model would wait for its turn, as far as the model was asked before."""
    name = provider._gateway.road.name
    return max((lane.wait_seconds() for key, lane in _LANES.items() if key[:2] == (name, model)), default=0.0)


@pytest.fixture(autouse=True, scope="session")
def _certificates_once() -> Iterator[None]:
    """Loading the system's certificates costs most of a client's start, and nothing here speaks TLS."""
    with pytest.MonkeyPatch.context() as patch:
        one = ssl.create_default_context()
        patch.setattr(ssl, "create_default_context", lambda *_given, **_named: one)
        patch.setattr(httpx2, "create_ssl_context", lambda *_given, **_named: one)
        yield


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, address or configuration of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture
async def make(emulator: Emulator, tmp_path: Path) -> AsyncIterator[MakeProvider]:
    """Makes providers over a road (key, express or project); closes them afterwards."""
    made: list[GoogleProvider] = []

    def build(
        road: str = "key", models: dict[str, Any] | None = None, pipeline: Any = None, **google: Any
    ) -> GoogleProvider:
        own: dict[str, Any] = {"base_url": emulator.url, "api_key": KEY, "request_timeout": 20.0}
        if road != "key":
            own["use_vertex_ai"] = True
        if road == "project":
            own["project_id"] = "film"
        settings = Settings(google={**own, **google}, models=models or {}, pipeline=pipeline or {})  # type: ignore[arg-type]
        context = ProviderContext(settings=settings, folder=tmp_path / "google", pool=cast(Any, None))
        provider = cast(GoogleProvider, create(context))
        made.append(provider)
        return provider

    yield build
    for provider in made:
        await provider.aclose()


@pytest.fixture
def frames(tmp_path: Path) -> tuple[Path, Path]:
    """A first and a last frame on disk."""
    paths = tmp_path / "start.png", tmp_path / "end.png"
    for number, path in enumerate(paths):
        path.write_bytes(media.picture("16:9", number))
    return paths


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    """Waits until a condition holds, and fails after ten seconds."""

    return _waiting(10)


@pytest.fixture
def patient() -> Callable[..., Awaitable[None]]:
    """The same for what another process has to start for: fails after a minute."""
    return _waiting(60)


def _waiting(seconds: float) -> Callable[..., Awaitable[None]]:
    async def wait(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.005)

    return wait

"""Which road the settings choose, what is refused before anything is sent, and that nothing slow is loaded for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest

from tests.google.conftest import MakeProvider
from tests.google.emulator import KEY, Emulator
from tests.google.requests_of import storyboard
from vidpipe_tui.config.schema import Google, Models
from vidpipe_tui.errors import UsageError
from vidpipe_tui.providers.errors import NoAccessError, ProviderError
from vidpipe_tui.providers.google.catalogue import table
from vidpipe_tui.providers.google.road import choose


def test_creating_the_provider_loads_neither_sdk_nor_transport(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from vidpipe_tui.config.schema import Settings\n"
        "from vidpipe_tui.providers.base import ProviderContext\n"
        "from vidpipe_tui.providers.google import create\n"
        "settings = Settings(google={'api_key': 'k'})\n"
        "provider = create(ProviderContext(settings=settings, folder=Path('x'), pool=None))\n"
        "provider.catalogue, provider.road\n"
        "slow = {'google.genai', 'google.auth', 'httpx2', 'httpx', 'PIL', 'av', 'numpy', 'requests'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("given", "kind", "project", "has_key"),
    [
        ({"api_key": "k"}, "key", None, True),
        ({"api_key": " k\n", "use_vertex_ai": False, "project_id": "film"}, "key", None, True),
        ({"api_key": "k", "use_vertex_ai": True}, "vertex", None, True),
        ({"api_key": "k", "use_vertex_ai": True, "project_id": "film"}, "vertex", "film", False),
        ({"use_vertex_ai": True, "project_id": "film"}, "vertex", "film", False),
    ],
)
def test_the_settings_choose_the_road(given: dict[str, Any], kind: str, project: str | None, has_key: bool) -> None:
    road = choose(Google(**given))
    assert (road.kind, road.project, road.key is not None) == (kind, project, has_key)
    assert "k" not in repr(road.key) or "*" in repr(road.key)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"use_vertex_ai": True},
        {"api_key": "  "},
        {"api_key": "schlüssel"},
    ],
)
def test_settings_that_choose_no_road_are_a_usage_error_with_a_next_step(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        choose(Google(**given))
    assert caught.value.exit_status == 2
    assert caught.value.hint
    assert "schlüssel" not in caught.value.sentence()


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("GOOGLE_GEMINI_BASE_URL", {"api_key": "k"}),
        ("GOOGLE_VERTEX_BASE_URL", {"api_key": "k", "use_vertex_ai": True}),
        ("GOOGLE_VERTEX_BASE_URL", {"project_id": "film", "use_vertex_ai": True}),
    ],
)
def test_the_base_address_comes_from_the_environment_of_its_road(
    monkeypatch: pytest.MonkeyPatch, variable: str, given: dict[str, Any]
) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://gemini.test")
    monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", "http://vertex.test")
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert choose(Google(**given)).base_url == "http://127.0.0.1:9"
    assert choose(Google(**given, base_url="http://own.test")).base_url == "http://own.test"


def test_the_road_has_its_own_default_models(make: MakeProvider) -> None:
    assert make("key").road.video_model == "gemini-omni-1.2-flash"
    assert make("project").road.video_model == "veo-3.1-generate-001"
    own = make("key", models={"video_gen": "gemini-omni-1.1-flash"}).road
    assert own.video_model == "gemini-omni-1.1-flash"
    assert "Gemini Developer API" in own.name


@pytest.mark.parametrize(
    ("road", "model", "wrong", "allowed"),
    [
        ("vertex", "veo-3.1-generate-001", {"seconds": 5.0}, "4, 6 or 8"),
        ("vertex", "veo-3.1-generate-001", {"ratio": "1:1"}, "16:9 or 9:16"),
        ("vertex", "veo-3.1-lite-generate-001", {"resolution": "4k"}, "720p or 1080p"),
        ("key", "gemini-omni-1.2-flash", {"seconds": 2.0}, "3 to 10"),
        ("key", "gemini-omni-1.2-flash", {"seconds": 11.0}, "3 to 10"),
        ("key", "gemini-omni-1.2-flash", {"audio": False}, "sound"),
    ],
)
def test_limits_are_checked_before_anything_is_paid(road: str, model: str, wrong: Any, allowed: str) -> None:
    limits = table(road).catalogue.video(model)
    right = {"ratio": "16:9", "seconds": 4.0, "resolution": "720p", "audio": True}
    limits.check(**right)  # type: ignore[arg-type]
    with pytest.raises(UsageError) as caught:
        limits.check(**{**right, **wrong})
    assert allowed in caught.value.sentence()


def test_prices_follow_resolution_and_size() -> None:
    known = table("vertex").catalogue
    assert known.video("veo-3.1-generate-001").price.of_clip(8, "4k") == pytest.approx(4.8)
    assert known.video("gemini-omni-1.2-flash").price.of_clip(10, "1080p") == pytest.approx(1.05)
    assert known.image("gemini-3-pro-image").price.of_image("4K") == pytest.approx(0.24)
    assert known.text("gemini-3.8-flash").price.of_tokens(1_000_000, 1_000_000) == pytest.approx(4.5)
    assert (known.dated.year, known.dated.month) == (2026, 11)
    assert not any(model.price.is_free for model in (*known.videos.values(), *known.images.values()))


def test_a_model_of_a_known_family_gets_its_limits_at_the_dearest_price() -> None:
    chosen = Models(image_gen="gemini-5-image", video_gen="veo-4.0-generate-001", storyboard_llm="gemini-9")
    known = table("vertex").with_chosen(chosen).catalogue
    assert known.video("veo-4.0-generate-001").seconds == (4.0, 6.0, 8.0)
    assert known.video("veo-4.0-generate-001").price.of_clip(1, "720p") == pytest.approx(0.40)
    assert known.image("gemini-5-image").price.of_image("1K") == pytest.approx(0.134)
    assert known.text("gemini-9").price.output_per_million == pytest.approx(12.0)
    assert not known.text("gemini-9").temperature


@pytest.mark.parametrize(
    ("road", "chosen", "names"),
    [
        ("key", {"video_gen": "veo-3.1-generate-001"}, "Vertex AI"),
        ("key", {"video_gen": "sora-3"}, "gemini-omni-1.2-flash"),
        ("vertex", {"image_gen": "dall-e"}, "gemini-3-pro-image"),
        ("vertex", {"image_gen": "gemini-3.8-flash"}, "gemini-3-pro-image"),
    ],
)
def test_a_model_nothing_is_known_of_is_refused(road: str, chosen: Any, names: str) -> None:
    with pytest.raises(UsageError) as caught:
        table(road).with_chosen(Models(**chosen))
    assert names in caught.value.sentence()


def test_what_replaces_a_model_depends_on_the_road() -> None:
    assert table("key").replacement("veo-3.1-generate-preview") == "gemini-omni-1.2-flash"
    assert table("vertex").replacement("veo-3.1-fast-generate-preview") == "veo-3.1-fast-generate-001"
    assert table("key").replacement("gemini-3-pro-image-preview") == "gemini-3-pro-image"
    assert table("key").replacement("gemini-3.8-flash") is None
    assert table("key").replacement("unheard-of") is None


@pytest.mark.parametrize("road", ["key", "express", "project"])
async def test_every_road_writes_a_storyboard_with_its_own_login(
    make: MakeProvider, emulator: Emulator, road: str
) -> None:
    await make(road).storyboards.write(storyboard())
    call = emulator.calls("text")[0]
    assert call.headers.get("x-goog-api-key") == (None if road == "project" else KEY)
    assert call.headers.get("authorization") == ("Bearer loopback" if road == "project" else None)
    place = "/v1beta1/projects/film/locations/us-central1/" if road == "project" else "/v1"
    assert call.path.startswith(place)


async def test_a_service_account_logs_in_where_its_file_says(
    make: MakeProvider, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(emulator.write_login(tmp_path)))
    await make("project").storyboards.write(storyboard())
    assert emulator.calls("text")[0].headers["authorization"] == "Bearer from-token-server"


async def test_a_broken_login_file_is_no_access(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: MakeProvider
) -> None:
    (tmp_path / "login.json").write_text("{}")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "login.json"))
    provider = make("project", base_url="https://google.invalid")
    with pytest.raises(NoAccessError) as caught:
        await provider.storyboards.write(storyboard())
    assert "gcloud auth application-default login" in caught.value.hint


async def test_the_key_is_in_no_message_repr_or_traceback(make: MakeProvider, emulator: Emulator) -> None:
    secret = "AIza-very-secret-4711"
    provider = make("key", api_key=secret)
    emulator.quoting = secret
    with pytest.raises(NoAccessError) as caught:
        await provider.storyboards.write(storyboard())
    error, ours = caught.value, caught.tb.tb_next
    told = "".join(traceback.TracebackException(type(error), error, ours, capture_locals=True).format())
    assert "gateway.py" in told
    assert secret not in told + caught.value.sentence() + repr(provider.__dict__) + repr(provider.road)
    assert "********" in caught.value.message


async def test_closing_leaves_nothing_behind_and_the_provider_can_start_again(
    make: MakeProvider, tmp_path: Path
) -> None:
    provider = make("express")
    await provider.storyboards.write(storyboard())
    await provider.aclose()
    await provider.aclose()
    assert not list((tmp_path / "google").glob("spool-*"))
    await provider.storyboards.write(storyboard())


async def test_preparing_asks_nothing_of_google(make: MakeProvider, emulator: Emulator) -> None:
    provider = make("key")
    await asyncio.gather(provider.prepare(), provider.prepare())
    assert emulator.journal == []
    await provider.storyboards.write(storyboard())
    assert emulator.accepted("text") == 1


async def test_a_wrong_port_is_said_to_be_unreachable(make: MakeProvider) -> None:
    with pytest.raises(ProviderError) as caught:
        await make("key", base_url="http://127.0.0.1:9").storyboards.write(storyboard())
    assert caught.value.kind == "retry_later"
    assert "cannot be reached" in caught.value.message

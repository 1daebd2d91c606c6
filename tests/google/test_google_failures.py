"""Every failure of a paid call: its kind, its sentence, and that the call was sent exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.google.conftest import MakeProvider, lane_wait
from tests.google.emulator import Emulator
from tests.google.requests_of import clip, image, storyboard
from vidpipe_tui.providers.errors import (
    FilteredError,
    InDoubtError,
    NoAccessError,
    ProviderError,
    RefusedRequestError,
    RetryLaterError,
)
from vidpipe_tui.providers.google import limiter
from vidpipe_tui.providers.google.provider import GoogleProvider

OMNI, VEO = "gemini-omni-1.2-flash", "veo-3.1-generate-001"
Frames = tuple[Path, Path]
CALLS = [("text", "key", ""), ("image", "project", ""), ("clip", "key", OMNI), ("clip", "project", VEO)]
REFUSED: list[tuple[str, type[ProviderError], str]] = [
    ("forbidden", NoAccessError, "may not use"),
    ("billing", NoAccessError, "billing"),
    ("region", NoAccessError, "from where you are"),
    ("gone", NoAccessError, "is gone"),
    ("unsafe", FilteredError, "filter refused the request"),
    ("wrong", RefusedRequestError, "wrong"),
    ("redirect", NoAccessError, "redirection"),
    ("rate_limit", RetryLaterError, "limit for"),
    ("overloaded", RetryLaterError, "overloaded"),
]
UNKNOWN = ["500", "502", "503", "504", "408", "json500", "json504", "reset", "html", "garbage", "short"]


def send(provider: GoogleProvider, kind: str, model: str, frames: Frames) -> Any:
    if kind == "text":
        return provider.storyboards.write(storyboard())
    if kind == "image":
        return provider.images.draw(image())
    return provider.videos.submit(clip(frames, model=model))


@pytest.mark.parametrize(("kind", "road", "model"), CALLS)
async def test_a_refusal_is_not_accepted_and_has_its_sentence(
    make: MakeProvider, emulator: Emulator, frames: Frames, kind: str, road: str, model: str
) -> None:
    provider = make(road)
    for fault, expected, says in REFUSED:
        emulator.script(f"{kind}:1:{fault}")
        limiter._LANES.clear()
        with pytest.raises(expected, match=says) as caught:
            await send(provider, kind, model, frames)
        assert caught.value.hint
    assert len(emulator.calls(kind)) == len(REFUSED)
    assert emulator.accepted(kind) == 0


@pytest.mark.parametrize(("kind", "road", "model"), CALLS)
async def test_an_unknown_outcome_is_in_doubt_and_was_sent_once(
    make: MakeProvider, emulator: Emulator, frames: Frames, kind: str, road: str, model: str
) -> None:
    provider = make(road)
    for number, fault in enumerate(UNKNOWN, 1):
        emulator.script(f"{kind}:1:{fault}")
        with pytest.raises(InDoubtError, match="nobody knows"):
            await send(provider, kind, model, frames)
        assert len(emulator.calls(kind)) == number


@pytest.mark.parametrize(("kind", "road", "model"), CALLS)
async def test_a_call_that_hangs_ends_at_its_time_limit_in_doubt(
    make: MakeProvider, emulator: Emulator, frames: Frames, kind: str, road: str, model: str
) -> None:
    provider = make(road, request_timeout=0.5)
    emulator.script(f"{kind}:1:hang")
    with pytest.raises(InDoubtError, match="time limit"):
        await send(provider, kind, model, frames)
    assert emulator.accepted(kind) == 1


@pytest.mark.parametrize(("kind", "road", "model"), CALLS)
async def test_a_call_is_cancelled_in_the_middle(
    make: MakeProvider, emulator: Emulator, until: Callable[..., Any], frames: Frames, kind: str, road: str, model: str
) -> None:
    provider = make(road)
    emulator.script(f"{kind}:1:hang")
    task = asyncio.ensure_future(send(provider, kind, model, frames))
    await until(lambda: emulator.accepted(kind) == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await send(provider, kind, model, frames)
    assert emulator.accepted(kind) == 2


async def test_a_wrong_key_is_no_access_in_both_worlds(make: MakeProvider, emulator: Emulator) -> None:
    for road in ("key", "express"):
        with pytest.raises(NoAccessError, match="does not accept this key") as caught:
            await make(road, api_key="wrong").storyboards.write(storyboard())
        assert "google.api_key" in caught.value.hint
    assert emulator.accepted("text") == 0


@pytest.mark.parametrize(
    ("fault", "seconds"), [("rate_limit=7.5", 7.5), ("rate_limit_header=9", 9.0), ("rate_limit", None)]
)
async def test_the_wait_a_server_asks_for_is_passed_on_and_holds_the_lane(
    make: MakeProvider, emulator: Emulator, fault: str, seconds: float | None
) -> None:
    provider = make("key", pipeline={"retry_base_delay": 3.0})
    emulator.script(f"image:1:{fault}")
    with pytest.raises(RetryLaterError) as caught:
        await provider.images.draw(image())
    assert caught.value.rate_limited
    assert caught.value.wait_seconds == seconds
    assert lane_wait(provider, "gemini-nano-banana-2.1") == pytest.approx(seconds or 3.0, abs=0.5)
    assert lane_wait(provider, "gemini-3.8-flash") == 0.0


async def test_an_overload_holds_no_lane(make: MakeProvider, emulator: Emulator) -> None:
    provider = make("key")
    emulator.script("image:1:overloaded")
    with pytest.raises(RetryLaterError) as caught:
        await provider.images.draw(image())
    assert not caught.value.rate_limited
    assert lane_wait(provider, "gemini-nano-banana-2.1") == 0.0


async def test_a_pause_longer_than_anyone_waits_is_said_at_once(make: MakeProvider, emulator: Emulator) -> None:
    provider = make("key", pipeline={"retry_max_wait": 5.0})
    emulator.script("image:1:rate_limit=3600")
    for _call in range(2):
        with pytest.raises(RetryLaterError) as caught:
            await provider.images.draw(image())
        assert caught.value.wait_seconds == pytest.approx(3600, abs=5)
    assert len(emulator.calls("image")) == 1


async def test_a_model_that_is_gone_names_its_replacement(
    make: MakeProvider, emulator: Emulator, frames: Frames
) -> None:
    emulator.gone = {"gemini-3-pro-image", VEO}
    with pytest.raises(NoAccessError) as caught:
        await make("key").images.draw(image(model="gemini-3-pro-image"))
    assert "gemini-3-pro-image is gone" in caught.value.message
    with pytest.raises(NoAccessError) as caught:
        await make("key", models={"video_gen": "gemini-omni-0.9"}).videos.submit(clip(frames, model="gemini-omni-0.9"))
    assert "gemini-omni-1.2-flash" in caught.value.hint


@pytest.mark.parametrize(("road", "model"), [("key", OMNI), ("project", VEO)])
async def test_a_clip_that_was_taken_on_without_a_name_is_in_doubt(
    make: MakeProvider, emulator: Emulator, frames: Frames, road: str, model: str
) -> None:
    emulator.script("clip:1:blank")
    with pytest.raises(InDoubtError, match="gave it no name"):
        await make(road).videos.submit(clip(frames, model=model))
    assert emulator.accepted("clip") == 1


async def test_many_calls_at_once_share_one_client_and_are_each_sent_once(
    make: MakeProvider, emulator: Emulator, frames: Frames
) -> None:
    provider = make("project")
    await asyncio.gather(
        *(provider.images.draw(image()) for _ in range(8)),
        *(provider.videos.submit(clip(frames, model=model)) for model in (OMNI, VEO) for _ in range(4)),
    )
    assert (emulator.accepted("image"), emulator.accepted("clip")) == (8, 8)

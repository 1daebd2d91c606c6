"""The lanes: calls a minute, and a server's pause, on a clock that the test turns."""

from __future__ import annotations

import asyncio

import pytest

from tests.google.conftest import MakeProvider, lane_wait
from tests.google.emulator import Emulator
from tests.google.requests_of import image
from vidpipe_tui.providers.errors import RetryLaterError
from vidpipe_tui.providers.google.limiter import Lane


class Clock:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def lane(clock: Clock, per_minute: int = 0, longest_wait: float = 120.0) -> Lane:
    return Lane("a-model", per_minute, longest_wait=longest_wait, clock=clock, sleep=clock.sleep)


async def test_no_minute_has_more_calls_than_allowed() -> None:
    clock, times = Clock(), []
    paced = lane(clock, 3)
    for _call in range(10):
        await paced.turn()
        times.append(clock.now)
        clock.now += 1.0
    assert all(sum(start <= time < start + 60 for time in times) <= 3 for start in times)
    assert times[2] - times[0] == pytest.approx(2.0)
    assert times[3] - times[0] == pytest.approx(60.5)


async def test_without_a_limit_nobody_waits() -> None:
    clock = Clock()
    free = lane(clock)
    for _call in range(100):
        await free.turn()
    assert clock.now == 1000.0


async def test_a_pause_moves_every_later_call() -> None:
    clock = Clock()
    paced = lane(clock)
    paced.pause(20.0, 2.0)
    await paced.turn()
    await paced.turn()
    assert clock.now == pytest.approx(1020.0)
    paced.pause(10.0, 2.0)
    paced.pause(5.0, 2.0)
    assert paced.wait_seconds() == pytest.approx(10.0)


async def test_pauses_without_a_figure_double_and_start_small_after_a_success() -> None:
    clock, waits = Clock(), []
    paced = lane(clock)
    for _refusal in range(3):
        paced.pause(None, 2.0)
        paced.pause(None, 2.0)
        waits.append(paced.wait_seconds())
        await paced.turn()
    assert waits == pytest.approx([2.0, 4.0, 8.0])
    paced.went_well()
    paced.pause(None, 2.0)
    assert paced.wait_seconds() == pytest.approx(2.0)


async def test_a_pause_beyond_the_longest_wait_is_an_error() -> None:
    paced = lane(Clock(), longest_wait=30.0)
    paced.pause(31.0, 2.0)
    with pytest.raises(RetryLaterError) as caught:
        await paced.turn()
    assert caught.value.rate_limited
    assert caught.value.wait_seconds == pytest.approx(31.0)


async def test_two_providers_of_one_process_share_a_lane(make: MakeProvider, emulator: Emulator) -> None:
    emulator.script("image:1:rate_limit=30")
    first, second = make("key"), make("key")
    with pytest.raises(RetryLaterError):
        await first.images.draw(image())
    waiting = asyncio.ensure_future(second.images.draw(image()))
    await asyncio.sleep(0)
    assert lane_wait(second, "gemini-nano-banana-2.1") == pytest.approx(30, abs=2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert len(emulator.calls("image")) == 1


async def test_the_settings_limit_calls_of_a_model_before_they_are_sent(make: MakeProvider, emulator: Emulator) -> None:
    provider = make("key", image_rpm=2)
    await asyncio.gather(provider.images.draw(image()), provider.images.draw(image()))
    third = asyncio.ensure_future(provider.images.draw(image()))
    assert lane_wait(provider, "gemini-nano-banana-2.1") > 50
    await provider.images.draw(image(model="gemini-3-pro-image"))
    third.cancel()
    with pytest.raises(asyncio.CancelledError):
        await third
    assert emulator.accepted("image") == 3


async def test_a_place_is_kept_for_the_call_that_follows() -> None:
    """Nobody who wrote an intent down waits after it, and nobody gets in between."""
    clock = Clock()
    paced = lane(clock, 2)
    async with paced.held_turn(), paced.held_turn():
        assert paced.wait_seconds() > 0
        await paced.turn()
        assert clock.now == 1000.0
    assert paced.wait_seconds() == 0.0  # the second place was given back
    await paced.turn()
    assert clock.now == 1000.0
    await paced.turn()
    assert clock.now == pytest.approx(1060.5)


async def test_a_place_held_longer_counts_from_the_call() -> None:
    clock = Clock()
    paced = lane(clock, 1)
    async with paced.held_turn():
        clock.now += 5
        await paced.turn()
    await paced.turn()
    assert clock.now == pytest.approx(1065.5)

"""Lanes, limits and stopping: never more at once or in a minute than was said, and nothing paid for after a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.google.emulator import Emulator
from tests.google.filming import Crew, crew
from vidpipe_tui.providers.google import limiter

Until = Callable[..., Awaitable[None]]


def at_once(emulator: Emulator) -> int:
    """The most operations that were in the making at the same time."""
    spans = [(one.ready - emulator.answers.clip_seconds, one.ready) for one in emulator.answers.operations.values()]
    return max(sum(begun <= moment < ready for begun, ready in spans) for moment, _ready in spans)


def most_in(emulator: Emulator, kind: str, seconds: float) -> int:
    times = [entry.time for entry in emulator.calls(kind)]
    return max(sum(start <= other < start + seconds for other in times) for start in times)


@pytest.mark.parametrize("road", ["key", "project"])
async def test_no_more_clips_at_once_than_allowed(tmp_path: Path, road: str) -> None:
    with Emulator(clip_seconds=0.3) as emulator:
        async with crew(emulator, tmp_path, road, pipeline={"video_gen_concurrency": 2}) as on:
            assert (await on.film(5)).exit_status == 0
        assert at_once(emulator) == 2
        assert emulator.accepted("clip") == 5


async def test_two_films_share_the_lanes(tmp_path: Path) -> None:
    with Emulator(clip_seconds=0.3) as emulator:
        async with crew(emulator, tmp_path, pipeline={"video_gen_concurrency": 2}) as on:
            first, second = await on.create(2), await on.create(2)
            for project in (first, second):
                await on.studio.start(project)
            ends = await asyncio.gather(on.studio.wait(first), on.studio.wait(second))
            assert [outcome.exit_status for outcome in ends] == [0, 0]
        assert at_once(emulator) == 2


async def test_calls_a_minute_are_limited(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of the test is half a second long."""
    monkeypatch.setattr(limiter, "WINDOW", 0.5)
    async with crew(emulator, tmp_path, google={"image_rpm": 3, "video_rpm": 2}) as on:
        assert (await on.film(5)).exit_status == 0
    assert most_in(emulator, "image", 0.45) == 3
    assert most_in(emulator, "clip", 0.45) == 2


async def test_a_refusal_holds_up_the_whole_lane(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:1:rate_limit=0.6")
    async with crew(emulator, tmp_path) as on:
        assert (await on.film(4)).exit_status == 0
    refused, *others = [entry.time for entry in emulator.calls("clip")]
    assert min(others) - refused >= 0.6


async def test_a_stop_waits_for_no_limit_and_writes_no_intent(emulator: Emulator, tmp_path: Path, until: Until) -> None:
    async with crew(emulator, tmp_path, google={"image_rpm": 1}) as on:
        project = await on.create(2)
        await on.studio.start(project)
        await until(lambda: emulator.accepted("image") == 1)
        await asyncio.wait_for(on.studio.stop_all(), 5)
        outcome = await on.studio.wait(project)
        assert (outcome.exit_status, outcome.status.value) == (130, "stopped")
        assert [call.state.value for call in await on.calls("image")] == ["succeeded"]


async def test_a_stop_waits_for_a_paid_call_and_says_what_goes_on(tmp_path: Path, until: Until) -> None:
    with Emulator(clip_seconds=30) as emulator:
        emulator.seconds["clip"] = 0.5
        async with crew(emulator, tmp_path) as on:
            project = await on.create(1)
            await on.studio.start(project)
            await until(lambda: emulator.accepted("clip") == 1)
            (sentence,) = await asyncio.wait_for(on.studio.stop_all(), 5)
            (name,) = emulator.answers.names()
            assert sentence.startswith("Stopped. At the provider goes on: scene 1 (")
            assert name in sentence
            assert "it is fetched when you go on" in sentence
            await _goes_on_by_name(on, emulator, name)


async def _goes_on_by_name(on: Crew, emulator: Emulator, name: str) -> None:
    asked = len(emulator.calls("poll"))
    emulator.answers.operations[name].ready = 0.0
    assert (await on.run()).exit_status == 0
    assert emulator.accepted("clip") == 1
    assert len(emulator.calls("poll")) > asked
    await on.agrees()


async def test_a_call_that_is_cut_off_is_unknown_and_counted(emulator: Emulator, tmp_path: Path, until: Until) -> None:
    emulator.script("clip:1:hang")
    async with crew(emulator, tmp_path) as on:
        project = await on.create(1)
        await on.studio.start(project)
        await until(lambda: emulator.accepted("clip") == 1)
        await asyncio.wait_for(on.studio.stop_all(0.2), 5)
        assert [call.state.value for call in await on.calls("clip")] == ["unknown"]
        assert (await on.view()).scenes[0].status.value == "in_doubt"
        assert (await on.run()).exit_status == 3
        await on.agrees()


@pytest.mark.parametrize("road", ["key", "express", "project"])
async def test_another_process_polls_the_same_operation(tmp_path: Path, until: Until, road: str) -> None:
    """What dies in the middle is gone on with by name, by whoever comes next."""
    with Emulator(clip_seconds=30) as emulator:
        async with crew(emulator, tmp_path, road) as on:
            project = await on.create(1)
            await on.studio.start(project)
            await until(lambda: len(emulator.calls("poll")) >= 2)
            await on.studio.stop_all(0)
        (name,) = emulator.answers.names()
        async with crew(emulator, tmp_path, road) as on:
            on.project_id = project
            await _goes_on_by_name(on, emulator, name)


async def test_the_limit_counts_what_a_dead_process_asked_for(
    emulator: Emulator, tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"image_rpm": 2}
    async with crew(emulator, tmp_path, google=limits) as on:
        project = await on.create(3)
        await on.studio.start(project)
        await until(lambda: emulator.accepted("image") == 2)
        await on.studio.stop_all(0.5)
    monkeypatch.setattr(limiter, "_LANES", {})
    async with crew(emulator, tmp_path, google=limits) as on:
        await on.studio.start(project)
        await until(lambda: bool(limiter._LANES))
        (lane,) = [lane for lane in limiter._LANES.values() if "image" in lane.model or "banana" in lane.model]
        assert 40 < lane.wait_seconds() < 61
        await on.studio.stop_all(0)
    assert emulator.accepted("image") == 2

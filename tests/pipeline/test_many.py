"""Many projects in one database and many at work on one loop; clocks that jump."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import insert

from tests.pipeline.fake import FakeProvider
from tests.pipeline.stage import Stage, make_core, stage, until
from vidpipe_tui.db import base, leases
from vidpipe_tui.db.doors import on_lock, read, write
from vidpipe_tui.db.models import Project
from vidpipe_tui.pipeline.driver import BusyError
from vidpipe_tui.providers.base import OperationState, PollAnswer
from vidpipe_tui.services.studio import Studio

RUNNING = PollAnswer(OperationState.RUNNING)


async def turns(found: list[float]) -> None:
    """Notes how long each turn of the loop takes beyond its due, in ms."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        found.append((time.perf_counter() - begun) * 1000 - 1)


async def test_twenty_of_two_hundred_projects_run_at_once(record_property: pytest.RecordProperty) -> None:
    told: list[str] = []
    async with stage(FakeProvider(), lanes=4) as on:
        on_lock(told.append)
        async with write() as session:
            rows = [
                {"prompt": "A film.", "style": "cinematic", "aspect_ratio": "16:9", "target_clip_duration": 1}
                for _ in range(180)
            ]
            await session.execute(insert(Project).values(status="complete"), rows)
        ids = [await on.create(1) for _ in range(20)]
        lateness: list[float] = []
        watch = asyncio.create_task(turns(lateness))
        for project_id in ids:
            await on.studio.start(project_id)
        outcomes = [await on.studio.wait(project_id) for project_id in ids]
        watch.cancel()
        on_lock(None)
        assert [outcome.exit_status for outcome in outcomes] == [0] * 20
        assert told == []
        assert (on.provider.accepted("image"), on.provider.accepted("clip")) == (40, 20)
        assert (await on.studio.list_projects(limit=1)).total == 200
        record_property("loop_turn_p99_ms", sorted(lateness)[len(lateness) * 99 // 100])


async def _other(on: Stage) -> Studio:
    """A second process, as far as leases know."""
    core = make_core(on.provider)
    core.driver._holder = leases.Holder("another", "another host", 1, "")
    return Studio(core)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_jumps_makes_no_second_driver(hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> PollAnswer:
        waiting.set()
        await go_on.wait()
        return PollAnswer(OperationState.DONE)

    async with stage(FakeProvider().then("poll", slow)) as on:
        project_id = await on.create(1)
        await on.studio.start(project_id)
        await waiting.wait()
        real, jump = base.now, timedelta(hours=hours)
        monkeypatch.setattr(leases, "now", lambda: real() + jump)
        beat = await _beat(project_id)
        other = await _other(on)
        with pytest.raises(BusyError):
            await other.start(project_id)
        await until(lambda: _beaten(project_id, beat))
        with pytest.raises(BusyError):
            await other.start(project_id)
        go_on.set()
        assert (await on.studio.wait(project_id)).exit_status == 0
        await other.start(project_id)
        assert (await other.wait(project_id)).exit_status == 0
        assert on.provider.accepted("clip") == 1


async def _beat(project_id: object) -> int:
    async with read() as session:
        state = await leases.lease_of(session, project_id)  # type: ignore[arg-type]
    assert state is not None
    return state.beat


async def _beaten(project_id: object, before: int) -> bool:
    return await _beat(project_id) > before


async def test_an_operation_survives_a_clock_set_back(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    from tests.pipeline.fake import picture
    from tests.pipeline.stage import ThreadPool
    from vidpipe_tui.providers.local.operations import Operations

    folder = Path(str(tmp_path))
    frame = folder / "frame.png"
    frame.write_bytes(picture(1, 1, "start"))
    operations = Operations(folder / "operations", ThreadPool())
    name = await operations.submit(frame, frame, seconds=0.05, outcome="filtered", terms={})
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 3600)
    assert operations.poll(name).state is OperationState.RUNNING
    await until(lambda: operations.poll(name).state is OperationState.FILTERED, seconds=5)

"""A heartbeat that falls into the end of a run takes nothing for lost."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.pipeline.fake import FakeProvider
from tests.pipeline.stage import stage
from vidpipe_tui.pipeline import endings
from vidpipe_tui.pipeline.context import RunContext


async def test_a_heartbeat_just_after_the_lease_was_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(FakeProvider()) as on:
        release = endings.leases.release

        async def release_and_beat(*given: Any) -> None:
            await release(*given)
            on.core.driver._note({}, time.monotonic())

        monkeypatch.setattr(endings.leases, "release", release_and_beat)
        _project, outcome = await on.film(1)
        assert outcome.exit_status == 0


async def test_a_heartbeat_that_finds_the_lease_gone_in_the_middle_ends_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with stage(FakeProvider()) as on:
        graph = RunContext.graph

        async def graph_and_beat(context: RunContext) -> Any:
            found = await graph(context)
            on.core.driver._note({}, time.monotonic())
            return found

        monkeypatch.setattr(RunContext, "graph", graph_and_beat)
        with pytest.raises(endings.leases.LeaseLostError):
            await on.film(1)

"""A film killed with SIGKILL just before and just after every commit, file and call, and resumed.

Here each named point is crashed at once, at one of its visits; `make soak` takes every visit of every point.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recovery.crashes import LOSSES, ROUGH, SMOOTH, WAYS_OUT, Scenario, crash_and_resume, points_of, sample
from tests.recovery.place import ForkServer

SHARDS = {SMOOTH: 4, ROUGH: 2, LOSSES: 1}
"""Parts that test processes share, by the number of points."""
PARTS = [(scenario, shard) for scenario, shards in SHARDS.items() for shard in range(shards)]


@pytest.mark.parametrize(("scenario", "shard"), PARTS, ids=[f"{scenario.name}-{shard}" for scenario, shard in PARTS])
def test_whatever_the_moment_nothing_is_paid_twice_and_nothing_is_lost(
    server: ForkServer, tmp_path: Path, scenario: Scenario, shard: int
) -> None:
    points = sample(points_of(server, tmp_path / "whole", scenario), scenario)
    assert points
    for number, point in enumerate(points):
        if number % SHARDS[scenario] == shard:
            way_out = WAYS_OUT[number // SHARDS[scenario] % len(WAYS_OUT)]
            wrong = crash_and_resume(server, tmp_path / f"crash-{number}", scenario, point, way_out)
            assert wrong == [], f"killed {point}"

"""Kills at random moments, for a short while; `make soak` goes on for as long as wished."""

from __future__ import annotations

from pathlib import Path

from tests.recovery.place import ForkServer
from tests.recovery.random_kills import kill_for_a_while

SECONDS = 15.0


def test_films_killed_at_random_moments_are_finished_without_paying_twice(server: ForkServer, tmp_path: Path) -> None:
    figures = kill_for_a_while(server, tmp_path, SECONDS, seed=4)
    assert figures.wrong == []
    assert figures.kills > 0

"""One process drives a project: it is watched, taken over when it dies, fenced when it sleeps, and stopped in time."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.recovery.place import Place, verify
from tests.recovery.processes import Vidpipe, begun, process_is_gone, state_of, until

SLOW_PICTURES = {"VIDPIPE_LOCAL__IMAGE_SECONDS": "1"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "place")


@pytest.fixture
def started() -> Iterator[list[Vidpipe]]:
    """Processes of this test; whatever is left of them is ended."""
    running: list[Vidpipe] = []
    yield running
    for process in running:
        process.end()


def kinds(place: Place) -> dict[str, int]:
    found: dict[str, int] = {}
    for call in place.accepted:
        found[call["kind"]] = found.get(call["kind"], 0) + 1
    return found


def test_of_two_started_at_once_one_drives_and_the_other_watches(place: Place, started: list[Vidpipe]) -> None:
    project = begun(place)
    runs = place.rows("SELECT count(*) FROM pipeline_runs")[0][0]
    started += [Vidpipe(place, "resume", project, "--json", **SLOW_PICTURES) for _ in range(2)]
    assert [process.wait() for process in started] == [0, 0]
    assert kinds(place) == {"storyboard": 1, "image": 3, "clip": 2}
    assert place.rows("SELECT count(*) FROM pipeline_runs")[0][0] == runs + 1
    assert sum("Another vidpipe drives" in process.said for process in started) == 1
    assert verify(place) == []


def test_a_watcher_ends_with_the_exit_status_of_the_driver(place: Place, started: list[Vidpipe]) -> None:
    project = begun(place)
    faults = SLOW_PICTURES | {"VIDPIPE_LOCAL__FAULTS": "clip@2:1:lost"}
    driver = Vidpipe(place, "resume", project, **faults)
    started.append(driver)
    until(lambda: state_of(place)[1] is not None and place.accepted)
    watcher = Vidpipe(place, "resume", project)
    started.append(watcher)
    until(lambda: "Watching" in watcher.said)
    assert (driver.wait(), watcher.wait()) == (4, 4)
    assert "scene 2 is missing" in watcher.said
    assert Vidpipe(place, "resume", project, "--no-wait").wait() == 4


def test_no_wait_returns_at_once_while_another_drives(place: Place, started: list[Vidpipe]) -> None:
    project = begun(place)
    driver = Vidpipe(place, "resume", project, **SLOW_PICTURES)
    started.append(driver)
    until(lambda: place.accepted)
    looker = Vidpipe(place, "resume", project, "--no-wait")
    assert looker.wait() == 0
    assert driver.wait() == 0


def test_a_dead_driver_is_taken_over_within_seconds(place: Place, started: list[Vidpipe]) -> None:
    project = begun(place)
    driver = Vidpipe(place, "resume", project, **SLOW_PICTURES)
    started.append(driver)
    until(lambda: "image" in kinds(place))
    watcher = Vidpipe(place, "resume", project)
    started.append(watcher)
    until(lambda: "Watching" in watcher.said)
    runs = place.rows("SELECT count(*) FROM pipeline_runs")[0][0]
    driver.send(signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: place.rows("SELECT count(*) FROM pipeline_runs")[0][0] > runs)
    assert time.monotonic() - killed < 15
    assert watcher.wait() == 0
    assert verify(place) == []


@pytest.mark.parametrize("point", ["before:image.call#2", "after:clip.call#1", "before:clip.file#1"])
def test_a_sleeper_that_wakes_after_its_lease_was_taken_writes_nothing_more(
    place: Place, started: list[Vidpipe], point: str
) -> None:
    project = begun(place, scenes=1)  # nothing beside it that could fall asleep inside a transaction
    sleeper = Vidpipe(place, "resume", project, _VIDPIPE_TEST_CRASH_AT=point, _VIDPIPE_TEST_CRASH_BY="SIGSTOP")
    started.append(sleeper)
    until(lambda: point.partition("#")[0] in place.visited and is_stopped(sleeper))
    stopped = time.monotonic()
    taker = Vidpipe(place, "resume", project)
    started.append(taker)
    status = taker.wait()
    assert time.monotonic() - stopped < 30
    assert status == (3 if "clip.call" in point else 0), taker.said
    before, calls = contents(place), len(place.accepted)
    sleeper.send(signal.SIGCONT)
    assert sleeper.wait() == status, sleeper.said
    assert "taken this project over" in sleeper.said
    assert contents(place) == before
    assert len(place.accepted) <= calls + 1
    assert verify(place) == []


def is_stopped(process: Vidpipe) -> bool:
    stat = Path(f"/proc/{process.process.pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"


def contents(place: Place) -> dict[str, list[Any]]:
    """Everything that the tables of the pipeline hold."""
    tables = ("projects", "scenes", "keyframes", "video_clips", "films", "files", "api_calls", "pipeline_events")
    return {table: place.rows(f"SELECT * FROM {table}") for table in (*tables, "pipeline_runs", "leases")}


def test_one_that_sleeps_inside_a_transaction_is_waited_for_and_that_is_said(
    place: Place, started: list[Vidpipe]
) -> None:
    project = begun(place)
    sleeper = Vidpipe(
        place, "resume", project, _VIDPIPE_TEST_CRASH_AT="before:image.answer#1", _VIDPIPE_TEST_CRASH_BY="SIGSTOP"
    )
    started.append(sleeper)
    until(lambda: "before:image.answer" in place.visited and is_stopped(sleeper))
    other = Vidpipe(place, *place.generate())
    started.append(other)
    until(lambda: "held by another process" in other.said)
    assert other.process.poll() is None
    sleeper.send(signal.SIGCONT)
    assert (other.wait(), sleeper.wait()) == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_time_with_what_is_in_hand_written(
    place: Place, started: list[Vidpipe], number: signal.Signals
) -> None:
    endless = {"VIDPIPE_LOCAL__IMAGE_SECONDS": "60"}
    process = Vidpipe(place, *place.generate(), "--json", **endless)
    started.append(process)
    until(lambda: "image" in kinds(place))
    process.send(number)
    sent = time.monotonic()
    assert process.wait() == 130
    assert time.monotonic() - sent < 3
    assert state_of(place) == ("stopped", None)
    assert place.rows("SELECT state FROM api_calls WHERE kind = 'image'") == [("unknown",)]
    assert Vidpipe(place, "resume", place.project).wait() == 0
    assert verify(place) == []


def test_a_signal_says_what_goes_on_at_the_provider(place: Place, started: list[Vidpipe]) -> None:
    process = Vidpipe(place, *place.generate(1), VIDPIPE_LOCAL__CLIP_SECONDS="5")
    started.append(process)
    until(lambda: place.rows("SELECT 1 FROM video_clips WHERE operation_name IS NOT NULL") if place.project else None)
    process.send(signal.SIGTERM)
    sent = time.monotonic()
    assert process.wait() == 130
    assert time.monotonic() - sent < 3
    assert "At the provider" in process.said
    assert "local/operations/" in process.said
    assert Vidpipe(place, "resume", place.project).wait() == 0
    assert kinds(place)["clip"] == 1


def test_stop_of_another_process_ends_generate_with_130(place: Place, started: list[Vidpipe]) -> None:
    process = Vidpipe(place, *place.generate(), **SLOW_PICTURES)
    started.append(process)
    until(lambda: "image" in kinds(place))
    stopping = Vidpipe(place, "stop", place.project, "--json")
    assert stopping.wait() == 0
    assert json.loads(stopping.said)["ok"] is True
    assert process.wait() == 130
    assert state_of(place) == ("stopped", None)
    assert {row[0] for row in place.rows("SELECT state FROM api_calls")} == {"succeeded"}


def test_a_dropped_line_hands_the_project_over_without_a_gap(place: Place, started: list[Vidpipe]) -> None:
    settings = {"VIDPIPE_UI__ON_HANGUP": "detach", "VIDPIPE_LOCAL__IMAGE_SECONDS": "0.5"}
    process = Vidpipe(place, *place.generate(3), **settings)
    started.append(process)
    until(lambda: "image" in kinds(place))
    owners = set()
    process.send(signal.SIGHUP)

    def done() -> bool:
        status, owner = state_of(place)
        if status != "complete":
            owners.add(owner)
        return status == "complete"

    until(done, seconds=60)
    assert process.wait() == 130
    assert None not in owners
    assert len(owners) == 2
    assert kinds(place) == {"storyboard": 1, "image": 4, "clip": 3}
    pids = {row[0] for row in place.rows("SELECT pid FROM leases")}
    until(lambda: all(process_is_gone(pid) for pid in pids))
    assert verify(place) == []


def test_a_database_held_for_ten_seconds_is_waited_out_and_that_is_said(place: Place, started: list[Vidpipe]) -> None:
    process = Vidpipe(place, *place.generate(), **SLOW_PICTURES)
    started.append(process)
    until(lambda: "image" in kinds(place))
    holder = sqlite3.connect(place.database, isolation_level=None, timeout=20)
    holder.execute("BEGIN IMMEDIATE")
    held = time.monotonic()
    until(lambda: "held by another process" in process.said)
    until(lambda: time.monotonic() - held > 10.5)
    holder.execute("ROLLBACK")
    holder.close()
    assert process.wait() == 0
    assert kinds(place) == {"storyboard": 1, "image": 3, "clip": 2}
    assert verify(place) == []


def test_a_stop_that_finds_the_database_held_ends_in_time_without_writing(place: Place, started: list[Vidpipe]) -> None:
    process = Vidpipe(place, *place.generate(), VIDPIPE_LOCAL__IMAGE_SECONDS="60")
    started.append(process)
    until(lambda: "image" in kinds(place))
    holder = sqlite3.connect(place.database, isolation_level=None, timeout=20)
    holder.execute("BEGIN IMMEDIATE")
    process.send(signal.SIGTERM)
    sent = time.monotonic()
    assert process.wait() == 130
    assert time.monotonic() - sent < 3
    holder.execute("ROLLBACK")
    holder.close()
    assert Vidpipe(place, "resume", place.project).wait() == 0
    assert verify(place) == []

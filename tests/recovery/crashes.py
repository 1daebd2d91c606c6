"""One crash and what follows: a film begun, killed at a named point, resumed, settled where in doubt, checked."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.recovery.place import ForkServer, Place, empty_database, verify

WAYS_OUT = ("adopt", "resubmit", "give-up")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What goes wrong besides the crash, and what the film may end with."""

    name: str
    faults: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    ends: tuple[int, ...] = (0,)
    own: frozenset[str] = frozenset()


SMOOTH = Scenario("smooth")
ROUGH = Scenario(
    "rough",
    "storyboard:1:not_json,image:2:rate_limit,image@2:1:filtered,clip@1:1:filtered,clip@2:1:transient,"
    "poll:3:transient,fetch:1:truncated",
    ends=(0, 4),
    own=frozenset({"retry", "storyboard.invalid", "image.failure", "clip.failure", "clip.ended", "clip.broken"}),
)
LOSSES = Scenario(
    "losses",
    "clip@1:1:lost,clip@2:1:corrupt,image:2:corrupt",
    ends=(0, 1, 4),
    own=frozenset({"clip.ended", "clip.given_up", "image.unreadable"}),
)
SCENARIOS = (SMOOTH, ROUGH, LOSSES)


def points_of(server: ForkServer, folder: Path, scenario: Scenario) -> list[str]:
    """Every point a run of that scenario visits, as "point#n", in order."""
    place = new_place(folder, scenario)
    server.start(place.generate(), place.environment, place.output)
    status = server.wait()
    assert status in {*scenario.ends, 1, 4}, place.output.read_text()
    wrong = verify(place)
    assert wrong == [], place.output.read_text()
    seen: dict[str, int] = {}
    found = []
    for point in place.visited:
        seen[point] = seen.get(point, 0) + 1
        found.append(f"{point}#{seen[point]}")
    return found


def sample(points: list[str], scenario: Scenario) -> list[str]:
    """One visit of every named point: the first of one, the last of the next. Of other scenarios what is new there."""
    visits: dict[str, list[str]] = {}
    for point in points:
        visits.setdefault(point.partition("#")[0], []).append(point)
    names = [name for name in visits if scenario is SMOOTH or name.partition(":")[2] in scenario.own]
    return [visits[name][0 if number % 2 else -1] for number, name in enumerate(names)]


_empty: list[bytes] = []


def new_place(folder: Path, scenario: Scenario) -> Place:
    """A place for one film, its database copied from the first one that was migrated."""
    place = Place(folder, dict(scenario.settings) | {"VIDPIPE_LOCAL__FAULTS": scenario.faults})
    if not _empty:
        _empty.append(empty_database(place))
    place.database.write_bytes(_empty[0])
    return place


def crash_and_resume(server: ForkServer, folder: Path, scenario: Scenario, point: str, way_out: str) -> list[str]:
    """Kills a film at `point` and brings it to its end; returns what is wrong then."""
    place = new_place(folder, scenario)
    server.start(place.generate(), place.environment, place.output, crash=point)
    status = server.wait()
    if status != -signal.SIGKILL:
        return [] if not _is_steady(point) else [f"{point} was not reached: {status}"]
    place.settings["VIDPIPE_LOCAL__FAULTS"] = ""
    return bring_to_the_end(server, place, scenario.ends, way_out)


def _is_steady(point: str) -> bool:
    """Polls and status changes come as often as they come."""
    return not any(word in point for word in ("poll", "asked", "status"))


def bring_to_the_end(server: ForkServer, place: Place, ends: Sequence[int], way_out: str) -> list[str]:
    """Resumes until nothing is in doubt any more, settling by `way_out`, and checks everything."""
    project = place.project
    if not project:
        return ["the project was lost"] if place.accepted else []
    status = _command(server, place, "resume", project)
    rounds = 0
    while status == 3 and rounds < 4:
        rounds += 1
        if not place.rows("SELECT id FROM video_clips WHERE status = 'in_doubt'"):
            return [f"it waits for nothing: {place.output.read_text()}"]
        before = verify(place)
        if before:
            return [f"in doubt: {line}" for line in before]
        for (index,) in place.rows(
            "SELECT scene_index FROM scenes JOIN video_clips ON scene_id = scenes.id "
            "WHERE video_clips.status = 'in_doubt'"
        ):
            settled = _command(server, place, "doubt", project, "--scene", str(index + 1), *_way(place, way_out, index))
            if settled != 0:
                return [f"the doubt could not be settled: {place.output.read_text()}"]
        status = _command(server, place, "resume", project)
    allowed = {*ends, 4} if rounds and way_out == "give-up" else {*ends}
    wrong = verify(place)
    if status not in allowed:
        wrong.append(f"it ended with {status}: {place.output.read_text()}")
    return wrong


def _way(place: Place, way_out: str, index: int) -> list[str]:
    known = {row[0] for row in place.rows("SELECT operation_name FROM video_clips")}
    lost = [
        call["operation"]
        for call in place.accepted
        if call["kind"] == "clip" and call["scene"] == index and call["operation"] not in known
    ]
    if way_out == "adopt":
        return ["--adopt", lost[0]] if lost else ["--resubmit"]
    return [f"--{way_out}"]


def _command(server: ForkServer, place: Place, *arguments: str) -> int:
    server.start(list(arguments), place.environment, place.output)
    return server.wait()

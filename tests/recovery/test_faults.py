"""Every fault the local provider can be told to have: exit status, sentence, and what the provider counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recovery.crashes import SMOOTH, new_place
from tests.recovery.place import ForkServer, Place, verify

TABLE = [
    # faults, exit status, accepted (storyboards, pictures, clips), what is said
    ("storyboard:1:rate_limit", 0, (1, 3, 2), "Too many requests"),
    ("storyboard:1:transient", 0, (1, 3, 2), "overloaded"),
    ("storyboard:1:filtered", 1, (1, 0, 0), "The storyboard was refused"),
    ("storyboard:1:lost", 0, (2, 3, 2), "lost on the way"),
    ("storyboard:1:never", 0, (2, 3, 2), "No answer came"),
    ("storyboard:1:hang", 0, (2, 3, 2), "No answer came"),
    ("storyboard:1:corrupt", 0, (2, 3, 2), "not valid"),
    ("storyboard:1:truncated", 0, (2, 3, 2), "not valid"),
    ("storyboard:1:not_json", 0, (2, 3, 2), "no JSON"),
    ("storyboard:1:empty", 0, (2, 3, 2), "the answer is empty"),
    ("storyboard:*:not_json", 1, (3, 0, 0), "3 tries"),
    ("image:1:rate_limit", 0, (1, 3, 2), "Too many requests"),
    ("image:2:transient", 0, (1, 3, 2), "overloaded"),
    ("image:1:filtered", 0, (1, 4, 2), ""),
    ("image@2:*:filtered", 4, (1, 4, 1), "scene 2 is missing"),
    ("image@1:*:filtered", 1, (1, 2, 0), "held back by the safety filter"),
    ("image:1:lost", 0, (1, 4, 2), "lost on the way"),
    ("image:1:hang", 0, (1, 4, 2), "No answer came"),
    ("image:1:corrupt", 0, (1, 4, 2), "cannot be used"),
    ("image:1:truncated", 0, (1, 4, 2), "cannot be used"),
    ("image:1:not_json", 0, (1, 4, 2), "no picture"),
    ("image:1:empty", 0, (1, 4, 2), "no picture"),
    ("clip:1:rate_limit", 0, (1, 3, 2), "Too many requests"),
    ("clip:1:transient", 0, (1, 3, 2), "overloaded"),
    ("clip@1:1:filtered", 0, (1, 3, 3), "safety filter"),
    ("clip@1:*:filtered", 4, (1, 3, 3), "scene 1 is missing"),
    ("clip@1:1:lost", 4, (1, 3, 2), "does not know this operation"),
    ("clip:*:lost", 1, (1, 3, 2), "does not know this operation"),
    ("clip@2:1:never", 4, (1, 3, 2), "not done after"),
    ("clip@2:1:hang", 3, (1, 3, 2), "in doubt"),
    ("clip@2:1:not_json", 3, (1, 3, 2), "in doubt"),
    ("clip@1:1:corrupt", 4, (1, 3, 2), "stays broken"),
    ("clip@1:1:truncated", 4, (1, 3, 2), "stays broken"),
    ("clip@1:1:empty", 4, (1, 3, 2), "stays broken"),
    ("poll:2:rate_limit", 0, (1, 3, 2), ""),
    ("poll:1:transient", 0, (1, 3, 2), ""),
    ("poll:1:lost", 4, (1, 3, 2), "does not know this operation"),
    ("poll:1:filtered", 0, (1, 3, 3), "safety filter"),
    ("poll:1:hang", 0, (1, 3, 2), ""),
    ("poll@2:*:never", 4, (1, 3, 2), "scene 2 is missing"),
    ("poll@2:1:lost", 4, (1, 3, 2), "scene 2 is missing"),
    ("poll@1:1:filtered", 0, (1, 3, 3), "safety filter"),
    ("poll@2:*:not_json", 4, (1, 3, 2), "not done after"),
    ("fetch:1:rate_limit", 0, (1, 3, 2), ""),
    ("fetch:1:transient", 0, (1, 3, 2), ""),
    ("fetch:1:lost", 4, (1, 3, 2), "has the clip no more"),
    ("fetch:1:hang", 0, (1, 3, 2), ""),
    ("fetch:1:corrupt", 0, (1, 3, 2), "is no good"),
    ("fetch:1:truncated", 0, (1, 3, 2), "is no good"),
    ("fetch@2:1:lost", 4, (1, 3, 2), "scene 2 is missing"),
    ("fetch@2:*:rate_limit", 4, (1, 3, 2), "Scene 2: The clip could not be fetched: Too many requests just now."),
    ("fetch@2:*:corrupt", 4, (1, 3, 2), "scene 2 is missing"),
    ("fetch:1:not_json", 0, (1, 3, 2), "is no good"),
    ("fetch:1:never", 0, (1, 3, 2), "cannot be fetched just now"),
    ("fetch:1:empty", 0, (1, 3, 2), "is no good"),
]


def faulty(server: ForkServer, folder: Path, faults: str, **settings: str) -> tuple[Place, int]:
    """A film of two scenes made under these faults, and its exit status."""
    place = new_place(folder, SMOOTH)
    place.settings |= {
        "VIDPIPE_LOCAL__FAULTS": faults,
        "VIDPIPE_LOCAL__REQUEST_TIMEOUT": "0.2",
        "VIDPIPE_PIPELINE__VIDEO_POLL_INTERVAL": "0.02",
        "VIDPIPE_PIPELINE__VIDEO_POLL_MAX": "25",
        **settings,
    }
    server.start(place.generate(), place.environment, place.output)
    return place, server.wait()


@pytest.mark.parametrize(("faults", "status", "accepted", "said"), TABLE, ids=[row[0] for row in TABLE])
def test_every_fault_ends_as_the_table_says(
    server: ForkServer, tmp_path: Path, faults: str, status: int, accepted: tuple[int, int, int], said: str
) -> None:
    place, found = faulty(server, tmp_path / "place", faults)
    kinds = [call["kind"] for call in place.accepted]
    output = place.output.read_text()
    assert (found, tuple(kinds.count(kind) for kind in ("storyboard", "image", "clip"))) == (status, accepted), output
    assert said in output
    assert "Traceback" not in output
    assert verify(place) == []


def test_a_paid_limit_is_waited_for_only_as_long_as_allowed(server: ForkServer, tmp_path: Path) -> None:
    place, found = faulty(server, tmp_path / "place", "image:*:rate_limit", VIDPIPE_PIPELINE__RETRY_MAX_ATTEMPTS="3")
    assert found == 1
    assert "Tried 3 times" in place.output.read_text()
    assert [row[0] for row in place.rows("SELECT state FROM api_calls WHERE kind = 'image'")] == ["failed"] * 3
    place.settings["VIDPIPE_LOCAL__FAULTS"] = ""
    server.start(["resume", place.project], place.environment, place.output)
    assert server.wait() == 0


def test_polls_that_fail_for_ever_end_though_the_local_provider_has_no_limit(
    server: ForkServer, tmp_path: Path
) -> None:
    unlimited = {"VIDPIPE_PIPELINE__VIDEO_POLL_MAX": "", "VIDPIPE_PIPELINE__RETRY_MAX_ATTEMPTS": "3"}
    place, found = faulty(server, tmp_path / "place", "poll:*:transient", **unlimited)
    assert found == 1
    assert "Asked 3 times" in place.output.read_text()


def test_a_call_log_that_cannot_be_written_is_found_before_anything_began(server: ForkServer, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing" / "calls")
    place, found = faulty(server, tmp_path / "place", "", VIDPIPE_LOCAL__CALL_LOG=missing)
    assert found == 2
    assert f"The call log {missing} cannot be written" in place.output.read_text()

"""What the project screen says about scenes: names, states, progress and times, from snapshots alone."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from tests.studio.films import HOSTILE, NOW, clip, frame, project, scene
from vidpipe_tui.domain.statuses import ClipStatus, ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import Consequence, Estimate, Trouble
from vidpipe_tui.widgets.project_head import empty_words, head_parts, trouble_words
from vidpipe_tui.widgets.scene_facts import (
    done_of_total,
    frame_words,
    headline,
    scene_line,
    scene_name,
    scene_progress,
    stale_words,
    state_of,
    status_words,
    time_left,
    usual_seconds,
)
from vidpipe_tui.widgets.scene_pane import remedies_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A cat walks through a neon-lit alley in the rain.", "Cat walks through a neon-lit"),
        ("The door. A cat stops before it.", "The door"),
        ("Alley: a cat walks", "Alley"),
        ("", "Scene 1"),
        ("   \n ", "Scene 1"),
    ],
)
def test_a_scene_is_named_by_its_first_words(text: str, name: str) -> None:
    assert scene_name(scene(0, scene_description=text)) == name


def test_hostile_names_are_one_short_line() -> None:
    for text in HOSTILE:
        name = scene_name(scene(0, scene_description=text))
        assert name
        assert name.isprintable()
        assert len(name) <= 300


def test_states_say_whose_turn_it_is() -> None:
    filming = project(status=ProjectStatus.GENERATING_VIDEO)
    working = scene(0, SceneStatus.VIDEO_GENERATING)
    assert state_of(filming, working).word == "filming"
    assert state_of(dataclasses.replace(filming, driven=False), working).word == "interrupted"
    review = project(status=ProjectStatus.KEYFRAME_REVIEW)
    drawn = scene(0, SceneStatus.KEYFRAMES_DONE)
    assert state_of(review, drawn).word == "your turn"
    accepted = dataclasses.replace(drawn, start=frame(approved=True), end=frame(approved=True))
    assert state_of(review, accepted).word == "drawn"
    assert state_of(filming, scene(0, stale=True)).name == "stale"
    assert state_of(filming, scene(0, wanted=("clip",))).word == "new take asked"


def test_times_come_from_clips_that_are_done() -> None:
    view = project(status=ProjectStatus.GENERATING_VIDEO, scenes=8)
    assert usual_seconds(view) == 72
    half = NOW - timedelta(seconds=36)
    filming = scene(4, SceneStatus.VIDEO_GENERATING, clip=clip(ClipStatus.POLLING, submitted_at=half))
    view = dataclasses.replace(view, scenes=(*view.scenes[:4], filming, *view.scenes[5:]))
    assert scene_progress(view, filming, {}, NOW) == pytest.approx(0.5)
    assert scene_progress(view, filming, {(4, "clip"): 0.9}, NOW) == 0.9
    assert time_left(view, NOW) == pytest.approx(36 + 3 * 72)
    assert "0:36 of about 1:12" in status_words(view, filming, NOW)
    resting = dataclasses.replace(view, driven=False)
    assert time_left(resting, NOW) is None
    assert scene_progress(resting, filming, {}, NOW) is None
    assert not any("about" in words for words in status_words(resting, filming, NOW))


def test_how_far_a_film_is_only_grows() -> None:
    shares = [
        done_of_total(project(status=status, scenes=6), {})
        for status in (ProjectStatus.PENDING, ProjectStatus.KEYFRAMING, ProjectStatus.GENERATING_VIDEO)
    ]
    assert shares == sorted(shares)
    assert done_of_total(project(status=ProjectStatus.COMPLETE), {}) == 1.0
    assert done_of_total(project(status=ProjectStatus.PENDING, scenes=0), {}) == 0.0
    assert headline(project(status=ProjectStatus.GENERATING_VIDEO, scenes=8)) == "filming 4 of 8"
    assert headline(project(status=ProjectStatus.GENERATING_VIDEO, scenes=8, stopping=True)) == "stopping 4 of 8"


def test_an_unchanged_scene_is_an_equal_line() -> None:
    view = project(status=ProjectStatus.GENERATING_VIDEO, scenes=8)
    later = NOW + timedelta(seconds=5)
    lines = [
        [scene_line(view, made, {(4, "clip"): part}, at) for made in view.scenes]
        for part, at in ((0.501, NOW), (0.5, NOW), (0.5, later))
    ]
    assert lines[0] == lines[1]
    assert [a == b for a, b in zip(lines[1], lines[2], strict=True)] == [True] * 4 + [False] + [True] * 3


def test_captions_tell_source_take_and_decision() -> None:
    inherited = scene(2, start=frame(source="inherited"))
    assert frame_words(inherited, "start") == "start (from 2)"
    taken = scene(1, end=frame(take=2, takes=(1, 2, 3), pinned=True, approved=False))
    assert frame_words(taken, "end") == "end  take 2 of 3  pinned  rejected"
    assert frame_words(scene(0, SceneStatus.PENDING, start=None), "start") == "start"


def test_what_becomes_stale_is_listed_by_scene() -> None:
    nothing = Consequence((), Estimate((), 0.0, "local"))
    assert stale_words(nothing) == "Nothing becomes stale."
    some = Consequence(((2, "start"), (2, "end"), (2, "clip"), (3, "clip")), Estimate((), 1.0, "local"))
    assert stale_words(some) == (
        "Stale then: start frame, end frame and clip of scene 2, clip of scene 3. Still usable until redone."
    )
    many = Consequence(tuple((number, "clip") for number in range(1, 51)), Estimate((), 1.0, "local"))
    assert "and 45 more scenes" in stale_words(many)


def test_remedies_are_those_that_help() -> None:
    commands = [remedy.command for remedy in remedies_of(scene(0, SceneStatus.IN_DOUBT))]
    assert commands == ["adopt", "resubmit", "give_up"]
    timed_out = scene(0, SceneStatus.FAILED, trouble=Trouble("x", "", "timed_out"))
    assert remedies_of(timed_out)[0].command == "run"
    lost = scene(0, SceneStatus.FAILED, trouble=Trouble("x", "", "lost"))
    assert "run" not in [remedy.command for remedy in remedies_of(lost)]
    assert remedies_of(scene(0)) == ()


def test_the_head_fits_every_width() -> None:
    view = project(status=ProjectStatus.GENERATING_VIDEO, title=HOSTILE[7])
    for width in (60, 80, 120, 200):
        left, right = head_parts(view, {}, NOW, width, False, 0)
        assert sum(len(text) for text, _ in left) < width
        assert right[-1][0] == "$3.20 of $6.00"


def test_a_film_without_some_scenes_names_them() -> None:
    view = project(status=ProjectStatus.COMPLETE, missing_scenes=(1, 3), film_current=False)
    words = trouble_words(view)
    assert words.startswith("without scene 2, 4;")
    assert "out of date" in words
    assert words.endswith("/home/me/films/final.mp4")
    raw = project(status=ProjectStatus.FAILED, scenes=0, storyboard_raw="{}")
    assert "E opens it" in empty_words(raw)

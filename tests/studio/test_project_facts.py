"""What the project screen says about scenes: names, states, progress and times, from snapshots alone."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import vidpipe_tui
from tests.studio.films import HOSTILE, NOW, clip, frame, project, row, scene
from vidpipe_tui.domain.statuses import ClipStatus, ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import Consequence, Estimate, Trouble
from vidpipe_tui.widgets.project_head import head_parts, trouble_words
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
from vidpipe_tui.widgets.states import row_look, view_look
from vidpipe_tui.widgets.trouble_words import empty_words, in_keys, project_sentence, remedies_of, scene_sentence
from vidpipe_tui.widgets.words import fit_path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A cat walks through a neon-lit alley in the rain.", "Cat walks through a neon-lit alley in the rain"),
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
    assert stale_words(nothing.stale) == "Nothing becomes stale."
    some = Consequence(((2, "start"), (2, "end"), (2, "clip"), (3, "clip")), Estimate((), 1.0, "local"))
    assert stale_words(some.stale) == (
        "Stale then: start frame, end frame and clip of scene 2, clip of scene 3. Still usable until redone."
    )
    many = Consequence(tuple((number, "clip") for number in range(1, 51)), Estimate((), 1.0, "local"))
    assert "and 45 more scenes" in stale_words(many.stale)


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
    words, look = trouble_words(view)
    assert words.startswith("Without scenes 2, 4. ")
    assert "Out of date" in words
    assert words.endswith("/home/me/films/final.mp4")
    assert look == "-warning"
    assert headline(view) == f"done, {len(view.scenes) - 2} of {len(view.scenes)} scenes"
    left, _ = head_parts(view, {}, NOW, 100, False, 0)
    assert left[1][1] == "state--partial"
    assert done_of_total(view, {}) < 1
    assert row_look(row(view)).word == "done"
    partly = replace(view, scenes=(*view.scenes[:-1], replace(view.scenes[-1], status=SceneStatus.RAI_FILTERED)))
    assert row_look(row(partly)).word == "incomplete"
    raw = project(status=ProjectStatus.FAILED, scenes=0, storyboard_raw="{}")
    assert "E opens it" in empty_words(raw)


def test_trouble_is_said_in_keys_and_never_as_a_command_line() -> None:
    doubt = Trouble(
        "The clip of scene 1 is in doubt: nobody knows.",
        "Settle it with `vidpipe doubt ID --scene 1` and --adopt OPERATION, --resubmit or --give-up.",
        "in_doubt",
    )
    doubtful = scene(0, SceneStatus.IN_DOUBT, trouble=replace(doubt, hint="then `vidpipe doubt ID --scene 1`."))
    view = project(status=ProjectStatus.STOPPED, trouble=doubt, scenes=0)
    view = replace(view, scenes=(doubtful, scene(1)))
    assert project_sentence(view, doubt).endswith("In scene 1 A adopts its operation, F films it again, X gives it up.")
    assert "vidpipe" not in scene_sentence(doubtful)
    assert row_look(row(view)).word == view_look(view).word == "in doubt"
    decided = replace(view, scenes=(replace(doubtful, status=SceneStatus.VIDEO_GENERATING),))
    assert project_sentence(decided, doubt) == "What was in doubt is decided: r goes on."
    spent = Trouble("The budget of $6.00 is reached.", "", "budget")
    assert "raises the budget" in project_sentence(replace(view, budget=6.0), spent)
    assert "has been changed" in project_sentence(replace(view, budget=9.0), spent)
    assert "has been changed" in project_sentence(replace(view, budget=None), spent)
    limited = Trouble("Scene 1: Too many requests.", "Go on later with `vidpipe resume`.", "given_up")
    assert project_sentence(view, limited) == "Scene 1: Too many requests. r goes on later."
    stopped = Trouble(
        "Stopped. At the provider goes on: scene 1 (op/1), scene 2 (op/2); it is fetched.", "", "interrupted"
    )
    filmed = [scene(at, SceneStatus.VIDEO_GENERATING, filming=clip(ClipStatus.POLLING)) for at in (0, 1)]
    under_way = replace(view, scenes=tuple(filmed))
    assert project_sentence(under_way, stopped) == "2 clips go on at the provider; r fetches them."


@pytest.mark.parametrize(
    "path", sorted((Path(vidpipe_tui.__file__).parent / "pipeline").glob("*.py")), ids=lambda p: p.stem
)
def test_every_way_out_of_the_pipeline_has_keys(path: Path) -> None:
    """What it stores as the next step is shown in the studio, where nothing can be typed."""
    for text in re.findall(r"[^\"\n]*`vidpipe [^\"\n]*", path.read_text()):
        if "{" not in text:
            assert "`vidpipe" not in in_keys(text), text


def test_a_path_keeps_its_name_whole() -> None:
    path = "/home/somebody/films/14653142-b3f0-459a-be5c-84b18cbd538a/output/final.mp4"
    assert fit_path(path, 200) == path
    assert fit_path(path, 40) == "/home/…/output/final.mp4"
    assert fit_path(path, 12) == "…/final.mp4"

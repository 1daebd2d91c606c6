"""The planner, case by case: what may start, what it waits for, and when a run rests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pipeline import facts as made
from vidpipe_tui.domain.inputs import film_inputs
from vidpipe_tui.domain.planner import RunFacts, Step, StepKind, plan
from vidpipe_tui.domain.statuses import ClipStatus, ProjectStatus, SceneStatus

IDLE = RunFacts()
START, END, CLIP = made.frame("start", 1, 1), made.frame("end", 1, 2), made.clip(1, ClipStatus.COMPLETE, sha256="c")


def steps(project: object, facts: RunFacts = IDLE) -> list[tuple[str, int | None]]:
    return [(step.kind.value, step.scene_index) for step in plan(project, facts).ready]  # type: ignore[arg-type]


def test_without_scenes_a_storyboard_is_written() -> None:
    assert steps(made.graph()) == [("storyboard", None)]
    assert plan(made.graph(), RunFacts(blocked={"storyboard"})).resting


def test_chains_start_side_by_side_and_go_on_in_order() -> None:
    project = made.graph(made.scene(0), made.scene(1), made.scene(2, cut=True))
    assert steps(project) == [("start", 0), ("start", 2)]
    drawn = made.with_scene(project, replace(project.scenes[0], starts=(START,)))
    assert steps(drawn) == [("end", 0), ("start", 2)]


def test_what_goes_on_in_a_chain_comes_before_clips() -> None:
    project = made.graph(made.scene(0, starts=(START,), ends=(END,)), made.scene(1))
    assert steps(project) == [("inherit", 1), ("submit", 0)]


def test_a_clip_is_submitted_from_approved_frames_only_where_review_is_on() -> None:
    project = made.graph(made.scene(0, starts=(START,), ends=(END,)), review_mode="keyframes")
    found = plan(project, IDLE)
    assert (found.ready, found.status, found.resting) == ((), ProjectStatus.KEYFRAME_REVIEW, True)
    approved = made.scene(0, starts=(replace(START, approved=True),), ends=(replace(END, approved=True),))
    assert steps(made.with_scene(project, approved)) == [("submit", 0)]


@pytest.mark.parametrize("status", [ClipStatus.SUBMITTED, ClipStatus.POLLING, ClipStatus.TIMED_OUT])
def test_a_clip_that_may_be_at_work_is_polled_never_submitted(status: ClipStatus) -> None:
    project = made.graph(made.scene(0, starts=(START,), ends=(END,), clips=(made.clip(1, status),)))
    assert steps(project) == [("poll", 0)]


@pytest.mark.parametrize("status", list(SceneStatus))
def test_a_clip_in_doubt_is_never_submitted_whatever_became_of_its_scene(status: SceneStatus) -> None:
    doubtful = made.clip(1, ClipStatus.IN_DOUBT, operation_name=None)
    for trouble in (None, made.trouble("in_doubt", "clip"), made.trouble("filtered", "end")):
        only = made.scene(0, starts=(START,), ends=(END,), clips=(doubtful,), status=status, trouble=trouble)
        found = plan(made.graph(only), IDLE)
        assert (found.ready, found.status, found.in_doubt) == ((), ProjectStatus.STOPPED, (0,))


@pytest.mark.parametrize("kind", ["lost", "given_up"])
def test_a_clip_that_was_paid_for_and_is_gone_is_submitted_again_only_on_request(kind: str) -> None:
    gone = made.clip(1, ClipStatus.FAILED, error_kind=kind)
    for trouble in (None, made.trouble(kind, "clip"), made.trouble("filtered", "end")):
        only = made.scene(0, starts=(START,), ends=(END,), clips=(gone,), trouble=trouble)
        assert steps(made.graph(only)) == []
        assert steps(made.graph(replace(only, wanted={"clip": made.wanted(1, "clip")}))) == [("submit", 0)]


def test_a_wish_replaces_what_came_to_nothing_but_waits_for_what_is_at_work() -> None:
    wish = {"clip": made.wanted(7, "clip")}
    for status, expected in ((ClipStatus.TIMED_OUT, "submit"), (ClipStatus.POLLING, "poll")):
        only = made.scene(0, starts=(START,), ends=(END,), clips=(made.clip(1, status),), wanted=wish)
        assert steps(made.graph(only)) == [(expected, 0)]
    own = made.scene(0, starts=(START,), ends=(END,), clips=(made.clip(1, ClipStatus.TIMED_OUT, request_id=7),))
    assert steps(made.graph(replace(own, wanted=wish))) == [("poll", 0)]


def test_the_film_is_joined_once_and_again_when_something_changed() -> None:
    project = made.graph(made.scene(0, starts=(START,), ends=(END,), clips=(CLIP,)))
    assert steps(project) == [("film", None)]
    done = replace(project, films=(made.film(1, film_inputs(project)),))
    found = plan(done, IDLE)
    assert (found.ready, found.status, found.resting) == ((), ProjectStatus.COMPLETE, True)
    assert steps(replace(done, crossfade_seconds=0.2)) == [("film", None)]


def test_the_film_waits_for_a_clip_in_doubt_but_not_for_one_that_failed() -> None:
    doubt = made.scene(1, cut=True, starts=(START,), ends=(END,), clips=(made.clip(1, ClipStatus.IN_DOUBT),))
    done = made.scene(0, starts=(START,), ends=(END,), clips=(CLIP,))
    assert steps(made.graph(done, doubt)) == []
    failed = replace(doubt, clips=(made.clip(1, ClipStatus.FAILED, error_kind="lost"),))
    found = plan(made.graph(done, failed), IDLE)
    assert ([step.kind for step in found.ready], found.missing) == ([StepKind.FILM], (1,))


def test_a_pinned_start_frame_is_not_inherited_over() -> None:
    pinned = made.frame("start", 1, 9, source="inherited", pinned=True)
    second = made.scene(1, starts=(pinned,), ends=(END,), clips=(CLIP,))
    project = made.graph(made.scene(0, starts=(START,), ends=(END,), clips=(CLIP,)), second)
    assert steps(project) == [("film", None)]


def test_no_new_call_starts_once_the_run_is_ending() -> None:
    project = made.graph(
        made.scene(0, starts=(START,), ends=(END,), clips=(made.clip(1, ClipStatus.POLLING),)), made.scene(1, cut=True)
    )
    assert steps(project, RunFacts(no_new_calls=True)) == [("poll", 0)]


def test_two_steps_of_one_slot_are_never_started() -> None:
    assert Step(StepKind.SUBMIT, 3).slot == Step(StepKind.POLL, 3).slot
    assert Step(StepKind.INHERIT, 3).slot == Step(StepKind.START, 3).slot
    project = made.graph(made.scene(0))
    assert steps(project, RunFacts(running={"0/start"})) == []

"""What to do next: a pure function of what the database proves is done. Resume is nothing but planning again.

Invariants, which hold after every step and every crash:

1. A slot (keyframe, clip) is made only when everything it is made from is there and settled.
2. A clip is submitted only from two keyframes that are selected and, where review is on, approved.
3. A slot that has a usable take is never made again unless a take was asked for (a stale take is usable).
4. A clip that the provider may be working on is polled, never submitted again; one in doubt waits for the person.
5. What failed for good (filtered, lost, refused, given up) is tried again only on request.
6. The film is joined when every scene has its clip or never will in this run, and something in it changed.
7. A run rests only when nothing can run: in review, complete, failed or stopped.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from enum import StrEnum

from vidpipe_tui.domain.graph import ClipTake, FrameTake, Graph, Scene
from vidpipe_tui.domain.inputs import film_inputs
from vidpipe_tui.domain.statuses import ClipStatus, ProjectStatus


class StepKind(StrEnum):
    """The kinds of step a run is made of."""

    STORYBOARD = "storyboard"
    INHERIT = "inherit"
    START = "start"
    END = "end"
    SUBMIT = "submit"
    POLL = "poll"
    FILM = "film"


PAID = frozenset({StepKind.STORYBOARD, StepKind.START, StepKind.END, StepKind.SUBMIT})


_OF_CLIPS = frozenset({StepKind.SUBMIT, StepKind.POLL})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `slot` names what it makes: storyboard, scene/start, scene/end, scene/clip or film."""

    kind: StepKind
    scene_index: int | None = None

    @property
    def slot(self) -> str:
        """What the step makes; two steps of one slot never run together."""
        match self.kind:
            case StepKind.STORYBOARD | StepKind.FILM:
                return self.kind.value
            case StepKind.SUBMIT | StepKind.POLL:
                return f"{self.scene_index}/clip"
            case StepKind.INHERIT:
                return f"{self.scene_index}/start"
            case _:
                return f"{self.scene_index}/{self.kind.value}"


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What only this run knows: slots at work, slots given up for this run, and whether paid calls may start."""

    running: Set[str] = frozenset()
    blocked: Set[str] = frozenset()
    no_new_calls: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps that can start now, most urgent first; the project's status; and, when nothing runs, that it rests."""

    ready: tuple[Step, ...]
    status: ProjectStatus
    resting: bool
    missing: tuple[int, ...] = ()
    in_doubt: tuple[int, ...] = ()
    unfinished: bool = False


@dataclass(slots=True)
class _Survey:
    """What a walk over the scenes found."""

    steps: list[Step] = field(default_factory=list)
    frames_open: bool = False
    clips_open: bool = False
    awaiting_review: bool = False
    blocked: bool = False
    missing: list[int] = field(default_factory=list)
    in_doubt: list[int] = field(default_factory=list)


def plan(graph: Graph, facts: RunFacts) -> Plan:
    """The plan for a project as it stands."""
    if not graph.scenes:
        step = Step(StepKind.STORYBOARD)
        blocked = step.slot in facts.blocked or facts.no_new_calls
        resting = blocked and not facts.running
        return Plan(_startable([step], facts), ProjectStatus.STORYBOARDING, resting, unfinished=True)
    if graph.reviews("storyboard") and not graph.storyboard_approved:
        rewrite = graph.storyboard_approved is False
        steps = [Step(StepKind.STORYBOARD)] if rewrite else []
        status = ProjectStatus.STORYBOARDING if rewrite else ProjectStatus.STORYBOARD_REVIEW
        ready = _startable(steps, facts)
        return Plan(ready, status, not ready and not facts.running, unfinished=True)
    survey = _Survey()
    for position, scene in enumerate(graph.scenes):
        _survey_scene(graph, scene, graph.scenes[position - 1] if position else None, facts, survey)
    return _conclude(graph, facts, survey)


def _conclude(graph: Graph, facts: RunFacts, survey: _Survey) -> Plan:
    ready = _startable(survey.steps, facts)
    idle = not ready and not facts.running
    settled = not (survey.frames_open or survey.clips_open or survey.in_doubt or survey.awaiting_review)
    film_done = graph.film is not None and graph.film.input_hash == film_inputs(graph)
    any_clip = any(scene.clip is not None for scene in graph.scenes)
    if idle and settled and not survey.blocked and any_clip and not film_done and "film" not in facts.blocked:
        ready, idle = (Step(StepKind.FILM),), False
    return Plan(
        ready=ready,
        status=_status(facts, survey, idle=idle, film_done=film_done and settled),
        resting=idle,
        missing=tuple(survey.missing),
        in_doubt=tuple(survey.in_doubt),
        unfinished=survey.blocked or not settled or not film_done,
    )


def _status(facts: RunFacts, survey: _Survey, *, idle: bool, film_done: bool) -> ProjectStatus:
    if idle:
        if survey.awaiting_review and not survey.blocked:
            return ProjectStatus.KEYFRAME_REVIEW
        if survey.in_doubt:
            return ProjectStatus.STOPPED
        return ProjectStatus.COMPLETE if film_done and not survey.blocked else ProjectStatus.FAILED
    frame_slots = any(slot.endswith(("/start", "/end")) for slot in facts.running)
    if frame_slots or survey.frames_open:
        return ProjectStatus.KEYFRAMING
    clip_slots = any(slot.endswith("/clip") for slot in facts.running)
    if clip_slots or survey.clips_open:
        return ProjectStatus.GENERATING_VIDEO
    return ProjectStatus.STITCHING


def _startable(steps: list[Step], facts: RunFacts) -> tuple[Step, ...]:
    """The steps that may begin now; keyframes first: what is behind them in their chain waits for nothing else."""
    return tuple(
        step
        for step in sorted(steps, key=lambda step: step.kind in _OF_CLIPS)
        if step.slot not in facts.running
        and step.slot not in facts.blocked
        and not (facts.no_new_calls and step.kind in PAID)
    )


def _survey_scene(graph: Graph, scene: Scene, before: Scene | None, facts: RunFacts, survey: _Survey) -> None:
    start = _survey_start(scene, before, facts, survey)
    end = _survey_end(scene, start, facts, survey)
    _survey_clip(graph, scene, start, end, facts, survey)


def _open(slot: str, facts: RunFacts, survey: _Survey, *, frames: bool) -> None:
    """Notes that a slot is still to be made, or that this run has given it up."""
    if slot in facts.blocked:
        survey.blocked = True
    elif frames:
        survey.frames_open = True
    else:
        survey.clips_open = True


def _survey_start(scene: Scene, before: Scene | None, facts: RunFacts, survey: _Survey) -> FrameTake | None:
    """Returns the start frame once nothing more is to happen to it."""
    slot = f"{scene.index}/start"
    take = scene.start
    if inherits(scene, before) and "start" not in scene.wanted:
        source = before.end if before is not None and _is_settled(before, "end", facts) else None
        if source is None:
            return None
        own = take is not None and (take.pinned or take.source == "imported")
        if take is None or (not own and take.file_id != source.file_id):
            _open(slot, facts, survey, frames=True)
            survey.steps.append(Step(StepKind.INHERIT, scene.index))
            return None
        return take
    if take is not None and "start" not in scene.wanted and slot not in facts.running:
        return take
    if has_ended(scene, "start"):
        return None
    _open(slot, facts, survey, frames=True)
    survey.steps.append(Step(StepKind.START, scene.index))
    return None


def _survey_end(scene: Scene, start: FrameTake | None, facts: RunFacts, survey: _Survey) -> FrameTake | None:
    """Returns the end frame once nothing more is to happen to it."""
    slot = f"{scene.index}/end"
    take = scene.end
    if start is None:
        if take is not None and "end" in scene.wanted:
            _open(slot, facts, survey, frames=True)
        return None
    if take is not None and "end" not in scene.wanted and slot not in facts.running:
        return take
    if has_ended(scene, "end"):
        return None
    _open(slot, facts, survey, frames=True)
    survey.steps.append(Step(StepKind.END, scene.index))
    return None


def _survey_clip(
    graph: Graph, scene: Scene, start: FrameTake | None, end: FrameTake | None, facts: RunFacts, survey: _Survey
) -> None:
    slot = f"{scene.index}/clip"
    if scene.clip is None and (has_ended(scene, "clip") or start is None or end is None):
        survey.missing.append(scene.index)
    if slot in facts.running:
        survey.clips_open = True
        return
    newest = scene.newest_clip
    if newest is not None and newest.status is ClipStatus.IN_DOUBT:
        survey.in_doubt.append(scene.index)
        return
    if is_awaited(scene):
        if slot in facts.blocked:  # timed out, or broken however often fetched: the film is made without it
            return
        _open(slot, facts, survey, frames=False)
        survey.steps.append(Step(StepKind.POLL, scene.index))
        return
    if (scene.clip is not None and "clip" not in scene.wanted) or has_ended(scene, "clip"):
        return
    if start is None or end is None:
        return
    if graph.reviews("keyframes") and not (start.approved and end.approved):
        survey.awaiting_review = True
        return
    _open(slot, facts, survey, frames=False)
    survey.steps.append(Step(StepKind.SUBMIT, scene.index))


def inherits(scene: Scene, before: Scene | None) -> bool:
    """True when the scene's start frame is the end frame of the scene before it."""
    return before is not None and not scene.cut


def has_ended(scene: Scene, slot: str) -> bool:
    """True when that slot failed for good: it is tried again only on request.

    A clip that was paid for and is gone ends its slot also where its trouble was taken back or written over.
    """
    if slot in scene.wanted:
        return False
    newest = scene.newest_clip
    if slot == "clip" and newest is not None and newest.status is ClipStatus.FAILED and newest.error_kind in PAID_FOR:
        return True
    return scene.trouble is not None and scene.trouble.slot == slot


PAID_FOR = frozenset({"lost", "given_up", "broken_download"})
"""How a clip failed that was, or may have been, billed."""


RETRIED_ON_RESUME = frozenset({"filtered", "timed_out", "broken_download", "file"})
"""Troubles a resume tries again: a filtered call was not billed, polls and downloads are free, and so is a look at
whether a file was put back.
"""


def is_awaited(scene: Scene) -> bool:
    """True when the scene's newest clip was submitted and asking the provider again may bring it."""
    newest = scene.newest_clip
    return newest is not None and can_be_polled(newest) and not _is_superseded(scene, newest)


def _is_superseded(scene: Scene, take: ClipTake) -> bool:
    """True when a new take was asked for after this one came to nothing, so that it is no longer waited for."""
    wish = scene.wanted.get("clip")
    stuck = take.status in {ClipStatus.TIMED_OUT, ClipStatus.FAILED}
    return stuck and wish is not None and wish.id != take.request_id


def can_be_polled(take: ClipTake) -> bool:
    """True when asking the provider again may bring the clip, at no cost."""
    broken = take.status is ClipStatus.FAILED and take.error_kind == "broken_download"
    return take.under_way or (broken and take.operation_name is not None)


def _is_settled(scene: Scene, position: str, facts: RunFacts) -> bool:
    slot = f"{scene.index}/{position}"
    upstream_open = "start" in scene.wanted or f"{scene.index}/start" in facts.running
    return position not in scene.wanted and slot not in facts.running and not (upstream_open and "end" in scene.wanted)

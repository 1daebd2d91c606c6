"""What the project screen says about scenes: names, states, progress, times. Pure functions over snapshots."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from vidpipe_tui.domain.statuses import REVIEWS, WORKING, ClipStatus, ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import ClipView, FrameView, ProjectView, SceneView
from vidpipe_tui.widgets.states import DONE, INTERRUPTED, PARTIAL, REVIEW, STALE, STOPPED, Look, scene_look, view_look
from vidpipe_tui.widgets.words import clock, listed, money, one_line

Progress = Mapping[tuple[int | None, str], float]
"""Progress (0 to 1) of what is under way, by (scene index, step), from hints of this process."""

_ARTICLES = frozenset({"a", "an", "the"})
_GIVEN_UP = frozenset({SceneStatus.RAI_FILTERED, SceneStatus.FAILED})
_OPEN_CLIPS = frozenset({ClipStatus.SUBMITTED, ClipStatus.POLLING})


def scene_name(scene: SceneView, words: int = 12) -> str:
    """A short name: the first words of what happens, up to the first stop; `…` where words are left out."""
    text = one_line(scene.scene_description[:300])
    for stop in (". ", ": ", "; ", ", ", " - ", "。", "、"):
        head, found, _ = text.partition(stop)
        if found and len(head) >= 4:
            text = head
    parts = text.rstrip(".").split(" ")
    if len(parts) > 2 and parts[0].lower() in _ARTICLES:
        parts = parts[1:]
    name = " ".join(parts[:words]) + ("…" if len(parts) > words else "")
    return name[:1].upper() + name[1:] if name else f"Scene {scene.number}"


def filming(scene: SceneView) -> ClipView | None:
    """The clip that is being made now, selected or not."""
    if scene.filming is not None:
        return scene.filming
    return scene.clip if scene.clip is not None and scene.clip.status in _OPEN_CLIPS else None


def undecided_frames(project: ProjectView, scene: SceneView) -> bool:
    """Whether a keyframe of the scene waits for a decision, as the project's review asks for one."""
    if project.status is not ProjectStatus.KEYFRAME_REVIEW:
        return False
    frames = (scene.start, scene.end)
    return any(frame is not None and frame.approved is None and frame.source != "inherited" for frame in frames)


def state_of(project: ProjectView, scene: SceneView) -> Look:
    """How a scene looks: your turn where a frame waits for a decision, stopped or interrupted where nobody works."""
    look = scene_look(scene.status, stale=is_stale(project, scene))
    if look.name == "working" and not project.driven:
        return STOPPED if project.status is ProjectStatus.STOPPED else INTERRUPTED
    if undecided_frames(project, scene):
        return REVIEW
    if scene.wanted and look.name in {"done", "stale", "pending"}:
        return replace(STALE, word="new take asked")
    return look


def is_stale(project: ProjectView, scene: SceneView) -> bool:
    """Whether something in the scene is stale, or hangs on something that is."""
    return scene.stale or any(number == scene.number for number, _ in project.redone)


def held(project: ProjectView, scene: SceneView) -> bool:
    """Whether all that is stale in the scene is pinned, so that nothing of it is redone."""
    again = {slot for number, slot in project.redone if number == scene.number}
    things = {"start": scene.start, "end": scene.end, "clip": scene.clip}
    return all(thing.pinned for slot, thing in things.items() if thing is not None and (thing.stale or slot in again))


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds from one time to another, whichever of them has a zone."""
    if start is None or end is None:
        return None
    pair = [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in (start, end)]
    return max(0.0, (pair[1] - pair[0]).total_seconds())


def usual_seconds(project: ProjectView) -> float | None:
    """How long a clip of this film usually takes: the median of those that are done."""
    clips = (scene.clip for scene in project.scenes)
    times = [
        seconds
        for clip in clips
        if clip is not None and clip.status is ClipStatus.COMPLETE
        if (seconds := seconds_between(clip.submitted_at, clip.completed_at))
    ]
    return statistics.median(times) if times else None


def scene_progress(project: ProjectView, scene: SceneView, progress: Progress, now: datetime) -> float | None:
    """How far what is made of the scene now is, 0 to 1: as its maker says, else from how long it usually takes."""
    if not project.driven:
        return None
    if scene.status is SceneStatus.KEYFRAMES_GENERATING:
        return progress.get((scene.index, "keyframe"))
    clip = filming(scene)
    if clip is None:
        return None
    told = progress.get((scene.index, "clip"))
    if told is not None:
        return told
    usual, elapsed = usual_seconds(project), seconds_between(clip.submitted_at, now)
    return min(0.95, elapsed / usual) if usual and elapsed is not None else None


def status_words(project: ProjectView, scene: SceneView, now: datetime) -> tuple[str, ...]:
    """What stands beside a scene's state: time, polls, take, cost; each as words."""
    words: list[str] = []
    clip = filming(scene)
    shown = clip or scene.clip
    if clip is not None:
        elapsed, usual = seconds_between(clip.submitted_at, now), usual_seconds(project)
        if elapsed is not None and project.driven:
            words.append(f"{clock(elapsed)} of about {clock(usual)}" if usual else clock(elapsed))
        if clip.poll_count:
            words.append(f"poll {clip.poll_count}")
    elif shown is not None and shown.duration_seconds:
        words.append(f"{shown.duration_seconds:.1f} s")
    if shown is not None and (take := take_words(shown.take, shown.made)):
        words.append(f"clip {take}")
    if shown is not None and shown.pinned:
        words.append("pinned")
    if shown is not None and shown.softened:
        words.append("softened prompt")
    if scene.stale and scene.status is SceneStatus.VIDEO_DONE:
        words.append("made before the last change")
    if scene.cost:
        words.append(money(scene.cost))
    return tuple(words)


def take_words(take: int, made: Sequence[int]) -> str:
    """Which of the takes that are there is chosen: `take 2 of 3`; '' where there is but one, or it is not there."""
    return f"take {made.index(take) + 1} of {len(made)}" if len(made) > 1 and take in made else ""


def takes_made(thing: FrameView | ClipView) -> tuple[int, ...]:
    """The takes that can be looked at and chosen: those that have a file."""
    return thing.made if isinstance(thing, ClipView) else thing.takes


def drawn_next(scene: SceneView) -> str:
    """The keyframe of the scene that is being drawn: `start`, `end`, or '' for none."""
    if scene.status is not SceneStatus.KEYFRAMES_GENERATING:
        return ""
    return "start" if scene.start is None and (scene.cut or scene.index == 0) else "end" if scene.end is None else ""


def frame_words(scene: SceneView, slot: str) -> str:
    """The caption of a keyframe: where it is from, which take, what was decided."""
    frame: FrameView | None = scene.start if slot == "start" else scene.end
    if frame is None:
        return slot if scene.cut or slot == "end" or scene.index == 0 else f"{slot} (from {scene.number - 1})"
    words = slot
    if slot == "start" and frame.source == "inherited":
        words += f" (from {scene.number - 1})"
    if frame.source == "imported":
        words += " (imported)"
    notes = [take] if (take := take_words(frame.take, frame.takes)) else []
    notes += ["pinned"] if frame.pinned else []
    notes += ["stale"] if frame.stale else []
    notes += ["rejected"] if frame.approved is False else ["accepted"] if frame.approved else []
    return "  ".join((words, *notes))


def done_of_total(project: ProjectView, progress: Progress) -> float:
    """How far the film is, 0 to 1: storyboard, keyframes, clips and join, each clip counting as four pictures."""
    if project.status is ProjectStatus.COMPLETE:
        return 1 - len(project.missing_scenes) / max(1, len(project.scenes))
    if not project.scenes:
        return 0.02 if project.status in WORKING else 0.0
    done, total = 2.0, 2.0
    for scene in project.scenes:
        wanted = (scene.end, scene.start) if scene.cut or scene.index == 0 else (scene.end,)
        total += len(wanted) + 4
        done += sum(frame is not None for frame in wanted)
        filmed = scene.clip is not None and scene.clip.status is ClipStatus.COMPLETE
        if filmed or scene.status in _GIVEN_UP:
            done += 4
        else:
            done += 4 * progress.get((scene.index, "clip"), 0.0)
    total += 2
    done += 2 * progress.get((None, "film"), 0.0)
    return min(0.99, done / total)


def clips_done(project: ProjectView) -> int:
    """Scenes whose clip is there."""
    return sum(scene.clip is not None and scene.clip.status is ClipStatus.COMPLETE for scene in project.scenes)


def time_left(project: ProjectView, now: datetime) -> float | None:
    """Seconds until the last clip, from what clips usually take and how many run side by side; None: unknown."""
    usual = usual_seconds(project)
    if not usual or not project.driven or project.status not in WORKING:
        return None
    under_way = [clip for scene in project.scenes if (clip := filming(scene)) is not None]
    waiting = sum(scene.clip is None and scene.status not in _GIVEN_UP for scene in project.scenes) - sum(
        scene.clip is None and scene.filming is not None for scene in project.scenes
    )
    rests = [max(2.0, usual - (seconds_between(clip.submitted_at, now) or 0.0)) for clip in under_way]
    rounds = -(-max(0, waiting) // max(1, len(under_way)))
    return max(rests, default=0.0) + rounds * usual if rests or waiting else None


def headline(project: ProjectView) -> str:
    """How far in words: `filming 5 of 8`, `drawing, 2 filming`, `your turn`, `done, 1 of 3 scenes`."""
    look = view_look(project)
    word = "stopping" if project.stopping else look.word
    total = len(project.scenes)
    if look is PARTIAL:
        return f"{DONE.word}, {total - len(project.missing_scenes)} of {total} scenes"
    if project.status is ProjectStatus.KEYFRAMING and project.driven and not project.stopping:
        at_work = sum(filming(scene) is not None for scene in project.scenes)
        return f"{word}, {at_work} filming" if at_work else word
    if total and project.status not in REVIEWS and project.status is not ProjectStatus.KEYFRAMING:
        return f"{word} {clips_done(project)} of {total}"
    return word


@dataclass(frozen=True, slots=True)
class SceneLine:
    """A scene in the strip: everything its lines show, so that an unchanged one is not drawn again."""

    index: int
    look: Look
    name: str
    word: str
    cut: bool
    start: Path | None
    end: Path | None
    progress: float | None = None


def scene_line(project: ProjectView, scene: SceneView, progress: Progress, now: datetime) -> SceneLine:
    """The line of a scene."""
    look = state_of(project, scene)
    clip = filming(scene)
    word = look.word
    part = scene_progress(project, scene, progress, now)
    if clip is not None and look.name == "working":
        word = f"{look.word} {clock(seconds_between(clip.submitted_at, now))}"
    return SceneLine(
        index=scene.index,
        look=look,
        name=scene_name(scene),
        word=word,
        cut=scene.cut and scene.index > 0,
        start=scene.start.path if scene.start is not None else None,
        end=scene.end.path if scene.end is not None else None,
        progress=round(part, 2) if part is not None else None,
    )


def stale_words(stale: Sequence[tuple[int, str]]) -> str:
    """What becomes stale, as (scene number, slot): `Stale then: end frame and clip of scene 3.`"""
    if not stale:
        return "Nothing becomes stale."
    by_scene: dict[int, list[str]] = {}
    for number, slot in stale:
        by_scene.setdefault(number, []).append(slot if slot == "clip" else f"{slot} frame")
    parts = [f"{listed(slots)} of scene {number}" for number, slots in sorted(by_scene.items())]
    shown = parts if len(parts) <= 6 else [*parts[:5], f"and {len(parts) - 5} more scenes"]
    return f"Stale then: {', '.join(shown)}. Still usable until redone."

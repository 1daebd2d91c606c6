"""A film whose clips differ, or fade into one another: everything is decoded, brought together and encoded."""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from av.container import OutputContainer
from av.video.frame import VideoFrame

from vidpipe_tui.errors import MediaError
from vidpipe_tui.media.film import JoinClip, Joined, Progress, set_chapters
from vidpipe_tui.media.normalising import Target, common_target, pictures, sound
from vidpipe_tui.media.probe import ClipFacts, probe
from vidpipe_tui.media.tracks import PictureTrack, SoundTrack


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where every clip lies in the film, in pictures of it: from `starts` up to `ends`, which overlap by the fade."""

    target: Target
    facts: list[ClipFacts]
    starts: list[int]
    ends: list[int]


def encode_clips(
    film: OutputContainer, clips: Sequence[JoinClip], crossfade_seconds: float, on_progress: Progress
) -> Joined:
    """Encode all clips into `film`, each fading into the next for `crossfade_seconds`, and set its chapters.

    Where clips begin and end is measured from them and brought to whole pictures; the sound follows the pictures.
    Holds one clip's sound and a few pictures in memory.
    """
    plan = _plan(clips, crossfade_seconds)
    target = plan.target
    _write(film, clips, plan, on_progress)
    spans = [
        (float(start / target.fps), float(end / target.fps)) for start, end in zip(plan.starts, plan.ends, strict=True)
    ]
    set_chapters(film, clips, spans)
    return Joined(
        duration_seconds=spans[-1][1],
        width=target.width,
        height=target.height,
        fps=target.fps,
        video_codec="h264",
        audio_codec="aac" if target.sound else None,
        copied=False,
        spans=spans,
    )


def _plan(clips: Sequence[JoinClip], crossfade_seconds: float) -> _Plan:
    facts = [probe(clip.path) for clip in clips]
    target = common_target(facts)
    fade = _fade(crossfade_seconds, facts)
    # Places are rounded, lengths are not: what a clip or a fade is off from whole pictures never adds up.
    starts: list[int] = []
    ends: list[int] = []
    at = Fraction(0)
    for clip in facts:
        end = at + Fraction(clip.video_seconds)
        starts.append(max([round(at * target.fps), *ends[-2:-1]]))
        ends.append(max(starts[-1] + 1, round(end * target.fps)))
        at = end - fade
    return _Plan(target, facts, starts, ends)


def _write(film: OutputContainer, clips: Sequence[JoinClip], plan: _Plan, on_progress: Progress) -> None:
    """Encode clip after clip, of each what comes before the next one begins."""
    target = plan.target
    picture_track = PictureTrack(film, target, plan.ends[-1], on_progress)
    sound_track = SoundTrack(film) if target.sound else None
    before: Generator[VideoFrame] | None = None
    for number, (clip, facts, start, end) in enumerate(zip(clips, plan.facts, plan.starts, plan.ends, strict=True)):
        next_start = plan.starts[number + 1] if number + 1 < len(clips) else end
        frames = pictures(clip.path, facts, target, end - start)
        shown = start
        if before is not None:
            shown = plan.ends[number - 1]
            picture_track.fade(before, frames, shown - start)
            before.close()
        picture_track.show(frames, next_start - shown, opens=shown == start)
        if sound_track is not None:
            begin = target.sample(start)
            heard = sound(clip.path, facts, target.sample(end) - begin)
            sound_track.add(heard, target.sample(next_start) - begin)
        before = frames
        gc.collect()  # PyAV's frames and containers refer to each other: without this every clip stays in memory
    picture_track.close()
    if sound_track is not None:
        sound_track.close()


def _fade(crossfade_seconds: float, facts: Sequence[ClipFacts]) -> Fraction:
    """The crossfade in seconds; below half the shortest clip, so that no picture is in two fades."""
    if crossfade_seconds < 0:
        raise MediaError("A crossfade cannot be negative.", hint="Use 0 for none.")
    if len(facts) < 2:
        return Fraction(0)
    lengths = [clip.video_seconds for clip in facts]
    shortest = min(lengths)
    if crossfade_seconds * 2 >= shortest:
        number = lengths.index(shortest) + 1
        raise MediaError(
            f"A crossfade of {crossfade_seconds:g} s is too long: clip {number} lasts {shortest:.2f} s.",
            hint=f"Use less than {shortest / 2:.2f} s.",
        )
    return Fraction(crossfade_seconds)

"""One clip as the film wants it: its pictures at one size and rate, its sound at 48 kHz in stereo, both full length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidpipe_tui.errors import MediaError
from vidpipe_tui.media.probe import ClipFacts, audio_of, opened, readable, video_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Frame = TypeVar("_Frame", VideoFrame, AudioFrame)

SOUND_RATE = 48_000
PIXEL_FORMAT = "yuv420p"


@dataclass(frozen=True, slots=True)
class Target:
    """What all clips are brought to; `sound` is whether the film has any."""

    width: int
    height: int
    fps: Fraction
    sound: bool

    def sample(self, frame: int) -> int:
        """The number of the sample that is heard when the picture of that number appears."""
        return round(frame * SOUND_RATE / self.fps)


def common_target(facts: Sequence[ClipFacts]) -> Target:
    """The size and the rate that most clips have, of equals the first; sound if any clip has it."""
    sizes = Counter(_shown_size(clip) for clip in facts)
    rates = Counter(clip.fps for clip in facts if clip.fps)
    (width, height), _ = sizes.most_common(1)[0]
    fps = rates.most_common(1)[0][0] if rates else Fraction(24)
    return Target(width, height, fps, any(clip.audio_codec for clip in facts))


def pictures(path: Path, facts: ClipFacts, target: Target, wanted: int) -> Generator[VideoFrame]:
    """Exactly `wanted` pictures of the film: the one nearest in time to each, the last one held where they end."""
    given = 0
    begin = Fraction(facts.video_start)
    shown: VideoFrame | None = None
    with opened(path, headers_only=True) as container:
        video = video_of(container, path)
        video.thread_type = "AUTO"
        for frame in _fitted(_decoded(container.decode(video), path), video, facts, target):
            time = (frame.pts or 0) * Fraction(frame.time_base or 0) - begin
            while shown is not None and given < wanted and (given + Fraction(1, 2)) / target.fps <= time:
                yield shown
                given += 1
            shown = frame
            if given >= wanted:
                return
    if shown is None:
        raise MediaError(f"{path.name} is damaged: no picture in it can be decoded.", hint="Fetch it again.")
    while given < wanted:
        yield shown
        given += 1


def sound(path: Path, facts: ClipFacts, samples: int) -> NDArray[np.float32]:
    """The clip's sound from its first picture on, shape (2, samples): cut to that length, or filled with silence."""
    track = np.zeros((2, samples), np.float32)
    if not facts.audio_codec or facts.audio_seconds is None:
        return track
    ends = round((facts.audio_start + facts.audio_seconds - facts.video_start) * SOUND_RATE)
    end, position = min(samples, ends), None
    resampler = AudioResampler(format="fltp", layout="stereo", rate=SOUND_RATE)
    with opened(path, headers_only=True) as container:
        audio = audio_of(container)
        frames = container.decode(audio) if audio is not None else iter(())
        for frame in _decoded(frames, path):
            if position is None:  # the first sample alone is looked up, all others are counted
                position = round(((frame.time or 0.0) - facts.video_start) * SOUND_RATE)
            position = _put(resampler.resample(frame), track, position, end)
        _put(resampler.resample(None), track, position or 0, end)
    return track


def _shown_size(facts: ClipFacts) -> tuple[int, int]:
    """Width and height with square pixels, both even."""
    width = round(facts.width * facts.sample_aspect)
    return width - width % 2, facts.height - facts.height % 2


def _decoded(frames: Iterator[_Frame], path: Path) -> Iterator[_Frame]:
    with readable(path):
        yield from frames


def _put(frames: Iterable[AudioFrame], track: NDArray[np.float32], position: int, end: int) -> int:
    """Put frames into the track from a position on, as far as they lie in it before `end`; the position after them."""
    for frame in frames:
        block = frame.to_ndarray()
        first, last = max(0, position), min(end, position + block.shape[1])
        if first < last:
            track[:, first:last] = block[:, first - position : last - position]
        position += block.shape[1]
    return position


def _fitted(frames: Iterator[VideoFrame], video: VideoStream, facts: ClipFacts, target: Target) -> Iterator[VideoFrame]:
    """The pictures scaled into the film's size and padded with black, or as they are where they fit already."""
    graph: Graph | None = None
    size = (target.width, target.height)
    for frame in frames:
        if (frame.width, frame.height) == size and frame.format.name == PIXEL_FORMAT and facts.sample_aspect == 1:
            yield frame
            continue
        if graph is None:
            graph = _fitting_graph(frame, video, facts, size)
        graph.vpush(frame)
        yield graph.vpull()


def _fitting_graph(frame: VideoFrame, video: VideoStream, facts: ClipFacts, size: tuple[int, int]) -> Graph:
    wide, high = facts.width * facts.sample_aspect, Fraction(facts.height)
    scale = min(size[0] / wide, size[1] / high)
    width = min(size[0], max(2, round(wide * scale / 2) * 2))
    height = min(size[1], max(2, round(high * scale / 2) * 2))
    graph = Graph()
    graph.link_nodes(
        graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=video.time_base),
        graph.add("scale", f"{width}:{height}:flags=bicubic:out_range=limited"),
        graph.add("pad", f"{size[0]}:{size[1]}:(ow-iw)/2:(oh-ih)/2"),
        graph.add("setsar", "1"),
        graph.add("format", PIXEL_FORMAT),
        graph.add("buffersink"),
    ).configure()
    return graph

"""The two tracks of an encoded film, written picture by picture and sound by sound, and how two clips mix in them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.video.frame import PictureType, VideoFrame

from vidpipe_tui.media.film import Progress
from vidpipe_tui.media.normalising import PIXEL_FORMAT, SOUND_RATE, Target

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOUND_BITS = 160_000
VIDEO_OPTIONS = {"preset": "veryfast", "crf": "18"}

_PIECE = 16 * 1024
_SETTLING = 240
"""Samples (5 ms) in which a step between two sounds dies away: not heard, where the step itself is a click."""


class PictureTrack:
    """Encodes the film's pictures, `total` in all, and reports the fraction that is done."""

    def __init__(self, film: OutputContainer, target: Target, total: int, on_progress: Progress) -> None:
        self._film = film
        self._stream = film.add_stream("libx264", rate=target.fps, options=dict(VIDEO_OPTIONS))
        self._stream.width, self._stream.height = target.width, target.height
        self._stream.pix_fmt = PIXEL_FORMAT
        self._stream.thread_type = "FRAME"  # with slices, which PyAV presets, x264 is slower and its files larger
        self._base = 1 / target.fps
        self._stream.codec_context.time_base = self._base
        self._total = total
        self._report = on_progress
        self._count = 0

    def fade(self, before: Iterator[VideoFrame], after: Iterator[VideoFrame], count: int) -> None:
        """Show `count` pictures in which the first iterator gives way to the second."""
        for number in range(count):
            picture = blended(next(before), next(after), (number + 0.5) / count)
            self._encode(picture, opens=number == 0)

    def show(self, frames: Iterator[VideoFrame], count: int, *, opens: bool) -> None:
        """Show the next `count` pictures as they are; `opens`: a chapter begins with them, to be jumped to."""
        for number in range(count):
            self._encode(next(frames), opens=opens and number == 0)

    def close(self) -> None:
        """Write what the encoder still holds."""
        self._film.mux(self._stream.encode(None))

    def _encode(self, frame: VideoFrame, *, opens: bool) -> None:
        # A decoded picture remembers its kind, and the encoder would take that for an order.
        frame.pict_type = PictureType.I if opens else PictureType.NONE
        context = self._stream.codec_context
        if not context.is_open:
            context.color_range, context.colorspace = frame.color_range, frame.colorspace
            context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        frame.pts, frame.time_base = self._count, self._base
        self._film.mux(self._stream.encode(frame))
        self._count += 1
        self._report(self._count / self._total)


class SoundTrack:
    """Encodes the film's sound, mixing what overlaps with equal power."""

    def __init__(self, film: OutputContainer) -> None:
        self._film = film
        self._stream = film.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        self._stream.bit_rate = SOUND_BITS
        self._tail: NDArray[np.float32] = np.zeros((2, 0), np.float32)
        self._last: NDArray[np.float32] | None = None
        self._count = 0

    def add(self, heard: NDArray[np.float32], alone_until: int) -> None:
        """Write a clip's sound, shape (2, samples); what follows sample `alone_until` mixes with the next clip."""
        overlap = self._tail.shape[1]
        if overlap:
            heard[:, :overlap] = mixed(self._tail, heard[:, :overlap])
        elif self._last is not None:
            settle(heard, self._last)
        self._last = heard[:, alone_until - 1].copy()
        self._tail = heard[:, alone_until:].copy()
        for first in range(0, alone_until, _PIECE):
            self._encode(heard[:, first : min(first + _PIECE, alone_until)])

    def close(self) -> None:
        """Write what the encoder still holds."""
        self._film.mux(self._stream.encode(None))

    def _encode(self, piece: NDArray[np.float32]) -> None:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, self._count, Fraction(1, SOUND_RATE)
        self._film.mux(self._stream.encode(frame))
        self._count += piece.shape[1]


def blended(before: VideoFrame, after: VideoFrame, share: float) -> VideoFrame:
    """A picture between two of the same size in yuv420p, `share` (0 to 1) of it the second."""
    result = VideoFrame(before.width, before.height, PIXEL_FORMAT)
    weight = round(share * 256)
    for left, right, out in zip(before.planes, after.planes, result.planes, strict=True):
        first, second, mix = _rows(left), _rows(right), _rows(out)
        mix[:] = (first * np.uint16(256 - weight) + second * np.uint16(weight) + np.uint16(128)) >> np.uint16(8)
    return result


def mixed(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """Two sounds of the same shape, one fading into the other with equal power (quarter sine)."""
    count = before.shape[1]
    angle = (np.arange(count, dtype=np.float32) + np.float32(0.5)) * np.float32(math.pi / 2 / count)
    sum_of_both: NDArray[np.float32] = before * np.cos(angle) + after * np.sin(angle)
    return sum_of_both


def settle(heard: NDArray[np.float32], last: NDArray[np.float32]) -> None:
    """Take the step out of a cut between two sounds: it dies away within 5 ms, and the level stays as it is."""
    count = min(_SETTLING, heard.shape[1])
    fall = (1 + np.cos(np.arange(1, count + 1, dtype=np.float32) * np.float32(math.pi / count))) / 2
    heard[:, :count] += (last - heard[:, 0])[:, None] * fall


def _rows(plane: object) -> NDArray[np.uint8]:
    """A plane as an array of its rows, without the padding at their ends."""
    line = plane.line_size  # type: ignore[attr-defined]
    data = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]
    rows: NDArray[np.uint8] = data.reshape(-1, line)[: plane.height, : plane.width]  # type: ignore[attr-defined]
    return rows

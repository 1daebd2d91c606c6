"""Writes the small copy of a clip, picture by picture."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from vidpipe_tui.media.small_clips import SMALL_SIDE

_OPTIONS = {"preset": "ultrafast", "crf": "23", "g": "12", "x264-params": "threads=1:lookahead-threads=1"}


class SmallClip:
    """Writes the small copy from the pictures of a clip as they are decoded, in a `with` block.

    It takes care of itself: what cannot be written is given up, and the file is only there after a block that ended
    well.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._out: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._scale = VideoReformatter()
        self._whole = True

    def __enter__(self) -> Self:
        return self

    def add(self, frame: VideoFrame) -> None:
        """The next picture."""
        if not self._whole:
            return
        try:
            if self._stream is None:
                self._stream = self._open(frame)
            size = (self._stream.width, self._stream.height)
            small = self._scale.reformat(frame, *size, "yuv420p", interpolation="AREA", threads=1)
            small.pts, small.time_base = frame.pts, frame.time_base
            self._mux(small)
        except (OSError, ValueError, av.FFmpegError):
            self._whole = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._whole:
                self._mux(None)
        except (OSError, av.FFmpegError):
            self._whole = False
        finally:
            if self._out is not None:
                with contextlib.suppress(OSError, av.FFmpegError):
                    self._out.close()
            if kind is not None or not self._whole:
                self._path.unlink(missing_ok=True)

    def _open(self, frame: VideoFrame) -> VideoStream:
        part = min(1.0, SMALL_SIDE / max(frame.width, frame.height))
        self._out = av.open(str(self._path), "w", format="mp4")
        base = frame.time_base or Fraction(1, 24)
        rate = 1 / (frame.duration * base) if frame.duration else Fraction(24)  # the last picture lasts as long
        stream = self._out.add_stream("libx264", rate=rate, options=_OPTIONS)
        stream.width, stream.height = (max(2, round(side * part / 2) * 2) for side in (frame.width, frame.height))
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = base
        return stream

    def _mux(self, frame: VideoFrame | None) -> None:
        if self._out is not None and self._stream is not None:
            self._out.mux(self._stream.encode(frame))

"""Frames of a clip, small enough for cells, decoded one after the other. Used by one thread at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from vidpipe_tui.errors import MediaError
from vidpipe_tui.pictures.palette import Pixels

if TYPE_CHECKING:
    from av import VideoFrame

KEPT_BYTES = 24_000_000
"""Frames kept decoded: a clip that is played again, or stepped through backwards, is not decoded again."""


class ClipFrames:
    """A clip open for reading at `width` x `height` pixels. `rate` is frames a second, `count` how many there are.

    Raises MediaError when the file is no video. Close it, or use it as a context manager.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        import av

        self._size = (width, height)
        try:
            # The deblocking filter costs a third of the decoding and cannot be seen at the size of cells.
            self._container = av.open(str(path))
            self._stream = self._container.streams.video[0]
            self._stream.codec_context.options = {"skip_loop_filter": "all"}
            self._stream.thread_type = "SLICE"
        except (OSError, av.FFmpegError, IndexError, ValueError) as error:
            raise MediaError(f"{path.name} cannot be played: {error}.", hint="It may be missing or broken.") from error
        self.rate = float(self._stream.average_rate or 24)
        seconds = self._container.duration / 1_000_000 if self._container.duration else 0.0
        self.count = max(1, self._stream.frames or round(seconds * self.rate))
        self._next = 0
        self._decoder: Iterator[VideoFrame] = iter(())
        self._kept: OrderedDict[int, Pixels] = OrderedDict()
        self._start_over(0)

    def __enter__(self) -> ClipFrames:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the file back."""
        self._container.close()

    def frame(self, index: int) -> Pixels:
        """The frame at `index` (0 to count - 1), RGB, shape (height, width, 3). Near ones ahead are decoded through."""
        index = max(0, min(index, self.count - 1))
        kept = self._kept.get(index)
        if kept is not None:
            self._kept.move_to_end(index)
            return kept
        if not self._next <= index < self._next + 2 * self.rate:
            self._start_over(index)
        return self._decode_to(index)

    def _start_over(self, index: int) -> None:
        import av

        time_base = self._stream.time_base
        start = self._stream.start_time or 0
        offset = start + int(index / self.rate / time_base) if time_base else 0
        try:
            self._container.seek(offset, stream=self._stream, backward=True)
        except av.FFmpegError as error:
            raise MediaError(f"The clip cannot be played from there: {error}.") from error
        self._decoder = self._container.decode(self._stream)
        self._next = index

    def _decode_to(self, index: int) -> Pixels:
        import av

        last: VideoFrame | None = None
        try:
            for frame in self._decoder:
                last = frame
                place = self._place(frame)
                self._next = place + 1
                if place >= index:
                    break
        except av.FFmpegError as error:
            raise MediaError(f"The clip cannot be played on: {error}.") from error
        if last is None:
            if self._kept:
                return next(reversed(self._kept.values()))
            raise MediaError("The clip has no picture.")
        return self._keep(index, last)

    def _place(self, frame: VideoFrame) -> int:
        if frame.pts is None or frame.time_base is None:
            return self._next
        return round((frame.pts - (self._stream.start_time or 0)) * float(frame.time_base) * self.rate)

    def _keep(self, index: int, frame: VideoFrame) -> Pixels:
        width, height = self._size
        pixels = frame.to_ndarray(width=width, height=height, format="rgb24", interpolation="BILINEAR").astype("uint8")
        self._kept[index] = pixels
        while len(self._kept) * pixels.nbytes > KEPT_BYTES:
            self._kept.popitem(last=False)
        return pixels

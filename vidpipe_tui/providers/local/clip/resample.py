"""Cuts a box with fractional edges out of a plane and scales it, fast.

libswscale scales several times faster than anything else at hand, but cuts at whole pixels only. So a larger
box with whole edges is looked for whose scaled size, and whose offset in it, come out as whole numbers too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from PIL import Image

from vidpipe_tui.providers.local.paint.arrays import Bytes
from vidpipe_tui.providers.local.paint.stage import Box

_GOOD = 0.1
_REACH = 13
_KEPT = 32


def mapped(pixels: Bytes) -> Image.Image:
    """Bytes (h, w; C-contiguous) as an "L" picture that shares their memory: what is drawn into it is in them."""
    rows, columns = pixels.shape
    picture = Image.frombuffer("L", (columns, rows), pixels, "raw", "L", columns, 1)
    picture.readonly = 0
    return picture


def pixels(picture: Image.Image) -> Bytes:
    """The bytes (h, w) of an "L" picture, copied once (numpy's own way to them copies them three times)."""
    out = np.empty(picture.size[::-1], np.uint8)
    mapped(out).paste(picture)
    return out


class Cut(NamedTuple):
    """Source pixels `low` to `high`, scaled to `size`, of which `count` from `offset` + `part` on are wanted."""

    low: int
    high: int
    size: int
    offset: int
    part: float


@lru_cache(maxsize=512)
def fit(low: float, high: float, count: int, limit: int) -> Cut:
    """The whole-numbered cut along one axis that comes nearest to scaling low..high to `count` pixels.

    `part` is 0 where the offset comes out whole within a tenth of a pixel, else what is left of it.
    """
    scale = count / (high - low)
    first, last = int(max(low, 0.0)), min(limit, int(high) + 1)
    # more pixels on the way to a whole offset cost less than the second pass over all of them that a part takes
    reach = _REACH + count // 16
    start, offset, shift_error = first, 0.0, 9.0
    for a in range(first, max(-1, first - reach), -1):
        shift = (low - a) * scale
        error = abs(shift - int(shift + 0.5))
        if error < shift_error:
            start, offset, shift_error = a, shift, error
            if error < _GOOD:
                break
    if shift_error >= _GOOD:
        start, offset = first, (low - first) * scale
    whole_offset = int(offset + 0.5) if shift_error < _GOOD else int(offset)
    part = 0.0 if shift_error < _GOOD else offset - whole_offset
    wanted = whole_offset + count + (part > 0)
    end, size, size_error = 0, 0, 9.0
    for b in range(last, min(limit, last + reach) + 1):
        length = (b - start) * scale
        whole = int(length + 0.5)
        error = abs(length - whole)
        if error < size_error and whole >= wanted:
            end, size, size_error = b, whole, error
            if error < _GOOD:
                break
    if not end:
        return Cut(start, last, max(whole_offset + count, int((last - start) * scale + 0.5)), whole_offset, 0.0)
    return Cut(start, end, size, whole_offset, part)


class Scaler:
    """Scales planes; keeps libswscale's tables for the sizes that were asked for last."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int, int, int], VideoReformatter] = {}

    def __call__(self, pixels: Bytes, box: Box, size: tuple[int, int]) -> Image.Image:
        """The part `box` of a plane (h, w) at `size` (width, height)."""
        h, w = pixels.shape
        if min(size) < 4:
            inside = (max(0.0, box[0]), max(0.0, box[1]), min(w, box[2]), min(h, box[3]))
            return Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, box=inside)
        x, y = fit(box[0], box[2], size[0], w), fit(box[1], box[3], size[1], h)
        whole = self._whole(pixels[y.low : y.high, x.low : x.high], x.size, y.size)
        tall = (size[0], size[1] + (y.part > 0))
        picture = _window(whole, x.offset, y.offset, tall)
        if x.part:
            picture = Image.blend(picture, _window(whole, x.offset + 1, y.offset, tall), x.part)
        if y.part:
            upper, under = picture.crop((0, 0, *size)), picture.crop((0, 1, size[0], size[1] + 1))
            picture = Image.blend(upper, under, y.part)
        return picture

    def _whole(self, pixels: Bytes, width: int, height: int) -> av.VideoFrame:
        frame = av.VideoFrame.from_numpy_buffer(pixels, format="gray")
        key = (frame.width, frame.height, width, height)
        reformatter = self._kept.pop(key, None)
        if reformatter is None:
            oldest = next(iter(self._kept)) if len(self._kept) >= _KEPT else None
            reformatter = self._kept.pop(oldest) if oldest else VideoReformatter()
        self._kept[key] = reformatter
        return reformatter.reformat(frame, width, height, "gray", interpolation="BILINEAR", threads=1)


def _window(frame: av.VideoFrame, left: int, top: int, size: tuple[int, int]) -> Image.Image:
    """A part of a grey frame, without a copy of its pixels (the picture keeps the frame alive)."""
    plane = frame.planes[0]
    data, stride = np.frombuffer(memoryview(plane), np.uint8), plane.line_size
    start = top * stride + left
    if start + size[1] * stride <= len(data):
        return Image.frombuffer("L", size, data[start:], "raw", "L", stride, 1)
    rows = Image.frombuffer("L", (stride, len(data) // stride), data, "raw", "L", stride, 1)
    return rows.crop((left, top, left + size[0], top + size[1]))

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

_GOOD = 0.08
_REACH = 13


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

    `part` is 0 where the offset comes out whole within a twentieth of a pixel, else what is left of it.
    """
    scale = count / (high - low)
    first, last = int(max(low, 0.0)), min(limit, int(high) + 1)
    start, offset, shift_error = first, 0.0, 9.0
    for a in range(first, max(-1, first - _REACH), -1):
        shift = (low - a) * scale
        error = abs(shift - int(shift + 0.5))
        if error < shift_error:
            start, offset, shift_error = a, shift, error
            if error < _GOOD:
                break
    whole_offset = int(offset + 0.5) if shift_error < _GOOD else int(offset)
    part = 0.0 if shift_error < _GOOD else offset - whole_offset
    wanted = whole_offset + count + (part > 0)
    end, size, size_error = 0, 0, 9.0
    for b in range(last, min(limit, last + _REACH) + 1):
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
    """Scales planes; keeps libswscale's tables while sizes stay the same."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def __call__(self, pixels: Bytes, box: Box, size: tuple[int, int]) -> Image.Image:
        """The part `box` of a plane (h, w) at `size` (width, height)."""
        h, w = pixels.shape
        if min(size) < 4:
            inside = (max(0.0, box[0]), max(0.0, box[1]), min(w, box[2]), min(h, box[3]))
            return Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, box=inside)
        x, y = fit(box[0], box[2], size[0], w), fit(box[1], box[3], size[1], h)
        frame = av.VideoFrame.from_numpy_buffer(pixels[y.low : y.high, x.low : x.high], format="gray")
        out = self._reformatter.reformat(frame, x.size, y.size, "gray", interpolation="BILINEAR", threads=1)
        right, bottom = x.offset + size[0] + (x.part > 0), y.offset + size[1] + (y.part > 0)
        picture = Image.fromarray(np.ascontiguousarray(out.to_ndarray()[y.offset : bottom, x.offset : right]))
        if x.part:
            width, height = picture.size
            beside = picture.crop((1, 0, width, height))
            picture = Image.blend(picture.crop((0, 0, width - 1, height)), beside, x.part)
        if y.part:
            width, height = picture.size
            under = picture.crop((0, 1, width, height))
            picture = Image.blend(picture.crop((0, 0, width, height - 1)), under, y.part)
        return picture

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

_GOOD = 0.07
_REACH = 6


class Cut(NamedTuple):
    """Source pixels `low` to `high`, scaled to `size`, of which `count` from `offset` on are wanted."""

    low: int
    high: int
    size: int
    offset: int
    error: float


@lru_cache(maxsize=512)
def fit(low: float, high: float, count: int, limit: int) -> Cut:
    """The whole-numbered cut along one axis that comes nearest to scaling low..high to `count` pixels."""
    scale = count / (high - low)
    first, last = int(max(low, 0.0)), min(limit, int(high) + 1)
    start, offset, shift_error = first, 0, 9.0
    for a in range(first, max(-1, first - _REACH), -1):
        shift = (low - a) * scale
        error = abs(shift - int(shift + 0.5))
        if error < shift_error:
            start, offset, shift_error = a, int(shift + 0.5), error
            if error < _GOOD:
                break
    end, size, size_error = last, max(offset + count, int((last - start) * scale + 0.5)), 9.0
    for b in range(last, min(limit, last + _REACH) + 1):
        length = (b - start) * scale
        whole = int(length + 0.5)
        error = abs(length - whole)
        if error < size_error and whole >= offset + count:
            end, size, size_error = b, whole, error
            if error < _GOOD:
                break
    return Cut(start, end, size, offset, max(shift_error, size_error * 0.7))


class Scaler:
    """Scales planes; keeps libswscale's tables while sizes stay the same."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def __call__(self, pixels: Bytes, box: Box, size: tuple[int, int]) -> Image.Image:
        """The part `box` of a plane (h, w) at `size` (width, height)."""
        h, w = pixels.shape
        x = fit(box[0], box[2], size[0], w)
        y = fit(box[1], box[3], size[1], h)
        if max(x.error, y.error) > 0.5 or min(size) < 4:
            return Image.fromarray(pixels).resize(
                size, Image.Resampling.BILINEAR, box=(max(0, box[0]), max(0, box[1]), min(w, box[2]), min(h, box[3]))
            )
        frame = av.VideoFrame.from_numpy_buffer(pixels[y.low : y.high, x.low : x.high], format="gray")
        out = self._reformatter.reformat(
            frame, x.size, y.size, "gray", interpolation="BILINEAR", threads=1
        ).to_ndarray()
        return Image.fromarray(np.ascontiguousarray(out[y.offset : y.offset + size[1], x.offset : x.offset + size[0]]))

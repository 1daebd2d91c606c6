"""Planes of a stage as YUV 4:2:0 pictures (BT.709, limited range), blended from one keyframe's light to the other's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import av
import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.paint.arrays import Bytes
from vidpipe_tui.providers.local.paint.stage import Layer

BLACK = 16
GREY = 128
_STRIP = 64
_WORTH = 90_000
_GAP = 110
_MOST = 5
_ALIKE = 100


class Yuv(NamedTuple):
    """Three "L" pictures; in 4:2:0 `u` and `v` have half the width and height of `y`."""

    y: Image.Image
    u: Image.Image
    v: Image.Image


class Part(NamedTuple):
    """A rectangle of a plane (stage pixels) in which something is covered."""

    left: int
    top: int
    right: int
    bottom: int


class Shown(NamedTuple):
    """A plane's bytes as they are now: brightness, two colours at half size, coverage and halved coverage."""

    y: Bytes
    u: Bytes
    v: Bytes
    alpha: Bytes | None
    half: Bytes | None


def to_yuv(rgb: Bytes) -> Yuv:
    """Convert bytes (h, w, 3) of even size."""
    h, w = rgb.shape[:2]
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    packed = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG", threads=1).to_ndarray()
    chroma = packed[h:].reshape(2, h // 2, w // 2)
    return Yuv(Image.fromarray(packed[:h]), Image.fromarray(chroma[0]), Image.fromarray(chroma[1]))


@dataclass
class Plane:
    """One plane in two lights.

    `parts` are where it covers something partly; from row `solid_from` on (stage pixels) it covers all.
    """

    name: str
    near: float
    drift: float
    flicker: float
    first: Yuv
    last: Yuv
    alphas: tuple[Image.Image, Image.Image] | None
    parts: list[Part]
    solid_from: int
    grain: float
    _made: float = -1.0
    _now: Shown | None = field(default=None)

    def at(self, light: float) -> Shown:
        """The plane at `light` (0 first .. 1 last); what was made is kept while light hardly changes."""
        if self._now is not None and (abs(light - self._made) < self.grain and light not in {0.0, 1.0}):
            return self._now
        if (
            self._now is not None
            and self.last is self.first
            and (self.alphas is None or self.alphas[0] is self.alphas[1])
        ):
            return self._now
        alpha = half = None
        if self.alphas is not None:
            if self.alphas[0] is self.alphas[1] and self._now is not None:
                alpha, half = self._now.alpha, self._now.half
            else:
                mixed = Image.blend(*self.alphas, light) if self.alphas[0] is not self.alphas[1] else self.alphas[0]
                alpha, half = np.asarray(mixed), np.asarray(mixed.reduce(2))
        colours = [
            np.asarray(Image.blend(a, b, light) if a is not b else a)
            for a, b in zip(self.first, self.last, strict=True)
        ]
        self._now, self._made = Shown(colours[0], colours[1], colours[2], alpha, half), light
        return self._now


def pair(first: Layer | None, last: Layer | None, size: tuple[int, int]) -> Plane:
    """A plane from the same layer in two lights; one that is missing in one of them fades."""
    known = first or last
    assert known is not None
    a_rgb, a_alpha = _whole(first or known, size)
    b_rgb, b_alpha = (a_rgb, a_alpha) if last is first else _whole(last or known, size)
    colours = to_yuv(a_rgb)
    others = colours if b_rgb is a_rgb else to_yuv(b_rgb)
    unlike = np.abs(np.asarray(colours.y, np.int16)[::8, ::8] - np.asarray(others.y, np.int16)[::8, ::8])
    grain = 2.0 / max(2.0, float(np.percentile(unlike, 97)))
    if a_alpha is None or b_alpha is None:
        return Plane(known.name, known.near, known.drift, known.flicker, colours, others, None, [], 0, grain)
    a_alpha, b_alpha = (
        alpha if layer else np.zeros_like(alpha) for alpha, layer in ((a_alpha, first), (b_alpha, last))
    )
    parts, solid_from = partition(np.maximum(a_alpha, b_alpha), np.minimum(a_alpha, b_alpha))
    one = Image.fromarray(a_alpha)
    other = one if np.array_equal(a_alpha, b_alpha) else Image.fromarray(b_alpha)
    if one is not other:
        grain = min(grain, 0.02)
    return Plane(
        known.name, known.near, known.drift, known.flicker, colours, others, (one, other), parts, solid_from, grain
    )  # fmt: skip


def partition(most: Bytes, least: Bytes) -> tuple[list[Part], int]:
    """Where a plane covers partly (as few rectangles), and from which row on wholly."""
    width = most.shape[1]
    open_rows = np.nonzero(least.min(axis=1) < 254)[0]
    solid_from = int(open_rows[-1]) + 1 if len(open_rows) else 0
    strips: list[Part] = []
    for left in range(0, width, _STRIP):
        rows = np.nonzero(most[:solid_from, left : left + _STRIP].max(axis=1) > 1)[0]
        for run in np.split(rows, np.nonzero(np.diff(rows) > _GAP)[0] + 1) if len(rows) else []:
            top, bottom = max(0, int(run[0]) - 1), min(solid_from, int(run[-1]) + 2)
            right = min(width, left + _STRIP)
            like = [p for p in strips if p.right == left and abs(p.top - top) + abs(p.bottom - bottom) < _ALIKE]
            if like:
                strips.remove(like[0])
                strips.append(Part(like[0].left, min(like[0].top, top), right, max(like[0].bottom, bottom)))
            else:
                strips.append(Part(left, top, right, bottom))
    return _joined(strips), solid_from


def _joined(strips: list[Part]) -> list[Part]:
    """Join rectangles, cheapest first, while the area this adds costs less than another rectangle would."""
    parts = list(strips)
    while len(parts) > 1:
        best, pick = _WORTH * (1 if len(parts) <= _MOST else 1000), None
        for k, p in enumerate(parts):
            for q in parts[k + 1 :]:
                box = Part(min(p.left, q.left), min(p.top, q.top), max(p.right, q.right), max(p.bottom, q.bottom))
                waste = _area(box) - _area(p) - _area(q)
                if waste < best:
                    best, pick = waste, (p, q, box)
        if pick is None:
            break
        parts = [part for part in parts if part not in pick[:2]] + [pick[2]]
    return parts


def _area(part: Part) -> int:
    return (part.right - part.left) * (part.bottom - part.top)


def _whole(layer: Layer, size: tuple[int, int]) -> tuple[Bytes, Bytes | None]:
    """A layer's pixels on the whole stage."""
    width, height = size
    rows = layer.rgb.shape[0]
    if rows == height and layer.top == 0:
        return layer.rgb, layer.alpha
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[: layer.top], rgb[layer.top :] = layer.rgb[0], layer.rgb[-1]
    rgb[layer.top : layer.top + rows] = layer.rgb[: height - layer.top]
    alpha = np.zeros((height, width), np.uint8)
    alpha[layer.top : layer.top + rows] = 255 if layer.alpha is None else layer.alpha[: height - layer.top]
    return rgb, alpha

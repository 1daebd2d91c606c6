"""Planes of a stage as YUV 4:2:0 pictures (BT.709, limited range), blended from one keyframe's light to the other's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import av
import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.clip.resample import mapped, pixels
from vidpipe_tui.providers.local.paint.arrays import Bytes
from vidpipe_tui.providers.local.paint.stage import Layer

BLACK = 16
GREY = 128
_STRIP = 64
_WORTH = 260_000
_GAP = 110
_MOST = 5
_ALIKE = 100


class Yuv(NamedTuple):
    """Bytes (h, w) of a picture in 4:2:0: `u` and `v` have half the width and height of `y`."""

    y: Bytes
    u: Bytes
    v: Bytes


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
    frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(rgb), format="rgb24")
    frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG", threads=1)
    packed: Bytes = np.asarray(frame.to_ndarray(), np.uint8)
    return unpacked(packed)


def unpacked(packed: Bytes) -> Yuv:
    """The three planes of packed yuv420p bytes (h * 3 / 2, w), sharing their memory."""
    w, h = packed.shape[1], packed.shape[0] * 2 // 3
    chroma = packed[h:].reshape(2, h // 2, w // 2)
    return Yuv(packed[:h], chroma[0], chroma[1])


def blended(first: Bytes, last: Bytes, share: float) -> Bytes:
    """Two planes mixed: `share` 0 gives the first, 1 the last."""
    return pixels(Image.blend(mapped(first), mapped(last), share))


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
    alphas: tuple[Bytes, Bytes] | None
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
                alpha = blended(*self.alphas, light) if self.alphas[0] is not self.alphas[1] else self.alphas[0]
                half = pixels(mapped(alpha).reduce(2))
        y, u, v = (blended(a, b, light) if a is not b else a for a, b in zip(self.first, self.last, strict=True))
        self._now, self._made = Shown(y, u, v, alpha, half), light
        return self._now


def pair(first: Layer | None, last: Layer | None, size: tuple[int, int]) -> Plane:
    """A plane from the same layer in two lights; one that is missing in one of them fades."""
    known = first or last
    assert known is not None
    a_rgb, a_alpha = _whole(first or known, size)
    b_rgb, b_alpha = (a_rgb, a_alpha) if last is first else _whole(last or known, size)
    colours = to_yuv(a_rgb)
    others = colours if b_rgb is a_rgb else to_yuv(b_rgb)
    # wide tones change by what cannot be seen at once, small things (a moon, a window) in a few soft steps
    grain = min(_grain(colours.y, others.y, 97, 2.0), _grain(colours.y, others.y, 100, 20.0), 0.25)
    if a_alpha is None or b_alpha is None:
        return Plane(known.name, known.near, known.drift, known.flicker, colours, others, None, [], 0, grain)
    a_alpha, b_alpha = (
        alpha if layer else np.zeros_like(alpha) for alpha, layer in ((a_alpha, first), (b_alpha, last))
    )
    parts, solid_from = partition(np.maximum(a_alpha, b_alpha), np.minimum(a_alpha, b_alpha))
    if np.array_equal(a_alpha, b_alpha):
        b_alpha = a_alpha
    else:
        grain = min(grain, max(0.02, _grain(a_alpha, b_alpha, 100, 3.0)))
    return Plane(
        known.name, known.near, known.drift, known.flicker, colours, others, (a_alpha, b_alpha), parts, solid_from,
        grain,
    )  # fmt: skip


def _grain(first: Bytes, last: Bytes, share: float, levels: float) -> float:
    """How far light may go before `share` percent of a plane's pixels have changed by more than `levels`."""
    unlike = np.abs(first[::8, ::8].astype(np.int16) - last[::8, ::8])
    return levels / max(levels, float(np.percentile(unlike, share)))


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
        return layer.rgb, None if layer.alpha is None else np.ascontiguousarray(layer.alpha)
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[: layer.top], rgb[layer.top :] = layer.rgb[0], layer.rgb[-1]
    rgb[layer.top : layer.top + rows] = layer.rgb[: height - layer.top]
    alpha = np.zeros((height, width), np.uint8)
    alpha[layer.top : layer.top + rows] = 255 if layer.alpha is None else layer.alpha[: height - layer.top]
    return rgb, alpha

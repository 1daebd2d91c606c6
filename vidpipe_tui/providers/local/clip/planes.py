"""Planes of a stage as YUV 4:2:0 pictures (BT.709, limited range), blended from the light of one keyframe to the other's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import av
import numpy as np
from PIL import Image, ImageChops

from vidpipe_tui.providers.local.paint.arrays import Bytes
from vidpipe_tui.providers.local.paint.stage import Layer

BLACK = 16
GREY = 128
CELL = 24


class Yuv(NamedTuple):
    """Three "L" pictures; `u` and `v` have half the width and height of `y`."""

    y: Image.Image
    u: Image.Image
    v: Image.Image


def to_yuv(rgb: Bytes) -> Yuv:
    """Convert bytes (h, w, 3) of even size."""
    h, w = rgb.shape[:2]
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    packed = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG").to_ndarray()
    chroma = packed[h:].reshape(2, h // 2, w // 2)
    return Yuv(Image.fromarray(packed[:h]), Image.fromarray(chroma[0]), Image.fromarray(chroma[1]))


def to_yuv444(rgb: Bytes) -> Yuv:
    """Convert bytes (h, w, 3) without halving the colour."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    planes = frame.reformat(format="yuv444p", dst_colorspace="ITU709", dst_color_range="MPEG").to_ndarray()
    return Yuv(*(Image.fromarray(np.ascontiguousarray(plane)) for plane in planes))


def halved(alpha: Image.Image) -> Image.Image:
    """Coverage for the colour planes."""
    return alpha.reduce(2)


@dataclass
class Plane:
    """One plane in two lights. `empty` and `solid` say of every CELL-sized square whether nothing or all is covered."""

    name: str
    near: float
    add: bool
    drift: float
    flicker: float
    first: Yuv
    last: Yuv
    first_alpha: Image.Image | None
    last_alpha: Image.Image | None
    empty: np.ndarray
    solid: np.ndarray
    _made: float = -1.0
    _now: tuple[Yuv, Image.Image | None, Image.Image | None] | None = field(default=None)

    def at(self, light: float) -> tuple[Yuv, Image.Image | None, Image.Image | None]:
        """Pictures, coverage and halved coverage at `light` (0 first .. 1 last); kept while light hardly changes."""
        if self._now is None or abs(light - self._made) > 0.02 or light in {0.0, 1.0}:
            alpha = self.first_alpha
            if alpha is not None and self.last_alpha is not None and self.last_alpha is not alpha:
                alpha = Image.blend(alpha, self.last_alpha, light)
            colours = self.first
            if self.last is not self.first:
                colours = Yuv(*(Image.blend(a, b, light) for a, b in zip(self.first, self.last, strict=True)))
            self._now, self._made = (colours, alpha, alpha and halved(alpha)), light
        return self._now


def pair(first: Layer | None, last: Layer | None, size: tuple[int, int]) -> Plane:
    """A plane from the same layer in two lights; one that is missing in one of them fades."""
    known = first or last
    assert known is not None
    a_rgb, a_alpha = _whole(first or known, size)
    b_rgb, b_alpha = (a_rgb, a_alpha) if last is first else _whole(last or known, size)
    if known.add:
        a_rgb, b_rgb = (rgb if layer else np.zeros_like(rgb) for rgb, layer in ((a_rgb, first), (b_rgb, last)))
        lit = a_rgb.max(axis=2) | b_rgb.max(axis=2)
        empty, solid = _cells(lit, lambda block: block < 6), np.zeros((1, 1), bool)
        return Plane(
            known.name, known.near, True, 0, known.flicker, _light(a_rgb), _light(b_rgb), None, None, empty, solid
        )
    if known.alpha is None or a_alpha is None or b_alpha is None:
        none = np.zeros((-(-size[1] // CELL), -(-size[0] // CELL)), bool)
        alike = last is None or first is None or last is first
        one = to_yuv(a_rgb)
        return Plane(
            known.name, known.near, False, known.drift, 0, one, one if alike else to_yuv(b_rgb), None, None, none, ~none
        )
    a_alpha, b_alpha = (
        alpha if layer else np.zeros_like(alpha) for alpha, layer in ((a_alpha, first), (b_alpha, last))
    )
    empty = _cells(np.maximum(a_alpha, b_alpha), lambda block: block == 0)
    solid = _cells(np.minimum(a_alpha, b_alpha), lambda block: block >= 254)
    return Plane(
        known.name, known.near, False, known.drift, 0, to_yuv(a_rgb), to_yuv(b_rgb),
        Image.fromarray(a_alpha), Image.fromarray(b_alpha), empty, solid,
    )  # fmt: skip


def _light(rgb: Bytes) -> Yuv:
    """Light to be added: brightness above black; colour stays centred on grey."""
    y, u, v = to_yuv(rgb)
    return Yuv(ImageChops.subtract(y, Image.new("L", y.size, BLACK)), u, v)


def _whole(layer: Layer, size: tuple[int, int]) -> tuple[Bytes, Bytes | None]:
    """A layer's pixels on the whole stage."""
    width, height = size
    rows = layer.rgb.shape[0]
    if rows == height and layer.top == 0:
        return layer.rgb, layer.alpha
    rgb = np.zeros((height, width, 3), np.uint8)
    if not layer.add:
        rgb[: layer.top], rgb[layer.top :] = layer.rgb[0], layer.rgb[-1]
    rgb[layer.top : layer.top + rows] = layer.rgb[: height - layer.top]
    alpha = np.zeros((height, width), np.uint8)
    alpha[layer.top : layer.top + rows] = 255 if layer.alpha is None else layer.alpha[: height - layer.top]
    return rgb, alpha


def _cells(field: Bytes, test) -> np.ndarray:  # type: ignore[no-untyped-def]
    """For every CELL-sized square of a field whether all of it passes a test."""
    h, w = field.shape
    passed = test(field)
    rows, columns = -(-h // CELL), -(-w // CELL)
    padded = np.ones((rows * CELL, columns * CELL), bool)
    padded[:h, :w] = passed
    return padded.reshape(rows, CELL, columns, CELL).all(axis=(1, 3))

"""What falls and floats before the lens (rain, snow, leaves, sparks), as layers that repeat in both directions."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import Colour, generator, to_bytes
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer


def fall(easel: Easel) -> list[Layer]:
    """The falling layers of a world, from far to near; their names begin with "fall-" and their kind."""
    world = easel.world
    layers: list[Layer] = []
    if world.rain > 0.05:
        layers += [_rain(easel, k) for k in range(2)]
    if world.snow > 0.05:
        layers += [_flakes(easel, k) for k in range(2)]
    for kind in ("leaves", "petals", "embers", "fireflies"):
        if kind in world.extras:
            layers.append(_motes(easel, kind))
    return layers


def _rain(easel: Easel, depth: int) -> Layer:
    size = (easel.width, easel.height)
    drawn = 1.0 if easel.style.surface == "smooth" else 1.5
    key = (easel.world.root, easel.world.place, depth)
    field = _streaks(size, easel.unit, key, round(easel.world.rain, 3), depth, drawn)
    tint = easel.light.glowing((206, 220, 236)) * (0.62 + 0.38 * (1 - easel.light.dark))
    return _tinted(f"fall-rain{depth}", field, tint, (0.5, 1.0)[depth])


def _flakes(easel: Easel, depth: int) -> Layer:
    size = (easel.width, easel.height)
    field = _dots(size, easel.unit, (easel.world.root, easel.world.place, depth), round(easel.world.snow, 3), depth)
    tint = easel.light.glowing((250, 252, 255)) * (0.6 + 0.4 * (1 - easel.light.dark))
    return _tinted(f"fall-snow{depth}", field, tint, (0.5, 1.0)[depth])


def _tinted(name: str, field: Image.Image, tint: Colour, near: float) -> Layer:
    """A veil of one colour, as dense as `field` is bright."""
    rgb = np.empty((field.size[1], field.size[0], 3), np.uint8)
    rgb[:] = to_bytes(tint)
    return Layer(name, rgb, np.asarray(field), 0, near)


@lru_cache(maxsize=4)
def _streaks(
    size: tuple[int, int], unit: float, key: tuple[object, ...], amount: float, depth: int, drawn: float
) -> Image.Image:
    """Streaks of rain that repeat downwards; kept, since both frames of a scene have the same.

    `drawn` makes them denser and broader, for styles whose surfaces would swallow a photograph's rain.
    """
    (w, h), rng = size, generator("rain", *key)
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    count = int((900, 260)[depth] * amount * w * h / 1.3e6)
    long, bright = (26 * unit, 70 * unit)[depth], (62, 84)[depth]
    for x, y, k in (rng.random((count, 3)) * (w, h, 0.4) + (0, 0, 0.6)).tolist():
        for oy in (0, -h) if y + long > h else (0,):
            ends = (x, y + oy, x - long * 0.14 * k, y + oy + long * k)
            draw.line(ends, fill=int(bright * k * drawn), width=max(1, round((1, 1.6)[depth] * unit * drawn)))
    return image.filter(ImageFilter.BoxBlur((0.4, 0.8)[depth]))


@lru_cache(maxsize=4)
def _dots(size: tuple[int, int], unit: float, key: tuple[object, ...], amount: float, depth: int) -> Image.Image:
    """Flakes of snow that repeat downwards; kept, since both frames of a scene have the same."""
    (w, h), rng = size, generator("snow", *key)
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    count = int((800, 150)[depth] * amount * w * h / 1.3e6)
    low, spread = ((1.1, 1.6), (2.6, 4.4))[depth]
    for x, y, r, bright in rng.random((count, 4)).tolist():
        cx, cy, radius = x * w, y * h, (low + spread * r) * unit
        tone = int((150, 120)[depth] + 80 * bright)
        for oy in (0, h if cy < radius else -h) if cy < radius or cy > h - radius else (0,):
            draw.ellipse((cx - radius, cy + oy - radius, cx + radius, cy + oy + radius), fill=tone)
    return image.filter(ImageFilter.BoxBlur((0.5, 1.8)[depth] * unit))


def _motes(easel: Easel, kind: str) -> Layer:
    w, h, u = easel.width, easel.height, easel.unit
    rng = easel.rng(kind)
    canvas = Canvas(w, h, fine=1)
    hues = {
        "leaves": ((206, 98, 36), (226, 150, 50), (170, 66, 36)),
        "petals": ((250, 190, 208), (255, 226, 232), (242, 160, 186)),
        "embers": ((255, 140, 40), (255, 190, 80), (255, 96, 30)),
        "fireflies": ((220, 255, 130), (255, 244, 150), (190, 255, 170)),
    }[kind]
    glow = kind in {"embers", "fireflies"}
    for _ in range(int((70, 46)[glow] * w * h / 1.3e6) + 8):
        x, y = (
            rng.random() * w,
            rng.random() * (h if kind != "fireflies" else h * 0.7) + (0 if kind != "fireflies" else h * 0.3),
        )
        c = hues[int(rng.integers(3))]
        r = (2.0 + 3.2 * rng.random()) * u
        if glow:
            canvas.disc(x, y, r * 0.8, r * 0.8, easel.light.glowing(c))
        else:
            a = rng.random() * 3.1
            dx, dy = np.cos(a) * r * 1.9, np.sin(a) * r * 1.9
            canvas.polygon(
                [(x - dx, y - dy), (x + dy * 0.5, y - dx * 0.5), (x + dx, y + dy), (x - dy * 0.5, y + dx * 0.5)],
                easel.light.lit(c, 0.05, 1.0),
            )
    if glow:
        sharp = canvas.colours
        halo = sharp.filter(ImageFilter.GaussianBlur(4 * u))
        rgb = np.minimum(np.asarray(sharp).astype(np.uint16) + np.asarray(halo).astype(np.uint16) * 4, 255).astype(
            np.uint8
        )
        return Layer(f"fall-{kind}", rgb, None, 0, 0.85, add=True, flicker=0.4)
    rgb, alpha = canvas.finish()
    return Layer(f"fall-{kind}", rgb, alpha, 0, 0.85)

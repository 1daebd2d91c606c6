"""What falls and floats before the lens: rain, snow, leaves, petals, sparks; as layers that repeat sideways and down."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import to_bytes
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
    w, h, u = easel.width, easel.height, easel.unit
    rng = easel.rng("rain", depth)
    image = Image.new("L", (w, h))
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    count = int((900, 260)[depth] * easel.world.rain * w * h / 1.3e6)
    long, bright = (26 * u, 70 * u)[depth], (62, 84)[depth]
    for _ in range(count):
        x, y, k = rng.random() * w, rng.random() * h, 0.6 + 0.4 * rng.random()
        for oy in (0, -h):
            draw.line(
                (x, y + oy, x - long * 0.14 * k, y + oy + long * k),
                fill=int(bright * k),
                width=max(1, round((1, 1.6)[depth] * u)),
            )
    field = np.asarray(image.filter(ImageFilter.BoxBlur((0.4, 0.8)[depth])), np.float32) / 255
    tint = easel.light.glowing((206, 220, 236)) * (0.55 + 0.45 * (1 - easel.light.dark))
    return Layer(f"fall-rain{depth}", to_bytes(field[..., None] * tint), None, 0, (0.5, 1.0)[depth], add=True)


def _flakes(easel: Easel, depth: int) -> Layer:
    w, h, u = easel.width, easel.height, easel.unit
    rng = easel.rng("snow", depth)
    canvas = Canvas(w, h, fine=1)
    count = int((800, 150)[depth] * easel.world.snow * w * h / 1.3e6)
    for _ in range(count):
        x, y, r = rng.random() * w, rng.random() * h, (1.1 + 1.6 * rng.random(), 2.6 + 4.4 * rng.random())[depth] * u
        tone = (150, 120)[depth] + 80 * rng.random()
        for oy in (0, h if y < r else -h):
            canvas.disc(x, y + oy, r, r, (tone, tone, tone))
    soft = canvas.colours.convert("L").filter(ImageFilter.GaussianBlur((0.7, 2.2)[depth] * u))
    field = np.asarray(soft, np.float32) / 255
    tint = easel.light.glowing((250, 252, 255)) * (0.45 + 0.55 * (1 - easel.light.dark))
    return Layer(f"fall-snow{depth}", to_bytes(field[..., None] * tint), None, 0, (0.5, 1.0)[depth], add=True)


def _motes(easel: Easel, kind: str) -> Layer:
    w, h, u = easel.width, easel.height, easel.unit
    rng = easel.rng(kind)
    canvas = Canvas(w, h, fine=1)
    hues = {
        "leaves": ((206, 98, 36), (226, 150, 50), (170, 66, 36)), "petals": ((250, 190, 208), (255, 226, 232), (242, 160, 186)),
        "embers": ((255, 140, 40), (255, 190, 80), (255, 96, 30)), "fireflies": ((220, 255, 130), (255, 244, 150), (190, 255, 170)),
    }[kind]  # fmt: skip
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

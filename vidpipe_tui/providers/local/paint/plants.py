"""Trees and other growth, drawn as silhouettes or with leaves in light and shade."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import Colour, Floats, mix
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer
from vidpipe_tui.providers.local.paint.terrain import SNOW, Grower, Rgb, snowy


def leaf_colour(easel: Easel) -> Rgb:
    """The colour of leaves in the world's season."""
    if "leaves" in easel.world.extras:
        return (196, 104, 40)
    if "petals" in easel.world.extras:
        return (240, 168, 190)
    return snowy(easel, (62, 112, 62), 0.6)


def pine(
    canvas: Canvas, x: float, foot: float, tall: float, c: Colour, rng: np.random.Generator, white: Colour | None = None
) -> None:
    """One conifer; `white` lays snow on its boughs."""
    wide = tall * (0.17 + 0.07 * rng.random())
    canvas.box(x - tall * 0.016, foot - tall * 0.2, x + tall * 0.016, foot, c * 0.7)
    tiers = 6
    for k in range(tiers):
        t = k / tiers
        y0, y1 = foot - tall + tall * 0.86 * t * 0.96, foot - tall + tall * 0.86 * (t + 1.75 / tiers)
        half = wide * (0.22 + 0.78 * (t + 1 / tiers)) * (0.88 + 0.24 * rng.random())
        droop = (y1 - y0) * 0.16
        canvas.polygon(
            [
                (x, y0),
                (x + half * 0.45, y1 - droop * 2),
                (x + half, y1),
                (x + half * 0.3, y1 - droop),
                (x - half * 0.3, y1 - droop),
                (x - half, y1),
                (x - half * 0.45, y1 - droop * 2),
            ],
            c * (0.9 + 0.1 * (k % 2)),
        )
        if white is not None:
            canvas.polygon(
                [
                    (x, y0),
                    (x + half * 0.42, y1 - droop * 2.4),
                    (x - half * 0.1, y0 + (y1 - y0) * 0.5),
                    (x - half * 0.6, y1 - droop * 1.2),
                ],
                white,
            )


def pines(easel: Easel, name: str, count: int, tall: float) -> Grower:
    """Conifers of about `tall` pixels along a ridge."""

    def grow(canvas: Canvas, line: Floats) -> None:
        rng = easel.rng("pines", name)
        for _ in range(count):
            x = rng.random() * easel.width
            pine(
                canvas,
                x,
                float(line[int(x)]) + tall * 0.06,
                tall * (0.5 + 0.5 * rng.random()),
                np.zeros(3, np.float32),
                rng,
            )

    return grow


def round_trees(easel: Easel, name: str, count: int, tall: float) -> Grower:
    """Broad-leaved trees of about `tall` pixels along a ridge."""

    def grow(canvas: Canvas, line: Floats) -> None:
        rng = easel.rng("round", name)
        black = np.zeros(3, np.float32)
        for _ in range(count):
            x, t = rng.random() * easel.width, tall * (0.5 + 0.5 * rng.random())
            y = float(line[int(x)])
            canvas.box(x - t * 0.03, y - t * 0.4, x + t * 0.03, y + t * 0.1, black)
            for _ in range(6):
                canvas.disc(x + rng.normal() * t * 0.16, y - t * (0.45 + 0.4 * rng.random()), t * 0.2, t * 0.17, black)

    return grow


def tree(
    canvas: Canvas,
    easel: Easel,
    x: float,
    foot: float,
    tall: float,
    rng: np.random.Generator,
    *,
    leaves: Rgb | None,
    distance: float = 0.0,
) -> None:
    """A broad-leaved tree in light and shade; `leaves` None makes it bare."""
    light = easel.light
    bark = light.lit((70, 54, 44), distance, 0.75)
    lean = (rng.random() - 0.5) * tall * 0.12
    canvas.limb(
        [(x, foot), (x + lean * 0.4, foot - tall * 0.3), (x + lean, foot - tall * 0.6)],
        [tall * 0.085, tall * 0.055, tall * 0.035],
        bark,
    )
    ends = []
    for k in range(9):
        a = -0.25 + 0.32 * (k - 4) + rng.normal() * 0.1
        y0, reach = foot - tall * (0.34 + 0.03 * k), tall * (0.26 + 0.14 * rng.random())
        x0 = x + lean * 0.7
        end = (x0 + np.sin(a) * reach, y0 - np.cos(a) * reach * 0.8)
        canvas.limb(
            [(x0, y0), ((x0 + end[0]) / 2, (y0 + end[1]) / 2 - tall * 0.03), end],
            [tall * 0.03, tall * 0.018, tall * 0.008],
            bark,
        )
        ends.append(end)
    if leaves is None:
        return
    side = -1 if light.sun_x * easel.width < x else 1
    dark, mid, high = (light.lit(leaves, distance, s) for s in (0.5, 0.8, 1.12))
    high = mix(high, light.sun, 0.3 * light.sunny)
    crowns = [
        (ex + rng.normal() * tall * 0.05, ey + rng.normal() * tall * 0.04, tall * (0.10 + 0.06 * rng.random()))
        for ex, ey in ends
        for _ in range(3)
    ]
    for shade, dx, dy, size in ((dark, 0.0, 0.03, 1.05), (mid, 0.02, -0.01, 0.86), (high, 0.05, -0.05, 0.5)):
        for cx, cy, r in crowns:
            for _ in range(3):
                jx, jy = rng.normal() * r * 0.4, rng.normal() * r * 0.35
                canvas.disc(
                    cx + jx + side * dx * tall,
                    cy + jy + dy * tall,
                    r * size * (0.6 + 0.4 * rng.random()),
                    r * size * 0.8 * (0.6 + 0.4 * rng.random()),
                    shade,
                )


def palm(
    canvas: Canvas, easel: Easel, x: float, foot: float, tall: float, rng: np.random.Generator, distance: float = 0.0
) -> None:
    """A palm tree."""
    bark, leaf = easel.light.lit((110, 84, 60), distance, 0.7), easel.light.lit((48, 110, 62), distance, 0.75)
    lean = (rng.random() - 0.5) * tall * 0.5
    top = (x + lean, foot - tall)
    canvas.limb([(x, foot), (x + lean * 0.35, foot - tall * 0.5), top], [tall * 0.06, tall * 0.04, tall * 0.03], bark)
    for k in range(9):
        a = -1.5 + k * 0.375 + rng.normal() * 0.08
        reach = tall * (0.36 + 0.08 * rng.random())
        tip = (top[0] + np.sin(a) * reach, top[1] - np.cos(a) * reach * 0.6 + reach * 0.35)
        mid = (top[0] + np.sin(a) * reach * 0.55, top[1] - np.cos(a) * reach * 0.55 - reach * 0.08)
        canvas.limb([top, mid, tip], [tall * 0.015, tall * 0.075, tall * 0.008], leaf * (0.8 + 0.3 * rng.random()))


def trunks(
    easel: Easel,
    name: str,
    count: int,
    *,
    near: float,
    distance: float,
    thick: float,
    foot: float,
    material: Rgb = (74, 60, 50),
) -> Layer:
    """A stand of tall trunks that leaves the picture above, with low boughs."""
    rng = easel.rng("trunks", name)
    tone = easel.light.lit(snowy(easel, material, 0.2), distance, 0.8)
    canvas = Canvas(easel.width, easel.height, ground=tone)
    side = 1 if easel.light.sun_x < 0.5 else -1
    high = mix(tone, easel.light.sun, 0.32 * easel.light.sunny * (1 - 0.4 * easel.light.dark))
    for k in range(count):
        x = (k + 0.15 + 0.7 * rng.random()) / count * easel.width
        if near > 0.9:
            x = easel.width * (0.02 + 0.05 * k, 0.98 - 0.05 * k)[k % 2] + rng.normal() * thick * 0.3
        w = thick * (0.55 + 0.6 * rng.random())
        y = foot + rng.normal() * thick * 0.5
        bend = rng.normal() * w * 0.4
        canvas.polygon(
            [
                (x - w * 0.36 + bend, -4),
                (x + w * 0.36 + bend, -4),
                (x + w * 0.45, y - w * 0.7),
                (x + w * 0.95, y + w * 0.2),
                (x - w * 0.95, y + w * 0.2),
                (x - w * 0.45, y - w * 0.7),
            ],
            tone * (0.9 + 0.2 * rng.random()),
        )
        lit = -side * w * 0.34
        canvas.limb([(x + lit + bend, -4), (x + lit * 1.1, y - w)], [w * 0.16, w * 0.2], high)
        for _ in range(0 if near > 0.9 else 2):
            by, reach = rng.random() * foot * 0.55, (1.5 + 2 * rng.random()) * w * (1 if rng.random() < 0.5 else -1)
            canvas.limb(
                [(x + bend * 0.5, by), (x + reach * 0.5, by - w * 0.5), (x + reach, by - w * 0.2)],
                [w * 0.2, w * 0.13, w * 0.04],
                tone,
            )
    rgb, alpha = canvas.finish()
    return Layer(name, rgb, alpha, 0, near)


def canopy(easel: Easel, name: str, depth: float, *, near: float, distance: float, shade: float = 0.6) -> Layer:
    """Foliage hanging into the picture from above, `depth` pixels deep."""
    rng = easel.rng("canopy", name)
    rows = int(depth * 1.6)
    tones = [easel.light.lit(leaf_colour(easel), distance, shade * k) for k in (0.7, 1.0, 1.35)]
    canvas = Canvas(easel.width, rows, ground=tones[0])
    for tone, reach in zip(tones, (1.0, 0.8, 0.6), strict=True):
        for _ in range(int(150 * easel.width / (easel.unit * 1150))):
            x = rng.random() * easel.width
            edge = abs(x / easel.width - 0.5) * 2
            y = (rng.random() ** 1.5) * depth * reach * (0.35 + 0.75 * edge**1.5)
            r = easel.unit * (14 + 22 * rng.random())
            canvas.disc(x, y, r * 1.3, r, tone * (0.9 + 0.2 * rng.random()))
    rgb, alpha = canvas.finish()
    return Layer(name, rgb, alpha, 0, near)


def forest_edge(
    easel: Easel, name: str, line: Floats, count: int, tall: float, *, near: float, distance: float
) -> Layer:
    """A row of conifers with snow on them where it lies, standing on a line."""
    rng = easel.rng("edge", name)
    top = max(0, int(line.min() - tall * 1.05))
    tone = easel.light.lit((40, 78, 62), distance, 0.75)
    white = easel.light.lit(SNOW, distance) if easel.world.white > 0.4 else None
    canvas = Canvas(easel.width, int(line.max() + tall * 0.1) - top, top=top, ground=tone)
    spots = sorted((rng.random() * easel.width, rng.random()) for _ in range(count))
    for x, t in sorted(spots, key=lambda s: s[1]):
        y = float(line[min(int(x), easel.width - 1)]) + tall * 0.06 * t
        pine(canvas, x, y, tall * (0.55 + 0.45 * rng.random()), tone * (0.85 + 0.25 * t), rng, white)
    rgb, alpha = canvas.finish()
    return Layer(name, rgb, alpha, top, near)

"""What towns are made of: tower blocks, houses, bridges, and their lights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.paint.arrays import (
    Colour,
    mix,
    to_bytes,
)
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer
from vidpipe_tui.providers.local.paint.terrain import Rgb, snowy

WINDOW: Rgb = (255, 208, 128)


NEON: tuple[Rgb, ...] = ((255, 60, 150), (60, 220, 255), (255, 190, 60), (150, 90, 255), (90, 255, 170), (255, 84, 70))


def lamps_on(easel: Easel) -> float:
    """How much artificial light is on: 0 by day, 1 at night, some under heavy clouds."""
    return float(
        min(1.0, max(easel.light.dark * 1.25, 0.5 * (easel.world.rain > 0.3), 0.35 * (easel.light.sunny < 0.3)))
    )


def blocks(
    easel: Easel,
    name: str,
    foot: float,
    *,
    near: float,
    distance: float,
    tall: tuple[float, float],
    wide: tuple[float, float],
    gap: float = 0.0,
) -> Layer:
    """A row of tower blocks with windows; `tall` and `wide` are ranges in stage pixels."""
    rng = easel.rng("blocks", name)
    light, u = easel.light, easel.unit
    top = max(0, int(foot - tall[1] * 1.25))
    canvas = Canvas(easel.width, int(foot + 4) - top, top=top, ground=light.lit((90, 94, 108), distance), fine=1)
    on = lamps_on(easel)
    side = 1 if light.sun_x < 0.5 else -1
    x = -rng.random() * wide[0]
    while x < easel.width:
        w = rng.uniform(*wide)
        h = tall[0] + (tall[1] - tall[0]) * rng.random() ** 1.7
        tone = light.lit(
            ((92, 96, 112), (112, 104, 106), (80, 88, 104), (124, 112, 100))[int(rng.integers(4))],
            distance,
            0.75 + 0.35 * rng.random(),
        )
        crown = rng.random()
        tower = _Tower(x, foot, w, h, tone)
        _block(canvas, tower, light.sun, side, crown, u)
        _windows(canvas, rng, tower, easel, distance, on)
        x += w * (1 + gap * rng.random())
    rgb, alpha = canvas.finish()
    body = rgb.astype(np.float32)
    fade = np.linspace(0, 1, body.shape[0], dtype=np.float32)[:, None, None] ** 2.2 * (0.25 + 0.5 * light.thick)
    return Layer(name, to_bytes(body + (light.fog - body) * fade * (0.35 + 0.65 * distance)), alpha, top, near)


class _Tower(NamedTuple):
    """A tower block: its left edge, foot, width and height in stage pixels, and its colour."""

    x: float
    foot: float
    w: float
    h: float
    tone: Colour


def _block(canvas: Canvas, tower: _Tower, sun: Colour, side: int, crown: float, u: float) -> None:
    x, foot, w, h, tone = tower
    y = foot - h
    canvas.box(x, y, x + w, foot, tone)
    edge = x if side > 0 else x + w * 0.86
    canvas.box(edge, y, edge + w * 0.14, foot, mix(tone, sun, 0.16))
    if crown > 0.72:
        canvas.box(x + w * 0.2, y - h * 0.07, x + w * 0.8, y, tone * 0.96)
    if crown > 0.86:
        canvas.box(x + w * 0.48, y - h * 0.22, x + w * 0.52, y - h * 0.05, tone * 0.9)
    elif crown < 0.14:
        canvas.polygon([(x, y + 1), (x + w, y + 1), (x + w * 0.5, y - h * 0.14)], tone * 0.93)
    elif crown < 0.4:
        canvas.box(x + w * 0.6, y - 8 * u, x + w * 0.82, y, tone * 0.88)


def _windows(canvas: Canvas, rng: np.random.Generator, tower: _Tower, easel: Easel, distance: float, on: float) -> None:
    x, foot, w, h, tone = tower
    cell = max(5.0, (13 - 6 * distance) * easel.unit)
    columns, rows = int((w - cell * 0.8) / cell), int((h - cell) / (cell * 1.25))
    if columns < 1 or rows < 1:
        return
    chance = rng.random((rows, columns))
    glow = mix(easel.light.glowing(WINDOW), easel.light.fog, 0.55 * distance)
    glass = mix(tone, easel.light.middle, 0.3) * 0.92
    pad = (w - columns * cell) / 2
    for r in range(rows):
        y = foot - h + cell * 0.7 + r * cell * 1.25
        for c in range(columns):
            lit = chance[r, c] < 0.5 * on
            if not lit and distance > 0.75:
                continue
            x0 = x + pad + c * cell + cell * 0.2
            canvas.box(x0, y, x0 + cell * 0.55, y + cell * 0.7, glow * (0.75 + 0.5 * chance[r, c]) if lit else glass)


def halos(
    easel: Easel, name: str, spots: list[tuple[float, float, float]], rgb: Rgb, near: float, strength: float
) -> Layer:
    """Round glows (x, y, radius in stage pixels), as added light."""
    w, h = easel.width // 4, easel.height // 4
    field = np.zeros((h, w), np.float32)
    y, x = np.ogrid[:h, :w]
    for cx, cy, r in spots:
        far = np.hypot(x - cx / 4, (y - cy / 4)) / (r / 4 + 0.5)
        field += (np.exp(-far * 1.7) * 0.7 + np.exp(-far * 6) * 0.6).astype(np.float32)
    c = easel.light.glowing(rgb) * strength * easel.light.style.glow
    image = Image.fromarray(to_bytes(np.clip(field, 0, 1.2)[..., None] * c * 0.7))
    return Layer(
        name,
        np.asarray(image.resize((easel.width, easel.height), Image.Resampling.BILINEAR)),
        None,
        0,
        near,
        add=True,
        flicker=0.2,
    )


def house(
    canvas: Canvas, easel: Easel, x: float, foot: float, tall: float, rng: np.random.Generator, distance: float = 0.2
) -> list[tuple[float, float, float]]:
    """A gabled house with lit windows; returns the glows of its windows."""
    light, on = easel.light, max(lamps_on(easel), 0.25 * (easel.world.hour > 17))
    wall = light.lit(
        ((206, 186, 160), (188, 150, 128), (226, 214, 196), (160, 140, 126))[int(rng.integers(4))], distance, 0.85
    )
    roof = light.lit(
        snowy(easel, ((150, 66, 50), (92, 74, 70), (122, 84, 60))[int(rng.integers(3))], 0.95), distance, 0.9
    )
    w = tall * (0.85 + 0.5 * rng.random())
    eaves = foot - tall * 0.52
    canvas.box(x - w / 2, eaves, x + w / 2, foot, wall)
    dark = x + w * (0.1 if light.sun_x * easel.width < x else -0.5)
    canvas.box(dark, eaves, dark + w * 0.4, foot, wall * 0.84)
    canvas.polygon(
        [
            (x - w * 0.6, eaves + tall * 0.03),
            (x + w * 0.6, eaves + tall * 0.03),
            (x + w * 0.36, foot - tall),
            (x - w * 0.36, foot - tall),
        ],
        roof,
    )
    canvas.box(x + w * 0.18, foot - tall * 1.12, x + w * 0.28, foot - tall * 0.9, wall * 0.7)
    spots = []
    for k in (-0.3, 0.02, 0.3):
        lit = rng.random() < 0.75
        c = mix(wall * 0.45, light.glowing(WINDOW), on if lit else 0.0)
        canvas.box(x + (k - 0.07) * w, eaves + tall * 0.12, x + (k + 0.07) * w, eaves + tall * 0.3, c)
        if lit and on > 0.15:
            spots.append((x + k * w, eaves + tall * 0.21, tall * 0.22))
    canvas.box(x - w * 0.2, foot - tall * 0.26, x - w * 0.08, foot, wall * 0.4)
    return spots


def houses(
    easel: Easel, name: str, line: np.ndarray, count: int, tall: float, *, near: float, distance: float
) -> list[Layer]:
    """A row of houses on a line, and the light of their windows."""
    rng = easel.rng("houses", name)
    top = max(0, int(line.min() - tall * 1.3))
    canvas = Canvas(easel.width, int(line.max() + tall * 0.2) - top, top=top)
    spots: list[tuple[float, float, float]] = []
    for k in sorted(range(count), key=lambda _: rng.random()):
        x = (k + 0.2 + 0.6 * rng.random()) / count * easel.width
        foot = float(line[min(int(x), easel.width - 1)]) + tall * 0.1
        spots += house(canvas, easel, x, foot, tall * (0.75 + 0.4 * rng.random()), rng, distance)
    rgb, alpha = canvas.finish()
    layers = [Layer(name, rgb, alpha, top, near)]
    if spots:
        layers.append(halos(easel, f"{name}-light", spots, (255, 176, 90), near, 0.7 * max(lamps_on(easel), 0.25)))
    return layers


def arches(
    easel: Easel,
    name: str,
    deck: float,
    foot: float,
    spans: int,
    *,
    near: float,
    distance: float,
    material: Rgb = (120, 108, 100),
) -> Layer:
    """A stone bridge across the picture: a deck on arches."""
    tone = easel.light.lit(snowy(easel, material, 0.3), distance, 0.85)
    u, w = easel.unit, easel.width
    canvas = Canvas(w, int(foot - deck + 40 * u), top=deck - 34 * u, ground=tone)
    canvas.box(0, deck, w, foot, tone)
    span = w / spans
    for k in range(spans + 1):
        cx = (k + 0.5) * span
        canvas.polygon(
            [
                (cx - span * 0.38 + span * 0.76 * t, foot + 9 - (foot - deck - 26 * u) * (1 - (2 * t - 1) ** 2) ** 0.5)
                for t in np.linspace(0, 1, 24)
            ],
            tone,
            0,
        )
    canvas.box(0, deck - 18 * u, w, deck + 3 * u, tone * 1.12)
    for k in range(int(w / (30 * u))):
        canvas.box(k * 30 * u, deck - 30 * u, k * 30 * u + 7 * u, deck - 16 * u, tone * 1.06)
    canvas.box(0, deck - 33 * u, w, deck - 29 * u, mix(tone * 1.15, easel.light.sun, 0.3 * easel.light.sunny))
    rgb, alpha = canvas.finish()
    return Layer(name, rgb, alpha, int(deck - 34 * u), near)

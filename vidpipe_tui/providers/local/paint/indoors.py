"""Rooms: a wall with its window, a floor that catches the light, furniture and shelves."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import (
    Colour,
    colour,
    mix,
    noise,
    to_bytes,
)
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer, Mirror, Stage
from vidpipe_tui.providers.local.paint.terrain import Rgb, floor, land, line_of
from vidpipe_tui.providers.local.paint.town import halos, lamps_on

Spots = list[tuple[float, float, float]]


def _inside(easel: Easel, material: Rgb, shade: float = 1.0) -> Colour:
    """A material under the mix of lamp light and what falls in from outside."""
    lamp = colour((255, 196, 128)) * 0.66
    ambient = mix(easel.light.ambient * 0.62, lamp, 0.25 + 0.5 * lamps_on(easel))
    return easel.style.grade(colour(material) * ambient / 255 * shade)


def wall(easel: Easel, material: Rgb, windows: list[tuple[float, float, float, float]]) -> Layer:
    """The back wall down to the floor line, with see-through windows (left, top, right, bottom as parts)."""
    w, h = easel.width, int(easel.horizon) + 2
    base = _inside(easel, material)
    rgb = np.ones((h, w, 1), np.float32) * base
    field = noise(easel.rng("wall"), (w // 2, max(2, h // 2)), 8, 3) - 0.5
    rgb += (
        np.kron(field, np.ones((2, 2), np.float32))[:h, :w, None][:h] * 16
        if field.shape[0] * 2 >= h and field.shape[1] * 2 >= w
        else 0
    )
    x = np.arange(w, dtype=np.float32) / w
    mid = np.mean([(a + c) / 2 for a, _, c, _ in windows]) if windows else 0.5
    rgb *= (0.5 + 0.62 * np.exp(-(((x - mid) / 0.42) ** 2)))[None, :, None]
    rgb *= (0.74 + 0.26 * np.linspace(0, 1, h, dtype=np.float32))[:, None, None]
    alpha = np.full((h, w), 255, np.uint8)
    canvas = Canvas(w, h, fine=1)
    frame = _inside(easel, (232, 222, 204), 0.95)
    for a, b, c, d in windows:
        x0, y0, x1, y1 = (int(v) for v in (a * w, b * h, c * w, d * h))
        pad = int(7 * easel.unit)
        rgb[y0 - pad : y1 + pad, x0 - pad : x1 + pad] = frame
        rgb[y1 + pad : y1 + 2 * pad, x0 - 2 * pad : x1 + 2 * pad] = frame * 1.1
        alpha[y0:y1, x0:x1] = 0
        bar = max(2, int(4 * easel.unit))
        for k in (1, 2):
            xm = x0 + (x1 - x0) * k // 3
            alpha[y0:y1, xm : xm + bar] = 255
            rgb[y0:y1, xm : xm + bar] = frame * 0.9
        ym = y0 + (y1 - y0) // 2
        alpha[ym : ym + bar, x0:x1] = 255
        rgb[ym : ym + bar, x0:x1] = frame * 0.9
    del canvas
    skirt = int(16 * easel.unit)
    rgb[h - skirt :] = frame * 0.7
    return Layer("wall", to_bytes(rgb), alpha, 0, 0.35)


def outside(easel: Easel) -> list[Layer]:
    """A blurred hint of trees and roofs beyond the windows."""
    line = line_of(easel, "outside", easel.horizon * 0.72, 60 * easel.unit, 9, 0.7)
    return [land(easel, "outside", line, (70, 92, 78), near=0.12, distance=0.7, bottom=int(easel.horizon) + 4)]


def light_on_floor(easel: Easel, windows: list[tuple[float, float, float, float]]) -> Layer:
    """Window light: slanting patches on the floor and shafts through the air, as added light."""
    w, h = easel.width // 2, easel.height // 2
    hz = easel.horizon / 2
    canvas = Canvas(w, h, fine=1)
    lean = (0.5 - easel.light.sun_x) * w * 0.9
    beam = Canvas(w, h, fine=1)
    for a, b, c, _ in windows:
        y0, y1 = hz + (h - hz) * 0.12, hz + (h - hz) * 0.72
        canvas.polygon(
            [(a * w + lean * 0.35, y0), (c * w + lean * 0.35, y0), (c * w + lean * 1.1, y1), (a * w + lean * 1.1, y1)],
            (255, 255, 255),
        )
        beam.polygon(
            [(a * w, b * hz), (c * w, b * hz), (c * w + lean * 1.1, y1), (a * w + lean * 1.1, y1)], (255, 255, 255)
        )

    soft = canvas.cover.filter(ImageFilter.GaussianBlur(4 * easel.unit))
    air = beam.cover.reduce(2).filter(ImageFilter.GaussianBlur(9 * easel.unit)).resize((w, h))
    field = np.asarray(soft, np.float32) / 255 * 0.34 + np.asarray(air, np.float32) / 255 * 0.17
    strength = (0.25 + 0.75 * easel.light.sunny) * (0.4 if easel.light.dark > 0.5 else 1.0)
    rgb = to_bytes(field[..., None] * easel.light.sun * strength)
    big = Image.fromarray(rgb).resize((easel.width, easel.height), Image.Resampling.BILINEAR)
    return Layer("window-light", np.asarray(big), None, 0, 0.5, add=True, flicker=0.05)


def furniture(easel: Easel, kind: str) -> list[Layer]:
    """What stands in a room of that kind, against the wall and nearer, with its lamps."""
    rng = easel.rng("furniture")
    w, u, line = easel.width, easel.unit, easel.horizon
    canvas = Canvas(w, easel.height, ground=(30, 24, 22))
    spots: Spots = []
    if kind == "library":
        for x in np.arange(-0.02, 1.0, 0.17):
            if abs(x + 0.08 - 0.5) > 0.13:
                _shelf(canvas, easel, x * w, line * 0.03, 0.16 * w, line * 0.99, rng)
    elif kind in {"kitchen", "cafe"}:
        _counter(canvas, easel, rng, spots)
    else:
        _shelf(canvas, easel, w * 0.06, line * 0.34, 0.13 * w, line * 0.99, rng)
        _picture(canvas, easel, w * 0.83, line * 0.34, 90 * u)
        _armchair(canvas, easel, w * 0.8, line + 70 * u, 190 * u)
    x, y = (w * 0.24, line + 30 * u) if kind != "library" else (w * 0.64, line + 26 * u)
    _floor_lamp(canvas, easel, x, y, 330 * u)
    spots.append((x, y - 300 * u, 230 * u))
    rgb, alpha = canvas.finish()
    layers = [Layer("furniture", rgb, alpha, 0, 0.45)]
    strength = 0.3 + 0.6 * lamps_on(easel)
    layers.append(halos(easel, "lamplight", spots, (255, 178, 96), 0.45, strength))
    return layers


def _shelf(c: Canvas, e: Easel, x: float, y: float, w: float, foot: float, rng: np.random.Generator) -> None:
    wood = _inside(e, (112, 74, 48))
    c.box(x, y, x + w, foot, wood * 0.5)
    rows = max(3, round((foot - y) / (78 * e.unit)))
    step = (foot - y) / rows
    for r in range(rows):
        bx, base = x + w * 0.05, y + (r + 0.93) * step
        while bx < x + w * 0.93:
            bw, bh = (5 + 9 * rng.random()) * e.unit, step * (0.5 + 0.34 * rng.random())
            tone = ((150, 58, 48), (62, 88, 120), (176, 140, 80), (70, 108, 78), (120, 84, 110), (200, 188, 160))[
                int(rng.integers(6))
            ]
            if rng.random() < 0.9:
                c.box(bx, base - bh, min(bx + bw, x + w * 0.95), base, _inside(e, tone, 0.65 + 0.35 * rng.random()))
            bx += bw + e.unit
        c.box(x, base, x + w, base + step * 0.07, wood)
    for side in (x, x + w * 0.96):
        c.box(side, y, side + w * 0.04, foot, wood * 1.1)
    c.box(x - w * 0.02, y, x + w * 1.02, y + 8 * e.unit, wood * 1.15)


def _counter(c: Canvas, e: Easel, rng: np.random.Generator, spots: Spots) -> None:
    w, u, line = e.width, e.unit, e.horizon
    wood, top = _inside(e, (126, 82, 52)), _inside(e, (214, 200, 178))
    for y in (line * 0.3, line * 0.46):
        c.box(w * 0.04, y, w * 0.27, y + 7 * u, wood)
        for k in range(9):
            x, tall = w * (0.05 + 0.024 * k), (22 + 22 * rng.random()) * u
            tone = ((196, 120, 70), (230, 220, 200), (96, 140, 130), (170, 70, 56))[int(rng.integers(4))]
            c.blob(
                [
                    (x, y),
                    (x - 3 * u, y - tall * 0.4),
                    (x + 3 * u, y - tall),
                    (x + 13 * u, y - tall),
                    (x + 18 * u, y - tall * 0.4),
                    (x + 15 * u, y),
                ],
                _inside(e, tone),
            )
    c.box(w * -0.01, line * 0.74, w * 0.36, line + 46 * u, wood * 0.8)
    for k in range(5):
        c.box(w * (0.01 + 0.07 * k), line * 0.79, w * (0.065 + 0.07 * k), line + 34 * u, wood * 0.95)
    c.box(w * -0.01, line * 0.72, w * 0.37, line * 0.75, top)
    for x in (0.36, 0.5, 0.64, 0.78):
        y = line * 0.24
        c.line([(w * x, 0), (w * x, y)], 2.5 * u, wood * 0.4)
        c.polygon(
            [
                (w * x - 24 * u, y + 22 * u),
                (w * x + 24 * u, y + 22 * u),
                (w * x + 9 * u, y - 6 * u),
                (w * x - 9 * u, y - 6 * u),
            ],
            wood * 0.6,
        )
        c.disc(w * x, y + 23 * u, 15 * u, 7 * u, e.light.glowing((255, 226, 160)))
        spots.append((w * x, y + 26 * u, 110 * u))
    for x in (0.66, 0.88):
        y = line + 96 * u
        c.disc(w * x, y, 74 * u, 13 * u, wood * 1.25)
        c.box(w * x - 5 * u, y, w * x + 5 * u, y + 92 * u, wood * 0.6)
        c.disc(w * x, y + 94 * u, 34 * u, 7 * u, wood * 0.55)
        c.blob(
            [
                (w * x - 9 * u, y - 4 * u),
                (w * x - 11 * u, y - 18 * u),
                (w * x + 9 * u, y - 18 * u),
                (w * x + 7 * u, y - 4 * u),
            ],
            top,
        )


def _picture(c: Canvas, e: Easel, x: float, y: float, s: float) -> None:
    c.box(x - s * 0.7, y - s * 0.5, x + s * 0.7, y + s * 0.5, _inside(e, (166, 124, 62)))
    c.box(x - s * 0.6, y - s * 0.4, x + s * 0.6, y + s * 0.4, _inside(e, (150, 178, 190)))
    c.polygon(
        [
            (x - s * 0.6, y + s * 0.4),
            (x - s * 0.6, y + s * 0.1),
            (x - s * 0.1, y - s * 0.15),
            (x + s * 0.3, y + s * 0.12),
            (x + s * 0.6, y),
            (x + s * 0.6, y + s * 0.4),
        ],
        _inside(e, (88, 120, 84)),
    )


def _armchair(c: Canvas, e: Easel, x: float, y: float, s: float) -> None:
    cloth = _inside(e, (136, 62, 54))
    c.blob(
        [
            (x - s * 0.4, y - s * 0.1),
            (x - s * 0.38, y - s * 0.8),
            (x, y - s * 0.98),
            (x + s * 0.38, y - s * 0.8),
            (x + s * 0.4, y - s * 0.1),
        ],
        cloth * 0.82,
    )
    c.blob([(x - s * 0.56, y), (x - s * 0.58, y - s * 0.5), (x - s * 0.36, y - s * 0.55), (x - s * 0.34, y)], cloth)
    c.blob(
        [(x + s * 0.56, y), (x + s * 0.58, y - s * 0.5), (x + s * 0.36, y - s * 0.55), (x + s * 0.34, y)], cloth * 0.85
    )
    c.blob(
        [(x - s * 0.36, y), (x - s * 0.38, y - s * 0.32), (x + s * 0.38, y - s * 0.32), (x + s * 0.36, y)], cloth * 1.12
    )


def _floor_lamp(c: Canvas, e: Easel, x: float, y: float, s: float) -> None:
    c.disc(x, y, s * 0.08, s * 0.018, _inside(e, (60, 52, 46)))
    c.box(x - s * 0.01, y - s * 0.82, x + s * 0.01, y, _inside(e, (60, 52, 46)))
    shade = mix(_inside(e, (226, 190, 140)), e.light.glowing((255, 224, 160)), 0.35 + 0.65 * lamps_on(e))
    c.polygon(
        [(x - s * 0.13, y - s * 0.8), (x + s * 0.13, y - s * 0.8), (x + s * 0.08, y - s), (x - s * 0.08, y - s)], shade
    )


def room(easel: Easel, stage: Stage, kind: str) -> None:
    """Room, library, kitchen or café."""
    windows = [(0.36, 0.16, 0.64, 0.8)] if kind != "library" else [(0.43, 0.08, 0.57, 0.82)]
    tone: Rgb = {"library": (128, 100, 78), "kitchen": (200, 184, 150), "cafe": (158, 112, 86)}.get(
        kind, (176, 150, 130)
    )
    stage.layers += outside(easel)
    stage.layers.append(wall(easel, tone, windows))
    stage.layers.append(floor(easel, "floor", (134, 92, 60), near=0.55, boards=150))
    stage.layers += furniture(easel, kind)
    stage.layers.append(light_on_floor(easel, windows))
    stage.mirror = Mirror(int(easel.horizon), easel.height, 0.14, 0.9, 0.0, 0.45, "floor")

"""Things that a scene is about and that stand on the ground or on a table: a cup, a flower, a goal, a snowman."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import Colour, mix
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.town import lamps_on
from vidpipe_tui.providers.local.paint.words import INDOORS

Spots = list[tuple[float, float, float]]


def _lit(e: Easel, rgb: tuple[int, int, int]) -> Colour:
    """A thing's colour: lamps light it indoors, and it is kept a little brighter than the ground so that it reads."""
    lamp: Colour = mix(e.light.lit(rgb, 0.0, 1 + 0.4 * e.light.dark), e.light.glowing(rgb), 0.3 + 0.3 * lamps_on(e))
    return lamp if e.world.place in INDOORS else e.light.lit(rgb, 0.04, 1 + 0.3 * e.light.dark)


def _table(c: Canvas, e: Easel, x: float, y: float, h: float) -> float:
    """A round table; the row of its top."""
    wood, top = _lit(e, (132, 84, 50)), y - h * 0.46
    c.limb([(x, y - h * 0.02), (x, top)], [h * 0.07, h * 0.05], wood * 0.6)
    c.disc(x, y - h * 0.02, h * 0.2, h * 0.035, wood * 0.5)
    c.disc(x, top + h * 0.03, h * 0.42, h * 0.085, wood * 0.62)
    c.disc(x, top, h * 0.42, h * 0.085, wood)
    c.disc(x - h * 0.06, top - h * 0.008, h * 0.3, h * 0.055, wood * 1.12)
    return top


def cup(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A steaming cup and its pot on a small table."""
    top, china = _table(c, e, x, y, h), _lit(e, (242, 236, 226))
    cx, foot = x + h * 0.12, top + h * 0.02
    c.disc(cx, foot, h * 0.12, h * 0.028, china * 0.8)
    c.blob(
        [
            (cx - h * 0.085, foot - h * 0.12),
            (cx + h * 0.085, foot - h * 0.12),
            (cx + h * 0.05, foot),
            (cx - h * 0.05, foot),
        ],
        china,
    )
    c.line(
        [(cx + h * 0.075, foot - h * 0.1), (cx + h * 0.125, foot - h * 0.08), (cx + h * 0.06, foot - h * 0.03)],
        h * 0.016,
        china * 0.86,
        smooth=True,
    )
    c.disc(cx, foot - h * 0.12, h * 0.085, h * 0.02, china * 0.92)
    c.disc(cx, foot - h * 0.118, h * 0.068, h * 0.014, _lit(e, (118, 66, 30)))
    px, pot = x - h * 0.17, _lit(e, (70, 112, 128))
    c.line(
        [(px + h * 0.08, foot - h * 0.08), (px + h * 0.16, foot - h * 0.13), (px + h * 0.17, foot - h * 0.17)],
        h * 0.026,
        pot,
        smooth=True,
    )
    c.line(
        [(px - h * 0.09, foot - h * 0.16), (px - h * 0.17, foot - h * 0.12), (px - h * 0.09, foot - h * 0.04)],
        h * 0.018,
        pot * 0.8,
        smooth=True,
    )
    c.disc(px, foot - h * 0.09, h * 0.115, h * 0.1, pot)
    c.disc(px - h * 0.03, foot - h * 0.12, h * 0.05, h * 0.04, pot * 1.25)
    c.disc(px, foot - h * 0.2, h * 0.02, h * 0.02, pot * 0.7)
    steam = mix(_lit(e, (236, 238, 240)), e.light.fog, 0.25)
    for k in (-0.03, 0.0, 0.035):
        path = [
            (cx + h * (k + 0.02 * np.sin(4.4 * t + 60 * k)), foot - h * (0.14 + 0.26 * t)) for t in (0, 0.3, 0.6, 1)
        ]
        c.line(path, h * 0.011, steam, smooth=True)
    return [(cx, foot - h * 0.2, h * 0.34)]


def cake(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A cake with burning candles on a small table."""
    top = _table(c, e, x, y, h)
    spots: Spots = []
    for k, (wide, tint) in enumerate(((0.24, (238, 190, 196)), (0.16, (250, 236, 226)))):
        foot, body = top + h * 0.03 - k * h * 0.13, _lit(e, tint)
        c.box(x - h * wide, foot - h * 0.13, x + h * wide, foot, body * 0.92)
        c.disc(x, foot, h * wide, h * 0.035, body * 0.92)
        c.disc(x, foot - h * 0.13, h * wide, h * 0.035, body)
    for dx in (-0.1, -0.035, 0.035, 0.1):
        cx, foot = x + dx * h, top - h * 0.23
        c.line([(cx, foot), (cx, foot - h * 0.09)], h * 0.014, _lit(e, (120, 170, 220)))
        c.disc(cx, foot - h * 0.115, h * 0.012, h * 0.024, e.light.glowing((255, 214, 110)))
        spots.append((cx, foot - h * 0.115, h * 0.12))
    return spots


def chess(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A table with a board and its men."""
    top = _table(c, e, x, y, h)
    pale, dark = _lit(e, (236, 218, 182)), _lit(e, (70, 46, 36))
    for i in range(6):
        for j in range(4):
            u0, u1, v0, v1 = i / 3 - 1, (i + 1) / 3 - 1, j / 4, (j + 1) / 4
            corner = [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]
            spot = [(x + h * u * (0.19 + 0.05 * v), top - h * 0.05 + h * 0.09 * v) for u, v in corner]
            c.polygon(spot, pale if (i + j) % 2 else dark)
    for k, (dx, v) in enumerate(((-0.17, 0.2), (-0.08, 0.1), (0.03, 0.6), (0.12, 0.3), (0.18, 0.75), (-0.12, 0.8))):
        px, py, tint = x + dx * h, top - h * 0.05 + h * 0.09 * v, (pale, dark)[k % 2] * (1.0, 1.3)[k % 2]
        c.polygon([(px - h * 0.02, py), (px + h * 0.02, py), (px, py - h * 0.1)], tint)
        c.disc(px, py - h * 0.1, h * 0.017, h * 0.017, tint)
    return []


def candle(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A burning candle on a small table."""
    top = _table(c, e, x, y, h)
    c.disc(x, top + h * 0.01, h * 0.09, h * 0.022, _lit(e, (150, 120, 70)))
    c.box(x - h * 0.035, top - h * 0.22, x + h * 0.035, top + h * 0.01, _lit(e, (244, 234, 210)))
    c.blob(
        [(x - h * 0.025, top - h * 0.25), (x, top - h * 0.34), (x + h * 0.025, top - h * 0.25), (x, top - h * 0.22)],
        e.light.glowing((255, 214, 110)),
    )
    return [(x, top - h * 0.27, h * 0.6), (x, top - h * 0.27, h * 0.2)]


def flower(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """One large flower with two leaves."""
    green, petal = _lit(e, (74, 140, 66)), _lit(e, (226, 58, 88))
    c.line([(x, y), (x + h * 0.02, y - h * 0.3), (x - h * 0.01, y - h * 0.58)], h * 0.026, green, smooth=True)
    for side in (-1, 1):
        c.blob(
            [
                (x, y - h * 0.1),
                (x + side * h * 0.13, y - h * 0.3),
                (x + side * h * 0.24, y - h * 0.34),
                (x + side * h * 0.16, y - h * 0.17),
            ],
            green * 0.86,
        )
    for turn in np.linspace(0, 2 * np.pi, 9)[:8]:
        c.disc(
            x + h * 0.095 * np.cos(turn),
            y - h * (0.63 - 0.085 * np.sin(turn)),
            h * 0.062,
            h * 0.058,
            petal * (0.86 + 0.14 * np.sin(turn - 2)),
        )
    c.disc(x, y - h * 0.63, h * 0.058, h * 0.054, _lit(e, (250, 206, 70)))
    return []


def sprout(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A young plant in its heap of earth."""
    green = _lit(e, (112, 184, 72))
    c.blob(
        [
            (x - h * 0.3, y + h * 0.02),
            (x - h * 0.1, y - h * 0.1),
            (x + h * 0.12, y - h * 0.09),
            (x + h * 0.32, y + h * 0.02),
        ],
        _lit(e, (92, 64, 44)),
    )
    c.line([(x, y - h * 0.06), (x + h * 0.02, y - h * 0.3)], h * 0.03, green)
    for side in (-1, 1):
        c.blob(
            [
                (x + h * 0.02, y - h * 0.28),
                (x + side * h * 0.1, y - h * 0.42),
                (x + side * h * 0.24, y - h * 0.42),
                (x + side * h * 0.14, y - h * 0.3),
            ],
            green * (1.0 if side > 0 else 0.84),
        )
    return []


def goal(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A football goal with its net, and the ball before it."""
    white, w, top = _lit(e, (244, 244, 240)), h * 0.75, y - h * 0.62
    net = mix(white, e.light.fog, 0.45)
    for k in range(13):
        px = x - w + 2 * w * k / 12
        c.line([(px, y), (px * 0.94 + x * 0.06, top)], h * 0.006, net)
    for k in range(8):
        c.line([(x - w, y - (y - top) * k / 8), (x + w, y - (y - top) * k / 8)], h * 0.006, net)
    c.line([(x - w, y), (x - w, top), (x + w, top), (x + w, y)], h * 0.03, white)
    bx, by, r = x - w * 0.55, y + h * 0.03, h * 0.065
    c.disc(bx, by - r, r, r, white)
    for turn in (0.4, 2.5, 4.6):
        c.disc(
            bx + r * 0.55 * np.cos(turn), by - r + r * 0.55 * np.sin(turn), r * 0.26, r * 0.26, _lit(e, (36, 36, 42))
        )
    return []


def snowman(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A snowman with hat, scarf and a carrot for a nose."""
    snow, dark = e.light.lit((246, 248, 252), 0.02, 1 + 0.4 * e.light.dark), _lit(e, (44, 40, 46))
    for dy, r in ((0.19, 0.21), (0.47, 0.155), (0.7, 0.115)):
        c.disc(x, y - h * dy, h * r, h * r, snow * 0.86)
        c.disc(x - h * r * 0.12, y - h * (dy + r * 0.1), h * r * 0.84, h * r * 0.84, snow)
    for side in (-1, 1):
        c.line(
            [(x + side * h * 0.13, y - h * 0.5), (x + side * h * 0.33, y - h * 0.64)], h * 0.018, _lit(e, (92, 62, 40))
        )
        c.disc(x + side * h * 0.04, y - h * 0.73, h * 0.014, h * 0.014, dark)
    c.polygon([(x, y - h * 0.71), (x, y - h * 0.67), (x + h * 0.13, y - h * 0.68)], _lit(e, (238, 126, 40)))
    for dy in (0.42, 0.5):
        c.disc(x, y - h * dy, h * 0.014, h * 0.014, dark)
    c.box(x - h * 0.11, y - h * 0.62, x + h * 0.11, y - h * 0.58, _lit(e, (196, 48, 48)))
    c.box(x - h * 0.15, y - h * 0.81, x + h * 0.15, y - h * 0.785, dark)
    c.box(x - h * 0.09, y - h * 0.96, x + h * 0.09, y - h * 0.8, dark)
    return []


def bench(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A park bench."""
    wood, iron = _lit(e, (140, 92, 56)), _lit(e, (48, 50, 56))
    for side in (-0.5, 0.5):
        c.line([(x + side * h, y), (x + side * h, y - h * 0.5)], h * 0.035, iron)
    for dy, wide in ((0.24, 0.05), (0.37, 0.035), (0.46, 0.035)):
        c.box(x - h * 0.6, y - h * (dy + wide), x + h * 0.6, y - h * dy, wood * (1.0 if dy < 0.3 else 0.84))
    return []


def stall(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A market stall: crates of fruit under a striped awning, with a lamp."""
    wood, w = _lit(e, (124, 82, 52)), h * 0.62
    for side in (-w, w):
        c.line([(x + side, y), (x + side, y - h * 0.8)], h * 0.03, wood * 0.7)
    c.box(x - w * 1.04, y - h * 0.32, x + w * 1.04, y, wood * 0.8)
    for k in range(5):
        tint = ((206, 52, 44), (238, 150, 46), (112, 168, 62), (240, 206, 80), (150, 60, 120))[k]
        cx = x + w * (-0.8 + 0.4 * k)
        for _ in range(9):
            c.disc(
                cx + w * rng.uniform(-0.15, 0.15), y - h * rng.uniform(0.32, 0.4), h * 0.036, h * 0.034, _lit(e, tint)
            )
        c.box(cx - w * 0.18, y - h * 0.33, cx + w * 0.18, y - h * 0.2, wood * 1.1)
    for k in range(8):
        a, b, tint = -1.15 + 2.3 * k / 8, -1.15 + 2.3 * (k + 1) / 8, ((196, 52, 48), (240, 232, 216))[k % 2]
        low, high = y - h * 0.72, y - h * 0.96
        c.polygon(
            [(x + w * a, low), (x + w * b, low), (x + w * b * 0.84, high), (x + w * a * 0.84, high)], _lit(e, tint)
        )
        c.disc(x + w * (a + b) / 2, low, w * 0.144, h * 0.04, _lit(e, tint) * 0.92)
    c.disc(x, y - h * 0.62, h * 0.04, h * 0.045, e.light.glowing((255, 226, 160)))
    return [(x, y - h * 0.6, h * 0.3)]


def hourglass(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A large hourglass, half run through."""
    wood, glass, sand = (
        _lit(e, (126, 80, 48)),
        mix(_lit(e, (206, 226, 236)), e.light.fog, 0.3),
        _lit(e, (232, 190, 110)),
    )
    for dy in (0.0, 0.86):
        c.box(x - h * 0.24, y - h * (dy + 0.06), x + h * 0.24, y - h * dy, wood)
    for side in (-0.2, 0.2):
        c.line([(x + side * h, y - h * 0.06), (x + side * h, y - h * 0.86)], h * 0.022, wood * 0.8)
    for turn in (1, -1):
        cy = y - h * 0.46
        c.blob(
            [
                (x - h * 0.16, cy + turn * h * 0.38),
                (x + h * 0.16, cy + turn * h * 0.38),
                (x + h * 0.15, cy + turn * h * 0.2),
                (x + h * 0.015, cy),
                (x - h * 0.015, cy),
                (x - h * 0.15, cy + turn * h * 0.2),
            ],
            glass,
        )
    c.blob(
        [
            (x - h * 0.14, y - h * 0.08),
            (x + h * 0.14, y - h * 0.08),
            (x + h * 0.1, y - h * 0.18),
            (x, y - h * 0.26),
            (x - h * 0.1, y - h * 0.18),
        ],
        sand,
    )
    c.polygon([(x - h * 0.11, y - h * 0.62), (x + h * 0.11, y - h * 0.62), (x, y - h * 0.47)], sand * 0.92)
    c.line([(x, y - h * 0.47), (x, y - h * 0.24)], h * 0.01, sand)
    return []


def volcano(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    """A mountain of fire, with lava on its flank and smoke above."""
    rock, fire = e.light.lit((84, 66, 66), 0.3), e.light.glowing((255, 120, 36))
    smoke = mix(e.light.lit((120, 112, 116), 0.2), fire, 0.18)
    for k in range(7):
        c.disc(
            x + h * (0.03 * k + 0.04 * np.sin(2.1 * k)),
            y - h * (0.74 + 0.055 * k),
            h * (0.07 + 0.014 * k),
            h * 0.06,
            smoke * (0.8 + 0.04 * k),
        )
    c.polygon(
        [
            (x - h * 0.95, y),
            (x - h * 0.4, y - h * 0.34),
            (x - h * 0.11, y - h * 0.7),
            (x + h * 0.11, y - h * 0.7),
            (x + h * 0.45, y - h * 0.3),
            (x + h * 1.0, y),
        ],
        rock,
    )
    c.polygon(
        [
            (x + h * 0.02, y - h * 0.7),
            (x + h * 0.11, y - h * 0.7),
            (x + h * 0.45, y - h * 0.3),
            (x + h * 1.0, y),
            (x + h * 0.3, y),
        ],
        rock * 0.76,
    )
    c.disc(x, y - h * 0.7, h * 0.11, h * 0.022, fire)
    for path in (
        ((-0.02, 0.7), (-0.08, 0.5), (-0.03, 0.32), (-0.16, 0.1)),
        ((0.06, 0.7), (0.13, 0.46), (0.1, 0.26), (0.22, 0.04)),
    ):
        c.line([(x + h * a, y - h * b) for a, b in path], h * 0.03, fire, smooth=True)
        c.line([(x + h * a, y - h * b) for a, b in path], h * 0.012, e.light.glowing((255, 220, 120)), smooth=True)
    for turn, far in zip(np.linspace(-0.9, 0.9, 9), rng.uniform(0.08, 0.2, 9), strict=True):
        c.disc(x + h * far * np.sin(turn), y - h * (0.72 + far * np.cos(turn)), h * 0.011, h * 0.011, fire)
    return [(x, y - h * 0.74, h * 0.5)]

"""Single buildings and objects that stand in a landscape: lighthouse, castle, windmill, tent and so on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vidpipe_tui.providers.local.paint import things
from vidpipe_tui.providers.local.paint.arrays import Colour, colour, mix
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.plants import leaf_colour, tree
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer
from vidpipe_tui.providers.local.paint.terrain import SNOW, snowy
from vidpipe_tui.providers.local.paint.town import WINDOW, halos, house, lamps_on

Spots = list[tuple[float, float, float]]
Draw = Callable[[Canvas, Easel, float, float, float, np.random.Generator], Spots]


def _lighthouse(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    white, red = e.light.lit((238, 232, 224), 0.12, 0.92), e.light.lit((188, 52, 46), 0.12, 0.92)
    for k in range(5):
        a, b = k / 5, (k + 1) / 5
        w0, w1 = h * (0.115 - 0.05 * a), h * (0.115 - 0.05 * b)
        tone = red if k % 2 else white
        ya, yb = y - h * 0.8 * a, y - h * 0.8 * b
        c.polygon([(x - w0, ya), (x + w0, ya), (x + w1, yb), (x - w1, yb)], tone)
        c.polygon([(x + w0 * 0.3, ya), (x + w0, ya), (x + w1, yb), (x + w1 * 0.3, yb)], tone * 0.76)
    c.box(x - h * 0.1, y - h * 0.82, x + h * 0.1, y - h * 0.795, red * 0.6)
    lamp = mix(colour((120, 120, 120)), e.light.glowing((255, 240, 190)), 0.5 + 0.5 * lamps_on(e))
    c.box(x - h * 0.055, y - h * 0.9, x + h * 0.055, y - h * 0.82, lamp)
    for bar in (-0.055, 0.0, 0.045):
        c.box(x + h * bar, y - h * 0.9, x + h * (bar + 0.01), y - h * 0.82, red * 0.5)
    c.polygon([(x - h * 0.075, y - h * 0.9), (x + h * 0.075, y - h * 0.9), (x, y - h)], red * 0.8)
    c.box(x - h * 0.02, y - h * 0.12, x + h * 0.02, y, red * 0.4)
    return [(x, y - h * 0.86, h * 0.3)]


def _castle(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    stone, roof = (
        e.light.lit(snowy(e, (150, 142, 138), 0.3), 0.2, 0.85),
        e.light.lit(snowy(e, (74, 84, 118), 0.8), 0.2, 0.85),
    )
    spots: Spots = []
    towers = ((-0.5, 0.62, 0.1), (-0.28, 0.85, 0.11), (0.0, 1.0, 0.15), (0.27, 0.78, 0.1), (0.5, 0.56, 0.1))
    c.box(x - h * 0.52, y - h * 0.34, x + h * 0.52, y, stone * 0.9)
    for k in range(14):
        c.box(
            x - h * 0.52 + k * h * 0.076,
            y - h * 0.38,
            x - h * 0.52 + k * h * 0.076 + h * 0.04,
            y - h * 0.33,
            stone * 0.9,
        )
    for dx, tall, w in towers:
        tx, ty = x + dx * h, y - h * tall * 0.74
        c.box(tx - h * w / 2, ty, tx + h * w / 2, y, stone)
        c.box(tx + h * w * 0.12, ty, tx + h * w / 2, y, stone * 0.8)
        c.polygon([(tx - h * w * 0.66, ty), (tx + h * w * 0.66, ty), (tx, ty - h * tall * 0.26)], roof)
        c.polygon([(tx + h * w * 0.1, ty), (tx + h * w * 0.66, ty), (tx, ty - h * tall * 0.26)], roof * 0.78)
        for k in range(3):
            wy = ty + h * 0.07 + k * h * 0.12
            c.box(
                tx - h * 0.01,
                wy,
                tx + h * 0.012,
                wy + h * 0.035,
                mix(stone * 0.4, e.light.glowing(WINDOW), lamps_on(e)),
            )
            spots.append((tx, wy + h * 0.02, h * 0.05))
    c.polygon(
        [
            (x - h * 0.05, y),
            (x - h * 0.05, y - h * 0.12),
            (x, y - h * 0.17),
            (x + h * 0.05, y - h * 0.12),
            (x + h * 0.05, y),
        ],
        stone * 0.4,
    )
    return spots if lamps_on(e) > 0.1 else []


def _windmill(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    wall, sail = e.light.lit((214, 198, 174), 0.1, 0.85), e.light.lit((120, 86, 62), 0.1, 0.8)
    c.polygon([(x - h * 0.17, y), (x + h * 0.17, y), (x + h * 0.1, y - h * 0.62), (x - h * 0.1, y - h * 0.62)], wall)
    c.polygon(
        [(x + h * 0.04, y), (x + h * 0.17, y), (x + h * 0.1, y - h * 0.62), (x + h * 0.03, y - h * 0.62)], wall * 0.8
    )
    c.blob([(x - h * 0.12, y - h * 0.6), (x, y - h * 0.76), (x + h * 0.12, y - h * 0.6)], sail)
    for k in range(4):
        a = 0.5 + k * np.pi / 2
        ux, uy = np.cos(a), np.sin(a)
        hub = (x, y - h * 0.64)
        tip = (hub[0] + ux * h * 0.42, hub[1] + uy * h * 0.42)
        c.line([hub, tip], h * 0.014, sail * 0.8)
        off = (-uy * h * 0.075, ux * h * 0.075)
        root = (hub[0] + ux * h * 0.1, hub[1] + uy * h * 0.1)
        c.polygon([root, tip, (tip[0] + off[0], tip[1] + off[1]), (root[0] + off[0], root[1] + off[1])], wall * 0.92)
    c.box(x - h * 0.03, y - h * 0.13, x + h * 0.03, y, sail * 0.6)
    return []


def _house(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    return house(c, e, x, y, h * 0.62, rng, 0.1)


def _tower(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    stone = e.light.lit((156, 140, 124), 0.15, 0.85)
    c.box(x - h * 0.09, y - h * 0.78, x + h * 0.09, y, stone)
    c.box(x + h * 0.02, y - h * 0.78, x + h * 0.09, y, stone * 0.8)
    c.box(x - h * 0.11, y - h * 0.8, x + h * 0.11, y - h * 0.72, stone * 1.06)
    c.polygon([(x - h * 0.12, y - h * 0.8), (x + h * 0.12, y - h * 0.8), (x, y - h)], stone * 0.6)
    c.disc(x, y - h * 0.62, h * 0.055, h * 0.055, e.light.glowing((240, 232, 206)))
    c.line([(x, y - h * 0.62), (x, y - h * 0.66)], h * 0.008, stone * 0.4)
    c.line([(x, y - h * 0.62), (x + h * 0.025, y - h * 0.61)], h * 0.008, stone * 0.4)
    return [(x, y - h * 0.62, h * 0.1)] if lamps_on(e) > 0.3 else []


def _church(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    wall, roof = e.light.lit((220, 210, 196), 0.15, 0.85), e.light.lit(snowy(e, (96, 72, 66), 0.9), 0.15, 0.85)
    c.box(x - h * 0.1, y - h * 0.32, x + h * 0.4, y, wall * 0.92)
    c.polygon(
        [
            (x - h * 0.14, y - h * 0.3),
            (x + h * 0.44, y - h * 0.3),
            (x + h * 0.36, y - h * 0.5),
            (x - h * 0.06, y - h * 0.5),
        ],
        roof,
    )
    c.box(x - h * 0.2, y - h * 0.6, x - h * 0.02, y, wall)
    c.polygon([(x - h * 0.23, y - h * 0.58), (x + h * 0.01, y - h * 0.58), (x - h * 0.11, y - h)], roof * 0.9)
    for k in range(4):
        wx = x + h * (0.02 + 0.1 * k)
        c.blob(
            [
                (wx, y - h * 0.1),
                (wx, y - h * 0.22),
                (wx + h * 0.02, y - h * 0.26),
                (wx + h * 0.04, y - h * 0.22),
                (wx + h * 0.04, y - h * 0.1),
            ],
            mix(wall * 0.45, e.light.glowing(WINDOW), lamps_on(e)),
        )
    return []


def _pagoda(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    red, roof = e.light.lit((168, 58, 44), 0.15, 0.85), e.light.lit(snowy(e, (58, 62, 74), 0.8), 0.15, 0.85)
    spots: Spots = []
    for k in range(4):
        w, top = h * (0.24 - 0.045 * k), y - h * 0.2 * (k + 1)
        c.box(x - w * 0.62, top, x + w * 0.62, top + h * 0.2, red * (1 - 0.04 * k))
        for j in (-0.35, 0.0, 0.35):
            c.box(
                x + (j - 0.1) * w,
                top + h * 0.08,
                x + (j + 0.1) * w,
                top + h * 0.16,
                mix(red * 0.5, e.light.glowing((255, 196, 110)), 0.3 + 0.7 * lamps_on(e)),
            )
        spots.append((x, top + h * 0.12, w * 0.8))
        c.polygon(
            [
                (x - w * 1.25, top + h * 0.015),
                (x - w * 1.05, top + h * 0.055),
                (x + w * 1.05, top + h * 0.055),
                (x + w * 1.25, top + h * 0.015),
                (x + w * 0.55, top - h * 0.035),
                (x - w * 0.55, top - h * 0.035),
            ],
            roof,
        )
    c.polygon([(x - h * 0.02, y - h * 0.83), (x + h * 0.02, y - h * 0.83), (x, y - h)], roof)
    return spots if lamps_on(e) > 0.1 else []


def _torii(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    red = e.light.lit((204, 62, 40), 0.1, 0.9)
    for side in (-1, 1):
        c.limb(
            [(x + side * h * 0.4, y), (x + side * h * 0.35, y - h * 0.86)],
            [h * 0.075, h * 0.06],
            red * (0.85 if side > 0 else 1.0),
        )
    c.box(x - h * 0.46, y - h * 0.7, x + h * 0.46, y - h * 0.63, red)
    c.polygon(
        [
            (x - h * 0.62, y - h * 0.98),
            (x, y - h * 0.92),
            (x + h * 0.62, y - h * 0.98),
            (x + h * 0.58, y - h * 0.86),
            (x, y - h * 0.83),
            (x - h * 0.58, y - h * 0.86),
        ],
        red,
    )
    c.polygon(
        [
            (x - h * 0.65, y - h * 1.0),
            (x, y - h * 0.95),
            (x + h * 0.65, y - h * 1.0),
            (x + h * 0.63, y - h * 0.96),
            (x, y - h * 0.91),
            (x - h * 0.63, y - h * 0.96),
        ],
        e.light.lit((44, 40, 46), 0.1),
    )
    c.box(x - h * 0.04, y - h * 0.86, x + h * 0.04, y - h * 0.7, red * 0.8)
    return []


def _bigtree(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    bare = e.world.white > 0.5 and "petals" not in e.world.extras
    tree(c, e, x, y, h * 1.05, rng, leaves=None if bare else leaf_colour(e))
    return []


def _tent(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    cloth = mix(e.light.lit((214, 120, 50), 0.05), e.light.glowing((255, 180, 90)), 0.6 * lamps_on(e))
    c.polygon([(x - h * 0.36, y), (x + h * 0.3, y), (x - h * 0.02, y - h * 0.42)], cloth)
    c.polygon([(x + h * 0.3, y), (x + h * 0.46, y - h * 0.06), (x - h * 0.02, y - h * 0.42)], cloth * 0.72)
    c.polygon([(x - h * 0.1, y), (x + h * 0.04, y), (x - h * 0.03, y - h * 0.3)], cloth * 0.5)
    return [(x, y - h * 0.15, h * 0.5)] if lamps_on(e) > 0.2 else []


def _campfire(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    h *= 0.4
    for a in (-0.5, -0.15, 0.2, 0.5):
        c.limb([(x + a * h * 0.8, y), (x - a * h * 0.5, y - h * 0.18)], [h * 0.09, h * 0.07], e.light.lit((84, 56, 40)))
    for shade, k in (((255, 96, 30), 1.0), ((255, 170, 50), 0.72), ((255, 236, 150), 0.42)):
        c.blob(
            [
                (x - h * 0.26 * k, y - h * 0.08),
                (x - h * 0.2 * k, y - h * 0.36 * k),
                (x - h * 0.02, y - h * 0.95 * k),
                (x + h * 0.14 * k, y - h * 0.5 * k),
                (x + h * 0.26 * k, y - h * 0.1),
            ],
            e.light.glowing(shade),
        )
    return [(x, y - h * 0.3, h * 1.6), (x, y - h * 0.3, h * 0.6)]


def _ferris(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    steel, r = e.light.lit((120, 124, 136), 0.2, 0.8), h * 0.44
    cy, spots = y - h * 0.54, []
    for s in (-1, 1):
        c.line([(x, cy), (x + s * h * 0.26, y)], h * 0.02, steel)
    ring = [(x + r * np.cos(a), cy + r * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 64)]
    c.line(ring, h * 0.014, steel)
    for k in range(12):
        a = k * np.pi / 6
        px, py = x + r * np.cos(a), cy + r * np.sin(a)
        c.line([(x, cy), (px, py)], h * 0.006, steel)
        tint = ((255, 90, 110), (255, 200, 80), (90, 190, 255), (140, 255, 170))[k % 4]
        c.disc(px, py + h * 0.02, h * 0.03, h * 0.028, mix(e.light.lit(tint, 0.1), e.light.glowing(tint), lamps_on(e)))
        spots.append((px, py, h * 0.07))
    return spots if lamps_on(e) > 0.1 else []


def _statue(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    stone = e.light.lit(snowy(e, (150, 150, 146), 0.4), 0.1, 0.8)
    c.box(x - h * 0.13, y - h * 0.28, x + h * 0.13, y, stone * 0.9)
    c.box(x - h * 0.16, y - h * 0.3, x + h * 0.16, y - h * 0.26, stone)
    c.blob(
        [
            (x - h * 0.08, y - h * 0.3),
            (x - h * 0.09, y - h * 0.55),
            (x - h * 0.03, y - h * 0.68),
            (x + h * 0.05, y - h * 0.66),
            (x + h * 0.1, y - h * 0.5),
            (x + h * 0.07, y - h * 0.3),
        ],
        stone,
    )
    c.disc(x + h * 0.01, y - h * 0.73, h * 0.04, h * 0.05, stone)
    c.limb(
        [(x + h * 0.05, y - h * 0.6), (x + h * 0.14, y - h * 0.7), (x + h * 0.18, y - h * 0.84)],
        [h * 0.05, h * 0.04, h * 0.03],
        stone,
    )
    return []


def _piano(c: Canvas, e: Easel, x: float, y: float, h: float, rng: np.random.Generator) -> Spots:
    black = mix(e.light.lit((46, 42, 44), 0.0, 1.2), colour((70, 60, 58)), 0.4)
    for leg in (-0.36, 0.05, 0.42):
        c.box(x + h * leg, y - h * 0.34, x + h * (leg + 0.035), y, black * 0.7)
    body = [(-0.46, 0.5), (-0.46, 0.34), (0.5, 0.34), (0.52, 0.48), (0.3, 0.5)]
    c.polygon([(x + h * a, y - h * b) for a, b in body], black)
    lid = [(-0.36, 0.5), (0.5, 0.5), (0.44, 0.96), (0.2, 1.0), (-0.1, 0.86), (-0.3, 0.62)]
    c.blob([(x + h * a, y - h * b) for a, b in lid], black * 0.86)
    c.line([(x + h * 0.1, y - h * 0.5), (x + h * 0.22, y - h * 0.92)], h * 0.012, black * 1.6)
    c.box(x - h * 0.58, y - h * 0.4, x - h * 0.44, y - h * 0.36, e.light.glowing((236, 232, 220)) * 0.9)
    return []


DRAWINGS: dict[str, tuple[Draw, float, float]] = {  # drawing, height in units, how far back it stands
    "lighthouse": (_lighthouse, 430, 0.35),
    "castle": (_castle, 460, 0.1),
    "windmill": (_windmill, 380, 0.15),
    "house": (_house, 330, 0.25),
    "tower": (_tower, 430, 0.15),
    "church": (_church, 400, 0.1),
    "pagoda": (_pagoda, 440, 0.2),
    "torii": (_torii, 300, 0.4),
    "bigtree": (_bigtree, 430, 0.3),
    "tent": (_tent, 260, 0.45),
    "campfire": (_campfire, 260, 0.62),
    "ferris": (_ferris, 430, 0.1),
    "piano": (_piano, 300, 0.5),
    "statue": (_statue, 330, 0.3),
    "cup": (things.cup, 330, 0.6),
    "cake": (things.cake, 330, 0.55),
    "chess": (things.chess, 250, 0.6),
    "candle": (things.candle, 320, 0.55),
    "flower": (things.flower, 240, 0.62),
    "sprout": (things.sprout, 200, 0.65),
    "goal": (things.goal, 330, 0.2),
    "snowman": (things.snowman, 300, 0.4),
    "bench": (things.bench, 220, 0.5),
    "hourglass": (things.hourglass, 330, 0.55),
    "stall": (things.stall, 300, 0.3),
    "volcano": (things.volcano, 520, 0.0),
}


def landmark(easel: Easel, kind: str, ground: tuple[float, float], near: float, slot: int) -> list[Layer]:
    """One landmark on the ground (rows `ground`, as parts of the stage), and the light it gives."""
    draw, units, back = DRAWINGS[kind]
    rng = easel.rng("landmark", kind)
    y = easel.height * (ground[0] + (ground[1] - ground[0]) * back)
    alone = not easel.world.figures
    x = easel.width * (
        (0.5 if alone and slot == easel.world.root else (0.27, 0.74, 0.5)[slot % 3]) + 0.05 * (rng.random() - 0.5)
    )
    tall = min(units * easel.unit, y * 0.95)
    top = max(0, int(y - tall * 1.2))
    canvas = Canvas(easel.width, int(y + tall * 0.1) - top, top=top, ground=easel.light.fog)
    shade: Colour = easel.light.lit((60, 60, 60), 0.1, 0.5)
    if easel.world.white > 0.5:
        shade = easel.light.lit(SNOW, 0.1, 0.7)
    for wide in (0.34, 0.27, 0.2):
        points = [(x + tall * wide * np.cos(a), y + tall * 0.02 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 24)]
        canvas.polygon(points, shade, int(150 - 320 * wide))
    spots = draw(canvas, easel, x, y, tall, rng)
    rgb, alpha = canvas.finish()
    layers = [Layer(f"prop-{kind}", rgb, alpha, top, near)]
    if spots:
        warm = (255, 150, 60) if kind in {"campfire", "volcano"} else (255, 200, 120)
        layers.append(
            halos(
                easel,
                f"prop-{kind}-light",
                spots,
                warm,
                near,
                1.0 if kind in {"campfire", "volcano"} else max(0.35, lamps_on(easel)),
            )
        )
    return layers

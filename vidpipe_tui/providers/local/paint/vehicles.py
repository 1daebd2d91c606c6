"""Vehicles on land, on water and in the air; 1 unit is a person's height."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import mix
from vidpipe_tui.providers.local.paint.doll import Doll
from vidpipe_tui.providers.local.paint.people import person
from vidpipe_tui.providers.local.paint.world import Figure


def _wheel(d: Doll, x: float, r: float, phase: float) -> None:
    d.disc(x, -r, r, r, d.tone((36, 36, 40)))
    d.disc(x, -r, r * 0.58, r * 0.58, d.tone((150, 154, 160)))
    a = 2 * np.pi * phase
    for k in range(3):
        t = a + k * np.pi / 3
        d.line(
            [(x - r * 0.5 * np.cos(t), -r - r * 0.5 * np.sin(t)), (x + r * 0.5 * np.cos(t), -r + r * 0.5 * np.sin(t))],
            r * 0.12,
            d.tone((80, 82, 88)),
        )


def _glass(d: Doll) -> np.ndarray:
    lit: np.ndarray = mix(d.tone((120, 150, 170)), d.shine((255, 222, 150)), 0.7 * d.light.dark)
    return lit


def car(d: Doll, f: Figure, phase: float) -> None:
    """A car with its lights on after dark."""
    c = d.tone(f.colour)
    d.blob(
        [
            (-1.12, -0.2),
            (-1.1, -0.5),
            (-0.7, -0.56),
            (-0.45, -0.84),
            (0.3, -0.86),
            (0.62, -0.56),
            (1.08, -0.46),
            (1.14, -0.2),
        ],
        c,
    )
    d.poly([(-0.56, -0.56), (-0.38, -0.78), (-0.06, -0.79), (-0.06, -0.56)], _glass(d))
    d.poly([(0.0, -0.56), (0.0, -0.79), (0.27, -0.79), (0.5, -0.56)], _glass(d))
    d.poly([(-1.12, -0.36), (1.12, -0.36), (1.14, -0.18), (-1.12, -0.18)], c * 0.72)
    for x in (-0.66, 0.68):
        _wheel(d, x, 0.21, phase)
    d.disc(1.08, -0.42, 0.07, 0.05, d.shine((255, 244, 200)))
    d.disc(-1.1, -0.42, 0.045, 0.05, d.shine((255, 60, 50)))


def bus(d: Doll, f: Figure, phase: float) -> None:
    """A bus or lorry."""
    c = d.tone(f.colour)
    d.blob([(-1.8, -0.24), (-1.82, -1.34), (-1.7, -1.42), (1.66, -1.42), (1.8, -1.3), (1.84, -0.24)], c)
    d.poly([(-1.8, -0.56), (1.82, -0.56), (1.84, -0.24), (-1.8, -0.24)], c * 0.75)
    for k in range(6):
        x = -1.64 + 0.54 * k
        d.poly([(x, -0.76), (x, -1.22), (x + 0.44, -1.22), (x + 0.44, -0.76)], _glass(d))
    for x in (-1.1, 1.1):
        _wheel(d, x, 0.27, phase)
    d.disc(1.8, -0.5, 0.06, 0.07, d.shine((255, 244, 200)))


def train(d: Doll, f: Figure, phase: float) -> None:
    """An engine with two carriages on its track."""
    c, dark = d.tone(f.colour), d.tone((50, 52, 58))
    d.poly([(-5.2, -0.02), (2.6, -0.02), (2.6, 0.03), (-5.2, 0.03)], dark)
    for k in range(3):
        x1 = 2.3 - 2.5 * k
        x0 = x1 - 2.42
        nose = 0.34 if k == 0 else 0.04
        d.blob(
            [
                (x0, -0.2),
                (x0 + 0.02, -1.2),
                (x0 + 0.16, -1.3),
                (x1 - nose * 1.6, -1.3),
                (x1 - nose * 0.5, -1.05),
                (x1, -0.55),
                (x1, -0.2),
            ],
            c,
        )
        d.poly([(x0 + 0.02, -0.5), (x1 - 0.02, -0.5), (x1, -0.2), (x0, -0.2)], c * 0.72)
        d.poly([(x0 + 0.02, -0.56), (x1 - 0.03, -0.56), (x1 - 0.02, -0.51), (x0, -0.51)], d.tone((240, 232, 214)))
        for j in range(5 if k else 4):
            wx = x0 + 0.2 + j * 0.43
            d.poly([(wx, -0.72), (wx, -1.1), (wx + 0.32, -1.1), (wx + 0.32, -0.72)], _glass(d))
        for wx in (x0 + 0.3, x0 + 0.6, x1 - 0.6, x1 - 0.3):
            _wheel(d, wx, 0.13, phase * 2)
    d.poly([(1.72, -1.12), (1.92, -1.12), (2.12, -0.76), (1.72, -0.76)], _glass(d))
    d.disc(2.22, -0.44, 0.08, 0.08, d.shine((255, 246, 205)))


def cycle(d: Doll, f: Figure, phase: float) -> None:
    """A bicycle or motorcycle with its rider."""
    motor = f.kind == "motorcycle"
    c, r = d.tone(f.colour), 0.22 if motor else 0.24
    for x in (-0.38, 0.4):
        d.disc(x, -r, r, r, d.tone((34, 34, 38)))
        d.disc(
            x,
            -r,
            r * (0.6 if motor else 0.84),
            r * (0.6 if motor else 0.84),
            d.tone((130, 134, 140)) if motor else mix(d.light.fog, d.tone((120, 120, 120)), 0.4),
        )
        for k in range(3):
            t = 2 * np.pi * phase + k * np.pi / 3
            d.line(
                [
                    (x - r * 0.8 * np.cos(t), -r - r * 0.8 * np.sin(t)),
                    (x + r * 0.8 * np.cos(t), -r + r * 0.8 * np.sin(t)),
                ],
                0.01,
                d.tone((70, 70, 76)),
            )
    if motor:
        d.blob([(-0.5, -0.42), (-0.1, -0.5), (0.2, -0.6), (0.36, -0.5), (0.2, -0.2), (-0.2, -0.2)], c)
        d.disc(0.44, -0.5, 0.06, 0.06, d.shine((255, 244, 200)))
    else:
        for a, b in (
            ((-0.38, -r), (-0.08, -0.55)),
            ((-0.08, -0.55), (0.3, -0.52)),
            ((0.3, -0.52), (0.0, -0.22)),
            ((0.0, -0.22), (-0.38, -r)),
            ((0.4, -r), (0.28, -0.62)),
            ((0.0, -0.22), (-0.1, -0.6)),
        ):
            d.line([a, b], 0.03, c)
    knee = -0.42 + 0.08 * np.sin(2 * np.pi * phase)
    d.limb(
        [(-0.12, -0.68), (0.13, knee - 0.06), (0.02, -0.2 + 0.05 * np.cos(2 * np.pi * phase))],
        [0.11, 0.085, 0.06],
        d.tone((52, 56, 74)),
    )
    d.limb([(-0.12, -0.66), (0.08, -1.02)], [0.17, 0.15], d.tone((206, 120, 70)) if not motor else d.tone((48, 48, 54)))
    d.limb(
        [(0.07, -0.98), (0.2, -0.82), (0.33, -0.66)],
        [0.07, 0.06, 0.04],
        d.tone((206, 120, 70), 0.85) if not motor else d.tone((58, 58, 64)),
    )
    d.disc(0.14, -1.15, 0.08, 0.09, d.tone((214, 164, 128)) if not motor else c)
    d.blob([(0.2, -1.2), (0.12, -1.26), (0.04, -1.2), (0.04, -1.12), (0.1, -1.17)], d.tone((60, 44, 38)))


def boat(d: Doll, f: Figure, phase: float) -> None:
    """A rowing boat with someone in it, a sailing ship, or a steamer; the water line is at 0."""
    rock = 0.03 * np.sin(2 * np.pi * phase)
    wood = d.tone((124, 78, 50)) if f.kind != "ship" else d.tone(f.colour)
    if f.kind == "boat":
        sitter = Doll(d.canvas, d._at([(-0.05, -0.06)])[0], d.scale * 0.9, d.facing, d.light, d.distance)  # noqa: SLF001 - the doll's own point
        person(sitter, Figure("man", f.colour, 0, 0, pose="sit"), phase)
        d.blob(
            [(-0.9, -0.28 - rock), (-0.66, -0.02), (0.66, -0.02), (0.98, -0.34 + rock), (0.5, -0.2), (-0.5, -0.19)],
            wood,
        )
        d.poly([(-0.7, -0.06), (0.72, -0.06), (0.62, 0.02), (-0.6, 0.02)], wood * 0.66)
        reach = 0.2 * np.sin(2 * np.pi * phase)
        d.line([(0.1, -0.36), (-0.34 + reach, 0.04)], 0.03, d.tone((176, 134, 90)))
    elif f.kind == "sailboat":
        sail, dark = d.tone((244, 238, 224)), d.tone((80, 56, 40))
        d.line([(0.0, -0.2), (0.04 + rock, -2.3)], 0.045, dark)
        d.blob([(0.08, -2.2), (0.14, -0.5), (0.95, -0.42), (0.6, -1.2)], sail)
        d.blob([(-0.02, -2.05), (-0.05, -0.55), (-0.72, -0.42), (-0.5, -1.2)], sail * 0.84)
        d.poly([(0.04 + rock, -2.3), (0.34 + rock, -2.24), (0.05 + rock, -2.16)], d.tone(f.colour))
        d.blob(
            [(-0.95, -0.4), (-0.7, -0.02), (0.75, -0.02), (1.25, -0.46), (0.5, -0.3), (-0.5, -0.3)], d.tone(f.colour)
        )
        d.poly([(-0.76, -0.07), (0.84, -0.07), (0.72, 0.02), (-0.66, 0.02)], dark)
    else:
        white = d.tone((232, 230, 224))
        d.poly([(-1.5, -1.0), (-1.5, -0.55), (1.0, -0.55), (0.8, -1.0)], white)
        d.poly([(-1.1, -1.36), (-1.1, -1.0), (0.5, -1.0), (0.4, -1.36)], white * 0.92)
        d.poly([(-0.5, -1.95), (-0.5, -1.36), (-0.16, -1.36), (-0.16, -1.95)], d.tone((196, 60, 48)))
        d.poly([(-0.5, -1.95), (-0.5, -1.82), (-0.16, -1.82), (-0.16, -1.95)], d.tone((40, 40, 46)))
        for k in range(9):
            d.disc(-1.3 + 0.26 * k, -0.78, 0.055, 0.055, _glass(d))
        d.blob([(-2.0, -0.62), (-1.8, -0.03), (1.8, -0.03), (2.35, -0.8), (1.2, -0.56), (-1.2, -0.56)], wood)
        d.poly([(-1.85, -0.14), (1.95, -0.14), (1.8, 0.02), (-1.75, 0.02)], d.tone((150, 50, 44)))
        puff = phase % 1.0
        for k in range(3):
            t = (k + puff) / 3
            d.disc(
                -0.36 - 0.8 * t,
                -2.05 - 0.4 * t,
                0.1 + 0.2 * t,
                0.08 + 0.14 * t,
                mix(d.tone((210, 210, 212)), d.light.fog, 0.5 + 0.5 * t),
            )


def flyer(d: Doll, f: Figure, phase: float) -> None:
    """Balloon, plane, rocket, flying saucer or kite, around its middle."""
    c, white = d.tone(f.colour), d.tone((238, 236, 230))
    if f.kind == "balloon":
        d.blob([(0, 0.62), (-0.42, 0.1), (-0.58, -0.4), (-0.3, -0.86), (0.3, -0.86), (0.58, -0.4), (0.42, 0.1)], c)
        d.blob([(0, 0.6), (-0.16, 0.1), (-0.22, -0.4), (-0.1, -0.87), (0.1, -0.87), (0.22, -0.4), (0.16, 0.1)], white)
        d.blob([(0, 0.6), (-0.42, 0.1), (-0.58, -0.4), (-0.3, -0.84), (-0.42, -0.36), (-0.24, 0.2)], c * 0.72)
        for x in (-0.1, 0.1):
            d.line([(x, 0.56), (x * 0.9, 0.84)], 0.012, d.tone((80, 66, 50)))
        d.poly([(-0.12, 0.82), (0.12, 0.82), (0.1, 1.02), (-0.1, 1.02)], d.tone((140, 96, 56)))
        d.disc(0, 0.7, 0.04, 0.06, d.shine((255, 180, 80)))
    elif f.kind == "plane":
        d.blob([(-1.2, -0.06), (-0.9, -0.14), (0.7, -0.18), (1.1, -0.04), (0.7, 0.08), (-0.8, 0.04)], white)
        d.poly([(-0.1, -0.02), (0.35, -0.02), (-0.35, 0.34), (-0.6, 0.36)], c)
        d.poly([(0.05, -0.14), (0.25, -0.15), (-0.1, -0.36), (-0.24, -0.36)], c * 0.8)
        d.poly([(-1.18, -0.08), (-0.85, -0.12), (-1.15, -0.5), (-1.36, -0.5)], c)
        for k in range(7):
            d.disc(-0.55 + 0.16 * k, -0.07, 0.03, 0.035, _glass(d))
    elif f.kind == "rocket":
        flick = 1 + 0.25 * np.sin(4 * np.pi * phase)
        d.blob([(-0.2, 0.84), (0.2, 0.84), (0.0, 0.95 + 0.75 * flick)], d.shine((255, 130, 40)))
        d.blob([(-0.11, 0.84), (0.11, 0.84), (0.0, 0.9 + 0.42 * flick)], d.shine((255, 240, 180)))
        for k in (-1, 1):
            d.poly([(0.2 * k, 0.3), (0.46 * k, 0.95), (0.16 * k, 0.8)], c)
        d.blob([(-0.2, 0.85), (-0.27, 0.1), (-0.18, -0.5), (0.0, -0.95), (0.18, -0.5), (0.27, 0.1), (0.2, 0.85)], white)
        d.blob([(-0.2, 0.85), (-0.27, 0.1), (-0.18, -0.5), (0.0, -0.92), (-0.1, -0.3), (-0.1, 0.5)], white * 0.75)
        d.poly([(-0.15, -0.58), (0.15, -0.58), (0.0, -0.95)], c)
        d.disc(0.02, -0.2, 0.1, 0.1, _glass(d))
    elif f.kind == "kite":
        d.poly([(0, -0.3), (0.22, 0), (0, 0.4), (-0.22, 0)], c)
        d.poly([(0, -0.3), (0.22, 0), (0, 0)], white)
        d.line([(0, 0.4), (-0.08, 0.6 + 0.03 * np.sin(6.28 * phase)), (0.05, 0.8), (-0.04, 1.0)], 0.02, c, smooth=True)
    else:
        d.blob([(-0.4, -0.06), (-0.26, -0.34), (0, -0.42), (0.26, -0.34), (0.4, -0.06)], d.tone((150, 210, 220)))
        d.blob(
            [(-0.95, 0.0), (-0.4, -0.14), (0.4, -0.14), (0.95, 0.0), (0.4, 0.14), (-0.4, 0.14)], d.tone((166, 172, 186))
        )
        for k in range(5):
            on = (int(phase * 5) + k) % 5 == 0
            d.disc(-0.56 + 0.28 * k, 0.02, 0.05, 0.05, d.shine((255, 230, 120)) if on else d.shine((90, 240, 200)))


VEHICLES = {
    "car": car,
    "bus": bus,
    "train": train,
    "motorcycle": cycle,
    "bicycle": cycle,
    "boat": boat,
    "sailboat": boat,
    "ship": boat,
    "balloon": flyer,
    "plane": flyer,
    "rocket": flyer,
    "ufo": flyer,
    "kite": flyer,
}

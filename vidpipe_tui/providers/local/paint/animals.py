"""Four-legged animals from one set of measures, and the coats of all; 1 unit is a person's height."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import (
    colour,
    mix,
)
from vidpipe_tui.providers.local.paint.doll import Doll, gait
from vidpipe_tui.providers.local.paint.world import Figure


class Build(NamedTuple):
    """Measures of a four-legged animal in its own body length, and its height in persons."""

    scale: float
    leg: float
    chest: float
    waist: float
    neck: float
    rise: float
    head: float
    snout: float
    ear: float
    tail: float
    bushy: float
    extra: str = ""


BUILDS: dict[str, Build] = {
    "dog": Build(0.62, 0.38, 0.34, 0.28, 0.17, 0.95, 0.17, 0.14, 0.10, 0.36, 0.07),
    "wolf": Build(0.85, 0.44, 0.31, 0.24, 0.18, 0.5, 0.14, 0.18, 0.10, 0.40, 0.12),
    "fox": Build(0.6, 0.36, 0.25, 0.20, 0.18, 0.7, 0.13, 0.17, 0.14, 0.55, 0.19),
    "cat": Build(0.42, 0.27, 0.31, 0.31, 0.13, 0.95, 0.21, 0.05, 0.14, 0.62, 0.075),
    "horse": Build(1.35, 0.56, 0.30, 0.27, 0.40, 1.0, 0.12, 0.22, 0.07, 0.46, 0.09, "mane"),
    "deer": Build(1.05, 0.60, 0.27, 0.22, 0.34, 1.1, 0.10, 0.14, 0.09, 0.10, 0.05, "antlers"),
    "bear": Build(1.1, 0.34, 0.44, 0.42, 0.18, 0.4, 0.2, 0.13, 0.07, 0.05, 0.05),
    "rabbit": Build(0.3, 0.22, 0.3, 0.36, 0.12, 1.0, 0.18, 0.06, 0.30, 0.10, 0.12),
    "elephant": Build(1.9, 0.46, 0.46, 0.46, 0.16, 0.6, 0.26, 0.05, 0.10, 0.3, 0.03, "trunk"),
    "camel": Build(1.35, 0.60, 0.28, 0.25, 0.40, 0.7, 0.11, 0.15, 0.05, 0.26, 0.04, "humps"),
    "cow": Build(1.25, 0.40, 0.42, 0.42, 0.2, 0.4, 0.14, 0.17, 0.08, 0.34, 0.05),
    "sheep": Build(0.68, 0.28, 0.46, 0.46, 0.12, 0.6, 0.13, 0.1, 0.09, 0.08, 0.1),
    "lion": Build(0.95, 0.40, 0.34, 0.26, 0.2, 0.7, 0.17, 0.12, 0.07, 0.5, 0.06, "mane"),
    "tiger": Build(0.95, 0.38, 0.31, 0.25, 0.18, 0.5, 0.16, 0.11, 0.07, 0.55, 0.06),
    "pig": Build(0.62, 0.24, 0.44, 0.46, 0.12, 0.2, 0.16, 0.12, 0.09, 0.12, 0.03),
    "mouse": Build(0.26, 0.16, 0.3, 0.38, 0.08, 0.8, 0.17, 0.12, 0.16, 0.7, 0.03),
    "dinosaur": Build(2.0, 0.42, 0.4, 0.36, 0.62, 1.0, 0.12, 0.12, 0.0, 0.8, 0.2),
}


COATS: dict[str, tuple[int, int, int]] = {
    "dog": (150, 104, 66),
    "wolf": (120, 122, 128),
    "fox": (214, 104, 40),
    "cat": (96, 90, 92),
    "horse": (124, 78, 50),
    "deer": (158, 108, 66),
    "bear": (92, 66, 50),
    "rabbit": (196, 180, 160),
    "elephant": (132, 130, 134),
    "camel": (196, 154, 102),
    "cow": (142, 94, 64),
    "sheep": (236, 230, 218),
    "lion": (206, 156, 84),
    "tiger": (226, 130, 44),
    "pig": (232, 164, 160),
    "mouse": (140, 124, 116),
    "dinosaur": (92, 132, 84),
    "whale": (62, 86, 116),
    "fish": (240, 140, 60),
    "bird": (236, 238, 240),
    "owl": (134, 106, 80),
    "crane": (240, 240, 240),
    "butterfly": (240, 150, 50),
    "penguin": (40, 44, 56),
    "turtle": (84, 120, 80),
    "jellyfish": (230, 150, 220),
    "dragon": (96, 44, 60),
}


def beast(d: Doll, f: Figure, phase: float) -> None:
    """A four-legged animal."""
    b = BUILDS[f.kind]
    s = b.scale
    coat, far = d.tone(f.colour), d.tone(f.colour, 0.68)
    belly = (
        d.tone(mix(colour(f.colour), colour((240, 230, 214)), 0.62))
        if f.kind in {"fox", "wolf", "deer", "cat", "rabbit"}
        else coat * 0.86
    )
    sit = f.pose in {"sit", "sleep"} and f.kind in {"dog", "wolf", "fox", "cat", "rabbit", "bear"}
    swing = {"walk": 0.38, "run": 0.75, "fly": 0.6, "dance": 0.5}.get(f.pose, 0.0)
    bob = 0.02 * s * abs(np.sin(2 * np.pi * phase)) * (swing > 0)
    back, front, top = -0.42 * s, 0.42 * s, -(b.leg + b.chest * 0.5) * s - bob
    rear = top + (0.24 * s if sit else 0.0)
    a, c = gait(phase, swing)
    _tail(d, b, (back - 0.02 * s, rear - b.waist * 0.28 * s), coat, belly, phase, f.kind)
    for x, turn, tone in ((front * 0.86, c, far), (back * 0.88, a, far), (front * 0.98, a, coat), (back, c, coat)):
        hind = x < 0
        if sit and hind:
            d.blob(
                [(x - 0.02 * s, rear), (x + 0.26 * s, rear + 0.04 * s), (x + 0.3 * s, -0.01), (x - 0.06 * s, -0.01)],
                tone,
            )
            continue
        y0 = (rear if hind else top) + b.chest * 0.2 * s
        long = -y0
        knee = (x + np.sin(turn) * long * 0.5 + (0.05 * s if hind else -0.01), y0 + long * 0.5)
        foot = (
            x + np.sin(turn * 1.1) * long * 0.9 - (0.02 * s if hind else 0),
            -0.015 - max(0.0, np.sin(turn)) * 0.05 * s * (swing > 0),
        )
        wide = b.chest * 0.42 * s
        d.limb([(x, y0), knee, foot], [wide, wide * 0.52, wide * 0.36], tone)
        d.limb([foot, (foot[0] + 0.05 * s, foot[1])], [wide * 0.4, wide * 0.3], tone * 0.7)
    chest, waist = b.chest * s, b.waist * s
    upper = [(back - 0.05 * s, rear), (back * 0.6, rear - waist * 0.5), (front * 0.4, top - chest * 0.48)]
    breast = [(front + 0.07 * s, top - chest * 0.12), (front * 0.9, top + chest * 0.5), (0, top + chest * 0.46)]
    d.blob([*upper, *breast, (back * 0.6, rear + waist * 0.42)], coat)
    d.blob(
        [
            (front * 0.95, top + b.chest * 0.1 * s),
            (front * 0.8, top + b.chest * 0.5 * s),
            (0, top + b.chest * 0.47 * s),
            (back * 0.4, rear + b.waist * 0.36 * s),
            (0, top + b.chest * 0.3 * s),
        ],
        belly,
    )
    if b.extra == "humps":
        for x in (-0.2, 0.14):
            d.blob(
                [(x * s - 0.14 * s, top - 0.08 * s), (x * s, top - 0.36 * s), (x * s + 0.14 * s, top - 0.08 * s)], coat
            )
    _beast_head(d, b, (front, top - b.chest * 0.2 * s), coat, belly, f.kind, phase)


def _tail(
    d: Doll, b: Build, root: tuple[float, float], coat: np.ndarray, tip: np.ndarray, phase: float, kind: str
) -> None:
    s, (x, y) = b.scale, root
    wag = 0.06 * s * np.sin(2 * np.pi * phase)
    if kind == "cat":
        points = [
            (x, y),
            (x - 0.2 * s, y - 0.02 * s),
            (x - 0.3 * s, y - 0.25 * s + wag),
            (x - 0.22 * s, y - 0.45 * s + wag),
        ]
    else:
        droop = 0.30 if kind in {"horse", "elephant", "camel"} else 0.14
        points = [(x, y), (x - b.tail * 0.5 * s, y + droop * 0.35 * s + wag), (x - b.tail * s, y + droop * s + wag)]
    wide = b.bushy * s
    widths = np.interp(np.linspace(0, 1, len(points)), [0, 0.6, 1], [wide * 0.6, wide * 1.1, wide * 0.35])
    d.limb(points, [float(w) for w in widths], coat)
    if kind == "fox":
        end = points[-1]
        d.limb(
            [((points[-2][0] + end[0] * 2) / 3, (points[-2][1] + end[1] * 2) / 3), end], [wide * 0.75, wide * 0.3], tip
        )


def _beast_head(
    d: Doll, b: Build, root: tuple[float, float], coat: np.ndarray, belly: np.ndarray, kind: str, phase: float
) -> None:
    s, (x, y) = b.scale, root
    nod = 0.015 * s * np.sin(2 * np.pi * phase)
    hx, hy = x + b.neck * s * 0.75, y - b.neck * b.rise * s + nod
    d.limb(
        [(x - 0.08 * s, y + 0.04 * s), ((x + hx) / 2, (y + hy) / 2), (hx, hy)],
        [b.chest * 0.85 * s, b.chest * 0.56 * s, b.head * 1.15 * s],
        coat,
    )
    if b.extra == "mane":
        d.limb(
            [
                (x - 0.1 * s, y - 0.08 * s),
                ((x + hx) / 2 - 0.07 * s, (y + hy) / 2 - 0.05 * s),
                (hx - 0.05 * s, hy - 0.1 * s),
            ],
            [0.05 * s, 0.09 * s, 0.05 * s],
            coat * 0.5,
        )
    d.disc(hx, hy, b.head * 0.72 * s, b.head * 0.66 * s, coat)
    nose = (
        hx + (b.head * 0.5 + b.snout) * s,
        hy + (b.head * 0.3 + b.snout * (0.75 if kind in {"horse", "deer", "camel"} else 0.25)) * s,
    )
    d.limb([(hx + 0.02 * s, hy + 0.02 * s), nose], [b.head * 1.0 * s, b.head * 0.42 * s], coat)
    if kind in {"fox", "wolf", "cat"}:
        d.limb(
            [(hx + 0.04 * s, hy + b.head * 0.36 * s), (nose[0] - 0.02 * s, nose[1] + 0.012 * s)],
            [b.head * 0.5 * s, b.head * 0.2 * s],
            belly,
        )
    d.disc(nose[0], nose[1] - 0.008 * s, b.head * 0.15 * s, b.head * 0.14 * s, coat * 0.25)
    d.disc(hx + b.head * 0.34 * s, hy - b.head * 0.12 * s, b.head * 0.1 * s, b.head * 0.11 * s, coat * 0.12)
    for k, tone in ((0.4, coat * 0.7), (0.0, coat)):
        ex, ey = hx - b.head * (0.2 - k) * s, hy - b.head * 0.5 * s
        tilt = -0.2 if kind in {"rabbit", "deer", "horse"} else 0.0
        if kind == "elephant":
            continue
        d.poly(
            [(ex - 0.05 * s, ey + 0.04 * s), (ex + 0.05 * s, ey + 0.02 * s), (ex + tilt * b.ear * s, ey - b.ear * s)],
            tone,
        )
    if b.extra == "antlers":
        for side, shade in ((0.3, 0.6), (0.0, 0.8)):
            bx, horn = hx - 0.02 * s + side * 0.1 * s, d.tone((196, 168, 128), shade)
            beam = [(bx, hy - 0.06 * s), (bx - 0.12 * s, hy - 0.24 * s), (bx - 0.04 * s, hy - 0.44 * s)]
            d.line(beam, 0.02 * s, horn, smooth=True)
            d.line([(bx - 0.1 * s, hy - 0.2 * s), (bx + 0.05 * s, hy - 0.32 * s)], 0.016 * s, horn)
    if b.extra == "trunk":
        d.blob(
            [
                (hx - 0.16 * s, hy - 0.1 * s),
                (hx - 0.22 * s, hy + 0.16 * s),
                (hx - 0.04 * s, hy + 0.18 * s),
                (hx, hy - 0.08 * s),
            ],
            coat * 0.82,
        )
        d.limb(
            [
                (hx + 0.14 * s, hy + 0.04 * s),
                (hx + 0.22 * s, hy + 0.26 * s),
                (hx + 0.18 * s, hy + 0.5 * s),
                (hx + 0.26 * s, hy + 0.56 * s),
            ],
            [0.15 * s, 0.1 * s, 0.06 * s, 0.04 * s],
            coat,
        )
        d.limb(
            [(hx + 0.1 * s, hy + 0.14 * s), (hx + 0.28 * s, hy + 0.24 * s)],
            [0.035 * s, 0.012 * s],
            d.tone((240, 232, 214)),
        )

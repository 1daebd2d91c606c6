"""Birds, swimmers, and what flies without being a bird; 1 unit is a person's height."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import (
    colour,
    mix,
)
from vidpipe_tui.providers.local.paint.doll import Doll
from vidpipe_tui.providers.local.paint.world import Figure


def bird(d: Doll, f: Figure, phase: float) -> None:
    """A bird on the wing, beating or gliding; standing ones (owl, crane, penguin) have their own figure."""
    tone, s = d.tone(f.colour), 0.34 if f.kind == "bird" else 0.7
    beat = np.sin(2 * np.pi * phase)
    for side, shade in ((-0.1, 0.72), (0.0, 1.0)):
        tip_y = -0.62 * beat * s - 0.1 * s
        d.blob(
            [
                (0.1 * s, -0.02 * s),
                (-0.02 * s + side * s, tip_y * 0.6 - 0.1 * s),
                (-0.34 * s + side * s, tip_y),
                (-0.2 * s + side * s, tip_y * 0.45 + 0.02 * s),
                (-0.16 * s, 0.04 * s),
            ],
            tone * shade,
        )
    d.blob(
        [
            (-0.42 * s, 0.02 * s),
            (-0.1 * s, -0.07 * s),
            (0.22 * s, -0.06 * s),
            (0.34 * s, 0.0),
            (0.2 * s, 0.07 * s),
            (-0.1 * s, 0.09 * s),
        ],
        tone,
    )
    d.poly([(0.33 * s, -0.03 * s), (0.46 * s, 0.01 * s), (0.33 * s, 0.03 * s)], d.tone((236, 160, 60)))


def standing_bird(d: Doll, f: Figure, phase: float) -> None:
    """Owl, crane or penguin."""
    tone, nod = d.tone(f.colour), 0.01 * np.sin(2 * np.pi * phase)
    if f.kind == "crane":
        for x in (-0.03, 0.05):
            d.line([(x, -0.42), (x + 0.01, 0)], 0.014, d.tone((60, 60, 64)))
        d.blob([(-0.3, -0.42), (-0.1, -0.58), (0.16, -0.55), (0.2, -0.44), (0, -0.36)], tone)
        d.limb([(0.16, -0.5), (0.24, -0.68), (0.17, -0.84), (0.24, -0.92 + nod)], [0.07, 0.04, 0.032, 0.05], tone)
        d.poly([(0.26, -0.93 + nod), (0.42, -0.89 + nod), (0.26, -0.9 + nod)], d.tone((90, 90, 80)))
        d.blob([(-0.36, -0.36), (-0.26, -0.48), (-0.1, -0.46), (-0.2, -0.34)], d.tone((40, 42, 48)))
        return
    s = 0.42 if f.kind == "owl" else 0.62
    waddle = 0.03 * np.sin(2 * np.pi * phase) * (f.pose in {"walk", "run"})
    d.blob(
        [
            (-0.26 * s + waddle, 0),
            (-0.32 * s, -0.5 * s),
            (-0.18 * s - waddle, -0.95 * s),
            (0.18 * s - waddle, -0.95 * s),
            (0.3 * s, -0.5 * s),
            (0.24 * s + waddle, 0),
        ],
        tone,
    )
    d.blob(
        [(-0.08 * s, -0.02), (-0.08 * s, -0.5 * s), (0.1 * s, -0.72 * s), (0.26 * s, -0.45 * s), (0.2 * s, -0.02)],
        d.tone((236, 228, 214)),
    )
    for x in (-0.02, 0.16) if f.kind == "owl" else (0.1,):
        d.disc(
            x * s - waddle,
            -0.82 * s + nod,
            0.085 * s,
            0.085 * s,
            d.tone((250, 220, 110) if f.kind == "owl" else (250, 250, 250)),
        )
        d.disc(x * s - waddle, -0.82 * s + nod, 0.045 * s, 0.045 * s, d.tone((20, 20, 20)))
    d.poly(
        [(0.14 * s - waddle, -0.78 * s), (0.36 * s - waddle, -0.72 * s), (0.14 * s - waddle, -0.68 * s)],
        d.tone((236, 160, 50)),
    )
    d.limb([(-0.22 * s, -0.72 * s), (-0.36 * s, -0.3 * s)], [0.14 * s, 0.06 * s], tone * 0.8)
    for x in (-0.1, 0.12):
        d.disc(x * s, -0.01, 0.1 * s, 0.03 * s, d.tone((236, 160, 50)))


def swimmer(d: Doll, f: Figure, phase: float) -> None:
    """Whale, fish, turtle or jellyfish."""
    tone, wave = d.tone(f.colour), np.sin(2 * np.pi * phase)
    light = d.tone(mix(colour(f.colour), colour((250, 250, 245)), 0.55))
    if f.kind == "whale":
        s = 2.3
        d.blob(
            [
                (-0.5 * s, -0.02 * s),
                (-0.25 * s, -0.12 * s),
                (0.15 * s, -0.17 * s),
                (0.42 * s, -0.11 * s),
                (0.5 * s, 0.0),
                (0.35 * s, 0.09 * s),
                (0, 0.12 * s),
                (-0.3 * s, 0.05 * s),
            ],
            tone,
        )
        d.blob(
            [
                (0.5 * s, 0.01 * s),
                (0.35 * s, 0.09 * s),
                (0, 0.12 * s),
                (-0.15 * s, 0.09 * s),
                (0.1 * s, 0.05 * s),
                (0.36 * s, 0.02 * s),
            ],
            light,
        )
        d.limb([(-0.42 * s, -0.02 * s), (-0.56 * s, -0.03 * s - 0.04 * s * wave)], [0.07 * s, 0.035 * s], tone)
        for k in (-1, 1):
            d.blob(
                [
                    (-0.54 * s, -0.03 * s - 0.04 * s * wave),
                    (-0.62 * s, -0.05 * s * k - 0.05 * s * wave),
                    (-0.72 * s, -0.09 * s * k - 0.06 * s * wave),
                    (-0.6 * s, -0.01 * s - 0.05 * s * wave),
                ],
                tone * 0.9,
            )
        d.blob(
            [
                (0.18 * s, 0.06 * s),
                (0.1 * s, 0.2 * s + 0.02 * s * wave),
                (0.0, 0.22 * s + 0.03 * s * wave),
                (0.08 * s, 0.08 * s),
            ],
            tone * 0.75,
        )
        d.disc(0.36 * s, -0.01 * s, 0.011 * s, 0.011 * s, tone * 0.15)
    elif f.kind == "jellyfish":
        for k in range(6):
            x = -0.16 + 0.064 * k
            d.line(
                [
                    (x, 0.0),
                    (x + 0.05 * np.sin(6.28 * phase + k), 0.22),
                    (x - 0.05 * np.sin(6.28 * phase + k), 0.5 + 0.05 * (k % 3)),
                ],
                0.014,
                light,
                smooth=True,
            )
        squeeze = 1 + 0.1 * wave
        d.poly(
            [(0.24 * squeeze * np.cos(t), 0.02 - 0.3 / squeeze * np.sin(t)) for t in np.linspace(0, np.pi, 20)], tone
        )
        d.poly([(0.05 + 0.12 * np.cos(t), -0.04 - 0.17 * np.sin(t)) for t in np.linspace(0, np.pi, 14)], light)
    elif f.kind == "turtle":
        for x, stroke in ((0.2, 1.0), (-0.24, 0.7)):
            low = 0.16 + 0.1 * wave * stroke
            d.blob([(x, 0.02), (x - 0.06, low), (x - 0.2, low * 1.45), (x - 0.12, 0.02)], light * 0.85)
        d.disc(0.4, -0.03, 0.09, 0.07, light)
        d.disc(0.43, -0.05, 0.014, 0.014, tone * 0.1)
        d.blob([(-0.34, 0.05), (-0.2, -0.15), (0.12, -0.17), (0.32, 0.03), (0, 0.08)], tone)
        d.blob([(-0.14, 0.0), (-0.08, -0.11), (0.08, -0.11), (0.14, 0.0)], tone * 1.3)
    else:
        s = 0.34
        d.poly(
            [
                (-0.3 * s, 0),
                (-0.62 * s, -0.22 * s + 0.1 * s * wave),
                (-0.55 * s, 0.0),
                (-0.62 * s, 0.22 * s + 0.1 * s * wave),
            ],
            tone * 0.85,
        )
        d.blob(
            [
                (-0.36 * s, 0.0),
                (-0.05 * s, -0.22 * s),
                (0.32 * s, -0.1 * s),
                (0.45 * s, 0.01 * s),
                (0.3 * s, 0.12 * s),
                (-0.05 * s, 0.2 * s),
            ],
            tone,
        )
        d.blob([(0.1 * s, -0.18 * s), (0.17 * s, -0.16 * s), (0.17 * s, 0.15 * s), (0.1 * s, 0.17 * s)], light)
        d.disc(0.32 * s, -0.03 * s, 0.035 * s, 0.035 * s, tone * 0.1)


def winged(d: Doll, f: Figure, phase: float) -> None:
    """Dragon or butterfly."""
    tone, beat = d.tone(f.colour), np.sin(2 * np.pi * phase)
    if f.kind == "butterfly":
        k = 0.4 + 0.6 * abs(np.cos(np.pi * phase))
        for sx, shade in ((-1, 0.8), (1, 1.0)):
            d.blob([(0, 0), (0.14 * sx * k, -0.14), (0.2 * sx * k, -0.05), (0.06 * sx * k, 0.02)], tone * shade)
            d.blob([(0, 0), (0.12 * sx * k, 0.04), (0.1 * sx * k, 0.13), (0.02 * sx * k, 0.06)], tone * shade * 0.8)
        d.limb([(0, -0.08), (0, 0.08)], [0.016, 0.01], tone * 0.2)
        return
    s = 1.8
    lift = -0.42 * beat * s
    for shift, shade in ((0.1, 0.55), (0.0, 0.8)):
        x = shift * s
        d.poly(
            [
                (0.08 * s + x, -0.08 * s),
                (-0.02 * s + x, -0.2 * s + lift * 0.6),
                (-0.3 * s + x, -0.3 * s + lift),
                (-0.26 * s + x, -0.12 * s + lift * 0.5),
                (-0.38 * s + x, -0.08 * s + lift * 0.6),
                (-0.22 * s + x, -0.02 * s + lift * 0.2),
                (-0.14 * s + x, 0.0),
            ],
            tone * shade,
        )
    d.limb(
        [
            (-0.62 * s, 0.06 * s),
            (-0.4 * s, 0.0),
            (-0.15 * s, 0.0),
            (0.12 * s, -0.04 * s),
            (0.28 * s, -0.14 * s),
            (0.4 * s, -0.14 * s),
        ],
        [0.01 * s, 0.05 * s, 0.13 * s, 0.13 * s, 0.07 * s, 0.07 * s],
        tone,
    )
    d.limb([(0.4 * s, -0.14 * s), (0.53 * s, -0.1 * s)], [0.075 * s, 0.03 * s], tone)
    d.poly([(0.38 * s, -0.17 * s), (0.3 * s, -0.25 * s), (0.42 * s, -0.18 * s)], tone * 0.6)
    d.disc(0.43 * s, -0.15 * s, 0.01 * s, 0.01 * s, d.shine((255, 190, 60)))
    for x in (-0.08, 0.08):
        d.limb([(x * s, 0.04 * s), (x * s - 0.02 * s, 0.14 * s)], [0.05 * s, 0.025 * s], tone * 0.8)

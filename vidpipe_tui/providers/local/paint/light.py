"""Light and air: what colours an hour, a weather and a style give to sky, haze and ground."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import Colour, colour, luma, mix, smooth
from vidpipe_tui.providers.local.paint.styles import Style
from vidpipe_tui.providers.local.paint.world import World

# hour: zenith, middle and horizon of the sky, light on things, the sun's own colour
_DAY: tuple[tuple[float, tuple[tuple[int, int, int], ...]], ...] = (
    (0.0, ((7, 11, 33), (15, 26, 60), (36, 52, 94), (62, 76, 124), (214, 224, 250))),
    (4.6, ((12, 18, 46), (34, 42, 88), (92, 84, 122), (76, 84, 130), (255, 190, 160))),
    (6.0, ((52, 74, 136), (174, 132, 162), (255, 184, 132), (176, 146, 150), (255, 214, 160))),
    (7.6, ((84, 146, 210), (164, 200, 224), (250, 224, 186), (228, 214, 198), (255, 240, 205))),
    (11.0, ((54, 124, 208), (112, 176, 232), (204, 228, 238), (250, 248, 244), (255, 252, 236))),
    (14.0, ((60, 130, 210), (120, 182, 232), (212, 230, 236), (250, 246, 238), (255, 250, 228))),
    (16.6, ((82, 138, 200), (156, 188, 208), (246, 222, 176), (246, 226, 196), (255, 236, 180))),
    (18.2, ((78, 108, 172), (206, 158, 138), (255, 200, 112), (238, 184, 138), (255, 216, 128))),
    (19.3, ((52, 58, 122), (190, 92, 104), (255, 146, 72), (186, 122, 116), (255, 168, 84))),
    (20.3, ((26, 36, 88), (82, 70, 130), (214, 122, 112), (108, 98, 142), (255, 140, 110))),
    (21.4, ((12, 19, 52), (28, 40, 84), (66, 74, 120), (74, 86, 136), (206, 216, 246))),
    (24.0, ((7, 11, 33), (15, 26, 60), (36, 52, 94), (62, 76, 124), (214, 224, 250))),
)


@dataclass(frozen=True)
class Light:
    """The colours (0..255, graded) everything is painted with, and where the light stands.

    `dark` is 0 by day and 1 by night; `sun_x`, `sun_y` are parts of the stage and of the sky's height;
    `sunny` is how much direct light there is.
    """

    zenith: Colour
    middle: Colour
    horizon: Colour
    ambient: Colour
    sun: Colour
    fog: Colour
    dark: float
    sun_x: float
    sun_y: float
    sunny: float
    thick: float
    style: Style

    def lit(self, material: Colour | tuple[int, int, int], distance: float = 0.0, shade: float = 1.0) -> Colour:
        """A material's colour under this light, `distance` (0 near .. 1 horizon) deep in the air."""
        c: Colour = colour(material) * (self.ambient / 255) * shade
        c = self.style.grade(np.clip(c, 0, 255))
        veil = min(0.96, (1 - (1 - distance) ** 1.5) * (0.55 + 0.45 * self.thick) * self.style.haze)
        out: Colour = mix(c, self.fog, veil)
        return out

    def glowing(self, rgb: tuple[int, int, int] | Colour) -> Colour:
        """The colour of something that shines by itself."""
        return self.style.grade(colour(rgb))


def read_light(world: World, style: Style) -> Light:
    """The light of a world at its hour, under its weather, in a style."""
    zenith, middle, horizon, ambient, sun = _sky_at(world.hour)
    hour = world.hour % 24
    dark = float(1 - smooth(hour, 4.8, 6.6) + smooth(hour, 19.4, 21.2))
    gloom = min(1.0, max(world.cloud - 0.45, 0) * 1.5 + world.rain * 0.4 + world.snow * 0.35)
    grey = np.array([0.92, 0.97, 1.04], np.float32)
    zenith, middle, horizon = (
        mix(c, grey * mix(luma(c), luma(middle), 0.6) * (1 - 0.14 * gloom), 0.8 * gloom)
        for c in (zenith, middle, horizon)
    )
    ambient = mix(ambient, grey * luma(ambient) * (1 - 0.16 * gloom), 0.7 * gloom)
    ambient = ambient * mix(1.0, style.fill, dark)
    if style.town_glow is not None:
        neon = colour(style.town_glow)
        horizon, middle = mix(horizon, neon, 0.6 * dark), mix(middle, neon * 0.4, 0.45 * dark)
    lift = 2.0 ** (world.exposure * 0.9)
    warm = colour((1 + 0.12 * world.warmth, 1 + 0.02 * world.warmth, 1 - 0.14 * world.warmth))
    hues = [np.clip(c * lift * warm, 0, 255) for c in (zenith, middle, horizon, ambient * (1 - 0.06 * dark), sun)]
    if world.vivid:
        hues = [np.clip(luma(c) + (c - luma(c)) * (1 + 0.5 * world.vivid), 0, 255) for c in hues]
    zenith, middle, horizon, ambient, sun = hues
    z, m, h = (style.grade(c) for c in (zenith, middle, horizon))
    fog = mix(h, m, 0.25 + 0.3 * world.fog)
    x, y = _sun_at(world)
    return Light(
        z, m, h, ambient, style.grade(sun), fog, min(1.0, dark), x, y,
        max(0.0, 1 - gloom * 0.9), min(1.0, 0.3 + world.fog + 0.3 * world.rain + 0.4 * world.snow), style,
    )  # fmt: skip


def _sky_at(hour: float) -> list[Colour]:
    hour %= 24
    for (h0, a), (h1, b) in pairwise(_DAY):
        if h0 <= hour <= h1:
            t = (hour - h0) / (h1 - h0)
            return [mix(colour(p), colour(q), t) for p, q in zip(a, b, strict=True)]
    return [colour(c) for c in _DAY[0][1]]


def _sun_at(world: World) -> tuple[float, float]:
    """Where sun or moon stand: x over the stage, y from 0 (zenith) to 1 (horizon)."""
    hour = world.hour % 24
    side = 1 if world.root % 2 else -1
    if 5.0 <= hour <= 20.6:
        t = (hour - 5.0) / 15.6
        x = 0.5 + side * (0.30 - 0.60 * t) * 0.9
        y = 1.04 - 0.92 * float(np.sin(np.pi * np.clip(t, 0, 1))) ** 0.8
    else:
        t = ((hour - 20.6) % 24) / 8.4
        x = 0.5 - side * (0.26 - 0.40 * t)
        y = 0.42 - 0.2 * float(np.sin(np.pi * t))
    return x, y

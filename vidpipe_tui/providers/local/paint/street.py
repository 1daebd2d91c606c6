"""A street in perspective: house fronts with windows, shops and signs, and its lamps."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import (
    Colour,
    colour,
    mix,
)
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer
from vidpipe_tui.providers.local.paint.terrain import snowy
from vidpipe_tui.providers.local.paint.town import NEON, WINDOW, halos, lamps_on


def fronts(easel: Easel, *, narrow: float = 1.0, signs: float = 0.5) -> list[Layer]:
    """House fronts to both sides in perspective, with windows, shop fronts and signs, and their glow."""
    rng = easel.rng("street")
    light, width, u = easel.light, easel.width, easel.unit
    vx, vy = width * (0.5 + 0.06 * (rng.random() - 0.5)), easel.horizon
    canvas = Canvas(width, easel.height, ground=light.lit((100, 96, 100), 0.3))
    shine = Canvas(width, easel.height, fine=1)
    on = lamps_on(easel)
    for side in (-1, 1):
        depths = [0.98 * 0.66**k for k in range(8)][::-1]
        half = (0.62 if width > easel.height else 0.8) * narrow
        for k, near in enumerate(depths):
            far = near * 0.66
            tall = (0.55 + 0.5 * rng.random()) * easel.height * 1.15
            tint = ((126, 108, 98), (104, 100, 108), (136, 120, 104), (94, 98, 112), (140, 100, 86))[
                int(rng.integers(5))
            ]
            front = _Front(vx, vy, side * half * width, tall, easel.height * 0.42, far, near)
            dist = 0.62 * (1 - (k + 1) / len(depths)) ** 0.8
            shade = 0.62 if side * (light.sun_x - 0.5) > 0 else 0.95
            front.draw(canvas, shine, easel, light.lit(snowy(easel, tint, 0.25), dist, shade), dist, on, rng, signs)
    rgb, alpha = canvas.finish()
    layers = [Layer("fronts", rgb, alpha, 0, 0.42)]
    if on > 0.05:
        small = shine.colours.reduce(4)
        halo = small.filter(ImageFilter.GaussianBlur(9 * u)).resize((width, easel.height), Image.Resampling.BILINEAR)
        around, within = (
            picture.point([min(255, round(v * share)) for v in range(256)] * 3)
            for picture, share in ((halo, 1.1 * on * light.style.glow), (shine.colours, 0.35 * on))
        )
        glow = np.asarray(ImageChops.add(around, within))
        layers.append(Layer("signs", glow, None, 0, 0.42, add=True, flicker=0.12))
    return layers


class _Front:
    """One house front beside the street, from depth `far` to depth `near` (1 is at the lens)."""

    def __init__(self, vx: float, vy: float, half: float, tall: float, drop: float, far: float, near: float):
        self.vx, self.vy, self.half, self.tall, self.drop, self.far, self.near = vx, vy, half, tall, drop, far, near

    def at(self, along: float, up: float) -> tuple[float, float]:
        """Screen point `along` the front (0 far, 1 near; in even steps of real length), `up` 0 foot to 1 eaves."""
        z = 1 / (1 / self.far + (1 / self.near - 1 / self.far) * along)
        return self.vx + self.half * z, self.vy + (self.drop - up * (self.tall + self.drop)) * z

    def quad(self, a0: float, u0: float, a1: float, u1: float) -> list[tuple[float, float]]:
        return [self.at(a0, u0), self.at(a1, u0), self.at(a1, u1), self.at(a0, u1)]

    def draw(
        self,
        canvas: Canvas,
        shine: Canvas,
        easel: Easel,
        tone: Colour,
        dist: float,
        on: float,
        rng: np.random.Generator,
        signs: float,
    ) -> None:
        canvas.polygon(self.quad(0, -0.02, 1, 1), tone)
        canvas.polygon(self.quad(0, 0.97, 1, 1), tone * 1.12)
        light = easel.light
        glow = mix(light.glowing(WINDOW), light.fog, 0.4 * dist)
        dark_glass = mix(tone * 0.55, light.middle, 0.22)
        floors, columns = 5, 4
        for f in range(1, floors):
            for c in range(columns):
                lit = rng.random() < 0.42 * on
                a0, u0 = (c + 0.24) / columns, (f + 0.2) / floors
                quad = self.quad(a0, u0, a0 + 0.52 / columns, u0 + 0.55 / floors)
                canvas.polygon(quad, glow if lit else dark_glass)
                if lit and self.near > 0.12:
                    shine.polygon(quad, glow * 0.4)
        shop = light.glowing(NEON[int(rng.integers(len(NEON)))]) if rng.random() < signs else glow
        canvas.polygon(
            self.quad(0.08, 0.0, 0.92, 0.13), mix(dark_glass, mix(shop, light.fog, 0.3 * dist), 0.15 + 0.7 * on)
        )
        if on > 0.05:
            shine.polygon(self.quad(0.08, 0.0, 0.92, 0.13), shop * 0.55)
        canvas.polygon(self.quad(0.04, 0.14, 0.96, 0.165), tone * 0.7)
        if rng.random() < signs:
            self._sign(canvas, shine, light.glowing(NEON[int(rng.integers(len(NEON)))]), on, rng, dist, light.fog)

    def _sign(
        self, canvas: Canvas, shine: Canvas, c: Colour, on: float, rng: np.random.Generator, dist: float, fog: Colour
    ) -> None:
        """A blank glowing panel that hangs out over the pavement; it never carries writing."""
        a, u0 = 0.2 + 0.6 * rng.random(), 0.26 + 0.16 * rng.random()
        (x, y0), (_, y1) = self.at(a, u0), self.at(a, u0 + 0.16 + 0.16 * rng.random())
        reach = -np.sign(self.half) * abs(y1 - y0) * 0.26
        tone = mix(mix(c * 0.45, c, 0.2 + 0.8 * on), fog, 0.3 * dist)
        panel = [(x, y0), (x + reach, y0), (x + reach, y1), (x, y1)]
        canvas.polygon(panel, tone)
        inner = [
            (x + reach * 0.16, y0 + (y1 - y0) * 0.05),
            (x + reach * 0.84, y0 + (y1 - y0) * 0.05),
            (x + reach * 0.84, y1 - (y1 - y0) * 0.05),
            (x + reach * 0.16, y1 - (y1 - y0) * 0.05),
        ]
        canvas.polygon(inner, mix(tone, colour((255, 255, 255)), 0.35 * on))
        if on > 0.05:
            shine.polygon(panel, c * 1.0)


def street_lamps(easel: Easel, count: int = 4) -> list[Layer]:
    """Lamps to both sides of a street, and their light."""
    canvas = Canvas(easel.width, easel.height, ground=(20, 20, 24))
    spots: list[tuple[float, float, float]] = []
    vx, vy = easel.width * 0.5, easel.horizon
    for k in range(count):
        z = 0.86 * 0.56**k
        for side in (-1, 1):
            x, foot = vx + side * 0.36 * easel.width * z, vy + easel.height * 0.42 * z
            tall, c = easel.height * 0.62 * z, easel.light.lit((46, 48, 54), 0.5 * (1 - z), 0.8)
            canvas.box(x - tall * 0.008, foot - tall, x + tall * 0.008, foot, c)
            canvas.line([(x, foot - tall), (x - side * tall * 0.12, foot - tall * 1.03)], tall * 0.014, c)
            canvas.disc(
                x - side * tall * 0.13,
                foot - tall * 1.02,
                tall * 0.03,
                tall * 0.018,
                easel.light.glowing((255, 232, 186)) if lamps_on(easel) > 0.2 else c,
            )
            spots.append((x - side * tall * 0.13, foot - tall * 1.0, tall * 0.2))
    rgb, alpha = canvas.finish()
    layers = [Layer("lamps", rgb, alpha, 0, 0.5)]
    if lamps_on(easel) > 0.05:
        layers.append(halos(easel, "lamplight", spots, (255, 206, 130), 0.5, lamps_on(easel)))
    return layers

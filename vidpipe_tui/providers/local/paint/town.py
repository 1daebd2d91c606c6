"""Towns: skylines, streets in perspective, houses, lamps and landmarks."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import Colour, colour, mix, to_bytes
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
        _block(canvas, x, foot, w, h, tone, light.sun, side, crown, u)
        _windows(canvas, rng, x, foot, w, h, tone, easel, distance, on)
        x += w * (1 + gap * rng.random())
    rgb, alpha = canvas.finish()
    body = rgb.astype(np.float32)
    fade = np.linspace(0, 1, body.shape[0], dtype=np.float32)[:, None, None] ** 2.2 * (0.25 + 0.5 * light.thick)
    return Layer(name, to_bytes(body + (light.fog - body) * fade * (0.35 + 0.65 * distance)), alpha, top, near)


def _block(
    canvas: Canvas,
    x: float,
    foot: float,
    w: float,
    h: float,
    tone: Colour,
    sun: Colour,
    side: int,
    crown: float,
    u: float,
) -> None:
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


def _windows(
    canvas: Canvas,
    rng: np.random.Generator,
    x: float,
    foot: float,
    w: float,
    h: float,
    tone: Colour,
    easel: Easel,
    distance: float,
    on: float,
) -> None:
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


def street(easel: Easel, *, narrow: float = 1.0, signs: float = 0.5) -> list[Layer]:
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
        glow = np.asarray(halo).astype(np.float32) * (1.1 * on * light.style.glow) + np.asarray(shine.colours) * (
            0.35 * on
        )
        layers.append(Layer("signs", to_bytes(glow), None, 0, 0.42, add=True, flicker=0.12))
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

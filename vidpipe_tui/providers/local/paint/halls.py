"""Large halls: a station, a cave, a theatre."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import (
    Floats,
    colour,
    mix,
    noise,
    smooth,
    to_bytes,
)
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer, Mirror, Stage
from vidpipe_tui.providers.local.paint.terrain import floor
from vidpipe_tui.providers.local.paint.town import halos, lamps_on

Spots = list[tuple[float, float, float]]


def station(easel: Easel, stage: Stage) -> None:
    """A platform under a long glass roof, in perspective, with lamps."""
    light, w, h, u = easel.light, easel.width, easel.height, easel.unit
    vx, vy = w * 0.56, easel.horizon
    c = Canvas(w, h, ground=light.lit((60, 62, 70), 0.3))
    steel = light.lit((62, 66, 78), 0.12, 0.8)
    spots: Spots = []
    pit = [(vx, vy + 4), (vx + 6 * u, vy + 4), (w * 1.35, h), (w * 0.82, h)]
    c.polygon([(vx, vy), (w * 1.5, h * 1.1), (-w * 0.5, h * 1.1)], light.lit((138, 130, 124), 0.2, 0.8))
    c.polygon(pit, light.lit((52, 50, 54), 0.15, 0.7))
    for k in (0.9, 1.02, 1.14, 1.26):
        c.line([(vx + 2 * u, vy + 3), (w * k, h)], 2.4 * u, mix(steel, light.horizon, 0.5))
    c.line([(vx, vy + 3), (w * 0.8, h)], 5 * u, light.lit((236, 206, 110), 0.1, 0.9))
    for k in range(7)[::-1]:
        z = 1.5 * 0.62**k
        haze = mix(steel, light.fog, 0.75 * max(0.0, 1 - z) ** 1.5)
        for side, reach in ((-1, 0.62), (1, 0.72)):
            x, foot, top = vx + side * reach * w * z, vy + 0.34 * h * z, vy - 0.66 * h * z
            c.box(x - 9 * u * z, top, x + 9 * u * z, foot, haze)
            c.polygon(
                [
                    (x, top + 2),
                    (x, top + 26 * u * z),
                    (x - side * 0.3 * w * z, top - 0.16 * h * z),
                    (x - side * 0.3 * w * z, top - 0.2 * h * z),
                ],
                haze,
            )
            lx = x - side * 0.2 * w * z
            c.disc(lx, top + 30 * u * z, 20 * u * z, 8 * u * z, light.glowing((255, 236, 190)))
            spots.append((lx, top + 32 * u * z, 150 * u * z))
        yr = vy - 0.86 * h * z
        if k < 6:
            f = z * 0.62
            pane = mix(light.lit((150, 166, 178), 0.2 + 0.6 * max(0.0, 1 - z)), light.fog, 0.6 * max(0.0, 1 - z))
            eaves, ridge_row = (vy - 0.66 * h * z, vy - 0.66 * h * f), (yr, vy - 0.86 * h * f)
            for a, b, dim in ((-0.62, -0.2, 0.62), (-0.2, 0.3, 0.86), (0.3, 0.72, 0.7)):
                rows = [(eaves if abs(v) > 0.4 else ridge_row) for v in (a, b)]
                roof = [
                    (vx + a * w * z, rows[0][0]),
                    (vx + b * w * z, rows[1][0]),
                    (vx + b * w * f, rows[1][1]),
                    (vx + a * w * f, rows[0][1]),
                ]
                c.polygon(roof, pane * dim * (0.92 if k % 2 else 1.0))
            for side, reach, dim in ((-1, 0.62, 0.55), (1, 0.72, 0.62)):
                xz, xf = vx + side * reach * w * z, vx + side * reach * w * f
                c.polygon(
                    [(xz, eaves[0]), (xf, eaves[1]), (xf, vy + 0.34 * h * f), (xz, vy + 0.34 * h * z)], pane * dim
                )
        c.line(
            [
                (vx - 0.62 * w * z, vy - 0.66 * h * z),
                (vx - 0.2 * w * z, yr),
                (vx + 0.3 * w * z, yr),
                (vx + 0.72 * w * z, vy - 0.66 * h * z),
            ],
            10 * u * z,
            haze,
        )
    rgb, alpha = c.finish()
    stage.layers.append(Layer("hall", rgb, alpha, 0, 0.4))
    stage.layers.append(halos(easel, "lamplight", spots, (255, 214, 150), 0.4, 0.35 + 0.6 * lamps_on(easel)))
    stage.mirror = Mirror(int(vy + 2), h, 0.22 + 0.3 * easel.world.rain, 0.7, 2 * u, 0.4, "lamplight")


def cave(easel: Easel, stage: Stage) -> None:
    """The inside of a cave that looks out into the light."""
    w, h = easel.width // 2, easel.height // 2
    y, x = np.mgrid[:h, :w].astype(np.float32)
    angle = np.arctan2((y - h * 0.46) / h, (x - w * 0.5) / w)
    for k, (size, near, shade) in enumerate(((0.23, 0.4, 0.8), (0.36, 0.65, 0.5), (0.5, 0.95, 0.22))):
        rng = easel.rng("cave", k)
        knots = rng.random(15, dtype=np.float32)
        knots[-1] = knots[0]
        edge = size * (0.82 + 0.36 * np.interp(angle, np.linspace(-np.pi, np.pi, 15), knots).astype(np.float32))
        rough: Floats = noise(rng, (w, h), 12, 4) - 0.5
        r = np.hypot((x - w * 0.5) / w, (y - h * 0.46) / h * 0.9) + rough * 0.08
        cover = smooth(r - edge, -0.003, 0.003)
        glow = np.exp(-np.clip(r - edge, 0, 1) * 9)
        rock = easel.style.grade(colour((112, 92, 84)) * (easel.light.ambient * 0.5 + 60) / 255 * shade)
        rgb = (
            rock * (0.6 + rough * 1.5)[..., None]
            + (easel.light.horizon - rock) * (glow * 0.5 * (1 - 0.25 * k))[..., None]
        )
        both = to_bytes(np.concatenate([rgb, cover[..., None] * 255], axis=2))

        big = np.asarray(Image.fromarray(both, "RGBA").resize((easel.width, easel.height), Image.Resampling.BILINEAR))
        stage.layers.append(
            Layer(f"rock-{k}", np.ascontiguousarray(big[..., :3]), np.ascontiguousarray(big[..., 3]), 0, near)
        )


def theatre(easel: Easel, stage: Stage) -> None:
    """A stage with curtains and spotlights."""
    w, h, u = easel.width, easel.height, easel.unit
    rows = int(easel.horizon) + 2
    x = np.arange(w, dtype=np.float32)[None, :]
    fold = 0.5 + 0.5 * np.sin(x / (17 * u) + 1.2 * np.sin(x / (61 * u)))
    red = easel.style.grade(colour((168, 26, 38)))
    t = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    lit = 0.2 + 0.8 * np.exp(-(((x / w - 0.5) / 0.34) ** 2)) * (0.5 + 0.5 * t)
    stage.layers.append(Layer("curtain", to_bytes(((0.25 + 0.75 * fold) * lit)[..., None] * red), None, 0, 0.3))
    stage.layers.append(
        floor(easel, "boards", (150, 98, 60), near=0.55, boards=110, gloss=easel.style.grade(colour((255, 210, 150))))
    )
    canvas = Canvas(w // 2, h // 2, fine=1)

    for k, tint in enumerate(((255, 236, 200), (255, 190, 120), (190, 200, 255))):
        cx, foot = w * (0.5, 0.36, 0.66)[k] / 2, (easel.horizon + (h - easel.horizon) * 0.5) / 2
        top = w * (0.5, 0.12, 0.88)[k] / 2
        canvas.polygon(
            [(top - 5 * u, -5), (top + 5 * u, -5), (cx + 80 * u, foot), (cx - 80 * u, foot)],
            easel.light.glowing(tint) * 0.24,
        )
        canvas.disc(cx, foot, 80 * u, 15 * u, easel.light.glowing(tint) * 0.42)
    soft = canvas.colours.filter(ImageFilter.GaussianBlur(5 * u)).resize((w, h), Image.Resampling.BILINEAR)
    stage.layers.append(Layer("spots", np.asarray(soft), None, 0, 0.5, add=True, flicker=0.1))
    stage.mirror = Mirror(int(easel.horizon), h, 0.2, 0.8, 0.0, 0.5, "boards")

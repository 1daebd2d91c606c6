"""Places that follow other rules: outer space, other planets, under water, above the clouds."""

from __future__ import annotations

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.paint.arrays import colour, mix, noise, smooth, to_bytes
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.sky import beams
from vidpipe_tui.providers.local.paint.stage import Layer, Stage
from vidpipe_tui.providers.local.paint.terrain import Rgb, land, line_of


def space(easel: Easel, stage: Stage) -> None:
    """Stars, a nebula and a planet in sunlight; opaque."""
    w, h = easel.width // 2, easel.height // 2
    rng = easel.rng("space")
    hues: list[Rgb] = [(90, 50, 150), (30, 90, 160), (170, 60, 110), (40, 120, 120)]
    rgb = np.ones((h, w, 1), np.float32) * easel.style.grade(colour((7, 9, 22)))
    for k in range(2):
        cloud = noise(easel.rng("nebula", k), (w, h), 2.6 + k, 5)
        tint = easel.style.grade(colour(hues[int(rng.integers(4))]))
        rgb += (smooth(cloud, 0.42, 0.95) ** 1.5 * 1.05)[..., None] * tint
    big = np.array(Image.fromarray(to_bytes(rgb)).resize((easel.width, easel.height), Image.Resampling.BILINEAR))
    count = int(900 * easel.width * easel.height / 1.3e6)
    x, y = rng.integers(1, easel.width - 2, count), rng.integers(1, easel.height - 2, count)
    bright = rng.random(count) ** 4
    for i in range(count):
        b = 0.25 + 0.75 * bright[i]
        big[y[i], x[i]] = np.maximum(big[y[i], x[i]], to_bytes(easel.light.glowing((255, 244 - 30 * (i % 2), 230)) * b))
        if b > 0.7:
            for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                big[y[i] + dy, x[i] + dx] = np.maximum(big[y[i] + dy, x[i] + dx], int(150 * b))
    stage.layers = [Layer("sky", big, None, 0, 0.0)]
    reach = easel.unit * 430
    globe(
        easel,
        stage,
        easel.width * (0.72 if easel.world.root % 2 else 0.24),
        easel.height * 0.86,
        reach,
        0.12,
        easel.world.root % 3,
    )
    globe(
        easel, stage, easel.width * (0.2 if easel.world.root % 2 else 0.8), easel.height * 0.22, reach * 0.14, 0.06, 3
    )


def globe(easel: Easel, stage: Stage, cx: float, cy: float, radius: float, near: float, kind: int) -> None:
    """A planet lit from the upper left, with clouds or bands and a thin air."""
    top, bottom = max(0, int(cy - radius * 1.2)), min(easel.height, int(cy + radius * 1.2))
    rows, w = max(2, (bottom - top)), easel.width
    y, x = np.mgrid[top : top + rows : 2, 0:w:2].astype(np.float32)
    nx, ny = (x - cx) / radius, (y - cy) / radius
    r2 = nx**2 + ny**2
    nz = np.sqrt(np.clip(1 - r2, 0, 1))
    lit = np.clip(-0.62 * nx - 0.52 * ny + 0.42 * nz + 0.06, 0, 1)
    field = noise(easel.rng("globe", kind), (y.shape[1], y.shape[0]), 7, 5, stretch=2.2 if kind != 1 else 7)
    base, other = (
        ((36, 92, 168), (236, 240, 246)),
        ((198, 148, 96), (238, 208, 164)),
        ((178, 84, 56), (226, 150, 110)),
        ((170, 170, 176), (110, 112, 122)),
    )[kind]
    surface = mix(
        easel.style.grade(colour(base)), easel.style.grade(colour(other)), smooth(field, 0.48, 0.75)[..., None]
    )
    rgb = surface * (0.03 + 1.02 * lit)[..., None]
    air = easel.style.grade(colour((120, 190, 255)))
    rim = np.clip(1 - nz, 0, 1) ** 3 * lit * 0.8
    rgb += (air - rgb) * rim[..., None]
    out = np.sqrt(r2)
    cover = np.maximum(np.clip((1 - out) * radius / 2 + 0.5, 0, 1), 0)
    halo = np.exp(-np.clip(out - 1, 0, 9) * 26) * np.clip(-0.62 * nx - 0.52 * ny + 0.35, 0, 1) * 0.7
    alpha = np.maximum(cover, halo)
    rgb = np.where(cover[..., None] > 0.5, rgb, air)
    both = Image.fromarray(to_bytes(np.concatenate([rgb, alpha[..., None] * 255], axis=2)), "RGBA")
    pixels = np.asarray(both.resize((w, rows), Image.Resampling.BILINEAR))
    stage.layers.append(
        Layer(f"globe-{kind}", np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3]), top, near)
    )


def underwater(easel: Easel, stage: Stage) -> None:
    """The sea from within: light from above, rocks, corals and weeds."""
    w, h = easel.width // 2, easel.height // 2
    t = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    top, mid, deep = (easel.light.lit(c) for c in ((120, 226, 232), (26, 132, 168), (8, 48, 92)))
    rgb = mix(mix(top, mid, smooth(t, 0, 0.4)), deep, smooth(t, 0.3, 1.0))[:, None, :] * np.ones((1, w, 1), np.float32)
    rgb += ((noise(easel.rng("water"), (w, h), 4, 4) - 0.5) * 22)[..., None]
    x = np.arange(w, dtype=np.float32)[None, :] / w
    rgb += (top - rgb) * (np.exp(-(((x - easel.light.sun_x) / 0.3) ** 2)) * (1 - t) ** 2 * 0.6)[..., None]
    pixels = np.array(Image.fromarray(to_bytes(rgb)).resize((easel.width, easel.height), Image.Resampling.BILINEAR))
    stage.layers = [Layer("sky", pixels, None, 0, 0.0)]
    hz, u = easel.height, easel.unit
    for k, (row, near, dist) in enumerate(((0.66, 0.15, 0.7), (0.76, 0.35, 0.45), (0.86, 0.6, 0.15))):
        line = line_of(easel, f"reef{k}", hz * row, 120 * u * (1 - 0.2 * k), 5 + k, 0.55)
        stage.layers.append(_sunk(easel, f"reef{k}", line, near, dist))
    stage.layers.append(beams(easel, 1.25))
    stage.layers.append(_corals(easel))
    stage.figures_after, stage.ground, stage.ground_near = "beams", (0.72, 0.92), 0.6


def _sunk(easel: Easel, name: str, line: np.ndarray, near: float, dist: float) -> Layer:
    layer = land(easel, name, line, (70, 104, 110), near=near, distance=0.0, veil=0.1, texture=26, darken=0.5)
    water_tone = easel.light.lit((20, 104, 146))
    layer.rgb = to_bytes(mix(layer.rgb.astype(np.float32), water_tone, 0.25 + 0.65 * dist))
    return layer


def _corals(easel: Easel) -> Layer:
    rng = easel.rng("corals")
    u, w, h = easel.unit, easel.width, easel.height
    top = int(h * 0.62)
    canvas = Canvas(w, h - top, top=top, ground=easel.light.lit((20, 70, 80)))
    for _ in range(26):
        edge = rng.random()
        x = w * (edge * 0.42 if rng.random() < 0.5 else 1 - edge * 0.42)
        foot, tall = h + 8 * u, (70 + 150 * rng.random()) * u * (1 - 0.6 * edge)
        tone = easel.light.lit(
            ((206, 84, 96), (232, 140, 70), (120, 84, 160), (40, 120, 90), (30, 96, 84))[int(rng.integers(5))],
            0.0,
            0.66,
        )
        if rng.random() < 0.5:
            sway = rng.normal() * 30 * u
            canvas.limb(
                [
                    (x, foot),
                    (x + sway, foot - tall * 0.55),
                    (x - sway * 0.6, foot - tall),
                    (x + sway * 0.4, foot - tall * 1.4),
                ],
                [13 * u, 11 * u, 7 * u, 2 * u],
                tone,
            )
        else:
            for k in range(6):
                a = (k - 2.5) * 0.34 + rng.normal() * 0.1
                canvas.limb(
                    [
                        (x, foot),
                        (x + np.sin(a) * tall * 0.5, foot - np.cos(a) * tall * 0.5),
                        (x + np.sin(a * 1.4) * tall * 0.9, foot - np.cos(a) * tall),
                    ],
                    [15 * u, 11 * u, 8 * u],
                    tone * (0.85 + 0.05 * k),
                )
    rgb, alpha = canvas.finish()
    return Layer("corals", rgb, alpha, top, 0.95)


def cloud_sea(easel: Easel, stage: Stage) -> None:
    """A sea of clouds seen from above, in billowing banks."""
    for k, (row, near) in enumerate(((0.0, 0.1), (0.2, 0.25), (0.42, 0.45), (0.72, 0.8))):
        rng = easel.rng("bank", k)
        y = easel.horizon + (easel.height - easel.horizon) * row
        size = easel.unit * (26 + 60 * k)
        top = max(0, int(y - size * 3))
        dim = mix(easel.light.lit((226, 232, 244), 0.6 - 0.18 * k, 0.8), easel.light.zenith, 0.15)
        high = mix(easel.light.lit((255, 255, 255), 0.5 - 0.15 * k), easel.light.sun, 0.4 * easel.light.sunny)
        canvas = Canvas(easel.width, easel.height - top, top=top, ground=dim)
        puffs = [
            (rng.random() * easel.width, y + rng.normal() * size * 0.5, size * (0.5 + rng.random()))
            for _ in range(int(60 / (1 + 0.5 * k)) + 10)
        ]
        for shade, lift, scale in ((dim, 0.0, 1.0), (mix(dim, high, 0.55), 0.16, 0.84), (high, 0.34, 0.6)):
            for px, py, r in puffs:
                canvas.disc(px, py + r * 0.5 - lift * r, r * 1.25 * scale, r * 0.8 * scale, shade)
            if lift == 0.0:
                canvas.box(0, y + size * 0.4, easel.width, easel.height, dim)
        rgb, alpha = canvas.finish()
        from PIL import ImageFilter

        soft = np.asarray(Image.fromarray(rgb).filter(ImageFilter.BoxBlur(max(2, round(5 * easel.unit)))))
        stage.layers.append(Layer(f"bank{k}", soft, alpha, top, near))


def craters(easel: Easel, stage: Stage, material: Rgb) -> None:
    """A barren plain with rocks, under a strange sky."""
    u, h, hz = easel.unit, easel.height, easel.horizon
    stage.layers.append(
        land(easel, "far", line_of(easel, "far", hz, 90 * u, 4, 0.55), material, near=0.1, distance=0.7)
    )
    stage.layers.append(
        land(
            easel,
            "mesa",
            line_of(easel, "mesa", hz + 20 * u, 110 * u, 7, 0.62),
            material,
            near=0.25,
            distance=0.45,
            texture=16,
        )
    )
    stage.layers.append(
        land(
            easel,
            "plain",
            line_of(easel, "plain", hz + 0.14 * (h - hz), 26 * u, 3),
            material,
            near=0.55,
            distance=0.12,
            texture=26,
            grain=26,
            stretch=5,
            darken=0.3,
        )
    )
    rng = easel.rng("rocks")
    canvas = Canvas(easel.width, h)
    for _ in range(34):
        t = rng.random() ** 0.7
        x, y, s = rng.random() * easel.width, hz + (h - hz) * (0.2 + 0.75 * t), u * (5 + 38 * t * rng.random())
        tone = easel.light.lit(material, 0.3 * (1 - t), 0.62)
        canvas.polygon(
            [(x - s, y), (x - s * 0.7, y - s * 0.6), (x, y - s * 0.9), (x + s * 0.8, y - s * 0.5), (x + s * 1.1, y)],
            tone,
        )
        canvas.polygon(
            [(x - s * 0.7, y - s * 0.6), (x, y - s * 0.9), (x + s * 0.1, y - s * 0.4), (x - s * 0.5, y - s * 0.1)],
            tone * 1.4,
        )
    rgb, alpha = canvas.finish()
    stage.layers.append(Layer("rocks", rgb, alpha, 0, 0.6))

"""Skies: gradient, sun and moon, stars, clouds and what hangs in the air."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import (
    Colour,
    Floats,
    colour,
    enlarge,
    mix,
    noise,
    smooth,
    to_bytes,
)  # fmt: skip
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.stage import Layer


def dome(easel: Easel) -> Layer:
    """The sky itself with its sun or moon and its stars; opaque, the whole stage high."""
    width, height, light = easel.width, easel.height, easel.light
    w, h = width // 2, height // 2
    line = max(easel.horizon / 2, 8)
    rows = np.clip(np.arange(h, dtype=np.float32) / line, 0, 1)
    up = smooth(rows, 0.0, 0.62)[:, None]
    low = smooth(rows, 0.42, 1.0)[:, None]
    ramp = mix(mix(light.zenith, light.middle, up), light.horizon, low)
    sky = np.repeat(ramp[:, None, :], w, axis=1)
    sky += (noise(easel.rng("sky"), (w, h), 3, 2)[..., None] - 0.5) * 8
    _sun(easel, sky, line)
    image = Image.fromarray(to_bytes(sky)).resize((width, height), Image.Resampling.BILINEAR)
    pixels = np.array(image)
    if light.dark > 0.3:
        _stars(easel, pixels)
    if light.dark > 0.5 and easel.world.cloud < 0.85:
        _moon(easel, pixels)
    elif light.sunny > 0.35:
        _disc(easel, pixels)
    return Layer("sky", pixels, None, 0, 0.0)


def _sun(easel: Easel, sky: Floats, line: float) -> None:
    """The glow around the sun or moon, added in place at half size."""
    light = easel.light
    h, w = sky.shape[:2]
    cx, cy = light.sun_x * w, light.sun_y * line
    y, x = np.ogrid[:h, :w]
    far = np.sqrt((x - cx) ** 2 + ((y - cy) * 1.15) ** 2).astype(np.float32) / (0.5 * (w * h) ** 0.5)
    strength = (0.3 + 0.7 * light.sunny) * light.style.glow * (0.45 if light.dark > 0.5 else 1.0)
    halo = np.exp(-far * 3.2) * 0.42 + np.exp(-far * 10) * 0.36 + np.exp(-far * 34) * 0.5 * light.sunny
    sky += (light.sun - sky) * np.clip(halo * strength, 0, 0.92)[..., None]


def _disc(easel: Easel, pixels: np.ndarray) -> None:
    radius = 0.03 * easel.unit * 1000 * (1.5 if easel.style.name in {"synthwave", "ukiyo-e"} else 1)
    cx, cy = easel.light.sun_x * easel.width, easel.light.sun_y * easel.horizon
    core = mix(easel.light.sun, colour((255, 255, 250)), 0.55 if easel.style.saturation else 0.2)
    _round(
        pixels, cx, cy, radius, core, 0.96 * easel.light.sunny, soft=0.22 if easel.style.surface == "smooth" else 0.05
    )


def _moon(easel: Easel, pixels: np.ndarray) -> None:
    big = 2.3 if "bigmoon" in easel.world.extras else 1.0
    radius = 0.03 * easel.unit * 1000 * big
    cx, cy = easel.light.sun_x * easel.width, easel.light.sun_y * easel.horizon
    face = easel.light.glowing((240, 240, 226))
    _round(pixels, cx, cy, radius, face, 0.97, soft=0.05)
    for dx, dy, r in ((-0.3, -0.2, 0.24), (0.25, 0.1, 0.3), (-0.1, 0.42, 0.18), (0.35, -0.4, 0.12)):
        _round(pixels, cx + dx * radius, cy + dy * radius, r * radius, face * 0.88, 0.6, soft=0.4)


def _round(pixels: np.ndarray, cx: float, cy: float, radius: float, c: Colour, strength: float, soft: float) -> None:
    h, w = pixels.shape[:2]
    x0, x1 = max(0, int(cx - radius - 3)), min(w, int(cx + radius + 4))
    y0, y1 = max(0, int(cy - radius - 3)), min(h, int(cy + radius + 4))
    if x0 >= x1 or y0 >= y1:
        return
    y, x = np.ogrid[y0:y1, x0:x1]
    inside = np.clip((radius - np.hypot(x - cx, y - cy)) / (1 + soft * radius) + 0.5, 0, 1) * strength
    part = pixels[y0:y1, x0:x1].astype(np.float32)
    pixels[y0:y1, x0:x1] = to_bytes(part + (c - part) * inside[..., None].astype(np.float32))


def _stars(easel: Easel, pixels: np.ndarray) -> None:
    rng = easel.rng("stars")
    count = int(420 * easel.width * easel.height / 1.3e6) + 90
    x = rng.integers(1, easel.width - 2, count)
    y = (rng.random(count) ** 1.3 * easel.horizon * 0.9).astype(int) + 1
    bright = (rng.random(count) ** 3 * 0.85 + 0.15) * (easel.light.dark - 0.2) * (1 - easel.world.cloud * 0.75)
    white = easel.light.glowing((255, 250, 240))
    for i in range(count):
        b = float(bright[i])
        spot = pixels[y[i], x[i]]
        pixels[y[i], x[i]] = to_bytes(mix(spot.astype(np.float32), white, b))
        if b > 0.45:
            for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                near = pixels[y[i] + dy, x[i] + dx].astype(np.float32)
                pixels[y[i] + dy, x[i] + dx] = to_bytes(mix(near, white, b * 0.35))


def clouds(easel: Easel) -> Layer | None:
    """One sheet of clouds that drifts and repeats sideways; None under a cloudless sky."""
    amount = easel.world.cloud
    if amount < 0.06:
        return None
    light, edge = easel.light, easel.style.cloud_edge
    rows = max(16, int(easel.horizon * 0.98))
    w, h = easel.width // 2, rows // 2
    size = (w, h)
    field = noise(easel.rng("clouds"), size, 3.0, 5, stretch=2.4, tile=True)
    depth = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    level = 0.74 - 0.46 * amount - 0.8 * max(amount - 0.7, 0) + 0.1 * np.abs(depth - 0.55)
    soft = mix(0.26, 0.07, edge)
    cover = smooth(field, level, level + soft) * smooth(depth, 1.02, 0.8) * (0.55 + 0.45 * min(1.0, amount * 1.5))
    step = max(2, h // 26)
    lifted = np.concatenate([np.repeat(field[:1], step, axis=0), field[:-step]])
    side = 1 if light.sun_x < 0.5 else -1
    towards = np.roll(lifted, side * max(2, w // 60), axis=1)
    lump = np.clip((field - towards) * 3.2 + 0.45, 0, 1)
    if edge > 0.7:
        lump = np.round(lump * 3) / 3
    high = mix(mix(light.middle, light.sun, 0.55 * light.sunny + 0.1), colour((255, 255, 255)), 0.55 * (1 - light.dark))
    high = light.style.grade(high) if light.style.saturation < 0.05 else high
    dim = mix(light.zenith, light.fog, 0.55) * mix(0.97, 0.72, max(amount - 0.5, 0) * 1.6)
    rgb = mix(dim, high, lump[..., None] * (0.35 + 0.65 * (1 - max(amount - 0.6, 0) * 1.6)))
    rgb = mix(rgb, light.horizon, (smooth(depth, 0.45, 1.0) * 0.6)[..., None])
    both = np.concatenate([rgb, cover[..., None] * 255], axis=2)
    image = Image.fromarray(to_bytes(both), "RGBA").resize((easel.width, rows), Image.Resampling.BILINEAR)
    pixels = np.asarray(image)
    return Layer(
        "clouds", np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3]), 0, 0.05, drift=1.0
    )


def mist(easel: Easel, name: str, top: int, bottom: int, near: float, strength: float) -> Layer:
    """A drifting bank of fog between two depths."""
    rows = max(8, bottom - top)
    w, h = easel.width // 4, max(4, rows // 4)
    field = noise(easel.rng("mist", name), (w, h), 2.5, 3, stretch=3, tile=True)
    shape = np.clip(np.sin(np.linspace(0, np.pi, h, dtype=np.float32)), 0, 1)[:, None] ** 1.2
    alpha = enlarge(np.clip(field * 1.3, 0, 1) * shape * strength * 255, (easel.width, rows))
    rgb = np.empty((rows, easel.width, 3), np.uint8)
    rgb[:] = to_bytes(mix(easel.light.fog, colour((255, 255, 255)), 0.12 * (1 - easel.light.dark)))
    return Layer(f"mist-{name}", rgb, to_bytes(alpha), top, near, drift=0.6)


def beams(easel: Easel, strength: float) -> Layer:
    """Shafts of light falling from the sun, as added light."""
    w, h = easel.width // 4, easel.height // 4
    cx, cy = easel.light.sun_x * w, min(easel.light.sun_y, 0.5) * easel.horizon / 4 - h * 0.25
    y, x = np.mgrid[:h, :w].astype(np.float32)
    angle = np.arctan2(x - cx, y - cy + 1)
    knots = easel.rng("beams").random(40, dtype=np.float32)
    fan = np.interp(angle, np.linspace(-1.6, 1.6, 40), knots).astype(np.float32)
    fall = np.exp(-np.hypot(x - cx, y - cy) / (0.75 * h))
    field = np.clip(fan - 0.45, 0, 1) ** 1.2 * fall * strength
    rgb = enlarge_rgb(field, easel.light.sun, (easel.width, easel.height))
    return Layer("beams", rgb, None, 0, 0.3, add=True, flicker=0.15)


def enlarge_rgb(field: Floats, c: Colour, size: tuple[int, int]) -> np.ndarray:
    """A small strength field (0..1) in one colour, as bytes (h, w, 3) of the given size."""
    small = Image.fromarray(to_bytes(field[..., None] * c))
    return np.asarray(small.resize(size, Image.Resampling.BILINEAR))


def aurora(easel: Easel) -> Layer:
    """Curtains of northern light, as added light."""
    w, h = easel.width // 4, max(8, int(easel.horizon) // 4)
    rng = easel.rng("aurora")
    field = np.zeros((h, w), np.float32)
    x = np.arange(w, dtype=np.float32)
    rows = np.arange(h, dtype=np.float32)[:, None]
    for k in range(3):
        line = (
            h * (0.38 + 0.16 * k)
            + h * 0.16 * np.sin(x / w * (5 + 3 * k) + rng.random() * 6)
            + 0.06 * h * np.sin(x / w * 21 + rng.random() * 6)
        )
        rays = 0.55 + 0.45 * np.sin(x * (0.5 + 0.3 * k) + 3 * np.sin(x / w * 9 + k))
        up = line[None, :] - rows
        field += np.where(up > 0, np.exp(-up / (h * 0.28)), np.exp(up / (h * 0.025))) * rays * (0.8 - 0.18 * k)
    tint = easel.light.glowing((70, 255, 170))
    rgb = enlarge_rgb(np.clip(field, 0, 1) * 0.7, tint, (easel.width, h * 4))
    violet = enlarge_rgb(
        np.clip(np.roll(field, -h // 6, axis=0), 0, 1) * 0.25, easel.light.glowing((170, 70, 255)), (easel.width, h * 4)
    )
    return Layer(
        "aurora", np.minimum(rgb.astype(np.uint16) + violet, 255).astype(np.uint8), None, 0, 0.02, add=True, flicker=0.3
    )


def rainbow(easel: Easel) -> Layer:
    """A rainbow opposite the sun, as added light."""
    w, h = easel.width // 2, int(easel.horizon) // 2
    cx = (1 - easel.light.sun_x) * w
    y, x = np.mgrid[:h, :w].astype(np.float32)
    r = np.hypot(x - cx, y - h * 1.05) / (0.62 * min(w, 1.6 * h))
    hues = np.array(
        [(120, 40, 160), (60, 70, 220), (40, 170, 90), (240, 220, 60), (250, 140, 40), (235, 50, 50)], np.float32
    )
    t = np.clip((r - 0.9) / 0.1 * 5, 0, 5)
    band = np.exp(-(((r - 0.95) / 0.042) ** 4))
    rgb = np.stack([np.interp(t, np.arange(6), hues[:, k]) for k in range(3)], axis=2) * (band * 0.4)[..., None]
    image = Image.fromarray(to_bytes(rgb.astype(np.float32))).resize((easel.width, h * 2), Image.Resampling.BILINEAR)
    return Layer("rainbow", np.asarray(image), None, 0, 0.02, add=True)


def fireworks(easel: Easel) -> Layer:
    """Bursts of fireworks, as added light."""
    rng = easel.rng("fireworks")
    w, h = easel.width, max(16, int(easel.horizon))
    rgb = np.zeros((h, w, 3), np.float32)
    for _ in range(5):
        cx, cy, radius = (
            rng.uniform(0.1, 0.9) * w,
            rng.uniform(0.15, 0.6) * h,
            rng.uniform(0.06, 0.15) * easel.unit * 1000,
        )
        c = easel.light.glowing(
            ((255, 190, 90), (255, 90, 110), (120, 190, 255), (150, 255, 170), (240, 150, 255))[rng.integers(5)]
        )
        for ray in range(44):
            a = ray * 2.399 + rng.random() * 0.2
            reach = radius * (0.55 + 0.45 * rng.random())
            for s in np.linspace(0.25, 1, 26):
                px, py = int(cx + np.cos(a) * reach * s), int(cy + np.sin(a) * reach * s + 0.16 * reach * s * s)
                if 0 <= px < w - 1 and 0 <= py < h - 1:
                    rgb[py : py + 2, px : px + 2] += c * (0.2 + 0.8 * s**2) * 0.8
    sharp = Image.fromarray(to_bytes(rgb))
    glow = sharp.reduce(4).filter(ImageFilter.GaussianBlur(easel.unit * 4)).resize((w, h), Image.Resampling.BILINEAR)
    return Layer(
        "fireworks",
        np.maximum(np.asarray(sharp), np.clip(np.asarray(glow).astype(np.uint16) * 3, 0, 255).astype(np.uint8)),
        None,
        0,
        0.05,
        add=True,
        flicker=0.5,
    )

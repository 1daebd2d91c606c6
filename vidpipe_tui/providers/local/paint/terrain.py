"""Ground of every kind: ridges, hills, dunes, water and floors, each as one layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.paint.arrays import (
    Bytes,
    Colour,
    Floats,
    below,
    colour,
    enlarge,
    mix,
    noise,
    ridge,
    smooth,
    to_bytes,
)  # fmt: skip
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.sky import enlarge_rgb
from vidpipe_tui.providers.local.paint.stage import Layer

Rgb = tuple[int, int, int]
Grower = Callable[[Canvas, Floats], None]
SNOW: Rgb = (250, 252, 255)


def snowy(easel: Easel, material: Rgb, share: float = 0.85) -> Rgb:
    """A ground material, under snow where it lies."""
    k = easel.world.white * share
    r, g, b = (round(m + (s - m) * k) for m, s in zip(material, SNOW, strict=True))
    return r, g, b


def line_of(
    easel: Easel, name: str, row: float, swing: float, cells: float, rough: float = 0.5, octaves: int = 5
) -> Floats:
    """A ridge line around stage row `row` with `swing` pixels of height; up is smaller."""
    profile = ridge(easel.rng("line", name), easel.width, cells, octaves, rough)
    return (row - (profile - 0.4) * swing).astype(np.float32)


def land(
    easel: Easel, name: str, line: Floats, material: Rgb, *, near: float, distance: float, bottom: int | None = None,
    veil: float = 0.35, texture: float = 10.0, grain: float = 18.0, stretch: float = 3.0, shade: Floats | None = None,
    grow: Grower | None = None, headroom: float = 0.0, darken: float = 0.0,
) -> Layer:  # fmt: skip
    """A body of land below a ridge line.

    `veil` is how much haze gathers at its foot, `texture` the strength of its grain (0..255), `shade` an
    optional field (-1..1, from the layer's top row) of light and shadow, `grow` draws what stands on the
    ridge into the same silhouette (`headroom` pixels above the line), `darken` how much darker its foot is.
    """
    bottom = easel.height if bottom is None else bottom
    top = max(0, int(line.min() - headroom) - 2)
    rows = max(4, bottom - top)
    alpha = below(line, top, top + rows) * 255
    mask = to_bytes(alpha)
    if grow is not None:
        canvas = Canvas(easel.width, rows, top=top)
        grow(canvas, line)
        mask = np.maximum(mask, canvas.finish()[1])
    light = easel.light
    body = light.lit(material, distance)
    # what lies within the outline is soft: half its size is enough
    w, h = easel.width // 2, max(2, rows // 2)
    depth = np.clip(
        (np.linspace(top, top + rows, h, dtype=np.float32) - line.mean()) / max(1, bottom - line.mean()), 0, 1
    )
    foot = mix(body, light.fog, veil) * (1 - darken * (1 - 0.6 * easel.world.white))
    warm = np.exp(-(((np.arange(w) / w - light.sun_x) / 0.28) ** 2)).astype(np.float32)
    strength = warm * (0.24 * light.sunny * light.style.glow * (1 - 0.6 * light.dark))
    sunlit = smooth(1 - depth, 0.2, 1.0)[:, None] * strength
    tone = noise(easel.rng("grain", name), (w, h), grain, 4, stretch=stretch) - 0.5
    tone *= texture * (1 - 0.7 * distance) * 2 * (1 - 0.6 * easel.world.white)
    if shade is not None:
        tone += enlarge(shade[:rows], (w, h)) * (46 * (1 - 0.6 * distance))
    tint = 0.35 + 0.65 * body / max(60.0, float(body.max()))
    small = np.empty((h, w, 3), np.uint8)
    for k in range(3):
        part = mix(body[k], foot[k], smooth(depth))[:, None]
        small[..., k] = to_bytes(part + (light.sun[k] - part) * sunlit + tone * tint[k])
    rgb = np.array(Image.fromarray(small).resize((easel.width, rows), Image.Resampling.BICUBIC))
    rim_light(easel, rgb, mask, distance)
    return Layer(name, rgb, mask, top, near)


def rim_light(easel: Easel, rgb: Bytes, mask: Bytes, distance: float) -> None:
    """Brighten the sun's side of a silhouette's upper edge, in place."""
    k = round(max(1, 1.6 * easel.unit))
    shifted = np.zeros_like(mask)
    shifted[k:] = mask[:-k]
    rim = np.clip(mask.astype(np.int16) - shifted, 0, 255).astype(np.float32) / 255
    strength = (0.42 * easel.light.sunny + 0.12) * (1 - 0.45 * distance) * min(1.2, easel.light.style.glow)
    where = np.nonzero(rim.max(axis=1) > 0.02)[0]
    if len(where):
        a, b = where[0], where[-1] + 1
        part = rgb[a:b].astype(np.float32)
        rgb[a:b] = to_bytes(part + (easel.light.sun - part) * (rim[a:b] * strength)[..., None])


def peaks(easel: Easel, name: str, row: float, swing: float, *, near: float, distance: float, cells: float = 3.2,
          cap: float = 0.5, material: Rgb = (96, 98, 116)) -> Layer:  # fmt: skip
    """A range of mountains with lit and shadowed faces and snow above `cap` of its height."""
    profile = ridge(easel.rng("line", name), easel.width, cells, 6, 0.46)
    profile = (profile - profile.min()) / max(1e-6, float(profile.max() - profile.min()))
    line = (row - profile**1.25 * swing).astype(np.float32)
    top = max(0, int(line.min()) - 2)
    rows = easel.height - top
    h, w = max(2, rows // 2), easel.width // 2
    field = noise(easel.rng("faces", name), (w, h), 9, 4, stretch=0.8)
    lean = (np.arange(h) * 0.55).astype(int)
    columns = np.arange(w)[None, :]
    faces = field[np.arange(h)[:, None], (columns - lean[:, None]) % w]
    side = 1 if easel.light.sun_x < 0.5 else -1
    shade = np.clip((faces - np.roll(faces, side * 10, axis=1)) * 5 + 0.15, -1, 1)
    big = enlarge(shade.astype(np.float32), (easel.width, rows))
    layer = land(easel, name, line, material, near=near, distance=distance, veil=0.55, shade=big, texture=5)
    if cap <= 0:
        return layer
    y = np.arange(top, top + rows, dtype=np.float32)[:, None]
    high = row - swing * (1.05 - cap) * (1 - 0.6 * easel.world.white)
    jag = enlarge(field, (easel.width, rows)) * swing * 0.55
    snow = smooth(high - y + jag - swing * 0.22, -3, 3) * (0.62 + 0.38 * np.clip(big + 0.4, 0, 1))
    white = easel.light.lit(SNOW, distance * 0.9)
    last = min(rows, max(1, int(high + swing * 0.6) - top))
    part = layer.rgb[:last].astype(np.float32)
    part += (white - part) * (snow[:last] * 0.9)[..., None]
    layer.rgb[:last] = to_bytes(part)
    return layer


def water(
    easel: Easel, name: str = "water", *, line: float | None = None, near: float = 0.35, deep: Rgb = (22, 66, 92)
) -> Layer:
    """A sheet of water from its far shore to the bottom of the stage; it wants a mirror above it."""
    top = int(easel.horizon if line is None else line)
    rows = easel.height - top
    light = easel.light
    t = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    far, close = mix(light.fog, light.middle, 0.4), light.lit(deep, 0.0)
    rgb = mix(far, close, smooth(t, -0.25, 0.9))[:, None, :] * np.ones((1, easel.width, 1), np.float32)
    waves = noise(easel.rng("waves", name), (easel.width // 2, max(2, rows // 2)), 7, 4, stretch=9)
    waves = enlarge(waves, (easel.width, rows))
    rgb += ((waves - 0.5) * (16 + 26 * t))[..., None]
    crest = smooth(waves, 0.62, 0.8) * (0.05 + 0.18 * t + 0.3 * easel.world.rain * t)
    rgb += (mix(light.horizon, colour((255, 255, 255)), 0.3 * (1 - light.dark)) - rgb) * crest[..., None]
    return Layer(name, to_bytes(rgb), None, top, near)


def glitter(easel: Easel, line: float | None = None, near: float = 0.4) -> Layer:
    """The glittering path under sun or moon on water, as added light."""
    top = int(easel.horizon if line is None else line)
    rows = easel.height - top
    w, h = easel.width // 2, max(2, rows // 2)
    t = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    x = (np.arange(w, dtype=np.float32)[None, :] / w - easel.light.sun_x) * easel.width / easel.height
    path = np.exp(-((x / (0.05 + 0.16 * t)) ** 2))
    field = noise(easel.rng("glitter"), (w, h), 16, 3, stretch=10)
    spark = smooth(field, 0.55, 0.72) * path * (0.9 - 0.5 * t)
    strength = (0.2 + 0.65 * easel.light.sunny) * (0.55 if easel.light.dark > 0.5 else 0.8)
    return Layer(
        "glitter",
        enlarge_rgb(spark * strength, easel.light.sun, (easel.width, rows)),
        None,
        top,
        near,
        add=True,
        flicker=0.25,
    )


def floor(easel: Easel, name: str, material: Rgb, *, line: float | None = None, near: float = 0.6, boards: float = 0.0,
          gloss: Colour | None = None) -> Layer:  # fmt: skip
    """A flat floor in perspective from row `line` down; `boards` over 0 draws joints towards the eye."""
    top = int(easel.horizon if line is None else line)
    rows = easel.height - top
    t = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    rgb = mix(easel.light.lit(material, 0.45), easel.light.lit(material, 0.0, 0.72), smooth(t))
    rgb = rgb[:, None, :] * np.ones((1, easel.width, 1), np.float32)
    field = noise(easel.rng("floor", name), (easel.width // 2, max(2, rows // 2)), 22, 4, stretch=5)
    rgb += ((enlarge(field, (easel.width, rows)) - 0.5) * (8 + 18 * t))[..., None]
    if boards:
        x = np.arange(easel.width, dtype=np.float32)[None, :] - easel.width / 2
        u = x / (0.22 + t) / easel.unit / boards
        rgb *= (1 - 0.3 * smooth(np.abs((u % 1.0) - 0.5), 0.46, 0.5))[..., None]
        rows_at = np.log(0.22 + t) * 6
        rgb *= (1 - 0.16 * smooth(np.abs(((rows_at + np.floor(u) * 0.37) % 1.0) - 0.5), 0.46, 0.5))[..., None]
    if gloss is not None:
        rgb += (gloss - rgb) * (0.35 * smooth(1 - t, 0.3, 1.0))[..., None]
    return Layer(name, to_bytes(rgb), None, top, near)


def fringe(easel: Easel, name: str, row: float, height: float, material: Rgb, *, near: float, count: int = 260,
           flowers: tuple[Rgb, ...] = ()) -> Layer:  # fmt: skip
    """Grass, reeds or flowers before the lens, `height` pixels tall, rooted around row `row`."""
    rng = easel.rng("fringe", name)
    top = max(0, int(row - height * 1.3))
    tone = easel.light.lit(material, 0.0, 0.62)
    canvas = Canvas(easel.width, easel.height - top, top=top, ground=tone)
    count = int(count * easel.width / (easel.unit * 1150))
    for _ in range(count):
        x, tall = rng.random() * easel.width, height * (0.35 + 0.65 * rng.random())
        lean, y = (rng.random() - 0.5) * tall * 0.7, row + rng.random() * height * 0.4
        thick = max(1.2, height * 0.035)
        c = tone * (0.8 + 0.5 * rng.random())
        tip = (x + lean, y - tall)
        canvas.polygon(
            [
                (x - thick, y + height),
                (x + lean * 0.35, y - tall * 0.55),
                tip,
                (x + lean * 0.35 + thick, y - tall * 0.5),
                (x + thick, y + height),
            ],
            c,
        )
        if flowers and rng.random() < 0.35:
            c = easel.light.lit(flowers[int(rng.integers(len(flowers)))], 0.0, 0.95)
            r = height * 0.06 * (0.7 + 0.6 * rng.random())
            canvas.disc(tip[0], tip[1], r, r, c)
            canvas.disc(tip[0] - r * 0.25, tip[1] - r * 0.25, r * 0.4, r * 0.4, c * 1.15)
    rgb, alpha = canvas.finish()
    return Layer(name, rgb, alpha, top, near)


def shade_columns(easel: Easel, layer: Layer, strength: float) -> None:
    """Darken a layer away from the light, sideways, in place (it models large flat faces)."""
    x = np.arange(easel.width, dtype=np.float32) / easel.width
    k = 1 - strength * np.abs(x - easel.light.sun_x)
    layer.rgb = to_bytes(layer.rgb * k[None, :, None])


def picture_layer(name: str, image: Image.Image, top: int, near: float) -> Layer:
    """A layer from an RGBA picture of the stage's width."""
    pixels = np.asarray(image)
    return Layer(name, np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3]), top, near)

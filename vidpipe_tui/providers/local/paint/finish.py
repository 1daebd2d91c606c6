"""Finishes: what a style does to each painted surface, and to the whole picture."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import Bytes, Floats, colour, enlarge, generator, mix, noise, to_bytes
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.shapes import ink
from vidpipe_tui.providers.local.paint.styles import Style

PAPER = colour((250, 246, 236))


def finish_surface(easel: Easel, rgb: Bytes, alpha: Bytes | None, name: str) -> None:
    """Give one layer or figure the surface of the style, in place: (h, w, 3) colours, (h, w) coverage."""
    surface = easel.style.surface
    if min(rgb.shape[:2]) < 8:
        return
    soft = name in {"sky", "water", "clouds"}
    if surface == "cel":
        if not soft:
            _cel(rgb)
    elif surface == "wash":
        _wash(easel, rgb, alpha, name)
    elif surface == "oil":
        _oil(easel, rgb, name, 0.3 if name.startswith("figure") else 0.5 if name.startswith("prop") else 1.0)
    elif surface == "pencil":
        _pencil(easel, rgb, alpha, name)
    elif surface == "pixel":
        _pixel(easel, rgb, alpha)
    elif surface == "paper":
        _cut_paper(easel, rgb, alpha)
    elif surface == "print":
        _print(easel, rgb, alpha, soft=soft)


def _cel(rgb: Bytes) -> None:
    """Even tones: small grain is smoothed away and the values fall into soft steps."""
    x = np.arange(256, dtype=np.float32)
    table = to_bytes(mix(x, np.round(x / 22) * 22, 0.55)).tolist()
    rgb[:] = np.asarray(Image.fromarray(rgb).point(table * 3))


def _edge(alpha: Bytes, radius: float) -> Floats:
    """How near a pixel is to the inner edge of a shape (1 on it, 0 well inside)."""
    small = Image.fromarray(alpha).reduce(2)
    soft = small.filter(ImageFilter.BoxBlur(max(1.0, radius / 2))).resize(alpha.shape[::-1], Image.Resampling.BILINEAR)
    return np.clip((alpha.astype(np.float32) - np.asarray(soft, np.float32)) / 127, 0, 1)


def _wash(easel: Easel, rgb: Bytes, alpha: Bytes | None, name: str) -> None:
    """Watercolour: pigment pools at the edges, granulates, and blooms from thin to thick."""
    h, w = rgb.shape[:2]
    rng = generator("wash", name, easel.world.root)
    bloom = noise(rng, (max(4, w // 2), max(4, h // 2)), 5, 5, tile=name == "clouds")
    density = (enlarge(bloom, (w, h)) - 0.5) * (0.62 * 255)
    if alpha is not None:
        density += _edge(alpha, 6 * easel.unit) * (0.42 * 255)
    image = Image.fromarray(rgb)
    thick, thin = (Image.fromarray(to_bytes(part)) for part in (density, -density))
    image.paste(image.point([round(v * 0.55) for v in range(256)] * 3), (0, 0), thick)
    image.paste(ink(PAPER), (0, 0, w, h), thin)
    rgb[:] = np.asarray(image)


def _oil(easel: Easel, rgb: Bytes, name: str, fine: float) -> None:
    """Oil: the surface is laid again in strokes, broad ones first, each of one mixed colour; `fine` narrows them."""
    h, w = rgb.shape[:2]
    rng = generator("oil", name, easel.world.root)
    u = easel.unit
    image = Image.fromarray(rgb)
    draw = ImageDraw.Draw(image)
    for size in (26 * u * fine, 13 * u * fine):
        count = int(w * h / (size * size * 0.75))
        x, y = rng.random(count) * w, rng.random(count) * h
        angle = 0.5 * np.sin(x / (210 * u) + y / (160 * u)) + 0.45 * rng.standard_normal(count)
        reach = size * (0.55 + 0.5 * rng.random(count))
        c = rgb[y.astype(int), x.astype(int)].astype(np.float32)
        c += rng.normal(0, 9.0, (count, 1)) + rng.normal(0, 4.0, (count, 3))
        inks = [tuple(row) for row in to_bytes(c).tolist()]
        dx, dy = np.cos(angle) * reach, np.sin(angle) * reach
        ends = np.stack([x - dx, y - dy, x + dx, y + dy], axis=1).tolist()
        wide = np.maximum(2, size * (0.5 + 0.3 * rng.random(count))).astype(int).tolist()
        for i in range(count):
            draw.line(ends[i], fill=inks[i], width=wide[i])
    rgb[:] = np.asarray(image)


@lru_cache(maxsize=2)
def _hatching(size: tuple[int, int], unit: float) -> tuple[Floats, Floats]:
    """Two slightly unsteady directions of hatching over a whole stage (-1..1)."""
    w, h = size
    x = np.arange(w, dtype=np.float32)[None, :]
    y = np.arange(h, dtype=np.float32)[:, None]
    u = unit * 2.6
    wobble = noise(generator("hatch"), size, 9, 3) * 9 * u
    first, second = np.sin((x + y + wobble) / u * 1.6), np.sin((x - y * 0.8 + wobble) / u * 1.7)
    return first.astype(np.float32), second.astype(np.float32)


def _pencil(easel: Easel, rgb: Bytes, alpha: Bytes | None, name: str) -> None:
    """Pencil: tones become hatching on paper, edges become lines."""
    h, w = rgb.shape[:2]
    image = Image.fromarray(rgb)
    tone = np.asarray(image.convert("L"))
    first, second = (part[:h, :w] for part in _hatching((easel.width, easel.height), easel.unit))
    x = np.arange(256, dtype=np.float32) / 255
    dark = np.clip(((0.82 - x) * 2.2 - 0.3)[tone] + first * 0.55, 0, 1) * 0.5
    dark += np.clip(((0.42 - x) * 2.6 - 0.1)[tone] + second * 0.6, 0, 1) * 0.45
    dark += np.clip((0.9 - x) * 0.42, 0, 0.5)[tone]
    if alpha is not None:
        dark += _edge(alpha, 3 * easel.unit) * 0.75
    hint = image.point([round(v * 0.16 + float(paper) * 0.84) for paper in PAPER for v in range(256)])
    hint.paste((62, 62, 70), (0, 0, w, h), Image.fromarray(to_bytes(dark * 255)))
    rgb[:] = np.asarray(hint)


def _pixel(easel: Easel, rgb: Bytes, alpha: Bytes | None) -> None:
    """Pixel art: square blocks, few tones, dithered between."""
    h, w = rgb.shape[:2]
    k = max(2, round(easel.unit * 4))
    small: Floats = np.asarray(Image.fromarray(rgb).reduce(k), np.float32)
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.5
    tiles = np.tile(bayer, (small.shape[0] // 4 + 1, small.shape[1] // 4 + 1))[: small.shape[0], : small.shape[1]]
    step = 22
    small = np.round((small + tiles[..., None] * step * 0.9) / step) * step
    rgb[:] = np.repeat(np.repeat(to_bytes(small), k, axis=0), k, axis=1)[:h, :w]
    if alpha is not None:
        cover = np.asarray(Image.fromarray(alpha).reduce(k))
        hard = np.where(cover > 110, 255, 0).astype(np.uint8)
        alpha[:] = np.repeat(np.repeat(hard, k, axis=0), k, axis=1)[:h, :w]


def _cut_paper(easel: Easel, rgb: Bytes, alpha: Bytes | None) -> None:
    """Picture book: calm surfaces with a light edge, as of cut paper."""
    image = Image.fromarray(rgb)
    calm = image.reduce(8).filter(ImageFilter.BoxBlur(2)).resize(image.size, Image.Resampling.BILINEAR)
    image = Image.blend(image, calm, 0.55)
    if alpha is not None:
        edge = to_bytes(_edge(alpha, 2.5 * easel.unit) * (0.4 * 255))
        image.paste((255, 255, 255), (0, 0, *image.size), Image.fromarray(edge))
    rgb[:] = np.asarray(image)


def _print(easel: Easel, rgb: Bytes, alpha: Bytes | None, *, soft: bool) -> None:
    """Comic: even tones, halftone dots in the shadows, black outlines; a sky keeps its gradient."""
    h, w = rgb.shape[:2]
    channels = Image.fromarray(rgb).split()
    tone = np.asarray(Image.fromarray(rgb).convert("L"))
    x = np.arange(256, dtype=np.float32)
    part = x / 255
    screen = np.clip((_dots((easel.width, easel.height), easel.unit)[:h, :w] - (part * 1.9 - 0.7)[tone]) * 3, 0, 1)
    screen *= np.clip(1.5 - part * 1.9, 0, 1)[tone]
    factor = 1 - (0.12 if soft else 0.3) * screen
    if not soft:
        factor *= ((np.round(x / 40) * 40 + 6) / np.maximum(x, 1))[tone]
        if alpha is not None:
            factor *= 1 - 0.9 * np.clip(_edge(alpha, 2.6 * easel.unit) * 1.6, 0, 1)
    for k, channel in enumerate(channels):
        rgb[..., k] = to_bytes(np.asarray(channel) * factor)


@lru_cache(maxsize=2)
def _dots(size: tuple[int, int], unit: float) -> Floats:
    """A halftone screen over a whole stage (-1..1)."""
    y, x = np.ogrid[: size[1], : size[0]]
    u = 5.5 * unit
    dots: Floats = (np.cos(2 * np.pi / u * y) - np.cos(2 * np.pi / u * x)).astype(np.float32) / 2
    return dots


@lru_cache(maxsize=2)
def screen_light(style: Style, view: tuple[int, int]) -> Bytes:
    """What the finished picture is multiplied with, as (h, w) bytes with 255 for 1: vignette, paper or canvas.

    It is kept, and not to be changed.
    """
    w, h = view
    y, x = np.ogrid[:h, :w]
    r2 = ((x - w / 2) / (w * 0.72)) ** 2 + ((y - h / 2) / (h * 0.72)) ** 2
    field: Floats = (1 - style.vignette * np.clip(r2, 0, 1.2)).astype(np.float32)
    if style.screen == "paper":
        grain = noise(generator("paper"), view, w / 7, 2)
        field = field * (0.93 + 0.07 * grain)
    elif style.screen == "canvas":
        weave = np.sin(x * (2 * np.pi / 3.4)) * 0.5 + np.sin(y * (2 * np.pi / 3.4)) * 0.5
        field = field * (0.955 + 0.03 * weave)
    return to_bytes(np.clip(field, 0, 1) * 255)


def finish_picture(style: Style, picture: Image.Image, seed: int) -> Image.Image:
    """Vignette, paper and film grain over the finished still."""
    light = Image.fromarray(screen_light(style, picture.size))
    out = ImageChops.multiply(picture, Image.merge("RGB", (light, light, light)))
    if style.screen == "film" and style.grain:
        out = Image.fromarray(add_grain(np.asarray(out), style.grain, seed))
    return out


def add_grain(pixels: Bytes, strength: float, seed: int) -> Bytes:
    """Film grain of standard deviation `strength` (levels), equal in all channels."""
    h, w = pixels.shape[:2]
    rng = generator("grain", seed)
    tile = (rng.standard_normal((256, 512), dtype=np.float32) * strength).astype(np.int16)
    field = np.tile(tile, (h // 256 + 1, w // 512 + 1))[:h, :w]
    out: Bytes = np.clip(pixels.astype(np.int16) + field[..., None], 0, 255).astype(np.uint8)
    return out

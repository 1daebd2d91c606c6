"""Finishes: what a style does to each painted surface, and to the whole picture."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vidpipe_tui.providers.local.paint.arrays import Bytes, Floats, colour, enlarge, generator, mix, noise, to_bytes
from vidpipe_tui.providers.local.paint.easel import Easel
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
    steps = np.round(x / 22) * 22
    rgb[:] = to_bytes(mix(x, steps, 0.55))[rgb]


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
    density = (enlarge(bloom, (w, h)) - 0.5) * 0.62
    body = rgb.astype(np.float32)
    if alpha is not None:
        density += _edge(alpha, 6 * easel.unit) * 0.42
    body += np.where(density[..., None] > 0, (body * 0.55 - body), (PAPER - body)) * np.abs(density)[..., None]
    rgb[:] = to_bytes(body)


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
    luma = rgb.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    first, second = (part[:h, :w] for part in _hatching((easel.width, easel.height), easel.unit))
    tone = np.clip(luma / 255, 0, 1)
    mark = (
        np.clip((0.82 - tone) * 2.2 + first * 0.55 - 0.3, 0, 1) * 0.5
        + np.clip((0.42 - tone) * 2.6 + second * 0.6 - 0.1, 0, 1) * 0.45
    )
    fill = np.clip((0.9 - tone) * 0.42, 0, 0.5)
    dark = np.clip(mark + fill, 0, 1)
    if alpha is not None:
        dark = np.clip(dark + _edge(alpha, 3 * easel.unit) * 0.75, 0, 1)
    graphite = colour((62, 62, 70))
    hint = rgb.astype(np.float32) * 0.16 + PAPER * 0.84
    rgb[:] = to_bytes(hint + (graphite - hint) * dark[..., None])


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
    body = rgb.astype(np.float32)
    small = (
        Image.fromarray(rgb).reduce(8).filter(ImageFilter.BoxBlur(2)).resize(rgb.shape[1::-1], Image.Resampling.BICUBIC)
    )
    body = mix(body, np.asarray(small, np.float32), 0.55)
    if alpha is not None:
        body += (255 - body) * (_edge(alpha, 2.5 * easel.unit) * 0.4)[..., None]
    rgb[:] = to_bytes(body)


def _print(easel: Easel, rgb: Bytes, alpha: Bytes | None, *, soft: bool) -> None:
    """Comic: even tones, halftone dots in the shadows, black outlines; a sky keeps its gradient."""
    h, w = rgb.shape[:2]
    body = rgb.astype(np.float32)
    tone = body @ np.array([0.299, 0.587, 0.114], np.float32)
    if not soft:
        steps = np.round(tone / 40) * 40 + 6
        body *= (steps / np.maximum(tone, 1))[..., None]
    y, x = np.ogrid[:h, :w]
    u = 5.5 * easel.unit
    dots = (np.sin((x + y) / u * np.pi) * np.sin((x - y) / u * np.pi)).astype(np.float32)
    part = tone / 255
    screen = np.clip((dots - (part * 1.9 - 0.7)) * 3, 0, 1) * np.clip(1.5 - part * 1.9, 0, 1)
    body *= (1 - (0.12 if soft else 0.3) * screen)[..., None]
    if alpha is not None and not soft:
        body *= (1 - 0.9 * np.clip(_edge(alpha, 2.6 * easel.unit) * 1.6, 0, 1))[..., None]
    rgb[:] = to_bytes(body)


def screen_light(style: Style, view: tuple[int, int]) -> Bytes:
    """What the finished picture is multiplied with, as (h, w) bytes with 255 for 1: vignette, paper or canvas."""
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

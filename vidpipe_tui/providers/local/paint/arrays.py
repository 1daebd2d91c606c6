"""Small array operations every painter shares: colours, fields, noise and masks."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.floating[Any]]
Bytes = NDArray[np.uint8]
Colour = NDArray[np.floating[Any]]


def colour(rgb: tuple[float, float, float] | Colour) -> Colour:
    """An RGB colour (0 to 255) as three float32."""
    return np.asarray(rgb, np.float32)


def mix(a: Any, b: Any, t: Any) -> Any:
    """Linear mix of two colours, fields or numbers; `t` 0 gives `a`, 1 gives `b`."""
    return a + (b - a) * t


def smooth(x: Any, low: float = 0.0, high: float = 1.0) -> Any:
    """Hermite step from 0 at `low` to 1 at `high` (the usual smoothstep)."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def luma(c: Colour) -> float:
    """Brightness of a colour by ITU-R BT.601, 0 to 255."""
    return float(c @ np.array([0.299, 0.587, 0.114], np.float32))


def generator(*parts: object) -> np.random.Generator:
    """A random generator that depends on nothing but the given parts."""
    digest = sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def enlarge(field: Floats, size: tuple[int, int]) -> Floats:
    """Resample a small float field to `size` (width, height) with a smooth kernel."""
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32)


def noise(
    rng: np.random.Generator, size: tuple[int, int], cells: float, octaves: int = 4, stretch: float = 1.0,
    tile: bool = False,
) -> Floats:  # fmt: skip
    """Fractal value noise in 0..1, shape (height, width); `cells` grid cells span the width.

    `stretch` over 1 draws the grain out sideways; `tile` makes left and right edges meet. The field is
    built at a quarter of the size where its finest grain allows it, since its CPU is the painters' price.
    """
    width, height = size
    step = 2 if cells * 2 ** (octaves - 1) < width / 4 else 1
    w, h = max(2, width // step), max(2, height // step)
    total = np.zeros((h, w), np.float32)
    weight, norm = 1.0, 0.0
    for octave in range(octaves):
        columns = max(2, round(cells * 2**octave))
        rows = max(2, round(columns * stretch * height / width))
        grid = rng.random((rows + 3, columns), dtype=np.float32)
        if tile:
            grid = np.concatenate([grid[:, -2:], grid, grid[:, :2]], axis=1)
            image = Image.fromarray(grid)
            box = (2.0, 1.0, 2.0 + columns, 1.0 + rows)
            part = np.asarray(image.resize((w, h), Image.Resampling.BICUBIC, box=box), np.float32)
        else:
            part = enlarge(grid, (w, h))
        total += part * weight
        norm += weight
        weight *= 0.5
    total /= norm
    if step > 1:
        total = enlarge(total, size)
    spread: Floats = np.clip((total - 0.5) * 1.6 + 0.5, 0, 1)
    return spread


def ridge(rng: np.random.Generator, width: int, cells: float, octaves: int = 5, rough: float = 0.5) -> Floats:
    """A one-dimensional fractal profile in about 0..1; higher `rough` makes it more jagged."""
    total = np.zeros(width, np.float32)
    weight, norm = 1.0, 0.0
    for octave in range(octaves):
        count = max(2, round(cells * 2**octave)) + 3
        points = rng.random(count, dtype=np.float32)
        at = np.linspace(1, count - 2, width, dtype=np.float32)
        low = np.floor(at).astype(int)
        t = at - low
        t = t * t * (3 - 2 * t) if octave < 2 else t
        total += (points[low] * (1 - t) + points[np.minimum(low + 1, count - 1)] * t) * weight
        norm += weight
        weight *= rough
    return total / norm


def below(line: Floats, top: int, bottom: int) -> Floats:
    """Coverage (0..1) of the pixels below a profile, for rows `top` to `bottom`; edges are smoothed."""
    rows = np.arange(top, bottom, dtype=np.float32)[:, None]
    return np.clip(rows - line[None, :] + 0.5, 0, 1)


def to_bytes(field: Floats) -> Bytes:
    """Clip a 0..255 field and make it bytes."""
    out: Bytes = np.clip(field + 0.5, 0, 255).astype(np.uint8)
    return out

"""What a terminal can show: 24-bit colours, 256, 16, or greys of these; pixels become colour codes, codes SGR text.

The 256 colours are xterm's: a 6x6x6 cube with the levels 0, 95, 135, 175, 215, 255 from 16 on, and 24 greys 8 + 10n
from 232 on. The 16 are its default palette. Quantising goes through a table of all 15-bit colours, made once per depth.
"""

from __future__ import annotations

from enum import Enum
from functools import cache

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGB pixels, shape (height, width, 3)."""
Codes = NDArray[np.int32]
"""Colour codes, shape (height, width): 0xRRGGBB, or the index in the palette."""


class Depth(Enum):
    """How many colours a terminal shows; NONE: words instead of pictures. FIVE_BITS saves bytes for moving ones."""

    TRUE = "truecolor"
    FIVE_BITS = "five bits"
    INDEXED = "256"
    SIXTEEN = "standard"
    NONE = "none"


_LEVELS = np.array([0, 95, 135, 175, 215, 255])
_XTERM_16 = np.array(
    [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]
)  # fmt: skip
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.47
_DITHER = {Depth.INDEXED: 10.0, Depth.SIXTEEN: 34.0}
"""Height of the ordered dither: enough to soften the steps of the palette, too little to be seen as a pattern."""
_WEIGHTS = np.array([3, 6, 2])
"""How much the eye cares for red, green and blue."""


def to_codes(pixels: Pixels, depth: Depth, *, grey: bool = False, dither: bool = True) -> Codes:
    """The colour code of every pixel at that depth; `grey` takes the hue out first (Rec. 601 luma).

    `dither` hides the steps of 256 and 16 colours, and doubles the bytes: for what stands still.
    """
    if grey:
        pixels = _greys(pixels)
    if depth is Depth.FIVE_BITS:
        pixels = ((pixels & 0xF8) | (pixels >> 5)).astype(np.uint8)
    if depth in _DITHER:
        return _nearest(_dithered(pixels, _DITHER[depth]) if dither else pixels, depth, grey=grey)
    wide = pixels.astype(np.int32)
    return (wide[:, :, 0] << 16) | (wide[:, :, 1] << 8) | wide[:, :, 2]


def _greys(pixels: Pixels) -> Pixels:
    luma = (pixels @ np.array([77, 150, 29], dtype=np.uint32)) >> 8
    return luma.astype(np.uint8)[:, :, None].repeat(3, axis=2)


def _dithered(pixels: Pixels, height: float) -> Pixels:
    rows, columns = pixels.shape[:2]
    pattern = np.tile(_BAYER * height, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns, None]
    return np.clip(pixels + pattern, 0, 255).astype(np.uint8)


def _nearest(pixels: Pixels, depth: Depth, *, grey: bool) -> Codes:
    wide = pixels.astype(np.int32) >> 3
    table = _table(depth, grey=grey)
    codes: Codes = table[(wide[:, :, 0] << 10) | (wide[:, :, 1] << 5) | wide[:, :, 2]]
    return codes


@cache
def _table(depth: Depth, *, grey: bool) -> Codes:
    colours, codes = _palette(depth, grey=grey)
    index = np.arange(1 << 15)
    wanted = np.stack([(index >> shift & 31) * 255 // 31 for shift in (10, 5, 0)], axis=1)
    best = np.zeros(len(index), dtype=np.int32)
    distance = np.full(len(index), np.iinfo(np.int64).max)
    for colour, code in zip(colours, codes, strict=True):
        candidate = ((wanted - colour) ** 2 * _WEIGHTS).sum(axis=1)
        closer = candidate < distance
        best[closer] = code
        distance[closer] = candidate[closer]
    return best


def _palette(depth: Depth, *, grey: bool) -> tuple[NDArray[np.int64], list[int]]:
    if depth is Depth.SIXTEEN:
        codes = [0, 8, 7, 15] if grey else list(range(16))
        return _XTERM_16[codes], codes
    greys = np.repeat((8 + 10 * np.arange(24))[:, None], 3, axis=1)
    ends = np.array([(0, 0, 0), (255, 255, 255)])
    if grey:
        return np.concatenate([ends, greys]), [16, 231, *range(232, 256)]
    cube = np.stack(np.meshgrid(_LEVELS, _LEVELS, _LEVELS, indexing="ij"), axis=-1).reshape(-1, 3)
    return np.concatenate([cube, greys]), list(range(16, 256))


class Sgr(dict[int, str]):
    """Colour code to the middle of its SGR sequence, for the text colour or, with `background`, what is behind it."""

    def __init__(self, depth: Depth, *, background: bool) -> None:
        super().__init__()
        self._depth = depth
        self._first = 48 if background else 38

    def __missing__(self, code: int) -> str:
        if len(self) > 60_000:
            self.clear()
        first = self._first
        if self._depth is Depth.INDEXED:
            text = f"{first};5;{code}"
        elif self._depth is Depth.SIXTEEN:
            text = str(code + first - 8 if code < 8 else code + first + 44)
        else:
            text = f"{first};2;{code >> 16};{code >> 8 & 255};{code & 255}"
        self[code] = text
        return text


@cache
def sgr(depth: Depth, *, background: bool) -> Sgr:
    """The shared table of that depth; it fills itself as colours are seen."""
    return Sgr(depth, background=background)

"""What a terminal can show: 24-bit colours, 256, 16, or greys of these; pixels become colour codes, codes SGR text.

The 256 colours are xterm's: a 6x6x6 cube with the levels 0, 95, 135, 175, 215, 255 from 16 on, and 24 greys 8 + 10n
from 232 on. The 16 are its default palette. Quantising goes through a table of all 15-bit colours (for 16: of
all 12-bit ones), made once per depth.
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
    """How many colours a terminal shows; NONE: words instead of pictures. COARSE saves bytes for moving ones."""

    TRUE = "truecolor"
    COARSE = "coarse"
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
_COARSE = np.round(np.round(np.arange(256) * 31 / 255) * 255 / 31).astype(np.uint8)
"""32 levels, rounded: half the error of cutting bits off, for the same bytes. Dithered they would be a third more."""
_WEIGHTS = np.array([3, 6, 2])
"""How much the eye cares for red, green and blue."""


def to_codes(pixels: Pixels, depth: Depth, *, grey: bool = False, dither: bool = True) -> Codes:
    """The colour code of every pixel at that depth; `grey` takes the hue out first (Rec. 601 luma).

    `dither` hides the steps of 256 and 16 colours, and doubles the bytes: for what stands still.
    """
    if grey:
        pixels = _greys(pixels)
    if depth is Depth.COARSE:
        pixels = _COARSE[pixels]
    if depth is Depth.SIXTEEN and not grey:
        return _mixed(pixels, dither=dither)
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


_SHARES = (0.0, 0.25, 0.5, 0.75)
_BOOST, _HUE, _CONTRAST = 1.6, 1.4, 0.1
"""For 16 colours: how much more saturated a picture is taken, how much hue counts beside lightness, and how much two
colours that differ are avoided as a mixture. With less most of a picture is grey, with more it is confetti."""


def _mixed(pixels: Pixels, *, dither: bool) -> Codes:
    """Each pixel one of two of the 16 colours, by an ordered pattern, so that from afar they mix to the wanted one."""
    rows, columns = pixels.shape[:2]
    first, second, share = _mixtures()
    wide = pixels.astype(np.int32) >> 4
    place = (wide[:, :, 0] << 8) | (wide[:, :, 1] << 4) | wide[:, :, 2]
    pattern: float | NDArray[np.float64] = 0.5
    if dither:
        pattern = np.tile(_BAYER + 0.5, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    codes: Codes = np.where(share[place] > pattern, second[place], first[place])
    return codes


@cache
def _mixtures() -> tuple[Codes, Codes, NDArray[np.float64]]:
    """For each 12-bit colour the two of the 16 that mix to what is nearest, and the share of the second."""
    index = np.arange(1 << 12)
    wanted = np.stack([(index >> shift & 15) * 17.0 for shift in (8, 4, 0)], axis=1)
    luma = _opponent(wanted)[:, :1]
    wanted = _opponent(np.clip(luma + (wanted - luma) * _BOOST, 0, 255))
    colours = _opponent(_XTERM_16.astype(float))
    distance = np.full(len(index), np.inf)
    first, second = (np.zeros(len(index), dtype=np.int32) for _ in range(2))
    shares = np.zeros(len(index))
    for one in range(16):
        for other in range(one, 16):
            apart = ((colours[one] - colours[other]) ** 2).sum()
            for share in _SHARES if one != other else _SHARES[:1]:
                mixture = colours[one] * (1 - share) + colours[other] * share
                candidate = ((wanted - mixture) ** 2).sum(axis=1) + _CONTRAST * share * (1 - share) * 4 * apart
                closer = candidate < distance
                distance[closer] = candidate[closer]
                first[closer], second[closer], shares[closer] = one, other, share
    return first, second, shares


def _opponent(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lightness, blue against red, green against magenta: what the eye compares."""
    red, green, blue = colours[:, 0], colours[:, 1], colours[:, 2]
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.stack([luma, (red - blue) * 0.6 * _HUE, (green - (red + blue) / 2) * 0.6 * _HUE], axis=1)


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

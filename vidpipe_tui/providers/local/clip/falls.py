"""Rain, snow, leaves and sparks in a clip: tiles that scroll before everything else."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.clip.canvas import Frame
from vidpipe_tui.providers.local.clip.planes import Yuv, blended, to_yuv
from vidpipe_tui.providers.local.clip.resample import mapped
from vidpipe_tui.providers.local.paint.arrays import Bytes, mix
from vidpipe_tui.providers.local.paint.stage import Layer, fall_scale, fall_tile

_FINE = 4


class Fall:
    """A falling layer as a tile in view pixels that is scrolled and laid over the frame.

    `first` and `last` are the layer in the first and the last frame; where it is missing it fades. `tone` are
    its three values in both where it is of one colour.
    """

    def __init__(
        self, name: str, first: Layer | None, last: Layer | None, size: tuple[int, int], view: tuple[int, int]
    ):
        known = first or last
        assert known is not None
        self.key, self.size = name, size
        self.scale = fall_scale(view, size)
        tiles = [fall_tile(layer or known, view, size) for layer in (first, last)]
        self._colours = [to_yuv(np.asarray(tile)) for tile, _ in tiles]
        alphas = [np.asarray(alpha) if layer else 0 * np.asarray(alpha)
                  for layer, (_, alpha) in zip((first, last), tiles, strict=True)]  # fmt: skip
        self._alphas = (alphas[0], alphas[0] if np.array_equal(alphas[0], alphas[1]) else alphas[1])
        self._fine = 1 if "rain" in name else _FINE
        plain = name.split("-")[1][:4] in {"rain", "snow"}
        self.tone = tuple(tuple(int(part[0, 0]) for part in side) for side in self._colours) if plain else None
        self._made, self._now = -1.0, (self._colours[0], self._alphas[0])
        self._phases: dict[tuple[int, int], Bytes] = {}

    def at(self, t: float) -> tuple[Yuv, Bytes]:
        """The tile between its first and its last light and strength: colours and coverage."""
        if abs(t - self._made) > 0.03 or t in {0.0, 1.0}:
            colours, alpha = self._colours[0], self._alphas[0]
            if self.tone is None:
                colours = Yuv(*(blended(p, q, t) for p, q in zip(*self._colours, strict=True)))
            if self._alphas[1] is not alpha:
                alpha = blended(*self._alphas, t)
                self._phases.clear()
            self._now, self._made = (colours, alpha), t
        return self._now

    def cover(self, shift: tuple[float, float], t: float, view: tuple[int, int]) -> Bytes:
        """The coverage of the view, moved by `shift` view pixels to a quarter of a pixel (rain: to a whole one)."""
        alpha = self.at(t)[1]
        (x, fx), (y, fy) = (divmod(round(part * self._fine), self._fine) for part in shift)
        if (fx, fy) not in self._phases:
            aside = blended(alpha, np.roll(alpha, 1, axis=1), fx / self._fine) if fx else alpha
            self._phases[fx, fy] = blended(aside, np.roll(aside, 1, axis=0), fy / self._fine) if fy else aside
        return _scrolled(self._phases[fx, fy], x, y, view)


def draw_falls(frame: Frame, falls: list[tuple[Fall, tuple[float, float]]], t: float) -> None:
    """Lay falling layers, each moved by so many stage pixels, over the frame; those of one colour at once."""
    plain: dict[tuple[tuple[int, ...], ...], Bytes] = {}
    for fall, (right, down) in falls:
        x, y = right * fall.scale, down * fall.scale
        cover = fall.cover((x, y), t, frame.view)
        if fall.tone is not None:
            plain[fall.tone] = np.maximum(plain[fall.tone], cover) if fall.tone in plain else cover
            continue
        mask = mapped(cover)
        small = mask.reduce(2)
        for picture, tile, part in zip((frame.y, frame.u, frame.v), fall.at(t)[0], (mask, small, small), strict=True):
            k = 1 if part is mask else 2
            picture.paste(mapped(_scrolled(tile, round(x / k), round(y / k), picture.size)), (0, 0), part)
    for tones, cover in plain.items():
        mask = mapped(cover)
        small = mask.reduce(2)
        for picture, first, last, part in zip((frame.y, frame.u, frame.v), *tones, (mask, small, small), strict=True):
            picture.paste(round(mix(first, last, t)), (0, 0, *picture.size), part)


def _scrolled(tile: Bytes, x: int, y: int, view: tuple[int, int]) -> Bytes:
    """A part of an endless repetition of `tile` moved right and down by (x, y)."""
    rows, columns = tile.shape
    x, y = x % columns, y % rows
    out = np.empty((view[1], view[0]), np.uint8)
    for top in (y - rows, y):
        for left in (x - columns, x):
            if left < view[0] and top < view[1]:
                part = tile[max(0, -top) : view[1] - top, max(0, -left) : view[0] - left]
                at = (max(0, top), max(0, left))
                out[at[0] : at[0] + part.shape[0], at[1] : at[1] + part.shape[1]] = part
    return out

"""Rain, snow, leaves and sparks in a clip: tiles that scroll before everything else."""

from __future__ import annotations

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.clip.canvas import Frame
from vidpipe_tui.providers.local.clip.planes import Yuv, to_yuv
from vidpipe_tui.providers.local.paint.stage import Layer, fall_scale, fall_tile, wrapped


class Fall:
    """A falling layer as a tile in view pixels that is scrolled and laid over the frame.

    `first` and `last` are the layer in the first and the last frame; where it is missing it fades.
    """

    def __init__(
        self, name: str, first: Layer | None, last: Layer | None, size: tuple[int, int], view: tuple[int, int]
    ):
        known = first or last
        assert known is not None
        self.key, self.size = name, size
        self.scale = fall_scale(view, size)
        tiles = [fall_tile(layer or known, view, size) for layer in (first, last)]
        self.colours = [to_yuv(np.asarray(tile)) for tile, _ in tiles]
        self.alphas = [
            alpha if layer else Image.new("L", alpha.size)
            for layer, (_, alpha) in zip((first, last), tiles, strict=True)
        ]
        self.still = first is last
        self.fine = "rain" not in name
        self.plain = name.split("-")[1][:4] in {"rain", "snow"}
        self._made, self._now = -1.0, (self.colours[0], self.alphas[0])

    def _at(self, t: float) -> tuple[Yuv, Image.Image]:
        """The tile between its first and its last light and strength."""
        if not self.still and (abs(t - self._made) > 0.03 or t in {0.0, 1.0}):
            colours = Yuv(*(Image.blend(p, q, t) for p, q in zip(*self.colours, strict=True)))
            self._now = (colours, Image.blend(self.alphas[0], self.alphas[1], t))
            self._made = t
        return self._now

    def draw(self, frame: Frame, shift: tuple[float, float], t: float) -> None:
        """Lay the layer over the frame, moved by `shift` stage pixels."""
        colours, alpha = self._at(t)
        x, y = shift[0] * self.scale, shift[1] * self.scale
        mask = _scrolled(alpha, x, y, frame.view, fine=self.fine)
        small = mask.reduce(2)
        for name, tile, cover in zip("yuv", colours, (mask, small, small), strict=True):
            target: Image.Image = getattr(frame, name)
            part = 1 if name == "y" else 2
            if self.plain:
                target.paste(int(np.asarray(tile.crop((0, 0, 1, 1)))[0, 0]), (0, 0, *target.size), cover)
            else:
                target.paste(_scrolled(tile, x / part, y / part, target.size), (0, 0), cover)


def _scrolled(tile: Image.Image, x: float, y: float, view: tuple[int, int], *, fine: bool = True) -> Image.Image:
    """A part of an endless repetition of `tile` moved right and down by (x, y); `fine` is to a tenth of a pixel."""
    x0, y0 = int(np.floor(x + 0.05)), int(np.floor(y + 0.05))
    f = max(x - x0, y - y0)
    here = wrapped(tile, x0, y0, view)
    if not fine or f < 0.1 or f > 0.9:
        return here
    return Image.blend(here, wrapped(tile, x0 + (x - x0 > 0.3), y0 + (y - y0 > 0.3), view), f)

"""Drawing of smooth-edged flat shapes: a canvas at twice the size, reduced when it is done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from vidpipe_tui.providers.local.paint.arrays import Bytes, Colour

Point = tuple[float, float]
Ink = Colour | tuple[int, int, int]


def curve(points: Sequence[Point], steps: int = 6, closed: bool = True) -> list[Point]:
    """A smooth line through `points` (Catmull-Rom), as points."""
    p = np.asarray(points, np.float64)
    p = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([p[:1], p, p[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    out = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return [(float(x), float(y)) for x, y in np.concatenate(out)]


class Canvas:
    """A layer to draw on, in stage pixels with its upper left corner at (`left`, `top`)."""

    def __init__(
        self, width: int, height: int, *, left: float = 0, top: float = 0, fine: int = 2, ground: Ink = (0, 0, 0)
    ):
        self.fine, self.left, self.top = fine, left, top
        size = (max(1, width) * fine, max(1, height) * fine)
        self.colours = Image.new("RGB", size, ink(ground))
        self.cover = Image.new("L", size, 0)
        self._paint = ImageDraw.Draw(self.colours)
        self._mask = ImageDraw.Draw(self.cover)

    def _at(self, points: Sequence[Point]) -> list[Point]:
        f, x0, y0 = self.fine, self.left, self.top
        return [((x - x0) * f, (y - y0) * f) for x, y in points]

    def polygon(self, points: Sequence[Point], c: Ink, alpha: int = 255) -> None:
        """Fill a polygon; `alpha` below 255 covers only partly (it replaces what was there)."""
        at = self._at(points)
        self._paint.polygon(at, fill=ink(c))
        self._mask.polygon(at, fill=alpha)

    def blob(self, points: Sequence[Point], c: Ink) -> None:
        """Fill a smooth closed shape through `points`."""
        self.polygon(curve(points), c)

    def box(self, x0: float, y0: float, x1: float, y1: float, c: Ink) -> None:
        """Fill an upright rectangle."""
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], c)

    def disc(self, x: float, y: float, rx: float, ry: float, c: Ink) -> None:
        """Fill an ellipse around (x, y)."""
        (x0, y0), (x1, y1) = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._paint.ellipse((x0, y0, x1, y1), fill=ink(c))
        self._mask.ellipse((x0, y0, x1, y1), fill=255)

    def line(self, points: Sequence[Point], width: float, c: Ink, *, smooth: bool = False) -> None:
        """Draw a line with round joints, `width` stage pixels wide."""
        at = self._at([*curve(points, closed=False), points[-1]] if smooth else points)
        wide = max(1, round(width * self.fine))
        self._paint.line(at, fill=ink(c), width=wide, joint="curve")
        self._mask.line(at, fill=255, width=wide, joint="curve")
        if wide > 3:
            r = wide / 2
            for x, y in (at[0], at[-1]):
                self._paint.ellipse((x - r, y - r, x + r, y + r), fill=ink(c))
                self._mask.ellipse((x - r, y - r, x + r, y + r), fill=255)

    def limb(self, points: Sequence[Point], widths: Sequence[float], c: Ink) -> None:
        """Draw a tapering limb through `points` with a width at each of them."""
        p = np.asarray(points, np.float64)
        d = np.gradient(p, axis=0)
        n = np.stack([-d[:, 1], d[:, 0]], axis=1) / (np.hypot(d[:, 0], d[:, 1])[:, None] + 1e-6)
        half = np.asarray(widths)[:, None] / 2
        edge = [*map(tuple, p + n * half), *map(tuple, (p - n * half)[::-1])]
        self.polygon([(float(x), float(y)) for x, y in edge], c)
        for (x, y), w in zip(points, widths, strict=True):
            self.disc(x, y, w / 2, w / 2, c)

    def finish(self) -> tuple[Bytes, Bytes]:
        """Colours (h, w, 3) and coverage (h, w) at stage size. Colours bleed past edges, so none turn dark."""
        alpha = self.cover.reduce(self.fine)
        return np.array(self.colours.reduce(self.fine)), np.array(alpha)


def ink(c: Ink) -> tuple[int, int, int]:
    """A colour as Pillow wants it."""
    r, g, b = (int(min(255, max(0, v + 0.5))) for v in c)
    return r, g, b

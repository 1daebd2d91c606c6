"""A small canvas for one figure, in the figure's own measure: feet at (0, 0), up is negative, right is forward."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import Colour, colour, mix
from vidpipe_tui.providers.local.paint.light import Light
from vidpipe_tui.providers.local.paint.shapes import Canvas, Ink, Point


class Doll:
    """Draws in units of `scale` pixels around a foot point, mirrored for `facing` -1, in the scene's light."""

    def __init__(self, canvas: Canvas, foot: Point, scale: float, facing: int, light: Light, distance: float):
        self.canvas, self.foot, self.scale, self.facing = canvas, foot, scale, facing
        self.light, self.distance = light, distance

    def tone(self, material: tuple[float, float, float] | Colour, shade: float = 1.0) -> Colour:
        """A material in this light; figures are kept a little brighter than the ground so that they read."""
        return self.light.lit(colour(material), self.distance, shade * (1.0 + 0.5 * self.light.dark))

    def shine(self, rgb: tuple[int, int, int]) -> Colour:
        """Something that glows by itself."""
        glow: Colour = mix(self.light.glowing(rgb), self.light.fog, 0.3 * self.distance)
        return glow

    def _at(self, points: Sequence[Point]) -> list[Point]:
        (fx, fy), s, d = self.foot, self.scale, self.facing
        return [(fx + x * s * d, fy + y * s) for x, y in points]

    def poly(self, points: Sequence[Point], c: Ink) -> None:
        """A polygon."""
        self.canvas.polygon(self._at(points), c)

    def blob(self, points: Sequence[Point], c: Ink) -> None:
        """A smooth closed shape."""
        self.canvas.blob(self._at(points), c)

    def limb(self, points: Sequence[Point], widths: Sequence[float], c: Ink) -> None:
        """A tapering limb."""
        self.canvas.limb(self._at(points), [w * self.scale for w in widths], c)

    def disc(self, x: float, y: float, rx: float, ry: float, c: Ink) -> None:
        """An ellipse."""
        ((px, py),) = self._at([(x, y)])
        self.canvas.disc(px, py, rx * self.scale, ry * self.scale, c)

    def line(self, points: Sequence[Point], width: float, c: Ink, *, smooth: bool = False) -> None:
        """A line."""
        self.canvas.line(self._at(points), width * self.scale, c, smooth=smooth)


def gait(phase: float, swing: float) -> tuple[float, float]:
    """Swing of the two legs, in radians, at a phase (turns) of the walk."""
    a = float(np.sin(2 * np.pi * phase)) * swing
    return a, -a

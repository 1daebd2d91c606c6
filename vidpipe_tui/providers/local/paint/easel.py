"""What every painter of a place works with: the size, the world, its light and seeded chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import generator
from vidpipe_tui.providers.local.paint.light import Light, read_light
from vidpipe_tui.providers.local.paint.stage import stage_size
from vidpipe_tui.providers.local.paint.styles import Style, named
from vidpipe_tui.providers.local.paint.world import World


@dataclass(frozen=True)
class Easel:
    """A stage of `width` x `height` pixels waiting to be painted.

    `horizon` is the stage row of the horizon; `unit` is a thousandth of the stage's mean side, in pixels,
    so that shapes keep their proportions in every aspect ratio.
    """

    width: int
    height: int
    horizon: float
    unit: float
    world: World
    light: Light
    style: Style

    def rng(self, *parts: object) -> np.random.Generator:
        """Chance that depends on the place only, never on hour or weather, so that shapes stay put."""
        return generator(self.world.root, self.world.place, *parts)


def set_up(world: World, view: tuple[int, int], horizon: float) -> Easel:
    """An easel for a view; `horizon` is a part of the stage's height (moved down a little in portrait)."""
    width, height = stage_size(view)
    if height > width:
        horizon = min(0.72, horizon + 0.04)
    style = named(world.style)
    unit = (width * height) ** 0.5 / 1000
    return Easel(width, height, round(height * horizon), unit, world, read_light(world, style), style)

"""Places at and on the water."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint import plants, sky, terrain, town
from vidpipe_tui.providers.local.paint.arrays import (
    smooth,
)
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.layout import row, stand_on
from vidpipe_tui.providers.local.paint.stage import Mirror, Stage


def sea(e: Easel, s: Stage) -> None:
    """The open sea."""
    s.layers.append(terrain.water(e))
    s.mirror = Mirror(int(e.horizon), e.height, 0.5 * (1 - 0.6 * e.world.rain), 0.9, 22 * e.unit, 0.35, "water")
    s.layers.append(terrain.glitter(e))
    stand_on(s, e, "glitter", 0.2, 0.85, 0.5)


def beach(e: Easel, s: Stage) -> None:
    """A beach with surf and a far cape."""
    u, hz = e.unit, e.horizon
    line = (
        terrain.line_of(e, "cape", hz + 6 * u, 150 * u, 2.6, 0.5)
        + smooth(np.linspace(0, 1, e.width), 0.25, 0.6).astype("f4") * 170 * u
    )
    s.layers.append(
        terrain.land(e, "cape", line, (110, 112, 100), near=0.1, distance=0.6, bottom=int(hz + 10 * u), texture=14)
    )
    s.layers.append(terrain.water(e))
    s.mirror = Mirror(int(hz), e.height, 0.45, 0.9, 20 * u, 0.35, "water")
    s.layers.append(terrain.glitter(e))
    wash = terrain.line_of(e, "foam", row(e, 0.4), 70 * u, 2.2, 0.35, 3)
    s.layers.append(
        terrain.land(
            e,
            "foam",
            wash - 9 * u,
            (246, 250, 252),
            near=0.55,
            distance=0.05,
            veil=0.0,
            texture=4,
            bottom=int(row(e, 0.62)),
        )
    )
    s.layers.append(
        terrain.land(
            e,
            "sand",
            wash,
            terrain.snowy(e, (226, 198, 152)),
            near=0.6,
            distance=0.02,
            veil=0.0,
            texture=16,
            grain=60,
            stretch=3,
            darken=0.12,
        )
    )
    stand_on(s, e, "sand", 0.5, 0.92)
    s.layers.append(terrain.fringe(e, "dunegrass", e.height + 8 * u, 110 * u, (150, 146, 88), near=0.95, count=90))


def lake(e: Easel, s: Stage) -> None:
    """A lake that mirrors mountains and woods."""
    u, hz = e.unit, e.horizon
    s.layers.append(terrain.peaks(e, "range", hz + 14 * u, 330 * u, near=0.08, distance=0.6, cells=2.6, cap=0.5))
    line = terrain.line_of(e, "shore", hz - 8 * u, 44 * u, 3)
    s.layers.append(
        terrain.land(
            e,
            "shore",
            line,
            terrain.snowy(e, (52, 84, 66)),
            near=0.22,
            distance=0.4,
            grow=plants.pines(e, "shore", 120, 58 * u),
            headroom=70 * u,
            bottom=int(hz + 4),
            veil=0.3,
        )
    )
    s.layers.append(terrain.water(e, line=hz + 2, deep=(24, 62, 80)))
    s.mirror = Mirror(int(hz + 2), e.height, 0.72, 0.7, 10 * u, 0.3, "water")
    s.layers.append(terrain.glitter(e, hz + 2))
    stand_on(s, e, "bank", 0.72, 0.87)
    bank = terrain.line_of(e, "bank", row(e, 0.82), 70 * u, 1.6)
    s.layers.append(
        terrain.land(
            e, "bank", bank, terrain.snowy(e, (84, 104, 62)), near=0.6, distance=0.0, texture=24, veil=0.0, darken=0.3
        )
    )
    s.layers.append(
        terrain.fringe(e, "reeds", e.height + 8 * u, 150 * u, terrain.snowy(e, (96, 110, 60)), near=0.95, count=150)
    )


def river(e: Easel, s: Stage) -> None:
    """A river between green banks."""
    u, hz = e.unit, e.horizon
    s.layers.append(
        terrain.land(
            e,
            "hills",
            terrain.line_of(e, "hills", hz - 10 * u, 130 * u, 2.6),
            terrain.snowy(e, (92, 118, 84)),
            near=0.12,
            distance=0.62,
            grow=plants.round_trees(e, "hills", 50, 46 * u),
            headroom=50 * u,
            bottom=int(hz + 8),
        )
    )
    s.layers.append(terrain.water(e, line=hz + 2, deep=(36, 84, 88)))
    s.mirror = Mirror(int(hz + 2), e.height, 0.6, 0.7, 14 * u, 0.35, "water")
    x = np.linspace(0, 1, e.width, dtype="f4")
    for k, side in (("left", x), ("right", 1 - x)):
        fall_off = smooth(side, 0.0, 0.62) * (e.height - hz) * 1.25
        line = terrain.line_of(e, k, row(e, 0.03), 30 * u, 5) + fall_off.astype("f4")
        s.layers.append(
            terrain.land(
                e,
                k,
                line,
                terrain.snowy(e, (88, 116, 62)),
                near=0.45 if k == "left" else 0.6,
                distance=0.08,
                texture=26,
                veil=0.0,
                darken=0.3,
                grow=plants.round_trees(e, k, 5, 150 * u) if k == "left" else None,
                headroom=160 * u,
            )
        )
    stand_on(s, e, "right", 0.5, 0.92)
    s.layers.append(
        terrain.fringe(e, "reeds", e.height + 8 * u, 120 * u, terrain.snowy(e, (96, 116, 58)), near=0.95, count=140)
    )


def swamp(e: Easel, s: Stage) -> None:
    """A lake under mist."""
    lake(e, s)
    s.layers.append(sky.mist(e, "marsh", int(e.horizon - 60 * e.unit), int(row(e, 0.5)), 0.5, 0.6))


def harbour(e: Easel, s: Stage) -> None:
    """A quay with houses across the water, seen from a pier."""
    u, hz = e.unit, e.horizon
    s.layers.append(
        town.blocks(e, "port", hz + 4 * u, near=0.12, distance=0.66, tall=(26 * u, 110 * u), wide=(50 * u, 120 * u))
    )
    line = np.full(e.width, hz + 8 * u, "f4")
    s.layers += town.houses(e, "quayhouses", line, 11, 120 * u, near=0.25, distance=0.36)
    s.layers.append(terrain.water(e, line=hz + 18 * u, deep=(22, 56, 76)))
    s.mirror = Mirror(int(hz + 18 * u), e.height, 0.6, 0.7, 12 * u, 0.3, "water")
    pier = np.full(e.width, row(e, 0.68), "f4")
    s.layers.append(
        terrain.land(
            e,
            "pier",
            pier,
            terrain.snowy(e, (128, 98, 72)),
            near=0.6,
            distance=0.0,
            texture=24,
            grain=50,
            stretch=9,
            veil=0.0,
            darken=0.3,
        )
    )
    stand_on(s, e, "pier", 0.74, 0.87)

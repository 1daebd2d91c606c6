"""Towns, villages, roads and gardens."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint import plants, sky, street, terrain, town, wild
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.layout import row, stand_on
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer, Mirror, Stage


def skyline(e: Easel, s: Stage) -> None:
    """Rows of towers beyond the water, seen from a quay."""
    u, hz = e.unit, e.horizon
    for k, (near, far, tall, wide) in enumerate(
        ((0.08, 0.82, (80, 330), (30, 70)), (0.18, 0.55, (70, 300), (44, 96)), (0.32, 0.26, (50, 230), (60, 130)))
    ):
        s.layers.append(
            town.blocks(
                e,
                f"row{k}",
                hz + (4 + 10 * k) * u,
                near=near,
                distance=far,
                tall=(tall[0] * u, tall[1] * u),
                wide=(wide[0] * u, wide[1] * u),
                gap=0.15,
            )
        )
        if k < 2:
            s.layers.append(sky.mist(e, f"smog{k}", int(hz - 120 * u), int(hz + 30 * u), near, 0.3 + 0.4 * e.world.fog))
    s.layers.append(terrain.water(e, line=hz + 22 * u, deep=(18, 40, 66)))
    s.mirror = Mirror(int(hz + 22 * u), e.height, 0.62, 0.6, 13 * u, 0.32, "water")
    quay = np.full(e.width, row(e, 0.66), "f4")
    s.layers.append(
        terrain.land(
            e,
            "quay",
            quay,
            terrain.snowy(e, (112, 108, 110)),
            near=0.6,
            distance=0.02,
            texture=12,
            grain=40,
            veil=0.0,
            darken=0.35,
        )
    )
    stand_on(s, e, "quay", 0.7, 0.85)


def busy_street(e: Easel, s: Stage, narrow: float = 1.0, signs: float = 0.45) -> None:
    """A street in perspective with lamps; `narrow` draws the fronts together, `signs` is how many hang out."""
    u, hz = e.unit, e.horizon
    s.layers.append(
        town.blocks(e, "far", hz + 8 * u, near=0.15, distance=0.72, tall=(60 * u, 210 * u), wide=(36 * u, 80 * u))
    )
    s.layers.append(sky.mist(e, "street", int(hz - 120 * u), int(hz + 40 * u), 0.2, 0.35 + 0.4 * e.world.fog))
    s.layers.append(terrain.floor(e, "asphalt", terrain.snowy(e, (86, 86, 94), 0.8), line=hz + 4 * u, near=0.42))
    s.layers += street.fronts(e, narrow=narrow, signs=1.0 if e.style.wet > 0.8 else signs)
    wet = max(e.world.rain, e.style.wet, 0.25 * e.light.dark)
    if wet > 0.1:
        s.mirror = Mirror(int(hz + 8 * u), e.height, 0.6 * wet, 0.55, 9 * u, 0.42, s.layers[-1].name)
    after = s.layers[-1].name
    if narrow > 0.8:
        lamps = street.street_lamps(e)
        s.layers += lamps
        after = lamps[-1].name
    stand_on(s, e, after, 0.36, 0.86, 0.5)


def alley(e: Easel, s: Stage) -> None:
    """A narrow street with many signs."""
    busy_street(e, s, 0.6, 0.85)


def village(e: Easel, s: Stage) -> None:
    """Houses around a green before hills."""
    u, hz = e.unit, e.horizon
    s.layers.append(terrain.peaks(e, "range", hz + 16 * u, 250 * u, near=0.08, distance=0.72, cells=3, cap=0.5))
    line = terrain.line_of(e, "back", row(e, 0.06), 80 * u, 2)
    s.layers.append(
        terrain.land(
            e,
            "back",
            line,
            terrain.snowy(e, (104, 128, 78)),
            near=0.2,
            distance=0.45,
            grow=plants.round_trees(e, "back", 30, 50 * u),
            headroom=60 * u,
        )
    )
    s.layers += town.houses(e, "houses", line + 46 * u, 8, 150 * u, near=0.35, distance=0.24)
    green = terrain.line_of(e, "green", row(e, 0.4), 40 * u, 1.5)
    s.layers.append(
        terrain.land(
            e,
            "green",
            green,
            terrain.snowy(e, (122, 138, 74)),
            near=0.6,
            distance=0.03,
            texture=26,
            grain=40,
            veil=0.0,
            darken=0.3,
        )
    )
    stand_on(s, e, "green", 0.46, 0.9)
    s.layers.append(terrain.fringe(e, "grass", e.height + 6 * u, 64 * u, terrain.snowy(e, (100, 122, 58)), near=0.95))


def garden(e: Easel, s: Stage) -> None:
    """A meadow with old trees."""
    u = e.unit
    wild.field(e, s)
    rng = e.rng("orchard")
    canvas = Canvas(e.width, e.height, ground=e.light.lit(plants.leaf_colour(e), 0.2))
    for x, size in ((0.12, 1.0), (0.88, 1.1), (0.3, 0.6), (0.7, 0.55)):
        plants.tree(
            canvas,
            e,
            x * e.width,
            row(e, 0.3 + 0.22 * size),
            380 * u * size,
            rng,
            leaves=plants.leaf_colour(e),
            distance=0.3 * (1 - size) if size < 1 else 0.0,
        )
    rgb, alpha = canvas.finish()
    at = next(i for i, layer in enumerate(s.layers) if layer.name == "meadow") + 1
    s.layers.insert(at, Layer("orchard", rgb, alpha, 0, 0.58))
    s.figures_after = "orchard"


def bridge(e: Easel, s: Stage) -> None:
    """A stone bridge before a city."""
    u, hz = e.unit, e.horizon
    s.layers.append(
        town.blocks(e, "far", hz + 4 * u, near=0.1, distance=0.75, tall=(30 * u, 170 * u), wide=(36 * u, 90 * u))
    )
    s.layers.append(terrain.water(e, line=hz + 4 * u, deep=(24, 56, 76)))
    s.layers.append(town.arches(e, "span", row(e, 0.2), row(e, 0.62), 3, near=0.42, distance=0.12))
    s.mirror = Mirror(int(row(e, 0.6)), e.height, 0.6, 0.6, 14 * u, 0.42, "span")
    stand_on(s, e, "span", 0.14, 0.2, 0.42)


def road(e: Easel, s: Stage) -> None:
    """A road through fields."""
    u, hz = e.unit, e.horizon
    wild.field(e, s)
    canvas = Canvas(e.width, int(e.height - hz), top=hz, ground=(60, 60, 66))
    vx, y0 = e.width * 0.5, row(e, 0.2)
    tar = e.light.lit(terrain.snowy(e, (84, 84, 92), 0.4), 0.08)
    canvas.polygon(
        [(vx - 12 * u, y0), (vx + 12 * u, y0), (e.width * 0.86, e.height + 9), (e.width * 0.14, e.height + 9)], tar
    )
    for k in range(9):
        a, b = (k / 9) ** 2, ((k + 0.5) / 9) ** 2
        ya, yb = y0 + (e.height - y0) * a, y0 + (e.height - y0) * b
        canvas.polygon(
            [
                (vx - (1 + 8 * a) * u, ya),
                (vx + (1 + 8 * a) * u, ya),
                (vx + (1 + 8 * b) * u, yb),
                (vx - (1 + 8 * b) * u, yb),
            ],
            e.light.lit((240, 232, 200), 0.05),
        )
    rgb, alpha = canvas.finish()
    at = next(i for i, layer in enumerate(s.layers) if layer.name == "meadow") + 1
    s.layers.insert(at, Layer("tar", rgb, alpha, int(hz), 0.6))
    s.figures_after = "tar"


def rooftop(e: Easel, s: Stage) -> None:
    """A flat roof over a city."""
    skyline(e, s)
    u = e.unit
    s.layers = [layer for layer in s.layers if layer.name not in {"water", "quay"}]
    s.mirror = None
    s.layers.append(
        town.blocks(
            e, "below", row(e, 0.7), near=0.45, distance=0.12, tall=(60 * u, 210 * u), wide=(90 * u, 170 * u), gap=0.1
        )
    )
    edge = np.full(e.width, row(e, 0.56), "f4")
    s.layers.append(
        terrain.land(
            e,
            "roof",
            edge,
            terrain.snowy(e, (120, 112, 112)),
            near=0.62,
            distance=0.0,
            texture=14,
            grain=50,
            veil=0.0,
            darken=0.3,
        )
    )
    stand_on(s, e, "roof", 0.66, 0.87)

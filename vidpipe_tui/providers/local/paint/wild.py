"""Wild country: mountains, woods, fields, deserts, snow."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint import plants, sky, terrain
from vidpipe_tui.providers.local.paint.arrays import (
    below,
    ridge,
)
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.layout import row, stand_on
from vidpipe_tui.providers.local.paint.shapes import Canvas
from vidpipe_tui.providers.local.paint.stage import Layer, Stage


def mountains(e: Easel, s: Stage) -> None:
    """Mountain ranges behind a wooded valley and an alpine meadow."""
    u, hz = e.unit, e.horizon
    s.layers.append(terrain.peaks(e, "range", hz + 20 * u, 400 * u, near=0.08, distance=0.7, cells=3.0, cap=0.5))
    s.layers.append(terrain.peaks(e, "massif", hz + 60 * u, 250 * u, near=0.16, distance=0.46, cells=2.0, cap=0.62))
    s.layers.append(sky.mist(e, "valley", int(hz - 40 * u), int(row(e, 0.3)), 0.2, 0.25 + 0.5 * e.world.fog))
    line = terrain.line_of(e, "woods", row(e, 0.14), 90 * u, 2.4)
    s.layers.append(
        terrain.land(
            e,
            "woods",
            line,
            terrain.snowy(e, (44, 78, 66)),
            near=0.32,
            distance=0.34,
            grow=plants.pines(e, "woods", 130, 62 * u),
            headroom=70 * u,
            veil=0.5,
        )
    )
    line = terrain.line_of(e, "alp", row(e, 0.42), 60 * u, 1.6)
    s.layers.append(
        terrain.land(
            e, "alp", line, terrain.snowy(e, (104, 130, 72)), near=0.6, distance=0.06, texture=22, veil=0.0, darken=0.35
        )
    )
    stand_on(s, e, "alp", 0.52, 0.92)
    s.layers.append(
        terrain.fringe(
            e,
            "grass",
            e.height + 6 * u,
            70 * u,
            terrain.snowy(e, (84, 112, 60)),
            near=0.95,
            flowers=((236, 210, 90), (240, 240, 244), (190, 110, 190)) if e.world.white < 0.3 else (),
        )
    )


def forest(e: Easel, s: Stage) -> None:
    """A glade among tall trunks, with shafts of light."""
    u, hz = e.unit, e.horizon
    s.layers.append(
        terrain.land(
            e,
            "glade",
            terrain.line_of(e, "glade", hz, 20 * u, 3),
            terrain.snowy(e, (86, 112, 70)),
            near=0.15,
            distance=0.62,
        )
    )
    s.layers.append(plants.trunks(e, "far", 26, near=0.16, distance=0.7, thick=20 * u, foot=hz + 14 * u))
    s.layers.append(sky.mist(e, "glade", int(hz - 160 * u), int(hz + 60 * u), 0.2, 0.45 + 0.4 * e.world.fog))
    s.layers.append(plants.trunks(e, "middle", 13, near=0.3, distance=0.45, thick=36 * u, foot=row(e, 0.16)))
    s.layers.append(plants.canopy(e, "leaves", 190 * u, near=0.35, distance=0.4, shade=0.85))
    line = terrain.line_of(e, "floor", row(e, 0.16), 26 * u, 2)
    s.layers.append(
        terrain.land(
            e,
            "floor",
            line,
            terrain.snowy(e, (92, 100, 58) if "leaves" not in e.world.extras else (156, 96, 46)),
            near=0.6,
            distance=0.1,
            texture=30,
            grain=30,
            veil=0.0,
            darken=0.45,
        )
    )
    s.layers.append(sky.beams(e, 0.8 * (0.3 + 0.7 * e.light.sunny)))
    stand_on(s, e, "beams", 0.3, 0.85)
    s.layers.append(
        plants.trunks(
            e, "near", 4, near=0.92, distance=0.0, thick=88 * u, foot=e.height + 10 * u, material=(44, 36, 34)
        )
    )
    s.layers.append(plants.canopy(e, "roof", 120 * u, near=0.95, distance=0.0, shade=0.4))
    s.layers.append(terrain.fringe(e, "ferns", e.height + 8 * u, 84 * u, terrain.snowy(e, (58, 92, 52)), near=0.95))


def jungle(e: Easel, s: Stage) -> None:
    """A forest with palms."""
    forest(e, s)
    rng, u = e.rng("palms"), e.unit
    canvas = Canvas(e.width, e.height, ground=e.light.lit((48, 110, 62), 0.2))
    for x in (0.06, 0.2, 0.82, 0.95):
        plants.palm(canvas, e, x * e.width, row(e, 0.3), (330 + 160 * rng.random()) * u, rng, 0.15)
    rgb, alpha = canvas.finish()
    at = next(i for i, layer in enumerate(s.layers) if layer.name == "beams")
    s.layers.insert(at, Layer("palms", rgb, alpha, 0, 0.5))


def field(e: Easel, s: Stage) -> None:
    """Rolling hills and a meadow."""
    u = e.unit
    tones = (
        ((124, 138, 84), (112, 140, 70), (138, 148, 62))
        if "leaves" not in e.world.extras
        else ((160, 120, 70), (176, 122, 56), (186, 140, 60))
    )
    for k, (share, near, far) in enumerate(((0.0, 0.1, 0.78), (0.08, 0.2, 0.55), (0.2, 0.35, 0.34))):
        line = terrain.line_of(e, f"hill{k}", row(e, share), 110 * u, 2.2 + k * 0.8, 0.4)
        grow = (plants.round_trees if k else plants.pines)(e, f"hill{k}", 26 - 6 * k, (34 + 22 * k) * u)
        s.layers.append(
            terrain.land(
                e,
                f"hill{k}",
                line,
                terrain.snowy(e, tones[k]),
                near=near,
                distance=far,
                grow=grow,
                headroom=70 * u,
                veil=0.45,
            )
        )
    line = terrain.line_of(e, "meadow", row(e, 0.38), 46 * u, 1.4)
    s.layers.append(
        terrain.land(
            e,
            "meadow",
            line,
            terrain.snowy(e, tones[2]),
            near=0.6,
            distance=0.04,
            texture=30,
            grain=40,
            stretch=2,
            veil=0.0,
            darken=0.32,
        )
    )
    stand_on(s, e, "meadow", 0.45, 0.9)
    s.layers.append(
        terrain.fringe(
            e,
            "grass",
            e.height + 6 * u,
            92 * u,
            terrain.snowy(e, (110, 128, 56)),
            near=0.95,
            flowers=((232, 84, 70), (245, 214, 92), (246, 246, 250), (128, 110, 210)) if e.world.white < 0.3 else (),
        )
    )


def desert(e: Easel, s: Stage) -> None:
    """Dunes, one behind the other."""
    u = e.unit
    sand = (222, 172, 112)
    for k, (share, near, far, swing) in enumerate(
        ((0.0, 0.1, 0.72, 60), (0.1, 0.25, 0.45, 90), (0.26, 0.42, 0.22, 110), (0.46, 0.6, 0.02, 90))
    ):
        line = terrain.line_of(e, f"dune{k}", row(e, share), swing * u * 1.4, 1.5 + 0.5 * k, 0.2, 3)
        top = max(0, int(line.min()) - 2)
        rows = e.height - top
        crest = below(line + ridge(e.rng("lee", k), e.width, 2.5, 3, 0.3) * 120 * u - 10 * u, top, top + rows)
        s.layers.append(
            terrain.land(
                e,
                f"dune{k}",
                line,
                terrain.snowy(e, sand),
                near=near,
                distance=far,
                veil=0.2,
                texture=12,
                grain=44,
                stretch=6,
                shade=(crest - 0.55) * (1.1 if e.light.sun_x < 0.5 else 0.8),
                darken=0.15,
            )
        )
    stand_on(s, e, "dune3", 0.56, 0.92)


def snowfield(e: Easel, s: Stage) -> None:
    """Snow drifts before a range of ice."""
    u, hz = e.unit, e.horizon
    s.layers.append(
        terrain.peaks(
            e, "ice", hz + 16 * u, 240 * u, near=0.1, distance=0.66, cells=4, cap=0.75, material=(150, 178, 204)
        )
    )
    for k, (share, near, far) in enumerate(((0.05, 0.25, 0.4), (0.25, 0.45, 0.18), (0.46, 0.62, 0.0))):
        line = terrain.line_of(e, f"drift{k}", row(e, share), 54 * u, 2, 0.3, 3)
        s.layers.append(
            terrain.land(
                e,
                f"drift{k}",
                line,
                (222, 234, 248),
                near=near,
                distance=far,
                veil=0.15,
                texture=14,
                grain=20,
                stretch=6,
                darken=0.12,
            )
        )
    stand_on(s, e, "drift2", 0.54, 0.9)


def graveyard(e: Easel, s: Stage) -> None:
    """Old stones and crosses on a meadow."""
    u = e.unit
    field(e, s)
    rng = e.rng("stones")
    canvas = Canvas(e.width, e.height, ground=e.light.lit((120, 120, 122), 0.2))
    for _ in range(26):
        t = rng.random()
        x, y, h = rng.random() * e.width, row(e, 0.3 + 0.45 * t), (34 + 60 * t) * u
        c = e.light.lit(terrain.snowy(e, (136, 138, 140), 0.4), 0.3 * (1 - t), 0.7 + 0.2 * rng.random())
        if rng.random() < 0.35:
            canvas.box(x - h * 0.08, y - h * 1.3, x + h * 0.08, y, c)
            canvas.box(x - h * 0.34, y - h * 1.02, x + h * 0.34, y - h * 0.86, c)
        else:
            canvas.polygon(
                [
                    (x - h * 0.34, y),
                    *[
                        (x + h * 0.34 * np.cos(a), y - h * 0.7 - h * 0.34 * np.sin(a))
                        for a in np.linspace(np.pi, 0, 12)
                    ],
                    (x + h * 0.34, y),
                ],
                c,
            )
    rgb, alpha = canvas.finish()
    at = next(i for i, layer in enumerate(s.layers) if layer.name == "meadow") + 1
    s.layers.insert(at, Layer("stones", rgb, alpha, 0, 0.55))
    s.figures_after = "stones"

"""Every place the local studio can paint, as a recipe of layers from back to front."""

from __future__ import annotations

from collections.abc import Callable

from vidpipe_tui.providers.local.paint import elsewhere, indoors, plants, sky, terrain, town
from vidpipe_tui.providers.local.paint.easel import Easel, set_up
from vidpipe_tui.providers.local.paint.finish import finish_surface
from vidpipe_tui.providers.local.paint.grouping import flatten
from vidpipe_tui.providers.local.paint.landmarks import DRAWINGS, landmark
from vidpipe_tui.providers.local.paint.stage import Mirror, Stage
from vidpipe_tui.providers.local.paint.weather import fall
from vidpipe_tui.providers.local.paint.words import INDOORS
from vidpipe_tui.providers.local.paint.world import World

Recipe = Callable[[Easel, Stage], None]


def _heaven(e: Easel, s: Stage) -> None:
    s.layers.append(sky.dome(e))
    extras = e.world.extras
    if "aurora" in extras and e.light.dark > 0.4:
        s.layers.append(sky.aurora(e))
    if "rainbow" in extras and e.light.dark < 0.5:
        s.layers.append(sky.rainbow(e))
    sheet = sky.clouds(e)
    if sheet:
        s.layers.append(sheet)
    if "fireworks" in extras:
        s.layers.append(sky.fireworks(e))


def _row(e: Easel, share: float) -> float:
    """Stage row `share` of the way from the horizon to the lower edge."""
    return e.horizon + (e.height - e.horizon) * share


def _ground(s: Stage, e: Easel, after: str, top: float, bottom: float, near: float = 0.6) -> None:
    s.figures_after, s.ground_near = after, near
    s.ground = (_row(e, top) / e.height, _row(e, bottom) / e.height)


def _mountains(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    s.layers.append(terrain.peaks(e, "range", hz + 20 * u, 400 * u, near=0.08, distance=0.7, cells=3.0, cap=0.5))
    s.layers.append(terrain.peaks(e, "massif", hz + 60 * u, 250 * u, near=0.16, distance=0.46, cells=2.0, cap=0.62))
    s.layers.append(sky.mist(e, "valley", int(hz - 40 * u), int(_row(e, 0.3)), 0.2, 0.25 + 0.5 * e.world.fog))
    line = terrain.line_of(e, "woods", _row(e, 0.14), 90 * u, 2.4)
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
    line = terrain.line_of(e, "alp", _row(e, 0.42), 60 * u, 1.6)
    s.layers.append(
        terrain.land(
            e, "alp", line, terrain.snowy(e, (104, 130, 72)), near=0.6, distance=0.06, texture=22, veil=0.0, darken=0.35
        )
    )
    _ground(s, e, "alp", 0.52, 0.92)
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


def _forest(e: Easel, s: Stage) -> None:
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
    s.layers.append(plants.trunks(e, "middle", 13, near=0.3, distance=0.45, thick=36 * u, foot=_row(e, 0.16)))
    s.layers.append(plants.canopy(e, "leaves", 190 * u, near=0.35, distance=0.4, shade=0.85))
    line = terrain.line_of(e, "floor", _row(e, 0.16), 26 * u, 2)
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
    _ground(s, e, "beams", 0.3, 0.85)
    s.layers.append(
        plants.trunks(
            e, "near", 4, near=0.92, distance=0.0, thick=88 * u, foot=e.height + 10 * u, material=(44, 36, 34)
        )
    )
    s.layers.append(plants.canopy(e, "roof", 120 * u, near=0.95, distance=0.0, shade=0.4))
    s.layers.append(terrain.fringe(e, "ferns", e.height + 8 * u, 84 * u, terrain.snowy(e, (58, 92, 52)), near=0.95))


def _jungle(e: Easel, s: Stage) -> None:
    _forest(e, s)
    rng, u = e.rng("palms"), e.unit
    canvas = plants.Canvas(e.width, e.height, ground=e.light.lit((48, 110, 62), 0.2))
    for x in (0.06, 0.2, 0.82, 0.95):
        plants.palm(canvas, e, x * e.width, _row(e, 0.3), (330 + 160 * rng.random()) * u, rng, 0.15)
    rgb, alpha = canvas.finish()
    at = next(i for i, layer in enumerate(s.layers) if layer.name == "beams")
    s.layers.insert(at, plants.Layer("palms", rgb, alpha, 0, 0.5))


def _field(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    tones = (
        ((124, 138, 84), (112, 140, 70), (138, 148, 62))
        if "leaves" not in e.world.extras
        else ((160, 120, 70), (176, 122, 56), (186, 140, 60))
    )
    for k, (share, near, far) in enumerate(((0.0, 0.1, 0.78), (0.08, 0.2, 0.55), (0.2, 0.35, 0.34))):
        line = terrain.line_of(e, f"hill{k}", _row(e, share), 110 * u, 2.2 + k * 0.8, 0.4)
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
    line = terrain.line_of(e, "meadow", _row(e, 0.38), 46 * u, 1.4)
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
    _ground(s, e, "meadow", 0.45, 0.9)
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


def _desert(e: Easel, s: Stage) -> None:
    u = e.unit
    sand = (222, 172, 112)
    for k, (share, near, far, swing) in enumerate(
        ((0.0, 0.1, 0.72, 60), (0.1, 0.25, 0.45, 90), (0.26, 0.42, 0.22, 110), (0.46, 0.6, 0.02, 90))
    ):
        line = terrain.line_of(e, f"dune{k}", _row(e, share), swing * u * 1.4, 1.5 + 0.5 * k, 0.2, 3)
        top = max(0, int(line.min()) - 2)
        rows = e.height - top
        crest = terrain.below(
            line + terrain.ridge(e.rng("lee", k), e.width, 2.5, 3, 0.3) * 120 * u - 10 * u, top, top + rows
        )
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
    _ground(s, e, "dune3", 0.56, 0.92)


def _snowfield(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    s.layers.append(
        terrain.peaks(
            e, "ice", hz + 16 * u, 240 * u, near=0.1, distance=0.66, cells=4, cap=0.75, material=(150, 178, 204)
        )
    )
    for k, (share, near, far) in enumerate(((0.05, 0.25, 0.4), (0.25, 0.45, 0.18), (0.46, 0.62, 0.0))):
        line = terrain.line_of(e, f"drift{k}", _row(e, share), 54 * u, 2, 0.3, 3)
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
    _ground(s, e, "drift2", 0.54, 0.9)


def _sea(e: Easel, s: Stage) -> None:
    s.layers.append(terrain.water(e))
    s.mirror = Mirror(int(e.horizon), e.height, 0.5 * (1 - 0.6 * e.world.rain), 0.9, 22 * e.unit, 0.35, "water")
    s.layers.append(terrain.glitter(e))
    _ground(s, e, "glitter", 0.2, 0.85, 0.5)


def _beach(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    line = (
        terrain.line_of(e, "cape", hz + 6 * u, 150 * u, 2.6, 0.5)
        + terrain.smooth(terrain.np.linspace(0, 1, e.width), 0.25, 0.6).astype("f4") * 170 * u
    )
    s.layers.append(
        terrain.land(e, "cape", line, (110, 112, 100), near=0.1, distance=0.6, bottom=int(hz + 10 * u), texture=14)
    )
    s.layers.append(terrain.water(e))
    s.mirror = Mirror(int(hz), e.height, 0.45, 0.9, 20 * u, 0.35, "water")
    s.layers.append(terrain.glitter(e))
    wash = terrain.line_of(e, "foam", _row(e, 0.4), 70 * u, 2.2, 0.35, 3)
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
            bottom=int(_row(e, 0.62)),
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
    _ground(s, e, "sand", 0.5, 0.92)
    s.layers.append(terrain.fringe(e, "dunegrass", e.height + 8 * u, 110 * u, (150, 146, 88), near=0.95, count=90))


def _lake(e: Easel, s: Stage) -> None:
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
    _ground(s, e, "bank", 0.72, 0.95)
    bank = terrain.line_of(e, "bank", _row(e, 0.82), 70 * u, 1.6)
    s.layers.append(
        terrain.land(
            e, "bank", bank, terrain.snowy(e, (84, 104, 62)), near=0.6, distance=0.0, texture=24, veil=0.0, darken=0.3
        )
    )
    s.layers.append(
        terrain.fringe(e, "reeds", e.height + 8 * u, 150 * u, terrain.snowy(e, (96, 110, 60)), near=0.95, count=150)
    )


def _river(e: Easel, s: Stage) -> None:
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
    x = terrain.np.linspace(0, 1, e.width, dtype="f4")
    for k, side in (("left", x), ("right", 1 - x)):
        fall_off = terrain.smooth(side, 0.0, 0.62) * (e.height - hz) * 1.25
        line = terrain.line_of(e, k, _row(e, 0.03), 30 * u, 5) + fall_off.astype("f4")
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
    _ground(s, e, "right", 0.5, 0.92)
    s.layers.append(
        terrain.fringe(e, "reeds", e.height + 8 * u, 120 * u, terrain.snowy(e, (96, 116, 58)), near=0.95, count=140)
    )


def _skyline(e: Easel, s: Stage) -> None:
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
    quay = terrain.np.full(e.width, _row(e, 0.66), "f4")
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
    _ground(s, e, "quay", 0.72, 0.94)


def _street(e: Easel, s: Stage, narrow: float = 1.0, signs: float = 0.45) -> None:
    u, hz = e.unit, e.horizon
    s.layers.append(
        town.blocks(e, "far", hz + 8 * u, near=0.15, distance=0.72, tall=(60 * u, 210 * u), wide=(36 * u, 80 * u))
    )
    s.layers.append(sky.mist(e, "street", int(hz - 120 * u), int(hz + 40 * u), 0.2, 0.35 + 0.4 * e.world.fog))
    s.layers.append(terrain.floor(e, "asphalt", terrain.snowy(e, (86, 86, 94), 0.8), line=hz + 4 * u, near=0.42))
    s.layers += town.street(e, narrow=narrow, signs=1.0 if e.style.wet > 0.8 else signs)
    wet = max(e.world.rain, e.style.wet, 0.25 * e.light.dark)
    if wet > 0.1:
        s.mirror = Mirror(int(hz + 8 * u), e.height, 0.6 * wet, 0.55, 9 * u, 0.42, s.layers[-1].name)
    after = s.layers[-1].name
    if narrow > 0.8:
        lamps = town.street_lamps(e)
        s.layers += lamps
        after = lamps[-1].name
    _ground(s, e, after, 0.36, 0.86, 0.5)


def _alley(e: Easel, s: Stage) -> None:
    _street(e, s, 0.6, 0.85)


def _harbour(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    s.layers.append(
        town.blocks(e, "port", hz + 4 * u, near=0.12, distance=0.66, tall=(26 * u, 110 * u), wide=(50 * u, 120 * u))
    )
    line = terrain.np.full(e.width, hz + 8 * u, "f4")
    s.layers += town.houses(e, "quayhouses", line, 11, 120 * u, near=0.25, distance=0.36)
    s.layers.append(terrain.water(e, line=hz + 18 * u, deep=(22, 56, 76)))
    s.mirror = Mirror(int(hz + 18 * u), e.height, 0.6, 0.7, 12 * u, 0.3, "water")
    pier = terrain.np.full(e.width, _row(e, 0.68), "f4")
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
    _ground(s, e, "pier", 0.74, 0.95)


def _village(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    s.layers.append(terrain.peaks(e, "range", hz + 16 * u, 250 * u, near=0.08, distance=0.72, cells=3, cap=0.5))
    line = terrain.line_of(e, "back", _row(e, 0.06), 80 * u, 2)
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
    green = terrain.line_of(e, "green", _row(e, 0.4), 40 * u, 1.5)
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
    _ground(s, e, "green", 0.46, 0.9)
    s.layers.append(terrain.fringe(e, "grass", e.height + 6 * u, 64 * u, terrain.snowy(e, (100, 122, 58)), near=0.95))


def _garden(e: Easel, s: Stage) -> None:
    u = e.unit
    _field(e, s)
    rng = e.rng("orchard")
    canvas = plants.Canvas(e.width, e.height, ground=e.light.lit(plants.leaf_colour(e), 0.2))
    for x, size in ((0.12, 1.0), (0.88, 1.1), (0.3, 0.6), (0.7, 0.55)):
        plants.tree(
            canvas,
            e,
            x * e.width,
            _row(e, 0.3 + 0.22 * size),
            380 * u * size,
            rng,
            leaves=plants.leaf_colour(e),
            distance=0.3 * (1 - size) if size < 1 else 0.0,
        )
    rgb, alpha = canvas.finish()
    at = next(i for i, layer in enumerate(s.layers) if layer.name == "meadow") + 1
    s.layers.insert(at, plants.Layer("orchard", rgb, alpha, 0, 0.58))
    s.figures_after = "orchard"


def _bridge(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    s.layers.append(
        town.blocks(e, "far", hz + 4 * u, near=0.1, distance=0.75, tall=(30 * u, 170 * u), wide=(36 * u, 90 * u))
    )
    s.layers.append(terrain.water(e, line=hz + 4 * u, deep=(24, 56, 76)))
    s.layers.append(town.arches(e, "span", _row(e, 0.2), _row(e, 0.62), 3, near=0.42, distance=0.12))
    s.mirror = Mirror(int(_row(e, 0.6)), e.height, 0.6, 0.6, 14 * u, 0.42, "span")
    _ground(s, e, "span", 0.14, 0.2, 0.42)


def _road(e: Easel, s: Stage) -> None:
    u, hz = e.unit, e.horizon
    _field(e, s)
    canvas = plants.Canvas(e.width, int(e.height - hz), top=hz, ground=(60, 60, 66))
    vx, y0 = e.width * 0.5, _row(e, 0.2)
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
    s.layers.insert(at, plants.Layer("tar", rgb, alpha, int(hz), 0.6))
    s.figures_after = "tar"


def _rooftop(e: Easel, s: Stage) -> None:
    _skyline(e, s)
    u = e.unit
    s.layers = [layer for layer in s.layers if layer.name not in {"water", "quay"}]
    s.mirror = None
    s.layers.append(
        town.blocks(
            e, "below", _row(e, 0.7), near=0.45, distance=0.12, tall=(60 * u, 210 * u), wide=(90 * u, 170 * u), gap=0.1
        )
    )
    edge = terrain.np.full(e.width, _row(e, 0.56), "f4")
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
    _ground(s, e, "roof", 0.66, 0.93)


def _graveyard(e: Easel, s: Stage) -> None:
    u = e.unit
    _field(e, s)
    rng = e.rng("stones")
    canvas = plants.Canvas(e.width, e.height, ground=e.light.lit((120, 120, 122), 0.2))
    for _ in range(26):
        t = rng.random()
        x, y, h = rng.random() * e.width, _row(e, 0.3 + 0.45 * t), (34 + 60 * t) * u
        c = e.light.lit(terrain.snowy(e, (136, 138, 140), 0.4), 0.3 * (1 - t), 0.7 + 0.2 * rng.random())
        if rng.random() < 0.35:
            canvas.box(x - h * 0.08, y - h * 1.3, x + h * 0.08, y, c)
            canvas.box(x - h * 0.34, y - h * 1.02, x + h * 0.34, y - h * 0.86, c)
        else:
            canvas.polygon(
                [
                    (x - h * 0.34, y),
                    *[
                        (x + h * 0.34 * terrain.np.cos(a), y - h * 0.7 - h * 0.34 * terrain.np.sin(a))
                        for a in terrain.np.linspace(terrain.np.pi, 0, 12)
                    ],
                    (x + h * 0.34, y),
                ],
                c,
            )
    rgb, alpha = canvas.finish()
    at = next(i for i, layer in enumerate(s.layers) if layer.name == "meadow") + 1
    s.layers.insert(at, plants.Layer("stones", rgb, alpha, 0, 0.55))
    s.figures_after = "stones"


def _factory(e: Easel, s: Stage) -> None:
    _skyline(e, s)


def _temple(e: Easel, s: Stage) -> None:
    _garden(e, s)


def _swamp(e: Easel, s: Stage) -> None:
    _lake(e, s)
    s.layers.append(sky.mist(e, "marsh", int(e.horizon - 60 * e.unit), int(_row(e, 0.5)), 0.5, 0.6))


def _mars(e: Easel, s: Stage) -> None:
    elsewhere.craters(e, s, (196, 96, 62))
    _ground(s, e, "rocks", 0.3, 0.85)


def _space(e: Easel, s: Stage) -> None:
    elsewhere.space(e, s)
    s.figures_after, s.ground, s.ground_near = s.layers[-1].name, (0.5, 0.75), 0.5


def _cloud_sea(e: Easel, s: Stage) -> None:
    elsewhere.cloud_sea(e, s)
    _ground(s, e, "bank1", 0.2, 0.5, 0.4)


def _interior(kind: str) -> Recipe:
    def paint(e: Easel, s: Stage) -> None:
        indoors.room(e, s, kind)
        _ground(s, e, "window-light", 0.2, 0.8, 0.5)

    return paint


def _station(e: Easel, s: Stage) -> None:
    indoors.station(e, s)
    _ground(s, e, "lamplight", 0.3, 0.85, 0.45)


def _cave(e: Easel, s: Stage) -> None:
    u = e.unit
    s.layers.append(
        terrain.land(
            e, "beyond", terrain.line_of(e, "beyond", e.horizon, 60 * u, 3), (92, 116, 92), near=0.1, distance=0.6
        )
    )
    indoors.cave(e, s)
    s.layers.append(
        terrain.land(
            e,
            "floor",
            terrain.line_of(e, "floor", _row(e, 0.34), 40 * u, 2),
            (92, 78, 70),
            near=0.6,
            distance=0.02,
            texture=30,
            veil=0.0,
            darken=0.5,
        )
    )
    _ground(s, e, "floor", 0.42, 0.85)


def _theatre(e: Easel, s: Stage) -> None:
    indoors.theatre(e, s)
    _ground(s, e, "spots", 0.25, 0.7, 0.5)


RECIPES: dict[str, tuple[Recipe, float]] = {
    "mountains": (_mountains, 0.54), "forest": (_forest, 0.56), "jungle": (_jungle, 0.56), "field": (_field, 0.56),
    "desert": (_desert, 0.54), "snowfield": (_snowfield, 0.54), "sea": (_sea, 0.56), "beach": (_beach, 0.5),
    "lighthouse": (_beach, 0.54), "lake": (_lake, 0.52), "swamp": (_swamp, 0.5), "river": (_river, 0.5), "skyline": (_skyline, 0.62),
    "street": (_street, 0.52), "alley": (_alley, 0.5), "harbour": (_harbour, 0.54), "village": (_village, 0.54), "garden": (_garden, 0.54),
    "temple": (_temple, 0.54), "castle": (_mountains, 0.56), "bridge": (_bridge, 0.5), "road": (_road, 0.52), "rooftop": (_rooftop, 0.6),
    "graveyard": (_graveyard, 0.54), "factory": (_factory, 0.62), "mars": (_mars, 0.54), "space": (_space, 0.6), "sky": (_cloud_sea, 0.56),
    "underwater": (elsewhere.underwater, 0.2), "library": (_interior("library"), 0.66), "kitchen": (_interior("kitchen"), 0.66),
    "cafe": (_interior("cafe"), 0.66), "room": (_interior("room"), 0.66), "station": (_station, 0.5), "cave": (_cave, 0.54), "stage": (_theatre, 0.66),
}  # fmt: skip
_OWN_PROP = {"lighthouse": "lighthouse", "castle": "castle", "temple": "pagoda"}
_CLOSED = {"space", "underwater"}


def paint_stage(world: World, view: tuple[int, int]) -> tuple[Easel, Stage]:
    """Paint all layers of a world for a view of `view` (width, height) pixels."""
    recipe, horizon = RECIPES.get(world.place, RECIPES["field"])
    easel = set_up(world, view, horizon)
    stage = Stage((easel.width, easel.height), world, easel.style)
    if world.place not in _CLOSED | {"stage"}:
        _heaven(easel, stage)
    recipe(easel, stage)
    _props(easel, stage)
    _fog(easel, stage)
    if world.place not in INDOORS | _CLOSED:
        stage.layers += fall(easel)
    for layer in stage.layers:
        if not layer.add:
            finish_surface(easel, layer.rgb, layer.alpha, layer.name)
    flatten(stage)
    return easel, stage


def _fog(easel: Easel, stage: Stage) -> None:
    """A bank of fog behind the figures where it is foggy."""
    fog = easel.world.fog
    if fog < 0.4 or easel.world.place in INDOORS | _CLOSED:
        return
    at = next((i for i, layer in enumerate(stage.layers) if layer.name == stage.figures_after), len(stage.layers) - 1)
    bottom = int(easel.height * (stage.ground[0] + 0.3 * (stage.ground[1] - stage.ground[0])))
    stage.layers.insert(at, sky.mist(easel, "fog", int(easel.horizon * 0.55), bottom, 0.5, 1.1 * (fog - 0.25)))


def _props(easel: Easel, stage: Stage) -> None:
    world = easel.world
    if world.place in INDOORS | _CLOSED | {"sea"}:
        return
    wanted = [_OWN_PROP[world.place]] if world.place in _OWN_PROP else []
    wanted += [prop for prop in world.props if prop in DRAWINGS and prop not in wanted]
    at = next((i for i, layer in enumerate(stage.layers) if layer.name == stage.figures_after), len(stage.layers) - 1)
    for slot, prop in enumerate(wanted[:3]):
        added = landmark(easel, prop, stage.ground, stage.ground_near, slot + world.root)
        stage.layers[at + 1 : at + 1] = added
        at += len(added)
        stage.figures_after = added[-1].name

"""Every place the local studio can paint: its recipe, and the stage painted from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from vidpipe_tui.providers.local.paint import (
    elsewhere,
    halls,
    indoors,
    sky,
    terrain,
    towns,
    waters,
    wild,
)
from vidpipe_tui.providers.local.paint.easel import Easel, set_up
from vidpipe_tui.providers.local.paint.finish import finish_surface
from vidpipe_tui.providers.local.paint.grouping import flatten
from vidpipe_tui.providers.local.paint.landmarks import DRAWINGS, landmark
from vidpipe_tui.providers.local.paint.layout import heaven, row, stand_on
from vidpipe_tui.providers.local.paint.stage import Stage
from vidpipe_tui.providers.local.paint.weather import fall
from vidpipe_tui.providers.local.paint.words import INDOORS
from vidpipe_tui.providers.local.paint.world import World

Recipe = Callable[[Easel, Stage], None]


def _mars(e: Easel, s: Stage) -> None:
    elsewhere.craters(e, s, (196, 96, 62))
    stand_on(s, e, "rocks", 0.3, 0.85)


def _moon(e: Easel, s: Stage) -> None:
    elsewhere.space(e, s)
    elsewhere.craters(e, s, (150, 150, 156))
    stand_on(s, e, "rocks", 0.3, 0.85)


def _space(e: Easel, s: Stage) -> None:
    elsewhere.space(e, s)
    s.figures_after, s.ground, s.ground_near = s.layers[-1].name, (0.5, 0.75), 0.5


def _cloud_sea(e: Easel, s: Stage) -> None:
    elsewhere.cloud_sea(e, s)
    stand_on(s, e, "bank1", 0.2, 0.5, 0.4)


def _interior(kind: str) -> Recipe:
    def paint(e: Easel, s: Stage) -> None:
        indoors.room(e, s, kind)
        stand_on(s, e, "window-light", 0.2, 0.8, 0.5)

    return paint


def _station(e: Easel, s: Stage) -> None:
    halls.station(e, s)
    stand_on(s, e, "lamplight", 0.3, 0.85, 0.45)


def _cave(e: Easel, s: Stage) -> None:
    u = e.unit
    s.layers.append(
        terrain.land(
            e, "beyond", terrain.line_of(e, "beyond", e.horizon, 60 * u, 3), (92, 116, 92), near=0.1, distance=0.6
        )
    )
    halls.cave(e, s)
    s.layers.append(
        terrain.land(
            e,
            "floor",
            terrain.line_of(e, "floor", row(e, 0.34), 40 * u, 2),
            (92, 78, 70),
            near=0.6,
            distance=0.02,
            texture=30,
            veil=0.0,
            darken=0.5,
        )
    )
    stand_on(s, e, "floor", 0.42, 0.85)


def _theatre(e: Easel, s: Stage) -> None:
    halls.theatre(e, s)
    stand_on(s, e, "spots", 0.25, 0.7, 0.5)


RECIPES: dict[str, tuple[Recipe, float]] = {
    "mountains": (wild.mountains, 0.54),
    "forest": (wild.forest, 0.56),
    "jungle": (wild.jungle, 0.56),
    "field": (wild.field, 0.56),
    "desert": (wild.desert, 0.54),
    "snowfield": (wild.snowfield, 0.54),
    "sea": (waters.sea, 0.56),
    "beach": (waters.beach, 0.5),
    "lighthouse": (waters.beach, 0.54),
    "lake": (waters.lake, 0.52),
    "swamp": (waters.swamp, 0.5),
    "river": (waters.river, 0.5),
    "skyline": (towns.skyline, 0.62),
    "street": (towns.busy_street, 0.52),
    "alley": (towns.alley, 0.5),
    "harbour": (waters.harbour, 0.54),
    "village": (towns.village, 0.54),
    "garden": (towns.garden, 0.54),
    "temple": (towns.garden, 0.54),
    "castle": (wild.mountains, 0.56),
    "bridge": (towns.bridge, 0.5),
    "road": (towns.road, 0.52),
    "rooftop": (towns.rooftop, 0.6),
    "graveyard": (wild.graveyard, 0.54),
    "factory": (towns.skyline, 0.62),
    "mars": (_mars, 0.54),
    "moon": (_moon, 0.58),
    "space": (_space, 0.6),
    "sky": (_cloud_sea, 0.56),
    "underwater": (elsewhere.underwater, 0.2),
    "library": (_interior("library"), 0.66),
    "kitchen": (_interior("kitchen"), 0.66),
    "cafe": (_interior("cafe"), 0.66),
    "room": (_interior("room"), 0.66),
    "station": (_station, 0.5),
    "cave": (_cave, 0.54),
    "stage": (_theatre, 0.66),
}


_OWN_PROP = {"lighthouse": "lighthouse", "castle": "castle", "temple": "pagoda"}


FURNITURE = {"piano", "cup", "cake", "chess", "candle", "flower", "bench", "hourglass", "statue"}
_CLOSED = {"space", "underwater", "moon"}


@lru_cache(maxsize=2)
def paint_stage(world: World, view: tuple[int, int]) -> tuple[Easel, Stage]:
    """Paint all layers of a world for a view of `view` (width, height) pixels.

    The last two are kept (25 MB each at 720p), since a clip shows what its keyframes and its neighbours show:
    nobody may change what is returned.
    """
    recipe, horizon = RECIPES.get(world.place, RECIPES["field"])
    easel = set_up(world, view, horizon)
    stage = Stage((easel.width, easel.height), world, easel.style)
    if world.place not in _CLOSED | {"stage"}:
        heaven(easel, stage, drifting=world.place not in INDOORS | {"forest", "jungle"})
    recipe(easel, stage)
    _props(easel, stage)
    _fog(easel, stage)
    if world.place not in INDOORS | _CLOSED:
        stage.layers += fall(easel)
    for layer in stage.layers:
        layer.rgb = np.require(layer.rgb, requirements=["C", "W"])
        if layer.alpha is not None:
            layer.alpha = np.require(layer.alpha, requirements=["C", "W"])
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
    if world.place in _CLOSED | {"sea"}:
        return
    wanted = [_OWN_PROP[world.place]] if world.place in _OWN_PROP else []
    indoors_too = FURNITURE if world.place in INDOORS else set(DRAWINGS)
    wanted += [prop for prop in world.props if prop in indoors_too and prop in DRAWINGS and prop not in wanted]
    at = next((i for i, layer in enumerate(stage.layers) if layer.name == stage.figures_after), len(stage.layers) - 1)
    for slot, prop in enumerate(wanted[:3]):
        added = landmark(easel, prop, stage.ground, stage.ground_near, slot + world.root)
        stage.layers[at + 1 : at + 1] = added
        at += len(added)
        stage.figures_after = added[-1].name

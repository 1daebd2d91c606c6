"""A reviewer's note: what it changes in a world."""

from __future__ import annotations

from dataclasses import replace

from vidpipe_tui.providers.local.paint.subjects import colour_of, fits, nearer
from vidpipe_tui.providers.local.paint.words import HOURS, concepts
from vidpipe_tui.providers.local.paint.world import Figure, World


def heed(world: World, note: str) -> World:
    """Apply a reviewer's note; it outranks what the texts say."""
    if not note.strip():
        return world
    wishes = set(concepts("notes", note))
    sign = -1 if "less" in wishes else 1
    if "darker" in wishes:
        world = replace(world, exposure=world.exposure - 0.75 * sign)
    if "brighter" in wishes:
        world = replace(world, exposure=world.exposure + 0.6 * sign)
    if "closer" in wishes:
        world = replace(world, zoom=min(1.35, world.zoom + 0.18), figures=nearer(world, 1.45))
    if "wider" in wishes:
        world = replace(world, zoom=1.0, figures=tuple(replace(f, size=f.size * 0.72) for f in world.figures))
    if "warmer" in wishes or "cooler" in wishes:
        world = replace(world, warmth=1.0 if "warmer" in wishes else -1.0)
    if "colourful" in wishes or "muted" in wishes:
        world = replace(world, vivid=0.8 if "colourful" in wishes else -0.8)
    if wishes & {"left", "right"}:
        step = -0.16 if "left" in wishes else 0.16
        world = replace(world, figures=tuple(replace(f, x=min(0.86, max(0.14, f.x + step))) for f in world.figures))
    return _note_weather(world, note, sign)


def _note_weather(world: World, note: str, sign: int) -> World:
    found = set(concepts("weather", note))
    up = sign > 0
    if "snow" in found:
        world = replace(world, snow=min(1.0, world.snow + 0.5) if up else 0.0, white=1.0 if up else world.white * 0.3)
    if found & {"rain", "storm"}:
        world = replace(world, rain=min(1.0, world.rain + 0.5) if up else 0.0)
    if "fog" in found:
        world = replace(world, fog=min(1.0, world.fog + 0.5) if up else 0.0)
    if "cloud" in found:
        world = replace(world, cloud=min(1.0, world.cloud + 0.4) if up else 0.1)
    times, places = concepts("times", note), concepts("places", note)
    if times:
        world = replace(world, hour=HOURS[times[0]])
    if places:
        world = replace(world, place=places[0])
    new = [
        kind
        for kind in concepts("subjects", note)
        if kind not in {f.kind for f in world.figures} and fits(kind, world.place)
    ]
    if new and up:
        world = replace(world, figures=(*world.figures, Figure(new[0], colour_of(new[0], note), 0.7, 0.5))[:8])
    if not up:
        gone = set(concepts("subjects", note))
        world = replace(world, figures=tuple(f for f in world.figures if f.kind not in gone))
    return replace(world, props=tuple(dict.fromkeys((*world.props, *concepts("props", note))))[-3:]) if up else world

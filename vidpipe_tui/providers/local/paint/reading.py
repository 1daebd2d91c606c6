"""Reads a scene's texts: what world its first frame shows, and how that world has moved on in its last."""

from __future__ import annotations

import re
from dataclasses import replace

from vidpipe_tui.providers.local.paint.arrays import (
    generator,
)
from vidpipe_tui.providers.local.paint.brief import SceneBrief
from vidpipe_tui.providers.local.paint.figures import extent
from vidpipe_tui.providers.local.paint.notes import heed
from vidpipe_tui.providers.local.paint.styles import named
from vidpipe_tui.providers.local.paint.subjects import CLOTH, figures_of, in_view, moved_on, natural_size, nearer
from vidpipe_tui.providers.local.paint.words import HOURS, concepts
from vidpipe_tui.providers.local.paint.world import Figure, World


def read_start(brief: SceneBrief, seed: int) -> World:
    """The world of a scene's first frame, from its texts alone."""
    text = _join(brief.start_frame_prompt, brief.scene_description)
    style = named(brief.style)
    rng = generator("world", seed)
    places = concepts("places", brief.start_frame_prompt) or concepts("places", brief.scene_description)
    world = World(
        place=_place(places[0], text) if places else _default_place(brief.scene_description or text),
        root=int(rng.integers(1 << 30)), style=brief.style,
        hour=style.hour if style.hour is not None else float(rng.choice([6.7, 15.9, 16.8, 17.6])),
        accent=CLOTH["woman"], air=float(rng.random()) * 0.5, zoom=1.1,
    )  # fmt: skip
    for _ in range(brief.scene_index):
        world = replace(world, hour=_later(world.hour, 1.2))
    world = _weather(world, text)
    world = _time(_afar(world, places), text)
    props = [prop for prop in concepts("props", text) if prop != "tower" or "lighthouse" not in text.lower()]
    world = replace(world, props=tuple(props)[:3])
    world = replace(world, figures=figures_of(text, world, seed))
    return in_view(heed(_camera_at(world, brief.start_frame_prompt), brief.note))


def read_end(brief: SceneBrief, start: World, seed: int) -> World:
    """The world of a scene's last frame: the start's, moved on by the scene's texts."""
    text = _join(brief.end_frame_prompt, brief.scene_description)
    rng = generator("later", seed, brief.scene_index, start.hour)
    world = replace(start, style=brief.style)
    places = concepts("places", brief.end_frame_prompt) or concepts("places", brief.scene_description)
    if places and start.place not in places and _place(places[-1], text) != start.place:
        world = replace(world, place=_place(places[-1], text), props=(), extras=())
        if not concepts("weather", text):
            world = replace(world, rain=start.rain * 0.4, snow=start.snow * 0.35, white=start.white * 0.5)
    named_hours = concepts("times", brief.end_frame_prompt) or concepts("times", brief.scene_description)
    if named_hours:
        goal = HOURS[named_hours[-1]]
        ahead = (goal - start.hour) % 24
        step = ahead if 0.2 < ahead < 16 else 0.9
        world = replace(world, hour=(start.hour + step) % 24)
    else:
        world = replace(world, hour=_later(start.hour, 1.1 + 0.4 * float(rng.random())))
    world = _weather(_afar(world, places), text)
    props = dict.fromkeys((*(world.props), *concepts("props", text)))
    world = replace(world, props=tuple(props)[-3:], air=start.air + 0.05 + 0.03 * float(rng.random()))
    world = replace(world, figures=moved_on(world, start, text, brief, seed))
    return in_view(heed(_camera_to(world, start, brief), brief.note))


def _join(*parts: str) -> str:
    return "\n".join(parts)


def _place(place: str, text: str) -> str:
    """A place as it can be painted: who stands at the sea has a boat or its shore, who is in a city a street."""
    if place == "skyline" and not re.search(
        r"skyline|above|\bover|über|panoram|skyscraper|hochh|wolkenk|rooftop", text.lower()
    ):
        kinds = concepts("subjects", text)
        return "street" if any(extent(kind).home == "ground" for kind in kinds) else place
    if place != "sea" or re.search(
        r"fish|fisch|sail|segel|row|ruder|captain|kapit|boat|boot|ship|schiff|漁|船", text.lower()
    ):
        return place
    kinds = concepts("subjects", text)
    return "beach" if any(extent(kind).home == "ground" for kind in kinds) else place


_HABITATS: tuple[tuple[set[str], str], ...] = (
    ({"astronaut", "rocket", "ufo"}, "space"),
    ({"penguin"}, "snowfield"),
    ({"camel", "elephant"}, "desert"),
    ({"car", "bus", "motorcycle"}, "road"),
    ({"detective", "robot"}, "street"),
    ({"fox", "wolf", "deer", "bear", "owl", "wizard"}, "forest"),
    ({"dragon", "knight"}, "mountains"),
    ({"balloon", "plane"}, "sky"),
)


def _default_place(text: str) -> str:
    """Where a scene plays that names no place: where its subjects live."""
    homes = {extent(kind).home for kind in concepts("subjects", text)}
    kinds = concepts("subjects", text)
    if "sub" in homes:
        return "underwater"
    if "water" in homes:
        return "sea"
    settings = concepts("settings", text)
    if settings:
        return settings[0]
    for kinds_of, place in _HABITATS:
        if kinds_of & set(kinds):
            return place
    return "field"


def _afar(world: World, places: list[str]) -> World:
    """Mountains named beside another place stand at its horizon."""
    if "mountains" not in places or world.place in {"mountains", "castle", "lake", "village", "snowfield"}:
        return world
    return replace(world, extras=tuple(dict.fromkeys((*world.extras, "peaks"))))


def _time(world: World, text: str) -> World:
    hours = concepts("times", text)
    return replace(world, hour=HOURS[hours[0]]) if hours else world


def _later(hour: float, step: float) -> float:
    """Time moves on; around sunset and at night it moves in smaller steps, so that light is never lost by chance."""
    return (hour + (step if hour < 18.6 else step * 0.45)) % 24


def _weather(world: World, text: str) -> World:
    found = set(concepts("weather", text))
    changes: dict[str, float] = {}
    if "clear" in found:
        changes |= {"cloud": 0.15, "rain": 0.0, "snow": 0.0, "fog": 0.05}
    if "cloud" in found:
        changes |= {"cloud": 0.75}
    if "fog" in found:
        changes |= {"fog": 0.85}
    if "rain" in found:
        changes |= {"rain": 0.65, "cloud": 0.85, "fog": max(world.fog, 0.35)}
    if "storm" in found:
        changes |= {"rain": max(0.9 * ("snow" not in found), world.rain), "cloud": 1.0, "fog": 0.4}
    if "snow" in found:
        changes |= {
            "white": 1.0,
            "snow": 0.6 if not {"clear"} & found else 0.1,
            "rain": 0.0,
            "cloud": max(world.cloud, 0.5),
        }
    if world.place == "snowfield":
        changes["white"] = 1.0
    extras = [
        e
        for e in ("aurora", "rainbow", "fireworks", "lanterns", "bigmoon", "leaves", "petals", "embers", "fireflies")
        if e in found
    ]
    if "bigmoon" in extras and not concepts("times", text):
        pass
    kept = tuple(dict.fromkeys((*world.extras, *extras)))[-4:]
    return replace(world, extras=kept, **changes)  # type: ignore[arg-type]


def _camera_at(world: World, text: str) -> World:
    low = text.lower()
    if re.search(r"close.?up|nahaufnahme|アップ|close on|macro", low):
        return replace(world, zoom=1.3, focus=0.6, figures=nearer(world, 1.5))
    if re.search(r"\bwide\b|establishing|totale|panoram|aerial|広角|weitwinkel", low):
        return replace(world, zoom=1.04)
    return world


def _camera_to(world: World, start: World, brief: SceneBrief) -> World:
    """Where the camera stands at the end, from the motion prompt."""
    opening = re.split(r"[.。]", brief.video_motion_prompt, maxsplit=1)[0]
    moves = concepts("camera", opening) or concepts("camera", brief.video_motion_prompt)
    zoom, x, y, focus = start.zoom, start.pan_x, start.pan_y, start.focus
    figures = world.figures
    first = next(
        (m for m in moves if m != "handheld"),
        ("push", "right", "pull", "left")[brief.scene_index % 4],
    )
    if first in {"push", "orbit", "track"}:
        if zoom > 1.24:
            zoom, figures = 1.1, tuple(replace(f, size=max(0.8, f.size / 1.25)) for f in figures)
        else:
            zoom = min(1.32, zoom + 0.15)
            figures = nearer(world, 1.12) if figures and max(f.size for f in figures) < 1.3 else figures
        if first == "orbit":
            x = -0.6 if x > 0 else 0.6
    elif first == "pull":
        zoom = max(1.02, zoom - 0.15)
        figures = tuple(replace(f, size=max(0.7, f.size / 1.15)) for f in figures)
        x, y = x * 0.4, y * 0.4
    elif first in {"left", "right"}:
        zoom, x = max(zoom, 1.18), -0.75 if first == "left" else 0.75
    elif first in {"up", "down"}:
        zoom, y = max(zoom, 1.18), -0.8 if first == "up" else 0.8
    return replace(world, zoom=zoom, pan_x=x, pan_y=y, focus=focus, figures=_framed(figures, first, brief))


_VIEWS: tuple[tuple[str, float], ...] = (
    (r"close.?up|nahaufnahme|アップ|macro|makro", 1.5),
    (r"\bcloser|nähere|寄った|over-the-shoulder|über die schulter|肩越し", 1.3),
    (r"\bmedium|halbtotale|中景", 1.1),
    (r"\bwide\b|establishing|totale|panoram|aerial|広角|全景|weitwinkel", 0.85),
)


def _framed(figures: tuple[Figure, ...], move: str, brief: SceneBrief) -> tuple[Figure, ...]:
    """The figures in the size that the scene's view asks for; those of scenes that name no view keep theirs."""
    view = re.split(r"[.。]", brief.start_frame_prompt, maxsplit=1)[0].lower()
    goal = next((size for pattern, size in _VIEWS if re.search(pattern, view)), None)
    if goal is None:
        return figures
    goal *= {"push": 1.1, "pull": 0.9}.get(move, 1.0)
    return tuple(
        replace(
            f, size=0.35 * f.size + 0.65 * natural_size(f.kind) * (goal if extent(f.kind).up < 2 else min(goal, 0.95))
        )
        for f in figures
    )

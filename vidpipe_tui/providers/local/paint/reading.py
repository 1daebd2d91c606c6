"""Reads a scene's texts: what world its first frame shows, and how that world has moved on in its last."""

from __future__ import annotations

import re
from dataclasses import replace

from vidpipe_tui.providers.local.paint.animals import COATS
from vidpipe_tui.providers.local.paint.arrays import generator
from vidpipe_tui.providers.local.paint.brief import SceneBrief
from vidpipe_tui.providers.local.paint.figures import extent
from vidpipe_tui.providers.local.paint.stage import Camera, view_box
from vidpipe_tui.providers.local.paint.styles import named
from vidpipe_tui.providers.local.paint.words import COLOURS, HOURS, INDOORS, concepts, find
from vidpipe_tui.providers.local.paint.world import Figure, World

_CLOTH = {
    "man": (62, 84, 118), "woman": (176, 62, 66), "child": (230, 176, 60), "detective": (120, 98, 74), "wizard": (74, 62, 122),
    "knight": (150, 40, 44), "astronaut": (232, 234, 238), "robot": (150, 160, 172), "car": (186, 52, 46), "bus": (222, 176, 60),
    "train": (52, 96, 132), "motorcycle": (160, 44, 40), "bicycle": (60, 130, 120), "boat": (90, 110, 124), "sailboat": (176, 66, 50),
    "ship": (44, 56, 74), "balloon": (214, 74, 56), "plane": (62, 108, 168), "rocket": (206, 64, 50), "ufo": (166, 172, 186), "kite": (220, 70, 90),
}  # fmt: skip
_SCALE = {"balloon": 0.75, "plane": 0.7, "rocket": 0.9, "train": 0.95, "ship": 0.95, "whale": 0.85, "dragon": 0.8, "butterfly": 0.8,
          "rabbit": 1.25, "cat": 1.3, "fox": 1.25, "bird": 1.3, "owl": 1.3, "fish": 1.3, "dog": 1.1, "elephant": 0.9}  # fmt: skip
_FLOCKS = {"bird": 5, "fish": 6, "butterfly": 4, "jellyfish": 3, "crane": 2, "penguin": 4}
_PLURAL = re.compile(
    r"\b(two|three|several|many|group|crowd|couple|lovers|zwei|drei|viele|mehrere|paar|flock|herd|children|kinder|friends|people)\b|二|三|たち|群れ"
)
_KIN = {"man", "woman", "child"}


def read_start(brief: SceneBrief, seed: int) -> World:
    """The world of a scene's first frame, from its texts alone."""
    text = _join(brief.start_frame_prompt, brief.scene_description)
    style = named(brief.style)
    rng = generator("world", seed, brief.scene_index)
    places = concepts("places", brief.start_frame_prompt) or concepts("places", brief.scene_description)
    world = World(
        place=_place(places[0], text) if places else _default_place(text),
        root=int(rng.integers(1 << 30)), style=brief.style,
        hour=style.hour if style.hour is not None else float(rng.choice([9.5, 16.8, 17.8, 18.4])),
        accent=_CLOTH["woman"], air=float(rng.random()) * 0.5, zoom=1.1,
    )  # fmt: skip
    world = _weather(world, text)
    world = _time(world, text)
    world = replace(world, props=tuple(concepts("props", text))[:3])
    world = replace(world, figures=_figures(text, world, seed))
    return _in_view(_note(_camera_at(world, brief.start_frame_prompt), brief.note))


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
        world = replace(world, hour=_later(start.hour, 0.9 + 0.4 * float(rng.random())))
    world = _weather(world, text)
    props = dict.fromkeys((*(world.props), *concepts("props", text)))
    world = replace(world, props=tuple(props)[-3:], air=start.air + 0.05 + 0.03 * float(rng.random()))
    world = replace(world, figures=_move(world, start, text, brief, seed))
    return _in_view(_note(_camera_to(world, start, brief), brief.note))


def _in_view(world: World) -> World:
    """Keep every figure where the camera sees it, and in a size that leaves room around it."""
    left, _, right, _ = view_box((1000, 1000), 0.55, Camera(world.zoom, world.pan_x, world.pan_y))
    kept = []
    for figure in world.figures:
        room = extent(figure.kind)
        half = min(0.46, 0.1 + 0.045 * (room.back + room.front) * figure.size)
        low, high = (left + (right - left) * half) / 1000, (right - (right - left) * half) / 1000
        largest = 1.5 * _SCALE.get(figure.kind, 1.0)
        kept.append(replace(figure, x=min(high, max(low, figure.x)), y=min(0.85, figure.y), size=min(largest, max(0.55, figure.size))))
    return replace(world, figures=tuple(kept))


def _join(*parts: str) -> str:
    return "\n".join(parts)


def _place(place: str, text: str) -> str:
    """A place as it can be painted: those who stand at the sea without a boat stand on its shore."""
    if place != "sea" or re.search(r"fish|fisch|sail|segel|row|ruder|captain|kapit|boat|boot|ship|schiff|漁|船", text.lower()):
        return place
    kinds = concepts("subjects", text)
    return "beach" if any(extent(kind).home == "ground" for kind in kinds) else place


def _default_place(text: str) -> str:
    """Where a scene plays that names no place: where its subjects live."""
    homes = {extent(kind).home for kind in concepts("subjects", text)}
    kinds = concepts("subjects", text)
    if "sub" in homes:
        return "underwater"
    if "water" in homes:
        return "sea"
    for kinds_of, place in (({"astronaut", "rocket", "ufo"}, "space"), ({"penguin"}, "snowfield"), ({"camel", "elephant"}, "desert"), ({"train"}, "field"),
                            ({"car", "bus", "motorcycle"}, "road"), ({"detective", "robot"}, "street"), ({"fox", "wolf", "deer", "bear", "owl", "wizard"}, "forest"),
                            ({"dragon", "knight"}, "mountains"), ({"balloon", "plane"}, "sky")):  # fmt: skip
        if kinds_of & set(kinds):
            return place
    return "field"


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


def _figures(text: str, world: World, seed: int) -> tuple[Figure, ...]:
    """The subjects a text names, as figures spread over the ground."""
    kinds = [kind for kind in concepts("subjects", text) if _fits(kind, world.place)]
    if "woman" in kinds and "man" in kinds and not re.search(r"\b(and|und|with|mit|couple|paar)\b|と", text.lower()):
        kinds.remove("man")
    kinds = kinds[:3]
    rng = generator("figures", seed, world.root)
    side = 1 if rng.random() < 0.5 else -1
    figures: list[Figure] = []
    for i, kind in enumerate(kinds):
        figures += _group(kind, i, len(kinds), text, world, side, rng)
    return tuple(figures[:8])


def _fits(kind: str, place: str) -> bool:
    home = extent(kind).home
    if home == "water":
        return place in {"sea", "lake", "river", "harbour", "beach", "skyline", "lighthouse", "bridge", "swamp"}
    if home == "sub":
        return place in {"underwater", "sea", "sky", "space"}
    return not (
        place in INDOORS and kind in {"car", "bus", "plane", "rocket", "balloon", "whale"} and place != "station"
    )


def _group(kind: str, index: int, total: int, text: str, world: World, side: int, rng) -> list[Figure]:  # type: ignore[no-untyped-def]
    pose = _pose(kind, text, world)
    colour = _colour(kind, text)
    flock = _FLOCKS.get(kind, 1)
    many = (
        flock
        if flock > 1
        else (
            2
            if kind in _KIN | {"dog", "wolf", "deer", "horse", "robot", "knight"} and _PLURAL.search(text.lower())
            else 1
        )
    )
    home = extent(kind).home
    x0 = (0.40, 0.62, 0.25)[index] if side > 0 else (0.60, 0.38, 0.75)[index]
    depth = {"air": 0.35, "water": 0.42, "sub": 0.4}.get(home, (0.66 if total == 1 else 0.58) - 0.16 * index)
    if kind in {"train", "bus"}:
        depth = 0.35
    kind, size = (kind, _SCALE.get(kind, 1.0) * (0.85 if many > 2 else 1.0))
    if world.place == "sea" and home == "ground" and kind not in {"horse"} and pose != "fly":
        kind, depth = "boat", 0.42
    umbrella = "umbrella" in world.props and kind in _KIN | {"detective"}
    out = []
    for k in range(many):
        spread = (k - (many - 1) / 2) * (0.09 if many > 2 else 0.1)
        jitter = 0.06 * float(rng.random()) * (k > 0)
        out.append(Figure(kind, colour, min(0.85, max(0.15, x0 + spread + jitter)), min(0.95, depth + 0.1 * ((k * 7) % 3 - 1) * (many > 1)),
                          size * (1 - 0.12 * (k % 3) * (many > 2)), side, pose, umbrella and k == 0))  # fmt: skip
    return out


def _pose(kind: str, text: str, world: World) -> str:
    actions = concepts("actions", text)
    if extent(kind).home == "air" or world.place in {"space", "underwater"}:
        return "fly"
    for action in actions:
        if action == "fly" and kind not in {"owl", "crane", "wizard"}:
            continue
        return action
    return "stand" if kind in {"owl", "crane", "penguin"} else "walk"


def _colour(kind: str, text: str) -> tuple[int, int, int]:
    """The colour named nearest before the subject's word, else its own."""
    words = [hit for hit in find("subjects", text) if hit.concept == kind]
    if words:
        at = words[0].position
        near = [hit for hit in find("colours", text) if -16 <= hit.position - at <= 34 or 0 < at - hit.position < 18]
        if near:
            best = min(near, key=lambda hit: abs(hit.position - at))
            return COLOURS[best.concept]
    return COATS.get(kind) or _CLOTH.get(kind, (90, 96, 120))


def _move(world: World, start: World, text: str, brief: SceneBrief, seed: int) -> tuple[Figure, ...]:
    """Figures at the end: those of the start moved on, those newly named come in, those of another scene leave."""
    wanted = _figures(text, world, seed)
    kinds = {figure.kind for figure in wanted}
    stay = [figure for figure in start.figures if not wanted or figure.kind in kinds]
    new = [figure for figure in wanted if figure.kind not in {f.kind for f in stay}]
    moved = [
        _step(figure, next((w for w in wanted if w.kind == figure.kind), figure), k, brief)
        for k, figure in enumerate(stay)
    ]
    return tuple((moved + [replace(f, facing=1 if f.x < 0.5 else -1) if False else f for f in new])[:8])


def _step(figure: Figure, wish: Figure, index: int, brief: SceneBrief) -> Figure:
    """One figure's way through the scene."""
    pose = wish.pose
    reach = {"walk": 0.14, "run": 0.26, "fly": 0.18, "dance": 0.04, "stand": 0.0, "sit": 0.0, "sleep": 0.0}.get(
        pose, 0.08
    )
    if figure.kind in {"car", "train", "bus", "motorcycle"}:
        reach = 0.3
    elif figure.kind in {"boat", "sailboat", "ship"}:
        reach = 0.12
    facing = figure.facing
    if not 0.16 <= figure.x + facing * reach <= 0.84:
        facing = -facing
    x = min(0.84, max(0.16, figure.x + facing * reach))
    near = 0.06 if brief.scene_index % 2 else -0.05
    y = min(0.9, max(0.1, figure.y + (near if reach and extent(figure.kind).home == "ground" else -0.04 * bool(reach))))
    return replace(
        figure, x=x, y=y, facing=facing, pose=pose, colour=figure.colour, umbrella=figure.umbrella or wish.umbrella
    )


def _camera_at(world: World, text: str) -> World:
    low = text.lower()
    if re.search(r"close.?up|nahaufnahme|アップ|close on|macro", low):
        return replace(world, zoom=1.3, focus=0.6, figures=_nearer(world, 1.5))
    if re.search(r"\bwide\b|establishing|totale|panoram|aerial|広角|weitwinkel", low):
        return replace(world, zoom=1.04)
    return world


def _nearer(world: World, factor: float) -> tuple[Figure, ...]:
    return tuple(replace(f, size=min(2.2, f.size * factor)) for f in world.figures)


def _camera_to(world: World, start: World, brief: SceneBrief) -> World:
    """Where the camera stands at the end, from the motion prompt."""
    moves = concepts("camera", brief.video_motion_prompt)
    zoom, x, y, focus = start.zoom, start.pan_x, start.pan_y, start.focus
    figures = world.figures
    first = next(
        (m for m in moves if m not in {"static", "handheld"}),
        "static" if "static" in moves else ("push", "right", "pull", "left")[brief.scene_index % 4],
    )
    if first in {"push", "orbit", "track"}:
        if zoom > 1.24:
            zoom, figures = 1.1, tuple(replace(f, size=max(0.8, f.size / 1.25)) for f in figures)
        else:
            zoom = min(1.32, zoom + 0.15)
            figures = _nearer(world, 1.12) if figures and max(f.size for f in figures) < 1.3 else figures
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
    return replace(world, zoom=zoom, pan_x=x, pan_y=y, focus=focus, figures=figures)


def _note(world: World, note: str) -> World:
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
        world = replace(world, zoom=min(1.35, world.zoom + 0.18), figures=_nearer(world, 1.45))
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
        if kind not in {f.kind for f in world.figures} and _fits(kind, world.place)
    ]
    if new and up:
        world = replace(world, figures=(*world.figures, Figure(new[0], _colour(new[0], note), 0.7, 0.5))[:8])
    if not up:
        gone = set(concepts("subjects", note))
        world = replace(world, figures=tuple(f for f in world.figures if f.kind not in gone))
    return replace(world, props=tuple(dict.fromkeys((*world.props, *concepts("props", note))))[-3:]) if up else world

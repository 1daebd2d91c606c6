"""Who is in the picture: the subjects a text names, as figures with a place, and how they move on."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from vidpipe_tui.providers.local.paint.animals import COATS
from vidpipe_tui.providers.local.paint.arrays import (
    generator,
)
from vidpipe_tui.providers.local.paint.brief import SceneBrief
from vidpipe_tui.providers.local.paint.figures import extent
from vidpipe_tui.providers.local.paint.stage import Camera, view_box
from vidpipe_tui.providers.local.paint.words import COLOURS, INDOORS, concepts, find
from vidpipe_tui.providers.local.paint.world import Figure, World

CLOTH = {
    "man": (62, 84, 118),
    "woman": (176, 62, 66),
    "child": (230, 176, 60),
    "detective": (120, 98, 74),
    "wizard": (74, 62, 122),
    "knight": (150, 40, 44),
    "astronaut": (232, 234, 238),
    "robot": (150, 160, 172),
    "car": (186, 52, 46),
    "bus": (222, 176, 60),
    "train": (52, 96, 132),
    "motorcycle": (160, 44, 40),
    "bicycle": (60, 130, 120),
    "boat": (90, 110, 124),
    "sailboat": (176, 66, 50),
    "ship": (44, 56, 74),
    "balloon": (214, 74, 56),
    "plane": (62, 108, 168),
    "rocket": (206, 64, 50),
    "ufo": (166, 172, 186),
    "kite": (220, 70, 90),
}


_SCALE = {
    "balloon": 0.75,
    "plane": 0.7,
    "rocket": 0.9,
    "train": 0.95,
    "ship": 0.95,
    "sailboat": 0.8,
    "whale": 0.85,
    "dragon": 0.8,
    "butterfly": 0.8,
    "rabbit": 1.25,
    "cat": 1.3,
    "fox": 1.25,
    "bird": 1.3,
    "owl": 1.3,
    "mouse": 1.5,
    "dinosaur": 0.8,
    "fish": 1.3,
    "dog": 1.1,
    "elephant": 0.9,
}


_FLOCKS = {"bird": 5, "fish": 6, "butterfly": 4, "jellyfish": 3, "crane": 2, "penguin": 4}


_MANY = re.compile(
    r"(?:\b(?:two|three|four|several|many|some|both|(?:group|crowd|pair) of"
    r"|zwei|drei|vier|viele|mehrere|beide|(?:flock|herd) of)\b"
    r"(?:\s+(?!(?:and|und|an?|the|eine?n?|der|die|das)\b)[\w-]+){0,3}\s+|[二三四]\S{0,3})$"
)
_MANY_WORD = re.compile(
    r"^(?:crowd|couple|paar|lovers|people|men|women|kids|parents|eltern|caravan|karawane|family|familie|team|children|kinder|frauen|männer"
    r"|pferde|hunde|wölfe|bären|elefanten|kamele|boote|autos|ballons|füchse|katzen|[a-z]{2,}[^s\W]s)$"
)
_SENTENCE = re.compile(r"[.!?。！？\n]+")


_RIDDEN = {"bicycle", "motorcycle"}  # drawn with their riders
_KIN = {"man", "woman", "child"}


def figures_of(text: str, world: World, seed: int) -> tuple[Figure, ...]:
    """The subjects a text names, as figures spread over the ground."""
    kinds = [kind for kind in concepts("subjects", text) if fits(kind, world.place)]
    if "woman" in kinds and "man" in kinds and not re.search(r"\b(and|und|with|mit|couple|paar)\b|と", text.lower()):
        kinds.remove("man")
    if _RIDDEN & set(kinds):
        kinds = [kind for kind in kinds if kind not in _KIN] or kinds
    kinds = kinds[:3]
    rng = generator("figures", seed, world.root)
    side = 1 if rng.random() < 0.5 else -1
    figures: list[Figure] = []
    for i, kind in enumerate(kinds):
        figures += _group(kind, i, len(kinds), text, world, side, rng)
    return tuple(figures[:8])


def fits(kind: str, place: str) -> bool:
    """Whether a kind of subject can be in a place."""
    home = extent(kind).home
    if home == "water":
        return place in {"sea", "lake", "river", "harbour", "beach", "skyline", "lighthouse", "bridge", "swamp"}
    if home == "sub":
        return place in {"underwater", "sea", "sky", "space"}
    return not (
        place in INDOORS and kind in {"car", "bus", "plane", "rocket", "balloon", "whale"} and place != "station"
    )


def _group(
    kind: str, index: int, total: int, text: str, world: World, side: int, rng: np.random.Generator
) -> list[Figure]:
    pose = _pose(kind, text, world)
    colour = colour_of(kind, text)
    many = _count(kind, text)
    home = extent(kind).home
    x0 = (0.40, 0.62, 0.25)[index] if side > 0 else (0.60, 0.38, 0.75)[index]
    depth = {"air": 0.35, "water": 0.1 if world.place == "harbour" else 0.42, "sub": 0.4}.get(
        home, (0.66 if total == 1 else 0.58) - 0.16 * index
    )
    if kind in {"train", "bus"}:
        depth = 0.35
    wide = extent(kind).back + extent(kind).front
    size = _SCALE.get(kind, 1.0) * (0.52 if many > 1 and wide > 2.6 else 0.85 if many > 2 else 1.0)
    if world.place == "sea" and home == "ground" and kind != "horse" and pose != "fly":
        kind, depth = "boat", 0.42
    dressed = kind in _KIN | {"detective"}
    umbrella = "umbrella" in world.props and dressed
    held, old = (_held(kind, text), _is_old(kind, text)) if dressed else ("", False)
    out = []
    for k in range(many):
        spread = (k - (many - 1) / 2) * max(0.09, 0.07 * wide * size)
        jitter = 0.06 * float(rng.random()) * (k > 0)
        x = min(0.85, max(0.15, x0 + spread + jitter))
        y = min(0.95, depth + 0.1 * ((k * 7) % 3 - 1) * (many > 1))
        drawn = size * (1 - 0.12 * (k % 3) * (many > 2))
        first = k == 0
        out.append(Figure(kind, colour, x, y, drawn, side, pose, umbrella and first, old, held if first else ""))
    return out


def _count(kind: str, text: str) -> int:
    """How many of a kind the text speaks of, as far as can be painted."""
    if kind in _FLOCKS:
        return _FLOCKS[kind]
    if kind in {"train", "ship", "bus", "dragon", "whale"}:
        return 1
    low = text.lower()
    hits = [hit for hit in find("subjects", low) if hit.concept == kind]
    many = any(
        _MANY_WORD.match(hit.word)
        or _MANY.search(re.split(r"[.,;:]", low[max(0, hit.position - 30) : hit.position])[-1])
        or low[hit.position + len(hit.word) :].startswith(("たち", "達", "の群れ"))
        for hit in hits
    )
    return (3 if kind in {"balloon", "camel"} else 2) if many else 1


def _pose(kind: str, text: str, world: World) -> str:
    if extent(kind).home == "air" or world.place in {"space", "underwater"}:
        return "fly"
    for action in _doings(kind, text):
        if action == "fly" and kind not in {"owl", "crane", "wizard"}:
            continue
        return action
    still = world.place in INDOORS and kind in _KIN
    return "stand" if still or kind in {"owl", "crane", "penguin"} else "walk"


def _held(kind: str, text: str) -> str:
    """What a person holds: a thing named after them and before the next subject, or by them alone."""
    for part in _SENTENCE.split(text):
        people = find("subjects", part)
        at = next((hit.position for hit in people if hit.concept == kind), None)
        things = find("held", part)
        if at is None or not things:
            continue
        end = min((hit.position for hit in people if hit.position > at), default=len(part))
        own = [hit.concept for hit in things if at <= hit.position < end]
        free = [] if len(people) > 1 else [hit.concept for hit in things]
        if own or free:
            return (own or free)[0]
    return ""


def _is_old(kind: str, text: str) -> bool:
    """Whether an age is said of a kind of person: in its own word or in those before it."""
    return any(
        concepts("ages", re.split(r"[.,;:]", text[max(0, hit.position - 14) : hit.position + len(hit.word)])[-1])
        for hit in find("subjects", text)
        if hit.concept == kind
    )


def _doings(kind: str, text: str) -> list[str]:
    """What a kind of subject does: the actions of the sentences that name it, those after its name first, then those of
    sentences that say "she" or "he" alone."""
    after, before, unnamed = list[str](), list[str](), list[str]()
    for part in _SENTENCE.split(text):
        hits = find("actions", part)
        at = next((hit.position for hit in find("subjects", part) if hit.concept == kind), None)
        if at is None:
            if find("pronouns", part) and not find("subjects", part, implied=False):
                unnamed += [hit.concept for hit in hits]
            continue
        after += [hit.concept for hit in hits if hit.position > at]
        before += [hit.concept for hit in hits if hit.position <= at]
    return [*after, *before, *unnamed]


def colour_of(kind: str, text: str) -> tuple[int, int, int]:
    """The colour named nearest before the subject's word, else its own."""
    words = [hit for hit in find("subjects", text) if hit.concept == kind]
    if words:
        at = words[0].position
        near = [hit for hit in find("colours", text) if -16 <= hit.position - at <= 34 or 0 < at - hit.position < 18]
        if near:
            best = min(near, key=lambda hit: abs(hit.position - at))
            return COLOURS[best.concept]
    return COATS.get(kind) or CLOTH.get(kind, (90, 96, 120))


def moved_on(world: World, start: World, text: str, brief: SceneBrief, seed: int) -> tuple[Figure, ...]:
    """Figures at the end: those of the start moved on, those newly named come in, those of another scene leave."""
    wanted = figures_of(text, world, seed)
    kinds = {figure.kind for figure in wanted}
    stay = [figure for figure in start.figures if not wanted or figure.kind in kinds]
    new = [figure for figure in wanted if figure.kind not in {f.kind for f in stay}]
    moved = [
        _step(figure, next((w for w in wanted if w.kind == figure.kind), figure), stay, text, brief) for figure in stay
    ]
    return tuple([*moved, *_aside(new, moved)][:8])


def _aside(new: list[Figure], there: list[Figure]) -> list[Figure]:
    """Those who come in, on the side that those who are there leave free, and turned to them."""
    if not there or not new or min(abs(f.x - other.x) for f in new for other in there) > 0.16:
        return new
    middle = sum(f.x for f in there) / len(there)
    side = -1 if middle > 0.5 else 1
    return [replace(f, x=0.5 + side * (0.3 - 0.1 * k), facing=-side) for k, f in enumerate(new)]


def _step(figure: Figure, wish: Figure, group: list[Figure], text: str, brief: SceneBrief) -> Figure:
    """One figure's way through the scene."""
    pose = wish.pose if _doings(figure.kind, text) or figure.pose in {"run", "fly"} else figure.pose
    reach = {"walk": 0.14, "run": 0.26, "fly": 0.18, "dance": 0.04, "stand": 0.0, "sit": 0.0, "sleep": 0.0}.get(
        pose, 0.08
    )
    if figure.kind in {"car", "train", "bus", "motorcycle"}:
        reach = 0.3
    elif figure.kind in {"boat", "sailboat", "ship"}:
        reach = 0.12
    facing = figure.facing
    kin = [f.x for f in group if f.kind == figure.kind]
    if not 0.16 <= sum(kin) / len(kin) + facing * reach <= 0.84:
        facing = -facing  # those of a kind turn together
    x = min(0.84, max(0.16, figure.x + facing * reach))
    near = 0.06 if brief.scene_index % 2 else -0.05
    y = min(0.9, max(0.1, figure.y + (near if reach and extent(figure.kind).home == "ground" else -0.04 * bool(reach))))
    return replace(
        figure, x=x, y=y, facing=facing, pose=pose, umbrella=figure.umbrella or wish.umbrella,
        old=figure.old or wish.old, holds=wish.holds or figure.holds,
    )  # fmt: skip


def nearer(world: World, factor: float) -> tuple[Figure, ...]:
    """The world's figures, seen from nearer by."""
    return tuple(replace(f, size=min(2.2, f.size * factor)) for f in world.figures)


def natural_size(kind: str) -> float:
    """The size in which a kind of subject is drawn where nothing else is asked for."""
    return _SCALE.get(kind, 1.0)


def in_view(world: World) -> World:
    """Keep every figure where the camera sees it, and in a size that leaves room around it."""
    left, _, right, _ = view_box((1000, 1000), 0.55, Camera(world.zoom, world.pan_x, world.pan_y))
    kept = []
    for figure in world.figures:
        room = extent(figure.kind)
        half = min(0.46, 0.1 + 0.045 * (room.back + room.front) * figure.size)
        low, high = (left + (right - left) * half) / 1000, (right - (right - left) * half) / 1000
        largest = 1.5 * _SCALE.get(figure.kind, 1.0)
        kept.append(
            replace(
                figure,
                x=min(high, max(low, figure.x)),
                y=min(0.85, figure.y),
                size=min(largest, max(0.55, figure.size)),
            )
        )
    return replace(world, figures=tuple(kept))

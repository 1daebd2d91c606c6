"""Puts a figure of the world into the picture: its size and place on the ground, its light, shadow and reflection."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from vidpipe_tui.providers.local.paint.animals import BUILDS, beast
from vidpipe_tui.providers.local.paint.arrays import Bytes, to_bytes
from vidpipe_tui.providers.local.paint.creatures import bird, standing_bird, swimmer, winged
from vidpipe_tui.providers.local.paint.doll import Doll
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.finish import finish_surface
from vidpipe_tui.providers.local.paint.people import person
from vidpipe_tui.providers.local.paint.shapes import Canvas, ink
from vidpipe_tui.providers.local.paint.stage import Sprite, Stage
from vidpipe_tui.providers.local.paint.vehicles import VEHICLES
from vidpipe_tui.providers.local.paint.world import Figure

PERSON_UNITS = 262.0


class Extent(NamedTuple):
    """How far a figure reaches from its foot point, in persons: back, forward, up, down; and where it lives."""

    back: float
    front: float
    up: float
    down: float
    home: str = "ground"


_EXTENTS: dict[str, Extent] = {
    "car": Extent(1.3, 1.3, 1.0, 0.15),
    "bus": Extent(2.0, 2.0, 1.6, 0.15),
    "train": Extent(5.4, 2.8, 1.5, 0.2),
    "bicycle": Extent(0.8, 0.8, 1.4, 0.15),
    "motorcycle": Extent(0.8, 0.8, 1.4, 0.15),
    "boat": Extent(1.1, 1.2, 1.2, 0.2, "water"),
    "sailboat": Extent(1.2, 1.5, 2.6, 0.3, "water"),
    "ship": Extent(2.2, 2.6, 2.9, 0.3, "water"),
    "balloon": Extent(0.8, 0.8, 1.1, 1.2, "air"),
    "plane": Extent(1.6, 1.4, 0.8, 0.6, "air"),
    "rocket": Extent(0.7, 0.7, 1.2, 2.1, "air"),
    "ufo": Extent(1.2, 1.2, 0.7, 0.4, "air"),
    "kite": Extent(0.4, 0.4, 0.5, 1.2, "air"),
    "bird": Extent(0.3, 0.3, 0.4, 0.4, "air"),
    "dragon": Extent(1.6, 1.3, 1.8, 1.3, "air"),
    "butterfly": Extent(0.35, 0.35, 0.3, 0.3, "air"),
    "owl": Extent(0.3, 0.3, 0.6, 0.1),
    "crane": Extent(0.6, 0.6, 1.1, 0.1),
    "penguin": Extent(0.4, 0.4, 0.8, 0.1),
    "whale": Extent(2.0, 1.5, 0.8, 0.9, "sub"),
    "fish": Extent(0.4, 0.3, 0.2, 0.3, "sub"),
    "jellyfish": Extent(0.4, 0.4, 0.5, 0.8, "sub"),
    "turtle": Extent(0.6, 0.7, 0.4, 0.5, "sub"),
}
_PERSON = Extent(0.62, 0.75, 1.75, 0.12)


def extent(kind: str) -> Extent:
    """How much room a kind of figure needs."""
    if kind in BUILDS:
        s = BUILDS[kind].scale
        return Extent(1.25 * s + 0.1, 1.35 * s + 0.1, 2.0 * s + 0.1, 0.12)
    return _EXTENTS.get(kind, _PERSON)


def home_of(figure: Figure) -> str:
    """Where a figure lives: ground, water (upon it), sub (in it) or air."""
    return "air" if figure.pose == "fly" and extent(figure.kind).home == "ground" else extent(figure.kind).home


def scale_of(easel: Easel, figure: Figure) -> float:
    """Stage pixels per unit of a figure, by perspective."""
    room = extent(figure.kind)
    wide = room.back + room.front
    big = min(PERSON_UNITS * easel.unit * figure.size, (0.62 if wide < 6 else 1.3) * easel.width / wide)
    if home_of(figure) in {"air", "sub"}:
        return big * (0.85 if figure.kind != "bird" else 0.6)
    return big * (0.5 + 0.8 * figure.y)


def foot_of(easel: Easel, stage: Stage, figure: Figure) -> tuple[float, float]:
    """Stage point of a figure's foot (or middle, where it flies or swims)."""
    x = figure.x * easel.width
    if home_of(figure) == "air" or (home_of(figure) == "sub" and stage.world.place in {"sky", "space"}):
        head = extent(figure.kind).up * scale_of(easel, figure) + 0.1 * easel.height
        return x, max(min(head, easel.height * 0.6), easel.horizon * (0.12 + 0.8 * figure.y))
    if home_of(figure) == "sub" and stage.world.place == "underwater":
        return x, easel.height * (0.2 + 0.5 * figure.y)
    top, bottom = stage.ground
    return x, easel.height * (top + (bottom - top) * figure.y)


def draw_figure(easel: Easel, stage: Stage, figure: Figure, phase: float, mirrored: bool) -> Sprite:
    """The sprite of a figure at a `phase` (turns) of its movement, standing where the world says."""
    scale = scale_of(easel, figure)
    room = extent(figure.kind)
    back, front = (room.back, room.front) if figure.facing > 0 else (room.front, room.back)
    foot = foot_of(easel, stage, figure)
    home = home_of(figure)
    down = max(room.down, 0.75 * room.up) if mirrored and home in {"ground", "water"} else room.down
    width, height = int((back + front) * scale) + 6, int((room.up + down) * scale) + 6
    distance = 0.42 * (1 - figure.y) if home in {"ground", "water"} else 0.25
    fine = 3 if width * height < 90_000 else 2
    canvas = Canvas(width, height, fine=fine, ground=easel.light.lit((90, 90, 90), distance))
    at = (back * scale + 3, room.up * scale + 3)
    doll = Doll(canvas, at, scale, figure.facing, easel.light, distance)
    _draw(doll, figure, phase)
    rgb, alpha = canvas.finish()
    rgb, alpha, at = _trim(rgb, alpha, at, round(scale * 0.3))
    _shape_light(easel, rgb, alpha, foot[0], scale)
    finish_surface(easel, rgb, alpha, f"figure-{figure.kind}")
    if home == "ground":
        rgb, alpha = _shadow(easel, rgb, alpha, at, scale, min(0.9, (room.back + room.front) * 0.4))
    if mirrored and home in {"ground", "water"}:
        _reflection(rgb, alpha, int(at[1]), 0.42 if home == "water" else 0.3)
    return Sprite(rgb, alpha, foot, at, scale, stage.ground_near, stage.figures_after)


def _trim(rgb: Bytes, alpha: Bytes, at: tuple[float, float], margin: int) -> tuple[Bytes, Bytes, tuple[float, float]]:
    """Cut away what a figure leaves empty above and beside it; `margin` pixels stay at the sides for its shadow."""
    columns, rows = np.nonzero(alpha.max(axis=0))[0], np.nonzero(alpha.max(axis=1))[0]
    if not len(columns):
        return rgb, alpha, at
    x0, x1 = max(0, int(columns[0]) - margin) // 2 * 2, min(alpha.shape[1], int(columns[-1]) + margin)
    y0 = max(0, int(rows[0]) - 3) // 2 * 2
    x1 -= (x1 - x0) % 2
    y1 = alpha.shape[0] - (alpha.shape[0] - y0) % 2
    return np.ascontiguousarray(rgb[y0:y1, x0:x1]), np.ascontiguousarray(alpha[y0:y1, x0:x1]), (at[0] - x0, at[1] - y0)


def _draw(doll: Doll, figure: Figure, phase: float) -> None:
    kind = figure.kind
    if kind in BUILDS:
        beast(doll, figure, phase)
    elif kind in VEHICLES:
        VEHICLES[kind](doll, figure, phase)
    elif kind == "bird" or (kind in {"owl", "crane"} and figure.pose == "fly"):
        bird(doll, figure, phase)
    elif kind in {"owl", "crane", "penguin"}:
        standing_bird(doll, figure, phase)
    elif kind in {"whale", "fish", "turtle", "jellyfish"}:
        swimmer(doll, figure, phase)
    elif kind in {"dragon", "butterfly"}:
        winged(doll, figure, phase)
    else:
        person(doll, figure, phase)


def _shape_light(easel: Easel, rgb: Bytes, alpha: Bytes, x: float, scale: float) -> None:
    """Model a flat sprite in place: a bright rim towards the light, shade away from it, ink where the style draws."""
    light = easel.light
    side = 1 if light.sun_x * easel.width > x else -1
    k = max(1, round(scale * 0.014))
    body, solid = Image.fromarray(rgb), Image.fromarray(alpha)
    whole = (0, 0, *body.size)

    def beyond(right: int, down: int, strength: float) -> Image.Image:
        """What of the shape lies outside of the shape moved by so many pixels."""
        moved = Image.new("L", solid.size)
        moved.paste(solid, (right, down))
        return ImageChops.subtract(solid, moved).point([min(255, round(v * strength)) for v in range(256)])

    bright = (0.3 + 0.5 * light.sunny) * min(1.2, light.style.glow)
    body.paste(ink(light.sun), whole, beyond(-side * k, k, bright))
    body.paste((0, 0, 0), whole, beyond(side * 3 * k, 0, 0.28))
    if light.style.outline:
        inner = solid.filter(ImageFilter.MinFilter(3 if scale < 260 else 5))
        line = ImageChops.subtract(solid, inner).point([round(v * 0.8 * light.style.outline) for v in range(256)])
        body.paste((0, 0, 0), whole, line)
    rgb[:] = np.asarray(body)


def _shadow(
    easel: Easel, rgb: Bytes, alpha: Bytes, at: tuple[float, float], scale: float, wide: float
) -> tuple[Bytes, Bytes]:  # fmt: skip
    """Lay a soft contact shadow under a sprite that stands on the ground."""
    top = max(0, int(at[1] - 0.09 * scale))
    y, x = np.ogrid[top : alpha.shape[0], : alpha.shape[1]]
    lean = (0.5 - easel.light.sun_x) * 0.25 * scale
    room = min(at[0], alpha.shape[1] - at[0]) - abs(lean)  # a shadow wider than its sprite would be cut off
    wide = min(wide, max(0.1, room / (1.08 * scale)))
    far = ((x - at[0] - lean) / (wide * scale + 1)) ** 2 + ((y - at[1]) / (0.055 * scale + 1)) ** 2
    dark = (np.clip(1.15 - far, 0, 1) * (0.3 + 0.25 * easel.light.sunny)).astype(np.float32)
    solid = alpha[top:].astype(np.float32) / 255
    under = dark * (1 - solid)
    total = solid + under
    black = easel.light.zenith * 0.18
    mixed = (rgb[top:] * solid[..., None] + black * under[..., None]) / np.maximum(total, 1e-3)[..., None]
    rgb[top:] = np.where(total[..., None] > 0.004, to_bytes(mixed), rgb[top:])
    alpha[top:] = to_bytes(total * 255)
    return rgb, alpha


def _reflection(rgb: Bytes, alpha: Bytes, foot: int, strength: float) -> None:
    """Paint the rippled reflection of what is above the foot row below it, in place."""
    rows = alpha.shape[0] - foot
    if rows < 3:
        return
    down = np.arange(rows)
    source = np.clip(foot - 1 - (down * 1.02).astype(int), 0, alpha.shape[0] - 1)
    sway = np.round(np.sin(down * 0.34) * (1 + down * 0.03)).astype(int)
    columns = np.clip(np.arange(alpha.shape[1])[None, :] - sway[:, None], 0, alpha.shape[1] - 1)
    fade = (256 * strength * (1 - down / rows)).astype(np.uint16)[:, None]
    image = (alpha[source[:, None], columns] * fade >> 8).astype(np.uint8)
    better = image > alpha[foot:]
    rgb[foot:][better] = rgb[source[:, None], columns][better]
    np.maximum(alpha[foot:], image, out=alpha[foot:])

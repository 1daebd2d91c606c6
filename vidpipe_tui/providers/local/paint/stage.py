"""The layers a picture is made of, the camera that looks at them, and the still it sees."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops

from vidpipe_tui.providers.local.paint.arrays import Bytes
from vidpipe_tui.providers.local.paint.styles import Style
from vidpipe_tui.providers.local.paint.world import World

OVERSCAN = 1.2
Box = tuple[float, float, float, float]


@dataclass
class Layer:
    """One plane of the stage: bytes `rgb` (h, w, 3) and `alpha` (h, w; None: opaque) from row `top` on.

    `near` is 0 for what lies at infinity and 1 for what stands before the lens; `add` layers are light
    that is added; `drift` layers repeat sideways and move with the air; `flicker` is how restless a light is.
    """

    name: str
    rgb: Bytes
    alpha: Bytes | None
    top: int
    near: float
    add: bool = False
    drift: float = 0.0
    flicker: float = 0.0


@dataclass
class Sprite:
    """A figure: bytes `rgb` (h, w, 3) and `alpha` (h, w) at stage size, drawn after the layer named `after`.

    `foot` is where it stands on the stage, `at` the same point in its own pixels, `scale` its pixels per unit.
    """

    rgb: Bytes
    alpha: Bytes
    foot: tuple[float, float]
    at: tuple[float, float]
    scale: float
    near: float
    after: str


@dataclass(frozen=True)
class Mirror:
    """Water or wet ground: reflects what stands above row `line`, from there down to row `bottom`.

    `strength` at the line, `fall` of it towards the front; `ripple` in pixels at the front; `near` is the
    parallax of the surface. Rows are stage rows.
    """

    line: int
    bottom: int
    strength: float
    fall: float
    ripple: float
    near: float
    after: str


@dataclass
class Stage:
    """A painted world: its layers from back to front, its mirror, and where figures stand."""

    size: tuple[int, int]
    world: World
    style: Style
    layers: list[Layer] = field(default_factory=list)
    mirror: Mirror | None = None
    figures_after: str = ""
    ground: tuple[float, float] = (0.7, 0.95)
    ground_near: float = 0.6


class Camera(NamedTuple):
    """What part of the stage is seen; see `World` for the ranges."""

    zoom: float
    pan_x: float
    pan_y: float


FALL_ZOOM = 1.1


FALLS: dict[str, tuple[float, float]] = {  # tiles sideways and down per unit of air
    "rain0": (-3.0, 60.0),
    "rain1": (-4.0, 90.0),
    "snow0": (1.0, 5.0),
    "snow1": (2.0, 9.0),
    "leaves": (6.0, 5.0),
    "petals": (5.0, 4.0),
    "embers": (2.0, -7.0),
    "fireflies": (1.5, -1.0),
}


def drift_shift(air: float, width: int) -> int:
    """How many pixels the clouds have gone sideways."""
    return round(air * width)


def fall_shift(name: str, air: float, size: tuple[int, int]) -> tuple[float, float]:
    """How far (right, down) in pixels a falling layer has moved; it repeats after the stage's size."""
    x, y = FALLS.get(name.removeprefix("fall-"), (0.0, 0.0))
    return (air * x * size[0]) % size[0], (air * y * size[1]) % size[1]


def stage_size(view: tuple[int, int]) -> tuple[int, int]:
    """The stage is larger than the view, so that the camera has room to move; even numbers."""
    return tuple(2 * round(side * OVERSCAN / 2) for side in view)  # type: ignore[return-value]


def view_box(size: tuple[int, int], near: float, camera: Camera) -> Box:
    """The part of a layer (left, top, right, bottom in stage pixels) that `camera` sees at depth `near`."""
    width, height = size
    zoom = 1 + (camera.zoom - 1) * (0.45 + 0.55 * near)
    reach = 0.4 + 0.6 * near
    seen_w, seen_h = width / zoom, height / zoom
    rest = 1 + (camera.zoom - 1) * 0.45
    room_x, room_y = (width - width / rest) / 2, (height - height / rest) / 2
    x = (width - seen_w) / 2 + camera.pan_x * room_x * reach
    y = (height - seen_h) / 2 + camera.pan_y * room_y * reach
    x = min(max(x, 0.0), width - seen_w)
    y = min(max(y, 0.0), height - seen_h)
    return (x, y, x + seen_w, y + seen_h)


class Window(NamedTuple):
    """Where a layer falls in the view: first and last view row, and the box of the layer they show."""

    first: int
    last: int
    box: Box


def window(layer_top: int, layer_rows: int, view: tuple[int, int], box: Box) -> Window | None:
    """The view rows a layer covers, and which part of the layer (its own pixels) fills them exactly."""
    scale = (box[3] - box[1]) / view[1]
    first = max(0, int(np.ceil((layer_top - box[1]) / scale)))
    last = min(view[1], int(np.floor((layer_top + layer_rows - box[1]) / scale)))
    if last <= first:
        return None
    y0 = max(0.0, box[1] + first * scale - layer_top)
    y1 = min(float(layer_rows), box[1] + last * scale - layer_top)
    return Window(first, last, (box[0], y0, box[2], y1))


def mirror_rows(mirror: Mirror, view: tuple[int, int], box: Box) -> tuple[int, int]:
    """The view rows (first, last) of the mirror."""
    scale = (box[3] - box[1]) / view[1]
    first = round((mirror.line - box[1]) / scale)
    return max(1, first), min(view[1], round((mirror.bottom - box[1]) / scale))


def reflected_rows(first: int, last: int, phase: float, ripple: float, scale: float) -> np.ndarray:
    """For each mirror row the row above the line it shows: squeezed upside down, waved by `phase` turns."""
    rows = np.arange(last - first, dtype=np.float32)
    part = rows / max(1, last - first)
    wave = np.sin(2 * np.pi * (phase + rows / scale * 0.085 / (0.25 + part))) + 0.6 * np.sin(
        2 * np.pi * (2 * phase + rows / scale * 0.043 / (0.3 + part)) + 1.7
    )
    source = first - 1 - rows * 1.15 - wave * ripple * (0.15 + part)
    return np.clip(source, 0, first - 1).astype(np.intp)


def mirror_mask(mirror: Mirror, rows: int) -> np.ndarray:
    """How much each mirror row (float32, 0..1) shows of what it reflects."""
    part = np.linspace(0, 1, max(rows, 1), dtype=np.float32)
    return mirror.strength * (1 - part * mirror.fall)


def see(stage: Stage, view: tuple[int, int], camera: Camera, sprites: list[Sprite]) -> Image.Image:
    """The still `camera` sees: every layer in its place, reflections, the figures where they stand."""
    frame = Image.new("RGB", view)
    for layer in stage.layers:
        _lay(frame, layer, stage, camera)
        if stage.mirror and stage.mirror.after == layer.name:
            _reflect(frame, stage.mirror, view_box(stage.size, stage.mirror.near, camera), stage.world.air)
        for sprite in sprites:
            if sprite.after == layer.name:
                _stand(frame, sprite, view_box(stage.size, sprite.near, camera))
    return frame


def covered(layer: Layer) -> Layer:
    """The layer without the rows at its top and at its bottom in which it covers nothing (but two at each end)."""
    if layer.alpha is None:
        return layer
    rows = np.flatnonzero(layer.alpha.any(axis=1))
    first, last = (max(0, int(rows[0]) - 2), int(rows[-1]) + 3) if len(rows) else (0, 1)
    return replace(layer, rgb=layer.rgb[first:last], alpha=layer.alpha[first:last], top=layer.top + first)


def _lay(frame: Image.Image, layer: Layer, stage: Stage, camera: Camera) -> None:
    view = frame.size
    if layer.name.startswith("fall-"):
        _fall(frame, layer, stage)
        return
    layer = covered(layer)
    box = view_box(stage.size, layer.near, camera)
    place = window(layer.top, layer.rgb.shape[0], view, box)
    if place is None:
        return
    size = (view[0], place.last - place.first)
    rgb, alpha = Image.fromarray(layer.rgb), None if layer.alpha is None else Image.fromarray(layer.alpha)
    if layer.drift >= 1:
        shift = drift_shift(stage.world.air, stage.size[0])
        rgb = ImageChops.offset(rgb, -shift, 0)
        alpha = alpha and ImageChops.offset(alpha, -shift, 0)
    part = rgb.resize(size, Image.Resampling.BILINEAR, box=place.box)
    mask = alpha and alpha.resize(size, Image.Resampling.BILINEAR, box=place.box)
    if layer.add:
        under = frame.crop((0, place.first, view[0], place.last))
        part = ImageChops.add(under, part)
        mask = None
    frame.paste(part, (0, place.first), mask)


def fall_tile(layer: Layer, view: tuple[int, int], size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """A falling layer as a tile of view pixels (even size) that repeats sideways and down, and its coverage."""
    scale = fall_scale(view, size)
    tile = (2 * round(size[0] * scale / 2), 2 * round(size[1] * scale / 2))
    tone = layer.rgb[0, 0]
    if (layer.rgb[::16, ::16] == tone).all():
        rgb = Image.new("RGB", tile, tuple(tone.tolist()))
    else:
        rgb = Image.fromarray(layer.rgb).resize(tile, Image.Resampling.BILINEAR)
    assert layer.alpha is not None
    return rgb, Image.fromarray(layer.alpha).resize(tile, Image.Resampling.BILINEAR)


def fall_scale(view: tuple[int, int], size: tuple[int, int]) -> float:
    """View pixels per stage pixel of what falls before the lens; it does not follow the camera."""
    return view[0] / size[0] * FALL_ZOOM


def wrapped(tile: Image.Image, x: int, y: int, view: tuple[int, int]) -> Image.Image:
    """The view's part of an endless repetition of `tile` that was moved right and down by whole pixels."""
    width, height = tile.size
    x, y = x % width, y % height
    out = Image.new(tile.mode, view)
    for left in (x - width, x):
        for top in (y - height, y):
            if left < view[0] and top < view[1]:
                part = (max(0, -left), max(0, -top), min(width, view[0] - left), min(height, view[1] - top))
                out.paste(tile.crop(part), (max(0, left), max(0, top)))
    return out


def _fall(frame: Image.Image, layer: Layer, stage: Stage) -> None:
    scale = fall_scale(frame.size, stage.size)
    x, y = (round(part * scale) for part in fall_shift(layer.name, stage.world.air, stage.size))
    rgb, alpha = fall_tile(layer, frame.size, stage.size)
    frame.paste(wrapped(rgb, x, y, frame.size), (0, 0), wrapped(alpha, x, y, frame.size))


def _reflect(frame: Image.Image, mirror: Mirror, box: Box, phase: float) -> None:
    first, last = mirror_rows(mirror, frame.size, box)
    if last <= first:
        return
    pixels = np.asarray(frame)
    scale = frame.size[1] / (box[3] - box[1])
    source = reflected_rows(first, last, phase, mirror.ripple * scale, scale)
    mask = mirror_mask(mirror, last - first)[:, None, None]
    under = pixels[first:last].astype(np.float32)
    under += (pixels[source] - under) * mask
    frame.paste(Image.fromarray(under.astype(np.uint8)), (0, first))


def place_picture(
    view: tuple[int, int], size: tuple[int, int], left: float, top: float, width: float, height: float
) -> tuple[int, int, int, int, Box] | None:
    """Whole view pixels (left, top, right, bottom) inside a float rectangle, and the part of a picture they show."""
    x0, y0 = max(0, int(np.ceil(left))), max(0, int(np.ceil(top)))
    x1, y1 = min(view[0], int(np.floor(left + width))), min(view[1], int(np.floor(top + height)))
    if x1 <= x0 or y1 <= y0:
        return None
    kx, ky = size[0] / width, size[1] / height
    box = ((x0 - left) * kx, (y0 - top) * ky, min(size[0], (x1 - left) * kx), min(size[1], (y1 - top) * ky))
    return x0, y0, x1, y1, box


def _stand(frame: Image.Image, sprite: Sprite, box: Box) -> None:
    scale = frame.size[1] / (box[3] - box[1])
    rows, columns = sprite.alpha.shape
    x, y = (sprite.foot[0] - sprite.at[0] - box[0]) * scale, (sprite.foot[1] - sprite.at[1] - box[1]) * scale
    place = place_picture(frame.size, (columns, rows), x, y, columns * scale, rows * scale)
    if place is None:
        return
    left, top, right, bottom, source = place
    size = (right - left, bottom - top)
    part = Image.fromarray(sprite.rgb).resize(size, Image.Resampling.BILINEAR, box=source)
    mask = Image.fromarray(sprite.alpha).resize(size, Image.Resampling.BILINEAR, box=source)
    frame.paste(part, (left, top), mask)

"""Flattens a stage's many layers into the few planes that move apart when the camera does.

Still and clip are both made from these planes, so that a clip's first and last frame are its keyframes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageChops

from vidpipe_tui.providers.local.paint.stage import Layer, Mirror, Stage, covered

SKY = 0.03
FLICKERS = 0.3
_CLASSES: tuple[tuple[float, float], ...] = ((0.27, 0.12), (0.8, 0.55), (9.0, 0.95))


def depth_class(near: float) -> float:
    """The parallax of the plane that a layer of that nearness is flattened into."""
    return next(value for limit, value in _CLASSES if near < limit)


def flatten(stage: Stage) -> None:
    """Merge the stage's layers in place; names become plane names, the same for every hour and weather."""
    planes: list[Layer] = []
    segment = 0
    marks: dict[str, str] = {}
    cuts = {stage.figures_after} | ({stage.mirror.after} if stage.mirror else set())
    for layer in stage.layers:
        depth = depth_class(layer.near)
        key = f"{segment}/{depth}"
        if layer.name.startswith("fall-"):
            planes.append(_veil(layer) if layer.add else layer)
            continue
        solid = _veil(layer) if layer.add else layer
        if layer.drift >= 1 or layer.flicker >= FLICKERS:
            planes.append(replace(solid, near=depth if layer.drift < 1 else SKY))
        elif planes and planes[-1].name == key:
            _over(planes[-1], solid, stage.size)
        else:
            planes.append(_whole(solid, "sky" if not planes else key, depth if planes else SKY, stage.size))
        if layer.name in cuts:
            marks[layer.name] = planes[-1].name
            segment += 1
    stage.layers = planes
    _rename(stage, marks)


def _veil(layer: Layer) -> Layer:
    """Light to be added as a veil to be laid over: it never burns out, and it mixes the same in any colour space."""
    picture = Image.fromarray(np.ascontiguousarray(layer.rgb))
    red, green, blue = picture.split()
    strength = np.asarray(ImageChops.lighter(ImageChops.lighter(red, green), blue))
    small = np.asarray(picture.reduce(8), np.float32) + 0.01
    hue = Image.fromarray((small * (255 / small.max(axis=2, keepdims=True))).astype(np.uint8))
    rgb = np.asarray(hue.resize(picture.size, Image.Resampling.BILINEAR))
    return replace(layer, rgb=rgb, alpha=strength, add=False)


def _rename(stage: Stage, marks: dict[str, str]) -> None:
    """Let mirror and figures follow the planes their layers went into."""
    nearness = {layer.name: layer.near for layer in stage.layers}
    if stage.mirror:
        after = marks.get(stage.mirror.after, stage.layers[-1].name)
        mirror = stage.mirror
        stage.mirror = Mirror(
            mirror.line, mirror.bottom, mirror.strength, mirror.fall, mirror.ripple, depth_class(mirror.near), after
        )
    stage.figures_after = marks.get(stage.figures_after, stage.layers[-1].name)
    stage.ground_near = depth_class(stage.ground_near) if stage.figures_after in nearness else 0.6


def _whole(layer: Layer, name: str, depth: float, size: tuple[int, int]) -> Layer:
    """A layer as the beginning of a plane of the whole stage's size."""
    width, height = size
    rows = layer.rgb.shape[0]
    if layer.alpha is None and rows == height:
        return Layer(name, np.array(layer.rgb), None, 0, depth)
    rgb = np.empty((height, width, 3), np.uint8)
    alpha = np.zeros((height, width), np.uint8)
    rgb[: layer.top] = layer.rgb[0]
    rgb[layer.top : layer.top + rows] = layer.rgb[: height - layer.top]
    rgb[layer.top + rows :] = layer.rgb[-1]
    alpha[layer.top : layer.top + rows] = 255 if layer.alpha is None else layer.alpha[: height - layer.top]
    return Layer(name, rgb, alpha, 0, depth)


def _over(plane: Layer, layer: Layer, size: tuple[int, int]) -> None:
    """Composite a layer over a plane, in place."""
    layer = covered(layer)
    rows = min(layer.rgb.shape[0], size[1] - layer.top)
    span = slice(layer.top, layer.top + rows)
    if layer.alpha is None:
        plane.rgb[span] = layer.rgb[:rows]
        if plane.alpha is not None:
            plane.alpha[span] = 255
        return
    mask = Image.fromarray(np.ascontiguousarray(layer.alpha[:rows]))
    colours = Image.fromarray(np.ascontiguousarray(layer.rgb[:rows]))
    if plane.alpha is None:
        under = Image.fromarray(plane.rgb[span])
        under.paste(colours, (0, 0), mask)
        plane.rgb[span] = np.asarray(under)
        return
    below = plane.alpha[span]
    total = np.asarray(ImageChops.screen(Image.fromarray(below), mask))
    share = layer.alpha[:rows].astype(np.uint16) * 255 // np.maximum(total, 1)
    part = Image.fromarray(plane.rgb[span])
    part.paste(colours, (0, 0), Image.fromarray(np.minimum(share, 255).astype(np.uint8)))
    plane.rgb[span] = np.asarray(part)
    plane.alpha[span] = total

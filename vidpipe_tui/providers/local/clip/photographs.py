"""Frames between two pictures of which nothing is known but their pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.clip.canvas import Frame
from vidpipe_tui.providers.local.clip.planes import Yuv, to_yuv
from vidpipe_tui.providers.local.clip.resample import mapped
from vidpipe_tui.providers.local.paint.arrays import Bytes, generator, noise, smooth
from vidpipe_tui.providers.local.paint.words import concepts

_MOVES = {
    "push": (0.14, 0, 0),
    "pull": (-0.14, 0, 0),
    "left": (0.1, -1, 0),
    "right": (0.1, 1, 0),
    "up": (0.1, 0, -1),
    "down": (0.1, 0, 1),
    "static": (0.03, 0, 0),
    "handheld": (0.06, 0.4, 0.2),
    "orbit": (0.1, 0.8, 0),
    "track": (0.12, 0.6, 0),
}


def between(pictures: tuple[Bytes, Bytes], prompt: str, *, frames: int, seed: int) -> Iterator[np.ndarray]:
    """Packed yuv420p frames from the first picture to the last.

    One camera move goes through both; the change from one to the other crosses the picture region by
    region (where they are most alike first), so that no more than a part of it is mixed at any time.
    """
    a, b = (to_yuv(picture) for picture in pictures)
    view = (a.y.shape[1], a.y.shape[0])
    named = concepts("camera", prompt)
    zoom, dx, dy = _MOVES.get(named[0] if named else "push", _MOVES["push"])
    order = _order(pictures, seed)
    frame = Frame(view)
    for index in range(frames):
        t = index / max(1, frames - 1)
        e = 0.7 * t + 0.3 * float(smooth(t))
        grow = abs(zoom)
        first = _seen(a, 1 + grow * (e if zoom > 0 else e * 0.6), dx * e, dy * e)
        last = _seen(b, 1 + grow * ((1 - e) if zoom < 0 else (1 - e) * 0.6), -dx * (1 - e), -dy * (1 - e))
        cover = smooth(t * 1.5 - 0.25 - order * 0.62, 0.0, 0.36) if 0 < t < 1 else np.full_like(order, t)
        mask = Image.fromarray((np.clip(cover, 0, 1) * 255).astype(np.uint8))
        for name, p, q in zip("yuv", first, last, strict=True):
            target: Image.Image = getattr(frame, name)
            target.paste(p, (0, 0))
            target.paste(q, (0, 0), mask.resize(p.size, Image.Resampling.BICUBIC))
        yield frame.packed


def _seen(picture: Yuv, zoom: float, x: float, y: float) -> list[Image.Image]:
    """The picture as a camera sees it that has moved in by `zoom` and aside by part of the room that leaves."""
    out = []
    for plane in map(mapped, picture):
        w, h = plane.size
        room_x, room_y = w - w / zoom, h - h / zoom
        left, top = room_x * (0.5 + x / 2), room_y * (0.5 + y / 2)
        out.append(
            plane.resize(plane.size, Image.Resampling.BILINEAR, box=(left, top, left + w / zoom, top + h / zoom))
        )
    return out


def _order(pictures: tuple[Bytes, Bytes], seed: int) -> np.ndarray:
    """When each region changes over (0 first .. 1 last), as a small smooth field."""
    h, w = pictures[0].shape[:2]
    size = (max(8, w // 16), max(8, h // 16))
    small = [np.asarray(Image.fromarray(p).resize(size, Image.Resampling.BOX), np.float32) for p in pictures]
    unlike = np.abs(small[0] - small[1]).mean(axis=2)
    drift = noise(generator("order", seed), size, 3, 3)
    field = 0.5 * unlike / max(1.0, float(unlike.max())) + drift
    ranks = field.ravel().argsort().argsort().reshape(field.shape) / field.size
    soft = Image.fromarray(ranks.astype(np.float32)).resize((size[0] // 2, size[1] // 2), Image.Resampling.BOX)
    return np.clip(np.asarray(soft.resize(size, Image.Resampling.BICUBIC), np.float32), 0, 1)

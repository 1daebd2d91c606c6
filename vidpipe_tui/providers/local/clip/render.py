"""Renders one clip from its two keyframes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.clip.encode import write
from vidpipe_tui.providers.local.clip.film import Film
from vidpipe_tui.providers.local.clip.photographs import between
from vidpipe_tui.providers.local.paint.arrays import Bytes
from vidpipe_tui.providers.local.paint.picture import from_png, state_of
from vidpipe_tui.providers.local.sound import bed

_KNOWN_WITHIN = 7.0


def render(
    start: Path, end: Path, out: Path, *, prompt: str, description: str, style: str, seconds: float, fps: int = 24,
    seed: int, audio: bool = True, scene_index: int = 0, on_progress: Callable[[float], None] | None = None,
) -> None:  # fmt: skip
    """Write the clip from `start` to `end` (pictures) to `out` (mp4: H.264 High yuv420p, AAC stereo 48 kHz).

    It has exactly round(seconds * fps) frames of the start picture's size; the first shows `start`, the
    last `end`. Painted keyframes move as the layers they are made of; any other picture is moved as one.
    `on_progress` is told the share done (0..1). Equal input gives equal bytes.
    """
    count = max(2, round(seconds * fps))
    first, last = from_png(start), from_png(end)
    pictures = _pixels(first, first.size), _pixels(last, first.size)
    frames = None
    a, b = state_of(first), state_of(last)
    if a is not None and b is not None:
        film = Film((a, b), pictures, frames=count, seconds=count / fps, seed=seed)
        frames = film.frames() if film.distance() < _KNOWN_WITHIN else None
    if frames is None:
        frames = between(pictures, prompt, frames=count, seed=seed)
    sound = bed(description, prompt, style, seconds=count / fps, seed=seed, scene_index=scene_index) if audio else None
    height, width = pictures[0].shape[:2]
    write(out, frames, sound, size=(width, height), fps=fps, count=count, on_progress=on_progress)


def _pixels(picture: Image.Image, size: tuple[int, int]) -> Bytes:
    """RGB bytes of the picture at an even size (the last row or column is left out where it is odd)."""
    width, height = size[0] // 2 * 2, size[1] // 2 * 2
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:height, :width])

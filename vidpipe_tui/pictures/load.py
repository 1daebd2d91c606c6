"""Reads a picture at the size it is drawn. Runs in a thread: decoding and scaling let go of the interpreter lock."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vidpipe_tui.errors import MediaError
from vidpipe_tui.pictures.palette import Pixels

_FORMATS = ("PNG", "JPEG", "WEBP")
SMALL_WIDTH = 320
"""Pictures up to this many pixels wide are read from the small copy kept beside every keyframe."""


def load_keyframe(path: Path, width: int, height: int) -> Pixels:
    """A keyframe at that size, from its small copy where that is large enough; `MediaError` when it cannot be read."""
    from vidpipe_tui.media.pictures import small_copy

    return load(small_copy(path) if max(width, height) <= SMALL_WIDTH else path, width, height)


def load(path: Path, width: int, height: int) -> Pixels:
    """The picture scaled to exactly `width` x `height` pixels, RGB; `MediaError` when it is none or is broken.

    A JPEG is decoded at a fraction of its size where that is enough (`draft`).
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=_FORMATS) as image:
            image.draft("RGB", (width * 2, height * 2))
            resized = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
            return np.asarray(resized, dtype=np.uint8)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError(f"{path.name} cannot be shown: {error}.", hint="It may be missing or broken.") from error

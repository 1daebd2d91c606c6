"""Reads pictures from disk in the form a request carries them."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

from vidpipe_tui.errors import StorageError

MAX_BYTES = 6 * 1024 * 1024
"""A request may have 20 MB, as base64, with several pictures: larger ones go as JPEG of high quality."""
SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


async def picture(path: Path) -> tuple[bytes, str]:
    """The bytes of a picture and their type. Raises StorageError where it cannot be read."""
    return await asyncio.to_thread(_read, path)


def _read(path: Path) -> tuple[bytes, str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StorageError(
            f"The picture {path} cannot be read: {error.strerror}.", hint="`vidpipe verify` lists what is missing."
        ) from None
    if len(data) > MAX_BYTES:
        return _as_jpeg(data), "image/jpeg"
    return data, next((kind for start, kind in SIGNATURES.items() if data.startswith(start)), "image/png")


def _as_jpeg(data: bytes) -> bytes:
    from PIL import Image

    with Image.open(BytesIO(data)) as image:
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()

"""Pictures on their way out: read from disk in a thread, and put into the request only while it is sent."""

from __future__ import annotations

import asyncio
import base64
import secrets
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from vidpipe_tui.providers.errors import RefusedRequestError

MAX_BYTES = 6 * 1024 * 1024
"""A request may have 20 MB, as base64, with several pictures: larger ones go as JPEG of high quality."""
SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a request. The SDK is given `stand_in`; the transport puts `data` in its place.

    The SDK would validate, encode and copy megabytes in one turn of the loop. The stand-in is 36 hexadecimal digits:
    their base64 has no padding and is the same in both alphabets, and no other text in a request can be it.
    """

    data: bytes
    kind: str
    stand_in: bytes = field(default_factory=lambda: secrets.token_hex(18).encode())

    @property
    def mark(self) -> bytes:
        """The stand-in as it is found in the request."""
        return base64.b64encode(self.stand_in)


async def read_picture(path: Path) -> Picture:
    """A picture from disk. Raises RefusedRequestError where it cannot be read: nothing was sent then."""
    return await asyncio.to_thread(_read, path)


def _read(path: Path) -> Picture:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RefusedRequestError(
            f"The picture {path} cannot be read: {error.strerror}.", hint="`vidpipe verify` lists what is missing."
        ) from None
    if len(data) > MAX_BYTES:
        return Picture(_as_jpeg(data), "image/jpeg")
    return Picture(data, next((kind for start, kind in SIGNATURES.items() if data.startswith(start)), "image/png"))


def _as_jpeg(data: bytes) -> bytes:
    from PIL import Image

    with Image.open(BytesIO(data)) as image:
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()

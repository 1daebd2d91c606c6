"""Keyframes as files: what a provider or a person hands over becomes a PNG of the right ratio, with a small copy."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from vidpipe_tui.durable import write_aside
from vidpipe_tui.errors import MediaError

RATIOS = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}
SMALL_SIZE = (320, 320)
MAX_PIXELS = 80_000_000
"""More than any model gives or any camera takes in one picture; beyond it a small file may fill the memory."""

warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # MAX_PIXELS refuses with a sentence

_NO_PICTURE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)
_ORIENTATION = 0x0112
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")


def to_png(data: bytes, *, ratio: str | None) -> bytes:
    """Any common picture as PNG, upright and cropped around its centre to `ratio` ("16:9", "9:16", "1:1", or None).

    Width and height come out even, as video needs them. A PNG that is right already is returned byte for byte.
    Raises MediaError when the data is no picture or does not decode to its end.
    """
    picture = _decoded(data)
    box = _crop_box(picture.size, ratio)
    upright = picture.getexif().get(_ORIENTATION, 1) == 1
    opaque = picture.mode in {"RGB", "L", "P"} and not picture.has_transparency_data
    if picture.format == "PNG" and upright and opaque and box == (0, 0, *picture.size):
        return data
    turned = ImageOps.exif_transpose(picture)
    out = io.BytesIO()
    cropped = _flattened(turned).crop(_crop_box(turned.size, ratio))
    cropped.save(out, "PNG", compress_level=4, pnginfo=_texts(picture))
    return out.getvalue()


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels from the header; MediaError when it is no picture."""
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            return picture.size
    except _NO_PICTURE as error:
        raise _unreadable(f"{path.name} cannot be read as a picture.") from error


def small_path(png: Path) -> Path:
    """Where the small copy of a keyframe lies: `small/<stem>.jpg` beside it."""
    return png.parent / "small" / f"{png.stem}.jpg"


def small_copy(png: Path) -> Path:
    """The small JPEG of a keyframe (320x180 for 16:9), made when there is none or the keyframe is newer.

    Decoding it takes 0.3 ms where the keyframe itself takes 15. Written aside and renamed, so that a reader never
    sees half of one. Raises MediaError for a broken picture, StorageError when it cannot be written.
    """
    small = small_path(png)
    try:
        if small.stat().st_mtime_ns >= png.stat().st_mtime_ns:
            return small
    except OSError:
        pass
    try:
        with Image.open(png, formats=_FORMATS) as picture:
            picture.draft("RGB", SMALL_SIZE)
            flat = _flattened(ImageOps.exif_transpose(picture))
            flat.thumbnail(SMALL_SIZE, Image.Resampling.LANCZOS, reducing_gap=2.0)
    except _NO_PICTURE as error:
        raise _unreadable(f"{png.name} cannot be read as a picture.") from error
    write_aside(small, lambda file: flat.save(file, "JPEG", quality=85))
    return small


def _decoded(data: bytes) -> Image.Image:
    """The picture, decoded to its end."""
    if not data:
        raise _unreadable("The picture is empty.")
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except _NO_PICTURE as error:
        raise _unreadable("The data is no picture.") from error
    if picture.width * picture.height > MAX_PIXELS:
        raise _unreadable(f"The picture is too large ({picture.width} x {picture.height}).")
    try:
        picture.load()
    except (*_NO_PICTURE, EOFError, MemoryError) as error:
        raise _unreadable("The picture is damaged or was cut off.") from error
    return picture


def _crop_box(size: tuple[int, int], ratio: str | None) -> tuple[int, int, int, int]:
    """The largest box of exactly this ratio with even sides, in the middle of the picture."""
    width, height = size
    if ratio is None:
        across, down = width - width % 2, height - height % 2
    else:
        try:
            wide, high = RATIOS[ratio]
        except KeyError:
            raise MediaError(f"There is no aspect ratio {ratio}.", hint=f"Use one of {', '.join(RATIOS)}.") from None
        unit = min(width // wide, height // high) // 2 * 2
        across, down = unit * wide, unit * high
    if across <= 0 or down <= 0:
        raise _unreadable(f"The picture is too small ({width} x {height}).")
    left, top = (width - across) // 2, (height - down) // 2
    return left, top, left + across, top + down


def _flattened(picture: Image.Image) -> Image.Image:
    """The picture as RGB; what is transparent becomes white, as on paper."""
    if picture.mode == "RGB":
        return picture
    if picture.has_transparency_data:
        layers = picture.convert("RGBA")
        paper = Image.new("RGBA", layers.size, "white")
        return Image.alpha_composite(paper, layers).convert("RGB")
    return picture.convert("RGB")


def _texts(picture: Image.Image) -> PngImagePlugin.PngInfo | None:
    """The text chunks of a PNG, which tell where it came from, for its cropped copy."""
    texts = getattr(picture, "text", None)
    if not texts:
        return None
    kept = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        kept.add_itxt(key, value)
    return kept


def _unreadable(message: str) -> MediaError:
    return MediaError(message, hint="Use a PNG, JPEG or WebP file that opens in a picture viewer.")

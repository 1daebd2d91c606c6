from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from vidpipe_tui.errors import MediaError, StorageError
from vidpipe_tui.media.pictures import picture_size, small_copy, to_png


def encoded(size: tuple[int, int], kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    noise = np.random.default_rng(3).integers(0, 255, (size[1], size[0], 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("size", "ratio", "expected"),
    [
        ((1376, 768), "16:9", (1344, 756)),
        ((1280, 720), "16:9", (1280, 720)),
        ((1024, 1024), "16:9", (1024, 576)),
        ((768, 1376), "9:16", (756, 1344)),
        ((101, 99), "1:1", (98, 98)),
        ((101, 99), None, (100, 98)),
    ],
)
def test_pictures_are_cropped_to_the_exact_ratio(
    size: tuple[int, int], ratio: str | None, expected: tuple[int, int]
) -> None:
    picture = opened(to_png(encoded(size, "JPEG"), ratio=ratio))
    assert picture.size == expected
    assert picture.format == "PNG"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF"])
def test_common_formats_become_png(kind: str) -> None:
    picture = opened(to_png(encoded((64, 36), kind), ratio="16:9"))
    assert (picture.format, picture.size) == ("PNG", (64, 36))


@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_a_png_that_is_right_stays_as_it_is(mode: str) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("vidpipe", "scene 1")
    data = encoded((160, 90), mode=mode, pnginfo=texts)
    assert to_png(data, ratio="16:9") is data


def test_the_texts_of_a_cropped_png_are_kept() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("made by", "a model, 夜")
    picture = opened(to_png(encoded((160, 100), pnginfo=texts), ratio="16:9"))
    assert picture.text["made by"] == "a model, 夜"  # type: ignore[attr-defined]


def test_the_crop_is_in_the_middle() -> None:
    picture = Image.new("RGB", (64, 64), "red")
    picture.paste("blue", (0, 14, 64, 50))
    out = io.BytesIO()
    picture.save(out, "PNG")
    colours = opened(to_png(out.getvalue(), ratio="16:9")).getcolors()
    assert colours == [(64 * 36, (0, 0, 255))]


def test_a_picture_taken_sideways_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = opened(to_png(encoded((90, 160), "JPEG", exif=exif), ratio="16:9"))
    assert picture.size == (160, 90)
    assert picture.getexif().get(0x0112, 1) == 1


def test_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (32, 18), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(to_png(out.getvalue(), ratio="16:9")).getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture"),
        (encoded((160, 90))[:-4000], "cut off"),
        (encoded((160, 90), "JPEG")[:-1000], "cut off"),
        (encoded((160, 90), "WEBP")[:-1000], "cut off|no picture"),
        (encoded((14, 90)), "too small"),
    ],
    ids=["empty", "svg", "postscript", "png", "jpeg", "webp", "small"],
)
def test_broken_pictures_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(MediaError, match=words) as caught:
        to_png(data, ratio="16:9")
    assert caught.value.hint


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded() -> None:
    out = io.BytesIO()
    Image.new("1", (16_000, 9_000)).save(out, "PNG")
    with pytest.raises(MediaError, match="too large"):
        to_png(out.getvalue(), ratio="16:9")


def test_an_unknown_ratio_is_refused() -> None:
    with pytest.raises(MediaError, match="4:3"):
        to_png(encoded((64, 36)), ratio="4:3")


def test_the_size_of_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded((64, 36)))
    assert picture_size(tmp_path / "a.png") == (64, 36)
    for name, data in (("broken.png", b"no"), ("empty.png", b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(MediaError, match=name):
            picture_size(tmp_path / name)
    with pytest.raises(MediaError, match="gone"):
        picture_size(tmp_path / "gone.png")


@pytest.mark.parametrize(
    ("size", "small"), [((1280, 720), (320, 180)), ((720, 1280), (180, 320)), ((720, 720), (320, 320))]
)
def test_the_small_copy_lies_beside_the_keyframe(tmp_path: Path, size: tuple[int, int], small: tuple[int, int]) -> None:
    png = tmp_path / "scene_0_start.png"
    png.write_bytes(encoded(size))
    copy = small_copy(png)
    assert copy == tmp_path / "small" / "scene_0_start.jpg"
    assert picture_size(copy) == small
    assert [path.name for path in copy.parent.iterdir()] == ["scene_0_start.jpg"]


def test_the_small_copy_is_made_again_only_for_a_newer_keyframe(tmp_path: Path) -> None:
    png = tmp_path / "k.png"
    png.write_bytes(encoded((64, 36)))
    first = small_copy(png).stat()
    assert small_copy(png).stat().st_ino == first.st_ino
    Image.new("RGB", (64, 36), "red").save(png)
    os.utime(png, ns=(first.st_mtime_ns + 10**9, first.st_mtime_ns + 10**9))
    with Image.open(small_copy(png)) as picture:
        red, green, blue = picture.getpixel((9, 9))
    assert red > 200
    assert green < 60 > blue


def test_a_small_copy_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    png = tmp_path / "k.png"
    png.write_bytes(b"no")
    with pytest.raises(MediaError, match=r"k\.png"):
        small_copy(png)
    png.write_bytes(encoded((64, 36)))
    (tmp_path / "small").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used"):
        small_copy(png)

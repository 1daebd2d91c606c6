"""Keyframes: what is sent with a prompt, and which part of an answer is the picture."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.google import emulator_media as media
from tests.google.conftest import MakeProvider
from tests.google.emulator import Emulator
from tests.google.requests_of import image
from vidpipe_tui.providers.base import Reference
from vidpipe_tui.providers.errors import BadAnswerError, FilteredError, RefusedRequestError
from vidpipe_tui.providers.google import pictures


def large_picture(path: Path, seed: int) -> bytes:
    """A PNG of noise, over a megabyte."""
    noise = np.random.default_rng(seed).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, "PNG")
    return path.read_bytes()


@pytest.mark.parametrize("road", ["key", "project"])
async def test_a_picture_from_text_alone(make: MakeProvider, emulator: Emulator, road: str) -> None:
    answer = await make(road).images.draw(image(aspect_ratio="9:16", image_size="2K"))
    assert Image.open(io.BytesIO(answer.data)).size == media.SIZES["9:16"]
    assert (answer.mime_type, answer.usage.images) == ("image/png", 1)
    body = emulator.calls("image")[0].body
    assert body["contents"][0]["parts"] == [{"text": "A ferry at the pier."}]
    assert body["generationConfig"]["imageConfig"] == {"aspectRatio": "9:16", "imageSize": "2K"}


async def test_the_frame_before_and_the_references_go_with_it_byte_for_byte(
    make: MakeProvider, emulator: Emulator, tmp_path: Path
) -> None:
    before = large_picture(tmp_path / "before.png", 1)
    references = []
    for number, name in enumerate(("Ada", "Pier"), 2):
        large_picture(tmp_path / f"{name}.png", number)
        references.append(Reference(name, "character", tmp_path / f"{name}.png", "0"))
    await make("key").images.draw(image(condition=tmp_path / "before.png", references=references))
    parts = emulator.calls("image")[0].body["contents"][0]["parts"]
    sent = [base64.b64decode(part["inlineData"]["data"]) for part in parts if "inlineData" in part]
    assert sent == [before, *(reference.path.read_bytes() for reference in references)]
    assert "style, light, characters" in parts[0]["text"]
    assert "Ada" in parts[2]["text"]
    assert parts[-1] == {"text": "A ferry at the pier."}


async def test_no_more_pictures_go_than_the_model_takes(make: MakeProvider, emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(media.picture("1:1"))
    references = [Reference(f"Tag {number}", "place", path, "0") for number in range(20)]
    await make("key").images.draw(image(condition=path, references=references))
    parts = emulator.calls("image")[0].body["contents"][0]["parts"]
    assert sum("inlineData" in part for part in parts) == 14


async def test_a_huge_picture_goes_as_jpeg(
    make: MakeProvider, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 100_000)
    large_picture(tmp_path / "a.png", 1)
    await make("key").images.draw(image(condition=tmp_path / "a.png"))
    part = emulator.calls("image")[0].body["contents"][0]["parts"][1]["inlineData"]
    assert part["mime_type"] == "image/jpeg"


async def test_a_missing_picture_is_said_before_anything_is_sent(
    make: MakeProvider, emulator: Emulator, tmp_path: Path
) -> None:
    with pytest.raises(RefusedRequestError, match="cannot be read"):
        await make("key").images.draw(image(condition=tmp_path / "gone.png"))
    assert emulator.journal == []


@pytest.mark.parametrize("fault", ["jpeg", "thought", "two", "ratio", "corrupt"])
async def test_odd_answers_still_give_the_first_real_picture(
    make: MakeProvider, emulator: Emulator, fault: str
) -> None:
    emulator.script(f"image:1:{fault}")
    answer = await make("key").images.draw(image())
    expected = {
        "jpeg": media.picture("16:9", 1, "JPEG"),
        "ratio": media.picture("1:1", 1),
        "corrupt": media.picture("16:9", 1)[:200],
    }.get(fault, media.picture("16:9", 1))
    assert answer.data == expected
    assert answer.mime_type == ("image/jpeg" if fault == "jpeg" else "image/png")


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        ("refused", FilteredError, "IMAGE_SAFETY"),
        ("block", FilteredError, "A person is in danger"),
        ("no_image", BadAnswerError, "NO_IMAGE"),
        ("other", BadAnswerError, "IMAGE_OTHER"),
        ("nothing", BadAnswerError, "drew nothing"),
        ("words", BadAnswerError, "I would rather not draw that"),
    ],
)
async def test_refused_and_failed_pictures_are_told_apart(
    make: MakeProvider, emulator: Emulator, fault: str, kind: type[Exception], says: str
) -> None:
    emulator.script(f"image:1:{fault}")
    with pytest.raises(kind, match=says):
        await make("key").images.draw(image())
    assert emulator.accepted("image") == 1


async def test_a_large_answer_comes_back_whole_and_leaves_no_file(
    make: MakeProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = large_picture(tmp_path / "large.png", 5)
    monkeypatch.setattr(media, "picture", lambda *_given: picture)
    answer = await make("key").images.draw(image())
    assert answer.data == picture
    assert not [path for path in (tmp_path / "google").rglob("*") if path.is_file()]

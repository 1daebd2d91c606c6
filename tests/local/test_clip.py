"""Clips go from exactly their first picture to exactly their last, smoothly, in one set of parameters."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from vidpipe_tui.providers.local import clip
from vidpipe_tui.providers.local.paint import SceneBrief, from_png, paint_end, paint_start, to_png

SIZE = (320, 180)


def keyframes(
    folder: Path, text: str, *, style: str = "cinematic", size: tuple[int, int] = SIZE, **more: str
) -> tuple[Path, Path]:
    scene = SceneBrief(style=style, scene_description=text, start_frame_prompt=more.pop("start", text), **more)
    start, end = folder / "start.png", folder / "end.png"
    start.write_bytes(to_png(paint_start(scene, size=size, seed=3)))
    end.write_bytes(to_png(paint_end(scene, from_png(start), size=size, seed=3)))
    return start, end


def rendered(start: Path, end: Path, *, seconds: float = 1.0, prompt: str = "push in", **more: object) -> Path:
    out = start.parent / "clip.mp4"
    clip.render(
        start, end, out, prompt=prompt, description="a forest", style="cinematic", seconds=seconds, seed=3, **more
    )  # type: ignore[arg-type]
    return out


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as box:
        return [frame.to_ndarray(format="rgb24") for frame in box.decode(video=0)]


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """PSNR in dB."""
    return float(10 * np.log10(255**2 / max(1e-9, ((a.astype(float) - b) ** 2).mean())))


def brightness(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(float) @ np.array([0.2126, 0.7152, 0.0722])


def same(frame: np.ndarray, path: Path) -> bool:
    """Whether a frame is the picture, up to compression and the halved colour resolution of 4:2:0."""
    wanted = picture(path)
    return likeness(frame, wanted) > 33 and likeness(brightness(frame), brightness(wanted)) > 36


def picture(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("A red fox walks through the snowy forest at dawn", {}),
        ("A woman with an umbrella in the rainy street at night", {"style": "cyberpunk"}),
        ("A ship on the sea at sunset", {"style": "oil painting"}),
        ("A dog in the library", {"style": "sketch"}),
        ("A fox reaches the beach", {"start": "A fox in the forest", "end_frame_prompt": "A fox on the beach"}),
        ("Whales", {"style": "pixel art", "size": (180, 320)}),
        ("Fireflies over a lake at night", {"style": "watercolour", "size": (180, 180)}),
    ],
)
def test_first_and_last_frame_are_the_keyframes_and_nothing_stands_still_or_jumps(
    tmp_path: Path, text: str, more: dict[str, object]
) -> None:
    start, end = keyframes(tmp_path, text, **more)  # type: ignore[arg-type]
    frames = frames_of(rendered(start, end))
    assert len(frames) == 24
    assert same(frames[0], start)
    assert same(frames[-1], end)
    steps = [float(np.abs(a.astype(int) - b).mean()) for a, b in pairwise(frames)]
    assert min(steps) > 0.1
    assert max(steps) < 4.5 * np.median(steps) + 3


@pytest.mark.parametrize("seconds", [1.0, 1.5, 2.29])
def test_container_codecs_and_exact_lengths(tmp_path: Path, seconds: float) -> None:
    start, end = keyframes(tmp_path, "A field")
    with av.open(str(rendered(start, end, seconds=seconds))) as box:
        video, audio = box.streams.video[0], box.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.profile, video.codec_context.pix_fmt) == (
            "h264",
            "High",
            "yuv420p",
        )
        assert (video.width, video.height, video.average_rate) == (*SIZE, 24)
        assert (audio.codec_context.name, audio.rate, audio.channels) == ("aac", 48000, 2)
        assert video.frames == round(seconds * 24)
        length = round(seconds * 24) / 24
        assert float(video.duration * video.time_base) == pytest.approx(length, abs=0.001)
        assert float(audio.duration * audio.time_base) == pytest.approx(length, abs=0.022)
        assert video.codec_context.color_range == 1
        assert video.codec_context.colorspace == 1


def test_the_sound_begins_with_the_picture(tmp_path: Path) -> None:
    start, end = keyframes(tmp_path, "A field")
    with av.open(str(rendered(start, end))) as box:
        first = {kind: next(box.decode(**{kind: 0})).time for kind in ("video",)}
    with av.open(str(tmp_path / "clip.mp4")) as box:
        samples = sum(frame.samples for frame in box.decode(audio=0) if frame.time is None or frame.time >= 0)
    assert first["video"] == 0
    assert samples == pytest.approx(48000, abs=1024)


def test_clips_of_one_size_have_one_extradata(tmp_path: Path) -> None:
    headers = []
    for name, text in (("a", "A ship in a storm"), ("b", "A quiet room")):
        folder = tmp_path / name
        folder.mkdir()
        start, end = keyframes(folder, text)
        with av.open(str(rendered(start, end, seconds=1.0 if name == "a" else 1.75))) as box:
            headers.append(
                (
                    box.streams.video[0].codec_context.extradata,
                    box.streams.video[0].time_base,
                    box.streams.audio[0].codec_context.extradata,
                )
            )
    assert headers[0] == headers[1]


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    start, end = keyframes(tmp_path, "A horse on the meadow")
    first = rendered(start, end).read_bytes()
    assert rendered(start, end).read_bytes() == first


def test_without_sound_there_is_no_sound_stream_and_progress_is_told(tmp_path: Path) -> None:
    start, end = keyframes(tmp_path, "A field")
    told: list[float] = []
    with av.open(str(rendered(start, end, audio=False, on_progress=told.append))) as box:
        assert not box.streams.audio
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_photographs_move_too(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    for name in ("start", "end"):
        small = random.integers(0, 255, (9, 16, 3)).astype(np.uint8)
        Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC).save(tmp_path / f"{name}.png")
    frames = frames_of(rendered(tmp_path / "start.png", tmp_path / "end.png", prompt="pan left"))
    assert same(frames[0], tmp_path / "start.png")
    assert same(frames[-1], tmp_path / "end.png")
    steps = [float(np.abs(a.astype(int) - b).mean()) for a, b in pairwise(frames)]
    assert min(steps) > 0.1
    assert max(steps) < 20


def test_a_picture_that_was_changed_after_painting_is_kept_as_it_is(tmp_path: Path) -> None:
    start, end = keyframes(tmp_path, "A field at noon")
    painted = from_png(start)
    changed = Image.eval(painted, lambda value: 255 - value)
    changed.info = dict(painted.info)
    start.write_bytes(to_png(changed))
    frames = frames_of(rendered(start, end))
    assert same(frames[0], start)


def test_an_odd_size_loses_its_last_row(tmp_path: Path) -> None:
    for name in ("start", "end"):
        Image.new("RGB", (161, 91), (90, 120, 60)).save(tmp_path / f"{name}.png")
    assert frames_of(rendered(tmp_path / "start.png", tmp_path / "end.png"))[0].shape == (90, 160, 3)

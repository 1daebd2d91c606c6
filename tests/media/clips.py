"""Small clips for tests: real MP4 files whose pictures and sounds are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 48_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a clip is made of; `picture` gives the grey of a frame number, `sound` the samples for times."""

    frames: int = 24
    fps: Fraction = Fraction(24)
    size: tuple[int, int] = (64, 36)
    picture: Callable[[int], int] = lambda number: 40 + number % 100
    sound: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = lambda times: 0.3 * np.sin(2764.6 * times)
    sound_seconds: float | None = None
    rate: int = RATE
    layout: str = "stereo"
    pixel_format: str = "yuv420p"
    codec: str = "libx264"
    options: tuple[tuple[str, str], ...] = (("preset", "ultrafast"), ("crf", "12"))
    aspect: Fraction | None = None


def make_clip(path: Path, recipe: Recipe) -> Path:
    """Write the clip; its sound is as long as its pictures unless `sound_seconds` says otherwise."""
    with av.open(str(path), "w", format="mp4") as out:
        video = out.add_stream(recipe.codec, rate=recipe.fps, options=dict(recipe.options))
        video.width, video.height = recipe.size
        video.pix_fmt = recipe.pixel_format
        if recipe.aspect is not None:
            video.codec_context.sample_aspect_ratio = recipe.aspect
        audio = None
        if recipe.sound is not None:
            audio = out.add_stream("aac", rate=recipe.rate, layout=recipe.layout)
            audio.bit_rate = 160_000
        for number in range(recipe.frames):
            grey = np.full((recipe.size[1], recipe.size[0], 3), recipe.picture(number), np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, "rgb24").reformat(format=recipe.pixel_format)
            frame.pts, frame.time_base = number, 1 / recipe.fps
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio is not None and recipe.sound is not None:
            seconds = recipe.sound_seconds or float(recipe.frames / recipe.fps)
            times = np.arange(round(seconds * recipe.rate)) / recipe.rate
            samples = recipe.sound(times).astype(np.float32)
            channels = 1 if recipe.layout == "mono" else 2
            heard = av.AudioFrame.from_ndarray(np.stack([samples] * channels), "fltp", recipe.layout)
            heard.sample_rate, heard.pts, heard.time_base = recipe.rate, 0, Fraction(1, recipe.rate)
            out.mux(audio.encode(heard))
            out.mux(audio.encode(None))
    return path


def brightness(path: Path) -> list[tuple[float, float]]:
    """Time and mean brightness (0 to 255) of every picture of a film."""
    with av.open(str(path)) as film:
        return [(float(frame.time), float(_luma(frame).mean())) for frame in film.decode(video=0)]


def _luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def heard(path: Path) -> Sound:
    """The film's left channel, every sample where its time stamp says; gaps stay silent."""
    blocks = _blocks(path)
    track = np.zeros(max(start + len(samples) for start, samples in blocks), np.float32)
    for start, samples in blocks:
        track[max(0, start) : start + len(samples)] = samples[max(0, -start) :]
    return track


def played(path: Path) -> Sound:
    """The film's left channel as by a player that ignores time stamps: block after block."""
    return np.concatenate([samples for _, samples in _blocks(path)])


def _blocks(path: Path) -> list[tuple[int, Sound]]:
    with av.open(str(path)) as film:
        return [(round(float(frame.time) * frame.sample_rate), frame.to_ndarray()[0]) for frame in film.decode(audio=0)]


def loudness(track: Sound, begin: float, end: float, rate: int = RATE) -> float:
    """Root mean square of what is heard between two times, in seconds."""
    part = track[round(begin * rate) : round(end * rate)].astype(np.float64)
    return float(np.sqrt(np.mean(part**2)))

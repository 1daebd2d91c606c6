"""Real pictures and clips for the emulator, small and made once."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import cache

import av
import numpy as np
from PIL import Image

SIZES = {"16:9": (344, 192), "9:16": (192, 344), "1:1": (256, 256)}
"""Like Google's, a little off the exact ratio (1376x768 is no 16:9)."""
FILM = {"16:9": (320, 180), "9:16": (180, 320)}
FPS = 24


@cache
def picture(ratio: str, number: int = 0, kind: str = "PNG") -> bytes:
    """A picture of about that ratio, another one for every number."""
    width, height = SIZES.get(ratio) or SIZES["1:1"]
    across = np.linspace(0, 255, width, dtype=np.uint8)
    down = np.linspace(0, 255, height, dtype=np.uint8)
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[..., 0] = np.roll(across, number * 37)[None, :]
    pixels[..., 1] = np.roll(down, number * 11)[:, None]
    pixels[..., 2] = (number * 53) % 256
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


@cache
def clip(ratio: str, seconds: float, audio: bool = True) -> bytes:
    """An MP4 with H.264 and AAC of that length."""
    width, height = FILM.get(ratio, FILM["16:9"])
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "30"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("aac", rate=48000, layout="stereo") if audio else None
        base = np.linspace(0, 255, width, dtype=np.uint8)
        for number in range(round(seconds * FPS)):
            pixels = np.zeros((height, width, 3), dtype=np.uint8)
            pixels[..., 0] = np.roll(base, number)[None, :]
            pixels[..., 2] = number % 256
            container.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(video.encode())
        if sound is not None:
            _tone(container, sound, round(seconds * 48000))
    return out.getvalue()


def _tone(container: av.container.OutputContainer, sound: av.AudioStream, samples: int) -> None:
    wave = (np.sin(np.arange(samples) / 48000 * 440 * 2 * np.pi) * 0.1).astype(np.float32)
    for start in range(0, samples, 1024):
        part = np.stack([wave[start : start + 1024]] * 2)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        container.mux(sound.encode(frame))
    container.mux(sound.encode())

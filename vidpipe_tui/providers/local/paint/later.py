"""Moves a picture on that this painter did not make, from its pixels alone."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from vidpipe_tui.providers.local.paint.arrays import generator, noise, smooth, to_bytes
from vidpipe_tui.providers.local.paint.brief import SceneBrief
from vidpipe_tui.providers.local.paint.words import concepts

_LIGHT: dict[str, tuple[float, float, float]] = {
    "dawn": (1.04, 0.92, 0.9),
    "morning": (1.06, 1.04, 0.98),
    "noon": (1.1, 1.1, 1.08),
    "afternoon": (1.06, 1.02, 0.94),
    "golden": (1.12, 0.98, 0.78),
    "sunset": (1.08, 0.82, 0.68),
    "dusk": (0.72, 0.7, 0.86),
    "night": (0.42, 0.48, 0.68),
}


def later_photograph(scene: SceneBrief, start: Image.Image, *, size: tuple[int, int], seed: int) -> Image.Image:
    """The same picture some time later: reframed by the motion prompt, relit, with the weather the text names."""
    picture = ImageOps.fit(start.convert("RGB"), size, Image.Resampling.LANCZOS)
    moves = concepts("camera", scene.video_motion_prompt)
    zoom = 1.04 if "static" in moves else 1.14
    w, h = size
    room_x, room_y = w - w / zoom, h - h / zoom
    fx = 0.1 if "left" in moves else 0.9 if "right" in moves else 0.5
    fy = 0.1 if "up" in moves else 0.9 if "down" in moves else 0.5
    box = (room_x * fx, room_y * fy, room_x * fx + w / zoom, room_y * fy + h / zoom)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BICUBIC, box=box), np.float32)
    text = f"{scene.end_frame_prompt}\n{scene.scene_description}\n{scene.note}"
    times = (
        concepts("times", scene.note)
        or concepts("times", scene.end_frame_prompt)
        or concepts("times", scene.scene_description)
    )
    tint = np.array(_LIGHT[times[-1]] if times else (1.05, 0.96, 0.84), np.float32)
    wishes = set(concepts("notes", scene.note))
    gain = 0.62 if "darker" in wishes else 1.3 if "brighter" in wishes else 1.0
    side = np.linspace(1.08, 0.92, w, dtype=np.float32)
    pixels = pixels * tint * gain * (side if seed % 2 else side[::-1])[None, :, None]
    weather = set(concepts("weather", text))
    if weather & {"fog", "snow", "rain", "storm"}:
        veil = (
            noise(generator("veil", seed), size, 3, 3, stretch=3)
            * smooth(np.linspace(0.2, 1, h, dtype=np.float32), 0, 1)[:, None]
        )
        pixels += (np.float32(206) * tint - pixels) * (veil * 0.4)[..., None]
    return Image.fromarray(to_bytes(pixels))

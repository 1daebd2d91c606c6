"""Requests as the pipeline makes them, with defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vidpipe_tui.providers.base import ClipRequest, ImageRequest, SceneText, StoryboardRequest

SCENE = SceneText(0, "A ferry leaves.", "A ferry at the pier.", "The ferry at sea.", "Slow pan right.")


def storyboard(**changes: Any) -> StoryboardRequest:
    given = {
        "prompt": "A ferry leaves the harbour.",
        "style": "cinematic",
        "aspect_ratio": "16:9",
        "scene_count": 3,
        "max_scenes": 15,
        "clip_seconds": 4.0,
        "model": "gemini-3.8-flash",
        "seed": 2**32 - 1,
    }
    return StoryboardRequest(**{**given, **changes})


def image(**changes: Any) -> ImageRequest:
    given = {
        "prompt": "A ferry at the pier.",
        "scene": SCENE,
        "position": "start",
        "style": "cinematic",
        "style_guide": {},
        "aspect_ratio": "16:9",
        "image_size": "1K",
        "model": "gemini-nano-banana-2.1",
        "seed": 7,
    }
    return ImageRequest(**{**given, **changes})


def clip(frames: tuple[Path, Path], **changes: Any) -> ClipRequest:
    given = {
        "prompt": "Slow pan right, single continuous shot.",
        "scene": SCENE,
        "style": "cinematic",
        "style_guide": {},
        "aspect_ratio": "16:9",
        "resolution": "720p",
        "seconds": 4.0,
        "audio": True,
        "model": "gemini-omni-1.2-flash",
        "seed": 7,
        "start": frames[0],
        "end": frames[1],
    }
    return ClipRequest(**{**given, **changes})

"""The local provider's work without its art: pictures and clips that are whole, each its own, and there at once."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from tests.pipeline.fake import clip, picture, storyboard


def compose(prompt: str, scene_count: int | None, **_others: Any) -> dict[str, Any]:
    """A storyboard without a relation to the prompt."""
    del prompt
    answer: dict[str, Any] = json.loads(storyboard(scene_count or 2))
    return answer


def draw(out: str, seed: int, position: str, brief: dict[str, Any], **_others: Any) -> None:
    """One colour."""
    Path(out).write_bytes(picture(seed, brief["scene_index"], position))


def render(start: str, end: str, out: str, **_others: Any) -> None:
    """The same second of film, marked by what it was made from."""
    mark = hashlib.sha256(Path(start).read_bytes() + Path(end).read_bytes()).hexdigest()
    part = Path(out).with_name(f".part-{os.getpid()}-clip.mp4")
    part.write_bytes(clip(mark))
    part.replace(out)


def take_the_place_of_the_real_ones() -> None:
    """From now on the jobs of the local provider in this process are these."""
    from vidpipe_tui.providers.local import jobs

    clip("")  # made once, before any fork
    for ours in (compose, draw, render):
        setattr(jobs, ours.__name__, ours)

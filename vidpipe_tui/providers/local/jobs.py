"""What the processes of the pool are asked to do for the local provider: plain values in and out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def compose(
    prompt: str, style: str, scene_count: int | None, clip_seconds: float, seed: int, tags: list[str]
) -> dict[str, Any]:
    """A storyboard as a model would answer it."""
    from vidpipe_tui.providers.local import storyboard

    return storyboard.compose(
        prompt, style=style, scene_count=scene_count, clip_seconds=clip_seconds, seed=seed, tags=tags
    )


def draw(
    out: str, width: int, height: int, seed: int, position: str, condition: str | None, brief: dict[str, Any]
) -> None:
    """Paints a keyframe and writes it as a PNG to `out`. `brief` holds the fields of SceneBrief."""
    from vidpipe_tui.durable import storage_errors
    from vidpipe_tui.providers.local import paint

    scene = paint.SceneBrief(**brief)
    size = (width, height)
    if position == "end" and condition is not None:
        picture = paint.paint_end(scene, paint.from_png(Path(condition)), size=size, seed=seed)
    else:
        picture = paint.paint_start(scene, size=size, seed=seed)
    with storage_errors(Path(out)):
        Path(out).write_bytes(paint.to_png(picture))


def render(
    start: str,
    end: str,
    out: str,
    on_progress: Callable[[float], None] | None = None,
    **terms: Any,
) -> None:
    """Renders a clip beside `out` and puts it there whole."""
    from vidpipe_tui.durable import process_part
    from vidpipe_tui.providers.local import clip

    part = process_part(Path(out).parent, Path(out).name)
    clip.render(Path(start), Path(end), part, on_progress=on_progress, **terms)
    part.replace(out)

"""What the processes of the pool are asked to do with clips: plain values in and out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from vidpipe_tui.media.join import JoinClip, join
from vidpipe_tui.media.probe import check_clip
from vidpipe_tui.media.shrinking import SmallClip


def check(path: str, small: str) -> dict[str, Any]:
    """The facts of a clip that is whole (ClipFacts.as_json), its small copy at `small`; MediaError for any other."""
    with SmallClip(Path(small)) as copy:
        return check_clip(Path(path), watch=copy.add).as_json()


def join_film(
    clips: list[dict[str, Any]],
    out: str,
    crossfade_seconds: float = 0.0,
    title: str = "",
    comment: str = "",
    on_progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Join clips given as {"path", "title", "scene_index"} to `out` and return JoinResult.as_json."""
    parts = [JoinClip(Path(clip["path"]), clip["title"], clip["scene_index"]) for clip in clips]
    film = join(
        parts,
        Path(out),
        crossfade_seconds=crossfade_seconds,
        title=title,
        comment=comment,
        on_progress=on_progress,
    )
    return film.as_json()

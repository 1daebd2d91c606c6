"""The status of a scene, told from its takes and from what runs."""

from __future__ import annotations

from collections.abc import Set

from vidpipe_tui.domain.graph import Scene
from vidpipe_tui.domain.statuses import ClipStatus, SceneStatus


def scene_status(scene: Scene, running: Set[str] = frozenset()) -> SceneStatus:
    """Where a scene stands, given the slots at work (`0/start`, `0/end`, `0/clip`)."""
    newest = scene.newest_clip
    clip = scene.clip
    if newest is not None and newest.status is ClipStatus.IN_DOUBT:
        return SceneStatus.IN_DOUBT
    if f"{scene.index}/clip" in running:
        return SceneStatus.VIDEO_GENERATING
    if {f"{scene.index}/start", f"{scene.index}/end"} & set(running):
        return SceneStatus.KEYFRAMES_GENERATING
    if scene.trouble is not None and clip is None:
        return SceneStatus.RAI_FILTERED if scene.trouble.kind == "filtered" else SceneStatus.FAILED
    if newest is not None and newest.status in {ClipStatus.SUBMITTED, ClipStatus.POLLING}:
        return SceneStatus.VIDEO_GENERATING
    if clip is not None:
        return SceneStatus.VIDEO_DONE
    if scene.start is not None and scene.end is not None:
        return SceneStatus.KEYFRAMES_DONE
    return SceneStatus.PENDING

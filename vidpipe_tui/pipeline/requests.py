"""What requests for a scene are made of: its texts, and the seed of a take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vidpipe_tui.domain.graph import Scene
from vidpipe_tui.providers.base import SceneText


def scene_text(scene: Scene, slot: str, overrides: Mapping[str, Any]) -> SceneText:
    """The texts of a scene, with the prompt of this one take laid over."""
    own = str(overrides.get("prompt") or "")
    return SceneText(
        index=scene.index,
        scene_description=scene.scene_description,
        start_frame_prompt=(slot == "start" and own) or scene.start_frame_prompt,
        end_frame_prompt=(slot == "end" and own) or scene.end_frame_prompt,
        video_motion_prompt=(slot == "clip" and own) or scene.video_motion_prompt,
        transition_notes=scene.transition_notes,
    )


def take_seed(seed: int, take: int, overrides: Mapping[str, Any]) -> int:
    """The seed of a take: the project's for the first, another one for each later, or what the person said."""
    if overrides.get("seed") is not None:
        return int(overrides["seed"])
    return (seed + (take - 1) * 7919) % 2**32

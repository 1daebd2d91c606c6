"""The prompts that are sent: the person's texts, the style guide, and what keeps a film together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vidpipe_tui.domain.graph import Graph, ReferencePicture, Scene

NO_TEXT = "No text, letters, captions, logos or watermarks in the picture."


def frame_prompt(
    graph: Graph,
    scene: Scene,
    position: str,
    overrides: Mapping[str, Any],
    references: Sequence[ReferencePicture],
) -> str:
    """The prompt of a keyframe, exactly as it is sent."""
    own = scene.start_frame_prompt if position == "start" else scene.end_frame_prompt
    parts = [str(overrides.get("prompt") or own)]
    if position == "end":
        parts.append(
            "This is the same shot a few seconds later, going on from the attached frame: keep its style, light, "
            "palette, place, composition, characters and wardrobe; change only what the action changes."
        )
    parts.append(f"Scene: {scene.scene_description}")
    parts.append(f"Style: {graph.style}. {style_sentence(graph.style_guide)}")
    if references:
        names = ", ".join(f"{reference.tag} ({reference.kind})" for reference in references)
        parts.append(f"Keep to the attached reference pictures: {names}.")
    if overrides.get("note"):
        parts.append(f"The reviewer asks: {overrides['note']}")
    parts.append(f"Frame {graph.aspect_ratio}. {NO_TEXT}")
    return "\n".join(parts)


def clip_prompt(graph: Graph, scene: Scene, overrides: Mapping[str, Any]) -> str:
    """The prompt of a clip, exactly as it is sent."""
    parts = [
        str(overrides.get("prompt") or scene.video_motion_prompt),
        f"Scene: {scene.scene_description}",
        f"Style: {graph.style}. {style_sentence(graph.style_guide)}",
        "One single continuous shot from the first frame to the last frame, no cut, no dissolve. " + NO_TEXT,
    ]
    if overrides.get("note"):
        parts.insert(1, f"The reviewer asks: {overrides['note']}")
    return "\n".join(parts)


def style_sentence(guide: Mapping[str, str]) -> str:
    """The style guide as one line."""
    names = {"visual_style": "Look", "color_palette": "Palette", "camera_style": "Camera"}
    return " ".join(f"{names.get(key, key)}: {value.rstrip('.')}." for key, value in guide.items() if value)

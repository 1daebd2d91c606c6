"""What a painter is told about a scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SceneBrief:
    """The texts of one scene, as they were stored, and the look they are to be painted in.

    `style` is a style's name; an unknown one is derived from its words. `note` is a reviewer's wish
    ("darker", "more snow", "closer") and outranks everything else; it may be empty.
    """

    style: str = "cinematic"
    style_guide: Mapping[str, str] = field(default_factory=dict)
    scene_description: str = ""
    start_frame_prompt: str = ""
    end_frame_prompt: str = ""
    video_motion_prompt: str = ""
    scene_index: int = 0
    note: str = ""

"""A storyboard as text to read: the style guide, then scene by scene. Pure functions."""

from __future__ import annotations

from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.widgets.scene_facts import scene_name
from vidpipe_tui.widgets.words import one_line

GUIDE_LABELS = {"visual_style": "Look", "color_palette": "Colours", "camera_style": "Camera"}


def storyboard_text(project: ProjectView) -> str:
    """The whole storyboard, one paragraph a field, without anything a terminal could obey."""
    lines = [
        f"{GUIDE_LABELS.get(key, one_line(key))}: {one_line(str(value))}" for key, value in project.style_guide.items()
    ]
    for scene in project.scenes:
        cut = "  (opens with a cut)" if scene.cut and scene.index else ""
        lines += ["", f"{scene.number}  {scene_name(scene)}{cut}  {scene.seconds:g} s"]
        texts = (
            scene.scene_description,
            f"Start: {scene.start_frame_prompt}" if scene.cut or scene.index == 0 else "",
            f"End: {scene.end_frame_prompt}",
            f"Motion: {scene.video_motion_prompt}",
            f"Transition: {scene.transition_notes}" if scene.transition_notes else "",
        )
        lines += [one_line(text) for text in texts if text]
    return "\n".join(lines)

"""A storyboard as text to read: the style guide, then scene by scene. Pure functions."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.widgets.scene_facts import scene_name
from vidpipe_tui.widgets.words import one_line, wrapped

_LABEL = 14
GUIDE_LABELS = {"visual_style": "Look", "color_palette": "Colours", "camera_style": "Camera"}


def storyboard_text(project: ProjectView, width: int, *, title: Style, label: Style) -> Content:
    """The whole storyboard in `width` cells: labels at the left, texts beside them, nothing a terminal could obey."""
    lines = [
        _field((GUIDE_LABELS.get(key, one_line(key)), label), str(value), width)
        for key, value in project.style_guide.items()
    ]
    for scene in project.scenes:
        cut = "   opens with a cut" if scene.cut and scene.index else ""
        name = f"{scene.number}  {scene_name(scene)}"
        lines += [Content(""), Content.assemble((name, title), (f"   {scene.seconds:g} s{cut}", label))]
        texts = (
            ("What happens", scene.scene_description),
            ("Start", scene.start_frame_prompt if scene.cut or scene.index == 0 else ""),
            ("End", scene.end_frame_prompt),
            ("Motion", scene.video_motion_prompt),
            ("Transition", scene.transition_notes),
        )
        lines += [_field((name, label), text, width) for name, text in texts if text]
    return Content("\n").join(lines)


def _field(label: tuple[str, Style], text: str, width: int) -> Content:
    name, style = label
    beside = f"\n{'':{_LABEL}}".join(wrapped(one_line(text), max(20, width - _LABEL)))
    return Content.assemble((f"{name:<{_LABEL}}", style), beside)

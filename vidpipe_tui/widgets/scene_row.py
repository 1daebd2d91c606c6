"""All scenes of a film on one line, where there is no room for a list: glyph and number of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from vidpipe_tui.widgets.preview_strip import padded
from vidpipe_tui.widgets.scene_facts import SceneLine


def lying(
    scenes: Sequence[SceneLine],
    cursor: int,
    width: int,
    base: Style,
    chosen: Style,
    style_of: Callable[[str], Style],
    *,
    plain: bool,
    step: int,
) -> Strip:
    """The line, `width` cells; where there is not room for all scenes the one at `cursor` is in the middle.

    `style_of` gives the style of a component class, `plain` is ASCII, `step` turns the glyph of what is worked on.
    """
    cells = max(4, len(str(len(scenes))) + 3)
    room = max(1, width // cells)
    first = max(0, min(cursor - room // 2, len(scenes) - room))
    cut = "/" if plain else "✂"
    parts: list[Segment] = []
    for scene in scenes[first : first + room]:
        style = base + chosen if scene.index == cursor else base
        parts.append(Segment(cut if scene.cut else " ", base + style_of("scenes--muted")))
        parts.append(Segment(scene.look.mark(plain, step), style + style_of(scene.look.css_class)))
        parts.append(Segment(f"{scene.index + 1:<{cells - 2}}", style))
    return padded(Strip(parts), width, base)

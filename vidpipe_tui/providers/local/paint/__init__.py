"""Paints keyframes from a scene's texts: places, light, weather and figures, in the style asked for.

A picture carries the state of the world it shows in its own metadata, so that the scene's last frame, and
the clip between the two, go on from exactly what was painted.
"""

from vidpipe_tui.providers.local.paint.brief import SceneBrief
from vidpipe_tui.providers.local.paint.picture import from_png, paint_end, paint_start, to_png

__all__ = ["SceneBrief", "from_png", "paint_end", "paint_start", "to_png"]

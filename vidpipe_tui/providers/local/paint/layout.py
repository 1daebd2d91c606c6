"""What all landscapes share: their sky, rows of the ground, and where figures stand."""

from __future__ import annotations

from vidpipe_tui.providers.local.paint import sky, terrain
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.stage import Stage


def heaven(e: Easel, s: Stage, *, drifting: bool = True) -> None:
    """The open sky and what hangs in it; clouds stand still where hardly any sky is seen."""
    s.layers.append(sky.dome(e))
    extras = e.world.extras
    if "aurora" in extras and e.light.dark > 0.4:
        s.layers.append(sky.aurora(e))
    if "rainbow" in extras and e.light.dark < 0.5:
        s.layers.append(sky.rainbow(e))
    sheet = sky.clouds(e)
    if sheet:
        sheet.drift = float(drifting)
        s.layers.append(sheet)
    if "peaks" in extras:
        peak = terrain.peaks(
            e, "afar", e.horizon + 8 * e.unit, 300 * e.unit, near=0.06, distance=0.66, cells=2, cap=0.5
        )
        s.layers.append(peak)
    if "fireworks" in extras:
        s.layers.append(sky.fireworks(e))


def row(e: Easel, share: float) -> float:
    """Stage row `share` of the way from the horizon to the lower edge."""
    return e.horizon + (e.height - e.horizon) * share


def stand_on(s: Stage, e: Easel, after: str, top: float, bottom: float, near: float = 0.6) -> None:
    """Figures stand after layer `after`, between the shares `top` and `bottom` of the ground."""
    s.figures_after, s.ground_near = after, near
    s.ground = (row(e, top) / e.height, row(e, bottom) / e.height)

"""What a person carries, drawn over the figure in its own measure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vidpipe_tui.providers.local.paint.doll import Doll
from vidpipe_tui.providers.local.paint.shapes import Point
from vidpipe_tui.providers.local.paint.world import Figure

Hold = Callable[[Doll, Point, Point, float], None]


def _violin(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = neck[0] + 0.06, neck[1] + 0.04
    wood = d.tone((150, 78, 36))
    d.limb([(x, y), (x + 0.12, y + 0.02), (x + 0.2, y + 0.03)], [0.1, 0.07, 0.085], wood)
    d.line([(x + 0.2, y + 0.03), (x + 0.36, y + 0.06)], 0.02, d.tone((60, 40, 32)))
    slide = 0.07 * np.sin(2 * np.pi * phase)
    d.line([(x + 0.06 + slide, y - 0.2), (x + 0.18 + slide, y + 0.26)], 0.012, d.tone((222, 206, 170)))


def _guitar(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = neck[0] + 0.04, neck[1] + 0.3
    wood = d.tone((186, 112, 52))
    d.disc(x - 0.06, y + 0.03, 0.11, 0.1, wood)
    d.disc(x + 0.05, y - 0.01, 0.08, 0.08, wood)
    d.disc(x, y + 0.01, 0.028, 0.028, wood * 0.4)
    d.line([(x + 0.08, y - 0.02), (x + 0.34, y - 0.13)], 0.026, d.tone((76, 48, 34)))


def _book(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = hand
    cover, page = d.tone((140, 44, 44)), d.tone((246, 240, 224))
    d.poly([(x - 0.02, y + 0.03), (x + 0.1, y - 0.12), (x + 0.14, y - 0.1), (x + 0.03, y + 0.05)], cover)
    d.poly([(x - 0.04, y + 0.01), (x + 0.08, y - 0.14), (x + 0.1, y - 0.12), (x - 0.01, y + 0.03)], page)


def _letter(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = hand
    d.poly(
        [(x - 0.02, y + 0.02), (x + 0.07, y - 0.15), (x + 0.15, y - 0.12), (x + 0.06, y + 0.05)],
        d.tone((248, 244, 230)),
    )


def _cup(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = hand[0] + 0.03, hand[1] - 0.02
    white = d.tone((240, 234, 222))
    d.poly([(x - 0.035, y - 0.04), (x + 0.04, y - 0.04), (x + 0.03, y + 0.03), (x - 0.025, y + 0.03)], white)
    sway = 0.015 * np.sin(2 * np.pi * phase)
    d.line([(x, y - 0.05), (x + sway, y - 0.1), (x - sway, y - 0.16)], 0.012, d.tone((236, 236, 236)), smooth=True)


def _flower(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = hand
    d.line([(x, y + 0.06), (x + 0.02, y - 0.14)], 0.012, d.tone((70, 128, 62)))
    for turn in np.linspace(0, 2 * np.pi, 6)[:5]:
        d.disc(x + 0.02 + 0.035 * np.cos(turn), y - 0.16 + 0.035 * np.sin(turn), 0.026, 0.026, d.tone((224, 60, 84)))
    d.disc(x + 0.02, y - 0.16, 0.02, 0.02, d.tone((250, 214, 90)))


def _lantern(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = hand[0] + 0.01, hand[1] + 0.03
    d.line([(x, y - 0.03), (x, y)], 0.012, d.tone((60, 50, 44)))
    d.disc(x, y + 0.08, 0.075, 0.085, d.shine((255, 176, 84)) * 0.75)
    d.disc(x, y + 0.08, 0.05, 0.06, d.shine((255, 236, 178)))
    d.poly(
        [(x - 0.05, y + 0.01), (x + 0.05, y + 0.01), (x + 0.03, y - 0.015), (x - 0.03, y - 0.015)], d.tone((60, 50, 44))
    )


def _suitcase(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = hand[0] + 0.01, hand[1] + 0.02
    leather = d.tone((126, 82, 48))
    d.poly([(x - 0.14, y + 0.03), (x + 0.14, y + 0.03), (x + 0.14, y + 0.22), (x - 0.14, y + 0.22)], leather)
    d.poly([(x - 0.14, y + 0.03), (x - 0.1, y + 0.03), (x - 0.1, y + 0.22), (x - 0.14, y + 0.22)], leather * 0.7)
    d.line(
        [(x - 0.04, y + 0.03), (x - 0.03, y - 0.01), (x + 0.03, y - 0.01), (x + 0.04, y + 0.03)], 0.014, leather * 0.6
    )


def _camera(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = neck[0] + 0.13, neck[1] - 0.09
    d.poly(
        [(x - 0.05, y - 0.035), (x + 0.05, y - 0.035), (x + 0.05, y + 0.04), (x - 0.05, y + 0.04)], d.tone((44, 44, 50))
    )
    d.disc(x + 0.06, y, 0.03, 0.032, d.tone((90, 100, 124)))


def _ball(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = 0.3, -0.08 - 0.05 * abs(np.sin(2 * np.pi * phase))
    d.disc(x, y, 0.085, 0.085, d.tone((244, 244, 240)))
    for turn in range(3):
        a = 2.1 * turn + 2 * np.pi * phase
        d.disc(x + 0.048 * np.cos(a), y + 0.048 * np.sin(a), 0.022, 0.022, d.tone((38, 38, 44)))


def _board(d: Doll, hand: Point, neck: Point, phase: float) -> None:
    x, y = -0.22, -0.5
    d.limb([(x, y - 0.42), (x, y), (x - 0.02, y + 0.46)], [0.05, 0.17, 0.07], d.tone((240, 226, 190)))
    d.line([(x, y - 0.4), (x - 0.02, y + 0.44)], 0.016, d.tone((206, 72, 60)))


HELD: dict[str, Hold] = {
    "violin": _violin, "guitar": _guitar, "book": _book, "letter": _letter, "cup": _cup, "flower": _flower,
    "lantern": _lantern, "suitcase": _suitcase, "camera": _camera, "ball": _ball, "surfboard": _board,
}  # fmt: skip
RAISED = frozenset({"violin", "guitar", "book", "letter", "cup", "flower", "lantern", "camera"})


def carry(d: Doll, f: Figure, hand: Point, neck: Point, phase: float) -> None:
    """Draw what a figure carries: its thing, its umbrella, a wizard's staff or a knight's sword."""
    x, y = hand
    if f.holds in HELD:
        HELD[f.holds](d, hand, neck, phase)
    if f.umbrella:
        _umbrella(d, hand, (60, 62, 70) if f.kind == "detective" else f.colour)
    if f.kind == "wizard":
        d.line([(x + 0.02, y - 0.5), (x + 0.04, -0.01)], 0.02, d.tone((96, 66, 42)))
        d.disc(x + 0.02, y - 0.53, 0.035, 0.035, d.shine((150, 230, 255)))
    if f.kind == "knight":
        blade = [(x - 0.01, y), (x + 0.02, y), (x + 0.20, y + 0.42), (x + 0.17, y + 0.42)]
        d.poly(blade, d.tone((196, 204, 214)))


def _umbrella(d: Doll, hand: Point, cloth: tuple[int, int, int]) -> None:
    x, y = hand
    d.line([(x, y + 0.06), (x + 0.01, y - 0.58)], 0.016, d.tone((60, 50, 46)))
    top, tone = y - 0.60, d.tone(cloth)
    dome, dark = (
        [(x + 0.34 * np.cos(t), top + 0.14 - 0.24 * np.sin(t)) for t in np.linspace(begin * np.pi, np.pi, count)]
        for begin, count in ((0.0, 18), (0.62, 8))
    )
    d.poly(dome, tone)
    d.poly([(x + 0.02, top - 0.1), *dark], tone * 0.8)

"""Human figures and those shaped like them; a person is 1 unit tall."""

from __future__ import annotations

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import mix
from vidpipe_tui.providers.local.paint.doll import Doll, gait
from vidpipe_tui.providers.local.paint.held import RAISED, carry
from vidpipe_tui.providers.local.paint.shapes import Ink
from vidpipe_tui.providers.local.paint.world import Figure

SKIN = (214, 164, 128)
DARK = (54, 48, 52)
HAIR = (70, 46, 34)
WHITE_HAIR = (214, 210, 206)


def _leg(d: Doll, hip: tuple[float, float], swing: float, c: Ink, shoe: Ink, thick: float, lift: float) -> None:
    x, y = hip
    knee = (x + 0.24 * np.sin(swing) + 0.02, y + 0.235 * np.cos(swing))
    bend = swing - max(0.0, lift) * 0.9
    foot = (knee[0] + 0.235 * np.sin(bend), min(-0.02, knee[1] + 0.235 * np.cos(bend)))
    d.limb([hip, knee, foot], [thick, thick * 0.82, thick * 0.6], c)
    d.limb([(foot[0] - 0.01, foot[1] - 0.005), (foot[0] + 0.06, foot[1] + 0.005)], [0.05, 0.035], shoe)


def _arm(
    d: Doll, shoulder: tuple[float, float], swing: float, c: Ink, hand: Ink, thick: float = 0.07, bend: float = 0.35
) -> tuple[float, float]:
    x, y = shoulder
    elbow = (x + 0.17 * np.sin(swing), y + 0.17 * np.cos(swing))
    wrist = (elbow[0] + 0.16 * np.sin(swing + bend), elbow[1] + 0.16 * np.cos(swing + bend))
    d.limb([shoulder, elbow, wrist], [thick, thick * 0.85, thick * 0.62], c)
    d.disc(wrist[0], wrist[1], thick * 0.38, thick * 0.38, hand)
    return wrist


def _ghost(d: Doll, phase: float) -> None:
    """A sheet that hovers, with two dark eyes."""
    sheet, rise = d.tone((236, 240, 246), 1.15), 0.03 * np.sin(2 * np.pi * phase)
    hem = [(0.26 - 0.13 * k, -0.12 - 0.07 * (k % 2) + 0.02 * np.sin(6.3 * phase + k)) for k in range(5)]
    dome = [(0.24 * np.cos(t), -0.78 + rise - 0.24 * np.sin(t)) for t in np.linspace(np.pi, 0, 12)]
    d.poly([*dome, (0.27, -0.4), *hem, (-0.27, -0.4)], sheet)
    d.poly([dome[0], (-0.27, -0.4), hem[-1], hem[-2], (-0.14, -0.7)], sheet * 0.82)
    for x in (0.03, 0.15):
        d.disc(x, -0.8 + rise, 0.035, 0.055, d.tone((34, 36, 48)))
    d.disc(0.09, -0.66 + rise, 0.03, 0.035, d.tone((34, 36, 48)))


def _seat(d: Doll) -> None:
    """The bench under those who sit, so that nobody sits on air."""
    wood = d.tone((112, 78, 52))
    for x in (-0.17, 0.13):
        d.line([(x, -0.2), (x, 0.0)], 0.03, wood * 0.7)
    d.poly([(-0.22, -0.23), (0.19, -0.23), (0.19, -0.18), (-0.22, -0.18)], wood)


def person(d: Doll, f: Figure, phase: float) -> None:
    """Anyone with two legs: man, woman, child, detective, knight, astronaut, robot or wizard."""
    kind = f.kind
    if kind == "ghost":
        _ghost(d, phase)
        return
    cloth, skin, hair, dark = d.tone(f.colour), d.tone(SKIN), d.tone(WHITE_HAIR if f.old else HAIR), d.tone(DARK)
    if kind == "robot":
        cloth, skin, dark = (
            d.tone(mix(np.asarray(f.colour, np.float32), np.float32(170), 0.5)),
            d.tone((170, 178, 190)),
            d.tone((96, 102, 116)),
        )
    elif kind == "astronaut":
        cloth, skin, dark = d.tone((232, 234, 238)), d.tone((226, 228, 234)), d.tone((206, 210, 218))
    elif kind == "knight":
        skin, dark = d.tone((160, 166, 178)), d.tone((120, 126, 140))
    swing = {"walk": 0.42, "run": 0.72, "dance": 0.6}.get(f.pose, 0.0)
    bob = abs(np.sin(2 * np.pi * phase)) * 0.03 * (swing > 0)
    lean = {"run": 0.10, "walk": 0.03}.get(f.pose, 0.0) + 0.04 * f.old
    sit = f.pose in {"sit", "sleep"}
    drop = 0.22 if sit else -bob
    hip, neck = (0.0, -0.49 + drop), (lean, -0.83 + drop)
    breath = 0.006 * np.sin(2 * np.pi * phase)
    neck = (neck[0], neck[1] + (breath if not swing else 0))
    a, b = gait(phase, swing)
    long = kind in {"woman", "wizard"}
    trouser = dark if kind != "child" else d.tone((70, 84, 120))
    if sit:
        _seat(d)
        for k, shade in ((0.02, 0.8), (0.0, 1.0)):
            d.limb([(hip[0], hip[1]), (0.24, hip[1] + 0.01 + k), (0.27, -0.02)], [0.12, 0.1, 0.07], trouser * shade)
    else:
        thick = 0.125 if kind in {"astronaut", "robot", "knight"} else 0.1
        _leg(d, (hip[0] - 0.01, hip[1]), b, trouser * 0.78, dark * 0.6, thick, -b if swing else 0)
        _leg(d, (hip[0] + 0.01, hip[1]), a, trouser, dark * 0.7, thick, -a if swing else 0)
    arm_swing = 0.12 if not swing else 0.0
    raised = f.pose == "dance"
    lifted = f.umbrella or f.holds in RAISED
    _arm(
        d, (neck[0] - 0.01, neck[1] + 0.06), (-b * 0.9 - arm_swing) if not raised else 2.4 + a, cloth * 0.72, skin * 0.8
    )
    if kind in {"wizard", "knight"}:
        d.blob(
            [
                (neck[0] - 0.03, neck[1] + 0.02),
                (-0.16 - swing * 0.1, -0.4 + drop),
                (-0.2 - swing * 0.18 + 0.03 * np.sin(6.3 * phase), -0.06 + drop),
                (0.02, -0.1 + drop),
                (0.05, -0.4 + drop),
            ],
            cloth * 0.66,
        )
    _torso(d, kind, hip, neck, cloth, drop, a if long else 0.0)
    if kind == "astronaut":
        d.blob(
            [(-0.17, -0.84 + drop), (-0.18, -0.56 + drop), (-0.08, -0.54 + drop), (-0.08, -0.86 + drop)], cloth * 0.82
        )
    hand = _arm(
        d,
        (neck[0] + 0.0, neck[1] + 0.06),
        2.6 + b if raised else 0.9 if lifted else -a * 0.9 + arm_swing,
        cloth * 0.9,
        skin,
        bend=1.5 if lifted else 0.35,
    )
    _head(d, kind, neck, skin, hair, cloth)
    if f.old and kind == "man":
        x, y = neck[0] + 0.05, neck[1] - 0.03
        d.blob([(x - 0.06, y - 0.02), (x + 0.045, y - 0.025), (x + 0.03, y + 0.06), (x - 0.02, y + 0.05)], hair)
    carry(d, f, hand, neck, phase)


def _torso(
    d: Doll,
    kind: str,
    hip: tuple[float, float],
    neck: tuple[float, float],
    cloth: np.ndarray,
    drop: float,
    flare: float,
) -> None:
    hx, hy = hip
    nx, ny = neck
    if kind == "woman":
        hem = -0.26 + drop * 0.6
        d.blob(
            [
                (nx - 0.075, ny + 0.02),
                (nx - 0.06, hy + 0.24 - 0.32),
                (hx - 0.15 - abs(flare) * 0.08, hem),
                (hx + 0.15 + abs(flare) * 0.08, hem),
                (nx + 0.065, hy - 0.08),
                (nx + 0.075, ny + 0.02),
            ],
            cloth,
        )
        d.blob(
            [
                (nx - 0.075, ny + 0.04),
                (nx - 0.06, hy - 0.08),
                (hx - 0.15 - abs(flare) * 0.08, hem),
                (hx - 0.05, hem),
                (nx - 0.03, hy - 0.1),
            ],
            cloth * 0.76,
        )
    elif kind in {"wizard", "detective"}:
        hem = (-0.03 if kind == "wizard" else -0.22) + drop * 0.6
        d.blob(
            [
                (nx - 0.09, ny + 0.02),
                (hx - 0.12, hy),
                (hx - 0.17 - abs(flare) * 0.1, hem),
                (hx + 0.15 + abs(flare) * 0.1, hem),
                (hx + 0.11, hy),
                (nx + 0.09, ny + 0.02),
            ],
            cloth,
        )
        d.poly([(nx - 0.02, ny), (nx + 0.03, ny), (hx + 0.05, hem), (hx + 0.01, hem)], cloth * 0.7)
    else:
        wide = {"astronaut": 0.14, "robot": 0.14, "knight": 0.13, "child": 0.115}.get(kind, 0.11)
        d.blob(
            [
                (nx - wide * 0.8, ny + 0.03),
                (nx - wide, ny + 0.14),
                (hx - wide * 0.8, hy + 0.05),
                (hx + wide * 0.8, hy + 0.05),
                (nx + wide, ny + 0.14),
                (nx + wide * 0.8, ny + 0.03),
            ],
            cloth,
        )
        d.blob(
            [
                (nx - wide * 0.8, ny + 0.04),
                (nx - wide, ny + 0.14),
                (hx - wide * 0.8, hy + 0.05),
                (hx - wide * 0.2, hy + 0.05),
                (nx - wide * 0.35, ny + 0.1),
            ],
            cloth * 0.76,
        )
    if kind == "robot":
        d.disc(nx + 0.03, ny + 0.14, 0.03, 0.03, d.shine((90, 220, 255)))
    if kind == "astronaut":
        d.poly(
            [(nx + 0.0, ny + 0.1), (nx + 0.09, ny + 0.1), (nx + 0.09, ny + 0.18), (nx, ny + 0.18)],
            d.tone((90, 110, 150)),
        )
        d.disc(nx + 0.06, ny + 0.14, 0.012, 0.012, d.shine((255, 120, 80)))


def _head(d: Doll, kind: str, neck: tuple[float, float], skin: np.ndarray, hair: np.ndarray, cloth: np.ndarray) -> None:
    x, y = neck[0] + 0.015, neck[1] - 0.085
    r = {"child": 0.105, "astronaut": 0.115, "robot": 0.085}.get(kind, 0.078)
    d.limb([(neck[0], neck[1] + 0.03), (x, y)], [0.06, 0.05], skin * 0.85)
    if kind == "astronaut":
        d.disc(x, y, r, r, d.tone((236, 238, 242)))
        d.disc(x + 0.03, y, r * 0.72, r * 0.66, d.tone((60, 66, 92)))
        d.disc(x + 0.055, y - 0.025, r * 0.3, r * 0.2, mix(d.light.sun, d.light.middle, 0.3))
        return
    if kind == "robot":
        d.poly([(x - r, y - r), (x + r, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)], skin)
        d.disc(x + r * 0.5, y - r * 0.1, r * 0.26, r * 0.26, d.shine((120, 240, 255)))
        d.line([(x, y - r), (x, y - r * 1.7)], 0.012, skin * 0.7)
        d.disc(x, y - r * 1.8, 0.02, 0.02, d.shine((255, 90, 80)))
        return
    d.disc(x, y, r * 0.92, r * 1.1, skin)
    d.disc(x + r * 0.9, y + r * 0.16, r * 0.16, r * 0.14, skin)
    d.disc(x + r * 0.52, y - r * 0.06, r * 0.1, r * 0.14, hair * 0.35)
    if kind == "woman":
        d.blob(
            [
                (x + r * 0.55, y - r * 0.75),
                (x, y - r * 1.3),
                (x - r * 0.95, y - r * 0.7),
                (x - r * 1.25, y + r * 0.6),
                (x - r * 1.1, y + r * 2.2),
                (x - r * 0.3, y + r * 1.5),
                (x - r * 0.15, y - r * 0.2),
            ],
            hair,
        )
    elif kind == "knight":
        d.blob(
            [(x - r, y + r), (x - r, y - r * 0.6), (x, y - r * 1.45), (x + r, y - r * 0.6), (x + r * 1.1, y + r)], skin
        )
        d.poly(
            [
                (x + r * 0.1, y - r * 0.25),
                (x + r * 1.05, y - r * 0.25),
                (x + r * 1.05, y + r * 0.1),
                (x + r * 0.1, y + r * 0.1),
            ],
            skin * 0.3,
        )
        d.blob(
            [(x, y - r * 1.4), (x - r * 0.8, y - r * 2.2), (x - r * 2.0, y - r * 1.2), (x - r * 0.9, y - r * 1.2)],
            cloth,
        )
    elif kind == "wizard":
        d.blob(
            [
                (x - r * 1.1, y + r * 1.2),
                (x - r * 1.15, y - r * 0.5),
                (x - r * 0.5, y - r * 1.8),
                (x + r * 0.9, y - r * 0.9),
                (x + r * 0.55, y - r * 0.3),
                (x + r * 0.1, y + r),
            ],
            cloth * 0.86,
        )
        d.poly([(x - r * 1.6, y - r * 0.55), (x + r * 1.7, y - r * 0.75), (x + r * 0.1, y - r * 3.6)], cloth)
    elif kind == "detective":
        d.poly(
            [
                (x - r * 1.75, y - r * 0.42),
                (x + r * 1.9, y - r * 0.42),
                (x + r * 1.6, y - r * 0.68),
                (x - r * 1.5, y - r * 0.68),
            ],
            cloth * 0.6,
        )
        d.blob(
            [
                (x - r * 1.0, y - r * 0.6),
                (x - r * 0.9, y - r * 1.5),
                (x, y - r * 1.35),
                (x + r * 0.9, y - r * 1.5),
                (x + r * 1.0, y - r * 0.6),
            ],
            cloth * 0.72,
        )
    else:
        d.blob(
            [
                (x + r * 0.75, y - r * 0.55),
                (x + r * 0.2, y - r * 1.35),
                (x - r * 0.8, y - r * 1.1),
                (x - r * 1.08, y),
                (x - r * 0.6, y + r * 0.55),
                (x - r * 0.35, y - r * 0.35),
            ],
            hair,
        )

"""The figures of a clip: drawn once in each phase of their movement, then moved from first place to last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from vidpipe_tui.providers.local.clip.canvas import Frame
from vidpipe_tui.providers.local.clip.planes import to_yuv
from vidpipe_tui.providers.local.clip.resample import mapped, pixels
from vidpipe_tui.providers.local.paint.arrays import Bytes, mix
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.figures import draw_figure, foot_of, scale_of
from vidpipe_tui.providers.local.paint.picture import PHASE, is_wet
from vidpipe_tui.providers.local.paint.stage import Camera, Sprite, Stage, view_box
from vidpipe_tui.providers.local.paint.vehicles import VEHICLES
from vidpipe_tui.providers.local.paint.world import Figure

_BEATS = {"walk": 1.0, "run": 1.7, "fly": 1.1, "dance": 1.2}
_CALM = {"stand": 0.25, "sit": 0.25, "sleep": 0.2}


@dataclass
class _Pose:
    """One phase of a figure in the last frame's light: 4:2:0 bytes, coverage in both sizes, its foot and scale."""

    colours: tuple[Bytes, Bytes, Bytes]
    alpha: Bytes
    half: Bytes
    at: tuple[float, float]
    scale: float


class _Spot(NamedTuple):
    """Where a figure stands on its stage, its stage pixels per unit, and the parallax of its ground."""

    foot: tuple[float, float]
    scale: float
    near: float


@dataclass
class Actor:
    """A figure on its way between two places in the picture; `tone` turns its last light into its first."""

    poses: list[_Pose]
    turns: int
    first: _Spot
    last: _Spot
    sizes: tuple[tuple[int, int], tuple[int, int]]
    view: tuple[int, int]
    depth: float
    flip: bool
    tone: list[tuple[float, float]]
    _kept: tuple[_Pose, float, tuple[Bytes, Bytes, Bytes]] | None = None

    def stand(self, frame: Frame, camera_a: Camera, camera_b: Camera, t: float) -> None:
        """Draw the figure at time `t` (0..1); the cameras place its first and its last position."""
        k = 0.8 * t + 0.2 * t * t * (3 - 2 * t)
        a = _seen(self.first, view_box(self.sizes[0], self.first.near, camera_a), self.view)
        b = _seen(self.last, view_box(self.sizes[1], self.last.near, camera_b), self.view)
        x, y, scale = (mix(p, q, k) for p, q in zip(a, b, strict=True))
        step = (t * self.turns) % 1.0
        pose = self.poses[round(step * len(self.poses)) % len(self.poses)]
        grown = scale / pose.scale
        at, colours, alpha, half = pose.at, pose.colours, pose.alpha, pose.half
        width, height = alpha.shape[1] * grown, alpha.shape[0] * grown
        left, top = x - at[0] * grown, y - at[1] * grown
        if t < 1 and self.tone:
            colours = self._in_light(pose, int(t * 32) / 32)
        if self.flip and t < 0.16:
            turned = float(np.cos(np.pi * t / 0.16))
            if turned > 0:
                colours = tuple(np.ascontiguousarray(part[:, ::-1]) for part in colours)  # type: ignore[assignment]
                alpha, half = np.ascontiguousarray(alpha[:, ::-1]), np.ascontiguousarray(half[:, ::-1])
                left = x - width + at[0] * grown
            squeeze = max(0.08, abs(turned))
            left, width = x + (left - x) * squeeze, width * squeeze
        frame.stand(colours, alpha, half, left, top, width, height)

    def _in_light(self, pose: _Pose, t: float) -> tuple[Bytes, Bytes, Bytes]:
        """A pose's colours at time `t`; what was made last is kept."""
        if self._kept is None or self._kept[0] is not pose or self._kept[1] != t:
            y, u, v = (
                _toned(part, mix(gain, 1.0, t), mix(lift, 0.0, t))
                for part, (gain, lift) in zip(pose.colours, self.tone, strict=True)
            )
            self._kept = (pose, t, (y, u, v))
        return self._kept[2]


def _spot(easel: Easel, stage: Stage, figure: Figure) -> _Spot:
    return _Spot(foot_of(easel, stage, figure), scale_of(easel, figure), stage.ground_near)


def _seen(spot: _Spot, box: tuple[float, float, float, float], view: tuple[int, int]) -> tuple[float, float, float]:
    """View point of a figure's foot, and view pixels per unit."""
    scale = view[1] / (box[3] - box[1])
    return (spot.foot[0] - box[0]) * scale, (spot.foot[1] - box[1]) * scale, spot.scale * scale


def _toned(part: Bytes, gain: float, lift: float) -> Bytes:
    if abs(gain - 1) < 0.01 and abs(lift) < 1:
        return part
    table = np.clip(np.arange(256) * gain + lift + 0.5, 0, 255).astype(np.uint8).tolist()
    return pixels(mapped(part).point(table))


def cast(
    easels: tuple[Easel, Easel], stages: tuple[Stage, Stage], seconds: float, view: tuple[int, int]
) -> list[Actor]:
    """Actors for all figures of two worlds; who is only in one of them comes in from the edge, or leaves by it."""
    left = list(stages[0].world.figures)
    pairs: list[tuple[Figure, Figure]] = []
    for last in stages[1].world.figures:
        match = next((f for f in left if f.kind == last.kind), None)
        if match is not None:
            left.remove(match)
        pairs.append((match if match is not None else _offstage(last, entering=True), last))
    pairs += [(figure, _offstage(figure, entering=False)) for figure in left]
    actors = [_actor(pair, easels, stages, seconds, view, crowd=len(pairs)) for pair in pairs]
    return sorted(actors, key=lambda actor: actor.depth)


def _offstage(figure: Figure, *, entering: bool) -> Figure:
    """The same figure beyond the edge it comes from or goes to."""
    reach = 0.3 + 0.12 * figure.size * (4 if figure.kind in {"train", "bus", "ship", "whale"} else 1)
    ahead = figure.facing * (-1 if entering else 1)
    return replace(figure, x=(1 + reach) if ahead > 0 else -reach)


def _actor(
    pair: tuple[Figure, Figure],
    easels: tuple[Easel, Easel],
    stages: tuple[Stage, Stage],
    seconds: float,
    view: tuple[int, int],
    crowd: int,
) -> Actor:
    a, b = pair
    wet = tuple(is_wet(easel, stage) for easel, stage in zip(easels, stages, strict=True))
    count = (6 if b.kind in VEHICLES or b.pose in _CALM else 12) if crowd <= 2 else 6
    rate = _BEATS.get(b.pose, _CALM.get(b.pose, 1.0))
    turns = max(1, round(seconds * rate))
    reflected = wet[0] or wet[1]
    bigger = max(a.size * (0.5 + 0.8 * a.y), b.size * (0.5 + 0.8 * b.y))
    model = replace(b, size=bigger / (0.5 + 0.8 * b.y))
    drawn = [draw_figure(easels[1], stages[1], model, PHASE + k / count, reflected) for k in range(count)]
    poses = [_pose(sprite) for sprite in drawn]
    tone = []
    if easels[0].light is not easels[1].light:
        then = _pose(draw_figure(easels[0], stages[0], model, PHASE, reflected))
        tone = _tone(poses[0], then)
    first, last = (_spot(*end) for end in zip(easels, stages, pair, strict=True))
    return Actor(poses, turns, first, last, (stages[0].size, stages[1].size), view, b.y, a.facing != b.facing, tone)


def _pose(sprite: Sprite) -> _Pose:
    return _Pose(to_yuv(sprite.rgb), sprite.alpha, pixels(mapped(sprite.alpha).reduce(2)), sprite.at, sprite.scale)


def _tone(last: _Pose, first: _Pose) -> list[tuple[float, float]]:
    """Per plane the (gain, lift) that turns the last light's values into the first one's, by least squares."""
    if last.alpha.shape != first.alpha.shape:
        return []
    out = []
    for p, q, cover in zip(last.colours, first.colours, (last.alpha, last.half, last.half), strict=True):
        x, y = p[cover > 128].astype(np.float32), q[cover > 128].astype(np.float32)
        if not len(x):
            return []
        spread = float(x.var())
        gain = float(((x - x.mean()) * (y - y.mean())).mean() / spread) if spread > 1 else 1.0
        gain = min(2.0, max(0.4, gain))
        out.append((gain, float(y.mean() - gain * x.mean())))
    return out

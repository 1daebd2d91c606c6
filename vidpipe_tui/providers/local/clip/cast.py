"""The figures of a clip: drawn once in each phase of their movement, then moved from their first place to their last."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.clip.canvas import Frame
from vidpipe_tui.providers.local.clip.planes import Yuv, to_yuv444
from vidpipe_tui.providers.local.paint.arrays import mix
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.figures import draw_figure
from vidpipe_tui.providers.local.paint.picture import PHASE, is_wet
from vidpipe_tui.providers.local.paint.stage import Camera, Sprite, Stage, view_box
from vidpipe_tui.providers.local.paint.world import Figure

_BEATS = {"walk": 1.0, "run": 1.7, "fly": 1.1, "dance": 1.2}
_CALM = {"stand": 0.25, "sit": 0.25, "sleep": 0.2}


@dataclass
class _Pose:
    """One phase of a figure in both lights."""

    first: Yuv
    last: Yuv
    first_alpha: Image.Image
    last_alpha: Image.Image


@dataclass
class Actor:
    """A figure on its way between two places in the picture."""

    poses: list[_Pose]
    turns: int
    first: Sprite
    last: Sprite
    sizes: tuple[tuple[int, int], tuple[int, int]]
    view: tuple[int, int]
    depth: float
    flip: bool

    def stand(self, frame: Frame, camera_a: Camera, camera_b: Camera, t: float) -> None:
        """Draw the figure at time `t` (0..1); the cameras place its first and its last position."""
        k = 0.8 * t + 0.2 * t * t * (3 - 2 * t)
        a = _rectangle(self.first, view_box(self.sizes[0], self.first.near, camera_a), self.view)
        b = _rectangle(self.last, view_box(self.sizes[1], self.last.near, camera_b), self.view)
        left, top, width, height = (mix(p, q, k) for p, q in zip(a, b, strict=True))
        step = (t * self.turns) % 1.0
        pose = self.poses[round(step * len(self.poses)) % len(self.poses)]
        colours = Yuv(*(Image.blend(p, q, t) for p, q in zip(pose.first, pose.last, strict=True)))
        alpha = Image.blend(pose.first_alpha, pose.last_alpha, t)
        if self.flip:
            squeeze = float(np.cos(np.pi * min(1.0, t / 0.16)))
            if squeeze > 0:
                colours = Yuv(*(p.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for p in colours))
                alpha = alpha.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            squeeze = max(0.08, abs(squeeze))
            left, width = left + width * (1 - squeeze) / 2, width * squeeze
        frame.stand(colours, alpha, left, top, width, height)


def _rectangle(
    sprite: Sprite, box: tuple[float, float, float, float], view: tuple[int, int]
) -> tuple[float, float, float, float]:
    scale = view[1] / (box[3] - box[1])
    return (sprite.left - box[0]) * scale, (sprite.top - box[1]) * scale, sprite.width * scale, sprite.height * scale


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
    count = 16 if crowd <= 2 else 8
    rate = _BEATS.get(b.pose, _CALM.get(b.pose, 1.0))
    turns = max(1, round(seconds * rate))
    bigger = max(a.size * (0.5 + 0.8 * a.y), b.size * (0.5 + 0.8 * b.y))
    model = replace(b, size=bigger / (0.5 + 0.8 * b.y), x=b.x)
    poses = []
    reflected = wet[0] or wet[1]
    for k in range(count):
        phase = PHASE + k / count
        last = draw_figure(easels[1], stages[1], model, phase, reflected)
        first = (
            draw_figure(easels[0], stages[0], model, phase, reflected)
            if easels[0].light is not easels[1].light
            else last
        )
        size = last.alpha.shape[::-1]
        poses.append(
            _Pose(
                to_yuv444(first.rgb),
                to_yuv444(last.rgb),
                Image.fromarray(first.alpha),
                Image.fromarray(last.alpha).resize(size),
            )
        )
    starts = draw_figure(easels[0], stages[0], replace(a, facing=b.facing), PHASE, reflected)
    ends = draw_figure(easels[1], stages[1], b, PHASE, reflected)
    flip = a.facing != b.facing
    return Actor(poses, turns, starts, ends, (stages[0].size, stages[1].size), view, b.y, flip)

"""A clip of a painted world: both keyframes' layers, one camera, figures on their way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.clip.canvas import Frame
from vidpipe_tui.providers.local.clip.cast import Actor, cast
from vidpipe_tui.providers.local.clip.falls import Fall, draw_falls
from vidpipe_tui.providers.local.clip.planes import BLACK, GREY, Plane, Yuv, pair, to_yuv
from vidpipe_tui.providers.local.clip.resample import mapped
from vidpipe_tui.providers.local.paint.arrays import Bytes, generator, mix, noise, smooth
from vidpipe_tui.providers.local.paint.finish import screen_light
from vidpipe_tui.providers.local.paint.places import paint_stage
from vidpipe_tui.providers.local.paint.stage import (
    FALLS,
    Box,
    Camera,
    Stage,
    drift_shift,
    fall_shift,
    view_box,
)  # fmt: skip
from vidpipe_tui.providers.local.paint.styles import named
from vidpipe_tui.providers.local.paint.world import World

SETTLE = 0.5
FEATHER = 0.5
SOFT = 10  # levels: stronger differences are things that moved, and would show as ghosts


class Moment(NamedTuple):
    """A point in time of a clip.

    `t` is 0 (first frame) to 1 (last); `light` the same for the light; `air` how many stage pixels the
    clouds have gone; `phase` turns the waves; `gain` scales restless lights.
    """

    t: float
    light: float
    air: float
    phase: float
    gain: float


class Set:
    """One place between two moments: its planes in both lights, and what moves in it."""

    def __init__(self, first: Stage, last: Stage, view: tuple[int, int]):
        self.first, self.last, self.view = first, last, view
        ordered = _merge([a.name for a in first.layers], [b.name for b in last.layers])
        a, b = ({layer.name: layer for layer in stage.layers} for stage in (first, last))
        self.planes = [pair(a.get(n), b.get(n), first.size) for n in ordered if not n.startswith("fall-")]
        self.falls = [Fall(n, a.get(n), b.get(n), first.size, view) for n in ordered if n.startswith("fall-")]
        for plane in self.planes:
            if plane.drift >= 1:
                _double(plane)

    def draw(
        self,
        frame: Frame,
        camera: Camera,
        now: Moment,
        actors: list[Actor] | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        """Draw the place as `camera` sees it, with its figures if they are given, in the view columns of `span`."""
        mirror, size = self.first.mirror, self.first.size
        places = [(plane, self._box(plane, camera, now.air)) for plane in self.planes]
        stops = [
            k
            for k, plane in enumerate(self.planes)
            if plane.name in {self.first.figures_after, mirror.after if mirror else ""}
        ]
        start = 0
        for stop in [*stops, len(places) - 1]:
            if start <= stop:
                cut = frame.hidden_from(places[stop + 1 :])
                frame.lay(places[start : stop + 1], now.light, now.gain, span, cut)
            start = stop + 1
            name = self.planes[stop].name
            if mirror is not None and name == mirror.after and stop in stops:
                frame.mirror(mirror, view_box(size, mirror.near, camera), now.phase)
            if actors is not None and name == self.first.figures_after and stop in stops:
                for actor in actors:
                    actor.stand(frame, camera, camera, now.t)

    def _box(self, plane: Plane, camera: Camera, air: float) -> Box:
        box = view_box(self.first.size, plane.near, camera)
        if plane.drift >= 1:
            x = air % self.first.size[0]
            return (box[0] + x, box[1], box[2] + x, box[3])
        return box


def _double(plane: Plane) -> None:
    """Repeat a drifting plane sideways, so that any part of it can be cut out."""

    def twice(pixels: Bytes) -> Bytes:
        return np.tile(pixels, (1, 2))

    same = plane.last is plane.first
    plane.first = Yuv(*map(twice, plane.first))
    plane.last = plane.first if same else Yuv(*map(twice, plane.last))
    if plane.alphas is not None:
        one = twice(plane.alphas[0])
        plane.alphas = (one, one if plane.alphas[1] is plane.alphas[0] else twice(plane.alphas[1]))


def _merge(a: list[str], b: list[str]) -> list[str]:
    """Both lists' names in an order that keeps each list's own."""
    out: list[str] = []
    rest = list(b)
    for name in a:
        if name in rest:
            at = rest.index(name)
            out += [n for n in rest[:at] if n not in a and n not in out]
            rest = rest[at + 1 :]
        out.append(name)
    return out + [n for n in rest if n not in out]


class Film:
    """All frames between two worlds, from the exact start picture to the exact end picture."""

    def __init__(
        self, worlds: tuple[World, World], pictures: tuple[Bytes, Bytes], *, frames: int, seconds: float, seed: int
    ):
        self.a, self.b = worlds
        self.count, self.seconds, self.seed = frames, seconds, seed
        height, width = pictures[0].shape[:2]
        self.view = (width, height)
        self.frame, self.other = Frame(self.view), Frame(self.view)
        easel_a, stage_a = paint_stage(self.a, self.view)
        easel_b, stage_b = paint_stage(self.b, self.view)
        self.travels = (self.a.place, self.a.root) != (self.b.place, self.b.root)
        if self.travels:
            self.sets = [Set(stage_a, stage_a, self.view), Set(stage_b, stage_b, self.view)]
        else:
            self.sets = [Set(stage_a, stage_b, self.view)]
        self._between = self._both_falls(stage_a, stage_b) if self.travels else []
        self.actors = cast((easel_a, easel_b), (stage_a, stage_b), seconds, self.view)
        self.screens = [_screen(world.style, self.view) for world in worlds]
        self.rim = generator("wipe", seed)
        self.mask = noise(self.rim, (max(8, width // 8), max(8, height // 8)), 5, 3)
        self.targets = [to_yuv(picture) for picture in pictures]
        self.leftovers: list[list[np.ndarray]] = []
        for target, t in zip(self.targets, (0.0, 1.0), strict=True):
            self._draw(t)
            self.leftovers.append(
                [np.subtract(want, got, dtype=np.int16) for want, got in zip(target, self.frame.planes, strict=True)]
            )

    def distance(self) -> float:
        """How far the first and last drawn frames are from their pictures (mean brightness levels, the worse)."""
        return max(float(np.abs(left[0]).mean()) for left in self.leftovers)

    def frames(self) -> Iterator[np.ndarray]:
        """Every frame as packed yuv420p bytes, all in one buffer; first and last are the pictures themselves."""
        fade = max(2, round(min(SETTLE / self.seconds, 0.45) * self.count))
        soft = [[np.clip(left, -SOFT, SOFT) for left in side] for side in self.leftovers]
        for index in range(self.count):
            back = self.count - 1 - index
            if not index or not back:
                for plane, target in zip(self.frame.planes, self.targets[0 if not index else 1], strict=True):
                    plane[:] = target
                yield self.frame.packed
                continue
            self._draw(index / max(1, self.count - 1))
            if index < fade:
                self._settle(soft[0], 1 - index / fade)
            if back < fade:
                self._settle(soft[1], 1 - back / fade)
            yield self.frame.packed

    def _settle(self, leftovers: list[np.ndarray], weight: float) -> None:
        """Add a share of what separates the drawn frame from its keyframe (grain, paper, retouching)."""
        k = np.int16(256 * weight * weight * (3 - 2 * weight))
        for plane, left in zip(self.frame.planes, leftovers, strict=True):
            pixels = left * k
            pixels >>= 8
            pixels += plane
            np.clip(pixels, 0, 255, out=plane, casting="unsafe")

    def _draw(self, t: float) -> None:
        e = 0.7 * t + 0.3 * float(smooth(t))
        width = self.sets[0].first.size[0]
        turns = max(1, round(self.seconds * 0.45))
        flicker = np.sin(6 * np.pi * t * max(1, round(self.seconds / 2))) + 0.5 * np.sin(22 * np.pi * t * self.seconds)
        now = Moment(
            t,
            e,
            mix(drift_shift(self.a.air, width), drift_shift(self.b.air, width), t),
            mix(self.a.air, self.b.air + turns, t),
            1 + 0.12 * float(flicker * np.sin(np.pi * t)),
        )
        if self.travels:
            self._travel(now)
        else:
            self.sets[0].draw(self.frame, _camera(self.a, self.b, e, t, self.seconds), now, self.actors)
        draw_falls(self.frame, [(fall, self._fall_shift(fall, t)) for fall in self._falls()], t)
        self._finish(e)

    def _both_falls(self, first: Stage, last: Stage) -> list[Fall]:
        """What falls on the way between two places: what both have goes on, the rest fades in or out."""
        a, b = ({x.name: x for x in stage.layers if x.name.startswith("fall-")} for stage in (first, last))
        return [Fall(name, a.get(name), b.get(name), first.size, self.view) for name in dict.fromkeys([*a, *b])]

    def _falls(self) -> list[Fall]:
        if not self.travels:
            return self.sets[0].falls
        return self._between

    def _fall_shift(self, fall: Fall, t: float) -> tuple[float, float]:
        """From where the first picture has it to where the last one has it, at about its natural speed."""
        size = fall.size
        start, end = fall_shift(fall.key, self.a.air, size), fall_shift(fall.key, self.b.air, size)
        natural = FALLS.get(fall.key.removeprefix("fall-"), (0.0, 0.0))
        out = []
        for s, g, n, side in zip(start, end, natural, size, strict=True):
            whole = n * 0.016 * self.seconds * side
            out.append(s + (g - s + side * round((whole - (g - s)) / side)) * t)
        return out[0], out[1]

    def _travel(self, now: Moment) -> None:
        """From one place to the other in one sideways move: the new one comes in behind a soft, uneven edge."""
        t, a, b = now.t, self.a, self.b
        go = float(smooth(t, 0.0, 0.9)) * 0.75 + 0.25 * t
        come = float(smooth(t, 0.1, 1.0)) * 0.75 + 0.25 * t
        cam_a = Camera(mix(a.zoom, 1.3, go), mix(a.pan_x, 1.0, go), mix(a.pan_y, 0.0, go))
        cam_b = Camera(mix(1.3, b.zoom, come), mix(-1.0, b.pan_x, come), mix(0.0, b.pan_y, come))
        there = now._replace(light=0.0)
        width = self.view[0]
        share = float(smooth(t, 0.12, 0.88))
        edge = 1 + FEATHER - share * (1 + 2 * FEATHER)
        if share <= 0:
            self.sets[0].draw(self.frame, cam_a, there)
        elif share >= 1:
            self.sets[1].draw(self.frame, cam_b, there)
        else:
            self.sets[0].draw(self.frame, cam_a, there, span=(0, int(width * min(1.0, edge + FEATHER + 0.02))))
            span = (int(width * max(0.0, edge - FEATHER - 0.02)) // 2 * 2, width)
            self.sets[1].draw(self.other, cam_b, there, span=span)
            self._wipe(edge)
        for actor in self.actors:
            actor.stand(self.frame, cam_a, cam_b, t)

    def _wipe(self, edge: float) -> None:
        """Lay the new place over the old one to the right of `edge` (a part of the width), softly."""
        x = np.linspace(0, 1, self.mask.shape[1], dtype=np.float32)[None, :]
        cover = smooth(x + (self.mask - 0.5) * FEATHER * 0.7, edge - FEATHER * 0.55, edge + FEATHER * 0.55)
        wipe = Image.fromarray((cover * 255).astype(np.uint8))
        for name in "yuv":
            old, new = getattr(self.frame, name), getattr(self.other, name)
            old.paste(new, (0, 0), wipe.resize(old.size, Image.Resampling.BILINEAR))

    def _finish(self, e: float) -> None:
        """Vignette and paper, as over the stills."""
        big, small = self.screens[0] if e < 1 else self.screens[1]
        if self.screens[0] is not self.screens[1] and 0 < e < 1 and self.a.style != self.b.style:
            big, small = (Image.blend(p, q, e) for p, q in zip(self.screens[0], self.screens[1], strict=True))
        frame = self.frame
        for picture, tone, dark in ((frame.y, BLACK, big), (frame.u, GREY, small), (frame.v, GREY, small)):
            picture.paste(tone, (0, 0, *picture.size), dark)


def _camera(a: World, b: World, e: float, t: float, seconds: float) -> Camera:
    """The camera on its way; a handheld style breathes a little in between."""
    shake = named(b.style).handheld * np.sin(np.pi * t)
    sway = (
        (0.05 * np.sin(2 * np.pi * t * seconds * 0.55), 0.06 * np.sin(2 * np.pi * t * seconds * 0.43 + 1))
        if shake
        else (0.0, 0.0)
    )
    return Camera(
        mix(a.zoom, b.zoom, e), mix(a.pan_x, b.pan_x, e) + shake * sway[0], mix(a.pan_y, b.pan_y, e) + shake * sway[1]
    )


def _screen(style: str, view: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """How much the vignette and the paper of a style take away (255 all), in both sizes."""
    dark = mapped(255 - screen_light(named(style), view))
    return dark, dark.reduce(2)

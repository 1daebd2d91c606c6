"""The frame being made: planes, figures, reflections and weather laid into YUV 4:2:0."""

from __future__ import annotations

import numpy as np
from PIL import Image

from vidpipe_tui.providers.local.clip.planes import BLACK, GREY, Part, Plane, unpacked
from vidpipe_tui.providers.local.clip.resample import Scaler, mapped
from vidpipe_tui.providers.local.paint.arrays import Bytes
from vidpipe_tui.providers.local.paint.stage import Box, Mirror, mirror_mask, mirror_rows, place_picture, reflected_rows


class Frame:
    """One frame of `view` (width, height; even), drawn over from frame to frame.

    `packed` is its bytes (h * 3 / 2, w), as encoders take yuv420p; `planes` are the parts of it, and `y`, `u`
    and `v` the same as pictures: whoever draws into any of them draws into the frame.
    """

    def __init__(self, view: tuple[int, int]):
        self.view = view
        self._scaler = Scaler()
        self.packed = np.full((view[1] * 3 // 2, view[0]), GREY, np.uint8)
        self.packed[: view[1]] = BLACK
        self.planes = unpacked(self.packed)
        self.y, self.u, self.v = map(mapped, self.planes)

    def lay(
        self, planes: list[tuple[Plane, Box]], light: float, gain: float, span: tuple[int, int] | None, cut: int
    ) -> None:
        """Lay planes from back to front down to view row `cut`; what a nearer plane hides wholly is not drawn.

        `gain` scales the strength of restless lights; `span` keeps to the view columns from .. to.
        """
        width, height = self.view
        left, right = span or (0, width)
        cuts = [cut]
        for plane, box in reversed(planes[1:]):
            cuts.append(min(cuts[-1], self._row(plane.solid_from, box)))
        for (plane, box), limit in zip(planes, reversed(cuts), strict=True):
            solid = self._row(plane.solid_from, box) if plane.alphas is not None else 0
            for part in [Part(0, 0, 10**6, plane.solid_from)] if plane.drift >= 1 else plane.parts:
                x0, x1 = self._column(part.left, box), self._column(part.right, box)
                y0, y1 = self._row(part.top, box) - 2, self._row(part.bottom, box) + 2
                self._area(
                    (max(left, x0), max(0, y0), min(right, x1), min(limit, y1, solid)),
                    plane,
                    box,
                    light,
                    gain,
                    solid=False,
                )
            self._area((left, max(0, solid), right, min(limit, height)), plane, box, light, gain, solid=True)

    def hidden_from(self, planes: list[tuple[Plane, Box]]) -> int:
        """The view row from which nearer planes hide everything."""
        return min([self.view[1], *(self._row(plane.solid_from, box) for plane, box in planes)])

    def _row(self, row: float, box: Box) -> int:
        """The even view row at which a plane's row is seen."""
        return 2 * int(np.ceil((row - box[1]) / (box[3] - box[1]) * self.view[1] / 2))

    def _column(self, column: float, box: Box) -> int:
        return min(self.view[0], max(0, 2 * int(np.ceil((column - box[0]) / (box[2] - box[0]) * self.view[0] / 2))))

    def _area(
        self, area: tuple[int, int, int, int], plane: Plane, box: Box, light: float, gain: float, *, solid: bool
    ) -> None:
        """Draw a plane into an even rectangle of the view."""
        x0, y0, x1, y1 = area
        if x1 <= x0 or y1 <= y0:
            return
        now = plane.at(light)
        source = _source(area, self.view, box)
        size, half = (x1 - x0, y1 - y0), ((x1 - x0) // 2, (y1 - y0) // 2)
        small = (source[0] / 2, source[1] / 2, source[2] / 2, source[3] / 2)
        veiled = not solid and now.alpha is not None and now.half is not None
        table = [min(255, int(k * gain + 0.5)) for k in range(256)] if plane.flicker and gain != 1 else None
        # all of one size after the other: the scaler keeps its tables then
        mask = self._cover(now.alpha, source, size, table) if veiled else None
        self.y.paste(self._scaler(now.y, source, size), (x0, y0), mask)
        mask = self._cover(now.half, small, half, table) if veiled else None
        self.u.paste(self._scaler(now.u, small, half), (x0 // 2, y0 // 2), mask)
        self.v.paste(self._scaler(now.v, small, half), (x0 // 2, y0 // 2), mask)

    def _cover(
        self, alpha: Bytes | None, source: Box, size: tuple[int, int], table: list[int] | None
    ) -> Image.Image | None:
        if alpha is None:
            return None
        mask = self._scaler(alpha, source, size)
        return mask.point(table) if table else mask

    def mirror(self, mirror: Mirror, box: Box, phase: float, strength: float = 1.0) -> None:
        """Reflect what stands above the mirror's line into it."""
        for picture, pixels in zip((self.y, self.u, self.v), self.planes, strict=True):
            first, last = mirror_rows(mirror, picture.size, box)
            if last <= first:
                continue
            scale = picture.size[1] / (box[3] - box[1])
            source = reflected_rows(first, last, phase, mirror.ripple * scale, scale)
            shown = (mirror_mask(mirror, last - first) * (255 * strength)).astype(np.uint8)
            mask = np.repeat(shown, picture.size[0]).reshape(last - first, -1)
            picture.paste(mapped(pixels[source]), (0, first), mapped(mask))

    def stand(
        self,
        colours: tuple[Bytes, Bytes, Bytes],
        alpha: Bytes,
        half: Bytes,
        left: float,
        top: float,
        width: float,
        height: float,
    ) -> None:
        """Draw a figure (4:2:0 bytes and coverage in both sizes) over the view rectangle given in float pixels."""
        for names, pictures, cover, part in (("y", colours[:1], alpha, 1.0), ("uv", colours[1:], half, 2.0)):
            target = getattr(self, names[0])
            whole = (cover.shape[1], cover.shape[0])
            place = place_picture(target.size, whole, left / part, top / part, width / part, height / part)
            if place is None:
                continue
            x0, y0, x1, y1, source = place
            size = (x1 - x0, y1 - y0)
            mask = self._scaler(cover, source, size)
            for name, pixels in zip(names, pictures, strict=True):
                getattr(self, name).paste(self._scaler(pixels, source, size), (x0, y0), mask)


def _source(area: tuple[int, int, int, int], view: tuple[int, int], box: Box) -> Box:
    """The part of a plane that an area of the view shows when the whole view shows `box`."""
    kx, ky = (box[2] - box[0]) / view[0], (box[3] - box[1]) / view[1]
    y0, y1 = box[1] + area[1] * ky, box[1] + area[3] * ky
    return (box[0] + area[0] * kx, y0, box[0] + area[2] * kx, y1)

"""The frame being made: planes, figures, reflections and weather laid into YUV 4:2:0, cell by cell."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops

from vidpipe_tui.providers.local.clip.planes import CELL, GREY, Plane, Yuv
from vidpipe_tui.providers.local.paint.stage import Box, Mirror, mirror_mask, mirror_rows, reflected_rows

BILINEAR = Image.Resampling.BILINEAR


class Frame:
    """One frame of `view` (width, height; even). Drawing reuses the same pictures from frame to frame."""

    def __init__(self, view: tuple[int, int]):
        self.view = view
        half = (view[0] // 2, view[1] // 2)
        self.y, self.u, self.v = Image.new("L", view, 16), Image.new("L", half, GREY), Image.new("L", half, GREY)
        columns, rows = (4, 12) if view[0] >= view[1] else (3, 20)
        xs = [2 * round(view[0] * k / columns / 2) for k in range(columns + 1)]
        ys = [2 * round(view[1] * k / rows / 2) for k in range(rows + 1)]
        self.cells = [
            (x0, y0, x1, y1) for y0, y1 in zip(ys, ys[1:], strict=False) for x0, x1 in zip(xs, xs[1:], strict=False)
        ]

    def packed(self) -> np.ndarray:
        """The frame as bytes (h * 3 / 2, w), as encoders take yuv420p."""
        w, h = self.view
        out = np.empty((h * 3 // 2, w), np.uint8)
        out[:h] = np.asarray(self.y)
        chroma = out[h:].reshape(2, h // 2, w // 2)
        chroma[0], chroma[1] = np.asarray(self.u), np.asarray(self.v)
        return out

    def lay(
        self, planes: list[tuple[Plane, Box]], light: float, gain: float, span: tuple[int, int] | None = None
    ) -> None:
        """Lay planes from back to front; in each cell from the nearest one that covers it wholly.

        `gain` scales planes of light; `span` keeps to the view columns from .. to.
        """
        for cell in self.cells:
            if span and (cell[2] <= span[0] or cell[0] >= span[1]):
                continue
            todo: list[tuple[Plane, Box, bool]] = []
            for plane, box in planes:
                source = _source(cell, self.view, box)
                state = _covers(plane, source)
                if state == "solid":
                    todo = [(plane, source, True)]
                elif state == "some":
                    todo.append((plane, source, False))
            for plane, source, solid in todo:
                self._cell(cell, plane, source, solid, light, gain)

    def _cell(
        self, cell: tuple[int, int, int, int], plane: Plane, source: Box, solid: bool, light: float, gain: float
    ) -> None:
        x0, y0, x1, y1 = cell
        colours, alpha, alpha_half = plane.at(light)
        size, half = (x1 - x0, y1 - y0), ((x1 - x0) // 2, (y1 - y0) // 2)
        small = (source[0] / 2, source[1] / 2, source[2] / 2, source[3] / 2)
        at, at_half = (x0, y0), (x0 // 2, y0 // 2)
        y = colours.y.resize(size, BILINEAR, box=source)
        if plane.add:
            under = self.y.crop(cell)
            if gain != 1:
                y = y.point([min(255, int(k * gain + 0.5)) for k in range(256)])
            self.y.paste(ImageChops.add(under, y), at)
            area = (at_half[0], at_half[1], at_half[0] + half[0], at_half[1] + half[1])
            for target, tint in ((self.u, colours.u), (self.v, colours.v)):
                tint = tint.resize(half, BILINEAR, box=small)
                target.paste(ImageChops.add(target.crop(area), tint, 1.0, -GREY), at_half)
            return
        mask = None if solid or alpha is None else alpha.resize(size, BILINEAR, box=source)
        self.y.paste(y, at, mask)
        mask = None if solid or alpha_half is None else alpha_half.resize(half, BILINEAR, box=small)
        self.u.paste(colours.u.resize(half, BILINEAR, box=small), at_half, mask)
        self.v.paste(colours.v.resize(half, BILINEAR, box=small), at_half, mask)

    def mirror(self, mirror: Mirror, box: Box, phase: float, strength: float = 1.0) -> None:
        """Reflect what stands above the mirror's line into it."""
        for name, part in (("y", 1), ("u", 2), ("v", 2)):
            picture = getattr(self, name)
            first, last = mirror_rows(mirror, picture.size, box)
            if last <= first:
                continue
            pixels = np.array(picture)
            scale = picture.size[1] / (box[3] - box[1])
            source = reflected_rows(first, last, phase, mirror.ripple * scale, scale)
            mask = (mirror_mask(mirror, last - first) * (256 * strength)).astype(np.int16)[:, None]
            under = pixels[first:last].astype(np.int16)
            delta = pixels[source] - under
            pixels[first:last] = under + ((delta.astype(np.int32) * mask) >> 8)
            setattr(self, name, Image.fromarray(pixels))
            del part

    def stand(self, colours: Yuv, alpha: Image.Image, left: float, top: float, width: float, height: float) -> None:
        """Draw a figure (full-size colour planes) over the view rectangle given in float pixels."""
        for name, picture, part in (("y", colours.y, 1.0), ("u", colours.u, 2.0), ("v", colours.v, 2.0)):
            target = getattr(self, name)
            place = _fit(target.size, picture.size, left / part, top / part, width / part, height / part)
            if place is None:
                continue
            x0, y0, x1, y1, source = place
            size = (x1 - x0, y1 - y0)
            target.paste(picture.resize(size, BILINEAR, box=source), (x0, y0), alpha.resize(size, BILINEAR, box=source))


def _fit(
    view: tuple[int, int], size: tuple[int, int], left: float, top: float, width: float, height: float
) -> tuple[int, int, int, int, Box] | None:
    """Whole pixels inside a float rectangle, and the part of a picture of `size` that belongs there."""
    x0, y0 = max(0, int(np.ceil(left))), max(0, int(np.ceil(top)))
    x1, y1 = min(view[0], int(np.floor(left + width))), min(view[1], int(np.floor(top + height)))
    if x1 <= x0 or y1 <= y0:
        return None
    kx, ky = size[0] / width, size[1] / height
    box = ((x0 - left) * kx, (y0 - top) * ky, min(size[0], (x1 - left) * kx), min(size[1], (y1 - top) * ky))
    return x0, y0, x1, y1, box


def _source(cell: tuple[int, int, int, int], view: tuple[int, int], box: Box) -> Box:
    """The part of a plane that a cell of the view shows when the whole view shows `box`."""
    kx, ky = (box[2] - box[0]) / view[0], (box[3] - box[1]) / view[1]
    return (box[0] + cell[0] * kx, box[1] + cell[1] * ky, box[0] + cell[2] * kx, box[1] + cell[3] * ky)


def _covers(plane: Plane, source: Box) -> str:
    """Whether a plane covers a part of itself not at all ("none"), wholly ("solid") or partly ("some")."""
    columns = slice(max(0, int(source[0] - 2) // CELL), int(source[2] + 2) // CELL + 1)
    rows = slice(max(0, int(source[1] - 2) // CELL), int(source[3] + 2) // CELL + 1)
    if plane.first_alpha is None and not plane.add:
        return "solid"
    if plane.drift:
        return "none" if plane.empty[rows].all() else "some"
    if plane.empty[rows, columns].all():
        return "none"
    return "solid" if not plane.add and plane.solid[rows, columns].all() else "some"

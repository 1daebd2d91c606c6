"""A line of a picture as a Strip that is a ready-made text, and becomes segments only where somebody needs them.

Textual's compositor asks a whole, uncovered line for nothing but `render`. Segments are made, by rich-pixels, when a
line is exported or read by something that knows only segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import ANSIToTruecolor, DimFilter, LineFilter
from textual.strip import Strip

from vidpipe_tui.pictures.kitty import cells
from vidpipe_tui.pictures.lines import encode
from vidpipe_tui.pictures.palette import Codes, Depth, Pixels, to_codes


@dataclass(frozen=True, slots=True, eq=False)
class PictureRow:
    """One row of half blocks: two rows of pixels, shape (2, width, 3), and their colour codes, shape (2, width).

    `ready` is the row as text for the terminal, where it was made beforehand.
    """

    pixels: Pixels
    codes: Codes
    depth: Depth
    grey: bool = False
    ready: str | None = None

    @property
    def width(self) -> int:
        """Width in cells."""
        return int(self.pixels.shape[1])

    def text(self) -> str:
        """The row as text for the terminal."""
        if self.ready is not None:
            return self.ready
        return encode(self.codes[0].tolist(), self.codes[1].tolist(), self.depth)

    def cut(self, first: int, last: int) -> PictureRow:
        """The cells from `first` up to `last`."""
        if first <= 0 and last >= self.width:
            return self
        return replace(self, pixels=self.pixels[:, first:last], codes=self.codes[:, first:last], ready=None)

    def greyed(self) -> PictureRow:
        """The same without hue."""
        codes = to_codes(self.pixels, self.depth, grey=True)
        return replace(self, codes=codes, grey=True, ready=None)

    def segments(self) -> list[Segment]:
        """The row as segments, one per cell."""
        from PIL import Image
        from rich_pixels import HalfcellRenderer

        pixels = self.pixels
        if self.grey:
            luma = (to_codes(pixels, Depth.TRUE, grey=True) & 255).astype("uint8")
            pixels = luma[:, :, None].repeat(3, axis=2)
        cells = HalfcellRenderer().render(Image.fromarray(pixels), None)
        return [cell for cell in cells if cell.text != "\n"]


class _LazyStrip(Strip):
    """A strip whose segments are made when they are asked for, by `_make`; Strip's own constructor sets none."""

    def __init__(self, cell_length: int) -> None:
        super().__init__((), cell_length)

    def _make(self) -> list[Segment]:
        raise NotImplementedError

    @cached_property
    def _made(self) -> list[Segment]:
        return self._make()

    @property
    def _segments(self) -> list[Segment]:
        return self._made

    @_segments.setter
    def _segments(self, segments: list[Segment]) -> None:
        """Set by Strip's constructor only, to nothing."""

    @property
    def cell_count(self) -> int:
        """What Strip needs to know for joining; not zero, so that it is not left out."""
        return self.cell_length

    @property
    def link_ids(self) -> set[str]:
        """None: these lines have no links."""
        return set()

    def __bool__(self) -> bool:
        return self.cell_length > 0

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._made)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The pieces between the cuts, which are cell positions in ascending order."""
        wanted = [cut for cut in cuts if cut <= self.cell_length]
        return [self.crop(first, last) for first, last in zip([0, *wanted], wanted, strict=False)]

    def apply_offsets(self, x: int, y: int) -> Strip:
        """Itself: there is no text to select here."""
        return self


class PictureStrip(_LazyStrip):
    """A row of a picture."""

    def __init__(self, row: PictureRow) -> None:
        super().__init__(row.width)
        self._row = row

    def _make(self) -> list[Segment]:
        return self._row.segments()

    def render(self, console: Console) -> str:
        """The row for the terminal."""
        if self._render_cache is None:
            self._render_cache = self._row.text()
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        """The cells from `start` up to `end`."""
        first, last = max(0, start), self.cell_length if end is None else min(self.cell_length, end)
        if first == 0 and last == self.cell_length:
            return self
        return PictureStrip(self._row.cut(first, last)) if last > first else Strip([], 0)

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:  # noqa: A002 - Textual's name
        """Greys for filters that take colour away: without colour a picture of half blocks is nothing."""
        if self._row.grey or isinstance(filter, ANSIToTruecolor | DimFilter):
            return self
        cached = self._filter_cache.get((filter, background))
        if cached is None:
            cached = self._filter_cache[(filter, background)] = PictureStrip(self._row.greyed())
        return cached

    def apply_style(self, style: Style) -> Strip:
        """Itself: pictures take no style."""
        return self


class PixelStrip(_LazyStrip):
    """A row of cells in which the terminal shows its part of a picture that was sent to it under `number`."""

    def __init__(self, number: int, row: int, first: int, last: int) -> None:
        super().__init__(last - first)
        self._place = (number, row, first, last)

    def _make(self) -> list[Segment]:
        return [Segment(" " * self.cell_length)]

    def render(self, console: Console) -> str:
        """The placeholder cells."""
        if self._render_cache is None:
            self._render_cache = cells(*self._place)
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        """The cells from `start` up to `end`."""
        number, row, offset, _ = self._place
        first, last = max(0, start), self.cell_length if end is None else min(self.cell_length, end)
        if first == 0 and last == self.cell_length:
            return self
        return PixelStrip(number, row, offset + first, offset + last) if last > first else Strip([], 0)

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:  # noqa: A002 - Textual's name
        """Itself: its colour is the picture's number."""
        return self

    def apply_style(self, style: Style) -> Strip:
        """Itself."""
        return self


class MixedStrip(_LazyStrip):
    """Strips side by side, each kept as it is: text beside ready-made pictures."""

    def __init__(self, parts: Sequence[Strip]) -> None:
        self._parts = [part for part in parts if part.cell_length]
        super().__init__(sum(part.cell_length for part in self._parts))

    def _make(self) -> list[Segment]:
        return [segment for part in self._parts for segment in part]

    def render(self, console: Console) -> str:
        """The line for the terminal."""
        if self._render_cache is None:
            self._render_cache = "".join(part.render(console) for part in self._parts)
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        """The cells from `start` up to `end`."""
        first, last = max(0, start), self.cell_length if end is None else min(self.cell_length, end)
        if first == 0 and last == self.cell_length:
            return self
        pieces: list[Strip] = []
        at = 0
        for part in self._parts:
            if at < last and at + part.cell_length > first:
                pieces.append(part.crop(max(0, first - at), last - at))
            at += part.cell_length
        return pieces[0] if len(pieces) == 1 else MixedStrip(pieces)

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:  # noqa: A002 - Textual's name
        """The filter on each part."""
        parts = [part.apply_filter(filter, background) for part in self._parts]
        return self if all(old is new for old, new in zip(self._parts, parts, strict=True)) else MixedStrip(parts)

    def apply_style(self, style: Style) -> Strip:
        """The style on each part."""
        return MixedStrip([part.apply_style(style) for part in self._parts])


def padded(strip: Strip, width: int, style: Style) -> Strip:
    """The strip in exactly `width` cells: cut, or filled up with blanks of that style; pictures stay ready-made."""
    missing = width - strip.cell_length
    if missing <= 0:
        return strip.crop(0, width)
    return MixedStrip([strip, Strip.blank(missing, style)])

"""Pictures drawn in threads and kept: one store for the whole app, so that every widget finds what another one drew."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from textual.app import App
    from textual.strip import Strip

    from vidpipe_tui.pictures.palette import Depth

LIMIT_CELLS = 400_000
"""Cells kept at a time, about 60 MB: some 120 pictures of 120 x 28 cells, or every strip of 200 scenes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture file at an exact size in cells; `mtime` (ns, 0 where there is no file) tells a file that changed.

    `cell` is the size of a cell in pixels where the picture is to be shown in pixels, None for half blocks.
    """

    path: Path
    width: int
    height: int
    mtime: int
    cell: tuple[int, int] | None = None

    @classmethod
    def of(cls, path: Path, width: int, height: int, *, cell: tuple[int, int] | None = None) -> Wanted:
        """With the time the file has now."""
        try:
            mtime = path.stat().st_mtime_ns
        except OSError:
            mtime = 0
        return cls(path, width, height, mtime, cell)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The lines of a picture from the top, or the sentence that says why there is none.

    A picture in pixels has a `number` in the terminal, which is sent `upload` before its lines.
    """

    lines: tuple[Strip, ...]
    problem: str = ""
    number: int = 0
    upload: str = ""


class PictureStore:
    """Draws pictures at a colour depth and keeps the latest used, `limit` cells of them.

    `cell` is the size of a cell in pixels where large pictures are shown in pixels; `send` then writes to the terminal.
    """

    def __init__(
        self,
        depth: Depth,
        *,
        grey: bool = False,
        limit: int = LIMIT_CELLS,
        cell: tuple[int, int] | None = None,
        send: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.depth = depth
        self.grey = grey
        self.cell = cell
        self._send = send
        self._limit = limit
        self._cells = 0
        self._kept: OrderedDict[Wanted, Drawn] = OrderedDict()
        self._under_way: dict[Wanted, asyncio.Task[Drawn]] = {}

    def large(self, path: Path, width: int, height: int) -> Wanted:
        """A picture that is looked at closely: in pixels where the terminal shows them."""
        cell = self.cell
        if cell is not None:
            from vidpipe_tui.pictures.kitty import most_cells

            cell = cell if max(width, height) <= most_cells() else None
        return Wanted.of(path, width, height, cell=cell)

    def get(self, wanted: Wanted) -> Drawn | None:
        """The picture if it is ready."""
        drawn = self._kept.get(wanted)
        if drawn is not None:
            self._kept.move_to_end(wanted)
        return drawn

    async def draw(self, wanted: Wanted) -> Drawn:
        """The picture, drawn in a thread if need be; asked for twice it is drawn once. Never raises for a bad file."""
        ready = self.get(wanted)
        if ready is not None:
            return ready
        task = self._under_way.get(wanted)
        if task is None or task.done():
            task = asyncio.create_task(self._draw(wanted), name=f"picture {wanted.path.name}")
            self._under_way[wanted] = task
            task.add_done_callback(lambda _: self._under_way.pop(wanted, None))
        return await asyncio.shield(task)

    async def _draw(self, wanted: Wanted) -> Drawn:
        loop = asyncio.get_running_loop()
        drawn = await loop.run_in_executor(_threads(), draw_picture, wanted, self.depth, self.grey)
        if drawn.upload:
            self._send(drawn.upload)
            drawn = replace(drawn, upload="")
        self._kept[wanted] = drawn
        self._cells += wanted.width * wanted.height
        while self._cells > self._limit and len(self._kept) > 1:
            old, gone = self._kept.popitem(last=False)
            self._cells -= old.width * old.height
            if gone.number:
                from vidpipe_tui.pictures.kitty import forget

                self._send(forget(gone.number))
        return drawn


def draw_picture(wanted: Wanted, depth: Depth, grey: bool) -> Drawn:
    """Reads, scales, quantises and encodes one picture. Runs in a thread."""
    from vidpipe_tui.errors import MediaError
    from vidpipe_tui.widgets.preview_strip import PictureRow, PictureStrip

    if wanted.cell is not None:
        return _draw_pixels(wanted, wanted.cell)
    from vidpipe_tui.pictures.lines import encode, row_codes
    from vidpipe_tui.pictures.load import load_keyframe
    from vidpipe_tui.pictures.palette import to_codes

    try:
        pixels = load_keyframe(wanted.path, wanted.width, wanted.height * 2)
    except MediaError as error:
        return Drawn((), error.message)
    codes = to_codes(pixels, depth, grey=grey)
    lines = []
    for index, (upper, lower) in enumerate(row_codes(codes)):
        rows = slice(index * 2, index * 2 + 2)
        ready = encode(upper, lower, depth)
        lines.append(PictureStrip(PictureRow(pixels[rows], codes[rows], depth, grey, ready)))
    return Drawn(tuple(lines))


def _draw_pixels(wanted: Wanted, cell: tuple[int, int]) -> Drawn:
    from vidpipe_tui.errors import MediaError
    from vidpipe_tui.pictures.kitty import upload
    from vidpipe_tui.widgets.preview_strip import PixelStrip

    number = next(_NUMBERS)
    try:
        sent = upload(wanted.path, number, wanted.width, wanted.height, cell)
    except MediaError as error:
        return Drawn((), error.message)
    return Drawn(tuple(PixelStrip(number, row, 0, wanted.width) for row in range(wanted.height)), "", number, sent)


_NUMBERS = cycle(range(0x100000 | os.getpid() & 0xFFFF, 0xFFFFFF))
"""Of pictures in the terminal: two programs in the same one are unlikely to share any."""


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="pictures")


_STORES: WeakKeyDictionary[App[object], PictureStore] = WeakKeyDictionary()


def store_of(app: App[object]) -> PictureStore:
    """The app's store, made on first use for what its terminal can show."""
    store = _STORES.get(app)
    if store is None:
        driver = app._driver  # noqa: SLF001 - Textual has no public way to write to the terminal
        send = driver.write if driver is not None else lambda _: None
        depth = depth_of(app)
        cell = pixel_cell(depth, grey=app.no_color)
        if cell is None and wants_pixels():
            app.notify(NO_PIXELS, markup=False)
        store = _STORES[app] = PictureStore(depth, grey=app.no_color, cell=cell, send=send)
    return store


NO_PIXELS = (
    "ui.images is pixels, and this terminal is not known to show them: half blocks are shown. "
    "Pixels need kitty or Ghostty, without tmux."
)


def wants_pixels() -> bool:
    """Whether `ui.images` asks for pixels."""
    from vidpipe_tui.config.paths import quick_setting

    return bool(quick_setting("ui", "images") == "pixels")


def pixel_cell(depth: Depth, *, grey: bool) -> tuple[int, int] | None:
    """The size of a cell in pixels where `ui.images` asks for pixels and this terminal is known to show them."""
    from vidpipe_tui.pictures.kitty import cell_pixels, is_supported
    from vidpipe_tui.pictures.palette import Depth

    if not wants_pixels() or depth is not Depth.TRUE or grey:
        return None
    return cell_pixels() if is_supported(os.environ) else None


def depth_of(app: App[object]) -> Depth:
    """The colours of the app's terminal; NONE where it has none, or where `ui.images` is off."""
    from vidpipe_tui.config.paths import quick_setting
    from vidpipe_tui.pictures.palette import Depth

    images = quick_setting("ui", "images") or "auto"
    depths = {"truecolor": Depth.TRUE, "256": Depth.INDEXED, "standard": Depth.SIXTEEN, "windows": Depth.SIXTEEN}
    return Depth.NONE if images == "off" else depths.get(app.console.color_system or "", Depth.NONE)

"""Pictures drawn in threads and kept: one store for the whole app, so that every widget finds what another one drew."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from textual.app import App

    from vidpipe_tui.pictures.palette import Depth
    from vidpipe_tui.widgets.preview_strip import PictureStrip

LIMIT_CELLS = 400_000
"""Cells kept at a time, about 60 MB: some 120 pictures of 120 x 28 cells, or every strip of 200 scenes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture file at an exact size in cells; `mtime` (ns, 0 where there is no file) tells a file that changed."""

    path: Path
    width: int
    height: int
    mtime: int

    @classmethod
    def of(cls, path: Path, width: int, height: int) -> Wanted:
        """With the time the file has now."""
        try:
            mtime = path.stat().st_mtime_ns
        except OSError:
            mtime = 0
        return cls(path, width, height, mtime)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The lines of a picture from the top, or the sentence that says why there is none."""

    lines: tuple[PictureStrip, ...]
    problem: str = ""


class PictureStore:
    """Draws pictures at a colour depth and keeps the latest used, `limit` cells of them."""

    def __init__(self, depth: Depth, *, grey: bool = False, limit: int = LIMIT_CELLS) -> None:
        self.depth = depth
        self.grey = grey
        self._limit = limit
        self._cells = 0
        self._kept: OrderedDict[Wanted, Drawn] = OrderedDict()
        self._under_way: dict[Wanted, asyncio.Task[Drawn]] = {}

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
        self._kept[wanted] = drawn
        self._cells += wanted.width * wanted.height
        while self._cells > self._limit and len(self._kept) > 1:
            old, _ = self._kept.popitem(last=False)
            self._cells -= old.width * old.height
        return drawn


def draw_picture(wanted: Wanted, depth: Depth, grey: bool) -> Drawn:
    """Reads, scales, quantises and encodes one picture. Runs in a thread."""
    from vidpipe_tui.errors import MediaError
    from vidpipe_tui.pictures.lines import encode, row_codes
    from vidpipe_tui.pictures.load import load_keyframe
    from vidpipe_tui.pictures.palette import to_codes
    from vidpipe_tui.widgets.preview_strip import PictureRow, PictureStrip

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


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="pictures")


_STORES: WeakKeyDictionary[App[object], PictureStore] = WeakKeyDictionary()


def store_of(app: App[object]) -> PictureStore:
    """The app's store, made on first use for what its terminal can show."""
    store = _STORES.get(app)
    if store is None:
        store = _STORES[app] = PictureStore(depth_of(app), grey=app.no_color)
    return store


def depth_of(app: App[object]) -> Depth:
    """The colours of the app's terminal; NONE where it has none, or where `ui.images` is off."""
    from vidpipe_tui.config.paths import quick_setting
    from vidpipe_tui.pictures.palette import Depth

    images = quick_setting("ui", "images") or "auto"
    depths = {"truecolor": Depth.TRUE, "256": Depth.INDEXED, "standard": Depth.SIXTEEN, "windows": Depth.SIXTEEN}
    return Depth.NONE if images == "off" else depths.get(app.console.color_system or "", Depth.NONE)
